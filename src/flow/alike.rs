//! Tells apart what waits for the callers of one function.
//!
//! In: a leaf, and the function whose parameter it is. Out: [`Alike`], equal for leaves of which every caller makes the same
//! finding, so that one of them is followed for all. It leaves alone who the callers are (`propagate`).
//!
//! An app logs the same parameter at many places, and hands it on along many ways to functions that log it again. The ways
//! multiply with each function between; what is found at their end does not.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use ecow::EcoVec;

use super::chosen::Chosen;
use super::evaluate::Evaluator;
use super::further::{Asked, Further};
use super::payload::Leaf;
use super::same::Holder;
use super::senders::Sender;
use super::value::{FnRef, Presence, Root, Spot, Step, V, Value};
use crate::facts::{ClassId, Name};
use crate::finding::Transform;
use crate::ruleset::schema::Role;
use crate::source::FileId;

/// What a finding is made of, of a value that is a parameter or a part of one.
#[derive(PartialEq, Eq)]
pub(super) struct Alike {
    /// One call may reach several vendors.
    vendor: usize,
    sink: Spot,
    call: Name,
    role: Role,
    key: Vec<Name>,
    transform: Transform,
    in_text: bool,
    amid_words: bool,
    by_type: u8,
    guessed: bool,
    is_spread: bool,
    receiver: Option<(FileId, ClassId)>,
    chosen: Chosen,
    event: Told,
    group: Told,
    function: FnRef,
    parameter: u32,
    steps: EcoVec<Step>,
    path: EcoVec<Name>,
    aliases: EcoVec<Name>,
    owner: Option<Name>,
    presence: Presence,
    kept_by: Option<Rc<Holder>>,
    sender: Option<Sender>,
    /// As what it is told elsewhere, so that it is told here only if it is something else.
    told_as: Option<Name>,
    /// The place of the call inside the function, where it decides whether a caller reaches it.
    under: Option<Spot>,
    /// Where it was called, and what callers are still to say, if it depends on that whether it comes to the vendor.
    further: Option<(Spot, Vec<Asked>)>,
}

/// Whether a leaf is of an event or group of its own, or who tells of which.
#[derive(PartialEq, Eq)]
enum Told {
    Here(Option<Name>),
    Nowhere,
    By(FnRef, u32, EcoVec<Step>),
}

impl Hash for Alike {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (
            self.vendor,
            self.sink,
            self.function,
            self.parameter,
            self.under,
        )
            .hash(state);
        (&self.key, &self.path).hash(state);
    }
}

impl Evaluator<'_> {
    /// What a leaf that waits for the callers of a function is alike by; none if it is like no other.
    ///
    /// Conditions on the value do not count.
    pub(super) fn alike(&self, leaf: &Leaf<'_>, function: FnRef) -> Option<Alike> {
        let Value::Data(data) = &**unconditional(&leaf.value) else {
            return None;
        };
        let Root::Param(root, parameter) = data.root else {
            return None;
        };
        if root != function || data.origin().supplied.is_some() {
            return None;
        }
        let event = told(&leaf.event, |_| None)?;
        let group = told(&leaf.group, |it| it.as_str().map(Name::from))?;
        let facts = self.program.facts(function.file);
        let at = leaf.location.spot();
        let is_guarded = at.file == function.file
            && facts
                .guards_around(function.function, at.span)
                .next()
                .is_some();
        Some(Alike {
            vendor: leaf.vendor,
            sink: leaf.sink.spot(),
            call: leaf.call.clone(),
            role: leaf.role,
            key: leaf.key.clone(),
            transform: leaf.transform,
            in_text: leaf.in_text,
            amid_words: leaf.amid_words,
            by_type: leaf.by_type,
            guessed: leaf.guessed,
            is_spread: leaf.is_spread,
            receiver: leaf.receiver,
            chosen: leaf.chosen.clone(),
            event,
            group,
            function,
            parameter,
            steps: data.steps.clone(),
            path: data.path.clone(),
            aliases: data.aliases.clone(),
            owner: data.owner.clone(),
            presence: data.presence,
            kept_by: data.origin().kept_by.clone(),
            sender: leaf.sender,
            told_as: leaf.watched.as_ref().map(|watched| watched.class.clone()),
            under: is_guarded.then_some(at),
            further: match leaf.further.is_empty() {
                true => None,
                false => Some((at, leaf.further.iter().map(Further::asked).collect())),
            },
        })
    }
}

/// None if the name is made of more than one parameter.
fn told(name: &V, word: impl Fn(&V) -> Option<Name>) -> Option<Told> {
    if !name.is_symbolic() {
        let names = name.alternatives();
        return Some(if names.iter().all(|name| name.as_str().is_some()) {
            Told::Here(word(name))
        } else {
            Told::Nowhere
        });
    }
    match &**name {
        Value::Data(data) => match data.root {
            Root::Param(function, index) => Some(Told::By(function, index, data.steps.clone())),
            _ => None,
        },
        _ => None,
    }
}

/// A value without the conditions under which it is there.
pub(super) fn unconditional(value: &V) -> &V {
    let mut value = value;
    while let Value::When(_, inner) = &**value {
        value = inner;
    }
    value
}
