//! Functions of which every use is a call that is seen.
//!
//! In: the facts of a file. Out: its functions of which the file alone says all there is to say about who calls them: each has
//! a name that nothing else gets hold of. It leaves alone who calls them, and with what (`worklist`).

use rustc_hash::{FxHashMap, FxHashSet};

use super::evaluate::Evaluator;
use super::value::FnRef;
use crate::facts::{Binding, BindingId, Exported, Expr, FileFacts, From, FunctionId, MODULE};

impl Evaluator<'_> {
    /// Whether a function is called by its name in its own file, and is nowhere handed on, kept or exported.
    pub(super) fn is_only_called(&self, function: FnRef) -> bool {
        let positions = self.positions(function.file);
        let only_called = positions.only_called.get_or_init(|| {
            let facts = self.program.facts(function.file);
            only_called(facts)
        });
        only_called.contains(&function.function)
    }
}

fn only_called(facts: &FileFacts) -> FxHashSet<FunctionId> {
    // How often a name is called, and how often it stands for anything else.
    let mut uses: FxHashMap<BindingId, (usize, usize)> = FxHashMap::default();
    for node in &facts.exprs {
        if let Expr::Ref(binding) = node.expr {
            uses.entry(binding).or_default().1 += 1;
        }
    }
    for call in &facts.calls {
        if let Expr::Call { callee, .. } = facts.expr(*call)
            && let Expr::Ref(binding) = facts.expr(*callee)
        {
            let (called, other) = uses.entry(*binding).or_default();
            *called += 1;
            *other = other.saturating_sub(1);
        }
    }
    for export in &facts.exports {
        if let Exported::Binding(binding) = export.what {
            uses.entry(binding).or_default().1 += 1;
        }
    }
    let of_page = facts.imports.is_empty() && facts.exports.is_empty();
    let is_called = |binding: &BindingId| matches!(uses.get(binding), Some((1.., 0)));
    (0..)
        .map(BindingId)
        .zip(&facts.bindings)
        .filter(|(binding, _)| is_called(binding))
        .filter_map(|(_, binding)| function_of(facts, binding))
        // A classic script gives its names to the page.
        .filter(|function| {
            !of_page
                || facts
                    .function(*function)
                    .parent
                    .is_some_and(|it| it != MODULE)
        })
        .collect()
}

/// The function that a name holds, if it holds nothing else.
fn function_of(facts: &FileFacts, binding: &Binding) -> Option<FunctionId> {
    let [only] = binding.sources.as_slice() else {
        return None;
    };
    if !only.path.is_empty() || !binding.writes.is_empty() {
        return None;
    }
    match only.from {
        From::Function(function) => Some(function),
        From::Expr(value) => match facts.expr(value) {
            Expr::Function(function) => Some(*function),
            _ => None,
        },
        _ => None,
    }
}
