//! SDKs that are started, and of which nothing else is known.
//!
//! In: the report. Out: a [`Note`] for each vendor whose SDK the code starts, where no call of it was found and it
//! collects nothing by itself: somebody made a client to send something with, in a way that cannot be seen. It leaves alone
//! vendors that are only imported.

use std::collections::{BTreeMap, BTreeSet};

use super::Rules;
use super::auto::is_made;
use super::places::Places;
use crate::finding::{Note, Report, Severity};
use crate::flow::Started;
use crate::pages::RunsAt;

/// What the notes are called.
const ID: &str = "no-call-found";

/// Finds the vendors of whom nothing is told.
pub(super) fn notes(
    report: &Report,
    started: &[Started],
    rules: Rules<'_>,
    runs: &RunsAt,
    places: &Places<'_>,
) -> Vec<Note> {
    let findings = report.findings.iter().chain(&report.expected);
    let heard: BTreeSet<&str> = findings
        .map(|it| it.vendor.as_str())
        .chain(report.sinks.iter().map(|it| it.vendor.as_str()))
        .chain(report.unresolved.iter().map(|it| it.vendor.as_str()))
        .collect();
    let is_told = |it: &&Started| !it.later && is_made(it, runs) && !heard.contains(&*it.vendor);
    let mut first = BTreeMap::new();
    for started in started.iter().filter(is_told) {
        let location = places.location(&started.place);
        let known = first.entry(&started.vendor).or_insert(location.clone());
        if location < *known {
            *known = location;
        }
    }
    let notes = first.into_iter().map(|(vendor, location)| Note {
        location,
        id: ID.to_owned(),
        vendor: vendor.clone(),
        severity: Severity::Low,
        message: format!(
            "{} is started, and no call of it was found: what it is sent is in no finding",
            rules.name(vendor)
        ),
    });
    notes.collect()
}
