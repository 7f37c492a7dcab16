//! What is accepted.
//!
//! In: the findings of a scan, the comments and the [`Policy`] with its allowances and its lock file. Out: the same findings
//! with their status, and a notice for everything that accepts nothing any more, has ended, or gives no reason. It leaves
//! alone what fails a run.
//!
//! What is accepted stays in the report. Comments come first, then allowances, then the lock file; whoever would have
//! accepted a finding counts as used, also where another was first.

use std::collections::{BTreeMap, BTreeSet};

use super::Rules;
use crate::day::Day;
use crate::directives::{self, Directive, Reach};
use crate::finding::{Finding, Location, Notice, NoticeKind, Status, Suppression};
use crate::identity::{self, FilesOf, Flow};
use crate::policy::{Allowance, Lock, Policy};
use crate::read::Texts;
use crate::ruleset::schema::Vendor;

/// Decides which findings are accepted. What is expected of a vendor needs no acceptance, but may have one.
pub(super) fn accept(
    findings: &mut [Finding],
    expected: &[Finding],
    rules: Rules<'_>,
    policy: &Policy,
    texts: &Texts,
) -> Vec<Notice> {
    let mut notices = Vec::new();
    if policy.comments {
        by_comments(findings, expected, rules, policy, texts, &mut notices);
    }
    for allowance in &policy.allowances {
        by_allowance(findings, expected, allowance, policy, &mut notices);
    }
    if let Some(lock) = &policy.lock {
        by_lock(findings, lock, policy.today, texts, rules, &mut notices);
    }
    notices.sort();
    notices.dedup();
    notices
}

fn by_comments(
    findings: &mut [Finding],
    expected: &[Finding],
    rules: Rules<'_>,
    policy: &Policy,
    texts: &Texts,
    notices: &mut Vec<Notice>,
) {
    let (directives, invalid) = directives::read(texts);
    notices.extend(invalid);
    for directive in &directives {
        let notice = |kind, message: String| Notice {
            path: directive.path.clone(),
            line: Some(directive.line),
            kind,
            message,
        };
        if let Some(name) = directive.names.iter().find(|name| !is_known(name, rules)) {
            let message = format!(
                "there is no vendor or data class `{name}`, so this accepts nothing; `divulge rules list` shows all"
            );
            notices.push(notice(NoticeKind::Invalid, message));
            continue;
        }
        let covers = |finding: &Finding| is_covered(finding, directive, rules);
        let is_used = findings.iter().chain(expected).any(covers);
        let names = listed(&directive.names);
        if !is_used {
            let message = format!("nothing of {names} is found here, so this can go");
            notices.push(notice(NoticeKind::Unused, message));
            continue;
        }
        if let Some(until) = directive.until.filter(|until| *until < policy.today) {
            let message = format!("accepted {names} until {until}, and counts again");
            notices.push(notice(NoticeKind::Expired, message));
            continue;
        }
        if directive.reason.is_none() {
            let message = format!("accepts {names} without a reason: write it behind ` -- `");
            notices.push(notice(NoticeKind::Reasonless, message));
        }
        let suppression = suppression(
            "inline",
            directive.reason.as_ref(),
            directive.owner.as_ref(),
            directive.until,
        );
        suppress(findings, &suppression, covers);
    }
}

fn suppression(
    by: &str,
    reason: Option<&String>,
    owner: Option<&String>,
    until: Option<Day>,
) -> Suppression {
    Suppression {
        by: by.to_owned(),
        reason: reason.cloned(),
        owner: owner.cloned(),
        until: until.map(|until| until.to_string()),
    }
}

fn suppress(
    findings: &mut [Finding],
    suppression: &Suppression,
    covers: impl Fn(&Finding) -> bool,
) {
    for finding in findings {
        if finding.status == Status::New && covers(finding) {
            finding.status = Status::Suppressed;
            finding.suppression = Some(suppression.clone());
        }
    }
}

/// Whether a name of a comment is one of the rules'.
fn is_known(name: &str, rules: Rules<'_>) -> bool {
    rules.vendors.contains_key(name) || rules.classes.contains_key(name) || name.contains(':')
}

fn is_covered(finding: &Finding, directive: &Directive, rules: Rules<'_>) -> bool {
    let place = &finding.location;
    if place.path != directive.path {
        return false;
    }
    let names = &directive.names;
    let names_class = names.iter().any(|name| rules.classes.contains_key(name));
    let names_vendor = names.iter().any(|name| !rules.classes.contains_key(name));
    if (names_class && !names.contains(&finding.class))
        || (names_vendor && !names.contains(&finding.vendor))
    {
        return false;
    }
    let starts = [Some(place.line), value_line(finding)];
    let begins_on = |line: u32| starts.contains(&Some(line));
    match directive.reach {
        Reach::From(line) => begins_on(line),
        Reach::On(line) => begins_on(line) || place.end_line == line,
        Reach::Between(first, last) => starts
            .into_iter()
            .flatten()
            .any(|line| (first..=last).contains(&line)),
        Reach::All => true,
    }
}

