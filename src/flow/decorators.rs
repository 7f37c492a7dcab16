//! Decorators of a framework.
//!
//! In: a file. Out: the calls of a package's functions that decorate something in it, and the texts that they are given. It
//! leaves alone what a decorator does: that a method answers requests (`controllers`), or is called for an event
//! (`subscribed`).

use super::evaluate::{Evaluator, callee_names, package_of};
use crate::facts::{Expr, ExprId, Item, Name};
use crate::source::{FileId, Span};

/// A decorator of a framework.
pub(super) struct Decorator<'f> {
    pub span: Span,
    pub name: Name,
    pub args: &'f [Item],
}

/// The calls of a package's functions in a file.
pub(super) fn decorators<'f>(
    evaluator: &Evaluator<'f>,
    file: FileId,
    package: &str,
) -> Vec<Decorator<'f>> {
    let facts = evaluator.program.facts(file);
    let calls = facts.calls.iter().filter_map(|call| {
        let Expr::Call { callee, args, .. } = facts.expr(*call) else {
            return None;
        };
        let callee = evaluator.expr(file, *callee);
        if package_of(&callee) != Some(package) {
            return None;
        }
        Some(Decorator {
            span: facts.span(*call),
            name: callee_names(&callee).pop()?,
            args,
        })
    });
    calls.collect()
}

/// The text that a decorator is given, itself or by a constant.
pub(super) fn text_of(evaluator: &Evaluator<'_>, file: FileId, expr: ExprId) -> Option<String> {
    evaluator.expr(file, expr).as_str().map(str::to_owned)
}
