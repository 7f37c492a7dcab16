//! States that a function of the program makes of the last one and of what it is told.
//!
//! In: a call that takes a reducer (`const [state, dispatch] = useReducer(reducer, initial)`). Out: the state, which is also
//! what the reducer gives back; and what tells the reducer of something: the reducer itself, with the state as its first
//! argument, so that whoever calls it anywhere says what the actions hold. It leaves alone what the state starts with
//! (`stores`).

use super::effects::LibraryCall;
use super::evaluate::{Evaluator, shared};
use super::shapes::{Shape, TypeUse};
use super::substitute::with_bound;
use super::value::{Closure, V, Value};

/// Types in types of a state beyond this are taken for known.
const MAX_DEPTH: usize = 2;
/// As which argument a reducer is told of what happened.
const ACTION: u32 = 1;

impl LibraryCall<'_> {
    /// The function of the program that makes the next state.
    pub(super) fn reducer(&self) -> Option<&Closure> {
        match &**self.args.first()? {
            Value::Function(closure) if self.rule.arg == 1 => Some(closure),
            _ => None,
        }
    }
}

impl Evaluator<'_> {
    /// A state with what its reducer makes of it, and what tells the reducer of something.
    pub(super) fn reduced(&self, library: &LibraryCall<'_>, reducer: &Closure, state: V) -> (V, V) {
        let dispatch = V::new(Value::Function(Closure {
            bound: with_bound(reducer, std::slice::from_ref(&state)),
            ..reducer.clone()
        }));
        let target = reducer.target;
        let declared = self.program.facts(target.file).function(target.function);
        // What the type names is known without those who put it there.
        let ty = self.type_arg(library.file, library.call.types);
        let ty = ty.or_else(|| {
            let first = declared.params.first()?.ty;
            let ty = first.or(declared.return_type)?;
            Some(TypeUse::new(target.file, ty))
        });
        if ty.is_some_and(|ty| !self.leaves_open(&ty, 0)) {
            return (state, dispatch);
        }
        let mut args = reducer.bound.clone();
        args.push(state.clone());
        args.push(self.param(target, ACTION));
        let frames = reducer.frames.with(target, shared(&args));
        let next = self.substitute(&self.result(target), &frames);
        (V::union([state, next]), dispatch)
    }

    /// Whether a type has a part of which it says nothing.
    fn leaves_open(&self, ty: &TypeUse, depth: usize) -> bool {
        match self.shapes.shape(ty) {
            Shape::Unknown => true,
            Shape::Fields { fields, .. } if depth < MAX_DEPTH => {
                let mut fields = fields.iter();
                fields.any(|field| {
                    field
                        .ty
                        .as_ref()
                        .is_none_or(|ty| self.leaves_open(ty, depth + 1))
                })
            }
            Shape::Union(parts) if depth < MAX_DEPTH => {
                let mut parts = parts.iter();
                parts.any(|part| self.leaves_open(part, depth + 1))
            }
            _ => false,
        }
    }
}
