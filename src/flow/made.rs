//! Objects that are made with another one behind them.
//!
//! In: a call of `Object.create`. Out: an object with what the one behind it has, and with the fields that are described. It
//! leaves alone what is put into it later (`mutation`) and objects of classes (`classes`).

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{V, Value};
use crate::facts::Name;

/// What a field is described with: what it holds, or the function that gives that.
const DESCRIBED: [&str; 2] = ["value", "get"];

/// What `Object.create(behind, described)` gives.
pub(super) fn created(evaluator: &Evaluator<'_>, library: &LibraryCall<'_>) -> V {
    let mut object = Object::default();
    match library.args.first().map(|behind| (behind, &**behind)) {
        Some((_, Value::Nothing)) => {}
        Some((behind, Value::Object(_))) => object.spread(behind, false),
        _ => return library.given(),
    }
    if let Some(described) = library.args.get(1)
        && let Value::Object(described) = &**described
    {
        for field in &described.fields {
            let [value, getter] = DESCRIBED
                .map(|key| evaluator.member(&field.value, &Name::const_new(key), library.spot));
            let value = match &*value {
                Value::Nothing => evaluator.apply(&getter, &[], Some(library.spot)),
                _ => value,
            };
            object.set(field.name.clone(), value, false);
        }
    }
    V::new(Value::Object(object))
}
