//! Which vendor holds what, for people.
//!
//! In: an [`Inventory`] and texts. Out: a matrix of vendors and classes, the vendors without visible data, the hubs, and the
//! evidence where it is asked for. It leaves alone single scans.

use super::alike::transform_key;
use super::document::{Block, Document, Line, Part, Table, code, filled, place, plain, rated};
use super::document::{html, markdown, terminal};
use crate::breach::{Evidence, Holding, Inventory, State, VendorHoldings};
use crate::finding::Origin;
use crate::texts::Texts;

/// How an inventory is shown.
#[derive(Debug, Clone, Copy)]
pub struct InventoryView {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether every place is listed.
    pub evidence: bool,
}

/// For a terminal.
pub fn inventory_text(inventory: &Inventory, texts: &Texts, view: InventoryView) -> String {
    terminal::terminal(&document(inventory, texts, view, true), view.width)
}

/// As Markdown.
pub fn inventory_markdown(inventory: &Inventory, texts: &Texts, view: InventoryView) -> String {
    markdown::markdown(&document(inventory, texts, view, false))
}

/// As a page.
pub fn inventory_html(inventory: &Inventory, texts: &Texts, view: InventoryView) -> String {
    html::html(&document(inventory, texts, view, false))
}

/// One row for each vendor and class that it holds or may hold.
pub fn inventory_csv(inventory: &Inventory) -> String {
    let head = [
        "vendor",
        "name",
        "category",
        "country",
        "class",
        "severity",
        "state",
        "sent",
        "collected",
        "hashed",
        "part",
        "uncertain",
        "calls",
        "resolved_calls",
        "unresolved",
        "forwards",
    ];
    let mut out = super::spreadsheet::row(head);
    for vendor in &inventory.vendors {
        for holding in &vendor.holdings {
            if holding.evidence.is_empty() && holding.state == State::NotSeen {
                continue;
            }
            out.push_str(&super::spreadsheet::row([
                vendor.vendor.as_str(),
                &vendor.name,
                &vendor.category,
                vendor.country.as_deref().unwrap_or_default(),
                &holding.class,
                holding.severity.as_str(),
                holding.state.as_str(),
                &holding.sent.to_string(),
                &holding.collected.to_string(),
                &holding.hashed.to_string(),
                &holding.part.to_string(),
                &holding.uncertain.to_string(),
                &vendor.calls.total.to_string(),
                &vendor.calls.resolved.to_string(),
                &vendor.unresolved.to_string(),
                vendor.forwards.as_deref().unwrap_or_default(),
            ]));
        }
    }
    out
}

/// Whether the matrix has its classes in rows: at a terminal there is room for few columns.
fn document(inventory: &Inventory, texts: &Texts, view: InventoryView, narrow: bool) -> Document {
    let mut out = Document::new(texts, texts.say("inventory.title").to_owned());
    let visible: Vec<&VendorHoldings> = inventory
        .vendors
        .iter()
        .filter(|vendor| vendor.has_visible_data())
        .collect();
    if inventory.vendors.is_empty() {
        let files = texts.count("count.files", inventory.files.read);
        out.paragraph(plain(texts.fill("inventory.none", &[("files", &files)])));
    }
    if !visible.is_empty() {
        for block in matrix(inventory, &visible, texts, narrow.then_some(view.width)) {
            out.add(Block::Table(block));
        }
        out.paragraph(plain(texts.say("inventory.legend")));
        let lines = visible.iter().map(|vendor| calls_line(vendor, texts));
        out.list(lines.collect());
    }
    without(&mut out, inventory, texts);
    hubs(&mut out, inventory, texts);
    if view.evidence {
        evidence(&mut out, &visible, texts);
    } else if narrow && !visible.is_empty() {
        out.paragraph(plain(texts.say("inventory.json")));
    }
    let files = &inventory.files;
    let read = [
        ("seen", files.seen.to_string()),
        ("read", files.read.to_string()),
        ("parsed", files.parsed.to_string()),
    ];
    let read: Vec<(&str, &str)> = read.iter().map(|(name, n)| (*name, n.as_str())).collect();
    out.paragraph(plain(texts.fill("inventory.read", &read)));
    out
}

