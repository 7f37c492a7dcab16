//! How many steps it may take to compute a value.
//!
//! In: questions as they begin, and the steps that are taken to answer them. Out: whether there are any left. It leaves alone
//! what a step is, and what stands for a value that was not computed (`evaluate`).
//!
//! A question has steps of its own, so that one without an end does not take those of the others.

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashMap;

use crate::source::FileId;

/// One question takes no more steps than this.
const MAX_OF_ONE: u64 = 100_000;
/// Once the questions in one file have taken this many, each gets only as many as the plain ones take. Of the files of seven apps
/// none takes more than 510,000; one script that a bundler made of all it found takes 32 million.
const MAX_OF_FILE: u64 = 600_000;
/// No step is taken for a file after so many.
const LAST_OF_FILE: u64 = 650_000;
/// Once a pass has taken this many, each question gets only as many as the plain ones take.
const MAX_OF_ALL: u64 = 30_000_000;
/// How many that is.
const MAX_OF_PLAIN: u64 = 2_000;
/// No step is taken after so many.
const LAST: u64 = 2 * MAX_OF_ALL;

/// The steps of one pass.
#[derive(Default)]
pub(super) struct Budget {
    taken: Cell<u64>,
    /// How many may be taken when the present question ends.
    end: Cell<u64>,
    /// It has ended for want of steps.
    is_cut: Cell<bool>,
    /// In which file the present question is asked, and how many were taken before it.
    asked_in: Cell<Option<(FileId, u64)>>,
    of_files: RefCell<FxHashMap<FileId, u64>>,
}

impl Budget {
    /// Begins a question that is not asked to answer another, in a file if it is one of a place.
    pub(super) fn begin(&self, file: Option<FileId>) {
        let taken = self.taken.get();
        if let Some((before, start)) = self.asked_in.replace(file.map(|file| (file, taken))) {
            let mut of_files = self.of_files.borrow_mut();
            *of_files.entry(before).or_default() += taken - start;
        }
        let of_file = file.and_then(|file| self.of_files.borrow().get(&file).copied());
        let of_file = of_file.unwrap_or_default();
        let may_take = match taken < MAX_OF_ALL && of_file < MAX_OF_FILE {
            true => MAX_OF_ONE,
            false => MAX_OF_PLAIN,
        };
        let may_take = may_take.min(LAST_OF_FILE.saturating_sub(of_file));
        self.end.set((taken + may_take).min(LAST.max(taken)));
        self.is_cut.set(false);
    }

    /// Takes a step.
    pub(super) fn step(&self) {
        self.taken.set(self.taken.get() + 1);
    }

    /// Whether the present question has none left.
    pub(super) fn is_used_up(&self) -> bool {
        self.taken.get() >= self.end.get()
    }

    /// Whether this is the first time in the present question that one was not taken.
    pub(super) fn cut(&self) -> bool {
        !self.is_cut.replace(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take_all(budget: &Budget, file: Option<FileId>) -> u64 {
        budget.begin(file);
        let before = budget.taken.get();
        while !budget.is_used_up() {
            budget.step();
        }
        budget.taken.get() - before
    }

    #[test]
    fn a_question_without_an_end_leaves_steps_to_the_others() {
        let budget = Budget::default();
        assert_eq!(take_all(&budget, None), MAX_OF_ONE);
        assert_eq!(take_all(&budget, None), MAX_OF_ONE);
        budget.taken.set(MAX_OF_ALL);
        assert_eq!(take_all(&budget, None), MAX_OF_PLAIN);
        budget.taken.set(LAST - 1);
        assert_eq!(take_all(&budget, None), 1);
        assert_eq!(take_all(&budget, None), 0, "it ends for all");
    }

    #[test]
    fn a_file_without_an_end_leaves_steps_to_the_others() {
        let budget = Budget::default();
        let (endless, other) = (Some(FileId(0)), Some(FileId(1)));
        for _ in 0..MAX_OF_FILE / MAX_OF_ONE {
            assert_eq!(take_all(&budget, endless), MAX_OF_ONE);
        }
        assert_eq!(take_all(&budget, endless), MAX_OF_PLAIN);
        assert_eq!(take_all(&budget, other), MAX_OF_ONE);
        for _ in 1..(LAST_OF_FILE - MAX_OF_FILE) / MAX_OF_PLAIN {
            assert_eq!(take_all(&budget, endless), MAX_OF_PLAIN);
        }
        assert_eq!(take_all(&budget, endless), 0);
        assert_eq!(take_all(&budget, other), MAX_OF_ONE);
    }
}
