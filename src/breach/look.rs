//! What trees show of one vendor.
//!
//! In: the analysis of a tree, or those of several revisions of it. Out: [`Look`], what a brief is written from; and
//! [`Union`], the same over revisions, with where each thing was first and last seen. It leaves alone what follows from it.
//!
//! Over revisions a thing is the same as long as its fingerprint is, which no line is part of. Of a thing that is there in
//! several, the last is shown, rated as the worst.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::holdings::{Evidence, VendorHoldings};
use super::removal::{self, Line};
use super::window::{Seen, Stretch};
use crate::assess::{self, Rules};
use crate::finding::{
    AutoCollected, Finding, Origin, Payload, Report, Sink, Transform, Unresolved,
};
use crate::policy::Policy;
use crate::read::Texts;
use crate::ruleset::Ruleset;
use crate::screens::{Screen, Screens};

/// What a tree shows of a vendor.
#[derive(Debug, Clone, Default)]
pub struct Look {
    pub(super) report: Report,
    /// From where each finding of the vendor is reached, by its fingerprint.
    pub(super) screens: BTreeMap<String, BTreeSet<Screen>>,
    pub(super) removal: Vec<Line>,
    /// Whether a package.json names the vendor's package.
    pub(super) is_installed: bool,
}

impl Look {
    /// Looks at a tree that lies at `root`.
    pub fn new(
        vendor: &str,
        report: Report,
        texts: &Texts,
        root: PathBuf,
        rules: &Ruleset,
    ) -> Self {
        let of_vendor = |finding: &&Finding| {
            // What the SDK collects it collects wherever it is loaded.
            finding.vendor == vendor && finding.origin == Origin::Sent
        };
        let findings: Vec<&Finding> = every_finding(&report).filter(of_vendor).collect();
        let mut screens: BTreeMap<String, BTreeSet<Screen>> = BTreeMap::new();
        // Reading the imports of a whole tree takes its time.
        if !findings.is_empty() {
            let all = Screens::of_tree(root, texts);
            for finding in findings {
                let at = &finding.location;
                screens
                    .entry(finding.fingerprint.clone())
                    .or_default()
                    .extend(all.of(&at.path, at.line, at.symbol.as_deref()));
            }
        }
        let rule = rules.vendors.get(vendor);
        Self {
            screens,
            removal: rule
                .map(|rule| removal::removal(rule, &report, texts))
                .unwrap_or_default(),
            is_installed: rule.is_some_and(|rule| removal::is_installed(rule, texts)),
            report,
        }
    }

    /// The files that a value takes its way through to the vendor.
    pub fn files(&self, vendor: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for finding in every_finding(&self.report).filter(|it| it.vendor == vendor) {
            found.insert(finding.location.path.as_str());
            found.insert(finding.sink.path.as_str());
            found.extend(finding.trace.iter().map(|step| step.path.as_str()));
        }
        let sinks = self.report.sinks.iter().filter(|it| it.vendor == vendor);
        found.extend(sinks.map(|sink| sink.location.path.as_str()));
        let unknown = self.report.unresolved.iter();
        let unknown = unknown.filter(|it| it.vendor == vendor);
        found.extend(unknown.map(|it| it.location.path.as_str()));
        found
    }
}

fn every_finding(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().chain(&report.expected)
}

/// What a finding is, wherever its line is. The same call may have sent a digest once, and the value at another time.
type Key = (String, Transform);

fn key(finding: &Finding) -> Key {
    (finding.fingerprint.clone(), finding.transform)
}

/// Things that look alike are told apart by their order in the file.
type Place<'a> = (&'a str, &'a str, &'a str, Option<&'a str>);

/// What several revisions show.
#[derive(Debug, Default)]
pub struct Union {
    look: Look,
    findings: BTreeMap<Key, Finding>,
    expected: BTreeMap<Key, Finding>,
    sinks: BTreeMap<String, Sink>,
    unresolved: BTreeMap<String, Unresolved>,
    /// In which revisions each finding is there, by their place in the order that they were added in.
    seen: BTreeMap<Key, BTreeSet<usize>>,
}

