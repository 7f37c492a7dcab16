//! What is taken out of a payload, and how much of one is looked at.
//!
//! In: the single values of a payload as they are found. Out: all of them, as long as there are not too many, nor too many parts
//! to look at for them. It leaves alone how a payload is taken apart (`unpack`).

use std::ops::{Deref, DerefMut};

use super::payload::Outcome;

/// A payload with more values than this is no longer taken apart.
const MAX_OUTCOMES: usize = 2_000;
/// Parts that are held twice by each one around them are twice as many with every level, and may all be too deep to come to
/// anything: no more are looked at.
const MAX_PARTS: usize = 20_000;

/// What is taken out of a payload.
#[derive(Default)]
pub(super) struct Outcomes<'p> {
    found: Vec<Outcome<'p>>,
    looked_at: usize,
}

impl<'p> Outcomes<'p> {
    /// Looks at one more part, if that is still done.
    pub(super) fn take_more(&mut self) -> bool {
        self.looked_at += 1;
        self.looked_at <= MAX_PARTS && self.found.len() <= MAX_OUTCOMES
    }

    /// For a part whose values are gone through before they count.
    pub(super) fn apart(&self) -> Self {
        Self {
            found: Vec::new(),
            looked_at: self.looked_at,
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
