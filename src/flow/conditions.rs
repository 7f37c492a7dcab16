//! Values that are there only if a condition on a parameter holds.
//!
//! In: a value that an assignment, a conditional or `&&` gives, and the comparisons with constants around it. Out: the value
//! under those [`Condition`]s that only the callers decide. It leaves alone conditions on what runs (`guards`), and whoever
//! fills the parameters in (`substitute`): there a condition is decided, and the value is there or is not.

use std::rc::Rc;

use super::alike::unconditional;
use super::alternatives::MAX_ALTERNATIVES;
use super::evaluate::{Evaluator, word_of, words_of};
use super::guards::{Comparison, Keys, Says};
use super::kinds::{Maker, agreed};
use super::left_out::Folding;
use super::parts::has_more_parts_than;
use super::subject::ValueType;
use super::value::{Data, FnRef, Spot, V, Value};
use crate::facts::{Expr, ExprId, FunctionId, Literal, Name};
use crate::source::{FileId, Span};

/// What is made of more parts than this is not decided by a word that a caller writes, but filled in for each.
const MAX_PARTS: usize = 60;

/// Something is so, or is not so.
#[derive(Debug)]
pub(super) struct Condition {
    pub subject: V,
    says: Says,
    holds: bool,
    /// Of a pair of a name and a value it asks for the name; the value is read here.
    pair: Option<Spot>,
}

/// Where a value is put into a name, or given back.
pub(super) struct Assignment<'v> {
    pub file: FileId,
    pub function: FunctionId,
    /// Where the name is declared: what is tested around that is tested for all of it.
    pub declared: Span,
    pub at: Span,
    /// What the name holds before, where that is changed and not replaced.
    pub before: Option<&'v V>,
}

impl Condition {
    /// That the name of a pair is one of these words, or is none.
    pub(super) fn of_pair(subject: V, words: Vec<Name>, holds: bool, read: Spot) -> Self {
        Self {
            subject,
            says: Says::Among(words),
            holds,
            pair: Some(read),
        }
    }

    /// That a key which callers say is this one.
    pub(super) fn of_key(key: V, name: &Name) -> Self {
        Self {
            subject: key,
            says: Says::Among(vec![name.clone()]),
            holds: true,
            pair: None,
        }
    }

    /// Which names are left of the object that the pair is of, once that is known, and where the value is read.
    pub(super) fn left(&self) -> Option<(Keys, Spot)> {
        match (&self.says, &*self.subject) {
            (Says::Among(words), Value::KeysOf(_)) => {
                let keys = Keys {
                    names: words.clone(),
                    folding: Folding::default(),
                    only: self.holds,
                };
                Some((keys, self.pair?))
            }
            _ => None,
        }
    }

    /// The same of another subject.
    pub(super) fn of(&self, subject: V) -> Self {
        Self {
            subject,
            says: self.says.clone(),
            holds: self.holds,
            pair: self.pair,
        }
    }

    /// Whether it comes out as wanted, once that is known.
    fn is_met(&self) -> Option<bool> {
        let is_so = match &self.says {
            Says::Among(words) => is_among(&words_of(&self.subject)?, words)?,
            Says::True => is_true(&self.subject)?,
            Says::Made(maker) => maker.made(&self.subject)?,
        };
        Some(is_so == self.holds)
    }

    /// Whether callers may still decide it. One thing that no caller writes down is enough for that they do not.
    fn can_be_told(&self) -> bool {
        let parts = self.subject.alternatives();
        self.subject.is_symbolic()
            && !has_more_parts_than(MAX_PARTS, &self.subject)
            && match &self.says {
                Says::Made(_) => true,
                // A longer list may have been cut.
                Says::Among(_) => {
                    parts.len() < MAX_ALTERNATIVES
                        && parts.iter().all(|it| word_of(it).is_some() || is_open(it))
                }
                Says::True => parts
                    .iter()
                    .all(|it| matches!(&**it, Value::Literal(Literal::Bool(_))) || is_open(it)),
            }
    }
}

/// Whether a value may turn out to be a literal.
fn is_open(value: &V) -> bool {
    value.is_symbolic() && !matches!(&**value, Value::Object(_) | Value::Array(_))
}

/// A value under a condition: the value, nothing, or, if nobody knows yet, both together.
pub(super) fn when(condition: &Rc<Condition>, value: V) -> V {
    match condition.is_met() {
        Some(true) => return value,
        Some(false) => return V::nothing(),
        None => {}
    }
    if condition.can_be_told() && is_conditional(&value) {
        V::new(Value::When(Rc::clone(condition), value))
    } else {
        value
    }
}

/// The same of a value that can be called and that a function gives back.
pub(super) fn chosen(condition: &Rc<Condition>, value: V) -> V {
    let is_told =
        condition.subject.is_symbolic() && !has_more_parts_than(MAX_PARTS, &condition.subject);
    if is_told && condition.is_met().is_none() && is_made(&value) {
        return V::new(Value::When(Rc::clone(condition), value));
    }
    when(condition, value)
}

/// Whether a value is one of the things that a function chooses among for its callers.
fn is_made(value: &V) -> bool {
    match &**unconditional(value) {
        Value::Class(..) | Value::Function(_) | Value::Client(_) => true,
        Value::Instance(instance) => instance.constructed,
        _ => false,
    }
}

