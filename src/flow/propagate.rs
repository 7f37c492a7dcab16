//! Brings values from the app's calls to the vendor calls that they reach.
//!
//! In: an evaluator over the parsed files. Out: [`Flows`]: every value that arrives, at the outermost call of the app that
//! supplies it, with the way it took; and [`Progress`], which a later round goes on from. It leaves alone
//! which files are parsed (`rounds`).
//!
//! A vendor call inside a wrapper waits for the wrapper's callers: each call fills the parameters in, and what still
//! depends on a parameter waits for the callers of that function in turn.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::alike::unconditional;
use super::alternatives::MAX_FUNCTIONS;
use super::arguments::{Args, Supplied};
use super::arrivals::Arrivals;
use super::bounds::Bound;
use super::by_key::client_by_key;
use super::calls::{Style, Written, may_matter};
use super::chosen::Chosen;
use super::delivery::{Flows, Hop, Place};
use super::effort::Effort;
use super::empty_handed::{EmptyHanded, is_empty_handed};
use super::evaluate::Evaluator;
use super::further::Further;
use super::handed_down::HandedDown;
use super::listeners::Listeners;
use super::payload::Leaf;
use super::places::function_at;
use super::reach::Reach;
use super::rounds::Inputs;
use super::same::{Holder, keeper};
use super::settle::MAX_CHAIN;
use super::sinks::Manner;
use super::supplied::Supply;
use super::value::{Closure, Data, FnRef, Frames, Root, Step, V, Value};
use super::watched::Watch;
use super::worklist::{Deferred, Passed, Site, Waiting, Worklist, passing};
use super::wrapped::{Asked, asked, fits, makes, runs};
use crate::facts::{ClassId, ExprId, Function, Name};
use crate::ruleset::schema::Role;
use crate::source::{FileId, Span};

/// Follows all vendor calls of the parsed files.
pub(super) struct Propagation<'e, 'p> {
    pub evaluator: &'e Evaluator<'p>,
    pub inputs: &'e Inputs<'p>,
    /// What event emitters call.
    pub listeners: &'e Listeners,
    /// Files whose calls are read.
    pub files: &'e BTreeSet<FileId>,
    /// What may lead to a vendor at all.
    pub reach: &'e Reach<'e, 'p>,
    pub progress: Progress<'p>,
}

/// How far the calls that were read so far have been followed.
#[derive(Default)]
pub(super) struct Progress<'p> {
    pub worklist: Worklist<'p>,
    /// What bringing calls and waiting values together took so far.
    effort: Effort,
    pub arrivals: Arrivals<'p>,
    /// What is told where it is reported, and may be something else by its callers.
    pub watch: Watch<'p>,
    /// Calls whose callees may lead to a vendor.
    pub followed: FxHashSet<(FileId, ExprId)>,
    /// Functions that calls run by what is written there: a name, or the declared type of a parameter.
    written: FxHashSet<(FnRef, FileId, Span)>,
    /// Calls of functions for which nothing waits so far.
    pub later: FxHashMap<FnRef, Vec<(V, Written, Style)>>,
    /// Calls of what leads nowhere by itself, with arguments that may.
    pub outward: Vec<Written>,
    /// Those whose arguments do.
    pub handed_out: Vec<Written>,
    /// Files beyond those whose calls are read that hold a function which is handed a way to a vendor.
    pub handed: BTreeSet<FileId>,
    /// Who is handed one, to look at whom they hand it to.
    pub handed_down: HandedDown,
    /// What calls of wrappers supply to the functions that these wrap.
    pub told: FxHashSet<Asked>,
    /// Functions through which all messages go that have got one of which nothing is known.
    pub gets_unknown: FxHashSet<FnRef>,
    /// What is the same for all calls that hand over nothing.
    empty_handed: EmptyHanded<'p>,
}

