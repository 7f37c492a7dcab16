//! Imports and exports of ES modules and TypeScript.
//!
//! In: an import or export statement. Out: its imports, bound, or its exports. It leaves alone CommonJS (`assign`,
//! `expr`) and which file a specifier means.

use crate::facts::{
    BindingId, BindingKind, Export, Exported, Expr, From, Import, ImportId, Imported, Name,
    TypeTarget,
};
use crate::source::Span;

use super::literal;
use super::lower::{ExportSink, Lowering, next};
use super::tree::{self, Node};

impl<'t> Lowering<'t> {
    /// Announces the names of an import statement; the imports themselves are recorded at once, as nothing in them
    /// depends on other names.
    pub(super) fn announce_import(&mut self, node: Node<'t>) {
        let clause = tree::named(node)
            .into_iter()
            .find(|child| matches!(child.kind(), "import_clause" | "import_require_clause"));
        let source = tree::field(node, "source").or_else(|| tree::field(clause?, "source"));
        let Some(source) = source else {
            return;
        };
        let specifier = literal::string(self.slice(source));
        let type_only = tree::has_token(node, "type") || tree::has_token(node, "typeof");
        self.announced_imports.insert(node.start_byte());
        let first = self.facts.imports.len();
        if let Some(clause) = clause {
            self.import_clause(&specifier, clause, type_only);
        }
        // Also `import {} from 'x'` only runs the module.
        if self.facts.imports.len() == first {
            self.facts.imports.push(Import {
                specifier,
                imported: Imported::Nothing,
                binding: None,
                type_only,
                span: tree::span(node),
            });
        }
    }

    fn import_clause(&mut self, specifier: &Name, clause: Node<'t>, type_only: bool) {
        let equals = clause.kind() == "import_require_clause";
        for part in tree::named(clause) {
            match part.kind() {
                "identifier" => {
                    let imported = if equals {
                        Imported::Equals
                    } else {
                        Imported::Default
                    };
                    self.import_name(specifier, imported, part, part, type_only);
                }
                "namespace_import" => {
                    if let Some(local) = tree::first_named(part) {
                        self.import_name(specifier, Imported::Namespace, local, part, type_only);
                    }
                }
                "named_imports" => {
                    for entry in tree::named(part) {
                        self.import_entry(specifier, entry, type_only);
                    }
                }
                _ => {}
            }
        }
    }

    fn import_entry(&mut self, specifier: &Name, entry: Node<'t>, type_only: bool) {
        let Some(name) = tree::field(entry, "name") else {
            return;
        };
        let local = tree::field(entry, "alias").unwrap_or(name);
        let type_only =
            type_only || tree::has_token(entry, "type") || tree::has_token(entry, "typeof");
        let imported = self.imported(name);
        self.import_name(specifier, imported, local, entry, type_only);
    }

    /// What a name in the braces of an import or re-export takes: `default` is the default.
    fn imported(&self, name: Node<'t>) -> Imported {
        let name = self.export_name(name);
        if name == "default" {
            Imported::Default
        } else {
            Imported::Named(name)
        }
    }

    fn import_name(
        &mut self,
        specifier: &Name,
        imported: Imported,
        local: Node<'t>,
        node: Node<'t>,
        type_only: bool,
    ) {
        let binding = self.declare(self.name(local), BindingKind::Import, tree::span(local));
        let id = ImportId(next(&self.facts.imports));
        let span = tree::span(node);
        self.facts.imports.push(Import {
            specifier: specifier.clone(),
            imported,
            binding: Some(binding),
            type_only,
            span,
        });
        self.source(binding, From::Import(id), span);
        let name = self.name(local);
        if self.scopes.type_here(&name).is_none() {
            self.scopes
                .declare_type(&name, TypeTarget::Binding(binding));
        }
    }

    /// An import statement, which was announced unless it stands amid unreadable text.
    pub(super) fn import(&mut self, node: Node<'t>) {
        if !self.announced_imports.contains(&node.start_byte()) {
            self.announce_import(node);
        }
    }

