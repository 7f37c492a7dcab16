//! Places as people count them.
//!
//! In: byte ranges. Out: lines and columns, and the text that stands there. Line breaks of a file are looked for once, when
//! the first place in it is asked for. It leaves alone what a place means.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::excerpt;
use crate::finding::{Location, TraceStep};
use crate::flow::{Hop, Place};
use crate::read::Texts;
use crate::source::{FileId, Lines, Position, Span};

/// Counts lines in the texts of one scan.
pub(super) struct Places<'a> {
    texts: &'a Texts,
    lines: RefCell<FxHashMap<FileId, Lines>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(texts: &'a Texts) -> Self {
        Self {
            texts,
            lines: RefCell::default(),
        }
    }

    pub(super) fn location(&self, place: &Place) -> Location {
        let (start, end) = self.ends(place.file, place.span);
        Location {
            path: self.path(place.file),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            symbol: place.symbol.as_ref().map(ToString::to_string),
        }
    }

    pub(super) fn step(&self, hop: &Hop) -> TraceStep {
        let (start, _) = self.ends(hop.place.file, hop.place.span);
        TraceStep {
            path: self.path(hop.place.file),
            line: start.line,
            column: start.column,
            note: excerpt::masked(&hop.note),
        }
    }

    /// The text as written.
    pub(super) fn text(&self, place: &Place) -> &'a str {
        self.texts
            .get(place.file)
            .map(|file| file.slice(place.span))
            .unwrap_or_default()
    }

    /// The text of the file around.
    pub(super) fn around(&self, place: &Place) -> &'a str {
        self.texts
            .get(place.file)
            .map_or("", |file| file.text.as_str())
    }

    /// The text as a report may show it.
    pub(super) fn expression(&self, place: &Place) -> String {
        excerpt::excerpt(self.text(place))
    }

    fn path(&self, file: FileId) -> String {
        self.texts
            .get(file)
            .map(|file| file.path.as_str().to_owned())
            .unwrap_or_default()
    }

    fn ends(&self, file: FileId, span: Span) -> (Position, Position) {
        let mut all = self.lines.borrow_mut();
        let lines = all.entry(file).or_insert_with(|| {
            Lines::new(self.texts.get(file).map_or("", |file| file.text.as_str()))
        });
        (lines.position(span.start), lines.position(span.end))
    }
}
