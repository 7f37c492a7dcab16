//! Which SDKs are loaded, and what shows it best.
//!
//! In: imports, scripts, calls and starts of vendors, and where their code runs. Out: [`Loaded`], one for each vendor. It leaves
//! alone what they collect (`auto`).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Rules;
use super::auto::is_made;
use crate::flow::{Evidence, Flows, Place};
use crate::outsiders::OUTSIDE;
use crate::pages::{Pages, RunsAt, Standing};
use crate::read::Texts;
use crate::screens::Side;

/// An SDK that is loaded.
pub(super) struct Loaded<'a> {
    /// The place that shows it best.
    pub(super) place: &'a Place,
    /// All that shows it are calls that are made only where the code finds it there.
    pub(super) is_probed: bool,
}

/// All of them, by vendor.
pub(super) type AllLoaded<'a> = BTreeMap<&'a str, Loaded<'a>>;

/// How well a place shows that an SDK is loaded: in pages first, then in the app itself, then by its evidence, then by the order of places.
type Rank<'a> = (Reverse<Side>, Standing, u8, &'a Place);

const IMPORT: u8 = 0;
const SCRIPT: u8 = 1;
const CALL: u8 = 2;
const START: u8 = 3;
const PROBE: u8 = 4;

/// Vendors whose SDK is loaded, each with the place that shows it best: in pages before servers, and there the first import,
/// else script, else call. What only developers run loads none; nor does a package that others install by looking for one in
/// their pages.
pub(super) fn loaded<'a>(
    flows: &'a Flows,
    runs: &RunsAt,
    is_published: &dyn Fn(&Place) -> bool,
    standing: &dyn Fn(&Place) -> Standing,
) -> AllLoaded<'a> {
    let mut found: BTreeMap<&str, BTreeSet<Rank<'_>>> = BTreeMap::new();
    let seen = flows.seen.iter().filter_map(|seen| {
        let rank = match seen.evidence {
            Evidence::Import => IMPORT,
            Evidence::Script => SCRIPT,
            Evidence::Call
            | Evidence::Package
            | Evidence::Lock
            | Evidence::Host
            | Evidence::Hub => return None,
        };
        Some((&seen.vendor, rank, &seen.place))
    });
    // A request by hand is a call of the vendor, and no part of its SDK; what others' packages use is not known.
    let is_of_sdk = |surface: &str| !surface.is_empty() && surface != OUTSIDE;
    let calls = flows.calls.iter().filter(|call| is_of_sdk(&call.surface));
    let calls = calls.filter_map(|call| {
        let rank = if call.probes { PROBE } else { CALL };
        let is_of_others = call.probes && is_published(&call.place);
        (!is_of_others).then_some((&call.vendor, rank, &call.place))
    });
    let started = flows.started.iter().filter(|it| is_made(it, runs));
    let started = started.map(|started| (&started.vendor, START, &started.place));
    for (vendor, rank, place) in seen.chain(calls).chain(started) {
        let side = runs.side(place);
        if side != Side::Tool && (rank != SCRIPT || side == Side::Pages) {
            let places = found.entry(vendor).or_default();
            places.insert((Reverse(side), standing(place), rank, place));
        }
    }
    let each = found.into_iter().filter_map(|(vendor, shown)| {
        let is_probed = shown.iter().all(|(_, _, rank, _)| *rank == PROBE);
        let (_, _, _, place) = shown.first()?;
        Some((vendor, Loaded { place, is_probed }))
    });
    each.collect()
}

/// What the file of a place is there for.
pub(super) fn standing(place: &Place, rules: Rules<'_>, texts: &Texts, pages: &Pages) -> Standing {
    let file = texts.get(place.file);
    file.map_or(Standing::App, |file| {
        pages.standing(file.path.as_str(), rules.pages)
    })
}
