//! Functions that an SDK hands what it sends to.
//!
//! In: such a function, and the way of a value in what it is given. Out: whether it provably leaves the value out, by itself
//! or by functions of the app that it hands the event on to, and where all these are written. It leaves alone which options
//! are such hooks (`scrub`), and what always happens in one (`certainty`).

use super::delivery::Place;
use super::evaluate::{Evaluator, keys_of};
use super::places::place;
use super::replaced::Gone;
use super::value::{Closure, Root, Step as Way, V, Value};
use crate::facts::{BindingId, Expr, ExprId, FileFacts, From, Item, Name, Step, Write};
use crate::ruleset::schema::{Scrub, ScrubKind};
use crate::source::{FileId, Span};

/// No more functions of a hook are looked for.
const MOST_FUNCTIONS: usize = 40;

/// A hook is followed through no more functions than this, one in the other.
pub(super) const MAX_HELPERS: usize = 4;

/// How calls start that print what they are given, and change nothing of it.
const PRINTS: &str = "console.";

/// A call to which the event or a part of it is handed.
pub(super) struct HandedOn {
    /// Where it is.
    pub span: Span,
    /// What is called, as far as functions of the app are.
    pub callee: Vec<Closure>,
    /// Which arguments are which parts of the event.
    pub parts: Vec<(u32, Vec<Name>)>,
    /// What is handed over.
    pub args: Vec<V>,
}

/// Values nested deeper are taken to hold everything.
pub(super) const MAX_DEPTH: usize = 12;

impl Evaluator<'_> {
    /// The places of all functions that a hook consists of, in the order in which they are met.
    pub(super) fn hook_places<'v>(&self, hooks: impl Iterator<Item = &'v V>) -> Vec<Place> {
        let mut found = Vec::new();
        let mut open: Vec<Closure> = hooks.flat_map(closures).collect();
        let mut seen = Vec::new();
        while let Some(closure) = open.pop() {
            if seen.contains(&closure.target) || seen.len() >= MOST_FUNCTIONS {
                continue;
            }
            seen.push(closure.target);
            let facts = self.program.facts(closure.target.file);
            let function = facts.function(closure.target.function);
            found.push(place(
                facts,
                closure.target.file,
                function.span,
                closure.target.function,
            ));
            for node in &facts.exprs {
                if let Expr::Call { callee, .. } = node.expr
                    && function.span.contains(node.span)
                {
                    let callee = self.expr(closure.target.file, callee);
                    open.extend(closures(&callee));
                }
            }
        }
        found
    }
}

