//! A cookie that is picked out of all by its name.
//!
//! In: a call of a function of the program with what it gives (`getCookie('theme')`), a method that looks through
//! `document.cookie` (`find`, `match`), or a table that is made of it. Out: the same, known by the name of the cookie where it is
//! a part of all cookies: no more than that one is in it. It leaves alone functions of packages, which the rules know
//! (`effects`).

use ecow::EcoVec;

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::parts::with_parts;
use super::value::{Closure, Data, Named, Root, V, Value};
use crate::facts::{Expr, ExprId, Literal, Name};
use crate::source::FileId;

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

    /// The cookie that a method looks for in all of them.
    pub(super) fn cookie_looked_for(&self, library: &LibraryCall<'_>) -> Option<Name> {
        let (receiver, method) = library.receiver?;
        let looks = matches!(
            method.as_str(),
            "find" | "filter" | "findLast" | "match" | "matchAll" | "replace"
        );
        if !looks || !holds_all_cookies(receiver, 0) {
            return None;
        }
        match library.args.first().map(|it| &**it) {
            Some(Value::Function(predicate)) => self.asked_by(predicate),
            _ => {
                let pattern = library.call.args.first()?.expr()?;
                named_by_pattern(&self.pattern(library.file, pattern)?)
            }
        }
    }

    /// What a predicate compares the beginning of a cookie with.
    fn asked_by(&self, predicate: &Closure) -> Option<Name> {
        let file = predicate.target.file;
        let facts = self.program.facts(file);
        let within = facts.function(predicate.target.function).span;
        let mut parts = facts.exprs.iter().filter(|it| within.contains(it.span));
        parts.find_map(|node| match &node.expr {
            Expr::Call { callee, args, .. } => {
                let Expr::Member { object, name, .. } = facts.expr(*callee) else {
                    return None;
                };
                match name.as_str() {
                    "startsWith" => {
                        let start = self.pattern(file, args.first()?.expr()?)?;
                        // What a cookie begins with is a part of its name, however that goes on.
                        let begun = || as_name(start.trim().trim_end_matches([':', '-', '_', '.']));
                        named_by_pattern(&start).or_else(begun)
                    }
                    "includes" | "indexOf" | "match" => {
                        named_by_pattern(&self.pattern(file, args.first()?.expr()?)?)
                    }
                    "test" => named_by_pattern(&self.pattern(file, *object)?),
                    _ => None,
                }
            }
            Expr::Binary { op, left, right } if matches!(op.as_str(), "==" | "===") => {
                let sides = [*left, *right].into_iter();
                let mut names = sides.filter_map(|side| self.constant_text(file, side));
                names.find_map(|name| as_name(&name))
            }
            _ => None,
        })
    }

    /// The text of a pattern: a regular expression or a text.
    fn pattern(&self, file: FileId, pattern: ExprId) -> Option<String> {
        let facts = self.program.facts(file);
        let pattern = match facts.expr(facts.uncast(pattern)) {
            Expr::Ref(binding) => facts.constant(*binding).unwrap_or(pattern),
            _ => pattern,
        };
        match facts.expr(facts.uncast(pattern)) {
            Expr::Literal(Literal::Regex(written)) => Some(written.to_string()),
            Expr::New { callee, args, .. } | Expr::Call { callee, args, .. } if matches!(facts.expr(*callee), Expr::Global(name) if name == "RegExp") => {
                self.constant_text(file, args.first()?.expr()?)
            }
            _ => self.constant_text(file, pattern),
        }
    }

    /// A text that is the same whenever the program runs.
    fn constant_text(&self, file: FileId, text: ExprId) -> Option<String> {
        let value = self.expr(file, text);
        match &*value {
            Value::Text(parts) => parts.iter().map(V::as_str).collect(),
            _ => value.as_str().map(str::to_owned),
        }
    }
}

/// One of all cookies, by its name.
pub(super) fn cookie_of(value: &V, name: &Name) -> V {
    picked(value, None, name, 0)
}

/// Whether a value is all cookies, or a list of them.
fn holds_all_cookies(value: &V, depth: usize) -> bool {
    match &**value {
        Value::Data(data) => is_of_all_cookies(data),
        Value::Array(parts) | Value::Union(parts) | Value::Text(parts) if depth < MAX_DEPTH => {
            parts.iter().any(|part| holds_all_cookies(part, depth + 1))
        }
        Value::Changed(_, inner) | Value::When(_, inner) | Value::Spread(inner)
            if depth < MAX_DEPTH =>
        {
            holds_all_cookies(inner, depth + 1)
        }
        _ => false,
    }
}

/// The name that stands before an equals sign in a pattern.
fn named_by_pattern(pattern: &str) -> Option<Name> {
    pattern.match_indices('=').find_map(|(at, _)| {
        let mut before = &pattern[..at];
        // Spaces that may stand between, and an escape that the sign does not need.
        for between in ["\\", "\\s*", "\\s?", " *", " "] {
            before = before.strip_suffix(between).unwrap_or(before);
        }
        let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.' | '\\');
        let start = before
            .char_indices()
            .rev()
            .take_while(|(_, char)| is_part(*char))
            .last()?
            .0;
        as_name(&before[start..].replace('\\', ""))
    })
}

fn as_name(text: &str) -> Option<Name> {
    let is_name = !text.is_empty() && !text.contains(['=', ';', ' ']);
    is_name.then(|| Name::from(text))
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

pub(super) fn is_of_all_cookies(data: &Data) -> bool {
    let mut path = data.path.iter().map(Name::as_str).peekable();
    path.next_if(|name| matches!(*name, "window" | "globalThis"));
    data.root == Root::Global && path.next() == Some("document") && path.next() == Some("cookie")
}
