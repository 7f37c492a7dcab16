//! Which bounds were hit.
//!
//! In: the bound, and where it was hit. Out: one note for each kind, with the first place and how many there are. It leaves
//! alone the bounds themselves, which stand where they hold.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::value::Spot;
use crate::finding::FileNote;
use crate::link::Program;
use crate::source::{Lines, Span};

/// What was left out because there was too much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bound {
    /// A value is computed of values that are computed of values.
    Depth,
    /// A value takes too long to compute.
    Steps,
    /// A payload.
    Payload,
    /// The fields of a type.
    Fields,
    /// What a value can be.
    Alternatives,
    /// The pieces of a text.
    Pieces,
    /// The assignments to a value.
    Changes,
    /// Wrappers of wrappers.
    Chain,
    /// The ways by which a callee is handed down.
    Ways,
    /// The calls of a function.
    Sites,
    /// Types made of types.
    Type,
    /// What one file sends.
    Findings,
}

impl Bound {
    fn as_str(self) -> &'static str {
        match self {
            Self::Depth => {
                "a value is computed in too many steps, and may be more than what is known of it"
            }
            Self::Steps => {
                "following a value takes too long, and what is missing of it is not known"
            }
            Self::Payload => {
                "a payload nests too deeply or holds too many values, and not all of them are listed"
            }
            Self::Fields => "a type has too many fields, and not all of them are listed",
            Self::Alternatives => {
                "a value may be one of more things than are followed, so some are missing"
            }
            Self::Pieces => "a text is joined of too many pieces, and not all of them are followed",
            Self::Changes => {
                "a value is changed in too many places, and the changes are not followed"
            }
            Self::Chain => {
                "wrappers are nested too deeply, and what the outermost hand over is judged by the names of their parameters"
            }
            Self::Ways => {
                "a callee is handed down in too many ways, and not all of them are followed"
            }
            Self::Sites => {
                "a function is called in too many places, and not all of them are followed"
            }
            Self::Type => "a type is made of too many others, and its fields are not known",
            Self::Findings => "a file sends too many values, and not all of them are listed",
        }
    }
}

/// The places at which bounds were hit.
#[derive(Default)]
pub(super) struct Bounds(RefCell<BTreeMap<Bound, BTreeSet<Spot>>>);

impl Bounds {
    /// Remembers a place.
    pub(super) fn hit(&self, bound: Bound, spot: Spot) {
        self.0.borrow_mut().entry(bound).or_default().insert(spot);
    }

    /// What a report says of them.
    pub(super) fn notes(&self, program: &Program<'_>) -> Vec<FileNote> {
        let known = self.0.borrow();
        let notes = known.iter().filter_map(|(bound, spots)| {
            let first = spots.first()?;
            let source = program.source(first.file);
            let more = match spots.len() {
                1 => String::new(),
                count => format!(" (so in {count} places)"),
            };
            Some(FileNote {
                path: source.path.to_string(),
                reason: format!("{}{more}", bound.as_str()),
                line: (first.span != Span::default())
                    .then(|| Lines::new(&source.text).position(first.span.start).line),
            })
        });
        notes.collect()
    }
}
