//! Functions that are handed to code outside of the program, which may call them with what nobody here sees.
//!
//! In: calls that hand a way to a vendor to what leads to none by itself. Out: the functions among their arguments, where
//! neither the program nor the rules say what becomes of them. It leaves alone what is then read of their parameters
//! (`propagate`).

use std::collections::BTreeSet;

use super::calls::{Style, Written};
use super::propagate::Propagation;
use super::sinks::Manner;
use super::value::{Data, FnRef, Root, V, Value};
use crate::facts::Expr;

/// A function is handed over itself, or not far inside an object. In a list it mostly is what something depends on
/// (`useEffect(…, [track])`).
const MAX_DEPTH: usize = 3;

impl Propagation<'_, '_> {
    /// The functions that are called from outside as well, whoever else calls them.
    pub(super) fn escaped(&self) -> BTreeSet<FnRef> {
        let mut found: BTreeSet<FnRef> = self.listeners.answering().collect();
        for written in &self.progress.handed_out {
            if self.is_call_of_outside(*written) {
                for arg in self.arguments(*written, Style::Plain) {
                    collect(&arg, 0, &mut found);
                }
            }
        }
        found
    }

    /// Whether a call runs what is not of the program and what no rule knows.
    fn is_call_of_outside(&self, written: Written) -> bool {
        let Written {
            file,
            callee,
            manner,
            ..
        } = written;
        // What a library's component does with its props is mostly to call them for what happens on the page.
        if manner == Manner::Element {
            return false;
        }
        let value = self.evaluator.expr(file, callee);
        let Value::Data(Data {
            root: Root::Outside(_) | Root::Call,
            ..
        }) = &*value
        else {
            return false;
        };
        let library = self.evaluator.library;
        let is_method = match self.evaluator.program.facts(file).expr(callee) {
            Expr::Member { name, .. } => library.method(name).is_some(),
            _ => false,
        };
        !is_method && library.of(&value).is_none()
    }
}

fn collect(value: &V, depth: usize, found: &mut BTreeSet<FnRef>) {
    if depth > MAX_DEPTH {
        return;
    }
    match &**value {
        Value::Function(closure) => {
            found.insert(closure.target);
        }
        Value::Object(object) => {
            for field in &object.fields {
                collect(&field.value, depth + 1, found);
            }
        }
        Value::Union(parts) => {
            for part in parts {
                collect(part, depth + 1, found);
            }
        }
        _ => {}
    }
}
