//! The texts of the files.
//!
//! In: [`Tree`]. Out: [`Texts`]: every text in memory, numbered in the order of paths, and the files that were set aside,
//! each with its reason. It leaves alone what the texts say.
//!
//! Files are read, never mapped: a map costs several reads at these sizes, and a file that shrinks meanwhile would end the
//! process.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rayon::prelude::*;

use crate::bounded;
use crate::discover::Tree;
use crate::finding::FileNote;
use crate::source::{FileId, RepoPath, SourceFile};
use crate::weight::weight;

/// With more code than this a file is generated, or data.
const MOST: usize = 1 << 20;
/// Of a file with more bytes than this not even comments and blanks are read. The types that tools write for the API of a whole
/// product reach 3 MiB with them.
const MOST_BYTES: u64 = 4 << 20;
/// Why a file is set aside that has too much of either.
const LARGE: &str = "larger than 1 MiB";
/// How far a file is searched for a NUL.
const HEAD: usize = 8 << 10;
/// A smaller file is parsed at once, minified or not.
const SMALL: usize = 20 << 10;
/// No person writes a longer line of code.
const LONG_LINE: usize = 500;

/// The texts of one scan.
#[derive(Debug, Default)]
pub struct Texts {
    /// Sources and manifests, by path; a [`FileId`] is the place in here.
    pub files: Vec<SourceFile>,
    /// Which of them are manifests (package.json).
    pub manifests: Vec<FileId>,
    /// Files that were set aside.
    pub skipped: Vec<FileNote>,
    /// Files that could not be read, or only in part.
    pub errors: Vec<FileNote>,
}

impl Texts {
    /// A file by its number.
    pub fn get(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(file.index())
    }

    /// A file by its path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        let at = self
            .files
            .binary_search_by(|file| file.path.as_str().cmp(path))
            .ok()?;
        u32::try_from(at).ok().map(FileId)
    }
}

/// What became of one file.
enum Outcome {
    Text { text: String, replaced: bool },
    Skipped(&'static str),
    Failed(String),
}

/// Reads all files of a tree; `tick` is called after each.
pub fn read(tree: &Tree, tick: &(dyn Fn() + Sync)) -> Texts {
    let mut wanted: Vec<(&RepoPath, std::borrow::Cow<'_, Path>, u64)> = tree
        .files
        .iter()
        .map(|file| (&file.path, file.absolute.as_path().into(), file.size))
        .chain(tree.manifests.iter().chain(&tree.beside).map(|path| {
            let absolute = tree.root.join(path.as_str());
            (path, absolute.into(), 0)
        }))
        .collect();
    wanted.sort_by_key(|(path, ..)| *path);
    let outcomes: Vec<Outcome> = wanted
        .par_iter()
        .map(|(_, absolute, size)| {
            let outcome = if *size > MOST_BYTES {
                Outcome::Skipped(LARGE)
            } else {
                read_one(absolute)
            };
            tick();
            outcome
        })
        .collect();
    let mut texts = Texts::default();
    for ((path, ..), outcome) in wanted.into_iter().zip(outcomes) {
        let note = |reason: String| FileNote {
            path: path.as_str().to_owned(),
            reason,
            line: None,
        };
        match outcome {
            Outcome::Skipped(reason) => texts.skipped.push(note(reason.to_owned())),
            Outcome::Failed(reason) => texts.errors.push(note(reason)),
            Outcome::Text { text, replaced } => {
                if replaced {
                    texts
                        .errors
                        .push(note("invalid UTF-8 was replaced".to_owned()));
                }
                if tree.manifests.binary_search(path).is_ok() {
                    let id = u32::try_from(texts.files.len()).unwrap_or(u32::MAX);
                    texts.manifests.push(FileId(id));
                }
                texts.files.push(SourceFile {
                    path: path.clone(),
                    text,
                });
            }
        }
    }
    texts
}

fn read_one(path: &Path) -> Outcome {
    let mut bytes = Vec::new();
    // The size may have changed since the walk.
    let result =
        File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    if let Err(error) = result {
        return Outcome::Failed(format!("cannot be read: {}", error.kind()));
    }
    let is_large = || bytes.len() as u64 > MOST_BYTES || weight(&bytes) > MOST;
    if bytes.len() > MOST && is_large() {
        Outcome::Skipped(LARGE)
    } else if !bounded::is_wide(&bytes) && bytes.iter().take(HEAD).any(|byte| *byte == 0) {
        Outcome::Skipped("binary")
    } else if is_minified(&bytes) {
        Outcome::Skipped("minified")
    } else {
        match bounded::decoded(bytes) {
            Ok(text) => Outcome::Text {
                text,
                replaced: false,
            },
            Err(bytes) => Outcome::Text {
                text: String::from_utf8_lossy(&bytes).into_owned(),
                replaced: true,
            },
        }
    }
}

/// More than half of a file that is not small stands in lines that no person writes: longer than [`LONG_LINE`], and at
/// least one byte in twenty is a bracket or semicolon. An inlined picture is a long line too, but has next to none.
fn is_minified(bytes: &[u8]) -> bool {
    if bytes.len() < SMALL {
        return false;
    }
    let dense: usize = bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| line.len() > LONG_LINE)
        .filter(|line| {
            let marks = line
                .iter()
                .filter(|byte| matches!(byte, b';' | b'{' | b'}' | b'(' | b')'))
                .count();
            marks * 20 >= line.len()
        })
        .map(<[u8]>::len)
        .sum();
    dense * 2 > bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_minified_code_from_an_inlined_picture() {
        let bundle = "function a(b){return c(d,e);}var f=g(h);".repeat(1000);
        assert!(is_minified(bundle.as_bytes()));
        assert!(!is_minified(bundle.get(..10_000).unwrap().as_bytes()));
        let picture = format!("export const logo = '{}';\n", "iVBORw0KGgo".repeat(5000));
        assert!(!is_minified(picture.as_bytes()));
        let written = "track('x', { email: user.email });\n".repeat(2000);
        assert!(!is_minified(written.as_bytes()));
    }
}
