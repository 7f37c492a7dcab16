//! Statements.
//!
//! In: a statement's node. Out: its declarations, every expression in it lowered, and what runs only under a condition. It
//! leaves alone the rest of control flow: facts have no order of execution.

use crate::facts::{BindingKind, From, Guard, PLATFORM, Test, Try};
use crate::source::Span;

use super::lower::{Lowering, This};
use super::pattern::Origin;
use super::touches::Handed;
use super::tree::{self, Node};

impl<'t> Lowering<'t> {
    /// The body of a function, in the innermost scope.
    pub(super) fn body(&mut self, body: Node<'t>) {
        self.bodies(&[body]);
    }

    /// A body in several parts, in the innermost scope.
    pub(super) fn bodies(&mut self, parts: &[Node<'t>]) {
        for part in parts {
            self.announce_vars(*part);
        }
        self.statements_of(
            parts
                .iter()
                .flat_map(|part| tree::named_or_error(*part))
                .collect(),
        );
    }

    /// A block with a scope of its own.
    pub(super) fn block(&mut self, block: Node<'t>) {
        self.scopes.push();
        self.statements_here(block);
        self.scopes.pop();
    }

    /// The statements below a node, in the innermost scope.
    pub(super) fn statements_here(&mut self, parent: Node<'t>) {
        self.statements_of(tree::named_or_error(parent));
    }

    fn statements_of(&mut self, statements: Vec<Node<'t>>) {
        self.announce(&statements);
        let end = statements.last().map(|last| tree::span(*last).end);
        for statement in statements {
            let before = self.facts.guards.len();
            self.block_end = end;
            self.statement(statement);
            self.guard_rest(statement, before, end.unwrap_or_default());
        }
    }

    /// What stands behind `if (test) return;` runs only if the test does not hold, and behind a chain of such if none does.
    fn guard_rest(&mut self, statement: Node<'t>, before: usize, end: u32) {
        let start = tree::span(statement).end;
        let rest = Span::new(start, end.max(start));
        let mut branch = Some(statement);
        while let Some(node) = branch.filter(|node| node.kind() == "if_statement") {
            let then = tree::field(node, "consequence");
            let Some(then) = then.filter(|then| is_way_out(*then)) else {
                return;
            };
            let taken = self.facts.guards.iter().skip(before);
            let mut taken = taken.filter(|guard| guard.span == tree::span(then));
            if let Some(Test::Is(test, true)) = taken.next().map(|guard| &guard.test) {
                let test = Test::Is(*test, false);
                self.facts.guards.push(Guard { span: rest, test });
            }
            branch = tree::field(node, "alternative").and_then(tree::first_named);
        }
    }

    /// One statement. A chain of `else if` is walked, for it nests without brackets.
    pub(super) fn statement(&mut self, statement: Node<'t>) {
        let end = self.block_end.take();
        if !self.enter(statement) {
            return;
        }
        let mut next = Some(statement);
        while let Some(node) = next {
            next = if node.kind() == "if_statement" {
                self.if_branch(node)
            } else {
                self.plain_statement(node, end);
                None
            };
        }
        self.leave();
    }

    /// Lowers the test and the first branch, and gives the other.
    fn if_branch(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        let test = tree::field(node, "condition").map(|test| self.expr(test));
        let mut guard = |branch: Option<Node<'t>>, holds| {
            if let (Some(test), Some(branch)) = (test, branch) {
                self.facts.guards.push(Guard {
                    span: tree::span(branch),
                    test: Test::Is(test, holds),
                });
            }
        };
        guard(tree::field(node, "consequence"), true);
        guard(tree::field(node, "alternative"), false);
        self.field_statement(node, "consequence");
        tree::first_named(tree::field(node, "alternative")?)
    }

