//! What is taken out of a payload, and how much of one is looked at.
//!
//! In: the single values of a payload as they are found. Out: all of them, as long as there are not too many, nor too many parts
//! to look at for them. It leaves alone how a payload is taken apart (`unpack`).

use std::ops::{Deref, DerefMut};

use super::payload::Outcome;
use crate::facts::ClassId;
use crate::source::FileId;

/// A payload with more values than this is no longer taken apart.
const MAX_OUTCOMES: usize = 2_000;
/// Parts that are held twice by each one around them are twice as many with every level, and may all be too deep to come to
/// anything: no more are looked at.
const MAX_PARTS: usize = 20_000;
/// Objects of classes in objects of classes are looked into so many levels down, as deep as types are laid out.
const MAX_OBJECTS: usize = 3;

/// What is taken out of a payload.
#[derive(Default)]
pub(super) struct Outcomes<'p> {
    found: Vec<Outcome<'p>>,
    looked_at: usize,
    /// The classes of the objects around what is looked at, the outermost first.
    around: Vec<(FileId, ClassId)>,
}

impl<'p> Outcomes<'p> {
    /// Looks at one more part, if that is still done.
    pub(super) fn take_more(&mut self) -> bool {
        self.looked_at += 1;
        self.looked_at <= MAX_PARTS && self.found.len() <= MAX_OUTCOMES
    }

    /// Goes into an object of a class, unless it is in another one of that class, or in too many: objects that know each other
    /// are as many paths as there are ways between them.
    pub(super) fn enter(&mut self, class: (FileId, ClassId)) -> bool {
        let is_new = self.around.len() < MAX_OBJECTS && !self.around.contains(&class);
        if is_new {
            self.around.push(class);
        }
        is_new
    }

    /// Is through with the object that was entered last.
    pub(super) fn leave(&mut self) {
        self.around.pop();
    }

    /// For a part whose values are gone through before they count.
    pub(super) fn apart(&self) -> Self {
        Self {
            found: Vec::new(),
            looked_at: self.looked_at,
            around: self.around.clone(),
        }
    }

    /// The values of such a part, for which something was looked at.
    pub(super) fn take_back(&mut self, part: Self) -> Vec<Outcome<'p>> {
        self.looked_at = part.looked_at;
        part.found
    }

    pub(super) fn into_vec(self) -> Vec<Outcome<'p>> {
        self.found
    }
}

impl<'p> Deref for Outcomes<'p> {
    type Target = Vec<Outcome<'p>>;

    fn deref(&self) -> &Self::Target {
        &self.found
    }
}

impl DerefMut for Outcomes<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.found
    }
}
