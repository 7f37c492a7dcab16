//! What an interrupt must not leave behind.
//!
//! In: directories that a run makes for itself. Out: they are removed when the run is interrupted or told to end, as they are
//! when it ends by itself. It leaves alone everything else that a run writes, which is renamed into place as a whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{LazyLock, Mutex, PoisonError};

/// The status of a shell for what ended by an interrupt.
const INTERRUPTED: i32 = 130;

static MADE: LazyLock<Mutex<BTreeSet<PathBuf>>> = LazyLock::new(|| {
    // Where no handler can be set, an interrupt ends the run as ever.
    let _ = ctrlc::set_handler(|| {
        let made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        for directory in made.iter() {
            // Somebody may be writing into it, so that it is not empty at the first attempt.
            if fs::remove_dir_all(directory).is_err() {
                let _ = fs::remove_dir_all(directory);
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
    /// Notes a directory.
    pub(super) fn new(directory: &Path) -> Self {
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        made.insert(directory.to_owned());
        Self(directory.to_owned())
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        made.remove(&self.0);
    }
}
