//! Which revisions a brief speaks of.
//!
//! In: what several revisions show ([`Union`]), and the present tree. Out: the brief on all of them, with the revisions in
//! which each thing was there. It leaves alone reading them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::look::{Look, Union};
use super::{Brief, brief, holdings, switches};
use crate::day::Day;
use crate::policy::Policy;
use crate::ruleset::Ruleset;

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Revision {
    /// Its id.
    pub id: String,
    /// When it came into the history, by UTC.
    pub day: String,
}

impl Revision {
    /// As people name it: as much of the id as tells it from others, and the day.
    pub fn short(&self) -> String {
        const ENOUGH: usize = 10;
        let id = self.id.get(..ENOUGH).unwrap_or(&self.id);
        format!("{id} {}", self.day)
    }
}

/// Since when and until when something was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// The first revision that has it.
    pub first: Revision,
    /// The last.
    pub last: Revision,
    /// It was in force when the window began.
    pub from_before: bool,
    /// It is there at the end of the window.
    pub to_end: bool,
}

/// The revisions that one reading stands for: they differ in no file that is read.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// The first of them, with its place among all.
    pub first: (usize, Revision),
    /// The last.
    pub last: (usize, Revision),
    /// Whether one of them was in force when the window began.
    pub from_before: bool,
}

/// Which revisions a brief speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// From when, as it was typed.
    pub since: Option<String>,
    /// Until when, as it was typed.
    pub until: Option<String>,
    /// The first revision of the window: what was in force at its start, or the first commit.
    pub first: Revision,
    /// The last.
    pub last: Revision,
    /// Whether the first is from before the window, and was in force when it began.
    pub from_before: bool,
    /// How many commits lie in the window.
    pub commits: u64,
    /// How many of all these differ in a file that is read.
    pub states: u64,
    /// Those that were read. Fewer than there are states if there was a bound.
    pub read: Vec<Revision>,
}

impl Window {
    /// From which day on it speaks.
    pub fn start(&self) -> &str {
        let typed = self.since.as_deref();
        typed.filter(|text| is_day(text)).unwrap_or(&self.first.day)
    }

    /// Until which day it speaks.
    pub fn end(&self) -> &str {
        let typed = self.until.as_deref();
        typed.filter(|text| is_day(text)).unwrap_or(&self.last.day)
    }

    /// How many states were not read.
    pub fn left_out(&self) -> u64 {
        self.states.saturating_sub(self.read.len() as u64)
    }
}

fn is_day(text: &str) -> bool {
    text.parse::<Day>().is_ok()
}

/// Writes the brief on what a vendor was handed over some revisions. What is to be done now is done in the `present` tree.
/// `stretches` are what was added to the union, in its order.
pub fn brief_of_window(
    vendor: &str,
    past: Union,
    present: &Look,
    (window, stretches): (Window, &[Stretch]),
    rules: &Ruleset,
    policy: &Policy,
) -> Brief {
    let (look, sightings) = past.finish(rules, policy);
    let mut brief = brief(vendor, &look, rules, policy);
    sightings.tell(&mut brief.vendor, stretches);
    brief.removal.clone_from(&present.removal);
    brief.switches = switches(&holdings::of_vendor(vendor, &present.report, rules, policy));
    brief.window = Some(window);
    brief
}
