//! Texts that are cut into pieces at a sign.
//!
//! In: a call that cuts a text (`split`), takes one of its pieces (`pop`, `at`), or joins them again. Out: the pieces, each with
//! the sign at which it was cut out; of an address, what stands before the `@` and behind it. It leaves alone what a sign says
//! of a piece (`classify`) and the extension of a file's name (`extensions`).

use super::conditions::when;
use super::effects::{LibraryCall, graded};
use super::evaluate::Evaluator;
use super::extensions::{counted, is_behind};
use super::value::{Data, Presence, Step, V, Value};
use crate::facts::{Expr, Item, Name};
use crate::finding::Transform;

/// The sign between the name of a mailbox and its domain.
const AT: &str = "@";

/// The pieces of a text between these signs; what stands before and after the `@` of an address is told apart.
pub(super) fn split(args: &[V], subject: V) -> V {
    match args.first().and_then(V::as_str) {
        Some(AT) => V::new(Value::Array(vec![
            graded(Transform::Truncate, subject.clone()),
            graded(Transform::Domain, subject),
        ])),
        Some(sign) if !sign.is_empty() => cut(&subject, &Name::from(sign)),
        _ => subject,
    }
}

/// A text that is to be taken apart at a sign.
pub(super) fn cut(text: &V, sign: &Name) -> V {
    match &**text {
        Value::Data(data) => {
            let mut data = data.clone();
            data.steps.push(Step::Cut(sign.clone()));
            if data.presence == Presence::Presumed {
                data.presence = Presence::PresumedWhole;
            }
            V::new(Value::Data(data))
        }
        Value::Union(parts) => V::union(parts.iter().map(|part| cut(part, sign))),
        Value::When(condition, inner) => when(condition, cut(inner, sign)),
        Value::Changed(change, inner) => V::new(Value::Changed(*change, cut(inner, sign))),
        _ => text.clone(),
    }
}

/// The sign at which a value was cut out of a text, if it is a piece of one.
pub(super) fn cut_at(data: &Data) -> Option<&Name> {
    let is_piece = |step: &Step| {
        matches!(
            step,
            Step::Any | Step::Each | Step::Index(_) | Step::From(_)
        )
    };
    let (last, before) = data.steps.split_last()?;
    let cut = before.iter().rev().find(|step| !is_piece(step));
    match cut {
        Some(Step::Cut(sign)) if is_piece(last) => Some(sign),
        _ => None,
    }
}

/// Pieces of a text that are joined again: the text.
pub(super) fn rejoined(pieces: &V) -> V {
    match &**pieces {
        Value::Data(data) if cut_at(data).is_some() => {
            let at = data.steps.iter().rposition(|it| matches!(it, Step::Cut(_)));
            let mut data = data.clone();
            data.steps.truncate(at.unwrap_or(data.steps.len()));
            V::new(Value::Data(data))
        }
        Value::Union(parts) => V::union(parts.iter().map(rejoined)),
        Value::When(condition, inner) => when(condition, rejoined(inner)),
        Value::Changed(change, inner) => V::new(Value::Changed(*change, rejoined(inner))),
        _ => pieces.clone(),
    }
}

impl Evaluator<'_> {
    /// Which element of a list that is written a method takes by its place. What `pop` and `shift` leave of a list that has a
    /// name, the next call takes.
    pub(super) fn taken_by_place(&self, library: &LibraryCall<'_>, list: &V) -> Option<V> {
        let Value::Array(elements) = &**list else {
            return None;
        };
        if elements.iter().any(|it| matches!(&**it, Value::Spread(_))) {
            return None;
        }
        let (_, method) = library.receiver?;
        let facts = self.program.facts(library.file);
        let is_fresh = || match facts.expr(library.call.callee) {
            Expr::Member { object, .. } => {
                matches!(facts.expr(facts.uncast(*object)), Expr::Call { .. })
            }
            _ => false,
        };
        match (method.as_str(), library.call.args) {
            ("pop", []) if is_fresh() => elements.last().cloned(),
            ("shift", []) if is_fresh() => elements.first().cloned(),
            ("at", [Item::Value(at)]) => {
                let at = counted(facts, *at)?;
                match usize::try_from(at) {
                    Ok(at) => elements.get(at).cloned(),
                    Err(_) => {
                        let from_end = usize::try_from(at.unsigned_abs()).ok()?;
                        elements.get(elements.len().checked_sub(from_end)?).cloned()
                    }
                }
            }
            _ => None,
        }
    }

    /// Whether a call gives no more of an address than its domain (`email.slice(email.indexOf('@') + 1)`).
    pub(super) fn is_behind_at(&self, library: &LibraryCall<'_>) -> bool {
        let facts = self.program.facts(library.file);
        let is_cut = library
            .receiver
            .is_some_and(|(_, name)| matches!(name.as_str(), "slice" | "substring" | "substr"));
        match library.call.args {
            [Item::Value(from)] => is_cut && is_behind(facts, *from, AT),
            _ => false,
        }
    }
}
