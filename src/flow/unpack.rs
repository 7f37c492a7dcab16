//! Takes the payload of a vendor call apart, down to single values.
//!
//! In: a [`Leaf`]. Out: its [`Outcome`]s, one for each value in it. It leaves alone the arguments that leaves start from
//! (`payload`), what is taken of a value that only a run knows (`unpack_data`), and who fills in the parameters that they wait for
//! (`propagate`).

use std::rc::Rc;

use ecow::eco_vec;

use super::addresses::sent_address;
use super::alike::unconditional;
use super::alternatives::MAX_ALTERNATIVES;
use super::bounds::Bound;
use super::by_key::picked_of;
use super::conditions::when;
use super::elements::{PICKED, asked_for_keys};
use super::evaluate::Evaluator;
use super::expressions::MAX_PIECES;
use super::filled::is_made_map;
use super::forms::is_laid_out;
use super::left_out::{LeftOut, leaving_out};
use super::markup::CHILDREN;
use super::object::{Field, Object};
use super::outcomes::Outcomes;
use super::payload::{Leaf, Outcome, role_of_object};
use super::polymorphic::{of_letter, with_kind};
use super::value::{Instance, V, Value};
use crate::facts::Name;
use crate::finding::Transform;
use crate::ruleset::schema::Role;

/// A payload nested deeper than this is one that holds itself.
const MAX_DEPTH: usize = 24;

/// Under which keys the options of a request have its address.
const ADDRESSES: [&str; 2] = ["url", "uri"];

