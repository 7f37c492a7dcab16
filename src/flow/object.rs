//! An object whose making is known, field by field.
//!
//! In: fields that are set, values that are spread, keys that are left out, in the order of the program. Out: [`Object`].
//! It leaves alone which of the program's statements do that (`evaluate`, `mutation`), and reading (`members`).

use ecow::{EcoVec, eco_vec};
use rustc_hash::FxHashMap;

use super::evaluate::keys_of;
use super::expressions::any;
use super::value::{Spot, V, Value};
use crate::facts::Name;

/// An object whose making is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Object {
    /// In order; a later one of the same name wins unless it is `maybe`.
    pub fields: EcoVec<Field>,
    /// Values spread into it of which not all fields are known.
    pub spreads: EcoVec<V>,
    /// Keys that were deleted or left out.
    pub without: EcoVec<Name>,
    /// Only these keys are left of the spreads.
    pub only: Option<EcoVec<Name>>,
    /// Only the keys that this lists are left of the spreads, once it is known.
    pub picked: Option<Picked>,
    /// It is an error, of which only the text is told with it.
    pub is_error: bool,
    /// It is written out (`{ … }`), and so the text that the language makes of it says nothing of what is in it.
    pub is_literal: bool,
    /// It is an element of a page, with what that is handed.
    pub is_element: bool,
    pub places: Places,
}

/// A list of keys that callers tell.
#[derive(Debug, Clone)]
pub(super) struct Picked {
    pub keys: V,
    /// Where they are picked.
    pub spot: Spot,
}

/// A field of an object.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The key; `*` for one that is not known.
    pub name: Name,
    pub value: V,
    /// It may be absent.
    pub maybe: bool,
    /// What is spread behind it may have the key as well, and then wins.
    pub is_below_spread: bool,
    /// The key, where only callers of a function say it, and what is put there as well.
    pub key: Option<V>,
}

impl Field {
    /// Whether it is there, whatever is spread behind it.
    pub(super) fn is_sure(&self) -> bool {
        !self.maybe && !self.is_below_spread
    }
}

/// An object with fewer fields is looked through.
const FEW: usize = 32;

/// Where the first field of each name stands in a long list, so that a table of many thousand fields is made in one pass over
/// them. It grows behind the list; a copy starts anew.
#[derive(Debug, Default)]
pub(super) struct Places {
    by_name: FxHashMap<Name, usize>,
    seen: usize,
}

impl Clone for Places {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Places {
    fn find(&mut self, fields: &[Field], name: &Name) -> Option<usize> {
        if fields.len() <= FEW {
            return fields.iter().position(|field| field.name == *name);
        }
        for (at, field) in fields.iter().enumerate().skip(self.seen) {
            self.by_name.entry(field.name.clone()).or_insert(at);
        }
        self.seen = fields.len();
        self.by_name.get(name).copied()
    }
}

impl Object {
    /// An object that starts as a copy of a value.
    pub(super) fn of(value: &V) -> Self {
        match &**value {
            Value::Object(object) if object.picked.is_none() => object.clone(),
            Value::Nothing => Self::default(),
            _ => Self {
                spreads: eco_vec![value.clone()],
                ..Self::default()
            },
        }
    }

    /// Whether all of its keys are known.
    pub(super) fn is_whole(&self) -> bool {
        self.spreads.is_empty() && self.fields.iter().all(|field| field.name != "*")
    }

    /// Sets a field; one that may not happen leaves the old value as an alternative.
    pub(super) fn set(&mut self, name: Name, value: V, maybe: bool) {
        self.without.retain(|gone| *gone != name);
        if name != "*"
            && let Some(at) = self.places.find(&self.fields, &name)
            && let Some(field) = self.fields.make_mut().get_mut(at)
        {
            field.value = if maybe {
                V::union([field.value.clone(), value])
            } else {
                value
            };
            field.maybe &= maybe;
            field.is_below_spread &= maybe;
            return;
        }
        self.fields.push(Field {
            name,
            value,
            maybe,
            is_below_spread: false,
            key: None,
        });
    }

    /// Sets a field by a computed key: each that it may be, or one that is not known yet.
    pub(super) fn put(&mut self, key: &V, value: V, maybe: bool) {
        if let Some(names) = keys_of(key) {
            let maybe = maybe || names.len() > 1;
            for name in names {
                self.set(name, value.clone(), maybe);
            }
            return;
        }
        let is_said_by_callers = key.is_symbolic() && value.is_symbolic();
        self.fields.push(Field {
            name: any(),
            value,
            maybe,
            is_below_spread: false,
            key: is_said_by_callers.then(|| key.clone()),
        });
    }

    /// Spreads a value into it.
    pub(super) fn spread(&mut self, value: &V, maybe: bool) {
        let alternatives = value.alternatives();
        let maybe = maybe || alternatives.len() > 1;
        for value in alternatives {
            match &**value {
                Value::Object(other) if other.only.is_none() && other.picked.is_none() => {
                    if !other.spreads.is_empty() {
                        self.lay_below();
                    }
                    for field in &other.fields {
                        let maybe = maybe || field.maybe;
                        match &field.key {
                            Some(key) => self.put(key, field.value.clone(), maybe),
                            None => self.set(field.name.clone(), field.value.clone(), maybe),
                        }
                        if field.is_below_spread
                            && let Some(at) = self.places.find(&self.fields, &field.name)
                            && let Some(field) = self.fields.make_mut().get_mut(at)
                        {
                            field.is_below_spread = true;
                        }
                    }
                    if other.without.is_empty() {
                        self.spreads.extend(other.spreads.iter().cloned());
                    } else if !other.spreads.is_empty() {
                        let rest = Object {
                            fields: EcoVec::new(),
                            ..other.clone()
                        };
                        self.spreads.push(V::new(Value::Object(rest)));
                    }
                }
                Value::Nothing | Value::Literal(_) => {}
                _ => {
                    self.lay_below();
                    self.spreads.push(value.clone());
                }
            }
        }
    }

    /// Notes that something is spread behind all fields so far.
    pub(super) fn lay_below(&mut self) {
        for field in self.fields.make_mut() {
            field.is_below_spread = true;
        }
    }

    /// Whether a key is that of a field, whatever is spread into the object.
    pub(super) fn has_of_its_own(&self, name: &str) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|field| field.name == name && field.is_sure())
    }

    /// A field by name, if it is known to be there.
    pub(super) fn get(&self, name: &str) -> Option<V> {
        self.fields
            .iter()
            .rev()
            .find(|field| field.name == name)
            .map(|field| field.value.clone())
    }

    /// Leaves a key out.
    pub(super) fn remove(&mut self, name: &Name) {
        self.fields.retain(|field| field.name != *name);
        self.places = Places::default();
        self.without.push(name.clone());
    }
}
