//! What a change hands over.
//!
//! In: a [`Difference`]. Out: a table for a terminal, a comment for a pull request that fits one screen, or JSON. It leaves
//! alone how the two trees were compared.

use std::fmt::Write;

use anyhow::{Context, Result};

use super::layout::wrapped;
use super::markdown::{self, code, prose};
use super::table::{findings, heading};
use super::{View, visible};
use crate::finding::{Difference, Finding, Status, Unresolved};

/// How many lines of what is gone or unknown a comment has.
const LISTED: usize = 8;

/// Renders a difference as JSON.
///
/// # Errors
///
/// Never for a difference that this program made.
pub fn difference_json(difference: &Difference) -> Result<String> {
    let mut text =
        serde_json::to_string_pretty(difference).context("cannot write the difference as JSON")?;
    text.push('\n');
    Ok(text)
}

/// Renders a difference for a terminal.
pub fn difference_table(difference: &Difference, view: &View<'_>) -> String {
    let mut out = String::new();
    let parts = [
        ("diff.sent", &difference.newly_sent),
        ("diff.collected", &difference.newly_collected),
        ("diff.no_longer_sent", &difference.no_longer_sent),
        ("diff.no_longer_collected", &difference.no_longer_collected),
    ];
    for (key, list) in parts {
        if list.is_empty() {
            continue;
        }
        let list: Vec<&Finding> = list.iter().collect();
        titled(&mut out, view, key, "count.flows", list.len());
        findings(&mut out, &list, view);
    }
    if !difference.newly_unknown.is_empty() {
        let count = difference.newly_unknown.len();
        titled(&mut out, view, "diff.unknown", "count.payloads", count);
        for unknown in &difference.newly_unknown {
            let text = format!(
                "{}:{} {} {}: {} ({})",
                visible(&unknown.location.path),
                unknown.location.line,
                visible(&unknown.vendor),
                visible(&unknown.call),
                visible(&unknown.expression),
                visible(view.texts.phrase(&unknown.reason))
            );
            out.push_str(&wrapped(&text, view.width, 2));
        }
    }
    if out.is_empty() {
        let base = visible(&difference.base);
        let text = view.texts.fill("diff.nothing", &[("base", &base)]);
        out = wrapped(&text, view.width, 0);
    }
    out
}

fn titled(out: &mut String, view: &View<'_>, key: &str, counted: &str, count: usize) {
    let count = view.texts.count(counted, count as u64);
    heading(out, view, &view.texts.fill(key, &[("count", &count)]));
}

/// Renders a difference as a comment.
pub fn difference_markdown(difference: &Difference, view: &View<'_>) -> String {
    let certain = |finding: &&Finding| finding.confidence >= view.confidence;
    let (open, accepted): (Vec<&Finding>, Vec<&Finding>) = difference
        .newly_sent
        .iter()
        .filter(certain)
        .partition(|finding| finding.status == Status::New);
    let uncertain = difference
        .newly_sent
        .iter()
        .filter(|finding| !certain(finding))
        .count();
    let mut out = String::new();
    if open.is_empty() {
        let _ = writeln!(out, "### {}", view.say("comment.nothing"));
    } else {
        let _ = writeln!(
            out,
            "### {}\n",
            view.texts.count("comment.new", open.len() as u64)
        );
        out.push_str(&markdown::table(&open, view));
        out.push_str(&asked(&open, view));
    }
    let collected: Vec<&Finding> = difference
        .newly_collected
        .iter()
        .filter(|finding| finding.status == Status::New)
        .collect();
    if !collected.is_empty() {
        let _ = writeln!(
            out,
            "\n**{}** {}",
            view.say("comment.collected"),
            markdown::collected(&collected, view)
        );
    }
    if !accepted.is_empty() {
        titled_list(&mut out, view, "comment.accepted");
        let lines = accepted.iter().map(|finding| with_reason(finding, view));
        list(&mut out, lines, view);
    }
    if !difference.newly_unknown.is_empty() {
        titled_list(&mut out, view, "comment.unknown");
        let lines = difference.newly_unknown.iter();
        list(&mut out, lines.map(|it| unknown(it, view)), view);
    }
    if !difference.no_longer_sent.is_empty() {
        titled_list(&mut out, view, "comment.no_longer_sent");
        let lines = difference.no_longer_sent.iter();
        list(&mut out, lines.map(|it| line(it, view)), view);
    }
    if !difference.no_longer_collected.is_empty() {
        let gone: Vec<&Finding> = difference.no_longer_collected.iter().collect();
        let _ = writeln!(
            out,
            "\n**{}** {}",
            view.say("comment.no_longer_collected"),
            markdown::collected(&gone, view)
        );
    }
    let base = [("base", code(&difference.base))];
    let base = base.each_ref().map(|(name, text)| (*name, text.as_str()));
    let _ = write!(out, "\n<sub>{}", view.texts.fill("comment.base", &base));
    if uncertain > 0 {
        let text = view.texts.count("comment.uncertain", uncertain as u64);
        let _ = write!(out, " {text}");
    }
    out.push_str("</sub>\n");
    out
}

/// Why the worst of it matters, and what to do about it.
fn asked(open: &[&Finding], view: &View<'_>) -> String {
    let Some(worst) = open.first() else {
        return String::new();
    };
    let path = &worst.location.path;
    let path = path.replace(|char: char| !is_plain(char), "?");
    let text = view.texts.fill(
        "comment.asked",
        &[
            ("class", &code(&worst.class)),
            ("reason", &prose(&sentence(&worst.reason))),
            ("place", &format!("{path}:{}", worst.location.line)),
        ],
    );
    format!("\n{text}\n")
}

fn is_plain(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '/' | '.' | '-' | '_')
}

fn sentence(text: &str) -> String {
    let text = text.trim_end_matches('.');
    format!("{text}.")
}

fn titled_list(out: &mut String, view: &View<'_>, key: &str) {
    let _ = writeln!(out, "\n**{}**\n", view.texts.say(key));
}

fn list(out: &mut String, lines: impl ExactSizeIterator<Item = String>, view: &View<'_>) {
    let more = lines.len().saturating_sub(LISTED);
    for line in lines.take(LISTED) {
        let _ = writeln!(out, "- {line}");
    }
    if more > 0 {
        let _ = writeln!(out, "- {}", view.texts.count("count.more", more as u64));
    }
}

fn line(finding: &Finding, view: &View<'_>) -> String {
    view.texts.fill(
        "comment.line",
        &[
            ("severity", &markdown::mark(finding.severity, view)),
            ("class", &code(&finding.class)),
            ("vendor", &code(&finding.vendor)),
            ("property", &code(&finding.property)),
            ("path", &code(&finding.location.path)),
        ],
    )
}

fn with_reason(finding: &Finding, view: &View<'_>) -> String {
    let mut text = line(finding, view);
    if let Some(suppression) = &finding.suppression {
        if let Some(reason) = &suppression.reason {
            let _ = write!(text, ": {}", prose(reason));
        }
        if let Some(until) = &suppression.until {
            let until = prose(until);
            text.push_str(&view.texts.fill("comment.until", &[("until", &until)]));
        }
    }
    text
}

fn unknown(unknown: &Unresolved, view: &View<'_>) -> String {
    view.texts.fill(
        "comment.unknown_line",
        &[
            ("value", &code(&unknown.expression)),
            ("vendor", &code(&unknown.vendor)),
            ("call", &code(&unknown.call)),
            ("place", &code(&unknown.location.line_of_file())),
            ("reason", &prose(view.texts.phrase(&unknown.reason))),
        ],
    )
}
