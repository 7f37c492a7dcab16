//! What is asked before SDKs run, and what is not.
//!
//! In: the program, the starts and calls of vendors, and the rules. Out: [`Consent`]: how each start and call is reached, and
//! by what the app shows that it asks for consent. It leaves alone what is sent, and what is worth a note (`assess/`).

mod reach;
mod references;
mod signs;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::reach::Walk;
use self::signs::{Signs, in_a_row};
use crate::classify::Classifier;
use crate::flow::{Evidence, Flows, Place};
use crate::link::Program;
use crate::read::Texts;
use crate::ruleset::Ruleset;
use crate::search::quoted;
use crate::source::{FileId, Span};

pub use self::reach::Reach;

/// More calls than this of one vendor are not walked back; a note about the first of them says enough.
const MOST_CALLS: usize = 400;

/// How an app asks for consent, and what it does before.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Consent {
    /// How starts and calls of vendors are reached.
    reached: Vec<(Place, Reach)>,
    /// Where something is used that asks people, or code looks at what they said.
    pub asked: Vec<Place>,
}

impl Consent {
    /// How a place is reached; of one that was not looked at, nothing is known.
    pub fn of(&self, place: &Place) -> Reach {
        let found = self.reached.binary_search_by(|(it, _)| it.cmp(place));
        found.map_or(Reach::Unknown, |at| self.reached[at].1)
    }
}

/// Looks at every start, and at the calls of vendors that people are asked about.
pub fn read(
    program: &Program<'_>,
    texts: &Texts,
    flows: &Flows,
    ruleset: &Ruleset,
    classifier: &Classifier,
) -> Consent {
    let rules = &ruleset.pages;
    let is_asked_for = |vendor: &str| {
        let rule = ruleset.vendors.get(vendor);
        rule.is_some_and(|rule| {
            rules.consent_for.contains(&rule.category) || !rule.agreements.is_empty()
        })
    };
    let mut asked = asked(texts, flows, ruleset, classifier);
    let mut walk = Walk::new(program, Signs::new(rules, classifier));
    let mut reached: BTreeMap<Place, Reach> = BTreeMap::new();
    let mut is_there = !asked.is_empty() || flows.agreed.iter().any(|it| !it.refuses);
    for started in flows.started.iter().filter(|it| is_asked_for(&it.vendor)) {
        let reach = walk.from(&started.place);
        reached.insert(started.place.clone(), reach);
    }
    for agreed in &flows.agreed {
        if !reached.contains_key(&agreed.place) {
            reached.insert(agreed.place.clone(), walk.from(&agreed.place));
        }
    }
    let calls = || flows.calls.iter().filter(|it| is_asked_for(&it.vendor));
    is_there |= !walk.asked.is_empty() || calls().any(|it| walk.is_tested(&it.place));
    // Where nobody is asked, it does not matter what comes before.
    if !is_there {
        return Consent::default();
    }
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for call in calls() {
        let count = count.entry(&call.vendor).or_default();
        *count += 1;
        if *count <= MOST_CALLS && !reached.contains_key(&call.place) {
            reached.insert(call.place.clone(), walk.from(&call.place));
        }
    }
    asked.append(&mut walk.asked);
    asked.sort();
    asked.dedup();
    Consent {
        reached: reached.into_iter().collect(),
        asked,
    }
}

/// Where something is used that is there to ask people.
fn asked(texts: &Texts, flows: &Flows, ruleset: &Ruleset, classifier: &Classifier) -> Vec<Place> {
    let rules = &ruleset.pages;
    let asks = |vendor: &str| {
        let rule = ruleset.vendors.get(vendor);
        rule.is_some_and(|rule| rules.consent_platforms.contains(&rule.category))
    };
    let seen = flows.seen.iter().filter(|it| {
        matches!(
            it.evidence,
            Evidence::Import | Evidence::Script | Evidence::Call
        ) && asks(&it.vendor)
    });
    let mut found: Vec<Place> = seen.map(|it| it.place.clone()).collect();
    found.extend(
        flows
            .calls
            .iter()
            .filter(|it| asks(&it.vendor))
            .map(|it| it.place.clone()),
    );
    let files: Vec<Vec<String>> = rules
        .consent_files
        .iter()
        .map(|it| classifier.words(it))
        .collect();
    for (file, source) in (0..).map(FileId).zip(&texts.files) {
        if source.path.extension() == "json" {
            continue;
        }
        let mut packages = rules.consent_packages.iter();
        let is_shown = || is_named(source.path.as_str(), &files, classifier).then_some(0);
        let at = packages
            .find_map(|name| quoted(&source.text, name, true).next())
            .or_else(is_shown);
        found.extend(at.and_then(|at| u32::try_from(at).ok()).map(|at| Place {
            file,
            span: Span::new(at, at),
            symbol: None,
        }));
    }
    found.sort();
    found.dedup();
    found
}

/// Whether a file is named by one of some words in a row.
fn is_named(path: &str, names: &[Vec<String>], classifier: &Classifier) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let parts: Vec<&str> = name.split('.').collect();
    let is_test = parts
        .iter()
        .any(|it| matches!(*it, "test" | "spec" | "stories"));
    let words = classifier.words(parts.first().copied().unwrap_or_default());
    !is_test && names.iter().any(|name| in_a_row(&words, name))
}
