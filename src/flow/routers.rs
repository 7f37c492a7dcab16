//! Routers that are mounted below a path (`app.use('/api', router)`).
//!
//! In: which router is mounted where, and the routes that are registered with routers. Out: the routes at the whole paths that
//! they answer, and the names by which files that mount a router take it from others. It leaves alone what answers a route
//! (`served`).

use std::collections::BTreeSet;

use super::alike::unconditional;
use super::evaluate::Evaluator;
use super::listeners::Listeners;
use super::served::Route;
use super::terms::{Term, terms_of_export};
use super::value::{FnRef, Root, Spot, V, Value};
use crate::facts::{Expr, ExprId, MemberKind, Name};
use crate::source::FileId;

/// Routers are mounted on others this deep, and in so many places.
const MAX_DEPTH: usize = 4;
const MAX_PLACES: usize = 8;

/// Where routers are mounted.
#[derive(Default)]
pub(super) struct Routers(Vec<Mount>);

struct Mount {
    router: Spot,
    path: Vec<Name>,
    on: Option<Spot>,
}

impl Routers {
    /// Notes that a router is mounted below a path, on another one.
    pub(super) fn mount(&mut self, router: Spot, path: Vec<Name>, on: Option<Spot>) {
        self.0.push(Mount { router, path, on });
    }

    /// The paths below which a router is mounted.
    fn paths(&self, router: Spot, depth: usize) -> Vec<Vec<Name>> {
        let mounted = self.0.iter().filter(|mount| mount.router == router);
        let paths = mounted.take(MAX_PLACES).flat_map(|mount| {
            let above = match mount.on {
                Some(on) if depth < MAX_DEPTH => self.paths(on, depth + 1),
                _ => Vec::new(),
            };
            let below = |above: &[Name]| [above, &mount.path].concat();
            match above.as_slice() {
                [] => vec![below(&[])],
                above => above.iter().map(|it| below(it)).collect(),
            }
        });
        paths.take(MAX_PLACES).collect()
    }
}

impl Listeners {
    /// Adds the routes of routers at the paths below which these are mounted.
    pub(super) fn mount_routes(&mut self) {
        let whole: Vec<Route> = self
            .routes
            .iter()
            .filter_map(|route| Some((route, route.on?)))
            .flat_map(|(route, on)| {
                let above = self.routers.paths(on, 0).into_iter();
                above.map(|above| route.below(&above))
            })
            .collect();
        self.routes.extend(whole);
    }

    /// The names by which other files take routers, with which a function is registered that leads to a vendor.
    pub(super) fn routers_led(
        &self,
        evaluator: &Evaluator<'_>,
        leads: impl Fn(FnRef) -> bool,
    ) -> BTreeSet<Term> {
        let made: BTreeSet<Spot> = self.led(leads).filter_map(|route| route.on).collect();
        let mut terms = BTreeSet::new();
        for spot in made {
            let facts = evaluator.program.facts(spot.file);
            for export in &facts.exports {
                let Some(definition) = evaluator.program.exported(spot.file, export) else {
                    continue;
                };
                if made_at(&evaluator.definition(&definition, spot)) == Some(spot) {
                    terms.extend(terms_of_export(evaluator, spot.file, export));
                }
            }
        }
        terms
    }
}

/// Where the router is made that an expression stands for, by itself or by the getter of a class
/// (`app.use('/api', this.users.router)`).
pub(super) fn router_of(evaluator: &Evaluator<'_>, file: FileId, expr: ExprId) -> Option<Spot> {
    let made = made_at(&evaluator.expr(file, expr));
    made.or_else(|| {
        let Expr::Member { object, name, .. } = evaluator.program.facts(file).expr(expr) else {
            return None;
        };
        let holder = evaluator.holder(&evaluator.expr(file, *object))?;
        let (file, member) = evaluator.find_member(holder.class.0, holder.class.1, name, false)?;
        match member.kind {
            MemberKind::Getter(function) => made_at(&evaluator.result(FnRef { file, function })),
            _ => None,
        }
    })
}

/// Where a router is made; none if that is not known.
pub(super) fn made_at(value: &V) -> Option<Spot> {
    match &**unconditional(value) {
        Value::Data(data) if data.root == Root::Call && data.steps.is_empty() => Some(data.spot),
        _ => None,
    }
}
