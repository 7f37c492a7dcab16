//! Marks values with the call that supplies them.
//!
//! In: an argument of a call that supplies both a callee and what the callee gets. Out: the argument, whose values remember
//! the call. It leaves alone which calls do that (`propagate`), and values that another call is known to supply.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::delivery::Hop;
use super::parts::with_parts;
use super::value::{V, Value};

/// What lies deeper in an argument is not said to be supplied by its call.
const MAX_SUPPLIED: usize = 8;

/// A call, and what it is known to supply.
pub(super) struct Supply {
    hop: Rc<Hop>,
    /// What is in the arguments more than once is marked once for each depth, and stays shared. Each part is kept beside what
    /// became of it, so that its address stays its own.
    marked: RefCell<FxHashMap<(usize, usize), (V, V)>>,
}

impl Supply {
    /// What a call supplies.
    pub(super) fn by(hop: Rc<Hop>) -> Self {
        Self {
            hop,
            marked: RefCell::default(),
        }
    }

    /// The same arguments, known to be supplied by the call, as far as no other call is known to supply them.
    pub(super) fn mark_all(&self, args: &[V]) -> Rc<Vec<V>> {
        Rc::new(args.iter().map(|arg| self.mark(arg, 0)).collect())
    }

    fn mark(&self, value: &V, depth: usize) -> V {
        if depth > MAX_SUPPLIED {
            return value.clone();
        }
        let key = (value.address(), depth);
        if let Some((_, marked)) = self.marked.borrow().get(&key) {
            return marked.clone();
        }
        let marked = self.mark_here(value, depth);
        if depth > 0 {
            let both = (value.clone(), marked.clone());
            self.marked.borrow_mut().insert(key, both);
        }
        marked
    }

    fn mark_here(&self, value: &V, depth: usize) -> V {
        match &**value {
            Value::Data(data) if data.origin().supplied.is_none() => {
                let hop = Rc::clone(&self.hop);
                let data = data.clone();
                V::new(Value::Data(
                    data.arising(|origin| origin.supplied = Some(hop)),
                ))
            }
            _ => with_parts(value, |part| self.mark(part, depth + 1)),
        }
    }
}
