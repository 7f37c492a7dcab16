//! `divulge diff`.
//!
//! In: a revision or a saved report, and a tree. Out: what the tree hands over that the other does not, and the reverse. It
//! leaves alone the work tree, which is only read.
//!
//! Both sides are judged by the configuration of the present tree, and by this program, so that a difference is one of the
//! code.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::environment::environment;
use super::output::outputs;
use super::past::Past;
use super::scan::{say_notes, way_from_repository};
use super::stock::language;
use super::{Outcome, note, report as saved, warn};
use crate::cli::{Diff, Format, Scan, Scope};
use crate::compare::{Base, compare};
use crate::examine;
use crate::finding::{Difference, Finding, Report};
use crate::git::Repository;
use crate::identity::FilesOf;
use crate::policy::Policy;
use crate::progress::Progress;
use crate::report::{self, View};
use crate::ruleset::Ruleset;
use crate::settings::Settings;

/// Compares and reports.
pub(super) fn run(diff: &Diff, quiet: bool) -> Result<Outcome> {
    let outputs = outputs(&diff.formats, diff.output.as_deref())?;
    for output in &outputs {
        if !matches!(
            output.format,
            Format::Table | Format::Markdown | Format::Json
        ) {
            bail!("a difference is shown as table, markdown or json");
        }
    }
    let settings = Settings::resolve(&as_scan(diff), &environment())?;
    let ruleset = settings.ruleset()?;
    let texts = language(diff.lang.as_deref(), &ruleset)?;
    let progress = Progress::new(!quiet);
    let base = base(diff, &settings, &ruleset, &progress)?;
    let present = examine(&settings, &ruleset, &progress)?;
    if !quiet {
        say_notes(&present, false);
    }
    let difference = |base: &Report, report: &Report, below: &str| {
        let files = FilesOf {
            gone: &|file| {
                let file = file.strip_prefix(below).unwrap_or(file);
                present.texts.find(file.trim_start_matches('/')).is_none()
            },
            fresh: &|file| {
                !base
                    .findings
                    .iter()
                    .any(|finding| finding.location.path == file)
            },
            is_said: &|flow| {
                let mut all = present.report.auto_collected.iter();
                all.any(|auto| {
                    (&auto.vendor, &auto.class, &auto.property)
                        == (&flow.vendor, &flow.class, &flow.property)
                })
            },
        };
        let base = Base {
            name: &diff.base,
            findings: &base.findings,
            unresolved: &base.unresolved,
        };
        compare(base, report, &files)
    };
    let plain = difference(&base.report, &present.report, "");
    let way = way_from_repository(&settings);
    for output in &outputs {
        let view = View {
            width: output.width(),
            confidence: settings.policy.confidence,
            accepted: true,
            texts: &texts,
        };
        output.write(&match output.format {
            Format::Json => report::difference_json(&plain)?,
            Format::Markdown => {
                let base = report::below(&base.report, &way);
                let present = report::below(&present.report, &way);
                report::difference_markdown(&difference(&base, &present, &way), &view)
            }
            _ => report::difference_table(&plain, &view),
        })?;
    }
    if present.crashed || base.crashed {
        warn("the analysis of a file crashed, so the comparison is not complete");
        return Ok(Outcome::Untrusted);
    }
    Ok(outcome(&plain, &settings.policy, quiet))
}

fn as_scan(diff: &Diff) -> Scan {
    Scan {
        scope: Scope {
            paths: vec![diff.path.clone()],
            config: diff.config.clone(),
            no_config: diff.no_config,
            rules: diff.rules.clone(),
            today: diff.today,
            ..Scope::default()
        },
        fail_on: diff.fail_on,
        locked: diff.locked,
        no_suppressions: diff.no_suppressions,
        ..Scan::default()
    }
}

/// The other side; without anything to scan, nothing is sent there.
#[derive(Default)]
struct Other {
    report: Report,
    crashed: bool,
}

fn base(diff: &Diff, settings: &Settings, ruleset: &Ruleset, progress: &Progress) -> Result<Other> {
    let file = Path::new(&diff.base);
    // A name could be both; what ends like a report is one.
    if file.is_file() && file.extension().is_some_and(|end| end == "json") {
        let report = saved::read(file)?;
        return Ok(Other {
            report,
            crashed: false,
        });
    }
    let repository = Repository::around(&settings.root)?;
    let found = repository.commit(&diff.base);
    let mut commit = found.context("nor is there a report of that name")?;
    if diff.merge_base {
        commit = repository.merge_base(&commit)?;
    }
    let past = Past::new(&repository, settings, ruleset);
    let found = past.read(&commit, progress)?;
    Ok(found.map_or_else(Other::default, |analysis| Other {
        report: analysis.report,
        crashed: analysis.crashed,
    }))
}

fn outcome(difference: &Difference, policy: &Policy, quiet: bool) -> Outcome {
    let new = difference
        .newly_sent
        .iter()
        .chain(&difference.newly_collected);
    let new: Vec<&Finding> = new.collect();
    let failing = new.iter().filter(|finding| policy.fails(finding)).count();
    if failing == 0 {
        return Outcome::Clean;
    }
    if !quiet {
        note(&format!(
            "{failing} of {} new flows at or above the severity that fails the run",
            new.len()
        ));
    }
    Outcome::Found
}
