//! What a store gives that is asked by a name.
//!
//! In: a call of such a store (`localStorage.getItem('email')`, a slot of a keychain, a form's field). Out: its value, known by that
//! name, or waiting for the caller who says it. It leaves alone stores of the app's own state (`stores`).

use super::effects::LibraryCall;
use super::evaluate::{Evaluator, callee_names};
use super::object::Object;
use super::shapes::Shape;
use super::value::{Data, Named, Root, V, Value};
use crate::facts::Name;

/// A store that is asked for one of more names than this is asked for anything.
const MAX_NAMES: usize = 8;

impl Evaluator<'_> {
    /// What a store gives under the name that it is asked for (`localStorage.getItem('email')`).
    pub(super) fn named(&self, library: &LibraryCall<'_>) -> V {
        let LibraryCall {
            receiver,
            args,
            spot,
            ..
        } = *library;
        if let Some((receiver, _)) = receiver
            && let Value::Object(_) = &**receiver
        {
            return match args.first().and_then(V::as_str) {
                Some(key) => self.member(receiver, &key.into(), spot),
                None => self.element(receiver),
            };
        }
        // A map gives one of its elements.
        if let Some((receiver, _)) = receiver
            && let Value::Data(Data { ty: Some(ty), .. }) = &**receiver
            && matches!(self.shapes.shape(ty), Shape::List(_))
        {
            return self.element(receiver);
        }
        let producer = match receiver {
            Some((receiver, name)) => {
                let mut names = callee_names(receiver);
                names.push(name.clone());
                Name::from(names.join("."))
            }
            None => Name::from(library.names.join(".")),
        };
        let said = args.iter().find_map(names_in);
        // A helper that reads from a store is told by its callers what.
        let to_come = || args.iter().find(|arg| arg.is_symbolic()).cloned();
        let named = match said {
            Some(names) => names.into_iter().map(|it| Some(Named::As(it))).collect(),
            None => vec![to_come().map(Named::By)],
        };
        let value = V::union(named.into_iter().map(|named| {
            let producer = producer.clone();
            V::new(Value::Data(Data::new(Root::Call, spot).arising(|origin| {
                origin.producer = Some(producer);
                origin.named = named;
            })))
        }));
        match &library.rule.key {
            Some(key) => self.in_slot(library, key, value),
            None => self.typed_by(library, value),
        }
    }

    /// What is kept in one of the slots of a store, which gives it under a key of its own; without the name of a slot it is what
    /// that key says.
    fn in_slot(&self, library: &LibraryCall<'_>, key: &str, value: V) -> V {
        let whole = library.given();
        let members = &library.rule.members;
        let mut names = library.args.iter().filter_map(|arg| match &**arg {
            Value::Object(options) => members.iter().find_map(|name| options.get(name)),
            _ => None,
        });
        let named = || library.args.first().filter(|_| members.is_empty()).cloned();
        let Some(slot) = names.next().or_else(named) else {
            return whole;
        };
        let value = match &*value {
            Value::Data(data) => V::new(Value::Data(data.clone().arising(|origin| {
                origin.producer = None;
                origin.named = match slot.as_str() {
                    Some(slot) => Some(Named::As(Name::from(slot))),
                    None => slot.is_symbolic().then(|| Named::By(slot.clone())),
                };
            }))),
            _ => value,
        };
        let mut object = Object::of(&whole);
        object.set(Name::from(key), value, false);
        V::new(Value::Object(object))
    }
}

/// The names that a text may be, if all of them are known (`for (const name of ['x-forwarded-for', 'x-real-ip'])`).
fn names_in(asked: &V) -> Option<Vec<Name>> {
    let names = asked.alternatives().iter().map(|it| it.as_str());
    let names: Vec<Name> = names.map(|it| it.map(Name::from)).collect::<Option<_>>()?;
    (!names.is_empty() && names.len() <= MAX_NAMES).then_some(names)
}
