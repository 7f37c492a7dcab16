//! Which texts in a script are scripts of a page.
//!
//! In: the tree of a script. Out: whether a template text is what a script element of a page holds: as its content, by an
//! attribute, by an assignment to an element that the code makes, or as configuration of a page's head. It leaves alone what
//! the text says, and text that comes from another file.

use std::collections::BTreeSet;

use super::tree::{self, Node, slice};

/// Properties and keys that hold the content of an element.
const CONTENTS: [&str; 6] = [
    "__html",
    "innerHTML",
    "innerText",
    "textContent",
    "text",
    "children",
];
/// The name of the element.
const SCRIPT: &str = "script";
/// What a text is only passed through on its way into the element.
const SAME: [&str; 5] = ["trim", "replace", "replaceAll", "trimStart", "trimEnd"];
/// The content of an element is no further away from it than this.
const MAX_STEPS: usize = 8;

/// Names of this file whose text is a script elsewhere in it.
pub(super) struct Named<'t> {
    texts: BTreeSet<&'t str>,
    elements: BTreeSet<&'t str>,
}

/// Reads which names hold a script element, or the text of one.
pub(super) fn named<'t>(text: &'t str, root: Node<'_>) -> Named<'t> {
    let mut named = Named {
        texts: BTreeSet::new(),
        elements: BTreeSet::new(),
    };
    let mut used: Vec<Node<'_>> = Vec::new();
    tree::visit(root, |node| {
        match node.kind() {
            "call_expression" if makes_script(text, node) => {
                named.elements.extend(target(text, node));
            }
            "identifier" => used.push(node),
            _ => {}
        }
        true
    });
    let texts = used
        .into_iter()
        .filter(|node| is_content(text, *node, &named))
        .map(|node| slice(text, node))
        .collect();
    Named { texts, ..named }
}

/// Whether a template text is a script of a page.
pub(super) fn is_script(text: &str, node: Node<'_>, named: &Named<'_>) -> bool {
    is_content(text, node, named)
        || holder(text, node).is_some_and(|name| named.texts.contains(name))
}

/// Whether a value is what a script element holds: ``<script>{`…`}</script>``, ``__html: `…` ``, ``script.text = `…` ``,
/// ``script: [{ innerHTML: `…` }]``, ``['script', {}, `…`]``.
fn is_content(text: &str, node: Node<'_>, named: &Named<'_>) -> bool {
    let mut value = node;
    for _ in 0..MAX_STEPS {
        let Some(parent) = value.parent() else {
            return false;
        };
        match parent.kind() {
            "parenthesized_expression" | "as_expression" | "satisfies_expression" => {}
            // One of several, by a condition.
            "binary_expression" if is_result(text, parent, value) => {}
            "ternary_expression" if tree::field(parent, "condition") != Some(value) => {}
            // A statement of the script around it.
            "template_substitution" if is_statement(text, parent) && ends(text, node) => {
                let Some(outer) = parent.parent() else {
                    return false;
                };
                value = outer;
                continue;
            }
            // Called, it gives the text.
            "call_expression" if tree::field(parent, "function") == Some(value) => {}
            "member_expression" if tree::field(parent, "object") == Some(value) => {
                let method = tree::field(parent, "property").map(|it| slice(text, it));
                if !method.is_some_and(|it| SAME.contains(&it)) {
                    return false;
                }
            }
            "jsx_expression" => return parent.parent().is_some_and(|it| holds_script(text, it)),
            "pair" => return is_pair(text, parent, value),
            "assignment_expression" => return is_assigned(text, parent, value, named),
            "arguments" => return is_handed(text, parent, named),
            "array" => return is_listed(text, parent, value),
            _ => return false,
        }
        value = parent;
    }
    false
}

/// Whether an operator gives what stands beside it: the right side, and the left one where it is no mere condition.
fn is_result(text: &str, operation: Node<'_>, value: Node<'_>) -> bool {
    let operator = tree::field(operation, "operator").map(|it| slice(text, it));
    match operator {
        Some("&&") => tree::field(operation, "right") == Some(value),
        Some("||" | "??") => true,
        _ => false,
    }
}

/// Whether what is put into a template stands where a statement does: at its start, or behind another statement.
pub(super) fn is_statement(text: &str, substitution: Node<'_>) -> bool {
    let Some(template) = substitution.parent() else {
        return false;
    };
    let before = text.get(template.start_byte() + 1..substitution.start_byte());
    before.is_some_and(|before| {
        let before = before.trim_end();
        before.is_empty() || before.ends_with([';', '{', '}'])
    })
}

/// Whether a text ends as statements do; one that goes on in the text around it is only a piece of one. Of a name it is not known.
fn ends(text: &str, node: Node<'_>) -> bool {
    let inside = slice(text, node).trim_matches('`').trim_end();
    node.kind() != "template_string" || inside.ends_with([';', ')', '}'])
}

/// Whether what stands in an element or in an attribute is a script; its address, id and whatever else it has is none.
fn holds_script(text: &str, node: Node<'_>) -> bool {
    let holds = match node.kind() {
        "jsx_attribute" => {
            let name = tree::named(node).into_iter().next();
            name.is_some_and(|name| CONTENTS.contains(&slice(text, name)))
        }
        _ => true,
    };
    holds && is_element(text, node)
}

