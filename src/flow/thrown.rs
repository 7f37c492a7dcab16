//! What a caught error can be.
//!
//! In: the `catch` of a `try` statement or of a promise. Out: the errors that are thrown in what it stands for, as far as
//! their text is made of values, or they keep some: by the block itself, by the functions that it calls, and by those that these call. It leaves
//! alone errors of which nothing is known.

use super::apply::error_object;
use super::evaluate::{Evaluator, Task, shared};
use super::kinds::{Maker, is_caught};
use super::object::Object;
use super::value::{FnRef, Frames, Instance, V, Value};
use crate::facts::{ClassId, Expr, ExprId, FunctionId, MODULE, Name, Try};
use crate::source::{FileId, Span};

/// Errors that cross more functions than this are not followed.
const MAX_CALLS: u8 = 3;
/// Constructors of more classes, one above the other, are not followed.
const MAX_ERROR_BASES: usize = 8;
/// Of a block with more calls than this, the first are followed.
const MAX_CALLS_OF_BLOCK: usize = 40;

/// What errors of the platform and of clients of requests have.
const OF_ERRORS: [&str; 22] = [
    "name",
    "message",
    "stack",
    "cause",
    "code",
    "errno",
    "type",
    "status",
    "statusCode",
    "statusText",
    "response",
    "request",
    "config",
    "data",
    "body",
    "error",
    "errors",
    "details",
    "info",
    "reason",
    "extensions",
    "toString",
];
/// Names, and last words of names, that errors are given to.
const ERROR_NAMES: [&str; 7] = ["error", "err", "exception", "ex", "reason", "cause", "e"];

/// What may be asked for a member under a parameter of a name: no caught error of which nothing is known, where the parameter
/// is for anything (`log(message, ...more)`, where `more.ip` is of a request) and errors have no such member.
pub(super) fn asked_of(value: V, param: Option<&Name>, member: &Name) -> V {
    let is_for_errors = param.is_none_or(|name| {
        let name = name.to_ascii_lowercase();
        ERROR_NAMES
            .iter()
            .any(|word| name == *word || word.len() > 3 && name.ends_with(word))
    });
    let is_error = |it: &V| match &**it {
        Value::Data(data) => is_caught(data),
        _ => false,
    };
    if is_for_errors
        || OF_ERRORS.contains(&member.as_str())
        || !value.alternatives().iter().any(is_error)
    {
        return value;
    }
    V::union(
        value
            .alternatives()
            .iter()
            .filter(|it| !is_error(it))
            .cloned(),
    )
}

