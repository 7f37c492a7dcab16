//! Text that fits a terminal.
//!
//! In: texts and tables, and a width. Out: the same on as many lines as they need, coloured by severity. It leaves alone
//! what they say.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use comfy_table::presets::UTF8_NO_BORDERS;
use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::finding::{Confidence, Severity};
use crate::texts::Texts;

/// Without lines between rows.
pub(super) const UNDIVIDED: TableStyle = UTF8_NO_BORDERS.row_separator(LineStyle::none());

/// A table that fits, in which the last `loose` columns may be broken and all others are as wide as they need; none when
/// that leaves too little.
pub(super) fn grid<const N: usize>(
    header: [&str; N],
    rows: &[[String; N]],
    loose: usize,
    width: usize,
) -> Option<String> {
    let needs: [usize; N] = std::array::from_fn(|at| {
        let cells = rows
            .iter()
            .flat_map(|row| row.get(at))
            .flat_map(|cell| cell.split('\n'));
        let header = header.get(at).copied().unwrap_or_default();
        cells.chain([header]).map(columns_of).max().unwrap_or(0)
    });
    let (firm, asked) = needs.split_at(N - loose);
    // A blank on both sides of each column, and a line between two.
    let left = width.checked_sub(3 * N - 1 + firm.iter().sum::<usize>())?;
    let split = match asked {
        [one] => [(*one).min(left), 0],
        [one, other] if one + other <= left => [*one, *other],
        _ => best_split(rows, left)?,
    };
    if split
        .iter()
        .take(loose)
        .zip(asked)
        .any(|(has, asks)| *has < LEAST.min(*asks))
    {
        return None;
    }
    let fit = |(at, cell): (usize, &str)| {
        let width = at.checked_sub(N - loose).and_then(|at| split.get(at));
        width.map_or_else(|| cell.to_owned(), |width| broken(cell, *width))
    };
    let mut table = Table::new();
    table
        .load_style(UNDIVIDED)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header.into_iter().enumerate().map(fit));
    for row in rows {
        table.add_row(row.iter().map(String::as_str).enumerate().map(fit));
    }
    Some(table.trim_fmt() + "\n")
}

/// A column that is broken has at least this width.
const LEAST: usize = 16;

/// The widths of the last two columns with which the rows take the fewest lines and the fewest words are torn, the first
/// as wide as possible.
fn best_split<const N: usize>(rows: &[[String; N]], width: usize) -> Option<[usize; 2]> {
    let most = width.checked_sub(LEAST).filter(|most| *most >= LEAST)?;
    let cost = |first: usize| -> usize {
        let of_row = rows.iter().map(|row| {
            let [.., one, other] = row.as_slice() else {
                return 1;
            };
            let lines = pieces(one, first)
                .len()
                .max(pieces(other, width - first).len());
            lines + torn(one, first) + torn(other, width - first)
        });
        of_row.sum()
    };
    let first = (LEAST..=most)
        .rev()
        .step_by(2)
        .min_by_key(|first| cost(*first))?;
    Some([first, width - first])
}

/// How many words of a text are too long for a line.
fn torn(text: &str, width: usize) -> usize {
    let words = text.split('\n').flat_map(|line| parts(line, ends_word));
    words
        .filter(|word| columns_of(word.trim_end()) > width)
        .count()
}

/// A text on as many lines as it needs.
pub(super) fn broken(text: &str, width: usize) -> String {
    pieces(text, width).join("\n")
}

/// The lines of a text, broken at blanks, slashes and commas; inside a word only when the word alone is too long, at its
/// own joints if there are any.
pub(super) fn pieces(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut current = String::new();
        for word in parts(line, ends_word) {
            if !add(&mut current, word, width, &mut lines) {
                for joint in parts(word, ends_joint) {
                    if !add(&mut current, joint, width, &mut lines) {
                        add_chars(&mut current, joint, width, &mut lines);
                    }
                }
            }
        }
        lines.push(current.trim_end().to_owned());
    }
    lines
}

/// Adds a part to the line, or to a fresh one; not if it is too long even for that.
fn add(line: &mut String, part: &str, width: usize, lines: &mut Vec<String>) -> bool {
    let together = format!("{line}{part}");
    if columns_of(together.trim_end()) <= width {
        *line = together;
        return true;
    }
    if columns_of(part.trim_end()) > width {
        return false;
    }
    lines.push(line.trim_end().to_owned());
    part.clone_into(line);
    true
}

fn add_chars(line: &mut String, part: &str, width: usize, lines: &mut Vec<String>) {
    for char in part.chars() {
        line.push(char);
        if columns_of(line) > width && line.chars().nth(1).is_some() {
            line.pop();
            lines.push(std::mem::take(line).trim_end().to_owned());
            line.push(char);
        }
    }
}