/// Whether a value is worth a condition: what can be called is called wherever it may be there, and a literal tells nothing of
/// anybody.
fn is_conditional(value: &V) -> bool {
    matches!(
        &**value,
        Value::Data(_)
            | Value::Object(_)
            | Value::Array(_)
            | Value::Text(_)
            | Value::When(..)
            | Value::Changed(..)
            | Value::Without(..)
            | Value::FieldsOf(_)
            | Value::Union(_)
            | Value::Spread(_)
    )
}

/// Whether a value is written as true, or as false.
pub(super) fn is_true(value: &V) -> Option<bool> {
    agreed(value.alternatives().iter().map(|value| match &**value {
        Value::Literal(Literal::Bool(value)) => Some(*value),
        _ => None,
    }))
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
    pub(super) fn under_guards(&self, assignment: &Assignment<'_>, value: V) -> V {
        match is_conditional(&value) {
            true => self.guarded(assignment, value),
            false => value,
        }
    }

    /// A value that a function gives back at a place, under the conditions around the place. Of several things that can be
    /// called it is the one that the arguments choose, where they are words.
    pub(super) fn given_back(
        &self,
        file: FileId,
        function: FunctionId,
        returned: ExprId,
        value: V,
    ) -> V {
        let facts = self.program.facts(file);
        if self.is_missing(file, function, returned) {
            return V::nothing();
        }
        let at = facts.span(returned);
        let start = facts.function(function).span.start;
        let value = match is_conditional(&value) || is_made(&value) {
            true => {
                let assignment = Assignment {
                    file,
                    function,
                    declared: Span::new(start, start),
                    at,
                    before: None,
                };
                self.guarded(&assignment, value)
            }
            false => value,
        };
        let is_name = matches!(facts.expr(returned), Expr::Ref(_) | Expr::Cast { .. });
        let function = FnRef { file, function };
        if is_name && value.is_symbolic() && self.gives_no_object(function, returned) {
            let condition = Condition {
                subject: value.clone(),
                says: Says::Made(Maker::Object),
                holds: false,
                pair: None,
            };
            return when(&Rc::new(condition), value);
        }
        value
    }

    fn guarded(&self, assignment: &Assignment<'_>, value: V) -> V {
        let facts = self.program.facts(assignment.file);
        let guards = facts.guards_around(assignment.function, assignment.at);
        let guards = guards.filter(|guard| !guard.span.contains(assignment.declared));
        guards.fold(value, |value, guard| {
            let compared = self.compared_by(assignment.file, &guard.test);
            compared.into_iter().fold(value, |value, it| {
                let own = self.read_before(assignment, it.subject);
                let subject = own.unwrap_or_else(|| self.expr(assignment.file, it.subject));
                self.only_if_so(subject, it.says, it.holds, value)
            })
        })
    }

    /// What an expression reads from the name that something is put into, as it was before: what is changed under a test of
    /// itself (`if (event.type === 'a') event.name = …`) is tested so.
    fn read_before(&self, assignment: &Assignment<'_>, read: ExprId) -> Option<V> {
        let before = assignment.before?;
        let facts = self.program.facts(assignment.file);
        let mut names = Vec::new();
        let mut at = facts.uncast(read);
        while let Expr::Member { object, name, .. } = facts.expr(at) {
            names.push(name);
            at = facts.uncast(*object);
        }
        let Expr::Ref(binding) = facts.expr(at) else {
            return None;
        };
        let spot = self.spot(assignment.file, read);
        let steps = names.into_iter().rev();
        (facts.binding(*binding).span == assignment.declared).then(|| {
            steps.fold(before.clone(), |value, name| {
                self.member(&value, name, spot)
            })
        })
    }

    /// Whether a condition is met that asks what a value is of, as far as the value's type tells.
    pub(super) fn is_met_by_type(&self, condition: &Condition) -> Option<bool> {
        match condition.says {
            Says::Made(maker) => {
                let is_so = self.is_made_by(maker, &condition.subject)?;
                Some(is_so == condition.holds)
            }
            _ => None,
        }
    }

    /// A value that is there only if a test comes out as wanted.
    pub(super) fn only_if(&self, file: FileId, test: ExprId, wanted: bool, value: V) -> V {
        if !is_conditional(&value) {
            return value;
        }
        self.only_if_all(file, self.comparisons(file, test, wanted), value)
    }

    fn only_if_all(&self, file: FileId, compared: Vec<Comparison>, value: V) -> V {
        compared.into_iter().fold(value, |value, it| {
            let subject = self.expr(file, it.subject);
            self.only_if_so(subject, it.says, it.holds, value)
        })
    }

    fn only_if_so(&self, subject: V, says: Says, holds: bool, value: V) -> V {
        let is_told = subject.is_symbolic()
            && match &says {
                Says::Among(words) => !words.is_empty(),
                // Who calls something is not asked for more than words.
                _ if is_made(&value) => false,
                // Whether anything else is there, callers do not write down.
                Says::True => self.is_flag(&subject),
                Says::Made(_) => true,
            };
        if !is_told {
            return value;
        }
        let condition = Condition {
            subject,
            says,
            holds,
            pair: None,
        };
        chosen(&Rc::new(condition), value)
    }

    fn is_flag(&self, value: &V) -> bool {
        match &**value {
            Value::Data(Data { ty: Some(ty), .. }) => {
                self.shapes.value_type(ty) == ValueType::Boolean
            }
            _ => false,
        }
    }
}
