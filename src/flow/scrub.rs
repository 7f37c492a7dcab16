//! What an SDK's own hooks leave out of what is sent (`beforeSend`, deny lists).
//!
//! In: the hooks of an init call, and the way of a value in the event that they are given. Out: whether they provably leave
//! it out: by a `delete`, an assignment of something else, an object made without it, or a list of keys. What happens only
//! under a condition, other than that there is something to leave out, proves nothing. It leaves alone which option is such
//! a hook (the rules).

use super::delivery::{IdleHook, OptionValue, Place, Started};
use super::evaluate::Evaluator;
use super::hooks::{Hook, closures};
use super::payload::Leaf;
use super::sinks::SinkCall;
use super::started::options_at;
use super::value::{Spot, V, Value};
use crate::ruleset::schema::{Role, Scrub, ScrubKind};

/// A hook of one start of an SDK.
pub(super) struct Scrubber<'p> {
    pub vendor: usize,
    place: Place,
    /// What it sees is all that goes out of values; else only of the page's address.
    sees_values: bool,
    /// It sees each way by which the page's address goes out.
    pub sees_address: bool,
    /// It belongs to that start alone; a hook that a call sets is there for all of them.
    of_start: bool,
    rule: &'p Scrub,
    pub hook: V,
}

/// A hook with what its functions leave out. Looking into it reads the files that these stand in, so it is done once for all
/// values.
pub(super) struct LookedInto<'s, 'e, 'p> {
    scrubber: &'s Scrubber<'p>,
    /// The functions of each alternative.
    functions: Vec<Vec<Hook<'e, 'p>>>,
}

impl<'p> Evaluator<'p> {
    /// What a call's hook is, by the rule of it.
    pub(super) fn hook_of(&self, rule: &Scrub, sink: &SinkCall<'p>, spot: Spot) -> Option<V> {
        let (argument, key) = match (&rule.option, &rule.call) {
            (option, Some(call)) => {
                let given = (sink.path == *call).then(|| sink.args.first())??;
                (given, option.as_deref())
            }
            (Some(option), None) => {
                let init = sink.init?;
                let given = sink.args.get(options_at(sink, init)?)?;
                let Some(below) = init.options_key.as_deref() else {
                    return Some(self.at_path(given, option, spot));
                };
                let options = self.at_path(given, below, spot);
                return Some(self.at_path(&options, option, spot));
            }
            (None, None) => return None,
        };
        Some(match key {
            Some(key) => self.at_path(argument, key, spot),
            None => argument.clone(),
        })
    }

    fn at_path(&self, value: &V, path: &str, spot: Spot) -> V {
        path.split('.').fold(value.clone(), |value, key| {
            self.member(&value, &key.into(), spot)
        })
    }

    /// Looks into a hook.
    pub(super) fn looked_into<'s>(&self, scrubber: &'s Scrubber<'p>) -> LookedInto<'s, '_, 'p> {
        let functions = scrubber.hook.alternatives().iter().map(|hook| {
            let closures = closures(hook).into_iter();
            closures
                .map(|it| Hook::of_rule(self, it, scrubber.rule))
                .collect()
        });
        LookedInto {
            scrubber,
            functions: functions.collect(),
        }
    }

