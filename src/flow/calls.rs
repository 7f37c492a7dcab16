//! Reads the calls of a file: what they call, with what.
//!
//! In: a parsed file. Out: to the propagation, each call of a value that can reach a vendor, with its arguments; each vendor
//! call and request by its rule. It leaves alone how a value gets from one call to another (`propagate`).

use super::arrivals::Made;
use super::delivery::{Opaque, Place, Started};
use super::places::place;
use super::propagate::Propagation;
use super::sinks::{Manner, SinkCall};
use super::value::{Root, Spot, V, Value, VendorThing};
use super::worklist::Passed;
use crate::facts::{Expr, ExprId, FileFacts, Item, JsxTag, Name, Step, Write};
use crate::ruleset::schema::{Effect, Role};
use crate::source::FileId;

impl<'p> Propagation<'_, 'p> {
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
                let client = self.client_of(file, *callee);
                let made = self.made_at(file, *callee);
                let callee = self.evaluator.expr(file, *callee);
                if let Some(made) = made {
                    self.open(file, &callee, args, made);
                }
                if self.is_request(&callee) {
                    let args = self.evaluator.items_at(file, args, call);
                    self.request(&callee, client.as_ref(), made, &args, &place);
                    return;
                }
                if !may_matter(&callee) {
                    return;
                }
                let args = self.evaluator.items_at(file, args, call);
                self.call(&callee, args, place, Manner::Call, &Passed::default());
            }
            Expr::New { callee, args, .. } => {
                let callee = self.evaluator.expr(file, *callee);
                self.open(file, &callee, args, (file, facts.span(call)));
                if self.is_request(&callee) {
                    let args = self.evaluator.items_at(file, args, call);
                    self.request(&callee, None, None, &args, &place);
                    return;
                }
                if !may_matter(&callee) {
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
                if !may_matter(&callee) {
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
            Expr::Jsx {
                tag: JsxTag::Intrinsic(tag),
                props,
                ..
            } => {
                let element = Name::from(format!("<{tag}>"));
                if self
                    .evaluator
                    .library
                    .request(std::slice::from_ref(&element), None)
                    .is_some()
                {
                    let props = self.evaluator.object(file, props);
                    let request = self.evaluator.request_by_element(element, &props, &place);
                    self.settle_request(request, &place);
                }
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

    /// Follows what a vendor call hands over, and notes what it starts.
    pub(super) fn sink(&mut self, sink: &SinkCall<'p>, place: &Place) {
        if sink.computed {
            if sink
                .args
                .iter()
                .any(|arg| !matches!(&**arg, Value::Nothing | Value::Literal(_)))
            {
                self.arrivals.computed.push(Opaque {
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
            self.arrivals.started.push(Started {
                vendor,
                place: place.clone(),
                options,
                open,
            });
        }
        if sink.rule.is_some() {
            let leaves = self.evaluator.leaves(sink, place);
            let has_payload = leaves.iter().any(|leaf| leaf.role != Role::EventName);
            self.arrivals.calls.push(Made {
                vendor: sink.vendor,
                call: sink.path.clone(),
                place: place.clone(),
                has_payload,
            });
            for leaf in leaves {
                self.settle(leaf, &Passed::default());
            }
        }
    }
}

/// Whether calling a value can reach a vendor at all; sorts most calls out before their arguments are evaluated.
pub(super) fn may_matter(callee: &V) -> bool {
    callee.alternatives().iter().any(|callee| match &**callee {
        Value::Function(_) | Value::Class(..) | Value::Client(_) | Value::Vendor(_) => true,
        Value::Data(data) => matches!(data.root, Root::Param(..)),
        _ => false,
    })
}
