//! Decides which files are parsed.
//!
//! In: a program of which nothing is parsed yet, and the rules. Out: [`Flows`] over all files that can matter. It leaves
//! alone what a call means (`propagate`).
//!
//! Round 0 parses the files that name a vendor's package or global. What they export that leads to a vendor (a client, a
//! wrapper, a class or hook that holds one) are the names of the next round, until no new file mentions one.
//!
//! What values ask of all files together (who provides a context) is asked of files that have nothing to do with a vendor as
//! well; these are parsed, and not read.
//!
//! A round only reads the files that are new in it, and goes on from the values that the rounds before it have computed; of
//! older files it follows the calls of what is known to lead to a vendor only now. What it finds there may be less than all
//! files together tell, if those that came later tell the older ones something (who extends a class, what a context
//! provides): then, once nothing new turns up, all files are read once more from the start. Of the values that were computed,
//! those are computed again that rest on what files tell each other otherwise by now.

use std::collections::BTreeSet;
use std::rc::Rc;

use rayon::ThreadPool;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::admission::Admission;
use super::budget::Budget;
use super::catalog::Catalog;
use super::delivery::Flows;
use super::evaluate::Evaluator;
use super::library::Library;
use super::listeners::Listeners;
use super::memo::Memo;
use super::named_texts::{Wanted, terms_of_constants};
use super::persons::Owner;
use super::positions::Positions;
use super::propagate::{Progress, Propagation};
use super::questions::questions;
use super::reach::{Known, Reach};
use super::registry::Registry;
use super::shapes::Shapes;
use super::sightings::seen;
use super::subject::Subject;
use super::terms::{Term, first_terms, next_terms, terms_of_event, terms_of_export};
use super::value::FnRef;
use super::worklist::Worklist;
use crate::facts::{FunctionKind, Name};
use crate::finding::Confidence;
use crate::link::{Definition, Program};
use crate::search::mentions;
use crate::source::FileId;
use crate::strangers::{Strangers, shows_component};

/// Wrappers of wrappers over more files than this are not followed.
const MAX_ROUNDS: usize = 40;

/// A file that is found by what it keeps alone, and that more others use, keeps what all of them have.
const MAX_USERS: usize = 30;

/// What the rounds work with.
pub struct Inputs<'p> {
    /// The files.
    pub program: &'p Program<'p>,
    /// The threads for what is done by all.
    pub pool: &'p ThreadPool,
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
    /// The class of a value, and how sure that is.
    pub class_of: &'p (dyn Fn(&Subject) -> Option<(Name, Confidence)> + Sync),
    /// Whether no name says anything of a value.
    pub is_unnamed: &'p (dyn Fn(&Subject) -> bool + Sync),
    /// Whether a name says of a value that it is a person as a whole.
    pub is_person: &'p (dyn Fn(&Subject) -> bool + Sync),
    /// What a name says of the owner of what is read from it.
    pub owner: &'p (dyn Fn(&Name) -> Owner + Sync),
    /// Hears what begins, for people who ask where the time went.
    pub begin: &'p (dyn Fn(&str) + Sync),
}

/// What is made of the files in one pass over them.
#[derive(Default)]
struct Pass<'p> {
    progress: Progress<'p>,
    /// It has gone on from a round that knew fewer files.
    has_grown: bool,
    /// Files that came later told one that was read before something else.
    was_misled: bool,
}

