//! The report for people at a terminal.
//!
//! In: a [`Report`] and a [`View`]. Out: text with ANSI colours that fits the width: what the code sends, worst first;
//! what SDKs collect by themselves; what is uncertain; who holds what; what is worse together; and how much of the tree
//! that rests on. It leaves alone the source around a finding (`explain`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anstyle::Style;

use super::acceptances::{accepted, notices};
use super::alike::{alike, place};
use super::layout::{
    broken, coloured, columns_of, confidence_key, grid, pieces, severity_key, wrapped,
};
use super::matrix::matrix;
use super::{View, hubs, turn_off, visible};
use crate::finding::{AutoCollected, FileNote, Finding, Origin, Payload, Report, Severity, Status};

/// What one vendor collects of one class is named up to this many columns; the JSON report has all.
const COLLECTED_SHOWN: usize = 90;
/// And what turns that off.
const SWITCHES_SHOWN: usize = 60;
/// How many unresolved payloads are named; the JSON report has all.
const UNRESOLVED_SHOWN: usize = 5;
/// A vendor's name takes up to this many columns of a table, so that an address does not take the room of all else.
const VENDOR: usize = 22;

/// Renders a report.
pub fn table(report: &Report, view: &View<'_>) -> String {
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
        out.push_str(&wrapped(&nothing_sent(report, view), view.width, 0));
    } else {
        let count = view.texts.count("count.findings", sent.len() as u64);
        let title = view.texts.fill("table.sent", &[("count", &count)]);
        heading(&mut out, view, &title);
        findings(&mut out, &sent, view);
    }
    if !auto.is_empty() || report.auto_collected.iter().any(|auto| !auto.enabled) {
        heading(&mut out, view, view.say("table.collected"));
        collected(&mut out, report, &auto, view);
    }
    if !uncertain.is_empty() {
        let count = uncertain.len() as u64;
        let title = view.texts.fill(
            "table.uncertain",
            &[
                ("count", &view.texts.count("count.findings", count)),
                ("confidence", view.say(confidence_key(view.confidence))),
            ],
        );
        heading(&mut out, view, &title);
        findings(&mut out, &uncertain, view);
    }
    let summary = matrix(report, view);
    if !summary.is_empty() {
        heading(&mut out, view, view.say("table.matrix"));
        out.push_str(&summary);
    }
    if !report.combinations.is_empty() {
        heading(&mut out, view, view.say("together.title"));
        for found in &report.combinations {
            let classes: Vec<String> = found.classes.iter().map(|it| view.class(it)).collect();
            let text = view.texts.fill(
                "table.together",
                &[
                    ("severity", view.say(severity_key(found.severity))),
                    ("vendor", &visible(&found.vendor)),
                    ("title", &view.together(found)),
                    ("classes", &classes.join(" + ")),
                ],
            );
            out.push_str(&coloured(&wrapped(&text, view.width, 2), view.texts));
        }
    }
    notes(&mut out, report, view);
    accepted(&mut out, report, view);
    notices(&mut out, report, view);
    unresolved(&mut out, report, view);
    heading(&mut out, view, view.say("rests.title"));
    out.push_str(&wrapped(&calls_line(report, view), view.width, 2));
    out.push_str(&wrapped(&files_line(report, view), view.width, 2));
    for line in hubs::lines(report, view.texts) {
        out.push_str(&wrapped(&line, view.width, 2));
    }
    if let Some(line) = expected_line(report, view) {
        out.push_str(&wrapped(&line, view.width, 2));
    }
    if let Some(line) = accepted_line(report, view) {
        out.push_str(&wrapped(&line, view.width, 2));
    }
    out
}

fn notes(out: &mut String, report: &Report, view: &View<'_>) {
    if report.notes.is_empty() {
        return;
    }
    heading(out, view, view.say("table.notes"));
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

pub(super) fn heading(out: &mut String, view: &View<'_>, text: &str) {
    let bold = Style::new().bold();
    let gap = if out.is_empty() { "" } else { "\n" };
    let text = wrapped(text, view.width, 0);
    let _ = writeln!(out, "{gap}{bold}{}{bold:#}", text.trim_end());
}

pub(super) fn findings(out: &mut String, findings: &[&Finding], view: &View<'_>) {
    let header = [
        "head.severity",
        "head.class",
        "head.vendor",
        "head.call",
        "head.value",
        "head.where",
    ]
    .map(|key| view.say(key));
    let rows = with_short_vendors(alike(findings, view));
    let [severity, class, vendor, call, value, _] = header;
    // The place, and then the call too, share a column with the value where that makes fewer lines.
    let beside = grid(header, &rows, 2, view.width);
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
        out.push_str(&coloured(&text, view.texts));
        return;
    }
    for [severity, class, vendor, call, value, places] in alike(findings, view) {
        let places = places.replace('\n', view.say("list.between"));
        let text = view.texts.fill(
            "table.finding",
            &[
                ("severity", &severity),
                ("class", &class),
                ("vendor", &vendor),
                ("call", &call),
                ("value", &value),
                ("places", &places),
            ],
        );
        out.push_str(&coloured(&wrapped(&text, view.width, 2), view.texts));
    }
}

