//! The names of types that are picked out of another by a key (`components['schemas']['Customer']`).
//!
//! In: a type that is written so, or by an alias that takes the key (`Tables<'organizations'>`). Out: the key that names it. It
//! leaves alone what fields such a type has (`unfold`), and types that have a name of their own (`shapes`).

use super::shapes::{Shapes, TypeUse, What, literal_key, lookup};
use crate::facts::{Name, Type, TypeDeclKind, TypeId, TypeTarget};
use crate::source::FileId;

/// Under these keys lie the forms in which one thing is read and written (of a table: Supabase); its own key is before them.
const FORMS: [&str; 3] = ["Row", "Insert", "Update"];
/// Types picked out of types deeper than this are not named.
const MAX_DEPTH: usize = 8;

impl Shapes<'_> {
    /// What the key says by which a type is picked out of another one.
    pub(super) fn name_by_key(&self, ty: &TypeUse, object: TypeId, index: TypeId) -> Option<Name> {
        self.named_at(&ty.at(object), &self.key_in(ty, index)?, 0)
    }

    /// The same of the body of an alias, where what the alias is given says the key.
    pub(super) fn key_of_body(&self, body: &TypeUse) -> Option<Name> {
        let What::Written(written) = body.what else {
            return None;
        };
        match self.program.facts(body.file).ty(written) {
            Type::Indexed { object, index } if !body.env.is_empty() => {
                self.name_by_key(body, *object, *index)
            }
            _ => None,
        }
    }

    fn named_at(&self, object: &TypeUse, key: &Name, depth: usize) -> Option<Name> {
        if !FORMS.contains(&key.as_str()) {
            return Some(key.clone());
        }
        let What::Written(written) = object.what else {
            return None;
        };
        match self.program.facts(object.file).ty(written) {
            Type::Indexed {
                object: outer,
                index,
            } if depth < MAX_DEPTH => {
                let key = self.key_in(object, *index)?;
                self.named_at(&object.at(*outer), &key, depth + 1)
            }
            _ => None,
        }
    }

    fn key_in(&self, ty: &TypeUse, index: TypeId) -> Option<Name> {
        let facts = self.program.facts(ty.file);
        match facts.ty(index) {
            Type::Ref {
                path,
                target: TypeTarget::Param,
                ..
            } => {
                let given = lookup(ty, path.last()?)?;
                let What::Written(written) = given.what else {
                    return None;
                };
                literal_key(self.program.facts(given.file).ty(written))
            }
            index => literal_key(index),
        }
    }

    /// The key that an alias takes which picks a type by it, or of which nobody knows what it does.
    pub(super) fn key_of_alias(
        &self,
        ty: &TypeUse,
        target: TypeTarget,
        args: &[TypeId],
    ) -> Option<Name> {
        let facts = self.program.facts(ty.file);
        let key = args
            .iter()
            .rev()
            .find_map(|arg| literal_key(facts.ty(*arg)))?;
        let declared = match target {
            TypeTarget::Decl(decl) => Some((ty.file, decl)),
            TypeTarget::Binding(binding) => self.type_decl_of(ty.file, binding),
            _ => return None,
        };
        let picks = declared.is_none_or(|(file, decl)| {
            let facts = self.program.facts(file);
            match facts.type_decl(decl).kind {
                TypeDeclKind::Alias(body) => self.picks(file, body),
                _ => false,
            }
        });
        picks.then_some(key)
    }

    /// Whether a written type is picked out of another one, whatever it depends on.
    fn picks(&self, file: FileId, body: TypeId) -> bool {
        match self.program.facts(file).ty(body) {
            Type::Indexed { .. } => true,
            Type::Conditional { then, .. } => self.picks(file, *then),
            _ => false,
        }
    }

    /// Whether a type is written as `any`.
    pub(super) fn is_any(&self, ty: &TypeUse) -> bool {
        let What::Written(written) = ty.what else {
            return false;
        };
        matches!(self.program.facts(ty.file).ty(written), Type::Keyword(name) if name == "any")
    }

    /// Whether a type is named by a declaration that was not read, alone or beside others: it is in no file of the tree, or in one that was left out.
    pub(super) fn is_unread(&self, ty: &TypeUse) -> bool {
        let What::Written(written) = ty.what else {
            return false;
        };
        match self.program.facts(ty.file).ty(written) {
            Type::Indexed { object, .. } => self.is_unread(&ty.at(*object)),
            Type::Union(parts) => parts.iter().any(|part| self.is_unread(&ty.at(*part))),
            Type::Ref {
                target: TypeTarget::Binding(binding),
                ..
            } => self.type_decl_of(ty.file, *binding).is_none(),
            _ => false,
        }
    }
}
