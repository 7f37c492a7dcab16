//! Functions that are called by the name of an event or the type of a message.
//!
//! In: an evaluator over the parsed files. Out: [`Listeners`]: the functions that an emitter, a store or the platform calls
//! for an event. It leaves alone emitters of the app's own making, which are followed as the functions that they are, and
//! who sends an event (`announce`).

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::evaluate::{Evaluator, callee_names, package_of};
use super::media::{Media, Medium, medium};
use super::messages::{POSTED, types_of};
use super::object::Object;
use super::outgoing::with_maker;
use super::routers::Routers;
use super::served::Route;
use super::spelling::names_of;
use super::value::{Data, FnRef, Root, V, Value};
use super::wires::{End, OpenEnd, received};
use crate::facts::{Expr, ExprId, FileFacts, FunctionId, Item, MODULE, Name, Step};
use crate::ruleset::schema::Effect;
use crate::source::FileId;

/// Modules of a store that lie deeper in each other are not read.
const MAX_STORE_DEPTH: usize = 4;

/// What stands before the type of an event in the name of the member that its listener is assigned to.
const ASSIGNED: &str = "on";

/// What a listener is called with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// The arguments behind the event's name.
    Arguments,
    /// A context, and these arguments.
    Behind,
    /// The message as a whole.
    Message,
    /// A context, and what the message brings.
    Payload,
}

struct Listener {
    /// None: every message.
    event: Option<Name>,
    /// None: messages of this type, whoever sends them.
    emitter: Option<V>,
    takes: Takes,
    /// What a plain message comes by.
    medium: Medium,
    function: V,
}

/// What is registered in the parsed files.
#[derive(Default)]
pub(super) struct Listeners {
    all: Vec<Listener>,
    /// What plain messages come by.
    media: Media,
    /// What answers requests to the app's own server.
    pub routes: Vec<Route>,
    /// Where routers are mounted.
    pub routers: Routers,
    /// The events of which somebody asked who listens.
    asked: RefCell<BTreeSet<Name>>,
}

impl Listeners {
    /// Reads the calls that register a function under the name of an event.
    pub(super) fn new(evaluator: &Evaluator<'_>, files: &BTreeSet<FileId>) -> Self {
        let mut listeners = Self::default();
        let mut open = Vec::new();
        for file in files {
            let facts = evaluator.program.facts(*file);
            for call in &facts.calls {
                listeners.read(evaluator, *file, facts, *call, &mut open);
            }
            listeners.read_assigned(evaluator, *file, facts);
            listeners.read_middleware(evaluator, *file, facts);
            listeners.read_served(evaluator, *file);
            listeners.read_controllers(evaluator, *file);
            listeners.read_subscribed(evaluator, *file);
            listeners.read_exported_stores(evaluator, *file, facts);
        }
        listeners.mount_routes();
        listeners.read_registrations(evaluator, files, &open);
        listeners
    }

    /// Whether those of more files tell the same to all who asked these; from then on it is as if the others had been asked.
    pub(super) fn tell_as(&self, others: &Self) -> bool {
        let asked = self.asked.borrow();
        others.asked.borrow_mut().extend(asked.iter().cloned());
        let count = |listeners: &Self, event: &Name| {
            let hear = |it: &&Listener| it.event.as_ref().is_none_or(|heard| heard == event);
            listeners.all.iter().filter(hear).count() + listeners.serving(event).len()
        };
        asked
            .iter()
            .all(|event| count(self, event) == count(others, event))
    }

