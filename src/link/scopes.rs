//! Which directories see the same packages.
//!
//! In: directories of the tree. Out: a [`Scope`] for each: directories of one scope resolve every specifier of a package alike,
//! since the same configuration includes them, and the same configurations and manifest lie above them. It leaves alone what
//! they resolve to (`modules`).

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::overlay::Overlay;

/// What decides what packages are called in a directory: absolute paths.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Scope {
    /// The configuration that includes its files, if one does; or what is wrong with those that might.
    owner: Result<Option<PathBuf>, String>,
    /// The nearest directories with a file of these names.
    above: Above,
}

/// The nearest directories at or above one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Above {
    configured: Option<PathBuf>,
    packaged: Option<PathBuf>,
}

/// What has been asked so far.
#[derive(Default)]
pub(super) struct Scopes {
    numbers: FxHashMap<Scope, usize>,
    by_directory: FxHashMap<PathBuf, usize>,
    above: FxHashMap<PathBuf, Above>,
}

impl Scopes {
    /// The number of the scope of a directory, if that is known.
    pub(super) fn known(&self, directory: &Path) -> Option<usize> {
        self.by_directory.get(directory).copied()
    }

    /// The number of the scope of a directory under the root.
    pub(super) fn number(
        &mut self,
        directory: &Path,
        owner: Result<Option<PathBuf>, String>,
        overlay: &Overlay,
    ) -> usize {
        let above = self.above(directory, overlay);
        let next = self.numbers.len();
        let number = *(self.numbers.entry(Scope { owner, above })).or_insert(next);
        self.by_directory.insert(directory.to_owned(), number);
        number
    }

    fn above(&mut self, directory: &Path, overlay: &Overlay) -> Above {
        let mut unknown = Vec::new();
        let mut known = Above::default();
        for ancestor in directory.ancestors() {
            if let Some(found) = self.above.get(ancestor) {
                known = found.clone();
                break;
            }
            if !overlay.is_below_root(ancestor) {
                break;
            }
            unknown.push(ancestor);
        }
        for directory in unknown.into_iter().rev() {
            if overlay.is_file(&directory.join("tsconfig.json")) {
                known.configured = Some(directory.to_owned());
            }
            if overlay.is_file(&directory.join("package.json")) {
                known.packaged = Some(directory.to_owned());
            }
            self.above.insert(directory.to_owned(), known.clone());
        }
        known
    }
}
