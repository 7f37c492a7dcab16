//! Destructuring patterns, and plain names in their place.
//!
//! In: a pattern and where its value comes from. Out: a source for every name in it, with the way from the value to the
//! name. It leaves alone the declaration of the names (`declare`).

use crate::facts::{
    BindingId, BindingKind, Expr, ExprId, From, Key, Literal, Name, Source, Step, TypeId,
};
use crate::source::Span;
use thin_vec::ThinVec;

use super::lower::Lowering;
use super::tree::{self, Node};

/// Where the value of a pattern comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) from: From,
    pub(super) path: ThinVec<Step>,
    pub(super) default: Option<ExprId>,
    pub(super) ty: Option<TypeId>,
    pub(super) span: Span,
    /// Names that no scope knows are declared as this: a declaration amid unreadable text was not announced.
    declares: Option<BindingKind>,
}

impl Origin {
    /// The pattern of a declaration.
    pub(super) fn declaring(from: From, span: Span, kind: BindingKind) -> Self {
        Self {
            declares: Some(kind),
            ..Self::assigning(from, span)
        }
    }

    /// The target of an assignment.
    pub(super) fn assigning(from: From, span: Span) -> Self {
        Self {
            from,
            path: ThinVec::new(),
            default: None,
            ty: None,
            span,
            declares: None,
        }
    }

    /// One step further in.
    fn step(&self, step: Step) -> Self {
        let mut inner = self.clone();
        inner.path.push(step);
        inner.default = None;
        inner
    }
}

impl<'t> Lowering<'t> {
    /// Gives every name in a pattern its source.
    pub(super) fn pattern(&mut self, node: Node<'t>, origin: Origin) {
        if !self.enter(node) {
            return;
        }
        match node.kind() {
            "identifier" | "shorthand_property_identifier_pattern" | "undefined" => {
                self.named_target(node, origin)
            }
            "object_pattern" => self.object_pattern(node, &origin),
            "array_pattern" => self.array_pattern(node, &origin),
            "assignment_pattern" | "object_assignment_pattern" => {
                if let Some(left) = tree::field(node, "left") {
                    let hint = matches!(
                        left.kind(),
                        "identifier" | "shorthand_property_identifier_pattern"
                    )
                    .then(|| self.name(left));
                    let default =
                        tree::field(node, "right").map(|right| self.named_expr(right, hint));
                    self.pattern(left, Origin { default, ..origin });
                }
            }
            // Of a parameter; in patterns the enclosing form knows what is left for the rest.
            "rest_pattern" => {
                if let Some(inner) = tree::first_named(node) {
                    self.pattern(inner, origin);
                }
            }
            _ => {
                let target = self.expr(node);
                let value = self.value_at(&origin, tree::span(node));
                self.assign_to(target, Some(value), origin.span);
            }
        }
        self.leave();
    }

    fn named_target(&mut self, node: Node<'t>, origin: Origin) {
        if node.is_missing() {
            return;
        }
        let name = self.name(node);
        let known = self.scopes.value(&name);
        let binding = match (known, origin.declares) {
            (Some(known), _) => known,
            (None, Some(kind)) => self.declare(name, kind, tree::span(node)),
            (None, None) => {
                let root = self.add(Expr::Global(name), node);
                let value = self.value_at(&origin, tree::span(node));
                self.assign_to(root, Some(value), origin.span);
                return;
            }
        };
        self.pattern_source(binding, origin);
    }

    /// Gives a binding the value of an origin.
    pub(super) fn pattern_source(&mut self, binding: BindingId, origin: Origin) {
        self.facts.bindings[binding.index()].sources.push(Source {
            from: origin.from,
            path: origin.path,
            default: origin.default,
            span: origin.span,
            ty: origin.ty,
        });
    }

    fn object_pattern(&mut self, node: Node<'t>, origin: &Origin) {
        let mut taken: Vec<Name> = Vec::new();
        for child in tree::named_or_error(node) {
            match child.kind() {
                "shorthand_property_identifier_pattern" => {
                    taken.push(self.name(child));
                    let step = Step::Key(self.name(child));
                    self.pattern(child, origin.step(step));
                }
                "object_assignment_pattern" => {
                    let Some(left) = tree::field(child, "left") else {
                        continue;
                    };
                    taken.push(self.name(left));
                    let step = Step::Key(self.name(left));
                    self.pattern(child, origin.step(step));
                }
                "pair_pattern" => {
                    let step = match tree::field(child, "key").map(|key| self.key(key)) {
                        Some(Key::Name(name)) => {
                            taken.push(name.clone());
                            Step::Key(name)
                        }
                        Some(Key::Computed(key)) => Step::Computed(key),
                        None => continue,
                    };
                    if let Some(value) = tree::field(child, "value") {
                        self.pattern(value, origin.step(step));
                    }
                }
                "rest_pattern" => {
                    if let Some(inner) = tree::first_named(child) {
                        self.pattern(inner, origin.step(Step::RestOf(taken.as_slice().into())));
                    }
                }
                _ => self.stray(child),
            }
        }
    }

    fn array_pattern(&mut self, node: Node<'t>, origin: &Origin) {
        let mut index = 0;
        for child in tree::children(node) {
            match child.kind() {
                "," => index += 1,
                "[" | "]" | "comment" | "html_comment" => {}
                "rest_pattern" => {
                    if let Some(inner) = tree::first_named(child) {
                        self.pattern(inner, origin.step(Step::RestFrom(index)));
                    }
                }
                _ if child.is_error() => self.stray(child),
                _ => self.pattern(child, origin.step(Step::Index(index))),
            }
        }
    }

    /// An expression for the value at the end of an origin's path, for targets that are no names: they hold values, not
    /// paths.
    fn value_at(&mut self, origin: &Origin, span: Span) -> ExprId {
        let From::Expr(mut value) = origin.from else {
            return self.add_at(Expr::Unknown, span);
        };
        for step in &origin.path {
            let expr = match step {
                Step::Key(name) => Expr::Member {
                    object: value,
                    name: name.clone(),
                    name_span: span,
                },
                Step::Computed(index) => Expr::Index {
                    object: value,
                    index: *index,
                },
                Step::Index(index) => {
                    let number = Literal::Number(compact_str::format_compact!("{index}"));
                    let index = self.add_at(Expr::Literal(number), span);
                    Expr::Index {
                        object: value,
                        index,
                    }
                }
                // The rest of a value is at least a part of that value.
                Step::RestOf(_) | Step::RestFrom(_) => continue,
            };
            value = self.add_at(expr, span);
        }
        value
    }
}
