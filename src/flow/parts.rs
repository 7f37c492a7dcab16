//! Makes a value anew from its parts.
//!
//! In: a value, and what becomes of each part of it. Out: the value that is made of those. It leaves alone which parts change,
//! and how deep somebody looks for them (`same`, `supplied`); values without parts stay what they are.

use super::conditions::when;
use super::left_out::leaving_out;
use super::value::{V, Value};

/// The same value, made of what becomes of its parts.
pub(super) fn with_parts(value: &V, part: impl Fn(&V) -> V) -> V {
    let all = |parts: &[V]| parts.iter().map(&part).collect();
    match &**value {
        Value::Text(parts) => V::new(Value::Text(all(parts))),
        Value::Array(parts) => V::new(Value::Array(all(parts))),
        Value::Union(parts) => V::new(Value::Union(all(parts))),
        Value::Object(object) => {
            let mut object = object.clone();
            for field in object.fields.make_mut() {
                field.value = part(&field.value);
            }
            object.spreads = object.spreads.iter().map(&part).collect();
            V::new(Value::Object(object))
        }
        Value::Changed(change, inner) => V::new(Value::Changed(*change, part(inner))),
        Value::When(condition, inner) => when(condition, part(inner)),
        Value::Without(left_out, inner) => leaving_out(left_out, part(inner)),
        Value::Spread(inner) => V::new(Value::Spread(part(inner))),
        Value::FieldsOf(inner) => V::new(Value::FieldsOf(part(inner))),
        _ => value.clone(),
    }
}
