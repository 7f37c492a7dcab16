//! `divulge inventory`.
//!
//! In: [`cli::Inventory`]. Out: which vendor holds what, in the format that was asked for. It leaves alone the analysis.

use anyhow::{Context, Result, bail};

use super::Outcome;
use super::stock::{self, columns, deliver};
use crate::breach::Inventory;
use crate::cli::{self, StockFormat};
use crate::report::{self, InventoryView};

/// Takes stock and shows it.
pub(super) fn run(wish: &cli::Inventory, quiet: bool, verbose: bool) -> Result<Outcome> {
    let taken = stock::take(stock::prepare(&wish.stock)?, quiet, verbose)?;
    let report = &taken.analysis.report;
    let inventory = Inventory::new(report, &taken.rules, &taken.settings.policy);
    let view = InventoryView {
        width: columns(&wish.stock),
        evidence: wish.evidence,
    };
    let texts = &taken.texts;
    let text = match wish.format {
        StockFormat::Table => report::inventory_text(&inventory, texts, view),
        StockFormat::Markdown => report::inventory_markdown(&inventory, texts, view),
        StockFormat::Html => report::inventory_html(&inventory, texts, view),
        StockFormat::Csv => report::inventory_csv(&inventory),
        StockFormat::Json => {
            serde_json::to_string_pretty(&inventory).context("cannot write JSON")? + "\n"
        }
    };
    if wish.record || wish.declared {
        bail!("not there yet");
    }
    deliver(&wish.stock, &text)?;
    Ok(taken.outcome())
}
