//! Follows the elements of a list that a caller writes down one by one.
//!
//! In: a call that hands a written list to a function, and a value that the function reads from each element. Out: the same
//! call for each element. It leaves alone what becomes of a value along one call (`propagate`).
//!
//! `track([{ name: 'joined' }, { name: 'created', owner }])`: what `track` sends of an element whose name it tests, only that
//! element has. Taken together they would be of every name and have every field.

use super::alike::unconditional;
use super::evaluate::Evaluator;
use super::object::Object;
use super::payload::Leaf;
use super::value::{Data, FnRef, Frames, Root, Step, V, Value};

/// A list of more elements is one of data, which are all alike.
const MAX_ELEMENTS: usize = 8;
/// A list that lies deeper in an argument is taken as a whole.
const MAX_STEPS: usize = 3;

impl Evaluator<'_> {
    /// The arguments of a call with one element each of the list that a value is read from; none if tests around the value say
    /// nothing of it, or if it is no list of several objects.
    pub(super) fn one_by_one(
        &self,
        leaf: &Leaf<'_>,
        function: FnRef,
        frames: &Frames,
    ) -> Option<Vec<Frames>> {
        let Value::Data(Data {
            root: Root::Param(of, index),
            steps,
            ..
        }) = &**unconditional(&leaf.value)
        else {
            return None;
        };
        let list = steps
            .iter()
            .position(|step| matches!(step, Step::Any | Step::Each))?;
        if *of != function || list > MAX_STEPS || leaf.location.file != function.file {
            return None;
        }
        let facts = self.program.facts(function.file);
        facts
            .guards_around(function.function, leaf.location.span)
            .next()?;
        let args = frames.get(function)?;
        let at = *index as usize;
        let each = with_each(args.get(at)?, &steps[..list])?;
        let frames_with = |arg: V| {
            frames.map(|known, args| match known == function {
                true => {
                    let mut args = args.to_vec();
                    args[at] = arg.clone();
                    args.into()
                }
                false => args,
            })
        };
        Some(each.into_iter().map(frames_with).collect())
    }
}

/// A value once for each element of the list that is found in it.
fn with_each(value: &V, way: &[Step]) -> Option<Vec<V>> {
    match (way.split_first(), &**value) {
        (None, Value::Array(elements)) => {
            let is_object = |it: &&V| matches!(&***it, Value::Object(_));
            let is_told = (2..=MAX_ELEMENTS).contains(&elements.len())
                && elements.iter().filter(is_object).count() == elements.len();
            let alone = |element: &V| V::new(Value::Array(vec![element.clone()]));
            is_told.then(|| elements.iter().map(alone).collect())
        }
        (Some((Step::Key(key), rest)), Value::Object(object)) if object.spreads.is_empty() => {
            let each = with_each(&object.get(key)?, rest)?.into_iter();
            let with = |field: V| {
                let mut object: Object = object.clone();
                object.set(key.clone(), field, false);
                V::new(Value::Object(object))
            };
            Some(each.map(with).collect())
        }
        _ => None,
    }
}
