//! Announces the names of a scope before its statements are lowered.
//!
//! In: the statements of a block or body. Out: their names in the innermost scope, so that a use before the declaration
//! finds it. It leaves alone values and types, which the statements give when they are lowered.

use crate::facts::{
    BindingKind, Class, ClassId, Name, PLATFORM, TypeDecl, TypeDeclId, TypeDeclKind, TypeTarget,
};
use thin_vec::ThinVec;

use super::islands::Host;
use super::lower::{Lowering, next};
use super::tree::{self, Node};

impl<'t> Lowering<'t> {
    /// Announces what the statements themselves declare: everything but the `var`s of nested blocks.
    pub(super) fn announce(&mut self, statements: &[Node<'t>]) {
        for statement in statements {
            self.announce_statement(*statement);
        }
    }

    fn announce_statement(&mut self, statement: Node<'t>) {
        match statement.kind() {
            "lexical_declaration" | "using_declaration" | "variable_declaration" => {
                self.announce_variables(statement)
            }
            "function_declaration" | "generator_function_declaration" | "function_signature" => {
                if let Some(name) = tree::field(statement, "name") {
                    let id = self.declare(self.name(name), BindingKind::Function, tree::span(name));
                    if statement.kind() != "function_signature" {
                        self.implemented.insert(id);
                    }
                }
            }
            "class_declaration" | "abstract_class_declaration" => {
                if let Some(name) = tree::field(statement, "name") {
                    let id = self.blank_class(statement);
                    let text = self.name(name);
                    self.class_ids.insert(statement.start_byte(), id);
                    self.declare(text.clone(), BindingKind::Class, tree::span(name));
                    self.scopes.declare_type(&text, TypeTarget::Class(id));
                }
            }
            "interface_declaration" | "type_alias_declaration" => {
                self.announce_type(statement, None)
            }
            "enum_declaration" => self.announce_type(statement, Some(BindingKind::Enum)),
            "internal_module" | "module" => {
                self.announce_type(statement, Some(BindingKind::Namespace))
            }
            "import_statement" => self.announce_import(statement),
            "import_alias" => {
                if let Some(name) = tree::first_named(statement) {
                    let text = self.name(name);
                    let id = self.declare(text.clone(), BindingKind::Const, tree::span(name));
                    // `import A = N.B` names a type just as well as a value.
                    self.scopes.declare_type(&text, TypeTarget::Binding(id));
                }
            }
            "export_statement" => {
                if let Some(declaration) = tree::field(statement, "declaration") {
                    self.announce_statement(declaration);
                }
            }
            "ambient_declaration" => {
                for inner in tree::named(statement) {
                    if inner.kind() == "statement_block" {
                        // `declare global`: its variables are values here as everywhere; its types extend those of the
                        // platform and are announced by the block itself.
                        for declared in tree::named(inner) {
                            if matches!(
                                declared.kind(),
                                "variable_declaration" | "lexical_declaration"
                            ) {
                                self.announce_variables(declared);
                            }
                        }
                    } else if !self.is_platform(inner) {
                        self.announce_statement(inner);
                    }
                }
            }
            "expression_statement" => match tree::first_named(statement) {
                // Without `declare`, the grammar takes a namespace for an expression.
                Some(inner) if inner.kind() == "internal_module" => self.announce_statement(inner),
                // And the TypeScript grammar takes `using x = …` for an assignment.
                Some(inner)
                    if inner.kind() == "assignment_expression"
                        && tree::has_token(inner, "using") =>
                {
                    if let Some(left) = tree::field(inner, "left") {
                        self.announce_pattern(left, BindingKind::Const);
                    }
                }
                _ => {}
            },
            "labeled_statement" if self.host == Some(Host::Svelte) => {
                self.announce_reactive(statement)
            }
            // `label: function f() {}` is so rare that labels only matter for what they hold.
            _ => {}
        }
    }

    /// `declare const window: …` says of what type the platform's object is, and makes no other one.
    fn is_platform(&self, declaration: Node<'t>) -> bool {
        tree::named(declaration)
            .into_iter()
            .filter_map(|declarator| tree::field(declarator, "name"))
            .any(|name| PLATFORM.contains(&self.slice(name)))
    }

    fn announce_variables(&mut self, declaration: Node<'t>) {
        let kind = match tree::field(declaration, "kind").map(|kind| kind.kind()) {
            Some("const") => BindingKind::Const,
            None if declaration.kind() == "using_declaration" => BindingKind::Const,
            _ => BindingKind::Variable,
        };
        for declarator in tree::named(declaration) {
            if let Some(name) = tree::field(declarator, "name") {
                self.announce_pattern(name, kind);
            }
        }
    }

    /// `$: name = …` declares the name, unless it is declared anyway.
    fn announce_reactive(&mut self, statement: Node<'t>) {
        let label = tree::field(statement, "label").map(|label| self.slice(label));
        let mut inner = tree::field(statement, "body").filter(|_| label == Some("$"));
        while let Some(node) = inner {
            inner = match node.kind() {
                "expression_statement" | "parenthesized_expression" => tree::first_named(node),
                _ => break,
            };
        }
        if let Some(assignment) = inner.filter(|node| node.kind() == "assignment_expression")
            && let Some(left) = tree::field(assignment, "left")
            // `$: $store = …` sets a store.
            && !self.slice(left).starts_with('$')
        {
            self.announce_pattern(left, BindingKind::Variable);
        }
    }

    /// Announces every name of a pattern.
    pub(super) fn announce_pattern(&mut self, pattern: Node<'t>, kind: BindingKind) {
        if !self.enter(pattern) {
            return;
        }
        match pattern.kind() {
            "identifier" | "shorthand_property_identifier_pattern" if !pattern.is_missing() => {
                self.declare(self.name(pattern), kind, tree::span(pattern));
            }
            "object_pattern" | "array_pattern" | "rest_pattern" => {
                for child in tree::named(pattern) {
                    self.announce_pattern(child, kind);
                }
            }
            "pair_pattern" => {
                if let Some(value) = tree::field(pattern, "value") {
                    self.announce_pattern(value, kind);
                }
            }
            "assignment_pattern" | "object_assignment_pattern" => {
                if let Some(left) = tree::field(pattern, "left") {
                    self.announce_pattern(left, kind);
                }
            }
            _ => {}
        }
        self.leave();
    }

    fn announce_type(&mut self, declaration: Node<'t>, value: Option<BindingKind>) {
        let Some(name_node) = tree::field(declaration, "name") else {
            return;
        };
        if name_node.kind() == "string" {
            // `declare module 'x'` names nothing here.
            return;
        }
        // Of `namespace A.B {}` only `A` is a name of this scope.
        let text = self.slice(name_node);
        let name = Name::new(text.split('.').next().unwrap_or(text).trim());
        if let Some(kind) = value {
            self.declare(name.clone(), kind, tree::span(name_node));
        }
        let id = match self.scopes.type_here(&name) {
            // Declarations of one name in one scope merge.
            Some(TypeTarget::Decl(known)) => known,
            present => {
                let id = self.blank_type_decl(name.clone(), declaration);
                // An interface may also extend a class; the class then says more.
                if !matches!(present, Some(TypeTarget::Class(_))) {
                    self.scopes.declare_type(&name, TypeTarget::Decl(id));
                }
                id
            }
        };
        self.type_decl_ids.insert(declaration.start_byte(), id);
    }

    /// A class about which only its place is known.
    pub(super) fn blank_class(&mut self, node: Node<'t>) -> ClassId {
        let id = ClassId(next(&self.facts.classes));
        self.facts.classes.push(Class {
            name: None,
            span: tree::span(node),
            function: self.function,
            extends: None,
            mixins: ThinVec::new(),
            extends_args: ThinVec::new(),
            implements: ThinVec::new(),
            members: ThinVec::new(),
            writes: ThinVec::new(),
            touches: ThinVec::new(),
            type_params: ThinVec::new(),
            is_abstract: false,
        });
        id
    }

    /// A type declaration about which only its name and place are known.
    pub(super) fn blank_type_decl(&mut self, name: Name, node: Node<'t>) -> TypeDeclId {
        let id = TypeDeclId(next(&self.facts.type_decls));
        self.facts.type_decls.push(TypeDecl {
            name,
            kind: TypeDeclKind::Namespace(ThinVec::new()),
            type_params: ThinVec::new(),
            span: tree::span(node),
            global: self.in_global,
        });
        id
    }

    /// Announces the `var`s of a function's body, also those in nested blocks, but not those of nested functions.
    pub(super) fn announce_vars(&mut self, body: Node<'t>) {
        if !self.has_var {
            return;
        }
        let mut pending = vec![body];
        while let Some(node) = pending.pop() {
            if node.kind() == "variable_declaration" {
                self.announce_variables(node);
                continue;
            }
            if node.kind() == "for_in_statement"
                && tree::field(node, "kind").is_some_and(|kind| kind.kind() == "var")
                && let Some(left) = tree::field(node, "left")
            {
                self.announce_pattern(left, BindingKind::Variable);
            }
            let first = pending.len();
            pending.extend(
                tree::named(node)
                    .into_iter()
                    .filter(|child| holds_statements(child.kind())),
            );
            // Reversed, so that names are announced in source order.
            pending[first..].reverse();
        }
    }
}

/// Whether a `var` of the same function can lie inside.
fn holds_statements(kind: &str) -> bool {
    matches!(
        kind,
        "variable_declaration"
            | "statement_block"
            | "if_statement"
            | "else_clause"
            | "for_statement"
            | "for_in_statement"
            | "while_statement"
            | "do_statement"
            | "try_statement"
            | "catch_clause"
            | "finally_clause"
            | "switch_statement"
            | "switch_body"
            | "switch_case"
            | "switch_default"
            | "labeled_statement"
            | "with_statement"
            | "export_statement"
    )
}
