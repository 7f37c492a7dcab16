//! Functions that are called through an event emitter, by the name of an event.
//!
//! In: an evaluator over the parsed files. Out: [`Listeners`]: the functions that an emitter calls for an event. It leaves
//! alone emitters of the app's own making, which are followed as the functions that they are.

use std::collections::BTreeSet;

use super::evaluate::Evaluator;
use super::value::{Data, FnRef, Root, V, Value};
use crate::facts::{Expr, Item, Name};
use crate::ruleset::schema::Effect;
use crate::source::FileId;

struct Listener {
    event: Name,
    emitter: V,
    function: V,
}

/// What is registered with the emitters of the parsed files.
pub(super) struct Listeners(Vec<Listener>);

impl Listeners {
    /// Reads the calls that register a function under the name of an event.
    pub(super) fn new(evaluator: &Evaluator<'_>, files: &BTreeSet<FileId>) -> Self {
        let mut listeners = Vec::new();
        for file in files {
            let facts = evaluator.program.facts(*file);
            for call in &facts.calls {
                let Expr::Call { callee, args, .. } = facts.expr(*call) else {
                    continue;
                };
                let (Expr::Member { object, name, .. }, [event, Item::Value(function), ..]) =
                    (facts.expr(*callee), args.as_slice())
                else {
                    continue;
                };
                let method = evaluator.library.method(name);
                let (true, Item::Value(event)) = (
                    method.is_some_and(|rule| rule.does == Effect::Listen),
                    event,
                ) else {
                    continue;
                };
                if let Some(event) = evaluator.expr(*file, *event).as_str() {
                    listeners.push(Listener {
                        event: event.into(),
                        emitter: evaluator.expr(*file, *object),
                        function: evaluator.expr(*file, *function),
                    });
                }
            }
        }
        Self(listeners)
    }

    /// Whether a function is called for an event of this name, by whatever emitter.
    pub(super) fn knows(&self, event: &str) -> bool {
        self.0.iter().any(|known| known.event == event)
    }

    /// The functions that an emitter calls for an event.
    pub(super) fn of<'l>(&'l self, emitter: &'l V, event: &'l str) -> impl Iterator<Item = V> + 'l {
        self.0
            .iter()
            .filter(move |known| known.event == event && is_same(&known.emitter, emitter))
            .map(|known| known.function.clone())
    }

    /// The names of the events for which one of these functions is called.
    pub(super) fn events(&self, leads: impl Fn(FnRef) -> bool) -> BTreeSet<&str> {
        let led = self.0.iter().filter(|known| match &*known.function {
            Value::Function(closure) => leads(closure.target),
            _ => false,
        });
        led.map(|known| known.event.as_str()).collect()
    }
}

/// Whether two values are one emitter: made in one place, or one object of a package or class.
fn is_same(one: &V, other: &V) -> bool {
    match (&**one, &**other) {
        (Value::Data(one), Value::Data(other)) => is_same_data(one, other),
        (Value::Instance(one), Value::Instance(other)) => {
            (one.file, one.class) == (other.file, other.class)
        }
        _ => false,
    }
}

fn is_same_data(one: &Data, other: &Data) -> bool {
    one.root == other.root
        && one.steps == other.steps
        && match one.root {
            Root::Call => one.spot == other.spot,
            Root::Global | Root::Outside(_) => one.path == other.path,
            _ => false,
        }
}
