//! Whether a value leads to a vendor.
//!
//! In: a value, a function, a type or a class of the parsed files, and the functions whose callers matter. Out: yes, if a
//! vendor's client or such a function can be reached from it. It leaves alone by which names it is reached (`terms`).

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::evaluate::Evaluator;
use super::shapes::{Shape, TypeUse, What};
use super::value::{FnRef, Spot, V, Value};
use super::worklist::Open;
use super::wrapped::{makes, runs};
use crate::facts::{
    Access, BindingId, Class, ClassId, Expr, ExprId, FileFacts, From, FunctionId, MemberKind, Type,
    TypeDeclId, TypeDeclKind, TypeId, TypeTarget,
};
use crate::source::FileId;

/// What is nested deeper in a value than this is not what a file is imported for.
const MAX_DEPTH: usize = 5;
/// The same for the fields of its type, of which a type may have without end.
const MAX_TYPE_DEPTH: usize = 2;
/// A type with this many fields is a record of data, not something that is called.
const MAX_FIELDS: usize = 60;

/// Whether a value leads to a vendor.
pub(super) struct Leads<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    open: &'e Open,
    events: &'e BTreeSet<&'e str>,
    seen: FxHashSet<FnRef>,
    classes: FxHashMap<(FileId, ClassId), bool>,
    interfaces: FxHashMap<(FileId, TypeDeclId), bool>,
    modules: FxHashMap<FileId, bool>,
    /// By file and function, what its parameters are called with.
    calls_of_params: FxHashMap<FileId, FxHashMap<FunctionId, Vec<ExprId>>>,
}

impl<'e, 'p> Leads<'e, 'p> {
    pub(super) fn new(
        evaluator: &'e Evaluator<'p>,
        open: &'e Open,
        events: &'e BTreeSet<&'e str>,
    ) -> Self {
        Self {
            evaluator,
            open,
            events,
            seen: FxHashSet::default(),
            classes: FxHashMap::default(),
            interfaces: FxHashMap::default(),
            modules: FxHashMap::default(),
            calls_of_params: FxHashMap::default(),
        }
    }

