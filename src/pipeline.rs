//! Puts the stages together.
//!
//! In: settings and rules. Out: the [`Analysis`] of a tree. It leaves alone what each stage does, what a subcommand asks for
//! (`commands`), and rendering (`report`).

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{UnwindSafe, catch_unwind};

use anyhow::{Context, Result};
use rustc_hash::FxHashSet;

use crate::assess::{self, Exposure, Rules};
use crate::classify::Classifier;
use crate::containers;
use crate::discover;
use crate::facts::{FileFacts, Problem};
use crate::finding::{FileNote, Files, Report};
use crate::flow::{self, Catalog, Flows, Inputs, Library, Passage};
use crate::link::Program;
use crate::lockfiles::{self, Installed};
use crate::manifests::{self, Manifests, Named};
use crate::own::OwnDomains;
use crate::pages::{self, Pages};
use crate::passages;
use crate::progress::Progress;
use crate::read::{self, Texts};
use crate::renamed::{self, Renamed};
use crate::ruleset::Ruleset;
use crate::screens::Screens;
use crate::settings::Settings;
use crate::source::{Lines, SourceFile, Span};
use crate::strangers::{self, Strangers};
use crate::syntax;

/// What the report says of a file whose analysis crashed.
const CRASHED: &str = "the analysis of this file crashed";

/// The evaluation nests with the values of the program, and gets a stack that its depth limit fits in.
const STACK: usize = 512 << 20;

/// A report, and the texts that it speaks of.
#[derive(Debug)]
pub struct Analysis {
    /// The report.
    pub report: Report,
    /// What was read.
    pub texts: Texts,
    /// The analysis of some file crashed; the report names it among the errors, and is not to be trusted as complete.
    pub crashed: bool,
}

/// Scans a tree.
///
/// # Errors
///
/// When there is nothing to scan.
pub fn analyze(settings: &Settings, ruleset: &Ruleset) -> Result<Report> {
    examine(settings, ruleset, &Progress::default()).map(|analysis| analysis.report)
}

/// Scans a tree, and gives the texts back for a report that shows them.
///
/// # Errors
///
/// When there is nothing to scan.
pub fn examine(settings: &Settings, ruleset: &Ruleset, progress: &Progress) -> Result<Analysis> {
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(settings.threads.map_or(0, Into::into))
        .build()
        .context("cannot start threads")?;
    threads.install(|| examine_here(settings, ruleset, progress))
}

fn examine_here(settings: &Settings, ruleset: &Ruleset, progress: &Progress) -> Result<Analysis> {
    let tree = discover::discover(settings)?;
    progress.stage("reading", tree.files.len() + tree.manifests.len());
    let mut texts = read::read(&tree, &|| progress.tick());
    let packages: FxHashSet<&str> = ruleset
        .vendors
        .values()
        .flat_map(|vendor| &vendor.packages)
        .map(|package| package.name.as_str())
        .collect();
    let is_wanted = |package: &str| packages.contains(package);
    let manifests = manifests::read(&tree, &is_wanted);
    let versioned = versioned(&manifests, ruleset);
    let installed = lockfiles::read(&tree, &is_wanted, &versioned);
    let mut named: Vec<Named> = [&manifests.named[..], &installed.named].concat();
    named.sort();
    let classifier = Classifier::new(&ruleset.words, &ruleset.classes, &ruleset.vendors);
    progress.stage("following", 0);
    let program = Program::new(
        tree.root.clone(),
        &texts.files,
        &manifests.packages,
        &ruleset.declarations,
        facts_of,
    );
    let own = OwnDomains::new(&manifests, &texts.files, &settings.own_domains);
    let beyond = Beyond {
        strangers: strangers::find(&texts.files, &ruleset.transforms, &own),
        passages: passages::read(&texts.files),
        renamed: renamed::find(&texts.files, ruleset.vendors.values()),
    };
    let followed = follow(&program, &manifests, &classifier, ruleset, &beyond);
    let mut crashed = followed.is_none();
    let mut flows = followed.unwrap_or_default();
    flows.versions = versions(&versioned, &installed, &manifests);
    flows.forget_strangers(|subject| !classifier.classify(subject).is_empty());
    if crashed {
        flows
            .notes
            .push("following the values crashed; nothing that is sent is listed".to_owned());
    }
    flows.pass_on(&containers::read(&texts.files, &ruleset.vendors));
    let exposures = flows
        .deliveries
        .iter()
        .flat_map(|delivery| {
            let verdicts = classifier.classify(&delivery.subject).into_iter();
            verdicts.map(move |verdict| Exposure { delivery, verdict })
        })
        .collect();
    let rules = Rules::of(ruleset);
    let takes = assess::takes_of_pages(&flows, rules);
    let pages = if !takes.is_empty() {
        let screens = Screens::new(tree.root.clone(), &texts);
        let starts: Vec<_> = flows.started.iter().map(|it| &it.place).collect();
        pages::read(
            &program,
            &texts,
            &screens,
            &ruleset.pages,
            &classifier,
            &starts,
            &takes,
        )
    } else {
        Pages::default()
    };
    let parsed = program.parsed().count() as u64;
    let mut problems = problems(&program);
    crashed |= problems.iter().any(|problem| problem.reason == CRASHED);
    drop(program);
    let mut errors = tree.notes;
    errors.append(&mut texts.errors);
    errors.extend(manifests.notes.iter().chain(&installed.notes).cloned());
    errors.append(&mut problems);
    errors.extend(flows.notes.iter().map(|note| FileNote {
        path: ".".to_owned(),
        reason: note.clone(),
        line: None,
    }));
    errors.sort();
    let files = Files {
        seen: tree.seen,
        read: texts.files.len() as u64,
        parsed,
        left_out: tree.left_out,
        skipped: texts.skipped.clone(),
        errors,
    };
    let report = assess::assess(
        &flows,
        exposures,
        rules,
        &settings.policy,
        &texts,
        &pages,
        &named,
        files,
    );
    progress.done();
    Ok(Analysis {
        report,
        texts,
        crashed,
    })
}

