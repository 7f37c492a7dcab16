//! Expressions.
//!
//! In: an expression's node. Out: its id. Chains that lean to the left (`a.b().c`, `a + b + c`) or to the right
//! (`a ? b : c ? d : e`) are walked in a loop, for they nest without brackets and get long. It leaves alone what the
//! names mean beyond their scope.

use crate::facts::{
    BindingId, Expr, ExprId, Guard, Item, Literal, LogicalOp, Name, TemplatePart, Test, TypeId,
};
use crate::source::Span;
use thin_vec::ThinVec;

use super::component::Options;
use super::islands::Host;
use super::literal;
use super::lower::Lowering;
use super::tree::{self, Node};

/// What Svelte's compiler provides under these names, with a `$` before.
const RUNES: [&str; 7] = [
    "state", "derived", "effect", "props", "bindable", "inspect", "host",
];

/// Whether a node of this kind is an expression.
pub(super) fn is_expression(kind: &str) -> bool {
    kind.ends_with("_expression")
        || matches!(
            kind,
            "identifier"
                | "array"
                | "arrow_function"
                | "class"
                | "false"
                | "generator_function"
                | "jsx_element"
                | "jsx_self_closing_element"
                | "meta_property"
                | "null"
                | "number"
                | "object"
                | "regex"
                | "string"
                | "super"
                | "template_string"
                | "this"
                | "true"
                | "type_assertion"
                | "undefined"
        )
}

/// The operand by which a left-leaning chain goes on.
fn chained(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "member_expression" | "subscript_expression" => tree::field(node, "object"),
        "call_expression" => tree::field(node, "function"),
        "binary_expression" => tree::field(node, "left"),
        "non_null_expression" | "as_expression" | "satisfies_expression" => tree::first_named(node),
        _ => None,
    }
}

/// Whether a call has type arguments: the grammar takes what stands before one for a part of what is called, `await load<T>(x)`
/// for `(await load)<T>(x)`.
fn is_call_with_types(node: Node<'_>) -> bool {
    node.kind() == "call_expression" && tree::field(node, "type_arguments").is_some()
}

/// What stands behind `await` or an operator, which a call with types is a part of.
fn behind_prefix(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "await_expression" => tree::first_named(node),
        "unary_expression" => tree::field(node, "argument"),
        _ => None,
    }
}

fn is_cast(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "non_null_expression" | "as_expression" | "satisfies_expression"
    )
}

/// Whether a member is one of a cast without parentheses, of which there are none.
fn is_end_of_type(member: Node<'_>) -> bool {
    let object = member.child_by_field_name("object");
    object.is_some_and(|it| matches!(it.kind(), "as_expression" | "satisfies_expression"))
}

impl<'t> Lowering<'t> {
    /// Lowers an expression.
    pub(super) fn expr(&mut self, node: Node<'t>) -> ExprId {
        self.named_expr(node, None)
    }

    /// Lowers an expression whose value gets a name, which is that of a function or class without its own.
    pub(super) fn named_expr(&mut self, node: Node<'t>, hint: Option<Name>) -> ExprId {
        if !self.enter(node) {
            return self.add(Expr::Unknown, node);
        }
        let mut chain = Vec::new();
        let mut base = node;
        while let Some(operand) = chained(base) {
            let call = base;
            base = operand;
            while is_call_with_types(call)
                && let Some(inner) = behind_prefix(base)
            {
                chain.push(base);
                base = inner;
            }
            chain.push(call);
        }
        // Casts around a call or function do not take its name away.
        let casts = chain.iter().take_while(|link| is_cast(**link)).count();
        let holder = chain.len() - casts;
        let hint_at = |position: usize| {
            if position == holder {
                hint.clone()
            } else {
                None
            }
        };
        let mut value = self.operand(base, hint_at(0));
        for (link, position) in chain.into_iter().rev().zip(1..) {
            value = self.link(link, value, hint_at(position));
        }
        self.leave();
        value
    }

