//! Which types the parameters of a call stand for, and which keys a type of keys allows.
//!
//! In: signatures, and the types that are given. Out: what each parameter stands for; whether a type is
//! one of another; the names that a type of keys lists. It leaves alone what any of these types says (`unfold`), and how a
//! parameter is found in one (`unify`).

use super::inferred::array_items;
use super::shapes::{MAX_DEPTH, OwnParam, Shape, Shapes, Signature, TypeUse, What, lookup};
use super::subject::ValueType;
use crate::facts::{Expr, Item, Literal, Name, Type, TypeDeclKind, TypeTarget};

/// Types nested deeper than this are not compared.
pub(super) const MAX_COMPARED: usize = 5;
/// Of a type with more fields than this, the first are compared.
pub(super) const MAX_FIELDS: usize = 60;

impl Shapes<'_> {
    /// What a call gives, with its type arguments and the types of its arguments.
    pub(super) fn call_result(
        &self,
        signature: &Signature,
        explicit: &[TypeUse],
        args: &[Option<TypeUse>],
    ) -> Option<TypeUse> {
        let result = signature.result.as_ref()?;
        let env = self.instance(signature, explicit, args, None);
        Some(TypeUse {
            env: result.env.with(env),
            ..result.clone()
        })
    }

    /// What the type parameters of a function stand for in one call, the place of which may want something of the result.
    pub(super) fn instance(
        &self,
        signature: &Signature,
        explicit: &[TypeUse],
        args: &[Option<TypeUse>],
        wanted: Option<&TypeUse>,
    ) -> Vec<(Name, TypeUse)> {
        if signature.type_params.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        if explicit.is_empty() {
            for (param, arg) in signature.params.iter().zip(args) {
                if let (Some(param), Some(arg)) = (param, arg) {
                    found.extend(self.unify(param, arg));
                }
            }
            if let (Some(result), Some(wanted)) = (&signature.result, wanted) {
                found.extend(self.unify(result, wanted));
            }
        }
        let mut env = Vec::new();
        for (index, param) in signature.type_params.iter().enumerate() {
            let inferred = || {
                let mut of_name = found.iter().filter(|(known, _)| *known == param.name);
                self.as_constrained(param, of_name.next()?.1.clone())
            };
            let given = explicit.get(index).cloned().or_else(inferred);
            let fallback = || param.default.clone().or_else(|| param.constraint.clone());
            let stands_for = given.or_else(fallback);
            env.extend(stands_for.map(|ty| (param.name.clone(), ty)));
        }
        env
    }

    /// What a parameter stands for that an argument is given for: one that is any text by its constraint keeps which text it
    /// is, and is nothing else.
    fn as_constrained(&self, param: &OwnParam, given: TypeUse) -> Option<TypeUse> {
        let is_text = param.constraint.as_ref().is_some_and(|constraint| {
            matches!(self.solid(constraint), Shape::Scalar(ValueType::String))
        });
        if !is_text {
            return Some(given);
        }
        if let What::Of(expr) = given.what
            && let Expr::Literal(Literal::String(word)) = self.program.facts(given.file).expr(expr)
        {
            return Some(TypeUse::known(given.file, Shape::Word(word.clone())));
        }
        let is_other = matches!(
            self.solid(&given),
            Shape::List(_)
                | Shape::Tuple(_)
                | Shape::Fields { .. }
                | Shape::Scalar(ValueType::Number | ValueType::Boolean)
        );
        (!is_other).then_some(given)
    }

    /// Whether a type is one of another, if that can be told.
    pub(super) fn is_assignable(
        &self,
        given: &TypeUse,
        pattern: &TypeUse,
        depth: usize,
    ) -> Option<bool> {
        if depth > MAX_COMPARED {
            return None;
        }
        match (self.solid(given), self.solid(pattern)) {
            (Shape::Unknown, _) | (_, Shape::Unknown) => None,
            (Shape::Word(given), Shape::Word(pattern)) => Some(given == pattern),
            // Which word it is, is not known.
            (Shape::Scalar(ValueType::Choice), Shape::Word(_) | Shape::Scalar(_))
            | (Shape::Word(_) | Shape::Scalar(_), Shape::Scalar(ValueType::Choice))
            | (Shape::Scalar(ValueType::String), Shape::Word(_)) => None,
            (Shape::Union(parts), _) => {
                let mut all = parts
                    .iter()
                    .map(|part| self.is_assignable(part, pattern, depth + 1));
                all.try_fold(true, |all, part| Some(all && part?))
            }
            (_, Shape::Union(parts)) => {
                let each: Vec<Option<bool>> = parts
                    .iter()
                    .map(|part| self.is_assignable(given, part, depth + 1))
                    .collect();
                if each.contains(&Some(true)) {
                    Some(true)
                } else {
                    each.iter().all(|it| *it == Some(false)).then_some(false)
                }
            }
            (
                Shape::Fields {
                    fields, open, decl, ..
                },
                Shape::Fields {
                    fields: wanted,
                    decl: wanted_decl,
                    ..
                },
            ) => {
                if decl.is_some() && decl == wanted_decl && given.env.is_empty() {
                    return Some(true);
                }
                let mut sure = true;
                for field in wanted.iter().take(MAX_FIELDS) {
                    let Some(own) = fields.iter().find(|own| own.name == field.name) else {
                        return if open { None } else { Some(false) };
                    };
                    if let (Some(own), Some(ty)) = (&own.ty, &field.ty) {
                        match self.is_assignable(own, ty, depth + 1) {
                            Some(true) => {}
                            Some(false) => return Some(false),
                            None => sure = false,
                        }
                    }
                }
                (sure || !wanted.is_empty()).then_some(true)
            }
            (Shape::Class(file, class, _), Shape::Class(other, base, _)) => {
                Some((file, class) == (other, base))
            }
            (Shape::Class(..), Shape::Fields { fields, .. }) => {
                let all = fields
                    .iter()
                    .all(|field| self.field(given, &field.name).is_some());
                Some(all)
            }
            (Shape::Function(_), Shape::Function(_)) | (Shape::List(_), Shape::List(_)) => {
                Some(true)
            }
            (given, pattern) => {
                let kind = |shape: &Shape| match shape {
                    Shape::Scalar(kind) => Some(1 + *kind as usize),
                    Shape::Word(_) => Some(1 + ValueType::String as usize),
                    Shape::Fields { .. } | Shape::Class(..) => Some(100),
                    Shape::List(_) | Shape::Tuple(_) => Some(101),
                    Shape::Function(_) => Some(102),
                    _ => None,
                };
                match (kind(&given)?, kind(&pattern)?) {
                    (given, pattern) if given == pattern => {
                        (!matches!(pattern, 100..)).then_some(true)
                    }
                    _ => Some(false),
                }
            }
        }
    }

    /// The strings that a type of keys allows.
    pub(super) fn keys(&self, ty: &TypeUse, depth: usize) -> Option<Vec<Name>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let facts = self.program.facts(ty.file);
        let written = match &ty.what {
            What::Written(written) => *written,
            What::Known(shape) => return self.keys_of_shape(shape, depth),
            What::Of(expr) => {
                return match facts.expr(*expr) {
                    Expr::Literal(Literal::String(text)) => Some(vec![text.clone()]),
                    // The words that a function says it gives.
                    Expr::Call {
                        callee,
                        args,
                        type_args,
                    } => {
                        let given = self.call_type(ty, *callee, args, type_args)?;
                        self.keys(&given, depth + 1)
                    }
                    _ => None,
                };
            }
        };
        match facts.ty(written) {
            Type::Literal(Literal::String(text)) => Some(vec![text.clone()]),
            Type::Union(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.keys(&ty.at(*part), depth + 1)?);
                }
                Some(all)
            }
            Type::KeyOf(inner) => match self.solid(&ty.at(*inner)) {
                Shape::Fields { fields, .. } => {
                    Some(fields.into_iter().map(|field| field.name).collect())
                }
                Shape::Class(file, class, _) => Some(
                    self.class_fields(file, class, 0)
                        .into_iter()
                        .map(|field| field.name)
                        .collect(),
                ),
                _ => None,
            },
            // `(typeof KEYS)[number]`, `(typeof IDS)[keyof typeof IDS]`
            Type::Indexed { object, index } => match facts.ty(*object) {
                Type::TypeOf(listed) => self.listed(ty, *listed).or_else(|| {
                    let names = self.keys(&ty.at(*index), depth + 1)?;
                    self.values_of(ty.file, *listed, &names)
                }),
                _ => None,
            },
            Type::Keyword(word) if word == "never" => Some(Vec::new()),
            Type::Intersection(parts) => parts
                .iter()
                .find_map(|part| self.keys(&ty.at(*part), depth + 1)),
            Type::Ref { path, target, args } => {
                let arg = |at: usize| self.keys(&ty.at(*args.get(at)?), depth + 1);
                match target {
                    TypeTarget::Param => self.keys(&lookup(ty, path.first()?)?, depth + 1),
                    TypeTarget::Decl(decl) => self.keys_named(ty.file, *decl, path, depth),
                    TypeTarget::Binding(binding) => {
                        let (file, decl) = self.type_decl_of(ty.file, *binding)?;
                        self.keys_named(file, decl, path, depth)
                    }
                    TypeTarget::Global => match path.first()?.as_str() {
                        "Exclude" => {
                            let gone = arg(1).unwrap_or_default();
                            Some(
                                arg(0)?
                                    .into_iter()
                                    .filter(|key| !gone.contains(key))
                                    .collect(),
                            )
                        }
                        "Extract" => match arg(1) {
                            Some(kept) => Some(
                                arg(0)?
                                    .into_iter()
                                    .filter(|key| kept.contains(key))
                                    .collect(),
                            ),
                            None => arg(0),
                        },
                        _ => None,
                    },
                    TypeTarget::Class(_) => None,
                }
            }
            _ => None,
        }
    }

    fn keys_of_shape(&self, shape: &Shape, depth: usize) -> Option<Vec<Name>> {
        match shape {
            Shape::Word(word) => Some(vec![word.clone()]),
            Shape::Union(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.keys(part, depth + 1)?);
                }
                Some(all)
            }
            _ => None,
        }
    }

    /// The keys of a declaration, or of the member of an enumeration that a path of names leads to.
    fn keys_named(
        &self,
        file: crate::source::FileId,
        decl: crate::facts::TypeDeclId,
        path: &[Name],
        depth: usize,
    ) -> Option<Vec<Name>> {
        match path {
            [_, member] => Some(vec![self.enum_value(file, decl, member)?]),
            [_] => self.keys_of_decl(file, decl, depth),
            _ => None,
        }
    }

    fn keys_of_decl(
        &self,
        file: crate::source::FileId,
        decl: crate::facts::TypeDeclId,
        depth: usize,
    ) -> Option<Vec<Name>> {
        let facts = self.program.facts(file);
        match &facts.type_decl(decl).kind {
            TypeDeclKind::Alias(inner) => self.keys(&TypeUse::new(file, *inner), depth + 1),
            TypeDeclKind::Enum(members) => members
                .iter()
                .map(|(name, _)| self.enum_value(file, decl, name))
                .collect(),
            _ => None,
        }
    }

    /// The texts of a constant list.
    fn listed(&self, ty: &TypeUse, list: crate::facts::ExprId) -> Option<Vec<Name>> {
        let (file, items) = array_items(self, ty.file, list)?;
        let facts = self.program.facts(file);
        items
            .iter()
            .map(|item| match item {
                Item::Value(value) => match facts.expr(*value) {
                    Expr::Literal(Literal::String(text)) => Some(text.clone()),
                    _ => None,
                },
                _ => None,
            })
            .collect()
    }
}
