//! Calls that hand over nothing.
//!
//! In: what waits for the callers of a function, and one call of it. Out: whether an earlier call that handed over nothing
//! either has said all that this one can say. It leaves alone what a call makes of what waits (`propagate`).
//!
//! A class takes its database or its logger as an optional argument and falls back on the one of the app. It is made at
//! hundreds of places without that argument, and whatever its methods read from the fallback is the same for all of them.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::chosen::Chosen;
use super::same::Holder;
use super::value::FnRef;
use super::worklist::{Site, Waiting};

/// What needs no further call that hands over nothing.
#[derive(Default)]
pub(super) struct EmptyHanded<'p> {
    /// What waits is kept, so that its address stays its own.
    answered: FxHashMap<Asked, Waiting<'p>>,
}

/// What waits, by its address, for whom, and of which class the object is that is made.
type Asked = (usize, FnRef, Option<Holder>);

impl<'p> EmptyHanded<'p> {
    /// Whether a call says nothing that is not known yet.
    pub(super) fn has_answered(&self, waiting: &Waiting<'p>, function: FnRef, site: &Site) -> bool {
        is_empty_handed(function, site)
            && (self.answered).contains_key(&(address(waiting), function, site.holder))
    }

    /// Learns that every call that hands over nothing says what this one says.
    pub(super) fn answer(&mut self, waiting: Waiting<'p>, function: FnRef, site: &Site) {
        if is_empty_handed(function, site) {
            let asked = (address(&waiting), function, site.holder);
            self.answered.insert(asked, waiting);
        }
    }
}

/// Whether nothing tells a call from others of its kind but its place.
pub(super) fn is_empty_handed(function: FnRef, site: &Site) -> bool {
    let is_plain = site.receiver.is_none()
        && site.holder.is_none_or(|holder| holder.made.is_none())
        && !site.is_element
        && !site.is_of_wrapper
        && site.chosen == Chosen::default();
    let mut frames = site.frames.iter();
    is_plain
        && frames
            .next()
            .is_some_and(|(of, args)| of == function && args.is_empty())
        && frames.next().is_none()
}

fn address(waiting: &Waiting<'_>) -> usize {
    match waiting {
        Waiting::Leaf(leaf, _) => Rc::as_ptr(leaf).addr(),
        Waiting::Call(call) | Waiting::Start(call) => Rc::as_ptr(call).addr(),
    }
}