impl Union {
    /// Adds a revision, which is later than those that are there already.
    pub fn add(&mut self, revision: usize, look: Look) {
        let Look {
            report,
            screens,
            removal,
            is_installed,
        } = look;
        for finding in every_finding(&report) {
            self.seen.entry(key(finding)).or_default().insert(revision);
        }
        for (into, findings) in [
            (&mut self.findings, report.findings),
            (&mut self.expected, report.expected),
        ] {
            for mut finding in findings {
                let key = key(&finding);
                if let Some(earlier) = into.get(&key) {
                    finding.severity = finding.severity.max(earlier.severity);
                    finding.confidence = finding.confidence.max(earlier.confidence);
                }
                into.insert(key, finding);
            }
        }
        let alike = numbered(&report.sinks, |sink| {
            let at = &sink.location;
            (&sink.vendor, &sink.call, &at.path, at.symbol.as_deref())
        });
        for (name, sink) in alike.into_iter().zip(&report.sinks) {
            let known = self.sinks.get(&name);
            let payload = known.map_or(Payload::None, |known| known.payload);
            let mut sink = sink.clone();
            sink.payload = sink.payload.max(payload);
            self.sinks.insert(name, sink);
        }
        let alike = numbered(&report.unresolved, |it| {
            let at = &it.location;
            (&it.vendor, &it.expression, &at.path, at.symbol.as_deref())
        });
        for (name, unknown) in alike.into_iter().zip(report.unresolved) {
            self.unresolved.insert(name, unknown);
        }
        for (print, screens) in screens {
            self.look.screens.entry(print).or_default().extend(screens);
        }
        self.look.is_installed |= is_installed;
        self.look.removal = removal;
        let all = &mut self.look.report;
        all.schema_version = report.schema_version;
        all.tool = report.tool;
        all.root = report.root;
        for auto in report.auto_collected {
            if !all.auto_collected.contains(&auto) {
                all.auto_collected.push(auto);
            }
        }
        for vendor in report.vendors {
            match all.vendors.iter_mut().find(|it| it.vendor == vendor.vendor) {
                Some(known) => {
                    for evidence in vendor.evidence {
                        if !known.evidence.contains(&evidence) {
                            known.evidence.push(evidence);
                        }
                    }
                    known.locations = vendor.locations;
                }
                None => all.vendors.push(vendor),
            }
        }
        let (skipped, errors) = (&mut all.files.skipped, &mut all.files.errors);
        skipped.extend(report.files.skipped);
        errors.extend(report.files.errors);
        for notes in [&mut *skipped, &mut *errors] {
            notes.sort();
            notes.dedup();
        }
        // How many there are is said of the last.
        all.files.seen = report.files.seen;
        all.files.read = report.files.read;
        all.files.parsed = report.files.parsed;
        all.files.left_out = report.files.left_out;
    }

    /// All of it as one look, with the revisions that each finding is in.
    pub(super) fn finish(mut self, rules: &Ruleset, policy: &Policy) -> (Look, Sightings) {
        let report = &mut self.look.report;
        report.findings = self.findings.into_values().collect();
        report.expected = self.expected.into_values().collect();
        assess::sort(&mut report.findings);
        assess::sort(&mut report.expected);
        report.combinations = assess::combinations(&report.findings, Rules::of(rules), policy);
        report.sinks = self.sinks.into_values().collect();
        report.sinks.sort_by(|a, b| a.location.cmp(&b.location));
        report.unresolved = self.unresolved.into_values().collect();
        let place = |it: &Unresolved| (it.location.clone(), it.clone());
        report.unresolved.sort_by_key(place);
        report.auto_collected.sort_by(|a, b| {
            let key =
                |it: &AutoCollected| (it.vendor.clone(), it.class.clone(), it.property.clone());
            key(a).cmp(&key(b))
        });
        report.vendors.sort_by(|a, b| a.vendor.cmp(&b.vendor));
        (self.look, Sightings { seen: self.seen })
    }
}

/// A name for each, the same in every revision: what it is, and the how manieth of those that look alike.
fn numbered<'a, T>(all: &'a [T], place: impl Fn(&'a T) -> Place<'a>) -> Vec<String> {
    let mut counts: BTreeMap<Place<'a>, u32> = BTreeMap::new();
    all.iter()
        .map(|it| {
            let place = place(it);
            let count = counts.entry(place).or_default();
            *count += 1;
            format!("{place:?} {count}")
        })
        .collect()
}

/// In which revisions each finding is.
pub(super) struct Sightings {
    seen: BTreeMap<Key, BTreeSet<usize>>,
}

impl Sightings {
    /// Says of each piece of evidence when it was there.
    pub(super) fn tell(&self, holdings: &mut VendorHoldings, stretches: &[Stretch]) {
        let all = holdings.holdings.iter_mut();
        for evidence in all.flat_map(|holding| &mut holding.evidence) {
            evidence.seen = self.of(evidence, stretches);
        }
    }

    fn of(&self, evidence: &Evidence, stretches: &[Stretch]) -> Option<Seen> {
        let key = (evidence.fingerprint.clone(), evidence.transform);
        let places = self.seen.get(&key)?;
        let having = || places.iter().filter_map(|place| stretches.get(*place));
        let first = having().map(|stretch| &stretch.first).min()?;
        let last = having().map(|stretch| &stretch.last).max()?;
        Some(Seen {
            first: first.1.clone(),
            last: last.1.clone(),
            from_before: having().any(|stretch| stretch.from_before),
            to_end: places.contains(&stretches.len().checked_sub(1)?),
        })
    }
}
