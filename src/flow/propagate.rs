//! Brings values from the app's calls to the vendor calls that they reach.
//!
//! In: an evaluator over the parsed files. Out: [`Flows`]: every value that arrives, at the outermost call of the app that
//! supplies it, with the way it took; and [`Open`]: the functions whose callers matter, for the next round. It leaves alone
//! which files are parsed (`rounds`).
//!
//! A vendor call inside a wrapper waits for the wrapper's callers: each call fills the parameters in, and what still
//! depends on a parameter waits for the callers of that function in turn.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::delivery::{Delivery, Flows, Hop, Opaque, Place, Started, VendorCall};
use super::evaluate::{Evaluator, callee_names, package_of};
use super::listeners::Listeners;
use super::payload::{Leaf, Outcome};
use super::requests::Request;
use super::sinks::{Manner, SinkCall};
use super::subject::Subject;
use super::value::{Data, FnRef, Frames, Instance, Root, Spot, V, Value, VendorThing};
use crate::facts::{
    ClassId, Expr, ExprId, FileFacts, FunctionId, FunctionKind, Item, JsxTag, MODULE, MemberKind,
    Name, Step, Write,
};
use crate::finding::Payload;
use crate::ruleset::schema::{Effect, Role};
use crate::source::{FileId, Span};

/// Longer chains of wrappers are not followed; beyond, a value is known by the names it has there.
const MAX_CHAIN: usize = 7;
/// The same for what is joined into the text of an error, a message or an event's name: what far-off callers hand to a
/// function that may fail is not what the app means to tell a vendor.
const MAX_TEXT_CHAIN: usize = 2;
/// A call whose callee is handed down through components is followed along this many ways; the ways differ in what else is
/// handed down, and multiply with every component between.
const MAX_WAYS: usize = 6;
/// More applications of calls to waiting values than this are not made.
const MAX_WORK: usize = 400_000;

/// One call of a function of the program.
struct Site {
    frames: Frames,
    place: Place,
    /// The object whose method is called.
    receiver: Option<Instance>,
}

/// A call whose callee is not known before a parameter is.
#[derive(Clone)]
struct Deferred {
    callee: V,
    args: Vec<V>,
    place: Place,
    manner: Manner,
    passed: Passed,
}

/// The functions through which a value has come, so that recursion ends.
type Passed = Rc<Vec<FnRef>>;

fn passing(passed: &Passed, function: FnRef) -> Passed {
    let mut next = Vec::clone(passed);
    next.push(function);
    Rc::new(next)
}

/// A value or call that waits for a function's callers.
#[derive(Clone)]
enum Waiting<'p> {
    Leaf(Rc<Leaf<'p>>, Passed),
    Call(Rc<Deferred>),
}

/// Functions whose callers matter.
pub(super) type Open = FxHashSet<FnRef>;

