//! Numbers that are counted up or down.
//!
//! In: an expression that is compared with a number. Out: whether its file adds to it or takes from it, as a function does
//! with how deep it is in calls of itself: then the number of one call says nothing of what the calls in it do. It leaves alone
//! what is compared (`guards`).

use rustc_hash::FxHashSet;

use super::evaluate::Evaluator;
use crate::facts::{BindingId, Expr, ExprId, FileFacts};
use crate::source::FileId;

impl Evaluator<'_> {
    /// Whether an expression is a name that its file counts with.
    pub(super) fn is_counted(&self, file: FileId, expr: ExprId) -> bool {
        let facts = self.program.facts(file);
        let Expr::Ref(binding) = facts.expr(facts.uncast(expr)) else {
            return false;
        };
        let positions = self.positions(file);
        positions
            .counted
            .get_or_init(|| counted(facts))
            .contains(binding)
    }
}

fn counted(facts: &FileFacts) -> FxHashSet<BindingId> {
    let operands = facts.exprs.iter().flat_map(|node| match &node.expr {
        Expr::Binary { op, left, right } if matches!(op.as_str(), "+" | "-") => {
            [Some(*left), Some(*right)]
        }
        _ => [None, None],
    });
    let names = operands
        .flatten()
        .filter_map(|operand| match facts.expr(operand) {
            Expr::Ref(binding) => Some(*binding),
            _ => None,
        });
    names.collect()
}
