//! Which values wait for which calls.
//!
//! In: the calls of each function, and the values and calls that depend on its parameters. Out: each pair of the two once,
//! in the order in which they were found. It leaves alone what a call makes of a value (`propagate`).

use std::cell::OnceCell;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use ecow::EcoVec;
use rustc_hash::{FxHashMap, FxHashSet};

use super::alike::{Alike, unconditional};
use super::arguments::Args;
use super::bounds::Bound;
use super::carried::{Carried, CarriedCalls, Following, Pair, Question};
use super::chosen::Chosen;
use super::delivery::Place;
use super::further::Answers;
use super::payload::Leaf;
use super::same::Holder;
use super::sinks::Manner;
use super::value::{FnRef, Frames, Instance, Spot, V, Value};
use crate::facts::Name;
use crate::ruleset::schema::Role;
use crate::source::{FileId, Span};

/// A call whose callee is handed down through components is followed along this many ways; the ways differ in what else is
/// handed down, and multiply with every component between.
const MAX_WAYS: usize = 6;
/// The same call may be reached once for each way in which its callee is filled in, but not without end: what is beyond that is
/// reached once for all, as the call is written.
const MAX_SAME: usize = 4;
/// The same for what is called by what one place sends for all who hand it something.
const MAX_SENT: usize = 200;
/// A function that is called from more places than this is followed to no more of them.
const MAX_SITES: usize = 5_000;

/// The same value is followed under so many conditions, and then under any.
const MAX_CONDITIONS: usize = 4;

/// What is handed to one place under one key may be one of so many values of a function's callers, and no more.
const MAX_CROWD: usize = 400;

/// A place from which something is handed to a vendor call under a key.
#[derive(PartialEq, Eq, Hash)]
struct Handing {
    vendor: usize,
    sink: Spot,
    role: Role,
    key: Vec<Name>,
    from: Spot,
    function: FnRef,
}

/// The ways on which a value came that waits.
#[derive(Default)]
struct Ways {
    /// How many functions the shortest leads through on which it is there under any condition.
    shortest: Option<usize>,
    /// On how many it is there under a condition.
    conditional: usize,
}

/// One call of a function of the program.
pub(super) struct Site {
    pub frames: Frames,
    pub place: Place,
    /// The object whose method is called.
    pub receiver: Option<Instance>,
    /// What is known of that object.
    pub holder: Option<Holder>,
    /// What was chosen on the way to it.
    pub chosen: Chosen,
    /// It is an element, and the component reads its props by itself.
    pub is_element: bool,
    /// What one place sends for others calls it.
    pub is_sent: bool,
    /// It calls what a package's function made of the function.
    pub is_of_wrapper: bool,
    /// The same arguments, known to be supplied by this call; made when they are first asked for.
    pub supplied: OnceCell<Frames>,
    /// What it says of conditions, as far as that was asked.
    pub answers: Answers,
}

impl Site {
    /// A call of what is no method.
    pub(super) fn new(frames: Frames, place: &Place) -> Self {
        Self {
            frames,
            place: place.clone(),
            receiver: None,
            holder: None,
            chosen: Chosen::default(),
            is_element: false,
            is_sent: false,
            is_of_wrapper: false,
            supplied: OnceCell::new(),
            answers: Answers::default(),
        }
    }

    /// The same call with other arguments.
    pub(super) fn with(&self, frames: Frames) -> Self {
        Self {
            frames,
            place: self.place.clone(),
            receiver: self.receiver.clone(),
            holder: self.holder,
            chosen: self.chosen.clone(),
            is_element: self.is_element,
            is_sent: self.is_sent,
            is_of_wrapper: self.is_of_wrapper,
            supplied: OnceCell::new(),
            answers: Answers::default(),
        }
    }
}

/// A call whose callee is not known before a parameter is.
#[derive(Clone)]
pub(super) struct Deferred {
    pub callee: V,
    pub args: Args,
    pub place: Place,
    pub manner: Manner,
    pub passed: Passed,
}

/// The functions through which a value has come, so that recursion ends.
pub(super) type Passed = Rc<Vec<FnRef>>;

