//! Reviewdog's diagnostics.
//!
//! In: a [`Report`]. Out: one diagnostic per finding. It leaves alone columns: Reviewdog counts bytes, a report counts
//! UTF-16 units, and without the source neither can be told from the other.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{View, shown, told};
use crate::finding::{Finding, Location, Report, Severity};

/// Renders a report.
///
/// # Errors
///
/// Never for a report that this program made.
pub fn rdjson(report: &Report, view: &View<'_>) -> Result<String> {
    let diagnostics: Vec<Value> = shown(report, view)
        .into_iter()
        .map(|finding| diagnostic(finding, view))
        .collect();
    let all = json!({ "source": { "name": report.tool.name }, "diagnostics": diagnostics });
    let mut text =
        serde_json::to_string_pretty(&all).context("cannot write the report for Reviewdog")?;
    text.push('\n');
    Ok(text)
}

fn diagnostic(finding: &Finding, view: &View<'_>) -> Value {
    let severity = match finding.severity {
        _ if finding.confidence < view.confidence => "INFO",
        Severity::Critical | Severity::High => "ERROR",
        Severity::Medium => "WARNING",
        Severity::Low => "INFO",
    };
    let mut out = json!({
        "message": told(finding),
        "location": location(&finding.location),
        "severity": severity,
        "code": { "value": format!("divulge/{}", finding.class) },
    });
    if finding.sink != finding.location {
        out["related_locations"] =
            json!([{ "message": "the SDK call", "location": location(&finding.sink) }]);
    }
    out
}

fn location(place: &Location) -> Value {
    json!({
        "path": place.path,
        "range": { "start": { "line": place.line }, "end": { "line": place.end_line } },
    })
}
