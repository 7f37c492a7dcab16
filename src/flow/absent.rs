//! What a call leaves out, as far as it is written down.
//!
//! In: an expression in a function (`traits.email`), and the arguments of one of its calls. Out: whether it is `undefined` in
//! that call: the argument is not given, or the object that is written in its place has no such field. It leaves alone what
//! only a run knows: whatever may be there is there.

use super::evaluate::Evaluator;
use super::value::{FnRef, Frames, V, Value};
use crate::facts::{Expr, ExprId, FileFacts, From, Literal, Name, Source, Step};
use crate::source::FileId;

/// A name for a name and so on is followed this far.
const MAX_HOPS: usize = 8;

impl Evaluator<'_> {
    /// Whether an expression is nothing in a call.
    pub(super) fn is_absent(&self, file: FileId, expr: ExprId, frames: &Frames) -> bool {
        self.lacks_at(file, expr, &[], frames, 0)
    }

    /// Whether what is read along a path from an expression is.
    fn lacks_at(
        &self,
        file: FileId,
        expr: ExprId,
        path: &[&Name],
        frames: &Frames,
        hops: usize,
    ) -> bool {
        if hops > MAX_HOPS {
            return false;
        }
        let facts = self.program.facts(file);
        match facts.expr(expr) {
            Expr::Ref(binding) => {
                let [source] = facts.binding(*binding).sources.as_slice() else {
                    return false;
                };
                let Some(keys) = keys_of(source) else {
                    return false;
                };
                let path: Vec<&Name> = keys.into_iter().chain(path.iter().copied()).collect();
                match source.from {
                    From::Param { function, index } => {
                        let of = FnRef { file, function };
                        self.is_left_out(facts, of, index as usize, &path, frames)
                    }
                    From::Expr(value) => self.lacks_at(file, value, &path, frames, hops + 1),
                    _ => false,
                }
            }
            Expr::Member { object, name, .. } => {
                let path: Vec<&Name> = std::iter::once(name).chain(path.iter().copied()).collect();
                self.lacks_at(file, *object, &path, frames, hops + 1)
            }
            Expr::Cast { value, .. } => self.lacks_at(file, *value, path, frames, hops + 1),
            _ => false,
        }
    }

    /// Whether a call gives nothing for a parameter, or for a part of it.
    fn is_left_out(
        &self,
        facts: &FileFacts,
        function: FnRef,
        at: usize,
        path: &[&Name],
        frames: &Frames,
    ) -> bool {
        let declared = facts.function(function.function);
        let (Some(args), Some(param)) = (frames.get(function), declared.params.get(at)) else {
            return false;
        };
        let is_spread = |arg: &V| matches!(&**arg, Value::Spread(_));
        if param.rest || args.iter().any(is_spread) {
            return false;
        }
        match (args.get(at), param.default) {
            (Some(given), _) => lacks(given, path),
            (None, Some(default)) => lacks(&self.expr(function.file, default), path),
            (None, None) => true,
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

/// Whether a value that is written down is nothing along a path.
fn lacks(value: &V, path: &[&Name]) -> bool {
    match (&**value, path.split_first()) {
        (Value::Literal(Literal::Undefined), _) => true,
        (Value::Union(parts), _) => parts.iter().all(|part| lacks(part, path)),
        (Value::Object(object), Some((key, rest))) => {
            let mut fields = object.fields.iter().filter(|field| field.name == **key);
            object.is_whole() && fields.all(|field| lacks(&field.value, rest))
        }
        _ => false,
    }
}
