//! Hands events and messages to the functions that listen for them.
//!
//! In: a call that sends one (`emit`, `dispatch`, `postMessage`), installs a plugin, or has a function called. Out: calls of
//! the functions that are registered for it, at the place where it is sent. It leaves alone who is registered (`listeners`)
//! and what a message is made of (`messages`).

use std::rc::Rc;

use super::arguments::Args;
use super::delivery::Place;
use super::evaluate::{callee_names, package_of};
use super::listeners::Takes;
use super::messages::{posted, type_of};
use super::outgoing::with_maker;
use super::places::place;
use super::propagate::Propagation;
use super::sinks::Manner;
use super::spelling::names_of;
use super::value::{Data, Root, Spot, V, Value};
use super::worklist::{Deferred, Passed};
use crate::facts::{Expr, ExprId, Item, Literal, Name};
use crate::ruleset::schema::{Effect, TransformFunction};
use crate::source::FileId;

impl<'p> Propagation<'_, 'p> {
    /// What a call sends, if it sends something to listeners.
    pub(super) fn read_announcement(
        &mut self,
        file: FileId,
        callee: ExprId,
        args: &[Item],
        call: ExprId,
    ) {
        let Some(rule) = self.announces(file, callee) else {
            return;
        };
        let facts = self.evaluator.program.facts(file);
        let place = &place(facts, file, facts.span(call), facts.function_of(call));
        let emitter = match facts.expr(callee) {
            Expr::Member { object, .. } => self.evaluator.expr(file, *object),
            _ => V::nothing(),
        };
        let mut args = self.evaluator.items_at(file, args, call);
        let passed = Passed::default();
        match rule.does {
            Effect::Emit => self.announce(&emitter, &args, place, Manner::Emit, &passed),
            Effect::Post => {
                let Some(data) = args.first().cloned() else {
                    return;
                };
                let message = [posted(data)];
                self.announce(&emitter, &message, place, Manner::Dispatch, &passed);
                self.send(rule, &args, place, &passed);
            }
            Effect::Send => self.send(rule, &args, place, &passed),
            Effect::EventContext => self.tell_context(rule, &args, place, &passed),
            Effect::Plugin if !args.is_empty() => {
                let spot = Spot {
                    file,
                    span: place.span,
                };
                let plugin = std::mem::replace(&mut args[0], emitter);
                let install = self
                    .evaluator
                    .member(&plugin, &Name::const_new("install"), spot);
                self.call(&install, args, place.clone(), Manner::Call, &passed);
            }
            Effect::Dispatch => self.announce(&emitter, &args, place, Manner::Dispatch, &passed),
            Effect::Invoke => {
                if let [function, _, list] = args.as_slice()
                    && let Value::Array(list) = &**list
                {
                    let (function, list) = (function.clone(), list.clone());
                    self.call(&function, list, place.clone(), Manner::Call, &passed);
                }
            }
            Effect::Calls => {
                let spot = Spot {
                    file,
                    span: place.span,
                };
                let (function, rest) = self.evaluator.called_of(&args, spot);
                let rest = rest.to_vec();
                self.call(&function, rest, place.clone(), Manner::Call, &passed);
            }
            _ => {}
        }
    }

    /// The effect of a callee that sends something, by what it is or by what it is called; a function of the app's own is
    /// followed as what it is.
    fn announces(&self, file: FileId, callee: ExprId) -> Option<&'p TransformFunction> {
        let facts = self.evaluator.program.facts(file);
        let library = self.evaluator.library;
        if let Expr::Member { name, .. } = facts.expr(callee)
            && let Some(rule) = library.method(name)
        {
            return Some(rule).filter(|rule| rule.does.announces());
        }
        // Only what is spelt like such a function is worth evaluating.
        let names = || names_of(facts, callee);
        if !names().any(|name| library.announces(name)) {
            return None;
        }
        let written = names().next()?;
        let value = self.evaluator.expr(file, callee);
        // What changes a component's own state (`useReducer`) is no value, and tells nobody else.
        if matches!(
            &*value,
            Value::Function(_) | Value::Client(_) | Value::Nothing
        ) {
            return None;
        }
        // `createSender().send` and `const { send } = createSender()`
        let by_maker = || match &*value {
            Value::Data(data) => library.function(&with_maker(data), None),
            _ => None,
        };
        library
            .function(&callee_names(&value), package_of(&value))
            .or_else(by_maker)
            .or_else(|| library.function(std::slice::from_ref(written), None))
            .filter(|rule| rule.does.announces())
    }

    /// Calls whoever listens for an event, or waits until its name is known.
    pub(super) fn announce(
        &mut self,
        emitter: &V,
        args: &[V],
        place: &Place,
        manner: Manner,
        passed: &Passed,
    ) {
        let Some((sent, rest)) = args.split_first() else {
            return;
        };
        let spot = place.spot();
        for sent in sent.alternatives() {
            let is_message = manner == Manner::Dispatch && !matches!(&**sent, Value::Literal(_));
            let event = if is_message {
                type_of(self.evaluator, sent, spot)
            } else {
                sent.clone()
            };
            for event in event.alternatives() {
                match &**event {
                    Value::Literal(Literal::String(event)) => {
                        let (takes, given) = match (manner, is_message) {
                            (Manner::Emit, _) => (Takes::Arguments, rest.to_vec()),
                            (_, true) => (Takes::Message, vec![sent.clone()]),
                            _ => (Takes::Payload, Vec::new()),
                        };
                        let payload = if is_message { Some(sent) } else { rest.first() };
                        let payload: Vec<V> = std::iter::once(V::nothing())
                            .chain(payload.cloned())
                            .collect();
                        let listeners = self.listeners;
                        if takes != Takes::Payload {
                            for function in listeners.of(emitter, place.file, event, takes) {
                                let given = given.clone();
                                self.call(&function, given, place.clone(), Manner::Sent, passed);
                            }
                        }
                        if takes == Takes::Arguments {
                            for function in listeners.of(emitter, place.file, event, Takes::Behind)
                            {
                                let context = std::iter::once(V::nothing());
                                let given = context.chain(given.iter().cloned()).collect();
                                self.call(&function, given, place.clone(), Manner::Sent, passed);
                            }
                        }
                        if manner == Manner::Dispatch {
                            for function in listeners.of(emitter, place.file, event, Takes::Payload)
                            {
                                let given = payload.clone();
                                self.call(&function, given, place.clone(), Manner::Sent, passed);
                            }
                        }
                    }
                    Value::Data(data) => {
                        if let Root::Param(function, _) = data.root {
                            let args = std::iter::once(sent.clone()).chain(rest.iter().cloned());
                            let deferred = Deferred {
                                callee: emitter.clone(),
                                args: Args::known(args.collect()),
                                place: place.clone(),
                                manner,
                                passed: Rc::clone(passed),
                            };
                            self.progress.worklist.defer(deferred, function);
                        } else if is_message {
                            self.send_unknown();
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Sends a message of a type that nobody knows through what all messages go through: once, as who sends it says nothing of
    /// whether it is of the type that is waited for there.
    fn send_unknown(&mut self) {
        for function in self.listeners.of_all() {
            let Value::Function(closure) = &*function else {
                continue;
            };
            let target = closure.target;
            if self.progress.gets_unknown.insert(target) {
                let spot = self.evaluator.spot_of(target);
                let message = V::new(Value::Data(Data::new(Root::Call, spot)));
                let place = self.evaluator.place_of(spot);
                let passed = Passed::default();
                self.call(&function, vec![message], place, Manner::Sent, &passed);
            }
        }
    }
}
