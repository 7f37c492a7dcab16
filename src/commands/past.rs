//! What a commit's files show.
//!
//! In: a repository, a commit and the settings of the present tree. Out: the analysis of the commit. It leaves alone the work
//! tree, and which commits are wanted.
//!
//! The past is judged by the present configuration and rules, so that a difference is one of the code. What was accepted
//! then is nothing to speak of.

use std::cell::RefCell;
use std::path::PathBuf;

use anyhow::Result;

use crate::discover::NothingToScan;
use crate::git::{Repository, Snapshot};
use crate::policy::Policy;
use crate::progress::Progress;
use crate::ruleset::Ruleset;
use crate::settings::Settings;
use crate::{Analysis, examine};

/// Reads commits.
pub(super) struct Past<'a> {
    repository: &'a Repository,
    settings: &'a Settings,
    ruleset: &'a Ruleset,
    /// The commit that was read last: the next one has most of its files.
    last: RefCell<Option<Snapshot>>,
}

impl<'a> Past<'a> {
    pub(super) fn new(
        repository: &'a Repository,
        settings: &'a Settings,
        ruleset: &'a Ruleset,
    ) -> Self {
        Self {
            repository,
            settings,
            ruleset,
            last: RefCell::new(None),
        }
    }

    /// The analysis of a commit; none if it has nothing of what is scanned.
    pub(super) fn read(&self, commit: &str, progress: &Progress) -> Result<Option<Analysis>> {
        let entries = self.repository.files_of(commit)?;
        let snapshot = match self.last.take() {
            Some(mut snapshot) => {
                self.repository.turn(&mut snapshot, &entries)?;
                snapshot
            }
            None => self.repository.snapshot(&entries)?,
        };
        let found = self.examine(&snapshot, progress);
        self.last.replace(Some(snapshot));
        found
    }

    /// Where the files of the commit that was read last lie, as the scanned root does.
    pub(super) fn root(&self) -> PathBuf {
        let last = self.last.borrow();
        let copy = last.as_ref().map(Snapshot::root);
        let copy = copy.unwrap_or_else(|| self.repository.root.clone());
        self.settings.moved(&self.repository.root, &copy).root
    }

    fn examine(&self, snapshot: &Snapshot, progress: &Progress) -> Result<Option<Analysis>> {
        let mut moved = self.settings.moved(&self.repository.root, &snapshot.root());
        moved.policy = Policy {
            lock: None,
            comments: false,
            allowances: Vec::new(),
            ..moved.policy
        };
        if moved.paths.is_empty() {
            return Ok(None);
        }
        match examine(&moved, self.ruleset, progress) {
            Ok(analysis) => Ok(Some(analysis)),
            Err(error) if error.is::<NothingToScan>() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