/// The line of the value, if it stands in the call.
fn value_line(finding: &Finding) -> Option<u32> {
    let Location {
        path,
        line,
        end_line,
        ..
    } = &finding.location;
    let value = finding.value.as_ref()?;
    (value.path == *path && (*line..=*end_line).contains(&value.line)).then_some(value.line)
}

fn by_allowance(
    findings: &mut [Finding],
    expected: &[Finding],
    allowance: &Allowance,
    policy: &Policy,
    notices: &mut Vec<Notice>,
) {
    let covers = |finding: &Finding| {
        finding.vendor == allowance.vendor
            && allowance.classes.contains(&finding.class)
            && (allowance.paths.is_empty()
                || allowance
                    .paths
                    .matches(&policy.path_of(&finding.location.path)))
    };
    let notice = |kind, message| Notice {
        path: allowance.file.clone(),
        line: Some(allowance.line),
        kind,
        message,
    };
    let what = format!("{} to {}", listed(&allowance.classes), allowance.vendor);
    if !findings.iter().chain(expected).any(covers) {
        // A part of the tree says nothing of the rest.
        if policy.is_whole {
            let message = format!("{what} is not found any more, so this can go");
            notices.push(notice(NoticeKind::Unused, message));
        }
        return;
    }
    if let Some(until) = allowance.until.filter(|until| *until < policy.today) {
        let message = format!("{what} was allowed until {until}, and counts again");
        notices.push(notice(NoticeKind::Expired, message));
        return;
    }
    let suppression = suppression(
        "config",
        Some(&allowance.reason),
        allowance.owner.as_ref(),
        allowance.until,
    );
    suppress(findings, &suppression, covers);
}

fn by_lock(
    findings: &mut [Finding],
    lock: &Lock,
    today: Day,
    texts: &Texts,
    rules: Rules<'_>,
    notices: &mut Vec<Notice>,
) {
    let paired = pairs(findings, lock, texts, rules.vendors);
    for finding in findings.iter_mut() {
        let known = paired.get(&Flow::of(finding, &lock.directory));
        let Some(said) = known.and_then(|flow| lock.file.flows.get(flow)) else {
            continue;
        };
        let is_over = said.until.is_some_and(|until| until < today);
        if finding.status == Status::New && !is_over {
            finding.status = Status::Locked;
            finding.suppression = Some(suppression(
                "lock",
                said.reason.as_ref(),
                said.owner.as_ref(),
                said.until,
            ));
        }
    }
    let used: BTreeMap<&Flow, &Flow> = paired.iter().map(|(to, from)| (from, to)).collect();
    for (flow, said) in &lock.file.flows {
        let notice = |kind, message| Notice {
            path: lock.shown.clone(),
            line: Some(said.line),
            kind,
            message,
        };
        let what = format!("{} to {} in {}", flow.class, flow.vendor, flow.file);
        if used.contains_key(flow) {
            if let Some(until) = said.until.filter(|until| *until < today) {
                let message = format!("{what} was accepted until {until}, and counts again");
                notices.push(notice(NoticeKind::Expired, message));
            }
        } else if lock.covers(&flow.file) {
            let message =
                format!("{what} is not found any more; `divulge lock --prune` removes it");
            notices.push(notice(NoticeKind::Unused, message));
        }
    }
}

/// For each flow that is found and known, the entry that it is.
pub fn pairs(
    findings: &[Finding],
    lock: &Lock,
    texts: &Texts,
    vendors: &BTreeMap<String, Vendor>,
) -> BTreeMap<Flow, Flow> {
    let present = findings
        .iter()
        .map(|finding| Flow::of(finding, &lock.directory))
        .collect();
    let earlier: BTreeSet<Flow> = lock.file.flows.keys().cloned().collect();
    let known: BTreeSet<&str> = earlier.iter().map(|flow| flow.file.as_str()).collect();
    let files = FilesOf {
        gone: &|file| lock.covers(file) && texts.find(&lock.below_root(file)).is_none(),
        fresh: &|file| !known.contains(file),
        is_said: &|flow| {
            vendors.get(&flow.vendor).is_some_and(|vendor| {
                let mut all = vendor.auto.iter();
                all.any(|auto| auto.class == flow.class && auto.property == flow.property)
            })
        },
    };
    identity::pair(&earlier, &present, &files)
}

fn listed(names: &BTreeSet<String>) -> String {
    names
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
