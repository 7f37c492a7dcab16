//! Which parts of a type that is one of several are left.
//!
//! In: a value of such a type, and the tests around the place where it is read, or the narrower type of the name that it is
//! given to. Out: the value with the parts that can be there. It leaves alone what a test says (`guards`) and what a type is
//! made of (`shapes`).
//!
//! What checks the program lets a value of several types be given to a name of one of them only where a test has told which
//! it is, so the name's type is right even where the test is not understood.

use std::rc::Rc;

use super::alike::unconditional;
use super::evaluate::{Evaluator, is_plain_number};
use super::guards::Says;
use super::kinds::kind_test;
use super::object::Object;
use super::shapes::{Asked, Shape, Shapes, TypeUse, What, asked};
use super::subject::ValueType;
use super::told::KeyTest;
use super::type_guards::is_error;
use super::value::{Data, Step, V, Value};
use crate::facts::{
    BindingId, ClassId, Expr, ExprId, FileFacts, Literal, LogicalOp, Name, Test, Type, TypeDeclId,
};
use crate::source::{FileId, Span};

/// A type that is one of more than this is not narrowed.
const MAX_PARTS: usize = 64;

/// What makes two parts the same.
#[derive(PartialEq)]
pub(super) enum Which {
    Declared(FileId, TypeDeclId),
    Class(FileId, ClassId),
    Written(Asked),
    /// One of the objects of an intersection, by where it is kept.
    Joined(usize),
}

/// What a field must be.
struct Wanted<'w> {
    field: &'w Name,
    says: &'w Says,
    holds: bool,
}

impl Wanted<'_> {
    fn allows(&self, literal: &Literal) -> bool {
        let is_so = match (self.says, literal) {
            (Says::Among(words), Literal::String(word)) => words.contains(word),
            (Says::Among(words), Literal::Number(number)) if is_plain_number(number) => {
                words.contains(number)
            }
            (Says::True, Literal::Bool(value)) => *value,
            _ => return true,
        };
        is_so == self.holds
    }
}

