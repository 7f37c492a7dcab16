//! Functions and their parameters.
//!
//! In: a function's node and what its surroundings say of it. Out: the function, its parameters bound, its body lowered.
//! It leaves alone where the function is stored.

use memchr::memmem;
use thin_vec::ThinVec;

use crate::facts::{
    Access, BindingKind, Expr, ExprId, From, FunctionId, FunctionKind, Item, Name, Param, TypeId,
};
use crate::source::Span;

use super::lower::{Lowering, This, blank_function};
use super::pattern::Origin;
use super::touches::Handed;
use super::tree::{self, Node};

/// What a function calls all that it is called with.
const ARGUMENTS: &str = "arguments";
/// What it is called with beside its parameters; no name in a text is spelt so.
const MORE: &str = "...arguments";

/// What the surroundings of a function say of it.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) kind: FunctionKind,
    pub(super) name: Option<Name>,
    pub(super) this: This,
    pub(super) is_static: bool,
}

impl<'t> Lowering<'t> {
    /// `function f() {}` as a statement.
    pub(super) fn function_declaration(&mut self, node: Node<'t>) {
        let name = tree::field(node, "name");
        let function = self.plain_function(node, name.map(|name| self.name(name)));
        if let Some(name) = name {
            let binding = self.declared_function(name);
            self.source(binding, From::Function(function), tree::span(node));
        }
    }

    /// `function f(): T;` of a declaration file, or an overload, for which the implementation stands.
    pub(super) fn function_signature(&mut self, node: Node<'t>) {
        let Some(name) = tree::field(node, "name") else {
            return;
        };
        let binding = self.declared_function(name);
        if !self.implemented.contains(&binding) {
            let text = self.name(name);
            let function = self.plain_function(node, Some(text));
            self.source(binding, From::Function(function), tree::span(node));
        }
    }

    /// The announced binding of a function; one amid unreadable text was not announced.
    fn declared_function(&mut self, name: Node<'t>) -> crate::facts::BindingId {
        match self.scopes.value_here(self.slice(name)) {
            Some(known) => known,
            None => self.declare(self.name(name), BindingKind::Function, tree::span(name)),
        }
    }

    fn plain_function(&mut self, node: Node<'t>, name: Option<Name>) -> FunctionId {
        self.lower_function(
            node,
            Shape {
                kind: FunctionKind::Function,
                name,
                this: This::Unknown,
                is_static: false,
            },
        )
    }

    /// A function or arrow expression; `hint` names it if it does not name itself.
    pub(super) fn function_expression(&mut self, node: Node<'t>, hint: Option<Name>) -> ExprId {
        if node.kind() == "arrow_function" {
            // Its `this` is that of the function around it: in a static method, the class.
            let is_static = self.facts.function(self.function).is_static;
            let function = self.lower_function(
                node,
                Shape {
                    kind: FunctionKind::Arrow,
                    name: hint,
                    this: self.this,
                    is_static,
                },
            );
            return self.add(Expr::Function(function), node);
        }
        // Among a component's options, whatever wraps a function (`debounce`) leaves it its `this`.
        let this = self.options_class.map_or(This::Unknown, This::Class);
        self.method_like(node, hint, this)
    }

    /// A function expression with a given `this`.
    pub(super) fn method_like(&mut self, node: Node<'t>, hint: Option<Name>, this: This) -> ExprId {
        let own = tree::field(node, "name");
        self.scopes.push();
        // Its own name is visible to itself only.
        let binding =
            own.map(|own| self.declare(self.name(own), BindingKind::Function, tree::span(own)));
        let function = self.lower_function(
            node,
            Shape {
                kind: FunctionKind::Function,
                name: own.map(|own| self.name(own)).or(hint),
                this,
                is_static: false,
            },
        );
        if let Some(binding) = binding {
            self.source(binding, From::Function(function), tree::span(node));
        }
        self.scopes.pop();
        self.add(Expr::Function(function), node)
    }

    /// Opens a function; its body is lowered by the caller.
    pub(super) fn open_function(&mut self, node: Node<'t>, shape: Shape) -> FunctionId {
        let mut function = blank_function(shape.kind, tree::span(node));
        function.name = shape.name;
        function.parent = Some(self.function);
        function.is_static = shape.is_static;
        if let This::Class(class) = shape.this {
            function.class = Some(class);
        }
        let id = self.add_function(function);
        if let This::Object(level) = shape.this
            && let Some(members) = self.objects.get_mut(level)
        {
            members.push(id);
        }
        id
    }

    /// Any function with parameters.
    pub(super) fn lower_function(&mut self, node: Node<'t>, shape: Shape) -> FunctionId {
        let this = shape.this;
        let id = self.open_function(node, shape);
        let function = &mut self.facts.functions[id.index()];
        function.is_async = tree::has_token(node, "async");
        function.is_generator = node.kind().starts_with("generator") || tree::has_token(node, "*");
        function.is_signature = node.kind() == "function_signature";
        self.within(id, this, |lowering| {
            lowering.scopes.push();
            lowering.signature(node, id);
            lowering.all_arguments(node, id);
            match tree::field(node, "body") {
                Some(body) if body.kind() == "statement_block" => lowering.body(body),
                Some(body) => {
                    let value = lowering.expr(body);
                    lowering.touch_handed(value, Handed::ByResult);
                    lowering.returned(value);
                }
                None => {}
            }
            lowering.scopes.pop();
        });
        id
    }

    /// What the function that is read gives; a promise that fails throws.
    pub(super) fn returned(&mut self, value: ExprId) {
        let rejected = self.facts.rejected(value);
        self.facts.throws.extend(rejected);
        self.facts.functions[self.function.index()]
            .returns
            .push(value);
    }

