//! What an interrupt must not leave behind.
//!
//! In: directories that a run makes for itself. Out: they are removed when the run is interrupted or told to end, as they are
//! when it ends by itself. It leaves alone everything else that a run writes, which is renamed into place as a whole.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{LazyLock, Mutex, PoisonError};

/// The status of a shell for what ended by an interrupt.
const INTERRUPTED: i32 = 130;

/// How often a directory is tried to be removed.
const ATTEMPTS: usize = 20;

static MADE: LazyLock<Mutex<BTreeSet<PathBuf>>> = LazyLock::new(|| {
    // Where no handler can be set, an interrupt ends the run as ever.
    let _ = ctrlc::set_handler(|| {
        let made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        for directory in made.iter() {
            // The run may be removing it as well, and each gets in the other's way.
            for _ in 0..ATTEMPTS {
                if fs::remove_dir_all(directory).is_ok() || !directory.exists() {
                    break;
                }
            }
        }
        process::exit(INTERRUPTED);
    });
    Mutex::default()
});

/// A directory that goes when the run is interrupted, as long as this is there.
#[derive(Debug)]
pub(super) struct Noted(PathBuf);

impl Noted {
    /// Makes a directory and notes it; an interrupt comes before both or after both.
    pub(super) fn make<D: AsRef<Path>>(
        make: impl FnOnce() -> io::Result<D>,
    ) -> io::Result<(Self, D)> {
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        let directory = make()?;
        made.insert(directory.as_ref().to_owned());
        Ok((Self(directory.as_ref().to_owned()), directory))
    }
}

/// Writes into such a directory; an interrupt comes before or after, so that nothing is written once it is removed.
pub(super) fn undisturbed<T>(write: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let _made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    write()
}

impl Drop for Noted {
    fn drop(&mut self) {
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        made.remove(&self.0);
    }
}
