//! Requests that the app sends to its own server, where the tree holds what answers them.
//!
//! In: functions that are registered for a path (`app.post('/api/feedback', …)`) or stand in a file whose place is one
//! (`app/api/feedback/route.ts`), or are methods of a class with decorators (`controllers`), and requests to such a path. Out: calls of these functions with what the request brings, at the
//! place where it is sent. It leaves alone requests to others (`requests`).
//!
//! What else calls such a function is not seen, so what it reads counts by its names as well.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::controllers::Taken;
use super::delivery::Place;
use super::effects::decoded;
use super::evaluate::Evaluator;
use super::expressions::text;
use super::listeners::Listeners;
use super::object::Object;
use super::propagate::Propagation;
use super::requests::{read_parts, read_text};
use super::routers::{made_at, router_of};
use super::sinks::Manner;
use super::stores::computed;
use super::value::{FnRef, Spot, V, Value};
use super::worklist::Passed;
use crate::facts::{Expr, ExprId, FileFacts, Item, Literal, Name};
use crate::ruleset::schema::{Serving, ServingFile};
use crate::source::FileId;

/// A path that more functions than this answer tells nothing.
const MAX_SERVING: usize = 3;

/// A function that answers requests.
#[derive(Clone)]
pub(super) struct Route {
    path: Vec<Name>,
    function: V,
    /// The router that it is registered with, by where that is made.
    pub on: Option<Spot>,
    /// It is that of a router, below what the router is mounted at.
    is_mounted: bool,
    /// What its parameters are of the request; without it, the first is the request.
    takes: Option<Rc<[Taken]>>,
}

impl Route {
    /// The same, mounted below a path.
    pub(super) fn below(&self, above: &[Name]) -> Self {
        Self {
            path: [above, &self.path].concat(),
            is_mounted: true,
            ..self.clone()
        }
    }

    /// The arguments for a request.
    fn arguments(&self, evaluator: &Evaluator<'_>, request: &V, spot: Spot) -> Vec<V> {
        match &self.takes {
            Some(takes) => {
                let takes = takes.iter();
                takes.map(|it| it.of(evaluator, request, spot)).collect()
            }
            None => vec![request.clone()],
        }
    }
}

impl Listeners {
    /// A function that a call registers for a path.
    pub(super) fn read_route(
        &mut self,
        evaluator: &Evaluator<'_>,
        file: FileId,
        facts: &FileFacts,
        (callee, args): (ExprId, &[Item]),
    ) {
        let (Expr::Member { object, name, .. }, [Item::Value(path), .., Item::Value(last)]) =
            (facts.expr(callee), args)
        else {
            return;
        };
        let serving = evaluator.library.serving;
        let is_mounting = lists(&serving.mounting, name);
        if !is_mounting && !lists(&serving.methods, name) {
            return;
        }
        let Expr::Literal(Literal::String(path)) = facts.expr(*path) else {
            return;
        };
        if !path.starts_with('/') {
            return;
        }
        let on = || made_at(&evaluator.expr(file, *object));
        if is_mounting && let Some(router) = router_of(evaluator, file, *last) {
            self.routers.mount(router, segments(path), on());
            return;
        }
        self.add_route(path, evaluator.expr(file, *last), on(), None);
    }

    /// The functions of a file whose place is a path.
    pub(super) fn read_served(&mut self, evaluator: &Evaluator<'_>, file: FileId) {
        let path = evaluator.program.source(file).path.as_str();
        let mut rules = evaluator.library.serving.files.iter();
        let found = rules.find_map(|rule| Some((rule, route_of(rule, path)?)));
        let Some((rule, route)) = found else {
            return;
        };
        for name in &rule.exports {
            if let Some(definition) = evaluator.program.export(file, name) {
                let spot = Spot {
                    file,
                    span: evaluator.program.facts(file).functions[0].span,
                };
                self.add_route(&route, evaluator.definition(&definition, spot), None, None);
            }
        }
    }

    /// Whether an address ends in what only a run knows, and functions here answer requests that begin as it does.
    pub(super) fn is_one_of_several(&self, address: &V) -> bool {
        address.alternatives().iter().any(|address| {
            let mut text = String::new();
            read_text(address, &mut text);
            let path = path_of(&text).filter(|path| path.ends_with(ANY) && path.len() > 2);
            path.is_some_and(|path| !self.asked_for(path).is_empty())
        })
    }

    /// Whether any functions here answer requests.
    pub(super) fn are_any_asked(&self) -> bool {
        !self.routes.is_empty()
    }

    /// Whether functions here answer requests to a path that is written as a whole.
    pub(super) fn answer_at(&self, text: &str) -> bool {
        whole_path(text).is_some_and(|path| !self.serving(path).is_empty())
    }

