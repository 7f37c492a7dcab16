//! What type parameters stand for.
//!
//! In: names with types. Out: [`Env`], shared by all types of one place, and comparable: what is found out of a type once
//! serves whenever the same type is asked for with the same arguments. It leaves alone which type a parameter stands for
//! (`generic`, `declared`).

use std::hash::Hash;
use std::ops::Deref;
use std::rc::Rc;

use xxhash_rust::xxh3::Xxh3;

use super::shapes::{Shape, TypeUse, What};
use crate::facts::Name;

/// What type parameters stand for; the innermost comes first.
#[derive(Debug, Clone, Default)]
pub(super) struct Env(Option<Rc<Bound>>);

#[derive(Debug)]
struct Bound {
    params: Vec<(Name, TypeUse)>,
    digest: Option<Digest>,
}

/// Equal for environments in which every parameter stands for the same type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Digest(u128);

impl Env {
    /// Environments that are alike have the same one. None if a parameter stands for a type that was put together on the
    /// way, which is not to be found again by its place.
    pub(super) fn digest(&self) -> Option<Digest> {
        match &self.0 {
            None => Some(Digest(0)),
            Some(bound) => bound.digest,
        }
    }

    /// With more in front.
    pub(super) fn with(&self, more: impl IntoIterator<Item = (Name, TypeUse)>) -> Self {
        let mut all: Vec<(Name, TypeUse)> = more.into_iter().collect();
        if all.is_empty() {
            return self.clone();
        }
        let names: Vec<Name> = all.iter().map(|(name, _)| name.clone()).collect();
        let kept = self.iter().filter(|(name, _)| !names.contains(name));
        all.extend(kept.cloned());
        all.into()
    }

    /// What a parameter stands for.
    pub(super) fn get(&self, name: &str) -> Option<&TypeUse> {
        let mut params = self.iter();
        params.find_map(|(known, found)| (known == name).then_some(found))
    }
}

impl Deref for Env {
    type Target = [(Name, TypeUse)];

    fn deref(&self) -> &Self::Target {
        self.0.as_ref().map_or(&[], |bound| &bound.params)
    }
}

impl From<Vec<(Name, TypeUse)>> for Env {
    fn from(params: Vec<(Name, TypeUse)>) -> Self {
        if params.is_empty() {
            return Self::default();
        }
        let digest = digest(&params);
        Self(Some(Rc::new(Bound { params, digest })))
    }
}

fn digest(params: &[(Name, TypeUse)]) -> Option<Digest> {
    let mut hasher = Xxh3::new();
    for (name, ty) in params {
        name.hash(&mut hasher);
        ty.file.hash(&mut hasher);
        match &ty.what {
            What::Written(written) => (0u8, written).hash(&mut hasher),
            What::Of(expr) => (1u8, expr).hash(&mut hasher),
            What::Known(shape) => match &**shape {
                Shape::Word(word) => (2u8, word).hash(&mut hasher),
                Shape::Scalar(kind) => (3u8, *kind as u8).hash(&mut hasher),
                _ => return None,
            },
        }
        ty.env.digest()?.0.hash(&mut hasher);
    }
    // With 64 bits two environments might be taken for each other in a large program.
    Some(Digest(hasher.digest128()))
}
