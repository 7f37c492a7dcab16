//! Which texts in a script are pages, and where scripts stand in them.
//!
//! In: the tree of a script. Out: whether a template text is a page, or a piece that the file puts into one, and the ranges of
//! the scripts in it. It leaves alone texts that only show a page (a snippet to copy), and texts that come from another file.

use std::collections::BTreeSet;
use std::ops::Range;

use super::inline_scripts;
use super::islands::{Host, language};
use super::markup::{Markup, Token};
use super::tree::{self, Node, slice};

/// How a script begins in a page.
const SCRIPT: &str = "<script";
/// What only a text says that is a page itself, and what code looks for where it puts something into one.
const OF_PAGES: [&str; 5] = ["</head", "</body", "<html", "<body", "<!doctype"];
/// What puts its argument into a page, and runs the scripts in it.
const INSERTING: [&str; 3] = ["createContextualFragment", "write", "writeln"];
/// What puts one text into another.
const REPLACING: [&str; 2] = ["replace", "replaceAll"];
/// A text is put into a page no further away from where it stands than this.
const MAX_STEPS: usize = 6;

/// Names of this file whose text is put into a page elsewhere in it.
pub(super) struct Inserted<'t>(BTreeSet<&'t str>);

/// Reads which names are put into a page.
pub(super) fn inserted<'t>(text: &'t str, root: Node<'_>) -> Inserted<'t> {
    let mut names = BTreeSet::new();
    // Who puts nothing with a script anywhere need not be asked where.
    if text.contains(SCRIPT) {
        tree::visit(root, |node| {
            if node.kind() == "identifier" && is_inserted(text, node) {
                names.insert(slice(text, node));
            }
            true
        });
    }
    Inserted(names)
}

/// The scripts in a template text that is a page or a piece of one.
pub(super) fn scripts(text: &str, node: Node<'_>, inserted: &Inserted<'_>) -> Vec<Range<usize>> {
    let whole = node.start_byte() + 1..node.end_byte().saturating_sub(1);
    let inside = text.get(whole.clone()).unwrap_or_default();
    if !inside.contains(SCRIPT) {
        return Vec::new();
    }
    let is_named =
        || inline_scripts::holder(text, node).is_some_and(|name| inserted.0.contains(name));
    if !is_page(inside) && !is_inserted(text, node) && !is_named() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = whole.start;
    while let Some(start) = inside
        .get(at - whole.start..)
        .and_then(|it| it.find(SCRIPT))
    {
        let mut markup = Markup::new(
            text.get(..whole.end).unwrap_or(text),
            at + start,
            Host::Html.braces(),
        );
        let Some(Token::Tag(tag)) = markup.next_token() else {
            break;
        };
        let opened = tag.span.end;
        let rest = inside.get(opened - whole.start..).unwrap_or_default();
        // In a text the end of a script is written so that it ends none around it.
        let end = rest.find("</script").or_else(|| rest.find("<\\/script"));
        let Some(end) = end.map(|it| opened + it) else {
            break;
        };
        if language(&tag, Host::Html).is_some() {
            found.push(opened..end);
        }
        at = end;
    }
    found
}

/// Whether a text says that it is a page, or the place in one.
fn is_page(text: &str) -> bool {
    let starts = text.match_indices('<');
    let mut pieces = starts.filter_map(|(at, _)| text.get(at..(at + 9).min(text.len())));
    pieces.any(|piece| {
        let piece = piece.to_ascii_lowercase();
        OF_PAGES.iter().any(|sign| piece.starts_with(sign))
    })
}

/// Whether a text, or what it is called, is put into a page: into a text that is one, or by a function that does that.
fn is_inserted(text: &str, node: Node<'_>) -> bool {
    let mut value = node;
    for _ in 0..MAX_STEPS {
        let Some(parent) = value.parent() else {
            return false;
        };
        match parent.kind() {
            "parenthesized_expression" | "as_expression" | "template_substitution" => {}
            "binary_expression" | "ternary_expression" => {}
            "template_string" if is_page(slice(text, parent)) => return true,
            "template_string" => {}
            "arguments" => return is_handed(text, parent, value),
            // Called, it gives the text.
            "call_expression" if tree::field(parent, "function") == Some(value) => {}
            _ => return false,
        }
        value = parent;
    }
    false
}

/// `range.createContextualFragment(…)`, `document.write(…)`, `html.replace('</head>', …)`
fn is_handed(text: &str, arguments: Node<'_>, value: Node<'_>) -> bool {
    let call = arguments
        .parent()
        .filter(|it| it.kind() == "call_expression");
    let callee = call.and_then(|call| tree::field(call, "function"));
    let method = callee.and_then(|callee| tree::field(callee, "property"));
    let Some(method) = method.map(|it| slice(text, it)) else {
        return false;
    };
    let all = tree::named(arguments);
    INSERTING.contains(&method)
        || REPLACING.contains(&method)
            && all.first().is_some_and(|sought| {
                let said = slice(text, *sought).replace('\\', "");
                *sought != value && (is_page(&said) || is_tag(&said))
            })
}

/// Whether a text that is sought in another is an element (`'<div id="root"></div>'`).
fn is_tag(sought: &str) -> bool {
    let bare = sought.trim_start_matches(['"', '\'', '`', '/', ' ']);
    let name = bare.strip_prefix('<');
    name.is_some_and(|name| {
        name.starts_with(|it: char| it.is_ascii_alphabetic()) && name.contains('>')
    })
}
