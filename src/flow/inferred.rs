//! The types of expressions, as the language infers them.
//!
//! In: an expression, a name or a function of the program. Out: its [`Shape`] or [`Signature`], and the type that its place
//! expects of a function expression. It leaves alone values: what an expression can be is for `evaluate` to say.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::constant_keys::{ConstantKey, frozen};
use super::shapes::{Env, Shape, Shapes, Signature, TypeField, TypeUse, What};
use super::subject::ValueType;
use super::unfold::own_params;
use crate::facts::PLATFORM;
use crate::facts::{
    BindingId, BindingKind, Entry, Expr, ExprId, FileFacts, From, FunctionId, Imported, Item,
    JsxTag, Key, Literal, LogicalOp, Name, Step, TypeId,
};
use crate::link::{Declared, Definition, Module};
use crate::source::FileId;

/// Re-exports and variables that stand for one another are followed this far.
const MAX_HOPS: usize = 12;
/// Of a longer list the first items tell the type.
const MAX_ITEMS: usize = 6;
/// An object literal with more entries than this is a table.
const MAX_ENTRIES: usize = 200;

/// Where function and object expressions of a file stand.
pub(super) type Parents = FxHashMap<ExprId, Parent>;

/// What expects something of an expression.
#[derive(Debug, Clone)]
pub(super) enum Parent {
    /// It is an argument of a call.
    Arg(ExprId, usize),
    /// It is the value of a key of an object literal.
    Key(ExprId, Name),
    /// A type is written beside it.
    Typed(TypeId),
    /// It is an attribute of an element.
    Prop(ExprId, Name),
}

