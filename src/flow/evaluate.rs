//! What an expression can be.
//!
//! In: a program, the vendors' catalog, the library of known functions. Out: a [`Value`] for an expression, a name, a
//! function's result or a parameter, computed on demand and once. It leaves alone what is read from a value (`members`),
//! what calling it does (`apply`), and who calls whom (`propagate`).
//!
//! A value is computed for any call at once: parameters stay in it as such. An evaluation that comes back to itself, goes
//! too deep or takes too many steps ends as an unknown value that says so.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::catalog::Catalog;
use super::library::Library;
use super::object::Object;
use super::registry::{PLATFORM, Registry};
use super::shapes::{Shape, Shapes, TypeUse};
use super::value::{
    Client, Closure, Data, FnRef, Frames, Instance, MAX_ALTERNATIVES, Root, Spot, V, Value,
    VendorThing,
};
use crate::facts::{
    Binding, BindingId, Entry, Expr, ExprId, FileFacts, From, FunctionId, ImportId, Imported, Item,
    JsxTag, Key, Literal, LogicalOp, MODULE, Name, Step, TemplatePart, TypeDeclKind, TypeId, Write,
};
use crate::finding::Transform;
use crate::link::{Definition, Program};
use crate::ruleset::schema::{Effect, ExportKind, GlobalKind};
use crate::source::{FileId, Span};

/// Nested evaluations beyond this are not followed.
const MAX_DEPTH: usize = 220;
/// Evaluation steps of one scan beyond this are not made.
const MAX_STEPS: u64 = 30_000_000;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Task {
    Expr(FileId, ExprId),
    Binding(FileId, BindingId),
    Result(FnRef),
    Param(FnRef, u32),
}

