//! What the schemas of packages let through.
//!
//! In: a call of a schema's method. Out: its value: of a schema of a single value, what it was given. It leaves alone the
//! fields of what a schema of an object lets through, which its type tells (`inferred`).

use super::bindings::with_alias;
use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::shapes::{Shape, TypeUse};
use super::value::{V, Value};
use crate::facts::Name;

impl Evaluator<'_> {
    /// What a schema lets through: of a schema of a single value, what it was given.
    pub(super) fn checked(&self, library: &LibraryCall<'_>) -> V {
        let callee = library.call.callee;
        let is_single = |ty: &TypeUse| {
            let is_scalar = |part: &TypeUse| matches!(self.shapes.solid(part), Shape::Scalar(_));
            self.shapes
                .parts(ty)
                .is_some_and(|parts| !parts.is_empty() && parts.iter().all(is_scalar))
        };
        let result = self.shapes.result(&TypeUse::of(library.file, callee));
        let ty = match (&library.rule.key, result) {
            (Some(key), Some(ty)) => self.shapes.field(&ty, key).and_then(|field| field.ty),
            (None, ty) => ty,
            _ => None,
        };
        if let (Some(given), Some(ty)) = (library.args.first(), ty.filter(is_single)) {
            let mut value = self.typed(given.clone(), &ty, false);
            if let Some(name) = self.shapes.name(&ty) {
                value = with_alias(value, &name);
            }
            let Some(key) = &library.rule.key else {
                return value;
            };
            let mut object = Object::default();
            object.spread(&library.given(), false);
            object.set(Name::from(key), value, false);
            return V::new(Value::Object(object));
        }
        // Each of several schemas by itself.
        let callee = match library.receiver {
            Some((schema, name)) => self.member(schema, name, library.spot),
            None => self.expr(library.file, callee),
        };
        match &*callee {
            Value::Data(data) => {
                self.data_call(data, library.call, library.file, library.args, library.spot)
            }
            _ => V::unknown(library.spot, "it is the result of a call that is not known"),
        }
    }
}
