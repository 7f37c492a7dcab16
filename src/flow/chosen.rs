//! Which functions the calls of a parameter were taken to run.
//!
//! In: calls of a parameter (`target.call(this, ...args)`), and the functions that callers supply for it. Out: [`Chosen`], which
//! goes along with what is handed over there; whether a call supplies another function. It leaves alone who calls whom
//! (`propagate`).
//!
//! One function wraps many (`trace(options)(target)`), and what it gives hands its arguments on to the one that it wraps, not to
//! the others.

use std::rc::Rc;

use super::evaluate::Evaluator;
use super::value::{Closure, FnRef, Frames, Root, V, Value};

/// More choices on one way are not remembered.
const MAX_CHOICES: usize = 4;
/// Functions around functions deeper than this are not told apart.
const MAX_DEPTH: usize = 4;

/// The functions that were chosen on a way, by the parameters that hold them.
#[derive(Clone, Default)]
pub(super) struct Chosen(Option<Rc<Vec<Choice>>>);

#[derive(Clone)]
struct Choice {
    holder: V,
    function: V,
}

impl Chosen {
    /// With one more.
    pub(super) fn and(&self, holder: &V, function: &V) -> Self {
        let choice = Choice {
            holder: holder.clone(),
            function: function.clone(),
        };
        self.with(&Self(Some(Rc::new(vec![choice]))))
    }

    /// With those of another way.
    pub(super) fn with(&self, other: &Self) -> Self {
        let (Some(own), Some(more)) = (&self.0, &other.0) else {
            return match &self.0 {
                Some(_) => self.clone(),
                None => other.clone(),
            };
        };
        let mut all = Vec::clone(own);
        let is_new = |choice: &&Choice| !own.iter().any(|known| known == *choice);
        all.extend(more.iter().filter(is_new).cloned());
        all.truncate(MAX_CHOICES);
        Self(Some(Rc::new(all)))
    }
}

/// Equal choices are of the same parameter and the very same function.
impl PartialEq for Choice {
    fn eq(&self, other: &Self) -> bool {
        self.holder.address() == other.holder.address()
            && self.function.address() == other.function.address()
    }
}

impl PartialEq for Chosen {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Chosen {}

impl Evaluator<'_> {
    /// Whether a call may be on a way on which these functions were chosen.
    pub(super) fn chooses(&self, chosen: &Chosen, frames: &Frames) -> bool {
        self.may_choose(chosen, frames, 0)
    }

    fn may_choose(&self, chosen: &Chosen, frames: &Frames, depth: usize) -> bool {
        let mut choices = chosen.0.iter().flat_map(|choices| choices.iter());
        choices.all(|choice| {
            let Some(function) = holder_of(&choice.holder) else {
                return true;
            };
            if frames.get(function).is_none() {
                return true;
            }
            let held = self.substitute(&choice.holder, frames);
            let mut held = held.alternatives().iter();
            // What a call supplies may be made by a function that was called on the way as well, with others.
            let is_made_for = |held: &V| match &**held {
                Value::Function(closure) if depth < MAX_DEPTH => {
                    self.may_choose(chosen, &closure.frames, depth + 1)
                }
                _ => true,
            };
            held.any(|held| !is_other(held, &choice.function, 0) && is_made_for(held))
        })
    }
}

/// The function whose parameter a value is, or is read from.
fn holder_of(value: &V) -> Option<FnRef> {
    match &**value {
        Value::Data(data) => match data.root {
            Root::Param(function, _) => Some(function),
            _ => None,
        },
        _ => None,
    }
}

/// Whether two values are known to be different functions: of different texts, or made by one function of different ones.
fn is_other(one: &V, other: &V, depth: usize) -> bool {
    match (&**one, &**other) {
        (Value::Function(one), Value::Function(other)) => {
            one.target != other.target || depth < MAX_DEPTH && is_made_otherwise(one, other, depth)
        }
        _ => false,
    }
}

fn is_made_otherwise(one: &Closure, other: &Closure, depth: usize) -> bool {
    one.frames.iter().any(|(function, args)| {
        let others = other.frames.get(function);
        let mut pairs = others
            .into_iter()
            .flat_map(|others| args.iter().zip(others.iter()));
        pairs.any(|(one, other)| is_other(one, other, depth + 1))
    })
}
