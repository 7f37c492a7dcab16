//! Decides where a value ends that arrives at a vendor call.
//!
//! In: a value with the way that it took so far. Out: it is told where it is, cannot be known, or waits for the callers of the
//! function whose parameter is in it; at the end, what still waits is told by names and types. It leaves alone how a call
//! fills parameters in (`propagate`), and what callers make of a value that is told by its name (`watched`).

use std::rc::Rc;

use super::bounds::Bound;
use super::doubts::{CALLED_OUTSIDE, UNCALLED, is_told_by_name};
use super::held::Held;
use super::payload::{Leaf, Outcome};
use super::propagate::Propagation;
use super::same::keeper;
use super::value::{Data, FnRef, V, Value};
use super::worklist::{Passed, Waiting};
use super::wrapped::asked;
use crate::facts::{FunctionKind, Name};
use crate::ruleset::schema::Role;

/// Longer chains of wrappers are not followed; beyond, a value is known by the names it has there.
pub(super) const MAX_CHAIN: usize = 7;
/// The same for what is joined into the text of an error, a message or an event's name: what far-off callers hand to a
/// function that may fail is not what the app means to tell a vendor. Functions that hand on a message as they
/// got it do not count.
const MAX_TEXT_CHAIN: usize = 2;
/// The same for what is a part of any other text, of which somebody means to tell something.
const MAX_PART_CHAIN: usize = 3;
/// Why it is not known what becomes of what is handed to a call.
const UNLISTED: &str = "the vendor's rule does not know this method";

