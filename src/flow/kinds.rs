//! What a value is of, as `typeof`, `instanceof` and `Array.isArray` tell.
//!
//! In: a value, or the test. Out: the kind, where the code writes the value out. It leaves alone what follows from a test
//! (`guards`, `conditions`).

use super::alike::unconditional;
use super::connectives::is_equality;
use super::evaluate::Evaluator;
use super::shapes::{Shape, TypeUse};
use super::subject::ValueType;
use super::value::{Data, Root, V, Value};
use crate::facts::{Expr, ExprId, FileFacts, Item, Literal, Name};
use crate::source::FileId;

/// What makes the values that a test lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Maker {
    /// `Array`.
    Array,
    /// `Error`, the root of all errors.
    Error,
    /// What has fields or elements.
    Object,
    /// Some class of errors, or a class of the program.
    Class,
}

impl Maker {
    /// Whether a value is of it, where the code writes the value out; of any other only a run can tell.
    pub(super) fn made(self, value: &V) -> Option<bool> {
        agreed(value.alternatives().iter().map(|it| self.made_one(it)))
    }

    fn made_one(self, value: &V) -> Option<bool> {
        match &**value {
            Value::Literal(_) | Value::Text(_) | Value::Function(_) => Some(false),
            Value::Array(_) | Value::Object(_) | Value::Instance(_) if self == Self::Object => {
                Some(true)
            }
            Value::Array(_) => Some(self == Self::Array),
            Value::Object(object) if object.is_error => match self {
                Self::Array => Some(false),
                Self::Error => Some(true),
                Self::Class | Self::Object => None,
            },
            // What is spread into it may be all of it (`Object.assign(new Session(), …)`).
            Value::Object(object) => object.spreads.is_empty().then_some(false),
            Value::Instance(_) if self == Self::Array => Some(false),
            _ => None,
        }
    }
}

/// Whether a value is a caught error as a whole, of which nothing is known.
pub(super) fn is_caught(data: &Data) -> bool {
    data.root == Root::Caught && data.ty.is_none() && data.steps.is_empty() && data.path.len() < 2
}

/// What all parts agree on, if all are known.
pub(super) fn agreed<T: PartialEq>(parts: impl IntoIterator<Item = Option<T>>) -> Option<T> {
    let mut parts = parts.into_iter();
    let first = parts.next()??;
    parts
        .all(|part| part.as_ref() == Some(&first))
        .then_some(first)
}

/// What `typeof` says of a value that the code writes out; of any other only a run can tell.
fn kind_of(value: &V) -> Option<Name> {
    let kind = match &**value {
        Value::Literal(Literal::String(_)) | Value::Text(_) => "string",
        Value::Literal(Literal::Number(_)) => "number",
        Value::Literal(Literal::Bool(_)) => "boolean",
        Value::Object(_) | Value::Array(_) | Value::Instance(_) => "object",
        Value::Function(_) => "function",
        _ => return None,
    };
    Some(Name::const_new(kind))
}

/// The words that `typeof` can say of a value, if all are known.
pub(super) fn kinds_of(value: &V) -> Option<Vec<Name>> {
    value.alternatives().iter().map(kind_of).collect()
}

/// What a test asks the kind of, which kind, and whether it holds if it is of that (`typeof told !== 'string'`).
pub(super) fn kind_test(facts: &FileFacts, test: ExprId) -> Option<(ExprId, &Name, bool)> {
    let Expr::Binary { op, left, right } = facts.expr(test) else {
        return None;
    };
    let is_so = is_equality(op)?;
    let kind = |asked: ExprId, word: ExprId| match (facts.expr(asked), facts.expr(word)) {
        (Expr::Unary { op, operand }, Expr::Literal(Literal::String(kind))) if op == "typeof" => {
            Some((*operand, kind, is_so))
        }
        _ => None,
    };
    kind(*left, *right).or_else(|| kind(*right, *left))
}