    /// The hooks that a call brings.
    pub(super) fn scrubbers(
        &self,
        sink: &SinkCall<'p>,
        place: &Place,
        started: &Started,
    ) -> Vec<Scrubber<'p>> {
        let rules = &self.catalog.vendor(sink.vendor).scrub;
        let spot = place.spot();
        let set = |option: &String| {
            let off =
                [toml::Value::Boolean(false), toml::Value::Integer(0)].map(OptionValue::Known);
            started
                .options
                .get(option)
                .is_some_and(|value| !off.contains(value))
        };
        rules
            .iter()
            .filter_map(|rule| {
                let sees_values = !rule.bypassed_by.iter().any(set);
                let around = rule.address_bypassed_by.as_ref();
                let sees_address = !around.unwrap_or(&rule.bypassed_by).iter().any(set)
                    || around.is_some() && rule.beside.as_ref().is_some_and(set);
                if !sees_values && !sees_address {
                    return None;
                }
                // What is set later leaves nothing out of what is sent before.
                let is_later = rule.call.is_none() && sink.init.is_some_and(|init| init.later);
                let hook = self.hook_of(rule, sink, spot).filter(|_| !is_later)?;
                let is_hook = |hook: &V| matches!(&**hook, Value::Function(_) | Value::Array(_));
                hook.alternatives().iter().all(is_hook).then(|| Scrubber {
                    vendor: sink.vendor,
                    place: place.clone(),
                    sees_values,
                    sees_address,
                    of_start: rule.call.is_none(),
                    rule,
                    hook,
                })
            })
            .collect()
    }

    /// Whether every start of the vendor's SDK leaves a value out of what is sent.
    pub(super) fn is_scrubbed(
        &self,
        leaf: &Leaf<'_>,
        hooks: &[LookedInto<'_, '_, '_>],
        started: &[Started],
    ) -> bool {
        let drops = |hook: &&LookedInto<'_, '_, '_>| {
            let Some(at) = hook.scrubber.rule.at.get(leaf.call.as_str()) else {
                return false;
            };
            // An id that is an argument of its own is not among the data.
            let is_id = matches!(
                leaf.role,
                Role::UserId | Role::Alias | Role::DeviceId | Role::GroupId
            );
            if is_id && leaf.key.is_empty() && !at.is_empty() {
                return false;
            }
            let key = leaf.key.iter().flat_map(|key| key.split('.'));
            let way: Vec<&str> = at
                .split('.')
                .filter(|it| !it.is_empty())
                .chain(key)
                .collect();
            hook.drops(&way, leaf.event.as_str())
        };
        let mut own = hooks
            .iter()
            .filter(|it| it.scrubber.vendor == leaf.vendor && it.scrubber.sees_values)
            .filter(drops)
            .map(|it| it.scrubber)
            .peekable();
        if own.peek().is_none() {
            return false;
        }
        let own: Vec<&Scrubber<'_>> = own.collect();
        let vendor = &self.catalog.vendor(leaf.vendor).id;
        let mut starts = started
            .iter()
            .filter(|it| it.vendor == *vendor && !it.later);
        starts.all(|start| own.iter().any(|it| !it.of_start || it.place == start.place))
    }

    /// A hook that leaves everything in, as far as can be seen.
    pub(super) fn idle(&self, hook: &LookedInto<'_, '_, '_>) -> Option<IdleHook> {
        let scrubber = hook.scrubber;
        if !scrubber.sees_values {
            return None;
        }
        let rule = scrubber.rule;
        let alternatives = scrubber.hook.alternatives().iter();
        let mut alternatives = alternatives.zip(&hook.functions);
        let is_idle = alternatives.all(|(value, functions)| match &**value {
            Value::Array(keys) if keys.is_empty() => true,
            _ => !functions.is_empty() && functions.iter().all(|it| it.is_idle(rule.element, 0)),
        });
        is_idle.then(|| IdleHook {
            vendor: self.catalog.vendor(scrubber.vendor).id.clone(),
            option: rule
                .option
                .clone()
                .or_else(|| rule.call.clone())
                .unwrap_or_default(),
            place: scrubber.place.clone(),
        })
    }
}

impl LookedInto<'_, '_, '_> {
    fn drops(&self, way: &[&str], event: Option<&str>) -> bool {
        let rule = self.scrubber.rule;
        match rule.kind {
            ScrubKind::Keys => {
                let mut hooks = self.scrubber.hook.alternatives().iter();
                hooks.all(|hook| match (&**hook, way.first()) {
                    (Value::Array(keys), Some(first)) => {
                        keys.iter().any(|key| key.as_str() == Some(first))
                    }
                    _ => false,
                })
            }
            // Of several in a row, one that leaves it out is enough.
            ScrubKind::Returns | ScrubKind::InPlace => self
                .functions
                .iter()
                .all(|row| row.iter().any(|function| function.drops(way, event, rule))),
        }
    }
}