    /// Whether one of those who answer requests to a path is such a function.
    pub(super) fn is_answered_by(&self, text: &str, is_one: impl Fn(FnRef) -> bool) -> bool {
        whole_path(text).is_some_and(|path| {
            let mut serving = self.asked_for(path).into_iter();
            serving.any(|route| target(&route.function).is_some_and(&is_one))
        })
    }

    /// Adds a function that answers at a path, with what its parameters are of a request.
    pub(super) fn add_route(
        &mut self,
        path: &str,
        function: V,
        on: Option<Spot>,
        takes: Option<Rc<[Taken]>>,
    ) {
        let path = segments(path);
        if !path.is_empty() && matches!(&*function, Value::Function(_)) {
            self.routes.push(Route {
                path,
                function,
                on,
                is_mounted: false,
                takes,
            });
        }
    }

    /// The functions that answer a request to a path; none if there are so many that none is meant.
    pub(super) fn serving(&self, path: &str) -> Vec<Route> {
        let asked = segments(path);
        let is_whole = path.starts_with('/');
        let serving = self.routes.iter().filter_map(|route| {
            let (own, asked) = (route.path.as_slice(), asked.as_slice());
            let is_end = asked.len() > own.len() || !is_whole;
            let end = &asked[asked.len().checked_sub(own.len())?..];
            // What stands before may be where the routes are mounted.
            let is_asked = (!is_end || own.len() > 1) && is_same(own, end) && is_told(own, end);
            is_asked.then_some(route)
        });
        // A route and the same one below what its router is mounted at are one.
        let mut answering = FxHashSet::default();
        let serving = serving.filter(|route| answering.insert(target(&route.function)));
        let serving: Vec<Route> = serving.cloned().collect();
        match serving.len() {
            0..=MAX_SERVING => serving,
            _ => Vec::new(),
        }
    }

    /// The paths that one of these functions answers, as they stand in any address; one of a single part stands in it alone.
    pub(super) fn served(&self, leads: impl Fn(FnRef) -> bool) -> impl Iterator<Item = String> {
        let led = self.led(leads);
        led.flat_map(|route| {
            let fixed = route.path.iter().take_while(|it| *it != ANY);
            let fixed: Vec<&str> = fixed.map(Name::as_str).collect();
            match fixed.as_slice() {
                [] => Vec::new(),
                [only] if route.path.len() == 1 => ["'", "\"", "`"]
                    .map(|quote| format!("/{only}{quote}"))
                    .into(),
                [_] => Vec::new(),
                [above @ .., _] if route.is_mounted => {
                    // Who joins the last part to the others has only those.
                    let above = above.join("/");
                    let joined = ["'", "\"", "`", "${"].map(|end| format!("/{above}/{end}"));
                    joined.into_iter().chain([fixed.join("/")]).collect()
                }
                more => vec![more.join("/")],
            }
        })
    }

    /// The routes that such a function answers.
    pub(super) fn led(&self, leads: impl Fn(FnRef) -> bool) -> impl Iterator<Item = &Route> {
        let routes = self.routes.iter();
        routes.filter(move |route| target(&route.function).is_some_and(&leads))
    }

    /// The functions that answer requests, whoever sends them.
    pub(super) fn answering(&self) -> impl Iterator<Item = FnRef> + '_ {
        let routes = self.routes.iter();
        routes.filter_map(|route| target(&route.function))
    }
}

impl Propagation<'_, '_> {
    /// Hands what a request brings to the functions of the tree that answer it.
    pub(super) fn ask_server(&mut self, callee: &V, args: &[V], place: &Place) {
        let Some(address) = self.evaluator.address_of(callee, args, place) else {
            return;
        };
        for address in address.alternatives() {
            let mut text = String::new();
            read_parts(&below_any(address), &mut text);
            let Some(path) = path_of(&text) else { continue };
            let serving = self.listeners.asked_for(path);
            if serving.is_empty() {
                continue;
            }
            let payload = self.evaluator.payload_of(callee, args, place);
            let request = brought(self.evaluator.library.serving, &payload);
            for route in serving {
                let given = route.arguments(self.evaluator, &request, place.spot());
                let passed = Passed::default();
                self.call(&route.function, given, place.clone(), Manner::Sent, &passed);
            }
        }
    }
}

