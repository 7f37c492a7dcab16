//! Code that stands as text in a script: templates of components, and scripts of a page.
//!
//! In: the text of a script. Out: for each such text the script that it stands for, with the place of the literal. It leaves
//! alone what the code means, and text that is put together elsewhere than where it is used.

use std::ops::Range;

use super::Language;
use super::clock::Clock;
use super::inline_scripts;
use super::islands::{Host, markup_between};
use super::lower::Role;
use super::parse::{self, Parsed, Place};
use super::template::rendering::Rendering;
use super::tree::{self, Node};

/// What is looked for in a text before it is parsed for such code.
const MARKS: [&[&str]; 8] = [
    &["@Component(", "template:"],
    &["<script", "`"],
    &["<Script", "`"],
    &["createElement('script", "`"],
    &["createElement(\"script", "`"],
    &["script: [", "`"],
    &["'script',", "`"],
    &["\"script\",", "`"],
];

/// A text that is code.
#[derive(Debug)]
pub(super) struct Inline<'t> {
    /// Whether it is a script or a template, and where the literal starts.
    pub(super) role: Role,
    pub(super) rendering: Rendering<'t>,
}

/// The texts in a script that are code.
pub(super) fn find<'t>(text: &'t str, language: Language, clock: &Clock) -> Vec<Inline<'t>> {
    let is_marked = |marks: &&[&str]| marks.iter().all(|mark| text.contains(mark));
    if !MARKS.iter().any(is_marked) || parse::check_nesting(text).is_err() {
        return Vec::new();
    }
    let Ok(parsed) = Parsed::new(text, Place::default(), text.len(), language, clock) else {
        return Vec::new();
    };
    let named = inline_scripts::named(text, parsed.root());
    let mut found = Vec::new();
    let mut cursor = parsed.root().walk();
    loop {
        let node = cursor.node();
        let at = node.start_byte();
        let code = match node.kind() {
            "template_string" | "string" if is_template(text, node) => {
                let markup = at + 1..node.end_byte().saturating_sub(1).max(at + 1);
                let rendering = markup_between(text, Host::Angular, markup);
                Some((Role::TemplateIn(at), rendering))
            }
            "template_string" if inline_scripts::is_script(text, node, &named) => {
                Some((Role::Within(at), script(text, node)))
            }
            _ => None,
        };
        if let Some((role, rendering)) = code.filter(|(_, code)| !code.script.is_empty()) {
            found.push(Inline { role, rendering });
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}

fn slice<'t>(text: &'t str, node: Node<'_>) -> &'t str {
    text.get(node.byte_range()).unwrap_or_default()
}

/// `@Component({ template: '…' })`
fn is_template(text: &str, node: Node<'_>) -> bool {
    let Some(pair) = node.parent().filter(|it| it.kind() == "pair") else {
        return false;
    };
    let is_key = tree::field(pair, "key").is_some_and(|key| slice(text, key) == "template")
        && tree::field(pair, "value") == Some(node);
    // pair, object, arguments, call, decorator
    let call = (0..3).try_fold(pair, |node, _| node.parent());
    is_key
        && call.is_some_and(|call| {
            call.parent().is_some_and(|it| it.kind() == "decorator")
                && tree::field(call, "function").is_some_and(|it| slice(text, it) == "Component")
        })
}

/// A script with values of the code around it, whether they stand in quotes or not.
fn script<'t>(text: &'t str, node: Node<'_>) -> Rendering<'t> {
    let mut out = Rendering::new(text);
    let mut at = node.start_byte() + 1;
    let end = node.end_byte().saturating_sub(1);
    for part in tree::named(node) {
        if part.kind() != "template_substitution" {
            continue;
        }
        let Some(value) = tree::first_named(part) else {
            continue;
        };
        let quote = quoted(text, &part.byte_range());
        let is_member = text
            .get(at..part.start_byte())
            .unwrap_or_default()
            .ends_with('.');
        let before = part.start_byte() - usize::from(quote || is_member);
        unescaped(&mut out, text, at..before.max(at));
        let (open, close) = match () {
            () if is_member => ("[", "]"),
            () if !quote && inline_scripts::is_statement(text, part) => ("(", ");"),
            () => ("(", ")"),
        };
        out.word(open, &part.byte_range());
        out.source(value.byte_range());
        out.word(close, &part.byte_range());
        at = part.end_byte() + usize::from(quote);
    }
    unescaped(&mut out, text, at..end.max(at));
    out
}

/// A piece of a text without the backslashes that only a literal needs.
fn unescaped(out: &mut Rendering<'_>, text: &str, piece: Range<usize>) {
    let mut at = piece.start;
    while let Some(found) = text.get(at..piece.end).and_then(|rest| rest.find('\\')) {
        let backslash = at + found;
        let next = text.as_bytes().get(backslash + 1).copied();
        let is_bare = matches!(next, Some(b'\\' | b'`' | b'$' | b'/' | b'\'' | b'"' | b'{'));
        let upto = if is_bare { backslash } else { backslash + 1 };
        out.source(at..upto);
        // What is escaped starts no escape itself.
        at = (backslash + 1).min(piece.end);
        if is_bare {
            out.source(at..(at + 1).min(piece.end));
            at = (at + 1).min(piece.end);
        }
    }
    out.source(at..piece.end.max(at));
}

/// Whether a substitution is all that stands between two quotes.
fn quoted(text: &str, part: &Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let before = part.start.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_some_and(|quote| matches!(quote, b'\'' | b'"')) && before == bytes.get(part.end)
}
