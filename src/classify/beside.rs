//! What an ambiguous name says because of what is sent beside it.
//!
//! In: a value that has no class by itself, and the classes of those that are sent in one object with it ([`Beside`]). Out: at most
//! one [`Verdict`]. It leaves alone which values are sent together.

use std::collections::BTreeSet;

use super::decide::{self, Weighing};
use super::names::Reading;
use super::{Classifier, Subject, Verdict};
use crate::finding::Confidence;
use crate::ruleset::schema::Role;

/// The classes of the values that are sent in one object with another, by their ids.
#[derive(Debug)]
pub struct Beside<'c> {
    /// Of all of them.
    pub all: BTreeSet<&'c str>,
    /// Of those that are read from the same object as it (`partner.email` beside `partner.name`).
    pub of_same_owner: BTreeSet<&'c str>,
}

/// The class of a value among what is said of one person, if others tell that it is that.
pub(super) fn decide(
    rules: &Classifier,
    subject: &Subject,
    others: &Beside<'_>,
) -> Option<Verdict> {
    if subject.in_text {
        return None;
    }
    let is_of_anything = matches!(subject.role, None | Some(Role::Properties));
    let is_of_person = matches!(subject.role, Some(Role::Traits | Role::PersonName));
    let weighing = Weighing::of(rules, subject);
    // A name that its owner makes something else stays that, unless the owner is a person by what else is read from it.
    let (others, confidence, path) = match weighing.own().reading {
        Reading::Generic | Reading::Empty if is_of_anything => {
            (&others.all, Confidence::Medium, subject.path.clone())
        }
        Reading::Foreign if is_of_anything || is_of_person => {
            let own = subject.path.last().cloned();
            (
                &others.of_same_owner,
                Confidence::Low,
                own.into_iter().collect(),
            )
        }
        _ => return None,
    };
    let of_person = Subject {
        role: Some(Role::Traits),
        path,
        ..subject.clone()
    };
    let verdict = decide::decide(rules, &of_person, true)?;
    let class = rules.classes.iter().find(|it| it.id == verdict.class)?;
    let beside = class
        .beside
        .iter()
        .find(|it| others.contains(it.as_str()))?;
    let beside = rules.classes.iter().find(|it| it.id == *beside)?;
    Some(Verdict {
        confidence: verdict.confidence.min(confidence),
        reason: format!(
            "it is sent beside another value, which says that it is of a person: {}",
            beside.name
        ),
        ..verdict
    })
}
