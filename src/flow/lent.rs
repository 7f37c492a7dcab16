//! Functions that were made elsewhere and are handed to a function of a library, which calls them (`users.forEach(report)`,
//! `load().then(report)`, `setTimeout(report, 100, user)`).
//!
//! In: a call of such a function, with a way to a vendor among its arguments. Out: a call of that with what the library calls
//! it with. It leaves alone functions that are written in the call, which have that as parameters (`params`), and those that
//! are handed to vendors (`handed`).

use super::calls::Written;
use super::evaluate::Evaluator;
use super::places::place;
use super::propagate::Propagation;
use super::sinks::Manner;
use super::value::{Root, V, Value};
use super::worklist::Passed;
use crate::facts::{Expr, ExprId, Item};
use crate::ruleset::schema::{Effect, TransformFunction};
use crate::source::FileId;

impl Propagation<'_, '_> {
    /// Calls what a function of a library is handed.
    pub(super) fn lend(&mut self, written: Written) {
        let Written { file, callee, .. } = written;
        let facts = self.evaluator.program.facts(file);
        let Expr::Call { args, .. } = facts.expr(written.call) else {
            return;
        };
        for (position, item) in args.iter().enumerate() {
            let Item::Value(arg) = item else { continue };
            let is_written = matches!(facts.expr(facts.uncast(*arg)), Expr::Function(_));
            if is_written || !self.reach.expr(file, *arg) {
                continue;
            }
            let mut function = self.evaluator.expr(file, *arg);
            let query = self.evaluator.queried((file, callee), &function);
            if let Some((queried, _)) = &query {
                function = queried.clone();
            }
            let is_lent = |it: &V| match &**it {
                Value::Function(closure) => {
                    let positions = self.evaluator.positions(closure.target.file);
                    !positions.is_argument(closure.target.function)
                }
                Value::Client(client) => !client.path.is_empty(),
                _ => false,
            };
            if !function.alternatives().iter().any(is_lent) {
                continue;
            }
            // What a library gives without a type is no better known by that call than by the names of the parameters.
            let lent = || self.evaluator.lent(file, callee, args, position);
            if let Some(given) = query.map(|(_, given)| vec![given]).or_else(lent)
                && (given.iter().any(says_more) || is_bound(&function))
            {
                let span = facts.span(written.call);
                let place = place(facts, file, span, facts.function_of(written.call));
                self.call(&function, given, place, Manner::Call, &Passed::default());
            }
        }
    }
}

impl Evaluator<'_> {
    /// Whether a function of a library calls the function at a position of its arguments with data of which nothing is known
    /// here. What is thrown is told where it is thrown.
    pub(super) fn lends_unknown(
        &self,
        rule: &TransformFunction,
        (file, callee): (FileId, ExprId),
        args: &[Item],
        position: usize,
    ) -> bool {
        let is_method = |method: &str| match self.program.facts(file).expr(callee) {
            Expr::Member { name, .. } => name == method,
            _ => false,
        };
        let is_called = match rule.does {
            Effect::Then => position == 0 && is_method("then"),
            Effect::Map
            | Effect::FlatMap
            | Effect::Elements
            | Effect::Element
            | Effect::Reduce
            | Effect::Watch => position == 0,
            Effect::Watches => position == rule.arg + 1,
            _ => false,
        };
        let given = || self.lent(file, callee, args, position);
        is_called && !given().is_some_and(|given| given.iter().any(says_more))
    }

    /// What a function of a library calls the function with that stands at a position of its arguments; none if that is not
    /// known.
    fn lent(&self, file: FileId, callee: ExprId, args: &[Item], position: usize) -> Option<Vec<V>> {
        let value = self.expr(file, callee);
        if matches!(&*value, Value::Function(_) | Value::Client(_)) {
            return None;
        }
        let at = |at: usize| Some(self.expr(file, args.get(at)?.expr()?));
        let Expr::Member { object, name, .. } = self.program.facts(file).expr(callee) else {
            let rule = self.library.of(&value)?;
            return match rule.does {
                Effect::Later if position == 0 => {
                    Some((rule.arg..args.len()).map_while(at).collect())
                }
                Effect::Map if position != rule.arg => Some(vec![self.element(&at(rule.arg)?)]),
                Effect::Queries if position == rule.arg + 1 => {
                    let context = self.query_context(rule, &at(rule.arg)?, self.spot(file, callee));
                    Some(vec![context?])
                }
                Effect::Fetches if position == rule.arg + 1 => {
                    Some(vec![self.given_by(&at(rule.arg)?, self.spot(file, callee))])
                }
                _ => None,
            };
        };
        if position != 0 {
            return None;
        }
        let Some(rule) = self.library.method(name) else {
            let rule = self.library.of(&value)?;
            let is_later = rule.does == Effect::Later;
            return is_later.then(|| (rule.arg..args.len()).map_while(at).collect());
        };
        let receiver = || self.expr(file, *object);
        match rule.does {
            Effect::Then if name == "then" => Some(vec![receiver()]),
            Effect::Watch => {
                let receiver = receiver();
                let held = self.held_by(&receiver, self.spot(file, callee));
                let holds = !std::ptr::eq::<Value>(&*held, &*receiver);
                holds.then(|| vec![held])
            }
            Effect::Reduce => {
                let element = self.element(&receiver());
                Some(vec![at(1).unwrap_or_else(|| element.clone()), element])
            }
            Effect::Map | Effect::FlatMap | Effect::Elements | Effect::Element | Effect::Drop
                if args.len() == 1 =>
            {
                Some(vec![self.element(&receiver())])
            }
            _ => None,
        }
    }
}

/// Whether a function has arguments already (`report.bind(null, email)`).
fn is_bound(function: &V) -> bool {
    function.alternatives().iter().any(|it| match &**it {
        Value::Function(closure) => !closure.bound.is_empty(),
        _ => false,
    })
}

/// Whether more is known of a value than which call gave it.
fn says_more(value: &V) -> bool {
    value.alternatives().iter().any(|value| match &**value {
        Value::Nothing => false,
        Value::Data(data) => {
            data.ty.is_some() || matches!(data.root, Root::Param(..) | Root::Global)
        }
        _ => true,
    })
}