impl<'p> Propagation<'_, 'p> {
    /// Takes what is in a leaf to where it ends: it is known, cannot be known, or waits for callers.
    pub(super) fn settle(&mut self, leaf: Leaf<'p>, passed: &Passed) {
        if leaf.watched.is_some() {
            self.hear(leaf, passed);
            return;
        }
        for outcome in self.evaluator.outcomes(leaf, false) {
            if let Some(held) = outcome.held() {
                self.settle_held(&held);
                continue;
            }
            let outcome = self.doubted(outcome);
            let Some((leaf, function)) = outcome.and_then(|it| self.progress.arrivals.add(it))
            else {
                continue;
            };
            let is_kept = keeper(&leaf.value).is_some();
            if let Some(held) = leaf.held.clone().filter(|_| !is_kept) {
                self.settle_held(&held);
                continue;
            }
            let supplied = self.supplied_here(&leaf, function);
            if supplied.is_none() && passed.len() >= MAX_CHAIN {
                let spot = leaf.location.spot();
                self.evaluator.shapes.bounds.hit(Bound::Chain, spot);
            }
            let held = match &leaf.held {
                None if supplied.is_some() && is_kept => Some(Rc::new(Held::new(leaf.clone()))),
                held => held.clone(),
            };
            if held.is_some() && passed.len() < MAX_CHAIN {
                let worklist = &mut self.progress.worklist;
                worklist.wait_with(Leaf { held, ..leaf }, passed, function, None);
            } else if is_far(&leaf, passed) {
                self.settle_here(leaf, false);
            } else if let Some(class) = supplied {
                self.watch(leaf, class, passed, function);
            } else {
                self.wait(leaf, passed, function);
            }
        }
    }

    /// Has a value wait for the callers of a function.
    pub(super) fn wait(&mut self, leaf: Leaf<'p>, passed: &Passed, function: FnRef) {
        let alike = self.evaluator.alike(&leaf, function);
        let worklist = &mut self.progress.worklist;
        if alike.is_none() && worklist.is_crowded(&leaf, function) {
            let spot = leaf.location.spot();
            self.evaluator.shapes.bounds.hit(Bound::Alternatives, spot);
            if let Some(watched) = &leaf.watched {
                watched.open();
            }
            return;
        }
        worklist.wait_with(leaf, passed, function, alike);
    }

    /// A value of which neither name nor type nor making says anything cannot be known. Of a call that no rule knows, only
    /// that personal data is handed to it counts.
    fn doubted(&self, outcome: Outcome<'p>) -> Option<Outcome<'p>> {
        let (leaf, data) = match outcome {
            Outcome::Known(leaf, data) => (leaf.supplied_where_read(), data),
            Outcome::Opaque(leaf, ..) if leaf.unlisted => return None,
            _ => return Some(outcome),
        };
        let subject = self.evaluator.subject(&leaf, &data);
        if leaf.unlisted {
            return (self.inputs.recognises)(&subject)
                .then(|| Outcome::Opaque(leaf, data.spot, UNLISTED));
        }
        let open = self.evaluator.open_fields(&leaf, &data, subject.ty);
        let is_doubtful = || match is_told_by_name(&data) {
            true => (self.inputs.is_person)(&subject),
            false => (self.inputs.is_unnamed)(&subject),
        };
        let made = || (self.evaluator).made_of(&leaf, &data, self.inputs.class_of);
        let doubt = || self.evaluator.doubt(&leaf, &data, subject.ty);
        let reason = open
            .or_else(made)
            .or_else(|| doubt().filter(|_| is_doubtful()));
        Some(match reason {
            Some(reason) if !(self.inputs.recognises)(&subject) => {
                let spot = data.spot;
                Outcome::Opaque(leaf, spot, reason)
            }
            _ => Outcome::Known(leaf, data),
        })
    }

    /// Takes parameters for what their names and types say.
    pub(super) fn settle_here(&mut self, leaf: Leaf<'p>, is_called_outside: bool) {
        if let Some(held) = &leaf.held {
            return self.settle_held(held);
        }
        for outcome in self.evaluator.outcomes(leaf, true) {
            if let Some(mut outcome) = self.doubted(outcome) {
                if let Outcome::Opaque(_, _, reason) = &mut outcome
                    && is_called_outside
                    && *reason == UNCALLED
                {
                    *reason = CALLED_OUTSIDE;
                }
                self.progress.arrivals.add(outcome);
            }
        }
    }

    /// As what the function around a vendor call supplies the value, and not its callers: it sends one event of a constant
    /// name, or it is a component that reads a prop by a name that tells, or a method that reads what its object was
    /// constructed with.
    fn supplied_here(&self, leaf: &Leaf<'p>, function: FnRef) -> Option<Name> {
        let facts = self.evaluator.program.facts(function.file);
        let declared = facts.function(function.function);
        let is_component = declared.params.len() <= 2
            && declared
                .name
                .as_deref()
                .is_some_and(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
            && declared.kind != FunctionKind::Constructor
            && declared.class.is_none();
        // What an object was constructed with is its state, and its methods read it by themselves.
        let is_state = declared.kind == FunctionKind::Constructor;
        let is_own =
            leaf.has_event() || is_component || is_state || self.evaluator.is_callback(function);
        let (class, _) = is_own.then(|| self.class_by_name(leaf)).flatten()?;
        Some(class)
    }

    /// Whether a value can be told to be personal data.
    pub(super) fn recognises(&self, leaf: &Leaf<'p>, data: &Data) -> bool {
        (self.inputs.recognises)(&self.evaluator.subject(leaf, data))
    }

    /// A function that nothing here calls, or that code outside calls as well, is read by the names and types of its own
    /// parameters.
    pub(super) fn settle_uncalled(&mut self) {
        let escaped = self.escaped();
        let uncalled = self.progress.worklist.take_uncalled(&escaped);
        for (_, waiting) in &uncalled {
            if let Waiting::Leaf(leaf, _) = waiting
                && let Some(watched) = &leaf.watched
            {
                self.hear_by_name(watched, (**leaf).clone());
            }
        }
        self.settle_watched();
        self.forget_unasked(&escaped);
        for (function, waiting) in uncalled {
            match waiting {
                Waiting::Leaf(leaf, _)
                    if leaf.watched.is_some()
                        || self.progress.told.contains(&asked(&leaf, function)) => {}
                // A program writes a function for everything that an app could tell; those that nothing calls tell nothing.
                Waiting::Leaf(..)
                    if !escaped.contains(&function)
                        && self.inputs.program.source(function.file).is_generated() => {}
                Waiting::Leaf(leaf, _) => {
                    let leaf = (*leaf).clone().supplied_by_class();
                    self.settle_here(leaf, escaped.contains(&function));
                }
                Waiting::Start(_) => {}
                Waiting::Call(call) if self.is_request(&call.callee) => {
                    self.settle_uncalled_request(&call);
                }
                Waiting::Call(call) => {
                    let args = self.args(&call.args);
                    for sink in self.evaluator.sinks(&call.callee, args, call.manner) {
                        if sink.awaits.is_some() {
                            self.sink(&sink, &call.place);
                        }
                    }
                }
            }
        }
        // Nobody hears who calls those around the calls that were read only now.
        self.settle_watched();
    }
}

/// A value without the conditions under which it is there, before anything is left out of it.
pub(super) fn whole(value: &V) -> &V {
    let mut value = value;
    while let Value::When(_, inner) | Value::Without(_, inner) = &**value {
        value = inner;
    }
    value
}

/// Whether a value has passed more functions than those that mean to tell it.
pub(super) fn is_far(leaf: &Leaf<'_>, passed: &Passed) -> bool {
    let is_message = matches!(
        leaf.role,
        Role::Error | Role::Message | Role::Content | Role::EventName
    );
    let most = match () {
        () if is_message => MAX_TEXT_CHAIN + leaf.handed_on,
        () if leaf.in_text => MAX_PART_CHAIN + leaf.handed_on,
        () => MAX_CHAIN,
    };
    passed.len() >= most.min(MAX_CHAIN)
}
