//! One of several values.
//!
//! In: values of which a run takes one. Out: their union: flat, each value once, and no more of them than can be followed;
//! and the alternatives of a value. It leaves alone under which condition one is taken (`conditions`).
//!
//! What several branches, calls or assignments give is mostly the same value: kept twice it would be followed twice, and so
//! would all that is read from it, and others would find no room.

use std::rc::Rc;

use super::shapes::{TypeUse, What, asked};
use super::value::{Closure, Data, Named, Origin, V, Value};

/// More alternatives than this are not told apart.
pub(super) const MAX_ALTERNATIVES: usize = 12;
/// The same for functions, which are asked only for what they do with what they are given: those that do an interface's work
/// are many where each is for another vendor.
pub(super) const MAX_FUNCTIONS: usize = 64;
/// Values are compared through no more changes and conditions than this.
const MAX_DEPTH: usize = 8;

impl V {
    /// One of several values; nothings are dropped.
    pub(super) fn union(values: impl IntoIterator<Item = V>) -> Self {
        let values = values.into_iter();
        let mut values = values.filter(|value| !matches!(&**value, Value::Nothing));
        let Some(first) = values.next() else {
            return Self::nothing();
        };
        // Most are of one value, which stays what it is.
        let Some(second) = values.next() else {
            return first;
        };
        let mut found = Alternatives(Vec::new());
        for value in [first, second].into_iter().chain(values) {
            match &*value {
                Value::Union(parts) => parts.iter().for_each(|part| found.add(part.clone())),
                _ => found.add(value),
            }
        }
        found.into_value()
    }

    /// The alternatives of a union, or the value alone.
    pub(super) fn alternatives(&self) -> &[V] {
        match &**self {
            Value::Union(parts) => parts,
            _ => std::slice::from_ref(self),
        }
    }
}

/// Different values, in the order in which they came.
struct Alternatives(Vec<V>);

impl Alternatives {
    fn add(&mut self, value: V) {
        let Self(kept) = self;
        if kept.iter().any(|known| is_same(known, &value, 0)) {
            return;
        }
        let is_function = value.is_function();
        let bound = match is_function {
            true => MAX_FUNCTIONS,
            false => MAX_ALTERNATIVES,
        };
        let alike = kept.iter().filter(|it| it.is_function() == is_function);
        if kept.len() >= bound && alike.count() == bound {
            // What the code itself says in full is no data of anybody, and makes room for what may be.
            let said = kept.iter().rposition(|known| is_said(known, 0));
            match said.filter(|_| !is_said(&value, 0)) {
                Some(at) => kept.remove(at),
                None => return,
            };
        }
        kept.push(value);
    }

    fn into_value(mut self) -> V {
        match self.0.len() {
            1 => self.0.remove(0),
            _ => V::new(Value::Union(self.0)),
        }
    }
}

/// Whether a value is a literal, or made of literals only.
fn is_said(value: &V, depth: usize) -> bool {
    let all = |parts: &[V]| depth < MAX_DEPTH && parts.iter().all(|part| is_said(part, depth + 1));
    match &**value {
        Value::Literal(_) | Value::Nothing => true,
        Value::Object(object) => {
            let mut fields = object.fields.iter();
            depth < MAX_DEPTH
                && object.spreads.is_empty()
                && object.picked.is_none()
                && fields.all(|field| is_said(&field.value, depth + 1))
        }
        Value::Array(parts) | Value::Text(parts) | Value::Union(parts) => all(parts),
        _ => false,
    }
}

/// Whether nothing tells two values apart. Of values that are made of others only the changed ones are looked into.
pub(super) fn is_same(one: &V, other: &V, depth: usize) -> bool {
    if one.address() == other.address() {
        return true;
    }
    let inner = |one: &V, other: &V| depth < MAX_DEPTH && is_same(one, other, depth + 1);
    match (&**one, &**other) {
        (Value::Data(one), Value::Data(other)) => is_same_data(one, other),
        (Value::Literal(one), Value::Literal(other)) => one == other,
        (Value::Function(one), Value::Function(other)) => is_same_function(one, other),
        (Value::Class(file, class), Value::Class(other_file, other)) => {
            (file, class) == (other_file, other)
        }
        (Value::Module(one), Value::Module(other)) => one == other,
        (Value::Client(one), Value::Client(other)) => one == other,
        (Value::Vendor(one), Value::Vendor(other)) => one == other,
        (Value::Platform, Value::Platform) => true,
        (Value::When(condition, one), Value::When(other_condition, other)) => {
            Rc::ptr_eq(condition, other_condition) && inner(one, other)
        }
        (Value::Without(left_out, one), Value::Without(other_left_out, other)) => {
            Rc::ptr_eq(left_out, other_left_out) && inner(one, other)
        }
        (Value::Changed(transform, one), Value::Changed(other_transform, other)) => {
            transform == other_transform && inner(one, other)
        }
        (Value::Spread(one), Value::Spread(other))
        | (Value::FieldsOf(one), Value::FieldsOf(other))
        | (Value::KeysOf(one), Value::KeysOf(other)) => inner(one, other),
        _ => false,
    }
}