/// Evaluates expressions of one program.
pub(super) struct Evaluator<'p> {
    pub program: &'p Program<'p>,
    pub catalog: &'p Catalog<'p>,
    pub library: &'p Library<'p>,
    pub shapes: Shapes<'p>,
    pub registry: Registry,
    /// Vendors (by index) whose package or script is in the tree, which proves their globals with ordinary names.
    pub proven: FxHashSet<usize>,
    done: RefCell<FxHashMap<Task, V>>,
    busy: RefCell<FxHashSet<Task>>,
    depth: Cell<usize>,
    steps: Cell<u64>,
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(
        program: &'p Program<'p>,
        catalog: &'p Catalog<'p>,
        library: &'p Library<'p>,
        proven: FxHashSet<usize>,
    ) -> Self {
        let shapes = Shapes::new(program, catalog);
        let registry = Registry::new(&shapes);
        Self {
            program,
            catalog,
            library,
            shapes,
            registry,
            proven,
            done: RefCell::default(),
            busy: RefCell::default(),
            depth: Cell::new(0),
            steps: Cell::new(0),
        }
    }

    /// Whether the step budget is used up.
    pub(super) fn is_exhausted(&self) -> bool {
        self.steps.get() >= MAX_STEPS
    }

    fn once(&self, task: Task, spot: Spot, compute: impl FnOnce() -> V) -> V {
        if let Some(found) = self.done.borrow().get(&task) {
            return found.clone();
        }
        if self.is_exhausted() {
            return V::unknown(spot, "the evaluation budget was used up");
        }
        if self.depth.get() >= MAX_DEPTH {
            return V::unknown(spot, "the value is computed in too many steps");
        }
        if !self.busy.borrow_mut().insert(task) {
            return V::nothing();
        }
        self.steps.set(self.steps.get() + 1);
        self.depth.set(self.depth.get() + 1);
        let value = compute();
        self.depth.set(self.depth.get() - 1);
        self.busy.borrow_mut().remove(&task);
        self.done.borrow_mut().insert(task, value.clone());
        value
    }

    /// Computes one level deeper, or gives an unknown value where that is too deep.
    pub(super) fn deeper(&self, compute: impl FnOnce() -> V) -> V {
        if self.depth.get() >= MAX_DEPTH || self.is_exhausted() {
            return V::nothing();
        }
        self.steps.set(self.steps.get() + 1);
        self.depth.set(self.depth.get() + 1);
        let value = compute();
        self.depth.set(self.depth.get() - 1);
        value
    }

    /// The value of an expression.
    pub(super) fn expr(&self, file: FileId, expr: ExprId) -> V {
        let spot = self.spot(file, expr);
        self.once(Task::Expr(file, expr), spot, || self.compute(file, expr))
    }

    /// The place of an expression.
    pub(super) fn spot(&self, file: FileId, expr: ExprId) -> Spot {
        Spot {
            file,
            span: self.program.facts(file).span(expr),
        }
    }

    fn compute(&self, file: FileId, id: ExprId) -> V {
        let facts = self.program.facts(file);
        let spot = self.spot(file, id);
        match facts.expr(id) {
            Expr::Ref(binding) => named_at(self.binding(file, *binding), spot),
            Expr::Global(name) if PLATFORM.contains(&name.as_str()) => V::new(Value::Platform),
            Expr::Global(name) => self.global(name, spot, true),
            Expr::This => self.this(file, facts.function_of(id)),
            Expr::Super | Expr::Unknown | Expr::Jsx { .. } => V::nothing(),
            Expr::Literal(Literal::Null | Literal::Undefined) => V::nothing(),
            Expr::Literal(literal) => V::new(Value::Literal(literal.clone())),
            Expr::Template(parts) => {
                let parts = parts.iter().map(|part| match part {
                    TemplatePart::Text(text) => {
                        V::new(Value::Literal(Literal::String(text.clone())))
                    }
                    TemplatePart::Value(value) => self.expr(file, *value),
                });
                text(parts)
            }
            Expr::Object(entries) => self.object(file, entries),
            Expr::Array(items) => V::new(Value::Array(self.items(file, items))),
            Expr::Member { object, name, .. } => {
                let value = self.member(&self.expr(file, *object), name, spot);
                match facts.expr(*object) {
                    Expr::This if matches!(&*value, Value::Nothing) => {
                        self.of_component(name).unwrap_or(value)
                    }
                    _ => value,
                }
            }
            Expr::Index { object, index } => {
                let object = self.expr(file, *object);
                let index = self.expr(file, *index);
                match &*index {
                    Value::Literal(Literal::Number(number)) => match number.parse() {
                        Ok(index) => self.index(&object, index),
                        Err(_) => self.element(&object),
                    },
                    _ => match keys_of(&index) {
                        Some(keys) => {
                            V::union(keys.iter().map(|name| self.member(&object, name, spot)))
                        }
                        None => self.element(&object),
                    },
                }
            }
            Expr::Call { .. } | Expr::New { .. } | Expr::Tagged { .. } => self.call(file, id),
            Expr::Function(function) => self.closure(FnRef {
                file,
                function: *function,
            }),
            Expr::Class(class) => V::new(Value::Class(file, *class)),
            Expr::Conditional {
                then, otherwise, ..
            } => V::union([self.expr(file, *then), self.expr(file, *otherwise)]),
            Expr::Logical {
                op: LogicalOp::And,
                right,
                ..
            } => self.expr(file, *right),
            Expr::Logical { left, right, .. } => {
                V::union([self.expr(file, *left), self.expr(file, *right)])
            }
            Expr::Binary { op, left, right } => match op.as_str() {
                "+" => text([self.expr(file, *left), self.expr(file, *right)].into_iter()),
                "-" | "*" | "/" | "%" | "**" | "|" | "&" | "^" | "<<" | ">>" | ">>>" => {
                    V::new(Value::Literal(Literal::Number(Name::const_new("0"))))
                }
                _ => flag(),
            },
            Expr::Unary { op, operand } => match op.as_str() {
                "!" | "delete" => flag(),
                "typeof" => V::new(Value::Literal(Literal::String(Name::const_new("typeof")))),
                "void" => V::nothing(),
                _ => self.expr(file, *operand),
            },
            Expr::Assign { value, .. } => self.expr(file, *value),
            Expr::Sequence(all) => all
                .last()
                .map_or_else(V::nothing, |last| self.expr(file, *last)),
            Expr::Await(value) => self.expr(file, *value),
            Expr::Yield(_) => V::unknown(spot, "it is what a generator is given"),
            Expr::Cast {
                value,
                ty,
                satisfies,
            } => {
                let value = self.expr(file, *value);
                match ty {
                    Some(ty) if !satisfies => self.typed(value, &TypeUse::new(file, *ty), true),
                    _ => value,
                }
            }
            Expr::Import(specifier) => match self.expr(file, *specifier).as_str() {
                Some(specifier) => self.module(file, &specifier.into(), &Imported::Namespace, spot),
                None => V::unknown(spot, "the imported module is computed"),
            },
            Expr::Require(specifier) => self.module(file, specifier, &Imported::Equals, spot),
            Expr::ImportMeta => V::new(Value::Data(Data {
                path: vec![Name::const_new("import"), Name::const_new("meta")],
                ..Data::new(Root::Global, spot)
            })),
        }
    }

    /// The values of arguments or elements; a spread array of known elements is laid out.
    pub(super) fn items(&self, file: FileId, items: &[Item]) -> Vec<V> {
        let mut out = Vec::new();
        for item in items {
            match item {
                Item::Value(value) => out.push(self.expr(file, *value)),
                Item::Hole => out.push(V::nothing()),
                Item::Spread(value) => {
                    let value = self.expr(file, *value);
                    match &*value {
                        Value::Array(elements) => out.extend(elements.iter().cloned()),
                        Value::Nothing => {}
                        _ => out.push(V::new(Value::Spread(value))),
                    }
                }
            }
        }
        out
    }

    /// The value of an object literal or of JSX attributes.
    pub(super) fn object(&self, file: FileId, entries: &[Entry]) -> V {
        let mut object = Object::default();
        for entry in entries {
            match entry {
                Entry::Property {
                    key, value, getter, ..
                } => {
                    let name = match key {
                        Key::Name(name) => Some(name.clone()),
                        Key::Computed(key) => self.key_of(&self.expr(file, *key)),
                    };
                    let mut value = self.expr(file, *value);
                    if *getter {
                        value = self.apply(&value, &[], None);
                    }
                    object.set(name.unwrap_or_else(any), value, false);
                }
                Entry::Spread(value) => {
                    let maybe = is_conditional(self.program.facts(file).expr(*value));
                    object.spread(&self.expr(file, *value), maybe);
                }
            }
        }
        V::new(Value::Object(object))
    }

    /// A property name, if a value is known to be one; `$` pieces of a joined name are left open.
    fn key_of(&self, value: &V) -> Option<Name> {
        value.as_str().map(Name::from)
    }

    /// A function as a value.
    pub(super) fn closure(&self, target: FnRef) -> V {
        let function = self.program.facts(target.file).function(target.function);
        let open = function.parent.is_some_and(|parent| parent != MODULE);
        V::new(Value::Function(Closure {
            target,
            this: None,
            bound: Vec::new(),
            frames: Frames::default(),
            open,
        }))
    }

    fn this(&self, file: FileId, function: FunctionId) -> V {
        let function = self.program.facts(file).function(function);
        match (function.class, function.this_object) {
            (Some(class), _) if function.is_static => V::new(Value::Class(file, class)),
            (Some(class), _) => V::new(Value::Instance(Instance {
                file,
                class,
                args: Vec::new(),
                constructed: false,
            })),
            (None, Some(object)) => self.expr(file, object),
            (None, None) => V::nothing(),
        }
    }

    /// `this.$name`: a plugin gives what it brings to every component under such a name.
    fn of_component(&self, name: &Name) -> Option<V> {
        let is_plugin = name.starts_with('$') && !self.catalog.globals(name).is_empty();
        is_plugin.then(|| V::new(Value::Vendor(VendorThing::Global { name: name.clone() })))
    }

    /// A global by its name; `bare` if it stands without `window.`.
    pub(super) fn global(&self, name: &Name, spot: Spot, bare: bool) -> V {
        let known = self.catalog.globals(name);
        let assigned = self.registry.globals.get(name);
        if known
            .iter()
            .any(|(vendor, global)| !global.common_word || !bare || self.proven.contains(vendor))
        {
            return V::new(Value::Vendor(VendorThing::Global { name: name.clone() }));
        }
        if let Some(values) = assigned {
            let found = V::union(values.iter().map(|(file, value)| self.expr(*file, *value)));
            if !matches!(&*found, Value::Nothing) {
                return found;
            }
        }
        V::new(Value::Data(Data {
            path: vec![name.clone()],
            ..Data::new(Root::Global, spot)
        }))
    }

    /// The value of a name.
    pub(super) fn binding(&self, file: FileId, id: BindingId) -> V {
        let facts = self.program.facts(file);
        let binding = facts.binding(id);
        let spot = Spot {
            file,
            span: binding.span,
        };
        // `declare const gtag: …` names the global that a vendor's script makes.
        let is_ambient = !binding.sources.is_empty()
            && binding
                .sources
                .iter()
                .all(|source| matches!(source.from, From::Nothing) && source.path.is_empty());
        if is_ambient && !self.catalog.globals(&binding.name).is_empty() {
            return self.global(&binding.name, spot, false);
        }
        self.once(Task::Binding(file, id), spot, || {
            if self.is_ambient(file, binding) {
                let global = self.global(&binding.name, spot, true);
                if !matches!(&*global, Value::Data(_)) {
                    return global;
                }
            }
            let value = self.unwritten(file, binding);
            let value = self.written(file, value, &binding.writes, &binding.touches);
            with_alias(value, &binding.name)
        })
    }

    /// The value of a name before anything is assigned to its members.
    pub(super) fn unwritten(&self, file: FileId, binding: &Binding) -> V {
        let spot = Spot {
            file,
            span: binding.span,
        };
        let mut values = Vec::new();
        for source in &binding.sources {
            let mut value = self.origin(file, source.from, &binding.name, spot);
            if let Some(ty) = source.ty {
                value = self.typed(value, &TypeUse::new(file, ty), false);
            }
            for step in &source.path {
                value = self.step(file, &value, step, spot);
            }
            if let Some(default) = source.default {
                value = V::union([value, self.expr(file, default)]);
            }
            values.push(value);
        }
        let mut value = V::union(values);
        if let Some(ty) = binding.ty {
            let ty = TypeUse::new(file, ty);
            // A list that is filled by `push` tells by that what it holds.
            if value.is_empty() && binding.touches.is_empty() {
                value = V::new(Value::Data(Data {
                    path: vec![binding.name.clone()],
                    ..Data::new(Root::Unknown("it is declared without a value"), spot)
                }));
            }
            value = self.typed(value, &ty, false);
        }
        value
    }

    /// The arguments of a call, as they are when it happens: what the function around it assigns to a member of an argument
    /// only later does not count.
    pub(super) fn items_at(&self, file: FileId, items: &[Item], call: ExprId) -> Vec<V> {
        let facts = self.program.facts(file);
        let is_changed = |item: &Item| match item {
            Item::Value(value) => matches!(
                facts.expr(*value),
                Expr::Ref(binding) if self.has_later_changes(file, *binding, call)
            ),
            _ => false,
        };
        if !items.iter().any(is_changed) {
            return self.items(file, items);
        }
        let mut out = Vec::new();
        for item in items {
            match item {
                Item::Value(value) if is_changed(item) => {
                    if let Expr::Ref(binding) = facts.expr(*value) {
                        out.push(self.binding_at(file, *binding, call));
                    }
                }
                _ => out.extend(self.items(file, std::slice::from_ref(item))),
            }
        }
        out
    }

    fn has_later_changes(&self, file: FileId, binding: BindingId, call: ExprId) -> bool {
        let facts = self.program.facts(file);
        let binding = facts.binding(binding);
        let mut writes = binding.writes.iter();
        let mut touches = binding.touches.iter();
        writes.any(|write| is_later(facts, binding, call, write.span, write.function))
            || touches.any(|touch| {
                let around = facts.function_of(*touch);
                is_later(facts, binding, call, facts.span(*touch), around)
            })
    }

    /// The value of a name when a call happens.
    fn binding_at(&self, file: FileId, id: BindingId, call: ExprId) -> V {
        let facts = self.program.facts(file);
        let binding = facts.binding(id);
        let writes = binding
            .writes
            .iter()
            .filter(|write| !is_later(facts, binding, call, write.span, write.function));
        let touches: Vec<ExprId> = binding
            .touches
            .iter()
            .copied()
            .filter(|touch| {
                let around = facts.function_of(*touch);
                !is_later(facts, binding, call, facts.span(*touch), around)
            })
            .collect();
        let value = self.unwritten(file, binding);
        let value = self.written(file, value, writes, &touches);
        with_alias(value, &binding.name)
    }

    /// `declare const gtag: …`: a name for what another script makes.
    fn is_ambient(&self, file: FileId, binding: &Binding) -> bool {
        let facts = self.program.facts(file);
        binding.function == MODULE
            && !binding.sources.is_empty()
            && binding.sources.iter().all(|source| match source.from {
                From::Nothing => true,
                From::Function(function) => facts.function(function).is_signature,
                _ => false,
            })
    }

    fn origin(&self, file: FileId, from: From, name: &Name, spot: Spot) -> V {
        match from {
            From::Expr(expr) => self.expr(file, expr),
            From::Param { function, index } => self.param(FnRef { file, function }, index),
            From::ElementOf(expr) => self.element(&self.expr(file, expr)),
            From::KeyOf(expr) => V::new(Value::KeysOf(self.expr(file, expr))),
            From::Import(import) => self.import(file, import, spot),
            From::Function(function) => self.closure(FnRef { file, function }),
            From::Class(class) => V::new(Value::Class(file, class)),
            From::TypeDecl(decl) => match &self.program.facts(file).type_decl(decl).kind {
                // A member of an enum is one of a few words that the code itself lists.
                TypeDeclKind::Enum(members) => {
                    let mut object = Object::default();
                    for (name, value) in members {
                        let value = value.map_or_else(flag, |value| self.expr(file, value));
                        object.set(name.clone(), value, false);
                    }
                    V::new(Value::Object(object))
                }
                _ => V::nothing(),
            },
            From::Caught => V::new(Value::Data(Data {
                path: vec![name.clone()],
                ..Data::new(Root::Caught, spot)
            })),
            From::Nothing => V::nothing(),
        }
    }

    fn import(&self, file: FileId, import: ImportId, spot: Spot) -> V {
        let import = &self.program.facts(file).imports[import.index()];
        self.module(file, &import.specifier, &import.imported, spot)
    }

    fn module(&self, file: FileId, specifier: &Name, imported: &Imported, spot: Spot) -> V {
        if let Some(found) = self.catalog.import(specifier, imported) {
            return V::new(found);
        }
        match self.program.import(file, specifier, imported) {
            Some(definition) => self.definition(&definition, spot),
            None => V::unknown(spot, "the module does not export it"),
        }
    }

    /// The value of an exported name.
    pub(super) fn definition(&self, definition: &Definition, spot: Spot) -> V {
        match definition {
            Definition::Binding(file, binding) => self.binding(*file, *binding),
            Definition::Expr(file, expr) => self.expr(*file, *expr),
            Definition::MemberOf(file, expr, name) => {
                self.member(&self.expr(*file, *expr), name, spot)
            }
            Definition::Type(..) => V::nothing(),
            Definition::Namespace(file) => V::new(Value::Module(*file)),
            Definition::Outside {
                specifier,
                imported,
            } => self.catalog.import(specifier, imported).map_or_else(
                || {
                    let name = match imported {
                        Imported::Named(name) => name.clone(),
                        _ => specifier.rsplit('/').next().unwrap_or(specifier).into(),
                    };
                    V::new(Value::Data(Data {
                        path: vec![name],
                        ..Data::new(Root::Outside(specifier.clone()), spot)
                    }))
                },
                V::new,
            ),
        }
    }

    /// The value of a parameter: what the function it belongs to is known to be called with by a library, or itself.
    pub(super) fn param(&self, function: FnRef, index: u32) -> V {
        let facts = self.program.facts(function.file);
        let declared = facts.function(function.function);
        let Some(param) = declared.params.get(index as usize) else {
            return V::nothing();
        };
        let spot = Spot {
            file: function.file,
            span: param.span,
        };
        self.once(Task::Param(function, index), spot, || {
            if let Some(value) = self.given_by_library(function, index) {
                return param.ty.map_or(value.clone(), |ty| {
                    self.typed(value, &TypeUse::new(function.file, ty), false)
                });
            }
            let ty = param.ty.map(|ty| TypeUse::new(function.file, ty));
            let path = param.name.iter().cloned().collect();
            let data = Data {
                path,
                ty,
                ..Data::new(Root::Param(function, index), spot)
            };
            if let Some(mut props) = self.given_by_hoc(function, index) {
                props.spreads.push(V::new(Value::Data(data)));
                return V::new(Value::Object(props));
            }
            match data.ty.as_ref().map(|ty| self.shapes.shape(ty)) {
                Some(Shape::Client(client)) => V::new(Value::Client(client)),
                _ => V::new(Value::Data(data)),
            }
        })
    }

    /// The props that a vendor's higher-order component adds to those of a component.
    fn given_by_hoc(&self, function: FnRef, index: u32) -> Option<Object> {
        let at = (function.file, function.function);
        let literal = self.registry.argument_of.get(&at).map(|(call, _)| call);
        let call = *literal.or_else(|| self.registry.named_in.get(&at))?;
        if index != 0 {
            return None;
        }
        let callee = self.call_parts(function.file, call)?.callee;
        let Value::Vendor(VendorThing::Export {
            vendor,
            kind,
            surface,
            members,
            ..
        }) = &*self.expr(function.file, callee)
        else {
            return None;
        };
        if kind.0 != ExportKind::Hoc {
            return None;
        }
        let client = V::new(Value::Client(Client {
            vendor: *vendor,
            surface: surface.clone(),
            path: Vec::new(),
            package: None,
        }));
        let mut props = Object::default();
        for member in members {
            props.set(member.clone(), client.clone(), false);
        }
        Some(props)
    }

    /// The client that a vendor's call hands to a function under a key of its options.
    fn given_by_option(&self, function: FnRef, index: u32) -> Option<V> {
        let at = (function.file, function.function);
        let (call, position, key) = self.registry.option_of.get(&at)?;
        if index != 0 {
            return None;
        }
        let callee = match self.program.facts(function.file).expr(*call) {
            Expr::Call { callee, .. } | Expr::New { callee, .. } => *callee,
            Expr::Jsx {
                tag: JsxTag::Component(tag),
                ..
            } => *tag,
            _ => return None,
        };
        let given = match &*self.expr(function.file, callee) {
            Value::Client(client) => self.catalog.gives(
                client.vendor,
                &client.surface,
                &client.dotted(),
                Some(*position),
                Some(key),
            ),
            Value::Vendor(VendorThing::Export {
                vendor,
                surface,
                name,
                ..
            }) => self
                .catalog
                .gives(*vendor, surface, name, Some(*position), Some(key)),
            _ => None,
        };
        given.map(|client| V::new(Value::Client(client)))
    }

    /// What a library calls a function with that stands in its arguments (`users.map(user => …)`).
    fn given_by_library(&self, function: FnRef, index: u32) -> Option<V> {
        let file = function.file;
        let facts = self.program.facts(file);
        if let Some(given) = self.given_by_option(function, index) {
            return Some(given);
        }
        let &(call, position) = self.registry.argument_of.get(&(file, function.function))?;
        let Expr::Call { callee, args, .. } = facts.expr(call) else {
            return None;
        };
        let callee_value = self.expr(file, *callee);
        if let Value::Client(Client {
            vendor,
            surface,
            path,
            ..
        }) = &*callee_value
            && index == 0
        {
            return self
                .catalog
                .gives(*vendor, surface, &path.join("."), Some(position), None)
                .map(|client| V::new(Value::Client(client)));
        }
        // `queue.push(client => …)`
        if let Value::Vendor(VendorThing::Push { name }) = &*callee_value
            && index == 0
        {
            let given = self
                .catalog
                .globals(name)
                .iter()
                .find_map(|(vendor, global)| {
                    self.catalog
                        .gives(*vendor, &global.surface, "push", Some(position), None)
                });
            return given.map(|client| V::new(Value::Client(client)));
        }
        let Expr::Member { object, name, .. } = facts.expr(*callee) else {
            let names = callee_names(&callee_value);
            let rule = self.library.function(&names, package_of(&callee_value))?;
            let state = || {
                V::new(Value::Data(Data {
                    producer: names.last().cloned(),
                    ..Data::new(Root::Call, self.spot(file, call))
                }))
            };
            return (rule.does == Effect::Select && index == 0).then(state);
        };
        if matches!(&*callee_value, Value::Function(_) | Value::Client(_)) {
            return None;
        }
        let rule = self.library.method(name)?;
        let receiver = self.expr(file, *object);
        match rule.does {
            Effect::Then if index == 0 && position == 0 => Some(receiver),
            Effect::Map | Effect::Elements | Effect::Element | Effect::Drop
                if index == 0 && position == 0 && args.len() == 1 =>
            {
                Some(self.element(&receiver))
            }
            _ => None,
        }
    }

    /// Whether a function is written as an argument of a call that does more with it than give it back: what it is called
    /// with is then the callee's business, and what it reads from that is its own.
    pub(super) fn is_callback(&self, function: FnRef) -> bool {
        let Some(&(call, _)) = self
            .registry
            .argument_of
            .get(&(function.file, function.function))
        else {
            return false;
        };
        let Some(parts) = self.call_parts(function.file, call) else {
            return false;
        };
        let callee = self.expr(function.file, parts.callee);
        let rule = self
            .library
            .function(&callee_names(&callee), package_of(&callee));
        rule.is_none_or(|rule| rule.does != Effect::SameFunction)
    }

    /// What a function gives back, for any call of it.
    pub(super) fn result(&self, function: FnRef) -> V {
        let facts = self.program.facts(function.file);
        let declared = facts.function(function.function);
        let spot = Spot {
            file: function.file,
            span: declared.span,
        };
        self.once(Task::Result(function), spot, || {
            let value = V::union(
                declared
                    .returns
                    .iter()
                    .map(|value| self.expr(function.file, *value)),
            );
            match declared.return_type {
                Some(ty) if !matches!(&*value, Value::Nothing) => {
                    self.typed(value, &TypeUse::new(function.file, ty), false)
                }
                _ => value,
            }
        })
    }

    /// A value of a declared type: unknown values learn it, and a vendor's type makes it a client.
    pub(super) fn typed(&self, value: V, ty: &TypeUse, cast: bool) -> V {
        match &*value {
            Value::Data(data)
                if cast
                    || data
                        .ty
                        .as_ref()
                        .is_none_or(|ty| matches!(self.shapes.shape(ty), Shape::Unknown)) =>
            {
                match self.shapes.shape(ty) {
                    Shape::Unknown => value,
                    Shape::Client(client) => V::new(Value::Client(client)),
                    _ => V::new(Value::Data(Data {
                        ty: Some(ty.clone()),
                        owner: data.owner.clone(),
                        ..data.clone()
                    })),
                }
            }
            Value::Changed(Transform::Encode, inner) => {
                let inner = self.typed(inner.clone(), ty, cast);
                V::new(Value::Changed(Transform::Encode, inner))
            }
            Value::Union(parts) => {
                V::union(parts.iter().map(|part| self.typed(part.clone(), ty, cast)))
            }
            _ => value,
        }
    }

    /// A type argument of a call, as the type of what it gives.
    pub(super) fn type_arg(&self, file: FileId, types: &[TypeId]) -> Option<TypeUse> {
        types.first().map(|ty| TypeUse::new(file, *ty))
    }

    /// A value after the assignments to its members and the calls that change it.
    fn written<'w>(
        &self,
        file: FileId,
        value: V,
        writes: impl IntoIterator<Item = &'w Write>,
        touches: &[ExprId],
    ) -> V {
        let writes: Vec<&Write> = writes.into_iter().collect();
        let changes = writes.len() + touches.len();
        // An object with this many assignments is a table, and its fields are not told apart for good.
        const MAX_CHANGES: usize = 200;
        if changes > MAX_CHANGES
            || matches!(
                &*value,
                Value::Client(_)
                    | Value::Vendor(_)
                    | Value::Class(..)
                    | Value::Function(_)
                    | Value::Module(_)
            )
        {
            return value;
        }
        let mut value = value;
        for write in writes {
            match write.value {
                Some(assigned) => {
                    let assigned = self.expr(file, assigned);
                    value = self.assign(file, &value, &write.path, assigned);
                }
                None => {
                    if let [Step::Key(name)] = write.path.as_slice() {
                        let mut object = Object::of(&value);
                        object.remove(name);
                        value = V::new(Value::Object(object));
                    }
                }
            }
        }
        for touch in touches {
            value = self.touched(file, value, *touch);
        }
        value
    }

    fn assign(&self, file: FileId, value: &V, path: &[Step], assigned: V) -> V {
        let Some((first, rest)) = path.split_first() else {
            return assigned;
        };
        let names = match first {
            Step::Key(name) => Some(vec![name.clone()]),
            Step::Computed(key) => keys_of(&self.expr(file, *key)),
            _ => None,
        };
        if let Value::Array(elements) = &**value {
            // `list.length = 0` and `list[i] = x` leave a list a list.
            let mut elements = elements.clone();
            if matches!(first, Step::Computed(_) | Step::Index(_)) && rest.is_empty() {
                elements.push(assigned);
            }
            return V::new(Value::Array(elements));
        }
        if let Some(names @ [_, _, ..]) = names.as_deref() {
            let mut value = value.clone();
            for name in names {
                value = self.assign_at(file, &value, Some(name.clone()), rest, assigned.clone());
            }
            return value;
        }
        let name = names.and_then(|names| names.into_iter().next());
        self.assign_at(file, value, name, rest, assigned)
    }

    fn assign_at(
        &self,
        file: FileId,
        value: &V,
        name: Option<Name>,
        rest: &[Step],
        assigned: V,
    ) -> V {
        let mut object = Object::of(value);
        let assigned = match (&name, rest) {
            (_, []) => assigned,
            (Some(name), rest) => {
                let inner = object.get(name).unwrap_or_else(V::nothing);
                self.assign(file, &inner, rest, assigned)
            }
            (None, _) => return value.clone(),
        };
        object.set(name.unwrap_or_else(any), assigned, true);
        V::new(Value::Object(object))
    }

    fn touched(&self, file: FileId, value: V, call: ExprId) -> V {
        let facts = self.program.facts(file);
        let Expr::Call { callee, args, .. } = facts.expr(call) else {
            return value;
        };
        let Expr::Member { name, .. } = facts.expr(*callee) else {
            return value;
        };
        match (name.as_str(), args.as_slice()) {
            ("push" | "unshift" | "add", _) if matches!(&*value, Value::Array(_)) => {
                let Value::Array(elements) = &*value else {
                    return value;
                };
                let mut elements = elements.clone();
                elements.extend(self.items(file, args));
                V::new(Value::Array(elements))
            }
            // `Object.assign(value, …)`: the first argument is the value itself.
            ("assign", [_, others @ ..]) => {
                let mut object = Object::of(&value);
                for other in self.items(file, others) {
                    object.spread(&other, true);
                }
                V::new(Value::Object(object))
            }
            ("set" | "append", [Item::Value(key), Item::Value(field)]) if is_record(&value) => {
                match self.key_of(&self.expr(file, *key)) {
                    Some(name) => {
                        let mut object = Object::of(&value);
                        object.set(name, self.expr(file, *field), true);
                        V::new(Value::Object(object))
                    }
                    None => value,
                }
            }
            _ => value,
        }
    }

    /// The global kinds of a vendor's global by name.
    pub(super) fn global_kinds(
        &self,
        name: &str,
        kinds: &[GlobalKind],
    ) -> Vec<(usize, &'p crate::ruleset::schema::Global)> {
        self.catalog.global(name, kinds)
    }
}

