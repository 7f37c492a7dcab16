//! What a type's name refers to.
//!
//! In: a name in a type, with its arguments. Out: the [`Shape`] of the declaration that it leads to, here, imported or of a
//! vendor's package. It leaves alone what stands in the declaration (`unfold`).

use super::env::Env;
use super::shapes::{
    Asked, Fields, MAX_DEPTH, Shape, Shapes, TypeField, TypeUse, What, bind, lookup,
};
use super::subject::ValueType;
use crate::facts::{
    BindingId, BindingKind, ClassId, Exported, From, Imported, Name, Type, TypeDeclId,
    TypeDeclKind, TypeId, TypeTarget,
};
use crate::link::{Declared, Definition, Module};
use crate::source::FileId;

impl Shapes<'_> {
    /// The shape of a named type.
    pub(super) fn reference(
        &self,
        ty: &TypeUse,
        path: &[Name],
        target: TypeTarget,
        args: &[TypeId],
        depth: usize,
    ) -> Shape {
        let Some(first) = path.first() else {
            return Shape::Unknown;
        };
        let args: Vec<TypeUse> = args.iter().map(|arg| self.argument(ty, *arg)).collect();
        match target {
            TypeTarget::Param => {
                lookup(ty, first).map_or(Shape::Unknown, |found| self.unfold(&found, depth + 1))
            }
            TypeTarget::Decl(decl) => self.named(ty.file, decl, &path[1..], &args, depth),
            TypeTarget::Class(class) => self.object_of(ty.file, class, &args),
            TypeTarget::Binding(binding) => {
                let facts = self.program.facts(ty.file);
                let declared = facts.binding(binding);
                if declared.kind == BindingKind::Import {
                    return match self.import_of(ty.file, binding) {
                        Some(definition) => self.defined(definition, &path[1..], &args, depth),
                        None => Shape::Unknown,
                    };
                }
                for source in &declared.sources {
                    match source.from {
                        From::Class(class) => return self.object_of(ty.file, class, &args),
                        From::TypeDecl(decl) => {
                            return self.named(ty.file, decl, &path[1..], &args, depth);
                        }
                        _ => {}
                    }
                }
                Shape::Unknown
            }
            TypeTarget::Global => self.builtin(ty, path, &args, depth),
        }
    }

    /// A type argument. A parameter is what it stands for: types that a chain of calls hands on (`schema.min(1).max(9)`) are
    /// one type then, not one for each call.
    fn argument(&self, ty: &TypeUse, arg: TypeId) -> TypeUse {
        let stands_for = match self.program.facts(ty.file).ty(arg) {
            Type::Ref {
                path,
                target: TypeTarget::Param,
                ..
            } => path.first().and_then(|name| lookup(ty, name)),
            _ => None,
        };
        stands_for.unwrap_or_else(|| ty.at(arg))
    }

    /// An object of a class with type arguments.
    pub(super) fn object_of(&self, file: FileId, class: ClassId, args: &[TypeUse]) -> Shape {
        let params = &self.program.facts(file).class(class).type_params;
        Shape::Class(file, class, bind(file, params, args))
    }

    /// The shape of a declaration, or of what lies in a namespace under these names.
    fn named(
        &self,
        file: FileId,
        decl: TypeDeclId,
        rest: &[Name],
        args: &[TypeUse],
        depth: usize,
    ) -> Shape {
        let (Some((first, rest)), TypeDeclKind::Namespace(exported)) = (
            rest.split_first(),
            &self.program.facts(file).type_decl(decl).kind,
        ) else {
            return self.declared(file, decl, args, depth);
        };
        for (_, exported) in exported.iter().filter(|(name, _)| name == first) {
            let found = match exported {
                Exported::Type(decl) => Definition::Type(file, *decl),
                Exported::Binding(binding) => Definition::Binding(file, *binding),
                _ => continue,
            };
            return self.defined(found, rest, args, depth + 1);
        }
        Shape::Unknown
    }

    /// The shape of what a package outside the tree is declared to export.
    pub(super) fn outside(
        &self,
        found: Declared,
        rest: &[Name],
        args: &[TypeUse],
        depth: usize,
    ) -> Shape {
        match found {
            Declared::Type(file, decl) => {
                let shape = self.defined(Definition::Type(file, decl), rest, args, depth + 1);
                match shape {
                    // What a module adds to a package's type is not all of it.
                    Shape::Fields {
                        fields, decl, name, ..
                    } if self.program.is_added(file) => Shape::Fields {
                        fields,
                        decl,
                        name,
                        open: true,
                    },
                    shape => shape,
                }
            }
            Declared::Binding(file, binding) => {
                self.defined(Definition::Binding(file, binding), rest, args, depth + 1)
            }
            Declared::Module(specifier) => match rest.split_first() {
                Some((name, rest)) if depth < MAX_DEPTH => self
                    .program
                    .declared(&specifier, name, true)
                    .map_or(Shape::Unknown, |found| {
                        self.outside(found, rest, args, depth + 1)
                    }),
                _ => Shape::Unknown,
            },
        }
    }

    /// What a package outside the tree is declared to export as what an import takes.
    pub(super) fn import_declared(
        &self,
        specifier: &Name,
        imported: &Imported,
        wants_type: bool,
    ) -> Option<Declared> {
        match imported {
            Imported::Named(name) => self.program.declared(specifier, name, wants_type),
            Imported::Default | Imported::Equals => self
                .program
                .declared(specifier, "default", wants_type)
                .or_else(|| Some(Declared::Module(specifier.clone()))),
            Imported::Namespace => Some(Declared::Module(specifier.clone())),
            Imported::Nothing => None,
        }
    }

    /// The shape of what an import leads to; `rest` are the names after the first.
    pub(super) fn defined(
        &self,
        definition: Definition,
        rest: &[Name],
        args: &[TypeUse],
        depth: usize,
    ) -> Shape {
        match definition {
            Definition::Type(file, decl) => self.named(file, decl, rest, args, depth),
            Definition::Binding(file, binding) => {
                let facts = self.program.facts(file);
                for source in &facts.binding(binding).sources {
                    match source.from {
                        From::Class(class) => return self.object_of(file, class, args),
                        From::TypeDecl(decl) => return self.named(file, decl, rest, args, depth),
                        From::Import(import) => {
                            let import = &facts.imports[import.index()];
                            if let Some(next) =
                                self.program
                                    .import(file, &import.specifier, &import.imported)
                                && depth < MAX_DEPTH
                            {
                                return self.defined(next, rest, args, depth + 1);
                            }
                        }
                        _ => {}
                    }
                }
                Shape::Unknown
            }
            Definition::Namespace(file) => match rest
                .first()
                .and_then(|name| self.program.export_type(file, name))
            {
                Some(next) if depth < MAX_DEPTH => self.defined(next, &rest[1..], args, depth + 1),
                _ => Shape::Unknown,
            },
            Definition::Outside {
                specifier,
                imported,
            } => {
                // A type of a namespace may be listed with it (`Types.Module`).
                if let (Imported::Named(first), Some(_)) = (&imported, rest.last()) {
                    let dotted = format!("{first}.{}", rest.join("."));
                    if let Some(client) = self.catalog.type_of(&specifier, &dotted) {
                        return Shape::Client(client);
                    }
                }
                let name = match (&imported, rest.last()) {
                    (_, Some(last)) => last.clone(),
                    (Imported::Named(name), None) => name.clone(),
                    _ => "default".into(),
                };
                if let Some(client) = self.catalog.type_of(&specifier, &name) {
                    return Shape::Client(client);
                }
                if self.library.is_sender(&specifier, &name) {
                    return Shape::Sender(Some(specifier), name);
                }
                self.import_declared(&specifier, &imported, true)
                    .map_or(Shape::Unknown, |found| {
                        self.outside(found, rest, args, depth + 1)
                    })
            }
            Definition::Expr(..) | Definition::MemberOf(..) => Shape::Unknown,
        }
    }

    /// The shape of a declaration, made once for all who name it with the same arguments.
    pub(super) fn declared(
        &self,
        file: FileId,
        decl: TypeDeclId,
        args: &[TypeUse],
        depth: usize,
    ) -> Shape {
        if depth > MAX_DEPTH {
            return Shape::Unknown;
        }
        let params = &self.program.facts(file).type_decl(decl).type_params;
        let env = bind(file, params, args);
        let key = env.digest().map(|env| Asked::Declared(file, decl, env));
        if let Some(found) = key.and_then(|key| self.known.borrow().get(&key).cloned()) {
            return found;
        }
        let cut = self.cut.get();
        let shape = self.declared_here(file, decl, &env, depth);
        if let Some(key) = key
            && self.cut.get() == cut
        {
            self.known.borrow_mut().insert(key, shape.clone());
        }
        shape
    }

    fn declared_here(&self, file: FileId, decl: TypeDeclId, env: &Env, depth: usize) -> Shape {
        let facts = self.program.facts(file);
        let declared = facts.type_decl(decl);
        let at = |ty: TypeId| TypeUse::with(file, What::Written(ty), env.clone());
        match &declared.kind {
            TypeDeclKind::Interface { extends, members } => {
                let (mut fields, mut open) =
                    self.fields_of(file, members, Some(&declared.name), &at);
                for base in extends {
                    match self.unfold(&at(*base), depth + 1) {
                        Shape::Fields {
                            fields: inherited,
                            open: more,
                            ..
                        } => {
                            open |= more;
                            for field in inherited {
                                if !fields.iter().any(|known| known.name == field.name) {
                                    // What is inherited is a field of the heir as well.
                                    fields.push(TypeField {
                                        owner: Some(declared.name.clone()),
                                        ..field
                                    });
                                }
                            }
                        }
                        Shape::Class(file, class, env) => {
                            fields.extend(self.class_members(file, class, &env, true, depth + 1))
                        }
                        _ => open = true,
                    }
                }
                for (file, decl) in self.program.additions(file, decl) {
                    if let Shape::Fields { fields: added, .. } =
                        self.declared(file, decl, &[], depth + 1)
                    {
                        let is_new =
                            |it: &TypeField| fields.iter().all(|known| known.name != it.name);
                        let added: Vec<TypeField> = added.into_iter().filter(is_new).collect();
                        fields.extend(added);
                    }
                }
                Shape::Fields {
                    name: Some(declared.name.clone()),
                    fields: fields.into(),
                    open,
                    decl: Some((file, decl)),
                }
            }
            TypeDeclKind::Alias(inner) => match self.unfold(&at(*inner), depth + 1) {
                Shape::Fields {
                    name,
                    fields,
                    open,
                    decl: known,
                } => {
                    let key = self.key_of_body(&at(*inner));
                    let named = key.unwrap_or_else(|| declared.name.clone());
                    let owned = |field: TypeField| TypeField {
                        owner: field.owner.or_else(|| Some(named.clone())),
                        ..field
                    };
                    // Those of another declaration are shared with it.
                    let fields = match fields.iter().all(|field| field.owner.is_some()) {
                        true => fields,
                        false => {
                            let ways = fields.ways().to_vec();
                            Fields::of_several(fields.into_iter().map(owned).collect(), ways)
                        }
                    };
                    Shape::Fields {
                        name: name.or_else(|| Some(declared.name.clone())),
                        fields,
                        open,
                        decl: known.or(Some((file, decl))),
                    }
                }
                other => other,
            },
            TypeDeclKind::Enum(_) => Shape::Scalar(ValueType::Choice),
            TypeDeclKind::Namespace(_) => Shape::Unknown,
        }
    }

    /// What an imported name stands for.
    pub(super) fn import_of(&self, file: FileId, binding: BindingId) -> Option<Definition> {
        let import = self.program.facts(file).import_of(binding)?;
        self.import_type(file, &import.specifier, &import.imported)
    }

    /// What an import stands for where a type is wanted.
    pub(super) fn import_type(
        &self,
        file: FileId,
        specifier: &Name,
        imported: &Imported,
    ) -> Option<Definition> {
        let name = match imported {
            Imported::Named(name) => Some(name.as_str()),
            Imported::Default => Some("default"),
            _ => None,
        };
        if let (Some(name), Module::File(target)) = (name, self.program.module(file, specifier)) {
            return self.program.export_type(target, name);
        }
        self.program.import(file, specifier, imported)
    }

    /// The class that a name stands for, here or imported.
    pub(super) fn class_of_binding(
        &self,
        file: FileId,
        binding: BindingId,
    ) -> Option<(FileId, ClassId)> {
        let (file, binding) = self.declaration(file, binding);
        let sources = &self.program.facts(file).binding(binding).sources;
        sources.iter().find_map(|source| match source.from {
            From::Class(class) => Some((file, class)),
            _ => None,
        })
    }

    /// Where a name is declared, through imports.
    pub(super) fn declaration(&self, file: FileId, binding: BindingId) -> (FileId, BindingId) {
        let mut found = (file, binding);
        for _ in 0..MAX_DEPTH {
            let facts = self.program.facts(found.0);
            let imported = facts.binding(found.1).sources.iter().find_map(|source| {
                let From::Import(import) = source.from else {
                    return None;
                };
                let import = &facts.imports[import.index()];
                self.program
                    .import(found.0, &import.specifier, &import.imported)
            });
            match imported {
                Some(Definition::Binding(file, binding)) if (file, binding) != found => {
                    found = (file, binding);
                }
                _ => break,
            }
        }
        found
    }
}
