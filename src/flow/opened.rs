//! Requests whose address an earlier call gave.
//!
//! In: a call of a method. Out: the [`Request`] that it sends, if another call on the same object opened it with a vendor's
//! address (`request.open('POST', url)` before `request.send(body)`, `new WebSocket(url)`, `post(url).send(body)`). It leaves
//! alone requests that name their address themselves (`requests`).

use super::delivery::Place;
use super::evaluate::{Evaluator, callee_names, package_of};
use super::requests::Request;
use super::value::{V, maker_of};
use crate::facts::{Expr, ExprId, FileFacts, From, Item, Name, Step};
use crate::ruleset::schema::{self as ruleset, Role};
use crate::source::FileId;

/// What the rules call the making of an object.
const NEW: &str = "new";
/// Longer chains of calls and members are not followed.
const MAX_CHAIN: usize = 16;

impl<'p> Evaluator<'p> {
    /// The request that a call of a method sends on what was opened before.
    pub(super) fn opened_request(
        &self,
        file: FileId,
        callee: ExprId,
        args: impl FnOnce() -> Vec<V>,
        place: &Place,
    ) -> Option<Request<'p>> {
        let facts = self.program.facts(file);
        let Expr::Member { object, name, .. } = facts.expr(callee) else {
            return None;
        };
        let rules: Vec<&ruleset::Request> = self.library.opened_requests(name).collect();
        let (rule, address) = rules.into_iter().find_map(|rule| {
            let address = match rule.package {
                Some(_) => self.opened_in_chain(file, facts, *object, rule),
                None => self.opened_before(file, facts, *object, rule),
            };
            Some((rule, address?))
        })?;
        let address = self.target(rule, &self.items(file, address), place)?;
        let mut request = self.request_of(rule, name, address, &args(), place)?;
        if self.is_request_to_open(rule) {
            request.leaves.retain(|leaf| leaf.role != Role::Url);
        }
        Some(request)
    }

    /// Whether what opens a request sends one by itself, with all that is in the address.
    fn is_request_to_open(&self, rule: &ruleset::Request) -> bool {
        let mut openers = rule.opened_by.iter();
        openers.any(|opener| {
            let names = [Name::from(opener)];
            self.library
                .request(&names, rule.package.as_deref())
                .is_some()
        })
    }

    /// `post(url).set(…).send(body)`: the call at the start of the chain, which may have a name (`const sent = post(url)`).
    fn opened_in_chain(
        &self,
        file: FileId,
        facts: &'p FileFacts,
        object: ExprId,
        rule: &ruleset::Request,
    ) -> Option<&'p [Item]> {
        let opens = |name: &Name| rule.opened_by.iter().any(|opener| opener == name);
        let is_of_package = |value: &V| package_of(value) == rule.package.as_deref();
        let mut at = object;
        for _ in 0..MAX_CHAIN {
            at = named_call(facts, at)?;
            let Some((object, name, args)) = method_call(facts, at) else {
                let (callee, args) = function_call(facts, at)?;
                let called = self.expr(file, callee);
                let is_opener =
                    is_of_package(&called) && callee_names(&called).last().is_some_and(opens);
                return is_opener.then_some(args);
            };
            if opens(name) && is_of_package(&self.expr(file, object)) {
                return Some(args);
            }
            at = object;
        }
        None
    }

    /// The call that opened an object which a known class made.
    fn opened_before(
        &self,
        file: FileId,
        facts: &'p FileFacts,
        object: ExprId,
        rule: &ruleset::Request,
    ) -> Option<&'p [Item]> {
        let made = self.expr(file, object);
        let is_made = made.alternatives().iter().any(|made| {
            let maker = maker_of(made).map(Name::as_str);
            let mut names = rule.names.iter();
            maker.is_some() && names.any(|name| name.split('.').next() == maker)
        });
        if !is_made {
            return None;
        }
        rule.opened_by
            .iter()
            .find_map(|opener| match opener.as_str() {
                NEW => making(facts, object),
                opener => facts.calls.iter().find_map(|call| {
                    let (other, name, args) = method_call(facts, *call)?;
                    (name == opener && is_same(facts, other, object)).then_some(args)
                }),
            })
    }
}

/// The object, the name and the arguments of a call of a method.
fn method_call(facts: &FileFacts, call: ExprId) -> Option<(ExprId, &Name, &[Item])> {
    let Expr::Call { callee, args, .. } = facts.expr(call) else {
        return None;
    };
    match facts.expr(*callee) {
        Expr::Member { object, name, .. } => Some((*object, name, args)),
        _ => None,
    }
}

/// The function and the arguments of a call that is none of a method.
fn function_call(facts: &FileFacts, call: ExprId) -> Option<(ExprId, &[Item])> {
    match facts.expr(call) {
        Expr::Call { callee, args, .. } => Some((*callee, args)),
        _ => None,
    }
}

/// What a name was given, or an expression itself.
fn named_call(facts: &FileFacts, at: ExprId) -> Option<ExprId> {
    let Expr::Ref(binding) = facts.expr(at) else {
        return Some(at);
    };
    facts.binding(*binding).initial()
}

/// The arguments with which an object was made that a name or a field of `this` holds.
fn making(facts: &FileFacts, object: ExprId) -> Option<&[Item]> {
    let made = match facts.expr(object) {
        Expr::Ref(binding) => {
            let binding = facts.binding(*binding);
            let sources = binding
                .sources
                .iter()
                .filter_map(|source| match source.from {
                    From::Expr(value) if source.path.is_empty() => Some(value),
                    _ => None,
                });
            let writes = binding.writes.iter().filter(|write| write.path.is_empty());
            sources
                .chain(writes.filter_map(|write| write.value))
                .collect()
        }
        Expr::Member { object, name, .. } if matches!(facts.expr(*object), Expr::This) => {
            let is_field = |path: &[Step]| matches!(path, [Step::Key(key)] if key == name);
            let writes = facts.classes.iter().flat_map(|class| &class.writes);
            let writes = writes.filter(|write| is_field(&write.path));
            writes.filter_map(|write| write.value).collect()
        }
        _ => vec![object],
    };
    made.into_iter().find_map(|value| match facts.expr(value) {
        Expr::New { args, .. } => Some(args.as_slice()),
        _ => None,
    })
}

/// Whether two expressions name the same object.
fn is_same(facts: &FileFacts, a: ExprId, b: ExprId) -> bool {
    let (mut a, mut b) = (a, b);
    for _ in 0..MAX_CHAIN {
        match (facts.expr(a), facts.expr(b)) {
            (Expr::Ref(a), Expr::Ref(b)) => return a == b,
            (Expr::This, Expr::This) => return true,
            (Expr::Global(a), Expr::Global(b)) => return a == b,
            (
                Expr::Member {
                    object: in_a,
                    name: of_a,
                    ..
                },
                Expr::Member {
                    object: in_b,
                    name: of_b,
                    ..
                },
            ) if of_a == of_b => (a, b) = (*in_a, *in_b),
            _ => return false,
        }
    }
    false
}