/// `URLSearchParams`, `FormData`, `Map` and objects take fields by `set` and `append`.
fn is_record(value: &V) -> bool {
    match &**value {
        Value::Object(_) => true,
        Value::Data(data) => {
            data.root == Root::Call
                && data.producer.as_deref().is_some_and(|name| {
                    matches!(name, "URLSearchParams" | "FormData" | "Map" | "Headers")
                })
        }
        _ => false,
    }
}

/// Whether a change to a member of a local name comes after a call in the same run of the function that declares it.
fn is_later(
    facts: &FileFacts,
    binding: &Binding,
    call: ExprId,
    change: Span,
    around: FunctionId,
) -> bool {
    let at = facts.span(call);
    binding.function == around
        && facts.function_of(call) == around
        && change.start >= at.end
        && !facts
            .loops
            .iter()
            .any(|body| body.contains(at) && body.contains(change) && !body.contains(binding.span))
}

/// The property names that a value can be, if all of them are known.
fn keys_of(value: &V) -> Option<Vec<Name>> {
    let alternatives = value.alternatives();
    // A longer list may have been cut.
    if alternatives.len() >= MAX_ALTERNATIVES {
        return None;
    }
    let names = alternatives
        .iter()
        .map(|name| name.as_str().map(Name::from));
    names.collect()
}

