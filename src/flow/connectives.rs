//! How tests come out that are made of others.
//!
//! In: a test, and what is known of the tests in it. Out: what follows for `!`, `&&` and `||`, and which comparisons ask
//! whether two things are the same. It leaves alone what a test by itself says (`guards`, `missing`, `production`, `recursive`).

use crate::facts::{Expr, ExprId, LogicalOp};

/// How a test that is made of others comes out, if they tell; none if it is a test by itself.
pub(super) fn outcome(test: &Expr, side: impl Fn(ExprId) -> Option<bool>) -> Option<Option<bool>> {
    match test {
        Expr::Unary { op, operand } if op == "!" => Some(side(*operand).map(|holds| !holds)),
        Expr::Logical { op, left, right } => Some(match (op, side(*left), side(*right)) {
            (LogicalOp::And, Some(false), _) | (LogicalOp::And, _, Some(false)) => Some(false),
            (LogicalOp::Or, Some(true), _) | (LogicalOp::Or, _, Some(true)) => Some(true),
            (_, Some(left), Some(right)) if left == right => Some(left),
            _ => None,
        }),
        _ => None,
    }
}

/// Whether a test that is made of others, and comes out as wanted, says something that they may say; none if it is a test by
/// itself.
pub(super) fn says(test: &Expr, wanted: bool, side: impl Fn(ExprId, bool) -> bool) -> Option<bool> {
    match test {
        Expr::Unary { op, operand } if op == "!" => Some(side(*operand, !wanted)),
        Expr::Logical { op, left, right } if *op != LogicalOp::Nullish => {
            let (left, right) = (side(*left, wanted), side(*right, wanted));
            // Both sides of `a && b` hold if it does; neither of `a || b` does if it does not.
            Some(match wanted == (*op == LogicalOp::And) {
                true => left || right,
                false => left && right,
            })
        }
        _ => None,
    }
}

/// Whether an operator asks if two things are the same, or if they are not; none if it asks for something else.
pub(super) fn is_equality(op: &str) -> Option<bool> {
    match op {
        "===" | "==" => Some(true),
        "!==" | "!=" => Some(false),
        _ => None,
    }
}
