//! Types that are made of others key by key.
//!
//! In: a mapped type (`{ [K in keyof T]: … }`) or a `Record`. Out: its [`Shape`]: a field for each key, which is known by the
//! type that has the key, whatever becomes of its value. It leaves alone what a type of keys allows (`generic`) and what the
//! fields' own types say (`unfold`).

use super::shapes::{Shape, Shapes, TypeField, TypeUse, What, lookup};
use super::subject::ValueType;
use crate::facts::{FileFacts, Name, Type, TypeId, TypeTarget};

/// A mapped type with more keys than this is not laid out.
const MAX_KEYS: usize = 200;
/// The type that has the keys is not looked for deeper than this in what selects among them.
const MAX_DEPTH: usize = 6;

/// What has the keys of a mapped type.
struct Keyed {
    ty: TypeUse,
    /// The type parameter that stands for it, where all of its keys are taken: then a list stays a list, and of several types
    /// each is mapped.
    param: Option<Name>,
}

impl Shapes<'_> {
    /// `{ [param in keys as alias]: value }`.
    pub(super) fn mapped(
        &self,
        ty: &TypeUse,
        param: &Name,
        (keys, alias): (TypeId, Option<TypeId>),
        value: Option<TypeId>,
        depth: usize,
    ) -> Shape {
        let facts = self.program.facts(ty.file);
        let keyed = self.has_keys(&ty.at(keys), 0).or_else(|| {
            // `{ [K in Keys]: T[K] }`
            let object = indexed_by(facts, value?, param, 0)?;
            Some(Keyed {
                ty: ty.at(object),
                param: None,
            })
        });
        let told = |value: TypeId| {
            indexed_by(facts, value, param, 0).is_some() || !self.is_any_text(&ty.at(value))
        };
        let named = keyed.as_ref().filter(|_| value.is_none_or(told));
        if let Some(whole) = keyed.as_ref()
            && let Some(same) = self.same_kind(ty, param, whole, value, depth)
        {
            return same;
        }
        let Some(names) = self.keys(&ty.at(keys), depth + 1) else {
            return Shape::Unknown;
        };
        if names.len() > MAX_KEYS {
            self.hit(ty);
        }
        let mut fields = Vec::new();
        for name in names.into_iter().take(MAX_KEYS) {
            let key = TypeUse::known(ty.file, Shape::Word(name.clone()));
            let env = ty.env.with([(param.clone(), key)]);
            let at = |it: TypeId| TypeUse::with(ty.file, What::Written(it), env.clone());
            let renamed = match alias.map(|alias| self.keys(&at(alias), depth + 1)) {
                Some(Some(renamed)) => match renamed.into_iter().next() {
                    Some(renamed) => renamed,
                    None => continue,
                },
                // A key that is made of another, or stays what it is.
                Some(None) | None => name.clone(),
            };
            let known = self.field_by_key(named, &name);
            fields.push(TypeField {
                name: renamed,
                ty: value.map(at),
                ..known
            });
        }
        self.laid_out(named, fields)
    }

    /// Whether a type is that of any text: what is said about each field, or a text for people to read, and not what the field
    /// holds.
    fn is_any_text(&self, ty: &TypeUse) -> bool {
        matches!(self.solid(ty), Shape::Scalar(ValueType::String))
    }

    /// Whether a type allows everything, or every text.
    fn may_be_anything(&self, ty: &TypeUse) -> bool {
        matches!(
            self.solid(ty),
            Shape::Unknown | Shape::Scalar(ValueType::String | ValueType::Unknown)
        )
    }

    /// `Record<keys, value>`.
    pub(super) fn keyed(&self, keys: &TypeUse, value: Option<TypeUse>, depth: usize) -> Shape {
        let Some(names) = self.keys(keys, depth + 1) else {
            return match value.is_some_and(|value| self.may_be_anything(&value)) {
                true => of_any_keys(),
                false => Shape::Unknown,
            };
        };
        let is_text = value.as_ref().is_some_and(|ty| self.is_any_text(ty));
        let keyed = self.has_keys(keys, 0).filter(|_| !is_text);
        let fields = names.into_iter().map(|name| TypeField {
            ty: value.clone(),
            ..self.field_by_key(keyed.as_ref(), &name)
        });
        self.laid_out(keyed.as_ref(), fields.collect())
    }

    /// What becomes of the whole of a type parameter that is no object, or one of several.
    fn same_kind(
        &self,
        ty: &TypeUse,
        param: &Name,
        keyed: &Keyed,
        value: Option<TypeId>,
        depth: usize,
    ) -> Option<Shape> {
        let name = keyed.param.as_ref()?;
        match self.solid(&keyed.ty) {
            Shape::Union(parts) => Some(self.for_each(ty, name, parts, depth)),
            Shape::List(_) | Shape::Tuple(_) => {
                let index = TypeUse::known(ty.file, Shape::Scalar(ValueType::Number));
                let env = ty.env.with([(param.clone(), index)]);
                let element = value.map(|it| TypeUse::with(ty.file, What::Written(it), env));
                Some(Shape::List(element))
            }
            same @ (Shape::Scalar(_) | Shape::Word(_)) => Some(same),
            _ => None,
        }
    }

    /// A field as the type says that has its key.
    fn field_by_key(&self, keyed: Option<&Keyed>, name: &Name) -> TypeField {
        let known = keyed.and_then(|keyed| self.field(&keyed.ty, name));
        let (owner, optional) = known.map_or((None, false), |field| (field.owner, field.optional));
        TypeField {
            name: name.clone(),
            ty: None,
            owner,
            optional,
        }
    }

    fn laid_out(&self, keyed: Option<&Keyed>, fields: Vec<TypeField>) -> Shape {
        let name = keyed.and_then(|keyed| match self.solid(&keyed.ty) {
            Shape::Fields { name, .. } => name,
            Shape::Class(file, class, _) => self.program.facts(file).class(class).name.clone(),
            _ => None,
        });
        Shape::Fields {
            name,
            fields: fields.into(),
            open: false,
            decl: None,
        }
    }

    /// The type of which a type of keys is the keys, or some of them.
    fn has_keys(&self, keys: &TypeUse, depth: usize) -> Option<Keyed> {
        let What::Written(written) = keys.what else {
            return None;
        };
        if depth > MAX_DEPTH {
            return None;
        }
        let facts = self.program.facts(keys.file);
        let among = |ty: TypeUse| {
            let found = self.has_keys(&ty, depth + 1)?;
            Some(Keyed {
                param: None,
                ..found
            })
        };
        match facts.ty(written) {
            Type::KeyOf(inner) => {
                let param = match facts.ty(*inner) {
                    Type::Ref {
                        path,
                        target: TypeTarget::Param,
                        ..
                    } => path.first().cloned(),
                    _ => None,
                };
                let ty = keys.at(*inner);
                Some(Keyed { ty, param })
            }
            Type::Intersection(parts) => {
                let mut parts = parts.iter();
                parts.find_map(|part| among(keys.at(*part)))
            }
            Type::Ref { path, target, args } => match target {
                TypeTarget::Param => among(lookup(keys, path.first()?)?),
                // `Exclude<keyof T, 'id'>`
                TypeTarget::Global => among(keys.at(*args.first()?)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// An object of which nothing is known but that it has fields.
fn of_any_keys() -> Shape {
    Shape::Fields {
        name: None,
        fields: Vec::new().into(),
        open: true,
        decl: None,
    }
}

/// What is read by the key of a mapped type in the type of its values (`T[K]`).
fn indexed_by(facts: &FileFacts, ty: TypeId, param: &Name, depth: usize) -> Option<TypeId> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut within = |ty: &TypeId| indexed_by(facts, *ty, param, depth + 1);
    match facts.ty(ty) {
        Type::Indexed { object, index } => match facts.ty(*index) {
            Type::Ref {
                path,
                target: TypeTarget::Param,
                ..
            } if path.first() == Some(param) => Some(*object),
            _ => None,
        },
        Type::Ref { args, .. } => args.iter().find_map(&mut within),
        Type::Union(parts) => parts.iter().find_map(&mut within),
        Type::Conditional { tested, then, .. } => [tested, then].into_iter().find_map(within),
        _ => None,
    }
}