    fn read(
        &mut self,
        evaluator: &Evaluator<'_>,
        file: FileId,
        facts: &FileFacts,
        call: ExprId,
        open: &mut Vec<OpenEnd>,
    ) {
        let (Expr::Call { callee, args, .. } | Expr::New { callee, args, .. }) = facts.expr(call)
        else {
            return;
        };
        let Some(Item::Value(first)) = args.first() else {
            return;
        };
        self.media.read(evaluator, file, call, (*callee, args));
        self.read_route(evaluator, file, facts, (*callee, args));
        self.read_handlers(evaluator, file, facts, (*callee, args));
        if let Some(end) = received(evaluator, file, (*callee, args)) {
            match end.registers() {
                Some(by) => open.push((by, end)),
                None => self.add_end(&end),
            }
            return;
        }
        let method = match facts.expr(*callee) {
            Expr::Member { object, name, .. } => {
                evaluator.library.method(name).map(|it| (it, *object))
            }
            _ => None,
        };
        let (does, emitter) = match method {
            Some((rule, object)) => (rule.does, Some(object)),
            None => {
                if !names_of(facts, *callee).any(|name| evaluator.library.hears(name)) {
                    return;
                }
                let callee = evaluator.expr(file, *callee);
                let names = callee_names(&callee);
                match evaluator.library.function(&names, package_of(&callee)) {
                    Some(rule) => (rule.does, None),
                    None => return,
                }
            }
        };
        let second = || match args.get(1) {
            Some(Item::Value(function)) => Some(evaluator.expr(file, *function)),
            _ => None,
        };
        match does {
            Effect::Listen => {
                if let (Some(emitter), Some(function)) = (emitter, second()) {
                    let emitter = evaluator.expr(file, emitter);
                    let event = evaluator.expr(file, *first);
                    let end = End::listening(emitter, event, function);
                    match end.names_channel() {
                        Some(by) => open.push((by, end)),
                        None => self.add_end(&end),
                    }
                }
            }
            Effect::Observe => {
                let first = evaluator.expr(file, *first);
                match (&*first, second()) {
                    // `startListening({ type, effect })`
                    (Value::Object(options), _) => {
                        let values = || options.fields.iter().map(|field| &field.value);
                        let events: Vec<Name> = values().flat_map(types_of).collect();
                        for function in values().filter(|value| value.is_function()) {
                            self.add(events.clone(), None, Takes::Message, function);
                        }
                    }
                    (_, Some(function)) => {
                        let events = types_of(&first);
                        let is_posted = events.iter().any(|event| event == POSTED);
                        let medium = match emitter.filter(|_| is_posted) {
                            Some(emitter) => heard_by(evaluator, file, emitter),
                            None => Medium::Own(file),
                        };
                        self.add_by(medium, events, None, Takes::Message, &function);
                    }
                    _ => {}
                }
            }
            Effect::Store => {
                if let Value::Object(options) = &*evaluator.expr(file, *first) {
                    self.read_store(options, "", 0);
                }
            }
            _ => {}
        }
    }

    pub(super) fn add(
        &mut self,
        events: Vec<Name>,
        emitter: Option<V>,
        takes: Takes,
        function: &V,
    ) {
        self.add_by(Medium::Unknown, events, emitter, takes, function);
    }

    fn add_by(
        &mut self,
        medium: Medium,
        events: Vec<Name>,
        emitter: Option<V>,
        takes: Takes,
        function: &V,
    ) {
        self.all.extend(events.into_iter().map(|event| Listener {
            event: Some(event),
            emitter: emitter.clone(),
            takes,
            medium,
            function: function.clone(),
        }));
    }

