//! A report whose paths start elsewhere.
//!
//! In: a [`Report`] with paths below the scanned root, and the way from the repository to that root. Out: the same with
//! paths below the repository, which is what forges ask for. It leaves alone everything else.

use crate::finding::{Finding, Location, Report};

/// Puts a directory before every path; an empty one changes nothing.
pub fn below(report: &Report, directory: &str) -> Report {
    let mut report = report.clone();
    if directory.is_empty() {
        return report;
    }
    let moved = |path: &mut String| {
        *path = if path == "." {
            directory.to_owned()
        } else {
            format!("{directory}/{path}")
        };
    };
    let place = |location: &mut Location| moved(&mut location.path);
    for finding in report.findings.iter_mut().chain(&mut report.expected) {
        of_finding(finding, &place, &moved);
    }
    for auto in &mut report.auto_collected {
        auto.location.iter_mut().for_each(place);
    }
    for sink in &mut report.sinks {
        place(&mut sink.location);
    }
    for unresolved in &mut report.unresolved {
        place(&mut unresolved.location);
    }
    for vendor in &mut report.vendors {
        vendor.locations.iter_mut().for_each(place);
    }
    for notice in &mut report.notices {
        moved(&mut notice.path);
    }
    let files = &mut report.files;
    for note in files.skipped.iter_mut().chain(&mut files.errors) {
        moved(&mut note.path);
    }
    report
}

fn of_finding(finding: &mut Finding, place: &impl Fn(&mut Location), moved: &impl Fn(&mut String)) {
    place(&mut finding.location);
    place(&mut finding.sink);
    finding.value.iter_mut().for_each(place);
    for step in &mut finding.trace {
        moved(&mut step.path);
    }
}
