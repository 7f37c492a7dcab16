//! A report as a text with headings, lists and tables, before it has a format.
//!
//! In: what a report has to say. Out: [`Document`], which `terminal`, `markdown` and `html` print. It leaves alone what is
//! said.
//!
//! A [`Part`] says whether a text is ours or of the scanned tree, so that each format escapes and marks it as it must.

pub(super) mod html;
pub(super) mod markdown;
pub(super) mod terminal;

use super::layout::severity_key;
use crate::finding::{Location, Severity};
use crate::texts::{Piece, Texts, pieces};

/// A text that is to be printed.
#[derive(Debug, Clone, Default)]
pub(super) struct Document {
    pub(super) language: String,
    pub(super) title: String,
    pub(super) blocks: Vec<Block>,
}

/// Something with space around it.
#[derive(Debug, Clone)]
pub(super) enum Block {
    /// A section begins; its name in links.
    Heading(String, &'static str),
    /// A part of a section begins.
    Subheading(Line),
    Paragraph(Line),
    List(Vec<Line>),
    /// In this order; each with details below.
    Steps(Vec<(Line, Vec<Line>)>),
    Table(Table),
    /// A text to copy.
    Draft(Vec<Line>),
}

/// Rows under headings; the first column names the row.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<Line>>,
}

/// A run of text.
pub(super) type Line = Vec<Part>;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Said by us.
    Text(String),
    /// Said by us, and to be seen.
    Strong(String),
    /// From the scanned tree: names, expressions, places.
    Code(String),
    /// A rating.
    Rated(Severity, String),
}

impl Part {
    /// What it says.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Strong(text) | Self::Code(text) | Self::Rated(_, text) => text,
        }
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A line of our own.
pub(super) fn plain(text: impl Into<String>) -> Line {
    vec![Part::Text(text.into())]
}

/// A line of the scanned tree's.
pub(super) fn code(text: impl Into<String>) -> Line {
    vec![Part::Code(text.into())]
}

/// A text with its blanks filled.
pub(super) fn filled(texts: &Texts, key: &str, blanks: &[(&str, Line)]) -> Line {
    let mut line = Line::new();
    for piece in pieces(texts.say(key)) {
        match piece {
            Piece::Text(text) => line.push(text.into()),
            Piece::Blank(name) => {
                if let Some((_, parts)) = blanks.iter().find(|(blank, _)| *blank == name) {
                    line.extend(parts.iter().cloned());
                }
            }
        }
    }
    line
}

/// Lines with something between them.
pub(super) fn joined(lines: impl IntoIterator<Item = Line>, between: &str) -> Line {
    let mut out = Line::new();
    for line in lines {
        if !out.is_empty() {
            out.push(between.into());
        }
        out.extend(line);
    }
    out
}

/// A rating in words.
pub(super) fn rated(texts: &Texts, severity: Severity) -> Part {
    let word = texts.say(severity_key(severity)).to_owned();
    Part::Rated(severity, word)
}

/// `path:line`.
pub(super) fn place(location: &Location) -> Part {
    Part::Code(location.line_of_file())
}

impl Document {
    pub(super) fn new(texts: &Texts, title: String) -> Self {
        Self {
            language: texts.language().to_owned(),
            title,
            blocks: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, block: Block) {
        self.blocks.push(block);
    }

    pub(super) fn heading(&mut self, text: &str, id: &'static str) {
        self.blocks.push(Block::Heading(text.to_owned(), id));
    }

    pub(super) fn paragraph(&mut self, line: Line) {
        self.blocks.push(Block::Paragraph(line));
    }

    /// A list, if there is something in it.
    pub(super) fn list(&mut self, lines: Vec<Line>) {
        if !lines.is_empty() {
            self.blocks.push(Block::List(lines));
        }
    }
}
