//! Globs of the configuration.
//!
//! In: patterns as written in divulge.toml. Out: [`Globs`]: which paths match, and which directories could hold one that
//! does. It leaves alone what a match means.

use std::path::Path;

use anyhow::Result;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde_spanned::Spanned;

use crate::config::ConfigFile;

/// Globs of the configuration. One without `/` matches at any depth; one that names a directory matches all in it.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    set: GlobSet,
    /// For each glob, the directories at its start that hold no wildcard.
    starts: Vec<String>,
}

impl Globs {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Whether a path matches.
    pub fn matches(&self, path: &Path) -> bool {
        self.set.is_match(path)
    }

    /// Whether something below a directory could match.
    pub fn could_match_below(&self, directory: &Path) -> bool {
        self.starts
            .iter()
            .any(|start| directory.starts_with(start) || Path::new(start).starts_with(directory))
    }

    /// Reads patterns.
    ///
    /// # Errors
    ///
    /// When one is no glob.
    pub(crate) fn read(file: &ConfigFile, patterns: &[Spanned<String>]) -> Result<Self> {
        let mut set = GlobSetBuilder::new();
        let mut starts = Vec::new();
        for pattern in patterns {
            let bare = pattern
                .get_ref()
                .trim_start_matches("./")
                .trim_end_matches('/');
            let anywhere = if bare.contains('/') {
                bare.trim_start_matches('/').to_owned()
            } else {
                format!("**/{bare}")
            };
            for glob in [format!("{anywhere}/**"), anywhere.clone()] {
                let glob = GlobBuilder::new(&glob)
                    .literal_separator(true)
                    .build()
                    .map_err(|error| {
                        file.error(
                            pattern.span(),
                            format!("`{}` is no glob: {}", pattern.get_ref(), error.kind()),
                        )
                    })?;
                set.add(glob);
            }
            let start: Vec<&str> = anywhere
                .split('/')
                .take_while(|part| !part.contains(['*', '?', '[', '{']))
                .collect();
            starts.push(start.join("/"));
        }
        Ok(Self {
            set: set.build()?,
            starts,
        })
    }
}
