//! What is accepted, for people at a terminal.
//!
//! In: a report. Out: each accepted finding with its reason, and what is wrong with acceptances. It leaves alone what is not
//! accepted.

use super::alike::place;
use super::layout::{coloured, severity_key, wrapped};
use super::table::heading;
use super::{View, visible};
use crate::finding::{Finding, NoticeKind, Report, Status};

/// What is accepted, by what, and why.
pub(super) fn accepted(out: &mut String, report: &Report, view: &View<'_>) {
    let all: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|finding| finding.status != Status::New)
        .collect();
    if !view.accepted || all.is_empty() {
        return;
    }
    let count = view.texts.count("count.findings", all.len() as u64);
    let title = view.texts.fill("accepted.title", &[("count", &count)]);
    heading(out, view, &title);
    for finding in all {
        let status = match finding.status {
            Status::Locked => "accepted.locked",
            _ => "accepted.suppressed",
        };
        let mut text = view.texts.fill(
            "accepted.line",
            &[
                ("severity", view.say(severity_key(finding.severity))),
                ("class", &view.class(&finding.class)),
                ("vendor", &visible(&finding.vendor)),
                ("property", &visible(&finding.property)),
                ("place", &place(&finding.location)),
                ("status", view.say(status)),
            ],
        );
        if let Some(suppression) = &finding.suppression {
            for (key, value) in [
                // The status says so already.
                (
                    "accepted.by",
                    Some(&suppression.by).filter(|_| finding.status != Status::Locked),
                ),
                ("accepted.until", suppression.until.as_ref()),
                ("accepted.owner", suppression.owner.as_ref()),
                ("accepted.reason", suppression.reason.as_ref()),
            ] {
                if let Some(value) = value {
                    text.push_str(&view.texts.fill(key, &[("value", &visible(value))]));
                }
            }
            if suppression.reason.is_none() {
                text.push_str(view.say("accepted.no_reason"));
            }
        }
        text.push_str(view.say("accepted.end"));
        out.push_str(&coloured(&wrapped(&text, view.width, 2), view.texts));
    }
}

/// What is wrong with what accepts findings.
pub(super) fn notices(out: &mut String, report: &Report, view: &View<'_>) {
    if report.notices.is_empty() {
        return;
    }
    heading(out, view, view.say("notices.title"));
    for notice in &report.notices {
        let line = notice
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        let text = format!(
            "{}{line}: {}: {}",
            visible(&notice.path),
            view.say(notice_key(notice.kind)),
            visible(&notice.message)
        );
        out.push_str(&wrapped(&text, view.width, 2));
    }
}

/// The key of what is wrong with an acceptance.
pub(super) fn notice_key(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Unused => "notices.unused",
        NoticeKind::Expired => "notices.expired",
        NoticeKind::Reasonless => "notices.reasonless",
        NoticeKind::Invalid => "notices.invalid",
    }
}
