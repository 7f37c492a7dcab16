//! `divulge inventory`.
//!
//! In: [`cli::Inventory`]. Out: which vendor holds what, in the format that was asked for. It leaves alone the analysis.

use anyhow::{Context, Result, bail};
use serde::Serialize;

use super::Outcome;
use super::stock::{self, Taken, columns, deliver};
use crate::breach::{self, Inventory};
use crate::cli::{self, StockFormat};
use crate::report::{self, InventoryView};

/// Takes stock and shows it.
pub(super) fn run(wish: &cli::Inventory, quiet: bool, verbose: bool) -> Result<Outcome> {
    let taken = stock::take(stock::prepare(&wish.stock)?, quiet, verbose)?;
    let report = &taken.analysis.report;
    let inventory = Inventory::new(
        report,
        &taken.rules,
        &taken.settings.policy,
        &taken.analysis.texts,
    );
    let view = InventoryView {
        width: columns(&wish.stock),
        evidence: wish.evidence,
    };
    if wish.declared {
        return declared(wish, &taken, &inventory);
    }
    let texts = &taken.texts;
    let text = if wish.record {
        let rows = breach::recipients(&inventory);
        match wish.format {
            StockFormat::Table => report::record_text(&rows, texts, view.width),
            StockFormat::Markdown => report::record_markdown(&rows, texts),
            StockFormat::Html => report::record_html(&rows, texts),
            StockFormat::Csv => report::record_csv(&rows),
            StockFormat::Json => pretty(&rows)?,
        }
    } else {
        match wish.format {
            StockFormat::Table => report::inventory_text(&inventory, texts, view),
            StockFormat::Markdown => report::inventory_markdown(&inventory, texts, view),
            StockFormat::Html => report::inventory_html(&inventory, texts, view),
            StockFormat::Csv => report::inventory_csv(&inventory),
            StockFormat::Json => pretty(&inventory)?,
        }
    };
    deliver(&wish.stock, &text)?;
    Ok(taken.outcome())
}

/// Compares with what is declared; a vendor that is declared nowhere is found.
fn declared(wish: &cli::Inventory, taken: &Taken, inventory: &Inventory) -> Result<Outcome> {
    let found = breach::declared::compare(&taken.settings.root, &taken.rules, inventory);
    let texts = &taken.texts;
    let text = match wish.format {
        StockFormat::Table => report::declared_text(&found, inventory, texts, columns(&wish.stock)),
        StockFormat::Markdown => report::declared_markdown(&found, inventory, texts),
        StockFormat::Html => report::declared_html(&found, inventory, texts),
        StockFormat::Json => pretty(&found)?,
        StockFormat::Csv => bail!("a comparison is no table of rows; use json"),
    };
    deliver(&wish.stock, &text)?;
    Ok(match taken.outcome() {
        Outcome::Clean if !found.undeclared.is_empty() => Outcome::Found,
        outcome => outcome,
    })
}

fn pretty(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string_pretty(value).context("cannot write JSON")? + "\n")
}