impl Evaluator<'_> {
    /// The names of what a request brings, where a function gives that (`request.json`).
    pub(super) fn body_of(&self, producer: &str) -> Option<[Name; 2]> {
        let serving = self.library.serving;
        let (before, called) = producer.rsplit_once('.')?;
        let holder = before.rsplit('.').next()?;
        let is_body = lists(&serving.called, called) && lists(&serving.holders, holder);
        let body = serving.read.first().filter(|_| is_body)?;
        Some([Name::from(holder), Name::from(body)])
    }

    /// Whether a value is what a request brings, given by a function.
    pub(super) fn is_body(&self, value: &V) -> bool {
        let data = match &**value {
            Value::Data(data) if data.path.is_empty() => data,
            _ => return false,
        };
        let producer = data.origin().producer.as_deref();
        producer.is_some_and(|it| self.body_of(it).is_some())
    }
}

/// The function that a value is.
fn target(function: &V) -> Option<FnRef> {
    match &**function {
        Value::Function(closure) => Some(closure.target),
        _ => None,
    }
}

/// An address that begins with what only a run knows, or else with a text (`${process.env.API || 'http://localhost:3000'}/send`):
/// as it is by the former.
fn below_any(address: &V) -> V {
    let Value::Text(parts) = &**address else {
        return address.clone();
    };
    let first = parts.first().map(|first| first.alternatives());
    let is_open = |it: &&V| matches!(&***it, Value::Data(_));
    match first.and_then(|first| first.iter().find(is_open)) {
        Some(open) => text(std::iter::once(open).chain(&parts[1..]).cloned()),
        None => address.clone(),
    }
}

/// A segment of a path that may be any.
const ANY: &str = "*";

/// A request with what it brings, as servers hand it over.
fn brought(serving: &Serving, payload: &V) -> V {
    let payload = decoded(payload.clone());
    let mut request = Object::default();
    for name in &serving.read {
        request.set(Name::from(name), payload.clone(), false);
    }
    for name in &serving.called {
        request.set(Name::from(name), computed(&payload), false);
    }
    let inner = V::new(Value::Object(request.clone()));
    for name in &serving.holders {
        request.set(Name::from(name), inner.clone(), false);
    }
    V::new(Value::Object(request))
}

fn lists(names: &[String], name: &str) -> bool {
    names.iter().any(|listed| listed == name)
}

/// The path of an address that is nothing else.
fn whole_path(address: &str) -> Option<&str> {
    path_of(address).filter(|_| address.starts_with('/'))
}

/// The path of an address that names no host: a whole one, or what stands behind something that only a run knows or that a
/// client adds (`client.post('measure/send')`).
fn path_of(address: &str) -> Option<&str> {
    let address = address.split(['?', '#']).next().unwrap_or(address);
    let (path, is_whole) = match address.strip_prefix('*') {
        Some(path) => (path, false),
        None => (address, address.starts_with('/')),
    };
    let is_path = path.contains('/') && !path.starts_with("//") && !path.contains("://");
    let is_behind = path.len() < address.len() && !path.starts_with('/');
    (is_path && !is_behind).then_some(match is_whole {
        true => path,
        false => path.trim_start_matches('/'),
    })
}

pub(super) fn segments(path: &str) -> Vec<Name> {
    let parts = path.split('/').filter(|part| !part.is_empty());
    let is_any = |part: &str| part.contains([':', '[', '*', '{']);
    let parts = parts.map(|part| Name::from(if is_any(part) { ANY } else { part }));
    parts.collect()
}

fn is_same(own: &[Name], asked: &[Name]) -> bool {
    let mut pairs = own.iter().zip(asked);
    own.len() == asked.len() && pairs.all(|(own, asked)| own == ANY || asked == ANY || own == asked)
}

/// Whether the end of a path says at least half of the parts that a route has by name.
fn is_told(own: &[Name], asked: &[Name]) -> bool {
    let pairs = own.iter().zip(asked).filter(|(own, _)| *own != ANY);
    let (named, told) = pairs.fold((0, 0), |(named, told), (own, asked)| {
        (named + 1, told + usize::from(own == asked))
    });
    2 * told >= named
}

/// Opens the name of a directory that is no part of a path.
const GROUP: char = '(';

/// The path at which a file stands by its place in a framework's directories.
fn route_of(rule: &ServingFile, file: &str) -> Option<String> {
    let (directory, name) = file.rsplit_once('/')?;
    let stem = name.split('.').next().unwrap_or(name);
    let whole = format!("/{directory}/");
    let root = format!("/{}/", rule.below);
    let at = whole.find(&root)? + root.len();
    let path = whole[at..].trim_matches('/');
    let mut parts: Vec<&str> = path.split('/').collect();
    if rule.first.as_deref().is_some_and(|it| it != parts[0]) {
        return None;
    }
    match &rule.name {
        Some(name) if name != stem => return None,
        Some(_) => parts.retain(|part| !part.starts_with(GROUP)),
        None if stem != "index" => parts.push(stem),
        None => {}
    }
    Some(parts.join("/"))
}
