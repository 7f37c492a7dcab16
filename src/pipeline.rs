//! Puts the stages together.
//!
//! In: settings and rules. Out: the [`Analysis`] of a tree. It leaves alone what each stage does, what a subcommand asks for
//! (`commands`), and rendering (`report`).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use rayon::ThreadPool;
use rustc_hash::FxHashSet;

use crate::assess::{self, Rules};
use crate::classify::Classifier;
use crate::discover;
use crate::exposures;
use crate::finding::{FileNote, Files, Note, Report};
use crate::following::{Followed, Following, STACK_OF_OTHERS};
use crate::lockfiles::{self, Installed};
use crate::manifests::{self, Manifests, Named};
use crate::progress::Progress;
use crate::read::{self, Texts};
use crate::ruleset::Ruleset;
use crate::settings::Settings;
use crate::templates;
use crate::uncovered;

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
    let pool = || {
        rayon::ThreadPoolBuilder::new()
            .stack_size(STACK_OF_OTHERS)
            .num_threads(settings.threads.map_or(0, Into::into))
            .build()
            .context("cannot start threads")
    };
    let threads = pool()?;
    // Values are followed by a thread of its own while one of the first waits for it, who could not work for it meanwhile.
    let others = pool()?;
    threads.install(|| examine_here(&others, settings, ruleset, progress))
}

fn examine_here(
    pool: &ThreadPool,
    settings: &Settings,
    ruleset: &Ruleset,
    progress: &Progress,
) -> Result<Analysis> {
    progress.stage("finding files", 0);
    let tree = discover::discover(settings)?;
    progress.stage("reading texts", tree.files.len() + tree.manifests.len());
    let mut texts = read::read(&tree, &|| progress.tick());
    progress.stage("reading manifests", 0);
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
    let classifier = Classifier::new(
        &ruleset.words,
        &ruleset.classes,
        &ruleset.vendors,
        &manifests.dependencies,
    );
    progress.stage("following values", 0);
    let Followed {
        flows,
        pages,
        consent,
        parsed,
        mut problems,
        outside,
        crashed,
    } = Following {
        pool,
        root: &tree.root,
        texts: &texts,
        manifests: &manifests,
        versions: versions(&versioned, &installed, &manifests),
        classifier: &classifier,
        ruleset,
        settings,
        progress,
    }
    .followed();
    let exposures = exposures::of(
        &flows.deliveries,
        &classifier,
        ruleset.transforms.fields.any_text(),
    );
    texts.skipped.extend(templates::unread(&tree, ruleset));
    texts.skipped.sort();
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
    progress.stage("judging", 0);
    let mut report = assess::assess(
        &flows,
        exposures,
        Rules::of(ruleset),
        &settings.policy,
        &texts,
        &pages,
        &consent,
        &named,
        files,
    );
    // Whoever asks for no notes would take the silence for there being nothing.
    let own = manifests.own_names();
    let unlooked = uncovered::notes(&texts.files, &own, &outside, ruleset);
    let is_wanted = |note: &Note| settings.policy.wants_vendor(&note.vendor);
    report.notes.extend(unlooked.into_iter().filter(is_wanted));
    report.notes.sort();
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