/// With one more function.
pub(super) fn passing(passed: &Passed, function: FnRef) -> Passed {
    let mut next = Vec::clone(passed);
    next.push(function);
    Rc::new(next)
}

/// A value or call that waits for a function's callers.
#[derive(Clone)]
pub(super) enum Waiting<'p> {
    Leaf(Rc<Leaf<'p>>, Passed),
    Call(Rc<Deferred>),
    /// A call that starts an SDK with options that callers say; what it hands over waits by itself.
    Start(Rc<Deferred>),
}

/// Functions whose callers matter.
pub(super) type Open = FxHashSet<FnRef>;

/// Pairs calls with what waits for them.
#[derive(Default)]
pub(super) struct Worklist<'p> {
    sites: FxHashMap<FnRef, Vec<Rc<Site>>>,
    site_keys: FxHashSet<(FnRef, Span, FileId, usize)>,
    waiting: FxHashMap<FnRef, Vec<Waiting<'p>>>,
    /// What waits for those callers alone who supply something that can be called.
    carried: CarriedCalls,
    /// What is known of values that are like others.
    alike: FxHashMap<Alike, Ways>,
    /// How many values wait that are handed over from one place.
    crowds: FxHashMap<Handing, usize>,
    /// Values that are like one that waits.
    twins: FxHashMap<FnRef, Vec<Waiting<'p>>>,
    ways: FxHashMap<(FnRef, FileId, Span, EcoVec<Name>), usize>,
    queue: VecDeque<(Waiting<'p>, FnRef, Rc<Site>)>,
    /// Functions for which something waits, and nobody has looked for their calls since.
    awakened: VecDeque<FnRef>,
    pub open: Open,
    /// Functions whose calls count, whether or not anything waits for them.
    counted: FxHashSet<FnRef>,
    /// What was too much to follow.
    cut: BTreeSet<(Bound, Spot)>,
}

impl<'p> Worklist<'p> {
    /// Adds a call of a function. Whether it was still added, after others that stand at the same place.
    pub(super) fn add_site(&mut self, target: FnRef, site: Site) -> bool {
        let place = &site.place;
        let most = if site.is_sent { MAX_SENT } else { MAX_SAME };
        let key = (0..most)
            .map(|nth| (target, place.span, place.file, nth))
            .find(|key| !self.site_keys.contains(key));
        if let Some(key) = key {
            self.site_keys.insert(key);
            self.add_new_site(target, site);
        }
        key.is_some()
    }

    /// Adds one call of a function for all that stand at the same place beyond those that were added one by one.
    pub(super) fn add_site_of_others(&mut self, target: FnRef, site: Site) {
        let place = &site.place;
        let key = (target, place.span, place.file, usize::MAX);
        if self.site_keys.insert(key) {
            self.add_new_site(target, site);
        }
    }

    /// Remembers that a callee is not followed along all its ways.
    pub(super) fn cut_ways(&mut self, place: &Place) {
        self.cut.insert((Bound::Ways, place.spot()));
    }

    fn add_new_site(&mut self, target: FnRef, site: Site) {
        if self.sites.get(&target).map_or(0, Vec::len) > MAX_SITES {
            self.cut.insert((Bound::Sites, site.place.spot()));
            return;
        }
        let site = Rc::new(site);
        self.sites.entry(target).or_default().push(Rc::clone(&site));
        self.carried.add_site(target, &site);
        for waiting in self.waiting.get(&target).cloned().unwrap_or_default() {
            self.queue.push_back((waiting, target, Rc::clone(&site)));
        }
    }

    /// Adds a call that waits for the callers of a function.
    pub(super) fn defer(&mut self, call: Deferred, function: FnRef) {
        self.wait(Waiting::Call(Rc::new(call)), function);
    }

    /// Adds a call of what a parameter carries.
    pub(super) fn defer_carried(&mut self, call: Deferred, carried: Carried) {
        let function = carried.function;
        if !self.is_another_way(&call, function) {
            return;
        }
        self.awaken_for(function);
        let sites = self.sites.get(&function).map_or(&[][..], Vec::as_slice);
        let pairs = self.carried.add(carried, call, sites);
        self.pair(pairs);
    }

