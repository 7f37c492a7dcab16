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
use super::value::{V, Value};
use crate::ruleset::schema::{Role, Scrub, ScrubKind};

/// A hook of one start of an SDK.
pub(super) struct Scrubber<'p> {
    pub vendor: usize,
    place: Place,
    /// It belongs to that start alone; a hook that a call sets is there for all of them.
    of_start: bool,
    rule: &'p Scrub,
    pub hook: V,
}

impl<'p> Evaluator<'p> {
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
            .filter(|rule| !rule.bypassed_by.iter().any(set))
            .filter_map(|rule| {
                let hook = match (&rule.option, &rule.call) {
                    (Some(option), _) if !started.later => {
                        let at = sink.init.and_then(|init| init.options)?;
                        let mut value = sink.args.get(at)?.clone();
                        let way = sink.init.and_then(|init| init.options_key.as_deref());
                        for part in way
                            .into_iter()
                            .chain([option.as_str()])
                            .flat_map(|it| it.split('.'))
                        {
                            value = self.member(&value, &part.into(), spot);
                        }
                        value
                    }
                    (_, Some(call)) if sink.path == *call => sink.args.first()?.clone(),
                    _ => return None,
                };
                let is_hook = |hook: &V| matches!(&**hook, Value::Function(_) | Value::Array(_));
                hook.alternatives().iter().all(is_hook).then(|| Scrubber {
                    vendor: sink.vendor,
                    place: place.clone(),
                    of_start: rule.option.is_some(),
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
        scrubbers: &[Scrubber<'_>],
        started: &[Started],
    ) -> bool {
        let drops = |scrubber: &&Scrubber<'_>| {
            let Some(at) = scrubber.rule.at.get(leaf.call.as_str()) else {
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
            self.drops(scrubber, &way)
        };
        let mut own = scrubbers
            .iter()
            .filter(|it| it.vendor == leaf.vendor)
            .filter(drops)
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
    pub(super) fn idle(&self, scrubber: &Scrubber<'_>) -> Option<IdleHook> {
        let rule = scrubber.rule;
        let is_idle = |hook: &V| match &**hook {
            Value::Array(keys) if keys.is_empty() => true,
            Value::Function(_) | Value::Array(_) => {
                let all = closures(hook);
                !all.is_empty()
                    && all
                        .iter()
                        .all(|it| Hook::new(self, it, rule.parameter, 0).is_idle(rule.element, 0))
            }
            _ => false,
        };
        scrubber
            .hook
            .alternatives()
            .iter()
            .all(is_idle)
            .then(|| IdleHook {
                vendor: self.catalog.vendor(scrubber.vendor).id.clone(),
                option: rule
                    .option
                    .clone()
                    .or_else(|| rule.call.clone())
                    .unwrap_or_default(),
                place: scrubber.place.clone(),
            })
    }

    fn drops(&self, scrubber: &Scrubber<'_>, way: &[&str]) -> bool {
        let hooks = scrubber.hook.alternatives();
        match scrubber.rule.kind {
            ScrubKind::Keys => hooks.iter().all(|hook| match (&**hook, way.first()) {
                (Value::Array(keys), Some(first)) => {
                    keys.iter().any(|key| key.as_str() == Some(first))
                }
                _ => false,
            }),
            // Of several in a row, one that leaves it out is enough.
            ScrubKind::Returns | ScrubKind::InPlace => hooks.iter().all(|hook| {
                closures(hook).iter().any(|closure| {
                    let hook = Hook::new(self, closure, scrubber.rule.parameter, 0);
                    hook.drops(way, scrubber.rule)
                })
            }),
        }
    }
}
