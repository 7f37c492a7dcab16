//! What stands in the place of a value that is put there later.
//!
//! In: the object that a state, a store or a field of a class starts with. Out: the same object, where each blank (an empty
//! text or list, `null`, no value), and each field that its declared type has beside these, is a value that only a run knows, by
//! the name and the type that it has there. It leaves alone what starts with something, and who puts the values there.

use ecow::{EcoVec, eco_vec};

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{Data, Root, Spot, V, Value};
use crate::facts::{Binding, BindingId, FileFacts, From, Step};

/// Objects in objects in a state beyond this are left as they are.
const MAX_DEPTH: usize = 4;

impl Evaluator<'_> {
    /// An object that is filled later; `whole` is what is known of it then, which is only asked for if there may be more than
    /// what it starts with.
    pub(super) fn to_be_filled(&self, initial: &V, whole: impl FnOnce() -> V, spot: Spot) -> V {
        match &**initial {
            Value::Object(object) if object.is_whole() || awaits(object) => {
                self.filled_in(object, &whole(), spot, 0)
            }
            _ => initial.clone(),
        }
    }

    fn filled_in(&self, object: &Object, whole: &V, spot: Spot, depth: usize) -> V {
        if object.fields.is_empty() && object.spreads.is_empty() {
            return whole.clone();
        }
        let mut filled = object.clone();
        for field in filled.fields.make_mut() {
            let inner = match &*field.value {
                _ if field.name == "*" => continue,
                _ if is_blank(&field.value) => None,
                Value::Object(inner) if depth < MAX_DEPTH => Some(inner),
                _ => continue,
            };
            let later = self.member(whole, &field.name, spot);
            // By its type it may have no such field.
            if !matches!(&*later, Value::Nothing) {
                field.value = match inner {
                    None => later,
                    Some(inner) => self.filled_in(inner, &later, spot, depth + 1),
                };
            }
        }
        self.set_later(&mut filled, whole, spot);
        V::new(Value::Object(filled))
    }

    /// Adds the fields that the declared type of an object has beside those that it starts with.
    fn set_later(&self, object: &mut Object, whole: &V, spot: Spot) {
        let Value::Data(Data { ty: Some(ty), .. }) = &**whole else {
            return;
        };
        if !object.is_whole() {
            return;
        }
        for field in self.shapes.all_fields(ty).into_iter().flatten() {
            if object.get(&field.name).is_none() {
                object.set(
                    field.name.clone(),
                    self.member(whole, &field.name, spot),
                    true,
                );
            }
        }
    }

    /// What is known of a state or store later: the variable that it is kept in, and the type that the call declares.
    pub(super) fn kept(&self, library: &LibraryCall<'_>) -> V {
        let facts = self.program.facts(library.file);
        let name = bound_to(facts, library, |path| matches!(path, [] | [Step::Index(0)]));
        let name = name.map(|binding| facts.binding(binding).name.clone());
        let path = name.map_or_else(EcoVec::new, |name| eco_vec![name]);
        let kept = V::new(Value::Data(Data {
            path,
            ..Data::new(Root::Kept, library.spot).made_by(library.names.last().cloned())
        }));
        self.typed_by(library, kept)
    }
}

/// The name that a part of what a call gives is kept in, by the way to that part.
pub(super) fn bound_to(
    facts: &FileFacts,
    library: &LibraryCall<'_>,
    is_part: impl Fn(&[Step]) -> bool,
) -> Option<BindingId> {
    let is_bound = |binding: &Binding| {
        binding.sources.iter().any(|source| {
            is_part(&source.path)
                && matches!(source.from, From::Expr(made) if facts.span(made) == library.spot.span)
        })
    };
    let mut bindings = (0..).map(BindingId).zip(&facts.bindings);
    bindings.find_map(|(id, binding)| is_bound(binding).then_some(id))
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

/// Whether an object is empty, or has a field that may be filled.
fn awaits(object: &Object) -> bool {
    let may_be_filled = |value: &V| is_blank(value) || matches!(&**value, Value::Object(_));
    match object.fields.as_slice() {
        [] => object.spreads.is_empty(),
        fields => fields.iter().any(|field| may_be_filled(&field.value)),
    }
}

/// Whether a value is an empty text, or one of some texts that may be empty (`isPreview ? 'Jane Doe' : ''`).
pub(super) fn is_blank_text(value: &V) -> bool {
    let is_written = |it: &V| matches!(&**it, Value::Literal(_) | Value::Nothing);
    let parts = value.alternatives();
    parts.iter().all(is_written) && parts.iter().any(|it| it.as_str() == Some(""))
}

/// Whether a value is only what is there until something is put in its place.
pub(super) fn is_blank(value: &V) -> bool {
    value.is_empty() || value.as_str() == Some("")
}
