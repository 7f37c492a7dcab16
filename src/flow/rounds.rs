//! Decides which files are parsed.
//!
//! In: a program of which nothing is parsed yet, and the rules. Out: [`Flows`] over all files that can matter. It leaves
//! alone what a call means (`propagate`).
//!
//! Round 0 parses the files that name a vendor's package or global. What they export that leads to a vendor (a client, a
//! wrapper, a class or hook that holds one) are the names of the next round, until no new file mentions one.
//!
//! A round only reads the files that are new in it, and goes on from the values that the rounds before it have computed; of
//! older files it follows the calls of what is known to lead to a vendor only now. What it finds there may be less than all
//! files together tell, if those that came later tell the older ones something (who extends a class, what a context
//! provides): then, once nothing new turns up, all files are read once more from the start. Where the pass before it has read
//! all files too and no other was parsed since, the values that it has computed hold.

use std::collections::BTreeSet;
use std::rc::Rc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::admission::Admission;
use super::catalog::Catalog;
use super::delivery::Flows;
use super::evaluate::{Evaluator, Memo};
use super::library::Library;
use super::listeners::Listeners;
use super::propagate::{Progress, Propagation};
use super::reach::{Known, Reach};
use super::registry::Registry;
use super::shapes::Shapes;
use super::sightings::seen;
use super::subject::Subject;
use super::terms::{Term, first_terms, next_terms};
use crate::link::{Definition, Program};
use crate::search::mentions;
use crate::source::FileId;
use crate::strangers::Strangers;

/// Wrappers of wrappers over more files than this are not followed.
const MAX_ROUNDS: usize = 40;

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
    /// Every file matters, whatever it names.
    pub everything: bool,
    /// Whether a value can be told to be personal data by what is known of it.
    pub recognises: &'p (dyn Fn(&Subject) -> bool + Sync),
    /// Whether no name says anything of a value.
    pub is_unnamed: &'p (dyn Fn(&Subject) -> bool + Sync),
    /// Whether a name says of a value that it is a person as a whole.
    pub is_person: &'p (dyn Fn(&Subject) -> bool + Sync),
    /// Hears what begins, for people who ask where the time went.
    pub begin: &'p (dyn Fn(&str) + Sync),
}

/// What is made of the files in one pass over them.
#[derive(Default)]
struct Pass<'p> {
    memo: Memo,
    progress: Progress<'p>,
    /// It has gone on from a round that knew fewer files.
    has_grown: bool,
    /// What the files told each other when the pass began, as long as those that came later tell them nothing else.
    told: Option<Told>,
}

/// What files tell each other.
struct Told {
    registry: Registry,
    listeners: Listeners,
}

impl Pass<'_> {
    /// The files that are left to read.
    fn files<'k>(&self, known: &'k Known) -> &'k BTreeSet<FileId> {
        if self.has_grown {
            &known.fresh
        } else {
            &known.files
        }
    }
}

impl Told {
    /// Whether what is known of more files tells the same to all who asked.
    fn tells_as(&self, registry: &Registry, listeners: &Listeners) -> bool {
        // Both have to hear what was asked.
        let is_same = self.registry.tells_as(registry);
        self.listeners.tell_as(listeners) && is_same
    }
}

/// What a round ends with.
enum Round<'p> {
    /// All that there is to find.
    Complete(Flows),
    /// What is known now, to go on from.
    Open {
        fresh: BTreeSet<FileId>,
        leading: FxHashSet<Definition>,
        pass: Box<Pass<'p>>,
    },
}

/// Follows the whole program.
pub fn follow(inputs: &Inputs<'_>) -> Flows {
    let program = inputs.program;
    let proven = proven(program, inputs);
    let mut search = Search::new(program);
    let mut known = Known::default();
    known.fresh = search.files(first_terms(inputs.catalog, &proven), &known.files);
    if let Some(strangers) = inputs.catalog.strangers() {
        known.fresh.extend(&strangers.files);
        known.fresh.extend(search.senders_to(program, strangers));
    }
    if inputs.everything {
        known
            .fresh
            .extend((0..).map(FileId).take(program.texts().len()));
    }
    // What a type says does not depend on which files are read.
    let shapes = Rc::new(Shapes::new(program, inputs.catalog, inputs.library));
    let mut pass = Pass::default();
    let mut rounds = 0;
    let mut flows = loop {
        rounds += 1;
        (inputs.begin)(&format!(
            "round {rounds}: parsing {} files",
            known.fresh.len()
        ));
        known.fresh.par_iter().for_each(|file| {
            program.facts(*file);
        });
        known.files.extend(&known.fresh);
        let memo = std::mem::take(&mut pass.memo);
        let (shapes, proven) = (Rc::clone(&shapes), proven.clone());
        let (parsed, has_grown) = (program.parsed().count(), pass.has_grown);
        let told = pass.told.take();
        let to_read = pass.files(&known);
        (inputs.begin)(&format!(
            "round {rounds}: following values through {} files, {parsed} parsed so far",
            to_read.len()
        ));
        let evaluator = Evaluator::new(
            program,
            inputs.catalog,
            inputs.library,
            shapes,
            proven,
            memo,
        );
        let listeners = Listeners::new(&evaluator, &known.files);
        let is_whole =
            !has_grown || told.is_some_and(|told| told.tells_as(&evaluator.registry, &listeners));
        let is_last = rounds == MAX_ROUNDS;
        match follow_fresh(
            &evaluator,
            inputs,
            &known,
            &listeners,
            pass,
            &mut search,
            (is_whole, is_last),
        ) {
            Round::Complete(flows) => break flows,
            Round::Open {
                fresh,
                leading,
                pass: next,
            } => {
                known.learn(fresh, leading);
                // What the parsed files know of each other is what values rest on.
                let holds = !has_grown && program.parsed().count() == parsed;
                let (memo, registry) = evaluator.into_parts();
                let told = is_whole.then(|| Told {
                    registry,
                    listeners,
                });
                pass = if known.fresh.is_empty() && known.again.is_empty() {
                    // Nothing new: all of it, from the start.
                    known.start_over();
                    Pass {
                        memo: memo
                            .for_another_pass()
                            .filter(|_| holds)
                            .unwrap_or_default(),
                        ..Pass::default()
                    }
                } else {
                    Pass {
                        memo,
                        told,
                        ..*next
                    }
                };
            }
        }
    };
    flows.seen = seen(program, inputs.catalog, &known.files, &flows);
    flows
}