/// The functions that a value is, alone or in a list.
pub(super) fn closures(value: &V) -> Vec<Closure> {
    let mut found = Vec::new();
    for value in value.alternatives() {
        match &**value {
            Value::Function(closure) => found.push(closure.clone()),
            Value::Array(elements) => {
                for element in elements {
                    if let Value::Function(closure) = &**element {
                        found.push(closure.clone());
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// A hook that is looked into.
pub(super) struct Hook<'e, 'p> {
    pub(super) evaluator: &'e Evaluator<'p>,
    pub(super) closure: Closure,
    /// Which parameter the event is.
    index: u32,
    pub(super) facts: &'e FileFacts,
    /// Nothing goes on but what it gives back.
    pub(super) gives_back: bool,
    /// What is gone when the function is through, whatever it gives back.
    gone: Vec<Gone>,
}

impl<'e, 'p> Hook<'e, 'p> {
    /// A hook by its rule.
    pub(super) fn of_rule(evaluator: &'e Evaluator<'p>, closure: Closure, rule: &Scrub) -> Self {
        let gives_back = rule.kind == ScrubKind::Returns;
        Self::looked_into(evaluator, closure, rule.parameter, gives_back, 0)
    }

    /// A function of the app that a hook hands the event on to, by itself.
    pub(super) fn of_helper(evaluator: &'e Evaluator<'p>, closure: Closure, index: u32) -> Self {
        Self::new(evaluator, closure, index, MAX_HELPERS)
    }

    /// A function that is given the event, or a part of it, as one of its arguments; `depth` functions were gone through.
    fn new(evaluator: &'e Evaluator<'p>, closure: Closure, index: u32, depth: usize) -> Self {
        Self::looked_into(evaluator, closure, index, false, depth)
    }

    fn looked_into(
        evaluator: &'e Evaluator<'p>,
        closure: Closure,
        index: u32,
        gives_back: bool,
        depth: usize,
    ) -> Self {
        let facts = evaluator.program.facts(closure.target.file);
        let mut hook = Self {
            evaluator,
            closure,
            index,
            facts,
            gives_back,
            gone: Vec::new(),
        };
        for (id, binding) in (0..).map(BindingId).zip(&facts.bindings) {
            if binding.writes.is_empty() {
                continue;
            }
            let Some(way) = hook.way_of(id, 0) else {
                continue;
            };
            for write in &binding.writes {
                if hook.is_run(write.function) {
                    hook.read(&way, write);
                }
            }
        }
        if depth < MAX_HELPERS {
            hook.follow(depth);
        }
        hook
    }

    /// The way of a name in the event, if it is nothing else: the parameter, or what is taken out of it.
    pub(super) fn way_of(&self, binding: BindingId, depth: usize) -> Option<Vec<Name>> {
        let [source] = self.facts.binding(binding).sources.as_slice() else {
            return None;
        };
        let taken = keys(&source.path)?;
        match source.from {
            From::Param { function, index }
                if (function, index) == (self.closure.target.function, self.index) =>
            {
                Some(taken)
            }
            From::Expr(expr) if depth < MAX_DEPTH => {
                let mut way = self.written_way(expr, depth + 1)?;
                way.extend(taken);
                Some(way)
            }
            _ => None,
        }
    }

    /// The way in the event that an expression is written as: `event.user`, whatever was assigned to it.
    pub(super) fn written_way(&self, mut expr: ExprId, depth: usize) -> Option<Vec<Name>> {
        let mut keys = Vec::new();
        loop {
            match self.facts.expr(expr) {
                Expr::Member { object, name, .. } if keys.len() < MAX_DEPTH => {
                    keys.push(name.clone());
                    expr = *object;
                }
                Expr::Cast { value, .. } => expr = *value,
                Expr::Ref(binding) => {
                    let mut way = self.way_of(*binding, depth)?;
                    way.extend(keys.into_iter().rev());
                    return Some(way);
                }
                _ => return None,
            }
        }
    }

    /// Notes what functions of the app leave out that are given the event, or a part of it.
    fn follow(&mut self, depth: usize) {
        for handed in self.handed_on() {
            let [callee] = handed.callee.as_slice() else {
                continue;
            };
            for (index, way) in handed.parts {
                let helper = Hook::new(self.evaluator, callee.clone(), index, depth + 1);
                for gone in helper.gone {
                    let way = [way.as_slice(), &gone.way].concat();
                    if self.is_certain(handed.span, &way) {
                        self.gone.push(Gone { way, ..gone });
                    }
                }
            }
        }
    }

    /// The calls to which the event or a part of it is handed.
    pub(super) fn handed_on(&self) -> Vec<HandedOn> {
        let function = self.closure.target.function;
        let calls = self.facts.exprs.iter().filter_map(|node| match &node.expr {
            Expr::Call { callee, args, .. } if node.function == function => {
                let parts = (0..).zip(args).filter_map(|(at, arg)| match arg {
                    Item::Value(arg) => {
                        let value = self.evaluator.expr(self.file(), *arg);
                        let way = self.event_way(&value)?;
                        Some((at, way.into_iter().map(Name::from).collect()))
                    }
                    _ => None,
                });
                let parts: Vec<(u32, Vec<Name>)> = parts.collect();
                let callee = self.evaluator.expr(self.file(), *callee);
                (!parts.is_empty()).then(|| HandedOn {
                    span: node.span,
                    callee: closures(&callee),
                    parts,
                    args: self.evaluator.items(self.file(), args),
                })
            }
            _ => None,
        });
        calls.collect()
    }

    pub(super) fn file(&self) -> FileId {
        self.closure.target.file
    }

    /// Notes what an assignment or `delete` leaves out, if it always happens.
    fn read(&mut self, way: &[Name], write: &Write) {
        let mut all = vec![way.to_vec()];
        for step in &write.path {
            let names = match step {
                Step::Key(name) => Some(vec![name.clone()]),
                Step::Computed(key) => keys_of(&self.evaluator.expr(self.file(), *key)),
                _ => None,
            };
            let Some(names) = names.filter(|names| !names.is_empty()) else {
                return;
            };
            all = all
                .iter()
                .flat_map(|way| {
                    names
                        .iter()
                        .map(|name| [way.as_slice(), std::slice::from_ref(name)].concat())
                })
                .collect();
        }
        for way in all {
            for gone in self.left_out(way, write.value) {
                if self.is_certain(write.span, &gone.way) {
                    self.gone.push(gone);
                }
            }
        }
    }

    /// The way of a value in the event, if it is a part of it.
    pub(super) fn event_way<'v>(&self, value: &'v V) -> Option<Vec<&'v str>> {
        let data = match &**value {
            Value::Data(data) => data,
            // The event after assignments is still the event.
            Value::Object(object) => match object.spreads.as_slice() {
                [spread] => return self.event_way(spread),
                _ => return None,
            },
            _ => return None,
        };
        if data.root != Root::Param(self.closure.target, self.index) {
            return None;
        }
        let steps = data.steps.iter().map(|step| match step {
            Way::Key(name) => Some(name.as_str()),
            _ => None,
        });
        steps.collect()
    }

    /// It changes nothing of the event, hands it to no function that may, and gives it back as it came or gives nothing back.
    pub(super) fn is_idle(&self, element: Option<usize>, depth: usize) -> bool {
        let function = self.closure.target.function;
        let is_event = |value: ExprId| {
            let value = self.evaluator.expr(self.file(), value);
            self.event_way(&value).is_some()
        };
        let is_untouched = self.facts.bindings.iter().all(|binding| {
            let mut changed = binding.writes.iter().map(|write| write.function);
            !changed.any(|at| at == function)
        });
        // A function of the app is looked into; of any other nobody knows what it does, but for those that print.
        let leaves = |handed: &HandedOn| {
            let printed = || {
                self.evaluator
                    .program
                    .source(self.file())
                    .slice(handed.span)
            };
            match handed.callee.as_slice() {
                [callee] if depth < MAX_HELPERS => handed.parts.iter().all(|(index, _)| {
                    Hook::new(self.evaluator, callee.clone(), *index, MAX_HELPERS)
                        .is_idle(None, depth + 1)
                }),
                [] => printed().starts_with(PRINTS),
                _ => false,
            }
        };
        let spread = self.facts.exprs.iter().any(|node| match &node.expr {
            Expr::Call { args, .. } if node.function == function => args
                .iter()
                .any(|arg| matches!(arg, Item::Spread(value) if is_event(*value))),
            _ => false,
        });
        let returns = &self.facts.function(function).returns;
        is_untouched
            && !spread
            && self.handed_on().iter().all(leaves)
            && returns.iter().all(|value| {
                let value = &self.element(*value, element).unwrap_or(*value);
                let is_plain = matches!(self.facts.expr(*value), Expr::Ref(_) | Expr::Call { .. });
                is_plain && is_event(*value)
            })
    }

    /// An element of a list that is written out.
    pub(super) fn element(&self, value: ExprId, element: Option<usize>) -> Option<ExprId> {
        match self.facts.expr(value) {
            Expr::Array(items) => match items.get(element?)? {
                Item::Value(value) => Some(*value),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether what lies on a way is left out of what is sent of an event of a name.
    pub(super) fn drops(&self, way: &[&str], event: Option<&str>, rule: &Scrub) -> bool {
        let is_gone = self.is_gone(&[], way);
        if rule.kind != ScrubKind::Returns || is_gone {
            return is_gone;
        }
        let function = self.facts.function(self.closure.target.function);
        !function.returns.is_empty()
            && function.returns.iter().all(|value| {
                let is_of_others = match (&rule.event, event) {
                    (Some(name), Some(event)) => self.is_of_others(*value, name, event),
                    _ => false,
                };
                let value = self.element(*value, rule.element).unwrap_or(*value);
                is_of_others || !self.keeps(&self.evaluator.expr(self.file(), value), way, 0)
            })
    }

    /// Whether what lies on a way is gone from the part of the event at `from`.
    fn is_gone(&self, from: &[&str], way: &[&str]) -> bool {
        self.gone.iter().any(|gone| gone.takes(from, way))
    }

    /// Whether a value may still hold what lay on a way in the event.
    pub(super) fn keeps(&self, value: &V, way: &[&str], depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return true;
        }
        let within = |value: &V| self.keeps(value, way, depth + 1);
        match &**value {
            Value::Nothing | Value::Literal(_) => false,
            Value::Object(object) => {
                object.fields.iter().any(|field| within(&field.value))
                    || object.spreads.iter().any(|spread| {
                        let Some(from) = self.event_way(spread) else {
                            return within(spread);
                        };
                        let is_around =
                            from.len() < way.len() && from.iter().zip(way).all(|(a, b)| a == b);
                        let Some(next) = way.get(from.len()).filter(|_| is_around) else {
                            return within(spread);
                        };
                        let is_out = object.without.iter().any(|name| name == next)
                            || object
                                .only
                                .as_ref()
                                .is_some_and(|only| !only.iter().any(|name| name == next))
                            || object
                                .fields
                                .iter()
                                .any(|field| field.name == *next && !field.maybe);
                        !is_out && within(spread)
                    })
            }
            Value::Data(data) => match &data.root {
                Root::Param(function, index)
                    if *function == self.closure.target && *index == self.index =>
                {
                    match self.event_way(value) {
                        Some(from) => {
                            let is_on_way = from.iter().zip(way).all(|(a, b)| a == b);
                            is_on_way && !self.is_gone(&from, way)
                        }
                        None => true,
                    }
                }
                Root::Global | Root::Outside(_) => false,
                // A function that is not known may give anything back.
                _ => true,
            },
            Value::Text(parts) | Value::Array(parts) | Value::Union(parts) => {
                parts.iter().any(within)
            }
            Value::Without(left_out, inner) => {
                let way: Vec<Name> = way.iter().map(|name| Name::from(*name)).collect();
                !left_out.is_on(&way) && within(inner)
            }
            Value::Changed(_, inner)
            | Value::When(_, inner)
            | Value::Spread(inner)
            | Value::FieldsOf(inner) => within(inner),
            Value::KeysOf(_) => false,
            _ => true,
        }
    }
}

/// The names of a way, if all are known.
fn keys(path: &[Step]) -> Option<Vec<Name>> {
    path.iter()
        .map(|step| match step {
            Step::Key(name) => Some(name.clone()),
            _ => None,
        })
        .collect()
}
