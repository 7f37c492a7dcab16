//! Names the places of the program for a report.
//!
//! In: a span of a file. Out: a [`Place`]: the span with the named function around it. It leaves alone what happens there.

use super::delivery::Place;
use super::evaluate::Evaluator;
use super::value::Spot;
use crate::facts::{FileFacts, FunctionId, FunctionKind, MODULE, Name};
use crate::source::{FileId, Span};

/// A place with the named function around it.
pub(crate) fn place(facts: &FileFacts, file: FileId, span: Span, function: FunctionId) -> Place {
    let mut at = Some(function);
    let mut symbol = None;
    while let Some(id) = at {
        let declared = facts.function(id);
        if let Some(name) = &declared.name {
            let class = match declared.kind {
                FunctionKind::Method
                | FunctionKind::Constructor
                | FunctionKind::Getter
                | FunctionKind::Setter => declared
                    .class
                    .and_then(|class| facts.class(class).name.clone()),
                _ => None,
            };
            symbol = Some(class.map_or_else(
                || name.clone(),
                |class| Name::from(format!("{class}.{name}")),
            ));
            break;
        }
        at = declared.parent;
    }
    Place { file, span, symbol }
}

/// The innermost function around a place.
pub(crate) fn function_at(facts: &FileFacts, span: Span) -> FunctionId {
    (0..)
        .zip(&facts.functions)
        .filter(|(_, function)| function.span.contains(span))
        .min_by_key(|(_, function)| function.span.end - function.span.start)
        .map_or(MODULE, |(index, _)| FunctionId(index))
}

impl Evaluator<'_> {
    /// A place of a value, with the innermost named function around it.
    pub(super) fn place_of(&self, spot: Spot) -> Place {
        let facts = self.program.facts(spot.file);
        place(facts, spot.file, spot.span, function_at(facts, spot.span))
    }
}
