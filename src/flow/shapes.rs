//! What declared types say of a value.
//!
//! In: a [`TypeUse`], a type expression of a file with what its parameters stand for. Out: a [`Shape`]: its fields, its
//! scalar kind, its class, its vendor's client. It leaves alone values: `typeof x` is answered by `evaluate`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::catalog::Catalog;
use super::subject::ValueType;
use super::value::Client;
use crate::facts::{
    BindingId, BindingKind, ClassId, ExprId, From, Imported, Literal, MemberKind, Name, Type,
    TypeDeclId, TypeDeclKind, TypeId, TypeMember, TypeParam, TypeTarget,
};
use crate::link::{Definition, Program};
use crate::source::FileId;

/// Deeper nesting of aliases than this is not unfolded.
const MAX_DEPTH: usize = 24;

/// A type expression in its file.
#[derive(Debug, Clone)]
pub(super) struct TypeUse {
    pub file: FileId,
    pub ty: TypeId,
    /// What the type parameters in scope stand for.
    pub env: Rc<Vec<(Name, TypeUse)>>,
}

impl TypeUse {
    pub(super) fn new(file: FileId, ty: TypeId) -> Self {
        Self {
            file,
            ty,
            env: Rc::default(),
        }
    }

    fn at(&self, ty: TypeId) -> Self {
        Self {
            file: self.file,
            ty,
            env: Rc::clone(&self.env),
        }
    }
}

/// A field that a type declares.
#[derive(Debug, Clone)]
pub(super) struct TypeField {
    pub name: Name,
    pub ty: Option<TypeUse>,
    /// The type that declares it.
    pub owner: Option<Name>,
}

/// What a type says.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// An object with these fields; open if there may be more.
    Fields {
        name: Option<Name>,
        fields: Vec<TypeField>,
        open: bool,
        decl: Option<(FileId, TypeDeclId)>,
    },
    /// No object.
    Scalar(ValueType),
    /// Elements of one type.
    List(Option<TypeUse>),
    /// Elements by position.
    Tuple(Vec<TypeUse>),
    /// A function with this result.
    Function(Option<TypeUse>),
    /// An object of a class of the program.
    Class(FileId, ClassId),
    /// A vendor's client.
    Client(Client),
    /// One of several.
    Union(Vec<TypeUse>),
    /// The type of a value of the program.
    ValueOf(FileId, ExprId),
    /// Nothing is known.
    Unknown,
}

/// Reads types, those without type arguments once.
pub(super) struct Shapes<'p> {
    pub program: &'p Program<'p>,
    pub catalog: &'p Catalog<'p>,
    /// How many types are being unfolded one inside the other, whichever way they came to it.
    nesting: Cell<usize>,
    known: RefCell<FxHashMap<(FileId, TypeId), Shape>>,
}

impl<'p> Shapes<'p> {
    pub(super) fn new(program: &'p Program<'p>, catalog: &'p Catalog<'p>) -> Self {
        Self {
            program,
            catalog,
            nesting: Cell::new(0),
            known: RefCell::default(),
        }
    }

    /// What a type says.
    pub(super) fn shape(&self, ty: &TypeUse) -> Shape {
        self.unfold(ty, 0)
    }

    /// A field of a type: some if the type is known to have it.
    pub(super) fn field(&self, ty: &TypeUse, name: &str) -> Option<TypeField> {
        self.field_at(ty, name, 0)
    }

    fn field_at(&self, ty: &TypeUse, name: &str, depth: usize) -> Option<TypeField> {
        if depth > 8 {
            return None;
        }
        match self.shape(ty) {
            Shape::Fields { fields, .. } => fields.into_iter().find(|field| field.name == name),
            Shape::Union(parts) => parts
                .iter()
                .find_map(|part| self.field_at(part, name, depth + 1)),
            Shape::Class(file, class) => self
                .class_fields(file, class, 0)
                .into_iter()
                .find(|field| field.name == name),
            _ => None,
        }
    }

    /// The type of the elements of a list.
    pub(super) fn element(&self, ty: &TypeUse) -> Option<TypeUse> {
        match self.shape(ty) {
            Shape::List(element) => element,
            Shape::Tuple(parts) => parts.first().cloned(),
            Shape::Union(parts) => parts.iter().find_map(|part| self.element(part)),
            _ => None,
        }
    }

