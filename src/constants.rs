//! Addresses that have a name in the text that uses them.
//!
//! In: the text of a configuration. Out: [`Named`]: for each constant that is made of an address, itself or under a key, where
//! the address stands and where the name is used. It leaves alone what the address is used for (`passages`). Nothing is
//! parsed: a constant is told by how it is declared.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;
use regex::Regex;

/// What a constant is made of is no longer.
const NEAR: usize = 400;
/// A text that declares more constants with addresses is a list of them.
const MAX_NAMES: usize = 100;

static DECLARED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*(?::[^=\n]{0,80})?=([^=>])").ok()
});
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?:([A-Za-z_$][\w$]*)\s*:\s*[^,\n]{0,80}?)?(https?://[\w.:-]+[^\s'"`,;(){}<>]*)"#)
        .ok()
});

/// An address, and the places where its name stands for it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Where it is written.
    pub address: Range<usize>,
    /// Where its name is used.
    pub uses: Vec<Range<usize>>,
}

/// The named addresses of a text, in order.
pub(crate) fn named(text: &str) -> Vec<Named> {
    let (Some(declared), Some(address)) = (DECLARED.as_ref(), ADDRESS.as_ref()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for declaration in declared.captures_iter(text) {
        let (Some(name), Some(first)) = (declaration.get(1), declaration.get(2)) else {
            continue;
        };
        let start = first.start();
        let start = start + (text[start..].len() - text[start..].trim_start().len());
        let value = &text[start..end_of_value(text, start)];
        let is_object = value.starts_with('{');
        for captures in address.captures_iter(value) {
            let Some(place) = captures.get(2) else {
                continue;
            };
            // A path beside an address says what is passed on by itself.
            if value[..place.start()].contains(['[', '/']) && !is_object {
                break;
            }
            let name = match (is_object, captures.get(1)) {
                (true, Some(key)) => format!("{}.{}", name.as_str(), key.as_str()),
                (true, None) => continue,
                (false, _) => name.as_str().to_owned(),
            };
            found.push(Named {
                address: start + place.start()..start + place.end(),
                uses: uses(text, &name, start + value.len()),
            });
            if !is_object || found.len() > MAX_NAMES {
                break;
            }
        }
    }
    found.retain(|named| !named.uses.is_empty());
    found.truncate(MAX_NAMES);
    found
}

/// Where the value of a declaration ends: with its statement, or where the next one starts.
fn end_of_value(text: &str, start: usize) -> usize {
    let mut end = (start + NEAR).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let value = &text[start..end];
    let stops = [
        ";",
        "\n\n",
        "\nconst ",
        "\nlet ",
        "\nvar ",
        "\nexport ",
        "\nmodule.",
    ];
    let stop = stops.iter().filter_map(|stop| value.find(stop)).min();
    start + stop.unwrap_or(value.len())
}

/// Where a name stands by itself, from an offset on.
fn uses(text: &str, name: &str, from: usize) -> Vec<Range<usize>> {
    let is_word = |char: char| char.is_alphanumeric() || matches!(char, '_' | '$' | '.');
    let found = memmem::find_iter(&text.as_bytes()[from..], name.as_bytes());
    let places = found.map(|at| from + at..from + at + name.len());
    places
        .filter(|at| {
            // `${NAME}` is no longer name.
            let before = text[..at.start].trim_end_matches("${");
            let is_start = before.len() < at.start || !before.ends_with(is_word);
            is_start && !text[at.end..].starts_with(|next| is_word(next) && next != '.')
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(&str, usize)> {
        let all = named(text).into_iter();
        all.map(|named| (&text[named.address], named.uses.len()))
            .collect()
    }

    #[test]
    fn reads_constants_and_keys_of_constants() {
        let text = "const HOST = process.env.HOST ?? 'https://in.acme.io';\nuse(`${HOST}/x`, HOST + '/y', HOSTS, my.HOST)";
        assert_eq!(told(text), [("https://in.acme.io", 2)]);
        let text = "const hosts = { a: 'https://a.io', b: \"https://b.io/x\", c: 1 }\nconst x = hosts.a + hosts.b + hosts.c";
        assert_eq!(told(text), [("https://a.io", 1), ("https://b.io/x", 1)]);
    }

    #[test]
    fn a_value_may_begin_with_a_sign_of_several_bytes() {
        let text = "const HOST =\u{a0}'https://in.acme.io';\nuse(HOST);\nconst QUOTED =“”;";
        assert_eq!(told(text), [("https://in.acme.io", 1)]);
    }

    #[test]
    fn leaves_alone_what_nobody_uses_and_what_is_passed_on() {
        assert_eq!(told("const DOCS = 'https://docs.acme.io';"), []);
        let text = "const rules = [{ source: '/a', destination: 'https://a.io' }];\nuse(rules)";
        assert_eq!(told(text), []);
        let text = "const rules = {};\nrules.push('https://a.io');\nuse(rules)";
        assert_eq!(told(text), []);
    }
}
