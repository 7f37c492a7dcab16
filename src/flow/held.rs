//! What counts once an object is known to be given it.
//!
//! In: a value that is known by the name by which it is read from an object (`books.get(id)?.email`). Out: [`Held`], which is
//! taken for what that name says as soon as anything is given to the object; where all is given to other objects, it is
//! nothing. It leaves alone which object a value is kept by (`same`).

use std::cell::Cell;
use std::rc::Rc;

use super::payload::{Leaf, Outcome};
use super::propagate::Propagation;

/// A value that an object may hold.
pub(super) struct Held<'r> {
    leaf: Leaf<'r>,
    is_given: Cell<bool>,
}

impl<'r> Held<'r> {
    /// The value as it is read.
    pub(super) fn new(leaf: Leaf<'r>) -> Self {
        Self {
            leaf,
            is_given: Cell::new(false),
        }
    }
}

impl<'r> Outcome<'r> {
    /// What an object holds, if this says that the object is given it.
    pub(super) fn held(&self) -> Option<Rc<Held<'r>>> {
        match self {
            Self::Known(leaf, _) | Self::Opaque(leaf, ..) => leaf.held.clone(),
            Self::Waiting(..) | Self::PassedOn(..) => None,
        }
    }
}

impl<'p> Propagation<'_, 'p> {
    /// Takes a value that an object holds for what it is where it is read.
    pub(super) fn settle_held(&mut self, held: &Held<'p>) {
        if !held.is_given.replace(true) {
            self.settle_here(held.leaf.clone(), false);
        }
    }
}