impl<'e, 'p> Propagation<'e, 'p> {
    pub(super) fn new(
        evaluator: &'e Evaluator<'p>,
        inputs: &'e Inputs<'p>,
        reach: &'e Reach<'e, 'p>,
        files: &'e BTreeSet<FileId>,
        listeners: &'e Listeners,
        progress: Progress<'p>,
    ) -> Self {
        Self {
            evaluator,
            listeners,
            inputs,
            files,
            reach,
            progress,
        }
    }

    /// Follows a call: to a vendor, to a function of the program, or to whoever supplies the callee.
    pub(super) fn call(
        &mut self,
        callee: &V,
        args: Vec<V>,
        place: Place,
        manner: Manner,
        passed: &Passed,
    ) {
        self.call_with(callee, &Args::known(args), place, manner, passed);
    }

    fn call_with(
        &mut self,
        callee: &V,
        args: &Args,
        place: Place,
        manner: Manner,
        passed: &Passed,
    ) {
        if passed.len() > MAX_CHAIN {
            let spot = place.spot();
            self.evaluator.shapes.bounds.hit(Bound::Chain, spot);
            return;
        }
        if matches!(manner, Manner::Emit | Manner::Dispatch) {
            self.announce(callee, self.args(args), &place, manner, passed);
            return;
        }
        let is_sent = manner == Manner::Sent;
        let manner = if is_sent { Manner::Call } else { manner };
        let deferred = || Deferred {
            callee: callee.clone(),
            args: args.clone(),
            place: place.clone(),
            manner,
            passed: Rc::clone(passed),
        };
        let is_vendor = |it: &V| {
            matches!(&**it, Value::Client(_) | Value::Vendor(_)) || client_by_key(it).is_some()
        };
        if callee.alternatives().iter().any(is_vendor) {
            let sinks = self.evaluator.sinks(callee, self.args(args), manner);
            self.await_options(&sinks, deferred, passed);
            for sink in sinks {
                match sink.awaits.filter(|function| !passed.contains(function)) {
                    Some(function) => self.progress.worklist.ask(deferred(), function),
                    None => self.sink(&sink, &place),
                }
            }
        }
        if callee.alternatives().len() >= MAX_FUNCTIONS {
            let spot = place.spot();
            self.evaluator.shapes.bounds.hit(Bound::Alternatives, spot);
        }
        let whole = callee;
        for callee in callee.alternatives() {
            match &**callee {
                Value::Client(client) => self.hand_over(client, self.args(args), &place),
                Value::Function(closure)
                    if self.evaluator.waits_for_more(closure, self.args(args)) => {}
                Value::Function(closure) if self.is_run_already(closure.target, args, &place) => {}
                Value::Function(closure) => {
                    let given = self.args(args);
                    let frames = self.evaluator.frames_of(closure, given);
                    self.note_handed(closure.target, given, &frames);
                    let receiver = match closure.this.as_deref() {
                        Some(Value::Instance(instance)) => Some(instance.clone()),
                        _ => None,
                    };
                    let holder = closure.this.as_ref();
                    let site = Site {
                        receiver,
                        holder: holder.and_then(|this| self.evaluator.holder(this)),
                        chosen: self.choosing(args, whole, callee),
                        is_element: manner == Manner::Element,
                        is_sent,
                        ..Site::new(frames, &place)
                    };
                    if !self.progress.worklist.add_site(closure.target, site) {
                        self.call_for_others(closure, args, &place);
                    }
                }
                Value::Class(file, class) if matches!(manner, Manner::New | Manner::Element) => {
                    self.construct((*file, *class), self.args(args), manner, false, &place);
                }
                Value::Data(data) => {
                    for closure in runs(callee) {
                        let site = Site {
                            is_of_wrapper: true,
                            ..Site::new(self.evaluator.frames_of(closure, self.args(args)), &place)
                        };
                        if !self.progress.worklist.add_site(closure.target, site) {
                            self.progress.worklist.cut_ways(&place);
                        }
                    }
                    for class in makes(callee).filter(|_| manner == Manner::Element) {
                        self.construct(class, self.args(args), manner, true, &place);
                    }
                    if let Root::Param(function, _) = data.root {
                        let deferred = Deferred {
                            callee: callee.clone(),
                            ..deferred()
                        };
                        self.defer(deferred, function);
                    }
                }
                _ => {}
            }
        }
    }

