//! Type expressions.
//!
//! In: a type's node. Out: its id, the first name of every reference bound to what this file says it is. It leaves alone
//! what types are equal to or made of.

use crate::facts::{
    Expr, Item, Key, Literal, Name, Type, TypeId, TypeMember, TypeParam, TypeTarget,
};
use thin_vec::{ThinVec, thin_vec};

use super::literal;
use super::lower::Lowering;
use super::tree::{self, Node};

impl<'t> Lowering<'t> {
    /// What follows a name: `: T`, `: x is T`, `: asserts x`.
    pub(super) fn annotation(&mut self, node: Node<'t>) -> Option<TypeId> {
        let inner = tree::first_named(node)?;
        Some(self.ty(inner))
    }

    /// `<A, B>`.
    pub(super) fn type_args(&mut self, node: Node<'t>) -> ThinVec<TypeId> {
        tree::named(node)
            .into_iter()
            .map(|ty| self.ty(ty))
            .collect()
    }

    /// `<T extends A = B>`, declared in the innermost scope.
    pub(super) fn type_params(&mut self, node: Node<'t>) -> ThinVec<TypeParam> {
        let params: Vec<_> = tree::named(node)
            .into_iter()
            .filter_map(|param| Some((param, tree::field(param, "name")?)))
            .collect();
        for (_, name) in &params {
            let name = self.name(*name);
            self.scopes.declare_type(&name, TypeTarget::Param);
        }
        params
            .into_iter()
            .map(|(param, name)| TypeParam {
                name: self.name(name),
                constraint: tree::field(param, "constraint")
                    .and_then(|constraint| self.annotation(constraint)),
                default: tree::field(param, "value").and_then(|default| self.annotation(default)),
            })
            .collect()
    }

    /// Lowers a type.
    pub(super) fn ty(&mut self, node: Node<'t>) -> TypeId {
        if !self.enter(node) {
            return self.add_type(Type::Unknown);
        }
        let id = self.plain_type(node);
        self.leave();
        id
    }

    fn plain_type(&mut self, node: Node<'t>) -> TypeId {
        let ty = match node.kind() {
            "predefined_type" => Type::Keyword(self.name(node)),
            "this_type" | "this" => Type::Keyword(Name::const_new("this")),
            "existential_type" => Type::Keyword(Name::const_new("any")),
            "type_predicate" => match (tree::field(node, "name"), tree::field(node, "type")) {
                (Some(param), Some(ty)) => Type::Predicate {
                    param: self.name(param),
                    ty: self.ty(ty),
                },
                _ => Type::Keyword(Name::const_new("boolean")),
            },
            "asserts" => Type::Keyword(Name::const_new("void")),
            "literal_type" => self.literal_type(node),
            "type_identifier" | "identifier" | "nested_type_identifier" | "nested_identifier" => {
                self.type_ref(node, ThinVec::new())
            }
            "generic_type" => {
                let args = self.type_args_of(node);
                match tree::field(node, "name") {
                    Some(name) => self.type_ref(name, args),
                    None => Type::Unknown,
                }
            }
            "object_type" | "interface_body" => self.object_type(node),
            "union_type" => Type::Union(self.operands(node, "union_type")),
            "intersection_type" => Type::Intersection(self.operands(node, "intersection_type")),
            "array_type" => match tree::first_named(node) {
                Some(element) => Type::Array(self.ty(element)),
                None => Type::Unknown,
            },
            // These add nothing that facts keep.
            "readonly_type" | "parenthesized_type" | "optional_type" | "rest_type"
            | "flow_maybe_type" => {
                return match tree::first_named(node) {
                    Some(inner) => self.ty(inner),
                    None => self.add_type(Type::Unknown),
                };
            }
            "required_parameter" | "optional_parameter" => {
                return match tree::field(node, "type").and_then(|ty| self.annotation(ty)) {
                    Some(ty) => ty,
                    None => self.add_type(Type::Unknown),
                };
            }
            "tuple_type" => Type::Tuple(
                tree::named(node)
                    .into_iter()
                    .map(|ty| self.ty(ty))
                    .collect(),
            ),
            "function_type" | "constructor_type" => return self.function_type(node),
            "type_query" => Type::TypeOf(self.type_query_expr(node)),
            "index_type_query" => match tree::first_named(node) {
                Some(inner) => Type::KeyOf(self.ty(inner)),
                None => Type::Unknown,
            },
            "lookup_type" => match tree::named(node)[..] {
                [object, index] => Type::Indexed {
                    object: self.ty(object),
                    index: self.ty(index),
                },
                _ => Type::Unknown,
            },
            "conditional_type" => self.conditional_type(node),
            "template_literal_type" => {
                for part in tree::named(node) {
                    if part.kind() == "template_type"
                        && let Some(inner) = tree::first_named(part)
                    {
                        self.ty(inner);
                    }
                }
                Type::Template
            }
            "infer_type" => match tree::first_named(node) {
                Some(name) => {
                    let name = self.name(name);
                    self.inferred.push(name.clone());
                    Type::Ref {
                        path: thin_vec![name],
                        target: TypeTarget::Param,
                        args: ThinVec::new(),
                    }
                }
                None => Type::Unknown,
            },
            "call_expression" | "member_expression" => self.import_type(node),
            _ => Type::Unknown,
        };
        self.add_type(ty)
    }

