//! What SDKs collect by themselves.
//!
//! In: which SDKs are loaded, how they are started, and the vendors' rules. Out: every thing that such an SDK collects, on
//! or off, and a finding for each that is on. It leaves alone what the code sends.
//!
//! A vendor's SDK counts as loaded when it is imported, called or started, or its script stands in a page; a package.json
//! or a host name alone prove nothing. Which options decide, `switches` says.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::by_sdk::BySdk;
use super::loaded::{AllLoaded, standing};
use super::places::Places;
use super::sides::Sides;
use super::starting;
use super::switches::{self, Options, State, changed_at, state, with_later};
use super::versions;
use super::{Rules, rating};
use crate::finding::{AutoCollected, Confidence, Finding};
use crate::flow::{self, Flows, Place, Started};
use crate::pages::{Pages, RunsAt, Standing};
use crate::policy::Policy;
use crate::read::Texts;
use crate::ruleset::schema::{Auto, Maker};
use crate::screens::Side;

/// What an SDK takes of the page, where it is started.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    pub(super) by: BySdk<'a>,
    pub(super) state: State,
    /// Its options, with those that are changed later.
    pub(super) options: Options,
    /// Where it is started, or loaded.
    pub(super) place: &'a Place,
}

/// What the SDKs take of pages, one entry for each start, in the order of vendors.
pub(super) fn taken<'a>(
    flows: &'a Flows,
    rules: Rules<'a>,
    texts: &'a Texts,
    runs: &'a RunsAt,
    loaded: &AllLoaded<'a>,
) -> Vec<Taken<'a>> {
    let mut found = Vec::new();
    for (&vendor, loaded) in loaded {
        let Some(rule) = rules.vendors.get(vendor) else {
            continue;
        };
        let sides = Sides::new(rule, flows, rules, texts, runs);
        let loaded = loaded.place;
        let all = starts(flows, vendor, runs);
        let taking = rule.auto.iter().filter(|auto| !auto.takes.is_empty());
        for auto in taking.filter(|auto| is_collected(auto, flows, &all, &sides)) {
            let starts = deciding(auto, &all, &sides);
            // What runs on a server takes nothing of pages.
            if starts.is_empty() && !sides.is_in_pages() {
                continue;
            }
            let mut add = |start, options: &Options| {
                let (state, _) = state(auto, options);
                if state != State::Off {
                    found.push(Taken {
                        by: BySdk {
                            vendor: rule,
                            auto,
                            start,
                        },
                        state,
                        options: options.clone(),
                        place: start.map_or(loaded, |start: &Started| &start.place),
                    });
                }
            };
            for (start, options) in &starts {
                add(Some(*start), options);
            }
            if starts.is_empty() {
                add(None, &Options::new());
            }
        }
    }
    found
}

/// Whether the part of the SDK is here that collects something: what is in pages, unless the rule names packages.
fn is_here(auto: &Auto, sides: &Sides<'_>) -> bool {
    match auto.packages.as_slice() {
        [] => sides.is_in_pages() && !sides.is_of_packages_alone(&auto.except),
        packages => {
            let is_by_server = sides.is_by_server(auto);
            packages.iter().any(|package| sides.imports(package))
                && (is_by_server || sides.is_in_pages())
                && !(is_by_server && sides.is_of_pages_alone(auto))
                && (auto.edge || !sides.is_at_edge_alone(auto))
        }
    }
}

/// Whether the parts and versions that are here collect something at all, whatever their options say.
fn is_collected(
    auto: &Auto,
    flows: &Flows,
    starts: &[(&Started, Options)],
    sides: &Sides<'_>,
) -> bool {
    is_here(auto, sides)
        && versions::holds(auto, sides.rule, &flows.versions)
        && !is_without_document(auto, starts, sides)
}

/// Whether what is of a document would be collected where none is: all starts are in workers or on devices, or all that is here of
/// the SDK is for devices.
fn is_without_document(auto: &Auto, starts: &[(&Started, Options)], sides: &Sides<'_>) -> bool {
    sides.is_of_document(auto)
        && match starts {
            [] => sides.is_on_devices_alone(),
            starts => (starts.iter()).all(|(start, _)| sides.starts_without_document(start)),
        }
}

