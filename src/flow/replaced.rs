//! What an assignment to a part of the event leaves out of it.
//!
//! In: a function that an SDK hands what it sends to, the way of what is assigned to, and the value. Out: [`Gone`]: the ways that
//! are no longer there. Where the value is made of what lay there, it is read as it is written, since its value would be made of
//! itself; what cannot be read so is taken to keep everything. It leaves alone whether the assignment always happens (`certainty`).

use std::rc::Rc;

use super::hooks::{Hook, MAX_HELPERS};
use super::left_out::LeftOut;
use super::value::Value;
use crate::facts::{Entry, Expr, ExprId, From, Item, Key, Name, Step};

/// What is left out of the event: all that lies on a way, but for some of the keys there.
#[derive(Default)]
pub(super) struct Gone {
    pub(super) way: Vec<Name>,
    pub(super) but: Vec<Name>,
    /// Only these keys below the way.
    pub(super) only: Option<Rc<LeftOut>>,
}

impl Gone {
    /// Whether it takes what lies on a way from the part of the event at `from`.
    pub(super) fn takes(&self, from: &[&str], way: &[&str]) -> bool {
        let gone = &self.way;
        let agrees_with = |other: &[&str]| gone.iter().zip(other).all(|(a, b)| a == b);
        if let Some(only) = &self.only {
            let below = way.get(gone.len()..).unwrap_or_default().iter();
            let below: Vec<Name> = below.map(|name| Name::from(*name)).collect();
            return gone.len() >= from.len() && agrees_with(way) && only.is_on(&below);
        }
        let is_kept = match way.get(gone.len()) {
            Some(next) => self.but.iter().any(|name| name == next),
            None => !self.but.is_empty(),
        };
        let is_between = from.len() < gone.len() && gone.len() <= way.len();
        is_between && !is_kept && agrees_with(from) && agrees_with(way)
    }
}

impl Hook<'_, '_> {
    /// What is no longer there once a value is assigned to a way, or nothing is (`delete`).
    pub(super) fn left_out(&self, way: Vec<Name>, value: Option<ExprId>) -> Vec<Gone> {
        let whole = |way| {
            vec![Gone {
                way,
                ..Gone::default()
            }]
        };
        let Some(written) = value else {
            return whole(way);
        };
        if !self.is_made_of(written, &way, 0) {
            let value = self.evaluator.expr(self.file(), written);
            let names: Vec<&str> = way.iter().map(Name::as_str).collect();
            return match self.keeps(&value, &names, 0) {
                true => Vec::new(),
                false => whole(way),
            };
        }
        // Where it is made of what lay there, it is read as it is written: its value would be made of itself.
        let mut literal = written;
        while let Expr::Cast { value, .. } = self.facts.expr(literal) {
            literal = *value;
        }
        if let Some(only) = self.copied_without(literal, &way) {
            return vec![Gone {
                way,
                only: Some(only),
                ..Gone::default()
            }];
        }
        let Expr::Object(entries) = self.facts.expr(literal) else {
            let rest = self.rest_of(literal, &way).unwrap_or_default();
            return rest
                .iter()
                .flat_map(|name| whole([way.as_slice(), std::slice::from_ref(name)].concat()))
                .collect();
        };
        let mut replaced = Vec::new();
        let mut but = Vec::new();
        let mut is_spread = false;
        for entry in entries {
            match entry {
                Entry::Property {
                    key: Key::Name(name),
                    value,
                    ..
                } => {
                    let is_kept = self.is_made_of(*value, &way, 0);
                    let into = if is_kept { &mut but } else { &mut replaced };
                    into.push(name.clone());
                }
                Entry::Spread(of) if !self.is_made_of(*of, &way, 0) => {}
                // What it holds comes over what stood before it.
                Entry::Spread(_) => {
                    is_spread = true;
                    replaced.clear();
                }
                Entry::Property { .. } => return Vec::new(),
            }
        }
        if !is_spread {
            return vec![Gone {
                way,
                but,
                only: None,
            }];
        }
        let replaced = replaced.into_iter().filter(|name| !but.contains(name));
        replaced
            .map(|name| Gone {
                way: [way.as_slice(), &[name]].concat(),
                ..Gone::default()
            })
            .collect()
    }

    /// What a function of the app that copies what lies on a way leaves out of it.
    fn copied_without(&self, expr: ExprId, way: &[Name]) -> Option<Rc<LeftOut>> {
        let Expr::Call { callee, args, .. } = self.facts.expr(expr) else {
            return None;
        };
        let Some(Item::Value(given)) = args.first() else {
            return None;
        };
        match &*self.evaluator.expr(self.file(), *callee) {
            Value::Function(closure) if self.written_way(*given, 0)? == way => {
                self.evaluator.left_out_by(closure.target)
            }
            _ => None,
        }
    }

    /// The keys that are not in what a pattern leaves of the part of the event that lies on a way (`{ email, ...rest }`).
    fn rest_of(&self, expr: ExprId, way: &[Name]) -> Option<&[Name]> {
        let Expr::Ref(binding) = self.facts.expr(expr) else {
            return None;
        };
        let [source] = self.facts.binding(*binding).sources.as_slice() else {
            return None;
        };
        match (source.from, source.path.as_slice()) {
            (From::Expr(of), [Step::RestOf(names)]) => {
                (self.written_way(of, 0)? == way).then_some(names)
            }
            _ => None,
        }
    }

    /// Whether an expression is written with what lies on a way, or around it.
    fn is_made_of(&self, expr: ExprId, way: &[Name], depth: usize) -> bool {
        let within = self.facts.span(expr);
        let mut parts = (0..).map(ExprId).zip(&self.facts.exprs);
        parts.any(|(part, node)| {
            if !within.contains(node.span) {
                return false;
            }
            let written = self.written_way(part, 0);
            if written.is_some_and(|it| it.len() <= way.len() && way.starts_with(&it)) {
                return true;
            }
            let Expr::Ref(binding) = node.expr else {
                return false;
            };
            let mut sources = self.facts.binding(binding).sources.iter();
            sources.any(|source| match source.from {
                From::Expr(from) if depth < MAX_HELPERS => {
                    !self.facts.span(from).contains(within) && self.is_made_of(from, way, depth + 1)
                }
                _ => false,
            })
        })
    }
}
