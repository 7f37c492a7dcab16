//! Tells objects of one class apart.
//!
//! In: a value that was read from an object of which it is known where it is made. Out: the same value, which remembers the
//! object as far as it is what methods of the object are given; whether a call is made on that object. It leaves alone what a
//! class assigns to its fields (`classes`).
//!
//! A field holds what some method was given. Of two objects that are made at different places, each only holds what its own
//! methods were given; where the object of a call is not known, it may be either.

use super::alike::unconditional;
use super::evaluate::Evaluator;
use super::parts::with_parts;
use super::value::{Data, FnRef, Frames, Instance, Root, Spot, V, Value};

/// What lies deeper in a value is not told apart.
const MAX_DEPTH: usize = 8;

/// An object whose fields are read.
struct Keeper<'k> {
    instance: &'k Instance,
    made: Spot,
    frames: &'k Frames,
}

impl Evaluator<'_> {
    /// A value that is read from an object, or given by a method of it; what `frames` fill in was not kept before.
    pub(super) fn kept_by(&self, instance: &Instance, value: V, frames: &Frames) -> V {
        let Some(made) = instance.made.filter(|_| value.is_symbolic()) else {
            return value;
        };
        let by = Keeper {
            instance,
            made,
            frames,
        };
        self.marked(&by, &value, 0)
    }

    /// What a method was given that another method of the same object calls: that one's own parameters.
    pub(super) fn still_kept(&self, instance: &Instance, made: Spot, value: V) -> V {
        let of_object = Instance {
            made: Some(made),
            ..instance.clone()
        };
        self.kept_by(&of_object, value, &Frames::default())
    }

    fn marked(&self, by: &Keeper<'_>, value: &V, depth: usize) -> V {
        if depth > MAX_DEPTH || !value.is_symbolic() {
            return value.clone();
        }
        match &**value {
            Value::Data(data) => match data.root {
                Root::Param(function, _) if data.kept_by.is_none() => {
                    if by.frames.get(function).is_some()
                        || !self.is_method_of(by.instance, function)
                    {
                        return value.clone();
                    }
                    V::new(Value::Data(Data {
                        kept_by: Some(by.made),
                        ..data.clone()
                    }))
                }
                _ => value.clone(),
            },
            _ => with_parts(value, |part| self.marked(by, part, depth + 1)),
        }
    }

    /// Whether a function is a method that is called on an object of the class.
    fn is_method_of(&self, instance: &Instance, function: FnRef) -> bool {
        let declared = self
            .program
            .facts(function.file)
            .function(function.function);
        let class = (instance.file, instance.class);
        !declared.is_static
            && declared
                .class
                .is_some_and(|of| self.is_below(class, (function.file, of)))
    }
}

/// The object that a value is kept by, if it is known where that is made.
pub(super) fn keeper(value: &V) -> Option<Spot> {
    match &**unconditional(value) {
        Value::Data(data) => data.kept_by,
        _ => None,
    }
}
