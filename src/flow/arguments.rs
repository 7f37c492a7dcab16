//! What a call hands over.
//!
//! In: the arguments of a call, or a call that waited and one that supplies what it waited for. Out: the arguments, which are
//! filled in when somebody first looks at them: most calls whose callee is a parameter never come to one that matters. It
//! leaves alone how they are filled in (`propagate`).

use std::cell::OnceCell;
use std::rc::Rc;

use super::chosen::Chosen;
use super::value::{FnRef, V};
use super::worklist::{Deferred, Site};

/// The arguments of a call.
#[derive(Clone)]
pub(super) struct Args(Rc<Filled>);

struct Filled {
    known: OnceCell<Vec<V>>,
    from: Option<Supplied>,
}

/// A call that waited for the callers of a function, and one of them.
pub(super) struct Supplied {
    pub call: Rc<Deferred>,
    pub function: FnRef,
    pub site: Rc<Site>,
}

impl Args {
    /// Arguments as they are.
    pub(super) fn known(args: Vec<V>) -> Self {
        Self(Rc::new(Filled {
            known: OnceCell::from(args),
            from: None,
        }))
    }

    /// Those of a call that waited, as another call supplies them.
    pub(super) fn supplied(by: Supplied) -> Self {
        Self(Rc::new(Filled {
            known: OnceCell::new(),
            from: Some(by),
        }))
    }

    /// The functions that were chosen on the way to the call.
    pub(super) fn chosen(&self) -> Chosen {
        let from = self.0.from.as_ref();
        from.map(|by| by.call.args.chosen().with(&by.site.chosen))
            .unwrap_or_default()
    }

    /// The callee as it is written, if it is a parameter that another call supplies.
    pub(super) fn awaited(&self) -> Option<&V> {
        self.0.from.as_ref().map(|by| &by.call.callee)
    }

    /// The call that waited, and the one that supplies it.
    pub(super) fn supplier(&self) -> Option<&Supplied> {
        self.0.from.as_ref()
    }

    /// The arguments, filled in if nobody has looked before.
    pub(super) fn get(&self, fill: impl FnOnce(&Supplied) -> Vec<V>) -> &[V] {
        let Filled { known, from } = &*self.0;
        known.get_or_init(|| from.as_ref().map(fill).unwrap_or_default())
    }
}