fn calls_line(vendor: &VendorHoldings, texts: &Texts) -> Line {
    let total = texts.count("count.calls", vendor.calls.total);
    filled(
        texts,
        "inventory.calls",
        &[
            ("vendor", plain(vendor.name.as_str())),
            ("total", plain(total)),
            ("resolved", plain(vendor.calls.resolved.to_string())),
            ("unresolved", plain(vendor.unresolved.to_string())),
        ],
    )
}

/// One table, or as many as the width asks for, each with some of the vendors.
fn matrix(
    inventory: &Inventory,
    vendors: &[&VendorHoldings],
    texts: &Texts,
    width: Option<usize>,
) -> Vec<Table> {
    let head = |name: &str| texts.say(&format!("head.{name}")).to_owned();
    if inventory.classes.is_empty() {
        return Vec::new();
    }
    let label = |class: &str| texts.named("class", class, "name", class).to_owned();
    let Some(width) = width else {
        let mut columns = vec![head("vendor")];
        columns.extend(inventory.classes.iter().map(|class| label(&class.class)));
        columns.push(head("calls"));
        columns.push(head("unknown"));
        let rows = vendors.iter().map(|vendor| {
            let mut row = vec![plain(vendor_name(vendor))];
            let cells = inventory.classes.iter().map(|class| {
                vendor
                    .of(&class.class)
                    .map_or_else(Line::new, |it| cell(it, texts))
            });
            row.extend(cells);
            row.push(plain(vendor.calls.total.to_string()));
            row.push(plain(vendor.unresolved.to_string()));
            row
        });
        return vec![Table {
            caption: texts.say("inventory.title").to_owned(),
            rows: rows.collect(),
            head: columns,
        }];
    };
    // A rating and a class take some thirty columns, a vendor at least ten.
    let of_name = |vendor: &&VendorHoldings| vendor.vendor.chars().count().max(8) + 3;
    let mut tables = Vec::new();
    let mut rest = vendors;
    while !rest.is_empty() {
        let mut used = 38;
        let fit = rest.iter().take_while(|vendor| {
            used += of_name(vendor);
            used <= width
        });
        let count = fit.count().max(1);
        let (now, later) = rest.split_at(count.min(rest.len()));
        rest = later;
        let mut columns = vec![head("severity"), head("class")];
        columns.extend(now.iter().map(|vendor| hub_mark(vendor, &vendor.vendor)));
        let rows = inventory.classes.iter().map(|class| {
            let mut row = vec![
                vec![rated(texts, class.severity)],
                plain(label(&class.class)),
            ];
            row.extend(now.iter().map(|vendor| {
                vendor
                    .of(&class.class)
                    .map_or_else(Line::new, |it| cell(it, texts))
            }));
            row
        });
        tables.push(Table {
            caption: texts.say("inventory.title").to_owned(),
            rows: rows.collect(),
            head: columns,
        });
    }
    tables
}

fn vendor_name(vendor: &VendorHoldings) -> String {
    hub_mark(vendor, &vendor.name)
}

/// A hub is marked by an arrow.
fn hub_mark(vendor: &VendorHoldings, name: &str) -> String {
    let mark = if vendor.forwards.is_some() {
        " →"
    } else {
        ""
    };
    format!("{name}{mark}")
}

/// `sent 3 + SDK 2`.
fn cell(holding: &Holding, texts: &Texts) -> Line {
    let said = holding
        .counts()
        .into_iter()
        .filter(|(name, count)| *count > 0 && (*name != "uncertain" || !holding.state.is_held()))
        .map(|(name, count)| format!("{} {count}", texts.say(&format!("cell.{name}"))));
    let said: Vec<String> = said.collect();
    match holding.state {
        State::NotSeen => plain(texts.say("mark.none")),
        State::Unresolved => plain(texts.say("mark.unknown")),
        State::Uncertain => plain(said.join(" + ")),
        _ => vec![Part::Rated(holding.severity, said.join(" + "))],
    }
}

