//! Methods that a decorator has called for an event.
//!
//! In: a file's decorators (`@OnEvent('user.created') record(user: User)`). Out: listeners for the events that they name. It
//! leaves alone listeners that a call registers (`listeners`), and who sends the event (`announce`).

use super::decorators::{decorated, decorators, text_of};
use super::evaluate::Evaluator;
use super::listeners::{Listeners, Takes};
use super::value::FnRef;
use crate::facts::{Expr, ExprId, Item, Name};
use crate::source::FileId;

impl Listeners {
    /// The methods of a file's classes that are called for events.
    pub(super) fn read_subscribed(&mut self, evaluator: &Evaluator<'_>, file: FileId) {
        let facts = evaluator.program.facts(file);
        for rule in evaluator.library.subscribing {
            let decorators = decorators(evaluator, file, &rule.package);
            for class in &facts.classes {
                for (function, named) in decorated(class, &decorators, &rule.decorators) {
                    let events = named.flat_map(|it| events(evaluator, file, it.args));
                    let events: Vec<Name> = events.collect();
                    let function = evaluator.closure(FnRef { file, function });
                    self.add(events, None, Takes::Arguments, &function);
                }
            }
        }
    }
}

/// The events that a decorator names: a text, or several.
fn events(evaluator: &Evaluator<'_>, file: FileId, args: &[Item]) -> Vec<Name> {
    let Some(Item::Value(given)) = args.first() else {
        return Vec::new();
    };
    let facts = evaluator.program.facts(file);
    let texts: Vec<ExprId> = match facts.expr(facts.uncast(*given)) {
        Expr::Array(items) => items.iter().filter_map(|it| it.expr()).collect(),
        _ => vec![*given],
    };
    let texts = texts.into_iter();
    texts
        .filter_map(|text| text_of(evaluator, file, text).map(Name::from))
        .collect()
}
