//! How much is brought together before following ends.
//!
//! In: what waits, each time it is brought together with a call. Out: whether it still is, and what is told if it is not. It
//! leaves alone what comes of it (`propagate`), and how long a single value may take (`budget`).
//!
//! What goes to hosts of whom no rule knows may be most of what a program sends (an app with a client for every service that
//! there is), and does not take the share of the vendors that are known.

use super::subject::Recipient;

/// More applications of calls to values for known vendors, or to calls of whom it is not known yet, are not made.
const MAX_OF_KNOWN: usize = 1_000_000;
/// The same of values for others.
const MAX_OF_STRANGERS: usize = 2_000_000;
/// More of them are not looked at; most calls of what a parameter is asked to do come to nothing that leads to a vendor.
const MAX_LOOKS: usize = 16_000_000;
/// Callers are asked no more often than this whether they supply something that can be called, in a program of any size.
const QUESTIONS_OF_ANY: usize = 30_000;
/// For each function whose callers are asked, so much more often. The large programs that were looked at ask 20 to 60 times; a few
/// functions that hand what they get round to each other ask ten thousand times.
const QUESTIONS_OF_FUNCTION: usize = 200;
/// And no more often than this in any.
const MAX_QUESTIONS: usize = 1_500_000;

/// What has been brought together so far.
#[derive(Debug, Default)]
pub(super) struct Effort {
    looks: usize,
    questions: usize,
    /// Whether somebody was not asked.
    is_cut: bool,
    of_known: usize,
    of_strangers: usize,
}

impl Effort {
    /// Counts a call and what waits for it.
    pub(super) fn look(&mut self) {
        self.looks += 1;
    }

    /// Counts a caller that is asked what it supplies, where the callers of so many functions are; whether there is enough left
    /// for it.
    pub(super) fn ask(&mut self, functions: usize) -> bool {
        let most = QUESTIONS_OF_ANY.saturating_add(functions.saturating_mul(QUESTIONS_OF_FUNCTION));
        let is_left = self.questions < most.min(MAX_QUESTIONS);
        self.questions += usize::from(is_left);
        self.is_cut |= !is_left;
        is_left
    }

    /// Counts the application of a call to what waits for callers, and is no value that is on its way.
    pub(super) fn call(&mut self) {
        self.of_known += 1;
    }

    /// Counts the application of a call to a value; whether there is enough left for it.
    pub(super) fn fill(&mut self, recipient: Recipient) -> bool {
        let (spent, most) = match recipient {
            Recipient::Stranger => (&mut self.of_strangers, MAX_OF_STRANGERS),
            _ => (&mut self.of_known, MAX_OF_KNOWN),
        };
        *spent += 1;
        *spent <= most
    }

    /// Whether nothing more is followed.
    pub(super) fn is_used_up(&self) -> bool {
        self.of_known > MAX_OF_KNOWN || self.looks > MAX_LOOKS
    }

    /// What is to be said of it.
    pub(super) fn note(&self) -> Option<String> {
        let to = if self.is_used_up() || self.is_cut {
            "calls were"
        } else if self.of_strangers > MAX_OF_STRANGERS {
            "calls that send something to hosts without rules were"
        } else {
            return None;
        };
        let steps = self.of_known + self.of_strangers + self.questions;
        Some(format!(
            "{to} followed for {steps} steps and then no further; values may be missing"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_do_not_take_the_share_of_known_vendors() {
        let mut effort = Effort::default();
        assert_eq!(effort.note(), None);
        while effort.fill(Recipient::Stranger) {}
        assert!(effort.fill(Recipient::Vendor), "it has its own share");
        assert!(!effort.is_used_up(), "the others are followed");
        assert!(
            effort
                .note()
                .is_some_and(|note| note.contains("without rules"))
        );
        while effort.fill(Recipient::Vendor) {}
        assert!(effort.is_used_up());
        assert!(effort.note().is_some());
    }

    #[test]
    fn questions_end_and_are_told() {
        let mut effort = Effort::default();
        while effort.ask(1) {}
        assert!(!effort.ask(1));
        assert!(!effort.is_used_up(), "what is known is followed");
        assert!(effort.ask(2), "a larger program may ask more often");
        assert!(effort.note().is_some(), "and what was cut is told still");
        while effort.ask(usize::MAX) {}
        assert!(
            effort
                .note()
                .is_some_and(|note| note.starts_with("calls were"))
        );
    }
}
