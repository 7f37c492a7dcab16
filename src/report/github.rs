//! Annotations of GitHub.
//!
//! In: a [`Report`] whose paths are relative to the repository. Out: workflow commands, one per finding, worst first, since
//! only the first ten errors and ten warnings of a step are shown. It leaves alone the step's summary, which is Markdown.

use std::fmt::Write;

use super::{View, shown, visible};
use crate::finding::{Finding, Notice, Origin, Report, Severity};

/// Renders a report.
pub fn github(report: &Report, view: &View<'_>) -> String {
    let mut out = String::new();
    for finding in shown(report, view) {
        let _ = writeln!(out, "{}", annotation(finding, view));
    }
    for notice in &report.notices {
        let _ = writeln!(out, "{}", of_notice(notice));
    }
    out
}

fn annotation(finding: &Finding, view: &View<'_>) -> String {
    let uncertain = finding.confidence < view.confidence;
    let command = match finding.severity {
        _ if uncertain => "notice",
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "notice",
    };
    let place = &finding.location;
    let mut properties = format!("file={},line={}", property(&place.path), place.line);
    // Columns of a range over several lines are refused.
    if place.end_line > place.line {
        let _ = write!(properties, ",endLine={}", place.end_line);
    } else {
        let _ = write!(
            properties,
            ",col={},endColumn={}",
            place.column, place.end_column
        );
    }
    let title = format!(
        "{} {} to {}",
        finding.severity, finding.class, finding.vendor
    );
    let mut message = match finding.origin {
        Origin::Sent => format!(
            "{} is sent to {} as {} by {}",
            or(&finding.expression, &finding.class),
            finding.vendor,
            finding.property,
            finding.call
        ),
        Origin::Auto => format!(
            "the SDK of {} collects {} by itself",
            finding.vendor, finding.property
        ),
    };
    let _ = write!(message, ": {}", finding.reason);
    if uncertain {
        message.push_str(" (uncertain)");
    }
    format!(
        "::{command} {properties},title={}::{}",
        property(&title),
        data(&message)
    )
}

fn of_notice(notice: &Notice) -> String {
    let line = notice
        .line
        .map_or_else(String::new, |line| format!(",line={line}"));
    format!(
        "::warning file={}{line},title={}::{}",
        property(&notice.path),
        property(&format!("divulge: {}", notice.kind.as_str())),
        data(&notice.message)
    )
}

fn or<'t>(text: &'t str, other: &'t str) -> &'t str {
    if text.is_empty() { other } else { text }
}

/// The message of a command. A line break would end it, and begin another command.
fn data(text: &str) -> String {
    visible(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a command. Here names of files matter to the program that reads them, so line breaks are encoded instead
/// of shown.
fn property(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace(':', "%3A")
        .replace(',', "%2C")
        .chars()
        .map(|char| if char.is_control() { '\u{fffd}' } else { char })
        .collect()
}
