//! A script that says what a template does.
//!
//! In: pieces of a host file that are expressions, and the words between them. Out: a script that can be parsed like any
//! other, and for each place in it the place in the host file that it stands for. It leaves alone what a template means.

use std::ops::Range;

use crate::source::Span;

/// A piece of the script, up to the next one.
#[derive(Debug)]
struct Piece {
    /// Where it starts in the script.
    at: usize,
    /// What it stands for in the host file.
    host: Range<usize>,
    /// It is the host's own text, so each byte has its own place.
    verbatim: bool,
}

/// The script of a template.
#[derive(Debug)]
pub(in crate::syntax) struct Rendering<'t> {
    host: &'t str,
    pub(in crate::syntax) script: String,
    pieces: Vec<Piece>,
}

impl<'t> Rendering<'t> {
    pub(in crate::syntax) fn new(host: &'t str) -> Self {
        Self {
            host,
            script: String::new(),
            pieces: Vec::new(),
        }
    }

    /// The text of a range of the host file.
    pub(super) fn host(&self, range: Range<usize>) -> &'t str {
        self.host.get(range).unwrap_or_default()
    }

    /// The text of the host file.
    pub(super) fn whole(&self) -> &'t str {
        self.host
    }

    /// Words that the template does not spell, standing for a range of it.
    pub(in crate::syntax) fn word(&mut self, word: &str, stands_for: &Range<usize>) {
        self.piece(word, stands_for.clone(), false);
    }

    /// The template's own text.
    pub(in crate::syntax) fn source(&mut self, range: Range<usize>) {
        self.piece(self.host(range.clone()), range, true);
    }

    /// The text of an attribute, in which `&quot;` and the like stand for characters.
    pub(super) fn value(&mut self, range: Range<usize>) {
        let mut at = range.start;
        let text = self.host(range.clone());
        for (offset, _) in text.match_indices('&') {
            let start = range.start + offset;
            let found = REFERENCES
                .iter()
                .find(|(reference, _)| text[offset..].starts_with(reference));
            if let Some((reference, char)) = found {
                self.source(at..start);
                at = start + reference.len();
                self.word(char, &(start..at));
            }
        }
        self.source(at..range.end);
    }

    /// A place to come back to.
    pub(super) fn mark(&self) -> usize {
        self.script.len()
    }

    /// Takes everything back since a mark.
    pub(super) fn back_to(&mut self, mark: usize) {
        self.script.truncate(mark);
        let kept = self.pieces.partition_point(|piece| piece.at < mark);
        self.pieces.truncate(kept);
    }

    fn piece(&mut self, text: &str, host: Range<usize>, verbatim: bool) {
        if !text.is_empty() {
            self.pieces.push(Piece {
                at: self.script.len(),
                host,
                verbatim,
            });
            self.script.push_str(text);
        }
    }

    /// What a range of the script stands for in the host file.
    pub(in crate::syntax) fn place(&self, start: usize, end: usize) -> Span {
        let first = self.piece_at(start);
        let last = self.piece_at(end.saturating_sub(1).max(start));
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let from = first.map_or(0, |piece| match piece.verbatim {
            true => piece.host.start + (start - piece.at),
            false => piece.host.start,
        });
        let to = last.map_or(from, |piece| match piece.verbatim {
            true => piece.host.start + (end - piece.at),
            false => piece.host.end,
        });
        Span::new(offset(from), offset(to.max(from)))
    }

    fn piece_at(&self, at: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.at <= at);
        self.pieces.get(after.checked_sub(1)?)
    }
}

/// The characters of a script that an attribute cannot hold as such, and those that are written so by habit.
const REFERENCES: [(&str, &str); 9] = [
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&apos;", "'"),
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&nbsp;", " "),
];
