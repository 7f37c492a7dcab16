//! Taking stock of a tree, and showing what came of it.
//!
//! In: [`Stock`]. Out: the analysis with the rules and texts that it rests on; a text on stdout or in a file. It leaves alone
//! what is shown.

use std::io::Write;

use anyhow::{Context, Result, anyhow};

use super::environment::environment;
use super::output::{WIDTH, width, write_file};
use super::scan::say_notes;
use super::{Outcome, warn};
use crate::cli::Stock;
use crate::progress::Progress;
use crate::ruleset::Ruleset;
use crate::settings::Settings;
use crate::suggest;
use crate::texts::{self, BASE, Texts};
use crate::{Analysis, examine};

/// All that a command needs to know of a tree.
pub(super) struct Taken {
    pub(super) settings: Settings,
    pub(super) rules: Ruleset,
    pub(super) texts: Texts,
    pub(super) analysis: Analysis,
}

/// Rules and texts, before anything is read of the tree.
pub(super) fn prepare(stock: &Stock) -> Result<(Settings, Ruleset, Texts)> {
    let settings = Settings::resolve(&stock.as_scan(), &environment())?;
    let rules = settings.ruleset()?;
    let texts = language(stock.lang.as_deref(), &rules)?;
    Ok((settings, rules, texts))
}

/// Reads the tree.
pub(super) fn take(
    (settings, rules, texts): (Settings, Ruleset, Texts),
    quiet: bool,
    verbose: bool,
) -> Result<Taken> {
    let analysis = examine(&settings, &rules, &Progress::new(!quiet))?;
    if !quiet {
        say_notes(&analysis, verbose);
    }
    Ok(Taken {
        settings,
        rules,
        texts,
        analysis,
    })
}

/// The texts of the language that was asked for; of the environment's if there are any, else English.
pub(super) fn language(asked: Option<&str>, rules: &Ruleset) -> Result<Texts> {
    let found = match asked {
        Some(language) => rules.texts(language).ok_or_else(|| {
            let known: Vec<&str> = rules.languages().collect();
            let list = format!("there are {}", known.join(" and "));
            anyhow!(
                "--lang: {}",
                suggest::unknown("language", language, known.iter().copied(), &list)
            )
        })?,
        None => texts::of_environment(|name| std::env::var(name).ok())
            .and_then(|language| rules.texts(&language))
            .or_else(|| rules.texts(BASE))
            .unwrap_or_default(),
    };
    Ok(found)
}

impl Taken {
    /// 0, unless the analysis crashed: taking stock is no gate.
    pub(super) fn outcome(&self) -> Outcome {
        if self.analysis.crashed {
            warn(
                "the analysis of a file crashed, so what is shown is not complete; it lists the file under errors",
            );
            return Outcome::Untrusted;
        }
        Outcome::Clean
    }
}

/// The columns that there are for a text.
pub(super) fn columns(stock: &Stock) -> usize {
    if stock.output.is_none() {
        width()
    } else {
        WIDTH
    }
}

/// To the file that was asked for, or stdout.
pub(super) fn deliver(stock: &Stock, text: &str) -> Result<()> {
    if let Some(path) = &stock.output {
        return write_file(path, &anstream::adapter::strip_str(text).to_string())
            .with_context(|| format!("cannot write to {}", path.display()));
    }
    let mut stdout = anstream::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .context("cannot write to stdout")
}
