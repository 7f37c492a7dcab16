//! Under which tests the component or function is used in which an SDK is started.
//!
//! In: the place of a start. Out: the tests around the only use of the function that stands around it, and around the only
//! use of what stands around that (`{key && user && <Analytics />}`). It leaves alone functions that are used in several
//! places, or by a framework: which of these comes first, only a run knows.

use super::delivery::{Place, Started};
use super::evaluate::Evaluator;
use super::places::{function_at, place};
use super::value::{FnRef, Value};
use crate::facts::{Expr, ExprId, JsxTag, MODULE};
use crate::search::holds_word;
use crate::source::FileId;

/// So many functions around each other are looked at.
const MAX_MOUNTS: usize = 4;

impl Evaluator<'_> {
    /// A start with the tests of its mounts before its own. What starts by being imported starts wherever that is mounted.
    pub(super) fn mounted(&self, started: &Started) -> Started {
        let mut vendors = self.catalog.vendors();
        let is_by_import = vendors.any(|(at, vendor)| {
            vendor.id == started.vendor && self.is_started_by_import(at, &started.place)
        });
        let mut only_if = match is_by_import {
            true => Vec::new(),
            false => self.tests_of_mounts(&started.place),
        };
        only_if.extend_from_slice(&started.only_if);
        Started {
            only_if,
            ..started.clone()
        }
    }

    /// The tests under which the function around a place is used, outermost first.
    fn tests_of_mounts(&self, at: &Place) -> Vec<(Place, bool)> {
        let mut found = Vec::new();
        let mut at = at.clone();
        for _ in 0..MAX_MOUNTS {
            let Some(used) = self.outermost(&at).and_then(|it| self.only_use(it)) else {
                break;
            };
            found.push(self.tests_around(&used));
            at = used;
        }
        found.into_iter().rev().flatten().collect()
    }

    /// The function of a module around a place, if others can use it.
    fn outermost(&self, at: &Place) -> Option<FnRef> {
        let facts = self.program.facts(at.file);
        let around = std::iter::successors(Some(function_at(facts, at.span)), |function| {
            facts.function(*function).parent
        });
        let function = around.take_while(|function| *function != MODULE).last()?;
        Some(FnRef {
            file: at.file,
            function,
        })
    }

    /// Where a function is used, if that is one place.
    fn only_use(&self, of: FnRef) -> Option<Place> {
        let name = self
            .program
            .facts(of.file)
            .function(of.function)
            .name
            .clone()?;
        let files = (0..).map(FileId).zip(self.program.texts());
        let naming = files.filter(|(_, text)| holds_word(&text.text, &name));
        let mut uses = naming.flat_map(|(file, _)| self.uses_in(file, of, &name));
        let only = uses.next()?;
        uses.next().is_none().then_some(only)
    }

    fn uses_in(&self, file: FileId, of: FnRef, name: &str) -> Vec<Place> {
        let facts = self.program.facts(file);
        let is_used = |call: &&ExprId| {
            let callee = match facts.expr(**call) {
                Expr::Call { callee, .. } | Expr::New { callee, .. } => *callee,
                Expr::Jsx {
                    tag: JsxTag::Component(tag),
                    ..
                } => *tag,
                _ => return false,
            };
            let is_named = match facts.expr(callee) {
                Expr::Ref(binding) => facts.binding(*binding).name == name,
                // Of a namespace, or of an object that it was put into.
                Expr::Member { name: member, .. } => member == name,
                _ => false,
            };
            is_named
                && self
                    .expr(file, callee)
                    .alternatives()
                    .iter()
                    .any(|value| matches!(&**value, Value::Function(it) if it.target == of))
        };
        let uses = facts.calls.iter().filter(is_used);
        uses.map(|call| place(facts, file, facts.span(*call), facts.function_of(*call)))
            .collect()
    }
}
