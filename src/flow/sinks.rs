//! Which vendor call a call is.
//!
//! In: the value of a callee and the arguments. Out: [`SinkCall`]s: vendor, path, rule and the arguments as the rule counts
//! them. It leaves alone what is in the arguments (`payload`).

use std::collections::BTreeMap;

use super::alike::unconditional;
use super::by_key::client_by_key;
use super::evaluate::Evaluator;
use super::value::{Client, Data, FnRef, Root, V, Value, VendorThing};
use crate::facts::{Literal, Name};
use crate::ruleset::schema::{Arg, Call, ExportKind, GlobalKind, Init, Role};

/// A call that reaches a vendor.
pub(super) struct SinkCall<'r> {
    pub vendor: usize,
    /// Of which surface of the vendor it is a call.
    pub surface: Name,
    pub path: Name,
    /// What the rule says it sends; none for a call that only starts the SDK.
    pub rule: Option<&'r Call>,
    pub init: Option<&'r Init>,
    pub args: Vec<V>,
    /// The command or path is computed, so that it may be any call.
    pub computed: bool,
    /// The function whose callers say which call it is.
    pub awaits: Option<FnRef>,
    /// A method that the rule of its vendor does not know.
    pub unlisted: bool,
}

impl SinkCall<'_> {
    /// What to call it: the surface, if the surface itself is called.
    pub(super) fn name(&self) -> &Name {
        match self.path.is_empty() {
            true => &self.surface,
            false => &self.path,
        }
    }
}

/// How a callee is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Call,
    New,
    /// A JSX element; its attributes are the only argument.
    Element,
    /// `window.name = value`; the value is the only argument.
    Assigned,
    /// What is called listens for an event, which the first argument names.
    Emit,
    /// What is called listens for messages of a type, which the first argument is or names.
    Dispatch,
    /// By what was sent: one place sends for all who hand it something to send.
    Sent,
}

