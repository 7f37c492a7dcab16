//! The fields that a type declares, shared by all who ask for them.
//!
//! In: fields, as a type lists them. Out: [`Fields`], which costs nothing to hand on. It leaves alone where they come from
//! (`unfold`) and what is asked of them (`shapes`).

use std::cell::OnceCell;
use std::ops::Deref;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::shapes::TypeUse;
use crate::facts::Name;

/// A type with fewer fields is looked through.
const FEW: usize = 12;

/// A field that a type declares.
#[derive(Debug, Clone)]
pub(super) struct TypeField {
    pub name: Name,
    pub ty: Option<TypeUse>,
    /// The type that declares it.
    pub owner: Option<Name>,
    /// It may be missing.
    pub optional: bool,
}

/// All fields of a type, in the order of their declaration.
///
/// A type is asked for far more often than it is read, so its fields are not copied for whoever only looks at one.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Rc<List>);

#[derive(Debug, Clone, Default)]
struct List {
    fields: Vec<TypeField>,
    /// The objects whose fields these are together, if it is one of several.
    ways: Vec<TypeUse>,
    /// Where the first field of each name stands, of a long list.
    places: OnceCell<FxHashMap<Name, usize>>,
}

impl Fields {
    /// The fields of an object that is one of several.
    pub(super) fn of_several(fields: Vec<TypeField>, ways: Vec<TypeUse>) -> Self {
        Self(Rc::new(List {
            fields,
            ways,
            places: OnceCell::default(),
        }))
    }

    /// The objects that it is one of; none if it is known to be one.
    pub(super) fn ways(&self) -> &[TypeUse] {
        &self.0.ways
    }

    /// The field of a name.
    pub(super) fn get(&self, name: &str) -> Option<&TypeField> {
        self.from(name).iter().find(|field| field.name == name)
    }

    /// All fields of a name: a method may be declared more than once.
    pub(super) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f TypeField> {
        let fields = self.from(name).iter();
        fields.filter(move |field| field.name == name)
    }

    /// The fields from the first of a name on; none if there is no such field.
    fn from(&self, name: &str) -> &[TypeField] {
        let start = match self.0.fields.len() {
            ..=FEW => Some(0),
            _ => self.places().get(name).copied(),
        };
        let rest = start.and_then(|start| self.0.fields.get(start..));
        rest.unwrap_or_default()
    }

    fn places(&self) -> &FxHashMap<Name, usize> {
        self.0.places.get_or_init(|| {
            let mut places = FxHashMap::default();
            for (at, field) in self.0.fields.iter().enumerate() {
                places.entry(field.name.clone()).or_insert(at);
            }
            places
        })
    }

    /// Those that are asked for.
    pub(super) fn only(self, keeps: impl FnMut(&TypeField) -> bool) -> Self {
        let mut fields = Rc::unwrap_or_clone(self.0).fields;
        fields.retain(keeps);
        fields.into()
    }
}

impl Deref for Fields {
    type Target = [TypeField];

    fn deref(&self) -> &Self::Target {
        &self.0.fields
    }
}

impl From<Vec<TypeField>> for Fields {
    fn from(fields: Vec<TypeField>) -> Self {
        Self::of_several(fields, Vec::new())
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
        Rc::unwrap_or_clone(self.0).fields.into_iter()
    }
}