    fn signature(&mut self, node: Node<'t>, id: FunctionId) {
        if let Some(params) = tree::field(node, "type_parameters") {
            self.facts.functions[id.index()].type_params = self.type_params(params);
        }
        let params: Vec<_> = match (
            tree::field(node, "parameters"),
            tree::field(node, "parameter"),
        ) {
            (Some(list), _) => tree::named(list)
                .into_iter()
                .filter(|param| param.kind() != "decorator" && !is_this(*param))
                .collect(),
            (None, Some(single)) => vec![single],
            (None, None) => Vec::new(),
        };
        // All of them first: a default may be a function that uses a later parameter.
        for param in &params {
            self.announce_pattern(pattern_of(*param), BindingKind::Param);
        }
        for (param, index) in params.into_iter().zip(0..) {
            let param = self.param(param, id, index);
            self.facts.functions[id.index()].params.push(param);
        }
        if let Some(result) = tree::field(node, "return_type") {
            self.facts.functions[id.index()].return_type = self.annotation(result);
        }
    }

    /// `arguments` is the list of what a function is called with: its parameters, and what more it is given, which is a last
    /// parameter that the text does not have.
    fn all_arguments(&mut self, node: Node<'t>, id: FunctionId) {
        let function = &self.facts.functions[id.index()];
        let body = tree::field(node, "body").filter(|body| body.kind() == "statement_block");
        let Some(body) = body.filter(|_| function.kind != FunctionKind::Arrow) else {
            return;
        };
        if self.scopes.value_here(ARGUMENTS).is_some()
            || memmem::find(self.slice(body).as_bytes(), ARGUMENTS.as_bytes()).is_none()
        {
            return;
        }
        let span = Span::new(tree::span(body).start, tree::span(body).start);
        let params = &function.params;
        let named: Vec<_> = params
            .iter()
            .map(|param| (param.name.clone(), param.rest))
            .collect();
        let has_rest = params.last().is_some_and(|last| last.rest);
        let binding = self.declare(Name::const_new(ARGUMENTS), BindingKind::Param, span);
        let mut items: ThinVec<Item> = ThinVec::new();
        for (name, rest) in &named {
            let own = name.as_ref().and_then(|name| self.scopes.value_here(name));
            let Some(own) = own else {
                items.push(Item::Hole);
                continue;
            };
            let value = self.add_at(Expr::Ref(own), span);
            items.push(match rest {
                true => Item::Spread(value),
                false => Item::Value(value),
            });
        }
        if has_rest {
            let all = self.add_at(Expr::Array(items), span);
            self.source(binding, From::Expr(all), span);
            return;
        }
        let index = u32::try_from(named.len()).unwrap_or(u32::MAX);
        self.facts.functions[id.index()].params.push(Param {
            name: None,
            ty: None,
            default: None,
            rest: true,
            property: None,
            span,
        });
        let more = From::Param {
            function: id,
            index,
        };
        if items.is_empty() {
            self.source(binding, more, span);
            return;
        }
        let others = self.declare(Name::const_new(MORE), BindingKind::Param, span);
        self.source(others, more, span);
        let value = self.add_at(Expr::Ref(others), span);
        items.push(Item::Spread(value));
        let all = self.add_at(Expr::Array(items), span);
        self.source(binding, From::Expr(all), span);
    }

    fn param(&mut self, node: Node<'t>, function: FunctionId, index: u32) -> Param {
        let asked = self.decorators_of(node);
        let ty: Option<TypeId> = tree::field(node, "type").and_then(|ty| self.annotation(ty));
        let outer = pattern_of(node);
        let rest = outer.kind() == "rest_pattern";
        let pattern = if rest {
            tree::first_named(outer).unwrap_or(outer)
        } else {
            outer
        };
        let plain = pattern.kind() == "identifier";
        let hint = plain.then(|| self.name(pattern));
        let default = ["value", "right"]
            .iter()
            .find_map(|field| tree::field(node, field))
            .map(|default| self.named_expr(default, hint.clone()))
            .or(asked);
        if plain && let Some(binding) = self.scopes.value_here(self.slice(pattern)) {
            self.facts.bindings[binding.index()].ty = ty;
        }
        let mut origin = Origin::declaring(
            From::Param { function, index },
            tree::span(node),
            BindingKind::Param,
        );
        origin.ty = ty;
        if plain {
            origin.default = default;
        }
        self.pattern(pattern, origin);
        Param {
            name: hint,
            ty,
            default,
            rest,
            property: property(node),
            span: tree::span(node),
        }
    }
}

/// The pattern of a parameter in either grammar.
fn pattern_of(param: Node<'_>) -> Node<'_> {
    ["pattern", "left", "name"]
        .iter()
        .find_map(|field| tree::field(param, field))
        .unwrap_or(param)
}

/// `this: T` only describes how the function is called.
fn is_this(param: Node<'_>) -> bool {
    pattern_of(param).kind() == "this"
}

/// Whether a constructor's parameter is a field too, and whose.
fn property(param: Node<'_>) -> Option<Access> {
    let access = tree::child_of_kind(param, "accessibility_modifier");
    let is_property = access.is_some()
        || tree::child_of_kind(param, "override_modifier").is_some()
        || tree::has_token(param, "readonly");
    let is_own = |access: Node<'_>| tree::child_of_kind(access, "public").is_none();
    is_property.then(|| match access.is_some_and(is_own) {
        true => Access::Own,
        false => Access::Open,
    })
}
