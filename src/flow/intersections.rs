//! What an intersection of types says.
//!
//! In: its parts. Out: the shape that has what all of them have; where a part is one of several objects, each of those with the
//! other parts as well. It leaves alone which of them it is somewhere (`narrow`).

use super::shapes::{Fields, Shape, Shapes, TypeField, TypeUse};

/// Of one of more objects than this it is not known which it is.
const MAX_WAYS: usize = 32;

impl Shapes<'_> {
    /// The shape of an intersection.
    pub(super) fn intersection(&self, parts: impl Iterator<Item = TypeUse>, depth: usize) -> Shape {
        let parts: Vec<TypeUse> = parts.collect();
        match self.joined(&parts, depth) {
            Shape::Fields {
                name,
                fields,
                open,
                decl,
            } => {
                let ways = self.ways_of(&parts, depth).unwrap_or_default();
                let ways = ways.iter().map(|way| {
                    let file = way.first().map_or(parts[0].file, |first| first.file);
                    TypeUse::known(file, self.joined(way, depth))
                });
                Shape::Fields {
                    name,
                    fields: Fields::of_several(fields.into_iter().collect(), ways.collect()),
                    open,
                    decl,
                }
            }
            shape => shape,
        }
    }

    /// The parts that are there together, where one of them is one of several objects.
    fn ways_of(&self, parts: &[TypeUse], depth: usize) -> Option<Vec<Vec<TypeUse>>> {
        let mut ways: Vec<Vec<TypeUse>> = vec![Vec::new()];
        for part in parts {
            let objects = self.objects(part, depth);
            let objects = objects.unwrap_or_else(|| vec![part.clone()]);
            if ways.len() * objects.len() > MAX_WAYS {
                return None;
            }
            let with_each = ways.iter().flat_map(|way| {
                let with = |object: &TypeUse| {
                    let mut way = way.clone();
                    way.push(object.clone());
                    way
                };
                objects.iter().map(with).collect::<Vec<_>>()
            });
            ways = with_each.collect();
        }
        (ways.len() > 1).then_some(ways)
    }

    /// The objects that a type is one of.
    fn objects(&self, ty: &TypeUse, depth: usize) -> Option<Vec<TypeUse>> {
        let is_several = match self.unfold(ty, depth + 1) {
            Shape::Union(_) => true,
            Shape::Fields { fields, .. } => !fields.ways().is_empty(),
            _ => false,
        };
        let parts = is_several.then(|| self.parts(ty)).flatten()?;
        let is_object =
            |part: &TypeUse| matches!(self.solid(part), Shape::Fields { .. } | Shape::Class(..));
        parts.iter().all(is_object).then_some(parts)
    }

    /// What all parts have together.
    fn joined(&self, parts: &[TypeUse], depth: usize) -> Shape {
        let mut all: Vec<TypeField> = Vec::new();
        let mut open_any = false;
        let mut last = Shape::Unknown;
        let mut count = 0;
        for part in parts {
            let shape = match self.unfold(part, depth + 1) {
                Shape::ValueOf(file, expr) => self.unfold(&TypeUse::of(file, expr), depth + 1),
                Shape::Class(file, class, env) => Shape::Fields {
                    name: None,
                    fields: self
                        .class_members(file, class, &env, true, depth + 1)
                        .into(),
                    open: true,
                    decl: None,
                },
                // Each of the objects that it may be has the other parts as well.
                Shape::Union(parts) => match self.all_fields(part) {
                    Some(fields) => Shape::Fields {
                        name: None,
                        fields,
                        open: false,
                        decl: None,
                    },
                    None => Shape::Union(parts),
                },
                shape => shape,
            };
            match shape {
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
                Shape::Word(word) => return Shape::Word(word),
                Shape::Unknown => open_any = true,
                other => last = other,
            }
        }
        if count > 0 {
            Shape::Fields {
                name: None,
                fields: all.into(),
                open: open_any,
                decl: None,
            }
        } else {
            last
        }
    }
}
