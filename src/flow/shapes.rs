//! What declared types say of a value.
//!
//! In: a [`TypeUse`], a type expression of a file with what its parameters stand for. Out: a [`Shape`]: its fields, its
//! scalar kind, its class, its vendor's client; and answers to the questions of the other stages. It leaves alone how a
//! shape is found (`unfold`, `declared`, `builtins`), and values: `typeof x` is answered by `evaluate`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::catalog::Catalog;
use super::subject::ValueType;
use super::value::Client;
use crate::facts::{
    ClassId, Expr, ExprId, Literal, MemberKind, Name, Type, TypeDeclId, TypeId, TypeTarget,
};
use crate::link::Program;
use crate::source::FileId;

/// Deeper nesting of aliases than this is not unfolded.
pub(super) const MAX_DEPTH: usize = 24;

/// Fields are not looked for in unions or base classes nested deeper than this.
const MAX_NESTING: usize = 8;

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

    /// Another type of the same place.
    pub(super) fn at(&self, ty: TypeId) -> Self {
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
    pub nesting: Cell<usize>,
    pub known: RefCell<FxHashMap<(FileId, TypeId), Shape>>,
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
        if depth > MAX_NESTING {
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
        if depth < MAX_NESTING
            && let Some(Expr::Ref(binding)) = declared.extends.map(|extends| facts.expr(extends))
            && let Some((file, class)) = self.class_of_binding(file, *binding)
        {
            fields.extend(self.class_fields(file, class, depth + 1));
        }
        fields
    }
}

/// The key that a literal type names.
pub(super) fn literal_key(ty: &Type) -> Option<Name> {
    match ty {
        Type::Literal(Literal::String(text)) => Some(text.clone()),
        _ => None,
    }
}

/// What a type parameter stands for.
pub(super) fn lookup(ty: &TypeUse, name: &str) -> Option<TypeUse> {
    ty.env
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, found)| found.clone())
}