impl Shapes<'_> {
    /// The type of an expression.
    pub(super) fn of_expr(&self, ty: &TypeUse, id: ExprId, depth: usize) -> Shape {
        let facts = self.program.facts(ty.file);
        let unfold = |ty: TypeUse| self.unfold(&ty, depth + 1);
        let through = |expr: ExprId| unfold(ty.at_expr(expr));
        match facts.expr(id) {
            Expr::Literal(literal) => match literal {
                Literal::String(_) => Shape::Scalar(ValueType::String),
                Literal::Number(_) => Shape::Scalar(ValueType::Number),
                Literal::Bool(_) => Shape::Scalar(ValueType::Boolean),
                Literal::Null | Literal::Undefined | Literal::Regex(_) | Literal::Computed => {
                    Shape::Unknown
                }
            },
            Expr::Template(_) => Shape::Scalar(ValueType::String),
            Expr::Object(entries) => self.object_literal(ty, entries, depth),
            Expr::Array(items) => {
                let values = items.iter().filter_map(|item| match item {
                    Item::Value(value) => Some(ty.at_expr(*value)),
                    _ => None,
                });
                let mut values: Vec<TypeUse> = values.take(MAX_ITEMS).collect();
                Shape::List(match values.len() {
                    0 | 1 => values.pop(),
                    _ => Some(TypeUse::known(ty.file, Shape::Union(values))),
                })
            }
            Expr::Function(function) => {
                Shape::Function(Rc::new(self.signature(ty.file, *function, &ty.env)))
            }
            Expr::Ref(binding) => self
                .binding_type(ty.file, *binding, &ty.env)
                .map_or(Shape::Unknown, unfold),
            Expr::Member { object, name, .. } => {
                if let Expr::Global(global) = facts.expr(*object)
                    && PLATFORM.contains(&global.as_str())
                {
                    return self.global_member(name).map_or(Shape::Unknown, unfold);
                }
                self.field(&ty.at_expr(*object), name)
                    .and_then(|field| field.ty)
                    .map_or(Shape::Unknown, unfold)
            }
            Expr::Index { object, .. } => self
                .element(&ty.at_expr(*object))
                .map_or(Shape::Unknown, unfold),
            Expr::Call {
                callee,
                args,
                type_args,
            } => match frozen(facts, *callee, args) {
                Some(frozen) => through(frozen),
                None => self
                    .call_type(ty, *callee, args, type_args)
                    .map_or(Shape::Unknown, unfold),
            },
            Expr::New {
                callee, type_args, ..
            } => match facts.expr(*callee) {
                Expr::Ref(binding) => match self.class_of_binding(ty.file, *binding) {
                    Some((file, class)) => {
                        let args: Vec<TypeUse> = type_args.iter().map(|arg| ty.at(*arg)).collect();
                        self.object_of(file, class, &args)
                    }
                    None => self.made_outside(ty.file, *binding, depth),
                },
                _ => Shape::Unknown,
            },
            Expr::Conditional {
                then, otherwise, ..
            } => self.union(
                [ty.at_expr(*then), ty.at_expr(*otherwise)].into_iter(),
                depth,
            ),
            Expr::Logical {
                op: LogicalOp::And,
                right,
                ..
            } => through(*right),
            Expr::Logical { left, right, .. } => {
                self.union([ty.at_expr(*left), ty.at_expr(*right)].into_iter(), depth)
            }
            Expr::Binary { op, .. } => match op.as_str() {
                "-" | "*" | "/" | "%" | "**" => Shape::Scalar(ValueType::Number),
                "+" => Shape::Unknown,
                _ => Shape::Scalar(ValueType::Boolean),
            },
            Expr::Unary { op, .. } if op == "!" => Shape::Scalar(ValueType::Boolean),
            Expr::Assign { value, .. }
            | Expr::Await(value)
            | Expr::Yield {
                value: Some(value), ..
            } => through(*value),
            Expr::Sequence(all) => all.last().map_or(Shape::Unknown, |last| through(*last)),
            Expr::Cast {
                ty: Some(cast),
                satisfies: false,
                ..
            } => unfold(ty.at(*cast)),
            Expr::Cast { value, .. } => through(*value),
            _ => Shape::Unknown,
        }
    }

    /// What a vendor's package makes by `new`.
    fn made_outside(&self, file: FileId, binding: BindingId, depth: usize) -> Shape {
        let Some(definition @ Definition::Outside { .. }) = self.import_of(file, binding) else {
            return Shape::Unknown;
        };
        match self.defined(definition, &[], &[], depth + 1) {
            shape @ Shape::Client(_) => shape,
            _ => Shape::Unknown,
        }
    }

    fn object_literal(&self, ty: &TypeUse, entries: &[Entry], depth: usize) -> Shape {
        let mut fields: Vec<TypeField> = Vec::new();
        let mut open = entries.len() > MAX_ENTRIES;
        let mut set = |field: TypeField| {
            fields.retain(|known| known.name != field.name);
            fields.push(field);
        };
        for entry in entries.iter().take(MAX_ENTRIES) {
            match entry {
                Entry::Property {
                    key,
                    value,
                    getter: false,
                    ..
                } => {
                    let key = match key {
                        Key::Name(name) => ConstantKey::Named(name.clone()),
                        Key::Computed(key) => self.constant_key(ty.file, *key),
                    };
                    match key {
                        ConstantKey::Named(name) => set(TypeField {
                            name,
                            ty: Some(ty.at_expr(*value)),
                            owner: None,
                            optional: false,
                        }),
                        ConstantKey::Symbol => {}
                        ConstantKey::Unknown => open = true,
                    }
                }
                Entry::Property { .. } => open = true,
                Entry::Spread(value) => match self.unfold(&ty.at_expr(*value), depth + 1) {
                    Shape::Fields {
                        fields: spread,
                        open: more,
                        ..
                    } => {
                        spread.into_iter().for_each(&mut set);
                        open |= more;
                    }
                    _ => open = true,
                },
            }
        }
        Shape::Fields {
            name: None,
            fields: fields.into(),
            open,
            decl: None,
        }
    }

    /// What a call gives.
    pub(super) fn call_type(
        &self,
        ty: &TypeUse,
        callee: ExprId,
        args: &[Item],
        type_args: &[TypeId],
    ) -> Option<TypeUse> {
        let signature = self.callee_signature(ty, callee, args.len())?;
        let explicit: Vec<TypeUse> = type_args.iter().map(|arg| ty.at(*arg)).collect();
        self.call_result(&signature, &explicit, &arg_types(ty, args))
    }

    /// The signature of what is called, of several the one that takes so many arguments.
    fn callee_signature(
        &self,
        ty: &TypeUse,
        callee: ExprId,
        count: usize,
    ) -> Option<Rc<Signature>> {
        match self.solid(&ty.at_expr(callee)) {
            Shape::Function(signature) => Some(signature),
            Shape::Union(parts) => {
                let mut all = parts.iter().filter_map(|part| match self.solid(part) {
                    Shape::Function(signature) => Some(signature),
                    _ => None,
                });
                let first = all.next()?;
                if first.params.len() >= count {
                    return Some(first);
                }
                Some(all.find(|it| it.params.len() >= count).unwrap_or(first))
            }
            _ => None,
        }
    }

    /// What a function takes and gives.
    pub(super) fn signature(&self, file: FileId, id: FunctionId, env: &Env) -> Signature {
        let facts = self.program.facts(file);
        let function = facts.function(id);
        let at = |what| TypeUse::with(file, what, env.clone());
        let result = match (function.return_type, function.returns.as_slice()) {
            (Some(ty), _) => Some(at(What::Written(ty))),
            (None, []) => None,
            _ if function.is_generator => None,
            (None, [one]) => Some(at(What::Of(*one))),
            (None, many) => Some(TypeUse::known(
                file,
                Shape::Union(many.iter().map(|value| at(What::Of(*value))).collect()),
            )),
        };
        Signature {
            type_params: own_params(file, &function.type_params),
            params: function
                .params
                .iter()
                .map(|param| param.ty.map(|ty| at(What::Written(ty))))
                .collect(),
            result,
        }
    }

    /// The type of a name.
    pub(super) fn binding_type(&self, file: FileId, id: BindingId, env: &Env) -> Option<TypeUse> {
        let facts = self.program.facts(file);
        let binding = facts.binding(id);
        let at = |what| TypeUse::with(file, what, env.clone());
        if let Some(ty) = binding.ty {
            return Some(at(What::Written(ty)));
        }
        if !self.naming.borrow_mut().insert((file, id)) {
            self.cut.set(self.cut.get() + 1);
            return None;
        }
        let mut found = Vec::new();
        for source in &binding.sources {
            let from = match (source.ty, source.from) {
                (Some(ty), _) => Some(at(What::Written(ty))),
                (None, From::Expr(expr)) => Some(at(What::Of(expr))),
                (None, From::Param { function, index }) => self.param_type(file, function, index),
                (None, From::ElementOf(list)) => self.element(&at(What::Of(list))),
                (None, From::Function(function)) => Some(TypeUse::known(
                    file,
                    Shape::Function(Rc::new(self.signature(file, function, env))),
                )),
                (None, From::Import(import)) => {
                    let import = &facts.imports[import.index()];
                    self.imported_value(file, &import.specifier, &import.imported, 0)
                }
                _ => None,
            };
            found.extend(from.and_then(|from| self.walk(from, &source.path)));
        }
        self.naming.borrow_mut().remove(&(file, id));
        // A variable that is assigned again, or an overloaded function.
        match found.len() {
            0 => None,
            1 => found.pop(),
            _ if binding.kind == BindingKind::Const => found.into_iter().next(),
            _ => Some(TypeUse::known(file, Shape::Union(found))),
        }
    }

    fn walk(&self, from: TypeUse, path: &[Step]) -> Option<TypeUse> {
        path.iter().try_fold(from, |ty, step| match step {
            Step::Key(name) => self.field(&ty, name)?.ty,
            Step::Index(index) => match self.solid(&ty) {
                Shape::Tuple(parts) => parts.get(*index as usize).cloned(),
                _ => self.element(&ty),
            },
            Step::RestOf(keys) => match self.solid(&ty) {
                Shape::Fields {
                    name, fields, open, ..
                } => {
                    let fields = fields.only(|field| !keys.contains(&field.name));
                    Some(TypeUse::known(
                        ty.file,
                        Shape::Fields {
                            name,
                            fields,
                            open,
                            decl: None,
                        },
                    ))
                }
                _ => None,
            },
            Step::RestFrom(_) => Some(ty),
            Step::Computed(_) => None,
        })
    }

    /// The type of a parameter: as declared, or as the place of the function expects it.
    pub(super) fn param_type(
        &self,
        file: FileId,
        function: FunctionId,
        index: u32,
    ) -> Option<TypeUse> {
        let facts = self.program.facts(file);
        let declared = facts.function(function).params.get(index as usize)?;
        if let Some(ty) = declared.ty {
            return Some(TypeUse::new(file, ty));
        }
        self.expected_param(file, function, index)
    }

    /// The type that the place of a function expression expects of a parameter.
    pub(super) fn expected_param(
        &self,
        file: FileId,
        function: FunctionId,
        index: u32,
    ) -> Option<TypeUse> {
        let param = |signature: &Signature| signature.params.get(index as usize).cloned().flatten();
        match self.solid(&self.expected_function(file, function)?) {
            Shape::Function(signature) => param(&signature),
            Shape::Union(parts) => parts.iter().find_map(|part| match self.solid(part) {
                Shape::Function(signature) => param(&signature),
                _ => None,
            }),
            _ => None,
        }
    }

    /// The type that the place of a function expression expects of it, found once for all who ask for one of its parameters.
    fn expected_function(&self, file: FileId, function: FunctionId) -> Option<TypeUse> {
        let whose = (file, function);
        if let Some(known) = self.expected.borrow().get(&whose) {
            return known.clone();
        }
        let at = *self.functions(file).get(&function)?;
        let cut = self.cut.get();
        if !self.calling.borrow_mut().insert(whose) {
            self.cut.set(cut + 1);
            return None;
        }
        let expected = self.expected(file, at, 0);
        self.calling.borrow_mut().remove(&whose);
        if self.cut.get() == cut {
            self.expected.borrow_mut().insert(whose, expected.clone());
        }
        expected
    }

    /// The type that an expression's place expects of it.
    fn expected(&self, file: FileId, expr: ExprId, depth: usize) -> Option<TypeUse> {
        if depth > MAX_HOPS {
            return None;
        }
        let facts = self.program.facts(file);
        match self.parents(file).get(&expr)?.clone() {
            Parent::Typed(ty) => Some(TypeUse::new(file, ty)),
            Parent::Key(object, name) => {
                let object = self.expected(file, object, depth + 1)?;
                self.field(&object, &name)?.ty
            }
            Parent::Prop(tag, name) => {
                let props = self
                    .callee_signature(&TypeUse::of(file, tag), tag, 1)?
                    .params
                    .first()
                    .cloned()??;
                self.field(&props, &name)?.ty
            }
            Parent::Arg(call, position) => {
                let (callee, args, types) = match facts.expr(call) {
                    Expr::Call {
                        callee,
                        args,
                        type_args,
                    } => (*callee, args, type_args),
                    _ => return None,
                };
                let here = TypeUse::of(file, call);
                let signature = self.callee_signature(&here, callee, args.len())?;
                let param = signature.params.get(position).cloned()??;
                let explicit: Vec<TypeUse> = types.iter().map(|ty| here.at(*ty)).collect();
                let mut given = arg_types(&here, args);
                // A function among the arguments waits for what the others say.
                if let Some(own) = given.get_mut(position)
                    && matches!(facts.expr(expr), Expr::Function(_))
                {
                    *own = None;
                }
                let is_generic = !signature.type_params.is_empty();
                let wanted = is_generic.then(|| self.expected(file, call, depth + 1));
                let env = self.instance(&signature, &explicit, &given, wanted.flatten().as_ref());
                Some(TypeUse {
                    env: param.env.with(env),
                    ..param
                })
            }
        }
    }

    /// The type of `window.name`, as the tree declares it.
    pub(super) fn global_member(&self, name: &str) -> Option<TypeUse> {
        let (file, decl) = self.program.global_type("Window")?;
        let shape = self.declared(file, decl, &[], 0);
        self.field(&TypeUse::known(file, shape), name)?.ty
    }

    /// The type of what an import takes.
    fn imported_value(
        &self,
        file: FileId,
        specifier: &Name,
        imported: &Imported,
        hops: usize,
    ) -> Option<TypeUse> {
        let is_whole = matches!(imported, Imported::Namespace);
        if is_whole && let Module::File(target) = self.program.module(file, specifier) {
            return Some(TypeUse::known(target, Shape::Module(target)));
        }
        self.value_of(self.program.import(file, specifier, imported)?, hops)
    }

    /// The type of an exported value.
    pub(super) fn value_of(&self, definition: Definition, hops: usize) -> Option<TypeUse> {
        if hops > MAX_HOPS {
            return None;
        }
        match definition {
            Definition::Binding(file, binding) => self.binding_type(file, binding, &Env::default()),
            Definition::Expr(file, expr) => Some(TypeUse::of(file, expr)),
            Definition::MemberOf(file, expr, name) => {
                self.field(&TypeUse::of(file, expr), &name)?.ty
            }
            Definition::Namespace(file) => Some(TypeUse::known(file, Shape::Module(file))),
            Definition::Type(..) => None,
            Definition::Outside {
                specifier,
                imported,
            } => {
                let found = self.import_declared(&specifier, &imported, false)?;
                self.value_declared(found, hops + 1)
            }
        }
    }

    /// The type of a value that a package outside the tree is declared to export.
    pub(super) fn value_declared(&self, found: Declared, hops: usize) -> Option<TypeUse> {
        match found {
            Declared::Binding(file, binding) => {
                self.value_of(Definition::Binding(file, binding), hops + 1)
            }
            Declared::Module(specifier) => {
                Some(TypeUse::known(FileId(0), Shape::Declared(specifier)))
            }
            Declared::Type(..) => None,
        }
    }

    fn parents(&self, file: FileId) -> Rc<Parents> {
        if let Some(known) = self.parents.borrow().get(&file) {
            return Rc::clone(&known.0);
        }
        let facts = self.program.facts(file);
        let parents = Rc::new(parents_of(facts));
        let functions = facts.exprs.iter().enumerate().filter_map(|(at, node)| {
            let Expr::Function(function) = node.expr else {
                return None;
            };
            Some((function, ExprId(u32::try_from(at).ok()?)))
        });
        let known = (Rc::clone(&parents), Rc::new(functions.collect()));
        self.parents.borrow_mut().insert(file, known);
        parents
    }

    fn functions(&self, file: FileId) -> Rc<FxHashMap<FunctionId, ExprId>> {
        self.parents(file);
        self.parents
            .borrow()
            .get(&file)
            .map(|known| Rc::clone(&known.1))
            .unwrap_or_default()
    }
}

