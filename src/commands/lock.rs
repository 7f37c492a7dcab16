//! `divulge lock`.
//!
//! In: the flows of a tree, and the lock file as it is. Out: the lock file as it is to be. It leaves alone what lies outside
//! of what was scanned, and what people said of flows that stay.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use super::environment::environment;
use super::output::write_file;
use super::scan::say_notes;
use super::{Outcome, note, warn};
use crate::assess;
use crate::cli::{Lock as Asked, Scan};
use crate::examine;
use crate::finding::{Finding, Status};
use crate::identity::Flow;
use crate::progress::Progress;
use crate::reviewed::{Acceptance, LockFile};
use crate::settings::{Settings, shown};

/// Writes the file.
pub(super) fn run(asked: &Asked, quiet: bool) -> Result<Outcome> {
    let scan = Scan {
        scope: asked.scope.clone(),
        ..Scan::default()
    };
    let settings = Settings::resolve(&scan, &environment())?;
    let mut ruleset = settings.ruleset()?;
    for (what, names, known) in [
        (
            "--vendor",
            &asked.vendors,
            ruleset.vendors.keys().collect::<Vec<_>>(),
        ),
        ("--class", &asked.classes, ruleset.classes.keys().collect()),
    ] {
        if let Some(name) = names.iter().find(|name| !known.contains(name)) {
            bail!("{what}: there is no `{name}`; `divulge rules list` shows all");
        }
    }
    ruleset.combinations.clear();
    let lock = settings.lock(false)?;
    let mut whole = settings.clone();
    // Whatever is left out of a report is a flow all the same.
    whole.policy.min_severity = crate::finding::Severity::Low;
    let analysis = examine(&whole, &ruleset, &Progress::new(!quiet))?;
    if !quiet {
        say_notes(&analysis, false);
    }
    if analysis.crashed {
        warn("the analysis of a file crashed, so nothing is written");
        return Ok(Outcome::Untrusted);
    }
    let findings = &analysis.report.findings;
    let paired = assess::pairs(findings, &lock, &analysis.texts, &ruleset.vendors);
    let all = !asked.accept && !asked.prune;
    let mut next = LockFile::default();
    let mut counts = Counts::default();
    // What stays: entries that are found, those that lie elsewhere, and the others unless they are to be removed.
    let mut found: BTreeMap<&Flow, Vec<&Flow>> = BTreeMap::new();
    for (to, from) in &paired {
        found.entry(from).or_default().push(to);
    }
    let mut names = BTreeMap::new();
    for (flow, said) in &lock.file.flows {
        if let Some(places) = found.get(flow) {
            for now in places {
                // A scan of a part sees an SDK start elsewhere than a scan of the whole does.
                let kept = if lock.covers(&flow.file) { *now } else { flow };
                next.flows.insert(kept.clone(), said.clone());
                names.insert((*now).clone(), kept.clone());
            }
        } else if !lock.covers(&flow.file) || !(all || asked.prune) {
            next.flows.insert(flow.clone(), said.clone());
        } else {
            counts.removed += 1;
        }
    }
    if all || asked.accept {
        for finding in findings.iter().filter(|finding| is_chosen(finding, asked)) {
            let flow = Flow::of(finding, &lock.directory);
            let flow = names.get(&flow).cloned().unwrap_or(flow);
            accept(
                finding,
                flow,
                asked,
                settings.policy.today,
                &mut next,
                &mut counts,
            );
        }
    }
    if asked.accept && counts.added + counts.renewed == 0 && !quiet {
        warn("nothing was accepted: no new or expired flow is there, or none that was chosen");
    }
    let text = next.write();
    write_file(&settings.lock_path, &text)?;
    if !quiet {
        note(&format!(
            "{}: {}, {} added, {} renewed, {} removed",
            shown(&settings.lock_path).display(),
            counted(next.flows.len()),
            counts.added,
            counts.renewed,
            counts.removed
        ));
    }
    Ok(Outcome::Clean)
}

#[derive(Default)]
struct Counts {
    added: usize,
    renewed: usize,
    removed: usize,
}

fn accept(
    finding: &Finding,
    flow: Flow,
    asked: &Asked,
    today: crate::day::Day,
    next: &mut LockFile,
    counts: &mut Counts,
) {
    match next.flows.get_mut(&flow) {
        Some(said) => {
            // Renewing needs a new end, or the flow would be accepted for ever by accident.
            let is_over = said.until.is_some_and(|until| until < today);
            if is_over && asked.until.is_some() {
                said.until = asked.until;
                said.reason = asked.reason.clone().or_else(|| said.reason.take());
                said.owner = asked.owner.clone().or_else(|| said.owner.take());
                counts.renewed += 1;
            }
        }
        // What is accepted elsewhere is not accepted twice: the first would end in silence.
        None if finding.status == Status::New => {
            let said = Acceptance {
                reason: asked.reason.clone(),
                owner: asked.owner.clone(),
                until: asked.until,
                line: 0,
            };
            next.flows.insert(flow, said);
            counts.added += 1;
        }
        None => {}
    }
}

/// Whether a finding is one of those that were named.
fn is_chosen(finding: &Finding, asked: &Asked) -> bool {
    let any = |names: &[String], name: &str| names.is_empty() || names.iter().any(|it| it == name);
    let place = &finding.location;
    let is_at = |at: &String| {
        let at = at.trim_start_matches("./");
        at == place.path || at == place.line_of_file()
    };
    any(&asked.vendors, &finding.vendor)
        && any(&asked.classes, &finding.class)
        && (asked.at.is_empty() || asked.at.iter().any(is_at))
}

fn counted(flows: usize) -> String {
    format!("{flows} {}", if flows == 1 { "flow" } else { "flows" })
}
