//! What is taken one by one from what can be iterated.
//!
//! In: a call of `next` on a list, a map or the values of one. Out: the object that brings an element. It leaves alone what a
//! generator gives, which is looped over (`evaluate`).

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::expressions::flag;
use super::object::Object;
use super::value::{V, Value};
use crate::facts::Name;

/// What `iterator.next()` gives. What is called with something (`subject.next(value)`) is no iterator.
pub(super) fn next(evaluator: &Evaluator<'_>, library: &LibraryCall<'_>) -> V {
    let Some((receiver, _)) = library.receiver else {
        return library.given();
    };
    match &**receiver {
        Value::Array(_) if library.args.is_empty() => {
            let mut object = Object::default();
            object.set(Name::const_new("value"), evaluator.element(receiver), false);
            object.set(Name::const_new("done"), flag(), false);
            V::new(Value::Object(object))
        }
        _ => library.given(),
    }
}
