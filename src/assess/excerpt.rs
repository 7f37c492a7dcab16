//! Source text as a report may show it.
//!
//! In: the text of an expression. Out: one line of at most [`LONGEST`] characters, in which no literal that looks like a
//! secret or like somebody's data is readable. It leaves alone escaping, which each format does for itself.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Longer text is cut.
const LONGEST: usize = 80;
/// Stands for what is masked.
const MASK: &str = "***";

/// An address, anywhere; a run of digits as long as a phone or card number, maybe grouped; a hexadecimal id; a run of
/// letters and digits that may be a key.
static SUSPECT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<email>  [A-Za-z0-9._%+-]+ (?:@|%40) [A-Za-z0-9-]+ (?:\.[A-Za-z0-9-]+)+ )
        | (?P<hex>  \b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b )
        | (?P<digits> \+?\b\d+(?:[\ -]?\d{2,}){2,}\b )
        | (?P<run>  [A-Za-z0-9]{12,} )",
    )
    .ok()
});

/// The text on one line, masked and cut.
pub(super) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = masked(&line);
    if line.chars().count() <= LONGEST {
        return line;
    }
    let mut cut: String = line.chars().take(LONGEST - 1).collect();
    cut.push('…');
    cut
}

/// The text without readable secrets in its literals; an address is masked outside of literals too, since comments and
/// markup may hold one.
pub(super) fn masked(text: &str) -> String {
    let Some(suspect) = SUSPECT.as_ref() else {
        return MASK.to_owned();
    };
    let literals = literals(text);
    suspect
        .replace_all(text, |found: &Captures<'_>| -> String {
            let whole = found.get_match();
            let in_literal = literals
                .iter()
                .any(|(start, end)| *start <= whole.start() && whole.end() <= *end);
            let hide = if found.name("email").is_some() {
                true
            } else if found.name("run").is_some() {
                in_literal && looks_made(whole.as_str())
            } else if found.name("digits").is_some() {
                in_literal && whole.as_str().bytes().filter(u8::is_ascii_digit).count() >= 9
            } else {
                in_literal
            };
            if hide { MASK } else { whole.as_str() }.to_owned()
        })
        .into_owned()
}

/// Whether a run of letters and digits was made by a machine: it changes between the two more often than a word with a
/// number in it does, or it is very long and holds a digit.
fn looks_made(run: &str) -> bool {
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let changes = run
        .as_bytes()
        .windows(2)
        .filter(|pair| match pair {
            [a, b] => a.is_ascii_digit() != b.is_ascii_digit(),
            _ => false,
        })
        .count();
    changes >= 3 || (run.len() >= 32 && digits > 0) || (digits == run.len() && digits >= 9)
}

/// The byte ranges inside of quotes. Good enough for an expression: a quote in a regular expression or comment makes more
/// masked, not less.
fn literals(text: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut open: Option<(char, usize)> = None;
    let mut escaped = false;
    for (at, char) in text.char_indices() {
        match open {
            _ if escaped => escaped = false,
            Some(_) if char == '\\' => escaped = true,
            Some((quote, start)) if char == quote => {
                ranges.push((start, at));
                open = None;
            }
            None if matches!(char, '\'' | '"' | '`') => open = Some((char, at + 1)),
            _ => {}
        }
    }
    if let Some((_, start)) = open {
        ranges.push((start, text.len()));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_what_looks_like_a_secret_or_an_address() {
        assert_eq!(excerpt("'ada@example.org'"), "'***'");
        assert_eq!(
            excerpt("`mailto:${x} ada@example.org`"),
            "`mailto:${x} ***`"
        );
        assert_eq!(excerpt("'sk_prod_51Hx9aB7cD3eF5g'"), "'sk_prod_***'");
        assert_eq!(excerpt("'+1 415 555 0100 22'"), "'***'");
        assert_eq!(
            excerpt("{ id: '123e4567-e89b-12d3-a456-426614174000' }"),
            "{ id: '***' }"
        );
        assert_eq!(excerpt("\"4111111111111111\""), "\"***\"");
    }

    #[test]
    fn leaves_names_readable() {
        for text in [
            "user.email",
            "'utm_campaign2024'",
            "sha256Encoded(user.email)",
            "'Checkout Step 2 Completed'",
            "a1b2c3d4e5f6g7",
        ] {
            assert_eq!(excerpt(text), text);
        }
    }

    #[test]
    fn is_one_short_line() {
        assert_eq!(excerpt("{\n  a:\tb\n}"), "{ a: b }");
        assert_eq!(excerpt(&"é".repeat(200)).chars().count(), LONGEST);
    }
}
