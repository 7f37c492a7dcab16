//! What each kind of expression gives.
//!
//! In: an expression of a file. Out: its [`Value`], from the values of its parts. It leaves alone that each is computed once
//! and within a budget (`evaluate`), names (`bindings`), reading (`members`, `elements`) and calls (`apply`).

use ecow::eco_vec;

use super::components::is_for_components;
use super::evaluate::Evaluator;
use super::object::Object;
use super::pending::Pending;
use super::shapes::TypeUse;
use super::stubs::ARGUMENTS;
use super::value::{Closure, Data, FnRef, Frames, Instance, Root, Spot, V, Value, VendorThing};
use crate::facts::{
    Entry, Expr, ExprId, FunctionId, Imported, Item, Key, Literal, LogicalOp, MODULE, Name,
    TemplatePart,
};
use crate::facts::{KEPT_BY_WINDOW, PLATFORM};
use crate::source::FileId;

/// Why a member of `this` is not known.
pub(super) const NO_KNOWN_THIS: &str = "it is read from an object that is not known here";

impl Evaluator<'_> {
    /// The value of an expression, computed.
    pub(super) fn compute(&self, file: FileId, id: ExprId) -> V {
        let facts = self.program.facts(file);
        let spot = self.spot(file, id);
        match facts.expr(id) {
            Expr::Ref(binding)
                if facts.binding(*binding).name == ARGUMENTS
                    && self.is_stub(file, facts.function_of(id)) =>
            {
                V::nothing()
            }
            Expr::Ref(binding) => {
                let overwritten = self.overwritten(file, *binding, id);
                let value = overwritten.unwrap_or_else(|| self.binding(file, *binding));
                let value = self.compared(file, id, *binding, named_at(value, spot));
                self.narrowed(file, id, *binding, value)
            }
            Expr::Global(name) if PLATFORM.contains(&name.as_str()) => V::new(Value::Platform),
            Expr::Global(name)
                if name == ARGUMENTS && self.is_stub(file, facts.function_of(id)) =>
            {
                V::nothing()
            }
            Expr::Global(name) => self.global(name, spot, true),
            Expr::This => self.this(file, facts.function_of(id), spot),
            Expr::Super => self.constructor_above(file, facts.function_of(id)),
            Expr::Unknown => V::nothing(),
            Expr::Jsx {
                tag,
                props,
                children,
            } => self.element_of_page(file, tag, props, children),
            Expr::Literal(Literal::Null | Literal::Undefined) => V::nothing(),
            Expr::Literal(literal) => V::new(Value::Literal(literal.clone())),
            Expr::Template(parts) => {
                let parts = parts.iter().map(|part| match part {
                    TemplatePart::Text(text) => {
                        V::new(Value::Literal(Literal::String(text.clone())))
                    }
                    TemplatePart::Value(value) => self.expr_there(file, *value),
                });
                text(parts)
            }
            Expr::Object(entries) => self.object(file, entries),
            Expr::Array(items) => V::new(Value::Array(self.items(file, items))),
            Expr::Member { object, name, .. } if matches!(facts.expr(*object), Expr::Super) => {
                self.inherited(file, facts.function_of(id), name, spot)
            }
            Expr::Member { object, name, .. } => {
                let value = self.member(&self.expr(file, *object), name, spot);
                let value = self.of_holder(value, file, *object, name);
                let is_given = match facts.expr(*object) {
                    Expr::This => is_unknown(&value),
                    _ => is_for_components(facts, *object),
                };
                match is_given {
                    true => self.of_any_component(name, spot).unwrap_or(value),
                    false => value,
                }
            }
            Expr::Index { object, index } => {
                let object = self.expr(file, *object);
                if let Some(names) = self.found_in_list(file, *index) {
                    return V::union(names.iter().map(|name| self.member(&object, name, spot)));
                }
                let word = self.word_there(file, *index);
                let index = word.unwrap_or_else(|| self.expr(file, *index));
                self.at_key(&object, &index, spot)
            }
            Expr::Call { .. } | Expr::New { .. } | Expr::Tagged { .. } => self.call(file, id),
            Expr::Function(function) => self.closure(FnRef {
                file,
                function: *function,
            }),
            Expr::Class(class) => V::new(Value::Class(file, *class)),
            Expr::Conditional {
                test,
                then,
                otherwise,
            } => V::union(
                [(*then, true), (*otherwise, false)].map(|(branch, wanted)| {
                    let value = self.of_kind(file, *test, wanted, branch, self.expr(file, branch));
                    self.only_if(file, *test, wanted, value)
                }),
            ),
            Expr::Logical {
                op: LogicalOp::And,
                left,
                right,
            } => self.only_if(file, *left, true, self.expr(file, *right)),
            Expr::Logical { left, right, .. } => {
                V::union([self.expr(file, *left), self.expr(file, *right)])
            }
            Expr::Binary { op, left, right } => match op.as_str() {
                "+" => text([self.expr(file, *left), self.expr(file, *right)].into_iter()),
                "-" | "*" | "/" | "%" | "**" | "|" | "&" | "^" | "<<" | ">>" | ">>>" => flag(),
                _ => flag(),
            },
            Expr::Unary { op, operand } => match op.as_str() {
                // Of `typeof x` a test asks, with the arguments of a call at hand (`guards`).
                "!" | "delete" | "typeof" => flag(),
                "void" => V::nothing(),
                _ => self.expr(file, *operand),
            },
            Expr::Assign { value, .. } => self.expr(file, *value),
            Expr::Sequence(all) => all
                .last()
                .map_or_else(V::nothing, |last| self.expr(file, *last)),
            Expr::Await(value) => self.awaited(file, *value),
            // Who runs a generator gives it what comes of what it asks for, like `await`.
            Expr::Yield {
                value: Some(asked),
                each,
            } => {
                let given = self.awaited(file, *asked);
                let service = match &*given {
                    Value::Class(at, class) if *each => self.service(*at, *class, spot),
                    _ => None,
                };
                match service.unwrap_or(given) {
                    given if given.is_empty() => {
                        V::unknown(spot, "it is what a generator is given")
                    }
                    given => given,
                }
            }
            Expr::Yield { .. } => V::unknown(spot, "it is what a generator is given"),
            Expr::Cast {
                value,
                ty,
                satisfies,
            } => {
                let value = self.expr(file, *value);
                match ty {
                    Some(ty) if !satisfies => self.cast(value, &TypeUse::new(file, *ty)),
                    _ => value,
                }
            }
            Expr::Import(specifier) => match self.expr(file, *specifier).as_str() {
                Some(specifier) => self.module(file, &specifier.into(), &Imported::Namespace, spot),
                None => V::unknown(spot, "the imported module is computed"),
            },
            Expr::Require(specifier) => self.module(file, specifier, &Imported::Equals, spot),
            Expr::ImportMeta => V::new(Value::Data(Data {
                path: eco_vec![Name::const_new("import"), Name::const_new("meta")],
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
        let mut object = Object {
            is_literal: true,
            ..Object::default()
        };
        for entry in entries {
            match entry {
                Entry::Property {
                    key, value, getter, ..
                } => match key {
                    Key::Name(name) => {
                        object.set(name.clone(), self.property(file, *value, *getter), false);
                    }
                    Key::Computed(key) => {
                        self.put_computed(file, &mut object, *key, (*value, *getter));
                    }
                },
                Entry::Spread(value) => {
                    let maybe = is_conditional(self.program.facts(file).expr(*value));
                    object.spread(&self.expr(file, *value), maybe);
                }
            }
        }
        V::new(Value::Object(object))
    }

    fn property(&self, file: FileId, value: ExprId, is_getter: bool) -> V {
        match is_getter {
            true => self.apply(&self.expr(file, value), &[], None),
            false => self.expr_there(file, value),
        }
    }

    /// The value of an expression where it stands: nothing, if a test around it says so.
    fn expr_there(&self, file: FileId, expr: ExprId) -> V {
        let function = self.program.facts(file).function_of(expr);
        match self.is_missing(file, function, expr) {
            true => V::nothing(),
            false => self.expr(file, expr),
        }
    }

    /// Puts a property with a computed key into an object.
    pub(super) fn put_computed(
        &self,
        file: FileId,
        object: &mut Object,
        key: ExprId,
        (value, is_getter): (ExprId, bool),
    ) {
        if let Some(fields) = self.read_by_key(file, key, value) {
            for (name, field) in fields {
                object.set(name, field, true);
            }
            return;
        }
        let computed = self.expr(file, key);
        if computed.as_str().is_none() && self.put_by_guarded_key(file, object, key, value) {
            return;
        }
        if let Some(copied) = self.under_same_key(file, key, value) {
            object.spread(&copied, true);
            return;
        }
        object.put(&computed, self.property(file, value, is_getter), false);
    }

    /// A function as a value.
    pub(super) fn closure(&self, target: FnRef) -> V {
        let facts = self.program.facts(target.file);
        let parent_of = |function: &FunctionId| facts.function(*function).parent;
        let around = std::iter::successors(parent_of(&target.function), parent_of);
        let within = around
            .filter(|function| *function != MODULE)
            .map(|function| {
                Pending::on(FnRef {
                    file: target.file,
                    function,
                })
            });
        V::new(Value::Function(Closure {
            target,
            this: None,
            bound: Vec::new(),
            frames: Frames::default(),
            within: within.collect(),
            curried: false,
            is_trap: false,
            under: None,
        }))
    }

    /// `super.name`: what the class above has, on the same object.
    fn inherited(&self, file: FileId, function: FunctionId, name: &Name, spot: Spot) -> V {
        let this = self.this(file, function, spot);
        let function = self.program.facts(file).function(function);
        let Some(class) = function.class else {
            return V::nothing();
        };
        let above = self.base(file, class);
        let method = above.map(|above| self.method_above(above, name, function.is_static, this));
        let method = method.filter(|method| !method.is_empty());
        method
            .or_else(|| Some(self.member(&self.client_above(file, class)?, name, spot)))
            .unwrap_or_else(V::nothing)
    }

    /// What `super(…)` calls, where that is a vendor's.
    fn constructor_above(&self, file: FileId, function: FunctionId) -> V {
        let class = self.program.facts(file).function(function).class;
        let above = class.and_then(|class| self.vendor_above(file, class));
        above.unwrap_or_else(V::nothing)
    }

    fn this(&self, file: FileId, function: FunctionId, spot: Spot) -> V {
        if let Some(this) = self.acting.this(FnRef { file, function }) {
            return this;
        }
        let function = self.program.facts(file).function(function);
        match (function.class, function.this_object) {
            (Some(class), _) if function.is_static => V::new(Value::Class(file, class)),
            (Some(class), _) => V::new(Value::Instance(Instance::of_class(file, class))),
            // An object's method may run on more than the literal shows: a component's options get its props and data.
            (None, Some(object)) => {
                let mut this = Object::of(&self.expr(file, object));
                this.spreads.push(V::unknown(spot, NO_KNOWN_THIS));
                V::new(Value::Object(this))
            }
            (None, None) => V::unknown(spot, NO_KNOWN_THIS),
        }
    }

    /// A global by its name; `bare` if it stands without `window.`.
    pub(super) fn global(&self, name: &Name, spot: Spot, bare: bool) -> V {
        let known = self.catalog.globals(name);
        let is_kept = KEPT_BY_WINDOW.contains(&name.as_str());
        let assigned = (!is_kept)
            .then(|| self.registry.globals.get(name))
            .flatten();
        if known
            .iter()
            .any(|(vendor, global)| !global.common_word || !bare || self.proven.contains(vendor))
        {
            return V::new(Value::Vendor(VendorThing::Global { name: name.clone() }));
        }
        if let Some(values) = assigned {
            let found = values.iter().map(|(file, value)| self.expr(*file, *value));
            let found = V::union(found.filter(|value| !self.is_below_global(value, name)));
            if let Some(shared) = self.namespace(name, &found, spot) {
                return shared;
            }
            // What begins empty is filled from anywhere.
            let is_empty = |it: &V| matches!(&**it, Value::Object(it) if it.fields.is_empty() && it.spreads.is_empty());
            if !matches!(&*found, Value::Nothing) && !found.alternatives().iter().all(is_empty) {
                return found;
            }
        }
        if bare && let Some(definition) = self.program.auto_import(spot.file, name) {
            return self.definition(&definition, spot);
        }
        if bare && let Some(value) = self.of_component(name) {
            return value;
        }
        let global = V::new(Value::Data(Data {
            path: eco_vec![name.clone()],
            ty: (!bare).then(|| self.shapes.global_member(name)).flatten(),
            ..Data::new(Root::Global, spot)
        }));
        let global = match self.registry.declared.get(name) {
            Some(ty) => self.typed(global, ty, false),
            None => global,
        };
        match !is_kept && self.registry.namespaces.has_root(name) {
            true => self.with_entries(name, global),
            false => global,
        }
    }
}

/// Text of more pieces than this is cut.
pub(super) const MAX_PIECES: usize = 200;
/// A literal that a longer text is joined of is not kept.
const MAX_TEXT: usize = 4 << 10;

/// The key of a field whose name is not known.
pub(super) fn any() -> Name {
    Name::const_new("*")
}

/// A value that tells nothing but yes or no.
pub(super) fn flag() -> V {
    V::new(Value::Literal(Literal::Computed))
}

/// Joined text; a text of literals only is a literal. Text that is joined of itself grows with every joint, so what is behind
/// the first pieces is only known to be there.
pub(super) fn text(parts: impl Iterator<Item = V>) -> V {
    let mut flat: Vec<V> = Vec::new();
    let mut length = 0;
    for part in parts {
        match &*part {
            Value::Text(inner) => flat.extend(inner.iter().cloned()),
            Value::Nothing => {}
            Value::Literal(Literal::String(text)) if length + text.len() > MAX_TEXT => {
                flat.push(flag())
            }
            Value::Literal(Literal::String(text)) => {
                length += text.len();
                flat.push(part);
            }
            _ => flat.push(part),
        }
    }
    if flat.len() > MAX_PIECES {
        flat.truncate(MAX_PIECES);
        flat.push(flag());
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

/// Whether a member of `this` is not in what is known of the object.
fn is_unknown(value: &V) -> bool {
    match &**value {
        Value::Nothing => true,
        Value::Data(data) => data.root == Root::Unknown(NO_KNOWN_THIS),
        _ => false,
    }
}
