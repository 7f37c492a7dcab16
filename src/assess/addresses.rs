//! What the addresses of the app hand to SDKs that take them.
//!
//! In: the parameters of the app's addresses, and which SDK takes the address of the page. Out: a finding for each vendor and
//! parameter. It leaves alone how parameters are found (`pages`) and which option decides (`switches`).

use std::collections::BTreeMap;

use super::auto::Taken;
use super::places::Places;
use super::starting;
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
    let mut ways: BTreeMap<(&str, usize), Vec<&Taken<'_>>> = BTreeMap::new();
    for (at, parameter) in pages.parameters.iter().enumerate() {
        let part = if parameter.in_path {
            Part::Path
        } else {
            Part::Query
        };
        let location = places.location(&parameter.place);
        for taken in taken.iter().filter(|it| it.by.auto.takes.contains(&part)) {
            if pages.starts_in(&places.location(taken.place).path, &location.path)
                && pages.meets(taken.place.file, parameter)
                && !is_blanked(taken, parameter, places)
            {
                let key = (taken.by.vendor.id.as_str(), at);
                ways.entry(key).or_default().push(taken);
            }
        }
    }
    let each = ways.iter().filter_map(|((_, at), ways)| {
        let parameter = &pages.parameters[*at];
        let is_sure =
            |it: &&&Taken<'_>| is_sure(it, parameter) && !is_once_signed_in(it, rules, places);
        // The first SDK start that is sure says it best.
        let sure = ways.iter().find(is_sure);
        let confidence = match sure {
            Some(_) => Confidence::Medium,
            None => Confidence::Low,
        };
        let best = sure.or(ways.first())?;
        let mut found = Finding {
            severity: rating(&parameter.class, rules, policy),
            confidence,
            ..finding(best, parameter, places)
        };
        let condition = best.by.start;
        let condition = condition.and_then(|it| starting::condition(it, &[], places));
        if let Some(condition) = condition {
            found
                .reason
                .push_str(&format!("; the SDK is started {condition}"));
        }
        for switch in others(best, ways) {
            found.reason.push_str(&format!("; and {switch}"));
        }
        Some(found)
    });
    each.collect()
}

/// Whether an SDK sends the address of a page that a parameter is on, and nothing decides otherwise.
fn is_sure(taken: &Taken<'_>, parameter: &Parameter) -> bool {
    taken.by.start.is_some() && taken.state == State::On && parameter.how != How::Link
}

/// Whether an SDK is only started once somebody has signed in, by the names in the tests around the start.
fn is_once_signed_in(taken: &Taken<'_>, rules: Rules<'_>, places: &Places<'_>) -> bool {
    let tests = taken.by.start.iter().flat_map(|start| &start.only_if);
    let mut tests = tests.filter(|(_, holds)| *holds);
    tests.any(|(test, _)| {
        let text = places.text(test);
        let parts = text.split("&&").map(str::trim);
        let mut first = parts.map(|it| it.split(['.', '?', ' ', ')', '(']).next());
        first.any(|name| name.is_some_and(|name| rules.pages.signed_in.iter().any(|it| it == name)))
    })
}

/// What else has to be turned off: page views are one way of an address, and every event is another.
fn others<'a>(best: &Taken<'a>, ways: &[&Taken<'a>]) -> Vec<&'a str> {
    let mut told: Vec<&str> = best.by.auto.turn_off.as_deref().into_iter().collect();
    let own = told.len();
    for switch in ways.iter().filter_map(|it| it.by.auto.turn_off.as_deref()) {
        if !told.iter().any(|it| it.contains(switch)) {
            told.push(switch);
        }
    }
    told.split_off(own)
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
        || !taken.by.auto.past_hooks
            && start.hooks.iter().any(|hook| {
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

fn finding(taken: &Taken<'_>, parameter: &Parameter, places: &Places<'_>) -> Finding {
    let how = match parameter.how {
        How::Route => "a page of the app has it in its address",
        How::Read => "the page reads it from its own address",
        How::Link => "a link of the app carries it",
    };
    let by = taken.by;
    let reason = format!(
        "{how}, and the SDK of {} sends the address of the page by itself ({})",
        by.vendor.name, by.auto.property
    );
    let from = by.at_start("sends the address of the page by itself");
    by.finding(
        &parameter.class,
        &parameter.address,
        reason,
        (&parameter.place, how),
        Some((taken.place, from.as_str())),
        places,
    )
}