/// Reads the files that are new to a pass.
fn follow_fresh<'p>(
    evaluator: &Evaluator<'p>,
    inputs: &Inputs<'p>,
    known: &Known,
    listeners: &Listeners,
    pass: Pass<'p>,
    search: &mut Search<'p>,
    (is_whole, is_last): (bool, bool),
) -> Round<'p> {
    let to_read = pass.files(known);
    let reach = Reach::new(evaluator, known);
    let mut propagation = Propagation::new(
        evaluator,
        inputs,
        &reach,
        &known.files,
        listeners,
        pass.progress,
    );
    for file in to_read {
        propagation.read(*file);
    }
    for file in known.again.difference(to_read) {
        propagation.read_again(*file);
    }
    propagation.settle_calls();
    let worklist = &propagation.progress.worklist;
    let events = listeners.events(|function| worklist.open.contains(&function));
    let next = next_terms(evaluator, &known.files, &reach, worklist, &events);
    let quoted = events
        .iter()
        .flat_map(|event| ["'", "\"", "`"].map(|quote| format!("{quote}{event}{quote}")));
    let terms = next.terms.into_iter().chain(quoted.map(Term::anywhere));
    let mut fresh = search.files(terms, &known.files);
    fresh.append(&mut propagation.progress.handed);
    let templates = next.templates.iter();
    fresh.extend(templates.filter(|file| !known.files.contains(file)));
    // What leads to a vendor decides what is evaluated, so a pass counts only if it knew that from its start.
    let is_complete = fresh.is_empty() && is_whole && known.was_right(&next.leading);
    if is_complete || is_last {
        let mut flows = propagation.finish();
        let by_scripts = evaluator.started_by_scripts(&known.files, &flows.started);
        flows.started.extend(by_scripts);
        if !is_complete {
            flows.notes.push(format!(
                "wrappers of wrappers were followed for {MAX_ROUNDS} rounds and then no further; values may be missing"
            ));
        }
        return Round::Complete(flows);
    }
    Round::Open {
        fresh,
        leading: next.leading,
        pass: Box::new(Pass {
            progress: propagation.progress,
            has_grown: true,
            ..Pass::default()
        }),
    }
}

/// Vendors whose package some package.json of the tree depends on, or whose script some file loads.
fn proven(program: &Program<'_>, inputs: &Inputs<'_>) -> FxHashSet<usize> {
    let is_dependency = |name: &String| inputs.dependencies.contains(name);
    let vendors = inputs.catalog.vendors().filter(|(_, vendor)| {
        let mut packages = vendor.packages.iter();
        packages.any(|package| is_dependency(&package.name))
    });
    let mut proven: FxHashSet<usize> = vendors.map(|(index, _)| index).collect();
    let scripts: Vec<(usize, String)> = inputs
        .catalog
        .vendors()
        .filter(|(_, vendor)| vendor.globals.iter().any(|global| global.common_word))
        .flat_map(|(index, vendor)| vendor.scripts.iter().map(move |it| (index, it.clone())))
        .collect();
    let names: Vec<String> = scripts.iter().map(|(_, address)| address.clone()).collect();
    let hits = mentions(program.texts(), &names).into_iter();
    proven.extend(hits.flat_map(|(_, hits)| hits).map(|hit| scripts[hit].0));
    proven
}

/// Searches for each term once.
struct Search<'p> {
    admission: Admission<'p>,
    searched: BTreeSet<Term>,
}

impl<'p> Search<'p> {
    fn new(program: &'p Program<'p>) -> Self {
        Self {
            admission: Admission::new(program),
            searched: BTreeSet::new(),
        }
    }

    /// The files that can send something to a host that another file names. What else uses that file is of no matter.
    fn senders_to(&self, program: &Program<'_>, strangers: &Strangers) -> BTreeSet<FileId> {
        let declared = strangers.declared.iter();
        let terms: Vec<Term> = declared
            .map(|(file, name)| Term::of(name.as_str(), *file))
            .collect();
        let found = self.admission.files(&terms).into_iter();
        found
            .filter(|file| strangers.can_send(&program.source(*file).text))
            .collect()
    }

    /// The files, beside those that are known, that new ones among the terms lead to.
    fn files(
        &mut self,
        terms: impl IntoIterator<Item = Term>,
        known: &BTreeSet<FileId>,
    ) -> BTreeSet<FileId> {
        let terms = terms.into_iter();
        let new: Vec<Term> = terms
            .filter(|term| self.searched.insert(term.clone()))
            .collect();
        let found = self.admission.files(&new).into_iter();
        found.filter(|file| !known.contains(file)).collect()
    }
}