/// The vendors, which stand third, on more lines where their name is an address.
fn with_short_vendors<const N: usize>(mut rows: Vec<[String; N]>) -> Vec<[String; N]> {
    for row in &mut rows {
        if let Some(vendor) = row.get_mut(2) {
            *vendor = broken(vendor, VENDOR);
        }
    }
    rows
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

fn collected(out: &mut String, report: &Report, auto: &[&Finding], view: &View<'_>) {
    let mut whole = true;
    let rows: Vec<[String; 5]> = by_class(report, auto)
        .iter()
        .map(|held| {
            let (mut turn_off, all) = first_of(&held.switches, "; ", SWITCHES_SHOWN, view);
            if held.switches.is_empty() {
                turn_off.push_str(view.say("table.no_switch"));
            } else if held.stays {
                turn_off.push_str(view.say("table.rest_stays"));
            }
            let (properties, both) = first_of(&held.properties, ", ", COLLECTED_SHOWN, view);
            whole &= all && both;
            [
                view.say(severity_key(held.severity)).to_owned(),
                view.class(held.class),
                visible(held.vendor).into_owned(),
                properties,
                turn_off,
            ]
        })
        .collect();
    let header = [
        "head.severity",
        "head.class",
        "head.vendor",
        "head.properties",
        "page.turn_off",
    ]
    .map(|key| view.say(key));
    if rows.is_empty() {
        let key = match accepted_of(report, Origin::Auto) {
            0 => "table.nothing",
            _ => "table.nothing_new",
        };
        out.push_str(&wrapped(view.say(key), view.width, 0));
    } else if let Some(text) = grid(header, &with_short_vendors(rows.clone()), 2, view.width) {
        out.push_str(&coloured(&text, view.texts));
    } else {
        for [severity, class, vendor, properties, turn_off] in &rows {
            let text = view.texts.fill(
                "table.collects",
                &[
                    ("severity", severity),
                    ("class", class),
                    ("vendor", vendor),
                    ("properties", properties),
                    ("option", turn_off),
                ],
            );
            out.push_str(&coloured(&wrapped(&text, view.width, 2), view.texts));
        }
    }
    if !whole {
        out.push_str(&wrapped(view.say("table.explain"), view.width, 2));
    }
    // What is on somewhere is not off.
    let is_on = |off: &AutoCollected| {
        let mut all = report.auto_collected.iter();
        all.any(|it| it.enabled && it.vendor == off.vendor && it.class == off.class)
    };
    let off: Vec<String> = report
        .auto_collected
        .iter()
        .filter(|auto| !auto.enabled && !is_on(auto))
        .map(|auto| format!("{} {}", visible(&auto.vendor), view.class(&auto.class)))
        .collect();
    if !off.is_empty() {
        let names = listed(off, view);
        let text = view.texts.fill("table.off", &[("names", &names)]);
        out.push_str(&wrapped(&text, view.width, 2));
    }
}

/// As many names as there is room for, at least one, and how many more there are; and whether that is all.
fn first_of(names: &[&str], between: &str, width: usize, view: &View<'_>) -> (String, bool) {
    let mut text = String::new();
    for (count, name) in names.iter().enumerate() {
        let name = visible(name);
        if count == 0 {
            text = cut(&name, width);
        } else if columns_of(&text) + between.len() + columns_of(&name) <= width {
            text.push_str(between);
            text.push_str(&name);
        } else {
            let more = (names.len() - count) as u64;
            let _ = write!(text, " {}", view.texts.count("count.more", more));
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

fn unresolved(out: &mut String, report: &Report, view: &View<'_>) {
    if report.unresolved.is_empty() {
        return;
    }
    let count = report.unresolved.len() as u64;
    heading(out, view, &view.texts.count("table.unknown", count));
    for unresolved in report.unresolved.iter().take(UNRESOLVED_SHOWN) {
        let text = format!(
            "{} {} {}: {} ({})",
            place(&unresolved.location),
            visible(&unresolved.vendor),
            visible(&unresolved.call),
            visible(&unresolved.expression),
            visible(view.texts.phrase(&unresolved.reason)),
        );
        out.push_str(&wrapped(&text, view.width, 2));
    }
    let more = report.unresolved.len().saturating_sub(UNRESOLVED_SHOWN);
    if more > 0 {
        let text = view.texts.count("table.unknown_more", more as u64);
        out.push_str(&wrapped(&text, view.width, 2));
    }
}

fn nothing_sent(report: &Report, view: &View<'_>) -> String {
    if report.vendors.is_empty() && report.sinks.is_empty() {
        let files = view.texts.count("count.files", report.files.read);
        return view.texts.fill("table.no_vendor", &[("files", &files)]);
    }
    let accepted = accepted_of(report, Origin::Sent);
    if accepted > 0 {
        return view.texts.count("table.all_accepted", accepted);
    }
    let resolved =
        report.sinks.len() - known(report, Payload::Opaque) - known(report, Payload::Partial);
    let calls = view.texts.count("count.calls", resolved as u64);
    let values = report.unresolved.len() as u64;
    let payloads = view.texts.count("count.payloads", values);
    let blanks = [("calls", calls.as_str()), ("payloads", &payloads)];
    view.texts.fill("table.nothing_sent", &blanks)
}

/// How many findings of an origin are accepted.
fn accepted_of(report: &Report, origin: Origin) -> u64 {
    let all = report.findings.iter();
    let accepted = all.filter(|it| it.origin == origin && it.status != Status::New);
    accepted.count() as u64
}

fn known(report: &Report, payload: Payload) -> usize {
    report
        .sinks
        .iter()
        .filter(|sink| sink.payload == payload)
        .count()
}

fn calls_line(report: &Report, view: &View<'_>) -> String {
    let parts: Vec<String> = [
        (Payload::Resolved, "calls.resolved"),
        (Payload::None, "calls.none"),
        (Payload::Partial, "calls.partial"),
        (Payload::Opaque, "calls.opaque"),
    ]
    .into_iter()
    .map(|(payload, key)| (known(report, payload) as u64, key))
    .filter(|(count, _)| *count > 0)
    .map(|(count, key)| view.texts.count(key, count))
    .collect();
    let calls = view.texts.count("calls.all", report.sinks.len() as u64);
    let parts = view.texts.list(&parts);
    let key = if parts.is_empty() {
        "calls.bare"
    } else {
        "calls.line"
    };
    view.texts
        .fill(key, &[("calls", &calls), ("parts", &parts)])
}

fn files_line(report: &Report, view: &View<'_>) -> String {
    let files = &report.files;
    let numbers = [files.seen, files.read, files.parsed].map(|count| count.to_string());
    let [seen, read, parsed] = &numbers;
    let mut text = view.texts.fill(
        "table.files",
        &[("seen", seen), ("read", read), ("parsed", parsed)],
    );
    let mut left: BTreeMap<&str, u64> = BTreeMap::new();
    for it in &files.left_out {
        left.insert(&it.reason, it.count);
    }
    for (key, reasons) in [
        ("table.left_out", left),
        ("table.skipped", by_reason(&files.skipped)),
    ] {
        if reasons.is_empty() {
            continue;
        }
        let said = reasons.into_iter().map(|(reason, count)| {
            let reason = view.texts.phrase(reason);
            let blanks = [("n", &*count.to_string()), ("reason", &*visible(reason))];
            view.texts.fill("table.reason", &blanks)
        });
        let said: Vec<String> = said.collect();
        text.push_str(
            &view
                .texts
                .fill(key, &[("reasons", &view.texts.list(&said))]),
        );
    }
    text.push_str(view.say("table.end"));
    for (reason, count) in by_reason(&files.errors) {
        let blanks = [
            ("files", &*view.texts.count("count.files", count)),
            ("reason", &*visible(view.texts.phrase(reason))),
        ];
        text.push_str(&view.texts.fill("table.error", &blanks));
    }
    text
}

/// How many files for each reason.
fn by_reason(notes: &[FileNote]) -> BTreeMap<&str, u64> {
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for note in notes {
        *reasons.entry(&note.reason).or_default() += 1;
    }
    reasons
}

/// What is handed over to vendors that are there to process it.
fn expected_line(report: &Report, view: &View<'_>) -> Option<String> {
    let mut held: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for finding in &report.expected {
        held.entry(&finding.vendor)
            .or_default()
            .insert(&finding.class);
    }
    let pairs = held
        .into_iter()
        .flat_map(|(vendor, classes)| classes.into_iter().map(move |class| (vendor, class)));
    let names: Vec<String> = pairs
        .map(|(vendor, class)| format!("{} {}", visible(vendor), view.class(class)))
        .collect();
    (!names.is_empty()).then(|| {
        let names = listed(names, view);
        view.texts.fill("table.expected", &[("names", &names)])
    })
}

fn accepted_line(report: &Report, view: &View<'_>) -> Option<String> {
    let count = |status: Status| {
        let all = report.findings.iter();
        all.filter(|finding| finding.status == status).count() as u64
    };
    let (locked, suppressed) = (count(Status::Locked), count(Status::Suppressed));
    (locked + suppressed > 0 && !view.accepted).then(|| {
        let findings = view.texts.count("count.findings", locked + suppressed);
        let numbers = [locked, suppressed].map(|count| count.to_string());
        let [locked, suppressed] = &numbers;
        view.texts.fill(
            "table.accepted_line",
            &[
                ("findings", &findings),
                ("locked", locked),
                ("suppressed", suppressed),
            ],
        )
    })
}

/// `a, a, b` as `a (2), b`.
fn listed(items: Vec<String>, view: &View<'_>) -> String {
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
    view.texts.list(&items)
}
