//! Messages between the processes of one app: its pages, its workers, its main process, an extension's parts.
//!
//! In: calls that listen at an end of a wire, or send over one, and functions that make others listen. Out: listeners and
//! announcements that have the wire for their emitter, since no two processes hold one object. It leaves alone events within a
//! process (`listeners`, `announce`).

use std::collections::BTreeSet;

use ecow::eco_vec;

use super::delivery::Place;
use super::evaluate::{Evaluator, callee_names, package_of};
use super::listeners::{Listeners, Takes};
use super::messages::types_of;
use super::propagate::Propagation;
use super::sinks::Manner;
use super::spelling::names_of;
use super::value::{Data, FnRef, Root, Spot, V, Value, VendorThing};
use super::worklist::Passed;
use crate::facts::{Expr, ExprId, Item, Literal, Name};
use crate::ruleset::schema::{Effect, TransformFunction};
use crate::source::FileId;

/// A function at an end of a wire.
pub(super) struct End {
    wire: V,
    channel: V,
    takes: Takes,
    function: V,
}

/// An end of which callers of a function say what listens there, or on which channel.
pub(super) type OpenEnd = (FnRef, End);

impl End {
    /// What listens for an event of an emitter.
    pub(super) fn listening(emitter: V, event: V, function: V) -> Self {
        Self {
            wire: emitter,
            channel: event,
            takes: Takes::Arguments,
            function,
        }
    }

    /// The function whose callers say more of it.
    pub(super) fn registers(&self) -> Option<FnRef> {
        let by_function = supplied_by(&self.function);
        by_function.or_else(|| self.names_channel())
    }

    /// The function whose callers say on which channel it is.
    pub(super) fn names_channel(&self) -> Option<FnRef> {
        supplied_by(&self.channel)
    }
}

/// The function whose parameter a value is.
fn supplied_by(value: &V) -> Option<FnRef> {
    match &**value {
        Value::Data(Data {
            root: Root::Param(function, _),
            ..
        }) => Some(*function),
        _ => None,
    }
}

/// The end of a wire that a call makes, by the rules.
pub(super) fn received(
    evaluator: &Evaluator<'_>,
    file: FileId,
    (callee, args): (ExprId, &[Item]),
) -> Option<End> {
    let facts = evaluator.program.facts(file);
    if !names_of(facts, callee).any(|name| evaluator.library.receives(name)) {
        return None;
    }
    let callee = evaluator.expr(file, callee);
    let rule = evaluator
        .library
        .function(&callee_names(&callee), package_of(&callee))
        .filter(|rule| matches!(rule.does, Effect::Receive | Effect::EventContext))?;
    let at = |at: usize| Some(evaluator.expr(file, args.get(at)?.expr()?));
    let wire = rule.wire.as_deref()?;
    let position = match rule.does {
        Effect::EventContext => rule.arg + 1,
        _ => rule.arg,
    };
    let spot = evaluator.spot(file, args.get(position)?.expr()?);
    let function = match rule.does {
        Effect::EventContext => {
            let key = Name::from(rule.key.as_deref()?);
            evaluator.member(&at(position)?, &key, spot)
        }
        _ => at(position)?,
    };
    if matches!(&*function, Value::Nothing) {
        return None;
    }
    Some(End {
        function,
        channel: match rule.channel {
            true => at(rule.arg.checked_sub(1)?)?,
            false => text(wire),
        },
        takes: match rule.context {
            true => Takes::Behind,
            false => Takes::Arguments,
        },
        wire: of_name(wire, spot),
    })
}

impl Listeners {
    pub(super) fn add_end(&mut self, end: &End) {
        let channels = types_of(&end.channel);
        self.add(channels, Some(end.wire.clone()), end.takes, &end.function);
    }

    /// The ends that calls of functions make which make them of what they are given
    /// (`const listen = (channel, listener) => ipcMain.on(channel, listener)`).
    pub(super) fn read_registrations(
        &mut self,
        evaluator: &Evaluator<'_>,
        files: &BTreeSet<FileId>,
        open: &[OpenEnd],
    ) {
        let name = |by: &FnRef| {
            let facts = evaluator.program.facts(by.file);
            facts.function(by.function).name.as_ref()
        };
        let names: BTreeSet<&Name> = open.iter().filter_map(|(by, _)| name(by)).collect();
        if names.is_empty() {
            return;
        }
        for file in files {
            let facts = evaluator.program.facts(*file);
            for call in &facts.calls {
                let Expr::Call { callee, args, .. } = facts.expr(*call) else {
                    continue;
                };
                if !names_of(facts, *callee).any(|name| names.contains(name)) {
                    continue;
                }
                let callee = evaluator.expr(*file, *callee);
                for callee in callee.alternatives() {
                    let Value::Function(closure) = &**callee else {
                        continue;
                    };
                    for (_, end) in open.iter().filter(|(by, _)| *by == closure.target) {
                        let args = evaluator.items_at(*file, args, *call);
                        let frames = evaluator.frames_of(closure, &args);
                        self.add_end(&End {
                            wire: end.wire.clone(),
                            takes: end.takes,
                            channel: evaluator.substitute(&end.channel, &frames),
                            function: evaluator.substitute(&end.function, &frames),
                        });
                    }
                }
            }
        }
    }
}

impl Propagation<'_, '_> {
    /// Calls whoever receives what a call sends over a wire.
    pub(super) fn send(
        &mut self,
        rule: &TransformFunction,
        args: &[V],
        place: &Place,
        passed: &Passed,
    ) {
        let Some(wire) = rule.wire.as_deref() else {
            return;
        };
        let channel = match rule.channel {
            true => rule.arg.checked_sub(1).and_then(|at| args.get(at).cloned()),
            false => Some(text(wire)),
        };
        if let Some(channel) = channel {
            let sent = args.get(rule.arg..).unwrap_or_default().iter().cloned();
            let sent: Vec<V> = std::iter::once(channel).chain(sent).collect();
            let end = of_name(wire, place.spot());
            if let Some(queue) = &rule.otherwise
                && !self.listeners.is_heard(&end, place.file, wire)
            {
                let queue = Name::from(queue);
                let push = V::new(Value::Vendor(VendorThing::Push { name: queue }));
                let sent = sent[1..].to_vec();
                self.call(&push, sent, place.clone(), Manner::Call, passed);
                return;
            }
            self.announce(&end, &sent, place, Manner::Emit, passed);
        }
    }

    /// Tells what is told with each event below a component as if it were one: what it is, or what a function makes of the
    /// component's props.
    pub(super) fn tell_context(
        &mut self,
        rule: &TransformFunction,
        args: &[V],
        place: &Place,
        passed: &Passed,
    ) {
        let Some(given) = args.get(rule.arg) else {
            return;
        };
        let made = given.alternatives().iter().map(|it| match &**it {
            Value::Function(closure) => self.evaluator.result(closure.target),
            _ => it.clone(),
        });
        let mut args = args.to_vec();
        args.truncate(rule.arg);
        args.push(V::union(made));
        self.send(rule, &args, place, passed);
    }
}

/// What stands for a wire, whichever its ends.
fn of_name(wire: &str, spot: Spot) -> V {
    V::new(Value::Data(Data {
        path: eco_vec![Name::from(wire)],
        ..Data::new(Root::Global, spot)
    }))
}

fn text(text: &str) -> V {
    V::new(Value::Literal(Literal::String(text.into())))
}