    /// What calling a value of the type gives.
    pub(super) fn result(&self, ty: &TypeUse) -> Option<TypeUse> {
        match self.shape(ty) {
            Shape::Function(result) => result,
            Shape::Union(parts) => parts.iter().find_map(|part| self.result(part)),
            _ => None,
        }
    }

    /// The scalar kind that a type allows.
    pub(super) fn value_type(&self, ty: &TypeUse) -> ValueType {
        match self.shape(ty) {
            Shape::Scalar(kind) => kind,
            Shape::Union(parts) => {
                let kinds: Vec<ValueType> =
                    parts.iter().map(|part| self.value_type(part)).collect();
                match kinds.split_first() {
                    Some((first, rest)) if rest.iter().all(|kind| kind == first) => *first,
                    Some(_) if kinds.contains(&ValueType::String) => ValueType::String,
                    _ => ValueType::Unknown,
                }
            }
            Shape::Fields { .. }
            | Shape::List(_)
            | Shape::Tuple(_)
            | Shape::Function(_)
            | Shape::Class(..) => ValueType::Object,
            _ => ValueType::Unknown,
        }
    }

    /// The name of a type, if it has one of its own.
    pub(super) fn name(&self, ty: &TypeUse) -> Option<Name> {
        let facts = self.program.facts(ty.file);
        match facts.ty(ty.ty) {
            Type::Ref {
                path, args, target, ..
            } => {
                let last = path.last()?;
                match (target, args.first()) {
                    (TypeTarget::Global, Some(inner)) => self.name(&ty.at(*inner)),
                    (TypeTarget::Param, _) => self.name(&lookup(ty, last)?),
                    _ => Some(last.clone()),
                }
            }
            Type::Union(parts) => parts.iter().find_map(|part| self.name(&ty.at(*part))),
            Type::Array(inner) => self.name(&ty.at(*inner)),
            Type::Import { path, .. } => path.last().cloned(),
            Type::Indexed { object, index } => {
                let key = literal_key(facts.ty(*index))?;
                self.name(&self.field(&ty.at(*object), &key)?.ty?)
            }
            _ => None,
        }
    }

