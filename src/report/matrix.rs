//! Who holds what.
//!
//! In: a report. Out: one line per vendor, one column per class; where that does not fit, one line per class, or a list.
//! It leaves alone single findings.

use std::collections::{BTreeMap, BTreeSet};

use comfy_table::{ContentArrangement, Table};
use unicode_width::UnicodeWidthStr;

use super::layout::{UNDIVIDED, wrapped};
use super::{View, visible};
use crate::finding::{Origin, Report, Severity};

/// By vendor and class, whether the code sends it and whether the SDK collects it.
type Holdings<'r> = BTreeMap<&'r str, BTreeMap<&'r str, BTreeSet<Origin>>>;

/// Renders the summary; empty without findings.
pub(super) fn matrix(report: &Report, view: &View<'_>) -> String {
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
    let names: Vec<String> = classes.iter().map(|class| view.class(class)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let cell = |vendor: usize, class: usize| {
        let held = vendors.get(vendor).and_then(|vendor| holdings.get(vendor));
        let origins = classes.get(class).and_then(|class| held?.get(class));
        view.say(word(origins))
    };
    if fits(&vendors, &names, view.width) {
        grid(view.say("head.vendor"), &vendors, &names, cell)
    } else if fits(&names, &vendors, view.width) {
        let turned = |class: usize, vendor: usize| cell(vendor, class);
        grid(view.say("head.class"), &names, &vendors, turned)
    } else {
        list(&holdings, &classes, view)
    }
}

/// The key of what is said of a cell.
fn word(origins: Option<&BTreeSet<Origin>>) -> &'static str {
    match origins.map(|origins| {
        (
            origins.contains(&Origin::Sent),
            origins.contains(&Origin::Auto),
        )
    }) {
        Some((true, true)) => "matrix.both",
        Some((true, false)) => "matrix.sent",
        Some((false, true)) => "matrix.auto",
        _ => "matrix.none",
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

fn grid<'t>(
    corner: &str,
    rows: &[&str],
    columns: &[&str],
    cell: impl Fn(usize, usize) -> &'t str,
) -> String {
    let mut table = Table::new();
    table
        .load_style(UNDIVIDED)
        .set_content_arrangement(ContentArrangement::Disabled);
    let names = columns.iter().map(|column| visible(column).into_owned());
    table.set_header(std::iter::once(corner.to_owned()).chain(names));
    for (at, row) in rows.iter().enumerate() {
        let cells = (0..columns.len()).map(|column| cell(at, column).to_owned());
        table.add_row(std::iter::once(visible(row).into_owned()).chain(cells));
    }
    table.trim_fmt() + "\n"
}

fn list(holdings: &Holdings<'_>, classes: &[&str], view: &View<'_>) -> String {
    let mut out = String::new();
    for (vendor, held) in holdings {
        out.push_str(&wrapped(&visible(vendor), view.width, 2));
        for class in classes {
            if let Some(origins) = held.get(class) {
                let word = view.say(word(Some(origins)));
                let line = format!("  {}: {word}", view.class(class));
                out.push_str(&wrapped(&line, view.width, 4));
            }
        }
    }
    out
}
