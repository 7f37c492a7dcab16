//! Assignments: what gives names and properties their values after their declaration.
//!
//! In: an assignment or deletion. Out: a source of a binding, a write to a binding, class or other root, or an export of
//! CommonJS. It leaves alone declarations (`statement`) and the order in which assignments happen.

use crate::facts::{
    BindingKind, Export, Exported, Expr, ExprId, From, Literal, Name, Source, Step, Write,
};
use crate::source::Span;
use thin_vec::ThinVec;

use super::lower::{Lowering, This};
use super::pattern::Origin;
use super::tree::{self, Node};

impl<'t> Lowering<'t> {
    /// `target = value`.
    pub(super) fn assignment(&mut self, node: Node<'t>) -> ExprId {
        let span = tree::span(node);
        let (Some(left), Some(right)) = (tree::field(node, "left"), tree::field(node, "right"))
        else {
            return self.add(Expr::Unknown, node);
        };
        let op = Name::const_new("=");
        let declares = left.kind() == "identifier" && tree::has_token(node, "using");
        if matches!(left.kind(), "object_pattern" | "array_pattern") || declares {
            let value = self.expr(right);
            let origin = if declares {
                Origin::declaring(From::Expr(value), span, BindingKind::Const)
            } else {
                Origin::assigning(From::Expr(value), span)
            };
            self.pattern(left, origin);
            let target = None;
            return self.add(Expr::Assign { op, target, value }, node);
        }
        let target = self.expr(left);
        let value = self.named_expr(right, self.target_name(target));
        self.assign_to(target, Some(value), span);
        let target = Some(target);
        self.add(Expr::Assign { op, target, value }, node)
    }

    /// `target += value`, `target ??= value`.
    pub(super) fn augmented_assignment(&mut self, node: Node<'t>) -> ExprId {
        let span = tree::span(node);
        let (Some(left), Some(right)) = (tree::field(node, "left"), tree::field(node, "right"))
        else {
            return self.add(Expr::Unknown, node);
        };
        let op = tree::operator(node);
        let target = self.expr(left);
        let hint = self.target_name(target);
        let value = self.named_expr(right, hint);
        let assigned = match op {
            "&&=" | "||=" | "??=" => value,
            _ => {
                let plain = Name::new(op.trim_end_matches('='));
                let expr = Expr::Binary {
                    op: plain,
                    left: target,
                    right: value,
                };
                self.add(expr, node)
            }
        };
        self.assign_to(target, Some(assigned), span);
        let expr = Expr::Assign {
            op: Name::new(op),
            target: Some(target),
            value,
        };
        self.add(expr, node)
    }

    /// The name that a target gives to a function. CommonJS' own names say nothing about it.
    fn target_name(&self, target: ExprId) -> Option<Name> {
        match self.facts.expr(target) {
            Expr::Ref(binding) => Some(self.facts.binding(*binding).name.clone()),
            Expr::Global(name) => Some(name.clone()),
            Expr::Member { object, name, .. } => {
                let whole =
                    name == "exports" && matches!(self.facts.expr(*object), Expr::Global(_));
                (!whole).then(|| name.clone())
            }
            _ => None,
        }
    }

    /// Records that a lowered target gets a value, or that it is deleted.
    pub(super) fn assign_to(&mut self, target: ExprId, value: Option<ExprId>, span: Span) {
        let (root, path) = self.path_of(target);
        if path.is_empty() {
            self.assign_root(root, value, span);
            return;
        }
        if let Some(value) = value
            && self.commonjs_export(root, &path, value, span)
        {
            return;
        }
        let mut write = Write {
            root: None,
            path,
            value,
            span,
            function: self.function,
        };
        match (self.facts.expr(root), self.this) {
            (Expr::Ref(binding), _) => {
                let binding = *binding;
                self.facts.bindings[binding.index()].writes.push(write);
            }
            (Expr::This, This::Class(class)) => {
                self.facts.classes[class.index()].writes.push(write)
            }
            _ => {
                write.root = Some(root);
                self.write(write);
            }
        }
    }

    fn assign_root(&mut self, root: ExprId, value: Option<ExprId>, span: Span) {
        let Some(value) = value else {
            return;
        };
        match self.facts.expr(root) {
            Expr::Ref(binding) => {
                let binding = *binding;
                self.facts.bindings[binding.index()].sources.push(Source {
                    from: From::Expr(value),
                    path: ThinVec::new(),
                    default: None,
                    span,
                    ty: None,
                });
            }
            Expr::Global(_) => {
                let function = self.function;
                self.write(Write {
                    root: Some(root),
                    path: ThinVec::new(),
                    value: Some(value),
                    span,
                    function,
                });
            }
            _ => {}
        }
    }

    /// The root of a chain of members, and the way from it. Casts do not change what is assigned to.
    fn path_of(&self, target: ExprId) -> (ExprId, ThinVec<Step>) {
        let mut root = target;
        let mut path = ThinVec::new();
        loop {
            root = match self.facts.expr(root) {
                Expr::Member { object, name, .. } => {
                    path.push(Step::Key(name.clone()));
                    *object
                }
                Expr::Index { object, index } => {
                    path.push(self.index_step(*index));
                    *object
                }
                Expr::Cast { value, .. } => *value,
                _ => break,
            };
        }
        path.reverse();
        (root, path)
    }

    fn index_step(&self, index: ExprId) -> Step {
        match self.facts.expr(index) {
            Expr::Literal(Literal::Number(number)) => match number.parse() {
                Ok(number) => Step::Index(number),
                Err(_) => Step::Computed(index),
            },
            _ => Step::Computed(index),
        }
    }

    /// `module.exports = …`, `module.exports.x = …`, `exports.x = …`.
    fn commonjs_export(&mut self, root: ExprId, path: &[Step], value: ExprId, span: Span) -> bool {
        let Expr::Global(root) = self.facts.expr(root) else {
            return false;
        };
        let name = match (root.as_str(), path) {
            ("module", [Step::Key(exports)]) if exports == "exports" => {
                Name::const_new("module.exports")
            }
            ("module", [Step::Key(exports), Step::Key(name)]) if exports == "exports" => {
                name.clone()
            }
            ("exports", [Step::Key(name)]) => name.clone(),
            _ => return false,
        };
        self.facts.exports.push(Export {
            name,
            what: Exported::Expr(value),
            span,
        });
        true
    }
}
