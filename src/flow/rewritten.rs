//! What is taken out of a text, and what is put into it.
//!
//! In: a text, and a call that puts something in the place of a part of it. Out: the text without values of the classes of which
//! the rules' samples are matched whole by a regular expression for which a constant is put; and what is put, if a run decides
//! that (`"Hello {{name}}".replace("{{name}}", user.name)`). It leaves alone what else a text is made of (`effects`).

use std::rc::Rc;

use regex::{Regex, RegexBuilder};

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::expressions::text;
use super::left_out::{LeftOut, is_global, leaving_out};
use super::value::{Root, Spot, V, Value};
use crate::facts::{Binding, Expr, ExprId, From, Item, Literal, Name};
use crate::ruleset::schema::Effect;
use crate::source::FileId;

/// More replacements one after the other are not read.
const MAX_CHAIN: usize = 30;

impl Evaluator<'_> {
    /// `text.replace(/…/g, "[removed]")`, `"Hello {{name}}".replace("{{name}}", user.name)`
    pub(super) fn rewritten(&self, library: &LibraryCall<'_>, whole: V) -> V {
        let (Some(_), [pattern, by]) = (library.receiver, library.args) else {
            return whole;
        };
        let left = self.taking_out(&self.taken_out(pattern, by), whole);
        match (self.put_in(by, library.spot), &*left) {
            (None, _) => left,
            // A text of which nothing is known may be no more than the mark.
            (Some(given), Value::Data(_)) => V::union([left, given]),
            (Some(given), _) => text([left, given].into_iter()),
        }
    }

    /// What is put in the place of a part of a text, unless it is a constant, or made of that part.
    fn put_in(&self, by: &V, spot: Spot) -> Option<V> {
        let given = self.replacement(by, Some(spot));
        let is_open = |it: &V| match &**it {
            Value::Literal(_) | Value::Nothing => false,
            Value::Data(data) => !matches!(data.root, Root::Unknown(_)),
            _ => true,
        };
        let open = given.alternatives().iter().filter(|it| is_open(it));
        let open = V::union(open.cloned());
        (!open.is_empty()).then_some(open)
    }

    /// A text that is written over by itself (`text = text.replace(…)`), under no condition.
    pub(super) fn rewritten_in_place(&self, file: FileId, binding: &Binding, text: V) -> V {
        if binding.sources.len() < 2 {
            return text;
        }
        let facts = self.program.facts(file);
        let mut taken = LeftOut::default();
        for source in &binding.sources {
            let From::Expr(value) = source.from else {
                continue;
            };
            let mut guards = facts.guards_around(facts.function_of(value), source.span);
            if guards.all(|guard| guard.span.contains(binding.span)) {
                self.read_chain(file, binding, value, &mut taken, 0);
            }
        }
        self.taking_out(&taken, text)
    }

    /// Reads `name.replace(…).replace(…)`; whether it is made of the name.
    fn read_chain(
        &self,
        file: FileId,
        binding: &Binding,
        value: ExprId,
        taken: &mut LeftOut,
        depth: usize,
    ) -> bool {
        let facts = self.program.facts(file);
        match facts.expr(value) {
            Expr::Ref(name) => std::ptr::eq(facts.binding(*name), binding),
            Expr::Cast { value, .. } => self.read_chain(file, binding, *value, taken, depth),
            Expr::Call { callee, args, .. } if depth < MAX_CHAIN => {
                let (Expr::Member { object, name, .. }, [Item::Value(pattern), Item::Value(by)]) =
                    (facts.expr(*callee), args.as_slice())
                else {
                    return false;
                };
                let rule = self.library.method(name);
                if rule.is_none_or(|rule| rule.does != Effect::Rewritten)
                    || !self.read_chain(file, binding, *object, taken, depth + 1)
                {
                    return false;
                }
                let more = self.taken_out(&self.expr(file, *pattern), &self.expr(file, *by));
                taken.classes.extend(more.classes);
                taken.unsure |= more.unsure;
                true
            }
            _ => false,
        }
    }

    fn taking_out(&self, taken: &LeftOut, text: V) -> V {
        if taken.classes.is_empty() && !taken.unsure {
            return text;
        }
        let taken = LeftOut {
            deep: true,
            ..taken.clone()
        };
        leaving_out(&Rc::new(taken), text)
    }

    /// What is taken out where another text is put in the place of what a pattern matches; of a list of patterns, all are used.
    fn taken_out(&self, pattern: &V, by: &V) -> LeftOut {
        let mut taken = LeftOut::default();
        if !self.is_constant_text(by) {
            return taken;
        }
        for pattern in pattern.alternatives() {
            let Value::Literal(Literal::Regex(written)) = &**pattern else {
                continue;
            };
            if !is_global(written) {
                continue;
            }
            match compiled(written) {
                Some(pattern) => taken.classes.extend(self.matched_by(&pattern)),
                None => taken.unsure = true,
            }
        }
        taken
    }

    fn matched_by(&self, pattern: &Regex) -> impl Iterator<Item = Name> {
        let is_whole = |value: &String| {
            let found = pattern.find(value);
            found.is_some_and(|found| found.len() == value.len())
        };
        let samples = self.library.samples.iter();
        samples
            .filter(move |sample| sample.values.iter().all(is_whole))
            .map(|sample| Name::from(&sample.class))
    }

    /// What stands for a part: what is given, or what a function that is given makes of nothing that is known.
    fn replacement(&self, by: &V, spot: Option<Spot>) -> V {
        match by.is_function() {
            true => self.apply(by, &[], spot),
            false => by.clone(),
        }
    }

    /// Whether a replacement holds nothing of what it stands for.
    fn is_constant_text(&self, by: &V) -> bool {
        let given = self.replacement(by, None);
        let mut texts = given.alternatives().iter();
        texts.all(
            |text| matches!(&**text, Value::Literal(Literal::String(text)) if !text.contains('$')),
        )
    }
}

/// A regular expression as this language knows it; none if that is not what it means.
fn compiled(written: &str) -> Option<Regex> {
    let (body, flags) = written.strip_prefix('/')?.rsplit_once('/')?;
    RegexBuilder::new(body)
        .case_insensitive(flags.contains('i'))
        .build()
        .ok()
}
