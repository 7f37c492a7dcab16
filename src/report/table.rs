//! The report for people at a terminal.
//!
//! In: a [`Report`] and a [`View`]. Out: text with ANSI colours that fits the width: what the code sends, worst first;
//! what SDKs collect by themselves; what is uncertain; who holds what; what is worse together; and how much of the tree
//! that rests on. It leaves alone the source around a finding (`explain`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use comfy_table::presets::UTF8_NO_BORDERS;
use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::acceptances::{accepted, notices};
use super::alike::{alike, place};
use super::matrix::matrix;
use super::{View, counted, turn_off, visible};
use crate::finding::{Finding, Origin, Payload, Report, Severity, Status};

/// Without lines between rows.
pub(super) const UNDIVIDED: TableStyle = UTF8_NO_BORDERS.row_separator(LineStyle::none());
/// What one vendor collects of one class is named up to this many columns; the JSON report has all.
const COLLECTED_SHOWN: usize = 90;
/// How many unresolved payloads are named; the JSON report has all.
const UNRESOLVED_SHOWN: usize = 5;

/// And what turns that off.
const SWITCHES_SHOWN: usize = 60;

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
        let count = counted(sent.len() as u64, "finding", "findings");
        heading(&mut out, view, &format!("What the code sends: {count}"));
        findings(&mut out, &sent, view);
    }
    if !auto.is_empty() || report.auto_collected.iter().any(|auto| !auto.enabled) {
        heading(&mut out, view, "What the SDKs collect by themselves");
        collected(&mut out, report, &auto, view);
    }
    if !uncertain.is_empty() {
        let title = format!(
            "Uncertain: {} below {} confidence, which never fail the run",
            counted(uncertain.len() as u64, "finding", "findings"),
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
    notes(&mut out, report, view);
    accepted(&mut out, report, view);
    notices(&mut out, report, view);
    unresolved(&mut out, report, view);
    heading(&mut out, view, "What this rests on");
    out.push_str(&wrapped(&calls_line(report), view.width, 2));
    out.push_str(&wrapped(&files_line(report), view.width, 2));
    if let Some(line) = expected_line(report) {
        out.push_str(&wrapped(&line, view.width, 2));
    }
    if let Some(line) = accepted_line(report, view) {
        out.push_str(&wrapped(&line, view.width, 2));
    }
    out
}

fn notes(out: &mut String, report: &Report, view: &View) {
    if report.notes.is_empty() {
        return;
    }
    heading(out, view, "Notes");
    for note in &report.notes {
        let text = format!(
            "{} {} ({}:{})",
            visible(&note.id),
            visible(&note.message),
            visible(&note.location.path),
            note.location.line
        );
        out.push_str(&wrapped(&text, view.width, 2));
    }
}

pub(super) fn heading(out: &mut String, view: &View, text: &str) {
    let bold = Style::new().bold();
    let gap = if out.is_empty() { "" } else { "\n" };
    let text = wrapped(text, view.width, 0);
    let _ = writeln!(out, "{gap}{bold}{}{bold:#}", text.trim_end());
}

pub(super) fn findings(out: &mut String, findings: &[&Finding], view: &View) {
    const HEADER: [&str; 6] = [
        "Severity",
        "Class",
        "Vendor",
        "Call",
        "Property ← value",
        "Location",
    ];
    let rows = alike(findings);
    let [severity, class, vendor, call, value, _] = HEADER;
    // The place, and then the call too, share a column with the value where that makes fewer lines.
    let beside = grid(HEADER, &rows, 2, view.width);
    let rows = map_rows(rows, |[severity, class, vendor, call, value, place]| {
        [severity, class, vendor, call, format!("{value}\n{place}")]
    });
    let below = grid([severity, class, vendor, call, value], &rows, 1, view.width);
    let rows = map_rows(rows, |[severity, class, vendor, call, value]| {
        [severity, class, vendor, format!("{call}: {value}")]
    });
    let all = format!("{call}: {}", value.to_lowercase());
    let together = grid([severity, class, vendor, &all], &rows, 1, view.width);
    let shortest = [beside, below, together]
        .into_iter()
        .flatten()
        .min_by_key(|text| text.lines().count());
    if let Some(text) = shortest {
        out.push_str(&coloured(&text));
        return;
    }
    for [severity, class, vendor, call, value, places] in alike(findings) {
        let places = places.replace('\n', ", ");
        let text = format!("{severity} {class} to {vendor}: {call}, {value} at {places}");
        out.push_str(&coloured(&wrapped(&text, view.width, 2)));
    }
}

fn map_rows<const A: usize, const B: usize>(
    rows: Vec<[String; A]>,
    change: impl Fn([String; A]) -> [String; B],
) -> Vec<[String; B]> {
    rows.into_iter().map(change).collect()
}

/// What one vendor's SDK collects of one class.
struct Collected<'r> {
    severity: Severity,
    class: &'r str,
    vendor: &'r str,
    properties: Vec<&'r str>,
    switches: Vec<&'r str>,
    /// Whether something of it cannot be turned off.
    stays: bool,
}