    /// A listener that is assigned (`worker.onmessage = …`), by the rules.
    fn read_assigned(&mut self, evaluator: &Evaluator<'_>, file: FileId, facts: &FileFacts) {
        let mut read = |name: &Name,
                        value: Option<ExprId>,
                        holder: &dyn Fn() -> Vec<Name>,
                        at: &dyn Fn() -> Medium| {
            let Some(event) = name.strip_prefix(ASSIGNED) else {
                return;
            };
            if !evaluator.library.hears(name) {
                return;
            }
            let mut names = holder();
            names.push(name.clone());
            let rule = evaluator.library.function(&names, None);
            if let (Some(Effect::Observe), Some(value)) = (rule.map(|rule| rule.does), value) {
                let function = evaluator.expr(file, value);
                let events = vec![Name::from(event)];
                let medium = at();
                self.add_by(medium, events, None, Takes::Message, &function);
            }
        };
        for write in &facts.writes {
            match (write.root.map(|root| facts.expr(root)), write.path.last()) {
                (Some(Expr::Global(name)), None) => {
                    read(name, write.value, &Vec::new, &|| Medium::Own(file));
                }
                (Some(Expr::Global(root)), Some(Step::Key(name))) => {
                    let at = match is_window(root) {
                        true => Medium::Window,
                        false => Medium::Own(file),
                    };
                    read(name, write.value, &|| vec![root.clone()], &|| at);
                }
                _ => {}
            }
        }
        for binding in &facts.bindings {
            for write in &binding.writes {
                if let Some(Step::Key(name)) = write.path.last() {
                    let holder = || evaluator.unwritten(file, binding);
                    let names = || match &*holder() {
                        // What makes it says more than its name, and its name more than where it is read from.
                        Value::Data(data) if data.root == Root::Call => with_maker(data),
                        _ => vec![binding.name.clone()],
                    };
                    read(name, write.value, &names, &|| medium(&holder(), file));
                }
            }
        }
    }

    /// The actions and mutations of a store and of its modules, by their names.
    pub(super) fn read_store(&mut self, options: &Object, prefix: &str, depth: usize) {
        if depth > MAX_STORE_DEPTH {
            return;
        }
        for handlers in ["actions", "mutations"] {
            let Some(handlers) = options.get(handlers) else {
                continue;
            };
            let Value::Object(handlers) = &*handlers else {
                continue;
            };
            for field in &handlers.fields {
                let function = match &*field.value {
                    Value::Object(parts) => parts.get("handler"),
                    _ => Some(field.value.clone()),
                };
                if let Some(function) = function {
                    let name = Name::from(format!("{prefix}{}", field.name));
                    // Inside a module its handlers go by their own names.
                    let names = [Some(name), (!prefix.is_empty()).then(|| field.name.clone())];
                    let names = names.into_iter().flatten().collect();
                    self.add(names, None, Takes::Payload, &function);
                }
            }
        }
        if let Some(modules) = options.get("modules")
            && let Value::Object(modules) = &*modules
        {
            for module in &modules.fields {
                if let Value::Object(inner) = &*module.value {
                    let prefix = match inner.get("namespaced") {
                        Some(_) => format!("{prefix}{}/", module.name),
                        None => prefix.to_owned(),
                    };
                    self.read_store(inner, &prefix, depth + 1);
                }
            }
        }
    }

    /// A middleware (`store => next => action => next(action)`) gets every message.
    fn read_middleware(&mut self, evaluator: &Evaluator<'_>, file: FileId, facts: &FileFacts) {
        for (index, function) in (0..).zip(&facts.functions) {
            let Some(next) = function.parent.filter(|parent| *parent != MODULE) else {
                continue;
            };
            let is_curried = function.params.len() == 1
                && facts.function(next).params.len() == 1
                && facts
                    .function(next)
                    .parent
                    .is_some_and(|outer| outer != MODULE)
                && gives(facts, next, FunctionId(index));
            if is_curried && passes_on(facts, FunctionId(index), next) {
                self.all.push(Listener {
                    event: None,
                    emitter: None,
                    takes: Takes::Message,
                    medium: Medium::Unknown,
                    function: evaluator.closure(FnRef {
                        file,
                        function: FunctionId(index),
                    }),
                });
            }
        }
    }

