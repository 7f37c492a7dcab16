//! What functions within another one put into what that one makes: `const put = (key, value) => { all[key] = value; }`.
//!
//! In: what is done to a name by wherever that stands. Out: what is done to it within such functions, once for each of their calls,
//! with what they are called with there; the calls in one run of the function around are all that fill what that makes. It leaves
//! alone functions that somebody else may call as well (`only_called`), and what is made of the value (`mutation`).

use std::collections::BTreeSet;
use std::rc::Rc;

use super::evaluate::Evaluator;
use super::mutation::Changes;
use super::positions::function_of;
use super::value::{FnRef, Frames};
use crate::facts::{Binding, Expr, ExprId, FunctionId, MODULE, Write};
use crate::source::FileId;

/// Of a function that is called more often the calls are not told apart.
const MAX_CALLS: usize = 20;

impl Evaluator<'_> {
    /// What functions within the one that declares a name do to it, once for each of their calls there; that is no longer among
    /// all that is done to it.
    pub(super) fn changed_within<'c>(
        &self,
        binding: &Binding,
        changes: &mut Changes<'c>,
    ) -> Vec<(Frames, Changes<'c>)> {
        let facts = self.program.facts(changes.file);
        let writing = changes.writes.iter().map(|write| write.function);
        let filling = changes.touches.iter().filter(|it| facts.may_fill(**it));
        let touching = filling.map(|it| facts.function_of(*it));
        let within: BTreeSet<FunctionId> = writing.chain(touching).collect();
        let mut found = Vec::new();
        for function in within {
            let calls = self.called_within(changes.file, binding.function, function);
            if calls.is_empty() {
                continue;
            }
            let is_here = |write: &&Write| write.function == function;
            let touches_here = |touch: &ExprId| facts.function_of(*touch) == function;
            let (writes, other_writes) = changes.writes.iter().copied().partition(is_here);
            let (touches, other_touches) = changes.touches.iter().copied().partition(touches_here);
            let here = Changes {
                writes,
                touches,
                first: changes.first.clone(),
                ..*changes
            };
            (changes.writes, changes.touches) = (other_writes, other_touches);
            found.extend(calls.into_iter().map(|frames| (frames, here.clone())));
        }
        found
    }

    /// What a function within another one is called with there, call by call, if it is only called, and not too often.
    fn called_within(&self, file: FileId, around: FunctionId, function: FunctionId) -> Vec<Frames> {
        let called = FnRef { file, function };
        if around == MODULE || function == around || !self.is_only_called(called) {
            return Vec::new();
        }
        let facts = self.program.facts(file);
        let calls = facts.calls.iter().map(|call| facts.expr(*call));
        let given = calls.filter_map(|call| match call {
            Expr::Call { callee, args, .. } if function_of(facts, *callee) == Some(function) => {
                Some(args)
            }
            _ => None,
        });
        let given: Vec<_> = given.take(MAX_CALLS + 1).collect();
        if given.len() > MAX_CALLS {
            return Vec::new();
        }
        let frames = |args| Frames::default().with(called, Rc::new(self.items(file, args)));
        given.into_iter().map(|args| frames(args)).collect()
    }
}
