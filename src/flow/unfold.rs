//! What a type expression says once its aliases are followed.
//!
//! In: a [`TypeUse`]. Out: its [`Shape`]; each type is read once, whoever asks for it. It leaves alone what a name in it
//! refers to (`declared`), types made key by key (`mapped`), the language's own generic types (`builtins`), the types of expressions (`inferred`), and which
//! type a parameter stands for (`generic`).

use std::rc::Rc;

use super::bounds::Bound;
use super::constant_keys::ConstantKey;
use super::shapes::{
    MAX_DEPTH, OwnParam, Shape, Shapes, Signature, TypeField, TypeUse, What, asked, lookup,
};
use super::subject::ValueType;
use super::value::Spot;
use crate::facts::{Expr, Imported, Literal, Name, Type, TypeId, TypeMember, TypeParam};
use crate::source::{FileId, Span};

/// One question unfolds no more types than this.
const MAX_STEPS: u32 = 4_000;
/// More fields than this are not looked up by one type.
const MAX_KEYS: usize = 200;

impl Shapes<'_> {
    /// Remembers that a type was too much; one of a package is not the tree's.
    pub(super) fn hit(&self, ty: &TypeUse) {
        let span = match ty.what {
            What::Of(expr) => self.program.facts(ty.file).span(expr),
            // Where a type expression stands is not kept.
            What::Written(_) | What::Known(_) => Span::default(),
        };
        if self.program.is_in_tree(ty.file) {
            let spot = Spot {
                file: ty.file,
                span,
            };
            self.bounds.hit(Bound::Type, spot);
        }
    }

    /// The shape of a type.
    pub(super) fn unfold(&self, ty: &TypeUse, depth: usize) -> Shape {
        if let What::Known(shape) = &ty.what {
            return (**shape).clone();
        }
        let key = asked(ty);
        if let Some(found) = key.and_then(|key| self.known.borrow().get(&key).cloned()) {
            return found;
        }
        if self.nesting.get() == 0 {
            self.steps.set(0);
        }
        self.steps.set(self.steps.get() + 1);
        let is_busy = key.is_some_and(|key| !self.busy.borrow_mut().insert(key));
        if is_busy
            || depth > MAX_DEPTH
            || self.nesting.get() > 2 * MAX_DEPTH
            || self.steps.get() > MAX_STEPS
        {
            self.cut.set(self.cut.get() + 1);
            if self.steps.get() > MAX_STEPS {
                self.hit(ty);
            }
            if let Some(key) = key.filter(|_| !is_busy) {
                self.busy.borrow_mut().remove(&key);
            }
            return Shape::Unknown;
        }
        let cut = self.cut.get();
        self.nesting.set(self.nesting.get() + 1);
        let shape = match ty.what {
            What::Written(written) => self.written(ty, written, depth),
            What::Of(expr) => self.of_expr(ty, expr, depth),
            What::Known(_) => Shape::Unknown,
        };
        self.nesting.set(self.nesting.get() - 1);
        if let Some(key) = key {
            self.busy.borrow_mut().remove(&key);
            if self.nesting.get() == 0 || self.cut.get() == cut {
                self.known.borrow_mut().insert(key, shape.clone());
            }
        }
        shape
    }

    fn written(&self, ty: &TypeUse, written: TypeId, depth: usize) -> Shape {
        let facts = self.program.facts(ty.file);
        match facts.ty(written) {
            Type::Keyword(word) => match word.as_str() {
                "string" => Shape::Scalar(ValueType::String),
                "number" | "bigint" => Shape::Scalar(ValueType::Number),
                "boolean" => Shape::Scalar(ValueType::Boolean),
                _ => Shape::Unknown,
            },
            Type::Literal(Literal::Bool(_)) | Type::Predicate { .. } => {
                Shape::Scalar(ValueType::Boolean)
            }
            Type::Literal(Literal::String(word)) => Shape::Word(word.clone()),
            Type::Literal(_) => Shape::Scalar(ValueType::Choice),
            Type::Template => Shape::Scalar(ValueType::String),
            Type::Object(members) => self.members(ty, None, members),
            Type::Array(element) => Shape::List(Some(ty.at(*element))),
            Type::Tuple(parts) => Shape::Tuple(parts.iter().map(|part| ty.at(*part)).collect()),
            Type::Function {
                type_params,
                params,
                result,
            } => Shape::Function(Rc::new(Signature {
                type_params: own_params(ty.file, type_params),
                params: params
                    .iter()
                    .map(|(_, param)| param.map(|param| ty.at(param)))
                    .collect(),
                result: result.map(|result| ty.at(result)),
            })),
            Type::Union(parts) => self.union(parts.iter().map(|part| ty.at(*part)), depth),
            Type::Conditional {
                tested,
                pattern,
                then,
                otherwise,
            } => self.conditional(ty, [*tested, *pattern, *then, *otherwise], depth),
            Type::Intersection(parts) => {
                self.intersection(parts.iter().map(|part| ty.at(*part)), depth)
            }
            Type::TypeOf(expr) => match facts.expr(*expr) {
                // `typeof fetch`: whatever it is, it does what that does.
                Expr::Global(name) if self.library.is_sent_by(name) => {
                    Shape::Sender(None, name.clone())
                }
                _ => Shape::ValueOf(ty.file, *expr),
            },
            Type::KeyOf(_) => Shape::Scalar(ValueType::Choice),
            Type::Indexed { object, index } => {
                let object = ty.at(*object);
                if let Type::Literal(Literal::Number(at)) = facts.ty(*index)
                    && let Shape::Tuple(parts) = self.solid(&object)
                {
                    let part = at.parse::<usize>().ok().and_then(|at| parts.get(at));
                    return part.map_or(Shape::Unknown, |part| self.unfold(part, depth + 1));
                }
                match self.keys(&ty.at(*index), depth + 1).as_deref() {
                    Some([key]) => self
                        .field(&object, key)
                        .and_then(|field| field.ty)
                        .map_or(Shape::Unknown, |ty| self.unfold(&ty, depth + 1)),
                    Some(keys @ [_, ..]) => {
                        if keys.len() > MAX_KEYS {
                            self.hit(ty);
                        }
                        let fields = keys.iter().take(MAX_KEYS);
                        let types: Option<Vec<TypeUse>> = fields
                            .map(|key| self.field(&object, key).and_then(|field| field.ty))
                            .collect();
                        types.map_or(Shape::Unknown, |types| self.union(types.into_iter(), depth))
                    }
                    _ if self.keys(ty, depth + 1).is_some() => Shape::Scalar(ValueType::Choice),
                    _ => self
                        .element(&object)
                        .map_or(Shape::Unknown, |ty| self.unfold(&ty, depth + 1)),
                }
            }
            Type::Mapped {
                param,
                keys,
                alias,
                value,
            } => self.mapped(ty, param, (*keys, *alias), *value, depth),
            Type::Ref { path, target, args } => self.reference(ty, path, *target, args, depth),
            Type::Import {
                specifier,
                path,
                args,
            } => {
                let Some(first) = path.first() else {
                    return Shape::Unknown;
                };
                let args = args.iter().map(|arg| ty.at(*arg)).collect::<Vec<_>>();
                let imported = Imported::Named(first.clone());
                match self.import_type(ty.file, specifier, &imported) {
                    Some(definition) => self.defined(definition, &path[1..], &args, depth),
                    None => Shape::Unknown,
                }
            }
            Type::Unknown => Shape::Unknown,
        }
    }

    fn members(&self, ty: &TypeUse, name: Option<Name>, members: &[TypeMember]) -> Shape {
        let at = |field: TypeId| ty.at(field);
        let (fields, open) = self.fields_of(ty.file, members, name.as_ref(), &at);
        Shape::Fields {
            name,
            fields: fields.into(),
            open,
            decl: None,
        }
    }

    /// The fields that members of a type are, and whether it allows others.
    pub(super) fn fields_of(
        &self,
        file: FileId,
        members: &[TypeMember],
        owner: Option<&Name>,
        at: &dyn Fn(TypeId) -> TypeUse,
    ) -> (Vec<TypeField>, bool) {
        let mut open = false;
        let mut fields = Vec::with_capacity(members.len());
        for member in members {
            match self.key_of_member(file, member) {
                ConstantKey::Named(name) => fields.push(TypeField {
                    name,
                    ty: member.ty.map(at),
                    owner: owner.cloned(),
                    optional: member.optional,
                }),
                ConstantKey::Symbol => {}
                ConstantKey::Unknown => open = true,
            }
        }
        (fields, open)
    }

    /// What a type is where one of its parameters stands for each of several types in turn.
    pub(super) fn for_each(
        &self,
        ty: &TypeUse,
        param: &Name,
        parts: Vec<TypeUse>,
        depth: usize,
    ) -> Shape {
        let each = parts.into_iter().map(|part| TypeUse {
            env: ty.env.with([(param.clone(), part)]),
            ..ty.clone()
        });
        self.union(each, depth)
    }

    pub(super) fn union(&self, parts: impl Iterator<Item = TypeUse>, depth: usize) -> Shape {
        let kept: Vec<TypeUse> = parts.filter(|part| !self.is_nullish(part)).collect();
        match kept.as_slice() {
            [] => Shape::Unknown,
            [one] => self.unfold(one, depth + 1),
            many => {
                let all_choices = many.iter().all(|part| {
                    matches!(
                        self.unfold(part, depth + 1),
                        Shape::Scalar(ValueType::Choice | ValueType::Boolean) | Shape::Word(_)
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
        let facts = self.program.facts(ty.file);
        let written = match ty.what {
            What::Written(written) => written,
            What::Of(expr) => {
                return matches!(
                    facts.expr(expr),
                    Expr::Literal(Literal::Null | Literal::Undefined)
                );
            }
            What::Known(_) => return false,
        };
        match facts.ty(written) {
            Type::Keyword(word) => matches!(word.as_str(), "null" | "undefined" | "void" | "never"),
            Type::Literal(literal) => matches!(literal, Literal::Null | Literal::Undefined),
            _ => false,
        }
    }

    fn conditional(&self, ty: &TypeUse, parts: [TypeId; 4], depth: usize) -> Shape {
        let [tested, pattern, then, otherwise] = parts;
        // A parameter that stands for several types is asked for each.
        if let Type::Ref {
            path,
            target: crate::facts::TypeTarget::Param,
            ..
        } = self.program.facts(ty.file).ty(tested)
            && let Some(name) = path.first()
            && let Some(given) = lookup(ty, name)
        {
            if self.is_open_param(&given) {
                return Shape::Unknown;
            }
            if let Shape::Union(each) = self.unfold(&given, depth + 1) {
                return self.for_each(ty, name, each, depth);
            }
        }
        let (tested, pattern) = (ty.at(tested), ty.at(pattern));
        let found = self.unify(&pattern, &tested);
        let inferred = !found.is_empty();
        let holds = TypeUse {
            env: ty.env.with(found),
            ..ty.at(then)
        };
        match self.is_assignable(&tested, &pattern, 0) {
            Some(false) => self.unfold(&ty.at(otherwise), depth + 1),
            Some(true) => self.unfold(&holds, depth + 1),
            None if inferred => self.unfold(&holds, depth + 1),
            None => self.union([holds, ty.at(otherwise)].into_iter(), depth),
        }
    }
}

impl Shapes<'_> {
    /// Whether a type is a parameter of the function around, which only its callers decide: no condition on it can be met.
    fn is_open_param(&self, ty: &TypeUse) -> bool {
        let What::Written(written) = ty.what else {
            return false;
        };
        match self.program.facts(ty.file).ty(written) {
            Type::Ref {
                path,
                target: crate::facts::TypeTarget::Param,
                ..
            } => path.first().is_some_and(|name| lookup(ty, name).is_none()),
            _ => false,
        }
    }
}

/// The type parameters of a function.
pub(super) fn own_params(file: FileId, params: &[TypeParam]) -> Vec<OwnParam> {
    let params = params.iter().map(|param| OwnParam {
        name: param.name.clone(),
        constraint: param.constraint.map(|ty| TypeUse::new(file, ty)),
        default: param.default.map(|ty| TypeUse::new(file, ty)),
    });
    params.collect()
}
