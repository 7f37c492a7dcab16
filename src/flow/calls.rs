//! Reads the calls of a file: what they call, with what.
//!
//! In: a parsed file. Out: to the propagation, each call of a value that can reach a vendor, with its arguments; each vendor
//! call and request by its rule. It leaves alone how a value gets from one call to another (`propagate`).

use super::absent::say_nothings;
use super::alike::unconditional;
use super::arrivals::Made;
use super::by_key::client_by_key;
use super::delivery::{Opaque, Place};
use super::object::Object;
use super::places::place;
use super::propagate::Propagation;
use super::sinks::{Manner, SinkCall};
use super::value::{FnRef, Root, Spot, V, Value, VendorThing};
use super::worklist::Passed;
use super::wrapped::{makes, runs};
use crate::facts::{
    Binding, BindingKind, Entry, Expr, ExprId, FileFacts, From, JsxTag, Name, Step, Write,
};
use crate::ruleset::schema::Role;
use crate::source::FileId;

/// The global that has the address of the page, and takes another.
const LOCATION: &str = "location";

/// A call as it stands in a file.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub file: FileId,
    pub call: ExprId,
    pub callee: ExprId,
    pub manner: Manner,
}

impl Written {
    /// The call of an expression that is one; an element calls its component.
    pub(super) fn at(file: FileId, facts: &FileFacts, call: ExprId) -> Option<Self> {
        let (callee, manner) = match facts.expr(call) {
            // A constructor calls that of the class above.
            Expr::Call { callee, .. } if matches!(facts.expr(*callee), Expr::Super) => {
                (*callee, Manner::New)
            }
            Expr::Call { callee, .. } => (*callee, Manner::Call),
            Expr::New { callee, .. } => (*callee, Manner::New),
            Expr::Jsx {
                tag: JsxTag::Component(tag),
                ..
            } => (*tag, Manner::Element),
            _ => return None,
        };
        Some(Self {
            file,
            call,
            callee,
            manner,
        })
    }
}

/// How a call names its arguments.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `f(a, b)`
    Plain,
    /// `f.call(this, a, b)`
    Call,
    /// `f.apply(this, [a, b])`
    Apply,
}

impl Style {
    fn of(method: &str) -> Option<Self> {
        match method {
            "call" => Some(Self::Call),
            "apply" => Some(Self::Apply),
            _ => None,
        }
    }
}