/// The packages whose rules say different things of different versions.
fn versioned<'r>(manifests: &Manifests, ruleset: &'r Ruleset) -> BTreeSet<&'r str> {
    ruleset
        .vendors
        .values()
        .filter(|vendor| {
            let mut entries = vendor.auto.iter();
            entries.any(|auto| auto.since.is_some() || auto.before.is_some())
        })
        .flat_map(|vendor| &vendor.packages)
        .map(|package| package.name.as_str())
        .filter(|name| manifests.dependencies.contains(*name))
        .collect()
}

/// The versions of packages: what is installed, else what is asked for.
fn versions(
    packages: &BTreeSet<&str>,
    installed: &Installed,
    manifests: &Manifests,
) -> BTreeMap<String, String> {
    let known = |package: &str| {
        let installed = installed.versions.get(package);
        installed.or_else(|| manifests.versions.get(package))
    };
    packages
        .iter()
        .filter_map(|package| Some(((*package).to_owned(), known(package)?.clone())))
        .collect()
}

/// What the tree says of ways to vendors that the rules do not name.
struct Beyond {
    strangers: Strangers,
    passages: Vec<Passage>,
    renamed: Vec<Renamed>,
}

/// All flows; none if following them crashed.
fn follow(
    program: &Program<'_>,
    manifests: &Manifests,
    classifier: &Classifier,
    ruleset: &Ruleset,
    beyond: &Beyond,
) -> Option<Flows> {
    let catalog = Catalog::new(ruleset.vendors.values())
        .with_strangers(&beyond.strangers)
        .with_passages(&beyond.passages)
        .with_renamed(&beyond.renamed);
    let library = Library::new(&ruleset.transforms);
    let inputs = Inputs {
        program,
        catalog: &catalog,
        library: &library,
        dependencies: &manifests.dependencies,
        recognises: &|subject| !classifier.classify(subject).is_empty(),
        is_unnamed: &|subject| classifier.is_unnamed(subject),
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let running = thread.spawn_scoped(scope, || flow::follow(&inputs));
        running.ok().and_then(|running| running.join().ok())
    })
}

/// The facts of a file; reading one that the reader cannot cope with ends with that file.
fn facts_of(file: &SourceFile) -> FileFacts {
    let path = file.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    caught(|| syntax::extract_file(&file.text, name))
}

fn caught(extract: impl FnOnce() -> FileFacts + UnwindSafe) -> FileFacts {
    catch_unwind(extract).unwrap_or_else(|_| FileFacts {
        problems: vec![Problem {
            span: Span::default(),
            message: CRASHED.to_owned(),
        }],
        ..FileFacts::default()
    })
}

/// What the parser could not read of the files that were parsed.
fn problems(program: &Program<'_>) -> Vec<FileNote> {
    let notes = program.parsed().flat_map(|(file, facts)| {
        let source = program.source(file);
        let lines = (!facts.problems.is_empty()).then(|| Lines::new(&source.text));
        facts.problems.iter().map(move |problem| FileNote {
            path: source.path.to_string(),
            reason: problem.message.clone(),
            line: lines
                .as_ref()
                .map(|lines| lines.position(problem.span.start).line),
        })
    });
    notes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_ends_with_its_file_and_is_told() {
        let facts = caught(|| panic!("on purpose"));
        assert!(facts.exprs.is_empty());
        assert_eq!(facts.problems[0].message, CRASHED);
        assert!(caught(FileFacts::default).problems.is_empty());
    }
}
