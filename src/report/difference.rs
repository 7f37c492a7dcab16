//! What a change hands over.
//!
//! In: a [`Difference`]. Out: a table for a terminal, a comment for a pull request that fits one screen, or JSON. It leaves
//! alone how the two trees were compared.

use std::fmt::Write;

use anstyle::Style;
use anyhow::{Context, Result};

use super::markdown::{self, code, prose};
use super::table::{findings, wrapped};
use super::{View, counted, visible};
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
pub fn difference_table(difference: &Difference, view: &View) -> String {
    let mut out = String::new();
    let parts = [
        ("Newly sent", &difference.newly_sent),
        ("Newly collected by SDKs", &difference.newly_collected),
        ("No longer sent", &difference.no_longer_sent),
        (
            "No longer collected by SDKs",
            &difference.no_longer_collected,
        ),
    ];
    let bold = Style::new().bold();
    for (title, list) in parts {
        if list.is_empty() {
            continue;
        }
        let list: Vec<&Finding> = list.iter().collect();
        let gap = if out.is_empty() { "" } else { "\n" };
        let count = counted(list.len() as u64, "flow", "flows");
        let _ = writeln!(out, "{gap}{bold}{title}: {count}{bold:#}");
        findings(&mut out, &list, view);
    }
    if !difference.newly_unknown.is_empty() {
        let count = counted(difference.newly_unknown.len() as u64, "payload", "payloads");
        let gap = if out.is_empty() { "" } else { "\n" };
        let _ = writeln!(out, "{gap}{bold}Newly unknown: {count}{bold:#}");
        for unknown in &difference.newly_unknown {
            let text = format!(
                "{}:{} {} {}: {} ({})",
                visible(&unknown.location.path),
                unknown.location.line,
                visible(&unknown.vendor),
                visible(&unknown.call),
                visible(&unknown.expression),
                visible(&unknown.reason)
            );
            out.push_str(&wrapped(&text, view.width, 2));
        }
    }
    if out.is_empty() {
        out = wrapped(
            &format!(
                "Nothing is handed to a vendor that {} does not hand over, and nothing less.",
                visible(&difference.base)
            ),
            view.width,
            0,
        );
    }
    out
}

/// Renders a difference as a comment.
pub fn difference_markdown(difference: &Difference, view: &View) -> String {
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
        out.push_str("### This change sends nothing new to a vendor\n");
    } else {
        let _ = writeln!(
            out,
            "### This change sends {} to vendors\n",
            counted(open.len() as u64, "new value", "new values")
        );
        out.push_str(&markdown::table(&open));
        out.push_str(&asked(&open));
    }
    let collected: Vec<&Finding> = difference
        .newly_collected
        .iter()
        .filter(|finding| finding.status == Status::New)
        .collect();
    if !collected.is_empty() {
        let _ = writeln!(
            out,
            "\n**Newly collected by SDKs:** {}",
            markdown::collected(&collected)
        );
    }
    if !accepted.is_empty() {
        out.push_str("\n**New, and accepted:**\n\n");
        list(
            &mut out,
            accepted.iter().map(|finding| with_reason(finding)),
        );
    }
    if !difference.newly_unknown.is_empty() {
        out.push_str("\n**Newly unknown** (could not be resolved, so look at them):\n\n");
        list(&mut out, difference.newly_unknown.iter().map(unknown));
    }
    if !difference.no_longer_sent.is_empty() {
        out.push_str("\n**No longer sent:**\n\n");
        list(&mut out, difference.no_longer_sent.iter().map(line));
    }
    if !difference.no_longer_collected.is_empty() {
        let gone: Vec<&Finding> = difference.no_longer_collected.iter().collect();
        let _ = writeln!(
            out,
            "\n**No longer collected:** {}",
            markdown::collected(&gone)
        );
    }
    let _ = write!(out, "\n<sub>Compared with {}.", code(&difference.base));
    if uncertain > 0 {
        let _ = write!(
            out,
            " {} not shown.",
            counted(
                uncertain as u64,
                "uncertain finding is",
                "uncertain findings are"
            )
        );
    }
    out.push_str("</sub>\n");
    out
}

/// Why the worst of it matters, and what to do about it.
fn asked(open: &[&Finding]) -> String {
    let Some(worst) = open.first() else {
        return String::new();
    };
    format!(
        "\n{}: {} Send less, or accept it with a reason and a date (`divulge lock --accept --at {}:{}`).\n",
        code(&worst.class),
        prose(&sentence(&worst.reason)),
        worst
            .location
            .path
            .replace(|char: char| !is_plain(char), "?"),
        worst.location.line
    )
}

fn is_plain(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '/' | '.' | '-' | '_')
}

fn sentence(text: &str) -> String {
    let text = text.trim_end_matches('.');
    format!("{text}.")
}

fn list(out: &mut String, lines: impl ExactSizeIterator<Item = String>) {
    let more = lines.len().saturating_sub(LISTED);
    for line in lines.take(LISTED) {
        let _ = writeln!(out, "- {line}");
    }
    if more > 0 {
        let _ = writeln!(out, "- and {more} more");
    }
}

fn line(finding: &Finding) -> String {
    format!(
        "{} {} to {} as {} ({})",
        markdown::mark(finding.severity),
        code(&finding.class),
        code(&finding.vendor),
        code(&finding.property),
        code(&finding.location.path)
    )
}

fn with_reason(finding: &Finding) -> String {
    let mut text = line(finding);
    if let Some(suppression) = &finding.suppression {
        if let Some(reason) = &suppression.reason {
            let _ = write!(text, ": {}", prose(reason));
        }
        if let Some(until) = &suppression.until {
            let _ = write!(text, ", until {}", prose(until));
        }
    }
    text
}

fn unknown(unknown: &Unresolved) -> String {
    format!(
        "{} to {} {} at {}: {}",
        code(&unknown.expression),
        code(&unknown.vendor),
        code(&unknown.call),
        code(&unknown.location.line_of_file()),
        prose(&unknown.reason)
    )
}
