//! Decorators of a framework.
//!
//! In: a file. Out: the calls of a package's functions that decorate something in it, and the texts that they are given. It
//! leaves alone what a decorator does: that a method answers requests (`controllers`), or is called for an event
//! (`subscribed`).

use super::evaluate::{Evaluator, callee_names, package_of};
use crate::facts::{Class, Expr, ExprId, FunctionId, Item, MemberKind, Name};
use crate::source::{FileId, Span};

/// A decorator of a framework.
pub(super) struct Decorator<'f> {
    pub span: Span,
    pub name: Name,
    pub args: &'f [Item],
}

/// The calls of a package's functions in a file that imports it and has classes.
pub(super) fn decorators<'f>(
    evaluator: &Evaluator<'f>,
    file: FileId,
    package: &str,
) -> Vec<Decorator<'f>> {
    let facts = evaluator.program.facts(file);
    let mut imports = facts.imports.iter();
    if facts.classes.is_empty() || !imports.any(|it| it.specifier == package) {
        return Vec::new();
    }
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

/// The methods of a class, each with those of the decorators that stand at it and have one of these names.
pub(super) fn decorated<'d, 'f>(
    class: &'d Class,
    decorators: &'d [Decorator<'f>],
    names: &'d [String],
) -> impl Iterator<Item = (FunctionId, impl Iterator<Item = &'d Decorator<'f>>)> {
    // A decorator stands before its member, or in it.
    let starts = std::iter::once(class.span.start);
    let starts = starts.chain(class.members.iter().map(|member| member.span.end));
    let members = class.members.iter().zip(starts);
    members.filter_map(move |(member, start)| {
        let MemberKind::Method(function) = member.kind else {
            return None;
        };
        let within = Span::new(start, member.span.end);
        let is_listed = move |it: &Decorator<'_>| names.iter().any(|name| name == it.name.as_str());
        let at = decorators.iter();
        let at = at.filter(move |it| within.contains(it.span) && is_listed(it));
        Some((function, at))
    })
}

/// The text that a decorator is given, itself or by a constant.
pub(super) fn text_of(evaluator: &Evaluator<'_>, file: FileId, expr: ExprId) -> Option<String> {
    evaluator.expr(file, expr).as_str().map(str::to_owned)
}
