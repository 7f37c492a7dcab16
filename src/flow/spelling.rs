//! By which names a callee is known, told from the text of its file, and how such names are put together.
//!
//! In: the callee of a call; a word. Out: the last name that it is written with, imported by or taken out of an object by; the
//! word as a part of a name. It leaves alone what the callee is: this sorts out the calls of which that is worth finding out
//! (`evaluate`).

use crate::facts::{Expr, ExprId, FileFacts, From, Imported, Name, Step};

/// The names; none for what has no name.
pub(super) fn names_of(facts: &FileFacts, callee: ExprId) -> impl Iterator<Item = &Name> {
    let (written, binding) = match facts.expr(callee) {
        Expr::Member { name, .. } | Expr::Global(name) => (Some(name), None),
        Expr::Ref(binding) => {
            let binding = facts.binding(*binding);
            (Some(&binding.name), Some(binding))
        }
        _ => (None, None),
    };
    let sources = binding.into_iter().flat_map(|binding| &binding.sources);
    let others = sources.filter_map(|source| match (source.path.last(), source.from) {
        (Some(Step::Key(name)), _) => Some(name),
        (None, From::Import(import)) => match &facts.imports[import.index()].imported {
            Imported::Named(name) => Some(name),
            _ => None,
        },
        (None, From::Expr(value)) => match facts.expr(value) {
            Expr::Member { name, .. } => Some(name),
            _ => None,
        },
        _ => None,
    });
    written.into_iter().chain(others)
}

/// A word with a capital at its start, as names in camel case are put together.
pub(super) fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
