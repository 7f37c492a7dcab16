//! The language's own generic types, and those that frameworks wrap a value in.
//!
//! In: the name of a global type with its arguments. Out: its [`Shape`]. It leaves alone the program's own types
//! (`declared`).

use super::shapes::{Shape, Shapes, TypeField, TypeUse};
use super::subject::ValueType;
use crate::facts::Name;

impl Shapes<'_> {
    /// The shape of a global type.
    pub(super) fn builtin(
        &self,
        name: &str,
        path: &[Name],
        args: &[TypeUse],
        depth: usize,
    ) -> Shape {
        let first = args.first();
        let through =
            |ty: Option<&TypeUse>| ty.map_or(Shape::Unknown, |ty| self.unfold(ty, depth + 1));
        match name {
            "Partial" | "Required" | "Readonly" | "NonNullable" | "Promise" | "PromiseLike"
            | "Awaited" | "Ref" | "ComputedRef" | "Readable" | "Writable" | "NoInfer" => {
                through(first)
            }
            "Array" | "ReadonlyArray" | "Set" | "ReadonlySet" | "Iterable" | "IterableIterator" => {
                Shape::List(first.cloned())
            }
            "Map" => Shape::List(args.get(1).cloned()),
            "Date" => Shape::Scalar(ValueType::Date),
            "String" => Shape::Scalar(ValueType::String),
            "Number" => Shape::Scalar(ValueType::Number),
            "Boolean" => Shape::Scalar(ValueType::Boolean),
            "Record" => match first.and_then(|keys| self.keys(keys, depth + 1)) {
                Some(names) => Shape::Fields {
                    name: None,
                    fields: names
                        .into_iter()
                        .map(|name| TypeField {
                            name,
                            ty: args.get(1).cloned(),
                            owner: None,
                        })
                        .collect(),
                    open: false,
                    decl: None,
                },
                None => Shape::Unknown,
            },
            "Pick" | "Omit" => {
                let (
                    Shape::Fields {
                        name,
                        mut fields,
                        open,
                        decl,
                    },
                    Some(keys),
                ) = (
                    through(first),
                    args.get(1).and_then(|keys| self.keys(keys, depth + 1)),
                )
                else {
                    return if name == "Omit" {
                        through(first)
                    } else {
                        Shape::Unknown
                    };
                };
                let picks = path.first().is_some_and(|first| first == "Pick");
                fields.retain(|field| keys.contains(&field.name) == picks);
                Shape::Fields {
                    name,
                    fields,
                    open: open && !picks,
                    decl,
                }
            }
            "Exclude" | "Extract" => through(first),
            "ReturnType" => match first.map(|ty| self.unfold(ty, depth + 1)) {
                Some(Shape::Function(Some(result))) => self.unfold(&result, depth + 1),
                _ => Shape::Unknown,
            },
            _ => Shape::Unknown,
        }
    }
}
