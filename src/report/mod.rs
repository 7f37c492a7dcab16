//! Reports as bytes.
//!
//! In: a [`Report`]. Out: text, one file per format. It leaves alone how the report was made: nothing here knows any other
//! stage, so a saved report renders the same; the source that `--explain` shows comes through a closure.
//!
//! Text for people holds ANSI colours; whoever writes it to a stream strips them where they are not wanted.

mod acceptances;
mod alike;
mod below;
mod brief;
mod csv;
mod difference;
mod document;
mod escape;
mod explain;
mod github;
mod gitlab;
mod html;
mod hubs;
mod inventory;
mod json;
mod junit;
mod layout;
mod markdown;
mod matrix;
mod page;
mod rdjson;
mod record;
mod sarif;
mod spreadsheet;
mod table;

pub use brief::{BriefView, brief_html, brief_json, brief_markdown, brief_text};
pub use html::html;
pub use inventory::{
    InventoryView, inventory_csv, inventory_html, inventory_markdown, inventory_text,
};
pub use record::{
    declared_html, declared_markdown, declared_text, record_csv, record_html, record_markdown,
    record_text,
};

pub use self::csv::csv;
pub use below::below;
pub use difference::{difference_json, difference_markdown, difference_table};
pub use escape::visible;
pub use explain::explain;
pub use github::github;
pub use gitlab::gitlab;
pub use json::json;
pub use junit::junit;
pub use markdown::markdown;
pub use rdjson::rdjson;
pub use sarif::sarif;
pub use table::table;

use crate::finding::{CombinationFound, Confidence, Finding, Origin, Report, Status, is_switch};
use crate::texts::{BASE, Texts};

/// Gives the text of a file of the scanned tree.
pub type Sources<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;

/// How a report for people is shown.
#[derive(Debug, Clone, Copy)]
pub struct View<'t> {
    /// Columns of the terminal.
    pub width: usize,
    /// Findings below are uncertain.
    pub confidence: Confidence,
    /// What is accepted is shown too.
    pub accepted: bool,
    /// In which language.
    pub texts: &'t Texts,
}

impl<'t> View<'t> {
    /// As reports are shown where nothing else is said.
    pub fn new(texts: &'t Texts) -> Self {
        Self {
            width: 80,
            confidence: Confidence::Medium,
            accepted: false,
            texts,
        }
    }

    fn say(&self, key: &'t str) -> &'t str {
        self.texts.say(key)
    }

    /// A data class: in English its id, which is the word that people type; elsewhere its name.
    fn class(&self, class: &str) -> String {
        let name = match self.texts.language() {
            BASE => class,
            _ => self.texts.named("class", class, "name", class),
        };
        visible(name).into_owned()
    }

    /// What is worse together.
    fn together(&self, found: &CombinationFound) -> String {
        let title = self
            .texts
            .named("combination", &found.id, "title", &found.title);
        visible(title).into_owned()
    }
}

/// The findings that a view shows, worst first.
fn shown<'r>(report: &'r Report, view: &View<'_>) -> Vec<&'r Finding> {
    let all = report.findings.iter();
    all.filter(|finding| view.accepted || finding.status == Status::New)
        .collect()
}

/// A finding in a sentence, for programs that show it in a line of their own.
fn told(finding: &Finding) -> String {
    let value = if finding.expression.is_empty() {
        &finding.class
    } else {
        &finding.expression
    };
    let what = match finding.origin {
        Origin::Sent => format!(
            "{value} is sent to {} as {} by {}",
            finding.vendor, finding.property, finding.call
        ),
        Origin::Auto => format!(
            "the SDK of {} collects {} by itself",
            finding.vendor, finding.property
        ),
    };
    visible(&format!(
        "{} {}: {what}: {}",
        finding.severity, finding.class, finding.reason
    ))
    .into_owned()
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
        .filter(|text| is_switch(text))
}
