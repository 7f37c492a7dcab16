//! Makes every call of every vendor rule in every way that the rule knows, and looks for it in the report.
//!
//! One test per vendor; what is made of a rule, and what must be found, is said in `src/ruleset/cases/mod.rs`, and compared in
//! `src/exercise.rs`. `divulge rules test` does the same for the rules of others. `KEEP_GENERATED=dir` leaves the generated
//! files there, to look at.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use divulge::exercise::exercise;
use divulge::ruleset::Ruleset;
use libtest_mimic::{Arguments, Failed, Trial};

/// More problems of one vendor than this are only counted.
const SHOWN: usize = 40;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match Ruleset::embedded() {
        Ok(rules) => trials(&Arc::new(rules)),
        Err(errors) => {
            let errors = errors.to_string();
            vec![Trial::test("rules", move || Err(Failed::from(errors)))]
        }
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trials(rules: &Arc<Ruleset>) -> Vec<Trial> {
    let ids: Vec<String> = rules.vendors.keys().cloned().collect();
    ids.into_iter()
        .map(|id| {
            let rules = Arc::clone(rules);
            Trial::test(id.clone(), move || try_out(&id, &rules))
        })
        .collect()
}

fn try_out(id: &str, rules: &Ruleset) -> Result<(), Failed> {
    let vendor = rules.vendors.get(id).ok_or("no such vendor")?;
    let keep = std::env::var_os("KEEP_GENERATED").map(PathBuf::from);
    let tried = exercise(vendor, rules, keep.as_deref()).map_err(|error| format!("{error:#}"))?;
    // A vendor without calls is known by its hosts or by what its script collects.
    if !vendor.calls.is_empty() && tried.sent == 0 {
        return Err(Failed::from("nothing was tried"));
    }
    if tried.problems.is_empty() {
        return Ok(());
    }
    let shown = tried
        .problems
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>();
    Err(Failed::from(format!(
        "{}\n{} problems",
        shown.join("\n"),
        tried.problems.len()
    )))
}