/// A text torn after each character that ends a part, seen with the one before and the one after.
fn parts(text: &str, ends: fn(char, char, char) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((_, char)) = chars.next() {
        if let Some((end, next)) = chars.peek()
            && ends(before, char, *next)
        {
            parts.extend(text.get(start..*end));
            start = *end;
        }
        before = char;
    }
    parts.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    parts
}

/// What the arrow points from stays with the arrow.
fn ends_word(before: char, char: char, next: char) -> bool {
    match char {
        ' ' => before != '←' && next != ' ',
        '/' | ',' => true,
        _ => ends_between(char, next),
    }
}

fn ends_joint(before: char, char: char, next: char) -> bool {
    match char {
        ' ' | '_' | '-' | '=' | '&' | '|' | ';' => true,
        '.' | '(' | '[' | '{' | '?' => before.is_alphanumeric(),
        _ => char.is_lowercase() && next.is_uppercase(),
    }
}

/// Terminals disagree on sequences of several characters; this is the wider count.
pub(super) fn columns_of(text: &str) -> usize {
    let single: usize = text.chars().map(|char| char.width().unwrap_or(0)).sum();
    single.max(text.width())
}

/// Marks that no line begins with.
const CLOSING: &str = "、。,.:;!?)]」』】)ー・/…";

/// Marks that no line ends with.
const OPENING: &str = "「『((【[";

/// Wraps to a width; later lines are indented. Words stay whole where they fit; scripts without blanks are broken between
/// any two characters.
pub(super) fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let width = width.max(indent + 10);
    let mut out = String::new();
    let mut column = 0;
    for piece in words(text) {
        let wide = piece.trim_end().width();
        if column > indent && column + wide > width {
            while out.ends_with(' ') {
                out.pop();
            }
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            column = indent;
        }
        for char in piece.chars() {
            let wide = char.width().unwrap_or(0);
            if column + wide > width && char != ' ' {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                column = indent;
            }
            out.push(char);
            column += wide;
        }
    }
    let kept = out.trim_end_matches(' ').len();
    out.truncate(kept);
    out.push('\n');
    out
}

/// Whether a line may end between two characters of a script without blanks.
fn ends_between(char: char, next: char) -> bool {
    let is_wide = |char: char| char.width() == Some(2);
    let is_mark = |char: char| char.width() == Some(0);
    let between = (is_wide(char) || is_wide(next)) && char != '-' && !is_mark(char);
    let may_begin = !CLOSING.contains(next) && !is_mark(next);
    between && may_begin && !OPENING.contains(char)
}

/// A text in pieces, after each of which a line may end.
fn words(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((_, char)) = chars.next() {
        let Some((next_at, next)) = chars.peek().copied() else {
            break;
        };
        let is_blank = char == ' ' || next == ' ';
        let ends = if is_blank {
            next != ' '
        } else {
            ends_between(char, next)
        };
        if ends {
            found.extend(text.get(start..next_at));
            start = next_at;
        }
    }
    found.extend(text.get(start..));
    found
}

/// Colours the severity at the start of each line. Tables are coloured when they are done, since colours would count as
/// width before.
pub(super) fn coloured(text: &str, texts: &Texts) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start_matches(' ');
        let severity = [
            Severity::Critical,
            Severity::High,
            Severity::Medium,
            Severity::Low,
        ]
        .into_iter()
        .find(|severity| {
            rest.strip_prefix(texts.say(severity_key(*severity)))
                .is_some_and(|after| after.starts_with([' ', '\n']))
        });
        match severity {
            Some(severity) => {
                let style = style(severity);
                let start = line.len() - rest.len();
                let (lead, _) = line.split_at(start);
                let word = texts.say(severity_key(severity));
                let after = rest.strip_prefix(word).unwrap_or(rest);
                let _ = write!(out, "{lead}{style}{word}{style:#}{after}");
            }
            None => out.push_str(line),
        }
    }
    out
}

/// The colour of a severity.
pub(super) fn style(severity: Severity) -> Style {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::High => AnsiColor::Red.on_default(),
        Severity::Medium => AnsiColor::Yellow.on_default(),
        Severity::Low => AnsiColor::Cyan.on_default(),
    }
}

/// The key of what a severity is called.
pub(super) fn severity_key(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "severity.critical",
        Severity::High => "severity.high",
        Severity::Medium => "severity.medium",
        Severity::Low => "severity.low",
    }
}

/// The key of what a confidence is called.
pub(super) fn confidence_key(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "confidence.high",
        Confidence::Medium => "confidence.medium",
        Confidence::Low => "confidence.low",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_words_and_scripts_without_blanks() {
        assert_eq!(wrapped("- one two three", 10, 2), "- one two\n  three\n");
        assert_eq!(
            wrapped("- 日本語、です。「はい」", 12, 2),
            "- 日本語、で\n  す。「は\n  い」\n"
        );
        assert_eq!(wrapped("abcdefghijklmno", 10, 0), "abcdefghij\nklmno\n");
    }
}
