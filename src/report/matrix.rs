//! Who holds what.
//!
//! In: a report. Out: one line per vendor, one column per class; where that does not fit, one line per class, or a list.
//! It leaves alone single findings.

use std::collections::{BTreeMap, BTreeSet};

use comfy_table::{ContentArrangement, Table};
use unicode_width::UnicodeWidthStr;

use super::table::{UNDIVIDED, wrapped};
use super::{View, visible};
use crate::finding::{Origin, Report, Severity};

/// By vendor and class, whether the code sends it and whether the SDK collects it.
type Holdings<'r> = BTreeMap<&'r str, BTreeMap<&'r str, BTreeSet<Origin>>>;

/// Renders the summary; empty without findings.
pub(super) fn matrix(report: &Report, view: &View) -> String {
    let mut holdings = Holdings::new();
    let mut worst: BTreeMap<&str, Severity> = BTreeMap::new();
    for finding in report.findings.iter().chain(&report.expected) {
        if finding.confidence < view.confidence {
            continue;
        }
        holdings
            .entry(&finding.vendor)
            .or_default()
            .entry(&finding.class)
            .or_default()
            .insert(finding.origin);
        let severity = worst.entry(&finding.class).or_insert(finding.severity);
        *severity = (*severity).max(finding.severity);
    }
    if holdings.is_empty() {
        return String::new();
    }
    let mut classes: Vec<&str> = worst.keys().copied().collect();
    classes.sort_by_key(|class| (std::cmp::Reverse(worst.get(class).copied()), *class));
    let vendors: Vec<&str> = holdings.keys().copied().collect();
    let cell =
        |vendor: &str, class: &str| word(holdings.get(vendor).and_then(|held| held.get(class)));
    if fits(&vendors, &classes, view.width) {
        grid("Vendor", &vendors, &classes, |vendor, class| {
            cell(vendor, class)
        })
    } else if fits(&classes, &vendors, view.width) {
        grid("Class", &classes, &vendors, |class, vendor| {
            cell(vendor, class)
        })
    } else {
        list(&holdings, &classes, view.width)
    }
}

fn word(origins: Option<&BTreeSet<Origin>>) -> &'static str {
    match origins.map(|origins| {
        (
            origins.contains(&Origin::Sent),
            origins.contains(&Origin::Auto),
        )
    }) {
        Some((true, true)) => "both",
        Some((true, false)) => "sent",
        Some((false, true)) => "auto",
        _ => "-",
    }
}

fn fits(rows: &[&str], columns: &[&str], width: usize) -> bool {
    let longest = rows
        .iter()
        .map(|row| visible(row).width())
        .max()
        .unwrap_or(0)
        .max(6);
    let rest: usize = columns
        .iter()
        .map(|column| visible(column).width().max(4) + 3)
        .sum();
    longest + 2 + rest <= width
}

fn grid(
    corner: &str,
    rows: &[&str],
    columns: &[&str],
    cell: impl Fn(&str, &str) -> &'static str,
) -> String {
    let mut table = Table::new();
    table
        .load_style(UNDIVIDED)
        .set_content_arrangement(ContentArrangement::Disabled);
    let names = columns.iter().map(|column| visible(column).into_owned());
    table.set_header(std::iter::once(corner.to_owned()).chain(names));
    for row in rows {
        let cells = columns.iter().map(|column| cell(row, column).to_owned());
        table.add_row(std::iter::once(visible(row).into_owned()).chain(cells));
    }
    table.trim_fmt() + "\n"
}

fn list(holdings: &Holdings<'_>, classes: &[&str], width: usize) -> String {
    let mut out = String::new();
    for (vendor, held) in holdings {
        out.push_str(&wrapped(&visible(vendor), width, 2));
        for class in classes {
            if let Some(origins) = held.get(class) {
                let line = format!("  {}: {}", visible(class), word(Some(origins)));
                out.push_str(&wrapped(&line, width, 4));
            }
        }
    }
    out
}
