//! What functions of the program put into what they are handed: `addPage(properties);`.
//!
//! In: a value, and a call for what it does that is handed it. Out: the value after what the function assigns to its parameter
//! and calls on it. It leaves alone what such an assignment makes of a value (`mutation`, `filled`), and functions of libraries.

use super::evaluate::Evaluator;
use super::mutation::Changes;
use super::value::{Closure, FnRef, V, Value};
use crate::facts::{Binding, Expr, ExprId, FileFacts, Item};
use crate::source::{FileId, Span};

/// Functions that hand what they are handed on are followed so far down.
const MAX_DEPTH: usize = 3;
/// Of so many functions that a name may stand for.
const MAX_CALLED: usize = 4;

impl Evaluator<'_> {
    /// A value, changed so far, after a call that is handed the name which holds it; none if that changes nothing. What a function
    /// reads of it is what was there at first: an object that keeps what it held before would double with each call.
    pub(super) fn handed_out(&self, value: &V, changes: &Changes<'_>, call: ExprId) -> Option<V> {
        let Changes {
            file,
            declared,
            depth,
            ref first,
            ..
        } = *changes;
        let facts = self.program.facts(file);
        let Expr::Call { callee, args, .. } = facts.expr(call) else {
            return None;
        };
        let at = position(facts, args, declared).filter(|_| depth < MAX_DEPTH)?;
        let callee = self.expr(file, *callee);
        let after = called(&callee).filter_map(|closure| {
            let param = self.param_filled(closure, at, depth)?;
            let others = |args: &[Item]| self.items(file, args);
            let mut given = others(&args[..at]);
            given.push(first.clone());
            given.extend(others(&args[at + 1..]));
            let within = closure.target.file;
            let changes = Changes {
                file: within,
                declared: param.span,
                writes: param.writes.iter().collect(),
                touches: param.touches.to_vec(),
                first: first.clone(),
                depth: depth + 1,
            };
            let changed = self.written(value.clone(), &changes, |_| false);
            Some(self.substitute(&changed, &self.frames_of(closure, &given)))
        });
        let after = V::union(after);
        (!after.is_empty()).then_some(after)
    }

    /// Whether a call of those that may change what a name holds, which is declared at a place, may do so: one that is handed
    /// the name, only if the function puts something into it.
    pub(super) fn may_change(&self, file: FileId, declared: Span, call: ExprId) -> bool {
        self.changes(file, declared, call, 0)
    }

    fn changes(&self, file: FileId, declared: Span, call: ExprId, depth: usize) -> bool {
        let facts = self.program.facts(file);
        let Expr::Call { callee, args, .. } = facts.expr(call) else {
            return true;
        };
        if !facts.hands_over(call) {
            return true;
        }
        let at = position(facts, args, declared).filter(|_| depth < MAX_DEPTH);
        at.is_some_and(|at| {
            let callee = self.expr(file, *callee);
            called(&callee).any(|closure| self.param_filled(closure, at, depth).is_some())
        })
    }

    /// A parameter of a function that is what the function is handed, and has something put into it.
    fn param_filled(&self, closure: &Closure, at: usize, depth: usize) -> Option<&Binding> {
        let FnRef { file, function } = closure.target;
        let index = u32::try_from(at).ok()?;
        let facts = self.program.facts(file);
        let is_changed = |it: &Binding| {
            let mut touches = it.touches.iter();
            !it.writes.is_empty()
                || touches.any(|touch| self.changes(file, it.span, *touch, depth + 1))
        };
        let mut params = facts.bindings.iter();
        params.find(|it| it.param() == Some((function, index)) && is_changed(it))
    }
}

/// Which argument the name is that is declared at a place, if all before it are counted.
fn position(facts: &FileFacts, args: &[Item], declared: Span) -> Option<usize> {
    let is_it = |arg: &Item| match arg {
        Item::Value(given) => matches!(facts.expr(facts.uncast(*given)),
            Expr::Ref(binding) if facts.binding(*binding).span == declared),
        _ => false,
    };
    let at = args.iter().position(is_it)?;
    let is_counted = |arg: &Item| matches!(arg, Item::Value(_));
    args[..at].iter().all(is_counted).then_some(at)
}

/// The functions that are called.
fn called(callee: &V) -> impl Iterator<Item = &Closure> {
    let functions = callee.alternatives().iter().filter_map(|it| match &**it {
        Value::Function(closure) if closure.bound.is_empty() => Some(closure),
        _ => None,
    });
    functions.take(MAX_CALLED)
}
