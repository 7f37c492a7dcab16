//! Functions of the app's own that are a vendor's.
//!
//! In: a function and its name. Out: whether it is what a vendor's snippet declares under the name of the vendor's global: a
//! function that puts its arguments in a queue (`function gtag() { dataLayer.push(arguments) }`). It leaves alone what a call
//! of it means (`sinks`).

use super::evaluate::Evaluator;
use crate::facts::{BindingKind, Expr, FileFacts, FunctionId, Item};
use crate::ruleset::schema::GlobalKind;
use crate::source::FileId;

/// What a function calls all that it is called with.
pub(super) const ARGUMENTS: &str = "arguments";

impl Evaluator<'_> {
    /// Whether a function is the stub of a vendor's command.
    pub(super) fn is_stub(&self, file: FileId, function: FunctionId) -> bool {
        let facts = self.program.facts(file);
        let name = facts.function(function).name.as_ref();
        let is_command = name.is_some_and(|name| {
            let globals = self.catalog.global(name, &[GlobalKind::Command]);
            !globals.is_empty()
        });
        is_command && queues_arguments(facts, function)
    }
}

/// Whether a function pushes its arguments, as the list that they are.
fn queues_arguments(facts: &FileFacts, function: FunctionId) -> bool {
    facts.calls.iter().any(|call| {
        let Expr::Call { callee, args, .. } = facts.expr(*call) else {
            return false;
        };
        let is_push = matches!(facts.expr(*callee), Expr::Member { name, .. } if name == "push");
        let [Item::Value(pushed)] = args.as_slice() else {
            return false;
        };
        let is_all = match facts.expr(*pushed) {
            Expr::Global(name) => name == ARGUMENTS,
            Expr::Ref(binding) => {
                let binding = facts.binding(*binding);
                let params = &facts.function(function).params;
                binding.kind == BindingKind::Param
                    && binding.function == function
                    && (binding.name == ARGUMENTS
                        || matches!(params.as_slice(), [only] if only.rest))
            }
            _ => false,
        };
        is_push && is_all && facts.function_of(*call) == function
    })
}