/// One entry per vendor and class, worst first.
fn by_class<'r>(report: &'r Report, auto: &[&'r Finding]) -> Vec<Collected<'r>> {
    let mut all: BTreeMap<(&str, &str), Collected<'_>> = BTreeMap::new();
    for finding in auto {
        let (vendor, class) = (finding.vendor.as_str(), finding.class.as_str());
        let held = all.entry((vendor, class)).or_insert(Collected {
            severity: finding.severity,
            class,
            vendor,
            properties: Vec::new(),
            switches: Vec::new(),
            stays: false,
        });
        held.severity = held.severity.max(finding.severity);
        let property = short(&finding.property);
        if !held.properties.contains(&property) {
            held.properties.push(property);
        }
        match turn_off(report, finding).map(short) {
            Some(switch) if !held.switches.contains(&switch) => held.switches.push(switch),
            Some(_) => {}
            None => held.stays = true,
        }
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort_by_key(|held| (std::cmp::Reverse(held.severity), held.vendor, held.class));
    all
}

/// What stands before the explanations of a note.
fn short(text: &str) -> &str {
    let end = [" (", "; "].iter().filter_map(|mark| text.find(mark)).min();
    let short = text.get(..end.unwrap_or(text.len())).unwrap_or(text).trim();
    if short.is_empty() { text } else { short }
}

fn collected(out: &mut String, report: &Report, auto: &[&Finding], view: &View) {
    let mut whole = true;
    let rows: Vec<[String; 5]> = by_class(report, auto)
        .iter()
        .map(|held| {
            let (mut turn_off, all) = first_of(&held.switches, "; ", SWITCHES_SHOWN);
            if held.switches.is_empty() {
                turn_off.push_str("no switch in the code");
            } else if held.stays {
                turn_off.push_str("; the rest has no switch");
            }
            let (properties, both) = first_of(&held.properties, ", ", COLLECTED_SHOWN);
            whole &= all && both;
            [
                held.severity.to_string(),
                visible(held.class).into_owned(),
                visible(held.vendor).into_owned(),
                properties,
                turn_off,
            ]
        })
        .collect();
    let header = ["Severity", "Class", "Vendor", "Properties", "Turn off"];
    if rows.is_empty() {
        out.push_str("nothing\n");
    } else if let Some(text) = grid(header, &rows, 2, view.width) {
        out.push_str(&coloured(&text));
    } else {
        for [severity, class, vendor, properties, turn_off] in &rows {
            let text =
                format!("{severity} {class} by {vendor}: {properties}; turn off: {turn_off}");
            out.push_str(&coloured(&wrapped(&text, view.width, 2)));
        }
    }
    if !whole {
        let text = "`divulge explain VENDOR` lists every property, and what turns it off.";
        out.push_str(&wrapped(text, view.width, 2));
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

/// As many names as there is room for, at least one, and how many more there are; and whether that is all.
fn first_of(names: &[&str], between: &str, width: usize) -> (String, bool) {
    let mut text = String::new();
    for (count, name) in names.iter().enumerate() {
        let name = visible(name);
        if count == 0 {
            text = cut(&name, width);
        } else if columns_of(&text) + between.len() + columns_of(&name) <= width {
            text.push_str(between);
            text.push_str(&name);
        } else {
            let _ = write!(text, " and {} more", names.len() - count);
            return (text, false);
        }
    }
    (text, true)
}

/// A text's beginning, up to the last separator that fits.
fn cut(text: &str, width: usize) -> String {
    if columns_of(text) <= width {
        return text.to_owned();
    }
    let first = pieces(text, width - 1).into_iter().next();
    first.unwrap_or_default().trim_end().to_owned() + "…"
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
            place(&unresolved.location),
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

/// What is handed over to vendors that are there to process it.
fn expected_line(report: &Report) -> Option<String> {
    let mut held: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for finding in &report.expected {
        held.entry(&finding.vendor)
            .or_default()
            .insert(&finding.class);
    }
    let names: Vec<String> = held
        .into_iter()
        .flat_map(|(vendor, classes)| {
            classes
                .into_iter()
                .map(move |class| format!("{} {}", visible(vendor), visible(class)))
        })
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "Not counted, since the vendor is there to process it: {}.",
            listed(names)
        )
    })
}

fn accepted_line(report: &Report, view: &View) -> Option<String> {
    let count = |status: Status| {
        report
            .findings
            .iter()
            .filter(|finding| finding.status == status)
            .count() as u64
    };
    let (locked, suppressed) = (count(Status::Locked), count(Status::Suppressed));
    (locked + suppressed > 0 && !view.accepted).then(|| {
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

/// A table that fits, in which the last `loose` columns may be broken and all others are as wide as they need; none when
/// that leaves too little.
fn grid<const N: usize>(
    header: [&str; N],
    rows: &[[String; N]],
    loose: usize,
    width: usize,
) -> Option<String> {
    let needs: [usize; N] = std::array::from_fn(|at| {
        let cells = rows
            .iter()
            .flat_map(|row| row.get(at))
            .flat_map(|cell| cell.split('\n'));
        let header = header.get(at).copied().unwrap_or_default();
        cells.chain([header]).map(columns_of).max().unwrap_or(0)
    });
    let (firm, asked) = needs.split_at(N - loose);
    // A blank on both sides of each column, and a line between two.
    let left = width.checked_sub(3 * N - 1 + firm.iter().sum::<usize>())?;
    let split = match asked {
        [one] => [(*one).min(left), 0],
        [one, other] if one + other <= left => [*one, *other],
        _ => best_split(rows, left)?,
    };
    if split
        .iter()
        .take(loose)
        .zip(asked)
        .any(|(has, asks)| *has < LEAST.min(*asks))
    {
        return None;
    }
    let fit = |(at, cell): (usize, &str)| {
        let width = at.checked_sub(N - loose).and_then(|at| split.get(at));
        width.map_or_else(|| cell.to_owned(), |width| broken(cell, *width))
    };
    let mut table = Table::new();
    table
        .load_style(UNDIVIDED)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header.into_iter().enumerate().map(fit));
    for row in rows {
        table.add_row(row.iter().map(String::as_str).enumerate().map(fit));
    }
    Some(table.trim_fmt() + "\n")
}

/// A column that is broken has at least this width.
const LEAST: usize = 16;

/// The widths of the last two columns with which the rows take the fewest lines and the fewest words are torn, the first
/// as wide as possible.
fn best_split<const N: usize>(rows: &[[String; N]], width: usize) -> Option<[usize; 2]> {
    let most = width.checked_sub(LEAST).filter(|most| *most >= LEAST)?;
    let cost = |first: usize| -> usize {
        let of_row = rows.iter().map(|row| {
            let [.., one, other] = row.as_slice() else {
                return 1;
            };
            let lines = pieces(one, first)
                .len()
                .max(pieces(other, width - first).len());
            lines + torn(one, first) + torn(other, width - first)
        });
        of_row.sum()
    };
    let first = (LEAST..=most)
        .rev()
        .step_by(2)
        .min_by_key(|first| cost(*first))?;
    Some([first, width - first])
}

/// How many words of a text are too long for a line.
fn torn(text: &str, width: usize) -> usize {
    let words = text.split('\n').flat_map(|line| parts(line, ends_word));
    words
        .filter(|word| columns_of(word.trim_end()) > width)
        .count()
}

/// A text on as many lines as it needs.
fn broken(text: &str, width: usize) -> String {
    pieces(text, width).join("\n")
}

/// The lines of a text, broken at blanks, slashes and commas; inside a word only when the word alone is too long, at its
/// own joints if there are any.
fn pieces(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut current = String::new();
        for word in parts(line, ends_word) {
            if !add(&mut current, word, width, &mut lines) {
                for joint in parts(word, ends_joint) {
                    if !add(&mut current, joint, width, &mut lines) {
                        add_chars(&mut current, joint, width, &mut lines);
                    }
                }
            }
        }
        lines.push(current.trim_end().to_owned());
    }
    lines
}

/// Adds a part to the line, or to a fresh one; not if it is too long even for that.
fn add(line: &mut String, part: &str, width: usize, lines: &mut Vec<String>) -> bool {
    let together = format!("{line}{part}");
    if columns_of(together.trim_end()) <= width {
        *line = together;
        return true;
    }
    if columns_of(part.trim_end()) > width {
        return false;
    }
    lines.push(line.trim_end().to_owned());
    part.clone_into(line);
    true
}

fn add_chars(line: &mut String, part: &str, width: usize, lines: &mut Vec<String>) {
    for char in part.chars() {
        line.push(char);
        if columns_of(line) > width && line.chars().nth(1).is_some() {
            line.pop();
            lines.push(std::mem::take(line).trim_end().to_owned());
            line.push(char);
        }
    }
}

/// A text torn after each character that ends a part, seen with the one before and the one after.
fn parts(text: &str, ends: fn(char, char, char) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((_, char)) = chars.next() {
        if let Some((end, next)) = chars.peek()
            && ends(before, char, *next)
        {
            parts.extend(text.get(start..*end));
            start = *end;
        }
        before = char;
    }
    parts.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    parts
}

/// What the arrow points from stays with the arrow.
fn ends_word(before: char, char: char, next: char) -> bool {
    match char {
        ' ' => before != '←' && next != ' ',
        '/' | ',' => true,
        _ => false,
    }
}

fn ends_joint(before: char, char: char, next: char) -> bool {
    match char {
        ' ' | '_' | '-' | '=' | '&' | '|' | ';' => true,
        '.' | '(' | '[' | '{' | '?' => before.is_alphanumeric(),
        _ => char.is_lowercase() && next.is_uppercase(),
    }
}

/// Terminals disagree on sequences of several characters; this is the wider count.
fn columns_of(text: &str) -> usize {
    let single: usize = text.chars().map(|char| char.width().unwrap_or(0)).sum();
    single.max(text.width())
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
pub(super) fn coloured(text: &str) -> String {
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