    /// Whether a value does, nested in others.
    pub(super) fn value(&mut self, value: &V, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return false;
        }
        match &**value {
            Value::Client(_) | Value::Vendor(_) => true,
            Value::Literal(_) | Value::Text(_) => self.evaluator.vendor_of(value).is_some(),
            Value::Creator(creator) => self.events.contains(creator.kind.as_str()),
            Value::Function(closure) => self.function(closure.target, depth),
            Value::Class(file, class) => self.class(*file, *class),
            Value::Instance(instance) => self.class(instance.file, instance.class),
            Value::Object(object) => {
                // A message of a type for which something listens that leads to a vendor.
                let kind = object.get("type");
                kind.is_some_and(|kind| kind.as_str().is_some_and(|it| self.events.contains(it)))
                    || self.evaluator.is_client_of_host(value)
                    || object
                        .fields
                        .iter()
                        .any(|field| self.value(&field.value, depth + 1))
                    || object
                        .spreads
                        .iter()
                        .any(|spread| self.value(spread, depth + 1))
            }
            Value::Array(parts) | Value::Union(parts) => {
                parts.iter().any(|part| self.value(part, depth + 1))
            }
            Value::When(_, inner) => self.value(inner, depth + 1),
            Value::Module(file) => self.module(*file, depth),
            Value::Data(data) => {
                data.ty.as_ref().is_some_and(|ty| self.type_use(ty, depth))
                    || runs(value).any(|closure| self.function(closure.target, depth))
                    || makes(value).any(|(file, class)| self.class(file, class))
            }
            _ => false,
        }
    }

    /// Whether something does that a file exports; each file is asked once.
    fn module(&mut self, file: FileId, depth: usize) -> bool {
        if let Some(known) = self.modules.get(&file) {
            return *known;
        }
        self.modules.insert(file, false);
        let program = self.evaluator.program;
        let exports = &program.facts(file).exports;
        let leads = exports.iter().any(|export| {
            let spot = Spot {
                file,
                span: export.span,
            };
            let definition = program.exported(file, export);
            definition.is_some_and(|definition| {
                let value = self.evaluator.definition(&definition, spot);
                self.value(&value, depth + 1)
            })
        });
        self.modules.insert(file, leads);
        leads
    }

    /// Whether what is asked for by a name does: what a context is made with, or is to hold by its type.
    pub(super) fn context(&mut self, context: (FileId, BindingId)) -> bool {
        if !self.evaluator.is_context(context) {
            return false;
        }
        let (file, binding) = context;
        let span = self.evaluator.program.facts(file).binding(binding).span;
        let held = self.evaluator.of_context(context, Spot { file, span });
        held.is_some_and(|held| self.value(&held, 0))
    }

    /// Whether one of the values does that files which matter put somewhere.
    pub(super) fn any_of<'a>(
        &mut self,
        admitted: &BTreeSet<FileId>,
        values: impl IntoIterator<Item = &'a (FileId, ExprId)>,
    ) -> bool {
        values.into_iter().any(|(file, value)| {
            admitted.contains(file) && self.value(&self.evaluator.expr(*file, *value), 0)
        })
    }

    fn function(&mut self, function: FnRef, depth: usize) -> bool {
        if self.open.contains(&function) {
            return true;
        }
        // A function is asked once; what it gives back is the same however it is reached.
        if !self.seen.insert(function) {
            return false;
        }
        let result = self.evaluator.result(function);
        let leads = self.value(&result, depth + 1) || self.hands_on(function);
        if leads {
            self.seen.remove(&function);
        }
        leads
    }

    /// Whether a function calls another, which it is given, with what does, or says so.
    fn hands_on(&mut self, function: FnRef) -> bool {
        let facts = self.evaluator.program.facts(function.file);
        let params = facts.function(function.function).params.iter();
        let called = params.filter_map(|param| match facts.ty(param.ty?) {
            Type::Function { params, .. } => Some(params),
            Type::Ref {
                target: TypeTarget::Decl(decl),
                ..
            } => match facts.type_decl(*decl).kind {
                TypeDeclKind::Alias(ty) => match facts.ty(ty) {
                    Type::Function { params, .. } => Some(params),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        });
        let given = called.flatten().filter_map(|(_, ty)| *ty);
        let mut named =
            given.filter(|ty| matches!(facts.ty(*ty), Type::Ref { .. } | Type::Object(_)));
        let says = named.any(|ty| {
            let ty = TypeUse::new(function.file, ty);
            let held = self.members(&ty);
            matches!(self.evaluator.shapes.shape(&ty), Shape::Client(_))
                || held.iter().any(|ty| self.is_made(ty))
        });
        says || self
            .handed_on(function)
            .iter()
            .any(|value| self.is_way(value))
    }

    /// What a function calls a parameter of its own with.
    fn handed_on(&mut self, function: FnRef) -> Vec<V> {
        let FnRef { file, function } = function;
        let evaluator = self.evaluator;
        let calls = (self.calls_of_params.entry(file))
            .or_insert_with(|| calls_of_params(evaluator.program.facts(file)));
        let of_function = calls.get(&function).into_iter().flatten();
        of_function
            .map(|value| evaluator.expr(file, *value))
            .collect()
    }

    /// Whether a value is a way to a vendor by itself.
    fn is_way(&self, value: &V) -> bool {
        value.alternatives().iter().any(|value| match &**value {
            Value::Client(_) | Value::Vendor(_) => true,
            Value::Function(closure) => self.open.contains(&closure.target),
            _ => false,
        })
    }

    /// Whether something of a type does that the type takes from an expression.
    fn is_made(&mut self, ty: &TypeUse) -> bool {
        let members = self.members(ty);
        members.iter().any(|ty| self.is_done_by(ty))
    }

    /// The types of what an object of a type has.
    fn members(&self, ty: &TypeUse) -> Vec<TypeUse> {
        match self.evaluator.shapes.shape(ty) {
            Shape::Fields { fields, .. } if fields.len() < MAX_FIELDS => {
                fields.iter().filter_map(|field| field.ty.clone()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a function does that a type takes from an expression.
    fn is_done_by(&mut self, ty: &TypeUse) -> bool {
        match (&ty.what, self.evaluator.shapes.shape(ty)) {
            (What::Of(expr), Shape::Function(_)) => {
                let value = self.evaluator.expr(ty.file, *expr);
                self.value(&value, MAX_DEPTH - 1)
            }
            _ => false,
        }
    }

    /// Whether a name holds something that was made for a type that does (`new Token<Stats>('stats')`): who asks for that names
    /// it, and not the type.
    pub(super) fn made_for(&mut self, file: FileId, name: BindingId) -> bool {
        let facts = self.evaluator.program.facts(file);
        let made = facts.binding(name).sources.iter();
        let types = made.filter_map(|source| match source.from {
            From::Expr(made) => match facts.expr(made) {
                Expr::New { type_args, .. } => Some(type_args),
                _ => None,
            },
            _ => None,
        });
        let types: Vec<TypeId> = types.flatten().copied().collect();
        types
            .into_iter()
            .any(|ty| self.type_use(&TypeUse::new(file, ty), 0))
    }

    /// Whether a value of a type does.
    pub(super) fn type_use(&mut self, ty: &TypeUse, depth: usize) -> bool {
        match self.evaluator.shapes.shape(ty) {
            Shape::Client(_) | Shape::Sender(..) => true,
            Shape::Class(file, class, _) => self.class(file, class),
            Shape::Fields {
                decl: Some(decl),
                fields,
                ..
            } => {
                self.interface(decl)
                    || (depth < MAX_TYPE_DEPTH
                        && fields.len() < MAX_FIELDS
                        && fields.iter().any(|field| {
                            field
                                .ty
                                .as_ref()
                                .is_some_and(|ty| self.type_use(ty, depth + 2))
                        }))
            }
            Shape::Fields { decl: None, .. } => self.is_made(ty),
            _ => false,
        }
    }

    /// The names of what a class implements and extends.
    pub(super) fn bases(&self, file: FileId, class: &Class) -> Vec<String> {
        let facts = self.evaluator.program.facts(file);
        let implemented = class
            .implements
            .iter()
            .filter_map(|ty| match facts.ty(*ty) {
                Type::Ref { path, .. } => path.last().map(ToString::to_string),
                _ => None,
            });
        let extended = class.extends.and_then(|extends| match facts.expr(extends) {
            Expr::Ref(binding) => Some(facts.binding(*binding).name.to_string()),
            _ => None,
        });
        implemented.chain(extended).collect()
    }

    /// Whether a class that implements an interface does.
    pub(super) fn interface(&mut self, decl: (FileId, TypeDeclId)) -> bool {
        let classes = self
            .evaluator
            .registry
            .implementers
            .get(&decl)
            .cloned()
            .unwrap_or_default();
        classes
            .iter()
            .any(|(file, class)| self.class(*file, *class))
            || self.literals(decl)
    }

    /// Whether an object that is said to be of an interface does; each interface is asked once, as classes are.
    pub(super) fn literals(&mut self, decl: (FileId, TypeDeclId)) -> bool {
        if let Some(known) = self.interfaces.get(&decl) {
            return *known;
        }
        self.interfaces.insert(decl, false);
        let literals = self.evaluator.registry.literals.get(&decl);
        let literals = literals.into_iter().flatten();
        let leads = literals
            .map(|(file, literal)| self.evaluator.expr(*file, *literal))
            .any(|value| self.value(&value, 0));
        self.interfaces.insert(decl, leads);
        leads
    }

    /// Whether a value whose type an alias is made of does: `ReturnType<typeof makeClient>`.
    pub(super) fn alias(
        &mut self,
        (file, decl): (FileId, TypeDeclId),
        may: impl Fn(ExprId) -> bool,
    ) -> bool {
        let facts = self.evaluator.program.facts(file);
        match facts.type_decl(decl).kind {
            TypeDeclKind::Alias(ty) => typed_by(facts, ty)
                .is_some_and(|expr| may(expr) && self.value(&self.evaluator.expr(file, expr), 0)),
            _ => false,
        }
    }

    /// Whether the template of a class does, which can use what the class is handed as well.
    pub(super) fn template(&mut self, file: FileId, class: ClassId) -> bool {
        let members = &self.evaluator.program.facts(file).class(class).members;
        self.class(file, class)
            || members.iter().any(|member| match member.kind {
                MemberKind::ParamProperty { ty: Some(ty), .. } => {
                    self.type_use(&TypeUse::new(file, ty), 2)
                }
                _ => false,
            })
    }

    /// Whether a class leads to a vendor; each is asked once, and one that is being asked does not lead by itself.
    pub(super) fn class(&mut self, file: FileId, class: ClassId) -> bool {
        if let Some(known) = self.classes.get(&(file, class)) {
            return *known;
        }
        self.classes.insert((file, class), false);
        let facts = self.evaluator.program.facts(file);
        let class_facts = facts.class(class);
        let mut leads = class_facts.members.iter().any(|member| match member.kind {
            MemberKind::Method(function)
            | MemberKind::Getter(function)
            | MemberKind::Setter(function) => self.open.contains(&FnRef { file, function }),
            _ => false,
        });
        for member in &class_facts.members {
            let (value, ty) = match member.kind {
                MemberKind::Field { value, ty } => (value, ty),
                MemberKind::ParamProperty {
                    function,
                    index,
                    ty,
                    access: Access::Open,
                } => {
                    let param = facts.function(function).params.get(index as usize);
                    (param.and_then(|param| param.default), ty)
                }
                _ => continue,
            };
            leads = leads
                || value.is_some_and(|value| self.value(&self.evaluator.expr(file, value), 2))
                || ty.is_some_and(|ty| self.type_use(&TypeUse::new(file, ty), 2));
        }
        leads = leads || self.evaluator.vendor_above(file, class).is_some();
        for write in &class_facts.writes {
            if let (false, [_, ..], Some(value)) = (leads, &write.path[..], write.value) {
                leads = self.value(&self.evaluator.expr(file, value), 2);
            }
        }
        for call in &class_facts.touches {
            let parts = self.evaluator.call_parts(file, *call);
            let args = parts.map_or(&[][..], |parts| parts.args).iter();
            for arg in args.filter_map(|item| item.expr()) {
                leads = leads || self.value(&self.evaluator.expr(file, arg), 2);
            }
        }
        for member in self.evaluator.registry.installed.on(file, class) {
            leads = leads || self.value(&self.evaluator.expr(member.file, member.value), 2);
        }
        // What a class inherits is called on its own objects, by files that name no class above it.
        if !leads && let Some((file, above)) = self.evaluator.base(file, class) {
            leads = self.class(file, above);
        }
        self.classes.insert((file, class), leads);
        leads
    }
}

/// What functions call their own parameters with.
fn calls_of_params(facts: &FileFacts) -> FxHashMap<FunctionId, Vec<ExprId>> {
    let mut found: FxHashMap<FunctionId, Vec<ExprId>> = FxHashMap::default();
    for call in &facts.calls {
        let Expr::Call { callee, args, .. } = facts.expr(*call) else {
            continue;
        };
        let Expr::Ref(binding) = facts.expr(facts.uncast(*callee)) else {
            continue;
        };
        for source in &facts.binding(*binding).sources {
            if let From::Param { function, .. } = source.from {
                let given = args.iter().filter_map(|item| item.expr());
                found.entry(function).or_default().extend(given);
            }
        }
    }
    found
}

/// The expression of `typeof`, by itself or in a built-in type.
fn typed_by(facts: &FileFacts, ty: TypeId) -> Option<ExprId> {
    match facts.ty(ty) {
        Type::TypeOf(expr) => Some(*expr),
        Type::Ref {
            target: TypeTarget::Global,
            args,
            ..
        } => typed_by(facts, *args.first()?),
        _ => None,
    }
}
