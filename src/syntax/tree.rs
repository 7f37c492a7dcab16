//! Small helpers over syntax nodes.
//!
//! In: a node. Out: its children, fields, place and text. It leaves alone what a node means.
//!
//! Only ways downwards are offered: a node's parent and siblings are found by a search from the root.

use crate::source::Span;

pub(super) use tree_sitter::Node;

/// Where a node stands. Files over 4 GB are no scripts, so the offsets fit.
pub(super) fn span(node: Node<'_>) -> Span {
    Span::new(offset(node.start_byte()), offset(node.end_byte()))
}

/// The text of a node in the text that was parsed.
pub(super) fn slice<'t>(text: &'t str, node: Node<'_>) -> &'t str {
    text.get(node.byte_range()).unwrap_or_default()
}

/// Visits a node and those below it, in the order of the text, without nesting; below one only if `enter` says so.
pub(super) fn visit<'t>(root: Node<'t>, mut enter: impl FnMut(Node<'t>) -> bool) {
    let mut cursor = root.walk();
    loop {
        if enter(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

fn offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

/// The child of a field.
pub(super) fn field<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    node.child_by_field_name(name)
}

/// The property of a member expression. Where the TypeScript grammar has members in types, it inherits fields of the
/// inner expression, so the field's first node is not the outer one's; the place is.
pub(super) fn property(member: Node<'_>) -> Option<Node<'_>> {
    let last = member.child_count().checked_sub(1)?;
    member.child(last).filter(|child| child.is_named())
}

/// All children, tokens and comments too.
pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    node.children(&mut node.walk()).collect()
}

/// The children with a name, without comments and without what could not be read.
pub(super) fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .filter(|child| child.is_named() && !child.is_extra() && !child.is_error())
        .collect()
}

/// Like [`named`], with the pieces that could not be read in their places.
pub(super) fn named_or_error(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .filter(|child| child.is_error() || (child.is_named() && !child.is_extra()))
        .collect()
}

/// The first child with a name that is no comment.
pub(super) fn first_named(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .find(|child| child.is_named() && !child.is_extra() && !child.is_error())
}

/// The first child of a kind, token or not.
pub(super) fn child_of_kind<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .find(|child| child.kind() == kind)
}

/// Whether a method is a getter. The grammars take `static get` for one token when a line break follows.
pub(super) fn is_getter(method: Node<'_>) -> bool {
    has_token(method, "get") || has_token(method, "static get")
}

/// Whether a class member is static.
pub(super) fn is_static(member: Node<'_>) -> bool {
    has_token(member, "static") || has_token(member, "static get")
}

/// Whether a token such as `async` is a direct child.
pub(super) fn has_token(node: Node<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .any(|child| !child.is_named() && child.kind() == token)
}

/// The operator of an expression; empty where there is none.
pub(super) fn operator<'t>(node: Node<'t>) -> &'t str {
    field(node, "operator").map_or("", |operator| operator.kind())
}
