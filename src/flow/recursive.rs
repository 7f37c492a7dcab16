//! Functions of the app that copy what they are given without some keys, at any depth.
//!
//! In: a function that calls itself for the fields of its first parameter. Out: the keys that nothing it gives back has. Such a
//! function is made of itself, so it is read as it is written; what cannot be read so is taken to leave in everything. It
//! leaves alone what a test says of a key (`guards`) and hooks of an SDK (`hooks`).

use std::rc::Rc;

use super::connectives::{is_equality, says};
use super::copiers::Copier;
use super::evaluate::Evaluator;
use super::guards::Keys;
use super::left_out::LeftOut;
use super::value::{FnRef, Value};
use crate::facts::{BindingId, Expr, ExprId, From, FunctionId, Item, Literal, Step, Test};
use crate::source::Span;

/// Tests and choices nested deeper are not read.
const MAX_DEPTH: usize = 8;

/// A test, and how it comes out.
type Told = (ExprId, bool);

impl<'p> Evaluator<'p> {
    /// What a function leaves out of its first argument, if it gives back nothing else than a copy of it.
    pub(super) fn left_out_by(&self, function: FnRef) -> Option<Rc<LeftOut>> {
        if let Some(known) = self.copiers.borrow().get(&function) {
            return known.clone();
        }
        self.copiers.borrow_mut().insert(function, None);
        let copier = Copier::of(self, function);
        let found = copier.read().map(Rc::new);
        self.copiers.borrow_mut().insert(function, found.clone());
        found
    }

    /// Whether what a function gives back at a place is, by the tests around it, no object.
    pub(super) fn gives_no_object(&self, function: FnRef, returned: ExprId) -> bool {
        let copier = Copier::of(self, function);
        let at = copier.facts.span(returned);
        let given = copier.facts.uncast(returned);
        let is_it = |it: ExprId| copier.is_same(it, given);
        // Of one that calls itself, and that is not understood, this may be all that is known.
        !copier.calls_itself() && copier.is_no_object(function.function, at, &[], &is_it)
    }

    /// What the second argument of `JSON.stringify` leaves out at any depth.
    pub(super) fn left_out_by_replacer(&self, function: FnRef) -> Option<Rc<LeftOut>> {
        let copier = Copier::of(self, function);
        let declared = copier.facts.function(function.function);
        let is_key = |it: ExprId| copier.is_param(it, function.function, 0);
        let mut found = Found::default();
        for returned in &declared.returns {
            let at = copier.facts.span(*returned);
            for (leaf, told) in copier.leaves(*returned) {
                if !copier.is_literal(leaf) {
                    found.keep(copier.keys(function.function, at, &told, &is_key));
                }
            }
        }
        found.all().map(Rc::new)
    }
}

/// What all that is kept leaves out.
#[derive(Default)]
struct Found {
    kept: Vec<Vec<Keys>>,
    /// It calls itself for what it keeps.
    recurs: bool,
}

impl Found {
    fn keep(&mut self, keys: Vec<Keys>) {
        self.kept.push(keys);
    }

    /// The keys that are left out wherever something is kept.
    fn all(&self) -> Option<LeftOut> {
        let (first, others) = self.kept.split_first()?;
        let lists = first.iter().filter(|keys| !keys.only);
        let lists: Vec<&Keys> = lists.collect();
        let folding = lists.first()?.folding;
        let everywhere = |name: &str| {
            others.iter().all(|kept| {
                kept.iter().any(|keys| {
                    !keys.only && keys.folding == folding && keys.names.iter().any(|it| it == name)
                })
            })
        };
        let lists = lists.iter().filter(|keys| keys.folding == folding);
        let names = lists.flat_map(|keys| keys.names.iter().cloned());
        let names: Vec<_> = names.filter(|name| everywhere(name)).collect();
        (!names.is_empty()).then_some(LeftOut {
            names,
            folding,
            deep: true,
            ..LeftOut::default()
        })
    }
}

impl Copier<'_, '_> {
    fn read(&self) -> Option<LeftOut> {
        let declared = self.facts.function(self.function);
        if declared.params.is_empty() || declared.returns.is_empty() || !self.calls_itself() {
            return None;
        }
        let mut found = Found::default();
        for returned in &declared.returns {
            let at = self.facts.span(*returned);
            for (leaf, told) in self.leaves(*returned) {
                let is_given = |it: ExprId| self.is_given(it);
                let is_harmless = self.is_literal(leaf)
                    || self.is_no_object(self.function, at, &told, &is_given)
                    || self.is_map_of_itself(leaf);
                if is_harmless {
                    continue;
                }
                match self.facts.expr(leaf) {
                    Expr::Ref(copy) => self.read_copy(*copy, &mut found)?,
                    Expr::Call { args, .. } if self.is_call_of(leaf, "fromEntries") => {
                        self.read_pairs(args, &mut found)?;
                    }
                    _ => return None,
                }
            }
        }
        found.all().filter(|_| found.recurs)
    }