/// What a round leaves to the next, of the same pass or another.
#[derive(Default)]
struct Computed {
    memo: Memo,
    /// What that took.
    budget: Budget,
    /// What the files told each other.
    told: Option<(Registry, Listeners)>,
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
    let mut search = Search::new(program, inputs.pool);
    let mut known = Known::default();
    let terms = first_terms(inputs.catalog, inputs.library, &proven);
    known.fresh = search.files(terms, &known.files);
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
    let positions = Rc::new(Positions::default());
    let mut computed = Computed::default();
    let mut pass = Pass::default();
    let mut rounds = 0;
    // What was found before the last files were parsed.
    let mut found: Option<Flows> = None;
    let mut flows = loop {
        rounds += 1;
        (inputs.begin)(&format!(
            "round {rounds}: parsing {} files",
            known.fresh.len()
        ));
        inputs.pool.install(|| {
            known.fresh.par_iter().for_each(|file| {
                program.facts(*file);
            });
        });
        known.files.extend(&known.fresh);
        let parsed = program.parsed().count();
        let to_read = pass.files(&known);
        (inputs.begin)(&format!(
            "round {rounds}: following values through {} files, {parsed} parsed so far",
            to_read.len()
        ));
        let mut evaluator = Evaluator::new(
            inputs,
            Rc::clone(&shapes),
            Rc::clone(&positions),
            proven.clone(),
            (computed.memo, computed.budget),
        );
        let (registry, heard) = computed.told.unzip();
        let is_told_same = registry.is_none_or(|registry| evaluator.take_up(registry));
        let listeners = Listeners::new(&evaluator, &known.files);
        let is_heard_same = heard.is_none_or(|heard| heard.tell_as(&listeners));
        if let Some(found) = found.take()
            && is_told_same
            && is_heard_same
        {
            break found;
        }
        pass.was_misled |= pass.has_grown && !(is_told_same && is_heard_same);
        let is_last = rounds == MAX_ROUNDS;
        let next = match follow_fresh(
            &evaluator,
            inputs,
            &known,
            &listeners,
            pass,
            &mut search,
            is_last,
        ) {
            // What values led to was parsed on the way, and may tell others something as well.
            Round::Complete(flows) if !is_last && program.parsed().count() > parsed => {
                found = Some(flows);
                None
            }
            Round::Complete(flows) => break flows,
            Round::Open {
                fresh,
                leading,
                pass: next,
            } => {
                known.learn(fresh, leading);
                let is_new = !known.fresh.is_empty() || !known.again.is_empty();
                is_new.then_some(next)
            }
        };
        let (memo, budget, registry) = evaluator.into_parts();
        computed = Computed {
            memo,
            budget,
            told: Some((registry, listeners)),
        };
        pass = match next {
            Some(next) => *next,
            // Nothing new: all of it, from the start.
            None => {
                known.start_over();
                computed.budget = Budget::default();
                Pass::default()
            }
        };
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
    is_last: bool,
) -> Round<'p> {
    let to_read = pass.files(known);
    let was_misled = pass.was_misled;
    let reach = Reach::new(evaluator, known, listeners);
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
    let is_open = |function: FnRef| worklist.open.contains(&function);
    let served = listeners.served(is_open);
    let of_routers = listeners.routers_led(evaluator, is_open);
    let paths: BTreeSet<String> = served.collect();
    let wanted = Wanted::new(&events, &paths);
    let of_constants = terms_of_constants(evaluator, &known.files, &wanted);
    let of_events = (events.iter()).flat_map(|event| terms_of_event(event, inputs.library));
    let terms = next
        .terms
        .into_iter()
        .chain(of_events)
        .chain(of_constants)
        .chain(of_routers);
    let terms = terms.chain(paths.iter().map(Term::anywhere));
    let mut fresh = search.files(terms, &known.files);
    fresh.append(&mut propagation.progress.handed);
    let awaiting = awaiting(inputs.program, worklist).filter(|file| !known.files.contains(file));
    fresh.extend(search.of_few(evaluator, awaiting.collect()));
    let templates = next.templates.iter();
    fresh.extend(templates.filter(|file| !known.files.contains(file)));
    let is_answered = search.answers(questions(evaluator), inputs.program) == 0;
    // What leads to a vendor decides what is evaluated, so a pass counts only if it knew that from its start.
    let is_complete =
        fresh.is_empty() && is_answered && !was_misled && known.was_right(&next.leading);
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
            was_misled,
        }),
    }
}