impl Evaluator<'_> {
    /// Whether a value is of what a test asks for, where the code writes it out or its type tells.
    pub(super) fn is_made_by(&self, maker: Maker, value: &V) -> Option<bool> {
        agreed(value.alternatives().iter().map(|value| {
            let value = unconditional(value);
            maker.made_one(value).or_else(|| match &**value {
                // What is thrown is an error, as far as nothing else is known of it.
                Value::Data(data) if is_caught(data) => match maker {
                    Maker::Error => Some(true),
                    Maker::Array => Some(false),
                    Maker::Object | Maker::Class => None,
                },
                Value::Data(Data { ty: Some(ty), .. }) => self.is_type_of(maker, ty),
                Value::FieldsOf(object) => self.is_made_by(maker, &self.element(object)),
                _ => None,
            })
        }))
    }

    /// Whether a type tells that nothing of it is that: what is may also be missing, which an optional member's type does not say.
    fn is_type_of(&self, maker: Maker, ty: &TypeUse) -> Option<bool> {
        let parts = self.shapes.parts(ty)?;
        if maker == Maker::Object {
            return self.is_object_type(&parts);
        }
        agreed(parts.iter().map(|part| match self.shapes.solid(part) {
            Shape::Scalar(_) | Shape::Word(_) => Some(false),
            Shape::List(_) | Shape::Tuple(_) => (maker != Maker::Array).then_some(false),
            Shape::Fields { .. } | Shape::Class(..) if maker == Maker::Array => Some(false),
            Shape::Class(file, class, _) if maker == Maker::Error => {
                (!self.is_error_class(file, class)).then_some(false)
            }
            // No error is without a text.
            Shape::Fields {
                fields,
                open: false,
                ..
            } if !fields.is_empty() && fields.get("message").is_none() => {
                (maker == Maker::Error).then_some(false)
            }
            _ => None,
        }))
    }

    /// Whether all of a type have fields or elements, or none of it has.
    fn is_object_type(&self, parts: &[TypeUse]) -> Option<bool> {
        agreed(parts.iter().map(|part| match self.shapes.solid(part) {
            Shape::Scalar(kind) => {
                (kind != ValueType::Date && kind != ValueType::Unknown).then_some(false)
            }
            Shape::Word(_) => Some(false),
            Shape::List(_) | Shape::Tuple(_) | Shape::Fields { .. } | Shape::Class(..) => {
                Some(true)
            }
            _ => None,
        }))
    }

    /// What of a branch's value is there after its test, if the branch gives what the test asks for its kind: of
    /// `typeof error === 'string' ? error : error.message` no object is given whole.
    pub(super) fn of_kind(
        &self,
        file: FileId,
        test: ExprId,
        wanted: bool,
        branch: ExprId,
        value: V,
    ) -> V {
        let facts = self.program.facts(file);
        let Some((asked, kind, is_equal)) = kind_test(facts, test) else {
            return value;
        };
        let is_same = matches!((facts.expr(asked), facts.expr(branch)),
            (Expr::Ref(asked), Expr::Ref(given)) if asked == given);
        if !is_same {
            return value;
        }
        let fits = |it: &&V| {
            let told = kind_of(unconditional(it));
            told.is_none_or(|told| (told == *kind) == (is_equal == wanted))
        };
        V::union(value.alternatives().iter().filter(fits).cloned())
    }

    /// What a test asks of whom: `value instanceof Error`, `Array.isArray(value)`.
    pub(super) fn asks_for_maker(&self, file: FileId, test: ExprId) -> Option<(ExprId, Maker)> {
        let facts = self.program.facts(file);
        match facts.expr(test) {
            Expr::Binary { op, left, right } if op == "instanceof" => {
                let maker = match facts.expr(*right) {
                    Expr::Global(name) if name == "Error" => Maker::Error,
                    Expr::Global(name) if name == "Array" => Maker::Array,
                    Expr::Global(name) if name.ends_with("Error") => Maker::Class,
                    Expr::Ref(_) => match &*self.expr(file, *right) {
                        Value::Class(..) => Maker::Class,
                        _ => return None,
                    },
                    _ => return None,
                };
                Some((*left, maker))
            }
            Expr::Call { callee, args, .. } => {
                let [Item::Value(subject)] = args.as_slice() else {
                    return None;
                };
                let Expr::Member { object, name, .. } = facts.expr(*callee) else {
                    return None;
                };
                let is_array = name == "isArray"
                    && matches!(facts.expr(*object), Expr::Global(name) if name == "Array");
                is_array.then_some((*subject, Maker::Array))
            }
            _ => None,
        }
    }
}
