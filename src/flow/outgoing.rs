//! Brings requests to the propagation.
//!
//! In: calls that send a request. Out: the leaves of each request to a vendor; a request whose address is a parameter waits for the callers. It leaves alone which vendor an address
//! belongs to (`requests`).

use std::rc::Rc;

use ecow::eco_vec;

use super::arguments::{Args, Supplied};
use super::arrivals::Made;
use super::delivery::Place;
use super::open_paths::{parameter_in, path_below};
use super::propagate::Propagation;
use super::requests::{Request, awaited};
use super::sinks::Manner;
use super::value::{Data, FnRef, Root, V, Value};
use super::worklist::{Deferred, Passed, Site, passing};
use crate::facts::{Expr, ExprId, Name};
use crate::source::FileId;

/// So many arguments of a request are told apart where a list of them is handed on (`(...args) => fetch(...args)`).
const MAX_LAID_OUT: usize = 3;

impl<'p> Propagation<'_, 'p> {
    /// Whether calling a value sends a request.
    pub(super) fn is_request(&self, callee: &V) -> bool {
        self.evaluator.request_rule(callee).is_some()
    }

    /// The object that a method is called on, or the callee itself, if its making is known: it may hold a base address.
    pub(super) fn client_of(&self, file: FileId, callee: ExprId) -> Option<V> {
        let at = match self.evaluator.program.facts(file).expr(callee) {
            Expr::Member { object, .. } => *object,
            _ => callee,
        };
        let client = self.evaluator.expr(file, at);
        let mut clients = client.alternatives().iter();
        let made = clients.find(|it| matches!(&***it, Value::Object(_)));
        made.cloned()
    }

    /// Follows a request.
    pub(super) fn request(&mut self, callee: &V, client: Option<&V>, args: &[V], place: &Place) {
        let laid_out = self.evaluator.laid_out(args, MAX_LAID_OUT);
        let args = laid_out.as_slice();
        if client.is_none() && self.await_path(callee, args, place, &Passed::default()) {
            return;
        }
        let request = self.evaluator.request(callee, client, args, place);
        if request.is_none() && self.await_route(callee, args, place, &Passed::default()) {
            return;
        }
        if request.is_some() {
            self.await_others(callee, args, place);
        } else {
            self.ask_server(callee, args, place);
        }
        let has_host = |client: &V| self.evaluator.is_client_of_host(client);
        if request.is_none() && !client.is_some_and(has_host) {
            self.await_address(callee, args, place, &Passed::default());
        }
        self.settle_request(request, place);
    }

    /// A component that shows a picture whose address it is handed has it fetched from whoever its users name; it `is_known` where
    /// it shows another one as well, whose address says whose it is.
    pub(super) fn await_element(&mut self, name: Name, props: V, is_known: bool, place: &Place) {
        let element = V::new(Value::Data(Data {
            path: eco_vec![name],
            ..Data::new(Root::Global, place.spot())
        }));
        match is_known {
            true => self.await_others(&element, &[props], place),
            false => self.await_address(&element, &[props], place, &Passed::default()),
        }
    }

    /// Lets a request whose address is known wait for the callers of whom it may have another one (`src` of
    /// `useState(props.src)`, which is put to a picture of a fixed host where that fails).
    fn await_others(&mut self, callee: &V, args: &[V], place: &Place) {
        let Some(rule) = self.evaluator.request_rule(callee) else {
            return;
        };
        let Some(address) = self.evaluator.address_of(callee, args, place) else {
            return;
        };
        let waits = |it: &&V| awaited(it).is_some() && self.evaluator.destination(it).is_none();
        let all = address.alternatives();
        let open: Vec<V> = all.iter().filter(waits).cloned().collect();
        if open.is_empty() || open.len() == all.len() {
            return;
        }
        let open = V::union(open);
        let mut args = args.to_vec();
        args[rule.url] = match (&rule.url_key, &*args[rule.url]) {
            (Some(key), Value::Object(options)) => {
                let mut options = options.clone();
                options.set(key.into(), open, false);
                V::new(Value::Object(options))
            }
            _ => open,
        };
        self.await_address(callee, &args, place, &Passed::default());
    }

    /// Lets a request wait for the callers who say by its path whether it is one to a vendor; whether there are such callers.
    fn await_path(&mut self, callee: &V, args: &[V], place: &Place, passed: &Passed) -> bool {
        let address = self.evaluator.address_of(callee, args, place);
        let function = address.and_then(|address| self.evaluator.path_by(&address));
        self.await_callers(function, passed, || sent(callee, args, place, passed))
    }

    /// The same for a request to the app's own server, of which callers say whom it is to.
    fn await_route(&mut self, callee: &V, args: &[V], place: &Place, passed: &Passed) -> bool {
        let address = self.evaluator.address_of(callee, args, place);
        let function = address.and_then(|address| {
            let function = parameter_in(&address)?;
            self.listeners
                .is_one_of_several(&address)
                .then_some(function)
        });
        self.await_callers(function, passed, || sent(callee, args, place, passed))
    }

    /// Lets a request wait for the callers of a function through which it has not come yet; whether it does.
    fn await_callers(
        &mut self,
        function: Option<FnRef>,
        passed: &Passed,
        request: impl FnOnce() -> Deferred,
    ) -> bool {
        let function = function.filter(|it| !passed.contains(it));
        if let Some(function) = function {
            self.progress.worklist.ask(request(), function);
        }
        function.is_some()
    }

    /// Settles a request that waited for callers of whom there are none that are seen, as far as its address is known.
    pub(super) fn settle_uncalled_request(&mut self, call: &Deferred) {
        let args = self.args(&call.args).to_vec();
        let request = self
            .evaluator
            .request(&call.callee, None, &args, &call.place);
        if request.is_none() {
            self.ask_server(&call.callee, &args, &call.place);
        }
        self.settle_request(request, &call.place);
    }

    /// A function that sends a request to an address that it is handed, or to a path of the app's own server, reaches whoever its
    /// callers name.
    fn await_address(&mut self, callee: &V, args: &[V], place: &Place, passed: &Passed) {
        let address = self.evaluator.address_of(callee, args, place);
        let Some(address) = address else { return };
        let below = || path_below(&address).filter(|_| self.listeners.are_any_asked());
        let Some(function) = awaited(&address).or_else(below) else {
            return;
        };
        let deferred = sent(callee, args, place, passed);
        self.progress.worklist.defer(deferred, function);
    }

    /// Fills a call's arguments into a request whose address waited for them.
    pub(super) fn fill_request(&mut self, call: &Deferred, function: FnRef, site: &Site) {
        let given = self.args(&call.args);
        let args: Vec<V> = given
            .iter()
            .map(|arg| self.evaluator.substitute(arg, &site.frames))
            .collect();
        let passed = passing(&call.passed, function);
        if self.await_path(&call.callee, &args, &call.place, &passed) {
            return;
        }
        let filled = self
            .evaluator
            .request(&call.callee, None, &args, &call.place);
        let Some(filled) = filled else {
            if self.await_route(&call.callee, &args, &site.place, &passed) {
                return;
            }
            self.ask_server(&call.callee, &args, &site.place);
            self.await_address(&call.callee, &args, &call.place, &passed);
            return;
        };
        self.made(&filled, &call.place);
        // What of an address is handed over where it is opened is known only of the whole.
        let rule = self.evaluator.request_rule(&call.callee);
        let parts = match rule.is_some_and(|rule| rule.navigates) {
            true => filled.leaves,
            false => self
                .evaluator
                .request_parts(&call.callee, filled.to, given, &call.place),
        };
        for leaf in parts {
            self.fill_leaf(&leaf, function, site, &call.passed);
        }
    }

    /// Sends a request by a client that a call supplies.
    pub(super) fn fill_client(
        &mut self,
        callee: &V,
        call: Rc<Deferred>,
        function: FnRef,
        site: Rc<Site>,
    ) {
        let client = made_by_parameter(&call.callee)
            .map(|client| self.evaluator.substitute(&client, &site.frames))
            .filter(|client| matches!(&**client, Value::Object(_)));
        let place = call.place.clone();
        let args = Args::supplied(Supplied {
            call,
            function,
            site,
        });
        self.request(callee, client.as_ref(), self.args(&args), &place);
    }

    /// Follows what a request hands over.
    pub(super) fn settle_request(&mut self, request: Option<Request<'p>>, place: &Place) {
        if let Some(request) = request {
            self.made(&request, place);
            for leaf in request.leaves {
                self.settle(leaf, &Passed::default());
            }
        }
    }

    fn made(&mut self, request: &Request<'_>, place: &Place) {
        self.progress.arrivals.calls.push(Made {
            vendor: request.to.vendor,
            surface: Name::const_new(""),
            call: request.call.clone(),
            place: place.clone(),
            has_payload: true,
        });
    }
}

