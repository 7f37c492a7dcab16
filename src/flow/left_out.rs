//! Keys that code leaves out of a value whose fields are not known one by one.
//!
//! In: a list of names, and how code changes a key before it looks it up there (`HIDDEN.has(key.toLowerCase())`). Out:
//! [`LeftOut`], and values without such keys. It leaves alone which tests say so (`guards`).

use std::rc::Rc;

use super::evaluate::Evaluator;
use super::value::{FnRef, V, Value};
use crate::facts::{Expr, ExprId, From, Item, Literal, Name};
use crate::source::FileId;

/// A key goes through no more functions than this before it is looked up.
const MAX_DEPTH: usize = 4;

/// How a key is changed before it is looked up in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Folding {
    /// To small letters.
    lower: bool,
    /// To capitals.
    upper: bool,
    /// Without the marks between words.
    unmarked: bool,
}

impl Folding {
    fn and(self, other: Self) -> Self {
        Self {
            lower: self.lower || other.lower,
            upper: self.upper || other.upper,
            unmarked: self.unmarked || other.unmarked,
        }
    }

    fn of(self, key: &str) -> String {
        let mut key = key.to_owned();
        if self.unmarked {
            key.retain(|mark| !matches!(mark, '_' | '-'));
        }
        match (self.lower, self.upper) {
            (true, _) => key.to_lowercase(),
            (_, true) => key.to_uppercase(),
            _ => key,
        }
    }
}

/// Keys that are not in a value.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct LeftOut {
    pub names: Vec<Name>,
    pub folding: Folding,
    /// In what it holds neither.
    pub deep: bool,
    /// Values of these classes are not in its texts.
    pub classes: Vec<Name>,
    /// Something is taken out of its texts, and nobody knows what.
    pub unsure: bool,
}

impl LeftOut {
    /// Whether a key is left out.
    pub(super) fn has(&self, key: &str) -> bool {
        let key = self.folding.of(key);
        self.names.iter().any(|name| *name == key)
    }

    /// Whether something on a way into the value is left out.
    pub(super) fn is_on(&self, way: &[Name]) -> bool {
        let depth = if self.deep { way.len() } else { 1 };
        way.iter().take(depth).any(|key| self.has(key))
    }
}

/// Whether a regular expression is written to match all that there is, not the first alone.
pub(super) fn is_global(pattern: &str) -> bool {
    let flags = pattern.rsplit('/').next();
    flags.is_some_and(|flags| flags.contains('g'))
}

/// A value without some keys.
pub(super) fn leaving_out(left_out: &Rc<LeftOut>, value: V) -> V {
    match &*value {
        Value::Nothing | Value::Literal(_) => value,
        Value::Text(_) if !left_out.deep => value,
        _ => V::new(Value::Without(Rc::clone(left_out), value)),
    }
}

impl Evaluator<'_> {
    /// The expression of which a key is made that is looked up, and how.
    pub(super) fn folded(&self, file: FileId, key: ExprId) -> Option<(ExprId, Folding)> {
        self.folded_at(file, key, 0)
    }

    fn folded_at(&self, file: FileId, key: ExprId, depth: usize) -> Option<(ExprId, Folding)> {
        let facts = self.program.facts(file);
        // A variable that holds what was made of the key.
        if let Expr::Ref(binding) = facts.expr(key)
            && depth <= MAX_DEPTH
            && let [only] = facts.binding(*binding).sources.as_slice()
            && let (From::Expr(made), []) = (only.from, only.path.as_slice())
        {
            return self.folded_at(file, made, depth + 1);
        }
        let Expr::Call { callee, args, .. } = facts.expr(key) else {
            return None;
        };
        let through = |inner: ExprId, own: Folding| {
            let around = self.folded_at(file, inner, depth + 1);
            let (inner, before) = around.unwrap_or((inner, Folding::default()));
            (inner, own.and(before))
        };
        if depth > MAX_DEPTH {
            return None;
        }
        if let Expr::Member { object, name, .. } = facts.expr(*callee) {
            return Some(through(*object, self.folding_of(file, name, args)?));
        }
        let [Item::Value(given)] = args.as_slice() else {
            return None;
        };
        let Value::Function(closure) = &*self.expr(file, *callee) else {
            return None;
        };
        let folding = self.folding_by(closure.target, depth + 1)?;
        Some(through(*given, folding))
    }

    /// How a method of a text changes it.
    fn folding_of(&self, file: FileId, method: &str, args: &[Item]) -> Option<Folding> {
        Some(match method {
            "toLowerCase" | "toLocaleLowerCase" => Folding {
                lower: true,
                ..Folding::default()
            },
            "toUpperCase" | "toLocaleUpperCase" => Folding {
                upper: true,
                ..Folding::default()
            },
            "replace" | "replaceAll" if self.strips_marks(file, args) => Folding {
                unmarked: true,
                ..Folding::default()
            },
            "trim" => Folding::default(),
            _ => return None,
        })
    }

    /// How a function of the app changes a text.
    fn folding_by(&self, function: FnRef, depth: usize) -> Option<Folding> {
        let facts = self.program.facts(function.file);
        let [returned] = facts.function(function.function).returns.as_slice() else {
            return None;
        };
        let (inner, folding) = self.folded_at(function.file, *returned, depth)?;
        facts
            .is_param(inner, function.function, 0)
            .then_some(folding)
    }

    /// A list of words, each as a function of the app changes it (`NAMES.map(normalise)`).
    pub(super) fn folded_words(&self, words: &[V], by: &V) -> Option<V> {
        let Value::Function(closure) = &**by else {
            return None;
        };
        let words = words.iter().map(|word| word.as_str());
        let words: Vec<&str> = words.collect::<Option<_>>()?;
        let folding = self.folding_by(closure.target, 0)?;
        let folded = words.into_iter().map(|word| folding.of(word).into());
        let folded = folded.map(|word| V::new(Value::Literal(Literal::String(word))));
        Some(V::new(Value::Array(folded.collect())))
    }

    /// `replace(/[_-]/g, '')`.
    fn strips_marks(&self, file: FileId, args: &[Item]) -> bool {
        let [Item::Value(pattern), Item::Value(with)] = args else {
            return false;
        };
        let facts = self.program.facts(file);
        let is_nothing =
            matches!(facts.expr(*with), Expr::Literal(Literal::String(text)) if text.is_empty());
        let Expr::Literal(Literal::Regex(written)) = facts.expr(*pattern) else {
            return false;
        };
        is_nothing && is_global(written) && written.contains('_') && written.contains('-')
    }
}
