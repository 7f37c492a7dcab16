//! Comments.
//!
//! In: the text of a file. Out: where its comments stand: those of its scripts, and those of the markup around them. It
//! leaves alone what they say.

use super::clock::Clock;

use super::islands::{self, Host, Island};
use super::lower::Role;
use super::parse::Place;
use super::tree::{self, Node};
use super::{Language, parse};
use crate::source::Span;

/// The comments of a file, in order. A script that cannot be parsed has none.
pub fn comments(text: &str, name: &str) -> Vec<Span> {
    let (_, extension) = name.rsplit_once('.').unwrap_or(("", name));
    let extension = extension.to_ascii_lowercase();
    let mut found = Vec::new();
    if let Some(language) = Language::of_extension(&extension) {
        let whole = Island {
            range: 0..text.len(),
            language,
            role: Role::Shared,
        };
        of_scripts(text, &[whole], &mut found);
    } else if let Some(host) = Host::of_extension(&extension) {
        let (islands, _) = islands::islands(text, host);
        let mut start = 0;
        for island in &islands {
            of_markup(text, start, island.range.start, &mut found);
            start = island.range.end;
        }
        of_markup(text, start, text.len(), &mut found);
        of_scripts(text, &islands, &mut found);
    }
    found.sort_by_key(|span| span.start);
    found
}

fn of_scripts(text: &str, islands: &[Island], found: &mut Vec<Span>) {
    let clock = Clock::start();
    let mut place = Place::default();
    for island in islands {
        place = place.advanced(text, island.range.start);
        if let Ok(parsed) = parse(text, island, place, &clock) {
            of_tree(parsed.root(), found);
        }
    }
}

fn of_tree(root: Node<'_>, found: &mut Vec<Span>) {
    tree::visit(root, |node| {
        let is_comment = matches!(node.kind(), "comment" | "html_comment");
        if is_comment {
            found.push(tree::span(node));
        }
        !is_comment
    });
}

/// `<!-- … -->` and `{/* … */}` between two scripts. One that is never closed is none.
fn of_markup(text: &str, start: usize, end: usize, found: &mut Vec<Span>) {
    let Some(part) = text.get(..end) else { return };
    let mut at = start;
    while let Some(rest) = part.get(at..) {
        let html = rest.find("<!--").map(|open| (open, "-->"));
        let braced = rest.find("/*").map(|open| (open, "*/"));
        let first = [html, braced].into_iter().flatten().min();
        let Some((open, close)) = first else { return };
        let open = at + open;
        let Some(length) = part.get(open + 2..).and_then(|rest| rest.find(close)) else {
            at = open + 2;
            continue;
        };
        let close_at = open + 2 + length + close.len();
        let before = part.get(..open).unwrap_or_default();
        if close == "-->" || before.trim_end().ends_with('{') {
            let [open, close] = [open, close_at].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
            found.push(Span::new(open, close));
        }
        at = close_at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
        comments(text, name)
            .into_iter()
            .map(|span| &text[span.start as usize..span.end as usize])
            .collect()
    }

    #[test]
    fn comments_are_told_from_text_that_looks_like_one() {
        let code = "// a\nconst s = '// b', t = `/* c */`, r = /\\/*d*\\//; /* e */\nconst j = <p>{/* f */} // g</p>;\n";
        assert_eq!(texts(code, "a.tsx"), ["// a", "/* e */", "/* f */"]);
    }

    #[test]
    fn markup_has_comments_of_its_own() {
        let vue = "<!-- a -->\n<script setup>\n// b\n</script>\n<template><p>/* c */ {{ x }} <!-- d --></p></template>\n";
        assert_eq!(texts(vue, "A.vue"), ["<!-- a -->", "// b", "<!-- d -->"]);
        let astro = "---\n// a\n---\n<p>{/* b */}</p>\n<!-- c\n";
        assert_eq!(texts(astro, "a.astro"), ["// a", "/* b */"]);
    }
}
