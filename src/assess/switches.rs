//! Whether what an SDK can collect is on.
//!
//! In: an entry of a rule, and the options with which the SDK is started. Out: on, off, or on in some builds, and the option
//! that leaves it open. It leaves alone which SDKs are loaded and what is reported (`auto`).

use std::collections::BTreeMap;

use crate::flow::{Flows, OptionValue, Place, Started};
use crate::ruleset::schema::Auto;

/// Whether something is collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// It is not.
    Off,
    /// In some builds, or for some visitors: the code computes the option.
    Sometimes,
    /// It is.
    On,
}

/// Whether it is on with these options, and the option that decides if it is neither.
pub(super) fn state<'a>(auto: &'a Auto, options: &Options) -> (State, Option<&'a str>) {
    let mut state = State::On;
    let mut by = None;
    for (option, values) in &auto.unless {
        let is_off = |value: &toml::Value| values.iter().any(|other| same(other, value));
        let found = match options.get(option) {
            Some(OptionValue::Known(value)) if is_off(value) => State::Off,
            Some(OptionValue::OneOf(all)) => {
                let off = all
                    .iter()
                    .filter(|it| it.as_ref().is_some_and(is_off))
                    .count();
                of_several(all.len() - off, all.len())
            }
            _ => State::On,
        };
        if found < state {
            (state, by) = (found, Some(option.as_str()));
        }
    }
    for (option, values) in &auto.needs {
        let found = is_on(values, options.get(option));
        if found < state {
            (state, by) = (found, Some(option.as_str()));
        }
    }
    let Some(option) = auto.option.as_deref() else {
        return (state.min(default(auto)), by);
    };
    let own = by_option(auto, option, options);
    if own < state {
        (own, Some(option))
    } else {
        (state, by)
    }
}

/// Whether an option has one of these values; without any, one that turns something on.
pub(super) fn is_on(values: &[toml::Value], option: Option<&OptionValue>) -> State {
    let is_so = |value: &toml::Value| match values {
        [] => !is_off(value),
        values => values.iter().any(|other| same(other, value)),
    };
    match option {
        Some(OptionValue::Known(value)) if is_so(value) => State::On,
        Some(OptionValue::Object) if values.is_empty() => State::On,
        Some(OptionValue::OneOf(all)) => {
            let on = all.iter().filter(|it| it.as_ref().is_some_and(is_so));
            of_several(on.count(), all.len())
        }
        Some(OptionValue::Unknown | OptionValue::Listed(_)) => State::Sometimes,
        _ => State::Off,
    }
}

/// Options by dotted path, with what is changed later.
pub(super) type Options = BTreeMap<String, OptionValue>;

/// Where an option is computed by a call that changes it later, and so may come or not.
pub(super) fn changed_at<'a>(option: &str, start: &Started, flows: &'a Flows) -> Option<&'a Place> {
    let mut changes = flows
        .started
        .iter()
        .filter(|it| it.later && it.vendor == start.vendor && !follows(it, start));
    changes.find_map(|change| {
        let is_changed = change.options.contains_key(option);
        is_changed.then(|| change.computed.get(option).unwrap_or(&change.place))
    })
}

/// Whether a change comes right after the start, so that it decides.
fn follows(change: &Started, start: &Started) -> bool {
    change.place.file == start.place.file
        && change.place.symbol == start.place.symbol
        && change.place.span.start > start.place.span.start
        && change.only_if.len() <= start.only_if.len()
}

/// The options of a start, with those that calls of the same SDK change later. One in the same function decides; one
/// elsewhere may come or not.
pub(super) fn with_later(start: &Started, changes: &[&Started]) -> Options {
    let mut options = start.options.clone();
    for change in changes {
        let follows = follows(change, start);
        for (path, value) in &change.options {
            let new = match (follows, options.get(path), value) {
                (true, ..) => value.clone(),
                (false, before, OptionValue::Known(value)) => {
                    let before = match before {
                        Some(OptionValue::Known(before)) => vec![Some(before.clone())],
                        Some(OptionValue::OneOf(all)) => all.clone(),
                        _ => vec![None],
                    };
                    OptionValue::OneOf(before.into_iter().chain([Some(value.clone())]).collect())
                }
                _ => OptionValue::Unknown,
            };
            options.insert(path.clone(), new);
        }
    }
    options
}

fn default(auto: &Auto) -> State {
    if auto.default { State::On } else { State::Off }
}

fn of_several(on: usize, all: usize) -> State {
    match on {
        0 => State::Off,
        on if on == all => State::On,
        _ => State::Sometimes,
    }
}

fn by_option(auto: &Auto, option: &str, options: &Options) -> State {
    match options.get(option) {
        Some(OptionValue::Known(value)) => by_value(auto, value),
        Some(OptionValue::OneOf(all)) => {
            let states = all.iter().map(|value| match value {
                Some(value) => by_value(auto, value),
                None => default(auto),
            });
            let states: Vec<State> = states.collect();
            let on = states.iter().filter(|state| **state == State::On).count();
            of_several(on, states.len())
        }
        Some(OptionValue::Listed(list)) => match &auto.off_when_listed {
            Some(entry) if list.contains(entry) => State::Off,
            _ => default(auto),
        },
        Some(OptionValue::Object) => by_object(auto, option, options),
        // A list that is not known may hold anything; that it holds just this entry is not to be expected.
        Some(OptionValue::Unknown) if auto.off_when_listed.is_some() => default(auto),
        Some(OptionValue::Unknown) => State::Sometimes,
        None if around_is_off(option, options) => State::Off,
        None => default(auto),
    }
}

/// An object in place of the option turns on what is off by default (`recording: { … }`), unless the rule lists what does.
fn by_object(auto: &Auto, option: &str, options: &Options) -> State {
    let enabled = options.get(&format!("{option}.enabled"));
    if enabled == Some(&OptionValue::Known(toml::Value::Boolean(false))) {
        return State::Off;
    }
    if auto.default || auto.on.is_empty() {
        State::On
    } else {
        State::Off
    }
}

/// A `false` in place of the object around an option turns it off.
fn around_is_off(option: &str, options: &Options) -> bool {
    option.match_indices('.').any(|(dot, _)| {
        let around = option.get(..dot).and_then(|around| options.get(around));
        around == Some(&OptionValue::Known(toml::Value::Boolean(false)))
    })
}

fn by_value(auto: &Auto, value: &toml::Value) -> State {
    if let (Some(entry), Some(list)) = (&auto.off_when_listed, value.as_array()) {
        let is_listed = list.iter().any(|item| item.as_str() == Some(entry));
        return if is_listed { State::Off } else { default(auto) };
    }
    // A list decides by what it holds; another value only if the rule says how.
    if auto.off_when_listed.is_some() && auto.off.is_empty() && auto.on.is_empty() {
        return default(auto);
    }
    let listed = |values: &[toml::Value]| values.iter().any(|other| same(other, value));
    let is_on = if listed(&auto.off) {
        false
    } else if listed(&auto.on) {
        true
    } else if auto.default && auto.off.is_empty() {
        value.as_bool() == Some(true)
    } else if !auto.default && auto.on.is_empty() {
        !is_off(value)
    } else {
        auto.default
    };
    if is_on { State::On } else { State::Off }
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
