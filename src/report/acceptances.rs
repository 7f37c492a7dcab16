//! What is accepted, for people at a terminal.
//!
//! In: a report. Out: each accepted finding with its reason, and what is wrong with acceptances. It leaves alone what is not
//! accepted.

use std::fmt::Write;

use super::alike::place;
use super::table::{coloured, heading, wrapped};
use super::{View, counted, visible};
use crate::finding::{Finding, Report, Status};

/// What is accepted, by what, and why.
pub(super) fn accepted(out: &mut String, report: &Report, view: &View) {
    let all: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|finding| finding.status != Status::New)
        .collect();
    if !view.accepted || all.is_empty() {
        return;
    }
    let count = counted(all.len() as u64, "finding", "findings");
    heading(out, view, &format!("Accepted: {count}"));
    for finding in all {
        let mut text = format!(
            "{} {} to {}: {} at {} ({}",
            finding.severity,
            visible(&finding.class),
            visible(&finding.vendor),
            visible(&finding.property),
            place(&finding.location),
            finding.status.as_str(),
        );
        if let Some(suppression) = &finding.suppression {
            let _ = write!(text, ", {}", visible(&suppression.by));
            if let Some(until) = &suppression.until {
                let _ = write!(text, " until {}", visible(until));
            }
            if let Some(owner) = &suppression.owner {
                let _ = write!(text, " by {}", visible(owner));
            }
            let reason = suppression.reason.as_deref().unwrap_or("no reason");
            let _ = write!(text, ": {}", visible(reason));
        }
        text.push(')');
        out.push_str(&coloured(&wrapped(&text, view.width, 2)));
    }
}

/// What is wrong with what accepts findings.
pub(super) fn notices(out: &mut String, report: &Report, view: &View) {
    if report.notices.is_empty() {
        return;
    }
    heading(out, view, "Acceptances to look at");
    for notice in &report.notices {
        let line = notice
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        let text = format!(
            "{}{line}: {}: {}",
            visible(&notice.path),
            notice.kind.as_str(),
            visible(&notice.message)
        );
        out.push_str(&wrapped(&text, view.width, 2));
    }
}
