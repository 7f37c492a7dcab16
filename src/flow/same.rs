//! Tells objects of one class apart.
//!
//! In: a value that was read from an object. Out: the same value, which remembers the object as far as it is what methods of
//! the object are given; whether a call may be made on that object. It leaves alone what a class assigns to its fields
//! (`classes`).
//!
//! A field holds what some method was given. Of two objects that are made at different places, each only holds what its own
//! methods were given; where the object of a call is not known, it may be either. Of two classes that inherit a field and the
//! method that fills it, the same holds for the objects of each.

use std::rc::Rc;

use super::alike::unconditional;
use super::evaluate::Evaluator;
use super::parts::with_parts;
use super::shapes::Shape;
use super::value::{Data, FnRef, Frames, Instance, Root, Spot, V, Value};
use crate::facts::ClassId;
use crate::source::FileId;

/// What lies deeper in a value is not told apart.
const MAX_DEPTH: usize = 8;

/// What is known of an object: its class or one above it, and the `new` that makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Holder {
    pub class: (FileId, ClassId),
    pub made: Option<Spot>,
}

impl Holder {
    /// Any object of a class.
    pub(super) fn of_class(file: FileId, class: ClassId) -> Self {
        Self {
            class: (file, class),
            made: None,
        }
    }

    pub(super) fn of(instance: &Instance) -> Self {
        Self {
            class: (instance.file, instance.class),
            made: instance.made,
        }
    }
}

/// An object whose fields are read.
struct Keeper<'k> {
    holder: Rc<Holder>,
    frames: &'k Frames,
}

impl Evaluator<'_> {
    /// What is known of the object that a method is called on.
    pub(super) fn holder(&self, this: &V) -> Option<Holder> {
        match &**this {
            Value::Instance(instance) => Some(Holder::of(instance)),
            Value::Data(Data { ty: Some(ty), .. }) => match self.shapes.solid(ty) {
                Shape::Class(file, class, _) => Some(Holder::of_class(file, class)),
                _ => None,
            },
            _ => None,
        }
    }

    /// A value that is read from an object, or given by a method of it; what `frames` fill in was not kept before.
    pub(super) fn kept_by(&self, holder: Holder, value: V, frames: &Frames) -> V {
        if !value.is_symbolic() {
            return value;
        }
        let holder = Rc::new(holder);
        self.marked(&Keeper { holder, frames }, &value, 0)
    }

    /// What a method was given that another method of the same object calls: that one's own parameters.
    pub(super) fn still_kept(&self, called: Holder, keeper: Holder, value: V) -> V {
        let of_object = Holder {
            class: self.lower(called.class, keeper.class),
            made: keeper.made,
        };
        self.kept_by(of_object, value, &Frames::default())
    }

    /// Whether a method is called on another object than the one that a value is kept by.
    pub(super) fn is_of_another(&self, keeper: Holder, called: Holder) -> bool {
        match (keeper.made, called.made) {
            (Some(keeper), Some(called)) => keeper != called,
            _ => {
                !self.is_below(keeper.class, called.class)
                    && !self.is_below(called.class, keeper.class)
            }
        }
    }

    /// Of two classes, the one that is below the other.
    fn lower(&self, one: (FileId, ClassId), other: (FileId, ClassId)) -> (FileId, ClassId) {
        match self.is_below(other, one) {
            true => other,
            false => one,
        }
    }

    fn marked(&self, by: &Keeper<'_>, value: &V, depth: usize) -> V {
        if depth > MAX_DEPTH || !value.is_symbolic() {
            return value.clone();
        }
        match &**value {
            Value::Data(data) => match data.root {
                Root::Param(function, _)
                    if by.frames.get(function).is_none()
                        && self.says_more(*by.holder, data.origin().kept_by.as_deref())
                        && self.is_kept_in(*by.holder, function) =>
                {
                    let holder = Rc::clone(&by.holder);
                    let data = data.clone();
                    V::new(Value::Data(
                        data.arising(|origin| origin.kept_by = Some(holder)),
                    ))
                }
                _ => value.clone(),
            },
            _ => with_parts(value, |part| self.marked(by, part, depth + 1)),
        }
    }

    /// Whether an object is known better than one that a value is kept by already.
    fn says_more(&self, holder: Holder, known: Option<&Holder>) -> bool {
        known.is_none_or(|known| {
            let is_better = holder.made.is_some() || holder.class != known.class;
            known.made.is_none() && is_better && self.is_below(holder.class, known.class)
        })
    }

    /// Whether a function is a method of the object, which keeps other objects from having what it is given: it is known
    /// where the object is made, or the method is inherited.
    fn is_kept_in(&self, holder: Holder, function: FnRef) -> bool {
        let declared = self
            .program
            .facts(function.file)
            .function(function.function);
        let Some(class) = declared.class.filter(|_| !declared.is_static) else {
            return false;
        };
        let of = (function.file, class);
        (holder.made.is_some() || holder.class != of) && self.is_below(holder.class, of)
    }
}

/// The object that a value is kept by, as far as that is known.
pub(super) fn keeper(value: &V) -> Option<Holder> {
    match &**unconditional(value) {
        Value::Data(data) => data.origin().kept_by.as_deref().copied(),
        _ => None,
    }
}
