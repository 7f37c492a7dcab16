//! What a name stands for.
//!
//! In: a binding, an import or an exported definition. Out: its [`Value`], from all that it is made of. It leaves alone
//! parameters (`params`) and what is assigned to a value's members later (`mutation`).

use ecow::eco_vec;

use super::conditions::{Assignment, when};
use super::evaluate::{Evaluator, Task, plain_specifier};
use super::expressions::flag;
use super::object::Object;
use super::shapes::TypeUse;
use super::value::{Data, FnRef, MAX_ALIASES, Root, Spot, V, Value, VendorThing};
use crate::facts::{
    Binding, BindingId, Exported, Expr, From, ImportId, Imported, MODULE, Name, Step, TypeDeclKind,
};
use crate::link::Definition;
use crate::source::FileId;

/// How the name of a module ends that only holds data.
const STATIC_DATA: &str = ".json";

impl Evaluator<'_> {
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
        let mut sources = binding.sources.iter();
        let is_stub = sources.any(|source| match source.from {
            From::Function(function) => self.is_stub(file, function),
            From::Expr(value) => match facts.expr(value) {
                Expr::Function(function) => self.is_stub(file, *function),
                _ => false,
            },
            _ => false,
        });
        if is_stub {
            let name = binding.name.clone();
            return V::new(Value::Vendor(VendorThing::Global { name }));
        }
        if let Some(state) = self.begun.state(file, id) {
            return state;
        }
        let task = Task::binding(file, id);
        let task = self.acting.task(task, file, || binding.function);
        self.once(task, spot, || {
            if self.is_ambient(file, binding) {
                let global = self.global(&binding.name, spot, true);
                if !matches!(&*global, Value::Data(_)) {
                    return global;
                }
            }
            let (writes, touches) = (&binding.writes, &binding.touches);
            self.changed_by(file, binding, writes, touches, |_| false)
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
            for (at, step) in source.path.iter().enumerate() {
                value = self.step(file, &value, step, spot);
                if let (0, From::Expr(object), Step::Key(name)) = (at, source.from, step) {
                    value = self.of_holder(value, file, object, name);
                }
            }
            if let Some(default) = source.default {
                value = V::union([value, self.expr(file, default)]);
            }
            if binding.sources.len() > 1 {
                let assignment = Assignment {
                    file,
                    function: binding.function,
                    declared: binding.span,
                    at: source.span,
                    before: None,
                };
                value = self.under_guards(&assignment, value);
            }
            values.push(value);
        }
        let mut value = self.rewritten_in_place(file, binding, V::union(values));
        if let Some(ty) = binding.ty {
            let ty = TypeUse::new(file, ty);
            // A list that is filled by `push` tells by that what it holds.
            if value.is_empty() && binding.touches.is_empty() {
                value = V::new(Value::Data(Data {
                    path: eco_vec![binding.name.clone()],
                    ..Data::new(Root::Unknown("it is declared without a value"), spot)
                }));
            }
            value = self.typed(value, &ty, false);
        }
        value
    }

    /// `declare const gtag: …`: a name for what another script makes.
    fn is_ambient(&self, file: FileId, binding: &Binding) -> bool {
        let facts = self.program.facts(file);
        binding.function == MODULE
            && !binding.sources.is_empty()
            && binding.sources.iter().all(|source| match source.from {
                From::Nothing => true,
                From::Function(function) => {
                    facts.function(function).is_signature || self.is_stub(file, function)
                }
                _ => false,
            })
    }

    fn origin(&self, file: FileId, from: From, name: &Name, spot: Spot) -> V {
        match from {
            From::Expr(expr) => self.expr(file, expr),
            From::Param { function, index } => self.param(FnRef { file, function }, index),
            From::ElementOf(expr) => self.iterated(&self.expr(file, expr)),
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
                TypeDeclKind::Namespace(exported) => self.of_namespace(file, exported, name, spot),
                _ => V::nothing(),
            },
            From::Caught => {
                let unknown = V::new(Value::Data(Data {
                    path: eco_vec![name.clone()],
                    ..Data::new(Root::Caught, spot)
                }));
                V::union([unknown, self.caught(file, spot.span)])
            }
            From::Nothing => V::nothing(),
            From::Markup => V::new(Value::Data(Data {
                path: eco_vec![name.clone()],
                ..Data::new(Root::Unknown("the markup sets it"), spot)
            })),
        }
    }

    fn import(&self, file: FileId, import: ImportId, spot: Spot) -> V {
        let import = &self.program.facts(file).imports[import.index()];
        self.module(file, &import.specifier, &import.imported, spot)
    }

    /// What an import of a module gives: a vendor's thing, or what the module exports.
    pub(super) fn module(
        &self,
        file: FileId,
        specifier: &Name,
        imported: &Imported,
        spot: Spot,
    ) -> V {
        if let Some(found) = self.catalog.import(specifier, imported)
            && !self.program.is_own(file, specifier)
        {
            return V::new(found);
        }
        match self.program.import(file, specifier, imported) {
            Some(definition) => self.definition(&definition, spot),
            None => V::unknown(spot, "the module does not export it"),
        }
    }

    /// What a namespace exports (`namespace Tracker { export function seen() {} }`), as one object.
    fn of_namespace(
        &self,
        file: FileId,
        exported: &[(Name, Exported)],
        of: &Name,
        spot: Spot,
    ) -> V {
        let mut object = Object::default();
        for (name, what) in exported {
            let value = match what {
                Exported::Binding(binding) => self.binding(file, *binding),
                Exported::Expr(expr) => self.expr(file, *expr),
                Exported::Type(decl) => self.origin(file, From::TypeDecl(*decl), of, spot),
                Exported::From { .. } => V::nothing(),
            };
            if !value.is_empty() {
                object.set(name.clone(), value, false);
            }
        }
        match object.fields.is_empty() {
            true => V::nothing(),
            false => V::new(Value::Object(object)),
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
                imported: Imported::Default | Imported::Namespace | Imported::Equals,
            } if self.library.is_platform(specifier) => V::new(Value::Platform),
            Definition::Outside {
                specifier,
                imported,
            } => self.catalog.import(specifier, imported).map_or_else(
                || {
                    let specifier = plain_specifier(specifier);
                    let name = match imported {
                        Imported::Named(name) => name.clone(),
                        _ => specifier.rsplit('/').next().unwrap_or(specifier).into(),
                    };
                    V::new(Value::Data(Data {
                        path: eco_vec![name],
                        // A list that lies in the tree is the program's own, whatever it is called.
                        choice: specifier.ends_with(STATIC_DATA),
                        ..Data::new(Root::Outside(specifier.into()), spot)
                    }))
                },
                V::new,
            ),
        }
    }
}

/// A value that is also known by the name of the variable that holds it.
pub(super) fn with_alias(value: V, name: &Name) -> V {
    match &*value {
        Value::Data(data)
            if data.path.last() != Some(name)
                && data.aliases.last() != Some(name)
                && data.aliases.len() < MAX_ALIASES =>
        {
            let mut data = data.clone();
            data.aliases.push(name.clone());
            V::new(Value::Data(data))
        }
        Value::Union(parts) => V::union(parts.iter().map(|part| with_alias(part.clone(), name))),
        Value::When(condition, inner) => when(condition, with_alias(inner.clone(), name)),
        Value::Changed(change, inner) => {
            V::new(Value::Changed(*change, with_alias(inner.clone(), name)))
        }
        _ => value,
    }
}
