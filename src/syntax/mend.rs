//! What the grammars cannot read although it is right.
//!
//! In: a text, and where a first reading of it went wrong. Out: the same text, as long as before, with signs in the place of
//! those that no grammar takes, so that every place in it stays what it is. Only the parser sees it: names and literals are
//! read from the text itself. It leaves alone whether a reading got better by it.

use std::ops::Range;

use crate::source::Span;

use super::Language;

/// Type arguments of a tag are not longer.
const MAX_ARGUMENTS: usize = 2_000;

/// An imported type is not written longer.
const MAX_SPECIFIER: usize = 200;

/// How far around an error the signs may stand that caused it.
const AROUND: usize = 48;

/// Words that a type is, and that the grammar therefore takes for no name of a parameter.
const TYPES: [&str; 9] = [
    "string", "number", "boolean", "any", "object", "symbol", "unknown", "never", "void",
];

/// Leaves out the type arguments of tagged templates (``styled.div<{ wide: boolean }>`…` ``). Without it they are read as
/// comparisons, or not at all.
pub(super) fn tags(text: &str, range: Range<usize>, language: Language) -> Option<String> {
    if language == Language::JavaScript {
        return None;
    }
    let script = text.get(range.clone())?;
    let mut blanks = Vec::new();
    for (at, _) in script.match_indices(">`") {
        blanks.extend(arguments(script.as_bytes(), at));
    }
    replaced(
        text,
        blanks
            .into_iter()
            .flatten()
            .map(|at| (range.start + at, b' ')),
    )
}

/// The list of type arguments that ends at an offset, if the name of a tag stands before it.
fn arguments(text: &[u8], end: usize) -> Option<Range<usize>> {
    let mut depth = 0_usize;
    let from = end.saturating_sub(MAX_ARGUMENTS);
    for at in (from..=end).rev() {
        let before = at.checked_sub(1).and_then(|at| text.get(at)).copied();
        match text[at] {
            b'`' => return None,
            b'>' if before == Some(b'=') => {}
            b'>' | b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' | b'<' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            let is_apart = before == Some(b' ') && text[..at].trim_ascii_end().ends_with(b")");
            let is_tag = is_apart
                || before.is_some_and(|it| it.is_ascii_alphanumeric() || b"_$)]".contains(&it));
            return (text[at] == b'<' && is_tag).then(|| at..end + 1);
        }
    }
    None
}

/// Fields by which a line of a type can begin although the grammar goes on with the line before it.
const JOINING: [&str; 3] = ["abstract", "instanceof", "in"];

/// Replaces what may have caused errors: `&` in the text of an element and in the addresses of its attributes, the words of
/// types as names (`(string) => void`, `at < unique`), fields that are named like operators, imported types in lists and as
/// arguments, and what is exported or named of types of other modules.
///
/// A `&&` is an operator more often than text, so that it is replaced too is another attempt: `pairs`.
pub(super) fn near(
    text: &str,
    range: Range<usize>,
    errors: &[Span],
    pairs: bool,
) -> Option<String> {
    let bytes = text.as_bytes();
    let mut signs = Vec::new();
    if !errors.is_empty() {
        // The error is told of the whole that could not be read, so the field may stand anywhere.
        signs.extend(joining(text, range.clone()).map(|at| (at, b'_')));
        // The parser takes it for the end.
        let script = text.get(range.clone()).unwrap_or_default();
        let ends = script.match_indices('\0');
        signs.extend(ends.map(|(at, _)| (range.start + at, b'_')));
    }
    for error in errors {
        let start = (error.start as usize)
            .saturating_sub(AROUND)
            .max(range.start);
        let end = (error.end as usize)
            .min(error.start as usize + MAX_ARGUMENTS)
            .saturating_add(AROUND)
            .min(range.end);
        for at in start..end {
            match bytes[at] {
                b'&' if (pairs || is_alone(bytes, at)) && !is_reference(&bytes[at + 1..end]) => {
                    signs.push((at, b'_'))
                }
                b'u' => signs.extend(named_unique(bytes, at).map(|at| (at, b'_'))),
                b'(' | b',' => signs.extend(named_as_type(bytes, at + 1, end)),
                b'<' => signs.extend(
                    generic(&bytes[range.start..end], at - range.start)
                        .into_iter()
                        .map(|(at, sign)| (range.start + at, sign)),
                ),
                b'[' if bytes[at + 1..end].starts_with(b"type in ") => signs.push((at + 1, b'_')),
                b'i' => {
                    let to = range.end.min(at + MAX_SPECIFIER);
                    let before = bytes[range.start..at].trim_ascii_end().last();
                    let imported = imported_type(&bytes[at..to], before);
                    signs.extend(imported.map(|(by, it)| (at + by, it)));
                }
                b'e' | b't' => {
                    signs.extend(of_types(&bytes[at..end]).map(|(by, it)| (at + by, it)))
                }
                _ => {}
            }
        }
    }
    replaced(text, signs)
}

