//! Functions that were made elsewhere and are handed to a vendor call, which calls them with a client.
//!
//! In: a vendor call with its arguments (`withScope(tagged(user))`). Out: calls of such functions with the client, to be
//! followed like any other. It leaves alone functions that are written in a call that is known to be the vendor's, which have
//! their client as a parameter (`params`).

use std::rc::Rc;

use super::delivery::{Hop, Place};
use super::propagate::Propagation;
use super::sinks::Manner;
use super::supplied::Supply;
use super::value::{Client, Closure, V, Value};
use super::worklist::Passed;

impl Propagation<'_, '_> {
    /// Calls what a vendor call is handed with the client that it gives.
    pub(super) fn hand_over(&mut self, client: &Client, args: &[V], place: &Place) {
        let catalog = self.evaluator.catalog;
        for (handed, given) in catalog.handed_by(client.vendor, &client.surface, &client.dotted()) {
            let Some(argument) = args.get(handed.argument) else {
                continue;
            };
            let function = match handed.key {
                Some(key) => self.evaluator.member(argument, &key.into(), place.spot()),
                None => argument.clone(),
            };
            let Value::Function(closure) = &*function else {
                continue;
            };
            // One that is written in a call of the vendor's has the client already.
            let known = self.evaluator.param(closure.target, handed.parameter);
            if matches!(&*known, Value::Client(_)) {
                continue;
            }
            let made_here = V::new(Value::Function(supplied_here(closure, place)));
            let mut args = vec![V::nothing(); handed.parameter as usize];
            args.push(V::new(Value::Client(given)));
            let passed = Passed::default();
            self.call(&made_here, args, place.clone(), Manner::Sent, &passed);
        }
    }
}

/// A function whose surroundings are known to be supplied by the call that is handed it.
fn supplied_here(closure: &Closure, place: &Place) -> Closure {
    let supply = Supply::by(Rc::new(Hop {
        place: place.clone(),
        note: "handed over in a function".to_owned(),
    }));
    Closure {
        frames: closure.frames.map(|_, args| supply.mark_all(&args)),
        ..closure.clone()
    }
}