    /// A loop over what is given that fills a copy of it.
    fn read_copy(&self, copy: BindingId, found: &mut Found) -> Option<()> {
        let binding = self.facts.binding(copy);
        let [source] = binding.sources.as_slice() else {
            return None;
        };
        let From::Expr(start) = source.from else {
            return None;
        };
        let starts = self.leaves(start);
        if !starts.iter().all(|(start, _)| self.is_blank(*start)) || binding.writes.is_empty() {
            return None;
        }
        for write in &binding.writes {
            let [Step::Computed(key)] = write.path.as_slice() else {
                return None;
            };
            let Expr::Ref(key) = self.facts.expr(*key) else {
                return None;
            };
            if write.function != self.function || !self.runs_through_keys(*key) {
                return None;
            }
            let key = *key;
            let is_key = |it: ExprId| matches!(self.facts.expr(it), Expr::Ref(it) if *it == key);
            let around = (write.function, write.span);
            self.read_field(write.value?, (around, &[]), &[], &is_key, found)?;
        }
        Some(())
    }

    /// `Object.fromEntries(Object.entries(value).filter(…).map(([key, value]) => [key, …]))`.
    fn read_pairs(&self, args: &[Item], found: &mut Found) -> Option<()> {
        let [Item::Value(pairs)] = args else {
            return None;
        };
        let (mut of, each) = self.method(*pairs, "map")?;
        let mut passing = Vec::new();
        while let Some((entries, predicate)) = self.method(of, "filter") {
            let Value::Function(predicate) = &*self.evaluator.expr(self.file, predicate) else {
                return None;
            };
            passing.extend(self.evaluator.filtered_keys(predicate, true));
            of = entries;
        }
        if !self.is_list_of_given(of) {
            return None;
        }
        let Expr::Function(each) = self.facts.expr(each) else {
            return None;
        };
        let returns = self.facts.function(*each).returns.iter();
        let pairs = returns.flat_map(|returned| {
            let leaves = self.leaves(*returned).into_iter();
            leaves.map(|(pair, told)| (*returned, pair, told))
        });
        for (returned, pair, told) in pairs {
            let Expr::Array(pair) = self.facts.expr(pair) else {
                return None;
            };
            let [Item::Value(key), Item::Value(value)] = pair.as_slice() else {
                return None;
            };
            let Expr::Ref(key) = self.facts.expr(*key) else {
                return None;
            };
            let key = *key;
            let is_key = |it: ExprId| matches!(self.facts.expr(it), Expr::Ref(it) if *it == key);
            let around = (*each, self.facts.span(returned));
            self.read_field(*value, (around, &told), &passing, &is_key, found)?;
        }
        Some(())
    }

    /// What is stored under a key: something fixed, or what the function gives for the field.
    fn read_field(
        &self,
        value: ExprId,
        ((function, at), before): ((FunctionId, Span), &[Told]),
        passing: &[Keys],
        is_key: &dyn Fn(ExprId) -> bool,
        found: &mut Found,
    ) -> Option<()> {
        for (leaf, told) in self.leaves(value) {
            if self.is_literal(leaf) || self.is_flag(leaf) {
                continue;
            }
            if self.is_made_of_field(leaf) {
                found.keep(self.keys(function, at, &told, is_key));
                continue;
            }
            let told = [before, &told].concat();
            let recurs = self.is_own_call(leaf) || self.is_map_of_itself(leaf);
            let is_it = |it: ExprId| self.is_same(it, leaf);
            if !recurs && !self.is_no_object(function, at, &told, &is_it) {
                return None;
            }
            found.recurs |= recurs;
            let mut keys = self.keys(function, at, &told, is_key);
            keys.extend(passing.iter().cloned());
            found.keep(keys);
        }
        Some(())
    }

    /// What the tests around a place, and those of the choices in it, say of a key.
    fn keys(
        &self,
        function: FunctionId,
        at: Span,
        told: &[Told],
        is_key: &dyn Fn(ExprId) -> bool,
    ) -> Vec<Keys> {
        let mut found = Vec::new();
        for (test, wanted) in self.all_told(function, at, told) {
            (self.evaluator).tested_keys(self.file, test, wanted, is_key, &mut found);
        }
        found
    }

