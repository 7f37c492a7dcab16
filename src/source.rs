//! Files, and places in them.
//!
//! In: bytes of files. Out: [`SourceFile`] with its text, and the small types by which every later stage speaks of a
//! place: [`FileId`], [`RepoPath`], [`Span`], [`Position`]. It leaves alone which files there are (`discover`) and what
//! they say (`syntax`).

use std::fmt::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// A file of one scan, numbered in the order of its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileId(pub u32);

impl FileId {
    /// The position in the list of files.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A path relative to the scanned root, always with `/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct RepoPath(String);

impl RepoPath {
    /// Makes a path from its text; a backslash of another platform becomes `/`.
    pub fn new(path: impl Into<String>) -> Self {
        let path = path.into();
        Self(
            if path.contains('\\') && std::path::MAIN_SEPARATOR == '\\' {
                path.replace('\\', "/")
            } else {
                path
            },
        )
    }

    /// The path of a file. Bytes of a name that are no text are written as `\\xNN`, so that names that differ in them differ
    /// here too.
    pub fn of(path: &Path) -> Self {
        let Some(text) = path.to_str() else {
            let mut shown = String::new();
            for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
                shown.push_str(chunk.valid());
                for byte in chunk.invalid() {
                    let _ = write!(shown, "\\x{byte:02x}");
                }
            }
            return Self(shown);
        };
        Self::new(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the last dot of the file name, in lower case; empty without one.
    pub fn extension(&self) -> String {
        let name = self.0.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.')
            .map(|(_, extension)| extension.to_ascii_lowercase())
            .unwrap_or_default()
    }
}

/// Whether a file has one of the names: names without extension, which may begin with `*`, and directories with `/`.
pub fn is_named(file: &SourceFile, names: &[String]) -> bool {
    let (directories, name) = match file.path.as_str().rsplit_once('/') {
        Some((directories, name)) => (directories, name),
        None => ("", file.path.as_str()),
    };
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    names.iter().any(|it| match it.strip_suffix('/') {
        Some(directory) => directories.split('/').any(|it| it == directory),
        None => match it.strip_prefix('*') {
            Some(end) => stem.ends_with(end),
            None => stem == it,
        },
    })
}

/// The directories around a path of the tree, innermost first; the root is the empty one.
pub fn directories_around(path: &str) -> impl Iterator<Item = &str> {
    let above = path.match_indices('/').rev();
    above
        .map(|(at, _)| path.get(..at).unwrap_or_default())
        .chain([""])
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A half-open range of bytes in one file.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A range from its ends.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Whether `other` lies inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A place as people count it: line and column from 1, columns in UTF-16 units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
}

/// A file that has been read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path under the root.
    pub path: RepoPath,
    /// Its text; invalid UTF-8 has been replaced.
    pub text: String,
}

impl SourceFile {
    /// The text of a range; empty if the range is none of this file.
    pub fn slice(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }
}

/// Turns byte offsets of one file into positions. Every question is answered by two binary searches, however long a line is.
#[derive(Debug)]
pub struct Lines {
    /// Where each line starts.
    starts: Vec<u32>,
    /// The first byte behind each character of more bytes than UTF-16 units, and how many more bytes than units there were
    /// up to there.
    wide: Vec<(u32, u32)>,
    length: u32,
}

impl Lines {
    /// Reads the line breaks of a text once.
    pub fn new(text: &str) -> Self {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| place(at + 1)));
        let mut wide = Vec::new();
        let mut surplus = 0;
        if !text.is_ascii() {
            for (at, char) in text.char_indices().filter(|(_, char)| !char.is_ascii()) {
                surplus += place(char.len_utf8() - char.len_utf16());
                wide.push((place(at + char.len_utf8()), surplus));
            }
        }
        Self {
            starts,
            wide,
            length: place(text.len()),
        }
    }

    /// The position of a byte offset; one past the end counts as the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(self.length);
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line
            .checked_sub(1)
            .and_then(|before| self.starts.get(before))
            .copied()
            .unwrap_or(0);
        let bytes = offset - start;
        let surplus = self.surplus(offset) - self.surplus(start);
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: bytes.saturating_sub(surplus) + 1,
        }
    }

    /// How many more bytes than UTF-16 units there are before an offset.
    fn surplus(&self, offset: u32) -> u32 {
        let behind = self.wide.partition_point(|(end, _)| *end <= offset);
        behind
            .checked_sub(1)
            .and_then(|before| self.wide.get(before))
            .map_or(0, |(_, surplus)| *surplus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns_in_utf16_units() {
        let lines = Lines::new("aé😀b\n\nx😀");
        let at = |offset| {
            let position = lines.position(offset);
            (position.line, position.column)
        };
        let found: Vec<_> = [0, 1, 3, 7, 8, 9, 10, 11, 15, 99].map(at).into();
        let expected = [
            (1, 1),
            (1, 2),
            (1, 3),
            (1, 5),
            (1, 6),
            (2, 1),
            (3, 1),
            (3, 2),
            (3, 4),
            (3, 4),
        ];
        assert_eq!(found, expected);
        assert_eq!(Lines::new("").position(7).column, 1);
    }
}
