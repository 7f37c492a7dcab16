//! Calls that change what a name or a field holds.
//!
//! In: a lowered call. Out: a note of it at the name (`list.push(x)`) or the class (`this.list.push(x)`) whose value it may
//! change. It leaves alone assignments (`assign`), and what the call makes of the value.

use crate::facts::{BindingId, Expr, ExprId, FileFacts, Item};

use super::lower::{Lowering, This};

/// Whether a method of this name puts its arguments into what it is called on.
fn fills(name: &str) -> bool {
    matches!(name, "push" | "unshift" | "add" | "set" | "append")
}

/// Whether a call puts something into what a member of `this` holds, or into `this`: `this.list.push(x)`,
/// `Object.assign(this.list, x)`, `Object.assign(this, x)`.
pub(super) fn fills_this(facts: &FileFacts, call: ExprId) -> bool {
    if let Some((target, _)) = facts.merged_into(call) {
        return match facts.expr(target) {
            Expr::This => true,
            Expr::Member { object, .. } => matches!(facts.expr(*object), Expr::This),
            _ => false,
        };
    }
    let Expr::Call { callee, .. } = facts.expr(call) else {
        return false;
    };
    let Expr::Member { object, name, .. } = facts.expr(*callee) else {
        return false;
    };
    fills(name)
        && matches!(facts.expr(*object), Expr::Member { object, .. }
            if matches!(facts.expr(*object), Expr::This))
}

/// The name whose value a call may change: `name.method(…)`, `name.list.push(…)`, `(name[key] ||= []).push(…)`,
/// `name.get(key).push(…)` or `Object.assign(name, …)`.
fn touched(facts: &FileFacts, call: ExprId) -> Option<BindingId> {
    let Expr::Call { callee, args, .. } = facts.expr(call) else {
        return None;
    };
    if let Some((target, _)) = facts.merged_into(call) {
        return match facts.expr(target) {
            Expr::Ref(binding) => Some(*binding),
            _ => None,
        };
    }
    let Expr::Member { object, name, .. } = facts.expr(*callee) else {
        return None;
    };
    let holder = match (facts.expr(*object), args.first()) {
        (Expr::Ref(_), _) => *object,
        (Expr::Global(global), Some(Item::Value(first))) if sets_members(global, name) => *first,
        _ if fills(name) => facts.held(*object)?.0,
        _ => return None,
    };
    match facts.expr(holder) {
        Expr::Ref(binding) => Some(*binding),
        _ => None,
    }
}

/// Whether a function of the language puts what it is given into its first argument.
fn sets_members(holder: &str, name: &str) -> bool {
    matches!(
        (holder, name),
        ("Object", "assign" | "defineProperty") | ("Reflect", "set" | "defineProperty")
    )
}

impl Lowering<'_> {
    /// Notes a call where it may change something.
    pub(super) fn touch(&mut self, call: ExprId) {
        if let Some(binding) = touched(&self.facts, call) {
            self.facts.bindings[binding.index()].touches.push(call);
            if let This::Class(class) = self.this
                && self.facts.field_of_this(binding).is_some()
            {
                self.facts.classes[class.index()].touches.push(call);
            }
        } else if let This::Class(class) = self.this
            && fills_this(&self.facts, call)
        {
            self.facts.classes[class.index()].touches.push(call);
        }
    }
}
