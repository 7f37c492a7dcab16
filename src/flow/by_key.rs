//! What is read from an object by a key that is computed.
//!
//! In: an object or a list, and the value of a key. Out: the field or element that the key names; where a caller says which key
//! it is, a value that waits for it. It leaves alone copies that are made key by key (`keyed`), and lists of keys (`elements`).

use ecow::eco_vec;

use super::alike::unconditional;
use super::evaluate::{Evaluator, keys_of};
use super::object::{Object, Picked};
use super::shapes::Shape;
use super::subject::ValueType;
use super::value::{Data, Root, Spot, V, Value};
use crate::facts::Literal;

impl Evaluator<'_> {
    /// `object[key]`, read at `spot`.
    pub(super) fn at_key(&self, object: &V, key: &V, spot: Spot) -> V {
        if let Value::Literal(Literal::Number(number)) = &**key {
            return match number.parse() {
                Ok(index) => self.index(object, index),
                Err(_) => self.element(object),
            };
        }
        match keys_of(key) {
            Some(keys) => V::union(keys.iter().map(|name| self.member(object, name, spot))),
            None if is_client(object)
                || self.is_told_by_callers(key) && self.has_named_fields(object) =>
            {
                picked_by(object.clone(), key.clone(), spot)
            }
            None => self.field_by_key(object, key),
        }
    }

    /// Where the key is not known: one of the functions of a table, or any field.
    pub(super) fn field_by_key(&self, object: &V, key: &V) -> V {
        let element = self.element(object);
        let is_name =
            || matches!(&**key, Value::KeysOf(_)) || self.is_one_of_its_names(object, key);
        match is_data(&element) && is_name() {
            true => V::new(Value::FieldsOf(object.clone())),
            false => element,
        }
    }

    /// Whether a key is one of more names than are told apart, or is declared to be one of some (`keyof Details`), and the
    /// object has fields of which each has a name.
    fn is_one_of_its_names(&self, object: &V, key: &V) -> bool {
        let is_name = |key: &V| match &**unconditional(key) {
            Value::Literal(Literal::String(_)) => true,
            Value::Data(Data { ty: Some(ty), .. }) => {
                self.shapes.value_type(ty) == ValueType::Choice
            }
            _ => false,
        };
        let has_names = |object: &V| self.has_listed_fields(unconditional(object));
        key.alternatives().iter().all(is_name) && object.alternatives().iter().all(has_names)
    }

    /// Whether the type of a value lists all of its fields.
    pub(super) fn has_listed_fields(&self, value: &V) -> bool {
        match &**value {
            Value::Data(Data { ty: Some(ty), .. }) => {
                matches!(self.shapes.shape(ty), Shape::Fields { open: false, .. })
            }
            _ => false,
        }
    }

    /// Whether a key is a parameter that may be a name; a number counts elements.
    pub(super) fn is_told_by_callers(&self, key: &V) -> bool {
        let Value::Data(data) = &**unconditional(key) else {
            return false;
        };
        let is_number = |ty| matches!(self.shapes.shape(ty), Shape::Scalar(ValueType::Number));
        matches!(data.root, Root::Param(..)) && !data.ty.as_ref().is_some_and(is_number)
    }

    /// Whether a key says which field it is, or a caller still does.
    pub(super) fn is_told(&self, object: &V, key: &V) -> bool {
        matches!(&**key, Value::Literal(Literal::Number(_)))
            || keys_of(key).is_some()
            || is_client(object)
            || self.is_told_by_callers(key) && self.has_named_fields(object)
    }

    /// Whether a value is a record of which only a run knows the fields. Of those that are written out any may be meant.
    fn has_named_fields(&self, object: &V) -> bool {
        let records = object.alternatives().iter();
        let mut records = records.filter(|it| !is_blank(it)).peekable();
        let is_any = records.peek().is_some();
        let is_record = records.all(|it| match &**it {
            Value::Data(Data { ty: Some(ty), .. }) => {
                matches!(self.shapes.shape(ty), Shape::Fields { .. } | Shape::Unknown)
            }
            Value::Data(_) => true,
            // What callers say the keys of; a table of functions gives any of them.
            Value::Object(object) => {
                let mut by_key = object.fields.iter().filter(|field| field.key.is_some());
                by_key.any(|field| self.is_scalar(&field.value))
            }
            _ => false,
        });
        is_any && is_record && is_data(&self.element(object))
    }

    fn is_scalar(&self, value: &V) -> bool {
        match &**unconditional(value) {
            Value::Data(Data { ty: Some(ty), .. }) => {
                matches!(self.shapes.shape(ty), Shape::Scalar(_))
            }
            _ => false,
        }
    }
}

/// The field of an object that waits for its key.
pub(super) fn picked_by(object: V, keys: V, spot: Spot) -> V {
    V::new(Value::FieldsOf(V::new(Value::Object(Object {
        spreads: eco_vec![object],
        picked: Some(Picked { keys, spot }),
        ..Object::default()
    }))))
}

/// Whether a value is an object with nothing in it so far.
fn is_blank(value: &V) -> bool {
    matches!(&**value, Value::Object(object) if object.fields.is_empty() && object.spreads.is_empty())
}

/// Whether a value may be a vendor's client, whose members are not listed by it.
pub(super) fn is_client(object: &V) -> bool {
    let mut alternatives = object.alternatives().iter();
    alternatives.any(|it| matches!(&**unconditional(it), Value::Client(_)))
}

/// The clients of which a value is a member by a key that is not known, and the key.
pub(super) fn client_by_key(value: &V) -> Option<(&V, &Picked)> {
    match &**value {
        Value::FieldsOf(fields) => picked_of(fields).filter(|(object, _)| is_client(object)),
        _ => None,
    }
}

/// The object and the key of a field that waits for its key.
pub(super) fn picked_of(fields: &V) -> Option<(&V, &Picked)> {
    match &**fields {
        Value::Object(Object {
            picked: Some(picked),
            spreads,
            ..
        }) => Some((spreads.first()?, picked)),
        _ => None,
    }
}

/// Whether a value is nothing that can be called or has fields that are known.
pub(super) fn is_data(element: &V) -> bool {
    let mut alternatives = element.alternatives().iter();
    alternatives.all(|it| matches!(&**it, Value::Data(_) | Value::Literal(_) | Value::Text(_)))
}
