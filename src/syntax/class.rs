//! Classes.
//!
//! In: a class' node. Out: the class with its members, their functions bound to it. It leaves alone inheritance.

use crate::facts::{
    BindingKind, ClassId, Expr, ExprId, From, FunctionId, FunctionKind, Key, Member, MemberKind,
    Name, TypeTarget,
};

use super::function::Shape;
use super::lower::{Lowering, This};
use super::object::hint_of;
use super::tree::{self, Node};

/// The decorator by which a field or a parameter asks a container for what is put into it.
const ASKS: &str = "Inject";

impl<'t> Lowering<'t> {
    /// `class A {}` as a statement.
    pub(super) fn class_declaration(&mut self, node: Node<'t>) {
        let name = tree::field(node, "name");
        let id = match self.class_ids.get(&node.start_byte()) {
            Some(known) => *known,
            None => self.blank_class(node),
        };
        let text = name.map(|name| self.name(name));
        self.fill_class(node, id, text);
        if let Some(name) = name {
            let binding = match self.scopes.value_here(self.slice(name)) {
                Some(known) => known,
                None => self.declare(self.name(name), BindingKind::Class, tree::span(name)),
            };
            self.source(binding, From::Class(id), tree::span(node));
        }
    }

    /// A class expression; `hint` names it if it does not name itself.
    pub(super) fn class_expression(&mut self, node: Node<'t>, hint: Option<Name>) -> ExprId {
        let id = self.blank_class(node);
        self.scopes.push();
        let own = tree::field(node, "name");
        if let Some(own) = own {
            let name = self.name(own);
            let binding = self.declare(name.clone(), BindingKind::Class, tree::span(own));
            self.scopes.declare_type(&name, TypeTarget::Class(id));
            self.source(binding, From::Class(id), tree::span(node));
        }
        self.fill_class(node, id, own.map(|own| self.name(own)).or(hint));
        self.scopes.pop();
        self.add(Expr::Class(id), node)
    }

    fn fill_class(&mut self, node: Node<'t>, id: ClassId, name: Option<Name>) {
        self.facts.classes[id.index()].name = name;
        self.facts.classes[id.index()].is_abstract = node.kind() == "abstract_class_declaration";
        self.scopes.push();
        if let Some(params) = tree::field(node, "type_parameters") {
            self.facts.classes[id.index()].type_params = self.type_params(params);
        }
        for part in tree::named(node) {
            match part.kind() {
                "decorator" => self.decorator(part),
                "class_heritage" => self.heritage(part, id),
                _ => {}
            }
        }
        if let Some(body) = tree::field(node, "body") {
            for member in tree::named_or_error(body) {
                self.class_member(member, id);
            }
        }
        self.props_of_class(node, id);
        self.scopes.pop();
    }

    /// `@x` or `@x(…)`: the expression is evaluated, and a call in it recorded.
    pub(super) fn decorator(&mut self, node: Node<'t>) {
        if let Some(inner) = tree::first_named(node) {
            self.expr(inner);
        }
    }

    /// The decorators that stand in a node; what a container is asked for by one of them.
    pub(super) fn decorators_of(&mut self, node: Node<'t>) -> Option<ExprId> {
        let mut asked = None;
        for decorator in tree::named(node) {
            if decorator.kind() == "decorator"
                && let Some(inner) = tree::first_named(decorator)
            {
                let evaluated = self.expr(inner);
                let callee = tree::field(inner, "function");
                if callee.is_some_and(|callee| self.slice(callee) == ASKS) {
                    asked = Some(evaluated);
                }
            }
        }
        asked
    }

    fn heritage(&mut self, node: Node<'t>, id: ClassId) {
        for clause in tree::named(node) {
            match clause.kind() {
                "extends_clause" => {
                    let extends = tree::field(clause, "value").map(|value| self.expr(value));
                    let args = self.type_args_of(clause);
                    let class = &mut self.facts.classes[id.index()];
                    class.extends = extends;
                    class.extends_args = args;
                }
                "implements_clause" => {
                    let types = tree::named(clause)
                        .into_iter()
                        .map(|ty| self.ty(ty))
                        .collect();
                    self.facts.classes[id.index()].implements = types;
                }
                // The JavaScript grammar has the expression itself here.
                _ => {
                    let extends = self.expr(clause);
                    self.facts.classes[id.index()].extends = Some(extends);
                }
            }
        }
    }

