//! Under which tests the component or function is used in which an SDK is started.
//!
//! In: the place of a start. Out: the tests around the only use of the function that stands around it, and around the only
//! use of what stands around that (`{key && user && <Analytics />}`). It leaves alone functions that are used in several
//! places, or by a framework: which of these comes first, only a run knows.

use super::delivery::Place;
use super::evaluate::Evaluator;
use super::places::place;
use super::value::{FnRef, Value};
use crate::facts::{Expr, FunctionId, JsxTag, MODULE};
use crate::search::holds_word;
use crate::source::FileId;

/// So many functions around each other are looked at.
const MAX_MOUNTS: usize = 4;

impl Evaluator<'_> {
    /// The tests under which the function around a place is used, outermost first.
    pub(super) fn tests_of_mounts(&self, at: &Place) -> Vec<(Place, bool)> {
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
        let mut function = FunctionId(0);
        for (id, declared) in (0..).map(FunctionId).zip(&facts.functions) {
            let is_of_module = declared.parent == Some(MODULE);
            if is_of_module && declared.span.contains(at.span) {
                function = id;
            }
        }
        (function != MODULE).then_some(FnRef {
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
        let is_used = |call: &&crate::facts::ExprId| {
            let callee = match facts.expr(**call) {
                Expr::Call { callee, .. } | Expr::New { callee, .. } => *callee,
                Expr::Jsx {
                    tag: JsxTag::Component(tag),
                    ..
                } => *tag,
                _ => return false,
            };
            let is_named = matches!(facts.expr(callee), Expr::Ref(binding) if facts.binding(*binding).name == name);
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
