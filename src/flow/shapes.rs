//! What declared types say of a value.
//!
//! In: a [`TypeUse`], a type expression of a file with what its parameters stand for. Out: a [`Shape`]: its fields, its
//! scalar kind, its class, its vendor's client; and answers to the questions of the other stages. It leaves alone how a
//! shape is found (`unfold`, `declared`, `builtins`, `inferred`, `generic`), and values: `evaluate` knows more of those.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::bounds::Bounds;
use super::catalog::Catalog;
pub(super) use super::env::{Digest, Env};
pub(super) use super::fields::{Fields, TypeField};
use super::inferred::Parents;
use super::library::Library;
use super::subject::ValueType;
use super::unify::Mentions;
use super::value::Client;
use crate::facts::{
    BindingId, Class, ClassId, Expr, ExprId, FunctionId, Literal, Member, MemberKind, Name, Type,
    TypeDeclId, TypeId, TypeParam, TypeTarget,
};
use crate::link::Program;
use crate::source::FileId;

/// Deeper nesting of aliases than this is not unfolded.
pub(super) const MAX_DEPTH: usize = 24;

/// Fields are not looked for in unions or base classes nested deeper than this.
const MAX_NESTING: usize = 8;
/// A type is read as no more than this many types.
const MAX_PARTS: usize = 256;

/// A type in its file.
#[derive(Debug, Clone)]
pub(super) struct TypeUse {
    pub file: FileId,
    pub what: What,
    /// What the type parameters in scope stand for.
    pub env: Env,
}

/// How a type is given.
#[derive(Debug, Clone)]
pub(super) enum What {
    /// By a type expression.
    Written(TypeId),
    /// By an expression that has it.
    Of(ExprId),
    /// By its shape.
    Known(Rc<Shape>),
}

impl TypeUse {
    pub(super) fn new(file: FileId, ty: TypeId) -> Self {
        Self::with(file, What::Written(ty), Env::default())
    }

    /// The type of an expression.
    pub(super) fn of(file: FileId, expr: ExprId) -> Self {
        Self::with(file, What::Of(expr), Env::default())
    }

    /// A type of which the shape is known.
    pub(super) fn known(file: FileId, shape: Shape) -> Self {
        Self::with(file, What::Known(Rc::new(shape)), Env::default())
    }

    pub(super) fn with(file: FileId, what: What, env: Env) -> Self {
        Self { file, what, env }
    }

    /// Another type of the same place.
    pub(super) fn at(&self, ty: TypeId) -> Self {
        Self::with(self.file, What::Written(ty), self.env.clone())
    }

    /// The type of an expression of the same place.
    pub(super) fn at_expr(&self, expr: ExprId) -> Self {
        Self::with(self.file, What::Of(expr), self.env.clone())
    }
}

/// What a type says.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// An object with these fields; open if there may be more.
    Fields {
        name: Option<Name>,
        fields: Fields,
        open: bool,
        decl: Option<(FileId, TypeDeclId)>,
    },
    /// No object.
    Scalar(ValueType),
    /// Elements of one type.
    List(Option<TypeUse>),
    /// Elements by position.
    Tuple(Vec<TypeUse>),
    /// A function.
    Function(Rc<Signature>),
    /// An object of a class of the program, with what its type parameters stand for.
    Class(FileId, ClassId, Env),
    /// A vendor's client.
    Client(Client),
    /// What sends requests: an object of this package's type, or a global of the platform.
    Sender(Option<Name>, Name),
    /// One of several.
    Union(Vec<TypeUse>),
    /// The type of a value of the program.
    ValueOf(FileId, ExprId),
    /// A literal text.
    Word(Name),
    /// All that a file exports.
    Module(FileId),
    /// All that is declared of a package outside the tree.
    Declared(Name),
    /// Nothing is known.
    Unknown,
}

/// What a function takes and gives.
#[derive(Debug, Clone, Default)]
pub(super) struct Signature {
    pub type_params: Vec<OwnParam>,
    pub params: Vec<Option<TypeUse>>,
    pub result: Option<TypeUse>,
}

