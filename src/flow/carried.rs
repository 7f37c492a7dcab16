//! Which callers supply something that can be called where a function calls what a parameter carries.
//!
//! In: calls of what is read from a parameter (`db.users.find(…)`), and the calls of the function whose parameter it is. Out:
//! the written calls together with those callers alone that supply a function, a client or a class there, by themselves
//! or by a parameter of their own for which one of their callers does. It leaves alone what a call makes of what it is
//! filled into (`propagate`).
//!
//! A class keeps a database handle and calls it at a thousand places, and is made at hundreds: filling each of those calls in for
//! each of its makers says a hundred thousand times that the handle is nothing of the program. So each caller is asked
//! once for each way from the parameter, however many calls are read on that way.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use ecow::EcoVec;
use rustc_hash::FxHashMap;

use super::calls::may_matter;
use super::propagate::Propagation;
use super::settle::MAX_CHAIN;
use super::value::{FnRef, Root, Step, V, Value};
use super::worklist::{Deferred, Site};
use super::wrapped::{makes, runs};

/// What is read from a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Carried {
    pub function: FnRef,
    parameter: u32,
    steps: EcoVec<Step>,
}

impl Eq for Carried {}

impl Hash for Carried {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.function, self.parameter, self.steps.len()).hash(state);
        for step in &self.steps {
            if let Step::Key(name) = step {
                name.hash(state);
            }
        }
    }
}

/// A client is handed over not much deeper than this inside of something.
const MAX_STEPS: usize = 6;
/// It is made by no more calls than this of what is handed over. What is deeper is a record or a query that is built.
const MAX_RESULTS: usize = 2;

/// Whether a way is longer than any to a client.
pub(super) fn is_too_far(carried: &Carried) -> bool {
    let results = carried.steps.iter().filter(|step| step.is_result()).count();
    carried.steps.len() > MAX_STEPS || results > MAX_RESULTS
}

/// Which way from which parameter a value is, if that is all that is known of it.
pub(super) fn carried(value: &V) -> Option<Carried> {
    let Value::Data(data) = &**value else {
        return None;
    };
    let Root::Param(function, parameter) = data.root else {
        return None;
    };
    let is_more = runs(value).next().is_some() || makes(value).next().is_some();
    (!is_more).then(|| Carried {
        function,
        parameter,
        steps: data.steps.iter().map(without_plain_arguments).collect(),
    })
}

/// A step that does not tell apart what it is called with, unless that may say what is called.
fn without_plain_arguments(step: &Step) -> Step {
    match step {
        Step::Result(handed) if !handed.args().iter().any(may_matter) => Step::LaterResult,
        _ => step.clone(),
    }
}

/// Calls of one way from one parameter.
struct Way {
    function: FnRef,
    /// A callee that is read on this way.
    callee: V,
    /// The functions that hand on to others what is called, on all paths from such a call; what a function hands to itself is no
    /// more than what it got.
    passed: Vec<FnRef>,
    calls: Vec<Rc<Deferred>>,
    /// Callers that supply something that can be called.
    suppliers: Vec<Rc<Site>>,
    /// Callers of others that do as soon as somebody supplies it here.
    followers: Vec<(WayId, Rc<Site>)>,
}

type WayId = usize;

/// A caller of whom it is not known yet what it supplies.
pub(super) struct Question {
    way: WayId,
    pub callee: V,
    pub site: Rc<Site>,
}

/// What answers a question with another: a parameter of the function in which the call stands, and the callers of that function
/// so far.
pub(super) struct Following<'a> {
    pub carried: Carried,
    pub callee: &'a V,
    pub sites: &'a [Rc<Site>],
}

/// A call that is to be filled in by a caller.
pub(super) type Pair = (Rc<Deferred>, FnRef, Rc<Site>);

/// All calls of what parameters carry.
#[derive(Default)]
pub(super) struct CarriedCalls {
    ids: FxHashMap<Carried, WayId>,
    ways: Vec<Way>,
    by_function: FxHashMap<FnRef, Vec<WayId>>,
    questions: VecDeque<Question>,
}

impl CarriedCalls {
    /// Whether anything that is read from a parameter of a function is called.
    pub(super) fn has(&self, function: FnRef) -> bool {
        self.by_function.contains_key(&function)
    }

