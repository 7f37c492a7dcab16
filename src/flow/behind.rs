//! Who stands behind a type that says what can be called.
//!
//! In: a value that only a run knows, its type, and the name of a member. Out: the methods of that name: of the class or of
//! those below it, of the classes that implement the interface, of the objects that are said to be of it, and of each of
//! those where the type is one of several. It leaves alone who those are (`registry`, `implementing`), and what is read
//! where nobody does anything (`members`).

use super::evaluate::{Evaluator, Task};
use super::members::does;
use super::shapes::{Shape, TypeUse};
use super::value::{Data, Spot, V};
use crate::facts::{Name, TypeDeclId};
use crate::source::FileId;

/// A member that is asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The value that it is asked of.
    pub data: &'a Data,
    pub name: &'a Name,
    pub spot: Spot,
    /// The value may be any object that is said to be of its type.
    pub by_type: bool,
}

/// What stands behind a member of a type.
#[derive(Default)]
pub(super) struct Behind {
    /// What it may do.
    pub done: Vec<V>,
    /// Whether nothing else can be meant.
    pub is_all: bool,
}

impl Evaluator<'_> {
    /// What stands behind a member of a value of a type.
    pub(super) fn done_behind(&self, ty: &TypeUse, shape: &Shape, asked: Asked<'_>) -> Behind {
        let Shape::Union(_) = shape else {
            return self.behind_one(shape, asked);
        };
        // Each of several is asked, as a run may bring any.
        let parts = self.shapes.parts(ty).unwrap_or_default();
        let each = parts.iter().map(|part| {
            let shape = self.shapes.solid(part);
            let data = Data {
                ty: Some(part.clone()),
                ..asked.data.clone()
            };
            let data = &data;
            self.behind_one(&shape, Asked { data, ..asked })
        });
        let all = Behind {
            is_all: !parts.is_empty(),
            ..Behind::default()
        };
        each.fold(all, |mut all, one| {
            all.is_all &= one.is_all;
            all.done.extend(one.done);
            all
        })
    }

    fn behind_one(&self, shape: &Shape, asked: Asked<'_>) -> Behind {
        let Asked { data, name, .. } = asked;
        match shape {
            Shape::Class(file, class, _) => {
                let method = self.method_by_type(*file, *class, name, data);
                Behind {
                    is_all: method.is_some(),
                    done: method.into_iter().collect(),
                }
            }
            Shape::Fields {
                decl: Some(decl),
                fields,
                ..
            } => {
                let is_data = fields.all(name).any(|field| {
                    field.ty.as_ref().is_some_and(|ty| {
                        !matches!(self.shapes.shape(ty), Shape::Function(_) | Shape::Unknown)
                    })
                });
                if is_data {
                    return Behind::default();
                }
                let known = self.registry.implementers.get(decl);
                let classes = self.of_side(asked.spot.file, known.map_or(&[], Vec::as_slice));
                let methods = classes
                    .into_iter()
                    .filter_map(|(file, class)| self.method_by_type(file, class, name, data));
                let mut done: Vec<V> = methods.collect();
                let is_all = !done.is_empty();
                if asked.by_type {
                    let by_literals = self.done_by_literals(*decl, name, asked.spot);
                    done.extend(
                        by_literals
                            .alternatives()
                            .iter()
                            .filter(|it| does(it))
                            .cloned(),
                    );
                }
                Behind { done, is_all }
            }
            _ => Behind::default(),
        }
    }

    /// Whether classes stand behind an interface, which may have more than it says.
    pub(super) fn is_implemented(&self, shape: &Shape) -> bool {
        matches!(shape, Shape::Fields { decl: Some(decl), .. } if self.registry.implementers.contains_key(decl))
    }

    /// What the objects that are said to be of an interface do under a name. What they have there may be read from another
    /// value of the interface, so this is asked once, whoever asks.
    fn done_by_literals(&self, decl: (FileId, TypeDeclId), name: &Name, spot: Spot) -> V {
        self.once(Task::of_literals(decl, name), spot, || {
            let literals = self.registry.literals.get(&decl).into_iter().flatten();
            let members = literals.map(|(file, literal)| {
                let object = self.expr(*file, *literal);
                self.member(&object, name, self.spot(*file, *literal))
            });
            V::union(members.filter(does))
        })
    }
}
