//! What SDKs collect by themselves.
//!
//! In: which SDKs are loaded, how they are started, and the vendors' rules. Out: every thing that such an SDK collects, on
//! or off, and a finding for each that is on. It leaves alone what the code sends.
//!
//! A vendor's SDK counts as loaded when it is imported, called or started, or its script stands in a page; a package.json
//! or a host name alone prove nothing. An init call's literal options decide; what they leave open stays at its default.

use std::collections::{BTreeMap, BTreeSet};

use super::places::Places;
use super::{Rules, rating};
use crate::finding::{
    AutoCollected, Confidence, Finding, Origin, Severity, Status, TraceStep, Transform,
};
use crate::flow::{Evidence, Flows, OptionValue, Place, Started};
use crate::policy::Policy;
use crate::ruleset::schema::{Auto, Vendor};

/// What stands for the call when no init call was found.
const NO_CALL: &str = "load";

/// Lists what is collected, and makes findings of what is on.
pub(super) fn collected(
    flows: &Flows,
    rules: Rules<'_>,
    policy: &Policy,
    places: &Places<'_>,
) -> (Vec<AutoCollected>, Vec<Finding>) {
    let mut listed = BTreeMap::new();
    let mut findings = Vec::new();
    let imported: BTreeSet<(&str, &str)> = flows
        .seen
        .iter()
        .filter_map(|seen| Some((seen.vendor.as_str(), seen.package.as_deref()?)))
        .collect();
    for (vendor, loaded) in loaded(flows) {
        let Some(rule) = rules.vendors.get(vendor) else {
            continue;
        };
        let mut starts: Vec<&Started> = flows
            .started
            .iter()
            .filter(|started| started.vendor == vendor)
            .collect();
        starts.sort_by_key(|started| &started.place);
        for auto in &rule.auto {
            if !is_by_package(auto, &imported, vendor) {
                continue;
            }
            let (enabled, start) = decide(auto, &starts);
            let key = (vendor, &auto.class, &auto.property);
            let location = start.map(|start| places.location(&start.place));
            let entry = listed.entry(key).or_insert_with(|| AutoCollected {
                vendor: vendor.to_owned(),
                class: auto.class.clone(),
                property: auto.property.clone(),
                enabled: false,
                location: location.clone(),
                turn_off: auto.turn_off.clone().unwrap_or_default(),
            });
            // A rule may list a thing twice, for two occasions; one that is on is enough.
            if !enabled || entry.enabled {
                continue;
            }
            entry.enabled = true;
            entry.location = location;
            if rules.classes.contains_key(&auto.class) {
                let place = start.map_or(loaded, |start| &start.place);
                let call =
                    start.map_or(NO_CALL, |start| init_call(rule, places.text(&start.place)));
                findings.push(Finding {
                    severity: rating(&auto.class, rules, policy),
                    // Without an init call its options are unknown, and it may not run at all.
                    confidence: if start.is_some() {
                        Confidence::High
                    } else {
                        Confidence::Medium
                    },
                    ..finding(rule, auto, call, place, places)
                });
            }
        }
    }
    (listed.into_values().collect(), findings)
}

/// Whether the part of the SDK that collects it is here, where only some of the vendor's packages do.
fn is_by_package(auto: &Auto, imported: &BTreeSet<(&str, &str)>, vendor: &str) -> bool {
    let mut packages = auto.packages.iter();
    auto.packages.is_empty() || packages.any(|package| imported.contains(&(vendor, package)))
}

/// Vendors whose SDK is loaded, each with the place that shows it best: the first import, else script, else call.
fn loaded(flows: &Flows) -> BTreeMap<&str, &Place> {
    let mut found: BTreeMap<&str, BTreeSet<(u8, &Place)>> = BTreeMap::new();
    let seen = flows.seen.iter().filter_map(|seen| {
        let rank = match seen.evidence {
            Evidence::Import => 0,
            Evidence::Script => 1,
            Evidence::Call => 2,
            Evidence::Package | Evidence::Lock | Evidence::Host | Evidence::Hub => return None,
        };
        Some((&seen.vendor, rank, &seen.place))
    });
    let started = flows
        .started
        .iter()
        .map(|started| (&started.vendor, 3, &started.place));
    for (vendor, rank, place) in seen.chain(started) {
        found.entry(vendor).or_default().insert((rank, place));
    }
    found
        .into_iter()
        .filter_map(|(vendor, places)| places.first().map(|(_, place)| (vendor, *place)))
        .collect()
}

/// Whether it is on, and the init call that says so: the first that turns it on, or the first of all when none does.
fn decide<'a>(auto: &Auto, starts: &[&'a Started]) -> (bool, Option<&'a Started>) {
    if let Some(start) = starts.iter().find(|start| is_on(auto, start)) {
        return (true, Some(start));
    }
    match starts.first() {
        Some(start) => (false, Some(start)),
        None => (auto.default, None),
    }
}