    /// Adds a call, with the callers that its function has so far; those that it is to be filled in by.
    pub(super) fn add(
        &mut self,
        carried: Carried,
        call: Deferred,
        sites: &[Rc<Site>],
    ) -> Vec<Pair> {
        let following = Following {
            carried,
            callee: &call.callee,
            sites,
        };
        let way = self.way(following, &[]);
        let way = &mut self.ways[way];
        let call = Rc::new(call);
        way.calls.push(Rc::clone(&call));
        let suppliers = way.suppliers.iter();
        suppliers
            .map(|site| (Rc::clone(&call), way.function, Rc::clone(site)))
            .collect()
    }

    fn way(&mut self, following: Following<'_>, passed: &[FnRef]) -> WayId {
        let Following {
            carried,
            callee,
            sites,
        } = following;
        if let Some(&id) = self.ids.get(&carried) {
            let way = &mut self.ways[id];
            if way.passed.iter().any(|it| !passed.contains(it)) {
                way.passed.retain(|it| passed.contains(it));
                self.ask_all(id, sites);
            }
            return id;
        }
        let id = self.ways.len();
        let function = carried.function;
        self.ids.insert(carried, id);
        self.by_function.entry(function).or_default().push(id);
        self.ways.push(Way {
            function,
            callee: callee.clone(),
            passed: passed.to_vec(),
            calls: Vec::new(),
            suppliers: Vec::new(),
            followers: Vec::new(),
        });
        self.ask_all(id, sites);
        id
    }

    fn ask_all(&mut self, way: WayId, sites: &[Rc<Site>]) {
        for site in sites {
            self.ask(way, site);
        }
    }

    fn ask(&mut self, way: WayId, site: &Rc<Site>) {
        self.questions.push_back(Question {
            way,
            callee: self.ways[way].callee.clone(),
            site: Rc::clone(site),
        });
    }

    /// Adds a caller of a function, to be asked what it supplies.
    pub(super) fn add_site(&mut self, function: FnRef, site: &Rc<Site>) {
        for way in self.by_function.get(&function).cloned().unwrap_or_default() {
            self.ask(way, site);
        }
    }

    /// How many functions have callers that are asked.
    pub(super) fn functions(&self) -> usize {
        self.by_function.len()
    }

    /// A caller of whom it is not known yet what it supplies.
    pub(super) fn next(&mut self) -> Option<Question> {
        self.questions.pop_front()
    }

    /// Whether it is asked on what a parameter carries of the function that a caller stands in.
    pub(super) fn leads_on(&self, question: &Question, carried: &Carried) -> bool {
        let asked = &self.ways[question.way];
        !is_too_far(carried)
            && asked.passed.len() < MAX_CHAIN
            && asked.function != carried.function
            && !asked.passed.contains(&carried.function)
    }

    /// Learns that a caller supplies what a parameter carries of the function that it stands in, which leads on.
    pub(super) fn follows(&mut self, question: &Question, following: Following<'_>) -> Vec<Pair> {
        let asked = &self.ways[question.way];
        let mut passed = asked.passed.clone();
        passed.push(asked.function);
        let way = self.way(following, &passed);
        if !self.ways[way].suppliers.is_empty() {
            return self.supplies(question);
        }
        let follower = (question.way, Rc::clone(&question.site));
        self.ways[way].followers.push(follower);
        Vec::new()
    }

    /// Learns that a caller supplies something that can be called, and with it those who hand on what it supplies.
    pub(super) fn supplies(&mut self, question: &Question) -> Vec<Pair> {
        let mut pairs = Vec::new();
        let mut open = vec![(question.way, Rc::clone(&question.site))];
        while let Some((way, site)) = open.pop() {
            let way = &mut self.ways[way];
            if way.suppliers.iter().any(|known| Rc::ptr_eq(known, &site)) {
                continue;
            }
            let calls = way.calls.iter();
            pairs.extend(calls.map(|call| (Rc::clone(call), way.function, Rc::clone(&site))));
            way.suppliers.push(site);
            open.append(&mut way.followers);
        }
        pairs
    }
}

impl Propagation<'_, '_> {
    /// Lets a call wait for the callers of a function.
    pub(super) fn defer(&mut self, call: Deferred, function: FnRef) {
        match carried(&call.callee).filter(|_| !self.is_request(&call.callee)) {
            Some(carried) if is_too_far(&carried) => {}
            Some(carried) => self.progress.worklist.defer_carried(call, carried),
            None => self.progress.worklist.defer(call, function),
        }
    }

