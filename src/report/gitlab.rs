//! Code Quality of GitLab.
//!
//! In: a [`Report`] whose paths are relative to the project. Out: a JSON array with one entry per finding. It leaves alone
//! the security dashboard, which reads SARIF.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{View, shown, told};
use crate::finding::{Finding, Report, Severity};

/// Renders a report.
///
/// # Errors
///
/// Never for a report that this program made.
pub fn gitlab(report: &Report, view: &View<'_>) -> Result<String> {
    let entries: Vec<Value> = shown(report, view)
        .into_iter()
        .map(|finding| entry(finding, view))
        .collect();
    let mut text = serde_json::to_string_pretty(&entries)
        .context("cannot write the report for Code Quality")?;
    text.push('\n');
    Ok(text)
}

fn entry(finding: &Finding, view: &View<'_>) -> Value {
    let severity = match finding.severity {
        _ if finding.confidence < view.confidence => "info",
        Severity::Critical => "critical",
        Severity::High => "major",
        Severity::Medium => "minor",
        Severity::Low => "info",
    };
    json!({
        "check_name": format!("divulge/{}", finding.class),
        // The name of the check is not shown, so the description says it.
        "description": format!("divulge/{}: {}", finding.class, told(finding)),
        "fingerprint": finding.fingerprint,
        "severity": severity,
        "location": {
            "path": finding.location.path,
            "lines": { "begin": finding.location.line, "end": finding.location.end_line },
        },
    })
}
