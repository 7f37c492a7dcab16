//! Decides which files are parsed.
//!
//! In: a program of which nothing is parsed yet, and the rules. Out: [`Flows`] over all files that can matter. It leaves
//! alone what a call means (`propagate`).
//!
//! Round 0 parses the files that name a vendor's package or global. What they export that leads to a vendor (a client, a
//! wrapper, a class or hook that holds one) are the names of the next round, until no new file mentions one.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::admission::Admission;
use super::catalog::Catalog;
use super::delivery::Flows;
use super::evaluate::Evaluator;
use super::library::Library;
use super::listeners::Listeners;
use super::propagate::Propagation;
use super::reach::{Known, Reach};
use super::sightings::seen;
use super::subject::Subject;
use super::terms::{Term, first_terms, next_terms};
use crate::link::Program;
use crate::source::FileId;

/// Wrappers of wrappers over more files than this are not followed.
const MAX_ROUNDS: usize = 16;

/// What the rounds work with.
pub struct Inputs<'p> {
    /// The files.
    pub program: &'p Program<'p>,
    /// The vendors.
    pub catalog: &'p Catalog<'p>,
    /// Known functions.
    pub library: &'p Library<'p>,
    /// Names of the packages that any package.json of the tree depends on.
    pub dependencies: &'p FxHashSet<String>,
    /// Whether a value can be told to be personal data by what is known of it.
    pub recognises: &'p (dyn Fn(&Subject) -> bool + Sync),
    /// Whether no name says anything of a value.
    pub is_unnamed: &'p (dyn Fn(&Subject) -> bool + Sync),
}

/// Follows the whole program.
pub fn follow(inputs: &Inputs<'_>) -> Flows {
    let Inputs {
        program,
        catalog,
        library,
        ..
    } = *inputs;
    let proven: FxHashSet<usize> = catalog
        .vendors()
        .filter(|(_, vendor)| {
            vendor
                .packages
                .iter()
                .any(|package| inputs.dependencies.contains(&package.name))
        })
        .map(|(index, _)| index)
        .collect();
    let admission = Admission::new(program);
    let mut searched: BTreeSet<Term> = BTreeSet::new();
    let mut known = Known::default();
    let mut terms = first_terms(catalog, &proven);
    let mut handed: BTreeSet<FileId> = BTreeSet::new();
    let mut flows = Flows::default();
    let mut is_complete = false;
    for _ in 0..MAX_ROUNDS {
        let new_terms: Vec<Term> = terms
            .into_iter()
            .filter(|term| searched.insert(term.clone()))
            .collect();
        let mentioned = admission.files(&new_terms);
        if mentioned.is_empty() && handed.is_subset(&known.files) {
            is_complete = true;
            break;
        }
        let found = mentioned.into_iter().chain(handed);
        known.fresh = found.filter(|file| !known.files.contains(file)).collect();
        known.fresh.par_iter().for_each(|file| {
            program.facts(*file);
        });
        known.files.extend(&known.fresh);
        let evaluator = Evaluator::new(program, catalog, library, proven.clone());
        let listeners = Listeners::new(&evaluator, &known.files);
        let reach = Reach::new(&evaluator, &known);
        let mut propagation =
            Propagation::new(&evaluator, inputs, &reach, &known.files, &listeners);
        for file in &known.files {
            propagation.read(*file);
        }
        let (found, open, more) = propagation.finish();
        handed = more;
        flows = found;
        let events = listeners.events(|function| open.contains(&function));
        let next = next_terms(&evaluator, &known.files, &reach, &open, &events);
        terms = next.terms;
        for event in events {
            let quoted = ["'", "\"", "`"].map(|quote| format!("{quote}{event}{quote}"));
            terms.extend(quoted.map(Term::anywhere));
        }
        known.leading = next.leading;
    }
    if !is_complete {
        flows.notes.push(format!(
            "wrappers of wrappers were followed over {MAX_ROUNDS} files and then no further; values may be missing"
        ));
    }
    flows.seen = seen(program, catalog, &known.files, &flows);
    flows
}
