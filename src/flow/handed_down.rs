//! Files that are read because a component or an object there is handed a way to a vendor, by those who show or make it or those
//! who show these.
//!
//! In: calls of functions that are handed a vendor's client, a wrapper or a vendor's address. Out: the files of these
//! functions, if they are not read yet, and of the components to which they hand it on (`Progress::handed`). It leaves alone
//! what a function does with it, which is followed once its file is read.
//!
//! Nothing waits for the parameters of a component that only hands them on to one of an unread file, so what it shows is
//! looked at here.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::calls::{Style, Written};
use super::pending::Pending;
use super::propagate::Propagation;
use super::sinks::Manner;
use super::value::{FnRef, Frames, V, Value};
use crate::source::FileId;

/// A way out is handed on by no more components than this.
const MAX_HOPS: usize = 4;
/// No more calls of one component are looked at.
const MAX_CALLS: usize = 16;

/// A call that hands a function a way out.
struct Supplied {
    function: FnRef,
    frames: Frames,
    /// How many components it came through.
    hops: usize,
}

/// Who is handed a way out.
#[derive(Default)]
pub(super) struct HandedDown {
    to_look_at: VecDeque<Supplied>,
    calls: FxHashMap<FnRef, usize>,
}

impl Propagation<'_, '_> {
    /// Notes that a function is called with these arguments, which `frames` has with those of the functions around it.
    pub(super) fn note_handed(&mut self, function: FnRef, args: &[V], frames: &Frames) {
        if self.is_unread(function.file) && args.iter().any(|arg| self.brings_way(arg)) {
            self.supply(function, frames.clone(), 0);
        }
    }

    /// Notes that an object of a class of this file is made so; the constructor may be that of a class above it.
    pub(super) fn note_made(
        &mut self,
        file: FileId,
        constructor: FnRef,
        args: &[V],
        frames: &Frames,
    ) {
        self.note_handed(constructor, args, frames);
        let is_elsewhere = file != constructor.file && self.is_unread(file);
        if is_elsewhere && args.iter().any(|arg| self.brings_way(arg)) {
            self.progress.handed.insert(file);
        }
    }

    /// Whether an argument is a way to a vendor, or a function that needs nothing to make one (`new Tracker(makeClients)`).
    pub(super) fn brings_way(&self, arg: &V) -> bool {
        let makes_way = |it: &V| match &**it {
            Value::Function(closure) => {
                let FnRef { file, function } = closure.target;
                let declared = self.evaluator.program.facts(file).function(function);
                declared.params.is_empty()
                    && self.is_way_out(&self.evaluator.result(closure.target))
            }
            _ => false,
        };
        self.is_way_out(arg) || arg.alternatives().iter().any(makes_way)
    }

    fn is_unread(&self, file: FileId) -> bool {
        !self.files.contains(&file)
    }

    fn supply(&mut self, function: FnRef, frames: Frames, hops: usize) {
        if self.is_unread(function.file) {
            self.progress.handed.insert(function.file);
        }
        let known = &mut self.progress.handed_down;
        let calls = known.calls.entry(function).or_default();
        if hops < MAX_HOPS && *calls < MAX_CALLS {
            *calls += 1;
            known.to_look_at.push_back(Supplied {
                function,
                frames,
                hops,
            });
        }
    }

    /// Looks at what is shown by the components of read files that are handed a way out.
    pub(super) fn look_further_down(&mut self) {
        let mut later = VecDeque::new();
        while let Some(supplied) = self.progress.handed_down.to_look_at.pop_front() {
            if self.is_unread(supplied.function.file) {
                later.push_back(supplied);
                continue;
            }
            for written in self.elements_in(supplied.function.file) {
                self.look_at(written, &supplied);
            }
        }
        self.progress.handed_down.to_look_at = later;
    }

    /// The components that a file shows: a template is not within the function whose parameters are its props.
    fn elements_in(&self, file: FileId) -> Vec<Written> {
        let facts = self.evaluator.program.facts(file);
        let calls = facts.calls.iter();
        let written = calls.filter_map(|call| Written::at(file, facts, *call));
        let shown = written.filter(|it| it.manner == Manner::Element);
        shown.collect()
    }

    fn look_at(&mut self, element: Written, supplied: &Supplied) {
        let props = self.arguments(element, Style::Plain);
        let pending: Pending = props.iter().map(V::pending).collect();
        if !pending.meets(supplied.frames.filled()) {
            return;
        }
        let fill = |prop: &V| self.evaluator.substitute(prop, &supplied.frames);
        let props: Vec<V> = props.iter().map(fill).collect();
        if !props.iter().any(|prop| self.is_way_out(prop)) {
            return;
        }
        let component = self.evaluator.expr(element.file, element.callee);
        for component in component.alternatives() {
            if let Value::Function(closure) = &**component {
                let frames = self.evaluator.frames_of(closure, &props);
                self.supply(closure.target, frames, supplied.hops + 1);
            }
        }
    }
}
