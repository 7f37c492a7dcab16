//! Code that stands as text in a script: templates of components, scripts of a page, and those in a page that is a text.
//!
//! In: the text of a script. Out: for each such text the script that it stands for, with the place of the literal. It leaves
//! alone what the code means, and text that is put together elsewhere than where it is used.

use std::ops::Range;

use super::Language;
use super::clock::Clock;
use super::islands::{Host, markup_between};
use super::lower::Role;
use super::parse::{self, Parsed, Place};
use super::template::rendering::Rendering;
use super::tree::{self, Node, slice};
use super::{inline_pages, inline_scripts};

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
    let inserted = inline_pages::inserted(text, parsed.root());
    let mut found = Vec::new();
    tree::visit(parsed.root(), |node| {
        let at = node.start_byte();
        let code = match node.kind() {
            "template_string" | "string" if is_template(text, node) => {
                let markup = at + 1..node.end_byte().saturating_sub(1).max(at + 1);
                let rendering = markup_between(text, Host::Angular, markup);
                Some((Role::TemplateIn(at), rendering))
            }
            "template_string" if inline_scripts::is_script(text, node, &named) => {
                let whole = at + 1..node.end_byte().saturating_sub(1);
                Some((Role::Within(at), script(text, node, &[whole])))
            }
            "template_string" => {
                let scripts = inline_pages::scripts(text, node, &inserted);
                Some((Role::Within(at), script(text, node, &scripts)))
            }
            _ => None,
        };
        if let Some((role, rendering)) = code.filter(|(_, code)| !code.script.is_empty()) {
            found.push(Inline { role, rendering });
        }
        true
    });
    found
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

/// The scripts in these ranges of a text, with values of the code around it, whether they stand in quotes or not.
fn script<'t>(text: &'t str, node: Node<'_>, ranges: &[Range<usize>]) -> Rendering<'t> {
    let mut out = Rendering::new(text);
    let parts = tree::named(node);
    for range in ranges {
        let mut at = range.start;
        for part in &parts {
            let place = part.byte_range();
            let is_inside = range.start <= place.start && place.end <= range.end;
            if part.kind() != "template_substitution" || !is_inside {
                continue;
            }
            let Some(value) = tree::first_named(*part) else {
                continue;
            };
            let quote = quoted(text, &place);
            let before = text.get(at..place.start).unwrap_or_default();
            let is_member = before.ends_with('.');
            let upto = place.start - usize::from(quote || is_member);
            unescaped(&mut out, text, at..upto.max(at));
            let (open, close) = match () {
                () if is_member => ("[", "]"),
                () if !quote && inline_scripts::is_statement(text, *part) => ("(", ");"),
                () => ("(", ")"),
            };
            out.word(open, &place);
            out.source(value.byte_range());
            out.word(close, &place);
            at = place.end + usize::from(quote);
        }
        unescaped(&mut out, text, at..range.end.max(at));
        if ranges.len() > 1 {
            out.word(";\n", &(range.end..range.end));
        }
    }
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
