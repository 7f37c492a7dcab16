//! A document as Markdown.
//!
//! In: a [`Document`]. Out: Markdown of the kind that GitHub and GitLab show. It leaves alone what is said.
//!
//! Nothing of the scanned tree is Markdown: in texts every mark is escaped, code stands between as many backticks as it
//! needs.

use std::fmt::Write as _;

use super::{Block, Document, Line, Part, Table};
use crate::report::visible;

/// Renders a document.
pub(in crate::report) fn markdown(document: &Document) -> String {
    let mut out = format!("# {}\n", escaped(&document.title));
    for block in &document.blocks {
        out.push('\n');
        match block {
            Block::Heading(text, _) => {
                let _ = writeln!(out, "## {}", escaped(text));
            }
            Block::Subheading(line) => {
                let _ = writeln!(out, "### {}", shown(line));
            }
            Block::Paragraph(line) => {
                let _ = writeln!(out, "{}", shown(line));
            }
            Block::List(lines) => {
                for line in lines {
                    let _ = writeln!(out, "- {}", shown(line));
                }
            }
            Block::Steps(steps) => {
                for (index, (step, details)) in steps.iter().enumerate() {
                    let _ = writeln!(out, "{}. {}", index + 1, shown(step));
                    for line in details {
                        let _ = writeln!(out, "   - {}", shown(line));
                    }
                }
            }
            Block::Table(table) => rows(&mut out, table),
            Block::Draft(lines) => {
                let lines: Vec<String> = lines
                    .iter()
                    .map(|line| format!("> {}", shown(line)))
                    .collect();
                let _ = writeln!(out, "{}", lines.join("\n>\n"));
            }
        }
    }
    out
}

fn rows(out: &mut String, table: &Table) {
    let cell = |text: String| text.replace('|', "\\|");
    let head: Vec<String> = table.head.iter().map(|head| cell(escaped(head))).collect();
    let _ = writeln!(out, "| {} |", head.join(" | "));
    let _ = writeln!(out, "|{}", " --- |".repeat(head.len()));
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|line| cell(shown(line))).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
}

fn shown(line: &Line) -> String {
    line.iter()
        .map(|part| match part {
            Part::Text(text) => escaped(text),
            Part::Strong(text) | Part::Rated(_, text) => format!("**{}**", escaped(text)),
            Part::Code(text) => ticked(text),
        })
        .collect()
}

/// Code between more backticks than it has in a row.
fn ticked(text: &str) -> String {
    let text = visible(text);
    let longest = text
        .split(|char| char != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    if text.is_empty() {
        String::new()
    } else {
        format!("{ticks}{blank}{text}{blank}{ticks}")
    }
}

/// Whatever Markdown or HTML would take for a mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in visible(text).chars() {
        match char {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '!' | '~' | '@' => {
                out.push('\\');
                out.push(char);
            }
            _ => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_strange_is_markdown() {
        assert_eq!(
            escaped("<img> [a](b) *c* @d"),
            "&lt;img> \\[a\\](b) \\*c\\* \\@d"
        );
        assert_eq!(ticked("a``b"), "```a``b```");
        assert_eq!(ticked("`"), "`` ` ``");
        let mut out = String::new();
        let table = Table {
            caption: String::new(),
            head: vec!["a".to_owned()],
            rows: vec![vec![vec![Part::Code("x|y\nz".to_owned())]]],
        };
        rows(&mut out, &table);
        assert_eq!(out, "| a |\n| --- |\n| `x\\|y␊z` |\n");
    }
}
