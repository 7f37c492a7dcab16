//! Loggers that hand what they log to vendors.
//!
//! In: a call that makes a logger, with what it is to hand things to; a call that makes such a transport of a vendor. Out: the
//! vendors' clients, whose calls are those of the logger. It leaves alone what these calls take (the vendors' rules).

use ecow::EcoVec;

use super::alike::unconditional;
use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::value::{Client, V, Value};
use crate::facts::{Imported, Literal, Name};

/// Transports lie no deeper in the arguments than this.
const MAX_DEPTH: usize = 4;

impl Evaluator<'_> {
    /// What a logger is whose transports may be vendors'.
    pub(super) fn logger(&self, library: &LibraryCall<'_>) -> V {
        let members = &library.rule.members;
        let args = library.args.iter();
        let found: Vec<V> = args
            .flat_map(|arg| self.transports(arg, members, 0))
            .collect();
        match found.is_empty() {
            true => library.given(),
            false => V::union(found),
        }
    }

    /// A logger that is told of more to hand things to.
    pub(super) fn with_transports(&self, logger: V, added: &[V]) -> V {
        let found = added
            .iter()
            .flat_map(|added| self.transports(added, &[], 0));
        let all: Vec<V> = std::iter::once(logger.clone()).chain(found).collect();
        match all.len() {
            1 => logger,
            _ => V::union(all),
        }
    }

    /// The clients among what a logger is made with.
    fn transports(&self, value: &V, members: &[String], depth: usize) -> Vec<V> {
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        let inside = |value: &V| self.transports(value, members, depth + 1);
        let alternatives = value.alternatives().iter().map(unconditional);
        let found = alternatives.flat_map(|value| match &**value {
            Value::Client(client) if client.path.is_empty() => vec![value.clone()],
            Value::Array(items) => items.iter().flat_map(inside).collect(),
            Value::Spread(inner) => inside(inner),
            Value::Object(object) => {
                let under = members.iter().filter_map(|name| object.get(name));
                under.flat_map(|value| inside(&value)).collect()
            }
            Value::Literal(Literal::String(package)) if depth > 0 => {
                let transport = self.catalog.import(package, &Imported::Default);
                transport
                    .filter(is_client)
                    .map(V::new)
                    .into_iter()
                    .collect()
            }
            _ => Vec::new(),
        });
        found.collect()
    }

    /// The only methods of the client that a call gives, if it says which they are.
    pub(super) fn methods_of(&self, called: &Client, args: &[V]) -> EcoVec<Name> {
        // What a client gives by a call of its own has what the client has.
        if called.path.is_empty() {
            return called.only.clone();
        }
        let listed = self.catalog.methods_by(called).and_then(|listed| {
            let Value::Object(options) = &**args.get(listed.argument)? else {
                return None;
            };
            options.get(&listed.key)
        });
        let Some(Value::Array(listed)) = listed.as_deref() else {
            return EcoVec::new();
        };
        let names = listed.iter().map(|name| name.as_str().map(Name::from));
        names.collect::<Option<_>>().unwrap_or_default()
    }
}

fn is_client(value: &Value) -> bool {
    matches!(value, Value::Client(_))
}
