//! Puts findings together that say nearly the same.
//!
//! In: findings in the order of the report. Out: the rows of the table: one for all that differ only in their place, one for
//! all fields of an object that is sent as a whole, and one for many values in the same place of the same call. It leaves alone
//! how a row is laid out (`table`).

use std::collections::BTreeMap;
use std::fmt::Write;

use super::layout::severity_key;
use super::{View, visible};
use crate::finding::{Finding, Location, Origin, Transform};

/// How many places of findings that are otherwise alike are named.
const PLACES_SHOWN: usize = 3;
/// As many values of one class in the same property of the same call stand in rows of their own.
const SOURCES_APART: usize = 4;
/// Of more, so many are named.
const SOURCES_SHOWN: usize = 3;
/// How many fields of one value are named.
const FIELDS_SHOWN: usize = 3;

/// Severity, class, vendor, call, what is handed over and where; several places stand on lines of their own.
pub(super) type Row = [String; 6];

/// What is alike in the findings of a row, beside the property and the places.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone)]
struct Kind {
    severity: String,
    class: String,
    vendor: String,
    call: String,
    source: String,
    suffix: String,
    is_auto: bool,
}

/// The rows for these findings, each at the place of its first.
pub(super) fn alike(findings: &[&Finding], view: &View<'_>) -> Vec<Row> {
    let rows = by_call(by_page(by_fields(by_places(findings, view))), view);
    rows.into_iter()
        .map(|(kind, properties, places)| row(&kind, &properties, places, view))
        .collect()
}

type Places = Vec<String>;

/// One for all findings that differ only in their place.
fn by_places(findings: &[&Finding], view: &View<'_>) -> Vec<(Kind, String, Places)> {
    let mut at: BTreeMap<(Kind, String), usize> = BTreeMap::new();
    let mut rows: Vec<(Kind, String, Places)> = Vec::new();
    for finding in findings {
        let (kind, property) = (kind(finding, view), visible(&finding.property).into_owned());
        let index = *at
            .entry((kind.clone(), property.clone()))
            .or_insert(rows.len());
        if index == rows.len() {
            rows.push((kind, property, Vec::new()));
        }
        let place = place(&finding.location);
        if let Some((.., places)) = rows.get_mut(index)
            && !places.contains(&place)
        {
            places.push(place);
        }
    }
    rows
}

/// One for all properties that are filled from one value at the same places.
fn by_fields(rows: Vec<(Kind, String, Places)>) -> Vec<(Kind, Vec<String>, Places)> {
    let mut at: BTreeMap<(Kind, Places), usize> = BTreeMap::new();
    let mut merged: Vec<(Kind, Vec<String>, Places)> = Vec::new();
    for (kind, property, places) in rows {
        let is_part = !kind.source.is_empty();
        let index = match is_part {
            true => *at
                .entry((kind.clone(), places.clone()))
                .or_insert(merged.len()),
            false => merged.len(),
        };
        match merged.get_mut(index) {
            Some((_, properties, _)) => properties.push(property),
            None => merged.push((kind, vec![property], places)),
        }
    }
    merged
}

/// One for all that an SDK takes of pages of one class: their number says little that their names do not.
fn by_page(rows: Vec<(Kind, Vec<String>, Places)>) -> Vec<(Kind, Vec<String>, Places)> {
    let mut at: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut merged: Vec<(Kind, Vec<String>, Places)> = Vec::new();
    for (kind, properties, places) in rows {
        let index = match kind.is_auto {
            true => *at.entry(kind.clone()).or_insert(merged.len()),
            false => merged.len(),
        };
        match merged.get_mut(index) {
            Some((_, all, at)) => {
                for (into, from) in [(all, properties), (at, places)] {
                    for one in from {
                        if !into.contains(&one) {
                            into.push(one);
                        }
                    }
                }
            }
            None => merged.push((kind, properties, places)),
        }
    }
    merged
}