impl Evaluator<'_> {
    /// A name's value where it is read: of one of several types, those that the tests around leave.
    pub(super) fn narrowed(&self, file: FileId, id: ExprId, binding: BindingId, value: V) -> V {
        match &*value {
            Value::Data(data) => match self.left_of(file, id, binding, data) {
                Some(left) => left,
                None => value,
            },
            Value::Object(_) | Value::When(..) if is_error(&value) => self
                .alternatives_left(file, id, binding, &value)
                .unwrap_or(value),
            // What a library gives, with what is known of it.
            Value::Object(object) => match object.spreads.as_slice() {
                [only] => match &**only {
                    Value::Data(data) => match self.left_of(file, id, binding, data) {
                        Some(left) => self.with_fields_of(object, data, left),
                        None => value,
                    },
                    _ => value,
                },
                _ => value,
            },
            Value::Union(_) => match self.alternatives_left(file, id, binding, &value) {
                Some(left) => left,
                None => value,
            },
            _ => value,
        }
    }

    /// An object of which less is left, without the fields that only what is gone has.
    fn with_fields_of(&self, object: &Object, whole: &Data, left: V) -> V {
        let mut object = object.clone();
        if let (Some(whole), Value::Data(Data { ty: Some(ty), .. })) = (&whole.ty, &*left)
            && !self.shapes.is_open(ty)
        {
            let has = |ty: &TypeUse, name: &Name| self.shapes.field(ty, name).is_some();
            let fields = object.fields.iter();
            let missing: Vec<Name> = (fields.map(|field| field.name.clone()))
                .filter(|name| has(whole, name) && !has(ty, name))
                .collect();
            for name in &missing {
                object.remove(name);
            }
        }
        object.spreads = [left].into_iter().collect();
        V::new(Value::Object(object))
    }

    /// What the tests around leave of a value; none if that is all of it.
    fn left_of(&self, file: FileId, id: ExprId, binding: BindingId, data: &Data) -> Option<V> {
        let facts = self.program.facts(file);
        if facts.binding(binding).sources.len() > 1 {
            return None;
        }
        let at = facts.span(id);
        let is_it = |it: ExprId| matches!(facts.expr(it), Expr::Ref(other) if *other == binding);
        if self.may_be_anything(data) && is_text_there(facts, at, is_it) {
            return Some(V::new(Value::Data(Data {
                ty: Some(TypeUse::known(file, Shape::Scalar(ValueType::String))),
                ..data.clone()
            })));
        }
        let ty = data.ty.as_ref().filter(|ty| self.shapes.is_several(ty))?;
        let mut left = ty.clone();
        for guard in facts.guards.iter().filter(|it| it.span.contains(at)) {
            if let Test::Is(test, wanted) = guard.test {
                for (test, wanted) in single_tests(facts, test, wanted) {
                    let narrower = match KeyTest::of(facts, test) {
                        Some(asked) if is_it(asked.object) => {
                            self.shapes.with_key(&left, &asked.key, wanted)
                        }
                        Some(_) => None,
                        None => match kind_test(facts, test) {
                            Some((subject, kind, is_so)) if is_it(subject) => {
                                self.shapes.where_kind(&left, kind, is_so == wanted)
                            }
                            Some(_) => None,
                            None => self
                                .type_told(file, test)
                                .filter(|(subject, _)| is_it(*subject))
                                .and_then(|(_, told)| self.shapes.where_is(&left, &told, wanted)),
                        },
                    };
                    left = narrower.unwrap_or(left);
                }
            }
            for it in self.compared_by(file, &guard.test) {
                if let Expr::Member { object, name, .. } = facts.expr(it.subject)
                    && is_it(*object)
                {
                    let wanted = Wanted {
                        field: name,
                        says: &it.says,
                        holds: it.holds,
                    };
                    left = self.shapes.where_field(&left, &wanted).unwrap_or(left);
                }
            }
        }
        if asked(&left) == asked(ty) && asked(ty).is_some() {
            return None;
        }
        Some(V::new(Value::Data(Data {
            ty: Some(left),
            ..data.clone()
        })))
    }

    /// What is given under some steps to a name of a declared type, without what is said to be of another (`{ kind: 'note' }`
    /// where `kind` is `'click'`): a test has told that it is not there. All of it, where nothing would be left.
    pub(super) fn of_declared(&self, value: V, whole: &TypeUse, steps: &[Step]) -> V {
        let parts = value.alternatives();
        if parts.len() < 2 {
            return value;
        }
        let ty = steps.iter().try_fold(whole.clone(), |ty, step| match step {
            Step::Key(name) => self.shapes.field(&ty, name)?.ty,
            _ => None,
        });
        let Some(Shape::Fields { fields, .. }) = ty.map(|ty| self.shapes.shape(&ty)) else {
            return value;
        };
        let marks: Vec<(&Name, Vec<Literal>)> = (fields.iter())
            .filter_map(|field| Some((&field.name, self.shapes.literals(field.ty.as_ref()?)?)))
            .collect();
        let is_other = |part: &&V| {
            marks.iter().any(|(name, words)| {
                let said = self.literals_under(unconditional(part), name);
                said.is_some_and(|said| !said.iter().any(|word| words.contains(word)))
            })
        };
        let left: Vec<V> = parts.iter().filter(|it| !is_other(it)).cloned().collect();
        match left.len() {
            0 => value,
            all if all == parts.len() => value,
            _ => V::union(left),
        }
    }

    /// The literals that the field of a value is one of, as it is written or by its type.
    fn literals_under(&self, value: &V, name: &Name) -> Option<Vec<Literal>> {
        match &**value {
            Value::Object(object) => match &*object.get(name)? {
                Value::Literal(literal @ Literal::String(_)) => Some(vec![literal.clone()]),
                _ => None,
            },
            Value::Data(Data { ty: Some(ty), .. }) if !self.shapes.is_several(ty) => {
                let field = self.shapes.field(ty, name)?;
                self.shapes
                    .literals(field.ty.as_ref()?)
                    .filter(|_| !field.optional)
            }
            _ => None,
        }
    }

    /// Whether no type says anything of what a value is.
    pub(super) fn may_be_anything(&self, data: &Data) -> bool {
        let shape = data.ty.as_ref().map(|ty| self.shapes.shape(ty));
        matches!(shape, None | Some(Shape::Unknown))
    }
}

