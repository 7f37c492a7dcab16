//! What always happens in a function that an SDK hands what it sends to.
//!
//! In: such a function, and a place in it. Out: whether it is reached in every call in which there is something to leave out. It
//! leaves alone what happens there (`hooks`).

use super::connectives::is_equality;
use super::guards::Says;
use super::hooks::{Hook, MAX_DEPTH};
use super::value::Value;
use crate::facts::{Expr, ExprId, FunctionId, Literal, LogicalOp, Name, Test};
use crate::ruleset::schema::Effect;
use crate::source::Span;

impl Hook<'_, '_> {
    /// Whether a function runs whenever the hook does, as far as no test is around it: the hook itself, and what is called with
    /// each of a list that is written out (`['email'].forEach((key) => …)`).
    pub(super) fn is_run(&self, mut function: FunctionId) -> bool {
        for _ in 0..MAX_DEPTH {
            if function == self.closure.target.function {
                return true;
            }
            let positions = self.evaluator.positions(self.file());
            let Some(&(call, 0)) = positions.argument_of.get(&function) else {
                return false;
            };
            let Expr::Call { callee, .. } = self.facts.expr(call) else {
                return false;
            };
            let Expr::Member { object, name, .. } = self.facts.expr(*callee) else {
                return false;
            };
            let rule = self.evaluator.library.method(name);
            let list = self.evaluator.expr(self.file(), *object);
            let is_each = rule
                .is_some_and(|rule| matches!(rule.does, Effect::Map | Effect::FlatMap))
                && matches!(&*list, Value::Array(elements) if !elements.is_empty());
            if !is_each {
                return false;
            }
            function = self.facts.function_of(call);
        }
        false
    }

    /// Whether it happens in every call in which there is something to leave out.
    pub(super) fn is_certain(&self, span: Span, way: &[Name]) -> bool {
        let function = self.closure.target.function;
        let around = self.facts.function(function).span;
        self.facts
            .guards_around(function, span)
            .filter(|guard| guard.span != around && !self.is_around_all(guard.span))
            .all(|guard| match guard.test {
                Test::Is(test, wanted) => self.is_presence(test, wanted, way),
                Test::OneOf(..) => false,
            })
    }

    /// Whether nothing goes on but from a part of the function (`if (isDevelopment) return null;` before it).
    fn is_around_all(&self, part: Span) -> bool {
        let is_nothing = |value: &ExprId| {
            let value = self.facts.expr(*value);
            matches!(
                value,
                Expr::Literal(Literal::Null | Literal::Undefined | Literal::Bool(false))
            )
        };
        let returns = &self.facts.function(self.closure.target.function).returns;
        let mut sent = returns.iter().filter(|it| !is_nothing(it)).peekable();
        self.gives_back
            && sent.peek().is_some()
            && sent.all(|value| part.contains(self.facts.span(*value)))
    }

    /// Whether a value is given back only for events of other names than one, which stands on a way of the event.
    pub(super) fn is_of_others(&self, value: ExprId, way: &str, event: &str) -> bool {
        let is_name = |expr: ExprId| {
            let written = self.written_way(expr, 0);
            written.is_some_and(|it| it.iter().map(Name::as_str).eq(way.split('.')))
        };
        let is_among = |names: &[Name]| names.iter().any(|name| *name == event);
        let function = self.closure.target.function;
        let mut guards = self.facts.guards_around(function, self.facts.span(value));
        guards.any(|guard| {
            let compared = self.evaluator.compared_by(self.file(), &guard.test);
            compared.iter().any(|it| match &it.says {
                Says::Among(names) => is_name(it.subject) && is_among(names) != it.holds,
                _ => false,
            })
        })
    }

    /// A test that there is something on the way: `if (event.user)`.
    fn is_presence(&self, test: ExprId, wanted: bool, way: &[Name]) -> bool {
        match self.facts.expr(test) {
            Expr::Unary { op, operand } if op == "!" => self.is_presence(*operand, !wanted, way),
            Expr::Logical {
                op: LogicalOp::And,
                left,
                right,
            } if wanted => {
                self.is_presence(*left, true, way) && self.is_presence(*right, true, way)
            }
            Expr::Logical {
                op: LogicalOp::Or,
                left,
                right,
            } if !wanted => {
                self.is_presence(*left, false, way) && self.is_presence(*right, false, way)
            }
            Expr::Ref(_) | Expr::Member { .. } if wanted => self.is_before(test, None, way),
            // `event.user !== undefined`
            Expr::Binary { op, left, right } if is_equality(op) == Some(!wanted) => {
                let is_nothing = |side: &ExprId| {
                    let side = self.facts.expr(*side);
                    matches!(side, Expr::Literal(Literal::Null | Literal::Undefined))
                };
                (is_nothing(right) && self.is_before(*left, None, way))
                    || (is_nothing(left) && self.is_before(*right, None, way))
            }
            // `'email' in event.user`
            Expr::Binary { op, left, right } if op == "in" && wanted => {
                match self.facts.expr(*left) {
                    Expr::Literal(Literal::String(key)) => self.is_before(*right, Some(key), way),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether an expression is what a way leads through, or holds the key through which it goes on.
    fn is_before(&self, of: ExprId, key: Option<&Name>, way: &[Name]) -> bool {
        let leads_through = |tested: &[&str]| {
            let tested = tested.iter().copied().chain(key.map(Name::as_str));
            let tested: Vec<&str> = tested.collect();
            tested.len() <= way.len() && tested.iter().zip(way).all(|(a, b)| *a == b.as_str())
        };
        if let Some(written) = self.written_way(of, 0) {
            let written: Vec<&str> = written.iter().map(Name::as_str).collect();
            return leads_through(&written);
        }
        let value = self.evaluator.expr(self.file(), of);
        let mut alternatives = value.alternatives().iter();
        alternatives.all(|value| {
            let tested = self.event_way(value);
            tested.is_some_and(|tested| leads_through(&tested))
        })
    }
}
