//! What stands in the place of a value that is put there later.
//!
//! In: the object that a state, a store or a field of a class starts with. Out: the same object, where each blank (an empty
//! text or list, `null`, no value) is a value that only a run knows, by the name and the type that it has there. It leaves
//! alone what starts with something, and who puts the values there.

use ecow::{EcoVec, eco_vec};

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::value::{Data, Root, Spot, V, Value};
use crate::facts::{Binding, From, Step};

/// Objects in objects in a state beyond this are left as they are.
const MAX_DEPTH: usize = 4;

impl Evaluator<'_> {
    /// An object that is filled later; `whole` is what is known of it then.
    pub(super) fn to_be_filled(&self, initial: &V, whole: &V, spot: Spot) -> V {
        self.to_be_filled_at(initial, whole, spot, 0)
    }

    fn to_be_filled_at(&self, initial: &V, whole: &V, spot: Spot, depth: usize) -> V {
        let Value::Object(object) = &**initial else {
            return initial.clone();
        };
        if depth > MAX_DEPTH {
            return initial.clone();
        }
        if object.fields.is_empty() && object.spreads.is_empty() {
            return whole.clone();
        }
        let waits = |value: &V| is_blank(value) || matches!(&**value, Value::Object(_));
        if !object.fields.iter().any(|field| waits(&field.value)) {
            return initial.clone();
        }
        let mut filled = object.clone();
        for field in filled.fields.make_mut() {
            if field.name == "*" || !waits(&field.value) {
                continue;
            }
            let later = self.member(whole, &field.name, spot);
            field.value = match (&*later, is_blank(&field.value)) {
                // By its type it has no such field.
                (Value::Nothing, _) => continue,
                (_, true) => later,
                (_, false) => self.to_be_filled_at(&field.value, &later, spot, depth + 1),
            };
        }
        V::new(Value::Object(filled))
    }

    /// What is known of a state or store later: the variable that it is kept in, and the type that the call declares.
    pub(super) fn kept(&self, library: &LibraryCall<'_>) -> V {
        let facts = self.program.facts(library.file);
        let is_kept_in = |binding: &&Binding| {
            binding.sources.iter().any(|source| {
                matches!(source.path.as_slice(), [] | [Step::Index(0)])
                    && matches!(source.from, From::Expr(made) if facts.span(made) == library.spot.span)
            })
        };
        let name = facts.bindings.iter().find(is_kept_in);
        let path = name.map_or_else(EcoVec::new, |binding| eco_vec![binding.name.clone()]);
        let kept = V::new(Value::Data(Data {
            path,
            producer: library.names.last().cloned(),
            ..Data::new(Root::Kept, library.spot)
        }));
        self.typed_by(library, kept)
    }
}

/// What is read from a state is first named there, and not where the state was made.
pub(super) fn read_at(value: V, spot: Spot) -> V {
    match &*value {
        Value::Data(data) if data.root == Root::Kept => V::new(Value::Data(Data {
            spot,
            ..data.clone()
        })),
        _ => value,
    }
}

/// Whether a value is only what is there until something is put in its place.
pub(super) fn is_blank(value: &V) -> bool {
    value.is_empty() || value.as_str() == Some("")
}