    fn unfold(&self, ty: &TypeUse, depth: usize) -> Shape {
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
    fn keys(&self, ty: &TypeUse, depth: usize) -> Option<Vec<Name>> {
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

    fn imported_decl(&self, file: FileId, binding: BindingId) -> Option<(FileId, TypeDeclId)> {
        match self.import_of(file, binding)? {
            Definition::Type(file, decl) => Some((file, decl)),
            _ => None,
        }
    }

    fn import_of(&self, file: FileId, binding: BindingId) -> Option<Definition> {
        let facts = self.program.facts(file);
        let import =
            facts
                .binding(binding)
                .sources
                .iter()
                .find_map(|source| match source.from {
                    From::Import(import) => Some(&facts.imports[import.index()]),
                    _ => None,
                })?;
        if let (Imported::Named(name), crate::link::Module::File(target)) = (
            &import.imported,
            self.program.module(file, &import.specifier),
        ) {
            return self.program.export_type(target, name);
        }
        self.program
            .import(file, &import.specifier, &import.imported)
    }

    fn reference(
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
        let args: Vec<TypeUse> = args.iter().map(|arg| ty.at(*arg)).collect();
        match target {
            TypeTarget::Param => {
                lookup(ty, first).map_or(Shape::Unknown, |found| self.unfold(&found, depth + 1))
            }
            TypeTarget::Decl(decl) => self.declared(ty.file, decl, &args, depth),
            TypeTarget::Class(class) => Shape::Class(ty.file, class),
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
                        From::Class(class) => return Shape::Class(ty.file, class),
                        From::TypeDecl(decl) => return self.declared(ty.file, decl, &args, depth),
                        _ => {}
                    }
                }
                Shape::Unknown
            }
            TypeTarget::Global => self.builtin(first, path, &args, depth),
        }
    }

    fn defined(
        &self,
        definition: Definition,
        rest: &[Name],
        args: &[TypeUse],
        depth: usize,
    ) -> Shape {
        match definition {
            Definition::Type(file, decl) => self.declared(file, decl, args, depth),
            Definition::Binding(file, binding) => {
                let facts = self.program.facts(file);
                for source in &facts.binding(binding).sources {
                    match source.from {
                        From::Class(class) => return Shape::Class(file, class),
                        From::TypeDecl(decl) => return self.declared(file, decl, args, depth),
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
                self.catalog
                    .type_of(&specifier, &name)
                    .map_or(Shape::Unknown, Shape::Client)
            }
            Definition::Expr(..) | Definition::MemberOf(..) => Shape::Unknown,
        }
    }

    fn declared(&self, file: FileId, decl: TypeDeclId, args: &[TypeUse], depth: usize) -> Shape {
        if depth > MAX_DEPTH {
            return Shape::Unknown;
        }
        let facts = self.program.facts(file);
        let declared = facts.type_decl(decl);
        let env = Rc::new(bind(file, &declared.type_params, args));
        let at = |ty: TypeId| TypeUse {
            file,
            ty,
            env: Rc::clone(&env),
        };
        match &declared.kind {
            TypeDeclKind::Interface { extends, members } => {
                let mut fields = Vec::new();
                let mut open = false;
                // Declarations of one name merge.
                for other in facts
                    .type_decls
                    .iter()
                    .filter(|other| other.name == declared.name)
                {
                    if let TypeDeclKind::Interface { members, .. } = &other.kind {
                        open |= members.iter().any(|member| member.name.is_none());
                        fields.extend(members.iter().filter_map(|member| {
                            Some(TypeField {
                                name: member.name.clone()?,
                                ty: member.ty.map(at),
                                owner: Some(declared.name.clone()),
                            })
                        }));
                    }
                }
                if members.iter().any(|member| member.name.is_none()) {
                    open = true;
                }
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
                        Shape::Class(file, class) => {
                            fields.extend(self.class_fields(file, class, depth + 1))
                        }
                        _ => open = true,
                    }
                }
                Shape::Fields {
                    name: Some(declared.name.clone()),
                    fields,
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
                    let fields = fields.into_iter().map(|field| TypeField {
                        owner: field.owner.or_else(|| Some(declared.name.clone())),
                        ..field
                    });
                    Shape::Fields {
                        name: name.or_else(|| Some(declared.name.clone())),
                        fields: fields.collect(),
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

    fn builtin(&self, name: &str, path: &[Name], args: &[TypeUse], depth: usize) -> Shape {
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

    /// The data fields of a class, inherited ones included.
    pub(super) fn class_fields(
        &self,
        file: FileId,
        class: ClassId,
        depth: usize,
    ) -> Vec<TypeField> {
        let facts = self.program.facts(file);
        let declared = facts.class(class);
        let mut fields = Vec::new();
        for member in declared.members.iter().filter(|member| !member.is_static) {
            let ty = match member.kind {
                MemberKind::Field { ty, .. } | MemberKind::ParamProperty { ty, .. } => ty,
                MemberKind::Getter(function) => facts.function(function).return_type,
                _ => continue,
            };
            fields.push(TypeField {
                name: member.name.clone(),
                ty: ty.map(|ty| TypeUse::new(file, ty)),
                owner: declared.name.clone(),
            });
        }
        if depth < 8
            && let Some(crate::facts::Expr::Ref(binding)) =
                declared.extends.map(|extends| facts.expr(extends))
            && let Some((file, class)) = self.class_of_binding(file, *binding)
        {
            fields.extend(self.class_fields(file, class, depth + 1));
        }
        fields
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

fn literal_key(ty: &Type) -> Option<Name> {
    match ty {
        Type::Literal(Literal::String(text)) => Some(text.clone()),
        _ => None,
    }
}

fn lookup(ty: &TypeUse, name: &str) -> Option<TypeUse> {
    ty.env
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, found)| found.clone())
}

fn bind(file: FileId, params: &[TypeParam], args: &[TypeUse]) -> Vec<(Name, TypeUse)> {
    params
        .iter()
        .enumerate()
        .filter_map(|(index, param)| {
            let fallback = || {
                param
                    .default
                    .or(param.constraint)
                    .map(|ty| TypeUse::new(file, ty))
            };
            Some((
                param.name.clone(),
                args.get(index).cloned().or_else(fallback)?,
            ))
        })
        .collect()
}
