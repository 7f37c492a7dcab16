//! Elements of lists, and the parts of an object that its keys pick.
//!
//! In: a value with an index, a destructuring step or a list of keys. Out: the value of the element, or the object that is
//! left. It leaves alone members by name (`members`).

use ecow::eco_vec;

use super::alike::unconditional;
use super::alternatives::MAX_ALTERNATIVES;
use super::conditions::when;
use super::evaluate::Evaluator;
use super::expressions::any;
use super::filled::is_made_record;
use super::left_out::leaving_out;
use super::object::{Object, Picked};
use super::shapes::Shape;
use super::subject::ValueType;
use super::value::{Data, FnRef, Root, Spot, Step, V, Value};
use crate::facts::{self, Literal, Name};
use crate::finding::Transform;
use crate::source::FileId;

/// Why it is not known what is picked.
pub(super) const PICKED: &str = "which of its fields are picked, is computed";

/// What is made of an element is looked through so deep for it.
const MAX_DEPTH: usize = 3;
/// Nobody hands a function of unknown length more arguments than this to pass on.
const MOST_ARGUMENTS: u32 = 6;

impl Evaluator<'_> {
    /// `value[index]`.
    pub(super) fn index(&self, value: &V, index: u32) -> V {
        match &**value {
            Value::Array(elements) => {
                for (at, element) in (0..).zip(elements) {
                    if let Value::Spread(rest) = &**element {
                        return self.index(rest, index - at);
                    }
                    if at == index {
                        return element.clone();
                    }
                }
                match elements.as_slice() {
                    [only] if is_of_each(only, 0) => only.clone(),
                    _ => V::nothing(),
                }
            }
            Value::Data(data) => {
                let mut next = self.step_into(data, Step::Index(index), data.spot);
                next.aliases.clone_from(&data.aliases);
                next.ty = data.ty.as_ref().and_then(|ty| match self.shapes.shape(ty) {
                    Shape::Tuple(parts) => parts.get(index as usize).cloned(),
                    _ => self.shapes.element(ty),
                });
                V::new(Value::Data(next))
            }
            Value::Union(parts) => V::union(parts.iter().map(|part| self.index(part, index))),
            Value::When(condition, inner) => when(condition, self.index(inner, index)),
            Value::Changed(change, inner) => {
                V::new(Value::Changed(*change, self.index(inner, index)))
            }
            _ => self.element(value),
        }
    }

    /// Whether a value is known to be a list: one that is written, or all that a function is called with.
    pub(super) fn is_list(&self, value: &V) -> bool {
        match &**value {
            Value::Array(_) => true,
            Value::Data(data) => match data.root {
                Root::Param(at, index) if data.steps.is_empty() && data.path.is_empty() => {
                    let facts = self.program.facts(at.file);
                    let param = facts.function(at.function).params.get(index as usize);
                    param.is_some_and(|param| param.rest)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// The elements of a list from an index on; of one whose length is not known, the next few.
    pub(super) fn behind(&self, list: &V, from: f64) -> V {
        // Counted from the end, or from what only a run knows, it may be any of them.
        if !(0.0..=f64::from(MOST_ARGUMENTS)).contains(&from) || from == 0.0 {
            return list.clone();
        }
        let written = match &**list {
            Value::Array(elements) => elements.as_slice(),
            _ => &[],
        };
        let is_spread = |element: &V| matches!(&**element, Value::Spread(_));
        let known = match &**list {
            Value::Array(_) => written.iter().position(is_spread),
            _ => Some(0),
        };
        let length = match known {
            Some(at) => u32::try_from(at)
                .unwrap_or(u32::MAX)
                .saturating_add(MOST_ARGUMENTS),
            None => u32::try_from(written.len()).unwrap_or(u32::MAX),
        };
        let indexes = (0..length).filter(|index| f64::from(*index) >= from);
        V::new(Value::Array(
            indexes.map(|index| self.index(list, index)).collect(),
        ))
    }

    /// Any element of a list, or any field of an object that is used as a table.
    pub(super) fn element(&self, value: &V) -> V {
        match &**value {
            Value::Array(elements) => V::union(elements.iter().map(|element| match &**element {
                Value::Spread(rest) => self.element(rest),
                _ => element.clone(),
            })),
            Value::Object(object) => V::union(
                object
                    .fields
                    .iter()
                    .map(|field| field.value.clone())
                    .chain(object.spreads.iter().map(|spread| self.element(spread))),
            ),
            Value::Data(data) => V::new(Value::Data(self.element_of(data, Step::Any))),
            // Beside a list an object is one element, not a table (`Array.isArray(x) ? x : [x]`).
            Value::Union(parts) => {
                let has_list = parts.iter().any(|part| matches!(&**part, Value::Array(_)));
                let parts = parts.iter();
                let parts = parts.filter(|it| !(has_list && matches!(&***it, Value::Object(_))));
                V::union(parts.map(|part| match &**part {
                    Value::Data(data) if has_list && is_made_list(data, value) => {
                        V::new(Value::Data(self.element_of(data, Step::Each)))
                    }
                    _ => self.element(part),
                }))
            }
            Value::When(condition, inner) => when(condition, self.element(inner)),
            Value::Without(left_out, inner) if left_out.deep => {
                leaving_out(left_out, self.element(inner))
            }
            Value::Without(_, inner) => self.element(inner),
            // A list that was cut has whole elements; a text that was cut up is all of them together.
            Value::Changed(Transform::Truncate, inner) if !self.is_of_text(inner) => {
                self.element(inner)
            }
            Value::Changed(change, inner) => V::new(Value::Changed(*change, self.element(inner))),
            Value::Text(_) | Value::Literal(_) => value.clone(),
            Value::FieldsOf(inner) => self.element(&self.element(inner)),
            _ => V::nothing(),
        }
    }

    /// Whether a value is declared to be a text.
    fn is_of_text(&self, value: &V) -> bool {
        value
            .alternatives()
            .iter()
            .all(|it| match &**unconditional(it) {
                Value::Data(Data { ty: Some(ty), .. }) => {
                    self.shapes.value_type(ty) == ValueType::String
                }
                Value::Text(_) => true,
                _ => false,
            })
    }

    fn element_of(&self, data: &Data, step: Step) -> Data {
        let mut next = self.step_into(data, step, data.spot);
        next.aliases.clone_from(&data.aliases);
        next.ty = data.ty.as_ref().and_then(|ty| self.shapes.element(ty));
        next.owner = None;
        next
    }

    /// What a loop over a value gets: elements of a list; of an object that can be looped over, a map, its entries.
    pub(super) fn iterated(&self, value: &V) -> V {
        match &**value {
            Value::Object(object) if is_made_record(value) && !object.fields.is_empty() => {
                V::new(Value::Array(vec![
                    V::new(Value::KeysOf(value.clone())),
                    self.element(value),
                ]))
            }
            // Nobody can loop over an object with fields of its own: where it may be a list as well, that is meant.
            Value::Object(object) => {
                let by_key = object.fields.iter().filter(|field| field.name == "*");
                let by_key = by_key.map(|field| field.value.clone());
                let spreads = object.spreads.iter().map(|spread| self.iterated(spread));
                V::union(by_key.chain(spreads))
            }
            Value::Union(parts) => V::union(parts.iter().map(|part| self.iterated(part))),
            Value::When(condition, inner) => when(condition, self.iterated(inner)),
            Value::Data(data) => V::new(Value::Data(self.element_of(data, Step::Each))),
            _ => self.element(value),
        }
    }

    /// The rest of a list from an index on.
    pub(super) fn tail(&self, value: &V, from: u32) -> V {
        match &**value {
            Value::Array(elements) => {
                let from = from as usize;
                let spread = elements
                    .iter()
                    .position(|element| matches!(&**element, Value::Spread(_)));
                match spread {
                    Some(at) if at < from => match &*elements[at] {
                        Value::Spread(rest) => {
                            self.tail(rest, u32::try_from(from - at).unwrap_or(0))
                        }
                        _ => V::nothing(),
                    },
                    _ => V::new(Value::Array(elements.iter().skip(from).cloned().collect())),
                }
            }
            Value::Data(data) if from > 0 => {
                let mut next = data.clone();
                next.steps.push(Step::From(from));
                V::new(Value::Data(next))
            }
            _ => value.clone(),
        }
    }

    /// One step of a destructuring pattern.
    pub(super) fn step(&self, file: FileId, value: &V, step: &facts::Step, spot: Spot) -> V {
        match step {
            facts::Step::Key(name) => self.member(value, name, spot),
            facts::Step::Computed(key) => match &*self.expr(file, *key) {
                Value::Literal(Literal::String(name)) => self.member(value, name, spot),
                _ => self.element(value),
            },
            facts::Step::Index(index) => self.index(value, *index),
            facts::Step::RestOf(keys) => self.without(value, keys),
            facts::Step::RestFrom(from) => self.tail(value, *from),
        }
    }

    /// A value with only some of its keys.
    pub(super) fn only(&self, value: &V, keys: &[Name], spot: Spot) -> V {
        let mut object = Object::default();
        for key in keys {
            let field = self.member(value, key, spot);
            if !matches!(&*field, Value::Nothing) {
                object.set(key.clone(), field, true);
            }
        }
        V::new(Value::Object(object))
    }

    /// A value with only the keys that a list names. What of the list is not known is left to callers, if it is theirs to say.
    pub(super) fn picked(&self, value: &V, keys: &V, spot: Spot) -> V {
        let parts = match &**keys {
            Value::Union(lists) => {
                return V::union(lists.iter().map(|keys| self.picked(value, keys, spot)));
            }
            Value::When(_, keys) => return self.picked(value, keys, spot),
            Value::Array(parts) => parts.as_slice(),
            _ => std::slice::from_ref(keys),
        };
        let (known, unknown): (Vec<V>, Vec<V>) = parts
            .iter()
            .cloned()
            .partition(|part| self.any_keys(part).is_some());
        let names = known.iter().filter_map(|part| self.any_keys(part));
        let names: Vec<Name> = names.flatten().collect();
        let mut object = Object::of(&self.only(value, &names, spot));
        let keys = V::new(Value::Array(unknown));
        if keys.is_empty() {
            return V::new(Value::Object(object));
        }
        object.spreads.push(if keys.is_symbolic() {
            V::new(Value::Object(Object {
                spreads: eco_vec![value.clone()],
                picked: Some(Picked { keys, spot }),
                ..Object::default()
            }))
        } else {
            V::unknown(spot, PICKED)
        });
        V::new(Value::Object(object))
    }

    /// All keys that a part of a list can be.
    fn any_keys(&self, part: &V) -> Option<Vec<Name>> {
        let part = match &**part {
            Value::Spread(list) => list,
            _ => part,
        };
        let alternatives = part.alternatives();
        // A longer list may have been cut.
        if alternatives.len() >= MAX_ALTERNATIVES {
            return None;
        }
        let keys = alternatives
            .iter()
            .map(|keys| self.listed_keys(unconditional(keys)));
        Some(keys.collect::<Option<Vec<_>>>()?.concat())
    }

    /// A value without some of its keys.
    pub(super) fn without(&self, value: &V, keys: &[Name]) -> V {
        match &**value {
            Value::Nothing => V::nothing(),
            Value::Union(parts) => V::union(parts.iter().map(|part| self.without(part, keys))),
            Value::When(condition, inner) => when(condition, self.without(inner, keys)),
            _ => {
                let mut object = Object::of(value);
                for key in keys {
                    object.remove(key);
                }
                V::new(Value::Object(object))
            }
        }
    }

    /// The keys that a value lists: an array of string literals, or all keys of an object.
    pub(super) fn listed_keys(&self, value: &V) -> Option<Vec<Name>> {
        let elements = match &**value {
            Value::Array(elements) => elements.as_slice(),
            Value::Spread(list) => return self.listed_keys(list),
            Value::Literal(_) | Value::KeysOf(_) => std::slice::from_ref(value),
            _ => return None,
        };
        let mut names = Vec::new();
        for element in elements {
            match &**element {
                Value::Literal(Literal::String(text)) => names.push(text.clone()),
                Value::KeysOf(object) => names.extend(all_keys(object)?),
                _ => return None,
            }
        }
        Some(names)
    }

    /// A field of unknown name.
    pub(super) fn table(value: V) -> V {
        let mut object = Object::default();
        object.set(any(), value, true);
        V::new(Value::Object(object))
    }
}

/// The keys of an object, if it has no others.
fn all_keys(value: &V) -> Option<impl Iterator<Item = Name>> {
    match &**value {
        Value::Object(object) if object.is_whole() => {
            Some(object.fields.iter().map(|field| field.name.clone()))
        }
        _ => None,
    }
}

/// Whether a value is made of any element of a list whose length is not known, so that it stands for as many.
fn is_of_each(value: &V, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match &**value {
        Value::Data(data) => {
            // The pieces of an address are no list of the app's.
            let mut steps = data.steps.iter();
            data.root != Root::Global && steps.any(|it| matches!(it, Step::Any | Step::Each))
        }
        Value::Object(object) => {
            let mut fields = object.fields.iter();
            fields.any(|field| is_of_each(&field.value, depth + 1))
                || object.spreads.iter().any(|it| is_of_each(it, depth + 1))
        }
        Value::Union(parts) | Value::Text(parts) => {
            parts.iter().any(|part| is_of_each(part, depth + 1))
        }
        Value::When(_, inner) | Value::Changed(_, inner) => is_of_each(inner, depth + 1),
        _ => false,
    }
}

/// Whether a value stands beside a list of which it is an element, so that it is taken for a list where it is one.
fn is_made_list(data: &Data, beside: &V) -> bool {
    let is_same = |element: &V| matches!(&**element, Value::Data(other) if other.root == data.root && other.steps == data.steps);
    let mut lists = beside.alternatives().iter();
    lists.any(|list| matches!(&**list, Value::Array(elements) if elements.iter().any(is_same)))
}

/// A function whose parameter is in a list of keys.
pub(super) fn asked_for_keys(keys: &V) -> Option<FnRef> {
    match &**keys {
        Value::Data(data) => match data.root {
            Root::Param(function, _) => Some(function),
            _ => None,
        },
        Value::Array(parts) | Value::Union(parts) | Value::Text(parts) => {
            parts.iter().find_map(asked_for_keys)
        }
        Value::Spread(inner)
        | Value::KeysOf(inner)
        | Value::FieldsOf(inner)
        | Value::Changed(_, inner)
        | Value::When(_, inner) => asked_for_keys(inner),
        _ => None,
    }
}
