//! The report for people at a terminal.
//!
//! In: a [`Report`] and a [`View`]. Out: text with ANSI colours that fits the width: what the code sends, worst first;
//! what SDKs collect by themselves; what is uncertain; who holds what; what is worse together; and how much of the tree
//! that rests on. It leaves alone the source around a finding (`explain`).

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use comfy_table::presets::UTF8_NO_BORDERS;
use comfy_table::{
    Cell, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width,
};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::matrix::matrix;
use super::{View, counted, turn_off, visible};
use crate::finding::{Finding, Location, Origin, Payload, Report, Severity, Status, Transform};

/// Below this width columns would be slivers: findings become blocks of lines.
const NARROW: usize = 76;
/// The last column is given this much of what it asks for, whatever the others ask for.
const LAST_WIDTH: u16 = 20;
/// The header and the line below.
const HEADER_LINES: usize = 2;
/// Without lines between rows.
pub(super) const UNDIVIDED: TableStyle = UTF8_NO_BORDERS.row_separator(LineStyle::none());
/// How many unresolved payloads are named; the JSON report has all.
const UNRESOLVED_SHOWN: usize = 5;

/// Renders a report.
pub fn table(report: &Report, view: &View) -> String {
    let mut out = String::new();
    let (certain, uncertain): (Vec<&Finding>, Vec<&Finding>) = report
        .findings
        .iter()
        .filter(|finding| finding.status == Status::New)
        .partition(|finding| finding.confidence >= view.confidence);
    let (auto, sent): (Vec<&Finding>, Vec<&Finding>) = certain
        .into_iter()
        .partition(|finding| finding.origin == Origin::Auto);
    if sent.is_empty() {
        out.push_str(&wrapped(&nothing_sent(report), view.width, 0));
    } else {
        heading(&mut out, view, "What the code sends");
        findings(&mut out, &sent, view);
    }
    if !auto.is_empty() || report.auto_collected.iter().any(|auto| !auto.enabled) {
        heading(&mut out, view, "What the SDKs collect by themselves");
        collected(&mut out, report, &auto, view);
    }
    if !uncertain.is_empty() {
        let title = format!(
            "Uncertain: below {} confidence, never fails",
            view.confidence
        );
        heading(&mut out, view, &title);
        findings(&mut out, &uncertain, view);
    }
    let summary = matrix(report, view);
    if !summary.is_empty() {
        heading(
            &mut out,
            view,
            "Who holds what (sent: by the code, auto: by the SDK itself)",
        );
        out.push_str(&summary);
    }
    if !report.combinations.is_empty() {
        heading(&mut out, view, "Worse together");
        for found in &report.combinations {
            let text = format!(
                "{} {}: {} ({})",
                found.severity,
                visible(&found.vendor),
                visible(&found.title),
                visible(&found.classes.join(" + ")),
            );
            out.push_str(&coloured(&wrapped(&text, view.width, 2)));
        }
    }
    unresolved(&mut out, report, view);
    heading(&mut out, view, "What this rests on");
    out.push_str(&wrapped(&calls_line(report), view.width, 2));
    out.push_str(&wrapped(&files_line(report), view.width, 2));
    if let Some(line) = accepted_line(report) {
        out.push_str(&wrapped(&line, view.width, 2));
    }
    out
}

fn heading(out: &mut String, view: &View, text: &str) {
    let bold = Style::new().bold();
    let gap = if out.is_empty() { "" } else { "\n" };
    let text = wrapped(text, view.width, 0);
    let _ = writeln!(out, "{gap}{bold}{}{bold:#}", text.trim_end());
}

fn findings(out: &mut String, findings: &[&Finding], view: &View) {
    if view.width < NARROW {
        for finding in findings {
            let text = format!(
                "{} {} to {}: {}, {} at {}",
                finding.severity,
                visible(&finding.class),
                visible(&finding.vendor),
                visible(&finding.call),
                handed(finding),
                at(&finding.location),
            );
            out.push_str(&coloured(&wrapped(&text, view.width, 2)));
        }
        return;
    }
    let header = [
        "Severity",
        "Class",
        "Vendor",
        "Call",
        "Property ← value",
        "Location",
    ];
    // What fits on one line each is not broken; otherwise a location takes at most a quarter.
    let widest = |places: usize| {
        let rows = findings.iter().map(|finding| row(finding, places));
        columns(header, rows, usize::from(u16::MAX))
            .lines()
            .map(UnicodeWidthStr::width)
            .max()
            .unwrap_or(0)
    };
    let places = if widest(usize::MAX) <= view.width {
        usize::MAX
    } else {
        (view.width / 4).max(20)
    };
    let rows = findings.iter().map(|finding| row(finding, places));
    out.push_str(&coloured(&columns(header, rows, view.width)));
}

