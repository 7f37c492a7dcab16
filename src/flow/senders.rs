//! Which method has to be called for what another method of the same object was given to be sent.
//!
//! In: a value that a method of an object is given, at the place where another method of the object reads it. Out: the
//! [`Sender`], and whether anything calls it on that object. It leaves alone which object a value is kept by (`same`).
//!
//! Of two objects that are given something, one may be asked to send it and the other never.

use std::collections::BTreeSet;

use super::delivery::Place;
use super::evaluate::Evaluator;
use super::payload::Leaf;
use super::places::function_at;
use super::propagate::Propagation;
use super::same::{Holder, keeper};
use super::value::FnRef;
use super::worklist::Site;
use crate::facts::{ClassId, Expr, FunctionKind};
use crate::source::FileId;

/// A method that sends what its object holds, and the object.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Sender {
    pub method: FnRef,
    object: Holder,
}

impl Evaluator<'_> {
    /// The method that reads at a place what another one of the same object, of which it is known where it is made, is given
    /// by a call.
    pub(super) fn sender(&self, leaf: &Leaf<'_>, given: FnRef, site: &Site) -> Option<Sender> {
        let object = site.holder.filter(|holder| holder.made.is_some())?;
        let is_marked = keeper(&leaf.value).is_some_and(|keeper| keeper.made.is_some());
        let method = self.method_at(&leaf.location).filter(|it| *it != given)?;
        let (reading, giving) = (self.class_of(method)?, self.class_of(given)?);
        let is_same = self.is_below(reading, giving) || self.is_below(giving, reading);
        (!is_marked && is_same).then_some(Sender { method, object })
    }

    /// The method around a place.
    fn method_at(&self, place: &Place) -> Option<FnRef> {
        let facts = self.program.facts(place.file);
        let function = function_at(facts, place.span);
        let is_method = facts.function(function).kind == FunctionKind::Method;
        is_method.then_some(FnRef {
            file: place.file,
            function,
        })
    }

    /// The class whose objects a function is a method of.
    fn class_of(&self, function: FnRef) -> Option<(FileId, ClassId)> {
        let declared = self
            .program
            .facts(function.file)
            .function(function.function);
        let class = declared.class.filter(|_| !declared.is_static)?;
        Some((function.file, class))
    }
}

impl Propagation<'_, '_> {
    /// Forgets what objects were given that nothing asks to send it. Where the object of a call is not known, it may be any;
    /// and a method that is handed on as a value is called by whoever gets it.
    pub(super) fn forget_unasked(&mut self, escaped: &BTreeSet<FnRef>) {
        let senders: Vec<Sender> = self.progress.arrivals.senders().collect();
        let mut unasked = Vec::new();
        for sender in senders {
            if !unasked.contains(&sender)
                && !escaped.contains(&sender.method)
                && self.is_unasked(sender)
                && !self.is_handed_on(sender.method)
            {
                unasked.push(sender);
            }
        }
        self.progress.arrivals.forget(&unasked);
    }

    fn is_unasked(&self, sender: Sender) -> bool {
        let mut sites = self.progress.worklist.sites(sender.method).peekable();
        sites.peek().is_some()
            && sites.all(|site| {
                let called = site.holder;
                called.is_some_and(|called| self.evaluator.is_of_another(sender.object, called))
            })
    }

    /// Whether a method is read somewhere without being called there.
    fn is_handed_on(&self, method: FnRef) -> bool {
        let program = self.evaluator.program;
        let declared = program.facts(method.file).function(method.function);
        let Some(wanted) = &declared.name else {
            return true;
        };
        self.files.iter().any(|file| {
            let facts = program.facts(*file);
            let is_named =
                |expr: &Expr| matches!(expr, Expr::Member { name, .. } if name == wanted);
            let read = facts.exprs.iter().filter(|node| is_named(&node.expr));
            let called = facts.calls.iter().filter(|call| {
                matches!(facts.expr(**call), Expr::Call { callee, .. } if is_named(facts.expr(*callee)))
            });
            read.count() > called.count()
        })
    }
}
