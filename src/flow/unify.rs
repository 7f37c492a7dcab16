//! What the parameters in a type stand for, by a type that is given in its place.
//!
//! In: a type with parameters in it, and one that is given. Out: the parameters that nothing says yet, and what each stands
//! for. It leaves alone what is made of that (`generic`, `unfold`).

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::generic::{MAX_COMPARED, MAX_FIELDS};
use super::shapes::{Asked, Shape, Shapes, TypeUse, What, asked, lookup};
use crate::facts::{Name, Type, TypeId, TypeTarget};
use crate::source::FileId;

/// The parameters that a type expression mentions, by its place.
pub(super) type Mentions = FxHashMap<(FileId, TypeId), Rc<[Name]>>;

/// Compares types, part by part.
struct Unification<'s, 'p> {
    shapes: &'s Shapes<'p>,
    /// What each parameter stands for.
    found: Vec<(Name, TypeUse)>,
    /// The pairs that were compared, and inside how many others: a pair that is met again where it is not read any further
    /// tells nothing new, and a type that holds itself is met on very many ways.
    compared: FxHashMap<(Asked, Asked), usize>,
}

impl Shapes<'_> {
    /// Compares a type with parameters in it with one that is given: what each parameter that is not known yet stands for.
    pub(super) fn unify(&self, pattern: &TypeUse, given: &TypeUse) -> Vec<(Name, TypeUse)> {
        let mut unification = Unification {
            shapes: self,
            found: Vec::new(),
            compared: FxHashMap::default(),
        };
        unification.compare(pattern, given, 0);
        unification.found
    }

    /// The parameters in a type of which nothing says what they stand for.
    fn open_params(&self, ty: &TypeUse) -> Vec<Name> {
        let mut open = Vec::new();
        let mut left = vec![(ty.clone(), 0)];
        while let Some((ty, depth)) = left.pop() {
            let What::Written(written) = ty.what else {
                continue;
            };
            for name in self.mentions(ty.file, written).iter() {
                match lookup(&ty, name) {
                    Some(stands_for) if depth < MAX_COMPARED => left.push((stands_for, depth + 1)),
                    Some(_) => {}
                    None if open.contains(name) => {}
                    None => open.push(name.clone()),
                }
            }
        }
        open
    }

    /// The parameters that a type expression mentions, less those of the functions in it.
    fn mentions(&self, file: FileId, ty: TypeId) -> Rc<[Name]> {
        if let Some(known) = self.mentions.borrow().get(&(file, ty)) {
            return Rc::clone(known);
        }
        let facts = self.program.facts(file);
        let mut mentioned: Vec<Name> = Vec::new();
        let mut left: Vec<(TypeId, Rc<[Name]>)> = vec![(ty, Rc::default())];
        while let Some((ty, own)) = left.pop() {
            let mut below = |it: TypeId| left.push((it, Rc::clone(&own)));
            match facts.ty(ty) {
                Type::Ref {
                    path,
                    target: TypeTarget::Param,
                    ..
                } => {
                    let new = path.first();
                    let new = new.filter(|name| !own.contains(name) && !mentioned.contains(name));
                    mentioned.extend(new.cloned());
                }
                Type::Ref { args, .. } | Type::Import { args, .. } => {
                    args.iter().copied().for_each(below);
                }
                Type::Object(members) => members.iter().filter_map(|it| it.ty).for_each(below),
                Type::Union(parts) | Type::Intersection(parts) | Type::Tuple(parts) => {
                    parts.iter().copied().for_each(below);
                }
                Type::Array(inner) | Type::KeyOf(inner) => below(*inner),
                Type::Function {
                    type_params,
                    params,
                    result,
                } => {
                    let more = type_params.iter().map(|param| param.name.clone());
                    let own: Rc<[Name]> = own.iter().cloned().chain(more).collect();
                    let params = params.iter().filter_map(|(_, ty)| *ty);
                    left.extend(params.chain(*result).map(|ty| (ty, Rc::clone(&own))));
                }
                Type::Indexed { object, index } => [*object, *index].into_iter().for_each(below),
                Type::Mapped {
                    keys, alias, value, ..
                } => {
                    let parts = [Some(*keys), *alias, *value];
                    parts.into_iter().flatten().for_each(below);
                }
                Type::Conditional {
                    tested,
                    pattern,
                    then,
                    otherwise,
                } => {
                    let parts = [*tested, *pattern, *then, *otherwise];
                    parts.into_iter().for_each(below);
                }
                Type::Keyword(_)
                | Type::Literal(_)
                | Type::TypeOf(_)
                | Type::Predicate { .. }
                | Type::Template
                | Type::Unknown => {}
            }
        }
        let mentioned: Rc<[Name]> = mentioned.into();
        let mut known = self.mentions.borrow_mut();
        known.insert((file, ty), Rc::clone(&mentioned));
        mentioned
    }

    /// Whether a type is written as a function's.
    fn is_function(&self, ty: &TypeUse) -> bool {
        match ty.what {
            What::Written(written) => matches!(
                self.program.facts(ty.file).ty(written),
                Type::Function { .. }
            ),
            _ => false,
        }
    }
}

