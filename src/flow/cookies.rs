//! A cookie that a function of the app picks out of all by its name.
//!
//! In: a function of the program, what it is called with, and what it gives. Out: the same, known by the name that it was called
//! with where it is a part of all cookies: no more than that one is in it. It leaves alone functions of packages, which the rules
//! know (`effects`).

use ecow::EcoVec;

use super::evaluate::Evaluator;
use super::parts::with_parts;
use super::value::{Data, Named, Root, V, Value};
use crate::facts::Name;

/// Values in values deeper than this are left as they are.
const MAX_DEPTH: usize = 4;

impl Evaluator<'_> {
    /// What a call of `callee` gives, which is `value`.
    pub(super) fn cookie_by_name(&self, callee: &V, args: &[V], value: V) -> V {
        let (Value::Function(closure), Some(name)) = (&**callee, args.first()) else {
            return value;
        };
        let Some(name) = name.as_str().filter(|name| !name.contains(['=', ';'])) else {
            return value;
        };
        let target = closure.target;
        let facts = self.program.facts(target.file);
        let made_by = facts.function(target.function).name.clone();
        picked(&value, made_by.as_ref(), &Name::from(name), 0)
    }
}

fn picked(value: &V, made_by: Option<&Name>, named: &Name, depth: usize) -> V {
    match &**value {
        Value::Data(data) if is_of_all_cookies(data) => {
            let cookie = Data {
                root: Root::Call,
                steps: EcoVec::new(),
                path: EcoVec::new(),
                ..data.clone()
            };
            V::new(Value::Data(cookie.arising(|origin| {
                origin.producer = made_by.cloned();
                origin.named = Some(Named::As(named.clone()));
            })))
        }
        Value::Union(_)
        | Value::Changed(..)
        | Value::When(..)
        | Value::Array(_)
        | Value::Spread(_)
            if depth < MAX_DEPTH =>
        {
            with_parts(value, |part| picked(part, made_by, named, depth + 1))
        }
        // What was split and is joined again.
        Value::Text(parts) if parts.len() == 1 && depth < MAX_DEPTH => {
            with_parts(value, |part| picked(part, made_by, named, depth + 1))
        }
        _ => value.clone(),
    }
}

fn is_of_all_cookies(data: &Data) -> bool {
    let mut path = data.path.iter().map(Name::as_str).peekable();
    path.next_if(|name| matches!(*name, "window" | "globalThis"));
    data.root == Root::Global && path.next() == Some("document") && path.next() == Some("cookie")
}