    fn plain_statement(&mut self, node: Node<'t>, end: Option<u32>) {
        match node.kind() {
            "expression_statement" => self.expression_statement(node),
            "lexical_declaration" | "variable_declaration" | "using_declaration" => {
                self.variables(node)
            }
            "function_declaration" | "generator_function_declaration" => {
                self.function_declaration(node)
            }
            "function_signature" => self.function_signature(node),
            "class_declaration" | "abstract_class_declaration" => self.class_declaration(node),
            "interface_declaration" => self.interface(node),
            "type_alias_declaration" => self.alias(node),
            "enum_declaration" => self.enumeration(node),
            "internal_module" | "module" => self.namespace(node),
            "ambient_declaration" => self.ambient(node),
            "import_statement" => self.import(node),
            "import_alias" => self.import_alias(node),
            "export_statement" => self.export_statement(node),
            "statement_block" => self.block(node),
            "return_statement" => {
                if let Some(value) = tree::first_named(node) {
                    let value = self.expr(value);
                    self.returned(value);
                }
            }
            "for_statement" => self.for_loop(node),
            "for_in_statement" => self.for_in_loop(node),
            "while_statement" | "do_statement" => {
                self.facts.loops.push(tree::span(node));
                self.field_expr(node, "condition");
                self.field_statement(node, "body");
            }
            "with_statement" => {
                self.field_expr(node, "object");
                self.field_statement(node, "body");
            }
            "labeled_statement" => self.field_statement(node, "body"),
            "switch_statement" => self.switch(node, end),
            "try_statement" => self.try_statement(node),
            "throw_statement" => {
                if let Some(value) = tree::first_named(node) {
                    let thrown = self.expr(value);
                    self.facts.throws.push(thrown);
                }
            }
            "break_statement" | "continue_statement" | "debugger_statement" | "empty_statement"
            | "hash_bang_line" => {}
            "comment" | "html_comment" => {}
            _ => self.stray(node),
        }
    }

    /// Something at a place where its kind is not expected: what is in it is still read.
    pub(super) fn stray(&mut self, node: Node<'t>) {
        if !self.enter(node) {
            return;
        }
        let kind = node.kind();
        if node.is_error() {
            let children = tree::named_or_error(node);
            self.announce(&children);
            for child in children {
                self.stray(child);
            }
        } else if kind.ends_with("_statement")
            || kind.ends_with("_declaration")
            || matches!(
                kind,
                "statement_block" | "internal_module" | "module" | "function_signature"
            )
        {
            self.statement(node);
        } else if super::expr::is_expression(kind) {
            self.expr(node);
        } else if !matches!(
            kind,
            "property_identifier" | "type_annotation" | "type_arguments" | "type_parameters"
        ) {
            for child in tree::named_or_error(node) {
                self.stray(child);
            }
        }
        self.leave();
    }

    fn field_expr(&mut self, node: Node<'t>, field: &str) {
        if let Some(expr) = tree::field(node, field) {
            self.expr(expr);
        }
    }

    pub(super) fn field_statement(&mut self, node: Node<'t>, field: &str) {
        if let Some(statement) = tree::field(node, field) {
            self.statement(statement);
        }
    }

    fn expression_statement(&mut self, node: Node<'t>) {
        for child in tree::named_or_error(node) {
            if child.kind() == "internal_module" {
                self.namespace(child);
            } else if child.is_error() {
                self.stray(child);
            } else {
                let statement = self.expr(child);
                self.touch_handed(statement, Handed::ByStatement);
            }
        }
    }

    pub(super) fn variables(&mut self, node: Node<'t>) {
        for declarator in tree::named_or_error(node) {
            if declarator.kind() == "variable_declarator" {
                self.declarator(declarator);
            } else {
                self.stray(declarator);
            }
        }
    }

    fn declarator(&mut self, node: Node<'t>) {
        let Some(name) = tree::field(node, "name") else {
            return;
        };
        let ty = tree::field(node, "type").and_then(|ty| self.annotation(ty));
        let hint = (name.kind() == "identifier").then(|| self.name(name));
        let value = tree::field(node, "value").map(|value| self.named_expr(value, hint));
        // What is declared of the platform's own object was not announced as a name of the file.
        if value.is_none()
            && PLATFORM.contains(&self.slice(name))
            && self.scopes.value(self.slice(name)).is_none()
        {
            return;
        }
        if let Some(binding) = self.scopes.value(self.slice(name)).filter(|_| ty.is_some()) {
            self.facts.bindings[binding.index()].ty = ty;
        }
        let from = value.map_or(From::Nothing, From::Expr);
        let mut origin = Origin::declaring(from, tree::span(node), BindingKind::Variable);
        origin.ty = ty;
        self.pattern(name, origin);
    }

    fn for_loop(&mut self, node: Node<'t>) {
        self.facts.loops.push(tree::span(node));
        self.scopes.push();
        if let Some(initializer) = tree::field(node, "initializer") {
            self.announce(&[initializer]);
            self.loose(initializer);
        }
        for part in ["condition", "increment"] {
            if let Some(part) = tree::field(node, part) {
                self.loose(part);
            }
        }
        self.field_statement(node, "body");
        self.scopes.pop();
    }

