//! What stands behind the last dot of a text: the extension of a file's name.
//!
//! In: a call of a method (`name.split('.').pop()`, `name.slice(name.lastIndexOf('.') + 1)`). Out: whether that is all it gives.
//! It leaves alone other pieces of a text (`effects`): the middle one of a token is most of it.

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use crate::facts::{Expr, ExprId, FileFacts, Item, Literal};

const DOT: &str = ".";

impl Evaluator<'_> {
    /// Whether a call gives no more of a text than what stands behind its last dot.
    pub(super) fn is_behind_last_dot(&self, library: &LibraryCall<'_>) -> bool {
        let Some((_, method)) = library.receiver else {
            return false;
        };
        let facts = self.program.facts(library.file);
        let args = library.call.args;
        match (method.as_str(), args) {
            ("pop", []) => is_of_pieces(facts, library.call.callee),
            ("at", [Item::Value(at)]) => {
                is_last(facts, *at) && is_of_pieces(facts, library.call.callee)
            }
            ("slice" | "substring" | "substr", [Item::Value(from)]) => is_last_dot(facts, *from),
            _ => false,
        }
    }
}

/// The last element, counted from the end.
fn is_last(facts: &FileFacts, at: ExprId) -> bool {
    counted(facts, at) == Some(-1)
}

/// A whole number that is written.
pub(super) fn counted(facts: &FileFacts, number: ExprId) -> Option<i64> {
    match facts.expr(number) {
        Expr::Unary { op, operand } if op == "-" => {
            counted(facts, *operand).and_then(i64::checked_neg)
        }
        Expr::Literal(Literal::Number(number)) => number.parse().ok(),
        _ => None,
    }
}

/// Whether a method is one of the pieces of a text between dots, which a variable may hold.
fn is_of_pieces(facts: &FileFacts, callee: ExprId) -> bool {
    let Expr::Member { object, .. } = facts.expr(callee) else {
        return false;
    };
    let pieces = match facts.expr(facts.uncast(*object)) {
        Expr::Ref(binding) => facts.constant(*binding),
        _ => Some(*object),
    };
    pieces.is_some_and(|pieces| asks_for(facts, pieces, &["split"], DOT))
}

/// `name.lastIndexOf('.')`, or one more.
fn is_last_dot(facts: &FileFacts, at: ExprId) -> bool {
    is_at(facts, at, &["lastIndexOf"], DOT)
}

/// Whether an index is that of what stands behind a sign: `email.indexOf('@') + 1`.
pub(super) fn is_behind(facts: &FileFacts, at: ExprId, sign: &str) -> bool {
    is_at(facts, at, &["indexOf", "lastIndexOf"], sign)
}

fn is_at(facts: &FileFacts, at: ExprId, methods: &[&str], sign: &str) -> bool {
    match facts.expr(facts.uncast(at)) {
        Expr::Binary { op, left, .. } if op == "+" => is_at(facts, *left, methods, sign),
        Expr::Ref(binding) => facts
            .constant(*binding)
            .is_some_and(|at| asks_for(facts, at, methods, sign)),
        _ => asks_for(facts, at, methods, sign),
    }
}

/// Whether an expression is a call of one of these methods with a sign.
fn asks_for(facts: &FileFacts, call: ExprId, methods: &[&str], sign: &str) -> bool {
    let Expr::Call { callee, args, .. } = facts.expr(facts.uncast(call)) else {
        return false;
    };
    let is_method = matches!(facts.expr(*callee), Expr::Member { name, .. } if methods.contains(&name.as_str()));
    let is_sign = match args.first() {
        Some(Item::Value(given)) => {
            matches!(facts.expr(*given), Expr::Literal(Literal::String(given)) if given == sign)
        }
        _ => false,
    };
    is_method && is_sign
}
