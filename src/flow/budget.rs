//! How many steps it may take to compute a value.
//!
//! In: questions as they begin, and the steps that are taken to answer them. Out: whether there are any left. It leaves alone
//! what a step is, and what stands for a value that was not computed (`evaluate`).
//!
//! A question has steps of its own, so that one without an end does not take those of the others.

use std::cell::Cell;

/// One question takes no more steps than this.
const MAX_OF_ONE: u64 = 100_000;
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
}

impl Budget {
    /// Begins a question that is not asked to answer another.
    pub(super) fn begin(&self) {
        let taken = self.taken.get();
        let may_take = match taken < MAX_OF_ALL {
            true => MAX_OF_ONE,
            false => MAX_OF_PLAIN,
        };
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

    fn take_all(budget: &Budget) -> u64 {
        budget.begin();
        let before = budget.taken.get();
        while !budget.is_used_up() {
            budget.step();
        }
        budget.taken.get() - before
    }

    #[test]
    fn a_question_without_an_end_leaves_steps_to_the_others() {
        let budget = Budget::default();
        assert_eq!(take_all(&budget), MAX_OF_ONE);
        assert_eq!(take_all(&budget), MAX_OF_ONE);
        budget.taken.set(MAX_OF_ALL);
        assert_eq!(take_all(&budget), MAX_OF_PLAIN);
        budget.taken.set(LAST - 1);
        assert_eq!(take_all(&budget), 1);
        assert_eq!(take_all(&budget), 0, "it ends for all");
    }
}
