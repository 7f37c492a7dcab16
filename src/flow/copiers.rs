//! What the expressions of a function that may copy what it is given are.
//!
//! In: a function and an expression in it. Out: whether that is what the function is given, a field of it, a list of its keys, or
//! the function itself. It leaves alone what the copy leaves out (`recursive`).

use super::evaluate::Evaluator;
use super::value::FnRef;
use crate::facts::{BindingId, Entry, Expr, ExprId, FileFacts, From, FunctionId, Item};
use crate::source::FileId;

/// A function that may copy what it is given.
pub(super) struct Copier<'e, 'p> {
    pub evaluator: &'e Evaluator<'p>,
    pub file: FileId,
    pub function: FunctionId,
    pub facts: &'e FileFacts,
}

impl<'e, 'p> Copier<'e, 'p> {
    pub(super) fn of(evaluator: &'e Evaluator<'p>, function: FnRef) -> Self {
        Self {
            evaluator,
            file: function.file,
            function: function.function,
            facts: evaluator.program.facts(function.file),
        }
    }
}

impl Copier<'_, '_> {
    /// Whether an expression tells no more than yes or no.
    pub(super) fn is_flag(&self, expr: ExprId) -> bool {
        matches!(self.facts.expr(expr), Expr::Unary { op, .. } if op == "!")
    }

    /// Whether an expression is what another function makes of a field of what is given, and of nothing else.
    pub(super) fn is_made_of_field(&self, expr: ExprId) -> bool {
        let Expr::Call { callee, args, .. } = self.facts.expr(expr) else {
            return false;
        };
        let [Item::Value(only)] = args.as_slice() else {
            return false;
        };
        let (Expr::Ref(field), Expr::Ref(_)) = (self.facts.expr(*only), self.facts.expr(*callee))
        else {
            return false;
        };
        !self.is_itself(*callee)
            && matches!(self.facts.binding(*field).sources.as_slice(), [source]
                if matches!(source.from, From::ElementOf(of) if self.is_list_of_given(of)))
    }

    pub(super) fn is_literal(&self, expr: ExprId) -> bool {
        matches!(self.facts.expr(expr), Expr::Literal(_))
    }

    pub(super) fn is_param(&self, expr: ExprId, function: FunctionId, index: u32) -> bool {
        self.facts.is_param(expr, function, index)
    }

    /// Whether an expression is what the function is given.
    pub(super) fn is_given(&self, expr: ExprId) -> bool {
        self.is_param(self.facts.uncast(expr), self.function, 0)
    }

    /// Whether two expressions read the same name, or the same field by its key.
    pub(super) fn is_same(&self, one: ExprId, other: ExprId) -> bool {
        match (self.facts.expr(one), self.facts.expr(other)) {
            (Expr::Ref(one), Expr::Ref(other)) => one == other,
            (
                Expr::Index { object, index },
                Expr::Index {
                    object: other,
                    index: at,
                },
            ) => self.is_same(*object, *other) && self.is_same(*index, *at),
            _ => false,
        }
    }

    pub(super) fn is_blank(&self, start: ExprId) -> bool {
        match self.facts.expr(start) {
            Expr::Object(entries) => entries
                .iter()
                .all(|entry| matches!(entry, Entry::Spread(of) if self.is_given(*of))),
            Expr::Array(items) => items.is_empty(),
            _ => false,
        }
    }

    /// Whether a name is each key of what the function is given.
    pub(super) fn runs_through_keys(&self, key: BindingId) -> bool {
        let [source] = self.facts.binding(key).sources.as_slice() else {
            return false;
        };
        match source.from {
            From::KeyOf(of) => self.is_given(of),
            From::ElementOf(of) => self.is_list_of_given(of) || self.is_copied_keys(of),
            _ => false,
        }
    }

    /// `Object.keys(value)`, `Object.entries(value)`.
    pub(super) fn is_list_of_given(&self, list: ExprId) -> bool {
        let is_list = self.is_call_of(list, "keys") || self.is_call_of(list, "entries");
        is_list
            && matches!(self.facts.expr(list), Expr::Call { args, .. }
                if matches!(args.as_slice(), [Item::Value(of)] if self.is_given(*of)))
    }

    /// The keys of a copy that starts with all of what is given.
    pub(super) fn is_copied_keys(&self, list: ExprId) -> bool {
        let Expr::Call { args, .. } = self.facts.expr(list) else {
            return false;
        };
        let [Item::Value(of)] = args.as_slice() else {
            return false;
        };
        let Expr::Ref(copy) = self.facts.expr(*of) else {
            return false;
        };
        let sources = &self.facts.binding(*copy).sources;
        self.is_call_of(list, "keys")
            && sources.iter().all(|source| {
                matches!(source.from, From::Expr(start)
                    if matches!(self.facts.expr(start), Expr::Object(entries) if !entries.is_empty())
                        && self.is_blank(start))
            })
    }

    pub(super) fn is_call_of(&self, call: ExprId, method: &str) -> bool {
        let Expr::Call { callee, .. } = self.facts.expr(call) else {
            return false;
        };
        matches!(self.facts.expr(*callee), Expr::Member { object, name, .. }
            if name == method && matches!(self.facts.expr(*object), Expr::Global(name) if name == "Object"))
    }

    /// The receiver and the first argument of a call of a method.
    pub(super) fn method(&self, call: ExprId, method: &str) -> Option<(ExprId, ExprId)> {
        let Expr::Call { callee, args, .. } = self.facts.expr(call) else {
            return None;
        };
        match (self.facts.expr(*callee), args.first()) {
            (Expr::Member { object, name, .. }, Some(Item::Value(first))) if name == method => {
                Some((*object, *first))
            }
            _ => None,
        }
    }

    /// `values.map(itself)`, `values.map((each) => itself(each, …))`.
    pub(super) fn is_map_of_itself(&self, expr: ExprId) -> bool {
        let Some((_, each)) = self.method(expr, "map") else {
            return false;
        };
        match self.facts.expr(each) {
            Expr::Function(each) => {
                let returns = &self.facts.function(*each).returns;
                !returns.is_empty() && returns.iter().all(|it| self.is_own_call(*it))
            }
            _ => self.is_itself(each),
        }
    }

    pub(super) fn is_own_call(&self, expr: ExprId) -> bool {
        matches!(self.facts.expr(expr), Expr::Call { callee, .. } if self.is_itself(*callee))
    }

    pub(super) fn is_itself(&self, expr: ExprId) -> bool {
        match self.facts.expr(expr) {
            Expr::Ref(binding) => {
                let mut sources = self.facts.binding(*binding).sources.iter();
                sources.any(|source| match source.from {
                    From::Function(function) => function == self.function,
                    From::Expr(value) => {
                        matches!(self.facts.expr(value), Expr::Function(it) if *it == self.function)
                    }
                    _ => false,
                })
            }
            Expr::Member { object, name, .. } => {
                let declared = self.facts.function(self.function);
                matches!(self.facts.expr(*object), Expr::This)
                    && declared.class.is_some()
                    && declared.name.as_ref() == Some(name)
            }
            _ => false,
        }
    }

    pub(super) fn calls_itself(&self) -> bool {
        let within = self.facts.function(self.function).span;
        let calls = self.facts.calls.iter();
        let mut calls = calls.filter(|call| within.contains(self.facts.span(**call)));
        calls.any(|call| self.is_own_call(*call) || self.is_map_of_itself(*call))
    }
}
