//! Marks values with the call that supplies them.
//!
//! In: an argument of a call that supplies both a callee and what the callee gets. Out: the argument, whose values remember
//! the call. It leaves alone which calls do that (`propagate`), and values that another call is known to supply.

use std::rc::Rc;

use super::conditions::when;
use super::delivery::Hop;
use super::value::{Data, V, Value};

/// What lies deeper in an argument is not said to be supplied by its call.
const MAX_SUPPLIED: usize = 8;

impl V {
    /// The same, known to be supplied by a call, as far as no other call is known to supply it.
    pub(super) fn supplied_by(&self, hop: &Rc<Hop>, depth: usize) -> Self {
        let all = |parts: &[V]| {
            parts
                .iter()
                .map(|it| it.supplied_by(hop, depth + 1))
                .collect()
        };
        if depth > MAX_SUPPLIED {
            return self.clone();
        }
        match &**self {
            Value::Data(data) if data.supplied.is_none() => Self::new(Value::Data(Data {
                supplied: Some(Rc::clone(hop)),
                ..data.clone()
            })),
            Value::Text(parts) => Self::new(Value::Text(all(parts))),
            Value::Array(parts) => Self::new(Value::Array(all(parts))),
            Value::Union(parts) => Self::new(Value::Union(all(parts))),
            Value::Object(object) => {
                let mut object = object.clone();
                for field in object.fields.make_mut() {
                    field.value = field.value.supplied_by(hop, depth + 1);
                }
                object.spreads = all(&object.spreads).into();
                Self::new(Value::Object(object))
            }
            Value::Changed(change, inner) => {
                Self::new(Value::Changed(*change, inner.supplied_by(hop, depth + 1)))
            }
            Value::When(condition, inner) => when(condition, inner.supplied_by(hop, depth + 1)),
            Value::Spread(inner) => Self::new(Value::Spread(inner.supplied_by(hop, depth + 1))),
            Value::FieldsOf(inner) => Self::new(Value::FieldsOf(inner.supplied_by(hop, depth + 1))),
            _ => self.clone(),
        }
    }
}