/// The key of a field whose name is not known.
pub(super) fn any() -> Name {
    Name::const_new("*")
}

/// A value that tells nothing but yes or no.
pub(super) fn flag() -> V {
    V::new(Value::Literal(Literal::Bool(true)))
}

/// Joined text; a text of literals only is a literal.
pub(super) fn text(parts: impl Iterator<Item = V>) -> V {
    let mut flat: Vec<V> = Vec::new();
    for part in parts {
        match &*part {
            Value::Text(inner) => flat.extend(inner.iter().cloned()),
            Value::Nothing => {}
            _ => flat.push(part),
        }
    }
    let literal: Option<String> = flat
        .iter()
        .map(|part| match &**part {
            Value::Literal(Literal::String(text) | Literal::Number(text)) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    match literal {
        Some(text) => V::new(Value::Literal(Literal::String(text.into()))),
        None => V::new(Value::Text(flat)),
    }
}

fn is_conditional(expr: &Expr) -> bool {
    matches!(expr, Expr::Conditional { .. } | Expr::Logical { .. })
}

/// A root that is read by its name is first named there.
fn named_at(value: V, spot: Spot) -> V {
    match &*value {
        Value::Data(data)
            if data.steps.is_empty() && data.aliases.is_empty() && data.root != Root::Call =>
        {
            V::new(Value::Data(Data {
                spot,
                ..data.clone()
            }))
        }
        _ => value,
    }
}

fn with_alias(value: V, name: &Name) -> V {
    match &*value {
        Value::Data(data)
            if data.path.last() != Some(name)
                && data.aliases.last() != Some(name)
                && data.aliases.len() < 6 =>
        {
            let mut data = data.clone();
            data.aliases.push(name.clone());
            V::new(Value::Data(data))
        }
        Value::Union(parts) => V::union(parts.iter().map(|part| with_alias(part.clone(), name))),
        Value::Changed(change, inner) => {
            V::new(Value::Changed(*change, with_alias(inner.clone(), name)))
        }
        _ => value,
    }
}

/// The names of a callee that is not part of the program.
pub(super) fn callee_names(value: &V) -> Vec<Name> {
    match &**value {
        Value::Data(data) => data.path.clone(),
        _ => Vec::new(),
    }
}

/// The package that a value comes from.
pub(super) fn package_of(value: &V) -> Option<&str> {
    match &**value {
        Value::Data(Data {
            root: Root::Outside(specifier),
            ..
        }) => Some(specifier),
        _ => None,
    }
}

/// Shares arguments.
pub(super) fn shared(args: &[V]) -> Rc<Vec<V>> {
    Rc::new(args.to_vec())
}
