//! What the addresses of the app hand to SDKs that take them.
//!
//! In: the parameters of the app's addresses, and which SDK takes the address of the page. Out: a finding for each vendor and
//! parameter. It leaves alone how parameters are found (`pages`) and which option decides (`switches`).

use std::collections::BTreeMap;

use super::auto::{self, Taken};
use super::places::Places;
use super::switches::State;
use super::{Rules, rating};
use crate::finding::{Confidence, Finding, Origin, Status, TraceStep, Transform};
use crate::flow::OptionValue;
use crate::pages::{How, Pages, Parameter};
use crate::policy::Policy;
use crate::ruleset::schema::Part;

/// One finding for each vendor and parameter, at the route, read or link that names it.
pub(super) fn findings(
    taken: &[Taken<'_>],
    pages: &Pages,
    rules: Rules<'_>,
    policy: &Policy,
    places: &Places<'_>,
) -> Vec<Finding> {
    let mut found: BTreeMap<(&str, usize), Finding> = BTreeMap::new();
    for (at, parameter) in pages.parameters.iter().enumerate() {
        let part = if parameter.in_path {
            Part::Path
        } else {
            Part::Query
        };
        let location = places.location(&parameter.place);
        for taken in taken.iter().filter(|it| it.auto.takes.contains(&part)) {
            if !pages.share(&location.path, &places.location(taken.place).path)
                || is_blanked(taken, parameter, places)
            {
                continue;
            }
            let is_there = pages.meets(taken.place.file, parameter);
            let finding = finding(taken, parameter, is_there, rules, policy, places);
            // The first SDK start that is sure says it best.
            let key = (taken.vendor.id.as_str(), at);
            let is_better = |other: &Finding| other.confidence < finding.confidence;
            if found.get(&key).is_none_or(is_better) {
                found.insert(key, finding);
            }
        }
    }
    found.into_values().collect()
}

/// The start names the parameter in a list of those that the SDK blanks, or has a hook that looks at the address.
fn is_blanked(taken: &Taken<'_>, parameter: &Parameter, places: &Places<'_>) -> bool {
    let Some(start) = taken.start else {
        return false;
    };
    let name = parameter.name.as_str();
    let is_listed = taken.vendor.blanks.iter().any(|option| {
        let listed: Vec<&str> = match taken.options.get(option) {
            Some(OptionValue::Known(toml::Value::Array(all))) => {
                all.iter().filter_map(toml::Value::as_str).collect()
            }
            Some(OptionValue::Listed(all)) => all.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        listed.contains(&name)
    });
    is_listed
        || start.hooks.iter().any(|hook| {
            let text = places.text(hook);
            let taking = taken
                .vendor
                .auto
                .iter()
                .filter(|auto| !auto.takes.is_empty());
            let keys: Vec<&str> = taking.flat_map(|auto| keys(&auto.property)).collect();
            // Where the rule names no key, a hook there is may look at the address.
            keys.is_empty() || keys.iter().any(|key| mentions(text, key))
        })
}

/// The keys in the words of a rule: what no ordinary word looks like.
fn keys(property: &str) -> impl Iterator<Item = &str> {
    property
        .split(|char: char| !char.is_alphanumeric() && !matches!(char, '$' | '_' | '.'))
        .filter(|word| word.contains(['$', '_', '.']))
        .filter_map(|word| word.rsplit('.').find(|part| !part.is_empty()))
}

/// Whether a text has a name as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    let is_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '$');
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|it| it.chars().next());
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

fn finding(
    taken: &Taken<'_>,
    parameter: &Parameter,
    is_there: bool,
    rules: Rules<'_>,
    policy: &Policy,
    places: &Places<'_>,
) -> Finding {
    let location = places.location(&parameter.place);
    let sink = places.location(taken.place);
    let vendor = taken.vendor;
    let call = taken.start.map_or(auto::NO_CALL, |start| {
        auto::init_call(vendor, places.text(&start.place))
    });
    let how = match parameter.how {
        How::Route => "a page of the app has it in its address",
        How::Read => "the page reads it from its own address",
        How::Link => "a link of the app carries it",
    };
    let is_sure =
        is_there && taken.start.is_some() && taken.state == State::On && parameter.how != How::Link;
    let mut reason = format!(
        "{how}, and the SDK of {} sends the address of the page by itself ({})",
        vendor.name, taken.auto.property
    );
    if let Some(turn_off) = &taken.auto.turn_off {
        reason.push_str(&format!("; to turn it off: {turn_off}"));
    }
    let step = |location: &crate::finding::Location, note: &str| TraceStep {
        path: location.path.clone(),
        line: location.line,
        column: location.column,
        note: note.to_owned(),
    };
    Finding {
        fingerprint: String::new(),
        vendor: vendor.id.clone(),
        vendor_category: vendor.category.clone(),
        call: call.to_owned(),
        class: parameter.class.clone(),
        property: parameter.address.clone(),
        expression: places.expression(&parameter.place),
        origin: Origin::Auto,
        transform: Transform::None,
        severity: rating(&parameter.class, rules, policy),
        confidence: if is_sure {
            Confidence::Medium
        } else {
            Confidence::Low
        },
        trace: vec![
            step(&location, how),
            step(
                &sink,
                "the SDK is started here, and sends the address of the page by itself",
            ),
        ],
        sink,
        location,
        value: None,
        reason,
        status: Status::New,
        suppression: None,
    }
}