/// Follows all vendor calls of the parsed files.
pub(super) struct Propagation<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    recognises: &'e dyn Fn(&Subject) -> bool,
    sites: FxHashMap<FnRef, Vec<Rc<Site>>>,
    site_keys: FxHashSet<(FnRef, Span, FileId, usize)>,
    waiting: FxHashMap<FnRef, Vec<Waiting<'p>>>,
    ways: FxHashMap<(FnRef, FileId, Span, Vec<Name>), usize>,
    queue: VecDeque<(Waiting<'p>, FnRef, Rc<Site>)>,
    work: usize,
    known: Vec<(Leaf<'p>, Data)>,
    opaque: Vec<(Leaf<'p>, Spot, &'static str)>,
    calls: Vec<(usize, Name, Place, bool)>,
    started: Vec<Started>,
    computed: Vec<Opaque>,
    open: Open,
    /// What event emitters call.
    listeners: &'e Listeners,
    /// Files whose calls are read.
    files: &'e BTreeSet<FileId>,
    /// Files beyond these that hold a function which is handed a way to a vendor.
    handed: BTreeSet<FileId>,
}

impl<'e, 'p> Propagation<'e, 'p> {
    pub(super) fn new(
        evaluator: &'e Evaluator<'p>,
        recognises: &'e dyn Fn(&Subject) -> bool,
        files: &'e BTreeSet<FileId>,
        listeners: &'e Listeners,
    ) -> Self {
        Self {
            evaluator,
            listeners,
            recognises,
            sites: FxHashMap::default(),
            site_keys: FxHashSet::default(),
            waiting: FxHashMap::default(),
            ways: FxHashMap::default(),
            queue: VecDeque::new(),
            work: 0,
            known: Vec::new(),
            opaque: Vec::new(),
            calls: Vec::new(),
            started: Vec::new(),
            computed: Vec::new(),
            open: Open::default(),
            files,
            handed: BTreeSet::new(),
        }
    }

    /// Reads the calls of a file.
    pub(super) fn read(&mut self, file: FileId) {
        let facts = self.evaluator.program.facts(file);
        for call in &facts.calls {
            self.read_call(file, facts, *call);
        }
        for write in &facts.writes {
            let (Some(root), Some(value), [Step::Key(name)]) =
                (write.root, write.value, write.path.as_slice())
            else {
                continue;
            };
            let object = self.evaluator.expr(file, root);
            let target = self.evaluator.member(
                &object,
                name,
                Spot {
                    file,
                    span: write.span,
                },
            );
            if matches!(&*object, Value::Platform) {
                let place = place(facts, file, write.span, write.function);
                let args = vec![self.evaluator.expr(file, value)];
                self.call(&target, args, place, Manner::Assigned, &Passed::default());
            } else {
                self.read_address(file, write, || object.clone());
            }
        }
        for binding in &facts.bindings {
            for write in &binding.writes {
                self.read_address(file, write, || self.evaluator.unwritten(file, binding));
            }
        }
        self.drain();
    }

    /// `image.src = …` sends a request.
    fn read_address(&mut self, file: FileId, write: &Write, object: impl FnOnce() -> V) {
        let ([Step::Key(name)], Some(value)) = (write.path.as_slice(), write.value) else {
            return;
        };
        if !self.evaluator.library.has_member_request(name) {
            return;
        }
        let facts = self.evaluator.program.facts(file);
        let place = place(facts, file, write.span, write.function);
        let address = self.evaluator.expr(file, value);
        let request = self
            .evaluator
            .request_by_member(&object(), name, &address, &place);
        self.settle_request(request, &place);
    }

    fn read_call(&mut self, file: FileId, facts: &'p FileFacts, call: ExprId) {
        let place = place(facts, file, facts.span(call), facts.function_of(call));
        match facts.expr(call) {
            Expr::Call { callee, args, .. } => {
                if let Expr::Member { object, name, .. } = facts.expr(*callee)
                    && matches!(name.as_str(), "call" | "apply")
                    && !self.is_vendor_member(file, *callee)
                {
                    let target = self.evaluator.expr(file, *object);
                    let args = self.evaluator.items(file, args);
                    let args = match (name.as_str(), args.get(1)) {
                        ("apply", Some(list)) => match &**list {
                            Value::Array(list) => list.clone(),
                            _ => vec![V::new(Value::Spread(list.clone()))],
                        },
                        _ => args.get(1..).unwrap_or_default().to_vec(),
                    };
                    self.call(&target, args, place, Manner::Call, &Passed::default());
                    return;
                }
                if let Expr::Member { object, name, .. } = facts.expr(*callee)
                    && let method = self.evaluator.library.method(name)
                    && method.is_some_and(|rule| rule.does == Effect::Emit)
                {
                    self.emit(file, *object, args, call, &place);
                }
                let callee = self.evaluator.expr(file, *callee);
                if self.is_request(&callee) {
                    let args = self.evaluator.items_at(file, args, call);
                    self.request(&callee, &args, &place);
                    return;
                }
                if !self.may_matter(&callee) {
                    return;
                }
                let args = self.evaluator.items_at(file, args, call);
                self.call(&callee, args, place, Manner::Call, &Passed::default());
            }
            Expr::New { callee, args, .. } => {
                let callee = self.evaluator.expr(file, *callee);
                if !self.may_matter(&callee) {
                    return;
                }
                let args = self.evaluator.items_at(file, args, call);
                self.call(&callee, args, place, Manner::New, &Passed::default());
            }
            Expr::Jsx {
                tag: JsxTag::Component(tag),
                props,
                ..
            } => {
                let callee = self.evaluator.expr(file, *tag);
                if !self.may_matter(&callee) {
                    return;
                }
                let props = self.evaluator.object(file, props);
                self.call(
                    &callee,
                    vec![props],
                    place,
                    Manner::Element,
                    &Passed::default(),
                );
            }
            _ => {}
        }
    }

    /// A vendor's own `call` or `apply` is not that of a function.
    fn is_vendor_member(&self, file: FileId, callee: ExprId) -> bool {
        let callee = self.evaluator.expr(file, callee);
        matches!(&*callee, Value::Vendor(VendorThing::Global { name }) if name.contains('.'))
    }

    /// What is registered with an emitter is called.
    fn emit(&mut self, file: FileId, emitter: ExprId, args: &[Item], call: ExprId, place: &Place) {
        let emitter = self.evaluator.expr(file, emitter);
        let args = self.evaluator.items_at(file, args, call);
        let Some((event, rest)) = args.split_first() else {
            return;
        };
        let listeners = self.listeners;
        for event in event
            .alternatives()
            .iter()
            .filter_map(|event| event.as_str())
        {
            for function in listeners.of(&emitter, event) {
                let (rest, place) = (rest.to_vec(), place.clone());
                self.call(&function, rest, place, Manner::Call, &Passed::default());
            }
        }
    }

    fn is_request(&self, callee: &V) -> bool {
        let library = self.evaluator.library;
        matches!(&**callee, Value::Data(_))
            && library
                .request(&callee_names(callee), package_of(callee))
                .is_some()
    }

    fn request(&mut self, callee: &V, args: &[V], place: &Place) {
        let request = self.evaluator.request(callee, args, place);
        self.settle_request(request, place);
    }

    fn settle_request(&mut self, request: Option<Request<'p>>, place: &Place) {
        if let Some(request) = request {
            self.calls
                .push((request.vendor, request.call, place.clone(), true));
            for leaf in request.leaves {
                self.settle(leaf, &Passed::default());
            }
        }
    }

    /// Whether calling a value can reach a vendor at all; sorts most calls out before their arguments are evaluated.
    fn may_matter(&self, callee: &V) -> bool {
        callee.alternatives().iter().any(|callee| match &**callee {
            Value::Function(_) | Value::Class(..) | Value::Client(_) | Value::Vendor(_) => true,
            Value::Data(data) => matches!(data.root, Root::Param(..)),
            _ => false,
        })
    }

    fn call(&mut self, callee: &V, args: Vec<V>, place: Place, manner: Manner, passed: &Passed) {
        if passed.len() > MAX_CHAIN {
            return;
        }
        for sink in self.evaluator.sinks(callee, &args, manner) {
            self.sink(&sink, &place);
        }
        for callee in callee.alternatives() {
            match &**callee {
                Value::Function(closure) => {
                    self.note_handed(closure.target, &args);
                    let frames = self.evaluator.frames_of(closure, &args);
                    let receiver = match closure.this.as_deref() {
                        Some(Value::Instance(instance)) => Some(instance.clone()),
                        _ => None,
                    };
                    self.add_site(closure.target, frames, &place, receiver);
                }
                Value::Class(..) if manner == Manner::New => {
                    if let Some(constructor) = self.evaluator.constructor_of(callee) {
                        let frames = Frames::default().with(constructor, Rc::new(args.clone()));
                        self.add_site(constructor, frames, &place, None);
                    }
                }
                Value::Data(data) => {
                    if let Root::Param(function, _) = data.root {
                        let deferred = Deferred {
                            callee: callee.clone(),
                            args: args.clone(),
                            place: place.clone(),
                            manner,
                            passed: Rc::clone(passed),
                        };
                        self.wait(Waiting::Call(Rc::new(deferred)), function);
                    }
                }
                _ => {}
            }
        }
    }

    /// A function that is handed a vendor's client or a wrapper may call it, so its file has to be read.
    fn note_handed(&mut self, target: FnRef, args: &[V]) {
        if !self.files.contains(&target.file) && args.iter().any(|arg| self.is_way_out(arg, 0)) {
            self.handed.insert(target.file);
        }
    }

    fn has_waiting_method(&self, file: FileId, class: ClassId) -> bool {
        let members = &self.evaluator.program.facts(file).class(class).members;
        members.iter().any(|member| match member.kind {
            MemberKind::Method(function) => self.waiting.contains_key(&FnRef { file, function }),
            _ => false,
        })
    }

    fn is_way_out(&self, value: &V, depth: usize) -> bool {
        match &**value {
            Value::Client(_) | Value::Vendor(_) => true,
            Value::Function(closure) => self.waiting.contains_key(&closure.target),
            Value::Instance(instance) => self.has_waiting_method(instance.file, instance.class),
            Value::Class(file, class) => self.has_waiting_method(*file, *class),
            Value::Object(object) if depth < 2 => {
                let mut fields = object.fields.iter();
                fields.any(|field| self.is_way_out(&field.value, depth + 1))
            }
            Value::Union(parts) | Value::Array(parts) if depth < 3 => {
                parts.iter().any(|part| self.is_way_out(part, depth + 1))
            }
            _ => false,
        }
    }

    fn add_site(
        &mut self,
        target: FnRef,
        frames: Frames,
        place: &Place,
        receiver: Option<Instance>,
    ) {
        // The same call may be reached once for each way in which its callee is filled in, but not without end.
        let count = self.sites.get(&target).map_or(0, Vec::len);
        const MAX_SAME: usize = 4;
        let key = (0..MAX_SAME)
            .map(|nth| (target, place.span, place.file, nth))
            .find(|key| !self.site_keys.contains(key));
        let Some(key) = key else { return };
        self.site_keys.insert(key);
        if count > 5_000 {
            return;
        }
        let site = Rc::new(Site {
            frames,
            place: place.clone(),
            receiver,
        });
        self.sites.entry(target).or_default().push(Rc::clone(&site));
        for waiting in self.waiting.get(&target).cloned().unwrap_or_default() {
            self.queue.push_back((waiting, target, Rc::clone(&site)));
        }
    }

    fn wait(&mut self, waiting: Waiting<'p>, function: FnRef) {
        // Whoever hands a vendor's client or a wrapper to a function names it, and is read for that; only a value that
        // waits makes the function itself one whose callers have to be found.
        match &waiting {
            Waiting::Leaf(..) => {
                self.open.insert(function);
            }
            Waiting::Call(call) => {
                let Value::Data(data) = &*call.callee else {
                    return;
                };
                let key = (
                    function,
                    call.place.file,
                    call.place.span,
                    data.path.clone(),
                );
                let ways = self.ways.entry(key).or_default();
                *ways += 1;
                if *ways > MAX_WAYS {
                    return;
                }
            }
        }
        for site in self.sites.get(&function).cloned().unwrap_or_default() {
            self.queue.push_back((waiting.clone(), function, site));
        }
        self.waiting.entry(function).or_default().push(waiting);
    }

    fn drain(&mut self) {
        while let Some((waiting, function, site)) = self.queue.pop_front() {
            self.work += 1;
            if self.work > MAX_WORK {
                self.queue.clear();
                return;
            }
            match waiting {
                Waiting::Leaf(leaf, passed) => self.fill_leaf(&leaf, function, &site, &passed),
                Waiting::Call(call) => {
                    if call.passed.contains(&function) {
                        continue;
                    }
                    let callee = self.evaluator.substitute(&call.callee, &site.frames);
                    if !self.may_matter(&callee) {
                        continue;
                    }
                    let args = call
                        .args
                        .iter()
                        .map(|arg| self.evaluator.substitute(arg, &site.frames))
                        .collect();
                    self.call(
                        &callee,
                        args,
                        call.place.clone(),
                        call.manner,
                        &passing(&call.passed, function),
                    );
                }
            }
        }
    }

    fn fill_leaf(&mut self, leaf: &Leaf<'p>, function: FnRef, site: &Site, passed: &Passed) {
        // A function that calls itself hands on what it got.
        if passed.len() > MAX_CHAIN || passed.contains(&function) {
            return;
        }
        let Some(receiver) = self.receiver(leaf, site) else {
            return;
        };
        let value = self.evaluator.substitute(&leaf.value, &site.frames);
        let declared = self
            .evaluator
            .program
            .facts(function.file)
            .function(function.function);
        let name = declared
            .name
            .clone()
            .unwrap_or_else(|| Name::const_new("a function"));
        let mut chain = vec![Hop {
            place: site.place.clone(),
            note: format!("handed to `{name}`"),
        }];
        chain.extend(leaf.chain.iter().cloned());
        let event = self.evaluator.substitute(&leaf.event, &site.frames);
        let next = Leaf {
            event,
            value,
            receiver,
            location: site.place.clone(),
            chain: Rc::new(chain),
            ..leaf.clone()
        };
        self.settle(next, &passing(passed, function));
    }

    /// The class that an object must be of for a value to come along this call; none if no such object is called here.
    ///
    /// A base class' method that calls an overridden one reaches each override, but each only for objects of its class.
    fn receiver(&self, leaf: &Leaf<'p>, site: &Site) -> Option<Option<(FileId, ClassId)>> {
        let Some(called) = &site.receiver else {
            return Some(None);
        };
        let class = (called.file, called.class);
        let is_below = |class, base| self.evaluator.is_below(class, base);
        if let Some(wanted) = leaf.receiver
            && !is_below(class, wanted)
            && (called.constructed || !is_below(wanted, class))
        {
            return None;
        }
        // `this.send(…)`: whoever calls the method around it calls it on the same object.
        let facts = self.evaluator.program.facts(site.place.file);
        let around = facts.function(function_at(facts, site.place.span));
        let is_this = !called.constructed
            && !around.is_static
            && around
                .class
                .is_some_and(|base| is_below(class, (site.place.file, base)));
        if !is_this {
            return Some(None);
        }
        match leaf.receiver {
            Some(wanted) if is_below(wanted, class) => Some(Some(wanted)),
            _ => Some(Some(class)),
        }
    }

    fn settle(&mut self, leaf: Leaf<'p>, passed: &Passed) {
        for outcome in self.evaluator.outcomes(leaf, false) {
            match outcome {
                Outcome::Known(leaf, data) => self.known.push((leaf, data)),
                Outcome::Opaque(leaf, spot, reason) => self.opaque.push((leaf, spot, reason)),
                Outcome::Waiting(leaf, function) => {
                    if self.is_supplied_here(&leaf, function) || is_far(&leaf, passed) {
                        for outcome in self.evaluator.outcomes(leaf, true) {
                            match outcome {
                                Outcome::Known(leaf, data) => self.known.push((leaf, data)),
                                Outcome::Opaque(leaf, spot, reason) => {
                                    self.opaque.push((leaf, spot, reason))
                                }
                                Outcome::Waiting(..) => {}
                            }
                        }
                    } else {
                        self.wait(Waiting::Leaf(Rc::new(leaf), Rc::clone(passed)), function);
                    }
                }
            }
        }
    }

    /// Whether the function around a vendor call is what supplies the value, not its callers: it sends one event of a
    /// constant name, or it is a component that reads a prop by a name that tells, or a method that reads what its object was
    /// constructed with.
    fn is_supplied_here(&self, leaf: &Leaf<'p>, function: FnRef) -> bool {
        let Value::Data(data) = &*leaf.value else {
            return false;
        };
        let facts = self.evaluator.program.facts(function.file);
        let declared = facts.function(function.function);
        let is_component = declared.params.len() <= 2
            && declared
                .name
                .as_deref()
                .is_some_and(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
            && declared.kind != FunctionKind::Constructor
            && declared.class.is_none();
        let is_event = leaf.event.as_str().is_some();
        // What an object was constructed with is its state, and its methods read it by themselves.
        let is_state = declared.kind == FunctionKind::Constructor;
        (is_event || is_component || is_state || self.evaluator.is_callback(function))
            && (self.recognises)(&self.evaluator.subject(leaf, data))
    }

    fn sink(&mut self, sink: &SinkCall<'p>, place: &Place) {
        if sink.computed {
            if sink
                .args
                .iter()
                .any(|arg| !matches!(&**arg, Value::Nothing | Value::Literal(_)))
            {
                self.computed.push(Opaque {
                    vendor: self.evaluator.catalog.vendor(sink.vendor).id.clone(),
                    call: sink.path.to_string(),
                    place: place.clone(),
                    expression: place.clone(),
                    reason: "which call it is, is computed".to_owned(),
                });
            }
            return;
        }
        if sink.init.is_some() {
            let (options, open) = self.evaluator.init_options(sink);
            let vendor = self.evaluator.catalog.vendor(sink.vendor).id.clone();
            self.started.push(Started {
                vendor,
                place: place.clone(),
                options,
                open,
            });
        }
        if sink.rule.is_some() {
            let leaves = self.evaluator.leaves(sink, place);
            let has_payload = leaves.iter().any(|leaf| leaf.role != Role::EventName);
            self.calls
                .push((sink.vendor, sink.path.clone(), place.clone(), has_payload));
            for leaf in leaves {
                self.settle(leaf, &Passed::default());
            }
        }
    }

    /// All that was found, the functions whose callers matter, and the files that have to be read as well.
    pub(super) fn finish(mut self) -> (Flows, Open, BTreeSet<FileId>) {
        self.drain();
        self.settle_uncalled();
        let mut flows = Flows {
            started: std::mem::take(&mut self.started),
            ..Flows::default()
        };
        let id = |vendor: usize| self.evaluator.catalog.vendor(vendor).id.clone();
        for (leaf, data) in &self.known {
            flows.deliveries.push(self.delivery(leaf, data));
        }
        for (leaf, spot, reason) in &self.opaque {
            flows.opaque.push(Opaque {
                vendor: id(leaf.vendor),
                call: leaf.call.to_string(),
                place: leaf.location.clone(),
                expression: self.evaluator.place_of(*spot),
                reason: (*reason).to_owned(),
            });
        }
        flows.opaque.append(&mut self.computed);
        if self.work > MAX_WORK {
            flows.notes.push(format!(
                "calls were followed for {MAX_WORK} steps and then no further; values may be missing"
            ));
        }
        if self.evaluator.is_exhausted() {
            flows
                .notes
                .push("the evaluation budget was used up; values may be missing".to_owned());
        }
        for (vendor, call, place, has_payload) in &self.calls {
            let opaque = self
                .opaque
                .iter()
                .filter(|(leaf, ..)| leaf.sink == *place)
                .count();
            let known = self
                .known
                .iter()
                .filter(|(leaf, _)| leaf.sink == *place)
                .count();
            let payload = match (has_payload, opaque, known) {
                (false, ..) => Payload::None,
                (true, 0, _) => Payload::Resolved,
                (true, _, 0) => Payload::Opaque,
                _ => Payload::Partial,
            };
            flows.calls.push(VendorCall {
                vendor: id(*vendor),
                call: call.to_string(),
                place: place.clone(),
                payload,
            });
        }
        (flows, self.open, self.handed)
    }

    /// A function that nothing here calls is read by the names and types of its own parameters.
    fn settle_uncalled(&mut self) {
        let mut functions: Vec<FnRef> = self
            .waiting
            .keys()
            .copied()
            .filter(|function| !self.sites.contains_key(function))
            .collect();
        functions.sort_unstable();
        for function in functions {
            for waiting in self.waiting.remove(&function).unwrap_or_default() {
                let Waiting::Leaf(leaf, _) = waiting else {
                    continue;
                };
                for outcome in self.evaluator.outcomes((*leaf).clone(), true) {
                    match outcome {
                        Outcome::Known(leaf, data) => self.known.push((leaf, data)),
                        Outcome::Opaque(leaf, spot, reason) => {
                            self.opaque.push((leaf, spot, reason))
                        }
                        Outcome::Waiting(..) => {}
                    }
                }
            }
        }
    }

    fn delivery(&self, leaf: &Leaf<'p>, data: &Data) -> Delivery {
        let expression = self.evaluator.place_of(data.spot);
        let subject = self.evaluator.subject(leaf, data);
        let property = if leaf.key.is_empty() {
            let role = serde_json::to_value(leaf.role)
                .ok()
                .and_then(|role| role.as_str().map(str::to_owned))
                .unwrap_or_default();
            format!("${role}")
        } else {
            leaf.key.join(".")
        };
        let mut trace = vec![Hop {
            place: expression.clone(),
            note: "the value is read".to_owned(),
        }];
        trace.extend(leaf.chain.iter().cloned());
        let vendor = self.evaluator.catalog.vendor(leaf.vendor);
        trace.push(Hop {
            place: leaf.sink.clone(),
            note: format!("{}: `{}`", vendor.name, leaf.call),
        });
        Delivery {
            vendor: vendor.id.clone(),
            call: leaf.call.to_string(),
            property,
            subject,
            expression,
            transform: leaf.transform,
            location: leaf.location.clone(),
            sink: leaf.sink.clone(),
            trace,
            by_type: leaf.by_type > 0,
        }
    }
}

fn is_far(leaf: &Leaf<'_>, passed: &Passed) -> bool {
    let is_text =
        leaf.in_text || matches!(leaf.role, Role::Error | Role::Message | Role::EventName);
    passed.len() >= if is_text { MAX_TEXT_CHAIN } else { MAX_CHAIN }
}

/// A place with the named function around it.
pub(super) fn place(facts: &FileFacts, file: FileId, span: Span, function: FunctionId) -> Place {
    let mut at = Some(function);
    let mut symbol = None;
    while let Some(id) = at {
        let declared = facts.function(id);
        if let Some(name) = &declared.name {
            let class = match declared.kind {
                FunctionKind::Method
                | FunctionKind::Constructor
                | FunctionKind::Getter
                | FunctionKind::Setter => declared
                    .class
                    .and_then(|class| facts.class(class).name.clone()),
                _ => None,
            };
            symbol = Some(class.map_or_else(
                || name.clone(),
                |class| Name::from(format!("{class}.{name}")),
            ));
            break;
        }
        at = declared.parent;
    }
    Place { file, span, symbol }
}

impl Evaluator<'_> {
    /// A place of a value, with the innermost named function around it.
    pub(super) fn place_of(&self, spot: Spot) -> Place {
        let facts = self.program.facts(spot.file);
        place(facts, spot.file, spot.span, function_at(facts, spot.span))
    }
}

/// The innermost function around a place.
fn function_at(facts: &FileFacts, span: Span) -> FunctionId {
    (0..)
        .zip(&facts.functions)
        .filter(|(_, function)| function.span.contains(span))
        .min_by_key(|(_, function)| function.span.end - function.span.start)
        .map_or(MODULE, |(index, _)| FunctionId(index))
}
