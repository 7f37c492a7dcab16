//! Tests of several parts: functions that answer, and alternatives.
//!
//! In: a test that calls a function of the program (`isSecret(key)`), or that holds if one of several does (`x === 'a' || x ===
//! 'b'`). Out: what it says of what is asked about, as a comparison of that says it. It leaves alone the comparisons themselves
//! (`guards`).

use super::evaluate::Evaluator;
use super::guards::{Called, Comparison, Says};
use super::value::{FnRef, V, Value};
use crate::facts::{Expr, ExprId, FileFacts, Item};
use crate::source::FileId;

/// A call of a function that answers counts for so much of the depth of a test: each may ask several others.
const DEPTH_OF_CALL: usize = 4;

impl Evaluator<'_> {
    /// What `x === 'a' || x === 'b'` says of `x`, if all sides compare the same.
    pub(super) fn one_of_several(
        &self,
        file: FileId,
        test: ExprId,
        wanted: bool,
        depth: usize,
    ) -> Option<Comparison> {
        let facts = self.program.facts(file);
        let Expr::Logical { op, .. } = facts.expr(test) else {
            return None;
        };
        let mut sides = vec![test];
        let mut subject = None;
        let mut all = Vec::new();
        while let Some(side) = sides.pop() {
            match facts.expr(side) {
                Expr::Logical {
                    op: inner,
                    left,
                    right,
                } if inner == op => sides.extend([*left, *right]),
                _ => {
                    let compared = self.comparisons_within(file, side, wanted, depth + 1);
                    let [
                        Comparison {
                            subject: of,
                            says: Says::Among(words),
                            holds: true,
                        },
                    ] = compared.as_slice()
                    else {
                        return None;
                    };
                    if !is_same_name(facts, *subject.get_or_insert(*of), *of) {
                        return None;
                    }
                    all.extend(words.iter().cloned());
                }
            }
        }
        Some(Comparison {
            subject: subject?,
            says: Says::Among(all),
            holds: true,
        })
    }

    /// What a call of a function that compares its parameters with words, and does no more, says of what it is given.
    pub(super) fn asked_of_predicate(
        &self,
        file: FileId,
        call: ExprId,
        wanted: bool,
        depth: usize,
    ) -> Vec<Comparison> {
        let Expr::Call { callee, args, .. } = self.program.facts(file).expr(call) else {
            return Vec::new();
        };
        let Some((of, answer)) = self.predicate(&self.expr(file, *callee)) else {
            return Vec::new();
        };
        let facts = self.program.facts(of.file);
        let given = |subject: ExprId| {
            args.iter().zip(0..).find_map(|(arg, index)| match arg {
                Item::Value(given) if facts.is_param(subject, of.function, index) => Some(*given),
                _ => None,
            })
        };
        let compared = self.comparisons_within(of.file, answer, wanted, depth + 1);
        let compared = compared.into_iter().filter_map(|it| {
            let subject = given(it.subject)?;
            Some(Comparison { subject, ..it })
        });
        compared.collect()
    }

    /// A function that gives one answer whenever it is called, and that answer.
    fn predicate(&self, callee: &V) -> Option<(FnRef, ExprId)> {
        let Value::Function(closure) = &**callee else {
            return None;
        };
        let function = closure.target;
        let facts = self.program.facts(function.file);
        let [answer] = facts.function(function.function).returns.as_slice() else {
            return None;
        };
        let mut guards = facts.guards_around(function.function, facts.span(*answer));
        guards.next().is_none().then_some((function, *answer))
    }

    /// What a function that gives one answer says of what a call hands to it.
    pub(super) fn is_answered(
        &self,
        called: Called<'_>,
        call: ExprId,
        depth: usize,
    ) -> Option<bool> {
        let Expr::Call { callee, args, .. } = self.program.facts(called.file).expr(call) else {
            return None;
        };
        let callee = self.expr(called.file, *callee);
        let (function, answer) = self.predicate(&callee)?;
        let Value::Function(closure) = &*callee else {
            return None;
        };
        let args = self.items(called.file, args).into_iter();
        let args: Vec<V> = args
            .map(|arg| self.substitute(&arg, called.frames))
            .collect();
        let asked = Called {
            file: function.file,
            frames: &self.frames_of(closure, &args),
            value: None,
        };
        self.holds(asked, answer, depth + DEPTH_OF_CALL)
    }
}

/// Whether two expressions read the same name, or the same field of it.
fn is_same_name(facts: &FileFacts, one: ExprId, other: ExprId) -> bool {
    match (facts.expr(one), facts.expr(other)) {
        _ if one == other => true,
        (Expr::Ref(one), Expr::Ref(other)) => one == other,
        (
            Expr::Member {
                object: one,
                name: field,
                ..
            },
            Expr::Member {
                object: other,
                name,
                ..
            },
        ) => {
            field == name
                && matches!((facts.expr(*one), facts.expr(*other)), (Expr::Ref(one), Expr::Ref(other)) if one == other)
        }
        _ => false,
    }
}