impl<'p> Evaluator<'p> {
    /// The vendor calls that a call may be.
    pub(super) fn sinks(&self, callee: &V, args: &[V], manner: Manner) -> Vec<SinkCall<'p>> {
        let mut found = Vec::new();
        for callee in callee.alternatives() {
            match &**callee {
                Value::Client(client) if manner != Manner::Element => {
                    let path = if manner == Manner::New && client.path.is_empty() {
                        "new".to_owned()
                    } else {
                        client.dotted()
                    };
                    let listed = self.sink(client.vendor, &client.surface, &path, args.to_vec());
                    found.extend(listed.or_else(|| self.unlisted(client, args, manner)));
                }
                Value::Vendor(thing) => self.sinks_of_thing(thing, args, manner, &mut found),
                // One that has no constructor hands all on.
                Value::Class(file, class)
                    if manner == Manner::New
                        && self.constructor(*file, *class).is_none()
                        && let Some(above) = self.vendor_above(*file, *class)
                        && let Value::Vendor(thing) = &*above =>
                {
                    self.sinks_of_thing(thing, args, manner, &mut found);
                }
                Value::FieldsOf(_) if manner == Manner::Call => {
                    self.sinks_by_key(callee, args, &mut found);
                }
                _ => {}
            }
        }
        found
    }

    /// A call of a client's member by a key (`log[level](…)`): callers say which it is, or the type of the key does.
    fn sinks_by_key(&self, callee: &V, args: &[V], found: &mut Vec<SinkCall<'p>>) {
        let Some((object, picked)) = client_by_key(callee) else {
            return;
        };
        for key in picked.keys.alternatives() {
            let key = unconditional(key);
            let awaits = listed_by(key);
            let names = match &**key {
                Value::Literal(Literal::String(name)) => Some(vec![name.clone()]),
                Value::Data(Data { ty: Some(ty), .. }) => self.shapes.keys(ty, 0),
                Value::Nothing | Value::Literal(_) => Some(Vec::new()),
                _ => None,
            };
            for client in object.alternatives() {
                let Value::Client(client) = &**unconditional(client) else {
                    continue;
                };
                let Some(names) = &names else {
                    found.push(SinkCall {
                        vendor: client.vendor,
                        surface: client.surface.clone(),
                        path: by_key(client),
                        rule: None,
                        init: None,
                        args: args.to_vec(),
                        computed: true,
                        awaits,
                        unlisted: false,
                    });
                    continue;
                };
                let client = V::new(Value::Client(client.clone()));
                for name in names {
                    let member = self.member(&client, name, picked.spot);
                    let sinks = self.sinks(&member, args, Manner::Call).into_iter();
                    found.extend(sinks.map(|sink| SinkCall { awaits, ..sink }));
                }
            }
        }
    }

    /// A call of a method that the rule of its vendor does not know, and that may hand over what it is given.
    fn unlisted(&self, client: &Client, args: &[V], manner: Manner) -> Option<SinkCall<'p>> {
        let method = client.path.last()?;
        let path = client.dotted();
        let (vendor, surface) = (client.vendor, &client.surface);
        let is_known = manner != Manner::Call
            || self.catalog.is_outside(vendor)
            || self.catalog.is_control(vendor, surface, &path)
            || self.catalog.makes(vendor, surface, &path)
            || self.catalog.gives_any(vendor, surface, &path)
            || self.library.asks(method)
            || self.library.method(method).is_some();
        (!is_known).then(|| SinkCall {
            vendor,
            surface: surface.clone(),
            path: Name::from(path),
            rule: None,
            init: None,
            args: args.to_vec(),
            computed: false,
            awaits: None,
            unlisted: true,
        })
    }

    fn sink(&self, vendor: usize, surface: &str, path: &str, args: Vec<V>) -> Option<SinkCall<'p>> {
        let rule = self.catalog.call(vendor, surface, path);
        let init = self.catalog.init(vendor, surface, path);
        let mut agreements = self.catalog.agreements(vendor, path);
        if rule.is_none() && init.is_none() && agreements.next().is_none() {
            return None;
        }
        Some(SinkCall {
            vendor,
            surface: Name::from(surface),
            path: Name::from(path),
            rule,
            init,
            args,
            computed: false,
            awaits: None,
            unlisted: false,
        })
    }

    fn sinks_of_thing(
        &self,
        thing: &VendorThing,
        args: &[V],
        manner: Manner,
        found: &mut Vec<SinkCall<'p>>,
    ) {
        match thing {
            VendorThing::Export {
                vendor,
                kind,
                surface,
                name,
                ..
            } => {
                if (kind.0, manner) == (ExportKind::Command, Manner::Call) {
                    self.command(*vendor, surface, args, found);
                    return;
                }
                let path = match (kind.0, manner) {
                    (ExportKind::Constructor, Manner::New) => "new",
                    (ExportKind::Component, Manner::Element) => name.as_str(),
                    (ExportKind::Factory | ExportKind::Hook | ExportKind::Hoc, Manner::Call) => {
                        name.as_str()
                    }
                    _ => return,
                };
                let named = self.sink(*vendor, surface, path, args.to_vec());
                found.extend(named.or_else(|| self.sink(*vendor, "client", path, args.to_vec())));
            }
            VendorThing::Global { name } => {
                for (vendor, global) in self.catalog.globals(name) {
                    match (global.kind, manner) {
                        (GlobalKind::Command, Manner::Call) => {
                            self.command(*vendor, &global.surface, args, found)
                        }
                        (GlobalKind::Function, Manner::Call)
                        | (GlobalKind::Settings, Manner::Assigned) => {
                            found.extend(self.sink(*vendor, &global.surface, name, args.to_vec()));
                        }
                        (GlobalKind::Constructor, Manner::New) => {
                            found.extend(self.sink(*vendor, &global.surface, "new", args.to_vec()))
                        }
                        _ => {}
                    }
                }
            }
            VendorThing::Push { name } if manner == Manner::Call => {
                for (vendor, global) in self.catalog.globals(name) {
                    match global.kind {
                        GlobalKind::ObjectQueue => {
                            found.extend(self.sink(*vendor, &global.surface, "push", args.to_vec()))
                        }
                        GlobalKind::CommandQueue | GlobalKind::Client => {
                            // A client may have a call of its own that is named so.
                            if !matches!(args.first().map(|arg| &**arg), Some(Value::Array(_))) {
                                let args = args.to_vec();
                                found.extend(self.sink(*vendor, &global.surface, "push", args));
                            }
                            for arg in args {
                                match &**arg {
                                    Value::Array(elements) => {
                                        self.command(*vendor, &global.surface, elements, found);
                                    }
                                    // `queue.push(args)` of what a function is called with.
                                    Value::Data(_) if global.kind == GlobalKind::CommandQueue => {
                                        let all = [V::new(Value::Spread(arg.clone()))];
                                        if listed_by(arg).is_some() {
                                            self.command(*vendor, &global.surface, &all, found);
                                        }
                                    }
                                    _ => {}
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
            VendorThing::Push { .. } => {}
        }
    }

    /// A call whose first argument names it.
    fn command(&self, vendor: usize, surface: &str, args: &[V], found: &mut Vec<SinkCall<'p>>) {
        let args: Vec<V> = args.iter().flat_map(listed).collect();
        let Some((command, rest)) = args.split_first() else {
            return;
        };
        for command in command.alternatives() {
            match &**command {
                Value::Literal(Literal::String(name)) => {
                    // A tracker's name may stand before or behind the command (`setUserId:tracker`, `tracker.set`).
                    let bare = name.split(':').next().unwrap_or(name);
                    let last = bare.rsplit('.').next().unwrap_or(bare);
                    let is_known = |path: &&str| {
                        self.catalog.call(vendor, surface, path).is_some()
                            || self.catalog.is_control(vendor, surface, path)
                    };
                    let bare = [name.as_str(), bare]
                        .into_iter()
                        .find(is_known)
                        .unwrap_or(last);
                    found.extend(self.sink(vendor, surface, bare, rest.to_vec()));
                }
                Value::Nothing | Value::Literal(_) => {}
                _ => found.push(SinkCall {
                    vendor,
                    surface: Name::from(surface),
                    path: Name::const_new("?"),
                    rule: None,
                    init: None,
                    args: rest.to_vec(),
                    computed: true,
                    awaits: listed_by(command),
                    unlisted: false,
                }),
            }
        }
    }
}

/// What a call of any member of a client is called.
fn by_key(client: &Client) -> Name {
    let path = client.path.iter().map(Name::as_str).chain(["?"]);
    Name::from(path.collect::<Vec<_>>().join("."))
}

/// The elements of a list that is spread out.
fn listed(arg: &V) -> Vec<V> {
    match &**arg {
        Value::Spread(list) => match &**list {
            Value::Array(elements) => elements.clone(),
            _ => vec![arg.clone()],
        },
        _ => vec![arg.clone()],
    }
}

/// The function whose parameter a value is, or is spread out of.
fn listed_by(value: &V) -> Option<FnRef> {
    match &**value {
        Value::Data(Data {
            root: Root::Param(function, _),
            ..
        }) => Some(*function),
        Value::Spread(inner) => listed_by(inner),
        _ => None,
    }
}

/// The role of an argument and the roles of its keys.
pub(super) fn role_of(arg: &Arg) -> (Role, Option<&BTreeMap<String, Role>>) {
    match arg {
        Arg::Role(role) => (*role, None),
        Arg::Object(object) => (object.role, Some(&object.keys)),
    }
}
