//! What .gitignore leaves out.
//!
//! In: the top of a repository or of a scanned tree. Out: [`Ignored`], which answers for a path whether the .gitignore of a
//! directory above it, up to the top or the nearest repository, leaves it out. It leaves alone what else is left out
//! (`discover`).
//!
//! The walk's own reading of these files would follow a link out of the tree, and wait for whoever writes into a pipe.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rustc_hash::FxHashMap;

use crate::bounded;

const FILE_NAME: &str = ".gitignore";
/// A longer one is made by a machine, and its globs would take more memory than all else.
const MOST: u64 = 128 << 10;

/// The .gitignore files of a tree, each read when something beside or below it is first asked for.
pub struct Ignored {
    top: PathBuf,
    known: Mutex<FxHashMap<PathBuf, Arc<Level>>>,
    unread: Mutex<Vec<(PathBuf, io::Error)>>,
}

/// What holds in a directory.
pub struct Level {
    above: Option<Arc<Level>>,
    own: Option<Gitignore>,
}

impl Level {
    /// Whether a path in the directory is left out.
    pub fn leaves_out(&self, path: &Path, is_directory: bool) -> bool {
        let mut level = Some(self);
        while let Some(here) = level {
            let found = here.own.as_ref().map(|own| own.matched(path, is_directory));
            match found {
                Some(Match::Ignore(_)) => return true,
                Some(Match::Whitelist(_)) => return false,
                Some(Match::None) | None => level = here.above.as_deref(),
            }
        }
        false
    }
}

impl Ignored {
    /// Those of `top` and below.
    pub fn new(top: PathBuf) -> Self {
        Self {
            top,
            known: Mutex::default(),
            unread: Mutex::default(),
        }
    }

    /// What holds in a directory.
    pub fn level(&self, directory: &Path) -> Arc<Level> {
        let known = |path: &Path| self.known.lock().ok()?.get(path).cloned();
        let mut missing = Vec::new();
        let mut level = None;
        for path in directory.ancestors() {
            if !path.starts_with(&self.top) {
                break;
            }
            level = known(path);
            if level.is_some() {
                break;
            }
            missing.push(path);
        }
        for path in missing.into_iter().rev() {
            // A repository in a repository stands by itself.
            let above = level.filter(|_| !path.join(".git").exists());
            let own = self.own(path);
            let here = match (own, above) {
                (None, Some(above)) => above,
                (own, above) => Arc::new(Level { above, own }),
            };
            if let Ok(mut known) = self.known.lock() {
                known.insert(path.to_owned(), Arc::clone(&here));
            }
            level = Some(here);
        }
        level.unwrap_or_else(|| {
            Arc::new(Level {
                above: None,
                own: None,
            })
        })
    }

    /// Whether a path is left out.
    pub fn leaves_out(&self, path: &Path, is_directory: bool) -> bool {
        let level = path.parent().map(|parent| self.level(parent));
        level.is_some_and(|level| level.leaves_out(path, is_directory))
    }

    /// The files that could not be read, with the reason.
    pub fn take_unread(&self) -> Vec<(PathBuf, io::Error)> {
        let unread = self.unread.lock();
        unread.map_or_else(|_| Vec::new(), |mut unread| std::mem::take(&mut *unread))
    }

    fn own(&self, directory: &Path) -> Option<Gitignore> {
        let path = directory.join(FILE_NAME);
        let kind = path.symlink_metadata().ok()?;
        let text = if kind.is_file() {
            bounded::read(&path, MOST)
        } else if kind.is_dir() {
            return None;
        } else {
            Err(io::Error::other("it is no ordinary file"))
        };
        match text {
            Ok(text) => {
                let mut builder = GitignoreBuilder::new(directory);
                for line in String::from_utf8_lossy(&text).lines() {
                    // A line that is no glob leaves nothing out, as in git.
                    let _ = builder.add_line(None, line);
                }
                builder.build().ok()
            }
            Err(error) => {
                if let Ok(mut unread) = self.unread.lock() {
                    unread.push((path, error));
                }
                None
            }
        }
    }
}