    /// Lowers one link of a chain, given what it hangs on.
    fn link(&mut self, node: Node<'t>, on: ExprId, hint: Option<Name>) -> ExprId {
        match node.kind() {
            // The grammar takes the end of a long name of a type for a member: `it as Checkout.Session.Object`.
            "member_expression" if is_end_of_type(node) => on,
            "member_expression" => {
                let Some(property) = tree::property(node) else {
                    return self.add(Expr::Unknown, node);
                };
                if let Some(props) = self.page_props(node, on, self.slice(property)) {
                    return props;
                }
                let expr = Expr::Member {
                    object: on,
                    name: self.name(property),
                    name_span: tree::span(property),
                };
                self.add(expr, node)
            }
            "subscript_expression" => self.subscript(node, on),
            "call_expression" => self.call(node, on, hint),
            "binary_expression" => self.binary(node, on, hint),
            "non_null_expression" => on,
            "await_expression" => {
                let span = Span::new(tree::span(node).start, self.facts.span(on).end);
                self.add_at(Expr::Await(on), span)
            }
            "unary_expression" => {
                let op = Name::new(tree::operator(node));
                let span = Span::new(tree::span(node).start, self.facts.span(on).end);
                self.add_at(Expr::Unary { op, operand: on }, span)
            }
            _ => self.cast(node, on),
        }
    }

    fn subscript(&mut self, node: Node<'t>, object: ExprId) -> ExprId {
        let Some(index) = tree::field(node, "index") else {
            return self.add(Expr::Unknown, node);
        };
        let expr = if index.kind() == "string" {
            Expr::Member {
                object,
                name: literal::string(self.slice(index)),
                name_span: tree::span(index),
            }
        } else {
            let index = self.expr(index);
            Expr::Index { object, index }
        };
        self.add(expr, node)
    }

    fn call(&mut self, node: Node<'t>, callee: ExprId, hint: Option<Name>) -> ExprId {
        let type_args = self.type_args_of(node);
        let Some(arguments) = tree::field(node, "arguments") else {
            return self.add(Expr::Unknown, node);
        };
        if arguments.kind() == "template_string" {
            let quasi = self.template(arguments);
            let tagged = Expr::Tagged {
                tag: callee,
                quasi,
                type_args,
            };
            return self.add_call(tagged, node);
        }
        let is_import =
            tree::field(node, "function").is_some_and(|function| function.kind() == "import");
        self.expect_store(callee);
        let is_store = self.options_next == Some(Options::Store);
        let mut args = self.arguments(arguments, hint);
        if is_store {
            self.made_store(node, &mut args);
        }
        if is_import && let Some(Item::Value(specifier)) = args.first() {
            return self.add(Expr::Import(*specifier), node);
        }
        if let Some(specifier) = self.required(callee, &args) {
            return self.add(Expr::Require(specifier), node);
        }
        if let Some(props) = self.compiled(node, callee, &args, &type_args) {
            return props;
        }
        if let Some(sent) = self.sent_event(node, callee, &args) {
            return sent;
        }
        let callee = self.borrowed(node, callee, &mut args);
        let id = self.add_call(
            Expr::Call {
                callee,
                args,
                type_args,
            },
            node,
        );
        self.touch(id);
        id
    }

    /// `Array.prototype.slice.call(arguments, 1)` is `arguments.slice(1)`.
    fn borrowed(&mut self, node: Node<'t>, callee: ExprId, args: &mut ThinVec<Item>) -> ExprId {
        let facts = &self.facts;
        let Expr::Member { object, name, .. } = facts.expr(callee) else {
            return callee;
        };
        let (
            Expr::Member {
                object: lender,
                name: method,
                name_span,
            },
            "call",
        ) = (facts.expr(*object), name.as_str())
        else {
            return callee;
        };
        let lends = match facts.expr(*lender) {
            Expr::Array(items) => items.is_empty(),
            Expr::Member { object, name, .. } => {
                name == "prototype"
                    && matches!(facts.expr(*object), Expr::Global(of) if of == "Array" || of == "String")
            }
            _ => false,
        };
        let Some(Item::Value(this)) = args.first().cloned().filter(|_| lends) else {
            return callee;
        };
        let member = Expr::Member {
            object: this,
            name: method.clone(),
            name_span: *name_span,
        };
        args.remove(0);
        self.add(member, node)
    }