    fn literal_type(&mut self, node: Node<'t>) -> Type {
        let Some(inner) = tree::first_named(node) else {
            return Type::Unknown;
        };
        Type::Literal(match inner.kind() {
            "string" => Literal::String(literal::string(self.slice(inner))),
            "true" | "false" => Literal::Bool(inner.kind() == "true"),
            "null" => Literal::Null,
            "undefined" => Literal::Undefined,
            // Also `-1`.
            _ => Literal::Number(self.name(inner)),
        })
    }

    /// A named type; what `A.B` hangs on is `A`.
    fn type_ref(&mut self, node: Node<'t>, args: ThinVec<TypeId>) -> Type {
        if let Some(imported) = imported_type(self.slice(node)) {
            return imported;
        }
        let path: ThinVec<_> = self
            .slice(node)
            .split('.')
            .map(|part| Name::new(part.trim()))
            .collect();
        let target = path
            .first()
            .and_then(|first| self.scopes.ty(first))
            .unwrap_or(TypeTarget::Global);
        Type::Ref { path, target, args }
    }

    /// The operands of `A | B | C`, which nests to the left without brackets.
    fn operands(&mut self, node: Node<'t>, kind: &str) -> ThinVec<TypeId> {
        let mut reversed = Vec::new();
        let mut rest = Some(node);
        while let Some(link) = rest.take() {
            for operand in tree::named(link).into_iter().rev() {
                // With a leading `|` the first operand comes alone.
                if operand.kind() == kind {
                    rest = Some(operand);
                } else {
                    reversed.push(operand);
                }
            }
        }
        reversed
            .into_iter()
            .rev()
            .map(|operand| self.ty(operand))
            .collect()
    }

    fn conditional_type(&mut self, node: Node<'t>) -> Type {
        self.scopes.push();
        let tested = self.field_type(node, "left");
        let outer = std::mem::take(&mut self.inferred);
        let pattern = self.field_type(node, "right");
        for name in std::mem::replace(&mut self.inferred, outer) {
            self.scopes.declare_type(&name, TypeTarget::Param);
        }
        let then = self.field_type(node, "consequence");
        self.scopes.pop();
        let otherwise = self.field_type(node, "alternative");
        Type::Conditional {
            tested,
            pattern,
            then,
            otherwise,
        }
    }

    fn field_type(&mut self, node: Node<'t>, field: &str) -> TypeId {
        match tree::field(node, field) {
            Some(ty) => self.ty(ty),
            None => self.add_type(Type::Unknown),
        }
    }

    /// `import('x').A.B`, which the grammar takes for an expression.
    fn import_type(&mut self, node: Node<'t>) -> Type {
        let mut path = Vec::new();
        let mut first = node;
        while first.kind() == "member_expression" {
            let (Some(object), Some(property)) =
                (tree::field(first, "object"), tree::property(first))
            else {
                return Type::Unknown;
            };
            path.push(self.name(property));
            first = object;
        }
        path.reverse();
        let args = self.type_args_of(first);
        let is_import =
            tree::field(first, "function").is_some_and(|function| function.kind() == "import");
        let Some(arguments) = tree::field(first, "arguments").filter(|_| is_import) else {
            return Type::Unknown;
        };
        let items = self.arguments(arguments, None);
        match items.first() {
            Some(Item::Value(specifier)) => match self.facts.expr(*specifier) {
                Expr::Literal(Literal::String(specifier)) => Type::Import {
                    specifier: specifier.clone(),
                    path: path.into(),
                    args,
                },
                _ => Type::Unknown,
            },
            _ => Type::Unknown,
        }
    }

