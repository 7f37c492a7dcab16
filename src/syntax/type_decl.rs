//! Declarations of types: interfaces, aliases, enums, namespaces.
//!
//! In: such a declaration. Out: the announced type declaration filled. It leaves alone type expressions (`types`).

use crate::facts::{Exported, Expr, From, Name, TypeDeclId, TypeDeclKind};
use thin_vec::ThinVec;

use super::literal;
use super::lower::{ExportSink, Lowering};
use super::tree::{self, Node};

impl<'t> Lowering<'t> {
    /// The announced declaration; one amid unreadable text was not announced.
    fn type_decl_of(&mut self, node: Node<'t>) -> TypeDeclId {
        if let Some(known) = self.type_decl_ids.get(&node.start_byte()) {
            return *known;
        }
        let name = tree::field(node, "name").map_or_else(Name::default, |name| self.name(name));
        self.blank_type_decl(name, node)
    }

    /// Type parameters into the innermost scope and the declaration.
    fn decl_type_params(&mut self, node: Node<'t>, id: TypeDeclId) {
        if let Some(params) = tree::field(node, "type_parameters") {
            self.facts.type_decls[id.index()].type_params = self.type_params(params);
        }
    }

    pub(super) fn interface(&mut self, node: Node<'t>) {
        let id = self.type_decl_of(node);
        self.scopes.push();
        self.decl_type_params(node, id);
        let mut extends = ThinVec::new();
        for clause in tree::named(node) {
            if matches!(clause.kind(), "extends_type_clause" | "extends_clause") {
                extends.extend(tree::named(clause).into_iter().map(|ty| self.ty(ty)));
            }
        }
        let members = match tree::field(node, "body") {
            Some(body) => self.type_members(body),
            None => ThinVec::new(),
        };
        self.scopes.pop();
        match &mut self.facts.type_decls[id.index()].kind {
            // Interfaces of one name are one.
            TypeDeclKind::Interface {
                extends: known_extends,
                members: known_members,
            } => {
                known_extends.extend(extends);
                known_members.extend(members);
            }
            kind => *kind = TypeDeclKind::Interface { extends, members },
        }
    }

    pub(super) fn alias(&mut self, node: Node<'t>) {
        let id = self.type_decl_of(node);
        self.scopes.push();
        self.decl_type_params(node, id);
        if let Some(value) = tree::field(node, "value") {
            let ty = self.ty(value);
            self.facts.type_decls[id.index()].kind = TypeDeclKind::Alias(ty);
        }
        self.scopes.pop();
    }

    pub(super) fn enumeration(&mut self, node: Node<'t>) {
        let id = self.type_decl_of(node);
        let mut members = ThinVec::new();
        for child in tree::field(node, "body").map_or_else(Vec::new, tree::named) {
            if child.kind() == "enum_assignment" {
                let name = tree::field(child, "name")
                    .map_or_else(Name::default, |name| self.enum_name(name));
                let value = tree::field(child, "value").map(|value| self.expr(value));
                members.push((name, value));
            } else {
                members.push((self.enum_name(child), None));
            }
        }
        match &mut self.facts.type_decls[id.index()].kind {
            TypeDeclKind::Enum(known) => known.extend(members),
            kind => *kind = TypeDeclKind::Enum(members),
        }
        self.decl_binding(node, id);
    }

    fn enum_name(&self, node: Node<'t>) -> Name {
        match node.kind() {
            "string" => literal::string(self.slice(node)),
            _ => self.name(node),
        }
    }

    /// Gives the value that goes with an enum or namespace its source.
    fn decl_binding(&mut self, node: Node<'t>, id: TypeDeclId) {
        if let Some(name) = tree::field(node, "name")
            && let Some(first) = self.slice(name).split('.').next()
            && let Some(binding) = self.scopes.value(first.trim())
        {
            self.source(binding, From::TypeDecl(id), tree::span(node));
        }
    }

    /// `namespace N {}`, `module N {}`, and `declare module 'x' {}`, whose exports are another module's.
    pub(super) fn namespace(&mut self, node: Node<'t>) {
        let name = tree::field(node, "name");
        let foreign = name.is_none_or(|name| name.kind() == "string");
        let sink = ExportSink::Namespace(Vec::new());
        let outer = std::mem::replace(&mut self.exports, sink);
        let first = self.facts.type_decls.len();
        if let Some(body) = tree::field(node, "body") {
            self.scopes.push();
            self.body(body);
            self.scopes.pop();
        }
        let inner = std::mem::replace(&mut self.exports, outer);
        let mut exported = match inner {
            ExportSink::Namespace(names) => names,
            _ => Vec::new(),
        };
        // Where nothing is exported by name, all that is declared is.
        if exported.is_empty() {
            let own = self.facts.type_decls.iter().enumerate().skip(first);
            exported.extend(own.filter_map(|(at, decl)| {
                let id = TypeDeclId(u32::try_from(at).ok()?);
                Some((decl.name.clone(), Exported::Type(id)))
            }));
        }
        if foreign {
            if let Some(name) = name {
                let name = literal::string(self.slice(name));
                self.facts.modules.push((name, exported));
            }
            return;
        }
        let id = self.namespace_decl(node);
        // `namespace A.B {}` is `namespace A { export namespace B {} }`.
        let text = name.map_or("", |name| self.slice(name));
        for part in text
            .split('.')
            .skip(1)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
        {
            let part = Name::new(part.trim());
            let nested = self.blank_type_decl(part.clone(), node);
            self.facts.type_decls[nested.index()].kind = TypeDeclKind::Namespace(exported.into());
            exported = vec![(part, Exported::Type(nested))];
        }
        if let TypeDeclKind::Namespace(known) = &mut self.facts.type_decls[id.index()].kind {
            known.extend(exported);
        }
        self.decl_binding(node, id);
    }

    /// The declaration of a namespace. An interface of its name says what the type of that name is, and the namespace what its
    /// value has.
    fn namespace_decl(&mut self, node: Node<'t>) -> TypeDeclId {
        let id = self.type_decl_of(node);
        let declared = &self.facts.type_decls[id.index()];
        match declared.kind {
            TypeDeclKind::Namespace(_) => id,
            _ => self.blank_type_decl(declared.name.clone(), node),
        }
    }

    /// A type that is written where a value would be evaluated: only its expression is of interest.
    pub(super) fn type_query_expr(&mut self, node: Node<'t>) -> crate::facts::ExprId {
        match tree::first_named(node) {
            Some(inner) => self.expr(inner),
            None => self.add(Expr::Unknown, node),
        }
    }
}