/// One for many values of one class that one call of a vendor takes under one property: what a log is told all over an app.
fn by_call(
    rows: Vec<(Kind, Vec<String>, Places)>,
    view: &View<'_>,
) -> Vec<(Kind, Vec<String>, Places)> {
    let sourceless = |kind: &Kind| Kind {
        source: String::new(),
        ..kind.clone()
    };
    let mut sources: BTreeMap<(Kind, Vec<String>), Vec<String>> = BTreeMap::new();
    for (kind, properties, _) in rows.iter().filter(|(kind, ..)| !kind.is_auto) {
        let of_call = (sourceless(kind), properties.clone());
        sources
            .entry(of_call)
            .or_default()
            .push(kind.source.clone());
    }
    let mut at: BTreeMap<(Kind, Vec<String>), usize> = BTreeMap::new();
    let mut merged: Vec<(Kind, Vec<String>, Places)> = Vec::new();
    for (kind, properties, places) in rows {
        let of_call = (sourceless(&kind), properties.clone());
        let all = sources.get(&of_call);
        let many = all.filter(|all| all.len() > SOURCES_APART);
        let index = match many {
            Some(_) => *at.entry(of_call).or_insert(merged.len()),
            None => merged.len(),
        };
        match merged.get_mut(index) {
            Some((.., known)) => known.extend(places),
            None => {
                let source = many.map(|all| {
                    first(all, SOURCES_SHOWN, "count.more", view).join(view.say("list.between"))
                });
                let source = source.unwrap_or_else(|| kind.source.clone());
                merged.push((Kind { source, ..kind }, properties, places));
            }
        }
    }
    merged
}

fn row(kind: &Kind, properties: &[String], mut places: Places, view: &View<'_>) -> Row {
    let mut handed = first(properties, FIELDS_SHOWN, "count.more_fields", view).join(", ");
    if !kind.source.is_empty() && properties != [kind.source.as_str()] {
        let _ = write!(handed, " ← {}", kind.source);
    }
    handed.push_str(&kind.suffix);
    places = first(&places, PLACES_SHOWN, "count.more_places", view);
    [
        kind.severity.clone(),
        kind.class.clone(),
        kind.vendor.clone(),
        kind.call.clone(),
        handed,
        places.join("\n"),
    ]
}

/// The first few, and how many more there are; a line that says that there is one more is no shorter than that one.
fn first(all: &[String], shown: usize, key: &str, view: &View<'_>) -> Vec<String> {
    let more = all.len().saturating_sub(shown);
    if more <= 1 {
        return all.to_vec();
    }
    let mut kept = all[..shown].to_vec();
    kept.push(view.texts.count(key, more as u64));
    kept
}

fn kind(finding: &Finding, view: &View<'_>) -> Kind {
    let is_auto = finding.origin == Origin::Auto;
    let mut suffix = String::new();
    if is_auto {
        suffix.push_str(view.say("table.by_sdk"));
    }
    if finding.transform.lessens() {
        let _ = write!(suffix, " ({})", view.say(transform_key(finding.transform)));
    }
    Kind {
        severity: view.say(severity_key(finding.severity)).to_owned(),
        class: view.class(&finding.class),
        vendor: visible(&finding.vendor).into_owned(),
        call: visible(&finding.call).into_owned(),
        source: if is_auto {
            String::new()
        } else {
            visible(&finding.expression).into_owned()
        },
        suffix,
        is_auto,
    }
}

/// The key of what a transform is called.
pub(super) fn transform_key(transform: Transform) -> &'static str {
    match transform {
        Transform::None => "transform.none",
        Transform::Encode => "transform.encode",
        Transform::Truncate => "transform.truncate",
        Transform::Domain => "transform.domain",
        Transform::Hash => "transform.hash",
    }
}

/// `path:line`.
pub(super) fn place(location: &Location) -> String {
    visible(&location.line_of_file()).into_owned()
}