/// The starts whose options decide whether something is collected.
fn deciding<'a>(
    auto: &Auto,
    starts: &[(&'a Started, Options)],
    sides: &Sides<'_>,
) -> Vec<(&'a Started, Options)> {
    let is_of_document = sides.is_of_document(auto);
    let of = |is_so: &dyn Fn(&Started) -> bool| -> Vec<(&'a Started, Options)> {
        let here = |start: &Started| !(is_of_document && sides.starts_without_document(start));
        let all = starts.iter().filter(|(it, _)| is_so(it) && here(it));
        all.cloned().collect()
    };
    if auto.packages.is_empty() {
        return of(&|start| sides.starts_in_pages(start));
    }
    // The narrowest that there is: packages may be started by what another file hands over.
    let of_package = of(&|start| sides.starts_package(start, auto));
    let on_server = of(&|start| {
        sides.starts_package(start, auto)
            && sides.is_by_server(auto)
            && !sides.starts_in_pages(start)
    });
    // What is at the edge has options of its own, and not all parts of an SDK.
    let inside = on_server
        .iter()
        .filter(|(start, _)| !sides.starts_at_edge(start));
    let inside = inside.cloned().collect();
    let mut narrowest = [inside, on_server, of_package].into_iter();
    narrowest
        .find(|it| !it.is_empty())
        .unwrap_or_else(|| starts.to_vec())
}

/// The starts of a vendor's SDK, with the options that hold; one that only developers run takes nothing of anybody.
fn starts<'a>(flows: &'a Flows, vendor: &str, runs: &RunsAt) -> Vec<(&'a Started, Options)> {
    let mut started: Vec<&Started> = flows
        .started
        .iter()
        .filter(|started| started.vendor == vendor && is_made(started, runs))
        .collect();
    started.sort_by_key(|started| &started.place);
    let (changes, starts): (Vec<&Started>, Vec<&Started>) =
        started.into_iter().partition(|started| started.later);
    starts
        .into_iter()
        .map(|start| (start, with_later(start, &changes)))
        .collect()
}

/// Whether a start is one for people: what only developers run is not, nor the address of a script that a server is told of,
/// to pass it on.
pub(super) fn is_made(started: &Started, runs: &RunsAt) -> bool {
    match runs.side(&started.place) {
        Side::Tool => false,
        Side::Server | Side::Rendered => started.surface != flow::SCRIPT,
        Side::Pages => true,
    }
}

/// Lists what is collected, and makes findings of what is on.
pub(super) fn collected(
    flows: &Flows,
    rules: Rules<'_>,
    policy: &Policy,
    texts: &Texts,
    pages: &Pages,
    places: &Places<'_>,
    loaded: &AllLoaded<'_>,
) -> (Vec<AutoCollected>, Vec<Finding>) {
    let runs = &pages.runs;
    let mut listed = BTreeMap::new();
    let mut findings = Vec::new();
    let standing = |place: &Place| standing(place, rules, texts, pages);
    for (&vendor, loaded) in loaded {
        let Some(rule) = rules.vendors.get(vendor) else {
            continue;
        };
        let sides = Sides::new(rule, flows, rules, texts, runs);
        let starts = starts(flows, vendor, runs);
        for auto in &rule.auto {
            if !is_collected(auto, flows, &starts, &sides) {
                continue;
            }
            let mut deciding = deciding(auto, &starts, &sides);
            if auto.inbound {
                let is_inside =
                    |start: &Started| pages.is_extension(&places.location(&start.place).path);
                let all = deciding.len();
                deciding.retain(|(start, _)| !is_inside(start));
                if all > 0 && deciding.is_empty() {
                    continue;
                }
            }
            // What an example starts nobody visits; where there is nothing else, it is what there is.
            let is_shown = |start: &Started| standing(&start.place) == Standing::Example;
            if deciding.iter().any(|(start, _)| !is_shown(start)) {
                deciding.retain(|(start, _)| !is_shown(start));
            }
            let (mut state, start, by) = decide(auto, &deciding, places, &standing);
            let as_good = deciding
                .iter()
                .filter(|(_, options)| switches::state(auto, options).0 == state);
            let as_good: Vec<&Started> = as_good.map(|(start, _)| *start).collect();
            let started = start.and_then(|start| starting::condition(start, &as_good, places));
            let probed = (start.is_none() && loaded.is_probed).then(|| IF_THERE.to_owned());
            let condition = match (state, start, by, &auto.setting) {
                (State::Sometimes, Some(start), Some(option), _) => {
                    let changed = changed_at(option, start, flows);
                    let changed = changed.map(|place| {
                        format!("{option} is changed later: {}", places.expression(place))
                    });
                    Some(changed.unwrap_or_else(|| condition(option, start, places)))
                }
                // No code shows what is set at the vendor.
                (State::On, _, _, Some(setting)) => {
                    state = State::Sometimes;
                    Some(setting.clone())
                }
                _ => None,
            };
            let started = started.filter(|_| state != State::Off);
            let started = started.map(|it| format!("the SDK is started {it}"));
            let is_always = started.is_none();
            let probed = probed.filter(|_| state != State::Off);
            let condition = [condition, started, probed].into_iter().flatten();
            let condition: Vec<String> = condition.collect();
            let condition = (!condition.is_empty()).then(|| condition.join("; "));
            let key = (vendor, &auto.class, &auto.property);
            let location = start.map(|start| places.location(&start.place));
            let entry = listed.entry(key).or_insert_with(|| AutoCollected {
                vendor: vendor.to_owned(),
                class: auto.class.clone(),
                property: auto.property.clone(),
                enabled: false,
                location: location.clone(),
                turn_off: auto.turn_off.clone().unwrap_or_default(),
                condition: None,
            });
            // A rule may list a thing twice, for two occasions; one that is on is enough.
            if state == State::Off || entry.enabled {
                continue;
            }
            entry.enabled = true;
            entry.location = location;
            entry.condition.clone_from(&condition);
            if rules.classes.contains_key(&auto.class) {
                let place = start.map_or(loaded.place, |start| &start.place);
                let by = BySdk {
                    vendor: rule,
                    auto,
                    start,
                };
                findings.push(Finding {
                    severity: rating(&auto.class, rules, policy),
                    // Without an init call its options are unknown, and it may not run at all.
                    confidence: if start.is_some() && is_always && state == State::On {
                        Confidence::High
                    } else {
                        Confidence::Medium
                    },
                    ..finding(by, place, condition.as_deref(), places)
                });
            }
        }
    }
    (listed.into_values().collect(), findings)
}

