//! `divulge incident VENDOR`.
//!
//! In: [`cli::Incident`]. Out: the brief on the vendor, in the format that was asked for. It leaves alone the analysis.

use anyhow::{Result, bail};

use super::Outcome;
use super::stock::{self, columns, deliver};
use super::window;
use crate::breach::{self, Look};
use crate::cli::{self, StockFormat};
use crate::report::{self, BriefView};
use crate::suggest;

/// Writes the brief.
pub(super) fn run(wish: &cli::Incident, quiet: bool, verbose: bool) -> Result<Outcome> {
    let prepared = stock::prepare(&wish.stock)?;
    let (_, rules, _) = &prepared;
    if !rules.vendors.contains_key(&wish.vendor) {
        let ids = rules.vendors.keys().map(String::as_str);
        let list = "`divulge rules list` shows all";
        bail!("{}", suggest::unknown("vendor", &wish.vendor, ids, list));
    }
    if wish.format == StockFormat::Csv {
        bail!("a brief is no table of rows; use table, markdown, html or json");
    }
    // What is wrong with the window is told before a tree is read.
    let past = if window::is_wanted(wish) {
        let (settings, rules, _) = &prepared;
        Some(window::read(wish, settings, rules, quiet)?)
    } else {
        None
    };
    let mut taken = stock::take(prepared, quiet, verbose)?;
    let present = Look::new(
        &wish.vendor,
        taken.analysis.report.clone(),
        &taken.analysis.texts,
        taken.settings.root.clone(),
        &taken.rules,
    );
    let policy = &taken.settings.policy;
    let brief = match past {
        Some(past) => {
            taken.analysis.crashed |= past.crashed;
            breach::brief_of_window(
                &wish.vendor,
                past.union,
                &present,
                (past.window, &past.stretches),
                &taken.rules,
                policy,
            )
        }
        None => breach::brief(&wish.vendor, &present, &taken.rules, policy),
    };
    let view = BriefView {
        width: columns(&wish.stock),
        confidence: taken.settings.policy.confidence,
    };
    let texts = &taken.texts;
    let text = match wish.format {
        StockFormat::Markdown => report::brief_markdown(&brief, texts, view),
        StockFormat::Html => report::brief_html(&brief, texts, view),
        StockFormat::Json => report::brief_json(&brief, texts, view)?,
        StockFormat::Table | StockFormat::Csv => report::brief_text(&brief, texts, view),
    };
    deliver(&wish.stock, &text)?;
    Ok(taken.outcome())
}