    /// `import A = N.B`.
    pub(super) fn import_alias(&mut self, node: Node<'t>) {
        let parts = tree::named(node);
        let [name, target] = parts[..] else {
            return;
        };
        let value = self.entity(target);
        if let Some(binding) = self.scopes.value(self.slice(name)) {
            self.source(binding, From::Expr(value), tree::span(node));
        }
    }

    /// `A.B.C` outside an expression, as an expression.
    fn entity(&mut self, node: Node<'t>) -> crate::facts::ExprId {
        let mut names = Vec::new();
        let mut first = node;
        while first.kind() == "nested_identifier" {
            let (Some(object), Some(property)) =
                (tree::field(first, "object"), tree::field(first, "property"))
            else {
                break;
            };
            names.push((first, property));
            first = object;
        }
        let mut value = self.expr(first);
        for (whole, property) in names.into_iter().rev() {
            let expr = Expr::Member {
                object: value,
                name: self.name(property),
                name_span: tree::span(property),
            };
            value = self.add(expr, whole);
        }
        value
    }

    /// An export in any form.
    pub(super) fn export_statement(&mut self, node: Node<'t>) {
        self.decorators_of(node);
        let default = tree::has_token(node, "default");
        if let Some(source) = tree::field(node, "source") {
            self.reexport(node, source);
        } else if let Some(declaration) = tree::field(node, "declaration") {
            self.export_declaration(node, declaration, default);
        } else if let Some(value) = tree::field(node, "value") {
            self.export_value(node, value, Name::const_new("default"));
        } else {
            self.export_rest(node);
        }
    }

    fn export_rest(&mut self, node: Node<'t>) {
        for child in tree::named_or_error(node) {
            match child.kind() {
                "export_clause" => {
                    for entry in tree::named(child) {
                        self.export_entry(entry);
                    }
                }
                "decorator" => {}
                // `export as namespace X` declares a global for scripts.
                "identifier" if tree::has_token(node, "namespace") => {}
                kind if super::expr::is_expression(kind) && tree::has_token(node, "=") => {
                    self.export_value(node, child, Name::const_new("module.exports"));
                }
                _ => self.stray(child),
            }
        }
    }

    /// `export default x` and `export = x`; a lone name exports whatever it names.
    fn export_value(&mut self, node: Node<'t>, value: Node<'t>, name: Name) {
        if value.kind() == "identifier"
            && self.export_known(name.clone(), self.slice(value), tree::span(node))
        {
            return;
        }
        if name == "default" {
            self.expect_options();
        }
        let hint = (name == "default").then(|| name.clone());
        let value = self.named_expr(value, hint);
        self.options_next = None;
        self.export(name, Exported::Expr(value), tree::span(node));
    }

    fn reexport(&mut self, node: Node<'t>, source: Node<'t>) {
        let specifier = literal::string(self.slice(source));
        let mut whole = true;
        for child in tree::named(node) {
            match child.kind() {
                "namespace_export" => {
                    whole = false;
                    if let Some(name) = tree::first_named(child) {
                        let name = self.export_name(name);
                        self.export_from(name, &specifier, Imported::Namespace, child);
                    }
                }
                "export_clause" => {
                    whole = false;
                    for entry in tree::named(child) {
                        let Some(name) = tree::field(entry, "name") else {
                            continue;
                        };
                        let alias = self.export_name(tree::field(entry, "alias").unwrap_or(name));
                        let imported = self.imported(name);
                        self.export_from(alias, &specifier, imported, entry);
                    }
                }
                _ => {}
            }
        }
        if whole {
            self.export_from(Name::const_new("*"), &specifier, Imported::Nothing, node);
        }
    }

    fn export_from(&mut self, name: Name, specifier: &Name, imported: Imported, node: Node<'t>) {
        let what = Exported::From {
            specifier: specifier.clone(),
            imported,
        };
        self.export(name, what, tree::span(node));
    }

