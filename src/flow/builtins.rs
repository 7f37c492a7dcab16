//! The language's own generic types, and those that frameworks wrap a value in.
//!
//! In: the name of a global type with its arguments. Out: its [`Shape`]. It leaves alone the program's own types
//! (`declared`).

use std::rc::Rc;

use super::shapes::{Env, MAX_DEPTH, Shape, Shapes, TypeField, TypeUse, What};
use super::subject::ValueType;
use crate::facts::{Expr, From, Name, Type};
use crate::link::Definition;

impl Shapes<'_> {
    /// The shape of a global type.
    pub(super) fn builtin(
        &self,
        ty: &TypeUse,
        path: &[Name],
        args: &[TypeUse],
        depth: usize,
    ) -> Shape {
        let first = args.first();
        let unfold = |ty: &TypeUse| self.unfold(ty, depth + 1);
        let through = |ty: Option<&TypeUse>| ty.map_or(Shape::Unknown, unfold);
        let solid = |ty: Option<&TypeUse>| ty.map_or(Shape::Unknown, |ty| self.solid(ty));
        let Some(name) = path.first() else {
            return Shape::Unknown;
        };
        match name.as_str() {
            "Partial" | "Required" | "Readonly" => solid(first),
            "NonNullable" | "Promise" | "PromiseLike" | "Awaited" | "WeakRef" | "Ref"
            | "ComputedRef" | "Readable" | "Writable" | "NoInfer" => through(first),
            "Array" | "ReadonlyArray" | "Set" | "ReadonlySet" | "Iterable" | "IterableIterator" => {
                Shape::List(first.cloned())
            }
            "Map" | "ReadonlyMap" | "WeakMap" => Shape::List(args.get(1).cloned()),
            "Date" => Shape::Scalar(ValueType::Date),
            "String" => Shape::Scalar(ValueType::String),
            "Number" => Shape::Scalar(ValueType::Number),
            "Boolean" => Shape::Scalar(ValueType::Boolean),
            "Record" => first.map_or(Shape::Unknown, |keys| {
                self.keyed(keys, args.get(1).cloned(), depth)
            }),
            "Pick" | "Omit" => {
                let picks = name == "Pick";
                let keys = args.get(1).and_then(|keys| self.keys(keys, depth + 1));
                match keys {
                    Some(keys) => self.parted(solid(first), &keys, picks, depth),
                    None if picks => Shape::Unknown,
                    None => solid(first),
                }
            }
            "Exclude" | "Extract" => {
                let (Some(all), Some(asked)) = (first, args.get(1)) else {
                    return through(first);
                };
                let keeps = name == "Extract";
                let Shape::Union(parts) = self.solid(all) else {
                    return through(first);
                };
                let kept = parts.into_iter().filter(|part| {
                    let is = self.is_assignable(part, asked, 0);
                    is.is_none() || is == Some(keeps)
                });
                self.union(kept, depth)
            }
            "ReturnType" => match solid(first) {
                Shape::Function(signature) => through(signature.result.as_ref()),
                _ => Shape::Unknown,
            },
            "Parameters" => match solid(first) {
                Shape::Function(signature) => {
                    let unknown = || TypeUse::known(ty.file, Shape::Unknown);
                    let params = signature.params.iter().cloned();
                    Shape::Tuple(params.map(|param| param.unwrap_or_else(unknown)).collect())
                }
                _ => Shape::Unknown,
            },
            "InstanceType" => first.map_or(Shape::Unknown, |first| self.made_by(first)),
            _ if depth < MAX_DEPTH => self.of_globals(name, &path[1..], args, depth),
            _ => Shape::Unknown,
        }
    }

    /// The shape of a type that files of the tree declare for all files: what is in namespaces of one name is one as well.
    fn of_globals(&self, name: &Name, rest: &[Name], args: &[TypeUse], depth: usize) -> Shape {
        let mut all = self.program.global_types(name);
        if rest.is_empty() {
            all.truncate(1);
        }
        let shapes = all
            .into_iter()
            .map(|(file, decl)| self.defined(Definition::Type(file, decl), rest, args, depth + 1));
        let known = shapes.filter(|shape| !matches!(shape, Shape::Unknown));
        known.reduce(joined).unwrap_or(Shape::Unknown)
    }

    /// An object type with only some of its keys, or without them.
    fn parted(&self, shape: Shape, keys: &[Name], picks: bool, depth: usize) -> Shape {
        match shape {
            Shape::Fields {
                name,
                fields,
                open,
                decl,
            } => Shape::Fields {
                name,
                fields: fields.only(|field| keys.contains(&field.name) == picks),
                open: open && !picks,
                decl,
            },
            Shape::Class(file, class, env) => {
                let fields = self.class_members(file, class, &env, true, depth);
                let shape = Shape::Fields {
                    name: self.program.facts(file).class(class).name.clone(),
                    fields: fields.into(),
                    open: false,
                    decl: None,
                };
                self.parted(shape, keys, picks, depth)
            }
            Shape::Union(parts) => Shape::Union(
                parts
                    .iter()
                    .map(|part| match self.solid(part) {
                        shape @ (Shape::Fields { .. } | Shape::Class(..)) => {
                            let shape = self.parted(shape, keys, picks, depth);
                            TypeUse::with(part.file, What::Known(Rc::new(shape)), Env::default())
                        }
                        _ => part.clone(),
                    })
                    .collect(),
            ),
            _ => Shape::Unknown,
        }
    }

    /// An object of the class that `typeof Class` names, or the client that a vendor's export of such a name makes.
    fn made_by(&self, ty: &TypeUse) -> Shape {
        let facts = self.program.facts(ty.file);
        if let What::Written(written) = ty.what
            && let Type::TypeOf(expr) = facts.ty(written)
            && let Expr::Ref(binding) = facts.expr(*expr)
        {
            if let Some((file, class)) = self.class_of_binding(ty.file, *binding) {
                return self.object_of(file, class, &[]);
            }
            let mut sources = facts.binding(*binding).sources.iter();
            let made = sources.find_map(|source| match source.from {
                From::Import(import) => {
                    let import = &facts.imports[import.index()];
                    self.catalog.made_by(&import.specifier, &import.imported)
                }
                _ => None,
            });
            return made.map_or(Shape::Unknown, Shape::Client);
        }
        Shape::Unknown
    }
}

/// Two declarations of one interface.
fn joined(one: Shape, other: Shape) -> Shape {
    match (one, other) {
        (
            Shape::Fields {
                name,
                fields,
                open,
                decl,
            },
            Shape::Fields {
                fields: others,
                open: is_open,
                ..
            },
        ) => {
            let known = fields.clone();
            let more = others
                .into_iter()
                .filter(|it| known.get(&it.name).is_none());
            let all: Vec<TypeField> = fields.into_iter().chain(more).collect();
            Shape::Fields {
                name,
                fields: all.into(),
                open: open || is_open,
                decl,
            }
        }
        (one, _) => one,
    }
}