fn row(finding: &Finding, places: usize) -> [String; 6] {
    [
        finding.severity.to_string(),
        visible(&finding.class).into_owned(),
        visible(&finding.vendor).into_owned(),
        visible(&finding.call).into_owned(),
        handed(finding),
        broken(&at(&finding.location), places),
    ]
}

/// A path on as many lines as it needs, torn between its directories rather than inside a name.
fn broken(path: &str, width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for part in path.split_inclusive('/') {
        if column > 0 && column + part.width() > width {
            out.push('\n');
            column = 0;
        }
        out.push_str(part);
        column += part.width();
    }
    out
}

fn collected(out: &mut String, report: &Report, auto: &[&Finding], view: &View) {
    let rows: Vec<[String; 5]> = auto
        .iter()
        .map(|finding| {
            [
                finding.severity.to_string(),
                visible(&finding.class).into_owned(),
                visible(&finding.vendor).into_owned(),
                visible(&finding.property).into_owned(),
                visible(turn_off(report, finding).unwrap_or("not in the code")).into_owned(),
            ]
        })
        .collect();
    if rows.is_empty() {
        out.push_str("nothing\n");
    } else if view.width < NARROW {
        for [severity, class, vendor, property, turn_off] in &rows {
            let text = format!("{severity} {class} by {vendor}: {property}; turn off: {turn_off}");
            out.push_str(&coloured(&wrapped(&text, view.width, 2)));
        }
    } else {
        let header = ["Severity", "Class", "Vendor", "Property", "Turn off"];
        out.push_str(&coloured(&columns(header, rows.into_iter(), view.width)));
    }
    let off: Vec<String> = report
        .auto_collected
        .iter()
        .filter(|auto| !auto.enabled)
        .map(|auto| format!("{} {}", visible(&auto.vendor), visible(&auto.class)))
        .collect();
    if !off.is_empty() {
        let text = format!("Turned off, or off by default: {}.", listed(off));
        out.push_str(&wrapped(&text, view.width, 2));
    }
}

fn unresolved(out: &mut String, report: &Report, view: &View) {
    if report.unresolved.is_empty() {
        return;
    }
    let title = format!(
        "Unknown: {} could not be resolved",
        counted(report.unresolved.len() as u64, "payload", "payloads")
    );
    heading(out, view, &title);
    for unresolved in report.unresolved.iter().take(UNRESOLVED_SHOWN) {
        let text = format!(
            "{} {} {}: {} ({})",
            at(&unresolved.location),
            visible(&unresolved.vendor),
            visible(&unresolved.call),
            visible(&unresolved.expression),
            visible(&unresolved.reason),
        );
        out.push_str(&wrapped(&text, view.width, 2));
    }
    let more = report.unresolved.len().saturating_sub(UNRESOLVED_SHOWN);
    if more > 0 {
        let _ = writeln!(out, "and {more} more; --format json lists all");
    }
}

fn nothing_sent(report: &Report) -> String {
    if report.vendors.is_empty() && report.sinks.is_empty() {
        return format!(
            "No known vendor is used in {}.",
            counted(report.files.read, "file", "files")
        );
    }
    let resolved =
        report.sinks.len() - known(report, Payload::Opaque) - known(report, Payload::Partial);
    format!(
        "No personal data was found that the code sends: {} resolved, and {} unknown.",
        counted(resolved as u64, "vendor call was", "vendor calls were"),
        counted(report.unresolved.len() as u64, "payload is", "payloads are"),
    )
}

fn known(report: &Report, payload: Payload) -> usize {
    report
        .sinks
        .iter()
        .filter(|sink| sink.payload == payload)
        .count()
}

fn calls_line(report: &Report) -> String {
    let parts: Vec<String> = [
        (Payload::Resolved, "resolved"),
        (Payload::None, "without payload"),
        (Payload::Partial, "known in part"),
        (Payload::Opaque, "unknown"),
    ]
    .into_iter()
    .map(|(payload, word)| (known(report, payload), word))
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let calls = counted(report.sinks.len() as u64, "vendor call", "vendor calls");
    if parts.is_empty() {
        format!("{calls}.")
    } else {
        format!("{calls}: {}.", parts.join(", "))
    }
}

fn files_line(report: &Report) -> String {
    let files = &report.files;
    let mut text = format!(
        "{} seen, {} read, {} parsed",
        counted(files.seen, "file", "files"),
        files.read,
        files.parsed
    );
    let left: Vec<String> = files
        .left_out
        .iter()
        .map(|left| format!("{} {}", left.count, visible(&left.reason)))
        .collect();
    if !left.is_empty() {
        let _ = write!(text, "; left out: {}", left.join(", "));
    }
    for (word, notes) in [("skipped", &files.skipped), ("with errors", &files.errors)] {
        let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
        for note in notes {
            *reasons.entry(&note.reason).or_default() += 1;
        }
        if !reasons.is_empty() {
            let reasons: Vec<String> = reasons
                .iter()
                .map(|(reason, count)| format!("{count} {}", visible(reason)))
                .collect();
            let _ = write!(text, "; {word}: {}", reasons.join(", "));
        }
    }
    text.push('.');
    text
}

