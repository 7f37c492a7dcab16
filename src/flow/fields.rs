//! The fields that a type declares, shared by all who ask for them.
//!
//! In: fields, as a type lists them. Out: [`Fields`], which costs nothing to hand on. It leaves alone where they come from
//! (`unfold`) and what is asked of them (`shapes`).

use std::ops::Deref;
use std::rc::Rc;

use super::shapes::TypeUse;
use crate::facts::Name;

/// A field that a type declares.
#[derive(Debug, Clone)]
pub(super) struct TypeField {
    pub name: Name,
    pub ty: Option<TypeUse>,
    /// The type that declares it.
    pub owner: Option<Name>,
}

/// All fields of a type, in the order of their declaration.
///
/// A type is asked for far more often than it is read, so its fields are not copied for whoever only looks at one.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Rc<Vec<TypeField>>);

impl Fields {
    /// The field of a name.
    pub(super) fn get(&self, name: &str) -> Option<&TypeField> {
        self.iter().find(|field| field.name == name)
    }

    /// Those that are asked for.
    pub(super) fn only(self, keeps: impl FnMut(&TypeField) -> bool) -> Self {
        let mut fields = Rc::unwrap_or_clone(self.0);
        fields.retain(keeps);
        fields.into()
    }
}

impl Deref for Fields {
    type Target = [TypeField];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl From<Vec<TypeField>> for Fields {
    fn from(fields: Vec<TypeField>) -> Self {
        Self(Rc::new(fields))
    }
}

impl FromIterator<TypeField> for Fields {
    fn from_iter<I: IntoIterator<Item = TypeField>>(fields: I) -> Self {
        Vec::from_iter(fields).into()
    }
}

impl IntoIterator for Fields {
    type Item = TypeField;
    type IntoIter = std::vec::IntoIter<TypeField>;

    fn into_iter(self) -> Self::IntoIter {
        Rc::unwrap_or_clone(self.0).into_iter()
    }
}
