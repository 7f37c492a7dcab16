//! Rows for those who keep records, and what is declared beside what was found.
//!
//! In: recipients, or a comparison. Out: text, Markdown, a page or CSV. It leaves alone what must be filled in by people.

use super::document::{Block, Document, Line, Table, code, filled, plain};
use super::document::{html, markdown, terminal};
use super::spreadsheet::row;
use crate::breach::{Declared, Inventory, Recipient};
use crate::texts::Texts;

/// For a terminal.
pub fn record_text(rows: &[Recipient], texts: &Texts, width: usize) -> String {
    terminal::terminal(&record(rows, texts), width)
}

/// As Markdown.
pub fn record_markdown(rows: &[Recipient], texts: &Texts) -> String {
    markdown::markdown(&record(rows, texts))
}

/// As a page.
pub fn record_html(rows: &[Recipient], texts: &Texts) -> String {
    html::html(&record(rows, texts))
}

/// For a spreadsheet; ids of classes, and empty cells to fill in.
pub fn record_csv(rows: &[Recipient]) -> String {
    let mut out = row([
        "vendor",
        "name",
        "category",
        "country",
        "sent",
        "collected",
        "incomplete",
        "forwards",
        "purpose",
        "legal_basis",
        "retention",
    ]);
    for recipient in rows {
        out.push_str(&row([
            recipient.vendor.as_str(),
            &recipient.name,
            &recipient.category,
            recipient.country.as_deref().unwrap_or_default(),
            &recipient.sent.join("; "),
            &recipient.collected.join("; "),
            if recipient.incomplete { "yes" } else { "no" },
            recipient.forwards.as_deref().unwrap_or_default(),
            "",
            "",
            "",
        ]));
    }
    out
}

fn record(rows: &[Recipient], texts: &Texts) -> Document {
    let mut out = Document::new(texts, texts.say("record.title").to_owned());
    let classes = |classes: &[String]| {
        let names = classes
            .iter()
            .map(|class| texts.named("class", class, "name", class));
        plain(texts.list(&names.collect::<Vec<_>>()))
    };
    let rows = rows.iter().map(|recipient| {
        let country = recipient.country.as_deref();
        vec![
            plain(recipient.name.as_str()),
            plain(texts.category(&recipient.category)),
            plain(country.unwrap_or_else(|| texts.say("record.unknown"))),
            classes(&recipient.sent),
            classes(&recipient.collected),
            plain(texts.say("record.purpose")),
        ]
    });
    out.add(Block::Table(Table {
        caption: texts.say("record.title").to_owned(),
        rows: rows.collect(),
        head: [
            "head.vendor",
            "record.category",
            "record.country",
            "origin.sent",
            "origin.auto",
            "record.head",
        ]
        .map(|key| texts.say(key).to_owned())
        .to_vec(),
    }));
    out
}

/// For a terminal.
pub fn declared_text(
    found: &Declared,
    inventory: &Inventory,
    texts: &Texts,
    width: usize,
) -> String {
    terminal::terminal(&declared(found, inventory, texts), width)
}

/// As Markdown.
pub fn declared_markdown(found: &Declared, inventory: &Inventory, texts: &Texts) -> String {
    markdown::markdown(&declared(found, inventory, texts))
}

/// As a page.
pub fn declared_html(found: &Declared, inventory: &Inventory, texts: &Texts) -> String {
    html::html(&declared(found, inventory, texts))
}

fn declared(found: &Declared, inventory: &Inventory, texts: &Texts) -> Document {
    let mut out = Document::new(texts, texts.say("declared.title").to_owned());
    if found.files.is_empty() {
        out.paragraph(plain(texts.say("declared.no_sources")));
    } else {
        let files = code(found.files.join(", "));
        out.paragraph(filled(texts, "declared.sources", &[("files", files)]));
    }
    out.heading(texts.say("declared.missing"), "missing");
    let lines: Vec<Line> = inventory
        .vendors
        .iter()
        .filter(|vendor| found.undeclared.contains(&vendor.vendor))
        .map(|vendor| {
            let held = vendor.held().map(|holding| {
                let name = texts.named("class", &holding.class, "name", &holding.class);
                texts.inside(name)
            });
            let held: Vec<String> = held.collect();
            let classes = if held.is_empty() {
                texts.say("declared.nothing").to_owned()
            } else {
                texts.list(&held)
            };
            let blanks = [
                ("vendor", plain(vendor.name.as_str())),
                ("category", plain(texts.category(&vendor.category))),
                ("classes", plain(classes)),
            ];
            filled(texts, "declared.missing_line", &blanks)
        })
        .collect();
    list_or_nothing(&mut out, lines, texts);
    out.heading(texts.say("declared.unused"), "unused");
    let lines = found.unused.iter().map(|(vendor, places)| {
        let blanks = [
            ("vendor", plain(vendor.as_str())),
            ("places", code(places.join(", "))),
        ];
        filled(texts, "declared.unused_line", &blanks)
    });
    list_or_nothing(&mut out, lines.collect(), texts);
    if !found.both.is_empty() {
        let vendors = plain(texts.list(&found.both));
        out.paragraph(filled(texts, "declared.both", &[("vendors", vendors)]));
    }
    out
}

fn list_or_nothing(out: &mut Document, lines: Vec<Line>, texts: &Texts) {
    if lines.is_empty() {
        out.paragraph(plain(texts.say("declared.nothing")));
    }
    out.list(lines);
}
