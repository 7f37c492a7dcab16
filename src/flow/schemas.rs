//! What the schemas of packages let through.
//!
//! In: a call by which a schema checks a value. Out: what it lets through: of a schema of a single value, what it was given; of
//! a schema of an object, the fields that it knows of what it was given, as far as that is known. It leaves alone what is
//! known by the schema's type alone (`inferred`).

use super::bindings::with_alias;
use super::conditions::when;
use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::shapes::{Shape, TypeUse};
use super::value::{Data, Root, Spot, V, Value};
use crate::facts::Name;

/// What lies deeper in what is checked is passed on as it is.
const MAX_DEPTH: usize = 6;

impl Evaluator<'_> {
    /// What a schema lets through.
    pub(super) fn checked(&self, library: &LibraryCall<'_>) -> V {
        let callee = library.call.callee;
        let position = library.position().unwrap_or_default();
        let given = library.args.get(position);
        let ty = self.let_through_type(library);
        if let (Some(given), Some(ty)) = (given, &ty)
            && let Some(value) = self.let_through(given, ty, library.spot)
        {
            return under_key(library, value);
        }
        // Each of several schemas by itself.
        let callee = match library.receiver {
            Some((schema, name)) => self.member(schema, name, library.spot),
            None => self.expr(library.file, callee),
        };
        match &*callee {
            Value::Data(data) => {
                let value =
                    self.data_call(data, library.call, library.file, library.args, library.spot);
                match given.filter(|given| self.is_body(given)) {
                    Some(body) => made_as(value, body),
                    None => value,
                }
            }
            _ => V::unknown(library.spot, "it is the result of a call that is not known"),
        }
    }

    /// The type of what is let through.
    fn let_through_type(&self, library: &LibraryCall<'_>) -> Option<TypeUse> {
        let call = library.call;
        let at = TypeUse::of(library.file, call.callee);
        let ty = self
            .shapes
            .call_type(&at, call.callee, call.args, call.types)?;
        match &library.rule.key {
            Some(key) => self.shapes.field(&ty, key)?.ty,
            None => Some(ty),
        }
    }

    /// What a schema makes of what it is given; none if no more is known than its type tells.
    fn let_through(&self, given: &V, ty: &TypeUse, spot: Spot) -> Option<V> {
        if self.is_single(ty) {
            let value = self.typed(given.clone(), ty, false);
            return Some(match self.shapes.name(ty) {
                Some(name) => with_alias(value, &name),
                None => value,
            });
        }
        let is_told = |value: &V| match &**value {
            Value::Object(object) => object.picked.is_none(),
            Value::Data(data) => is_handed(data),
            _ => false,
        };
        self.shapes.all_fields(ty)?;
        let is_any_told = given.alternatives().iter().any(|value| match &**value {
            Value::When(_, inner) => is_told(inner),
            _ => is_told(value),
        });
        let value = is_any_told.then(|| self.cut(given, ty, spot, 0))?;
        (!value.is_empty()).then_some(value)
    }

    /// The parts of a value that a type has a place for.
    fn cut(&self, value: &V, ty: &TypeUse, spot: Spot, depth: usize) -> V {
        if depth > MAX_DEPTH {
            return value.clone();
        }
        match &**value {
            Value::Union(parts) => {
                V::union(parts.iter().map(|part| self.cut(part, ty, spot, depth)))
            }
            Value::When(condition, inner) => when(condition, self.cut(inner, ty, spot, depth)),
            Value::Array(elements) => match self.shapes.element(ty) {
                Some(element) => V::new(Value::Array(
                    elements
                        .iter()
                        .map(|it| self.cut(it, &element, spot, depth + 1))
                        .collect(),
                )),
                None => value.clone(),
            },
            Value::Object(object) if object.picked.is_none() => {
                self.cut_to_fields(value, ty, spot, depth)
            }
            Value::Data(data) if depth == 0 && is_handed(data) => {
                self.cut_to_fields(value, ty, spot, depth)
            }
            // What a type of its own says more of than the schema lets through.
            Value::Data(data) if depth > 0 && self.has_known_fields(data) => {
                self.cut_to_fields(value, ty, spot, depth)
            }
            _ => self.typed(value.clone(), ty, false),
        }
    }

    fn cut_to_fields(&self, value: &V, ty: &TypeUse, spot: Spot, depth: usize) -> V {
        let is_list = matches!(self.shapes.solid(ty), Shape::List(_) | Shape::Tuple(_));
        let Some(fields) = self.shapes.all_fields(ty).filter(|_| !is_list) else {
            return value.clone();
        };
        // What a schema does not know, some let through.
        let mut left = match self.shapes.is_open(ty) {
            true => Object::of(value),
            false => Object::default(),
        };
        for field in fields.iter() {
            let part = self.member(value, &field.name, spot);
            let part = match &field.ty {
                Some(ty) => self.cut(&part, ty, spot, depth + 1),
                None => part,
            };
            if !matches!(&*part, Value::Nothing) {
                left.set(field.name.clone(), part, false);
            }
        }
        V::new(Value::Object(left))
    }

    fn has_known_fields(&self, data: &Data) -> bool {
        let fields = data.ty.as_ref().and_then(|own| self.shapes.all_fields(own));
        fields.is_some_and(|fields| !fields.is_empty())
    }

    /// Whether a type is that of a single value.
    fn is_single(&self, ty: &TypeUse) -> bool {
        let is_scalar = |part: &TypeUse| matches!(self.shapes.solid(part), Shape::Scalar(_));
        self.shapes
            .parts(ty)
            .is_some_and(|parts| !parts.is_empty() && parts.iter().all(is_scalar))
    }
}

/// A value known by the function that gave another.
fn made_as(value: V, other: &V) -> V {
    match (&*value, &**other) {
        (Value::Data(data), Value::Data(other)) => {
            let producer = other.origin().producer.clone();
            V::new(Value::Data(data.clone().made_by(producer)))
        }
        _ => value,
    }
}

/// Whether callers hand a value over. What a method of theirs gives (`await request.json()`) is read where that is called.
fn is_handed(data: &Data) -> bool {
    matches!(data.root, Root::Param(..)) && !data.is_called()
}

/// What is let through, where a schema gives it beside whether it did.
fn under_key(library: &LibraryCall<'_>, value: V) -> V {
    let Some(key) = &library.rule.key else {
        return value;
    };
    let mut object = Object::default();
    object.spread(&library.given(), false);
    object.set(Name::from(key), value, false);
    V::new(Value::Object(object))
}
