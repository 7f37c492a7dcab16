//! Functions that a library calls to have an answer (`useQuery({ queryKey, queryFn })`, `useSWR(key, load)`, `useAsync(load)`).
//!
//! In: a call by such a rule (`queries`, `fetches`). Out: the function, what it is called with, and what the call gives of its
//! answer. It leaves alone when it is called again, and what is done with the answer where it is asked for (`results`).

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{Spot, V, Value};
use crate::facts::{ExprId, Name};
use crate::ruleset::schema::{Effect, TransformFunction};
use crate::source::FileId;

impl Evaluator<'_> {
    /// The rule of a call that calls a function with the key that it is beside.
    pub(super) fn query(&self, callee: &V) -> Option<&TransformFunction> {
        let rule = self.library.of(callee);
        rule.filter(|rule| rule.does == Effect::Queries)
    }

    /// What the function of a query is called with: the key, which is what is beside the function, or the options' own.
    pub(super) fn query_context(
        &self,
        rule: &TransformFunction,
        given: &V,
        spot: Spot,
    ) -> Option<V> {
        let under = Name::from(rule.under.as_ref()?);
        let key = match &**given {
            Value::Object(_) => self.member(given, &under, spot),
            _ => given.clone(),
        };
        let mut context = Object::default();
        context.set(under, key, false);
        Some(V::new(Value::Object(context)))
    }

    /// The function in the options of a query, and what it is called with.
    pub(super) fn queried(&self, (file, callee): (FileId, ExprId), options: &V) -> Option<(V, V)> {
        if !matches!(&**options, Value::Object(_)) {
            return None;
        }
        let query = self.query(&self.expr(file, callee))?;
        let (function, given) = self.in_options(query, options, self.spot(file, callee))?;
        Some((function, given?))
    }

    /// The function that options hold by a rule, and what it is called with.
    fn in_options(
        &self,
        rule: &TransformFunction,
        options: &V,
        spot: Spot,
    ) -> Option<(V, Option<V>)> {
        let function = self.member(options, &rule.key.as_ref()?.into(), spot);
        Some((function, self.query_context(rule, options, spot)))
    }

    /// What the call gives: what its type says, and under some names the answer itself, where something is known of that.
    pub(super) fn answered(&self, library: &LibraryCall<'_>) -> V {
        let given = self.typed_by(library, library.given());
        let rule = library.rule;
        let Some(answer) = self.answer_of(library) else {
            return given;
        };
        let is_known = |it: &V| match &**it {
            Value::Data(data) => !data.path.is_empty() || data.ty.is_some(),
            Value::Text(_)
            | Value::Object(_)
            | Value::Instance(_)
            | Value::Client(_)
            | Value::Function(_) => true,
            _ => false,
        };
        if rule.members.is_empty() || !answer.alternatives().iter().all(is_known) {
            return given;
        }
        let mut object = Object::default();
        object.spread(&given, false);
        for member in &rule.members {
            object.set(member.into(), answer.clone(), false);
        }
        V::new(Value::Object(object))
    }

    /// What the function answers that is asked.
    fn answer_of(&self, library: &LibraryCall<'_>) -> Option<V> {
        let (rule, args) = (library.rule, library.args);
        let (first, rest) = args.get(rule.arg..)?.split_first()?;
        let (function, given) = match (&**first, rule.does) {
            (Value::Object(_), Effect::Queries) => self.in_options(rule, first, library.spot)?,
            (Value::Function(_), Effect::Queries) => (first.clone(), None),
            (_, Effect::Queries) => (
                rest.first()?.clone(),
                self.query_context(rule, first, library.spot),
            ),
            _ => (rest.first()?.clone(), Some(first.clone())),
        };
        if !matches!(&*function, Value::Function(_)) {
            return None;
        }
        Some(self.apply(&function, given.as_slice(), None))
    }
}
