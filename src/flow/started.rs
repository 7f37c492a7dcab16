//! How an SDK is started.
//!
//! In: an init call with the values of its arguments. Out: [`Started`]: its options as far as literals decide them, what the
//! others are computed from, and the tests around the call. It leaves alone what an option does (`assess/`).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::arguments::Args;
use super::delivery::{OptionValue, Place, Started};
use super::evaluate::Evaluator;
use super::places::place;
use super::propagate::Propagation;
use super::settle::MAX_CHAIN;
use super::sinks::SinkCall;
use super::value::{FnRef, Root, Spot, V, Value};
use super::worklist::{Deferred, Passed, Site, Waiting, passing};
use crate::facts::{Entry, Expr, ExprId, FileFacts, Item, Key, Literal, Test, property};
use crate::ruleset::schema::Init;
use crate::source::{FileId, Span};

/// The surface that a plugin of a framework starts: the one that rules mean where they name none.
pub(super) const PLAIN: &str = "client";

/// Options that are nested deeper are not asked who says them.
const MAX_NESTED: usize = 4;

/// Options under a longer dotted key than this are those of an object that holds itself.
const MAX_PREFIX: usize = 200;

impl Evaluator<'_> {
    /// What an init call starts, if it is one.
    pub(super) fn started(&self, sink: &SinkCall<'_>, place: &Place) -> Option<Started> {
        let init = sink.init?;
        let mut read = Options::default();
        let mut computed = BTreeMap::new();
        if let Some(at) = options_at(sink, init) {
            let mut value = sink.args.get(at).cloned().unwrap_or_else(V::nothing);
            if let (Some(given), Value::Object(object)) = (&init.given, &*value)
                && object.get(given).is_some()
            {
                return None;
            }
            for part in init.options_key.iter().flat_map(|key| key.split('.')) {
                let spot = Spot {
                    file: FileId(0),
                    span: Span::default(),
                };
                value = self.member(&value, &part.into(), spot);
            }
            read.value(&value, "", false);
            computed = self.computed(place, at, init.options_key.as_deref());
        }
        for (option, value) in &init.sets {
            let value = OptionValue::Known(value.clone());
            read.options.insert(option.clone(), value);
        }
        let mut only_if = match self.is_started_by_import(sink.vendor, place) {
            true => Vec::new(),
            false => self.tests_of_start(sink.vendor, place),
        };
        let switch = init.enabled_by.as_ref().and_then(|option| {
            let is_open = read.options.get(option) == Some(&OptionValue::Unknown);
            computed.get(option).filter(|_| is_open)
        });
        only_if.extend(switch.map(|at| (at.clone(), true)));
        Some(Started {
            vendor: self.catalog.vendor(sink.vendor).id.clone(),
            surface: sink.surface.to_string(),
            place: place.clone(),
            options: read.options,
            open: read.open,
            computed,
            only_if,
            later: init.later,
            hooks: Vec::new(),
        })
    }

    /// What a framework's plugin starts with these options of the SDK.
    pub(super) fn started_by_plugin(&self, vendor: usize, options: &V, place: &Place) -> Started {
        let mut read = Options::default();
        read.value(options, "", false);
        Started {
            vendor: self.catalog.vendor(vendor).id.clone(),
            surface: PLAIN.to_owned(),
            place: place.clone(),
            options: read.options,
            open: read.open,
            computed: BTreeMap::new(),
            only_if: self.tests_of_start(vendor, place),
            later: false,
            hooks: Vec::new(),
        }
    }

    /// Whether the file of a start has a package that starts by being imported.
    pub(super) fn is_started_by_import(&self, vendor: usize, at: &Place) -> bool {
        let imports = self.program.facts(at.file).imports.iter();
        // Types are gone when the program runs.
        let imports =
            imports.filter(|it| !it.type_only && !self.program.is_own(at.file, &it.specifier));
        let mut packages = imports.filter_map(|it| self.catalog.package(&it.specifier));
        packages.any(|(of, _, package)| of == vendor && package.starts)
    }

    /// The tests under which a place is reached, outermost first.
    pub(super) fn tests_around(&self, at: &Place) -> Vec<(Place, bool)> {
        let facts = self.program.facts(at.file);
        let mut around: Vec<_> = facts
            .guards
            .iter()
            .filter(|guard| guard.span.contains(at.span))
            .collect();
        around.sort_by_key(|guard| (guard.span.start, std::cmp::Reverse(guard.span.end)));
        around
            .into_iter()
            .map(|guard| {
                let (test, wanted) = match guard.test {
                    Test::Is(test, wanted) => (test, wanted),
                    Test::OneOf(test, _, wanted) => (test, wanted),
                };
                let function = facts.function_of(test);
                (place(facts, at.file, facts.span(test), function), wanted)
            })
            .collect()
    }

    /// Where the options of a call are written that are no literals, by dotted path.
    fn computed(&self, at: &Place, index: usize, key: Option<&str>) -> BTreeMap<String, Place> {
        let mut found = BTreeMap::new();
        let facts = self.program.facts(at.file);
        let Some(mut options) = written_argument(facts, at.span, index) else {
            return found;
        };
        for part in key.iter().flat_map(|key| key.split('.')) {
            let Written::Object(entries) = options else {
                return found;
            };
            let Some(inner) = property(entries, part) else {
                return found;
            };
            options = written(facts, inner);
        }
        let mut open = vec![(String::new(), options)];
        while let Some((prefix, options)) = open.pop() {
            let entries = match options {
                Written::Object(entries) => entries,
                Written::Other(value) => {
                    let at = place(facts, at.file, facts.span(value), facts.function_of(value));
                    found.insert(prefix, at);
                    continue;
                }
            };
            for entry in entries {
                match entry {
                    Entry::Property {
                        key: Key::Name(name),
                        value,
                        ..
                    } if prefix.len() < MAX_PREFIX => {
                        let path = match prefix.as_str() {
                            "" => name.to_string(),
                            prefix => format!("{prefix}.{name}"),
                        };
                        if !matches!(
                            facts.expr(*value),
                            Expr::Literal(_) | Expr::Array(_) | Expr::Function(_)
                        ) {
                            open.push((path, written(facts, *value)));
                        }
                    }
                    // What is spread in may hold any option.
                    Entry::Spread(value) => {
                        let at = place(
                            facts,
                            at.file,
                            facts.span(*value),
                            facts.function_of(*value),
                        );
                        found.entry(format!("{prefix}*")).or_insert(at);
                    }
                    Entry::Property { .. } => {}
                }
            }
        }
        found
    }
}