fn arg_types(ty: &TypeUse, args: &[Item]) -> Vec<Option<TypeUse>> {
    args.iter()
        .map(|arg| match arg {
            Item::Value(value) => Some(ty.at_expr(*value)),
            _ => None,
        })
        .collect()
}

fn parents_of(facts: &FileFacts) -> Parents {
    let mut parents = Parents::default();
    // A call is asked for what its place expects when it wraps a function (`observer((props) => …)`).
    let wraps = |arg: &Item| match arg {
        Item::Value(arg) => matches!(facts.expr(*arg), Expr::Function(_) | Expr::Call { .. }),
        _ => false,
    };
    let wanted = |expr: ExprId| match facts.expr(expr) {
        Expr::Function(_) | Expr::Object(_) => true,
        Expr::Call { args, .. } => args.first().is_some_and(wraps),
        _ => false,
    };
    for (at, node) in (0..).map(ExprId).zip(&facts.exprs) {
        match &node.expr {
            Expr::Call { args, .. } => {
                for (position, arg) in args.iter().enumerate() {
                    if let Item::Value(arg) = arg
                        && wanted(*arg)
                    {
                        parents.insert(*arg, Parent::Arg(at, position));
                    }
                }
            }
            Expr::Object(entries) => {
                for (name, value) in entries.iter().filter_map(Entry::named) {
                    if wanted(value) {
                        parents.insert(value, Parent::Key(at, name.clone()));
                    }
                }
            }
            Expr::Cast {
                value,
                ty: Some(ty),
                ..
            } if wanted(*value) => {
                parents.insert(*value, Parent::Typed(*ty));
            }
            Expr::Jsx {
                tag: JsxTag::Component(tag),
                props,
                ..
            } => {
                for (name, value) in props.iter().filter_map(Entry::named) {
                    if wanted(value) {
                        parents.insert(value, Parent::Prop(*tag, name.clone()));
                    }
                }
            }
            _ => {}
        }
    }
    for binding in &facts.bindings {
        let Some(ty) = binding.ty else { continue };
        for source in &binding.sources {
            if let From::Expr(value) = source.from
                && source.path.is_empty()
                && wanted(value)
            {
                parents.insert(value, Parent::Typed(ty));
            }
        }
    }
    parents
}

/// The items of a list that an expression names, and their file.
pub(super) fn array_items<'s>(
    shapes: &'s Shapes<'_>,
    file: FileId,
    list: ExprId,
) -> Option<(FileId, &'s [Item])> {
    let (mut file, mut list) = (file, list);
    for _ in 0..MAX_HOPS {
        let facts = shapes.program.facts(file);
        match facts.expr(list) {
            Expr::Array(items) => return Some((file, items)),
            Expr::Cast { value, .. } => list = *value,
            Expr::Ref(binding) => {
                let (declared_in, binding) = shapes.declaration(file, *binding);
                file = declared_in;
                list = shapes.program.facts(file).binding(binding).initial()?;
            }
            _ => return None,
        }
    }
    None
}