    /// The module of `require('x')`.
    pub(super) fn required(&self, callee: ExprId, args: &[Item]) -> Option<Name> {
        match (self.facts.expr(callee), args) {
            (Expr::Global(name), [Item::Value(arg)]) if name == "require" => {
                match self.facts.expr(*arg) {
                    Expr::Literal(Literal::String(specifier)) => Some(specifier.clone()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Arguments. The first function among them takes the name of the call's value: in
    /// `const save = useCallback(() => …)` the arrow is what people call `save`.
    pub(super) fn arguments(
        &mut self,
        arguments: Node<'t>,
        mut hint: Option<Name>,
    ) -> ThinVec<Item> {
        let mut items = ThinVec::new();
        for child in tree::named_or_error(arguments) {
            match child.kind() {
                "spread_element" => {
                    if let Some(value) = tree::first_named(child) {
                        items.push(Item::Spread(self.expr(value)));
                    }
                }
                kind if is_expression(kind) => {
                    let takes = matches!(kind, "arrow_function" | "function_expression" | "generator_function")
                        // `memo(forwardRef(…))`, but not `sum(items.map(…))`.
                        || (kind == "call_expression"
                            && tree::field(child, "function").is_some_and(|callee| callee.kind() == "identifier"));
                    let hint = if takes { hint.take() } else { None };
                    items.push(Item::Value(self.named_expr(child, hint)));
                }
                _ => self.stray(child),
            }
        }
        items
    }

    fn binary(&mut self, node: Node<'t>, left: ExprId, hint: Option<Name>) -> ExprId {
        let Some(right) = tree::field(node, "right") else {
            return self.add(Expr::Unknown, node);
        };
        let op = tree::operator(node);
        match op {
            "&&" => self.guard_branch(Some(right), Test::Is(left, true)),
            "||" => self.guard_branch(Some(right), Test::Is(left, false)),
            _ => {}
        }
        // `f = f || function () { … }`
        let right = self.named_expr(right, hint.filter(|_| matches!(op, "||" | "??")));
        let expr = match op {
            "&&" => logical(LogicalOp::And, left, right),
            "||" => logical(LogicalOp::Or, left, right),
            "??" => logical(LogicalOp::Nullish, left, right),
            _ => Expr::Binary {
                op: Name::new(op),
                left,
                right,
            },
        };
        self.add(expr, node)
    }

    /// `x as T`, `x satisfies T`; `x as const` is `x`.
    fn cast(&mut self, node: Node<'t>, value: ExprId) -> ExprId {
        let ty = tree::named(node).get(1).copied();
        let Some(ty) = ty.filter(|ty| ty.kind() != "const") else {
            return value;
        };
        let ty = Some(self.ty(ty));
        let satisfies = node.kind() == "satisfies_expression";
        self.add(
            Expr::Cast {
                value,
                ty,
                satisfies,
            },
            node,
        )
    }

    /// Lowers what is no link of a chain.
    fn operand(&mut self, node: Node<'t>, hint: Option<Name>) -> ExprId {
        if node.is_missing() {
            return self.add(Expr::Unknown, node);
        }
        match node.kind() {
            "identifier" | "shorthand_property_identifier" => self.identifier(node),
            "undefined" => self.add(Expr::Literal(Literal::Undefined), node),
            "this" => self.add(Expr::This, node),
            "super" => self.add(Expr::Super, node),
            "true" | "false" => self.add(Expr::Literal(Literal::Bool(node.kind() == "true")), node),
            "null" => self.add(Expr::Literal(Literal::Null), node),
            "number" => self.add(Expr::Literal(Literal::Number(self.name(node))), node),
            "string" => {
                let text = literal::string(self.slice(node));
                self.add(Expr::Literal(Literal::String(text)), node)
            }
            "regex" => self.add(Expr::Literal(Literal::Regex(self.name(node))), node),
            "template_string" => self.template(node),
            "object" => self.object(node),
            "array" => self.array(node),
            "parenthesized_expression" => match tree::first_named(node) {
                Some(inner) => self.named_expr(inner, hint),
                None => self.unread_parts(node),
            },
            "arrow_function" | "function_expression" | "generator_function" => {
                self.function_expression(node, hint)
            }
            "class" => self.class_expression(node, hint),
            "new_expression" => self.construct(node, hint),
            "ternary_expression" => self.conditional(node, hint),
            "assignment_expression" => self.assignment(node),
            "augmented_assignment_expression" => self.augmented_assignment(node),
            "update_expression" | "unary_expression" => self.unary(node),
            "sequence_expression" => {
                let parts = tree::named(node)
                    .into_iter()
                    .map(|part| self.expr(part))
                    .collect();
                self.add(Expr::Sequence(parts), node)
            }
            "await_expression" => match tree::first_named(node) {
                Some(inner) => {
                    let inner = self.named_expr(inner, hint);
                    self.add(Expr::Await(inner), node)
                }
                None => self.add(Expr::Unknown, node),
            },
            "yield_expression" => {
                let value = tree::first_named(node).map(|inner| self.expr(inner));
                let each = tree::has_token(node, "*");
                self.add(Expr::Yield { value, each }, node)
            }
            "type_assertion" => self.type_assertion(node),
            // `f<string>` without a call is `f`.
            "instantiation_expression" => match tree::first_named(node) {
                Some(inner) => self.expr(inner),
                None => self.add(Expr::Unknown, node),
            },
            "jsx_element" | "jsx_self_closing_element" => self.jsx(node),
            "meta_property" if self.slice(node).starts_with("import") => {
                self.add(Expr::ImportMeta, node)
            }
            "meta_property" | "import" => self.add(Expr::Unknown, node),
            _ => self.unread_parts(node),
        }
    }

    /// An expression of which only parts make sense.
    fn unread_parts(&mut self, node: Node<'t>) -> ExprId {
        for child in tree::named_or_error(node) {
            self.stray(child);
        }
        self.add(Expr::Unknown, node)
    }

    fn identifier(&mut self, node: Node<'t>) -> ExprId {
        let text = self.slice(node);
        let own = self.scopes.value(text);
        let store = own.is_none().then(|| self.store(text)).flatten();
        let declared = own.or(store);
        if declared.is_none()
            && let Some(member) = self.of_component(node, text)
        {
            return member;
        }
        let expr = match declared {
            Some(binding) => Expr::Ref(binding),
            None if text == "undefined" => Expr::Literal(Literal::Undefined),
            None => Expr::Global(Name::new(text)),
        };
        let id = self.add(expr, node);
        if store.is_some() || declared.is_some_and(|binding| self.is_ref(binding)) {
            let value = Expr::Member {
                object: id,
                name: Name::const_new("value"),
                name_span: tree::span(node),
            };
            return self.add(value, node);
        }
        match declared {
            Some(binding) if self.may_be_ref(node, binding) => self.unwrapped(node, id),
            _ => id,
        }
    }

    /// The store whose value a name of Svelte stands for. Runes are no stores, though a variable is often named after one.
    fn store(&self, name: &str) -> Option<BindingId> {
        let store = name
            .strip_prefix('$')
            .filter(|_| self.host == Some(Host::Svelte))?;
        if RUNES.contains(&store) {
            return None;
        }
        self.scopes.value(store)
    }

    /// A template literal. Its pieces lie between the substitutions, whatever nodes the grammar makes of them.
    fn template(&mut self, node: Node<'t>) -> ExprId {
        self.script_within(node);
        let mut parts = ThinVec::new();
        let end = node.end_byte().saturating_sub(1);
        let mut from = node.start_byte() + 1;
        for child in tree::named(node) {
            if child.kind() != "template_substitution" {
                continue;
            }
            self.template_text(from, child.start_byte(), &mut parts);
            from = child.end_byte();
            if let Some(value) = tree::first_named(child) {
                parts.push(TemplatePart::Value(self.expr(value)));
            }
        }
        self.template_text(from, end, &mut parts);
        self.add(Expr::Template(parts), node)
    }

    /// The script that a template literal is, in the scope of the literal.
    fn script_within(&mut self, node: Node<'t>) {
        if let Some(root) = self.within.remove(&node.start_byte()) {
            self.scopes.push();
            self.bodies(&[root]);
            self.scopes.pop();
        }
    }

    fn template_text(&self, from: usize, to: usize, parts: &mut ThinVec<TemplatePart>) {
        if let Some(text) = self.text.get(from..to)
            && !text.is_empty()
        {
            parts.push(TemplatePart::Text(literal::decoded(text)));
        }
    }

    fn array(&mut self, node: Node<'t>) -> ExprId {
        let mut items = Vec::new();
        let mut filled = false;
        for child in tree::children(node) {
            match child.kind() {
                "," => {
                    if !filled {
                        items.push(Item::Hole);
                    }
                    filled = false;
                }
                "[" | "]" => {}
                "spread_element" => {
                    filled = true;
                    if let Some(value) = tree::first_named(child) {
                        items.push(Item::Spread(self.expr(value)));
                    }
                }
                kind if is_expression(kind) => {
                    filled = true;
                    items.push(Item::Value(self.expr(child)));
                }
                _ if child.is_extra() && !child.is_error() => {}
                _ => self.stray(child),
            }
        }
        self.add(Expr::Array(items.into()), node)
    }

    fn construct(&mut self, node: Node<'t>, hint: Option<Name>) -> ExprId {
        let callee = match tree::field(node, "constructor") {
            Some(callee) => self.expr(callee),
            None => self.add(Expr::Unknown, node),
        };
        let type_args = self.type_args_of(node);
        let args = match tree::field(node, "arguments") {
            Some(arguments) => self.arguments(arguments, hint),
            None => ThinVec::new(),
        };
        self.add_call(
            Expr::New {
                callee,
                args,
                type_args,
            },
            node,
        )
    }

    pub(super) fn type_args_of(&mut self, node: Node<'t>) -> ThinVec<TypeId> {
        match tree::field(node, "type_arguments") {
            Some(arguments) => self.type_args(arguments),
            None => ThinVec::new(),
        }
    }

    /// A conditional; those in its last branch are walked and then put together from the end.
    fn conditional(&mut self, node: Node<'t>, hint: Option<Name>) -> ExprId {
        let mut branches = Vec::new();
        let mut rest = Some(node);
        while let Some(branch) = rest.filter(|rest| rest.kind() == "ternary_expression") {
            let test = self.field_or_unknown(branch, "condition", None);
            let then = self.field_or_unknown(branch, "consequence", hint.clone());
            branches.push((branch, test, then));
            self.guard_branch(tree::field(branch, "consequence"), Test::Is(test, true));
            rest = tree::field(branch, "alternative");
            self.guard_branch(rest, Test::Is(test, false));
        }
        let mut otherwise = match rest {
            Some(rest) => self.named_expr(rest, hint),
            None => self.add(Expr::Unknown, node),
        };
        for (branch, test, then) in branches.into_iter().rev() {
            let expr = Expr::Conditional {
                test,
                then,
                otherwise,
            };
            otherwise = self.add(expr, branch);
        }
        otherwise
    }

    /// Notes the test of a branch that calls or mounts something, as that of a statement is noted; what a branch without a call gives
    /// stands under its test anyway, but for the kind of what it is made of (`typeof told === 'string' ? { told } : …`).
    fn guard_branch(&mut self, branch: Option<Node<'t>>, test: Test) {
        let calls = |node: Node<'t>| {
            matches!(
                node.kind(),
                "call_expression"
                    | "await_expression"
                    | "ternary_expression"
                    | "unary_expression"
                    | "parenthesized_expression"
                    | "jsx_element"
                    | "jsx_self_closing_element"
                    | "jsx_fragment"
            )
        };
        let asks_kind = match test {
            Test::Is(test, _) => self.asks_kind(test),
            Test::OneOf(..) => false,
        };
        if let Some(branch) = branch.filter(|branch| asks_kind || calls(*branch)) {
            self.facts.guards.push(Guard {
                span: tree::span(branch),
                test,
            });
        }
    }

    fn asks_kind(&self, test: ExprId) -> bool {
        let is_typeof = |side: ExprId| matches!(self.facts.expr(side), Expr::Unary { op, .. } if op == "typeof");
        match self.facts.expr(test) {
            Expr::Binary { left, right, .. } => is_typeof(*left) || is_typeof(*right),
            _ => false,
        }
    }

    pub(super) fn field_or_unknown(
        &mut self,
        node: Node<'t>,
        field: &str,
        hint: Option<Name>,
    ) -> ExprId {
        match tree::field(node, field) {
            Some(child) => self.named_expr(child, hint),
            None => self.add(Expr::Unknown, node),
        }
    }

    fn unary(&mut self, node: Node<'t>) -> ExprId {
        let op = tree::operator(node);
        let operand = self.field_or_unknown(node, "argument", None);
        if op == "void" && matches!(self.facts.expr(operand), Expr::Literal(_)) {
            return self.add(Expr::Literal(Literal::Undefined), node);
        }
        if op == "delete" {
            self.assign_to(operand, None, tree::span(node));
        }
        let op = Name::new(op);
        self.add(Expr::Unary { op, operand }, node)
    }

    /// `<T>x`, or `<const>x`.
    fn type_assertion(&mut self, node: Node<'t>) -> ExprId {
        let parts = tree::named(node);
        let Some((value, rest)) = parts.split_last() else {
            return self.add(Expr::Unknown, node);
        };
        let types = match rest.first() {
            Some(arguments) if self.slice(*arguments) != "<const>" => self.type_args(*arguments),
            _ => ThinVec::new(),
        };
        let value = self.expr(*value);
        match types.first() {
            Some(ty) => {
                let ty = Some(*ty);
                let satisfies = false;
                self.add(
                    Expr::Cast {
                        value,
                        ty,
                        satisfies,
                    },
                    node,
                )
            }
            None => value,
        }
    }
}

fn logical(op: LogicalOp, left: ExprId, right: ExprId) -> Expr {
    Expr::Logical { op, left, right }
}