    /// Has an object of a class made with these arguments, by what a wrapper made of the class or by itself.
    fn construct(
        &mut self,
        (file, class): (FileId, ClassId),
        args: &[V],
        manner: Manner,
        is_of_wrapper: bool,
        place: &Place,
    ) {
        let Some(constructor) = self.evaluator.constructor(file, class) else {
            // One that says nothing of how its objects are made leaves that to the vendor's class above it.
            if let Some(above) = self.evaluator.vendor_above(file, class) {
                let (args, place) = (args.to_vec(), place.clone());
                self.call(&above, args, place, manner, &Passed::default());
            }
            return;
        };
        let frames = Frames::default().with(constructor, Rc::new(args.to_vec()));
        self.note_made(file, constructor, args, &frames);
        let site = Site {
            holder: Some(Holder::of_class(file, class)),
            is_element: manner == Manner::Element,
            is_of_wrapper,
            ..Site::new(frames, place)
        };
        if !self.progress.worklist.add_site(constructor, site) {
            self.progress.worklist.cut_ways(place);
        }
    }

    /// Whether a call of a parameter runs a function by what a caller supplies, and is known to run it by the parameter's type:
    /// that is one call, and callers that hand over the means do not supply what it is given.
    fn is_run_already(&mut self, function: FnRef, args: &Args, place: &Place) -> bool {
        let call = (function, place.file, place.span);
        if args.awaited().is_some() {
            return self.progress.written.contains(&call);
        }
        self.progress.written.insert(call);
        false
    }

    /// Follows a call that many hand the same function to, as it is written: what they hand over beside it waits for them, and for
    /// no others.
    fn call_for_others(&mut self, closure: &Closure, args: &Args, place: &Place) {
        let Some(supplied) = args.supplier() else {
            self.progress.worklist.cut_ways(place);
            return;
        };
        if !closure.is_alone() {
            // What it closes over is another thing for each.
            self.progress.worklist.cut_ways(place);
        }
        let bare = Closure {
            frames: Frames::default(),
            ..closure.clone()
        };
        let call = &supplied.call;
        let chosen = call.args.chosen();
        let site = Site {
            chosen: chosen.and(&call.callee, &V::new(Value::Function(bare))),
            is_element: call.manner == Manner::Element,
            ..Site::new(
                self.evaluator.frames_of(closure, self.args(&call.args)),
                place,
            )
        };
        self.progress
            .worklist
            .add_site_of_others(closure.target, site);
    }

    /// What was chosen on the way to a call of a function: that function itself, where others may be called in its place and
    /// it is not known yet what this one gets. One that is known by the type of a parameter, or is its default, is called in
    /// the place of what the parameter is.
    fn choosing(&self, args: &Args, callee: &V, function: &V) -> Chosen {
        let chosen = args.chosen();
        let is_of_param =
            |it: &&V| matches!(&***it, Value::Data(data) if matches!(data.root, Root::Param(..)));
        let by_type = || callee.alternatives().iter().find(is_of_param);
        match args.awaited().or_else(by_type) {
            Some(holder) if self.args(args).iter().any(V::is_symbolic) => {
                chosen.and(holder, function)
            }
            _ => chosen,
        }
    }

