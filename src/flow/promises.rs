//! What a promise gives that a function of the program keeps.
//!
//! In: a call of `new Promise(function)` or `Promise.withResolvers()`. Out: what the function that resolves it is called with.
//! It leaves alone what is done with a promise (`effects`), and what one is rejected with (`thrown`).

use super::blanks::bound_to;
use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{Data, FnRef, Root, V, Value};
use crate::facts::{Binding, BindingId, Expr, FileFacts, From, Name, Step};
use crate::source::FileId;

/// What is beside a promise that is made without a function.
const PROMISE: &str = "promise";
const RESOLVE: &str = "resolve";

impl Evaluator<'_> {
    /// The value of a promise, or a promise with the function that resolves it.
    pub(super) fn promised(&self, library: &LibraryCall<'_>, executor: &V) -> V {
        let file = library.file;
        let facts = self.program.facts(file);
        match &**executor {
            Value::Function(closure) if closure.target.file == file => {
                let from = From::Param {
                    function: closure.target.function,
                    index: 0,
                };
                let is_resolver = |binding: &Binding| {
                    let mut sources = binding.sources.iter();
                    sources.any(|source| source.from == from && source.path.is_empty())
                };
                let mut bindings = (0..).map(BindingId).zip(&facts.bindings);
                let resolver = bindings.find(|(_, binding)| is_resolver(binding));
                let value = resolver.and_then(|(resolver, _)| self.resolved_by(file, resolver));
                let value = value.map(|value| self.within(&value, facts, closure.target));
                let value = value.unwrap_or_else(|| library.given());
                let value = self.substitute(&value, &closure.frames);
                self.typed_by(library, value)
            }
            Value::Nothing if library.call.args.is_empty() => {
                let is_resolver =
                    |path: &[Step]| matches!(path, [Step::Key(name)] if name == RESOLVE);
                let resolver = bound_to(facts, library, is_resolver);
                let value = resolver.and_then(|resolver| self.resolved_by(file, resolver));
                let value = value.unwrap_or_else(|| library.given());
                let mut object = Object::default();
                object.set(
                    Name::const_new(PROMISE),
                    self.typed_by(library, value),
                    false,
                );
                V::new(Value::Object(object))
            }
            _ => self.typed_by(library, library.given()),
        }
    }

    /// What the function is called with that a variable holds; none if nothing calls it.
    fn resolved_by(&self, file: FileId, resolver: BindingId) -> Option<V> {
        let facts = self.program.facts(file);
        let given = facts
            .calls
            .iter()
            .filter_map(|call| match facts.expr(*call) {
                Expr::Call { callee, args, .. } => {
                    let is_called =
                        matches!(facts.expr(*callee), Expr::Ref(binding) if *binding == resolver);
                    let first = args.first()?.expr()?;
                    is_called.then(|| self.expr(file, first))
                }
                _ => None,
            });
        let given: Vec<V> = given.collect();
        (!given.is_empty()).then(|| V::union(given))
    }

    /// A value without what functions inside of another one are called with, of which nobody knows by whom.
    fn within(&self, value: &V, facts: &FileFacts, outer: FnRef) -> V {
        let around = facts.function(outer.function).span;
        let is_inside = |value: &V| match &**value {
            Value::Data(Data {
                root: Root::Param(function, _),
                ..
            }) => {
                function.file == outer.file
                    && around.contains(facts.function(function.function).span)
            }
            _ => false,
        };
        let known = value.alternatives().iter();
        V::union(known.map(|part| match &**part {
            Value::Data(data) if is_inside(part) => V::new(Value::Data(Data {
                root: Root::Call,
                steps: Default::default(),
                ..data.clone()
            })),
            _ => part.clone(),
        }))
    }
}
