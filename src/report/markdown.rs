//! The report as Markdown: a summary of a step, or a page of a wiki.
//!
//! In: a [`Report`]. Out: one screen of GitHub's Markdown: what the code sends, worst first, what SDKs collect, what is
//! worse together, what is unknown and what is wrong with acceptances. It leaves alone what fits no screen; JSON has all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::acceptances::notice_key;
use super::alike::transform_key;
use super::layout::severity_key;
use super::{View, hubs, shown};
use crate::finding::{Finding, Origin, Report, Severity, Status};

/// How many rows a table has.
const ROWS: usize = 25;
/// How many notices are listed.
const NOTICES: usize = 10;

/// Renders a report.
pub fn markdown(report: &Report, view: &View<'_>) -> String {
    let all = shown(report, view);
    let (certain, uncertain): (Vec<&Finding>, Vec<&Finding>) = all
        .into_iter()
        .partition(|finding| finding.confidence >= view.confidence);
    let (auto, sent): (Vec<&Finding>, Vec<&Finding>) = certain
        .into_iter()
        .partition(|finding| finding.origin == Origin::Auto);
    let mut out = format!("## {}\n\n", view.say("summary.title"));
    if sent.is_empty() {
        let _ = writeln!(out, "{}", view.say("summary.nothing"));
    } else {
        let _ = writeln!(
            out,
            "{}\n",
            view.texts.count("summary.sent", sent.len() as u64)
        );
        out.push_str(&table(&sent, view));
    }
    if !auto.is_empty() {
        let title = view.say("summary.collected");
        let _ = writeln!(out, "\n**{title}** {}", collected(&auto, view));
    }
    if !report.combinations.is_empty() {
        let _ = writeln!(out, "\n**{}**\n", view.say("summary.together"));
        for found in &report.combinations {
            let _ = writeln!(
                out,
                "- {} {}: {} ({})",
                mark(found.severity, view),
                code(&found.vendor),
                prose(&view.together(found)),
                prose(&found.classes.join(" + "))
            );
        }
    }
    if !uncertain.is_empty() {
        let _ = writeln!(
            out,
            "\n<details><summary>{}</summary>\n\n{}\n</details>",
            view.texts
                .count("summary.uncertain", uncertain.len() as u64),
            table(&uncertain, view)
        );
    }
    out.push('\n');
    out.push_str(&rests_on(report, view));
    out
}

fn rests_on(report: &Report, view: &View<'_>) -> String {
    let mut out = String::new();
    if !report.notices.is_empty() {
        let _ = writeln!(out, "**{}**\n", view.say("summary.notices"));
        for notice in report.notices.iter().take(NOTICES) {
            let line = notice
                .line
                .map_or_else(String::new, |line| format!(":{line}"));
            let _ = writeln!(
                out,
                "- {}: {} ({})",
                code(&format!("{}{line}", notice.path)),
                prose(&notice.message),
                view.say(notice_key(notice.kind))
            );
        }
        let more = report.notices.len().saturating_sub(NOTICES);
        if more > 0 {
            let _ = writeln!(out, "- {}", view.texts.count("count.more", more as u64));
        }
        out.push('\n');
    }
    let accepted = |status: Status| {
        let found = report
            .findings
            .iter()
            .filter(|finding| finding.status == status);
        found.count().to_string()
    };
    let text = view.texts.fill(
        "summary.rests",
        &[
            (
                "calls",
                &view.texts.count("calls.all", report.sinks.len() as u64),
            ),
            ("unknown", &report.unresolved.len().to_string()),
            ("locked", &accepted(Status::Locked)),
            ("suppressed", &accepted(Status::Suppressed)),
            ("files", &view.texts.count("count.files", report.files.read)),
        ],
    );
    let _ = writeln!(out, "<sub>{text}</sub>");
    for line in hubs::lines(report, view.texts) {
        let _ = writeln!(out, "\n<sub>{}</sub>", prose(&line));
    }
    out
}

