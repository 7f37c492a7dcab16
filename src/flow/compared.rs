//! What comparisons with words say of a name where it is read.
//!
//! In: the value of a name, and the tests around the place where it is read. Out: the words that it can only be there; of the
//! value of a pair (`([name, value]) => …`) whose name is compared, what stands under the names that are left. It leaves alone
//! which parts of a type are left (`narrow`) and what runs at all (`guards`).

use std::rc::Rc;

use super::conditions::{Condition, when};
use super::evaluate::Evaluator;
use super::guards::{Says, expressions_of};
use super::value::{V, Value};
use crate::facts::{BindingId, Expr, ExprId, FileFacts, Item, Literal, Name, Step, Test};
use crate::source::FileId;

/// What a test says of a name.
struct Compared {
    words: Vec<Name>,
    holds: bool,
}

impl Evaluator<'_> {
    /// The value of a name, if it is that of a pair as far as the comparisons around say what the pair's name is.
    pub(super) fn compared(&self, file: FileId, id: ExprId, binding: BindingId, value: V) -> V {
        let is_open = |value: &V| {
            matches!(
                &**value,
                Value::Data(_) | Value::FieldsOf(_) | Value::When(..)
            )
        };
        let facts = self.program.facts(file);
        if !value.alternatives().iter().all(is_open) {
            return value;
        }
        let Some(key) = key_of_pair(facts, binding) else {
            return value;
        };
        let said = self.said_around(file, id, key);
        said.into_iter().fold(value, |value, said| {
            let name = self.binding(file, key);
            let read = self.spot(file, id);
            let condition = Condition::of_pair(name, said.words, said.holds, read);
            self.of_pair(&Rc::new(condition), value)
        })
    }

    /// The word that a name can only be where something is read under it; none if no comparison says so. Of several words each
    /// goes with what is read under it, which `guards` keep together.
    pub(super) fn word_there(&self, file: FileId, name: ExprId) -> Option<V> {
        let facts = self.program.facts(file);
        let Expr::Ref(binding) = facts.expr(facts.uncast(name)) else {
            return None;
        };
        if facts.binding(*binding).sources.len() > 1 {
            return None;
        }
        let said = self.said_around(file, name, *binding).into_iter();
        let word = said
            .filter(|it| it.holds)
            .find_map(|mut it| match it.words.len() {
                1 => it.words.pop(),
                _ => None,
            });
        word.map(|word| V::new(Value::Literal(Literal::String(word))))
    }

    /// What the tests around an expression say of a name.
    fn said_around(&self, file: FileId, at: ExprId, name: BindingId) -> Vec<Compared> {
        let facts = self.program.facts(file);
        let at = facts.span(at);
        let guards = facts.guards.iter().filter(|it| it.span.contains(at));
        guards
            .flat_map(|guard| self.said_of(file, &guard.test, name))
            .collect()
    }

    /// The value of a pair if its name is as a condition says: what the object has under such a name, if it is known already.
    pub(super) fn of_pair(&self, condition: &Rc<Condition>, value: V) -> V {
        match (condition.left(), &*value) {
            (Some((keys, read)), Value::FieldsOf(object)) if keys.only => V::union(
                keys.names
                    .iter()
                    .map(|name| self.member(object, name, read)),
            ),
            (Some((keys, read)), _) => self.restricted(&value, &[keys], read),
            (None, _) => when(condition, value),
        }
    }

    /// What a test says of a name that it compares with words.
    fn said_of(&self, file: FileId, test: &Test, binding: BindingId) -> Vec<Compared> {
        let facts = self.program.facts(file);
        let is_it = |it: ExprId| matches!(facts.expr(it), Expr::Ref(other) if *other == binding);
        let mut about = expressions_of(test).into_iter();
        if !about.any(|it| mentions(facts, it, &is_it)) {
            return Vec::new();
        }
        let compared = self.compared_by(file, test).into_iter();
        let said = compared.filter_map(|it| match it.says {
            Says::Among(words) if is_it(it.subject) => Some(Compared {
                words,
                holds: it.holds,
            }),
            _ => None,
        });
        said.collect()
    }
}

/// Whether a test is about an expression, before it is looked at more closely.
fn mentions(facts: &FileFacts, test: ExprId, is_it: &impl Fn(ExprId) -> bool) -> bool {
    let mut open = vec![test];
    while let Some(test) = open.pop() {
        match facts.expr(test) {
            _ if is_it(test) => return true,
            Expr::Unary { operand, .. } => open.push(*operand),
            Expr::Logical { left, right, .. } | Expr::Binary { left, right, .. } => {
                open.extend([*left, *right]);
            }
            Expr::Call { args, .. } => open.extend(args.iter().filter_map(|item| match item {
                Item::Value(value) => Some(*value),
                _ => None,
            })),
            _ => {}
        }
    }
    false
}

/// The name of the pair whose value a name is: `key` for the `value` of `[key, value]`.
fn key_of_pair(facts: &FileFacts, value: BindingId) -> Option<BindingId> {
    let [source] = facts.binding(value).sources.as_slice() else {
        return None;
    };
    let (Step::Index(1), way) = source.path.split_last()? else {
        return None;
    };
    let mut others = (0..).zip(&facts.bindings);
    let (index, _) = others.find(|(_, other)| match other.sources.as_slice() {
        [other] => {
            other.from == source.from && other.path.split_last() == Some((&Step::Index(0), way))
        }
        _ => false,
    })?;
    Some(BindingId(index))
}