impl Evaluator<'_> {
    /// The errors that the `catch` with this parameter can get.
    pub(super) fn caught(&self, file: FileId, parameter: Span) -> V {
        let facts = self.program.facts(file);
        let around = facts
            .tries
            .iter()
            .find(|block| block.caught.contains(parameter));
        match around {
            Some(block) => self.thrown_in(file, block.body, Some(block), MAX_CALLS),
            None => V::nothing(),
        }
    }

    /// The errors that evaluating an expression can throw.
    pub(super) fn thrown_by(&self, file: FileId, expr: ExprId) -> V {
        let span = self.program.facts(file).span(expr);
        self.thrown_in(file, span, None, MAX_CALLS)
    }

    /// An error of a class of the program: its text is what the constructors hand on to the built-in error's.
    /// What else its constructors keep is read from it by name, as from any other object.
    pub(super) fn error_of_class(&self, file: FileId, class: ClassId, args: &[V]) -> V {
        let mut told = Object::of(&self.told_by(file, class, args));
        told.spreads.push(V::new(Value::Instance(Instance {
            file,
            class,
            args: args.to_vec(),
            constructed: true,
            made: None,
        })));
        V::new(Value::Object(told))
    }

    fn told_by(&self, file: FileId, class: ClassId, args: &[V]) -> V {
        // What is no record is taken for the text: whether a text that is made of it in the constructor arrives depends on tests
        // of the error's class, which are not known.
        let is_record = |first: &V| self.is_made_by(Maker::Object, first) == Some(true);
        if !args.first().is_some_and(is_record) {
            return error_object(args);
        }
        let mut args = args.to_vec();
        let mut below = self.constructor(file, class);
        for _ in 0..MAX_ERROR_BASES {
            let Some(constructor) = below else { break };
            let facts = self.program.facts(constructor.file);
            let handed_on = facts.calls.iter().find_map(|call| match facts.expr(*call) {
                Expr::Call { callee, args, .. } => {
                    let is_own = facts.function_of(*call) == constructor.function
                        && matches!(facts.expr(*callee), Expr::Super);
                    is_own.then_some(args)
                }
                _ => None,
            });
            let Some(handed_on) = handed_on else { break };
            let frames = Frames::default().with(constructor, shared(&args));
            let handed_on = self.items(constructor.file, handed_on);
            let handed_on = handed_on.iter().map(|arg| self.substitute(arg, &frames));
            args = handed_on.collect();
            let class = facts.function(constructor.function).class;
            below = class
                .and_then(|class| self.base(constructor.file, class))
                .and_then(|(file, class)| self.constructor(file, class));
        }
        error_object(&args)
    }

    fn thrown(&self, target: FnRef, left: u8) -> V {
        let facts = self.program.facts(target.file);
        let span = facts.function(target.function).span;
        self.once(Task::thrown(target, left), self.spot_of(target), || {
            self.thrown_in_function(target.file, span, target.function, None, left)
        })
    }

    fn thrown_in(&self, file: FileId, span: Span, block: Option<&Try>, left: u8) -> V {
        let facts = self.program.facts(file);
        let function = match block {
            Some(block) => block.function,
            None => facts
                .calls
                .iter()
                .find(|call| facts.span(**call) == span)
                .map_or(MODULE, |call| facts.function_of(*call)),
        };
        self.thrown_in_function(file, span, function, block, left)
    }

    /// What is thrown within a range of a function, and not caught there.
    fn thrown_in_function(
        &self,
        file: FileId,
        span: Span,
        function: FunctionId,
        block: Option<&Try>,
        left: u8,
    ) -> V {
        let facts = self.program.facts(file);
        let is_inside = |expr: ExprId| {
            let at = facts.span(expr);
            facts.function_of(expr) == function
                && span.contains(at)
                && !facts.tries.iter().any(|inner| {
                    let is_own = block.is_some_and(|block| block.caught == inner.caught);
                    !is_own && span.contains(inner.body) && inner.body.contains(at)
                })
        };
        let mut found: Vec<V> = Vec::new();
        for thrown in facts.throws.iter().filter(|thrown| is_inside(**thrown)) {
            let value = self.expr(file, *thrown);
            found.extend(
                value
                    .alternatives()
                    .iter()
                    .filter(|it| says_more(it))
                    .cloned(),
            );
        }
        let calls = facts.calls.iter().filter(|call| is_inside(**call));
        for call in calls.take(if left == 0 { 0 } else { MAX_CALLS_OF_BLOCK }) {
            let Expr::Call { callee, args, .. } = facts.expr(*call) else {
                continue;
            };
            for callee in self.expr(file, *callee).alternatives() {
                let Value::Function(closure) = &**callee else {
                    continue;
                };
                let thrown = self.thrown(closure.target, left - 1);
                if !matches!(&*thrown, Value::Nothing) {
                    let frames = self.frames_of(closure, &self.items(file, args));
                    found.push(self.substitute(&thrown, &frames));
                }
            }
        }
        V::union(found)
    }
}

/// Whether an error is made of more than the program's own words, or keeps more.
fn says_more(value: &V) -> bool {
    let is_more = |value: &V| !matches!(&**value, Value::Literal(_) | Value::Nothing);
    let keeps_more = |kept: &V| match &**kept {
        Value::Instance(instance) => instance.args.iter().any(is_more),
        _ => false,
    };
    match &**value {
        Value::Object(object) => {
            object.fields.iter().any(|field| is_more(&field.value))
                || object.spreads.iter().any(keeps_more)
        }
        _ => false,
    }
}