/// A table of findings; the rest is counted.
pub(super) fn table(findings: &[&Finding], view: &View<'_>) -> String {
    let head = [
        "head.severity",
        "head.class",
        "head.vendor",
        "head.value",
        "head.where",
    ]
    .map(|key| view.say(key));
    let mut out = format!("| {} |\n|---|---|---|---|---|\n", head.join(" | "));
    for finding in findings.iter().take(ROWS) {
        let place = &finding.location;
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            mark(finding.severity, view),
            code(&finding.class),
            code(&finding.vendor),
            handed(finding, view),
            code(&format!("{}:{}", place.path, place.line)),
        );
    }
    let more = findings.len().saturating_sub(ROWS);
    if more > 0 {
        let _ = writeln!(out, "\n… {}", view.texts.count("count.more", more as u64));
    }
    out
}

fn handed(finding: &Finding, view: &View<'_>) -> String {
    let mut text = code(&finding.property);
    if !finding.expression.is_empty() && finding.expression != finding.property {
        text.push_str(" ← ");
        text.push_str(&code(&finding.expression));
    }
    if finding.transform.lessens() {
        let _ = write!(text, " ({})", view.say(transform_key(finding.transform)));
    }
    if finding.origin == Origin::Auto {
        text.push_str(view.say("table.by_sdk"));
    }
    text
}

/// Classes by vendor.
pub(super) fn collected(auto: &[&Finding], view: &View<'_>) -> String {
    let mut held: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for finding in auto {
        held.entry(&finding.vendor)
            .or_default()
            .insert(&finding.class);
    }
    let vendors: Vec<String> = held
        .into_iter()
        .map(|(vendor, classes)| {
            let classes: Vec<String> = classes.into_iter().map(code).collect();
            let classes = view.texts.list(&classes);
            let blanks = [("vendor", &*code(vendor)), ("classes", &*classes)];
            view.texts.fill("summary.takes", &blanks)
        })
        .collect();
    vendors.join("; ")
}

/// A severity that is seen at a glance.
pub(super) fn mark(severity: Severity, view: &View<'_>) -> String {
    let sign = match severity {
        Severity::Critical => "🔴",
        Severity::High => "🟠",
        Severity::Medium => "🟡",
        Severity::Low => "⚪",
    };
    format!("{sign} {}", view.texts.say(severity_key(severity)))
}

/// Text of strangers. In code nothing is a link, a mention or markup; what would end the code or the cell is written as
/// HTML, in which every sign is a reference.
pub(super) fn code(text: &str) -> String {
    let text = super::visible(text);
    let plain =
        !text.is_empty() && text.trim() == text && !text.contains(['`', '|', '\\', '<', '>', '&']);
    if plain {
        return format!("`{text}`");
    }
    let mut out = String::from("<code>");
    for char in text.chars() {
        if char.is_alphanumeric() || char == ' ' {
            out.push(char);
        } else {
            let _ = write!(out, "&#{};", u32::from(char));
        }
    }
    out.push_str("</code>");
    out
}

/// Text of the rules, without markup but for what it quotes as code, which may be a stranger's.
pub(super) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // Marks that do not pair quote nothing.
    if parts.len().is_multiple_of(2) {
        return plain(text);
    }
    let parts = parts.iter().enumerate();
    parts
        .map(|(at, part)| if at % 2 == 0 { plain(part) } else { code(part) })
        .collect()
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in super::visible(text).chars() {
        if "\\`*_[]<>#|@~&!".contains(char) {
            let _ = write!(out, "&#{};", u32::from(char));
        } else {
            out.push(char);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_holds_whatever_it_is() {
        assert_eq!(code("user.email"), "`user.email`");
        assert_eq!(code("a`b|c"), "<code>a&#96;b&#124;c</code>");
        assert_eq!(code("a\n| b |"), "<code>a&#9226;&#124; b &#124;</code>");
        assert_eq!(code("</code>"), "<code>&#60;&#47;code&#62;</code>");
        assert_eq!(code(""), "<code></code>");
        assert_eq!(prose("@team <b>"), "&#64;team &#60;b&#62;");
        assert_eq!(prose("`a.b` is <c>"), "`a.b` is &#60;c&#62;");
        assert_eq!(prose("a ` b"), "a &#96; b");
    }
}
