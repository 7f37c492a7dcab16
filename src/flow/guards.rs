//! What conditions say of the calls and assignments under them.
//!
//! In: a place in a function with the arguments of one of its calls, or a key that a loop or filter tests. Out: whether the
//! place can be reached with these arguments; which keys pass the test. It leaves alone everything that is not a comparison
//! with constants: an unknown condition may hold.

use std::iter;
use std::rc::Rc;

use super::absent::Given;
use super::alike::unconditional;
use super::conditions::{is_among, is_true, when};
use super::connectives::{is_equality, outcome};
use super::evaluate::{Evaluator, words_of};
use super::kinds::{Maker, agreed, kinds_of};
use super::left_out::{Folding, LeftOut, leaving_out};
use super::production::told_apart;
use super::told::KeyTest;
use super::value::{Closure, FnRef, Frames, Spot, V, Value};
use crate::facts::{Expr, ExprId, FileFacts, From, Item, Literal, LogicalOp, Name, Step, Test};
use crate::source::{FileId, Span};

/// Conditions nested deeper than this are taken as unknown.
const MAX_DEPTH: usize = 12;

/// Which keys are left.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Keys {
    pub names: Vec<Name>,
    /// How a key is changed before it is looked up among the names.
    pub folding: Folding,
    /// Only these are left, or else all others.
    pub only: bool,
}

/// What a test says of an expression.
pub(super) struct Comparison {
    pub subject: ExprId,
    pub says: Says,
    /// It is so, or else it is not.
    pub holds: bool,
}

/// A call of a function whose conditions are looked at.
#[derive(Clone, Copy)]
pub(super) struct Called<'a> {
    pub file: FileId,
    pub frames: &'a Frames,
    /// What of the arguments is followed.
    pub value: Option<&'a V>,
}

/// What an expression may be.
#[derive(Debug, Clone)]
pub(super) enum Says {
    /// One of these words.
    Among(Vec<Name>),
    /// True.
    True,
    /// Made by this.
    Made(Maker),
}

