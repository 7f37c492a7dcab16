//! Functions that are handed to code outside of the program, which may call them with what nobody here sees.
//!
//! In: calls and elements that hand a way to a vendor to what leads to none by itself. Out: the functions among their
//! arguments and props, where neither the program nor the rules say what becomes of them. It leaves alone what is then read
//! of their parameters (`propagate`).

use std::collections::BTreeSet;

use super::calls::{Style, Written};
use super::propagate::Propagation;
use super::registry::PROVIDER;
use super::sinks::Manner;
use super::value::{Data, FnRef, Root, V, Value};
use crate::facts::{Entry, Expr, Item};
use crate::ruleset::schema::Effect;
use crate::source::FileId;

/// A function is handed over itself, or not far inside an object. In a list it mostly is what something depends on
/// (`useEffect(…, [track])`).
const MAX_DEPTH: usize = 3;

impl Propagation<'_, '_> {
    /// The functions that are called from outside as well, whoever else calls them.
    pub(super) fn escaped(&self) -> BTreeSet<FnRef> {
        let mut found: BTreeSet<FnRef> = self.listeners.answering().collect();
        for written in &self.progress.handed_out {
            if !self.is_outside(*written) {
                continue;
            }
            match written.manner {
                Manner::Element => self.escape_from_element(*written, &mut found),
                _ => self.escape_from_call(*written, &mut found),
            }
        }
        found
    }

    /// Whether a call or an element is of what is not of the program.
    fn is_outside(&self, written: Written) -> bool {
        matches!(
            &*self.evaluator.expr(written.file, written.callee),
            Value::Data(Data {
                root: Root::Outside(_) | Root::Call,
                ..
            })
        )
    }

    /// What a package's component does with its props is to call them: with an event of the page's for what happens there,
    /// with what it alone knows for all else (`onSubmit`).
    ///
    /// A component that it is handed gets its props from it, which are what the component says that it takes: as many
    /// components as a router renders, as often would each of them be told.
    fn escape_from_element(&self, written: Written, found: &mut BTreeSet<FnRef>) {
        let facts = self.evaluator.program.facts(written.file);
        // Who reads a context gets what its provider is given, as it is.
        let is_provider =
            matches!(facts.expr(written.callee), Expr::Member { name, .. } if name == PROVIDER);
        let Expr::Jsx { props, .. } = facts.expr(written.call) else {
            return;
        };
        if is_provider {
            return;
        }
        let mut called = BTreeSet::new();
        for prop in props {
            let value = match (prop.named(), prop) {
                (Some((name, _)), _) if self.evaluator.library.happens(name) => continue,
                (_, Entry::Property { value, .. } | Entry::Spread(value)) => *value,
            };
            collect(&self.evaluator.expr(written.file, value), 0, &mut called);
        }
        found.extend(called.into_iter().filter(|it| !self.is_component(*it)));
    }

    fn is_component(&self, function: FnRef) -> bool {
        let facts = self.evaluator.program.facts(function.file);
        let name = facts.function(function.function).name.as_deref();
        name.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
    }

    /// What no rule knows may call what it is handed; of what the rules know, only that counts of which they do not say what it
    /// calls it with.
    fn escape_from_call(&self, written: Written, found: &mut BTreeSet<FnRef>) {
        let Written { file, callee, .. } = written;
        let value = self.evaluator.expr(file, callee);
        let library = self.evaluator.library;
        let facts = self.evaluator.program.facts(file);
        let method = match facts.expr(callee) {
            Expr::Member { name, .. } => library.method(name),
            _ => None,
        };
        let Some(rule) = method.or_else(|| library.of(&value)) else {
            for arg in self.arguments(written, Style::Plain) {
                collect(&arg, 0, found);
            }
            return;
        };
        let (Expr::Call { args, .. } | Expr::New { args, .. }) = facts.expr(written.call) else {
            return;
        };
        for (position, item) in args.iter().enumerate() {
            let Item::Value(arg) = item else { continue };
            let is_unknown = match rule.does {
                Effect::Listen => position == 1 && self.is_event_of_outside(file, args),
                _ => (self.evaluator).lends_unknown(rule, (file, callee), args, position),
            };
            if is_unknown {
                collect(&self.evaluator.expr(file, *arg), 0, found);
            }
        }
    }

    /// Whether nobody here sends the event that somebody listens for.
    fn is_event_of_outside(&self, file: FileId, args: &[Item]) -> bool {
        let Some(Item::Value(event)) = args.first() else {
            return false;
        };
        let event = self.evaluator.expr(file, *event);
        let mut events = event.alternatives().iter();
        events.all(|event| {
            event
                .as_str()
                .is_some_and(|it| !self.listeners.is_asked(it))
        })
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
