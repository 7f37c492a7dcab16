//! Files that are parsed before somebody asks for them.
//!
//! In: the files that somebody asked for. Out: the same, latest first, for threads that have nothing else to do than to parse
//! what these import: who follows values comes there next. It leaves alone what is done with a file, and decides nothing: a file
//! that nobody asks for is as good as unparsed (`Program::facts`).

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::source::FileId;

/// Files whose imports are to be parsed.
#[derive(Default)]
pub(super) struct Ahead {
    state: Mutex<State>,
    has_changed: Condvar,
}

#[derive(Default)]
struct State {
    files: Vec<FileId>,
    /// How many threads take files.
    takers: usize,
    is_over: bool,
}

impl Ahead {
    /// Adds a file, if anybody takes it.
    pub(super) fn push(&self, file: FileId) {
        let mut state = self.lock();
        if state.takers > 0 && !state.is_over {
            state.files.push(file);
            self.has_changed.notify_one();
        }
    }

    /// Calls `each` with files as they are added, until it is over.
    pub(super) fn take(&self, mut each: impl FnMut(FileId)) {
        self.lock().takers += 1;
        loop {
            let mut state = self.lock();
            while state.files.is_empty() && !state.is_over {
                state = self
                    .has_changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            if state.is_over {
                return;
            }
            let next = state.files.pop();
            drop(state);
            next.into_iter().for_each(&mut each);
        }
    }

    /// Ends it for all who take files, now and later.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.is_over = true;
        state.files.clear();
        self.has_changed.notify_all();
    }

    /// Whether it has ended.
    pub(super) fn is_over(&self) -> bool {
        self.lock().is_over
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_file_comes_first_and_the_end_wakes_all() {
        let ahead = Ahead::default();
        ahead.push(FileId(7));
        let taken = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                ahead.take(|file| {
                    if file == FileId(0) {
                        // Nobody else takes these until this returns.
                        (1..4).for_each(|number| ahead.push(FileId(number)));
                    }
                    let mut taken = taken.lock().unwrap();
                    taken.push(file);
                    if taken.len() == 4 {
                        ahead.end();
                    }
                });
            });
            while ahead.lock().takers == 0 {
                std::thread::yield_now();
            }
            ahead.push(FileId(0));
        });
        let taken = taken.into_inner().unwrap();
        assert_eq!(
            taken,
            [0, 3, 2, 1].map(FileId),
            "what was added before anybody took it is gone"
        );
    }
}
