//! What callers put into a value that is taken for what its name says where it is reported.
//!
//! In: a value that the function around a vendor call supplies by its name (`log('asked', { prompt })`), and what its callers
//! make of it. Out: the value itself, told once and where it is reported; and what a caller puts into it that is of another
//! class (an address joined into the prompt), told at that caller. It leaves alone who the callers are (`propagate`).
//!
//! Where all callers hand over what is no exposure, the name says nothing; where all of them change the value alike, so is
//! it told.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::alike::Alike;
use super::payload::{Leaf, Outcome};
use super::propagate::Propagation;
use super::settle::{is_far, whole};
use super::value::{FnRef, V, Value};
use super::worklist::Passed;
use crate::facts::{Literal, Name};
use crate::finding::{Confidence, Transform};

/// Callers further out than this are not looked at: what a function is asked to report is put together near to it.
const MAX_CALLERS: usize = 3;

/// A value that waits for what its callers say before it is told.
pub(super) struct Watched<'r> {
    leaf: Leaf<'r>,
    /// The class that its name says it is of.
    pub class: Name,
    /// How many functions it had passed where it is reported.
    passed: usize,
    /// All calls of the function that reports it are seen: what none of them gives is nothing.
    is_given_here: bool,
    heard: Rc<Heard>,
}

/// What the callers say.
#[derive(Default)]
struct Heard {
    /// Of one of them it is not known what it hands over, or it hands over something that its name does not tell.
    is_open: Cell<bool>,
    /// One of them hands over nothing of anybody.
    is_clean: Cell<bool>,
    /// What they made of it.
    transforms: RefCell<BTreeSet<Transform>>,
}

/// All values that are watched.
#[derive(Default)]
pub(super) struct Watch<'p> {
    all: Vec<Rc<Watched<'p>>>,
    /// Of values of which every caller says the same, one is followed for all.
    alike: FxHashMap<Alike, Rc<Heard>>,
}

impl Watched<'_> {
    /// Notes that not all callers are known.
    pub(super) fn open(&self) {
        self.heard.is_open.set(true);
    }

    /// Whether a caller hands over something else beyond doubt; what only may be is told by the name where it is reported.
    /// What the whole is called turns no name of what is joined into it (`href={`/address/${address}`}`).
    fn is_surely_other(&self, (class, confidence): &(Name, Confidence), leaf: &Leaf<'_>) -> bool {
        let least = match leaf.in_text {
            true => Confidence::Medium,
            false => Confidence::High,
        };
        *confidence >= least && *class != self.class
    }
}

impl Leaf<'_> {
    /// The same, told by itself.
    fn unwatched(self) -> Self {
        Self {
            watched: None,
            ..self
        }
    }
}