/// A request that waits for callers.
fn sent(callee: &V, args: &[V], place: &Place, passed: &Passed) -> Deferred {
    Deferred {
        callee: callee.clone(),
        args: Args::known(args.to_vec()),
        place: place.clone(),
        manner: Manner::Call,
        passed: Rc::clone(passed),
    }
}

/// The object whose method a callee is, as a function was handed it.
fn made_by_parameter(callee: &V) -> Option<V> {
    let Value::Data(data) = &**callee else {
        return None;
    };
    let mut data = data.clone();
    if data.steps.len() == data.path.len() {
        data.path.pop();
    }
    data.steps.pop();
    data.ty = None;
    Some(V::new(Value::Data(data)))
}

/// The data behind a callee: itself, or the package that a client of it was made by.
pub(super) fn callee_data(callee: &V) -> Option<&Data> {
    match &**callee {
        Value::Data(data) => Some(data),
        Value::Object(object) => match object.spreads.as_slice() {
            [only] => match &**only {
                Value::Data(data) if matches!(data.root, Root::Outside(_)) => Some(data),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Names with the maker of the object in front.
pub(super) fn with_maker(data: &Data) -> Vec<Name> {
    let maker = match data.root {
        Root::Call | Root::Kept => data.origin().producer.clone(),
        _ => None,
    };
    maker.into_iter().chain(data.path.iter().cloned()).collect()
}
