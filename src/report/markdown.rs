//! The report as Markdown: a summary of a step, or a page of a wiki.
//!
//! In: a [`Report`]. Out: one screen of GitHub's Markdown: what the code sends, worst first, what SDKs collect, what is
//! worse together, what is unknown and what is wrong with acceptances. It leaves alone what fits no screen; JSON has all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{View, counted, shown};
use crate::finding::{Finding, Origin, Report, Severity, Status, Transform};

/// How many rows a table has.
const ROWS: usize = 25;
/// How many notices are listed.
const NOTICES: usize = 10;

/// Renders a report.
pub fn markdown(report: &Report, view: &View) -> String {
    let all = shown(report, view);
    let (certain, uncertain): (Vec<&Finding>, Vec<&Finding>) = all
        .into_iter()
        .partition(|finding| finding.confidence >= view.confidence);
    let (auto, sent): (Vec<&Finding>, Vec<&Finding>) = certain
        .into_iter()
        .partition(|finding| finding.origin == Origin::Auto);
    let mut out = String::from("## Personal data handed to vendors\n\n");
    if sent.is_empty() {
        out.push_str("The code sends none that is not accepted.\n");
    } else {
        let _ = writeln!(
            out,
            "The code sends {}.\n",
            counted(sent.len() as u64, "value", "values")
        );
        out.push_str(&table(&sent));
    }
    if !auto.is_empty() {
        out.push_str("\n**Collected by SDKs themselves:** ");
        out.push_str(&collected(&auto));
        out.push_str("\n");
    }
    if !report.combinations.is_empty() {
        out.push_str("\n**Worse together:**\n\n");
        for found in &report.combinations {
            let _ = writeln!(
                out,
                "- {} {}: {} ({})",
                mark(found.severity),
                code(&found.vendor),
                prose(&found.title),
                prose(&found.classes.join(" + "))
            );
        }
    }
    if !uncertain.is_empty() {
        let _ = writeln!(
            out,
            "\n<details><summary>{}</summary>\n\n{}\n</details>",
            counted(
                uncertain.len() as u64,
                "uncertain finding",
                "uncertain findings"
            ),
            table(&uncertain)
        );
    }
    out.push('\n');
    out.push_str(&rests_on(report));
    out
}

fn rests_on(report: &Report) -> String {
    let mut out = String::new();
    if !report.notices.is_empty() {
        out.push_str("**Acceptances to look at:**\n\n");
        for notice in report.notices.iter().take(NOTICES) {
            let line = notice
                .line
                .map_or_else(String::new, |line| format!(":{line}"));
            let _ = writeln!(
                out,
                "- {}: {} ({})",
                code(&format!("{}{line}", notice.path)),
                prose(&notice.message),
                notice.kind.as_str()
            );
        }
        let more = report.notices.len().saturating_sub(NOTICES);
        if more > 0 {
            let _ = writeln!(out, "- and {more} more");
        }
        out.push('\n');
    }
    let accepted = |status: Status| {
        let found = report
            .findings
            .iter()
            .filter(|finding| finding.status == status);
        found.count()
    };
    let _ = writeln!(
        out,
        "<sub>{}, {} unknown; {} accepted by the lock file, {} suppressed; {} read.</sub>",
        counted(report.sinks.len() as u64, "vendor call", "vendor calls"),
        counted(report.unresolved.len() as u64, "payload", "payloads"),
        accepted(Status::Locked),
        accepted(Status::Suppressed),
        counted(report.files.read, "file", "files"),
    );
    out
}

/// A table of findings; the rest is counted.
pub(super) fn table(findings: &[&Finding]) -> String {
    let mut out = String::from(
        "| severity | class | vendor | property ← value | where |\n|---|---|---|---|---|\n",
    );
    for finding in findings.iter().take(ROWS) {
        let place = &finding.location;
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            mark(finding.severity),
            code(&finding.class),
            code(&finding.vendor),
            handed(finding),
            code(&format!("{}:{}", place.path, place.line)),
        );
    }
    let more = findings.len().saturating_sub(ROWS);
    if more > 0 {
        let _ = writeln!(out, "\n… and {more} more.");
    }
    out
}

fn handed(finding: &Finding) -> String {
    let mut text = code(&finding.property);
    if !finding.expression.is_empty() && finding.expression != finding.property {
        text.push_str(" ← ");
        text.push_str(&code(&finding.expression));
    }
    if finding.transform != Transform::None {
        let _ = write!(text, " ({})", finding.transform.as_str());
    }
    if finding.origin == Origin::Auto {
        text.push_str(" (by the SDK)");
    }
    text
}

/// Classes by vendor.
pub(super) fn collected(auto: &[&Finding]) -> String {
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
            format!("{} takes {}", code(vendor), classes.join(", "))
        })
        .collect();
    vendors.join("; ")
}

/// A severity that is seen at a glance.
pub(super) fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "🔴 critical",
        Severity::High => "🟠 high",
        Severity::Medium => "🟡 medium",
        Severity::Low => "⚪ low",
    }
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

/// Text of the rules, without markup.
pub(super) fn prose(text: &str) -> String {
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
        assert_eq!(code("a\n| b |"), "<code>a␊&#124; b &#124;</code>");
        assert_eq!(code("</code>"), "<code>&#60;&#47;code&#62;</code>");
        assert_eq!(code(""), "<code></code>");
        assert_eq!(prose("@team <b>"), "&#64;team &#60;b&#62;");
    }
}