    fn all_told(&self, function: FunctionId, at: Span, told: &[Told]) -> Vec<Told> {
        let around = self.facts.guards_around(function, at);
        let around = around.filter_map(|guard| match guard.test {
            Test::Is(test, wanted) => Some((test, wanted)),
            Test::OneOf(..) => None,
        });
        around.chain(told.iter().copied()).collect()
    }

    /// What an expression may give, each with the tests of the choices before it.
    fn leaves(&self, expr: ExprId) -> Vec<(ExprId, Vec<Told>)> {
        let mut found = Vec::new();
        let mut open = vec![(expr, Vec::new())];
        while let Some((expr, told)) = open.pop() {
            match self.facts.expr(expr) {
                Expr::Conditional {
                    test,
                    then,
                    otherwise,
                } if told.len() < MAX_DEPTH => {
                    let with = |wanted| [told.as_slice(), &[(*test, wanted)]].concat();
                    open.extend([(*otherwise, with(false)), (*then, with(true))]);
                }
                Expr::Cast { value, .. } => open.push((*value, told)),
                _ => found.push((expr, told)),
            }
        }
        found
    }

    /// Whether the tests around a place say that a value is no object, and has no fields.
    fn is_no_object(
        &self,
        function: FunctionId,
        at: Span,
        told: &[Told],
        is_it: &dyn Fn(ExprId) -> bool,
    ) -> bool {
        let all = self.all_told(function, at, told);
        let mut all = all.into_iter();
        all.any(|(test, wanted)| self.excludes_objects(test, wanted, is_it, 0))
    }

    fn excludes_objects(
        &self,
        test: ExprId,
        wanted: bool,
        is_it: &dyn Fn(ExprId) -> bool,
        depth: usize,
    ) -> bool {
        let side = |test: ExprId, wanted| self.excludes_objects(test, wanted, is_it, depth + 1);
        if depth > MAX_DEPTH {
            return false;
        }
        if let Some(said) = says(self.facts.expr(test), wanted, side) {
            return said;
        }
        match self.facts.expr(test) {
            Expr::Binary { op, left, right } if matches!(op.as_str(), ">" | ">=") => {
                wanted && self.starts_below(*left, *right)
            }
            Expr::Binary { op, left, right } => {
                let Some(is_same) = is_equality(op) else {
                    return false;
                };
                let is_equal = is_same == wanted;
                match (self.facts.expr(*left), self.facts.expr(*right)) {
                    (Expr::Unary { op, operand }, Expr::Literal(Literal::String(kind)))
                        if op == "typeof" && is_it(*operand) =>
                    {
                        is_equal != (*kind == "object")
                    }
                    (_, Expr::Literal(Literal::Null | Literal::Undefined)) => {
                        is_equal && is_it(*left)
                    }
                    _ => false,
                }
            }
            Expr::Call { callee, args, .. } if !wanted => match args.as_slice() {
                [Item::Value(given)] if is_it(*given) => self.helper_tells(*callee, depth),
                _ => false,
            },
            _ => !wanted && is_it(test),
        }
    }

    /// Whether a test is about how deep a function is in itself, of which nothing that is sent is so deep: a parameter that
    /// counts from a number, and a higher one.
    fn starts_below(&self, counter: ExprId, bound: ExprId) -> bool {
        let Expr::Ref(binding) = self.facts.expr(counter) else {
            return false;
        };
        let [source] = self.facts.binding(*binding).sources.as_slice() else {
            return false;
        };
        let From::Param { function, index } = source.from else {
            return false;
        };
        let number = |expr: ExprId| match &*self.evaluator.expr(self.file, expr) {
            Value::Literal(Literal::Number(number)) => number.parse::<f64>().ok(),
            _ => None,
        };
        let declared = self.facts.function(function).params.get(index as usize);
        let start = source.default.or(declared.and_then(|param| param.default));
        match (start.and_then(number), number(bound)) {
            (Some(start), Some(bound)) => start < bound,
            _ => false,
        }
    }

    /// Whether a function of the app says no only of what is no object.
    fn helper_tells(&self, callee: ExprId, depth: usize) -> bool {
        let Value::Function(closure) = &*self.evaluator.expr(self.file, callee) else {
            return false;
        };
        let helper = Copier::of(self.evaluator, closure.target);
        let is_it = |it: ExprId| helper.is_param(it, helper.function, 0);
        match helper.facts.function(helper.function).returns.as_slice() {
            [test] => helper.excludes_objects(*test, false, &is_it, depth + 1),
            _ => false,
        }
    }
}
