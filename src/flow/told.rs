//! What types and objects tell of a test before it is made.
//!
//! In: what a test compares, for one call. Out: the words that it can be by its type, whether it has a key, and whether a text
//! has a word. It leaves
//! alone how tests are put together (`guards`), and what a test leaves of a type (`narrow`).

use super::alike::unconditional;
use super::evaluate::Evaluator;
use super::kinds::{Maker, agreed};
use super::shapes::{Shape, TypeUse};
use super::value::{Data, Presence, V, Value};
use crate::facts::{Expr, ExprId, FileFacts, Item, Literal, Name};

/// What an object is in a text.
const OBJECT: &str = "[object Object]";

/// A test for a key: `'key' in object`, `object.hasOwnProperty('key')`, `Object.hasOwn(object, 'key')`.
pub(super) struct KeyTest {
    pub object: ExprId,
    pub key: Name,
}

impl KeyTest {
    /// A test, if it is one for a key.
    pub(super) fn of(facts: &FileFacts, test: ExprId) -> Option<Self> {
        let (object, key) = match facts.expr(test) {
            Expr::Binary { op, left, right } if op == "in" => (*right, *left),
            Expr::Call { callee, args, .. } => {
                let Expr::Member { object, name, .. } = facts.expr(*callee) else {
                    return None;
                };
                match (name.as_str(), args.as_slice()) {
                    ("hasOwnProperty", [Item::Value(key)]) => (*object, *key),
                    ("hasOwn", [Item::Value(object), Item::Value(key)]) => (*object, *key),
                    _ => return None,
                }
            }
            _ => return None,
        };
        match facts.expr(key) {
            Expr::Literal(Literal::String(key)) => Some(Self {
                object,
                key: key.clone(),
            }),
            _ => None,
        }
    }
}

impl Evaluator<'_> {
    /// The words that a value can be, where it is one of the program's own or its type lists them. What may be missing is no word.
    pub(super) fn words_by_type(&self, value: &V) -> Option<Vec<Name>> {
        let mut words = Vec::new();
        for value in value.alternatives() {
            match &**unconditional(value) {
                Value::Literal(Literal::String(word)) => words.push(word.clone()),
                Value::Data(Data {
                    ty: Some(ty),
                    presence: Presence::Sure,
                    ..
                }) => {
                    for literal in self.shapes.literals(ty)? {
                        let Literal::String(word) = literal else {
                            return None;
                        };
                        words.push(word);
                    }
                }
                _ => return None,
            }
        }
        Some(words)
    }

    /// Whether a value has a key, if its making or its type tells.
    pub(super) fn has_key(&self, value: &V, key: &Name) -> Option<bool> {
        agreed(value.alternatives().iter().map(|value| {
            match &**unconditional(value) {
                Value::Object(object) => match object.get(key) {
                    Some(_) => object
                        .fields
                        .iter()
                        .all(|it| it.name != *key || !it.maybe)
                        .then_some(true),
                    None => object.is_whole().then_some(false),
                },
                Value::Data(Data { ty: Some(ty), .. }) => self.type_has_key(ty, key),
                _ => None,
            }
        }))
    }

    fn type_has_key(&self, ty: &TypeUse, key: &Name) -> Option<bool> {
        let parts = self.shapes.parts(ty)?;
        agreed(parts.iter().map(|part| match self.shapes.solid(part) {
            Shape::Fields { fields, open, .. } => match fields.get(key) {
                Some(field) => (!field.optional).then_some(true),
                None => (!open && !fields.is_empty()).then_some(false),
            },
            _ => None,
        }))
    }

    /// Whether a text has a word in it, as far as it is written down. What a program writes for an object is in it only if
    /// something in it is an object.
    pub(super) fn text_has(&self, text: &V, word: &str) -> Option<bool> {
        agreed(text.alternatives().iter().map(|text| {
            let text = unconditional(text);
            let parts = match &**text {
                Value::Text(parts) => parts.as_slice(),
                _ => std::slice::from_ref(text),
            };
            let is_written = |part: &V| part.as_str().is_some_and(|part| part.contains(word));
            if parts.iter().any(is_written) {
                return Some(true);
            }
            let is_without = |part: &V| {
                let is_object = || self.is_made_by(Maker::Object, part);
                part.as_str().is_some() || word == OBJECT && is_object() == Some(false)
            };
            parts.iter().all(is_without).then_some(false)
        }))
    }
}
