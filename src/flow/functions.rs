//! Functions made of other functions by libraries: with arguments bound, taken one by one, or called in another's place.
//!
//! In: the function and the arguments of such a call. Out: the function that it gives, or that it calls. It leaves alone
//! what calling a function gives (`apply`).

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{Closure, Spot, Under, V, Value};
use super::wrapped::runs;
use crate::facts::Name;

/// `partial(f, …)`: the function with the other arguments in front.
pub(super) fn bound(function: &V, args: &[V], position: Option<usize>) -> V {
    let more = (0..).zip(args).filter(|(at, _)| Some(*at) != position);
    match &**function {
        Value::Function(closure) => V::new(Value::Function(Closure {
            bound: closure
                .bound
                .iter()
                .chain(more.map(|(_, arg)| arg))
                .cloned()
                .collect(),
            ..closure.clone()
        })),
        _ => function.clone(),
    }
}

impl Evaluator<'_> {
    /// The function that `call(f, …)`, `call([object, f], …)`, `call([object, 'f'], …)` or `call({ context, fn }, …)` calls, and its
    /// arguments.
    pub(super) fn called_of<'v>(&self, args: &'v [V], spot: Spot) -> (V, &'v [V]) {
        let Some((function, rest)) = args.split_first() else {
            return (V::nothing(), args);
        };
        let function = match &**function {
            Value::Array(parts) => match parts.as_slice() {
                [object, method] if let Some(method) = method.as_str() => {
                    self.member(object, &method.into(), spot)
                }
                _ => parts.last().cloned().unwrap_or_else(V::nothing),
            },
            Value::Object(_) => self.member(function, &Name::const_new("fn"), spot),
            _ => function.clone(),
        };
        (function, rest)
    }
}

/// `curry(f)`.
pub(super) fn curried(function: &V) -> V {
    match &**function {
        Value::Function(closure) => V::new(Value::Function(Closure {
            curried: true,
            ..closure.clone()
        })),
        _ => function.clone(),
    }
}

/// `new Proxy(target, handler)`: what its `apply` is called with, or the target.
pub(super) fn proxied(evaluator: &Evaluator<'_>, library: &LibraryCall<'_>, target: V) -> V {
    let trap = library
        .args
        .get(1)
        .map(|handler| evaluator.member(handler, &Name::const_new("apply"), library.spot));
    match trap.as_deref() {
        Some(Value::Function(closure)) => V::new(Value::Function(Closure {
            is_trap: true,
            ..closure.clone()
        })),
        _ => target,
    }
}

/// The functions by which an object calls the function that it is made with (`useMutation({ mutationFn })`).
pub(super) fn operations(evaluator: &Evaluator<'_>, library: &LibraryCall<'_>) -> V {
    let rest = evaluator.typed_by(library, library.given());
    let Some(function) = operated(evaluator, library) else {
        return rest;
    };
    let mut object = Object::default();
    object.spread(&rest, false);
    for member in &library.rule.members {
        object.set(member.into(), function.clone(), false);
    }
    V::new(Value::Object(object))
}

fn operated(evaluator: &Evaluator<'_>, library: &LibraryCall<'_>) -> Option<V> {
    let rule = library.rule;
    let argument = library.args.get(rule.arg)?;
    let under_key = rule
        .key
        .as_ref()
        .map(|key| evaluator.member(argument, &key.into(), library.spot));
    // The function may stand behind a key of the cache, or be an argument itself.
    let mut found = under_key.iter().chain(&library.args[rule.arg..]);
    let function = found.find_map(|value| {
        let mut functions = value.alternatives().iter();
        functions.find(|it| matches!(&***it, Value::Function(_)) || runs(it).next().is_some())
    })?;
    let Value::Function(closure) = &**function else {
        return Some(function.clone());
    };
    let mut closure = closure.clone();
    if let Some(key) = &rule.under {
        closure
            .bound
            .extend(library.args[..rule.arg].iter().cloned());
        closure.under = Some(Under {
            key: key.into(),
            is_last: false,
        });
    }
    Some(V::new(Value::Function(closure)))
}
