//! What is read from a value.
//!
//! In: a value and the name of a property. Out: the value that is read. It leaves alone what classes have (`classes`),
//! elements of lists (`elements`), how values come about (`evaluate`) and calls (`apply`).

use std::rc::Rc;

use ecow::EcoVec;

use super::addresses::has_query;
use super::alike::unconditional;
use super::behind::Asked;
use super::blanks::read_at;
use super::conditions::{Condition, when};
use super::evaluate::Evaluator;
use super::expressions::flag;
use super::left_out::leaving_out;
use super::messages::creator_member;
use super::object::Object;
use super::shapes::{Shape, TypeUse, What};
use super::subject::ValueType;
use super::value::{Client, Data, Origin, Presence, Root, Spot, Step, V, Value, VendorThing};
use crate::facts::{Expr, Name};
use crate::finding::Transform;
use crate::ruleset::schema::{Effect, GlobalKind};

impl Evaluator<'_> {
    /// `value.name`, read at `spot`.
    pub(super) fn member(&self, value: &V, name: &Name, spot: Spot) -> V {
        self.deeper(Some(spot), || self.member_here(value, name, spot))
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
            // A made address as one text, with the query that was put into it.
            Value::Object(object) if name == "href" && has_query(object) => value.clone(),
            Value::Object(object) => self.field(object, name, spot),
            Value::Array(_) if name == "length" => flag(),
            Value::Array(elements) => match name.parse::<u32>() {
                Ok(index) => elements
                    .get(index as usize)
                    .cloned()
                    .unwrap_or_else(V::nothing),
                Err(_) => V::nothing(),
            },
            Value::Function(closure) if closure.is_trap => value.clone(),
            Value::Function(_) => V::nothing(),
            Value::Creator(creator) => creator_member(creator, name),
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
            Value::Data(data) => self.data_member(data, name, spot, true),
            Value::Union(parts) => {
                // What stands beside objects that are written out is mostly one of them.
                let is_written = |part: &V| matches!(&**part, Value::Object(_));
                let is_open = !parts.iter().any(is_written);
                V::union(parts.iter().map(|part| match &**part {
                    Value::Data(data) if !is_open => self.data_member(data, name, spot, false),
                    _ => self.member(part, name, spot),
                }))
            }
            Value::When(condition, inner) => when(condition, self.member(inner, name, spot)),
            // What has fields is a list that was cut, or one of its elements, which is whole.
            Value::Changed(Transform::Truncate, inner)
                if !is_index(name) && !is_of_match(inner, name) =>
            {
                self.member(inner, name, spot)
            }
            Value::Changed(change, inner) => {
                let inner = self.member(inner, name, spot);
                if matches!(&*inner, Value::Literal(_) | Value::Nothing) {
                    inner
                } else {
                    V::new(Value::Changed(*change, inner))
                }
            }
            Value::Without(left_out, _) if left_out.has(name) => V::nothing(),
            Value::Without(left_out, inner) => {
                let member = self.member(inner, name, spot);
                match left_out.deep {
                    true => leaving_out(left_out, member),
                    false => member,
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
                path: vec![name.clone()],
                ..Client::new(*vendor, surface.clone())
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
        if !client.has(name) {
            return V::nothing();
        }
        let mut path = client.path.clone();
        path.push(name.clone());
        V::new(Value::Client(Client {
            path,
            package: None,
            ..client.clone()
        }))
    }

    /// Whether a value is a global that takes settings by assignment.
    pub(super) fn is_settings(&self, value: &V) -> bool {
        matches!(&**value, Value::Vendor(VendorThing::Global { name }) if self.is_setting(name))
    }

    /// Whether a global of this name takes settings by assignment.
    pub(super) fn is_setting(&self, name: &str) -> bool {
        !self
            .catalog
            .global(name, &[GlobalKind::Settings])
            .is_empty()
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
                        path: vec![name.clone()],
                        ..Client::new(vendor, Name::from(&rule.surface))
                    }))
                }),
        )
    }

    fn field(&self, object: &Object, name: &Name, spot: Spot) -> V {
        let mut found = Vec::new();
        let mut stored = Vec::new();
        // What callers may say to be put under this name, over what is there.
        let mut said = Vec::new();
        for field in object.fields.iter().rev() {
            if field.name == "*" {
                stored.push(&field.value);
            }
            if let Some(key) = &field.key {
                let stored = self.stored_under(&field.value, name, spot);
                said.push(when(&Rc::new(Condition::of_key(key.clone(), name)), stored));
            }
            if field.name == *name {
                found.push(read_at(field.value.clone(), spot));
                if field.is_sure() {
                    // What is copied over defaults by computed names replaces them.
                    if matches!(&*field.value, Value::Literal(_)) {
                        let copied = stored.iter().map(|it| self.stored_under(it, name, spot));
                        found.extend(copied.filter(|it| !matches!(&**it, Value::FieldsOf(_))));
                    }
                    return V::union(said.into_iter().chain(found));
                }
            }
        }
        if object.without.contains(name)
            || object
                .only
                .as_ref()
                .is_some_and(|only| !only.contains(name))
        {
            return V::union(said.into_iter().chain(found));
        }
        // What is spread over an instance fills its fields (`Object.assign(new Command(), data)`).
        let is_filled = !found.is_empty();
        let spreads = object.spreads.iter();
        let spreads = spreads.filter(|it| !(is_filled && matches!(&***it, Value::Instance(_))));
        found.extend(spreads.map(|spread| self.member(spread, name, spot)));
        if found.is_empty() {
            let by_key = object.fields.iter();
            let by_key = by_key.filter(|field| field.name == "*" && field.key.is_none());
            found.extend(by_key.map(|field| self.stored_under(&field.value, name, spot)));
        }
        V::union(said.into_iter().chain(found))
    }

    /// What does something among what a type takes from expressions: `track` of what `ReturnType<typeof makeClient>` has, and
    /// of each of those that it may be where the function returns one of several.
    fn done_by_type(&self, ty: &TypeUse) -> Vec<V> {
        let done = |part: &TypeUse| self.done_by_expression(part);
        match self.shapes.shape(ty) {
            Shape::Union(parts) => parts.iter().filter_map(done).collect(),
            _ => done(ty).into_iter().collect(),
        }
    }

    fn done_by_expression(&self, ty: &TypeUse) -> Option<V> {
        let What::Of(expr) = ty.what else {
            return None;
        };
        let may_do = match self.shapes.shape(ty) {
            Shape::Function(_) => true,
            Shape::Unknown => matches!(
                self.program.facts(ty.file).expr(expr),
                Expr::Ref(_) | Expr::New { .. }
            ),
            _ => false,
        };
        may_do.then(|| self.expr(ty.file, expr)).filter(does)
    }

    /// What the expression is called that a text of a type is taken from (`who` of what `ReturnType<typeof load>` has, where
    /// `load` gives `{ who: user.email }`): only that, since who has called the function is not known there.
    fn told_by_expression(&self, ty: &TypeUse, name: &Name) -> Option<V> {
        let What::Of(expr) = ty.what else {
            return None;
        };
        let may_tell = matches!(
            self.program.facts(ty.file).expr(expr),
            Expr::Ref(_) | Expr::Member { .. } | Expr::Call { .. } | Expr::Logical { .. }
        );
        let is_text = |ty: &TypeUse| {
            let shape = self.shapes.shape(ty);
            matches!(shape, Shape::Unknown | Shape::Scalar(ValueType::String))
        };
        let may_be_text = match self.shapes.shape(ty) {
            Shape::Union(parts) => parts.iter().any(is_text),
            _ => is_text(ty),
        };
        if !may_tell || !may_be_text {
            return None;
        }
        let value = self.expr(ty.file, expr);
        let told = value
            .alternatives()
            .iter()
            .filter_map(|it| match &**unconditional(it) {
                Value::Data(data) if data.path.last() != Some(name) && is_called(data) => {
                    Some(V::new(Value::Data(Data {
                        root: Root::Call,
                        steps: EcoVec::new(),
                        ..data.clone()
                    })))
                }
                _ => None,
            });
        let told = V::union(told);
        (!matches!(&*told, Value::Nothing)).then_some(told)
    }

    /// Whether no object of a type that is one of several has a member.
    fn all_lack(&self, ty: &TypeUse, name: &str) -> bool {
        self.shapes.field(ty, name).is_none()
            && self.shapes.parts(ty).is_some_and(|parts| {
                parts.iter().all(|part| {
                    let shape = self.shapes.solid(part);
                    lacks(&shape, name) && !self.is_implemented(&shape)
                })
            })
    }

    /// A member of what only a run knows; `by_type` if it may be any object that is said to be of its type.
    fn data_member(&self, data: &Data, name: &Name, spot: Spot, by_type: bool) -> V {
        if data.root == Root::Global && data.path.len() == 1 {
            let dotted = Name::from(format!("{}.{name}", data.path[0]));
            if !self.catalog.globals(&dotted).is_empty() {
                return V::new(Value::Vendor(VendorThing::Global { name: dotted }));
            }
        }
        if let Some(found) = self.in_namespace(data, name) {
            return found;
        }
        if name == DEFAULT && is_module(data) {
            return V::new(Value::Data(data.clone()));
        }
        if self
            .library
            .method(name)
            .is_some_and(|rule| rule.does == Effect::Drop)
            && matches!(name.as_str(), "length" | "size")
        {
            return flag();
        }
        let mut done = Vec::new();
        if let Some(ty) = &data.ty {
            let shape = self.shapes.shape(ty);
            let is_in_list =
                || matches!(shape, Shape::List(_) | Shape::Tuple(_)) && !is_index(name);
            if data.around && (lacks(&shape, name) || is_in_list()) {
                let mut part = self.step_into(data, Step::Key(name.clone()), spot);
                part.path.push(name.clone());
                part.ty = part.ty.filter(|_| ANSWERS.contains(&name.as_str()));
                return V::new(Value::Data(part));
            }
            if lacks(&shape, name) && !self.is_implemented(&shape)
                || matches!(shape, Shape::Union(_)) && self.all_lack(ty, name)
            {
                return V::nothing();
            }
            match shape {
                Shape::Client(client) => return self.client_member(&client, name),
                Shape::Sender(..) => {
                    let may_be_more = self.may_be_more(&shape);
                    if let Some(object) = shape.object(spot) {
                        let member = self.member(&object, name, spot);
                        if !may_be_more {
                            return member;
                        }
                        done.push(member);
                    }
                }
                Shape::ValueOf(file, expr) => {
                    // What the value does counts; of what it holds, only the type.
                    let value = self.expr(file, expr);
                    let of_value = || self.member(&value, name, spot);
                    match &*value {
                        Value::Data(_) | Value::Nothing => {}
                        Value::Object(_) => {
                            let member = of_value();
                            if does(&member) {
                                return member;
                            }
                        }
                        _ => return of_value(),
                    }
                }
                shape @ (Shape::Class(..) | Shape::Fields { .. } | Shape::Union(_)) => {
                    let behind = self.done_behind(
                        ty,
                        &shape,
                        Asked {
                            data,
                            name,
                            spot,
                            by_type,
                        },
                    );
                    if behind.is_all {
                        return V::union(behind.done);
                    }
                    done = behind.done;
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
        if declared.as_ref().is_some_and(|field| field.optional) {
            // So many steps no function takes into a parameter.
            let at = u8::try_from(data.steps.len());
            next.presence = at.map_or(Presence::Sure, Presence::Optional);
        }
        next.ty = declared.and_then(|field| field.ty);
        next.around = false;
        done.extend(next.ty.iter().flat_map(|ty| self.done_by_type(ty)));
        done.extend(
            next.ty
                .iter()
                .filter_map(|ty| self.told_by_expression(ty, name)),
        );
        let shape = next.ty.as_ref().map(|ty| self.shapes.shape(ty));
        let whole = self.known_by_type(shape, next);
        // Who hands it over may have made it with what the type does not tell.
        V::union(done.into_iter().chain([whole]))
    }

    /// A part of a value that only a run knows.
    pub(super) fn step_into(&self, data: &Data, step: Step, spot: Spot) -> Data {
        // With room for what is added here and for the name of the step.
        let mut steps = EcoVec::with_capacity(data.steps.len() + 1);
        steps.extend(data.steps.iter().cloned());
        steps.push(step);
        let mut path = EcoVec::with_capacity(data.path.len() + 2);
        path.extend(data.path.iter().cloned());
        // Held by a variable before, the root is known by that variable's name from here on.
        if let Some(alias) = data.aliases.last().cloned()
            && (path.is_empty() || matches!(data.root, Root::Call | Root::Kept))
        {
            path.push(alias);
        } else if let Some(person) = self.owners.held_by(data) {
            path.push(person.clone());
        }
        let part = Data {
            steps,
            path,
            aliases: EcoVec::new(),
            spot,
            ..data.clone()
        };
        let Origin { given, runs, .. } = data.origin();
        match (given, runs) {
            (None, None) => part,
            _ => part.arising(|origin| {
                origin.given = None;
                origin.runs = None;
            }),
        }
    }
}

/// Whether a value is one that does something.
pub(super) fn does(value: &V) -> bool {
    value.alternatives().iter().any(|value| {
        matches!(
            &**value,
            Value::Function(_)
                | Value::Client(_)
                | Value::Vendor(_)
                | Value::Class(..)
                | Value::Instance(_)
                | Value::Module(_)
        )
    })
}

/// Whether a member is of what an expression has found in a text.
fn is_of_match(value: &V, name: &str) -> bool {
    const GROUPS: &str = "groups";
    let is_groups = |step: &Step| matches!(step, Step::Key(key) if key == GROUPS);
    name == GROUPS
        || matches!(&**value, Value::Data(data) if data.steps.last().is_some_and(is_groups))
}

/// Under which names an answer has what was asked for, of whose type it is said to be.
const ANSWERS: [&str; 13] = [
    "data", "body", "result", "results", "value", "payload", "response", "items", "rows", "docs",
    "records", "list", "content",
];

fn is_index(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Under which name a module that is loaded later has what it exports by default.
pub(super) const DEFAULT: &str = "default";

/// Whether a value is what a package outside the tree exports as a whole (`await import('axios')`), which is known by the name of
/// the package, like what it exports by default.
fn is_module(data: &Data) -> bool {
    let Root::Outside(specifier) = &data.root else {
        return false;
    };
    let name = specifier.rsplit('/').next();
    data.steps.is_empty() && matches!(data.path.as_slice(), [only] if Some(only.as_str()) == name)
}

/// A type that is known to the last field does not have another.
fn lacks(shape: &Shape, name: &str) -> bool {
    match shape {
        Shape::Fields {
            fields,
            open: false,
            ..
        } => !fields.is_empty() && fields.get(name).is_none(),
        _ => false,
    }
}

/// Whether a value has a name of its own.
fn is_called(data: &Data) -> bool {
    !data.path.is_empty() || data.origin().named.is_some()
}