    /// `a as b` in `export { … }`.
    fn export_entry(&mut self, entry: Node<'t>) {
        let Some(local) = tree::field(entry, "name") else {
            return;
        };
        let name = self.export_name(tree::field(entry, "alias").unwrap_or(local));
        if !self.export_known(name.clone(), self.slice(local), tree::span(entry)) {
            let value = self.add(Expr::Global(self.name(local)), local);
            self.export(name, Exported::Expr(value), tree::span(entry));
        }
    }

    /// Exports what a name of this file means: its value, its type, or both.
    fn export_known(&mut self, name: Name, local: &str, span: Span) -> bool {
        let value = self.scopes.value(local);
        let ty = match self.scopes.ty(local) {
            Some(TypeTarget::Decl(decl)) => Some(decl),
            _ => None,
        };
        if let Some(binding) = value {
            self.export(name.clone(), Exported::Binding(binding), span);
        }
        if let Some(decl) = ty {
            self.export(name, Exported::Type(decl), span);
        }
        value.is_some() || ty.is_some()
    }

    fn export_declaration(&mut self, node: Node<'t>, declaration: Node<'t>, default: bool) {
        self.statement(declaration);
        let span = tree::span(node);
        let inner = match declaration.kind() {
            "ambient_declaration" => tree::first_named(declaration).unwrap_or(declaration),
            _ => declaration,
        };
        match inner.kind() {
            "lexical_declaration" | "variable_declaration" | "using_declaration" => {
                let mut bindings = Vec::new();
                for declarator in tree::named(inner) {
                    if let Some(pattern) = tree::field(declarator, "name") {
                        self.bound_names(pattern, &mut bindings);
                    }
                }
                for binding in bindings {
                    let name = self.facts.binding(binding).name.clone();
                    self.export(name, Exported::Binding(binding), span);
                }
            }
            "import_alias" => {
                if let Some(name) = tree::first_named(inner) {
                    self.export_known(self.name(name), self.slice(name), span);
                }
            }
            _ => {
                let Some(name) = tree::field(inner, "name") else {
                    return;
                };
                let local = self
                    .slice(name)
                    .split('.')
                    .next()
                    .unwrap_or_default()
                    .trim();
                let exported = Name::new(if default { "default" } else { local });
                let is_type = matches!(
                    inner.kind(),
                    "interface_declaration" | "type_alias_declaration"
                );
                // A value of the name may be one of the scope around (`import { Request }`), and is not exported by that.
                match self.scopes.ty(local) {
                    Some(TypeTarget::Decl(decl)) if is_type => {
                        self.export(exported, Exported::Type(decl), span);
                    }
                    _ => {
                        self.export_known(exported, local, span);
                    }
                }
            }
        }
    }

    /// The bindings of a declared pattern.
    fn bound_names(&mut self, pattern: Node<'t>, out: &mut Vec<BindingId>) {
        if !self.enter(pattern) {
            return;
        }
        match pattern.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => {
                out.extend(self.scopes.value(self.slice(pattern)));
            }
            "assignment_pattern" | "object_assignment_pattern" => {
                if let Some(left) = tree::field(pattern, "left") {
                    self.bound_names(left, out);
                }
            }
            "pair_pattern" => {
                if let Some(value) = tree::field(pattern, "value") {
                    self.bound_names(value, out);
                }
            }
            "object_pattern" | "array_pattern" | "rest_pattern" => {
                for child in tree::named(pattern) {
                    self.bound_names(child, out);
                }
            }
            _ => {}
        }
        self.leave();
    }

    /// A name in the braces of an import or export may be a string.
    fn export_name(&self, node: Node<'t>) -> Name {
        match node.kind() {
            "string" => literal::string(self.slice(node)),
            _ => self.name(node),
        }
    }

    fn export(&mut self, name: Name, what: Exported, span: Span) {
        match &mut self.exports {
            ExportSink::File => self.facts.exports.push(Export { name, what, span }),
            ExportSink::Namespace(names) => names.push((name, what)),
            ExportSink::Nowhere => {}
        }
    }
}