/// Where lines begin with a field that would be read as an operator or a modifier (`in: string`, `in_stock: boolean`).
fn joining(text: &str, range: Range<usize>) -> impl Iterator<Item = usize> {
    let script = text.get(range.clone()).unwrap_or_default();
    let lines = script.split_inclusive('\n').scan(range.start, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    lines.filter_map(|(start, line)| {
        let field = line.trim_start();
        let rest = JOINING.iter().find_map(|word| field.strip_prefix(word))?;
        let is_longer = rest.starts_with(|sign: char| sign == '_' || sign.is_ascii_digit());
        let rest = rest.trim_start();
        let is_field = rest
            .strip_prefix('?')
            .unwrap_or(rest)
            .starts_with([':', '(']);
        (is_longer || is_field).then_some(start + line.len() - field.len())
    })
}

/// Whether a sign is no part of an operator of two.
fn is_alone(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    before != Some(&text[at]) && text.get(at + 1) != Some(&text[at])
}

/// Digits of a character reference that the grammar takes.
const MAX_DIGITS: usize = 5;

/// Whether a character reference goes on here that the grammar takes (`amp;`, `#8217;`, `#x1F389;`).
fn is_reference(rest: &[u8]) -> bool {
    let length = rest
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#')
        .count();
    let digits = rest[..length].strip_prefix(b"#");
    let is_long =
        |digits: &[u8]| digits.len() > MAX_DIGITS && digits.iter().all(u8::is_ascii_digit);
    length > 0 && rest.get(length) == Some(&b';') && !digits.is_some_and(is_long)
}

/// A parameter that is named like a type, with a sign that makes it another name.
fn named_as_type(text: &[u8], from: usize, end: usize) -> Option<(usize, u8)> {
    let is_space = |byte: &&u8| byte.is_ascii_whitespace();
    let spaces = |at: usize| text[at..end].iter().take_while(is_space).count();
    let start = from + spaces(from.min(end));
    let rest = text.get(start..end)?;
    let word = TYPES
        .iter()
        .find(|word| rest.starts_with(word.as_bytes()))?;
    let behind = start + word.len();
    let next = text.get(behind + spaces(behind))?;
    matches!(next, b')' | b',').then_some((start, b'_'))
}

/// The signs that leave out the names of a generic function that is itself an argument of a type (`Made<<T>(of: T) => T>`),
/// and that end the line before a signature that begins with such names.
fn generic(text: &[u8], at: usize) -> Vec<(usize, u8)> {
    let ends = (at + 1..text.len()).filter(|end| text[*end] == b'>' && text[*end - 1] != b'=');
    let Some(end) = ends.take(2).find(|end| text.get(end + 1) == Some(&b'(')) else {
        return Vec::new();
    };
    if !text[at + 1].is_ascii_alphabetic() {
        return Vec::new();
    }
    if at > 0 && text[at - 1] == b'<' {
        return (at..=end).map(|at| (at, b' ')).collect();
    }
    let before = text[..at].iter().rposition(|byte| *byte != b' ');
    let is_first = before.is_some_and(|before| text[before] == b'\n' && before + 1 < at);
    is_first
        .then_some((at.saturating_sub(1), b';'))
        .into_iter()
        .collect()
}

/// A name that is the word before `symbol` in a type: behind a `<` it is taken for the start of one.
fn named_unique(text: &[u8], at: usize) -> Option<usize> {
    const WORD: &[u8] = b"unique";
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let rest = text[at..].strip_prefix(WORD)?;
    let is_in_name = |byte: Option<&u8>| byte.is_some_and(is_part);
    let is_type = rest.trim_ascii_start().starts_with(b"symbol");
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    (!is_type && !is_in_name(rest.first()) && !is_in_name(before)).then_some(at)
}

/// The signs that make an `export type *` one of values, and a `typeof import('…')` that of a name.
fn of_types(text: &[u8]) -> impl Iterator<Item = (usize, u8)> {
    let mut signs = Vec::new();
    if text.starts_with(b"export type *") {
        signs.extend((7..11).map(|at| (at, b' ')));
    }
    if text.starts_with(b"typeof import(")
        && let Some(close) = text.iter().position(|byte| *byte == b')')
    {
        signs.push((7, b'_'));
        signs.extend((13..=close).map(|at| (at, b' ')));
    }
    signs.into_iter()
}

/// The signs that make one name of `import('…').A.B` in front of `[]`, of one that is an argument of a type or a call
/// (`column<import('…').A>()`), and of one that has arguments.
fn imported_type(text: &[u8], before: Option<&u8>) -> impl Iterator<Item = (usize, u8)> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.');
    let end = || {
        let close = text
            .starts_with(b"import(")
            .then(|| text.iter().position(|byte| *byte == b')'))??;
        let path = text[close + 1..].iter().take_while(|byte| is_name(byte));
        let end = close + 1 + path.count();
        let behind = text[end..].trim_ascii_start();
        let is_argument = before.is_some_and(|it| b"<,|&".contains(it))
            && behind.first().is_some_and(|it| b">,|&".contains(it));
        // One with arguments of its own is a type wherever it stands.
        let takes =
            before.is_some_and(|it| b"<,|&:=".contains(it)) && behind.first() == Some(&b'<');
        (text[end..].starts_with(b"[]") || is_argument || takes).then_some(end)
    };
    let signs =
        (0..end().unwrap_or_default()).filter(|at| !is_name(&text[*at]) || text[*at] == b'.');
    signs.map(|at| (at, b'_')).collect::<Vec<_>>().into_iter()
}