impl<'p> Propagation<'_, 'p> {
    /// Reads the calls of a file.
    pub(super) fn read(&mut self, file: FileId) {
        let facts = self.evaluator.program.facts(file);
        self.read_plugins(file, facts);
        for call in &facts.calls {
            self.read_call(file, facts, *call);
        }
        for write in &facts.writes {
            let Some(root) = write.root else { continue };
            let object = self.evaluator.expr(file, root);
            self.read_navigation(file, write, root);
            if !self.read_assignment(file, write, &object) {
                self.read_address(file, write, || object.clone());
            }
        }
        for binding in &facts.bindings {
            for write in &binding.writes {
                self.read_address(file, write, || self.evaluator.unwritten(file, binding));
            }
            if self.evaluator.is_setting(&binding.name) {
                self.read_declaration(file, facts, binding);
                let object = self.evaluator.unwritten(file, binding);
                for write in &binding.writes {
                    self.read_assignment(file, write, &object);
                }
            }
        }
        self.drain();
    }

    /// Follows the calls of a file that was read when less was known to lead to a vendor.
    pub(super) fn read_again(&mut self, file: FileId) {
        let facts = self.evaluator.program.facts(file);
        for call in &facts.calls {
            if !self.progress.followed.contains(&(file, *call)) {
                self.follow_leading(file, facts, *call);
            }
        }
        self.drain();
    }

    /// `window.acmeSettings = {…}`, and `acmeSettings.user = …` as `{ user: … }`; whether it is one that could be.
    fn read_assignment(&mut self, file: FileId, write: &Write, root: &V) -> bool {
        let Some(value) = write.value else {
            return false;
        };
        let spot = Spot {
            file,
            span: write.span,
        };
        let mut target = root.clone();
        let mut steps = write.path.iter();
        while !self.evaluator.is_settings(&target) {
            let Some(step) = steps.next() else { break };
            let Step::Key(name) = step else { return false };
            target = self.evaluator.member(&target, name, spot);
        }
        let is_of_platform = matches!(&**root, Value::Platform) && write.path.len() == 1;
        if !is_of_platform && !self.evaluator.is_settings(&target) {
            return false;
        }
        let mut value = self.evaluator.expr(file, value);
        for step in steps.rev() {
            let Step::Key(name) = step else { return false };
            let mut object = Object::default();
            object.set(name.clone(), value, false);
            value = V::new(Value::Object(object));
        }
        let facts = self.evaluator.program.facts(file);
        let place = place(facts, file, write.span, write.function);
        self.call(
            &target,
            vec![value],
            place,
            Manner::Assigned,
            &Passed::default(),
        );
        true
    }

    /// `var acmeSettings = {…}` of a classic script, whose names are those of the page.
    fn read_declaration(&mut self, file: FileId, facts: &FileFacts, binding: &Binding) {
        let name = &binding.name;
        let mut rules = self.evaluator.catalog.globals(name).iter();
        if binding.kind != BindingKind::Variable || rules.any(|(_, global)| global.common_word) {
            return;
        }
        let global = V::new(Value::Vendor(VendorThing::Global { name: name.clone() }));
        for source in &binding.sources {
            if let From::Expr(value) = source.from
                && source.path.is_empty()
            {
                let value = self.evaluator.expr(file, value);
                let place = place(facts, file, source.span, binding.function);
                self.call(
                    &global,
                    vec![value],
                    place,
                    Manner::Assigned,
                    &Passed::default(),
                );
            }
        }
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

    /// `window.location.href = …` sends a request, if that says so.
    fn read_navigation(&mut self, file: FileId, write: &Write, root: ExprId) {
        let facts = self.evaluator.program.facts(file);
        let Expr::Global(root) = facts.expr(root) else {
            return;
        };
        let mut target = vec![root.clone()];
        for step in &write.path {
            let Step::Key(name) = step else { return };
            target.push(name.clone());
        }
        let is_whole = target.last().is_some_and(|name| name == LOCATION);
        if is_whole {
            target.push(Name::const_new("href"));
        }
        let Some(value) = write
            .value
            .filter(|_| target.iter().any(|name| name == LOCATION))
        else {
            return;
        };
        let place = place(facts, file, write.span, write.function);
        let address = self.evaluator.expr(file, value);
        let request = (self.evaluator).request_by_assigning(&target, &address, &place);
        self.settle_request(request, &place);
    }

    fn read_call(&mut self, file: FileId, facts: &'p FileFacts, call: ExprId) {
        match facts.expr(call) {
            Expr::Call { callee, args, .. } => self.read_announcement(file, *callee, args, call),
            Expr::Jsx {
                tag: JsxTag::Intrinsic(tag),
                props,
                ..
            } => return self.read_element(file, facts, call, tag, props),
            _ => {}
        }
        let unfollowed = self.follow_leading(file, facts, call);
        if let Some(written) = unfollowed.filter(|written| self.hands_over(*written)) {
            self.progress.outward.push(written);
        }
    }

    /// Follows a call if its callee may lead to a vendor, or else gives it back.
    fn follow_leading(&mut self, file: FileId, facts: &FileFacts, call: ExprId) -> Option<Written> {
        let written = Written::at(file, facts, call)?;
        if !self.reach.expr(file, written.callee) {
            return Some(written);
        }
        self.progress.followed.insert((file, call));
        (!self.follow(written)).then_some(written)
    }

    /// `<img src="…">` sends a request.
    fn read_element(
        &mut self,
        file: FileId,
        facts: &FileFacts,
        element: ExprId,
        tag: &str,
        props: &[Entry],
    ) {
        let name = Name::from(format!("<{tag}>"));
        let library = self.evaluator.library;
        if library.request(std::slice::from_ref(&name), None).is_none() {
            return;
        }
        let place = place(facts, file, facts.span(element), facts.function_of(element));
        let props = self.evaluator.object(file, props);
        let request =
            self.evaluator
                .request_by_element((file, element), name.clone(), &props, &place);
        self.await_element(name, props, request.is_some(), &place);
        self.settle_request(request, &place);
    }

    /// `request.send(body)`, after `request.open('POST', url)`; whether it sends to a vendor.
    fn read_opened(&mut self, written: Written) -> bool {
        let Written {
            file, call, callee, ..
        } = written;
        let facts = self.evaluator.program.facts(file);
        let place = place(facts, file, facts.span(call), facts.function_of(call));
        let args = || self.arguments(written, Style::Plain);
        let request = self.evaluator.opened_request(file, callee, args, &place);
        let is_sent = request.is_some();
        self.settle_request(request, &place);
        is_sent
    }

    /// Follows a written call whose callee may lead to a vendor; false if it does not.
    pub(super) fn follow(&mut self, written: Written) -> bool {
        let Written { file, manner, .. } = written;
        let facts = self.evaluator.program.facts(file);
        let mut callee = written.callee;
        let mut style = Style::Plain;
        if let Expr::Member { object, name, .. } = facts.expr(callee)
            && let Some(borrowed) = Style::of(name)
            && manner == Manner::Call
            && !self.is_vendor_member(file, callee)
        {
            (callee, style) = (*object, borrowed);
        }
        if manner == Manner::Call && style == Style::Plain && self.read_opened(written) {
            return true;
        }
        let client = (manner == Manner::Call).then(|| self.client_of(file, callee));
        let callee = self.evaluator.expr(file, callee);
        let others = match style {
            Style::Plain => self.send_request(written, &callee, client.flatten().as_ref()),
            _ => None,
        };
        let is_sent = others.is_some();
        let callee = others.unwrap_or(callee);
        if !may_matter(&callee) {
            return is_sent;
        }
        // What nothing waits for need not be known; it may be later.
        let at_once = callee.alternatives().iter().any(|callee| {
            self.callable(callee, manner)
                .is_none_or(|function| self.is_due(function, written))
        });
        if at_once {
            self.make(&callee, written, style);
            return true;
        }
        for callee in callee.alternatives() {
            if let Some(function) = self.callable(callee, manner) {
                self.progress.later.entry(function).or_default().push((
                    callee.clone(),
                    written,
                    style,
                ));
            }
        }
        true
    }

    /// Follows a call that sends a request; one of several things that may be called may do so (`options.http ||
    /// axios.create()`). The others, if there is such a one.
    fn send_request(&mut self, written: Written, callee: &V, client: Option<&V>) -> Option<V> {
        let Written { file, call, .. } = written;
        let is_request = |it: &V| self.is_request(unconditional(it));
        // Whichever it is, it is one request.
        let Some(request) = callee.alternatives().iter().find(|it| is_request(it)) else {
            return self.send_by_unknown(written, callee);
        };
        let others = callee.alternatives().iter().filter(|it| !is_request(it));
        let others = V::union(others.cloned());
        let facts = self.evaluator.program.facts(file);
        let place = place(facts, file, facts.span(call), facts.function_of(call));
        let args = self.arguments(written, Style::Plain);
        self.request(unconditional(request), client, &args, &place);
        Some(others)
    }

    /// Follows a call of something unknown that is spelt like a request and leads to a vendor. Nobody else, if it is one.
    fn send_by_unknown(&mut self, written: Written, callee: &V) -> Option<V> {
        let Written { file, call, .. } = written;
        let facts = self.evaluator.program.facts(file);
        let Expr::Member { name, .. } = facts.expr(written.callee) else {
            return None;
        };
        self.evaluator.library.request_of_unknown(name)?;
        let [callee] = callee.alternatives() else {
            return None;
        };
        let place = place(facts, file, facts.span(call), facts.function_of(call));
        let args = self.arguments(written, Style::Plain);
        let request = (self.evaluator).request_by_unknown(unconditional(callee), &args, &place)?;
        self.settle_request(Some(request), &place);
        Some(V::nothing())
    }

    /// Evaluates the arguments of a written call, and follows it.
    fn make(&mut self, callee: &V, written: Written, style: Style) {
        let facts = self.evaluator.program.facts(written.file);
        let span = facts.span(written.call);
        let function = facts.function_of(written.call);
        let place = place(facts, written.file, span, function);
        let args = |callee: &V| {
            let mut args = self.arguments(written, style);
            if style == Style::Plain && callee.alternatives().iter().all(V::is_function) {
                say_nothings(facts, written.call, &mut args);
            }
            args
        };
        let method = FnRef {
            file: written.file,
            function,
        };
        let by_class = (self.evaluator).by_class(written.file, written.callee, callee);
        let calls = by_class.into_iter().map(|(callee, class)| {
            let args = match class {
                Some(class) => (self.evaluator).acting_as(class, method, || args(&callee)),
                None => args(&callee),
            };
            (callee, args)
        });
        let calls: Vec<(V, Vec<V>)> = calls.collect();
        for (callee, args) in calls {
            self.call(
                &callee,
                args,
                place.clone(),
                written.manner,
                &Passed::default(),
            );
        }
    }

    pub(super) fn arguments(&self, written: Written, style: Style) -> Vec<V> {
        let Written { file, call, .. } = written;
        let args = match self.evaluator.program.facts(file).expr(call) {
            Expr::Call { args, .. } | Expr::New { args, .. } if style == Style::Plain => {
                return self.evaluator.items_at(file, args, call);
            }
            Expr::Jsx { props, .. } => return vec![self.evaluator.object(file, props)],
            Expr::Call { args, .. } => self.evaluator.items(file, args),
            _ => Vec::new(),
        };
        match (style, args.get(1)) {
            (Style::Apply, Some(list)) => match &**list {
                Value::Array(list) => list.clone(),
                _ => vec![V::new(Value::Spread(list.clone()))],
            },
            _ => args.get(1..).unwrap_or_default().to_vec(),
        }
    }

    /// The function of the program that a call of a value runs; none if the call means more than that.
    fn callable(&self, callee: &V, manner: Manner) -> Option<FnRef> {
        match &**callee {
            Value::Function(closure) => Some(closure.target),
            // What a wrapper gives runs one function, mostly.
            Value::Data(_) => match runs(callee).next() {
                Some(closure) => Some(closure.target),
                None => {
                    let (file, class) = makes(callee).next()?;
                    self.evaluator.constructor(file, class)
                }
            },
            Value::Class(file, class) if matches!(manner, Manner::New | Manner::Element) => {
                self.evaluator.constructor(*file, *class)
            }
            _ => None,
        }
    }

    /// Whether something waits for the calls of a function, or may come to wait once this call is known.
    fn is_due(&self, function: FnRef, written: Written) -> bool {
        self.progress.worklist.is_awaited(function)
            || !self.files.contains(&function.file) && self.hands_over(written)
    }

    /// Whether an argument of a written call may lead to a vendor.
    fn hands_over(&self, written: Written) -> bool {
        let Written { file, call, .. } = written;
        match self.evaluator.program.facts(file).expr(call) {
            Expr::Call { args, .. } | Expr::New { args, .. } => {
                args.iter().any(|item| self.reach.item(file, item))
            }
            Expr::Jsx { props, .. } => props.iter().any(|entry| self.reach.entry(file, entry)),
            _ => false,
        }
    }

    /// Follows the calls of functions for which something waits by now.
    pub(super) fn catch_up(&mut self) {
        while let Some(function) = self.progress.worklist.awaken() {
            for (callee, written, style) in
                self.progress.later.remove(&function).unwrap_or_default()
            {
                self.make(&callee, written, style);
            }
        }
    }

    /// A vendor's own `call` or `apply` is not that of a function.
    fn is_vendor_member(&self, file: FileId, callee: ExprId) -> bool {
        let callee = self.evaluator.expr(file, callee);
        matches!(&*callee, Value::Vendor(VendorThing::Global { name }) if name.contains('.'))
    }

    /// Follows what a vendor call hands over, and notes what it starts.
    pub(super) fn sink(&mut self, sink: &SinkCall<'p>, place: &Place) {
        if sink.computed {
            if sink
                .args
                .iter()
                .any(|arg| !matches!(&**arg, Value::Nothing | Value::Literal(_)))
            {
                self.unknown(sink, place, "which call it is, is computed");
            }
            return;
        }
        if sink.unlisted {
            for leaf in self.evaluator.unlisted_leaves(sink, place) {
                self.settle(leaf, &Passed::default());
            }
            return;
        }
        if self.note_start(sink, place) {
            self.add(sink, place);
        }
        let agreed = self.evaluator.agreed(sink, place);
        self.progress.arrivals.agreed.extend(agreed);
        if let Some(rule) = sink.rule {
            if rule.unseen {
                self.unknown(
                    sink,
                    place,
                    "what it sends by itself from then on is not seen in the code",
                );
            }
            let leaves = self.evaluator.leaves(sink, place);
            let has_payload = leaves
                .iter()
                .any(|leaf| !matches!(leaf.role, Role::EventName | Role::Destinations));
            self.progress.arrivals.calls.push(Made {
                vendor: sink.vendor,
                surface: sink.surface.clone(),
                call: sink.name().clone(),
                place: place.clone(),
                has_payload,
            });
            for leaf in leaves {
                self.settle(leaf, &Passed::default());
            }
            self.hand_on(sink, place);
        }
    }

    /// Follows what the hooks of a call add to what is sent.
    fn add(&mut self, sink: &SinkCall<'p>, place: &Place) {
        let added = self.evaluator.added(sink, place);
        if !added.is_empty() && sink.rule.is_none() {
            self.progress.arrivals.calls.push(Made {
                vendor: sink.vendor,
                surface: sink.surface.clone(),
                call: sink.name().clone(),
                place: place.clone(),
                has_payload: true,
            });
        }
        for leaf in added {
            self.settle(leaf, &Passed::default());
        }
    }

    /// Notes that it cannot be known what a vendor call hands over.
    fn unknown(&mut self, sink: &SinkCall<'_>, place: &Place, reason: &str) {
        self.progress.arrivals.computed.push(Opaque {
            vendor: self.evaluator.catalog.vendor(sink.vendor).id.clone(),
            call: sink.name().to_string(),
            place: place.clone(),
            expression: place.clone(),
            reason: reason.to_owned(),
        });
    }
}

/// Whether calling a value can reach a vendor at all; sorts most calls out before their arguments are evaluated.
pub(super) fn may_matter(callee: &V) -> bool {
    callee.alternatives().iter().any(|callee| match &**callee {
        Value::Function(_) | Value::Class(..) | Value::Client(_) | Value::Vendor(_) => true,
        Value::Data(data) => {
            matches!(data.root, Root::Param(..))
                || runs(callee).next().is_some()
                || makes(callee).next().is_some()
        }
        Value::FieldsOf(_) => client_by_key(callee).is_some(),
        _ => false,
    })
}