    fn class_member(&mut self, node: Node<'t>, class: ClassId) {
        if !self.enter(node) {
            return;
        }
        match node.kind() {
            "method_definition" => self.method(node, class),
            "public_field_definition" | "field_definition" => self.class_field(node, class),
            "method_signature" | "abstract_method_signature" => {
                if let Some(name) = tree::field(node, "name").map(|name| self.key(name)) {
                    let ty = self.function_type(node);
                    let is_static = tree::is_static(node);
                    self.member(
                        node,
                        class,
                        name,
                        is_static,
                        MemberKind::Signature(Some(ty)),
                    );
                }
            }
            "class_static_block" => {
                let id = self.initializer(node, class, true, None);
                self.within(id, This::Class(class), |lowering| {
                    if let Some(body) = tree::field(node, "body") {
                        lowering.scopes.push();
                        lowering.body(body);
                        lowering.scopes.pop();
                    }
                });
            }
            "decorator" => self.decorator(node),
            "index_signature" => {}
            _ => self.stray(node),
        }
        self.leave();
    }

    /// Adds a member unless its name is computed.
    fn member(
        &mut self,
        node: Node<'t>,
        class: ClassId,
        name: Key,
        is_static: bool,
        kind: MemberKind,
    ) {
        if let Key::Name(name) = name {
            self.facts.classes[class.index()].members.push(Member {
                name,
                is_static,
                kind,
                span: tree::span(node),
            });
        }
    }

    fn method(&mut self, node: Node<'t>, class: ClassId) {
        self.decorators_of(node);
        let Some(name) = tree::field(node, "name") else {
            return;
        };
        let key = self.key(name);
        let is_static = tree::is_static(node);
        let is_constructor = !is_static && matches!(&key, Key::Name(name) if name == "constructor");
        let kind = if is_constructor {
            FunctionKind::Constructor
        } else if tree::is_getter(node) {
            FunctionKind::Getter
        } else if tree::has_token(node, "set") {
            FunctionKind::Setter
        } else {
            FunctionKind::Method
        };
        let shape = Shape {
            kind,
            name: hint_of(&key),
            this: This::Class(class),
            is_static,
        };
        let function = self.lower_function(node, shape);
        let member = match kind {
            FunctionKind::Getter => MemberKind::Getter(function),
            FunctionKind::Setter => MemberKind::Setter(function),
            _ => MemberKind::Method(function),
        };
        self.member(node, class, key, is_static, member);
        if is_constructor {
            self.param_properties(function, class);
        }
    }

    /// `constructor(private x: T)` declares a field.
    fn param_properties(&mut self, function: FunctionId, class: ClassId) {
        let params = &self.facts.functions[function.index()].params;
        let members = params.iter().zip(0..).filter_map(|(param, index)| {
            Some(Member {
                name: param.name.clone()?,
                is_static: false,
                kind: MemberKind::ParamProperty {
                    function,
                    index,
                    ty: param.ty,
                    access: param.property?,
                },
                span: param.span,
            })
        });
        self.facts.classes[class.index()].members.extend(members);
    }

    fn class_field(&mut self, node: Node<'t>, class: ClassId) {
        let asked = self.decorators_of(node);
        let Some(name) = tree::field(node, "name").or_else(|| tree::field(node, "property")) else {
            return;
        };
        let key = self.key(name);
        let is_static = tree::is_static(node);
        let ty = tree::field(node, "type").and_then(|ty| self.annotation(ty));
        let value = tree::field(node, "value").map(|value| {
            let id = self.initializer(value, class, is_static, hint_of(&key));
            self.within(id, This::Class(class), |lowering| {
                lowering.named_expr(value, hint_of(&key))
            })
        });
        let value = value.or(asked);
        self.member(node, class, key, is_static, MemberKind::Field { value, ty });
    }

    fn initializer(
        &mut self,
        node: Node<'t>,
        class: ClassId,
        is_static: bool,
        name: Option<Name>,
    ) -> FunctionId {
        self.open_function(
            node,
            Shape {
                kind: FunctionKind::Initializer,
                name,
                this: This::Class(class),
                is_static,
            },
        )
    }
}
