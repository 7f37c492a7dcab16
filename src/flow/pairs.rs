//! What is made of pairs of names and values.
//!
//! In: a list of pairs, or what gives such. Out: the object, record or map that holds each value under its name. It leaves alone
//! objects that are copied key by key (`keyed`), and what is put into a map later (`mutation`).

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::expressions::any;
use super::keyed::is_same;
use super::object::Object;
use super::shapes::Shape;
use super::value::{Data, Root, V, Value};
use crate::facts::Name;

impl Evaluator<'_> {
    /// `Object.fromEntries(…)`: the fields by their names, if these are constants.
    pub(super) fn of_entries(&self, subject: &V) -> V {
        let pairs = match &**subject {
            Value::Array(pairs) => pairs.as_slice(),
            _ => &[],
        };
        let named: Option<Vec<(Name, V)>> = pairs
            .iter()
            .map(|pair| {
                let key = self.index(pair, 0);
                Some((Name::from(key.as_str()?), self.index(pair, 1)))
            })
            .collect();
        match named {
            Some(named) if !named.is_empty() => {
                let mut object = Object::default();
                for (name, field) in named {
                    object.set(name, field, true);
                }
                V::new(Value::Object(object))
            }
            _ if self.is_read_by_name(subject) => subject.clone(),
            _ => match whole_of_pairs(pairs) {
                Some(whole) => whole.clone(),
                None => Self::table(self.index(&self.element(subject), 1)),
            },
        }
    }

    /// Whether something that gives pairs of names and values is no list of them (search parameters, a form), so that an
    /// object of them has under each name what the thing has.
    pub(super) fn is_read_by_name(&self, pairs: &V) -> bool {
        match &**pairs {
            Value::Object(_) => true,
            Value::Data(Data { ty: Some(ty), .. }) => {
                !matches!(self.shapes.shape(ty), Shape::List(_))
            }
            // What callers hand over may be a list of pairs.
            Value::Data(data) => !matches!(data.root, Root::Param(..) | Root::Unknown(_)),
            _ => false,
        }
    }

    /// What holds fields under names: an object, or a list of names and values.
    pub(super) fn record(&self, library: &LibraryCall<'_>, subject: V) -> V {
        match &*subject {
            Value::Text(_) => subject,
            Value::Object(object) => V::new(Value::Object(Object {
                is_literal: false,
                ..object.clone()
            })),
            Value::Nothing => V::new(Value::Object(Object::default())),
            Value::Array(pairs) => V::new(Value::Object(self.laid_in(Object::default(), pairs))),
            // What it is made of says more than that an address is made of it.
            Value::Data(data) if data.root != Root::Global => {
                let mut object = Object::default();
                object.spread(&subject, false);
                V::new(Value::Object(object))
            }
            _ => library.given(),
        }
    }

    /// A map that is made with pairs, to which more may be added later.
    pub(super) fn map_of(&self, library: &LibraryCall<'_>, subject: &V) -> V {
        let callee = self.expr(library.file, library.call.callee);
        let map = match &*callee {
            Value::Data(made) => {
                self.data_call(made, library.call, library.file, library.args, library.spot)
            }
            _ => library.given(),
        };
        let pairs = match &**subject {
            Value::Array(pairs) if !pairs.is_empty() => pairs,
            // A copy of another map, or of a record.
            Value::Object(_) => return subject.clone(),
            _ => return map,
        };
        V::new(Value::Object(self.laid_in(Object::of(&map), pairs)))
    }

    /// An object with the values of pairs under their names.
    fn laid_in(&self, object: Object, pairs: &[V]) -> Object {
        let mut object = object;
        if let Some(whole) = whole_of_pairs(pairs) {
            object.spread(whole, false);
            return object;
        }
        for pair in pairs {
            let name = self.index(pair, 0).as_str().map_or_else(any, Name::from);
            object.set(name, self.index(pair, 1), false);
        }
        object
    }
}

/// What all pairs are of: the names of an object, each with its value.
fn whole_of_pairs(pairs: &[V]) -> Option<&V> {
    let [pair] = pairs else { return None };
    let Value::Array(pair) = &**pair else {
        return None;
    };
    match pair.as_slice() {
        [keys, fields] => match (&**keys, &**fields) {
            (Value::KeysOf(keys), Value::FieldsOf(fields)) if is_same(keys, fields) => Some(fields),
            _ => None,
        },
        _ => None,
    }
}
