//! Where the code runs that has to do with vendors.
//!
//! In: what was found of vendors, and the screens of a tree. Out: a [`Side`] for each place at which a vendor's package is
//! imported, started or called. It leaves alone how that is known (`screens/`), and what it means (`assess/`).

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::flow::{Evidence, Flows, Place, SCRIPT, Started, is_script};
use crate::read::Texts;
use crate::ruleset::pages::PageRules;
use crate::screens::{Runs, Screens, Side};
use crate::source::Lines;

/// Of a file in which more functions than this call vendors, the whole is looked at for the others.
const MOST_OF_FILE: usize = 40;

/// Where code of vendors runs.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct RunsAt {
    /// In the order of places.
    sides: Vec<(Place, Side)>,
}

impl RunsAt {
    /// Looks where everything of vendors runs.
    pub fn read(screens: &Screens<'_>, texts: &Texts, flows: &Flows, rules: &PageRules) -> Self {
        let runs = Runs::new(screens, rules);
        let lines = RefCell::new(BTreeMap::new());
        let known = RefCell::new(BTreeMap::new());
        let at = |place: &Place| {
            let Some(file) = texts.get(place.file) else {
                return Side::Pages;
            };
            let mut lines = lines.borrow_mut();
            let (lines, asked) = lines
                .entry(place.file)
                .or_insert_with(|| (Lines::new(&file.text), 0_usize));
            let mut known = known.borrow_mut();
            let side = known
                .entry((place.file, place.symbol.clone()))
                .or_insert_with(|| {
                    *asked += 1;
                    let line = lines.position(place.span.start).line;
                    match *asked > MOST_OF_FILE {
                        true => runs.of_file(place.file),
                        false => runs.on_line(place.file, line),
                    }
                });
            match *side {
                // What such code shows is in the page.
                Side::Rendered if file.slice(place.span).starts_with('<') => Side::Pages,
                side => side,
            }
        };
        let imported = flows.seen.iter().filter_map(|it| {
            let package = it.package.as_deref()?;
            let side = runs.of_import(it.place.file, package);
            (it.evidence == Evidence::Import).then(|| (it.place.clone(), side))
        });
        let started = flows.started.iter().map(|it| {
            let side = match is_element(it, texts) {
                true => Side::Pages,
                false => at(&it.place),
            };
            (it.place.clone(), side)
        });
        let called = flows.calls.iter().filter(|it| !it.surface.is_empty());
        let called = called.map(|it| (it.place.clone(), at(&it.place)));
        let used = started.chain(called);
        let mut sides: Vec<(Place, Side)> = imported.chain(used).collect();
        sides.sort();
        sides.dedup_by(|a, b| a.0 == b.0);
        Self { sides }
    }

    /// On which side a place is; in pages where that was not looked at.
    pub fn side(&self, place: &Place) -> Side {
        let found = self.sides.binary_search_by(|(it, _)| it.cmp(place));
        match found.map(|at| self.sides[at].1) {
            Ok(Side::Rendered) => Side::Server,
            Ok(side) => side,
            Err(_) => Side::Pages,
        }
    }
}

/// Whether an element of a script starts it: wherever that is made, it is in the page.
fn is_element(started: &Started, texts: &Texts) -> bool {
    let file = texts.get(started.place.file);
    started.surface == SCRIPT
        && file.is_some_and(|file| {
            let start = started.place.span.start as usize;
            let before = file.text.get(..start).unwrap_or_default();
            file.slice(started.place.span).starts_with('<') || is_script(before)
        })
}
