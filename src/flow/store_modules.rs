//! Modules of a store that a file exports, wherever the store is made of them.
//!
//! In: the exports of a file. Out: the actions and mutations of those that look like a store or a module of one
//! (`export default { namespaced: true, state, actions }`, `export default { modules: { user } }`), as listeners. It leaves alone
//! stores that are made where their options are known (`listeners`).
//!
//! Who makes the store is often a function that is handed the modules (`export default (app, stores) => createStore(stores)`).

use super::evaluate::Evaluator;
use super::listeners::Listeners;
use super::value::Value;
use crate::facts::{Entry, Expr, ExprId, FileFacts};
use crate::link::Definition;
use crate::source::FileId;

/// What a store is made of others by, …
const MODULES: &str = "modules";
/// … what is called by name in it, and what it has beside.
const HANDLERS: [&str; 2] = ["actions", "mutations"];
const BESIDE: [&str; 3] = ["state", "getters", "namespaced"];

impl Listeners {
    /// Reads the stores and modules that a file exports.
    pub(super) fn read_exported_stores(
        &mut self,
        evaluator: &Evaluator<'_>,
        file: FileId,
        facts: &FileFacts,
    ) {
        for export in &facts.exports {
            let value = match evaluator.program.exported(file, export) {
                Some(Definition::Expr(at, value)) if at == file => match facts.expr(value) {
                    Expr::Ref(binding) => facts.constant(*binding),
                    _ => Some(value),
                },
                Some(Definition::Binding(at, binding)) if at == file => facts.constant(binding),
                _ => None,
            };
            if let Some(value) = value
                && is_store(facts, value)
                && let Value::Object(options) = &*evaluator.expr(file, value)
            {
                self.read_store(options, "", 0);
            }
        }
    }
}

fn is_store(facts: &FileFacts, value: ExprId) -> bool {
    let Expr::Object(entries) = facts.expr(facts.uncast(value)) else {
        return false;
    };
    let has = |names: &[&str]| {
        let mut named = entries.iter().filter_map(Entry::named);
        named.any(|(name, _)| names.contains(&name.as_str()))
    };
    has(&[MODULES]) || has(&HANDLERS) && has(&BESIDE)
}
