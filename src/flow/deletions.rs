//! Members of a value that are deleted only under a condition.
//!
//! In: a `delete` of a member of a name, the value before it, and the value without the member. Out: the value afterwards, as far
//! as the tests around the `delete` are told. A test of whether there is something to delete is no condition, and neither is one
//! under which all that reads the name afterwards stands as well. It leaves alone assignments (`mutation`).

use super::conditions::when;
use super::evaluate::Evaluator;
use super::value::{V, Value};
use crate::facts::{Expr, ExprId, FileFacts, Guard, Item, Literal, Test, Write};
use crate::source::{FileId, Span};

/// Tests with more parts, one in the other, are conditions.
const MAX_DEPTH: usize = 8;

impl Evaluator<'_> {
    /// A value after a `delete` that may not have happened.
    pub(super) fn perhaps_without(
        &self,
        file: FileId,
        declared: Span,
        write: &Write,
        value: V,
        without: V,
    ) -> V {
        let facts = self.program.facts(file);
        let guards = facts.guards_around(write.function, write.span);
        let conditions: Vec<&Guard> = guards
            .filter(|guard| !guard.span.contains(declared))
            .filter(|guard| is_read_behind(facts, declared, guard.span))
            .filter(|guard| match guard.test {
                Test::Is(test, _) => !is_about(facts, declared, test, 0),
                Test::OneOf(..) => true,
            })
            .collect();
        match conditions.as_slice() {
            [] => without,
            [
                Guard {
                    test: Test::Is(test, wanted),
                    ..
                },
            ] => {
                let kept = self.only_if(file, *test, !wanted, value.clone());
                match &*kept {
                    // Callers say which of the two it is.
                    Value::When(condition, _) => V::union([when(condition, value), without]),
                    Value::Nothing => without,
                    _ => value,
                }
            }
            _ => value,
        }
    }
}

/// Whether a name is read behind a part of its function.
fn is_read_behind(facts: &FileFacts, declared: Span, part: Span) -> bool {
    facts.exprs.iter().any(|node| {
        node.span.start >= part.end
            && matches!(node.expr, Expr::Ref(binding) if facts.binding(binding).span == declared)
    })
}

/// Whether a test asks of nothing but of what a name holds whether it is there.
fn is_about(facts: &FileFacts, declared: Span, test: ExprId, depth: usize) -> bool {
    let side = |part: ExprId| is_about(facts, declared, part, depth + 1);
    if depth > MAX_DEPTH {
        return false;
    }
    match facts.expr(test) {
        Expr::Ref(binding) => facts.binding(*binding).span == declared,
        Expr::Member { object, .. } | Expr::Index { object, .. } => side(*object),
        Expr::Cast { value, .. } => side(*value),
        Expr::Unary { op, operand } => matches!(op.as_str(), "!" | "typeof") && side(*operand),
        Expr::Logical { left, right, .. } => side(*left) && side(*right),
        Expr::Binary { op, left, right } if op == "in" => {
            matches!(facts.expr(*left), Expr::Literal(_)) && side(*right)
        }
        Expr::Binary { left, right, .. } => {
            let is_kind = |one: ExprId, other: ExprId| match facts.expr(other) {
                Expr::Literal(Literal::Null | Literal::Undefined) => side(one),
                Expr::Literal(Literal::String(_)) => {
                    matches!(facts.expr(one), Expr::Unary { op, .. } if op == "typeof") && side(one)
                }
                _ => false,
            };
            is_kind(*left, *right) || is_kind(*right, *left)
        }
        // `Object.hasOwn(value, 'key')`, `value.hasOwnProperty('key')`, `Array.isArray(value)`.
        Expr::Call { callee, args, .. } => {
            let Expr::Member { object, name, .. } = facts.expr(*callee) else {
                return false;
            };
            match (facts.expr(*object), name.as_str(), args.first()) {
                (Expr::Global(of), _, Some(Item::Value(first))) => {
                    matches!(of.as_str(), "Object" | "Array" | "Reflect") && side(*first)
                }
                (_, "hasOwnProperty", _) => side(*object),
                _ => false,
            }
        }
        _ => false,
    }
}
