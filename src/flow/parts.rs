//! Makes a value anew from its parts.
//!
//! In: a value, and what becomes of each part of it. Out: the value that is made of those; or whether there are more parts than
//! somebody wants to look at. It leaves alone which parts change, and how deep somebody looks for them (`same`, `supplied`);
//! values without parts stay what they are.

use super::conditions::when;
use super::left_out::leaving_out;
use super::value::{Handed, V, Value};

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

/// Whether a value is made of more parts than so many, with theirs.
pub(super) fn has_more_parts_than(limit: usize, value: &V) -> bool {
    let mut open = vec![value];
    let mut seen = 0;
    while let Some(value) = open.pop() {
        seen += 1;
        match &**value {
            Value::Text(parts) | Value::Array(parts) | Value::Union(parts) => open.extend(parts),
            Value::Object(object) => {
                open.extend(object.fields.iter().map(|field| &field.value));
                open.extend(&object.spreads);
            }
            Value::When(condition, inner) => open.extend([&condition.subject, inner]),
            Value::Changed(_, inner)
            | Value::Without(_, inner)
            | Value::Spread(inner)
            | Value::FieldsOf(inner)
            | Value::KeysOf(inner) => open.push(inner),
            Value::Instance(instance) => open.extend(&instance.args),
            Value::Data(data) => open.extend(data.handed().flat_map(Handed::args)),
            _ => {}
        }
        if seen + open.len() > limit {
            return true;
        }
    }
    false
}
