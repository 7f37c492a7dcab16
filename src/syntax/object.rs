//! Object literals and property keys.
//!
//! In: an object's node. Out: its entries, its methods bound to it as their `this`. It leaves alone JSX attributes,
//! which only look alike.

use crate::facts::{Entry, Expr, ExprId, FunctionKind, Key, Name};
use thin_vec::ThinVec;

use super::function::Shape;
use super::literal;
use super::lower::{Lowering, This};
use super::tree::{self, Node};

impl<'t> Lowering<'t> {
    /// An object literal.
    pub(super) fn object(&mut self, node: Node<'t>) -> ExprId {
        let options = self.open_options(node);
        let outer = self.options_class;
        self.options_class = options.or(outer);
        let this = match self.options_class {
            Some(class) => This::Class(class),
            None => This::Object(self.objects.len()),
        };
        self.objects.push(Vec::new());
        let mut entries = ThinVec::new();
        for child in tree::named_or_error(node) {
            self.object_entry(child, this, &mut entries);
        }
        let id = self.add(Expr::Object(entries), node);
        self.options_class = outer;
        if let Some(class) = options {
            self.options.insert(class, id);
        }
        for function in self.objects.pop().unwrap_or_default() {
            self.facts.functions[function.index()].this_object = Some(id);
        }
        id
    }

    fn object_entry(&mut self, child: Node<'t>, this: This, entries: &mut ThinVec<Entry>) {
        let span = tree::span(child);
        match child.kind() {
            "pair" => {
                let (Some(key), Some(value)) =
                    (tree::field(child, "key"), tree::field(child, "value"))
                else {
                    return;
                };
                let key = self.key(key);
                let value = if matches!(value.kind(), "function_expression" | "generator_function")
                {
                    self.method_like(value, hint_of(&key), this)
                } else {
                    self.named_expr(value, hint_of(&key))
                };
                entries.push(property(key, value, span, false));
            }
            "shorthand_property_identifier" => {
                let key = Key::Name(self.name(child));
                let value = self.expr(child);
                entries.push(property(key, value, span, false));
            }
            "spread_element" => {
                if let Some(value) = tree::first_named(child) {
                    entries.push(Entry::Spread(self.expr(value)));
                }
            }
            "method_definition" => {
                let Some(name) = tree::field(child, "name") else {
                    return;
                };
                let key = self.key(name);
                let getter = tree::is_getter(child);
                let setter = tree::has_token(child, "set");
                let kind = match (getter, setter) {
                    (true, _) => FunctionKind::Getter,
                    (_, true) => FunctionKind::Setter,
                    _ => FunctionKind::Method,
                };
                let function = self.lower_function(
                    child,
                    Shape {
                        kind,
                        name: hint_of(&key),
                        this,
                        is_static: false,
                    },
                );
                let value = self.add(Expr::Function(function), child);
                // What is assigned to a setter is not what is read from the property.
                if !setter {
                    entries.push(property(key, value, span, getter));
                }
            }
            _ => self.stray(child),
        }
    }

    /// A property key, of an object, a pattern or a class.
    pub(super) fn key(&mut self, node: Node<'t>) -> Key {
        match node.kind() {
            "string" => Key::Name(literal::string(self.slice(node))),
            "computed_property_name" => match tree::first_named(node) {
                Some(inner) if inner.kind() == "string" => {
                    Key::Name(literal::string(self.slice(inner)))
                }
                Some(inner) => Key::Computed(self.expr(inner)),
                None => Key::Computed(self.add(Expr::Unknown, node)),
            },
            _ => Key::Name(self.name(node)),
        }
    }
}

/// The name that a key gives to a function.
pub(super) fn hint_of(key: &Key) -> Option<Name> {
    match key {
        Key::Name(name) => Some(name.clone()),
        Key::Computed(_) => None,
    }
}

pub(super) fn property(key: Key, value: ExprId, span: crate::source::Span, getter: bool) -> Entry {
    Entry::Property {
        key,
        value,
        span,
        getter,
    }
}