impl<'p> Propagation<'_, 'p> {
    /// Notes what a call starts, if it starts something.
    pub(super) fn note_start(&mut self, sink: &SinkCall<'p>, place: &Place) -> bool {
        let Some(mut started) = self.evaluator.started(sink, place) else {
            return false;
        };
        let scrubbers = self.evaluator.scrubbers(sink, place, &started);
        let hooks = scrubbers.iter().filter(|it| it.sees_address);
        let hooks = hooks.map(|it| &it.hook);
        started.hooks = self.evaluator.hook_places(hooks);
        self.progress.arrivals.scrubbers.extend(scrubbers);
        self.progress.arrivals.started.push(started);
        true
    }

    /// Has a start wait for those who say its options, if a parameter holds them.
    pub(super) fn await_options(
        &mut self,
        sinks: &[SinkCall<'p>],
        call: impl FnOnce() -> Deferred,
        passed: &Passed,
    ) {
        let by = sinks.iter().find_map(options_said_by);
        if let Some(by) = by.filter(|by| !passed.contains(by) && passed.len() < MAX_CHAIN) {
            let waiting = Waiting::Start(Rc::new(call()));
            self.progress.worklist.wait(waiting, by);
        }
    }

    /// Notes what a call starts that waited, with the options that a caller says. What was known of it without them no longer
    /// counts.
    pub(super) fn start_for(&mut self, call: &Deferred, function: FnRef, site: &Site) {
        let given = self.args(&call.args).iter();
        let args: Vec<V> = given
            .map(|arg| self.evaluator.substitute(arg, &site.frames))
            .collect();
        let passed = passing(&call.passed, function);
        let sinks = self.evaluator.sinks(&call.callee, &args, call.manner);
        for sink in sinks.iter().filter(|sink| options_said_by(sink).is_none()) {
            if self.progress.arrivals.admits_start(&call.place) {
                self.note_start(sink, &call.place);
            }
        }
        let further = || Deferred {
            args: Args::known(args.clone()),
            passed: Rc::clone(&passed),
            callee: call.callee.clone(),
            place: call.place.clone(),
            manner: call.manner,
        };
        self.await_options(&sinks, further, &passed);
    }
}