impl<'p> Propagation<'_, 'p> {
    /// Watches a value that the function around a vendor call supplies.
    pub(super) fn watch(&mut self, leaf: Leaf<'p>, class: Name, passed: &Passed, function: FnRef) {
        let alike = self.evaluator.alike(&leaf, function);
        let watch = &mut self.progress.watch;
        let known = alike.as_ref().and_then(|alike| watch.alike.get(alike));
        let (heard, is_new) = match known {
            Some(heard) => (Rc::clone(heard), false),
            None => (Rc::default(), true),
        };
        if let (Some(alike), true) = (alike, is_new) {
            watch.alike.insert(alike, Rc::clone(&heard));
        }
        let watched = Rc::new(Watched {
            leaf: leaf.clone(),
            class,
            passed: passed.len(),
            is_given_here: self.evaluator.is_only_called(function),
            heard,
        });
        watch.all.push(Rc::clone(&watched));
        // Who calls what is handed to a call is seen in part.
        if self.evaluator.is_callback(function) {
            watched.open();
        }
        if is_new {
            let leaf = Leaf {
                watched: Some(watched),
                ..leaf
            };
            self.wait(leaf, passed, function);
        }
    }

    /// What a value is that only its name and type are known of.
    pub(super) fn class_by_name(&self, leaf: &Leaf<'p>) -> Option<(Name, Confidence)> {
        let Value::Data(data) = &**whole(&leaf.value) else {
            return None;
        };
        (self.inputs.class_of)(&self.evaluator.subject(leaf, data))
    }

    /// Takes in what a caller makes of a watched value.
    pub(super) fn hear(&mut self, leaf: Leaf<'p>, passed: &Passed) {
        let Some(watched) = leaf.watched.clone() else {
            return;
        };
        let says = says_something(&leaf.value);
        let outcomes = self.evaluator.outcomes(leaf, false);
        if outcomes.is_empty() {
            let heard = &watched.heard;
            let said = if says || watched.is_given_here {
                &heard.is_clean
            } else {
                &heard.is_open
            };
            said.set(true);
        }
        for outcome in outcomes {
            match outcome {
                Outcome::Waiting(leaf, function) => {
                    let class = self.class_by_name(&leaf);
                    // Those that hand it on as they got it put nothing together.
                    let handed_on = leaf.handed_on - watched.leaf.handed_on;
                    let is_beyond = passed.len() - watched.passed >= MAX_CALLERS + handed_on;
                    if class.is_some_and(|class| watched.is_surely_other(&class, &leaf)) {
                        watched.open();
                        self.settle_here(leaf.unwatched(), false);
                    } else if is_beyond || is_far(&leaf, passed) {
                        self.hear_by_name(&watched, leaf);
                    } else {
                        self.wait(leaf, passed, function);
                    }
                }
                known => self.hear_known(&watched, known),
            }
        }
    }

    /// Takes in what is known of a watched value where nobody looks further out.
    pub(super) fn hear_by_name(&mut self, watched: &Watched<'p>, leaf: Leaf<'p>) {
        for outcome in self.evaluator.outcomes(leaf, true) {
            self.hear_known(watched, outcome);
        }
    }

    fn hear_known(&mut self, watched: &Watched<'p>, outcome: Outcome<'p>) {
        let Outcome::Known(leaf, data) = outcome else {
            watched.open();
            return;
        };
        let leaf = leaf.supplied_where_read();
        let class = (self.inputs.class_of)(&self.evaluator.subject(&leaf, &data));
        if class
            .as_ref()
            .is_some_and(|(class, _)| *class == watched.class)
        {
            let mut transforms = watched.heard.transforms.borrow_mut();
            transforms.insert(leaf.transform);
            return;
        }
        // One of a few words that the code lists is of nobody.
        if class.is_none() && data.choice {
            watched.heard.is_clean.set(true);
            return;
        }
        watched.open();
        if class.is_some_and(|class| watched.is_surely_other(&class, &leaf)) {
            let leaf = leaf.unwatched();
            self.progress.arrivals.add(Outcome::Known(leaf, data));
        }
    }

    /// Tells what is watched, now that no more callers are to come.
    pub(super) fn settle_watched(&mut self) {
        for watched in std::mem::take(&mut self.progress.watch.all) {
            let Heard {
                is_open,
                is_clean,
                transforms,
            } = &*watched.heard;
            let leaf = watched.leaf.clone();
            let transforms = transforms.borrow();
            let mut agreed = transforms.iter();
            let transform = match (is_open.get(), agreed.next(), agreed.next()) {
                (false, None, _) if is_clean.get() => continue,
                (false, Some(only), None) => (*only).max(leaf.transform),
                _ => leaf.transform,
            };
            self.settle_here(Leaf { transform, ..leaf }, false);
        }
    }
}

/// Whether a value that is of nobody says something by itself. What is not given, or blank, is there for somebody to fill in
/// who is not seen.
fn says_something(value: &V) -> bool {
    value.alternatives().iter().all(|value| match &**value {
        Value::Nothing => false,
        Value::Literal(Literal::String(text)) => !text.is_empty(),
        _ => true,
    })
}