    /// The functions that an emitter calls for an event that a file sends, among those that are called in a way.
    pub(super) fn of<'l>(
        &'l self,
        emitter: &'l V,
        file: FileId,
        event: &'l str,
        takes: Takes,
    ) -> impl Iterator<Item = V> + 'l {
        self.asked.borrow_mut().insert(event.into());
        let posted = (event == POSTED).then(|| medium(emitter, file));
        self.all
            .iter()
            .filter(move |known| {
                let emitted = known.emitter.as_ref().is_none_or(|it| is_same(it, emitter));
                known.takes == takes
                    && posted.is_none_or(|posted| self.media.carries(posted, known.medium))
                    && known
                        .event
                        .as_ref()
                        .map_or(posted.is_none(), |name| name == event)
                    && emitted
            })
            .map(|known| known.function.clone())
    }

    /// The functions through which every message goes that is dispatched, of whatever type.
    pub(super) fn of_all(&self) -> impl Iterator<Item = V> + '_ {
        let all = self.all.iter().filter(|known| known.event.is_none());
        all.map(|known| known.function.clone())
    }

    /// The functions that answer a request to a path, as whoever asks has to be told again once there are more.
    pub(super) fn asked_for(&self, path: &str) -> Vec<Route> {
        self.asked.borrow_mut().insert(path.into());
        self.serving(path)
    }

    /// Whether somebody listens for an event of an emitter.
    pub(super) fn is_heard(&self, emitter: &V, file: FileId, event: &str) -> bool {
        let mut heard = self.of(emitter, file, event, Takes::Arguments);
        heard.next().is_some()
    }

    /// Whether somebody here sends an event of this name.
    pub(super) fn is_asked(&self, event: &str) -> bool {
        self.asked.borrow().contains(event)
    }

    /// The names of the events for which one of these functions is called.
    pub(super) fn events(&self, leads: impl Fn(FnRef) -> bool) -> BTreeSet<&str> {
        let led = self.all.iter().filter(|known| match &*known.function {
            Value::Function(closure) => leads(closure.target),
            _ => false,
        });
        led.filter_map(|known| known.event.as_deref()).collect()
    }
}

/// Whether a function gives another one back.
fn gives(facts: &FileFacts, outer: FunctionId, inner: FunctionId) -> bool {
    let mut returns = facts.function(outer).returns.iter();
    returns.any(|value| matches!(facts.expr(*value), Expr::Function(given) if *given == inner))
}

/// Whether a function calls the parameter of the function around it with its own.
fn passes_on(facts: &FileFacts, function: FunctionId, next: FunctionId) -> bool {
    let is_param_of = |value: ExprId, function: FunctionId| {
        match facts.expr(value) {
        Expr::Ref(binding) => facts.binding(*binding).sources.iter().any(|source| {
            matches!(source.from, crate::facts::From::Param { function: of, .. } if of == function)
        }),
        _ => false,
    }
    };
    facts.calls.iter().any(|call| match facts.expr(*call) {
        Expr::Call { callee, args, .. } if facts.function_of(*call) == function => {
            matches!(args.as_slice(), [Item::Value(arg)] if is_param_of(*arg, function))
                && is_param_of(*callee, next)
        }
        _ => false,
    })
}

/// What a listener of a file hears that is registered on an object.
fn heard_by(evaluator: &Evaluator<'_>, file: FileId, emitter: ExprId) -> Medium {
    match evaluator.program.facts(file).expr(emitter) {
        Expr::Global(name) if is_window(name) => Medium::Window,
        _ => medium(&evaluator.expr(file, emitter), file),
    }
}

/// Whether a name of the global object is one that workers do not have.
fn is_window(name: &str) -> bool {
    name == "window"
}

/// Whether two values are one emitter, or may be (`globalThis.bus ?? new EventEmitter()`).
fn is_same(one: &V, other: &V) -> bool {
    let among = |one: &V| other.alternatives().iter().any(|it| is_one(one, it));
    one.alternatives().iter().any(among)
}

/// Whether two values are made in one place, or one object of a package or class.
fn is_one(one: &V, other: &V) -> bool {
    match (&**one, &**other) {
        (Value::Data(one), Value::Data(other)) => is_same_data(one, other),
        (Value::Instance(one), Value::Instance(other)) => {
            (one.file, one.class) == (other.file, other.class)
        }
        _ => false,
    }
}

fn is_same_data(one: &Data, other: &Data) -> bool {
    one.root == other.root
        && one.steps == other.steps
        && match one.root {
            Root::Call => one.spot == other.spot,
            Root::Global | Root::Outside(_) => one.path == other.path,
            _ => false,
        }
}
