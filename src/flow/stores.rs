//! What holds a value that changes: stores, refs, and whatever else can be watched.
//!
//! In: a value that may be such a holder. Out: what it holds; the holder of what a function makes of others. It leaves alone
//! how a holder is made (`effects`).

use super::conditions::when;
use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{Spot, V, Value};
use crate::facts::Name;

/// Under which names a holder keeps its value: a ref of React's kind, and one of Vue's.
const KEPT: [Name; 2] = [Name::const_new("current"), Name::const_new("value")];

/// Something that holds a value.
pub(super) fn holder(value: &V) -> V {
    let mut object = Object::default();
    for name in KEPT {
        object.set(name, value.clone(), false);
    }
    V::new(Value::Object(object))
}

impl Evaluator<'_> {
    /// What a value holds; what is no holder is the value itself.
    pub(super) fn held_by(&self, value: &V, spot: Spot) -> V {
        let [current, kept] = KEPT;
        match &**value {
            Value::Object(object) if object.get(&current).is_some() => {
                object.get(&kept).unwrap_or_else(|| value.clone())
            }
            Value::Data(data)
                if data
                    .ty
                    .as_ref()
                    .is_some_and(|ty| self.shapes.field(ty, &kept).is_some()) =>
            {
                self.member(value, &kept, spot)
            }
            Value::Union(parts) => V::union(parts.iter().map(|part| self.held_by(part, spot))),
            Value::When(condition, inner) => when(condition, self.held_by(inner, spot)),
            _ => value.clone(),
        }
    }

    /// What a function that watches one or several holders is called with.
    pub(super) fn watched(&self, holders: &V, spot: Spot) -> V {
        match &**holders {
            Value::Array(all) => V::new(Value::Array(
                all.iter().map(|it| self.held_by(it, spot)).collect(),
            )),
            _ => self.held_by(holders, spot),
        }
    }

    /// A store of what a function makes of the values of others.
    pub(super) fn derived(&self, library: &LibraryCall<'_>, holders: &V) -> V {
        let spot = library.spot;
        let made = match library.args.get(library.rule.arg + 1) {
            Some(function) => self.apply(function, &[self.watched(holders, spot)], Some(spot)),
            None => library.given(),
        };
        holder(&self.typed_by(library, made))
    }
}