    /// What a call hands over.
    pub(super) fn args<'a>(&self, args: &'a Args) -> &'a [V] {
        args.get(|supplied| self.supplied_args(supplied))
    }

    /// Fills in what waits, until nothing is left to fill in.
    pub(super) fn drain(&mut self) {
        loop {
            self.catch_up();
            if let Some(question) = self.progress.worklist.next_question() {
                let functions = self.progress.worklist.functions_asked();
                if self.progress.effort.ask(functions) {
                    self.answer(&question);
                }
                continue;
            }
            let Some((waiting, function, site)) = self.progress.worklist.next() else {
                return;
            };
            if (self.progress.empty_handed).has_answered(&waiting, function, &site) {
                continue;
            }
            self.progress.effort.look();
            if self.progress.effort.is_used_up() {
                for leaf in self.progress.worklist.give_up() {
                    self.give_up(&leaf);
                }
                return;
            }
            match waiting {
                Waiting::Leaf(leaf, passed) => {
                    if !self.progress.effort.fill(leaf.recipient) {
                        self.give_up(&leaf);
                        continue;
                    }
                    self.fill_leaf(&leaf, function, &site, &passed);
                    let is_read = || self.is_fetched(&leaf.value, &site.frames);
                    if is_empty_handed(function, &site)
                        && leaf.watched.is_none()
                        && is_read().unwrap_or(leaf.fetched.is_some())
                    {
                        let waiting = Waiting::Leaf(leaf, passed);
                        self.progress.empty_handed.answer(waiting, function, &site);
                    }
                }
                Waiting::Start(call) => {
                    if !call.passed.contains(&function)
                        && self.is_reached(function, &call.place, &site, None)
                    {
                        self.start_for(&call, function, &site);
                    }
                }
                Waiting::Call(call) => {
                    if call.passed.contains(&function)
                        || !self.evaluator.chooses(&call.args.chosen(), &site.frames)
                        || !self.is_reached(function, &call.place, &site, None)
                    {
                        continue;
                    }
                    if self.is_request(&call.callee) {
                        self.progress.effort.call();
                        self.fill_request(&call, function, &site);
                        continue;
                    }
                    let callee = self.evaluator.substitute(&call.callee, &site.frames);
                    if self.is_request(&callee) {
                        self.progress.effort.call();
                        self.fill_client(&callee, call, function, site);
                        continue;
                    }
                    let is_sent = matches!(call.manner, Manner::Emit | Manner::Dispatch);
                    if !is_sent && !may_matter(&callee) {
                        let waiting = Waiting::Call(call);
                        self.progress.empty_handed.answer(waiting, function, &site);
                        continue;
                    }
                    self.progress.effort.call();
                    let passed = passing(&call.passed, function);
                    let (place, manner) = (call.place.clone(), call.manner);
                    let args = Args::supplied(Supplied {
                        call,
                        function,
                        site,
                    });
                    self.call_with(&callee, &args, place, manner, &passed);
                }
            }
        }
    }

    /// Follows a value no further.
    fn give_up(&mut self, leaf: &Leaf<'p>) {
        match &leaf.watched {
            Some(watched) => watched.open(),
            None => {
                let spot = leaf.location.spot();
                self.progress.arrivals.give_up(leaf.clone(), spot);
            }
        }
    }

    pub(super) fn fill_leaf(
        &mut self,
        leaf: &Leaf<'p>,
        function: FnRef,
        site: &Site,
        passed: &Passed,
    ) {
        // A function that calls itself hands on what it got.
        if passed.len() > MAX_CHAIN || passed.contains(&function) {
            return;
        }
        if !self.evaluator.chooses(&leaf.chosen, &site.frames) {
            return;
        }
        if let Some(each) = self.evaluator.one_by_one(leaf, function, &site.frames) {
            for frames in each {
                self.fill_leaf(leaf, function, &site.with(frames), passed);
            }
            return;
        }
        let Some(further) = self.conditions(leaf, function, site) else {
            return;
        };
        let Some(receiver) = self.receiver(leaf, site) else {
            return;
        };
        let kept = keeper(&leaf.value).zip(site.holder);
        if kept.is_some_and(|(keeper, called)| self.evaluator.is_of_another(keeper, called)) {
            return;
        }
        let mut value = self.evaluator.substitute(&leaf.value, &site.frames);
        if site.is_of_wrapper && !fits(&value) {
            return;
        }
        if let Some((keeper, called)) = kept
            && called.made.is_none()
        {
            value = self.evaluator.still_kept(called, keeper, value);
        }
        let sender = leaf.sender.or_else(|| {
            let sender = self.evaluator.sender(leaf, function, site)?;
            self.progress.worklist.count_calls(sender.method);
            Some(sender)
        });
        let mut chain = vec![self.handed_over(function, site)];
        chain.extend(leaf.chain.iter().cloned());
        let event = self.evaluator.substitute(&leaf.event, &site.frames);
        let fetched = match self.is_fetched(&leaf.value, &site.frames) {
            Some(false) => None,
            Some(true) if leaf.fetched.is_none() => {
                Some((leaf.location.clone(), Rc::clone(&leaf.chain)))
            }
            _ => leaf.fetched.clone(),
        };
        let group = self.evaluator.substitute(&leaf.group, &site.frames);
        // Whoever calls the object from outside supplies what its classes send.
        let dispatched = match &leaf.dispatched {
            _ if receiver.is_none() => None,
            None if self.is_of_class_below(function, site) => {
                Some(Rc::new((leaf.location.clone(), Rc::clone(&leaf.chain))))
            }
            known => known.clone(),
        };
        let next = Leaf {
            fetched,
            dispatched,
            event,
            group,
            value,
            receiver,
            sender,
            chosen: leaf.chosen.with(&site.chosen),
            handed_on: leaf.handed_on + usize::from(is_handed_on(leaf)),
            further,
            location: site.place.clone(),
            chain: Rc::new(chain),
            ..leaf.clone()
        };
        if site.is_of_wrapper && self.is_told(&next) {
            self.progress.told.insert(asked(leaf, function));
        }
        self.settle(next, &passing(passed, function));
    }

    /// Whether a value that is read from what a method of a parameter gives (`(await db.from('users').single()).email`) is read
    /// from what no function of the program gives, or from the store of which the function that reads it makes a part
    /// (`get().email`); none if it is no such value.
    fn is_fetched(&self, value: &V, frames: &Frames) -> Option<bool> {
        let Value::Data(data) = &**unconditional(value) else {
            return None;
        };
        let is_key = |step: &Step| matches!(step, Step::Key(_));
        let called = data.steps.iter().position(Step::is_result)?;
        let (callee, read) = data.steps.split_at(called);
        if !read.iter().any(is_key) || !matches!(data.root, Root::Param(..)) {
            return None;
        }
        let called = V::new(Value::Data(Data {
            steps: callee.into(),
            ty: None,
            ..data.clone()
        }));
        let called = self.evaluator.substitute(&called, frames);
        let mut called = called.alternatives().iter();
        match callee {
            [] => called
                .all(|it| matches!(&**it, Value::Data(getter) if self.evaluator.own_state(getter).is_some()))
                .then_some(true),
            _ if callee.iter().any(is_key) => {
                Some(called.all(|it| matches!(&**it, Value::Data(_))))
            }
            _ => None,
        }
    }

    /// The conditions on a leaf that are left for further callers; none if it does not come along this call.
    fn conditions(&self, leaf: &Leaf<'p>, function: FnRef, site: &Site) -> Option<Rc<[Further]>> {
        let at = leaf.location.span;
        let mut added = None;
        if leaf.location.file == function.file {
            let value = Some(&leaf.value);
            let told = (self.evaluator).reaches(function, at, &site.frames, value);
            if told == Some(false) {
                return None;
            }
            if told.is_none() {
                let ask = || self.evaluator.further(function, at, &site.frames);
                added = site.answers.at(at, ask);
            }
        }
        if leaf.further.is_empty() && added.is_none() {
            return Some(Rc::clone(&leaf.further));
        }
        let said = (&site.frames, &site.answers);
        let open = (self.evaluator).still_open(&leaf.further, said, added)?;
        Some(open.into())
    }

    fn is_reached(&self, function: FnRef, at: &Place, site: &Site, value: Option<&V>) -> bool {
        at.file != function.file
            || (self.evaluator).is_reached(function, at.span, &site.frames, value)
    }

    fn handed_over(&self, function: FnRef, site: &Site) -> Hop {
        let facts = self.evaluator.program.facts(function.file);
        let name = facts.function(function.function).name.clone();
        let name = name.unwrap_or_else(|| Name::const_new("a function"));
        Hop {
            place: site.place.clone(),
            note: format!("handed to `{name}`"),
        }
    }

    /// The arguments of a call whose callee another call supplies as well.
    fn supplied_args(&self, supplied: &Supplied) -> Vec<V> {
        let Supplied {
            call,
            function,
            site,
        } = supplied;
        let frames = site
            .supplied
            .get_or_init(|| self.supplied_by(*function, site));
        let args = self.args(&call.args).iter();
        args.map(|arg| self.evaluator.substitute(arg, frames))
            .collect()
    }

    /// The arguments of a call that supplies both a callee and what the callee gets: a value remembers that it comes from
    /// there, since what is called next is called elsewhere.
    fn supplied_by(&self, function: FnRef, site: &Site) -> Frames {
        if site.is_element {
            return site.frames.clone();
        }
        let supply = Supply::by(Rc::new(self.handed_over(function, site)));
        site.frames.map(|known, args| match known == function {
            true => supply.mark_all(&args),
            false => args,
        })
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
        let around = self.function_around(&site.place);
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

    /// The function in which a place is.
    fn function_around(&self, place: &Place) -> &'p Function {
        let facts = self.evaluator.program.facts(place.file);
        facts.function(function_at(facts, place.span))
    }

    /// Whether a method is one of a class below that whose method calls it.
    fn is_of_class_below(&self, function: FnRef, site: &Site) -> bool {
        let around = self.function_around(&site.place).class;
        let declared = self.evaluator.program.facts(function.file);
        let own = declared.function(function.function).class;
        let (Some(around), Some(own)) = (around, own) else {
            return false;
        };
        let (around, own) = ((site.place.file, around), (function.file, own));
        around != own && self.evaluator.is_below(own, around)
    }

    /// Follows all that was read until nothing is left to follow.
    pub(super) fn settle_calls(&mut self) {
        self.drain();
        self.turn_outward();
        self.look_further_down();
    }

    /// All that was found.
    pub(super) fn finish(mut self) -> Flows {
        // What nobody calls waits no longer once it is settled.
        let mut cut = self.progress.worklist.take_cut();
        self.settle_uncalled();
        cut.append(&mut self.progress.worklist.take_cut());
        for (bound, spot) in cut {
            self.evaluator.shapes.bounds.hit(bound, spot);
        }
        let mut flows = self.progress.arrivals.flows(self.evaluator);
        flows.bounds = self.evaluator.shapes.bounds.notes(self.evaluator.program);
        flows.notes.extend(self.progress.effort.note());
        flows
    }
}

/// Whether a value is a message as a whole, or one that its callers are watched for, which the function around hands on as it got
/// it: as a parameter, or as one of its named ones (`({ message }) => show({ text: message })`).
fn is_handed_on(leaf: &Leaf<'_>) -> bool {
    let is_whole = match &**unconditional(&leaf.value) {
        Value::Data(data) => matches!(&*data.steps, [] | [Step::Key(_)]),
        _ => false,
    };
    let is_told_whole = matches!(leaf.role, Role::Message | Role::Content);
    is_whole && !leaf.in_text && (is_told_whole || leaf.watched.is_some())
}
