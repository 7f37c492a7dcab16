//! A document as a page.
//!
//! In: a [`Document`]. Out: one HTML file. It leaves alone what is said.

use maud::{Markup, html};

use super::{Block, Document, Line, Part, Table};
use crate::report::page::page;
use crate::report::visible;

/// Renders a document.
pub(in crate::report) fn html(document: &Document) -> String {
    let body = html! {
        h1 { (visible(&document.title)) }
        @for block in &document.blocks { (shown(block)) }
    };
    page(&document.language, &document.title, "↓", &body)
}

fn shown(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Heading(text, id) => h2 id=(id) { (visible(text)) },
            Block::Subheading(line) => h3 { (inline(line)) },
            Block::Paragraph(line) => p { (inline(line)) },
            Block::List(lines) => ul { @for line in lines { li { (inline(line)) } } },
            Block::Steps(steps) => ol {
                @for (step, details) in steps {
                    li {
                        (inline(step))
                        @if !details.is_empty() {
                            ul { @for line in details { li { (inline(line)) } } }
                        }
                    }
                }
            },
            Block::Table(rows) => (table(rows)),
            Block::Draft(lines) => div class="draft" { @for line in lines { p { (inline(line)) } } },
        }
    }
}

/// A table that a reader of the screen can follow: every head says what it is the head of.
pub(in crate::report) fn table(table: &Table) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(table.caption) {
            table {
                caption { (visible(&table.caption)) }
                thead { tr { @for head in &table.head { th scope="col" { (visible(head)) } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (index, line) in row.iter().enumerate() {
                                @if index == 0 {
                                    th scope="row" { (inline(line)) }
                                } @else if let [Part::Rated(severity, text)] = line.as_slice() {
                                    td class=(severity.as_str()) { (visible(text)) }
                                } @else {
                                    td { (inline(line)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(in crate::report) fn inline(line: &Line) -> Markup {
    html! {
        @for part in line {
            @match part {
                Part::Text(text) => (visible(text)),
                Part::Strong(text) => strong { (visible(text)) },
                Part::Code(text) => @if !text.is_empty() { code { (visible(text)) } },
                Part::Rated(severity, text) => {
                    span class={ "rating " (severity.as_str()) } { (visible(text)) }
                },
            }
        }
    }
}