impl<'p> Evaluator<'p> {
    /// Takes a leaf apart down to single values.
    pub(super) fn outcomes(&self, leaf: Leaf<'p>, final_round: bool) -> Vec<Outcome<'p>> {
        let mut out = Outcomes::default();
        self.take_apart(leaf, final_round, 0, &mut out);
        out.into_vec()
    }

    pub(super) fn take_apart(
        &self,
        leaf: Leaf<'p>,
        is_final: bool,
        depth: usize,
        out: &mut Outcomes<'p>,
    ) {
        let hit = |bound| self.shapes.bounds.hit(bound, leaf.location.spot());
        if depth > MAX_DEPTH || !out.take_more() {
            hit(Bound::Payload);
            return;
        }
        if leaf.role == Role::Destinations && self.take_destinations(&leaf, out) {
            return;
        }
        let value = leaf.value.clone();
        match &*value {
            Value::Nothing | Value::Literal(_) | Value::KeysOf(_) => {}
            // A rule that lists a key as data takes what a function under it gives (`identify: () => ({ … })`).
            Value::Function(_) if self.is_listed(&leaf) => {
                let given = self.apply(&value, &[], Some(leaf.location.spot()));
                let is_function = given
                    .alternatives()
                    .iter()
                    .any(|given| matches!(&**given, Value::Function(_)));
                if !is_function {
                    self.take_apart(
                        Leaf {
                            value: given,
                            ..leaf
                        },
                        is_final,
                        depth + 1,
                        out,
                    );
                }
            }
            Value::Function(_)
            | Value::Creator(_)
            | Value::Class(..)
            | Value::Module(_)
            | Value::Platform
            | Value::Client(_)
            | Value::Vendor(_) => {}
            Value::Text(parts) => {
                if parts.len() > MAX_PIECES {
                    hit(Bound::Pieces);
                }
                let amid_words = leaf.amid_words || parts.iter().any(has_words);
                for part in parts {
                    self.take_apart(
                        Leaf {
                            value: part.clone(),
                            in_text: true,
                            is_flat: true,
                            amid_words,
                            ..leaf.clone()
                        },
                        is_final,
                        depth + 1,
                        out,
                    );
                }
            }
            Value::Union(parts) | Value::Array(parts) => {
                // A longer list may have been cut.
                if matches!(&*value, Value::Union(_)) && parts.len() >= MAX_ALTERNATIVES {
                    hit(Bound::Alternatives);
                }
                for part in parts {
                    self.take_apart(
                        Leaf {
                            value: part.clone(),
                            ..leaf.clone()
                        },
                        is_final,
                        depth + 1,
                        out,
                    );
                }
            }
            Value::Object(Object {
                picked: Some(picked),
                ..
            }) => out.push(match asked_for_keys(&picked.keys) {
                Some(function) if !is_final => Outcome::Waiting(leaf, function),
                _ => Outcome::Opaque(leaf, picked.spot, PICKED),
            }),
            Value::Object(object)
                if (leaf.in_text || !leaf.key.is_empty())
                    && let Some(value) = sent_address(object) =>
            {
                self.take_apart(Leaf { value, ..leaf }, is_final, depth + 1, out);
            }
            // The options of a request, of which the rest is its payload (`axios(options)`).
            Value::Object(object)
                if leaf.role == Role::Url
                    && leaf.key.is_empty()
                    && !leaf.in_text
                    && let Some(value) = ADDRESSES.iter().find_map(|key| object.get(key)) =>
            {
                self.take_apart(Leaf { value, ..leaf }, is_final, depth + 1, out);
            }
            Value::Object(object) if object.is_element && !self.is_listed(&leaf) => {}
            Value::Object(object) if leaf.is_flat && says_nothing(object) => {}
            Value::Object(object) => {
                let mut leaf = leaf;
                // What is joined into a name is no name, but no payload either.
                if leaf.key.is_empty() && !leaf.in_text {
                    leaf.role = role_of_object(role_of_options(&leaf));
                }
                self.take_object_apart(&leaf, object, is_final, depth, out);
            }
            Value::Spread(inner) => self.take_apart(
                Leaf {
                    value: self.element(inner),
                    ..leaf.clone()
                },
                is_final,
                depth + 1,
                out,
            ),
            Value::FieldsOf(inner) if let Some((object, picked)) = picked_of(inner) => {
                match asked_for_keys(&picked.keys) {
                    Some(function) if !is_final => out.push(Outcome::Waiting(leaf, function)),
                    _ => {
                        let value = self.field_by_key(object, &picked.keys);
                        self.take_apart(Leaf { value, ..leaf }, is_final, depth + 1, out);
                    }
                }
            }
            // Text joined of an object's fields holds them, unlike text made of the object.
            Value::FieldsOf(inner) => self.take_apart(
                Leaf {
                    value: inner.clone(),
                    in_text: false,
                    is_flat: false,
                    ..leaf.clone()
                },
                is_final,
                depth + 1,
                out,
            ),
            Value::Without(left_out, inner) => {
                let below = usize::from(is_of_fields(inner));
                let start = leaf.key.len() + below;
                let whole = Leaf {
                    value: inner.clone(),
                    ..leaf
                };
                let mut parts = out.apart();
                self.take_apart(whole, is_final, depth + 1, &mut parts);
                let parts = out.take_back(parts).into_iter();
                out.extend(parts.filter_map(|part| leave_out(left_out, start, below > 0, part)));
            }
            Value::When(condition, inner) => {
                let inner = Leaf {
                    value: inner.clone(),
                    ..leaf.clone()
                };
                let from = out.len();
                self.take_apart(inner, is_final, depth + 1, out);
                // What waits for callers waits for what they make of the condition as well.
                for outcome in &mut out[from..] {
                    if let Outcome::Waiting(leaf, _) = outcome {
                        leaf.value = when(condition, leaf.value.clone());
                    }
                }
            }
            Value::Changed(transform, inner) => {
                let is_flat = leaf.is_flat && *transform != Transform::Encode;
                let transform = (*transform).max(leaf.transform);
                self.take_apart(
                    Leaf {
                        value: inner.clone(),
                        transform,
                        is_flat,
                        ..leaf.clone()
                    },
                    is_final,
                    depth + 1,
                    out,
                );
            }
            // `new AppError(text).with(context)`: what gives the object itself back is the error all the same.
            Value::Instance(instance)
                if (leaf.in_text || leaf.role == Role::Error && leaf.key.is_empty())
                    && self.is_error_class(instance.file, instance.class) =>
            {
                let Instance {
                    file, class, args, ..
                } = instance;
                let error = self.error_of_class(*file, *class, args);
                let leaf = Leaf {
                    value: error,
                    ..leaf
                };
                self.take_apart(leaf, is_final, depth + 1, out);
            }
            Value::Instance(instance) => {
                if !out.enter((instance.file, instance.class)) {
                    return;
                }
                for field in self.shapes.class_fields(instance.file, instance.class, 0) {
                    let spot = leaf.location.spot();
                    let value = self.member(&value, &field.name, spot);
                    self.take_apart(
                        self.under(&leaf, &field.name, value),
                        is_final,
                        depth + 1,
                        out,
                    );
                }
                out.leave();
            }
            Value::Data(data) => self.take_data_apart(leaf, data, is_final, depth, out),
        }
    }

    fn take_object_apart(
        &self,
        leaf: &Leaf<'p>,
        object: &Object,
        is_final: bool,
        depth: usize,
        out: &mut Outcomes<'p>,
    ) {
        let is_whole_error = leaf.role == Role::Error && leaf.key.is_empty();
        // What an error keeps beside its text is not told with it, nor in a text that is made of it.
        let is_error_alone = object.is_error && (is_whole_error || leaf.in_text);
        for field in &object.fields {
            let value = match is_error_alone {
                true => self.told_of_error(leaf, field),
                false => Some(field.value.clone()),
            };
            let Some(value) = value else { continue };
            if let Some(function) = field.key.as_ref().and_then(asked_for_keys)
                && !is_final
            {
                let alone = Object {
                    fields: eco_vec![field.clone()],
                    ..Object::default()
                };
                let leaf = Leaf {
                    value: V::new(Value::Object(alone)),
                    ..leaf.clone()
                };
                out.push(Outcome::Waiting(leaf, function));
                continue;
            }
            let next = if is_whole_error && field.name != "cause" {
                // What an error is made with is text of its own, not an error that came from elsewhere.
                Leaf {
                    value,
                    role: Role::Message,
                    ..leaf.clone()
                }
            } else if field.name == "*"
                // Of the error that another arose from, the same is told as of that.
                || is_whole_error
                || is_error_alone
                || object.is_element && field.name == CHILDREN
            {
                Leaf {
                    value,
                    ..leaf.clone()
                }
            } else {
                let names = || object.fields.iter().map(|it| &it.name);
                Leaf {
                    is_document: self.library.is_document(&field.name, names()),
                    key_with_kind: with_kind(object, &field.name)
                        .or_else(|| of_letter(&field.name, names())),
                    ..self.under(leaf, &field.name, value)
                }
            };
            self.take_apart(next, is_final, depth + 1, out);
        }
        let is_kept = |spread: &V| is_error_alone && matches!(&**spread, Value::Instance(_));
        // Of a map that is made and filled here, all is known that is put into it.
        let is_filled = !object.fields.is_empty();
        let is_made = |spread: &V| is_made_map(spread) || is_laid_out(spread);
        let is_told = |spread: &V| is_kept(spread) || is_filled && is_made(spread);
        for spread in object.spreads.iter().filter(|it| !is_told(it)) {
            self.take_spread_apart(leaf, spread, object, is_final, depth, out);
        }
    }

    /// What is told of what an error keeps in a field, with the error or in a text that is made of it: its text, and what it
    /// arose from.
    fn told_of_error(&self, leaf: &Leaf<'p>, field: &Field) -> Option<V> {
        match field.name.as_str() {
            "message" => Some(field.value.clone()),
            "cause" if leaf.in_text => None,
            "cause" if self.catalog.vendor(leaf.vendor).links_errors => {
                let behind = field.value.alternatives().iter();
                let errors = behind.filter(|it| match &**unconditional(it) {
                    Value::Object(object) => object.is_error,
                    Value::Array(_) | Value::Text(_) | Value::Literal(_) => false,
                    _ => true,
                });
                Some(V::union(errors.cloned()))
            }
            "cause" => Some(field.value.clone()),
            _ => None,
        }
    }

    /// A value spread into an object, less what the object leaves out or overwrites.
    fn take_spread_apart(
        &self,
        leaf: &Leaf<'p>,
        spread: &V,
        object: &Object,
        is_final: bool,
        depth: usize,
        out: &mut Outcomes<'p>,
    ) {
        let mut parts = out.apart();
        self.take_apart(
            Leaf {
                value: spread.clone(),
                // A record that is joined into a text is there with its fields.
                in_text: leaf.in_text && !matches!(&**spread, Value::Data(_)),
                is_flat: leaf.is_flat && !matches!(&**spread, Value::Data(_)),
                is_spread: true,
                ..leaf.clone()
            },
            is_final,
            depth + 1,
            &mut parts,
        );
        // Of any one of the fields of a value, the keys lie below theirs.
        let of_fields = is_of_fields(spread);
        let at = leaf.key.len() + usize::from(of_fields);
        let overwritten =
            |name: &Name| object.without.contains(name) || object.has_of_its_own(name);
        for part in out.take_back(parts) {
            match part {
                Outcome::Waiting(inner, function) => {
                    // What is waiting is the whole spread: what it leaves out has to be left out once it is known.
                    let is_whole = inner.key.len() == leaf.key.len();
                    let value = if is_whole {
                        let whole = match of_fields {
                            true => V::new(Value::FieldsOf(inner.value.clone())),
                            false => inner.value.clone(),
                        };
                        without(&whole, object)
                    } else {
                        inner.value.clone()
                    };
                    let keep = is_whole || inner.key.get(at).is_none_or(|name| !overwritten(name));
                    if keep {
                        out.push(Outcome::Waiting(Leaf { value, ..inner }, function));
                    }
                }
                // … and says nothing by its own name.
                Outcome::Known(inner, _)
                    if leaf.in_text && !inner.in_text && inner.key.len() == leaf.key.len() => {}
                Outcome::Known(inner, data) => {
                    if inner.key.get(at).is_none_or(|name| !overwritten(name)) {
                        out.push(Outcome::Known(inner, data));
                    }
                }
                opaque => out.push(opaque),
            }
        }
    }

    /// Whether the rule lists the very key of a leaf as data.
    pub(super) fn is_listed(&self, leaf: &Leaf<'p>) -> bool {
        let listed = leaf.keys.and_then(|keys| keys.get(&leaf.key.join(".")));
        listed.is_some_and(|role| !matches!(role, Role::Options | Role::Other | Role::Callback))
    }

    /// The leaf of a key below another.
    pub(super) fn under(&self, leaf: &Leaf<'p>, name: &Name, value: V) -> Leaf<'p> {
        let mut key = leaf.key.clone();
        key.push(name.clone());
        let listed = leaf.keys.and_then(|keys| keys.get(&key.join(".")).copied());
        Leaf {
            role: listed.unwrap_or(leaf.role),
            key,
            value,
            is_spread: false,
            is_document: false,
            key_with_kind: None,
            ..leaf.clone()
        }
    }
}

/// The role of an object in the place of an address: `createContact({ email, … })` for `createContact(email, …)`.
pub(super) fn role_of_options(leaf: &Leaf<'_>) -> Role {
    match leaf.role {
        Role::Email if leaf.key.is_empty() && leaf.keys.is_some() => Role::Options,
        role => role,
    }
}

/// Whether the text that the language makes of an object (`${object}`) says nothing of what is in it.
fn says_nothing(object: &Object) -> bool {
    let makes_text = |field: &Field| matches!(field.name.as_str(), "toString" | "valueOf");
    object.is_literal && !object.is_error && !object.fields.iter().any(makes_text)
}

/// Whether a value is any one of the fields of another.
fn is_of_fields(value: &V) -> bool {
    matches!(&**unconditional(value), Value::FieldsOf(_))
}

/// A part of a value without some keys, if it has none of them on its way; `start` keys lead to the value.
fn leave_out<'p>(
    left_out: &Rc<LeftOut>,
    start: usize,
    of_fields: bool,
    part: Outcome<'p>,
) -> Option<Outcome<'p>> {
    let is_left = |leaf: &Leaf<'_>| !left_out.is_on(leaf.key.get(start..).unwrap_or_default());
    match part {
        // What is in it has to be left out once it is known.
        Outcome::Waiting(leaf, function) if is_left(&leaf) => {
            let value = match leaf.key.len() < start {
                true if of_fields => V::new(Value::FieldsOf(leaf.value.clone())),
                _ => leaf.value.clone(),
            };
            let may_hold = left_out.deep || leaf.key.len() <= start;
            let value = match may_hold {
                true => leaving_out(left_out, value),
                false => value,
            };
            Some(Outcome::Waiting(Leaf { value, ..leaf }, function))
        }
        Outcome::Known(mut leaf, data) if is_left(&leaf) => {
            leaf.removed.extend(left_out.classes.iter().cloned());
            leaf.guessed |= left_out.unsure;
            Some(Outcome::Known(leaf, data))
        }
        Outcome::Opaque(leaf, spot, reason) if is_left(&leaf) => {
            Some(Outcome::Opaque(leaf, spot, reason))
        }
        part @ Outcome::PassedOn(..) => Some(part),
        _ => None,
    }
}

fn without(value: &V, object: &Object) -> V {
    let gone: Vec<Name> = object
        .without
        .iter()
        .cloned()
        .chain(
            object
                .fields
                .iter()
                .filter(|field| field.is_sure() && field.name != "*")
                .map(|field| field.name.clone()),
        )
        .collect();
    if gone.is_empty() {
        return value.clone();
    }
    let mut kept = Object::of(value);
    kept.without.extend(gone);
    V::new(Value::Object(kept))
}

/// Whether a piece of a text says something: signs that set the text out (`*`, line ends) and pictures (`:tada:`) do not.
fn has_words(piece: &V) -> bool {
    let is_word = |word: &str| {
        word.contains(char::is_alphanumeric) && !(word.starts_with(':') && word.ends_with(':'))
    };
    piece
        .as_str()
        .is_some_and(|text| text.split_whitespace().any(is_word))
}
