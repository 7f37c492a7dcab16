//! What a call leaves out, as far as it is written down.
//!
//! In: an expression in a function (`traits.email`), and the arguments of one of its calls. Out: whether it is `undefined` in
//! that call (the argument is not given, or the object that is written in its place has no such field), `null`, or surely
//! something. It leaves alone what only a run knows: whatever may be there is there.

use super::evaluate::Evaluator;
use super::kinds::agreed;
use super::value::{FnRef, Frames, V, Value};
use crate::facts::{Expr, ExprId, FileFacts, From, Item, Literal, Name, Source, Step};
use crate::source::FileId;

/// A name for a name and so on is followed this far.
const MAX_HOPS: usize = 8;

/// What a call gives, where it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// Nothing, or `undefined`.
    Absent,
    Null,
    /// Neither of them.
    Something,
}

impl Evaluator<'_> {
    /// Whether an expression is nothing in a call.
    pub(super) fn is_absent(&self, file: FileId, expr: ExprId, frames: &Frames) -> bool {
        self.given_in(file, expr, frames) == Some(Given::Absent)
    }

    /// What an expression is in a call, if that is written down.
    pub(super) fn given_in(&self, file: FileId, expr: ExprId, frames: &Frames) -> Option<Given> {
        self.given_at(file, expr, &[], frames, 0)
    }

    /// What is read along a path from an expression.
    fn given_at(
        &self,
        file: FileId,
        expr: ExprId,
        path: &[&Name],
        frames: &Frames,
        hops: usize,
    ) -> Option<Given> {
        if hops > MAX_HOPS {
            return None;
        }
        let facts = self.program.facts(file);
        match facts.expr(expr) {
            Expr::Ref(binding) => {
                let [source] = facts.binding(*binding).sources.as_slice() else {
                    return None;
                };
                let keys = keys_of(source)?;
                let path: Vec<&Name> = keys.into_iter().chain(path.iter().copied()).collect();
                match source.from {
                    From::Param { function, index } => {
                        let of = FnRef { file, function };
                        self.given_for(facts, of, index as usize, &path, frames)
                    }
                    From::Expr(value) => self.given_at(file, value, &path, frames, hops + 1),
                    _ => None,
                }
            }
            Expr::Member { object, name, .. } => {
                let path: Vec<&Name> = std::iter::once(name).chain(path.iter().copied()).collect();
                self.given_at(file, *object, &path, frames, hops + 1)
            }
            Expr::Cast { value, .. } => self.given_at(file, *value, path, frames, hops + 1),
            _ => None,
        }
    }

    /// What a call gives for a parameter, or for a part of it.
    fn given_for(
        &self,
        facts: &FileFacts,
        function: FnRef,
        at: usize,
        path: &[&Name],
        frames: &Frames,
    ) -> Option<Given> {
        let declared = facts.function(function.function);
        let (args, param) = (frames.get(function)?, declared.params.get(at)?);
        let is_spread = |arg: &V| matches!(&**arg, Value::Spread(_));
        if param.rest || args.iter().any(is_spread) {
            return None;
        }
        let is_given = |arg: &&V| given(arg, &[]) != Some(Given::Absent);
        match (args.get(at).filter(is_given), param.default) {
            (Some(arg), _) => given(arg, path),
            (None, Some(default)) => match facts.expr(default) {
                Expr::Literal(Literal::Null) if path.is_empty() => Some(Given::Null),
                _ => given(&self.expr(function.file, default), path),
            },
            (None, None) => Some(Given::Absent),
        }
    }
}

/// Has the arguments of a call tell where `null` or `undefined` is written: what holds nothing else is not told from what is
/// not known.
pub(super) fn say_nothings(facts: &FileFacts, call: ExprId, args: &mut [V]) {
    let Expr::Call { args: items, .. } = facts.expr(call) else {
        return;
    };
    for (item, arg) in items.iter().zip(args) {
        // What is spread out shifts all that comes after it.
        let Item::Value(value) = item else {
            return;
        };
        if let Expr::Literal(literal @ (Literal::Null | Literal::Undefined)) =
            facts.expr(facts.uncast(*value))
        {
            *arg = V::new(Value::Literal(literal.clone()));
        }
    }
}

/// The keys along which a name is read from its source; none if only a run knows them, or if a part of it has a default. That
/// of a parameter as a whole is known to its function.
fn keys_of(source: &Source) -> Option<Vec<&Name>> {
    let keys = source.path.iter().map(|step| match step {
        Step::Key(name) => Some(name),
        _ => None,
    });
    let is_of_param = matches!(source.from, From::Param { .. }) && source.path.is_empty();
    keys.collect::<Option<_>>()
        .filter(|_| is_of_param || source.default.is_none())
}

/// What a value that is written down is along a path.
fn given(value: &V, path: &[&Name]) -> Option<Given> {
    match (&**value, path.split_first()) {
        (Value::Literal(Literal::Undefined), _) | (Value::Literal(Literal::Null), Some(_)) => {
            Some(Given::Absent)
        }
        (Value::Literal(Literal::Null), None) => Some(Given::Null),
        (Value::Union(parts), _) => agreed(parts.iter().map(|part| given(part, path))),
        (Value::Object(object), Some((key, rest))) if object.is_whole() => {
            let mut fields = object.fields.iter().filter(|field| field.name == **key);
            match fields.next() {
                None => Some(Given::Absent),
                Some(only) if !only.maybe => given(&only.value, rest),
                Some(_) => None,
            }
        }
        (Value::Literal(_) | Value::Text(_) | Value::Function(_), None) => Some(Given::Something),
        _ => None,
    }
}
