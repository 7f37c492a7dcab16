//! What a test says where an app runs for its users.
//!
//! In: a test. Out: how it comes out there, if it asks for nothing but how the app was built (`NODE_ENV`, `__DEV__`, a constant
//! made of these); which side of a test decides, where the other is known there, or only asks for text. It leaves alone all other
//! tests (`guards`).

use super::connectives::{is_equality, outcome};
use super::kinds::kind_test;
use crate::facts::{Expr, ExprId, FileFacts, Literal, LogicalOp, Test};
use crate::source::Span;

/// The variable that says how an app was built.
const MODE: &str = "NODE_ENV";
/// What it says of one that runs for its users.
const PRODUCTION: &str = "production";
/// React Native's flag of a build that does not.
const DEVELOPMENT: &str = "__DEV__";
/// Tests nested deeper are not read.
const MAX_DEPTH: usize = 8;

/// How a test comes out in production, if that is all it asks for.
fn in_production(facts: &FileFacts, test: ExprId) -> Option<bool> {
    holds(facts, test, 0)
}

fn holds(facts: &FileFacts, test: ExprId, depth: usize) -> Option<bool> {
    if depth > MAX_DEPTH {
        return None;
    }
    let test = facts.expr(test);
    if let Some(told) = outcome(test, |side| holds(facts, side, depth + 1)) {
        return told;
    }
    match test {
        Expr::Binary { op, left, right } => {
            let is_same = is_equality(op)?;
            let mode = |mode: ExprId, word: ExprId| match facts.expr(word) {
                Expr::Literal(Literal::String(word)) if names_mode(facts, mode) => {
                    Some(*word == PRODUCTION)
                }
                _ => None,
            };
            Some(mode(*left, *right).or_else(|| mode(*right, *left))? == is_same)
        }
        Expr::Member { object, name, .. } if is_build(facts, *object) => match name.as_str() {
            "PROD" => Some(true),
            "DEV" => Some(false),
            _ => None,
        },
        Expr::Global(name) if name == DEVELOPMENT => Some(false),
        Expr::Ref(binding) => match facts.binding(*binding).name == DEVELOPMENT {
            true => Some(false),
            false => holds(facts, facts.constant(*binding)?, depth + 1),
        },
        _ => None,
    }
}

/// Whether a test around a place says that it is not reached in production.
pub(super) fn is_left_out(facts: &FileFacts, at: Span) -> bool {
    let mut around = facts.guards.iter().filter(|guard| guard.span.contains(at));
    around.any(|guard| match guard.test {
        Test::Is(test, wanted) => in_production(facts, test) == Some(!wanted),
        Test::OneOf(..) => false,
    })
}

/// The side of a test that decides where the other is known; of what is personal most is text.
pub(super) fn told_apart(facts: &FileFacts, test: ExprId) -> ExprId {
    let mut test = test;
    while let Expr::Logical { op, left, right } = facts.expr(test)
        && *op != LogicalOp::Nullish
    {
        let is_idle = |side| {
            let known = in_production(facts, side).or_else(|| is_of_text(facts, side));
            known == Some(*op == LogicalOp::And)
        };
        test = match (is_idle(*left), is_idle(*right)) {
            (_, true) => *left,
            (true, _) => *right,
            _ => break,
        };
    }
    test
}

/// Whether a test lets through what is text (`typeof value === "string"`), or what is none; none if it asks for something else.
fn is_of_text(facts: &FileFacts, test: ExprId) -> Option<bool> {
    let (_, kind, is_so) = kind_test(facts, test)?;
    (kind == "string").then_some(is_so)
}

fn names_mode(facts: &FileFacts, expr: ExprId) -> bool {
    match facts.expr(expr) {
        Expr::Member { object, name, .. } => match name.as_str() {
            "MODE" => is_build(facts, *object),
            name => name == MODE,
        },
        _ => false,
    }
}

/// `import.meta.env`.
fn is_build(facts: &FileFacts, expr: ExprId) -> bool {
    matches!(facts.expr(expr), Expr::Member { object, name, .. }
        if name == "env" && matches!(facts.expr(*object), Expr::ImportMeta))
}
