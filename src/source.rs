//! Files, and places in them.
//!
//! In: bytes of files. Out: [`SourceFile`] with its text, and the small types by which every later stage speaks of a
//! place: [`FileId`], [`RepoPath`], [`Span`], [`Position`]. It leaves alone which files there are (`discover`) and what
//! they say (`syntax`).

use std::fmt;

use line_index::{LineIndex, TextSize, WideEncoding};
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

/// Turns byte offsets of one file into positions.
#[derive(Debug)]
pub struct Lines(LineIndex);

impl Lines {
    /// Reads the line breaks of a text once.
    pub fn new(text: &str) -> Self {
        Self(LineIndex::new(text))
    }

    /// The position of a byte offset; one past the end counts as the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = TextSize::new(offset).min(self.0.len());
        let narrow = self
            .0
            .try_line_col(offset)
            .unwrap_or(line_index::LineCol { line: 0, col: 0 });
        let wide = self.0.to_wide(WideEncoding::Utf16, narrow);
        Position {
            line: narrow.line + 1,
            column: wide.map_or(narrow.col, |wide| wide.col) + 1,
        }
    }
}