/// A type parameter of a function.
#[derive(Debug, Clone)]
pub(super) struct OwnParam {
    pub name: Name,
    /// `extends T`.
    pub constraint: Option<TypeUse>,
    /// `= T`.
    pub default: Option<TypeUse>,
}

/// What has been computed, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    Type(FileId, TypeId, Digest),
    Expr(FileId, ExprId, Digest),
    /// A declaration, for all who name it.
    Declared(FileId, TypeDeclId, Digest),
}

/// Where the function and object expressions of a file stand, and which expression a function is.
pub(super) type Surroundings = (Rc<Parents>, Rc<FxHashMap<FunctionId, ExprId>>);

/// Reads types, each once.
pub(super) struct Shapes<'p> {
    pub program: &'p Program<'p>,
    pub catalog: &'p Catalog<'p>,
    pub library: &'p Library<'p>,
    /// How many types are being unfolded one inside the other, whichever way they came to it.
    pub nesting: Cell<usize>,
    pub known: RefCell<FxHashMap<Asked, Shape>>,
    /// What is being unfolded now.
    pub busy: RefCell<FxHashSet<Asked>>,
    /// How often something was left unread because it nests too deep or in itself: what rests on that is not kept.
    pub cut: Cell<u64>,
    /// How many types the present question has unfolded.
    pub steps: Cell<u32>,
    /// Where the function and object expressions of a file stand, and which expression a function is.
    pub parents: RefCell<FxHashMap<FileId, Surroundings>>,
    /// The parameters that type expressions mention.
    pub mentions: RefCell<Mentions>,
    /// What the places of functions expect of them.
    pub expected: RefCell<FxHashMap<(FileId, FunctionId), Option<TypeUse>>>,
    /// Variables whose type is being inferred.
    pub naming: RefCell<FxHashSet<(FileId, BindingId)>>,
    /// Functions whose result is being inferred.
    pub calling: RefCell<FxHashSet<(FileId, FunctionId)>>,
    /// What was too much, of types and of the values that have them.
    pub bounds: Bounds,
}

impl<'p> Shapes<'p> {
    pub(super) fn new(
        program: &'p Program<'p>,
        catalog: &'p Catalog<'p>,
        library: &'p Library<'p>,
    ) -> Self {
        Self {
            program,
            catalog,
            library,
            nesting: Cell::new(0),
            known: RefCell::default(),
            busy: RefCell::default(),
            cut: Cell::new(0),
            steps: Cell::new(0),
            parents: RefCell::default(),
            mentions: RefCell::default(),
            expected: RefCell::default(),
            naming: RefCell::default(),
            calling: RefCell::default(),
            bounds: Bounds::default(),
        }
    }

    /// What a type says.
    pub(super) fn shape(&self, ty: &TypeUse) -> Shape {
        self.unfold(ty, 0)
    }

    /// A field of a type: some if the type is known to have it.
    pub(super) fn field(&self, ty: &TypeUse, name: &str) -> Option<TypeField> {
        let shape = self.solid(ty);
        if !matches!(shape, Shape::Union(_)) {
            return self.field_of(&shape, name);
        }
        let each = self.each(ty);
        let mut found = each.iter().filter_map(|shape| self.field_of(shape, name));
        let first = found.next()?;
        let others: Vec<TypeUse> = found.filter_map(|field| field.ty).collect();
        let ty = match first.ty {
            Some(ty) if !others.is_empty() => {
                let file = ty.file;
                let parts = std::iter::once(ty).chain(others).collect();
                Some(TypeUse::known(file, Shape::Union(parts)))
            }
            ty => ty,
        };
        Some(TypeField { ty, ..first })
    }