/// The files of functions whose callers are waited for. These are found by the names under which such a file hands the functions
/// out, and it may be one that nothing leads to but a value that it keeps. What all objects of a class may have been made with is
/// not asked for: that tells nothing of any one of them.
fn awaiting<'w>(
    program: &'w Program<'_>,
    worklist: &'w Worklist<'_>,
) -> impl Iterator<Item = FileId> + 'w {
    let is_asked = |function: &&FnRef| {
        program.is_in_tree(function.file) && {
            let declared = program.facts(function.file).function(function.function);
            declared.kind != FunctionKind::Constructor
        }
    };
    let asked = worklist.open.iter().filter(is_asked);
    asked.map(|function| function.file)
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
    let hits = inputs.pool.install(|| mentions(program.texts(), &names));
    let hits = hits.into_iter();
    proven.extend(hits.flat_map(|(_, hits)| hits).map(|hit| scripts[hit].0));
    proven
}

/// Searches for each term once.
struct Search<'p> {
    pool: &'p ThreadPool,
    admission: Admission<'p>,
    searched: BTreeSet<Term>,
    /// Files that too many use.
    of_many: BTreeSet<FileId>,
}

impl<'p> Search<'p> {
    fn new(program: &'p Program<'p>, pool: &'p ThreadPool) -> Self {
        Self {
            pool,
            admission: Admission::new(program),
            searched: BTreeSet::new(),
            of_many: BTreeSet::new(),
        }
    }

    /// The files that can send something to a host that another file names, or show a picture that it has. What else uses that
    /// file is of no matter.
    fn senders_to(&self, program: &Program<'_>, strangers: &Strangers) -> BTreeSet<FileId> {
        let using = |is_filled: bool| {
            let declared = strangers.declared.iter();
            let terms: Vec<Term> = declared
                .filter(|declared| declared.is_filled == is_filled)
                .map(|declared| Term::of(declared.name.as_str(), declared.file))
                .collect();
            self.admitted(&terms)
        };
        let text = |file: &FileId| &program.source(*file).text;
        let mut showing = using(true);
        showing.retain(|file| strangers.can_send(text(file)) || shows_component(text(file)));
        // What they show it by is known to lead somewhere only if what makes the address is read.
        if !showing.is_empty() {
            let filled = strangers.declared.iter().filter(|it| it.is_filled);
            showing.extend(filled.map(|declared| declared.file));
        }
        let begins = strangers.beginnings();
        let of_others = using(false).into_iter();
        let sending = of_others.filter(|file| {
            let text = text(file);
            strangers.can_send(text) || begins.as_ref().is_some_and(|begins| begins.is_match(text))
        });
        sending.chain(showing).collect()
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
        let found = self.admitted(&new).into_iter();
        found.filter(|file| !known.contains(file)).collect()
    }

    /// Those of the files that no more than a few others use: what everybody puts into a common store says nothing of what one takes
    /// out of it.
    fn of_few(&mut self, evaluator: &Evaluator<'_>, files: BTreeSet<FileId>) -> BTreeSet<FileId> {
        let mut asked = files;
        asked.retain(|file| !self.of_many.contains(file));
        let terms = asked.iter().flat_map(|file| {
            let exports = evaluator.program.facts(*file).exports.iter();
            exports.flat_map(|export| terms_of_export(evaluator, *file, export))
        });
        let terms: Vec<Term> = terms.collect();
        let users = self.pool.install(|| self.admission.users(&terms));
        let is_of_few = |file: &FileId| users.get(file).is_none_or(|users| *users <= MAX_USERS);
        let (of_few, of_many) = asked.into_iter().partition(is_of_few);
        self.of_many.extend::<BTreeSet<FileId>>(of_many);
        of_few
    }

    /// Parses the files that new ones among the terms lead to. How many are parsed only now.
    fn answers(&mut self, terms: BTreeSet<Term>, program: &Program<'_>) -> usize {
        let parsed = program.parsed().map(|(file, _)| file).collect();
        let fresh = self.files(terms, &parsed);
        self.pool.install(|| {
            fresh.par_iter().for_each(|file| {
                program.facts(*file);
            });
        });
        fresh.len()
    }

    fn admitted(&self, terms: &[Term]) -> BTreeSet<FileId> {
        self.pool.install(|| self.admission.files(terms))
    }
}
