//! What an SDK's own hooks leave out of what is sent (`beforeSend`, deny lists).
//!
//! In: the hooks of an init call, and the way of a value in the event that they are given. Out: whether they provably leave
//! it out: by a `delete`, an assignment of something else, an object made without it, or a list of keys. What happens only
//! under a condition, other than that there is something to leave out, proves nothing. It leaves alone which option is such
//! a hook (the rules).

use super::delivery::{IdleHook, OptionValue, Place, Started};
use super::evaluate::{Evaluator, keys_of};
use super::payload::Leaf;
use super::sinks::SinkCall;
use super::value::{Closure, Root, Spot, Step as Way, V, Value};
use crate::facts::{Expr, ExprId, FileFacts, From, Item, LogicalOp, Name, Step, Test, Write};
use crate::ruleset::schema::{Scrub, ScrubKind};
use crate::source::FileId;

/// Values nested deeper are taken to hold everything.
const MAX_DEPTH: usize = 12;

/// A hook of one start of an SDK.
pub(super) struct Scrubber<'p> {
    pub vendor: usize,
    place: Place,
    /// It belongs to that start alone; a hook that a call sets is there for all of them.
    of_start: bool,
    rule: &'p Scrub,
    pub hook: V,
}

impl<'p> Evaluator<'p> {
    /// The hooks that a call brings.
    pub(super) fn scrubbers(
        &self,
        sink: &SinkCall<'p>,
        place: &Place,
        started: &Started,
    ) -> Vec<Scrubber<'p>> {
        let rules = &self.catalog.vendor(sink.vendor).scrub;
        let spot = Spot {
            file: place.file,
            span: place.span,
        };
        let set = |option: &String| {
            let off =
                [toml::Value::Boolean(false), toml::Value::Integer(0)].map(OptionValue::Known);
            started
                .options
                .get(option)
                .is_some_and(|value| !off.contains(value))
        };
        rules
            .iter()
            .filter(|rule| !rule.bypassed_by.iter().any(set))
            .filter_map(|rule| {
                let hook = match (&rule.option, &rule.call) {
                    (Some(option), _) if !started.later => {
                        let at = sink.init.and_then(|init| init.options)?;
                        let mut value = sink.args.get(at)?.clone();
                        let way = sink.init.and_then(|init| init.options_key.as_deref());
                        for part in way
                            .into_iter()
                            .chain([option.as_str()])
                            .flat_map(|it| it.split('.'))
                        {
                            value = self.member(&value, &part.into(), spot);
                        }
                        value
                    }
                    (_, Some(call)) if sink.path == *call => sink.args.first()?.clone(),
                    _ => return None,
                };
                let is_hook = |hook: &V| matches!(&**hook, Value::Function(_) | Value::Array(_));
                hook.alternatives().iter().all(is_hook).then(|| Scrubber {
                    vendor: sink.vendor,
                    place: place.clone(),
                    of_start: rule.option.is_some(),
                    rule,
                    hook,
                })
            })
            .collect()
    }

    /// Whether every start of the vendor's SDK leaves a value out of what is sent.
    pub(super) fn is_scrubbed(
        &self,
        leaf: &Leaf<'_>,
        scrubbers: &[Scrubber<'_>],
        started: &[Started],
    ) -> bool {
        let drops = |scrubber: &&Scrubber<'_>| {
            let Some(at) = scrubber.rule.at.get(leaf.call.as_str()) else {
                return false;
            };
            let key = leaf.key.iter().flat_map(|key| key.split('.'));
            let way: Vec<&str> = at
                .split('.')
                .filter(|it| !it.is_empty())
                .chain(key)
                .collect();
            self.drops(scrubber, &way)
        };
        let mut own = scrubbers
            .iter()
            .filter(|it| it.vendor == leaf.vendor)
            .filter(drops)
            .peekable();
        if own.peek().is_none() {
            return false;
        }
        let own: Vec<&Scrubber<'_>> = own.collect();
        let vendor = &self.catalog.vendor(leaf.vendor).id;
        let mut starts = started
            .iter()
            .filter(|it| it.vendor == *vendor && !it.later);
        starts.all(|start| own.iter().any(|it| !it.of_start || it.place == start.place))
    }

    /// A hook that leaves everything in, as far as can be seen.
    pub(super) fn idle(&self, scrubber: &Scrubber<'_>) -> Option<IdleHook> {
        let is_idle = |hook: &V| match &**hook {
            Value::Function(closure) => Hook::new(self, closure).is_idle(),
            Value::Array(keys) => keys.is_empty(),
            _ => false,
        };
        let rule = scrubber.rule;
        scrubber
            .hook
            .alternatives()
            .iter()
            .all(is_idle)
            .then(|| IdleHook {
                vendor: self.catalog.vendor(scrubber.vendor).id.clone(),
                option: rule
                    .option
                    .clone()
                    .or_else(|| rule.call.clone())
                    .unwrap_or_default(),
                place: scrubber.place.clone(),
            })
    }

    fn drops(&self, scrubber: &Scrubber<'_>, way: &[&str]) -> bool {
        let hooks = scrubber.hook.alternatives();
        match scrubber.rule.kind {
            ScrubKind::Keys => hooks.iter().all(|hook| match (&**hook, way.first()) {
                (Value::Array(keys), Some(first)) => {
                    keys.iter().any(|key| key.as_str() == Some(first))
                }
                _ => false,
            }),
            ScrubKind::Returns | ScrubKind::InPlace => hooks.iter().all(|hook| match &**hook {
                Value::Function(closure) => {
                    Hook::new(self, closure).drops(way, scrubber.rule.kind == ScrubKind::Returns)
                }
                _ => false,
            }),
        }
    }
}

