//! What an ambiguous name says because of what is sent beside it.
//!
//! In: a value that has no class by itself, and the classes of those that are sent in one object with it. Out: at most one
//! [`Verdict`]. It leaves alone which values are sent together.

use std::collections::BTreeSet;

use super::decide::{self, Weighing};
use super::names::Reading;
use super::{Classifier, Subject, Verdict};
use crate::finding::Confidence;
use crate::ruleset::schema::Role;

/// The class of a value among what is said of one person, if others tell that it is that.
pub(super) fn decide(
    rules: &Classifier,
    subject: &Subject,
    others: &BTreeSet<String>,
) -> Option<Verdict> {
    if subject.in_text || !matches!(subject.role, None | Some(Role::Properties)) {
        return None;
    }
    let weighing = Weighing::of(rules, subject);
    // A name that its owner makes something else stays that.
    if !matches!(weighing.own().reading, Reading::Generic | Reading::Empty) {
        return None;
    }
    let of_person = Subject {
        role: Some(Role::Traits),
        ..subject.clone()
    };
    let verdict = decide::decide(rules, &of_person, true)?;
    let class = rules.classes.iter().find(|it| it.id == verdict.class)?;
    let beside = class.beside.iter().find(|it| others.contains(*it))?;
    let beside = rules.classes.iter().find(|it| it.id == *beside)?;
    Some(Verdict {
        confidence: verdict.confidence.min(Confidence::Medium),
        reason: format!(
            "it is sent beside another value, which says that it is of a person: {}",
            beside.name
        ),
        ..verdict
    })
}