/// The text with other signs at these offsets.
fn replaced(text: &str, signs: impl IntoIterator<Item = (usize, u8)>) -> Option<String> {
    let mut signs = signs.into_iter().peekable();
    signs.peek()?;
    let mut bytes = text.as_bytes().to_vec();
    for (at, sign) in signs {
        // What lies within is blanked with its lines kept, and no byte of a longer character is left behind alone.
        if bytes[at] != b'\n' {
            bytes[at] = sign;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{near, tags};
    use crate::source::Span;
    use crate::syntax::Language;

    fn tagged(text: &str) -> Option<String> {
        tags(text, 0..text.len(), Language::TypeScript)
    }

    #[test]
    fn type_arguments_of_tags_are_left_out() {
        let text = "const a = sql<Row[]>`select`;";
        assert_eq!(
            tagged(text).as_deref(),
            Some("const a = sql       `select`;")
        );
        let text = "div<{ a: (b: C<D>) => 'é';\n}>`x`";
        let mended = tagged(text).expect("there are type arguments");
        assert_eq!(mended.len(), text.len());
        assert_eq!(mended.find('\n'), text.find('\n'));
        assert!(mended.starts_with("div  ") && mended.ends_with(" `x`"));
    }

    #[test]
    fn what_is_no_tag_stays() {
        for text in ["`<b>${c}<br>`", "f(a > `x`)", "a </b>`", "`x`>`", ">`"] {
            assert_eq!(tagged(text), None, "{text}");
        }
    }

    #[test]
    fn signs_near_errors_are_replaced() {
        let all = |text: &str| near(text, 0..text.len(), &[Span::new(0, 3)], false);
        assert_eq!(
            all("<p>a & b &amp; c</p>").as_deref(),
            Some("<p>a _ b &amp; c</p>")
        );
        assert_eq!(
            all("a: (string) => void").as_deref(),
            Some("a: (_tring) => void")
        );
        assert_eq!(all("a < unique.b").as_deref(), Some("a < _nique.b"));
        assert_eq!(all("a: unique symbol; uniques"), None);
        assert_eq!(all("a(strings)"), None);
        assert_eq!(all("{a && b}"), None);
        assert_eq!(
            all("<p>&#128075;&#8217;</p>").as_deref(),
            Some("<p>_#128075;&#8217;</p>")
        );
        assert_eq!(
            all("a: b\n  in: c\n  in_d?: e\n  index: f\n  in [g]").as_deref(),
            Some("a: b\n  _n: c\n  _n_d?: e\n  index: f\n  in [g]")
        );
        assert_eq!(
            all("a: import('./b').C.D[] = []").as_deref(),
            Some("a: import____b___C_D[] = []")
        );
        assert_eq!(all("a: import('./b').C = []"), None);
        assert_eq!(
            all("a.b<import('./b').C>()").as_deref(),
            Some("a.b<import____b___C>()")
        );
        assert_eq!(all("f(import('./b').C, 1)"), None);
        assert_eq!(
            all("a: P<\n  import('./b').C<D>\n>").as_deref(),
            Some("a: P<\n  import____b___C<D>\n>")
        );
        assert_eq!(
            all("export type * from 'a'").as_deref(),
            Some("export      * from 'a'")
        );
        assert_eq!(
            all("f<typeof import('a')>()").as_deref(),
            Some("f<typeof _mport     >()")
        );
    }
}
