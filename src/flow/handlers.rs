//! Methods of the app's own objects that an SDK calls when one of its calls is made.
//!
//! In: the calls that make a client of objects (`plugins: [{ track: ({ payload }) => … }]`), and calls of such a client. Out:
//! calls of the objects' methods with what the client's call is given. It leaves alone what arrives at the SDK itself (`calls`),
//! and which methods there are, which the vendor's rule lists.

use super::delivery::Place;
use super::evaluate::Evaluator;
use super::listeners::{Listeners, Takes};
use super::object::Object;
use super::propagate::Propagation;
use super::sinks::{Manner, SinkCall};
use super::value::{V, Value, VendorThing};
use super::worklist::Passed;
use crate::facts::{Expr, ExprId, FileFacts, Item, Name, property};
use crate::ruleset::schema::Handler;
use crate::source::FileId;

impl Listeners {
    /// Reads a call that makes a client of objects whose methods the client calls.
    pub(super) fn read_handlers(
        &mut self,
        evaluator: &Evaluator<'_>,
        file: FileId,
        facts: &FileFacts,
        (callee, args): (ExprId, &[Item]),
    ) {
        let options = args
            .iter()
            .filter_map(|item| match facts.expr(item.expr()?) {
                Expr::Object(entries) => Some(entries),
                _ => None,
            });
        let keys = evaluator.catalog.handler_lists();
        let lists = options.flat_map(|all| keys.iter().map(move |key| (*key, property(all, key))));
        for (key, listed) in lists {
            let Some(listed) = listed else {
                continue;
            };
            let spot = evaluator.spot(file, listed);
            for (vendor, handler) in handlers_of(evaluator, &evaluator.expr(file, callee), key) {
                let objects = evaluator.element(&evaluator.expr(file, listed));
                let method = Name::from(&handler.method);
                for object in objects.alternatives() {
                    let told = vec![event(vendor, &handler.call)];
                    let function = evaluator.member(object, &method, spot);
                    self.add(told, None, Takes::Message, &function);
                }
            }
        }
    }
}

/// The vendors whose client a callee makes, with the methods that it calls of the objects listed under a key.
fn handlers_of<'p>(
    evaluator: &Evaluator<'p>,
    callee: &V,
    key: &str,
) -> Vec<(&'p str, &'p Handler)> {
    let vendors = callee.alternatives().iter().filter_map(|it| match &**it {
        Value::Vendor(VendorThing::Export { vendor, .. }) => Some(*vendor),
        Value::Client(client) => Some(client.vendor),
        _ => None,
    });
    let rules = vendors.map(|vendor| evaluator.catalog.vendor(vendor));
    let handlers = rules.flat_map(|rule| rule.handlers.iter().map(|it| (rule.id.as_str(), it)));
    handlers.filter(|(_, it)| it.listed == key).collect()
}

/// The name under which a vendor's call is told; no event of an app has it.
fn event(vendor: &str, call: &str) -> Name {
    Name::from(format!("{vendor} {call}"))
}

impl<'p> Propagation<'_, 'p> {
    /// Calls the methods that a client hands a call on to.
    pub(super) fn hand_on(&mut self, sink: &SinkCall<'p>, place: &Place) {
        let rule = self.evaluator.catalog.vendor(sink.vendor);
        for handler in rule.handlers.iter().filter(|it| it.call == sink.path) {
            let mut given = Object::default();
            for (key, argument) in &handler.gives {
                if let Some(value) = sink.args.get(*argument) {
                    let path: Vec<&str> = key.split('.').collect();
                    put(&mut given, &path, value);
                }
            }
            let given = V::new(Value::Object(given));
            let listeners = self.listeners;
            let nobody = V::nothing();
            for function in listeners.of(
                &nobody,
                place.file,
                &event(&rule.id, &handler.call),
                Takes::Message,
            ) {
                let args = vec![given.clone()];
                self.call(
                    &function,
                    args,
                    place.clone(),
                    Manner::Call,
                    &Passed::default(),
                );
            }
        }
    }
}

/// Puts a value under a path into an object.
fn put(object: &mut Object, path: &[&str], value: &V) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    let value = match rest {
        [] => value.clone(),
        rest => {
            let mut inner = Object::of(&object.get(first).unwrap_or_else(V::nothing));
            put(&mut inner, rest, value);
            V::new(Value::Object(inner))
        }
    };
    object.set(Name::from(*first), value, false);
}
