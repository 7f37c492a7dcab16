//! Messages that name their type, and the functions of libraries that make them.
//!
//! In: a call of such a function (`new CustomEvent(…)`, `createAction(…)`, `createSlice(…)`) or of what it gives. Out: the
//! message as an object, or a [`Creator`] of messages. It leaves alone who gets a message (`announce`, `listeners`).

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{Creator, V, Value};
use crate::facts::{Literal, Name};

/// The field by which a message names its type; a fact of the platform's events and of stores that follow them.
const TYPE: &str = "type";
/// The field with what a message brings.
const PAYLOAD: &str = "payload";
/// The type of plain messages.
pub(super) const POSTED: &str = "message";

impl Evaluator<'_> {
    /// The message that a creator makes.
    pub(super) fn created(&self, creator: &Creator, args: &[V]) -> V {
        let mut message = Object::default();
        match &creator.prepare {
            Some(prepare) => message.spread(&self.apply(prepare, args, None), false),
            None => {
                let payload = args.first().cloned().unwrap_or_else(V::nothing);
                message.set(Name::const_new(PAYLOAD), payload, false);
            }
        }
        message.set(Name::const_new(TYPE), text(&creator.kind), false);
        V::new(Value::Object(message))
    }

    /// `new CustomEvent(type, { detail })`.
    pub(super) fn message(&self, library: &LibraryCall<'_>) -> V {
        let mut message = Object::default();
        if let Some(fields) = library.args.get(1) {
            message.spread(fields, false);
        }
        let kind = library.args.first().cloned().unwrap_or_else(V::nothing);
        message.set(Name::const_new(TYPE), kind, false);
        V::new(Value::Object(message))
    }

    /// `createAction(type, prepare)`.
    pub(super) fn action(&self, library: &LibraryCall<'_>) -> V {
        match library.args.first().and_then(V::as_str) {
            Some(kind) => V::new(Value::Creator(Creator {
                kind: kind.into(),
                prepare: library.args.get(1).filter(|it| it.is_function()).cloned(),
            })),
            None => V::nothing(),
        }
    }

    /// `createSlice({ name, reducers })`: one creator for each reducer, of the type `name/reducer`.
    pub(super) fn slice(&self, library: &LibraryCall<'_>) -> V {
        let field = |value: &V, name: &str| self.member(value, &name.into(), library.spot);
        let mut actions = Object::default();
        if let Some(options) = library.args.first()
            && let Some(prefix) = field(options, "name").as_str()
            && let Value::Object(reducers) = &*field(options, "reducers")
        {
            for reducer in &reducers.fields {
                let prepare = match &*reducer.value {
                    Value::Object(parts) => parts.get("prepare"),
                    _ => None,
                };
                let creator = Creator {
                    kind: Name::from(format!("{prefix}/{}", reducer.name)),
                    prepare,
                };
                let creator = V::new(Value::Creator(creator));
                actions.set(reducer.name.clone(), creator, false);
            }
        }
        let mut slice = Object::default();
        slice.set(
            Name::const_new("actions"),
            V::new(Value::Object(actions)),
            false,
        );
        V::new(Value::Object(slice))
    }
}

/// A member of a creator: the type of its messages.
pub(super) fn creator_member(creator: &Creator, name: &str) -> V {
    if name == TYPE {
        text(&creator.kind)
    } else {
        V::nothing()
    }
}

/// The types of messages that a value stands for: their names, or what makes them, alone or in a list.
pub(super) fn types_of(value: &V) -> Vec<Name> {
    let mut found = Vec::new();
    for value in value.alternatives() {
        match &**value {
            Value::Literal(Literal::String(kind)) => found.push(kind.clone()),
            Value::Creator(creator) => found.push(creator.kind.clone()),
            Value::Array(elements) => {
                found.extend(elements.iter().flat_map(|element| match &**element {
                    Value::Literal(Literal::String(kind)) => Some(kind.clone()),
                    Value::Creator(creator) => Some(creator.kind.clone()),
                    _ => None,
                }))
            }
            _ => {}
        }
    }
    found
}

/// The type that a message names.
pub(super) fn type_of(evaluator: &Evaluator<'_>, message: &V, spot: super::value::Spot) -> V {
    evaluator.member(message, &Name::const_new(TYPE), spot)
}

/// The message that brings a value to whoever listens for plain messages (`postMessage`).
pub(super) fn posted(value: V) -> V {
    let mut message = Object::default();
    message.set(Name::const_new("data"), value, false);
    message.set(Name::const_new(TYPE), text(POSTED), false);
    V::new(Value::Object(message))
}

fn text(text: &str) -> V {
    V::new(Value::Literal(Literal::String(text.into())))
}
