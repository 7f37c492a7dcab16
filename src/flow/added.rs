//! What an SDK's own hooks add to what is sent (`beforeSend(event) { event.user = { email } }`).
//!
//! In: a call that starts an SDK or sets a hook. Out: leaves of what the hook assigns to parts of the event, and of what it
//! gives back in its place, by the keys that the vendor gets them by. What it merely passes on of the event is none. It leaves
//! alone what hooks leave out (`scrub`), and clients that hooks are given (`handed`).

use super::delivery::Place;
use super::evaluate::Evaluator;
use super::hooks::{Hook, MAX_DEPTH, MAX_HELPERS, closures};
use super::parts::with_parts;
use super::payload::Leaf;
use super::sinks::SinkCall;
use super::value::{Frames, Root, Spot, V, Value};
use crate::facts::{BindingId, Expr, Name};
use crate::ruleset::schema::{Role, ScrubKind};

/// What is put under a path of the event.
type Put = (Vec<Name>, V);

impl<'p> Evaluator<'p> {
    /// The leaves of what the hooks of a call add.
    pub(super) fn added(&self, sink: &SinkCall<'p>, place: &Place) -> Vec<Leaf<'p>> {
        let rules = self.catalog.vendor(sink.vendor).scrub.iter();
        let rules = rules.filter(|rule| rule.kind != ScrubKind::Keys);
        let mut leaves = Vec::new();
        for rule in rules {
            let Some(hook) = self.hook_of(rule, sink, place.spot()) else {
                continue;
            };
            for closure in closures(&hook) {
                let mut put = Vec::new();
                let looked_into = Hook::of_rule(self, closure, rule);
                let frames = looked_into.closure.frames.clone();
                self.put_by(&looked_into, &frames, rule.element, &[], 0, &mut put);
                let around: Vec<&str> = rule.within.iter().flat_map(|it| it.split('.')).collect();
                let mut told = Vec::new();
                for (way, value) in put {
                    taken_out(way, value, &around, &mut told);
                }
                leaves.extend(told.into_iter().map(|(key, value)| {
                    let role = rule.roles.get(&key.join(".")).copied();
                    let role = role.unwrap_or(Role::Properties);
                    Leaf {
                        keys: Some(&rule.roles),
                        key,
                        ..Leaf::new(sink.vendor, sink.name(), role, value, place)
                    }
                }));
            }
        }
        leaves
    }

    /// What a hook, or a function of the app that it hands the event on to, puts into the event; `frames` have what it is given
    /// beside that.
    fn put_by(
        &self,
        hook: &Hook<'_, '_>,
        frames: &Frames,
        element: Option<usize>,
        below: &[Name],
        depth: usize,
        put: &mut Vec<Put>,
    ) {
        let file = hook.file();
        let own = |value: &V| {
            let value = self.substitute(value, frames);
            without_event(&value, hook, 0)
        };
        for (id, binding) in (0..).map(BindingId).zip(&hook.facts.bindings) {
            let mut writes = binding.writes.iter();
            let is_written = writes.any(|it| it.value.is_some() && hook.is_run(it.function))
                || !binding.touches.is_empty() && hook.is_run(binding.function);
            if !is_written {
                continue;
            }
            if let Some(way) = hook.way_of(id, 0) {
                put.push(([below, &way].concat(), own(&self.binding(file, id))));
            }
        }
        let handed_on = hook.handed_on();
        let mut returned = Vec::new();
        if hook.gives_back {
            for given in &hook.facts.function(hook.closure.target.function).returns {
                let given = hook.element(*given, element).unwrap_or(*given);
                // What a function of the app gives back that is handed the event is looked into there.
                let span = hook.facts.span(given);
                returned.push(span);
                if handed_on
                    .iter()
                    .any(|handed| handed.span == span && !handed.callee.is_empty())
                {
                    continue;
                }
                put.push((below.to_vec(), own(&self.expr(file, given))));
            }
        }
        if depth >= MAX_HELPERS {
            return;
        }
        for handed in handed_on {
            let args: Vec<V> = handed.args.iter().map(own).collect();
            let parts = &handed.parts;
            for (closure, (index, way)) in
                (handed.callee.iter()).flat_map(|it| parts.iter().map(move |part| (it, part)))
            {
                let frames = self.frames_of(closure, &args);
                let mut helper = Hook::of_helper(self, closure.clone(), *index);
                helper.gives_back = returned.contains(&handed.span);
                let below = [below, way].concat();
                self.put_by(&helper, &frames, None, &below, depth + 1, put);
            }
        }
    }
}

/// A value without what a hook was given: that is sent anyhow, and told where it comes from.
fn without_event(value: &V, hook: &Hook<'_, '_>, depth: usize) -> V {
    if depth > MAX_DEPTH {
        return value.clone();
    }
    match &**value {
        Value::Data(data) if matches!(data.root, Root::Param(at, _) if at == hook.closure.target) => {
            V::nothing()
        }
        Value::Data(data) if is_made_of_event(data.spot, hook) => V::nothing(),
        _ => with_parts(value, |part| without_event(part, hook, depth + 1)),
    }
}

/// Whether a call in a hook is given a part of the event (`trimmed(event.message)`).
fn is_made_of_event(call: Spot, hook: &Hook<'_, '_>) -> bool {
    let is_event = |expr: &Expr| matches!(expr, Expr::Ref(it) if hook.way_of(*it, 0).is_some());
    let within = hook.facts.function(hook.closure.target.function).span;
    let mut parts = hook.facts.exprs.iter();
    call.file == hook.file()
        && within.contains(call.span)
        && parts.any(|part| call.span.contains(part.span) && is_event(&part.expr))
}

/// A value by the key that the vendor tells it by, which is not that of what it is wrapped in for the hook.
fn taken_out(way: Vec<Name>, value: V, around: &[&str], told: &mut Vec<Put>) {
    let is_along = way.iter().zip(around).all(|(key, part)| key == part);
    if !is_along {
        told.push((way, value));
        return;
    }
    let Some(next) = around.get(way.len()) else {
        told.push((way[around.len()..].to_vec(), value));
        return;
    };
    let Value::Object(object) = &*value else {
        told.push((way, value));
        return;
    };
    let mut beside = object.clone();
    beside.fields = Default::default();
    for field in &object.fields {
        if field.name == *next {
            let way = [way.as_slice(), std::slice::from_ref(&field.name)].concat();
            taken_out(way, field.value.clone(), around, told);
        } else {
            beside.fields.push(field.clone());
        }
    }
    told.push((way, V::new(Value::Object(beside))));
}