/// The function whose callers say options of what a call starts.
fn options_said_by(sink: &SinkCall<'_>) -> Option<FnRef> {
    let options = sink.args.get(options_at(sink, sink.init?)?)?;
    said_by(options, 0)
}

/// The function whose parameter holds options, or some of them.
fn said_by(options: &V, depth: usize) -> Option<FnRef> {
    if depth > MAX_NESTED || !options.is_symbolic() {
        return None;
    }
    match &**options {
        Value::Data(data) => match data.root {
            Root::Param(function, _) => Some(function),
            _ => None,
        },
        Value::Object(object) => {
            let fields = object.fields.iter().map(|field| &field.value);
            let mut parts = object.spreads.iter().chain(fields);
            parts.find_map(|part| said_by(part, depth + 1))
        }
        Value::Union(parts) => parts.iter().find_map(|part| said_by(part, depth + 1)),
        Value::When(_, inner) => said_by(inner, depth + 1),
        _ => None,
    }
}

/// Which argument holds the options of a start.
pub(super) fn options_at(sink: &SinkCall<'_>, init: &Init) -> Option<usize> {
    let at = init.options?;
    let is_object = |at: &usize| {
        let given = sink.args.get(*at).into_iter();
        let mut given = given.flat_map(|it| it.alternatives());
        given.any(|it| matches!(&**it, Value::Object(_)))
    };
    let other = init.options_else.filter(is_object);
    Some(other.filter(|_| sink.args.len() <= at).unwrap_or(at))
}

/// What stands in the place of options.
enum Written<'f> {
    Object(&'f [Entry]),
    Other(ExprId),
}

fn written(facts: &FileFacts, value: ExprId) -> Written<'_> {
    match facts.expr(value) {
        Expr::Object(entries) => Written::Object(entries),
        Expr::Cast { value, .. } => match facts.expr(*value) {
            Expr::Object(entries) => Written::Object(entries),
            _ => Written::Other(*value),
        },
        _ => Written::Other(value),
    }
}

/// An argument of the call that stands at a place; of an element, its attributes.
fn written_argument(facts: &FileFacts, at: Span, index: usize) -> Option<Written<'_>> {
    facts.exprs.iter().find_map(|node| {
        if node.span != at {
            return None;
        }
        match &node.expr {
            Expr::Call { args, .. } | Expr::New { args, .. } => match args.get(index) {
                Some(Item::Value(value)) => Some(written(facts, *value)),
                _ => None,
            },
            Expr::Jsx { props, .. } if index == 0 => Some(Written::Object(props)),
            _ => None,
        }
    })
}

/// Options that are being read.
#[derive(Default)]
struct Options {
    options: BTreeMap<String, OptionValue>,
    open: bool,
}

impl Options {
    fn value(&mut self, value: &V, prefix: &str, maybe: bool) {
        if prefix.len() > MAX_PREFIX {
            return;
        }
        match &**value {
            Value::Nothing => {}
            Value::Object(object) => {
                if !prefix.is_empty() {
                    self.options.insert(prefix.to_owned(), OptionValue::Object);
                }
                self.open |= !object.spreads.is_empty();
                for field in &object.fields {
                    let path = if prefix.is_empty() {
                        field.name.to_string()
                    } else {
                        format!("{prefix}.{}", field.name)
                    };
                    self.value(&field.value, &path, maybe || field.maybe);
                }
            }
            Value::When(_, inner) => self.value(inner, prefix, true),
            Value::Union(_) if prefix.is_empty() => {
                for value in value.alternatives() {
                    self.value(value, prefix, true);
                }
            }
            _ if prefix.is_empty() => self.open = true,
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
                self.options.insert(prefix.to_owned(), known);
            }
            Value::Union(parts) => {
                let values: Option<Vec<_>> = parts.iter().map(literal).collect();
                let value = values.map_or(OptionValue::Unknown, |values| {
                    let unset = maybe.then_some(None);
                    OptionValue::OneOf(values.into_iter().map(Some).chain(unset).collect())
                });
                self.options.insert(prefix.to_owned(), value);
            }
            _ => {
                let value = match literal(value) {
                    Some(value) if maybe => OptionValue::OneOf(vec![Some(value), None]),
                    Some(value) => OptionValue::Known(value),
                    None => OptionValue::Unknown,
                };
                self.options.insert(prefix.to_owned(), value);
            }
        }
    }
}

/// The value of a literal.
pub(super) fn literal(value: &V) -> Option<toml::Value> {
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
