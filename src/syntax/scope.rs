//! Names in scope while a file is lowered.
//!
//! In: declarations, in the order in which scopes open. Out: what a name means at the present place. It leaves alone
//! where a scope begins and what is declared in it.
//!
//! Values and types share the scopes, as they do in TypeScript, but not the names: `const User` and `type User` live
//! side by side.

use rustc_hash::FxHashMap;

use crate::facts::{BindingId, Name, TypeTarget};

/// A name's meanings in one scope.
#[derive(Clone, Copy, Debug, Default)]
struct Meaning {
    scope: usize,
    value: Option<BindingId>,
    ty: Option<TypeTarget>,
}

/// The open scopes. A name maps to its meanings, innermost last, so looking it up does not walk the scopes.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    names: FxHashMap<Name, Vec<Meaning>>,
    /// For every open scope the names that it declares.
    open: Vec<Vec<Name>>,
}

impl Scopes {
    pub(super) fn push(&mut self) {
        self.open.push(Vec::new());
    }

    pub(super) fn pop(&mut self) {
        for name in self.open.pop().unwrap_or_default() {
            if let Some(meanings) = self.names.get_mut(&name) {
                meanings.pop();
            }
        }
    }

    fn here(&mut self, name: &Name) -> &mut Meaning {
        let scope = self.open.len();
        let meanings = self.names.entry(name.clone()).or_default();
        if meanings.last().is_none_or(|last| last.scope != scope) {
            meanings.push(Meaning {
                scope,
                ..Meaning::default()
            });
            if let Some(declared) = self.open.last_mut() {
                declared.push(name.clone());
            }
        }
        let last = meanings.len() - 1;
        &mut meanings[last]
    }

    /// Declares a value in the innermost scope.
    pub(super) fn declare_value(&mut self, name: &Name, binding: BindingId) {
        self.here(name).value = Some(binding);
    }

    /// Declares a type in the innermost scope.
    pub(super) fn declare_type(&mut self, name: &Name, target: TypeTarget) {
        self.here(name).ty = Some(target);
    }

    /// The value that the innermost scope itself declares.
    pub(super) fn value_here(&self, name: &str) -> Option<BindingId> {
        self.last_here(name)?.value
    }

    /// The type that the innermost scope itself declares.
    pub(super) fn type_here(&self, name: &str) -> Option<TypeTarget> {
        self.last_here(name)?.ty
    }

    fn last_here(&self, name: &str) -> Option<&Meaning> {
        self.names
            .get(name)?
            .last()
            .filter(|last| last.scope == self.open.len())
    }

    /// The value of a name.
    pub(super) fn value(&self, name: &str) -> Option<BindingId> {
        let meanings = self.names.get(name)?;
        meanings.iter().rev().find_map(|meaning| meaning.value)
    }

    /// The type of a name.
    pub(super) fn ty(&self, name: &str) -> Option<TypeTarget> {
        let meanings = self.names.get(name)?;
        meanings.iter().rev().find_map(|meaning| meaning.ty)
    }
}