fn without(out: &mut Document, inventory: &Inventory, texts: &Texts) {
    let lines: Vec<Line> = inventory
        .vendors
        .iter()
        .filter(|vendor| !vendor.has_visible_data())
        .map(|vendor| {
            let mut line = filled(
                texts,
                "inventory.without_how",
                &[
                    ("vendor", plain(vendor_name(vendor))),
                    ("category", plain(texts.category(&vendor.category))),
                    ("evidence", plain(texts.evidence(&vendor.evidence))),
                ],
            );
            if let Some(location) = vendor.locations.first() {
                line.push(" ".into());
                line.push(place(location));
            }
            line
        })
        .collect();
    if !lines.is_empty() {
        out.heading(texts.say("inventory.without"), "without");
        out.list(lines);
    }
}

fn hubs(out: &mut Document, inventory: &Inventory, texts: &Texts) {
    let lines: Vec<Line> = inventory
        .vendors
        .iter()
        .filter_map(|vendor| {
            let what = vendor.forwards.as_deref()?;
            let what = texts.named("vendor", &vendor.vendor, "forwards", what);
            let held: Vec<&str> = vendor
                .held()
                .map(|holding| texts.named("class", &holding.class, "name", &holding.class))
                .collect();
            let key = if held.is_empty() {
                "inventory.hub_nothing"
            } else {
                "inventory.hub"
            };
            let blanks = [
                ("vendor", plain(vendor.name.as_str())),
                ("what", plain(what)),
                ("classes", plain(texts.list(&held))),
            ];
            let mut line = filled(texts, key, &blanks);
            if !vendor.forwards_to.is_empty() {
                let names = plain(texts.list(&vendor.forwards_to));
                line.push(" ".into());
                line.extend(filled(texts, "inventory.hub_to", &[("names", names)]));
            }
            Some(line)
        })
        .collect();
    if !lines.is_empty() {
        out.heading(texts.say("inventory.hubs"), "hubs");
        out.list(lines);
    }
}

fn evidence(out: &mut Document, vendors: &[&VendorHoldings], texts: &Texts) {
    out.heading(texts.say("inventory.evidence"), "evidence");
    for vendor in vendors {
        for holding in &vendor.holdings {
            if holding.evidence.is_empty() {
                continue;
            }
            let name = texts.named("class", &holding.class, "name", &holding.class);
            let line = vec![
                rated(texts, holding.severity),
                format!(" {}: {name}", vendor.name).into(),
            ];
            out.add(Block::Subheading(line));
            let lines = holding.evidence.iter().map(|it| evidence_line(it, texts));
            out.list(lines.collect());
        }
    }
}

/// `$email ← user.email in people.set, src/a.ts:3`.
pub(super) fn evidence_line(evidence: &Evidence, texts: &Texts) -> Line {
    let key = match evidence.origin {
        Origin::Auto => "hold.by_sdk",
        Origin::Sent => "hold.evidence",
    };
    let mut parts = filled(
        texts,
        key,
        &[
            ("property", code(evidence.property.as_str())),
            ("value", code(evidence.expression.as_str())),
            ("call", code(evidence.call.as_str())),
            ("place", vec![place(&evidence.location)]),
        ],
    );
    if evidence.transform.lessens() {
        let how = texts.say(transform_key(evidence.transform));
        parts.push(" ".into());
        parts.extend(filled(texts, "hold.changed", &[("how", plain(how))]));
    }
    if !evidence.counts {
        parts.push(texts.say("list.apart").into());
        parts.push(texts.say("hold.unsure").into());
    }
    parts
}
