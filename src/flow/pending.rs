//! Which functions' parameters are still to be filled into a value.
//!
//! In: the functions whose parameters are in a value. Out: [`Pending`], a set of them that may hold more, and is told from
//! another in one step. It leaves alone how they are filled in (`substitute`).

use std::ops::BitOr;

use super::value::FnRef;

/// A set of functions, one bit of a few for each: what it does not hold is not in it, what it holds may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Pending(u64);

impl Pending {
    /// One function.
    pub(super) fn on(function: FnRef) -> Self {
        // Multiplying by an odd number with mixed bits spreads neighbours over the upper ones (Knuth's multiplicative hash).
        let both = u64::from(function.file.0) << 32 | u64::from(function.function.0);
        Self(1 << (both.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58))
    }

    /// Whether there is none.
    pub(super) fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether all functions may be among others.
    pub(super) fn is_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// Whether both may hold the same function.
    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Pending {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl FromIterator<Self> for Pending {
    fn from_iter<I: IntoIterator<Item = Self>>(all: I) -> Self {
        all.into_iter().fold(Self::default(), BitOr::bitor)
    }
}