    /// A function type, or a signature without a body.
    pub(super) fn function_type(&mut self, node: Node<'t>) -> TypeId {
        self.scopes.push();
        let type_params = tree::field(node, "type_parameters")
            .map_or_else(ThinVec::new, |params| self.type_params(params));
        let mut params = ThinVec::new();
        for param in tree::field(node, "parameters").map_or_else(Vec::new, tree::named) {
            let pattern = tree::field(param, "pattern").or_else(|| tree::field(param, "name"));
            let name = match pattern {
                Some(pattern) if pattern.kind() == "this" => continue,
                Some(pattern) if pattern.kind() == "identifier" => self.name(pattern),
                Some(pattern) if pattern.kind() == "rest_pattern" => {
                    tree::first_named(pattern).map_or_else(Name::default, |name| self.name(name))
                }
                // A pattern has no name.
                _ => Name::default(),
            };
            let ty = tree::field(param, "type").and_then(|ty| self.annotation(ty));
            params.push((name, ty));
        }
        let result = match (tree::field(node, "return_type"), tree::field(node, "type")) {
            (Some(result), _) | (None, Some(result)) => Some(self.result_type(result)),
            (None, None) => None,
        };
        self.scopes.pop();
        self.add_type(Type::Function {
            type_params,
            params,
            result,
        })
    }

    /// A result, with its colon or without.
    fn result_type(&mut self, node: Node<'t>) -> TypeId {
        if node.kind().ends_with("_annotation")
            && let Some(ty) = self.annotation(node)
        {
            return ty;
        }
        self.ty(node)
    }

    fn object_type(&mut self, node: Node<'t>) -> Type {
        let mapped = tree::named(node)
            .into_iter()
            .filter(|child| child.kind() == "index_signature")
            .find_map(|signature| {
                Some((
                    signature,
                    tree::child_of_kind(signature, "mapped_type_clause")?,
                ))
            });
        match mapped {
            Some((signature, clause)) => self.mapped_type(signature, clause),
            None => Type::Object(self.type_members(node)),
        }
    }

    fn mapped_type(&mut self, signature: Node<'t>, clause: Node<'t>) -> Type {
        self.scopes.push();
        let keys = self.field_type(clause, "type");
        let param = tree::field(clause, "name").map_or_else(Name::default, |name| self.name(name));
        self.scopes.declare_type(&param, TypeTarget::Param);
        let alias = tree::field(clause, "alias").map(|alias| self.ty(alias));
        let value = tree::field(signature, "type").and_then(|ty| self.annotation(ty));
        self.scopes.pop();
        Type::Mapped {
            param,
            keys,
            alias,
            value,
        }
    }

    /// The members of an interface or object type.
    pub(super) fn type_members(&mut self, body: Node<'t>) -> ThinVec<TypeMember> {
        let mut members = ThinVec::new();
        for child in tree::named(body) {
            let (name, key) = match tree::field(child, "name") {
                Some(name) if child.kind() != "index_signature" => match self.key(name) {
                    Key::Name(name) => (Some(name), None),
                    Key::Computed(key) => (None, Some(key)),
                },
                _ => (None, None),
            };
            let ty = match child.kind() {
                "property_signature" | "index_signature" => {
                    tree::field(child, "type").and_then(|ty| self.annotation(ty))
                }
                "method_signature" if tree::has_token(child, "get") => {
                    tree::field(child, "return_type").and_then(|ty| self.annotation(ty))
                }
                "method_signature" if tree::has_token(child, "set") => continue,
                "method_signature" | "call_signature" | "construct_signature" => {
                    Some(self.function_type(child))
                }
                _ => continue,
            };
            members.push(TypeMember {
                name,
                key,
                ty,
                optional: tree::has_token(child, "?"),
                span: tree::span(child),
            });
        }
        members
    }
}

/// `import('x').A.B`, where the parser has seen one name in the place of it (`mend`).
fn imported_type(written: &str) -> Option<Type> {
    let (specifier, path) = written.strip_prefix("import(")?.split_once(')')?;
    let specifier = specifier.trim().trim_matches(['\'', '"']);
    let path = path.split('.').filter(|part| !part.is_empty());
    Some(Type::Import {
        specifier: Name::new(specifier),
        path: path.map(Name::new).collect(),
        args: ThinVec::new(),
    })
}