    /// Says whether a caller supplies something that can be called.
    pub(super) fn answer(&mut self, question: &Question) {
        let supplied = (self.evaluator).substitute(&question.callee, &question.site.frames);
        if self.is_request(&supplied) {
            self.progress.worklist.supplies(question);
            return;
        }
        for callee in supplied.alternatives() {
            match carried(callee) {
                Some(carried) => self.progress.worklist.follows(question, carried, callee),
                None if may_matter(callee) => self.progress.worklist.supplies(question),
                None => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{FunctionId, Name};
    use crate::flow::arguments::Args;
    use crate::flow::delivery::Place;
    use crate::flow::sinks::Manner;
    use crate::flow::value::{Data, Frames, Spot};
    use crate::flow::worklist::Passed;
    use crate::source::{FileId, Span};

    fn function(number: u32) -> FnRef {
        FnRef {
            file: FileId(0),
            function: FunctionId(number),
        }
    }

    fn read(number: u32, keys: &[&str]) -> V {
        let spot = Spot {
            file: FileId(0),
            span: Span { start: 0, end: 1 },
        };
        let keys = keys.iter().map(|key| Step::Key(Name::new(key)));
        V::new(Value::Data(Data {
            steps: keys.collect(),
            ..Data::new(Root::Param(function(number), 0), spot)
        }))
    }

    fn place() -> Place {
        Place {
            file: FileId(0),
            span: Span { start: 0, end: 1 },
            symbol: None,
        }
    }

    fn caller() -> Rc<Site> {
        Rc::new(Site::new(Frames::default(), &place()))
    }

    fn call(callee: &V) -> Deferred {
        Deferred {
            callee: callee.clone(),
            args: Args::known(Vec::new()),
            place: place(),
            manner: Manner::Call,
            passed: Passed::default(),
        }
    }

    fn way(callee: &V) -> Carried {
        carried(callee).expect("it is read from a parameter")
    }

    #[test]
    fn a_call_waits_until_somebody_far_out_supplies_its_callee() {
        let mut calls = CarriedCalls::default();
        let (inner, outer) = (read(1, &["log"]), read(2, &["tools", "log"]));
        let (from_outer, from_out) = (caller(), caller());
        let sites = [Rc::clone(&from_outer)];
        assert!(calls.add(way(&inner), call(&inner), &sites).is_empty());

        let asked = calls.next().expect("the caller is asked");
        let outer = Following {
            carried: way(&outer),
            callee: &outer,
            sites: &[from_out],
        };
        assert!(
            calls.follows(&asked, outer).is_empty(),
            "nobody supplies it"
        );

        let asked = calls.next().expect("the caller's caller is asked");
        let pairs = calls.supplies(&asked);
        let [(_, filled, by)] = pairs.as_slice() else {
            panic!("the one call is filled in once, and not {}", pairs.len());
        };
        assert_eq!(*filled, function(1));
        assert!(Rc::ptr_eq(by, &from_outer), "by its own caller");
        assert!(calls.next().is_none());

        let later = calls.add(way(&inner), call(&inner), &sites);
        assert_eq!(later.len(), 1, "what comes later is filled in at once");
    }

    #[test]
    fn what_a_function_hands_to_itself_is_not_asked_for() {
        let mut calls = CarriedCalls::default();
        let callee = read(1, &["log"]);
        let sites = [caller()];
        calls.add(way(&callee), call(&callee), &sites);
        let asked = calls.next().expect("the caller is asked");
        let next = read(1, &["next", "log"]);
        assert!(
            !calls.leads_on(&asked, &way(&next)),
            "the way would grow without end"
        );
        let other = read(2, &["next", "log"]);
        assert!(calls.leads_on(&asked, &way(&other)));
    }

    #[test]
    fn a_record_deep_inside_is_no_client() {
        assert!(!is_too_far(&way(&read(
            1,
            &["a", "b", "c", "d", "e", "track"]
        ))));
        assert!(is_too_far(&way(&read(
            1,
            &["a", "b", "c", "d", "e", "f", "map"]
        ))));
    }
}