impl Shapes<'_> {
    fn is_several(&self, ty: &TypeUse) -> bool {
        match self.solid(ty) {
            Shape::Union(_) => true,
            Shape::Fields { fields, .. } => !fields.ways().is_empty(),
            _ => false,
        }
    }

    /// Whether a type is some of the parts of another.
    pub(super) fn is_part_of(&self, narrow: &TypeUse, wide: &TypeUse) -> bool {
        if !self.is_several(wide) {
            return false;
        }
        let (Some(narrow), Some(wide)) = (self.parts(narrow), self.parts(wide)) else {
            return false;
        };
        let which = |parts: &[TypeUse]| -> Option<Vec<Which>> {
            parts.iter().map(|part| self.which(part)).collect()
        };
        let (Some(narrow), Some(wide)) = (which(&narrow), which(&wide)) else {
            return false;
        };
        narrow.len() < wide.len() && narrow.iter().all(|part| wide.contains(part))
    }

    /// Whether one of several types, of which it is made, is in no file that was read.
    pub(super) fn is_partly_unread(&self, ty: &TypeUse) -> bool {
        let parts = self.parts(ty).unwrap_or_default();
        parts.len() > 1 && parts.iter().any(|part| self.is_unread(part))
    }

    /// The parts of a type that is one of several, one by one.
    pub(super) fn parts(&self, ty: &TypeUse) -> Option<Vec<TypeUse>> {
        let mut found = Vec::new();
        let mut open = vec![ty.clone()];
        while let Some(part) = open.pop() {
            match self.solid(&part) {
                Shape::Union(parts) => open.extend(parts.into_iter().rev()),
                Shape::Fields { fields, .. } if !fields.ways().is_empty() => {
                    open.extend(fields.ways().iter().rev().cloned());
                }
                _ => found.push(part),
            }
            if found.len() + open.len() > MAX_PARTS {
                return None;
            }
        }
        Some(found)
    }

    pub(super) fn which(&self, part: &TypeUse) -> Option<Which> {
        match self.solid(part) {
            Shape::Fields {
                decl: Some((file, decl)),
                ..
            } => Some(Which::Declared(file, decl)),
            Shape::Class(file, class, _) => Some(Which::Class(file, class)),
            Shape::Fields { .. } => match &part.what {
                What::Known(shape) => Some(Which::Joined(Rc::as_ptr(shape).addr())),
                _ => asked(part).map(Which::Written),
            },
            _ => None,
        }
    }

    /// What is left of a type that is one of several where a field is as wanted; none if that is all of it.
    fn where_field(&self, ty: &TypeUse, wanted: &Wanted<'_>) -> Option<TypeUse> {
        self.where_part(ty, |part| {
            let field = self.field(part, wanted.field);
            let literals = field.and_then(|field| self.literals(field.ty.as_ref()?));
            literals.is_none_or(|literals| literals.iter().any(|it| wanted.allows(it)))
        })
    }

    /// What is left of a type that is one of several where it has a key, or has it not; none if that is all of it.
    fn with_key(&self, ty: &TypeUse, key: &Name, wanted: bool) -> Option<TypeUse> {
        self.where_part(ty, |part| match self.solid(part) {
            Shape::Fields { fields, open, .. } => match fields.get(key) {
                Some(field) => wanted || field.optional,
                None => !wanted || open,
            },
            _ => true,
        })
    }

    /// What is left of a type that is one of several where `typeof` says a word of it, or any other; none if that is all of it.
    fn where_kind(&self, ty: &TypeUse, kind: &str, wanted: bool) -> Option<TypeUse> {
        self.where_part(ty, |part| {
            let said = match self.solid(part) {
                Shape::Scalar(ValueType::String) | Shape::Word(_) => "string",
                Shape::Scalar(ValueType::Number) => "number",
                Shape::Scalar(ValueType::Boolean) => "boolean",
                Shape::Fields { .. } | Shape::Class(..) | Shape::List(_) | Shape::Tuple(_) => {
                    "object"
                }
                Shape::Function(_) => "function",
                _ => return true,
            };
            (said == kind) == wanted
        })
    }

    pub(super) fn where_part(
        &self,
        ty: &TypeUse,
        keeps: impl Fn(&TypeUse) -> bool,
    ) -> Option<TypeUse> {
        let parts = self.parts(ty)?;
        let count = parts.len();
        let mut left: Vec<TypeUse> = parts.into_iter().filter(keeps).collect();
        match left.len() {
            0 => None,
            all if all == count => None,
            1 => left.pop(),
            _ => Some(TypeUse::known(ty.file, Shape::Union(left))),
        }
    }

    /// The literals that a type is one of.
    pub(super) fn literals(&self, ty: &TypeUse) -> Option<Vec<Literal>> {
        if let What::Written(written) = ty.what
            && let Type::Literal(literal) = self.program.facts(ty.file).ty(written)
        {
            return Some(vec![literal.clone()]);
        }
        match self.shape(ty) {
            Shape::Word(word) => Some(vec![Literal::String(word)]),
            Shape::Scalar(ValueType::Choice) => {
                let words = self.keys(ty, 0)?.into_iter();
                Some(words.map(Literal::String).collect())
            }
            _ => None,
        }
    }
}

/// The tests that a test which comes out as wanted is made of, with how they come out.
fn single_tests(facts: &FileFacts, test: ExprId, wanted: bool) -> Vec<(ExprId, bool)> {
    let mut found = Vec::new();
    let mut tests = vec![(test, wanted)];
    while let Some((test, wanted)) = tests.pop() {
        match facts.expr(test) {
            Expr::Unary { op, operand } if op == "!" => tests.push((*operand, !wanted)),
            Expr::Logical { op, left, right } if wanted == (*op == LogicalOp::And) => {
                tests.extend([(*left, wanted), (*right, wanted)]);
            }
            _ => found.push((test, wanted)),
        }
    }
    found
}

/// The single tests of those around a place, and how each comes out there.
pub(super) fn tests_around(
    facts: &FileFacts,
    at: Span,
) -> impl Iterator<Item = (ExprId, bool)> + '_ {
    let around = facts.guards.iter();
    let around = around.filter(move |it| it.span.contains(at));
    around.flat_map(|guard| match guard.test {
        Test::Is(test, wanted) => single_tests(facts, test, wanted),
        Test::OneOf(..) => Vec::new(),
    })
}

/// Whether a test around a place says that a name is a text there.
fn is_text_there(facts: &FileFacts, at: Span, is_it: impl Fn(ExprId) -> bool) -> bool {
    tests_around(facts, at).any(|(test, wanted)| {
        kind_test(facts, test).is_some_and(|(subject, kind, is_so)| {
            kind == "string" && is_so == wanted && is_it(subject)
        })
    })
}