/// Whether an element, or the one that has an attribute, is a script.
fn is_element(text: &str, node: Node<'_>) -> bool {
    let element = match node.kind() {
        "jsx_attribute" => node.parent(),
        _ => Some(node),
    };
    let tag = match element {
        Some(element) if element.kind() == "jsx_element" => tree::field(element, "open_tag"),
        element => element,
    };
    let name = tag.and_then(|tag| tree::field(tag, "name"));
    name.is_some_and(|name| slice(text, name).eq_ignore_ascii_case(SCRIPT))
}

/// An entry of an object that stands for a script.
fn is_pair(text: &str, pair: Node<'_>, value: Node<'_>) -> bool {
    let is_content = tree::field(pair, "value") == Some(value)
        && key(text, pair).is_some_and(|key| CONTENTS.contains(&key));
    let Some(object) = pair.parent().filter(|_| is_content) else {
        return false;
    };
    let says_so = tree::named(object).into_iter().any(|entry| {
        key(text, entry) == Some("tagName")
            && tree::field(entry, "value").is_some_and(|it| unquoted(text, it) == SCRIPT)
    });
    let around = object.parent();
    says_so
        || around.is_some_and(|around| match around.kind() {
            "jsx_expression" => around.parent().is_some_and(|it| is_element(text, it)),
            "array" => around
                .parent()
                .is_some_and(|pair| key(text, pair) == Some(SCRIPT)),
            _ => false,
        })
}

/// `script.text = …`
fn is_assigned(text: &str, assignment: Node<'_>, value: Node<'_>, named: &Named<'_>) -> bool {
    let to = tree::field(assignment, "left").filter(|to| to.kind() == "member_expression");
    let part = |name| to.and_then(|to| tree::field(to, name));
    tree::field(assignment, "right") == Some(value)
        && part("property").is_some_and(|it| CONTENTS.contains(&slice(text, it)))
        && part("object").is_some_and(|it| named.elements.contains(slice(text, it)))
}

/// `script.append(…)`, `script.appendChild(document.createTextNode(…))`
fn is_handed(text: &str, arguments: Node<'_>, named: &Named<'_>) -> bool {
    let is_put = |object: &str, method: &str| {
        matches!(method, "append" | "appendChild") && named.elements.contains(object)
    };
    match called(text, arguments) {
        Some((call, _, "createTextNode")) => {
            let outer = call.parent().filter(|it| it.kind() == "arguments");
            let outer = outer.and_then(|it| called(text, it));
            outer.is_some_and(|(_, object, method)| is_put(object, method))
        }
        Some((_, object, method)) => is_put(object, method),
        None => false,
    }
}

/// The call of a method that has these arguments, with what it is a method of and its name.
fn called<'n, 't>(text: &'t str, arguments: Node<'n>) -> Option<(Node<'n>, &'t str, &'t str)> {
    let call = arguments.parent()?;
    let callee = tree::field(call, "function").filter(|it| it.kind() == "member_expression")?;
    let object = tree::field(callee, "object")?;
    let method = tree::field(callee, "property")?;
    Some((call, slice(text, object), slice(text, method)))
}

/// `['script', {}, …]`
fn is_listed(text: &str, array: Node<'_>, value: Node<'_>) -> bool {
    let parts = tree::named(array);
    parts.first().is_some_and(|first| {
        *first != value && first.kind() == "string" && unquoted(text, *first) == SCRIPT
    })
}

/// `document.createElement('script')`
fn makes_script(text: &str, call: Node<'_>) -> bool {
    let callee = tree::field(call, "function").map(|it| slice(text, it));
    let first = tree::field(call, "arguments").and_then(tree::first_named);
    callee.is_some_and(|it| it.ends_with(".createElement"))
        && first.is_some_and(|it| unquoted(text, it) == SCRIPT)
}

/// The name that is given to a value.
fn target<'t>(text: &'t str, value: Node<'_>) -> Option<&'t str> {
    let mut at = value.parent()?;
    while matches!(
        at.kind(),
        "as_expression" | "parenthesized_expression" | "non_null_expression"
    ) {
        at = at.parent()?;
    }
    let name = match at.kind() {
        "variable_declarator" => tree::field(at, "name"),
        "assignment_expression" => tree::field(at, "left"),
        _ => None,
    };
    name.map(|name| slice(text, name))
}

/// The constant that a text is given to, or the function that gives it.
pub(super) fn holder<'t>(text: &'t str, node: Node<'_>) -> Option<&'t str> {
    let mut at = node;
    for _ in 0..MAX_STEPS {
        at = at.parent()?;
        match at.kind() {
            "variable_declarator" | "function_declaration" => {
                return tree::field(at, "name").map(|name| slice(text, name));
            }
            "return_statement"
            | "statement_block"
            | "arrow_function"
            | "function_expression"
            | "as_expression"
            | "parenthesized_expression" => {}
            "member_expression" | "call_expression" => {}
            _ => return None,
        }
    }
    None
}

/// The key of an entry, without quotes.
fn key<'t>(text: &'t str, pair: Node<'_>) -> Option<&'t str> {
    (pair.kind() == "pair")
        .then(|| tree::field(pair, "key").map(|key| unquoted(text, key)))
        .flatten()
}

fn unquoted<'t>(text: &'t str, node: Node<'_>) -> &'t str {
    slice(text, node).trim_matches(['\'', '"', '`'])
}