fn is_on(auto: &Auto, started: &Started) -> bool {
    let Some(option) = auto.option.as_deref() else {
        return auto.default;
    };
    match started.options.get(option) {
        Some(OptionValue::Known(value)) => match (&auto.off_when_listed, value.as_array()) {
            (Some(entry), Some(list)) => {
                let is_listed = list.iter().any(|item| item.as_str() == Some(entry));
                auto.default && !is_listed
            }
            // A list decides by what it holds; another value only if the rule says how.
            (Some(_), None) if auto.off.is_empty() && auto.on.is_empty() => auto.default,
            _ => by_value(auto, value),
        },
        Some(OptionValue::Listed(list)) => match &auto.off_when_listed {
            Some(entry) if list.contains(entry) => false,
            _ => auto.default,
        },
        Some(OptionValue::Unknown) => auto.default,
        None => by_neighbours(auto, option, started),
    }
}

fn by_value(auto: &Auto, value: &toml::Value) -> bool {
    let listed = |values: &[toml::Value]| values.iter().any(|other| same(other, value));
    if listed(&auto.off) {
        false
    } else if listed(&auto.on) {
        true
    } else if auto.default && auto.off.is_empty() {
        value.as_bool() == Some(true)
    } else if !auto.default && auto.on.is_empty() {
        !is_off(value)
    } else {
        auto.default
    }
}

/// The option itself is not set: an object in its place turns on what is off by default (`recording: { … }`), and a
/// `false` in place of the object around it turns it off.
fn by_neighbours(auto: &Auto, option: &str, started: &Started) -> bool {
    let is_object = started.options.keys().any(|key| {
        key.strip_prefix(option)
            .is_some_and(|rest| rest.starts_with('.'))
    });
    if is_object {
        return auto.default || auto.on.is_empty();
    }
    let around_is_off = option.match_indices('.').any(|(dot, _)| {
        option
            .get(..dot)
            .and_then(|around| started.options.get(around))
            .is_some_and(|value| *value == OptionValue::Known(toml::Value::Boolean(false)))
    });
    auto.default && !around_is_off
}

/// What turns off whatever takes it: `false`, a rate of zero, an empty list.
fn is_off(value: &toml::Value) -> bool {
    let is_zero = same(value, &toml::Value::Integer(0));
    let is_empty = value.as_array().is_some_and(Vec::is_empty);
    value.as_bool() == Some(false) || is_zero || is_empty
}

/// Numbers are compared as numbers: code writes `0`, a rule may write `0.0`.
fn same(a: &toml::Value, b: &toml::Value) -> bool {
    let number = |value: &toml::Value| match value {
        #[expect(
            clippy::cast_precision_loss,
            reason = "options are small numbers; sample rates, delays"
        )]
        toml::Value::Integer(integer) => Some(*integer as f64),
        toml::Value::Float(float) => Some(*float),
        _ => None,
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

/// The init call as the rule names it: the one that stands in the text of the call, or the only one.
fn init_call<'r>(rule: &'r Vendor, text: &str) -> &'r str {
    let head = text.split('(').next().unwrap_or(text);
    rule.init
        .iter()
        .map(|init| init.path.as_str())
        .filter(|path| {
            let last = path.rsplit('.').next().unwrap_or(path);
            head.split(|char: char| !char.is_alphanumeric() && char != '_' && char != '$')
                .any(|word| word == last)
        })
        .max_by_key(|path| path.len())
        .or_else(|| rule.init.first().map(|init| init.path.as_str()))
        .unwrap_or(NO_CALL)
}

/// A finding whose rating is not decided yet.
fn finding(rule: &Vendor, auto: &Auto, call: &str, place: &Place, places: &Places<'_>) -> Finding {
    let location = places.location(place);
    let mut reason = format!("the SDK of {} collects it by itself", rule.name);
    if let Some(when) = &auto.when {
        reason.push_str(&format!(" ({when})"));
    }
    if let Some(turn_off) = &auto.turn_off {
        reason.push_str(&format!("; to turn it off: {turn_off}"));
    }
    Finding {
        fingerprint: String::new(),
        vendor: rule.id.clone(),
        vendor_category: rule.category.clone(),
        call: call.to_owned(),
        class: auto.class.clone(),
        property: auto.property.clone(),
        expression: String::new(),
        origin: Origin::Auto,
        transform: Transform::None,
        severity: Severity::Low,
        confidence: Confidence::High,
        trace: vec![TraceStep {
            path: location.path.clone(),
            line: location.line,
            column: location.column,
            note: "the SDK is started here, and collects this by itself".to_owned(),
        }],
        sink: location.clone(),
        location,
        reason,
        status: Status::New,
        suppression: None,
    }
}
