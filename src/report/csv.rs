//! Findings as comma-separated values.
//!
//! In: a [`Report`]. Out: a header and one line per finding. It leaves alone everything that is no finding.

use anyhow::{Context, Result};

use super::{View, shown, visible};
use crate::finding::{Finding, Report};

const HEADER: [&str; 17] = [
    "severity",
    "confidence",
    "class",
    "vendor",
    "vendor_category",
    "call",
    "property",
    "expression",
    "origin",
    "transform",
    "path",
    "line",
    "column",
    "symbol",
    "reason",
    "status",
    "fingerprint",
];

/// Renders a report.
///
/// # Errors
///
/// Never for a report that this program made.
pub fn csv(report: &Report, view: &View<'_>) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for finding in shown(report, view) {
        writer.write_record(cells(finding).map(|cell| harmless(&cell)))?;
    }
    let bytes = writer
        .into_inner()
        .context("cannot write the report as CSV")?;
    String::from_utf8(bytes).context("cannot write the report as CSV")
}

fn cells(finding: &Finding) -> [String; 17] {
    let place = &finding.location;
    [
        finding.severity.as_str(),
        finding.confidence.as_str(),
        &finding.class,
        &finding.vendor,
        &finding.vendor_category,
        &finding.call,
        &finding.property,
        &finding.expression,
        finding.origin.as_str(),
        finding.transform.as_str(),
        &place.path,
        &place.line.to_string(),
        &place.column.to_string(),
        place.symbol.as_deref().unwrap_or_default(),
        &finding.reason,
        finding.status.as_str(),
        &finding.fingerprint,
    ]
    .map(str::to_owned)
}

/// A cell that a spreadsheet would take for a formula is made text by a quote, which spreadsheets do not show. Blanks
/// before the sign do not keep some of them from it.
fn harmless(cell: &str) -> String {
    let cell = visible(cell);
    if cell.trim_start().starts_with([
        '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) {
        format!("'{cell}")
    } else {
        cell.into_owned()
    }
}
