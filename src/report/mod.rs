//! Reports as bytes.
//!
//! In: a [`Report`]. Out: text, one file per format. It leaves alone how the report was made: nothing here knows any other
//! stage, so a saved report renders the same; the source that `--explain` shows comes through a closure.
//!
//! Text for people holds ANSI colours; whoever writes it to a stream strips them where they are not wanted.

mod alike;
mod brief;
mod document;
mod escape;
mod explain;
mod html;
mod inventory;
mod json;
mod matrix;
mod page;
mod record;
mod spreadsheet;
mod table;

pub use brief::{BriefView, brief_html, brief_json, brief_markdown, brief_text};
pub use escape::visible;
pub use explain::explain;
pub use html::html;
pub use inventory::{
    InventoryView, inventory_csv, inventory_html, inventory_markdown, inventory_text,
};
pub use json::json;
pub use record::{
    declared_html, declared_markdown, declared_text, record_csv, record_html, record_markdown,
    record_text,
};
pub use table::table;

use crate::finding::{Confidence, Finding, Report};

/// Gives the text of a file of the scanned tree.
pub type Sources<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;

/// How a report for people is shown.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Columns of the terminal.
    pub width: usize,
    /// Findings below are uncertain.
    pub confidence: Confidence,
}

impl Default for View {
    fn default() -> Self {
        Self {
            width: 80,
            confidence: Confidence::Medium,
        }
    }
}

/// `1 file`, `2 files`.
fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// What turns an SDK's own collection off, if something does.
fn turn_off<'r>(report: &'r Report, finding: &Finding) -> Option<&'r str> {
    report
        .auto_collected
        .iter()
        .find(|auto| {
            auto.vendor == finding.vendor
                && auto.class == finding.class
                && auto.property == finding.property
        })
        .map(|auto| auto.turn_off.as_str())
        .filter(|text| !text.is_empty())
}
