//! A document at a terminal.
//!
//! In: a [`Document`] and a width. Out: text with ANSI colours that fits. It leaves alone what is said.
//!
//! Colours are set when everything is laid out, since they would count as width before: until then characters without a
//! width stand for them, which no text of the scanned tree can hold once it is made visible.

use anstyle::Style;
use comfy_table::{ContentArrangement, Table as Grid};

use super::{Block, Document, Line, Part, Table};
use crate::finding::Severity;
use crate::report::layout::{UNDIVIDED, broken, columns_of, style, wrapped};
use crate::report::visible;

const STRONG: char = '\u{2061}';
const CRITICAL: char = '\u{2062}';
const HIGH: char = '\u{2063}';
const MEDIUM: char = '\u{2064}';
const LOW: char = '\u{2065}';
const END: char = '\u{2060}';

/// Renders a document.
pub(in crate::report) fn terminal(document: &Document, width: usize) -> String {
    let mut out = wrapped(&marked(STRONG, &visible(&document.title)), width, 0);
    for block in &document.blocks {
        match block {
            Block::Heading(text, _) => {
                out.push('\n');
                out.push_str(&wrapped(&marked(STRONG, &visible(text)), width, 0));
            }
            Block::Subheading(line) => out.push_str(&wrapped(&shown(line), width, 0)),
            Block::Paragraph(line) => out.push_str(&wrapped(&shown(line), width, 0)),
            Block::List(lines) => {
                for line in lines {
                    out.push_str(&wrapped(&format!("- {}", shown(line)), width, 2));
                }
            }
            Block::Steps(steps) => {
                for (index, (step, details)) in steps.iter().enumerate() {
                    let step = format!("{}. {}", index + 1, shown(step));
                    out.push_str(&wrapped(&step, width, 3));
                    for line in details {
                        out.push_str("   ");
                        let line = wrapped(&format!("- {}", shown(line)), width - 3, 2);
                        out.push_str(line.trim_end().replace('\n', "\n   ").as_str());
                        out.push('\n');
                    }
                }
            }
            Block::Table(table) => grid(&mut out, table, width),
            Block::Draft(lines) => {
                for line in lines {
                    out.push_str("  | ");
                    let line = wrapped(&shown(line), width.saturating_sub(4).max(20), 0);
                    out.push_str(line.trim_end().replace('\n', "\n  | ").as_str());
                    out.push('\n');
                }
            }
        }
    }
    coloured(&out)
}

fn grid(out: &mut String, table: &Table, width: usize) {
    let head = table.head.iter().map(|head| visible(head).into_owned());
    let head: Vec<String> = head.collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| row.iter().map(shown).collect())
        .collect();
    let widths = widths(&head, &rows, width);
    let fit = |(at, cell): (usize, &String)| {
        let width = widths.get(at).copied();
        width.map_or_else(|| cell.clone(), |width| broken(cell, width))
    };
    let mut grid = Grid::new();
    grid.load_style(UNDIVIDED)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(head.iter().enumerate().map(fit));
    for row in &rows {
        grid.add_row(row.iter().enumerate().map(fit));
    }
    out.push_str(&grid.trim_fmt());
    out.push('\n');
}

/// How wide each column is: as it needs, or less for the widest ones until all fit.
fn widths(head: &[String], rows: &[Vec<String>], width: usize) -> Vec<usize> {
    const LEAST: usize = 8;
    let need = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        let cells = cells.chain(head.get(at));
        cells.map(|cell| columns_of(cell)).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = (0..head.len()).map(need).collect();
    // A blank on both sides of each column, and a line between two.
    let room = (width + 1).saturating_sub(3 * head.len());
    while widths.iter().sum::<usize>() > room {
        let widest = widths.iter_mut().max().filter(|widest| **widest > LEAST);
        let Some(widest) = widest else { break };
        *widest -= 1;
    }
    widths
}

fn shown(line: &Line) -> String {
    line.iter()
        .map(|part| {
            let text = visible(part.text());
            match part {
                Part::Text(_) | Part::Code(_) => text.into_owned(),
                Part::Strong(_) => marked(STRONG, &text),
                Part::Rated(severity, _) => marked(mark(*severity), &text),
            }
        })
        .collect()
}

fn marked(mark: char, text: &str) -> String {
    format!("{mark}{text}{END}")
}

fn mark(severity: Severity) -> char {
    match severity {
        Severity::Critical => CRITICAL,
        Severity::High => HIGH,
        Severity::Medium => MEDIUM,
        Severity::Low => LOW,
    }
}

fn coloured(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<Style> = None;
    for char in text.chars() {
        let begins = match char {
            STRONG => Some(Style::new().bold()),
            CRITICAL => Some(style(Severity::Critical)),
            HIGH => Some(style(Severity::High)),
            MEDIUM => Some(style(Severity::Medium)),
            LOW => Some(style(Severity::Low)),
            _ => None,
        };
        match begins {
            Some(style) => {
                out.push_str(&format!("{style}"));
                open = Some(style);
            }
            None if char == END => {
                if let Some(style) = open.take() {
                    out.push_str(&format!("{style:#}"));
                }
            }
            None => out.push(char),
        }
    }
    out
}