    /// What a type says, one by one where it is one of several. A type may be a union with itself, which adds nothing.
    fn each(&self, ty: &TypeUse) -> Vec<Shape> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        let mut open = vec![self.solid(ty)];
        let mut left = MAX_PARTS;
        while let Some(shape) = open.pop() {
            let Shape::Union(parts) = shape else {
                found.push(shape);
                continue;
            };
            let new = parts
                .iter()
                .filter(|part| asked(part).is_none_or(|asked| seen.insert(asked)));
            let new: Vec<Shape> = new.take(left).map(|part| self.solid(part)).collect();
            left -= new.len();
            open.extend(new.into_iter().rev());
        }
        if left == 0 {
            self.hit(ty);
        }
        found
    }

    /// A field of what is not one of several.
    fn field_of(&self, shape: &Shape, name: &str) -> Option<TypeField> {
        match shape {
            Shape::Fields { fields, .. } => fields.get(name).cloned(),
            Shape::Class(file, class, env) => self.class_member_named(*file, *class, env, name, 0),
            Shape::Module(file) => {
                let definition = self.program.export(*file, name)?;
                Some(self.member_field(name, self.value_of(definition, 0)?))
            }
            Shape::Declared(specifier) => {
                let found = self.program.declared(specifier, name, false)?;
                Some(self.member_field(name, self.value_declared(found, 0)?))
            }
            _ => None,
        }
    }

    fn member_field(&self, name: &str, ty: TypeUse) -> TypeField {
        TypeField {
            name: name.into(),
            ty: Some(ty),
            owner: None,
            optional: false,
        }
    }

    /// What a type says; that of a value is read off the value.
    pub(super) fn solid(&self, ty: &TypeUse) -> Shape {
        let mut shape = self.shape(ty);
        // The type of a value may be written as that of another.
        for _ in 0..MAX_NESTING {
            let Shape::ValueOf(file, expr) = shape else {
                break;
            };
            shape = self.shape(&TypeUse::of(file, expr));
        }
        shape
    }

    /// The fields of all objects that a type allows; none if one of them is a text or a number, which mostly is the id of
    /// the thing, or if nothing is known of any.
    pub(super) fn all_fields(&self, ty: &TypeUse) -> Option<Fields> {
        let shapes = match self.solid(ty) {
            Shape::List(Some(element)) => self.each(&element),
            _ => self.each(ty),
        };
        if shapes.iter().any(|it| matches!(it, Shape::Scalar(_))) {
            return None;
        }
        let each = shapes.iter().filter_map(|shape| match shape {
            Shape::Fields { fields, .. } => Some(fields.clone()),
            Shape::Class(file, class, env) => {
                Some(self.class_members(*file, *class, env, false, 0).into())
            }
            _ => None,
        });
        let each: Vec<Fields> = each.collect();
        if let [one] = each.as_slice() {
            return Some(one.clone()).filter(|fields| !fields.is_empty());
        }
        let mut places = FxHashMap::default();
        let mut all: Vec<(TypeField, Vec<TypeUse>)> = Vec::new();
        for field in each.into_iter().flatten() {
            match places.get(&field.name) {
                Some(at) => {
                    let (first, others): &mut (TypeField, Vec<TypeUse>) = &mut all[*at];
                    let is_same = |ty: &TypeUse| {
                        first
                            .ty
                            .as_ref()
                            .is_some_and(|first| asked(first) == asked(ty))
                    };
                    others.extend(field.ty.filter(|ty| !is_same(ty)));
                }
                None => {
                    places.insert(field.name.clone(), all.len());
                    all.push((field, Vec::new()));
                }
            }
        }
        let all = all.into_iter().map(|(field, others)| match &field.ty {
            Some(ty) if !others.is_empty() => {
                let file = ty.file;
                let parts = std::iter::once(ty.clone()).chain(others);
                let ty = TypeUse::known(file, self.union(parts, 0));
                TypeField {
                    ty: Some(ty),
                    ..field
                }
            }
            _ => field,
        });
        let all: Vec<TypeField> = all.collect();
        (!all.is_empty()).then(|| all.into())
    }

    /// Whether an object of a type may have fields that the type does not list.
    pub(super) fn is_open(&self, ty: &TypeUse) -> bool {
        let each = self.each(ty);
        each.iter()
            .any(|shape| matches!(shape, Shape::Fields { open: true, .. }))
    }

    /// The type of the elements of a list.
    pub(super) fn element(&self, ty: &TypeUse) -> Option<TypeUse> {
        self.each(ty).into_iter().find_map(|shape| match shape {
            Shape::List(element) => element,
            Shape::Tuple(parts) => parts.into_iter().next(),
            _ => None,
        })
    }

    /// What calling a value of the type gives.
    pub(super) fn result(&self, ty: &TypeUse) -> Option<TypeUse> {
        self.each(ty).into_iter().find_map(|shape| match shape {
            Shape::Function(signature) => signature.result.clone(),
            _ => None,
        })
    }

    /// The scalar kind that a type allows.
    pub(super) fn value_type(&self, ty: &TypeUse) -> ValueType {
        let mut each = self.each(ty);
        // Where a function may stand in the place of a value (`SetStateAction<T>`), it is the value that is data.
        if each.iter().any(|it| !matches!(it, Shape::Function(_))) {
            each.retain(|it| !matches!(it, Shape::Function(_)));
        }
        let mut kinds = each.iter().map(|shape| match shape {
            Shape::Scalar(kind) => *kind,
            Shape::Word(_) => ValueType::Choice,
            Shape::Fields { .. }
            | Shape::List(_)
            | Shape::Tuple(_)
            | Shape::Function(_)
            | Shape::Class(..) => ValueType::Object,
            _ => ValueType::Unknown,
        });
        let Some(first) = kinds.next() else {
            return ValueType::Unknown;
        };
        let others: Vec<ValueType> = kinds.collect();
        if others.iter().all(|kind| *kind == first) {
            first
        } else if first == ValueType::String || others.contains(&ValueType::String) {
            ValueType::String
        } else {
            ValueType::Unknown
        }
    }

    /// The name of a type, if it has one of its own.
    pub(super) fn name(&self, ty: &TypeUse) -> Option<Name> {
        self.name_at(ty, 0)
    }

    fn name_at(&self, ty: &TypeUse, depth: usize) -> Option<Name> {
        if depth > MAX_NESTING {
            return None;
        }
        let name = |ty: &TypeUse| self.name_at(ty, depth + 1);
        let facts = self.program.facts(ty.file);
        let written = match &ty.what {
            What::Written(written) => *written,
            What::Known(shape) => {
                return match &**shape {
                    Shape::Fields { name, .. } => name.clone(),
                    Shape::Union(parts) => parts.iter().find_map(&name),
                    Shape::List(Some(element)) => name(element),
                    _ => None,
                };
            }
            What::Of(_) => {
                return match self.shape(ty) {
                    Shape::Fields { name, .. } => name,
                    Shape::Class(file, class, _) => {
                        self.program.facts(file).class(class).name.clone()
                    }
                    Shape::List(Some(element)) if !matches!(element.what, What::Of(_)) => {
                        name(&element)
                    }
                    _ => None,
                };
            }
        };
        match facts.ty(written) {
            Type::Ref {
                path, args, target, ..
            } => {
                let last = path.last()?;
                match (target, args.first()) {
                    (TypeTarget::Global, Some(inner)) => name(&ty.at(*inner)),
                    // What makes a type of another is called like a function (`z.infer<T>`).
                    (_, Some(inner)) if last.starts_with(char::is_lowercase) => {
                        name(&ty.at(*inner))
                    }
                    (TypeTarget::Param, _) => name(&lookup(ty, last)?),
                    _ => self
                        .key_of_alias(ty, *target, args)
                        .or_else(|| whole_name(path)),
                }
            }
            Type::Union(parts) => parts.iter().find_map(|part| name(&ty.at(*part))),
            Type::Array(inner) => name(&ty.at(*inner)),
            Type::Import { path, .. } => whole_name(path),
            Type::Indexed { object, index } => {
                let key = literal_key(facts.ty(*index));
                let field = key.and_then(|key| self.field(&ty.at(*object), &key)?.ty);
                let named = field.and_then(|ty| name(&ty));
                named.or_else(|| self.name_by_key(ty, *object, *index))
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
        self.class_members(file, class, &Env::default(), false, depth)
    }

    /// The data fields of a class with type arguments, and its methods if they are asked for.
    pub(super) fn class_members(
        &self,
        file: FileId,
        class: ClassId,
        env: &Env,
        methods: bool,
        depth: usize,
    ) -> Vec<TypeField> {
        let declared = self.program.facts(file).class(class);
        let members = declared.members.iter();
        let mut fields: Vec<TypeField> = members
            .filter_map(|member| self.class_member(file, declared, member, env, methods))
            .collect();
        if depth < MAX_NESTING
            && let Some((base_file, base, env)) = self.base_of(file, declared, env)
        {
            fields.extend(self.class_members(base_file, base, &env, methods, depth + 1));
        }
        fields
    }

    /// The member of a class that goes by a name, inherited ones included.
    fn class_member_named(
        &self,
        file: FileId,
        class: ClassId,
        env: &Env,
        name: &str,
        depth: usize,
    ) -> Option<TypeField> {
        let declared = self.program.facts(file).class(class);
        let mut named = declared.members.iter().filter(|it| it.name == name);
        let own = named.find_map(|member| self.class_member(file, declared, member, env, true));
        if own.is_some() || depth >= MAX_NESTING {
            return own;
        }
        let (file, base, env) = self.base_of(file, declared, env)?;
        self.class_member_named(file, base, &env, name, depth + 1)
    }

    /// A member of the objects of a class as a field, if it is one or methods count.
    fn class_member(
        &self,
        file: FileId,
        declared: &Class,
        member: &Member,
        env: &Env,
        methods: bool,
    ) -> Option<TypeField> {
        if member.is_static {
            return None;
        }
        let at = |what| TypeUse::with(file, what, env.clone());
        let facts = self.program.facts(file);
        let ty = match member.kind {
            MemberKind::Field { ty: Some(ty), .. }
            | MemberKind::ParamProperty { ty: Some(ty), .. } => Some(at(What::Written(ty))),
            MemberKind::Field { value, .. } => value.map(|value| at(What::Of(value))),
            MemberKind::ParamProperty { .. } => None,
            // What a getter computes is not among the fields that are copied or written as JSON.
            MemberKind::Getter(function) if methods => facts
                .function(function)
                .return_type
                .map(|ty| at(What::Written(ty))),
            MemberKind::Method(function) if methods => Some(TypeUse::known(
                file,
                Shape::Function(Rc::new(self.signature(file, function, env))),
            )),
            MemberKind::Signature(Some(ty)) if methods => Some(at(What::Written(ty))),
            _ => return None,
        };
        Some(TypeField {
            name: member.name.clone(),
            ty,
            owner: declared.name.clone(),
            optional: false,
        })
    }

    /// The class that a class extends, with what its type parameters stand for.
    fn base_of(&self, file: FileId, declared: &Class, env: &Env) -> Option<(FileId, ClassId, Env)> {
        let extends = self.program.facts(file).expr(declared.extends?);
        let Expr::Ref(binding) = extends else {
            return None;
        };
        let (base_file, base) = self.class_of_binding(file, *binding)?;
        let args = declared.extends_args.iter();
        let args: Vec<TypeUse> = args
            .map(|arg| TypeUse::with(file, What::Written(*arg), env.clone()))
            .collect();
        let params = &self.program.facts(base_file).class(base).type_params;
        Some((base_file, base, bind(base_file, params, &args)))
    }
}

/// The place that a type is found again by, if it has one.
pub(super) fn asked(ty: &TypeUse) -> Option<Asked> {
    let env = ty.env.digest()?;
    match ty.what {
        What::Written(written) => Some(Asked::Type(ty.file, written, env)),
        What::Of(expr) => Some(Asked::Expr(ty.file, expr, env)),
        What::Known(_) => None,
    }
}

/// What type parameters stand for with these arguments.
pub(super) fn bind(file: FileId, params: &[TypeParam], args: &[TypeUse]) -> Env {
    let bound: Vec<(Name, TypeUse)> = params
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
        .collect();
    bound.into()
}

/// A name with the namespaces that it is in: `Checkout.Session` is no session of `Auth`.
fn whole_name(path: &[Name]) -> Option<Name> {
    match path {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(many.join(".").into()),
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
    ty.env.get(name).cloned()
}