impl Evaluator<'_> {
    /// Whether a place in a function can be reached when the function is called with these arguments, by one value if it is
    /// about that one.
    pub(super) fn is_reached(
        &self,
        function: FnRef,
        at: Span,
        frames: &Frames,
        value: Option<&V>,
    ) -> bool {
        self.reaches(function, at, frames, value) != Some(false)
    }

    /// The same; none if the arguments do not tell.
    pub(super) fn reaches(
        &self,
        function: FnRef,
        at: Span,
        frames: &Frames,
        value: Option<&V>,
    ) -> Option<bool> {
        let facts = self.program.facts(function.file);
        let called = Called {
            file: function.file,
            frames,
            value: value.map(unconditional),
        };
        let mut is_told = true;
        for guard in facts.guards_around(function.function, at) {
            match self.comes_out(called, &guard.test) {
                Some(false) => return Some(false),
                Some(true) => {}
                None => is_told = false,
            }
        }
        is_told.then_some(true)
    }

    fn comes_out(&self, called: Called<'_>, test: &Test) -> Option<bool> {
        match test {
            Test::Is(test, wanted) => Some(self.holds(called, *test, 0)? == *wanted),
            Test::OneOf(subject, values, wanted) => {
                if !self.is_decided(called.file, iter::once(subject).chain(values)) {
                    return None;
                }
                let subject = self.words(called, *subject)?;
                let mut all = Vec::new();
                for value in values {
                    all.extend(self.words(called, *value)?);
                }
                Some(is_among(&subject, &all)? == *wanted)
            }
        }
    }

    /// What is tested of an expression: all that it may be, or the value that it is about.
    fn tested(&self, called: Called<'_>, subject: ExprId) -> V {
        let subject = self.expr(called.file, subject);
        let one = called.value.filter(|value| {
            let among = subject.alternatives();
            among.len() > 1 && among.iter().any(|it| is_same(it, value))
        });
        self.substitute(one.unwrap_or(&subject), called.frames)
    }

    /// Whether a test holds, if the arguments tell.
    pub(super) fn holds(&self, called: Called<'_>, test: ExprId, depth: usize) -> Option<bool> {
        let Called { file, frames, .. } = called;
        if depth > MAX_DEPTH {
            return None;
        }
        if let Some((subject, maker)) = self.asks_for_maker(file, test) {
            if self.is_absent(file, subject, frames) {
                return Some(false);
            }
            return self.is_made_by(maker, &self.tested(called, subject));
        }
        let facts = self.program.facts(file);
        let side = |test: ExprId| self.holds(called, test, depth + 1);
        if let Some(told) = outcome(facts.expr(test), side) {
            return told;
        }
        if let Some(asked) = KeyTest::of(facts, test) {
            return self.has_key(&self.tested(called, asked.object), &asked.key);
        }
        match facts.expr(test) {
            Expr::Binary { op, left, right } => {
                let wants_same = is_equality(op)?;
                if let Some(is_same) = self.is_nothing(called, op, *left, *right) {
                    return Some(is_same == wants_same);
                }
                if !self.is_decided(file, [left, right]) {
                    return None;
                }
                if self.is_of_other_kind(called, *left, *right) {
                    return Some(!wants_same);
                }
                let left = self.words(called, *left)?;
                let right = self.words(called, *right)?;
                // One of several words need not be the one on the other side.
                let is_same = is_among(&left, &right).filter(|same| !same || right.len() == 1)?;
                Some(is_same == wants_same)
            }
            Expr::Call { callee, args, .. } => {
                if let Expr::Member { object, name, .. } = facts.expr(*callee)
                    && name == "startsWith"
                    && let [Item::Value(start)] = args.as_slice()
                {
                    let starts = self.words(called, *start)?;
                    let [start] = starts.as_slice() else {
                        return None;
                    };
                    return starts_with(&self.tested(called, *object), start);
                }
                if let Expr::Member { object, name, .. } = facts.expr(*callee)
                    && name == "includes"
                    && let [Item::Value(word)] = args.as_slice()
                    && let Expr::Literal(Literal::String(word)) = facts.expr(*word)
                    && self.is_decided(file, [object])
                    && let Some(has) = self.text_has(&self.tested(called, *object), word)
                {
                    return Some(has);
                }
                if matches!(facts.expr(*callee), Expr::Ref(_)) {
                    return self.is_answered(called, test, depth);
                }
                let (list, [Item::Value(word)]) = (membership(facts, *callee)?, args.as_slice())
                else {
                    return None;
                };
                let list = self.listed_keys(&self.expr(file, list))?;
                is_among(&self.words(called, *word)?, &list)
            }
            _ if matches!(
                self.given_in(file, test, frames),
                Some(Given::Absent | Given::Null)
            ) =>
            {
                Some(false)
            }
            // A test that is kept under a name.
            Expr::Ref(binding) => {
                let told = self.says_of_itself(called, test);
                told.or_else(|| side(facts.constant(*binding)?))
            }
            _ => self.says_of_itself(called, test),
        }
    }

    fn says_of_itself(&self, called: Called<'_>, test: ExprId) -> Option<bool> {
        if !self.is_decided(called.file, [&test]) {
            return None;
        }
        is_true(&self.substitute(&self.expr(called.file, test), called.frames))
    }

    /// Whether the arguments decide what is compared, or else the declarations of all of it do. What the app keeps (a flag in
    /// a store, a field of an object) begins with a value that is written down, and may have changed by the time of the call.
    fn is_decided<'e>(
        &self,
        file: FileId,
        compared: impl IntoIterator<Item = &'e ExprId, IntoIter: Clone>,
    ) -> bool {
        let facts = self.program.facts(file);
        let mut compared = compared.into_iter().map(|it| match facts.expr(*it) {
            Expr::Unary { op, operand } if op == "typeof" => operand,
            _ => it,
        });
        let depends = |expr: &ExprId| self.expr(file, *expr).alternatives().iter().any(is_given);
        compared.clone().any(depends) || compared.all(|expr| self.shapes.is_literal(file, *expr))
    }

    /// Whether what a call gives or leaves out is the nothing that it is compared with (`email === undefined`, `email == null`).
    fn is_nothing(
        &self,
        called: Called<'_>,
        op: &Name,
        left: ExprId,
        right: ExprId,
    ) -> Option<bool> {
        let is_strict = op.len() > "==".len();
        let nothing = match self.program.facts(called.file).expr(right) {
            Expr::Literal(Literal::Undefined) => Given::Absent,
            Expr::Literal(Literal::Null) => Given::Null,
            _ => return None,
        };
        let given = self.given_in(called.file, left, called.frames)?;
        Some(given == nothing || !is_strict && given != Given::Something)
    }

    /// Whether it is asked if something is an object (`typeof value === 'object'`) that by its type is none.
    fn is_of_other_kind(&self, called: Called<'_>, left: ExprId, right: ExprId) -> bool {
        let facts = self.program.facts(called.file);
        match (facts.expr(left), facts.expr(right)) {
            (Expr::Unary { op, operand }, Expr::Literal(Literal::String(kind))) => {
                let is_object = || self.is_made_by(Maker::Object, &self.tested(called, *operand));
                op == "typeof" && kind == "object" && is_object() == Some(false)
            }
            _ => false,
        }
    }

    /// The words that an expression can be, if all are known.
    fn words(&self, called: Called<'_>, expr: ExprId) -> Option<Vec<Name>> {
        let Called { file, frames, .. } = called;
        if let Expr::Unary { op, operand } = self.program.facts(file).expr(expr)
            && op == "typeof"
        {
            if self.is_absent(file, *operand, frames) {
                return Some(vec![Name::const_new("undefined")]);
            }
            return kinds_of(&self.tested(called, *operand));
        }
        let value = self.substitute(&self.expr(file, expr), frames);
        if is_number(&value) && self.is_counted(file, expr) {
            return None;
        }
        words_of(&value).or_else(|| self.words_by_type(&value))
    }

    /// The keys that pass the tests around an assignment, if they compare the name that holds the key.
    pub(super) fn guarded_keys(&self, file: FileId, at: Span, key: ExprId) -> Vec<Keys> {
        let facts = self.program.facts(file);
        let Expr::Ref(wanted) = facts.expr(key) else {
            return Vec::new();
        };
        let is_key = |it: ExprId| matches!(facts.expr(it), Expr::Ref(binding) if binding == wanted);
        let mut found = Vec::new();
        for guard in facts.guards.iter().filter(|it| it.span.contains(at)) {
            if let Test::Is(test, wanted) = guard.test {
                self.tested_keys(file, test, wanted, &is_key, &mut found);
            }
        }
        found
    }

    /// The keys for which a test comes out as wanted, if it compares the name that holds the key.
    pub(super) fn keys_if(
        &self,
        file: FileId,
        test: ExprId,
        wanted: bool,
        key: ExprId,
    ) -> Vec<Keys> {
        let facts = self.program.facts(file);
        let Expr::Ref(held) = facts.expr(key) else {
            return Vec::new();
        };
        let is_key = |it: ExprId| matches!(facts.expr(it), Expr::Ref(binding) if binding == held);
        let mut found = Vec::new();
        self.tested_keys(file, test, wanted, &is_key, &mut found);
        found
    }

    /// The keys that an assignment in a loop overwrites with nothing that tells: those for which the only test around it holds.
    pub(super) fn overwritten_keys(
        &self,
        file: FileId,
        (declared, at): (Span, Span),
        key: ExprId,
    ) -> Option<Keys> {
        let facts = self.program.facts(file);
        let guards = facts.guards.iter();
        let mut inside = guards.filter(|it| it.span.contains(at) && !it.span.contains(declared));
        let only = inside.next()?;
        let Test::Is(test, wanted) = only.test else {
            return None;
        };
        let is_one = matches!(
            facts.expr(told_apart(facts, test)),
            Expr::Call { .. } | Expr::Binary { .. } | Expr::Unary { .. }
        );
        if !is_one || inside.next().is_some() {
            return None;
        }
        match self.keys_if(file, test, wanted, key).as_slice() {
            [keys] if keys.only => Some(keys.clone()),
            _ => None,
        }
    }

    /// The keys that a predicate over keys or entries lets through.
    pub(super) fn filtered_keys(&self, predicate: &Closure, of_entries: bool) -> Vec<Keys> {
        let file = predicate.target.file;
        let facts = self.program.facts(file);
        let way: &[Step] = if of_entries { &[Step::Index(0)] } else { &[] };
        let is_param = |source: From| {
            source
                == From::Param {
                    function: predicate.target.function,
                    index: 0,
                }
        };
        let is_key = |it: ExprId| match facts.expr(it) {
            Expr::Ref(binding) => facts
                .binding(*binding)
                .sources
                .iter()
                .any(|source| is_param(source.from) && source.path == way),
            Expr::Index { object, index } if of_entries => {
                let is_first =
                    matches!(facts.expr(*index), Expr::Literal(Literal::Number(at)) if at == "0");
                is_first
                    && matches!(facts.expr(*object), Expr::Ref(binding)
                        if facts.binding(*binding).sources.iter().any(|it| is_param(it.from)))
            }
            _ => false,
        };
        let mut found = Vec::new();
        if let [test] = facts.function(predicate.target.function).returns.as_slice() {
            self.tested_keys(file, *test, true, &is_key, &mut found);
        }
        found
    }

    /// Reads what a test says of a key; what it does not say is left open.
    pub(super) fn tested_keys(
        &self,
        file: FileId,
        test: ExprId,
        wanted: bool,
        is_key: &dyn Fn(ExprId) -> bool,
        found: &mut Vec<Keys>,
    ) {
        let compared = self.comparisons(file, test, wanted).into_iter();
        for it in compared {
            let Says::Among(names) = it.says else {
                continue;
            };
            let folding = if is_key(it.subject) {
                Folding::default()
            } else {
                match self.folded(file, it.subject) {
                    Some((key, folding)) if is_key(key) => folding,
                    _ => continue,
                }
            };
            found.push(Keys {
                names,
                folding,
                only: it.holds,
            });
        }
    }

    /// What a test says of the expressions that it compares with words.
    pub(super) fn compared_by(&self, file: FileId, test: &Test) -> Vec<Comparison> {
        match test {
            Test::Is(test, wanted) => self.comparisons(file, *test, *wanted),
            Test::OneOf(subject, values, holds) => {
                let words = values.iter().map(|word| words_of(&self.expr(file, *word)));
                let words: Option<Vec<Vec<Name>>> = words.collect();
                let compared = words.map(|words| Comparison {
                    subject: *subject,
                    says: Says::Among(words.concat()),
                    holds: *holds,
                });
                compared.into_iter().collect()
            }
        }
    }

    /// What a test that comes out as wanted says of the expressions that it compares with words.
    pub(super) fn comparisons(&self, file: FileId, test: ExprId, wanted: bool) -> Vec<Comparison> {
        self.comparisons_within(file, test, wanted, 0)
    }

    pub(super) fn comparisons_within(
        &self,
        file: FileId,
        test: ExprId,
        wanted: bool,
        depth: usize,
    ) -> Vec<Comparison> {
        let facts = self.program.facts(file);
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut tests = vec![(test, wanted)];
        while let Some((test, wanted)) = tests.pop() {
            if let Some((subject, maker)) = self.asks_for_maker(file, test) {
                found.push(Comparison {
                    subject,
                    says: Says::Made(maker),
                    holds: wanted,
                });
                continue;
            }
            match facts.expr(test) {
                Expr::Unary { op, operand } if op == "!" => tests.push((*operand, !wanted)),
                // Both sides of `a && b` hold if it does; neither of `a || b` does if it does not.
                Expr::Logical { op, left, right }
                    if wanted == (*op == LogicalOp::And) && *op != LogicalOp::Nullish =>
                {
                    tests.extend([(*left, wanted), (*right, wanted)]);
                }
                Expr::Logical { .. } => {
                    // Of two sides one is known where the app runs for its users, and the other decides.
                    let deciding = told_apart(facts, test);
                    if deciding != test {
                        tests.push((deciding, wanted));
                    } else {
                        found.extend(self.one_of_several(file, test, wanted, depth));
                    }
                }
                Expr::Binary { op, left, right } => {
                    let Some(is_same) = is_equality(op) else {
                        continue;
                    };
                    for (subject, word) in [(*left, *right), (*right, *left)] {
                        if is_plain(facts.expr(subject))
                            && is_plain(facts.expr(word))
                            && let word = self.expr(file, word)
                            && let Some(words) = words_of(&word)
                            && !(is_number(&word) && self.is_counted(file, subject))
                        {
                            found.push(Comparison {
                                subject,
                                says: Says::Among(words),
                                holds: is_same == wanted,
                            });
                        }
                    }
                }
                Expr::Call { callee, args, .. } => {
                    if let (Some(list), [Item::Value(subject)]) =
                        (membership(facts, *callee), &args[..])
                        && let Some(words) = self.listed_keys(&self.expr(file, list))
                    {
                        found.push(Comparison {
                            subject: facts.uncast(*subject),
                            says: Says::Among(words),
                            holds: wanted,
                        });
                    } else if matches!(facts.expr(*callee), Expr::Ref(_)) {
                        found.extend(self.asked_of_predicate(file, test, wanted, depth));
                    }
                }
                Expr::Ref(_) | Expr::Member { .. } => found.push(Comparison {
                    subject: test,
                    says: Says::True,
                    holds: wanted,
                }),
                _ => {}
            }
        }
        found
    }

    /// What is left of an object, or of its keys or fields, when only some keys pass.
    pub(super) fn restricted(&self, value: &V, keys: &[Keys], spot: Spot) -> V {
        match &**value {
            Value::KeysOf(object) => {
                V::new(Value::KeysOf(self.restricted_object(object, keys, spot)))
            }
            Value::FieldsOf(object) => {
                V::new(Value::FieldsOf(self.restricted_object(object, keys, spot)))
            }
            Value::Array(parts) => V::new(Value::Array(
                parts
                    .iter()
                    .map(|part| self.restricted(part, keys, spot))
                    .collect(),
            )),
            Value::When(condition, inner) => when(condition, self.restricted(inner, keys, spot)),
            Value::Changed(change, inner) => {
                V::new(Value::Changed(*change, self.restricted(inner, keys, spot)))
            }
            Value::Union(parts) => {
                V::union(parts.iter().map(|part| self.restricted(part, keys, spot)))
            }
            _ => value.clone(),
        }
    }

    pub(super) fn restricted_object(&self, object: &V, keys: &[Keys], spot: Spot) -> V {
        keys.iter().fold(object.clone(), |left, keys| {
            let is_exact = keys.folding == Folding::default();
            match (keys.only, is_exact) {
                (true, true) => self.only(&left, &keys.names, spot),
                (false, true) => self.without(&left, &keys.names),
                (false, false) => {
                    let left_out = LeftOut {
                        names: keys.names.clone(),
                        folding: keys.folding,
                        ..LeftOut::default()
                    };
                    leaving_out(&Rc::new(left_out), left)
                }
                // Which keys are written so that they pass, only a run knows.
                (true, false) => left,
            }
        })
    }
}

