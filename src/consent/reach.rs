//! How a place in the code is reached.
//!
//! In: a place. Out: [`Reach`]: only once consent is given, as soon as a page loads, or later. Tests, handlers and the functions
//! around the place are looked at, and those of all that use these functions. It leaves alone code that nothing is known to
//! use: that may run at any time, or never.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::references::{self, Use};
use super::signs::Signs;
use crate::facts::{
    Entry, Expr, ExprId, FileFacts, FunctionId, Item, JsxTag, Literal, LogicalOp, MODULE, Test,
};
use crate::flow::{Place, function_at, place_in};
use crate::link::Program;
use crate::source::{FileId, Span};

/// Functions are walked back through no more others.
const MAX_DEPTH: usize = 24;
/// All walks together go no more steps than this.
const MOST_STEPS: usize = 20_000;

/// How a place is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reach {
    /// Only once consent is given, as far as can be seen.
    Consented,
    /// That is not known.
    Unknown,
    /// By something that a person does, with no test of consent on the way.
    Later,
    /// As soon as a page or file loads, with no test of consent on the way.
    AtLoad,
}

/// Walks back from places; what was found of a function is kept.
pub(super) struct Walk<'a, 'p> {
    program: &'a Program<'p>,
    signs: Signs<'a>,
    /// None while a function is being looked at.
    known: FxHashMap<(FileId, FunctionId), Option<Reach>>,
    steps: usize,
    /// Where something of consent decides.
    pub(super) asked: Vec<Place>,
}

impl<'a, 'p> Walk<'a, 'p> {
    pub(super) fn new(program: &'a Program<'p>, signs: Signs<'a>) -> Self {
        Self {
            program,
            signs,
            known: FxHashMap::default(),
            steps: 0,
            asked: Vec::new(),
        }
    }

    /// How a place is reached.
    pub(super) fn from(&mut self, place: &Place) -> Reach {
        let function = function_at(self.program.facts(place.file), place.span);
        let start = Use {
            file: place.file,
            span: place.span,
            function,
        };
        self.at(start, 0).unwrap_or(Reach::Unknown)
    }

    /// Whether a test of consent is around a place in its own file.
    pub(super) fn is_tested(&self, place: &Place) -> bool {
        self.is_guarded(self.program.facts(place.file), place.span)
    }

    /// None if the way comes back to where it came from.
    fn at(&mut self, at: Use, depth: usize) -> Option<Reach> {
        self.steps += 1;
        if depth > MAX_DEPTH || self.steps > MOST_STEPS {
            return Some(Reach::Unknown);
        }
        let facts = self.program.facts(at.file);
        let around = self.around(facts, at);
        if around == Some(Reach::Consented) || self.is_guarded(facts, at.span) {
            self.asked
                .push(place_in(facts, at.file, at.span, at.function));
            return Some(Reach::Consented);
        }
        let reach = if at.function == MODULE {
            self.module(at.file, depth)
        } else {
            self.function(at.file, at.function, depth)?
        };
        let is_later = around == Some(Reach::Later) && reach == Reach::AtLoad;
        Some(if is_later { Reach::Later } else { reach })
    }

    /// A file that is only loaded on demand runs when that is.
    fn module(&mut self, file: FileId, depth: usize) -> Reach {
        let key = (file, MODULE);
        if let Some(known) = self.known.get(&key) {
            return known.unwrap_or(Reach::AtLoad);
        }
        self.known.insert(key, None);
        let (lazily, is_static) = references::of_module(self.program, file);
        let reach = match lazily.as_slice() {
            [] => Reach::AtLoad,
            _ if is_static => Reach::AtLoad,
            lazily => self.all(lazily, depth).unwrap_or(Reach::AtLoad),
        };
        self.known.insert(key, Some(reach));
        reach
    }

    fn function(&mut self, file: FileId, function: FunctionId, depth: usize) -> Option<Reach> {
        if let Some(known) = self.known.get(&(file, function)) {
            return *known;
        }
        let declared = self.program.facts(file).function(function);
        if declared
            .name
            .as_ref()
            .is_some_and(|name| self.signs.is_granted(name))
        {
            self.known.insert((file, function), Some(Reach::Consented));
            return Some(Reach::Consented);
        }
        self.known.insert((file, function), None);
        let uses = references::uses(self.program, file, function);
        let reach = if uses.is_entry {
            Reach::AtLoad
        } else {
            self.all(&uses.all, depth).unwrap_or(Reach::Unknown)
        };
        self.known.insert((file, function), Some(reach));
        Some(reach)
    }

