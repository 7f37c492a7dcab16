//! Functions that tell which of several types a value is of (`isFailure(result): result is Failure`).
//!
//! In: a test that calls such a function, asks for a key or for the class of an error, and a value of several kinds. Out: the parts of its type, and the
//! alternatives of the value, that can be there where the test comes out as it does. It leaves alone what the body of the function
//! compares (`predicates`): what checks the program takes its type's word for it.

use super::alike::unconditional;
use super::evaluate::Evaluator;
use super::narrow::tests_around;
use super::shapes::{Shape, Shapes, TypeUse};
use super::told::KeyTest;
use super::value::{Data, V, Value};
use crate::facts::{BindingId, ClassId, Expr, ExprId, Item, Name, Type};
use crate::source::FileId;

impl Evaluator<'_> {
    /// What a test says that calls such a function: of which argument, and the type that it is of.
    pub(super) fn type_told(&self, file: FileId, test: ExprId) -> Option<(ExprId, TypeUse)> {
        let facts = self.program.facts(file);
        let Expr::Call { callee, args, .. } = facts.expr(test) else {
            return None;
        };
        if !matches!(facts.expr(*callee), Expr::Ref(_) | Expr::Member { .. }) {
            return None;
        }
        let callee = self.expr(file, *callee);
        let Value::Function(closure) = &*callee else {
            return None;
        };
        let target = closure.target;
        let told_by = self.program.facts(target.file);
        let declared = told_by.function(target.function);
        let Type::Predicate { param, ty } = told_by.ty(declared.return_type?) else {
            return None;
        };
        let mut params = declared.params.iter();
        let at = params.position(|it| it.name.as_ref() == Some(param))?;
        match args.get(at)? {
            Item::Value(subject) => Some((facts.uncast(*subject), TypeUse::new(target.file, *ty))),
            _ => None,
        }
    }

    /// Of a name's value that is one of several, those that the tests around leave; none if that is all of them.
    pub(super) fn alternatives_left(
        &self,
        file: FileId,
        id: ExprId,
        binding: BindingId,
        value: &V,
    ) -> Option<V> {
        let parts = value.alternatives();
        let is_open = |it: &V| matches!(&**unconditional(it), Value::Object(_) | Value::Data(_));
        if !parts.iter().any(is_open) {
            return None;
        }
        let facts = self.program.facts(file);
        let at = facts.span(id);
        let is_it = |it: ExprId| matches!(facts.expr(it), Expr::Ref(other) if *other == binding);
        let mut left = parts.to_vec();
        for (test, wanted) in tests_around(facts, at) {
            if let Some(asked) = KeyTest::of(facts, test) {
                if is_it(asked.object) {
                    left.retain(|it| self.has_key(it, &asked.key).is_none_or(|it| it == wanted));
                }
            } else if let Some((subject, ty)) = self.type_told(file, test)
                && is_it(subject)
            {
                left.retain(|it| self.is_of(it, &ty).is_none_or(|it| it == wanted));
            } else if let Some((subject, class)) = self.class_told(file, test)
                && is_it(subject)
            {
                left.retain(|it| self.is_error_of(it, class).is_none_or(|it| it == wanted));
            }
        }
        // Of errors there may be others than those that are seen to be thrown.
        let is_any_left = !left.is_empty() || parts.iter().all(is_error);
        (is_any_left && left.len() < parts.len()).then(|| V::union(left))
    }

    /// The class of the program that a test asks for, and of what it does so (`error instanceof FailedError`).
    fn class_told(&self, file: FileId, test: ExprId) -> Option<(ExprId, (FileId, ClassId))> {
        let Expr::Binary { op, left, right } = self.program.facts(file).expr(test) else {
            return None;
        };
        if op != "instanceof" {
            return None;
        }
        match *self.expr(file, *right) {
            Value::Class(file, class) => Some((*left, (file, class))),
            _ => None,
        }
    }

    /// Whether an error whose making is known is one of a class.
    fn is_error_of(&self, value: &V, class: (FileId, ClassId)) -> Option<bool> {
        let Value::Object(error) = &**unconditional(value) else {
            return None;
        };
        let made = error.spreads.iter().find_map(|behind| match &**behind {
            Value::Instance(instance) => Some((instance.file, instance.class)),
            _ => None,
        });
        error
            .is_error
            .then(|| made.is_some_and(|made| self.is_below(made, class)))
    }

    /// Whether a value is of a type, if its making or its own type tells.
    fn is_of(&self, value: &V, ty: &TypeUse) -> Option<bool> {
        match &**unconditional(value) {
            Value::Object(object) => {
                let has_all = self
                    .shapes
                    .has_needed(ty, |name| object.get(name).is_some())?;
                (has_all || object.is_whole()).then_some(has_all)
            }
            Value::Data(Data { ty: Some(own), .. }) => self.shapes.is_kind_of(own, ty),
            _ => None,
        }
    }
}

/// Whether a value is an error whose making is known.
pub(super) fn is_error(value: &V) -> bool {
    matches!(&**unconditional(value), Value::Object(object) if object.is_error)
}

impl Shapes<'_> {
    /// What is left of a type that is one of several where it is of another, or is not; none if that is all of it.
    pub(super) fn where_is(&self, ty: &TypeUse, told: &TypeUse, wanted: bool) -> Option<TypeUse> {
        self.where_part(ty, |part| {
            self.is_kind_of(part, told).is_none_or(|it| it == wanted)
        })
    }

    /// Whether all of a type is of another one: the same, or with all that it needs to have. None where that is not known.
    fn is_kind_of(&self, part: &TypeUse, told: &TypeUse) -> Option<bool> {
        let own = self.which(part)?;
        let parts = self.parts(told)?;
        if parts.iter().any(|it| self.which(it).as_ref() == Some(&own)) {
            return Some(true);
        }
        let (
            Shape::Fields {
                fields: own, open, ..
            },
            [told],
        ) = (self.solid(part), parts.as_slice())
        else {
            return None;
        };
        let has_all = self.has_needed(told, |name| own.get(name).is_some())?;
        (has_all || !open).then_some(has_all)
    }

    /// Whether all fields that a type needs are there; none if it needs none that are known.
    fn has_needed(&self, ty: &TypeUse, has: impl Fn(&Name) -> bool) -> Option<bool> {
        let fields = self.all_fields(ty)?;
        let mut needed = fields.iter().filter(|field| !field.optional).peekable();
        needed.peek()?;
        Some(needed.all(|field| has(&field.name)))
    }
}
