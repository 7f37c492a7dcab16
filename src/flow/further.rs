//! Conditions that only callers further out decide.
//!
//! In: a call under a test of parameters, and what its caller hands over for them. Out: [`Further`], the test with these
//! arguments, as long as callers of the caller are still to say what they are. It leaves alone how a test comes out
//! (`guards`), and what waits for the callers (`worklist`).
//!
//! `send(kind, props)` hands `kind` on to `dispatch`, which tests it: which vendor `dispatch` calls, the callers of `send` say.

use std::cell::RefCell;
use std::rc::Rc;

use super::evaluate::Evaluator;
use super::guards::expressions_of;
use super::value::{Data, FnRef, Frames, Root, Step, V, Value};
use crate::facts::{Expr, ExprId, FileFacts, From, Item};
use crate::source::Span;

/// Conditions are handed on by this many functions, and no more of them at once.
const MAX_HOPS: u8 = 4;
const MAX_OPEN: usize = 2;
/// Tests with more parts than this are not looked through.
const MAX_PARTS: usize = 40;

/// A place in a function that is reached only with some arguments, which are not known yet.
#[derive(Debug, Clone)]
pub(super) struct Further {
    function: FnRef,
    at: Span,
    /// What its parameters are; those that no test names are left out.
    args: Rc<Vec<V>>,
    hops: u8,
}

/// What a call leaves of a condition.
#[derive(Clone)]
enum Left {
    /// The place is not reached by it.
    Unreached,
    /// It is, whatever others say, or nobody asks any further.
    Nothing,
    /// Callers of the caller still decide it.
    Open(Further),
}

/// What one call says of conditions: all values that come along it ask the same.
#[derive(Default)]
pub(super) struct Answers {
    added: RefCell<Vec<(Span, Option<Further>)>>,
    left: RefCell<Vec<(Further, Left)>>,
}

impl Answers {
    /// The test around a place.
    pub(super) fn at(&self, at: Span, ask: impl FnOnce() -> Option<Further>) -> Option<Further> {
        if let Some((_, known)) = self.added.borrow().iter().find(|(known, _)| *known == at) {
            return known.clone();
        }
        let added = ask();
        self.added.borrow_mut().push((at, added.clone()));
        added
    }

    fn to(&self, further: &Further, ask: impl FnOnce() -> Left) -> Left {
        let known = |(known, _): &&(Further, Left)| known.is(further);
        if let Some((_, left)) = self.left.borrow().iter().find(known) {
            return left.clone();
        }
        let left = ask();
        self.left.borrow_mut().push((further.clone(), left.clone()));
        left
    }
}

/// What is open of a condition: values that differ in it come to different callers.
#[derive(PartialEq, Eq)]
pub(super) struct Asked(FnRef, Span, Vec<Option<(FnRef, u32, Vec<Step>)>>);

impl Further {
    /// Whether it is the same, and not only one like it.
    fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.args, &other.args)
            && (self.function, self.at, self.hops) == (other.function, other.at, other.hops)
    }

    /// The same for the callers of a caller; nothing beyond so many.
    fn handed_on(&self) -> Left {
        let hops = self.hops + 1;
        match self.hops < MAX_HOPS {
            true => Left::Open(Self {
                hops,
                ..self.clone()
            }),
            false => Left::Nothing,
        }
    }

    /// What is open of it.
    pub(super) fn asked(&self) -> Asked {
        let parameter = |arg: &V| match &**arg {
            Value::Data(Data {
                root: Root::Param(function, index),
                steps,
                ..
            }) => Some((*function, *index, steps.to_vec())),
            _ => None,
        };
        Asked(
            self.function,
            self.at,
            self.args.iter().map(parameter).collect(),
        )
    }
}

impl Evaluator<'_> {
    /// The test around a place of a function which is called with these arguments, if other callers decide it.
    pub(super) fn further(&self, function: FnRef, at: Span, frames: &Frames) -> Option<Further> {
        let args = frames.get(function)?;
        if args.iter().any(|arg| matches!(&**arg, Value::Spread(_))) {
            return None;
        }
        let named = self.tested_params(function, at);
        let kept = |(index, arg): (usize, &V)| match named.contains(&index) {
            true => arg.clone(),
            false => V::nothing(),
        };
        let args: Vec<V> = args.iter().enumerate().map(kept).collect();
        args.iter().any(V::is_symbolic).then(|| Further {
            function,
            at,
            args: Rc::new(args),
            hops: 0,
        })
    }

    /// What is left of the conditions on a value when a caller says more of the arguments, with those that this call adds; none
    /// if it does not come by this caller.
    pub(super) fn still_open(
        &self,
        before: &[Further],
        (frames, answers): (&Frames, &Answers),
        added: Option<Further>,
    ) -> Option<Vec<Further>> {
        let mut open = Vec::new();
        for further in before {
            match answers.to(further, || self.left_of_condition(further, frames)) {
                Left::Unreached => return None,
                Left::Nothing => {}
                Left::Open(further) => open.push(further),
            }
        }
        open.extend(added.filter(|_| open.len() < MAX_OPEN));
        Some(open)
    }

    fn left_of_condition(&self, further: &Further, frames: &Frames) -> Left {
        let mut args = further.args.iter();
        if !args.any(|arg| arg.pending().meets(frames.filled())) {
            // This caller has no say in it.
            return further.handed_on();
        }
        let args = further.args.iter();
        let args: Vec<V> = args.map(|arg| self.substitute(arg, frames)).collect();
        let is_symbolic = args.iter().any(V::is_symbolic);
        let args = Rc::new(args);
        let known = Frames::default().with(further.function, Rc::clone(&args));
        match self.reaches(further.function, further.at, &known, None) {
            Some(false) => Left::Unreached,
            None if is_symbolic => {
                let further = Further {
                    args,
                    ..further.clone()
                };
                further.handed_on()
            }
            _ => Left::Nothing,
        }
    }

    /// Which parameters of a function the tests around a place name.
    fn tested_params(&self, function: FnRef, at: Span) -> Vec<usize> {
        let facts = self.program.facts(function.file);
        let mut open: Vec<ExprId> = Vec::new();
        for guard in facts.guards_around(function.function, at) {
            open.extend(expressions_of(&guard.test));
        }
        let mut found = Vec::new();
        let mut parts = 0;
        while let Some(expr) = open.pop() {
            parts += 1;
            if parts > MAX_PARTS {
                break;
            }
            match facts.expr(expr) {
                Expr::Ref(binding) => {
                    let sources = facts.binding(*binding).sources.iter();
                    found.extend(sources.filter_map(|source| match source.from {
                        From::Param {
                            function: of,
                            index,
                        } if of == function.function => Some(index as usize),
                        _ => None,
                    }));
                }
                other => open.extend(parts_of(facts, other)),
            }
        }
        found
    }
}

/// The parts of a test.
fn parts_of(facts: &FileFacts, expr: &Expr) -> Vec<ExprId> {
    match expr {
        Expr::Unary { operand, .. } => vec![*operand],
        Expr::Binary { left, right, .. } | Expr::Logical { left, right, .. } => {
            vec![*left, *right]
        }
        Expr::Member { object, .. } => vec![*object],
        Expr::Index { object, index } => vec![*object, *index],
        Expr::Cast { value, .. } => vec![*value],
        Expr::Call { callee, args, .. } => {
            let of = match facts.expr(*callee) {
                Expr::Member { object, .. } => Some(*object),
                _ => None,
            };
            of.into_iter()
                .chain(args.iter().copied().filter_map(Item::expr))
                .collect()
        }
        _ => Vec::new(),
    }
}
