//! Values that are there only if a condition on a parameter holds.
//!
//! In: a value that an assignment, a conditional or `&&` gives, and the comparisons with constants around it. Out: the value
//! under those [`Condition`]s that only the callers decide. It leaves alone conditions on what runs (`guards`), and whoever
//! fills the parameters in (`substitute`): there a condition is decided, and the value is there or is not.

use std::rc::Rc;

use super::evaluate::{Evaluator, keys_of};
use super::value::{V, Value};
use crate::facts::{ExprId, FunctionId, Name, Test};
use crate::source::{FileId, Span};

/// Something is one of these words, or is none of them.
#[derive(Debug)]
pub(super) struct Condition {
    pub subject: V,
    words: Vec<Name>,
    among: bool,
}

impl Condition {
    /// The same of another subject.
    pub(super) fn of(&self, subject: V) -> Self {
        Self {
            subject,
            words: self.words.clone(),
            among: self.among,
        }
    }

    fn holds(&self) -> Option<bool> {
        let subject = keys_of(&self.subject)?;
        let among = is_among(&subject, &self.words)?;
        Some(among == self.among)
    }
}

/// A value under a condition: the value, nothing, or, if nobody knows yet, both together.
pub(super) fn when(condition: &Rc<Condition>, value: V) -> V {
    match condition.holds() {
        Some(true) => return value,
        Some(false) => return V::nothing(),
        None => {}
    }
    match &*value {
        Value::Data(_) | Value::Object(_) | Value::Array(_) | Value::Text(_) | Value::When(..) => {}
        Value::Changed(..) | Value::FieldsOf(_) | Value::Union(_) | Value::Spread(_) => {}
        // What can be called is called wherever it may be there; a literal tells nothing of anybody.
        _ => return value,
    }
    if condition.subject.is_symbolic() {
        V::new(Value::When(Rc::clone(condition), value))
    } else {
        value
    }
}

/// Whether all words are in a list, or none is.
pub(super) fn is_among(words: &[Name], list: &[Name]) -> Option<bool> {
    match words.iter().filter(|word| list.contains(word)).count() {
        _ if words.is_empty() => None,
        0 => Some(false),
        count if count == words.len() => Some(true),
        _ => None,
    }
}

impl Evaluator<'_> {
    /// A value that is assigned at a place of a function, under the conditions around the place that are not around the
    /// name's declaration as well.
    pub(super) fn under_guards(
        &self,
        file: FileId,
        function: FunctionId,
        declared: Span,
        at: Span,
        value: V,
    ) -> V {
        let facts = self.program.facts(file);
        let around = facts.function(function).span;
        let guards = facts.guards.iter().filter(|guard| {
            guard.span.contains(at) && around.contains(guard.span) && !guard.span.contains(declared)
        });
        guards.fold(value, |value, guard| match &guard.test {
            Test::Is(test, wanted) => self.only_if(file, *test, *wanted, value),
            Test::OneOf(subject, values) => {
                let words = values.iter().map(|word| keys_of(&self.expr(file, *word)));
                match words.collect::<Option<Vec<_>>>() {
                    Some(words) => self.only_if_among(file, *subject, words.concat(), true, value),
                    None => value,
                }
            }
        })
    }

    /// A value that is there only if a test comes out as wanted.
    pub(super) fn only_if(&self, file: FileId, test: ExprId, wanted: bool, value: V) -> V {
        let compared = self.comparisons(file, test, wanted);
        compared.into_iter().fold(value, |value, it| {
            self.only_if_among(file, it.subject, it.words, it.among, value)
        })
    }

    fn only_if_among(
        &self,
        file: FileId,
        subject: ExprId,
        words: Vec<Name>,
        among: bool,
        value: V,
    ) -> V {
        let subject = self.expr(file, subject);
        if words.is_empty() || !subject.is_symbolic() {
            return value;
        }
        let condition = Condition {
            subject,
            words,
            among,
        };
        when(&Rc::new(condition), value)
    }
}