/// Compared in the order in which they are likely to differ.
fn is_same_data(one: &Data, other: &Data) -> bool {
    one.spot == other.spot
        && one.root == other.root
        && one.steps == other.steps
        && one.path == other.path
        && one.aliases == other.aliases
        && one.owner == other.owner
        && one.choice == other.choice
        && one.presence == other.presence
        && one.around == other.around
        && is_same_or_none(one.ty.as_ref(), other.ty.as_ref(), is_same_type)
        && is_same_origin(one.origin(), other.origin())
}

fn is_same_origin(one: &Origin, other: &Origin) -> bool {
    std::ptr::eq(one, other)
        || one.producer == other.producer
            && is_same_or_none(one.named.as_ref(), other.named.as_ref(), is_same_name)
            && is_same_or_none(one.given.as_ref(), other.given.as_ref(), |one, other| {
                one.address() == other.address()
            })
            && is_same_or_none(one.runs.as_ref(), other.runs.as_ref(), |one, other| {
                one.address() == other.address()
            })
            && is_same_or_none(one.kept_by.as_ref(), other.kept_by.as_ref(), PartialEq::eq)
            && is_same_or_none(one.supplied.as_ref(), other.supplied.as_ref(), Rc::ptr_eq)
}

fn is_same_name(one: &Named, other: &Named) -> bool {
    match (one, other) {
        (Named::As(one), Named::As(other)) => one == other,
        (Named::By(one), Named::By(other)) => one.address() == other.address(),
        _ => false,
    }
}

fn is_same_type(one: &TypeUse, other: &TypeUse) -> bool {
    match (&one.what, &other.what) {
        // One that has no place to be found again by is the same only if it is shared.
        (What::Known(shape), What::Known(other_shape)) => {
            let env = one.env.digest();
            Rc::ptr_eq(shape, other_shape)
                && one.file == other.file
                && env.is_some()
                && env == other.env.digest()
        }
        _ => asked(one).is_some_and(|one| asked(other) == Some(one)),
    }
}

/// A function that closes over something may be another each time.
fn is_same_function(one: &Closure, other: &Closure) -> bool {
    let is_plain = |closure: &Closure| {
        closure.this.is_none() && closure.bound.is_empty() && closure.frames.is_empty()
    };
    one.target == other.target
        && is_plain(one)
        && is_plain(other)
        && (one.curried, one.is_trap, &one.under) == (other.curried, other.is_trap, &other.under)
}

fn is_same_or_none<T>(
    one: Option<&T>,
    other: Option<&T>,
    is_same: impl FnOnce(&T, &T) -> bool,
) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => is_same(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use ecow::eco_vec;

    use super::*;
    use crate::facts::{Literal, Name};
    use crate::flow::value::{Root, Spot};
    use crate::source::{FileId, Span};

    fn data(name: &str) -> V {
        let spot = Spot {
            file: FileId(0),
            span: Span::default(),
        };
        V::new(Value::Data(Data {
            path: eco_vec![Name::from(name)],
            ..Data::new(Root::Global, spot)
        }))
    }

    fn literal(number: usize) -> V {
        V::new(Value::Literal(Literal::Number(Name::from(
            number.to_string(),
        ))))
    }

    #[test]
    fn what_comes_twice_is_kept_once() {
        let value = V::union([data("a"), data("b"), data("a"), V::nothing(), data("b")]);
        assert_eq!(value.alternatives().len(), 2);
        assert!(matches!(&*V::union([data("a"), data("a")]), Value::Data(_)));
        let changed = |name| V::new(Value::Changed(crate::finding::Transform::Hash, data(name)));
        let value = V::union([changed("a"), data("a"), changed("a"), changed("b")]);
        assert_eq!(value.alternatives().len(), 3);
    }

    #[test]
    fn literals_make_room_for_what_may_be_data() {
        let literals = || (0..2 * MAX_ALTERNATIVES).map(literal);
        let value = V::union(literals().chain([data("a"), data("b")]));
        assert_eq!(value.alternatives().len(), MAX_ALTERNATIVES);
        let is_data = |value: &&V| matches!(&***value, Value::Data(_));
        assert_eq!(value.alternatives().iter().filter(is_data).count(), 2);
        let first = [data("a")].into_iter().chain(literals());
        assert!(matches!(
            &*V::union(first).alternatives()[0],
            Value::Data(_)
        ));
    }
}
