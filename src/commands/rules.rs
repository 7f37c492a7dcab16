//! `divulge rules`.
//!
//! In: maybe a directory of rules. Out: a list of what there is, every mistake in it, or what code shows of it. It leaves
//! alone any code but what it makes itself.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Outcome;
use crate::cli::Rules;
use crate::exercise::exercise;
use crate::ruleset::Ruleset;
use crate::ruleset::schema::Vendor;

/// More problems of one vendor than this are only counted.
const SHOWN: usize = 10;

/// Lists, checks or tests.
pub(super) fn run(rules: &Rules) -> Result<Outcome> {
    let (Rules::List { dir } | Rules::Check { dir } | Rules::Test { dir }) = rules;
    if let Some(dir) = dir
        && !dir.is_dir()
    {
        bail!("there is no directory {}", dir.display());
    }
    let extra: Vec<PathBuf> = dir.iter().cloned().collect();
    let read = Ruleset::load(&extra).context("the rules cannot be used")?;
    match rules {
        Rules::List { .. } => print(&list(&read))?,
        Rules::Check { .. } => print(&format!(
            "{} vendors, {} data classes, {} combinations, {} scenarios and {} incidents are in order\n",
            read.vendors.len(),
            read.classes.len(),
            read.combinations.len(),
            read.scenarios.len(),
            read.incidents.len()
        ))?,
        Rules::Test { dir } => return test(&read, dir.as_deref()),
    }
    Ok(Outcome::Clean)
}

fn print(text: &str) -> Result<()> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(())
}

fn list(rules: &Ruleset) -> String {
    let mut out = String::new();
    for vendor in rules.vendors.values() {
        let _ = writeln!(out, "vendor\t{}\t{}", vendor.id, vendor.name);
    }
    for class in rules.classes.values() {
        let _ = writeln!(out, "class\t{}\t{}", class.id, class.severity);
    }
    for rule in &rules.combinations {
        let _ = writeln!(out, "combination\t{}\t{}", rule.id, rule.severity);
    }
    for rule in &rules.scenarios {
        let _ = writeln!(out, "scenario\t{}\t{}", rule.id, rule.severity);
    }
    for incident in rules.incidents.values() {
        let _ = writeln!(out, "incident\t{}\t{}", incident.id, incident.title);
    }
    out
}

/// Tries the vendors of the directory, or all, and says of each what came of it.
fn test(rules: &Ruleset, dir: Option<&Path>) -> Result<Outcome> {
    let is_meant = |vendor: &&Vendor| dir.is_none() || rules.own_vendors.contains(&vendor.id);
    let vendors: Vec<&Vendor> = rules.vendors.values().filter(is_meant).collect();
    let mut failed = 0;
    for vendor in &vendors {
        let tried = exercise(vendor, rules, None).with_context(|| vendor.id.clone())?;
        if tried.problems.is_empty() {
            print(&format!(
                "{}: {} calls are found, {} are silent\n",
                vendor.id, tried.sent, tried.quiet
            ))?;
            continue;
        }
        failed += 1;
        let mut text = format!("{}: {} wrong\n", vendor.id, tried.problems.len());
        for problem in tried.problems.iter().take(SHOWN) {
            let _ = writeln!(text, "  {}", problem.replace('\n', "\n  "));
        }
        if let Some(more) = tried.problems.len().checked_sub(SHOWN).filter(|it| *it > 0) {
            let _ = writeln!(text, "  and {more} more");
        }
        print(&text)?;
    }
    match failed {
        0 => Ok(Outcome::Clean),
        _ => bail!(
            "{failed} of {} vendors: code shows something else than the rule says",
            vendors.len()
        ),
    }
}