    /// The earliest of several ways; none if there is no way.
    fn all(&mut self, uses: &[Use], depth: usize) -> Option<Reach> {
        let mut found = None;
        for at in uses {
            found = found.max(self.at(*at, depth + 1));
            if found == Some(Reach::AtLoad) {
                break;
            }
        }
        found
    }

    /// Whether a test of consent is around a place.
    fn is_guarded(&self, facts: &FileFacts, span: Span) -> bool {
        let mut guards = facts.guards.iter().filter(|it| it.span.contains(span));
        guards.any(|guard| match &guard.test {
            Test::Is(test, wanted) => self.signs.is_consent(facts, *test, *wanted),
            Test::OneOf(..) => false,
        }) || facts.exprs.iter().any(|node| match &node.expr {
            // Elements stand under such tests, too.
            Expr::Logical { op, left, right } if facts.span(*right).contains(span) => {
                *op != LogicalOp::Nullish
                    && self.signs.is_consent(facts, *left, *op == LogicalOp::And)
            }
            Expr::Conditional {
                test,
                then,
                otherwise,
            } => {
                (facts.span(*then).contains(span) && self.signs.is_consent(facts, *test, true))
                    || (facts.span(*otherwise).contains(span)
                        && self.signs.is_consent(facts, *test, false))
            }
            _ => false,
        })
    }

    /// What a place is handed to in its own function: something of consent, or a handler of what a person does.
    fn around(&self, facts: &FileFacts, at: Use) -> Option<Reach> {
        let mut found = None;
        let nodes = facts.exprs.iter();
        for node in nodes.filter(|it| it.function == at.function && it.span.contains(at.span)) {
            let is_in = |value: ExprId| facts.span(value).contains(at.span);
            let reach = match &node.expr {
                Expr::Call { callee, args, .. }
                    if args.iter().any(|arg| arg.expr().is_some_and(is_in)) =>
                {
                    let is_of_consent = self.is_named(facts, *callee)
                        || args.iter().any(|arg| match arg {
                            Item::Value(value) => match facts.expr(*value) {
                                Expr::Literal(Literal::String(text)) => self.signs.speaks(text),
                                _ => false,
                            },
                            _ => false,
                        });
                    is_of_consent.then_some(Reach::Consented)
                }
                Expr::Object(entries) => {
                    let mut named = entries.iter().filter_map(Entry::named);
                    named
                        .any(|(key, value)| is_in(value) && self.signs.is_granted(key))
                        .then_some(Reach::Consented)
                }
                Expr::Jsx { tag, props, .. } => {
                    let is_of_consent = |tag: ExprId| self.is_named(facts, tag);
                    match tag {
                        JsxTag::Component(tag) if !is_in(*tag) && is_of_consent(*tag) => {
                            Some(Reach::Consented)
                        }
                        _ => props.iter().find_map(|prop| self.handler(prop, &is_in)),
                    }
                }
                _ => None,
            };
            if reach == Some(Reach::Consented) {
                return reach;
            }
            found = found.or(reach);
        }
        found
    }

    /// What a property says of when its value runs.
    fn handler(&self, prop: &Entry, is_in: &dyn Fn(ExprId) -> bool) -> Option<Reach> {
        let (key, value) = prop.named()?;
        if !is_in(value) {
            return None;
        }
        if self.signs.is_granted(key) {
            return Some(Reach::Consented);
        }
        let name = key.trim_start_matches(['@', '(', 'v', '-']);
        (key.starts_with("on") || name.len() < key.len()).then_some(Reach::Later)
    }

    /// Whether the name of what is called or shown is one of consent.
    fn is_named(&self, facts: &FileFacts, expr: ExprId) -> bool {
        let is_so = |name: &str| self.signs.speaks(name) || self.signs.is_granted(name);
        match facts.expr(expr) {
            Expr::Ref(binding) => is_so(&facts.binding(*binding).name),
            Expr::Global(name) => is_so(name),
            Expr::Member { object, name, .. } => {
                is_so(name)
                    || match facts.expr(*object) {
                        Expr::Ref(binding) => self.signs.speaks(&facts.binding(*binding).name),
                        Expr::Global(name) => self.signs.speaks(name),
                        _ => false,
                    }
            }
            _ => false,
        }
    }
}