/// What is said where the code only looks whether an SDK is there.
const IF_THERE: &str = "only if the page has loaded it: the code looks whether it is there, and nothing that was read loads it";

/// Whether it is on, the init call that says so (one that turns it on, or any when none does; of these one of the app itself, then
/// one that always happens, else the first), and the option that leaves it open.
fn decide<'a>(
    auto: &'a Auto,
    starts: &[(&'a Started, Options)],
    places: &Places<'_>,
    standing: &dyn Fn(&Place) -> Standing,
) -> (State, Option<&'a Started>, Option<&'a str>) {
    let all: Vec<&Started> = starts.iter().map(|(start, _)| *start).collect();
    let states = starts.iter().map(|(start, options)| {
        let (state, by) = state(auto, options);
        (state, Some(*start), by)
    });
    // The first of the best: `max_by_key` would give the last. One that always happens says it best.
    states
        .rev()
        .max_by_key(|(state, start, _)| {
            let is_always = start.is_some_and(|it| starting::is_always(it, &all, places));
            let nearest = start.map(|it| Reverse(standing(&it.place)));
            (*state, nearest, is_always)
        })
        .unwrap_or_else(|| {
            let (state, by) = state(auto, &Options::new());
            (state, None, by)
        })
}

/// What decides an option, as written at the call; a spread may hold it.
fn condition(option: &str, start: &Started, places: &Places<'_>) -> String {
    let mut path = option;
    loop {
        if let Some(place) = start.computed.get(path) {
            return places.expression(place);
        }
        match path.rsplit_once('.') {
            Some((around, _)) => path = around,
            None => break,
        }
    }
    let spread = start.computed.get("*").or_else(|| start.computed.get(""));
    spread.map_or_else(
        || format!("{option} is decided elsewhere"),
        |place| format!("{option} of {}", places.expression(place)),
    )
}

/// A finding whose rating is not decided yet.
fn finding(by: BySdk<'_>, place: &Place, condition: Option<&str>, places: &Places<'_>) -> Finding {
    let auto = by.auto;
    let name = &by.vendor.name;
    let mut reason = match auto.by {
        Maker::Sdk | Maker::Script => format!("the SDK of {name} collects it by itself"),
        Maker::Server => format!("{name} makes it of the SDK's requests"),
    };
    if let Some(condition) = condition {
        reason.push_str(&format!(
            ", in some builds or for some visitors ({condition})"
        ));
    }
    if let Some(when) = &auto.when {
        reason.push_str(&format!(" ({when})"));
    }
    let started = by.at_start("collects this by itself");
    let at = (place, started.as_str());
    Finding {
        // No piece of code says what is collected.
        expression: String::new(),
        ..by.finding(&auto.class, &auto.property, reason, at, None, places)
    }
}
