//! `divulge rules`.
//!
//! In: maybe a directory of rules. Out: a list of what there is, or every mistake in it. It leaves alone any code.

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::Outcome;
use crate::cli::Rules;
use crate::ruleset::Ruleset;

/// Lists or checks.
pub(super) fn run(rules: &Rules) -> Result<Outcome> {
    let (Rules::List { dir } | Rules::Check { dir }) = rules;
    if let Some(dir) = dir
        && !dir.is_dir()
    {
        bail!("there is no directory {}", dir.display());
    }
    let extra: Vec<PathBuf> = dir.iter().cloned().collect();
    let read = Ruleset::load(&extra).context("the rules cannot be used")?;
    let text = match rules {
        Rules::List { .. } => list(&read),
        Rules::Check { .. } => format!(
            "{} vendors, {} data classes and {} combinations are in order\n",
            read.vendors.len(),
            read.classes.len(),
            read.combinations.len()
        ),
    };
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(Outcome::Clean)
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
    out
}