    /// A statement or an expression, as the head of a `for` may hold either.
    fn loose(&mut self, node: Node<'t>) {
        if super::expr::is_expression(node.kind()) {
            self.expr(node);
        } else if node.is_named() {
            self.statement(node);
        }
    }

    fn for_in_loop(&mut self, node: Node<'t>) {
        self.facts.loops.push(tree::span(node));
        self.scopes.push();
        // The object is evaluated outside the scope of the loop's names, but shadowing there is an error anyway.
        let object = tree::field(node, "right").map(|right| self.expr(right));
        let keys = tree::field(node, "operator").is_some_and(|operator| operator.kind() == "in");
        let from = match object {
            Some(object) if keys => From::KeyOf(object),
            Some(object) => From::ElementOf(object),
            None => From::Nothing,
        };
        if let Some(left) = tree::field(node, "left") {
            let kind = match tree::field(node, "kind").map(|kind| kind.kind()) {
                Some("var") => None,
                Some("let") => Some(BindingKind::Variable),
                Some(_) => Some(BindingKind::Const),
                None => None,
            };
            if let Some(kind) = kind {
                self.announce_pattern(left, kind);
            }
            self.pattern(left, Origin::assigning(from, tree::span(left)));
        }
        self.field_statement(node, "body");
        self.scopes.pop();
    }

    fn try_statement(&mut self, node: Node<'t>) {
        self.field_statement(node, "body");
        if let Some(handler) = tree::field(node, "handler") {
            self.scopes.push();
            if let Some(parameter) = tree::field(handler, "parameter") {
                if let Some(body) = tree::field(node, "body") {
                    self.facts.tries.push(Try {
                        body: tree::span(body),
                        caught: tree::span(parameter),
                        function: self.function,
                    });
                }
                self.announce_pattern(parameter, BindingKind::Caught);
                let mut origin =
                    Origin::declaring(From::Caught, tree::span(parameter), BindingKind::Caught);
                origin.ty = tree::field(handler, "type").and_then(|ty| self.annotation(ty));
                self.pattern(parameter, origin);
            }
            self.field_statement(handler, "body");
            self.scopes.pop();
        }
        if let Some(finalizer) = tree::field(node, "finalizer") {
            self.field_statement(finalizer, "body");
        }
    }

    fn ambient(&mut self, node: Node<'t>) {
        for inner in tree::named(node) {
            if inner.kind() == "statement_block" {
                let outer = std::mem::replace(&mut self.in_global, true);
                let sink = std::mem::replace(&mut self.exports, super::lower::ExportSink::Nowhere);
                self.global_block(inner);
                self.exports = sink;
                self.in_global = outer;
            } else if inner.kind() != "property_identifier" {
                self.statement(inner);
            }
        }
    }

    /// `declare global { … }`: variables were announced outside, types live in a scope of their own.
    fn global_block(&mut self, block: Node<'t>) {
        let statements = tree::named_or_error(block);
        let (variables, others): (Vec<_>, Vec<_>) = statements.into_iter().partition(|statement| {
            matches!(
                statement.kind(),
                "variable_declaration" | "lexical_declaration"
            )
        });
        self.scopes.push();
        self.announce(&others);
        for statement in variables.into_iter().chain(others) {
            self.statement(statement);
        }
        self.scopes.pop();
    }

    /// Runs in a function of another `this`.
    pub(super) fn within<R>(
        &mut self,
        function: crate::facts::FunctionId,
        this: This,
        run: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let outer = (self.function, self.this);
        let options = self.options_class.take();
        (self.function, self.this) = (function, this);
        let result = run(self);
        (self.function, self.this) = outer;
        self.options_class = options;
        result
    }
}

/// Whether nothing behind a statement runs after it.
pub(super) fn is_way_out(statement: Node<'_>) -> bool {
    matches!(
        last_of(statement).kind(),
        "return_statement" | "continue_statement" | "break_statement" | "throw_statement"
    )
}

/// Whether a statement ends the `switch` around it and no more.
pub(super) fn is_break(statement: Node<'_>) -> bool {
    let last = last_of(statement);
    last.kind() == "break_statement" && tree::first_named(last).is_none()
}

/// What runs last of a statement: the last one in a block, or the statement itself.
fn last_of(statement: Node<'_>) -> Node<'_> {
    let mut last = statement;
    while last.kind() == "statement_block" {
        match tree::named(last).pop() {
            Some(inner) => last = inner,
            None => break,
        }
    }
    last
}
