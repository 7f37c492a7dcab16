//! JSX.
//!
//! In: an element's node. Out: its tag, attributes and children as an expression that counts as a call. It leaves alone
//! text between tags, and character references in attribute values.

use crate::facts::{Entry, Expr, ExprId, JsxTag, Key, Literal, Name};

use super::literal;
use super::lower::Lowering;
use super::object::property;
use super::tree::{self, Node};

impl<'t> Lowering<'t> {
    /// `<a>…</a>`, `<a />`, `<>…</>`.
    pub(super) fn jsx(&mut self, node: Node<'t>) -> ExprId {
        let open = tree::field(node, "open_tag").unwrap_or(node);
        let tag = match tree::field(open, "name") {
            Some(name) => self.jsx_tag(name),
            None => JsxTag::Fragment,
        };
        let mut props = Vec::new();
        for part in tree::named_or_error(open) {
            match part.kind() {
                "jsx_attribute" => props.extend(self.jsx_attribute(part, &tag)),
                "jsx_expression" => {
                    if let Some(spread) = tree::first_named(part)
                        && let Some(value) =
                            tree::first_named(spread).filter(|_| spread.kind() == "spread_element")
                    {
                        props.push(Entry::Spread(self.expr(value)));
                    }
                }
                "type_arguments" => {
                    self.type_args(part);
                }
                _ if part.is_error() => self.stray(part),
                _ => {}
            }
        }
        let children = if node.kind() == "jsx_element" {
            self.jsx_children(node)
        } else {
            Vec::new()
        };
        self.add_call(
            Expr::Jsx {
                tag,
                props: props.into(),
                children: children.into(),
            },
            node,
        )
    }

    fn jsx_tag(&mut self, name: Node<'t>) -> JsxTag {
        let text = self.slice(name);
        let intrinsic = match name.kind() {
            "identifier" => {
                text.contains('-') || text.starts_with(|first: char| first.is_ascii_lowercase())
            }
            "jsx_namespace_name" => true,
            _ => false,
        };
        if intrinsic {
            JsxTag::Intrinsic(Name::new(text))
        } else {
            JsxTag::Component(self.expr(name))
        }
    }

    fn jsx_attribute(&mut self, node: Node<'t>, tag: &JsxTag) -> Option<Entry> {
        let parts = tree::named(node);
        let name = self.name(*parts.first()?);
        let value = match parts.get(1) {
            None => self.add(Expr::Literal(Literal::Bool(true)), node),
            // A backslash is just that in JSX.
            Some(value) if value.kind() == "string" => {
                let text = Name::new(literal::unquoted(self.slice(*value)));
                self.add(Expr::Literal(Literal::String(text)), *value)
            }
            Some(value) if value.kind() == "jsx_expression" => match tree::first_named(*value) {
                Some(inner) => self.named_expr(inner, Some(name.clone())),
                None => self.add(Expr::Unknown, *value),
            },
            Some(value) => self.expr(*value),
        };
        let at = parts.get(1).copied().unwrap_or(node);
        let value = self.spelled_out(at, tag, &name, value);
        Some(property(Key::Name(name), value, tree::span(node), false))
    }

    fn jsx_children(&mut self, node: Node<'t>) -> Vec<ExprId> {
        let mut children = Vec::new();
        for child in tree::named_or_error(node) {
            match child.kind() {
                "jsx_element" | "jsx_self_closing_element" => children.push(self.expr(child)),
                "jsx_expression" => {
                    let Some(inner) = tree::first_named(child) else {
                        continue;
                    };
                    let inner = match inner.kind() {
                        "spread_element" => tree::first_named(inner),
                        _ => Some(inner),
                    };
                    children.extend(inner.map(|inner| self.expr(inner)));
                }
                _ if child.is_error() => self.stray(child),
                _ => {}
            }
        }
        children
    }
}