/// What a test is about.
pub(super) fn expressions_of(test: &Test) -> Vec<ExprId> {
    match test {
        Test::Is(test, _) => vec![*test],
        Test::OneOf(subject, ..) => vec![*subject],
    }
}

/// Whether a value is an argument or a part of one; what a function gives that is handed over may be something else each time.
fn is_given(value: &V) -> bool {
    value.is_symbolic() && !matches!(&**value, Value::Data(data) if data.is_called())
}

/// Whether two values are the same part of an argument.
fn is_same(one: &V, other: &V) -> bool {
    match (&**one, &**other) {
        (Value::Data(one), Value::Data(other)) => {
            one.root == other.root && one.steps == other.steps
        }
        _ => false,
    }
}

/// Whether a text starts with another one, as far as its own start is written down; whatever it is, if it may be several.
fn starts_with(value: &V, start: &str) -> Option<bool> {
    agreed(value.alternatives().iter().map(|value| {
        let mut known = String::new();
        let is_whole = read_start(value, &mut known);
        match (known.starts_with(start), start.starts_with(&known)) {
            (true, _) => Some(true),
            (false, true) if !is_whole => None,
            _ => Some(false),
        }
    }))
}

/// Reads the start of a text up to what only a run knows; whether that is all of it.
fn read_start(value: &V, text: &mut String) -> bool {
    match &**value {
        Value::Literal(Literal::String(piece)) => {
            text.push_str(piece);
            true
        }
        Value::Text(parts) => parts.iter().all(|part| read_start(part, text)),
        _ => false,
    }
}

/// The list of `list.includes(…)` and `set.has(…)`.
fn membership(facts: &FileFacts, callee: ExprId) -> Option<ExprId> {
    match facts.expr(callee) {
        Expr::Member { object, name, .. } if matches!(name.as_str(), "includes" | "has") => {
            Some(*object)
        }
        _ => None,
    }
}

/// A name or a text: all that a comparison is understood of, and nothing that takes long to find out.
fn is_plain(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Ref(_)
            | Expr::Member { .. }
            | Expr::Index { .. }
            | Expr::Literal(Literal::String(_) | Literal::Number(_))
    )
}

fn is_number(value: &V) -> bool {
    let mut alternatives = value.alternatives().iter();
    alternatives.any(|it| matches!(&**it, Value::Literal(Literal::Number(_))))
}
