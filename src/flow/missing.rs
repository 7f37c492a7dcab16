//! Names that a test says nothing is in.
//!
//! In: what stands at a place of a function, and the tests around it. Out: whether it is missing there, as in
//! `if (!value) return value;`. It leaves alone what callers decide (`conditions`).

use super::connectives::{is_equality, says};
use super::evaluate::Evaluator;
use crate::facts::{Expr, ExprId, FileFacts, FunctionId, Literal, Test};
use crate::source::{FileId, Span};

/// In a file of more tests nobody asks what they say of each place.
const MAX_TESTS: usize = 2_000;
/// Tests nested deeper are not read.
const MAX_DEPTH: usize = 8;

impl Evaluator<'_> {
    /// Whether a name is missing at a place of a function, by a test around it.
    pub(super) fn is_missing(&self, file: FileId, function: FunctionId, name: ExprId) -> bool {
        let facts = self.program.facts(file);
        let name = facts.uncast(name);
        if !matches!(facts.expr(name), Expr::Ref(_) | Expr::Member { .. })
            || facts.guards.len() > MAX_TESTS
        {
            return false;
        }
        let mut guards = facts.guards_around(function, facts.span(name));
        guards.any(|guard| match guard.test {
            Test::Is(test, wanted) => {
                says_missing(facts, test, wanted, name, 0)
                    && !is_set(facts, name, |span| guard.span.contains(span))
            }
            Test::OneOf(..) => false,
        })
    }
}

/// Whether a name is given another value at one of some places.
fn is_set(facts: &FileFacts, name: ExprId, is_there: impl Fn(Span) -> bool) -> bool {
    match facts.expr(name) {
        Expr::Ref(binding) => {
            let binding = facts.binding(*binding);
            binding.sources.iter().any(|source| is_there(source.span))
        }
        Expr::Member { object, .. } => match facts.expr(*object) {
            Expr::Ref(binding) => {
                let binding = facts.binding(*binding);
                binding.writes.iter().any(|write| is_there(write.span))
            }
            _ => true,
        },
        _ => true,
    }
}

/// Whether a test that comes out as wanted says that a name is missing.
fn says_missing(facts: &FileFacts, test: ExprId, wanted: bool, name: ExprId, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    let side = |test: ExprId, wanted| says_missing(facts, test, wanted, name, depth + 1);
    if let Some(said) = says(facts.expr(test), wanted, side) {
        return said;
    }
    match facts.expr(test) {
        Expr::Binary { op, left, right } => {
            let is_blank = |it: ExprId| match facts.expr(it) {
                Expr::Literal(Literal::Null | Literal::Undefined) => true,
                Expr::Literal(Literal::String(text)) => text.is_empty(),
                _ => false,
            };
            is_equality(op) == Some(wanted)
                && (is_same(facts, *left, name) && is_blank(*right)
                    || is_same(facts, *right, name) && is_blank(*left))
        }
        _ => !wanted && is_same(facts, test, name),
    }
}

/// Whether two expressions read the same name, or the same member of it.
fn is_same(facts: &FileFacts, one: ExprId, other: ExprId) -> bool {
    match (facts.expr(facts.uncast(one)), facts.expr(other)) {
        (Expr::Ref(one), Expr::Ref(other)) => one == other,
        (
            Expr::Member {
                object: one,
                name: of_one,
                ..
            },
            Expr::Member {
                object: other,
                name: of_other,
                ..
            },
        ) => of_one == of_other && is_same(facts, *one, *other),
        _ => false,
    }
}
