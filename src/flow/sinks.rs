//! Which vendor call a call is.
//!
//! In: the value of a callee and the arguments. Out: [`SinkCall`]s: vendor, path, rule and the arguments as the rule counts
//! them. It leaves alone what is in the arguments (`payload`).

use std::collections::BTreeMap;

use super::delivery::OptionValue;
use super::evaluate::Evaluator;
use super::value::{Spot, V, Value, VendorThing};
use crate::facts::{Literal, Name};
use crate::ruleset::schema::{Arg, Call, ExportKind, GlobalKind, Init, Role};
use crate::source::{FileId, Span};

/// Options under a longer dotted key than this are those of an object that holds itself.
const MAX_PREFIX: usize = 200;

/// A call that reaches a vendor.
pub(super) struct SinkCall<'r> {
    pub vendor: usize,
    pub path: Name,
    /// What the rule says it sends; none for a call that only starts the SDK.
    pub rule: Option<&'r Call>,
    pub init: Option<&'r Init>,
    pub args: Vec<V>,
    /// The command or path is computed, so that it may be any call.
    pub computed: bool,
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
                    found.extend(self.sink(client.vendor, &client.surface, &path, args.to_vec()));
                }
                Value::Vendor(thing) => self.sinks_of_thing(thing, args, manner, &mut found),
                _ => {}
            }
        }
        found
    }

    fn sink(&self, vendor: usize, surface: &str, path: &str, args: Vec<V>) -> Option<SinkCall<'p>> {
        let rule = self.catalog.call(vendor, surface, path);
        let init = self.catalog.init(vendor, surface, path);
        if rule.is_none() && init.is_none() {
            return None;
        }
        Some(SinkCall {
            vendor,
            path: Name::from(path),
            rule,
            init,
            args,
            computed: false,
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
                                if let Value::Array(elements) = &**arg {
                                    self.command(*vendor, &global.surface, elements, found);
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
                    path: Name::const_new("?"),
                    rule: None,
                    init: None,
                    args: rest.to_vec(),
                    computed: true,
                }),
            }
        }
    }

    /// The literal options of an init call, by dotted path, and whether some are not known.
    pub(super) fn init_options(
        &self,
        sink: &SinkCall<'_>,
    ) -> (BTreeMap<String, OptionValue>, bool) {
        let mut options = BTreeMap::new();
        let mut open = false;
        if let Some(init) = sink.init
            && let Some(at) = init.options
        {
            let mut value = sink.args.get(at).cloned().unwrap_or_else(V::nothing);
            if let Some(key) = &init.options_key {
                for part in key.split('.') {
                    let spot = Spot {
                        file: FileId(0),
                        span: Span::default(),
                    };
                    value = self.member(&value, &part.into(), spot);
                }
            }
            read_options(&value, "", &mut options, &mut open);
        }
        (options, open)
    }
}

fn read_options(
    value: &V,
    prefix: &str,
    options: &mut BTreeMap<String, OptionValue>,
    open: &mut bool,
) {
    if prefix.len() > MAX_PREFIX {
        return;
    }
    match &**value {
        Value::Nothing => {}
        Value::Object(object) => {
            if !prefix.is_empty() {
                options
                    .entry(prefix.to_owned())
                    .or_insert(OptionValue::Unknown);
            }
            *open |= !object.spreads.is_empty();
            for field in &object.fields {
                let path = if prefix.is_empty() {
                    field.name.to_string()
                } else {
                    format!("{prefix}.{}", field.name)
                };
                options.remove(&path);
                read_options(&field.value, &path, options, open);
            }
        }
        _ if prefix.is_empty() => *open = true,
        Value::Array(elements) => {
            let all: Option<Vec<toml::Value>> = elements.iter().map(literal).collect();
            let known = match all {
                Some(all) => OptionValue::Known(toml::Value::Array(all)),
                None => OptionValue::Listed(
                    elements
                        .iter()
                        .filter_map(|element| element.as_str().map(str::to_owned))
                        .collect(),
                ),
            };
            options.insert(prefix.to_owned(), known);
        }
        _ => {
            options.insert(
                prefix.to_owned(),
                literal(value).map_or(OptionValue::Unknown, OptionValue::Known),
            );
        }
    }
}

fn literal(value: &V) -> Option<toml::Value> {
    match &**value {
        Value::Literal(Literal::Bool(value)) => Some(toml::Value::Boolean(*value)),
        Value::Literal(Literal::String(text)) => Some(toml::Value::String(text.to_string())),
        Value::Literal(Literal::Number(number)) => number
            .parse::<i64>()
            .map(toml::Value::Integer)
            .or_else(|_| number.parse::<f64>().map(toml::Value::Float))
            .ok(),
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