    /// Of how many functions it is asked what their callers supply.
    pub(super) fn functions_asked(&self) -> usize {
        self.carried.functions()
    }

    /// A caller of whom it is to be said what it supplies.
    pub(super) fn next_question(&mut self) -> Option<Question> {
        self.carried.next()
    }

    /// Learns that a caller supplies what a parameter of its own function carries.
    pub(super) fn follows(&mut self, question: &Question, carried: Carried, callee: &V) {
        if !self.carried.leads_on(question, &carried) {
            return;
        }
        let function = carried.function;
        self.awaken_for(function);
        let following = Following {
            carried,
            callee,
            sites: self.sites.get(&function).map_or(&[][..], Vec::as_slice),
        };
        let pairs = self.carried.follows(question, following);
        self.pair(pairs);
    }

    /// Learns that a caller supplies something that can be called.
    pub(super) fn supplies(&mut self, question: &Question) {
        let pairs = self.carried.supplies(question);
        self.pair(pairs);
    }

    fn pair(&mut self, pairs: Vec<Pair>) {
        let pairs = pairs.into_iter();
        (self.queue)
            .extend(pairs.map(|(call, function, site)| (Waiting::Call(call), function, site)));
    }

    /// Whether a call is followed along one more way.
    fn is_another_way(&mut self, call: &Deferred, function: FnRef) -> bool {
        let path = match &*call.callee {
            Value::Data(data) => data.path.clone(),
            _ => EcoVec::new(),
        };
        let key = (function, call.place.file, call.place.span, path);
        let ways = self.ways.entry(key).or_default();
        *ways += 1;
        let is_another = *ways <= MAX_WAYS;
        if !is_another {
            self.cut_ways(&call.place);
        }
        is_another
    }

    /// Has the calls of a function looked for, unless they were.
    fn awaken_for(&mut self, function: FnRef) {
        if !self.waiting.contains_key(&function) && !self.carried.has(function) {
            self.awakened.push_back(function);
        }
    }

    /// Adds a vendor call of which the callers of a function say which one it is.
    pub(super) fn ask(&mut self, call: Deferred, function: FnRef) {
        self.open.insert(function);
        self.defer(call, function);
    }

    /// Whether too many values wait already that one place hands over under the key of a value, which counts as one more.
    pub(super) fn is_crowded(&mut self, leaf: &Leaf<'p>, function: FnRef) -> bool {
        let handing = Handing {
            vendor: leaf.vendor,
            sink: leaf.sink.spot(),
            role: leaf.role,
            key: leaf.key.clone(),
            from: leaf.location.spot(),
            function,
        };
        let crowd = self.crowds.entry(handing).or_default();
        *crowd += 1;
        *crowd > MAX_CROWD
    }

    /// Adds a value that waits for the callers of a function. One that is like another which came no longer a way only counts
    /// where nobody that is seen calls the function. Conditions tell values apart, until there are too many: then it is there
    /// under any.
    pub(super) fn wait_with(
        &mut self,
        leaf: Leaf<'p>,
        passed: &Passed,
        function: FnRef,
        alike: Option<Alike>,
    ) {
        let mut leaf = leaf;
        if let Some(alike) = alike {
            let known = self.alike.entry(alike).or_default();
            if known.shortest.is_some_and(|length| length <= passed.len()) {
                if let Some(watched) = &leaf.watched {
                    watched.open();
                    return;
                }
                let twin = Waiting::Leaf(Rc::new(leaf), Rc::clone(passed));
                self.twins.entry(function).or_default().push(twin);
                return;
            }
            if matches!(&*leaf.value, Value::When(..)) {
                known.conditional += 1;
            }
            if known.conditional > MAX_CONDITIONS {
                leaf.value = unconditional(&leaf.value).clone();
            }
            if !matches!(&*leaf.value, Value::When(..)) {
                known.shortest = Some(passed.len());
            }
        }
        self.wait(Waiting::Leaf(Rc::new(leaf), Rc::clone(passed)), function);
    }

