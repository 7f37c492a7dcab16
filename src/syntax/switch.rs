//! `switch` statements.
//!
//! In: the statement's node. Out: its cases lowered, and which values of its subject lead to each and past it. It leaves alone
//! what stands in a case (`statement`).

use crate::facts::{ExprId, Guard, Test};
use crate::source::Span;

use super::lower::Lowering;
use super::statement::{is_break, is_way_out};
use super::tree::{self, Node};

/// Where the values of a subject lead.
#[derive(Default)]
struct Ways {
    /// The values of all cases.
    all: Vec<ExprId>,
    /// Those that lead out of the function, or to the next turn of a loop.
    left: Vec<ExprId>,
    /// Any other value leads there too.
    leaves_by_default: bool,
}

/// What leads to a case: its own value, and those of cases that fall through to it.
#[derive(Default)]
struct Open {
    values: Vec<ExprId>,
    /// Every value does that is none of another case.
    is_default: bool,
}

impl Ways {
    /// The values that lead to what stands behind, where all others leave.
    fn that_stay(&self) -> Vec<ExprId> {
        let all = self.all.iter().copied();
        all.filter(|it| !self.left.contains(it)).collect()
    }
}

impl<'t> Lowering<'t> {
    /// A `switch`; what stands behind it up to `end` is reached by the values that do not leave.
    pub(super) fn switch(&mut self, node: Node<'t>, end: Option<u32>) {
        let subject = tree::field(node, "value").map(|value| self.expr(value));
        let Some(body) = tree::field(node, "body") else {
            return;
        };
        let mut ways = Ways::default();
        let mut open = Open::default();
        let mut default = None;
        self.scopes.push();
        let cases: Vec<_> = tree::named_or_error(body)
            .into_iter()
            .map(|case| (case, tree::named_or_error(case)))
            .collect();
        for (_, parts) in &cases {
            self.announce(parts);
        }
        for (case, parts) in cases {
            let value = tree::field(case, "value");
            let last = parts.last().copied().filter(|last| Some(*last) != value);
            open.is_default |= value.is_none();
            for part in parts {
                if Some(part) == value {
                    let value = self.expr(part);
                    open.values.push(value);
                    ways.all.push(value);
                } else {
                    self.statement(part);
                }
            }
            match (subject, open.is_default) {
                (Some(_), true) => {
                    default = default.or(Some((tree::span(case), open.values.clone())))
                }
                (Some(subject), false) => self.facts.guards.push(Guard {
                    span: tree::span(case),
                    test: Test::OneOf(subject, open.values.as_slice().into(), true),
                }),
                (None, _) => {}
            }
            if last.is_some_and(is_way_out) {
                if !last.is_some_and(is_break) {
                    ways.left.append(&mut open.values);
                    ways.leaves_by_default |= open.is_default;
                }
                open = Open::default();
            }
        }
        self.scopes.pop();
        // The default is for all values but those of the other cases.
        if let (Some(subject), Some((span, led))) = (subject, default) {
            let others = ways.all.iter().copied().filter(|it| !led.contains(it));
            self.not_among(subject, others.collect(), span);
        }
        if let (Some(subject), Some(end)) = (subject, end) {
            let start = tree::span(node).end;
            let rest = Span::new(start, end.max(start));
            match ways.leaves_by_default {
                true => self.facts.guards.push(Guard {
                    span: rest,
                    test: Test::OneOf(subject, ways.that_stay().into(), true),
                }),
                false => self.not_among(subject, ways.left, rest),
            }
        }
    }

    fn not_among(&mut self, subject: ExprId, values: Vec<ExprId>, span: Span) {
        if !values.is_empty() {
            let test = Test::OneOf(subject, values.into(), false);
            self.facts.guards.push(Guard { span, test });
        }
    }
}
