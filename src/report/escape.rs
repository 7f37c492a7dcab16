//! Text of strangers on a terminal.
//!
//! In: any text. Out: the same, with everything visible that could move the cursor, recolour, reorder or hide text. It
//! leaves alone width and wrapping.

use std::borrow::Cow;

/// Makes control characters and invisible marks visible; line breaks too, since what is shown stands in one line.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        match char {
            '\t' => out.push(' '),
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(char)).unwrap_or('�')),
            '\u{7f}' => out.push('␡'),
            _ if is_hidden(char) => out.push_str(&format!("<U+{:04X}>", u32::from(char))),
            _ => out.push(char),
        }
    }
    Cow::Owned(out)
}

/// Control characters; marks of direction, which reorder what follows; characters without width, which make two different
/// names look alike; the separators that some terminals break lines at.
fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_would_hide() {
        assert_eq!(visible("\u{1b}[31mred"), "␛[31mred");
        assert_eq!(visible("a\u{202e}b\u{2066}c"), "a<U+202E>b<U+2066>c");
        assert_eq!(visible("\u{9b}2J\r\n"), "<U+009B>2J␍␊");
        assert_eq!(visible("déjà 日本 \u{1f600}"), "déjà 日本 \u{1f600}");
    }
}
