//! What a type expression says once its aliases are followed.
//!
//! In: a [`TypeUse`]. Out: its [`Shape`]; types without type arguments are read once. It leaves alone what a name in it
//! refers to (`declared`) and the language's own generic types (`builtins`).

use super::shapes::{MAX_DEPTH, Shape, Shapes, TypeField, TypeUse, literal_key, lookup};
use super::subject::ValueType;
use crate::facts::{Imported, Literal, Name, Type, TypeDeclKind, TypeId, TypeMember, TypeTarget};

impl Shapes<'_> {
    /// The shape of a type.
    pub(super) fn unfold(&self, ty: &TypeUse, depth: usize) -> Shape {
        let key = ty.env.is_empty().then_some((ty.file, ty.ty));
        if let Some(found) = key.and_then(|key| self.known.borrow().get(&key).cloned()) {
            return found;
        }
        if depth > MAX_DEPTH || self.nesting.get() > 2 * MAX_DEPTH {
            return Shape::Unknown;
        }
        self.nesting.set(self.nesting.get() + 1);
        let shape = self.unfold_new(ty, depth);
        self.nesting.set(self.nesting.get() - 1);
        if let Some(key) = key
            && self.nesting.get() == 0
        {
            self.known.borrow_mut().insert(key, shape.clone());
        }
        shape
    }

    fn unfold_new(&self, ty: &TypeUse, depth: usize) -> Shape {
        let facts = self.program.facts(ty.file);
        match facts.ty(ty.ty) {
            Type::Keyword(word) => match word.as_str() {
                "string" => Shape::Scalar(ValueType::String),
                "number" | "bigint" => Shape::Scalar(ValueType::Number),
                "boolean" => Shape::Scalar(ValueType::Boolean),
                _ => Shape::Unknown,
            },
            Type::Literal(Literal::Bool(_)) => Shape::Scalar(ValueType::Boolean),
            Type::Literal(_) => Shape::Scalar(ValueType::Choice),
            Type::Template => Shape::Scalar(ValueType::String),
            Type::Object(members) => self.members(ty, None, members),
            Type::Array(element) => Shape::List(Some(ty.at(*element))),
            Type::Tuple(parts) => Shape::Tuple(parts.iter().map(|part| ty.at(*part)).collect()),
            Type::Function { result, .. } => Shape::Function(result.map(|result| ty.at(result))),
            Type::Union(parts) => self.union(parts.iter().map(|part| ty.at(*part)), depth),
            Type::Conditional { then, otherwise } => {
                self.union([ty.at(*then), ty.at(*otherwise)].into_iter(), depth)
            }
            Type::Intersection(parts) => {
                self.intersection(parts.iter().map(|part| ty.at(*part)), depth)
            }
            Type::TypeOf(expr) => Shape::ValueOf(ty.file, *expr),
            Type::KeyOf(_) => Shape::Scalar(ValueType::Choice),
            Type::Indexed { object, index } => {
                let object = ty.at(*object);
                match literal_key(facts.ty(*index)) {
                    Some(key) => self
                        .field(&object, &key)
                        .and_then(|field| field.ty)
                        .map_or(Shape::Unknown, |ty| self.unfold(&ty, depth + 1)),
                    None => self
                        .element(&object)
                        .map_or(Shape::Unknown, |ty| self.unfold(&ty, depth + 1)),
                }
            }
            Type::Mapped { keys, value } => self.mapped(ty, *keys, *value, depth),
            Type::Ref { path, target, args } => self.reference(ty, path, *target, args, depth),
            Type::Import {
                specifier,
                path,
                args,
            } => {
                let Some(first) = path.first() else {
                    return Shape::Unknown;
                };
                let env = args.iter().map(|arg| ty.at(*arg)).collect::<Vec<_>>();
                match self
                    .program
                    .import(ty.file, specifier, &Imported::Named(first.clone()))
                {
                    Some(definition) => self.defined(definition, &path[1..], &env, depth),
                    None => Shape::Unknown,
                }
            }
            Type::Unknown => Shape::Unknown,
        }
    }

    fn members(&self, ty: &TypeUse, name: Option<Name>, members: &[TypeMember]) -> Shape {
        let fields = members
            .iter()
            .filter_map(|member| {
                Some(TypeField {
                    name: member.name.clone()?,
                    ty: member.ty.map(|field| ty.at(field)),
                    owner: name.clone(),
                })
            })
            .collect();
        Shape::Fields {
            name,
            fields,
            open: members.iter().any(|member| member.name.is_none()),
            decl: None,
        }
    }

    fn union(&self, parts: impl Iterator<Item = TypeUse>, depth: usize) -> Shape {
        let kept: Vec<TypeUse> = parts.filter(|part| !self.is_nullish(part)).collect();
        match kept.as_slice() {
            [] => Shape::Unknown,
            [one] => self.unfold(one, depth + 1),
            many => {
                let all_choices = many.iter().all(|part| {
                    matches!(
                        self.unfold(part, depth + 1),
                        Shape::Scalar(ValueType::Choice | ValueType::Boolean)
                    )
                });
                if all_choices {
                    Shape::Scalar(ValueType::Choice)
                } else {
                    Shape::Union(kept)
                }
            }
        }
    }

    fn is_nullish(&self, ty: &TypeUse) -> bool {
        match self.program.facts(ty.file).ty(ty.ty) {
            Type::Keyword(word) => matches!(word.as_str(), "null" | "undefined" | "void" | "never"),
            Type::Literal(literal) => matches!(literal, Literal::Null | Literal::Undefined),
            _ => false,
        }
    }

    fn intersection(&self, parts: impl Iterator<Item = TypeUse>, depth: usize) -> Shape {
        let mut all: Vec<TypeField> = Vec::new();
        let mut open_any = false;
        let mut last = Shape::Unknown;
        let mut count = 0;
        for part in parts {
            match self.unfold(&part, depth + 1) {
                Shape::Fields { fields, open, .. } => {
                    count += 1;
                    open_any |= open;
                    for field in fields {
                        if !all.iter().any(|known| known.name == field.name) {
                            all.push(field);
                        }
                    }
                }
                // `string & { __brand: 'id' }` is a string with a mark that no run has.
                Shape::Scalar(kind) => return Shape::Scalar(kind),
                Shape::Unknown => open_any = true,
                other => last = other,
            }
        }
        if count > 0 {
            Shape::Fields {
                name: None,
                fields: all,
                open: open_any,
                decl: None,
            }
        } else {
            last
        }
    }

    fn mapped(&self, ty: &TypeUse, keys: TypeId, value: Option<TypeId>, depth: usize) -> Shape {
        let names = self.keys(&ty.at(keys), depth + 1);
        match names {
            Some(names) => Shape::Fields {
                name: None,
                fields: names
                    .into_iter()
                    .map(|name| TypeField {
                        name,
                        ty: value.map(|value| ty.at(value)),
                        owner: None,
                    })
                    .collect(),
                open: false,
                decl: None,
            },
            None => Shape::Unknown,
        }
    }

    /// The strings that a type of keys allows.
    pub(super) fn keys(&self, ty: &TypeUse, depth: usize) -> Option<Vec<Name>> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.program.facts(ty.file).ty(ty.ty) {
            Type::Literal(Literal::String(text)) => Some(vec![text.clone()]),
            Type::Union(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.keys(&ty.at(*part), depth + 1)?);
                }
                Some(all)
            }
            Type::KeyOf(inner) => match self.unfold(&ty.at(*inner), depth + 1) {
                Shape::Fields { fields, .. } => {
                    Some(fields.into_iter().map(|field| field.name).collect())
                }
                _ => None,
            },
            Type::Ref { path, target, .. } => {
                let target = match target {
                    TypeTarget::Param => lookup(ty, path.first()?)?,
                    TypeTarget::Decl(decl) => {
                        match &self.program.facts(ty.file).type_decl(*decl).kind {
                            TypeDeclKind::Alias(inner) => ty.at(*inner),
                            _ => return None,
                        }
                    }
                    TypeTarget::Binding(binding) => {
                        let (file, decl) = self.imported_decl(ty.file, *binding)?;
                        match &self.program.facts(file).type_decl(decl).kind {
                            TypeDeclKind::Alias(inner) => TypeUse::new(file, *inner),
                            _ => return None,
                        }
                    }
                    _ => return None,
                };
                self.keys(&target, depth + 1)
            }
            _ => None,
        }
    }
}
