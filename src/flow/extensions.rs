//! What stands behind the last dot of a text: the extension of a file's name.
//!
//! In: a call of a method (`name.split('.').pop()`, `name.slice(name.lastIndexOf('.') + 1)`). Out: whether that is all it gives.
//! It leaves alone other pieces of a text (`effects`): the middle one of a token is most of it.

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use crate::facts::{Expr, ExprId, FileFacts, Item, Literal};

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

/// `-1`, counted from the end.
fn is_last(facts: &FileFacts, at: ExprId) -> bool {
    match facts.expr(at) {
        Expr::Unary { op, operand } if op == "-" => {
            matches!(facts.expr(*operand), Expr::Literal(Literal::Number(one)) if one == "1")
        }
        Expr::Literal(Literal::Number(number)) => number == "-1",
        _ => false,
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
    pieces.is_some_and(|pieces| asks_for_dot(facts, pieces, "split"))
}

/// `name.lastIndexOf('.')`, or one more.
fn is_last_dot(facts: &FileFacts, at: ExprId) -> bool {
    match facts.expr(facts.uncast(at)) {
        Expr::Binary { op, left, .. } if op == "+" => is_last_dot(facts, *left),
        Expr::Ref(binding) => facts
            .constant(*binding)
            .is_some_and(|at| asks_for_dot(facts, at, "lastIndexOf")),
        _ => asks_for_dot(facts, at, "lastIndexOf"),
    }
}

/// Whether an expression is a call of a method with a dot.
fn asks_for_dot(facts: &FileFacts, call: ExprId, method: &str) -> bool {
    let Expr::Call { callee, args, .. } = facts.expr(facts.uncast(call)) else {
        return false;
    };
    let is_method = matches!(facts.expr(*callee), Expr::Member { name, .. } if name == method);
    let is_dot = match args.first() {
        Some(Item::Value(dot)) => {
            matches!(facts.expr(*dot), Expr::Literal(Literal::String(dot)) if dot == ".")
        }
        _ => false,
    };
    is_method && is_dot
}
