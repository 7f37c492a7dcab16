//! What the addresses of the app hand to SDKs that take them.
//!
//! In: the parameters of the app's addresses, and which SDK takes the address of the page. Out: a finding for each vendor and
//! parameter. It leaves alone how parameters are found (`pages`) and which option decides (`switches`).

use std::collections::BTreeMap;

use super::auto::Taken;
use super::places::Places;
use super::switches::State;
use super::{Rules, rating};
use crate::finding::{Confidence, Finding};
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
    let mut switches: BTreeMap<(&str, usize), Vec<&str>> = BTreeMap::new();
    for (at, parameter) in pages.parameters.iter().enumerate() {
        let part = if parameter.in_path {
            Part::Path
        } else {
            Part::Query
        };
        let location = places.location(&parameter.place);
        for taken in taken.iter().filter(|it| it.by.auto.takes.contains(&part)) {
            if !pages.share(&location.path, &places.location(taken.place).path)
                || is_blanked(taken, parameter, places)
            {
                continue;
            }
            let is_there = pages.meets(taken.place.file, parameter);
            let finding = finding(taken, parameter, is_there, rules, policy, places);
            // The first SDK start that is sure says it best.
            let key = (taken.by.vendor.id.as_str(), at);
            let is_better = |other: &Finding| other.confidence < finding.confidence;
            if found.get(&key).is_none_or(is_better) {
                found.insert(key, finding);
            }
            let switch = taken.by.auto.turn_off.as_deref();
            switches.entry(key).or_default().extend(switch);
        }
    }
    let all = found.into_iter().map(|(key, mut finding)| {
        // Page views are one way of an address, and every event is another; who stops one has not stopped the other.
        let mut told: Vec<&str> = Vec::new();
        for switch in switches.get(&key).into_iter().flatten() {
            if !finding.reason.ends_with(switch) && !told.iter().any(|it| it.contains(switch)) {
                told.push(switch);
            }
        }
        for switch in told {
            finding.reason.push_str(&format!("; and {switch}"));
        }
        finding
    });
    all.collect()
}

/// The start names the parameter in a list of those that the SDK blanks, or has a hook that looks at the address.
fn is_blanked(taken: &Taken<'_>, parameter: &Parameter, places: &Places<'_>) -> bool {
    let Some(start) = taken.by.start else {
        return false;
    };
    let name = parameter.name.as_str();
    let mut blanks = taken.by.vendor.blanks.iter();
    let is_listed = blanks.any(|option| {
        let value = taken.options.get(option);
        value.is_some_and(|value| value.listed().contains(&name))
    });
    is_listed
        || start.hooks.iter().any(|hook| {
            let text = places.text(hook);
            let taking = taken
                .by
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
    let how = match parameter.how {
        How::Route => "a page of the app has it in its address",
        How::Read => "the page reads it from its own address",
        How::Link => "a link of the app carries it",
    };
    let is_sure = is_there
        && taken.by.start.is_some()
        && taken.state == State::On
        && parameter.how != How::Link;
    let by = taken.by;
    let reason = format!(
        "{how}, and the SDK of {} sends the address of the page by itself ({})",
        by.vendor.name, by.auto.property
    );
    let from = by.at_start("sends the address of the page by itself");
    Finding {
        severity: rating(&parameter.class, rules, policy),
        confidence: if is_sure {
            Confidence::Medium
        } else {
            Confidence::Low
        },
        ..by.finding(
            &parameter.class,
            &parameter.address,
            reason,
            (&parameter.place, how),
            Some((taken.place, from.as_str())),
            places,
        )
    }
}
