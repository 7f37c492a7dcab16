//! divulge: which personal data a frontend hands to which third-party vendor.

pub mod assess;
pub mod classify;
pub mod cli;
pub mod commands;
pub mod config;
pub mod discover;
pub mod facts;
pub mod finding;
pub mod flow;
pub mod policy;
pub mod progress;
pub mod read;
pub mod report;
pub mod ruleset;
pub mod settings;
pub mod source;
mod suggest;

use anyhow::{Context, Result};

use assess::{Exposure, Rules};
use finding::{Files, Report};
use flow::Flows;
use progress::Progress;
use read::Texts;
use ruleset::Ruleset;
use settings::Settings;

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
    let flows = Flows::default();
    let exposures: Vec<Exposure<'_>> = Vec::new();
    let mut errors = tree.notes;
    errors.append(&mut texts.errors);
    errors.sort();
    let files = Files {
        seen: tree.seen,
        read: texts.files.len() as u64,
        parsed: 0,
        left_out: tree.left_out,
        skipped: texts.skipped.clone(),
        errors,
    };
    let report = assess::assess(
        &flows,
        exposures,
        Rules::of(ruleset),
        &settings.policy,
        &texts,
        files,
    );
    progress.done();
    Ok(Analysis {
        report,
        texts,
        crashed: false,
    })
}