/// A hook that is looked into.
struct Hook<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    closure: &'e Closure,
    facts: &'e FileFacts,
    /// Ways that are gone when the function is through, whatever it gives back.
    gone: Vec<Vec<Name>>,
}

impl<'e, 'p> Hook<'e, 'p> {
    fn new(evaluator: &'e Evaluator<'p>, closure: &'e Closure) -> Self {
        let facts = evaluator.program.facts(closure.target.file);
        let mut hook = Self {
            evaluator,
            closure,
            facts,
            gone: Vec::new(),
        };
        let function = closure.target.function;
        for binding in &facts.bindings {
            let ways = binding
                .sources
                .iter()
                .filter_map(|source| match source.from {
                    From::Param {
                        function: of,
                        index: 0,
                    } if of == function => keys(&source.path),
                    _ => None,
                });
            let mut ways: Vec<Vec<Name>> = ways.collect();
            let (Some(way), true) = (ways.pop(), ways.is_empty() && binding.sources.len() == 1)
            else {
                continue;
            };
            for write in binding
                .writes
                .iter()
                .filter(|write| write.function == function)
            {
                hook.read(&way, write);
            }
        }
        hook
    }

    fn file(&self) -> FileId {
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
            let kept = write.value.is_some_and(|value| {
                let value = self.evaluator.expr(self.file(), value);
                self.keeps(&value, &way.iter().map(Name::as_str).collect::<Vec<_>>(), 0)
            });
            if !kept && self.is_certain(write, &way) {
                self.gone.push(way);
            }
        }
    }

    /// Whether it happens in every call in which there is something to leave out.
    fn is_certain(&self, write: &Write, way: &[Name]) -> bool {
        let around = self.facts.function(self.closure.target.function).span;
        self.facts
            .guards
            .iter()
            .filter(|guard| {
                guard.span.contains(write.span)
                    && around.contains(guard.span)
                    && guard.span != around
            })
            .all(|guard| match guard.test {
                Test::Is(test, wanted) => self.is_presence(test, wanted, way),
                Test::OneOf(..) => false,
            })
    }

    /// A test that there is something on the way: `if (event.user)`.
    fn is_presence(&self, test: ExprId, wanted: bool, way: &[Name]) -> bool {
        match self.facts.expr(test) {
            Expr::Unary { op, operand } if op == "!" => self.is_presence(*operand, !wanted, way),
            Expr::Logical {
                op: LogicalOp::And,
                left,
                right,
            } if wanted => {
                self.is_presence(*left, true, way) && self.is_presence(*right, true, way)
            }
            Expr::Logical {
                op: LogicalOp::Or,
                left,
                right,
            } if !wanted => {
                self.is_presence(*left, false, way) && self.is_presence(*right, false, way)
            }
            Expr::Ref(_) | Expr::Member { .. } if wanted => {
                let value = self.evaluator.expr(self.file(), test);
                value
                    .alternatives()
                    .iter()
                    .all(|value| match self.event_way(value) {
                        Some(tested) => {
                            tested.len() <= way.len()
                                && tested.iter().zip(way).all(|(a, b)| *a == b.as_str())
                        }
                        None => false,
                    })
            }
            _ => false,
        }
    }

    /// The way of a value in the event, if it is a part of it.
    fn event_way<'v>(&self, value: &'v V) -> Option<Vec<&'v str>> {
        let data = match &**value {
            Value::Data(data) => data,
            // The event after assignments is still the event.
            Value::Object(object) => match object.spreads.as_slice() {
                [spread] => return self.event_way(spread),
                _ => return None,
            },
            _ => return None,
        };
        if data.root != Root::Param(self.closure.target, 0) {
            return None;
        }
        let steps = data.steps.iter().map(|step| match step {
            Way::Key(name) => Some(name.as_str()),
            _ => None,
        });
        steps.collect()
    }

    /// It changes nothing of the event, hands it to no function, and gives it back as it came or gives nothing back.
    fn is_idle(&self) -> bool {
        let function = self.closure.target.function;
        let is_event = |value: ExprId| {
            let value = self.evaluator.expr(self.file(), value);
            self.event_way(&value).is_some()
        };
        let is_untouched = self.facts.bindings.iter().all(|binding| {
            let mut changed = binding.writes.iter().map(|write| write.function);
            !changed.any(|at| at == function)
        });
        let hands_on = self.facts.exprs.iter().any(|node| match &node.expr {
            Expr::Call { args, .. } if node.function == function => args.iter().any(
                |arg| matches!(arg, Item::Value(value) | Item::Spread(value) if is_event(*value)),
            ),
            _ => false,
        });
        let returns = &self.facts.function(function).returns;
        is_untouched
            && !hands_on
            && returns
                .iter()
                .all(|value| matches!(self.facts.expr(*value), Expr::Ref(_)) && is_event(*value))
    }

    fn drops(&self, way: &[&str], returns: bool) -> bool {
        let is_gone = self.is_gone(&[], way);
        if !returns || is_gone {
            return is_gone;
        }
        let function = self.facts.function(self.closure.target.function);
        !function.returns.is_empty()
            && function.returns.iter().all(|value| {
                let value = self.evaluator.expr(self.file(), *value);
                !self.keeps(&value, way, 0)
            })
    }

    /// Whether what lies on a way is gone from the part of the event at `from`.
    fn is_gone(&self, from: &[&str], way: &[&str]) -> bool {
        self.gone.iter().any(|gone| {
            gone.len() > from.len()
                && gone.len() <= way.len()
                && gone.iter().zip(from).all(|(a, b)| a == b)
                && gone.iter().zip(way).all(|(a, b)| a == b)
        })
    }

    /// Whether a value may still hold what lay on a way in the event.
    fn keeps(&self, value: &V, way: &[&str], depth: usize) -> bool {
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
                Root::Param(function, 0) if *function == self.closure.target => {
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
