//! What is read from a value.
//!
//! In: a value and a property, an index or a destructuring step. Out: the value that is read. It leaves alone how values
//! come about (`evaluate`) and calls (`apply`).

use super::evaluate::{Evaluator, shared};
use super::expressions::{any, flag};
use super::object::Object;
use super::shapes::{Shape, TypeUse};
use super::value::{
    Client, Closure, Data, FnRef, Frames, Instance, Root, Spot, Step, V, Value, VendorThing,
};
use crate::facts::{self, ClassId, Expr, From, Literal, Member, MemberKind, Name};
use crate::ruleset::schema::{Effect, GlobalKind};
use crate::source::FileId;

/// Longer inheritance chains than this are not followed.
const MAX_BASES: usize = 12;

impl Evaluator<'_> {
    /// `value.name`, read at `spot`.
    pub(super) fn member(&self, value: &V, name: &Name, spot: Spot) -> V {
        self.deeper(|| self.member_here(value, name, spot))
    }

    fn member_here(&self, value: &V, name: &Name, spot: Spot) -> V {
        match &**value {
            Value::Nothing
            | Value::Vendor(VendorThing::Push { .. } | VendorThing::Export { .. }) => {
                self.member_of_export(value, name)
            }
            Value::Literal(_) | Value::Text(_) if name == "length" => flag(),
            Value::Literal(_) | Value::KeysOf(_) => V::nothing(),
            Value::Text(_) => V::nothing(),
            Value::Object(object) => self.field(object, name, spot),
            Value::Array(_) if name == "length" => flag(),
            Value::Array(elements) => match name.parse::<u32>() {
                Ok(index) => elements
                    .get(index as usize)
                    .cloned()
                    .unwrap_or_else(V::nothing),
                Err(_) => V::nothing(),
            },
            Value::Function(_) => V::nothing(),
            Value::Class(file, class) => self.class_member(*file, *class, name),
            Value::Instance(instance) => self.instance_member(instance, name, spot),
            Value::Module(file) => match self.program.export(*file, name) {
                Some(definition) => self.definition(&definition, spot),
                None => V::nothing(),
            },
            Value::Platform => match name.as_str() {
                "window" | "self" | "globalThis" => value.clone(),
                _ => self.global(name, spot, false),
            },
            // A promise of a client is the client; waiting for it is no call of the vendor's.
            Value::Client(_)
                if self
                    .library
                    .method(name)
                    .is_some_and(|rule| rule.does == Effect::Then) =>
            {
                V::nothing()
            }
            Value::Client(client) => self.client_member(client, name),
            Value::Vendor(VendorThing::Global { name: global }) => self.global_member(global, name),
            Value::Data(data) => self.data_member(data, name, spot),
            Value::Union(parts) => V::union(parts.iter().map(|part| self.member(part, name, spot))),
            Value::Changed(change, inner) => {
                let inner = self.member(inner, name, spot);
                if matches!(&*inner, Value::Literal(_) | Value::Nothing) {
                    inner
                } else {
                    V::new(Value::Changed(*change, inner))
                }
            }
            Value::Spread(inner) => self.member(&self.element(inner), name, spot),
            Value::FieldsOf(inner) => {
                let field = self.element(inner);
                self.member(&field, name, spot)
            }
        }
    }

    /// The static side of a constructor that a vendor exports.
    fn member_of_export(&self, value: &V, name: &Name) -> V {
        match &**value {
            Value::Vendor(VendorThing::Export {
                vendor, surface, ..
            }) => V::new(Value::Client(Client {
                vendor: *vendor,
                surface: surface.clone(),
                path: vec![name.clone()],
                package: None,
            })),
            _ => V::nothing(),
        }
    }

    fn client_member(&self, client: &Client, name: &Name) -> V {
        if let (Some(package), true) = (client.package, client.path.is_empty()) {
            let exported = self.catalog.member(client.vendor, package, name);
            // What is listed as an export of its own wins; anything else is a member of this client.
            if !matches!(&exported, Value::Client(Client { path, .. }) if path.len() == 1) {
                return V::new(exported);
            }
        }
        let mut path = client.path.clone();
        path.push(name.clone());
        V::new(Value::Client(Client {
            path,
            package: None,
            ..client.clone()
        }))
    }

    fn global_member(&self, global: &Name, name: &Name) -> V {
        let dotted = Name::from(format!("{global}.{name}"));
        if !self.catalog.globals(&dotted).is_empty() {
            return V::new(Value::Vendor(VendorThing::Global { name: dotted }));
        }
        if name == "push"
            && !self
                .catalog
                .global(
                    global,
                    &[
                        GlobalKind::ObjectQueue,
                        GlobalKind::CommandQueue,
                        GlobalKind::Client,
                    ],
                )
                .is_empty()
        {
            return V::new(Value::Vendor(VendorThing::Push {
                name: global.clone(),
            }));
        }
        V::union(
            self.catalog
                .global(global, &[GlobalKind::Client, GlobalKind::Command])
                .into_iter()
                .map(|(vendor, rule)| {
                    V::new(Value::Client(Client {
                        vendor,
                        surface: Name::from(&rule.surface),
                        path: vec![name.clone()],
                        package: None,
                    }))
                }),
        )
    }

    fn field(&self, object: &Object, name: &Name, spot: Spot) -> V {
        let mut found = Vec::new();
        for field in object.fields.iter().rev() {
            if field.name == *name {
                found.push(field.value.clone());
                if !field.maybe {
                    return V::union(found);
                }
            }
        }
        if object.without.contains(name)
            || object
                .only
                .as_ref()
                .is_some_and(|only| !only.contains(name))
        {
            return V::union(found);
        }
        found.extend(
            object
                .spreads
                .iter()
                .map(|spread| self.member(spread, name, spot)),
        );
        if found.is_empty() {
            found.extend(
                object
                    .fields
                    .iter()
                    .filter(|field| field.name == "*")
                    .map(|field| field.value.clone()),
            );
        }
        V::union(found)
    }

    fn data_member(&self, data: &Data, name: &Name, spot: Spot) -> V {
        if data.root == Root::Global && data.path.len() == 1 {
            let dotted = Name::from(format!("{}.{name}", data.path[0]));
            if !self.catalog.globals(&dotted).is_empty() {
                return V::new(Value::Vendor(VendorThing::Global { name: dotted }));
            }
        }
        if self
            .library
            .method(name)
            .is_some_and(|rule| rule.does == Effect::Drop)
            && matches!(name.as_str(), "length" | "size")
        {
            return flag();
        }
        if let Some(ty) = &data.ty {
            match self.shapes.shape(ty) {
                Shape::Client(client) => return self.client_member(&client, name),
                Shape::ValueOf(file, expr) => {
                    let value = self.expr(file, expr);
                    if !matches!(&*value, Value::Data(_) | Value::Nothing) {
                        return self.member(&value, name, spot);
                    }
                }
                Shape::Class(file, class) => {
                    if let Some(found) = self.method_by_type(file, class, name, data) {
                        return found;
                    }
                }
                Shape::Fields {
                    decl: Some(decl),
                    fields,
                    ..
                } => {
                    let is_data = fields.iter().any(|field| {
                        field.name == *name
                            && field.ty.as_ref().is_some_and(|ty| {
                                !matches!(
                                    self.shapes.shape(ty),
                                    Shape::Function(_) | Shape::Unknown
                                )
                            })
                    });
                    if !is_data && let Some(classes) = self.registry.implementers.get(&decl) {
                        let methods = classes.iter().filter_map(|(file, class)| {
                            self.method_by_type(*file, *class, name, data)
                        });
                        let found = V::union(methods);
                        if !matches!(&*found, Value::Nothing) {
                            return found;
                        }
                    }
                }
                // A type that is known to the last field does not have another.
                Shape::Fields {
                    fields,
                    open: false,
                    ..
                } if !fields.is_empty() && !fields.iter().any(|field| field.name == *name) => {
                    return V::nothing();
                }
                Shape::List(_) | Shape::Tuple(_) if !is_index(name) => return V::nothing(),
                _ => {}
            }
        }
        let mut next = self.step_into(data, Step::Key(name.clone()), spot);
        next.path.push(name.clone());
        let declared = data.ty.as_ref().and_then(|ty| self.shapes.field(ty, name));
        next.owner = declared
            .as_ref()
            .and_then(|field| field.owner.clone())
            .or_else(|| data.ty.as_ref().and_then(|ty| self.shapes.name(ty)));
        next.ty = declared.and_then(|field| field.ty);
        if let Some(Shape::Client(client)) = next.ty.as_ref().map(|ty| self.shapes.shape(ty)) {
            return V::new(Value::Client(client));
        }
        V::new(Value::Data(next))
    }

    fn step_into(&self, data: &Data, step: Step, spot: Spot) -> Data {
        let mut next = data.clone();
        next.steps.push(step);
        next.spot = spot;
        // Held by a variable before, the root is known by that variable's name from here on.
        if let Some(alias) = next.aliases.last().cloned()
            && (next.path.is_empty() || next.root == Root::Call)
        {
            next.path.push(alias);
        }
        next.aliases.clear();
        next
    }

    /// A method of a class or of the classes below it, as a closure over a value of that class.
    fn method_by_type(&self, file: FileId, class: ClassId, name: &Name, this: &Data) -> Option<V> {
        let this = V::new(Value::Data(this.clone()));
        let own =
            self.find_member(file, class, name, false)
                .and_then(|(file, member)| match member.kind {
                    MemberKind::Method(function) => {
                        Some(method(FnRef { file, function }, this.clone()))
                    }
                    _ => None,
                });
        let below = self
            .registry
            .subclasses
            .get(&(file, class))
            .into_iter()
            .flatten()
            .filter_map(|(file, class)| {
                let facts = self.program.facts(*file);
                facts
                    .class(*class)
                    .members
                    .iter()
                    .find_map(|member| match member.kind {
                        MemberKind::Method(function) if member.name == *name => Some(method(
                            FnRef {
                                file: *file,
                                function,
                            },
                            this.clone(),
                        )),
                        _ => None,
                    })
            });
        let found = V::union(own.into_iter().chain(below));
        (!matches!(&*found, Value::Nothing)).then_some(found)
    }

    /// A member of a class or of the nearest class above it.
    pub(super) fn find_member(
        &self,
        file: FileId,
        class: ClassId,
        name: &str,
        is_static: bool,
    ) -> Option<(FileId, &Member)> {
        let (mut file, mut class) = (file, class);
        for _ in 0..MAX_BASES {
            let facts = self.program.facts(file);
            let declared = facts.class(class);
            let own = declared
                .members
                .iter()
                .filter(|member| member.name == name && member.is_static == is_static);
            if let Some(member) = own.max_by_key(|member| {
                !matches!(
                    member.kind,
                    MemberKind::Signature(_) | MemberKind::Setter(_)
                )
            }) {
                return Some((file, member));
            }
            let Some(Expr::Ref(binding)) = declared.extends.map(|extends| facts.expr(extends))
            else {
                return None;
            };
            (file, class) = self.shapes.class_of_binding(file, *binding)?;
        }
        None
    }

    /// Whether a class is another one or extends it.
    pub(super) fn is_below(&self, class: (FileId, ClassId), base: (FileId, ClassId)) -> bool {
        let mut class = class;
        for _ in 0..MAX_BASES {
            if class == base {
                return true;
            }
            let facts = self.program.facts(class.0);
            let extends = facts.class(class.1).extends;
            let Some(Expr::Ref(binding)) = extends.map(|extends| facts.expr(extends)) else {
                return false;
            };
            match self.shapes.class_of_binding(class.0, *binding) {
                Some(above) => class = above,
                None => return false,
            }
        }
        false
    }

    fn class_member(&self, file: FileId, class: ClassId, name: &Name) -> V {
        let this = V::new(Value::Class(file, class));
        let mut found = Vec::new();
        if let Some((file, member)) = self.find_member(file, class, name, true) {
            match member.kind {
                MemberKind::Method(function) => return method(FnRef { file, function }, this),
                MemberKind::Getter(function) => found.push(self.result(FnRef { file, function })),
                MemberKind::Field { value, ty } => {
                    found.extend(value.map(|value| self.expr(file, value)));
                    found.extend(self.assigned(file, class, name));
                    if found.iter().all(|value| matches!(&**value, Value::Nothing))
                        && let Some(ty) = ty
                    {
                        return self.of_type(
                            TypeUse::new(file, ty),
                            name,
                            Spot {
                                file,
                                span: member.span,
                            },
                        );
                    }
                }
                _ => {}
            }
        }
        // `Analytics.client = …` on the class's own name.
        let facts = self.program.facts(file);
        for binding in facts.bindings.iter().filter(|binding| {
            binding
                .sources
                .iter()
                .any(|source| source.from == From::Class(class))
        }) {
            for write in &binding.writes {
                if let ([facts::Step::Key(written)], Some(value)) =
                    (write.path.as_slice(), write.value)
                    && written == name
                {
                    found.push(self.expr(file, value));
                }
            }
        }
        V::union(found)
    }

    fn assigned(&self, file: FileId, class: ClassId, name: &Name) -> Vec<V> {
        let writes = &self.program.facts(file).class(class).writes;
        let values = writes
            .iter()
            .filter_map(|write| match (write.path.as_slice(), write.value) {
                ([facts::Step::Key(written)], Some(value)) if written == name => {
                    Some(self.expr(file, value))
                }
                _ => None,
            });
        values.collect()
    }

    fn instance_member(&self, instance: &Instance, name: &Name, spot: Spot) -> V {
        let this = V::new(Value::Instance(instance.clone()));
        let Some((file, member)) = self.find_member(instance.file, instance.class, name, false)
        else {
            let assigned = V::union(self.assigned(instance.file, instance.class, name));
            return self.constructed(instance, assigned);
        };
        let found = match member.kind {
            MemberKind::Method(function) => {
                let own = method(FnRef { file, function }, this);
                let below = self.overrides(instance, name);
                return V::union(std::iter::once(own).chain(below));
            }
            MemberKind::Getter(function) => self.result(FnRef { file, function }),
            MemberKind::Setter(_) => V::union(self.assigned(file, instance.class, name)),
            MemberKind::Signature(_) => return V::union(self.overrides(instance, name)),
            MemberKind::ParamProperty {
                function, index, ..
            } => self.param(FnRef { file, function }, index),
            MemberKind::Field { value, ty } => {
                let initial = value.map(|value| self.expr(file, value));
                let found = V::union(initial.into_iter().chain(self.assigned(
                    file,
                    instance.class,
                    name,
                )));
                match ty {
                    Some(ty) if found.is_empty() => {
                        self.of_type(TypeUse::new(file, ty), name, spot)
                    }
                    Some(ty) => self.typed(found, &TypeUse::new(file, ty), false),
                    None => found,
                }
            }
        };
        self.constructed(instance, found)
    }

    fn overrides(&self, instance: &Instance, name: &Name) -> Vec<V> {
        if instance.constructed {
            return Vec::new();
        }
        let below = self
            .registry
            .subclasses
            .get(&(instance.file, instance.class))
            .into_iter()
            .flatten();
        below
            .filter_map(|(file, class)| {
                let this = V::new(Value::Instance(Instance {
                    file: *file,
                    class: *class,
                    args: Vec::new(),
                    constructed: false,
                }));
                self.program
                    .facts(*file)
                    .class(*class)
                    .members
                    .iter()
                    .find_map(|member| match member.kind {
                        MemberKind::Method(function) if member.name == *name => Some(method(
                            FnRef {
                                file: *file,
                                function,
                            },
                            this.clone(),
                        )),
                        _ => None,
                    })
            })
            .collect()
    }

    /// What the constructor got, in the place of its parameters.
    fn constructed(&self, instance: &Instance, value: V) -> V {
        if !instance.constructed || !value.is_symbolic() {
            return value;
        }
        match self.constructor(instance.file, instance.class) {
            Some(constructor) => self.substitute(
                &value,
                &Frames::default().with(constructor, shared(&instance.args)),
            ),
            None => value,
        }
    }

    /// The constructor of a class or of the nearest class above it.
    pub(super) fn constructor(&self, file: FileId, class: ClassId) -> Option<FnRef> {
        let (file, member) = self.find_member(file, class, "constructor", false)?;
        match member.kind {
            MemberKind::Method(function) => Some(FnRef { file, function }),
            _ => None,
        }
    }

    fn of_type(&self, ty: TypeUse, name: &Name, spot: Spot) -> V {
        let data = Data {
            path: vec![name.clone()],
            ..Data::new(
                Root::Unknown("it is assigned where this cannot be seen"),
                spot,
            )
        };
        self.typed(V::new(Value::Data(data)), &ty, false)
    }

    /// `value[index]`.
    pub(super) fn index(&self, value: &V, index: u32) -> V {
        match &**value {
            Value::Array(elements) => {
                for (at, element) in (0..).zip(elements) {
                    if let Value::Spread(rest) = &**element {
                        return self.index(rest, index - at);
                    }
                    if at == index {
                        return element.clone();
                    }
                }
                V::nothing()
            }
            Value::Data(data) => {
                let mut next = self.step_into(data, Step::Index(index), data.spot);
                next.aliases.clone_from(&data.aliases);
                next.ty = data.ty.as_ref().and_then(|ty| match self.shapes.shape(ty) {
                    Shape::Tuple(parts) => parts.get(index as usize).cloned(),
                    _ => self.shapes.element(ty),
                });
                V::new(Value::Data(next))
            }
            Value::Union(parts) => V::union(parts.iter().map(|part| self.index(part, index))),
            Value::Changed(change, inner) => {
                V::new(Value::Changed(*change, self.index(inner, index)))
            }
            _ => self.element(value),
        }
    }

    /// Any element of a list, or any field of an object that is used as a table.
    pub(super) fn element(&self, value: &V) -> V {
        match &**value {
            Value::Array(elements) => V::union(elements.iter().map(|element| match &**element {
                Value::Spread(rest) => self.element(rest),
                _ => element.clone(),
            })),
            Value::Object(object) => V::union(
                object
                    .fields
                    .iter()
                    .map(|field| field.value.clone())
                    .chain(object.spreads.iter().map(|spread| self.element(spread))),
            ),
            Value::Data(data) => {
                let mut next = self.step_into(data, Step::Any, data.spot);
                next.aliases.clone_from(&data.aliases);
                next.ty = data.ty.as_ref().and_then(|ty| self.shapes.element(ty));
                next.owner = None;
                V::new(Value::Data(next))
            }
            Value::Union(parts) => V::union(parts.iter().map(|part| self.element(part))),
            Value::Changed(change, inner) => V::new(Value::Changed(*change, self.element(inner))),
            Value::Text(_) | Value::Literal(_) => value.clone(),
            _ => V::nothing(),
        }
    }

    /// One step of a destructuring pattern.
    pub(super) fn step(&self, file: FileId, value: &V, step: &facts::Step, spot: Spot) -> V {
        match step {
            facts::Step::Key(name) => self.member(value, name, spot),
            facts::Step::Computed(key) => match &*self.expr(file, *key) {
                Value::Literal(Literal::String(name)) => self.member(value, name, spot),
                _ => self.element(value),
            },
            facts::Step::Index(index) => self.index(value, *index),
            facts::Step::RestOf(keys) => self.without(value, keys),
            facts::Step::RestFrom(from) => self.tail(value, *from),
        }
    }

    /// A value without some of its keys.
    pub(super) fn without(&self, value: &V, keys: &[Name]) -> V {
        match &**value {
            Value::Nothing => V::nothing(),
            Value::Union(parts) => V::union(parts.iter().map(|part| self.without(part, keys))),
            _ => {
                let mut object = Object::of(value);
                for key in keys {
                    object.remove(key);
                }
                V::new(Value::Object(object))
            }
        }
    }

    /// A value with only some of its keys.
    pub(super) fn only(&self, value: &V, keys: &[Name], spot: Spot) -> V {
        let mut object = Object::default();
        for key in keys {
            let field = self.member(value, key, spot);
            if !matches!(&*field, Value::Nothing) {
                object.set(key.clone(), field, true);
            }
        }
        V::new(Value::Object(object))
    }

    pub(super) fn tail(&self, value: &V, from: u32) -> V {
        match &**value {
            Value::Array(elements) => {
                let from = from as usize;
                let spread = elements
                    .iter()
                    .position(|element| matches!(&**element, Value::Spread(_)));
                match spread {
                    Some(at) if at < from => match &*elements[at] {
                        Value::Spread(rest) => {
                            self.tail(rest, u32::try_from(from - at).unwrap_or(0))
                        }
                        _ => V::nothing(),
                    },
                    _ => V::new(Value::Array(elements.iter().skip(from).cloned().collect())),
                }
            }
            Value::Data(data) if from > 0 => {
                let mut next = data.clone();
                next.steps.push(Step::From(from));
                V::new(Value::Data(next))
            }
            _ => value.clone(),
        }
    }

    /// The keys that a value lists: an array of string literals.
    pub(super) fn listed_keys(&self, value: &V) -> Option<Vec<Name>> {
        match &**value {
            Value::Array(elements) => elements
                .iter()
                .map(|element| element.as_str().map(Name::from))
                .collect(),
            Value::Literal(Literal::String(text)) => Some(vec![text.clone()]),
            _ => None,
        }
    }

    /// A field of unknown name.
    pub(super) fn table(value: V) -> V {
        let mut object = Object::default();
        object.set(any(), value, true);
        V::new(Value::Object(object))
    }
}

fn is_index(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

fn method(target: FnRef, this: V) -> V {
    V::new(Value::Function(Closure {
        target,
        this: Some(this),
        bound: Vec::new(),
        frames: Frames::default(),
        open: false,
    }))
}
