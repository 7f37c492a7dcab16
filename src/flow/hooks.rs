//! Where the hooks of a start are written.
//!
//! In: the hooks of an init call. Out: the places of their functions, and of those functions of the app that these call. It
//! leaves alone what the functions do (`scrub`).

use super::delivery::Place;
use super::evaluate::Evaluator;
use super::places::place;
use super::value::{Closure, V, Value};
use crate::facts::Expr;

/// A hook is followed through no more functions than this.
const MOST_FUNCTIONS: usize = 40;

impl Evaluator<'_> {
    /// The places of all functions that a hook consists of, in the order in which they are met.
    pub(super) fn hook_places(&self, hooks: &[V]) -> Vec<Place> {
        let mut found = Vec::new();
        let mut open: Vec<Closure> = hooks.iter().flat_map(closures).collect();
        let mut seen = Vec::new();
        while let Some(closure) = open.pop() {
            if seen.contains(&closure.target) || seen.len() >= MOST_FUNCTIONS {
                continue;
            }
            seen.push(closure.target);
            let facts = self.program.facts(closure.target.file);
            let function = facts.function(closure.target.function);
            found.push(place(
                facts,
                closure.target.file,
                function.span,
                closure.target.function,
            ));
            for node in &facts.exprs {
                if let Expr::Call { callee, .. } = node.expr
                    && function.span.contains(node.span)
                {
                    let callee = self.expr(closure.target.file, callee);
                    open.extend(closures(&callee));
                }
            }
        }
        found
    }
}

/// The functions that a value is, alone or in a list.
pub(super) fn closures(value: &V) -> Vec<Closure> {
    let mut found = Vec::new();
    for value in value.alternatives() {
        match &**value {
            Value::Function(closure) => found.push(closure.clone()),
            Value::Array(elements) => {
                for element in elements {
                    if let Value::Function(closure) = &**element {
                        found.push(closure.clone());
                    }
                }
            }
            _ => {}
        }
    }
    found
}