impl Unification<'_, '_> {
    fn is_found(&self, name: &Name) -> bool {
        self.found.iter().any(|(known, _)| known == name)
    }

    fn compare(&mut self, pattern: &TypeUse, given: &TypeUse, depth: usize) {
        let shapes = self.shapes;
        let What::Written(written) = pattern.what else {
            return;
        };
        if depth > MAX_COMPARED {
            return;
        }
        let open = shapes.open_params(pattern);
        if open.iter().all(|name| self.is_found(name)) || self.is_known(pattern, given, depth) {
            return;
        }
        let below = |it| pattern.at(it);
        match shapes.program.facts(pattern.file).ty(written) {
            Type::Ref {
                path,
                target: TypeTarget::Param,
                ..
            } => {
                let Some(name) = path.first() else { return };
                if let Some(stands_for) = lookup(pattern, name) {
                    self.compare(&stands_for, given, depth + 1);
                } else if !matches!(shapes.solid(given), Shape::Unknown) {
                    self.found.push((name.clone(), given.clone()));
                }
            }
            Type::Ref {
                path,
                target: TypeTarget::Global,
                args,
            } if args.len() == 1 => match path.first().map(Name::as_str) {
                Some("Array" | "ReadonlyArray" | "Iterable" | "Set") => {
                    if let Some(element) = shapes.element(given) {
                        self.compare(&below(args[0]), &element, depth + 1);
                    }
                }
                _ => self.compare(&below(args[0]), given, depth + 1),
            },
            Type::Array(inner) => {
                if let Some(element) = shapes.element(given) {
                    self.compare(&below(*inner), &element, depth + 1);
                }
            }
            Type::Tuple(parts) => {
                if let Shape::Tuple(given) = shapes.solid(given) {
                    for (part, given) in parts.iter().zip(given) {
                        self.compare(&below(*part), &given, depth + 1);
                    }
                }
            }
            Type::Union(parts) | Type::Intersection(parts) => {
                for part in parts {
                    self.compare(&below(*part), given, depth + 1);
                }
            }
            Type::Function { params, result, .. } => {
                let Shape::Function(given) = shapes.solid(given) else {
                    return;
                };
                if let (Some(result), Some(given)) = (result, &given.result) {
                    self.compare(&below(*result), given, depth + 1);
                }
                for ((_, param), given) in params.iter().zip(&given.params) {
                    if let (Some(param), Some(given)) = (param, given) {
                        self.compare(&below(*param), given, depth + 1);
                    }
                }
            }
            Type::Object(_) | Type::Ref { .. } => match shapes.solid(pattern) {
                Shape::Fields { fields, .. } => {
                    // What holds a type tells it sooner than what a method does with it.
                    let (methods, data): (Vec<_>, Vec<_>) = fields
                        .iter()
                        .take(MAX_FIELDS)
                        .filter_map(|field| Some((field, field.ty.as_ref()?)))
                        .partition(|(_, ty)| shapes.is_function(ty));
                    for (field, ty) in data.into_iter().chain(methods) {
                        if open.iter().all(|name| self.is_found(name)) {
                            return;
                        }
                        if let Some(given) = shapes.field(given, &field.name).and_then(|it| it.ty) {
                            self.compare(ty, &given, depth + 1);
                        }
                    }
                }
                // Objects of one class are told by what it was made for.
                Shape::Class(file, class, wanted) => {
                    let Shape::Class(of, given, made_for) = shapes.solid(given) else {
                        return;
                    };
                    if (file, class) == (of, given) {
                        let params = &shapes.program.facts(file).class(class).type_params;
                        for param in params {
                            let known = (wanted.get(&param.name), made_for.get(&param.name));
                            if let (Some(wanted), Some(given)) = known {
                                self.compare(wanted, given, depth + 1);
                            }
                        }
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Whether a pair was compared where it was read as far as here.
    fn is_known(&mut self, pattern: &TypeUse, given: &TypeUse, depth: usize) -> bool {
        let Some(pair) = asked(pattern).zip(asked(given)) else {
            return false;
        };
        let compared = self.compared.entry(pair).or_insert(usize::MAX);
        if *compared <= depth {
            return true;
        }
        *compared = depth;
        false
    }
}