fn accepted_line(report: &Report) -> Option<String> {
    let count = |status: Status| {
        report
            .findings
            .iter()
            .filter(|finding| finding.status == status)
            .count() as u64
    };
    let (locked, suppressed) = (count(Status::Locked), count(Status::Suppressed));
    (locked + suppressed > 0).then(|| {
        format!(
            "{} not shown: {locked} in the lock file, {suppressed} suppressed.",
            counted(
                locked + suppressed,
                "accepted finding is",
                "accepted findings are"
            )
        )
    })
}

/// What the vendor receives, from what.
fn handed(finding: &Finding) -> String {
    let mut text = visible(&finding.property).into_owned();
    if finding.origin == Origin::Auto {
        text.push_str(" (by the SDK)");
    } else if !finding.expression.is_empty() && finding.expression != finding.property {
        text.push_str(" ← ");
        text.push_str(&visible(&finding.expression));
    }
    if finding.transform != Transform::None {
        let _ = write!(text, " ({})", word(finding.transform));
    }
    text
}

fn word(transform: Transform) -> &'static str {
    match transform {
        Transform::None => "as it is",
        Transform::Encode => "encoded",
        Transform::Truncate => "a part",
        Transform::Domain => "domain only",
        Transform::Hash => "hashed",
    }
}

fn at(location: &Location) -> String {
    format!("{}:{}", visible(&location.path), location.line)
}

/// `a, a, b` as `a (2), b`.
fn listed(items: Vec<String>) -> String {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    let items: Vec<String> = counts
        .into_iter()
        .map(|(item, count)| {
            if count == 1 {
                item
            } else {
                format!("{item} ({count})")
            }
        })
        .collect();
    items.join(", ")
}

/// Columns that fit. Rows are divided by lines only when some cell needs more than one.
fn columns<const N: usize>(
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    width: usize,
) -> String {
    let mut table = Table::new();
    table
        .load_style(UNDIVIDED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_header(header);
    let mut count = 0;
    for row in rows {
        table.add_row(row.map(Cell::new_owned));
        count += 1;
    }
    // The severity must stay whole: it is what the eye looks for, and what is coloured.
    if let Some(column) = table.column_mut(0) {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(10)));
    }
    // The last column holds places or remedies, which were broken where they may be.
    let widths = table.column_max_content_widths();
    if let (Some(width), Some(column)) = (widths.get(N - 1), table.column_mut(N - 1)) {
        let least = ColumnConstraint::LowerBoundary(Width::Fixed((*width).min(LAST_WIDTH) + 2));
        column.set_constraint(least);
    }
    if table.lines().count() > count + HEADER_LINES {
        table.load_style(UTF8_NO_BORDERS);
    }
    table.trim_fmt() + "\n"
}

/// Wraps at spaces to a width; later lines are indented. A word that is too long is broken.
pub(super) fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let width = width.max(indent + 10);
    let mut out = String::new();
    let mut column = 0;
    let mut fresh = true;
    let new_line = |out: &mut String| {
        out.push('\n');
        out.push_str(&" ".repeat(indent));
        indent
    };
    for word in text.split(' ') {
        let length: usize = word.chars().map(|char| char.width().unwrap_or(0)).sum();
        if !fresh && column + 1 + length > width {
            column = new_line(&mut out);
        } else if !fresh {
            out.push(' ');
            column += 1;
        }
        fresh = false;
        for char in word.chars() {
            let wide = char.width().unwrap_or(0);
            if column + wide > width {
                column = new_line(&mut out);
            }
            out.push(char);
            column += wide;
        }
    }
    out.push('\n');
    out
}

/// Colours the severity at the start of each line. Tables are coloured when they are done, since colours would count as
/// width before.
fn coloured(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start_matches(' ');
        let severity = [
            Severity::Critical,
            Severity::High,
            Severity::Medium,
            Severity::Low,
        ]
        .into_iter()
        .find(|severity| {
            rest.strip_prefix(severity.as_str())
                .is_some_and(|after| after.starts_with([' ', '\n']))
        });
        match severity {
            Some(severity) => {
                let style = style(severity);
                let start = line.len() - rest.len();
                let (lead, _) = line.split_at(start);
                let after = rest.strip_prefix(severity.as_str()).unwrap_or(rest);
                let _ = write!(out, "{lead}{style}{severity}{style:#}{after}");
            }
            None => out.push_str(line),
        }
    }
    out
}

/// The colour of a severity.
pub(super) fn style(severity: Severity) -> Style {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::High => AnsiColor::Red.on_default(),
        Severity::Medium => AnsiColor::Yellow.on_default(),
        Severity::Low => AnsiColor::Cyan.on_default(),
    }
}
