//! Functions that code outside of the program wraps: what its functions give, made of a function that they are handed.
//!
//! In: a call of a package's function with a function of the program among its arguments (`traced(async (input) => …)`),
//! and later the calls of what it gives. Out: those calls as calls of that function, as far as what they hand over fits what
//! the function reads. It leaves alone packages' functions of which the rules say what they give (`effects`).
//!
//! Nobody here knows what such a wrapper does with its arguments. So the function stays one that is called from outside, which
//! its parameters' names and types tell about, unless a call of the wrapper supplies a value that tells more.

use super::alike::unconditional;
use super::delivery::Place;
use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::payload::{Leaf, Outcome};
use super::propagate::Propagation;
use super::value::{Closure, Data, FnRef, Root, Under, V, Value};
use crate::facts::{ClassId, Literal, Name};
use crate::source::FileId;

/// A value that waited for the callers of a function: which function, vendor call and key.
pub(super) type Asked = (FnRef, Place, Name, Vec<Name>);

impl Evaluator<'_> {
    /// What a package's wrapper gives that the rules know, with what of its own arguments it hands on.
    pub(super) fn wrapped_by_rule(&self, library: &LibraryCall<'_>, function: &V) -> V {
        // What is bound to an action before it is called stands before its input.
        let under = library.rule.under.as_ref().map(|key| Under {
            key: Name::from(key),
            is_last: true,
        });
        let closures = function.alternatives().iter().map(|it| match &**it {
            Value::Function(closure) => V::new(Value::Function(Closure {
                under: under.clone().or_else(|| closure.under.clone()),
                ..closure.clone()
            })),
            _ => it.clone(),
        });
        let runs = V::union(closures);
        match &*library.given() {
            Value::Data(given) => {
                let given = given.clone();
                V::new(Value::Data(
                    given.arising(|origin| origin.runs = Some(runs)),
                ))
            }
            _ => runs,
        }
    }
}

/// The function or component that is called when what this gives is called, where the function that gives it is of no known
/// package: the only one that it is handed.
pub(super) fn run_by(callee: &Data, args: &[V]) -> Option<V> {
    if !matches!(callee.root, Root::Outside(_) | Root::Call) {
        return None;
    }
    let mut functions = args.iter().filter_map(|it| match &**it {
        Value::Function(_) | Value::Class(..) => Some(it),
        // A wrapper of a wrapper.
        Value::Data(inner) => inner.origin().runs.as_ref(),
        _ => None,
    });
    let only = functions.next()?;
    functions.next().is_none().then(|| only.clone())
}

/// The functions that a call of a value runs, if it is what a wrapper gave.
pub(super) fn runs(value: &V) -> impl Iterator<Item = &Closure> {
    all_run(value).iter().filter_map(|it| match &**it {
        Value::Function(closure) => Some(closure),
        _ => None,
    })
}

/// The components that are classes of which a call of a value makes an object, if it is what a wrapper gave.
pub(super) fn makes(value: &V) -> impl Iterator<Item = (FileId, ClassId)> {
    all_run(value).iter().filter_map(|it| match &**it {
        Value::Class(file, class) => Some((*file, *class)),
        _ => None,
    })
}

fn all_run(value: &V) -> &[V] {
    match &**value {
        Value::Data(data) if data.root == Root::Call => {
            let runs = data.origin().runs.as_ref();
            runs.map_or(&[], V::alternatives)
        }
        _ => &[],
    }
}

/// Whether what a call hands to a wrapper has what the function inside reads.
pub(super) fn fits(filled: &V) -> bool {
    !matches!(
        &**unconditional(filled),
        Value::Nothing | Value::Literal(Literal::Undefined | Literal::Null)
    )
}

impl<'p> Propagation<'_, 'p> {
    /// Whether a value tells something that a call of a wrapper supplies, or waits for somebody who may.
    pub(super) fn is_told(&self, leaf: &Leaf<'p>) -> bool {
        let outcomes = self.evaluator.outcomes(leaf.clone(), false);
        outcomes.iter().any(|outcome| match outcome {
            Outcome::Waiting(..) => true,
            Outcome::Known(leaf, data) => self.recognises(leaf, data),
            Outcome::PassedOn(..) | Outcome::Opaque(..) => false,
        })
    }
}

/// By what a value is known again that waited for the callers of a function.
pub(super) fn asked(leaf: &Leaf<'_>, function: FnRef) -> Asked {
    (
        function,
        leaf.sink.clone(),
        leaf.call.clone(),
        leaf.key.clone(),
    )
}
