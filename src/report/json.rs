//! The JSON report.
//!
//! In: a [`Report`]. Out: all of it, as `docs/report.schema.json` describes it. It leaves alone thresholds of display.

use anyhow::{Context, Result};

use crate::finding::Report;

/// Renders a report, with a line break at the end.
///
/// # Errors
///
/// Never for a report that this program made.
pub fn json(report: &Report) -> Result<String> {
    let mut text =
        serde_json::to_string_pretty(report).context("cannot write the report as JSON")?;
    text.push('\n');
    Ok(text)
}
