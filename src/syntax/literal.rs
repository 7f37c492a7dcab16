//! The text of string literals.
//!
//! In: the source of a string, with its quotes. Out: the text that it stands for. It leaves alone template
//! substitutions, which are expressions.

use compact_str::CompactString;

use crate::facts::Name;

/// The text between quotes, as written. An unclosed literal has no closing quote.
pub(super) fn unquoted(source: &str) -> &str {
    let Some(quote) = source
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\'' | '`'))
    else {
        return source;
    };
    let inner = &source[1..];
    inner.strip_suffix(quote).unwrap_or(inner)
}

/// The value of a string literal.
pub(super) fn string(source: &str) -> Name {
    decoded(unquoted(source))
}

/// Replaces escapes by what they stand for. A lone surrogate, which no UTF-8 text can hold, becomes U+FFFD.
pub(super) fn decoded(raw: &str) -> Name {
    if !raw.contains('\\') {
        return Name::new(raw);
    }
    let mut out = CompactString::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = escape(&rest[at + 1..], &mut out);
    }
    out.push_str(rest);
    out
}

/// Decodes one escape, given what follows its backslash; returns what follows the escape.
fn escape<'s>(text: &'s str, out: &mut CompactString) -> &'s str {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return text;
    };
    let rest = chars.as_str();
    match first {
        'n' => out.push('\n'),
        't' => out.push('\t'),
        'r' => out.push('\r'),
        'b' => out.push('\u{8}'),
        'f' => out.push('\u{c}'),
        'v' => out.push('\u{b}'),
        '\r' => return rest.strip_prefix('\n').unwrap_or(rest),
        '\n' | '\u{2028}' | '\u{2029}' => {}
        'x' => return code(rest, rest.get(..2), 2, out),
        'u' => return unicode(rest, out),
        '0'..='7' => return octal(text, out),
        other => out.push(other),
    }
    rest
}

fn octal<'s>(text: &'s str, out: &mut CompactString) -> &'s str {
    let limit = if text.starts_with(['0', '1', '2', '3']) {
        3
    } else {
        2
    };
    let digits = text
        .bytes()
        .take(limit)
        .take_while(|byte| matches!(byte, b'0'..=b'7'))
        .count();
    code_in(text, text.get(..digits), digits, 8, out)
}

fn unicode<'s>(text: &'s str, out: &mut CompactString) -> &'s str {
    if let Some(braced) = text.strip_prefix('{') {
        let Some(end) = braced.find('}') else {
            return text;
        };
        return code(text, braced.get(..end), end + 2, out);
    }
    let high = hex4(text);
    if let Some(high @ 0xD800..=0xDBFF) = high
        && let Some(low @ 0xDC00..=0xDFFF) = text
            .get(4..)
            .and_then(|t| t.strip_prefix("\\u"))
            .and_then(hex4)
    {
        out.push(
            char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
                .unwrap_or('\u{FFFD}'),
        );
        return &text[10..];
    }
    code(text, text.get(..4), 4, out)
}

fn hex4(text: &str) -> Option<u32> {
    let digits = text.get(..4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

/// Pushes the character of hexadecimal digits and skips `length` bytes; digits that are none are left as written.
fn code<'s>(
    text: &'s str,
    digits: Option<&str>,
    length: usize,
    out: &mut CompactString,
) -> &'s str {
    code_in(text, digits, length, 16, out)
}

fn code_in<'s>(
    text: &'s str,
    digits: Option<&str>,
    length: usize,
    radix: u32,
    out: &mut CompactString,
) -> &'s str {
    let Some(value) = digits.and_then(|digits| u32::from_str_radix(digits, radix).ok()) else {
        return text;
    };
    out.push(char::from_u32(value).unwrap_or('\u{FFFD}'));
    text.get(length..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{decoded, string};

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(string(r#""a\n\t\x41\u0042\u{43}""#), "a\n\tABC");
        assert_eq!(string(r"'\uD83D\uDE00'"), "😀");
        assert_eq!(string(r"'it\'s \101\0'"), "it's A\0");
        assert_eq!(decoded("a\\\nb\\\r\nc"), "abc");
    }

    #[test]
    fn broken_escapes_do_no_harm() {
        assert_eq!(string(r"'\uD83D'"), "\u{FFFD}");
        assert_eq!(string(r"'\xé\u{'"), "xé{".trim_start_matches('x'));
        assert_eq!(string("'"), "");
        assert_eq!(string("\"unclosed"), "unclosed");
        assert_eq!(decoded("\\"), "");
        assert_eq!(decoded("\\u{ffffffffff}"), "{ffffffffff}");
    }
}
