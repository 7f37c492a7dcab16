//! Calls that change what a name or a field holds.
//!
//! In: a lowered call. Out: a note of it at the name (`list.push(x)`, `fill(list)`) or the class (`this.list.push(x)`) whose
//! value it may change. It leaves alone assignments (`assign`), and what the call makes of the value.

use rustc_hash::FxHashMap;

use crate::facts::{Binding, BindingId, Expr, ExprId, FileFacts, From, Item, fills};

use super::lower::{Lowering, This};

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

/// What is handed to a function that may put something into it.
#[derive(Clone, Copy)]
pub(super) enum Handed {
    /// By a statement that is nothing but the call: `addPage(properties);`.
    ByStatement,
    /// By what a function gives back, which is a statement as well where nobody looks at it:
    /// `users.forEach((user) => addUser(list, user))`.
    ByResult,
}

/// Whether a name stands for a list or an object that is made here.
fn is_made_here(facts: &FileFacts, binding: BindingId) -> bool {
    let mut sources = facts.binding(binding).sources.iter();
    sources.any(|source| match source.from {
        From::Expr(value) => matches!(
            facts.expr(facts.uncast(value)),
            Expr::Object(_) | Expr::Array(_) | Expr::New { .. }
        ),
        _ => false,
    })
}

/// Has what is done to another name of a parameter, or of what is made here, done to that (`const tagged = error as Tagged;
/// tagged.tags.push(tag)`), where that is read behind it: it is the same object.
pub(super) fn do_to_aliased(facts: &mut FileFacts) {
    let aliases = (0..).map(BindingId).zip(&facts.bindings);
    let aliases = aliases.filter_map(|(id, binding)| {
        let is_changed = !binding.writes.is_empty() || !binding.touches.is_empty();
        let aliased = is_changed.then(|| aliased(facts, binding)).flatten()?;
        (aliased != id).then_some((id, aliased))
    });
    let mut aliases: Vec<(BindingId, BindingId)> = aliases.collect();
    if aliases.is_empty() {
        return;
    }
    let read = last_reads(facts);
    aliases.retain(|(alias, aliased)| {
        let first = first_change(facts, facts.binding(*alias));
        let last = read.get(aliased);
        first.is_some_and(|first| last.is_some_and(|last| *last >= first))
    });
    for (alias, aliased) in aliases {
        let binding = &mut facts.bindings[alias.index()];
        let writes = std::mem::take(&mut binding.writes);
        let touches = std::mem::take(&mut binding.touches);
        let binding = &mut facts.bindings[aliased.index()];
        binding.writes.extend(writes);
        binding.touches.extend(touches);
    }
}

/// Where each name is read last.
fn last_reads(facts: &FileFacts) -> FxHashMap<BindingId, u32> {
    let mut last = FxHashMap::default();
    for node in &facts.exprs {
        if let Expr::Ref(binding) = node.expr {
            let at = last.entry(binding).or_default();
            *at = node.span.start.max(*at);
        }
    }
    last
}

/// Where the first of what is done to a name ends.
fn first_change(facts: &FileFacts, binding: &Binding) -> Option<u32> {
    let writes = binding.writes.iter().map(|write| write.span.end);
    let touches = binding.touches.iter().map(|touch| facts.span(*touch).end);
    writes.chain(touches).min()
}

/// The parameter, or the name of what is made here, that a name is another name of.
fn aliased(facts: &FileFacts, binding: &Binding) -> Option<BindingId> {
    let [only] = binding.sources.as_slice() else {
        return None;
    };
    let (From::Expr(value), []) = (only.from, only.path.as_slice()) else {
        return None;
    };
    match facts.expr(facts.uncast(value)) {
        Expr::Ref(other) => {
            let named = facts.binding(*other);
            let is_one =
                named.param().is_some() || is_made_here(facts, *other) && named.sources.len() == 1;
            is_one.then_some(*other)
        }
        _ => None,
    }
}

impl Lowering<'_> {
    /// Notes a call of which only what it does counts at the names that it is handed: the function may put something into them.
    pub(super) fn touch_handed(&mut self, statement: ExprId, how: Handed) {
        let facts = &self.facts;
        let call = match *facts.expr(statement) {
            Expr::Await(awaited) => awaited,
            _ => statement,
        };
        let Expr::Call { callee, args, .. } = facts.expr(call) else {
            return;
        };
        // What others hand over is looked at only where the function stands in this file. The methods of an object that keeps
        // what it is handed make it of all that was.
        let takes_params = match (facts.expr(*callee), how) {
            (Expr::Ref(binding), Handed::ByStatement) => facts.import_of(*binding).is_none(),
            _ => false,
        };
        if !facts.hands_over(call) {
            return;
        }
        let filled = args.iter().filter_map(|arg| match arg {
            Item::Value(value) => match *facts.expr(facts.uncast(*value)) {
                Expr::Ref(binding)
                    if is_made_here(facts, binding)
                        || takes_params && facts.binding(binding).param().is_some() =>
                {
                    Some(binding)
                }
                _ => None,
            },
            _ => None,
        });
        let filled: Vec<BindingId> = filled.collect();
        for binding in filled {
            self.facts.bindings[binding.index()].touches.push(call);
        }
    }

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
