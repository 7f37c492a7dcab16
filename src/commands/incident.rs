//! `divulge incident VENDOR`.
//!
//! In: [`cli::Incident`]. Out: the brief on the vendor, in the format that was asked for. It leaves alone the analysis.

use anyhow::{Result, bail};

use super::Outcome;
use super::stock::{self, columns, deliver};
use crate::breach;
use crate::cli::{self, StockFormat};
use crate::report::{self, BriefView};
use crate::screens::Screens;
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
    let taken = stock::take(prepared, quiet, verbose)?;
    let files = &taken.analysis.texts;
    let screens = Screens::new(taken.settings.root.clone(), files);
    let brief = breach::brief(
        &wish.vendor,
        &taken.analysis.report,
        &taken.rules,
        &taken.settings.policy,
        files,
        &screens,
    );
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
