//! Files that are read because a function there is handed a way to a vendor, by whoever calls it or those who call these.
//!
//! In: calls of functions of the program, in the order in which they are found. Out: the files of functions that get a
//! vendor's client, a wrapper or a vendor's address, and are not read yet (`Progress::handed`). It leaves alone what such a
//! function does with it, which is followed once its file is read.
//!
//! Nothing waits for the parameters of a component that only hands them on to one of an unread file, so what it hands on
//! is remembered here until some caller supplies a way out.

use rustc_hash::FxHashSet;

use super::pending::Pending;
use super::propagate::Propagation;
use super::value::{FnRef, Frames, V};

/// A way out is handed on by no more functions than this.
const MAX_HOPS: usize = 4;
/// No more calls that hand something on are remembered, nor callers that supply a way out.
const MAX_KEPT: usize = 20_000;

/// A call of a function of an unread file, with arguments that callers of the function around it supply.
#[derive(Clone)]
struct Onward {
    target: FnRef,
    args: Vec<V>,
    /// Whose parameters are among the arguments.
    pending: Pending,
    /// How many functions have been filled in.
    hops: usize,
}

/// What is handed on, and who supplies ways out.
#[derive(Default)]
pub(super) struct HandedDown {
    onward: Vec<Onward>,
    suppliers: Vec<Frames>,
    /// Calls that were remembered: the same function with arguments that are kept at the same places.
    seen: FxHashSet<(FnRef, Vec<usize>)>,
}

impl Propagation<'_, '_> {
    /// Notes that a function is called with these arguments, which `frames` has with those of the functions around it.
    pub(super) fn note_handed(&mut self, target: FnRef, args: &[V], frames: &Frames) {
        let gets_way_out = args.iter().any(|arg| self.is_way_out(arg, 0));
        if gets_way_out {
            self.note_file(target);
            self.supply(frames);
        } else {
            self.note_onward(target, args, 0);
        }
    }

    fn is_unread(&self, target: FnRef) -> bool {
        !self.files.contains(&target.file) && !self.progress.handed.contains(&target.file)
    }

    fn note_file(&mut self, target: FnRef) {
        if self.is_unread(target) {
            self.progress.handed.insert(target.file);
        }
    }

    /// Remembers what is handed on, and looks whether a known caller supplies a way out.
    fn note_onward(&mut self, target: FnRef, args: &[V], hops: usize) {
        if hops > MAX_HOPS || !self.is_unread(target) {
            return;
        }
        let pending: Pending = args.iter().map(V::pending).collect();
        let key = (target, args.iter().map(V::address).collect());
        let known = &mut self.progress.handed_down;
        if pending.is_none() || known.onward.len() >= MAX_KEPT || !known.seen.insert(key) {
            return;
        }
        let onward = Onward {
            target,
            args: args.to_vec(),
            pending,
            hops,
        };
        known.onward.push(onward.clone());
        for frames in known.suppliers.clone() {
            self.fill_onward(&onward, &frames);
        }
    }

    /// Remembers who supplies a way out, and looks who hands it on.
    fn supply(&mut self, frames: &Frames) {
        let known = &mut self.progress.handed_down;
        if known.suppliers.len() >= MAX_KEPT {
            return;
        }
        known.suppliers.push(frames.clone());
        for onward in known.onward.clone() {
            self.fill_onward(&onward, frames);
        }
    }

    fn fill_onward(&mut self, onward: &Onward, frames: &Frames) {
        if !onward.pending.meets(frames.filled()) || !self.is_unread(onward.target) {
            return;
        }
        let fill = |arg: &V| self.evaluator.substitute(arg, frames);
        let args: Vec<V> = onward.args.iter().map(fill).collect();
        if args.iter().any(|arg| self.is_way_out(arg, 0)) {
            self.note_file(onward.target);
        } else {
            self.note_onward(onward.target, &args, onward.hops + 1);
        }
    }
}