    /// Adds what waits for the callers of a function.
    pub(super) fn wait(&mut self, waiting: Waiting<'p>, function: FnRef) {
        // Whoever hands a vendor's client or a wrapper to a function names it, and is read for that; only a value that
        // waits, or a message that somebody may listen for, makes the function itself one whose callers have to be found.
        match &waiting {
            Waiting::Leaf(..) | Waiting::Start(_) => {
                self.open.insert(function);
            }
            Waiting::Call(call) => {
                if matches!(call.manner, Manner::Emit | Manner::Dispatch) {
                    self.open.insert(function);
                }
                if !self.is_another_way(call, function) {
                    return;
                }
            }
        }
        for site in self.sites.get(&function).cloned().unwrap_or_default() {
            self.queue.push_back((waiting.clone(), function, site));
        }
        self.awaken_for(function);
        self.waiting.entry(function).or_default().push(waiting);
    }

    /// Keeps the calls of a function although nothing waits for them.
    pub(super) fn count_calls(&mut self, function: FnRef) {
        if self.counted.insert(function) {
            self.open.insert(function);
            self.awaken_for(function);
        }
    }

    /// The calls of a function.
    pub(super) fn sites(&self, function: FnRef) -> impl Iterator<Item = &Rc<Site>> {
        self.sites.get(&function).into_iter().flatten()
    }

    /// A function for which something waits by now; each is given once.
    pub(super) fn awaken(&mut self) -> Option<FnRef> {
        self.awakened.pop_front()
    }

    /// What waited for a function, and a call of it.
    pub(super) fn next(&mut self) -> Option<(Waiting<'p>, FnRef, Rc<Site>)> {
        self.queue.pop_front()
    }

    /// What was too much to follow, as far as it may have led to a vendor: at its place something is called whose callers
    /// matter.
    pub(super) fn take_cut(&mut self) -> BTreeSet<(Bound, Spot)> {
        let keys = self.site_keys.iter();
        let awaited = keys.filter(|(target, ..)| self.is_awaited(*target));
        let places: FxHashSet<(FileId, Span)> =
            awaited.map(|(_, span, file, _)| (*file, *span)).collect();
        let mut cut = std::mem::take(&mut self.cut);
        cut.retain(|(_, spot)| places.contains(&(spot.file, spot.span)));
        cut
    }

    /// Gives up the pairs that are left, and says which values they would have filled in.
    pub(super) fn give_up(&mut self) -> Vec<Rc<Leaf<'p>>> {
        let left = self.queue.drain(..);
        left.filter_map(|(waiting, ..)| match waiting {
            Waiting::Leaf(leaf, _) => Some(leaf),
            Waiting::Call(_) | Waiting::Start(_) => None,
        })
        .collect()
    }

    /// Whether anything waits for the callers of a function.
    pub(super) fn is_awaited(&self, function: FnRef) -> bool {
        self.waiting.contains_key(&function)
            || self.carried.has(function)
            || self.counted.contains(&function)
    }

    /// Whether anything that is seen calls a function itself, and not what a package made of it.
    fn is_called(&self, function: FnRef) -> bool {
        self.sites(function).any(|site| !site.is_of_wrapper)
    }

    /// What waits for functions that nothing calls, or nothing that is seen alone.
    pub(super) fn take_uncalled(&mut self, escaped: &BTreeSet<FnRef>) -> Vec<(FnRef, Waiting<'p>)> {
        let waiting = self.waiting.keys().copied();
        let mut functions: Vec<FnRef> = waiting
            .filter(|it| !self.is_called(*it) || escaped.contains(it))
            .collect();
        functions.sort_unstable();
        let mut found = Vec::new();
        for function in functions {
            let waiting = self.waiting.remove(&function).unwrap_or_default();
            let twins = self.twins.remove(&function).unwrap_or_default();
            found.extend(waiting.into_iter().chain(twins).map(|it| (function, it)));
        }
        found
    }
}
