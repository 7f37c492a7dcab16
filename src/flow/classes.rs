//! Members of classes and of their objects.
//!
//! In: a class or an object of one, and the name of a member. Out: the member's value, inherited, overridden or assigned.
//! It leaves alone objects of no class (`members`) and types (`shapes`).

use ecow::eco_vec;

use super::bindings::with_alias;
use super::blanks::is_blank;
use super::component_state::STATE;
use super::contexts::CONTEXT;
use super::evaluate::{Evaluator, shared};
use super::expressions::NO_KNOWN_THIS;
use super::filled::is_made_map;
use super::inheritance::method;
use super::same::Holder;
use super::shapes::{Shape, TypeUse};
use super::value::{Closure, Data, FnRef, Frames, Instance, Root, Spot, V, Value};
use crate::facts::{
    self, Binding, ClassId, Expr, ExprId, FileFacts, From, MemberKind, Name, Source,
};
use crate::source::FileId;

impl Evaluator<'_> {
    /// A static member of a class.
    pub(super) fn class_member(&self, file: FileId, class: ClassId, name: &Name) -> V {
        let this = V::new(Value::Class(file, class));
        let mut by_name = self.assigned_by_name(file, class, name);
        by_name.extend(self.installed(file, class, name, true));
        let mut found = Vec::new();
        if let Some((file, member)) = self.find_member(file, class, name, true) {
            match member.kind {
                MemberKind::Method(function) => return method(FnRef { file, function }, this),
                MemberKind::Getter(function) => found.push(self.result(FnRef { file, function })),
                MemberKind::Field { value, ty } => {
                    found.extend(value.map(|value| self.expr(file, value)));
                    found.extend(self.assigned(file, class, name));
                    let filling = self.filling_by_name(file, class, name);
                    found = vec![self.filled_field(V::union(found), &filling)];
                    let is_set = found.iter().chain(&by_name);
                    let mut is_set = is_set.filter(|it| !matches!(&***it, Value::Nothing));
                    if is_set.next().is_none()
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
        } else {
            found.extend(self.assigned_in_static(file, class, name));
        }
        V::union(found.into_iter().chain(by_name))
    }

    /// What static methods assign to a member of the class that it does not declare (`this.instance = new Analytics()`).
    fn assigned_in_static(&self, file: FileId, class: ClassId, name: &Name) -> Vec<V> {
        let facts = self.program.facts(file);
        let writes = facts.class(class).writes.iter();
        let writes = writes.filter(|write| facts.function(write.function).is_static);
        let values = writes.filter_map(|write| assigned_to(write, name));
        values.map(|value| self.expr(file, value)).collect()
    }

    /// What is assigned to a static member by the class's own name (`Analytics.client = …`).
    fn assigned_by_name(&self, file: FileId, class: ClassId, name: &Name) -> Vec<V> {
        let written = self.all_written_by_name(file, class, name);
        written.map(|value| self.expr(file, value)).collect()
    }

    /// What is assigned to a member of a class by the name of the class, first.
    pub(super) fn written_by_name(
        &self,
        file: FileId,
        class: ClassId,
        name: &str,
    ) -> Option<ExprId> {
        self.all_written_by_name(file, class, name).next()
    }

    fn all_written_by_name(
        &self,
        file: FileId,
        class: ClassId,
        name: &str,
    ) -> impl Iterator<Item = ExprId> {
        let writes = class_names(self.program.facts(file), class);
        let writes = writes.flat_map(|binding| &binding.writes);
        writes.filter_map(move |write| assigned_to(write, name))
    }

    /// What a class and those above it assign to a field, and what other files put there.
    fn assigned(&self, file: FileId, class: ClassId, name: &Name) -> Vec<V> {
        let classes = self.lineage((file, class));
        let values = classes.flat_map(|(file, class)| {
            let writes = self.program.facts(file).class(class).writes.iter();
            let values = writes.filter_map(move |write| assigned_to(write, name));
            let values = values.map(move |value| with_alias(self.expr(file, value), name));
            values.chain(self.merged_in(file, class, name))
        });
        let installed = self.installed(file, class, name, false);
        values.chain(installed).collect()
    }

    /// What a class has under a name by what is merged into its objects (`Object.assign(this, { name })`).
    fn merged_in(&self, file: FileId, class: ClassId, name: &Name) -> Vec<V> {
        let facts = self.program.facts(file);
        let calls = facts.class(class).touches.iter();
        let merged = calls.filter_map(|call| match facts.merged_into(*call) {
            Some((target, others)) if matches!(facts.expr(target), Expr::This) => {
                Some((self.spot(file, *call), others))
            }
            _ => None,
        });
        let values = merged.flat_map(|(spot, others)| {
            let others = self.items(file, others).into_iter();
            others.map(move |other| self.member(&other, name, spot))
        });
        values.filter(|it| !it.is_empty()).collect()
    }

    /// The calls in a class and in those above it that put something into what a field holds (`this.list.push(x)`).
    fn filling(&self, file: FileId, class: ClassId, name: &Name) -> Vec<(FileId, ExprId)> {
        let classes = self.lineage((file, class));
        let mut calls = Vec::new();
        for (file, class) in classes {
            let facts = self.program.facts(file);
            let all = facts.class(class).touches.iter();
            let filled = all.filter(|call| holder_of(facts, **call) == Some(name));
            calls.extend(filled.map(|call| (file, *call)));
        }
        calls
    }

    /// The same of a static field, which is also known by the class's own name (`Logger.list.push(x)`).
    fn filling_by_name(&self, file: FileId, class: ClassId, name: &Name) -> Vec<(FileId, ExprId)> {
        let facts = self.program.facts(file);
        let named = class_names(facts, class).flat_map(|binding| &binding.touches);
        let filled = named.filter(|call| holder_of(facts, **call) == Some(name));
        let by_name = filled.map(|call| (file, *call));
        self.filling(file, class, name)
            .into_iter()
            .chain(by_name)
            .collect()
    }

    /// A member of an object of a class, with what classes below it make of it.
    pub(super) fn instance_member(&self, instance: &Instance, name: &Name, spot: Spot) -> V {
        let this = V::new(Value::Instance(instance.clone()));
        let Some((file, member)) = self.find_member(instance.file, instance.class, name, false)
        else {
            let assigned = V::union(self.assigned(instance.file, instance.class, name));
            if *name == CONTEXT
                && assigned.is_empty()
                && let Some(context) = self.context_of_class(instance, spot)
            {
                return context;
            }
            if *name == STATE
                && let Some(state) = self.state_of_component(instance, &assigned, spot)
            {
                return self.constructed(instance, state);
            }
            if assigned.is_empty()
                && let Some(client) = self.client_above(instance.file, instance.class)
            {
                return self.member(&client, name, spot);
            }
            // Whoever has the object may put it there.
            if assigned.is_empty() {
                return self.unread_member(instance, name, spot);
            }
            return self.constructed(instance, assigned);
        };
        let found = match member.kind {
            MemberKind::Method(function) => {
                let own = method(FnRef { file, function }, this);
                let below = self.overrides(instance, name);
                return V::union(std::iter::once(own).chain(below));
            }
            MemberKind::Getter(function) => self.result(FnRef { file, function }),
            MemberKind::Setter(_) => V::union(self.assigned(instance.file, instance.class, name)),
            MemberKind::Signature(_) => return V::union(self.overrides(instance, name)),
            MemberKind::ParamProperty {
                function, index, ..
            } => {
                let given = self.param(FnRef { file, function }, index);
                let params = &self.program.facts(file).function(function).params;
                let param = params.get(index as usize);
                match param.and_then(|param| param.default) {
                    Some(default) => V::union([given, self.expr(file, default)]),
                    None => given,
                }
            }
            MemberKind::Field { value, ty } => {
                let initial = value.map(|value| self.expr(file, value));
                let found = V::union(initial.into_iter().chain(self.assigned(
                    instance.file,
                    instance.class,
                    name,
                )));
                if *name == STATE
                    && let Some(state) = self.state_of_component(instance, &found, spot)
                {
                    return self.constructed(instance, state);
                }
                let found = self.on_object(found, &this);
                let found = match self.has_unread_base(instance) {
                    true => found,
                    false => {
                        let found = match &*found {
                            Value::Object(_) => self.changed(instance, name, found, |step| {
                                matches!(step, facts::Step::Key(_))
                            }),
                            _ => found,
                        };
                        let filling = self.filling(instance.file, instance.class, name);
                        let filled = self.filled_field(found, &filling);
                        match self.has_siblings(instance) {
                            true => self.told_alone(filled),
                            false => filled,
                        }
                    }
                };
                match ty {
                    Some(ty)
                        if found.is_empty()
                            || is_blank(&found) && self.has_unread_base(instance) =>
                    {
                        self.of_type(TypeUse::new(file, ty), name, spot)
                    }
                    Some(ty) => {
                        let ty = TypeUse::new(file, ty);
                        let found = self.typed(found, &ty, false);
                        self.to_be_filled(&found, || self.of_type(ty, name, spot), spot)
                    }
                    None => {
                        let mut found = found;
                        // A component's data starts as nothing, and is filled by what cannot be seen here.
                        if self.has_unread_base(instance) {
                            found = self.changed(instance, name, found, |_| true);
                            if is_blank(&found) {
                                return self.unread_member(instance, name, spot);
                            }
                        }
                        // A framework puts it there (`@service session`), or whoever has the object.
                        if found.is_empty() && value.is_none() {
                            return self.unread_member(instance, name, spot);
                        }
                        let whole = || self.member(&V::unknown(spot, NO_KNOWN_THIS), name, spot);
                        self.to_be_filled(&found, whole, spot)
                    }
                }
            }
        };
        self.constructed(instance, found)
    }

    /// A field that holds a function of the class itself (`add = item => this.items.push(item)`) is a method of the object.
    fn on_object(&self, field: V, this: &V) -> V {
        let is_own = |value: &V| match &**value {
            Value::Function(Closure {
                target, this: None, ..
            }) => {
                let declared = self.program.facts(target.file).function(target.function);
                declared.class.is_some() && !declared.is_static
            }
            _ => false,
        };
        if !field.alternatives().iter().any(is_own) {
            return field;
        }
        V::union(field.alternatives().iter().map(|value| match &**value {
            Value::Function(closure) if is_own(value) => V::new(Value::Function(Closure {
                this: Some(this.clone()),
                ..closure.clone()
            })),
            _ => value.clone(),
        }))
    }

    /// Whether objects of other classes may have the same fields: a class extends this one, or it extends one itself.
    fn has_siblings(&self, instance: &Instance) -> bool {
        let class = (instance.file, instance.class);
        self.registry.subclasses.contains_key(&class) || self.base(class.0, class.1).is_some()
    }

    /// A map that is filled, without what else may be in it, if neither a name nor a type says anything of that: the objects
    /// of each class hold what they were given.
    fn told_alone(&self, field: V) -> V {
        V::union(field.alternatives().iter().map(|value| match &**value {
            Value::Object(object) if object.fields.iter().any(|field| field.name == "*") => {
                let mut object = object.clone();
                object.spreads.retain(|spread| !self.is_untold_map(spread));
                V::new(Value::Object(object))
            }
            _ => value.clone(),
        }))
    }

    /// Whether nothing is known of what is in a map beside what is put into it: neither a name nor a type.
    fn is_untold_map(&self, value: &V) -> bool {
        let Value::Data(data) = &**value else {
            return false;
        };
        let is_named = !data.path.is_empty() || !data.aliases.is_empty();
        let is_typed = || {
            let element = data.ty.as_ref().and_then(|ty| self.shapes.element(ty));
            element.is_some_and(|ty| !matches!(self.shapes.shape(&ty), Shape::Unknown))
        };
        is_made_map(value) && !is_named && !is_typed()
    }

    /// A field after what is assigned to its members (`this.form.email = …`) by steps that count.
    fn changed(
        &self,
        instance: &Instance,
        name: &Name,
        field: V,
        counts: impl Fn(&facts::Step) -> bool,
    ) -> V {
        let Instance { file, class, .. } = *instance;
        let mut field = field;
        for write in &self.program.facts(file).class(class).writes {
            if let ([facts::Step::Key(first), rest @ ..], Some(value)) =
                (write.path.as_slice(), write.value)
                && first == name
                && !rest.is_empty()
                && rest.iter().all(&counts)
            {
                field = self.assign(file, &field, rest, self.expr(file, value), false);
            }
        }
        field
    }

    /// Whether a class is the options of a component, to which mixins, plugins and stores add what its file does not show.
    fn has_unread_base(&self, instance: &Instance) -> bool {
        let facts = self.program.facts(instance.file);
        let extends = facts.class(instance.class).extends;
        extends.is_some_and(|base| matches!(facts.expr(base), Expr::Unknown))
    }

    /// What a part of a mixin has by a name (`{ methods: { track() {} } }`); what none has is not known.
    fn unread_member(&self, instance: &Instance, name: &Name, spot: Spot) -> V {
        let mixins = &self
            .program
            .facts(instance.file)
            .class(instance.class)
            .mixins;
        let mut found = Vec::new();
        for mixin in mixins {
            let mixin = self.expr(instance.file, *mixin);
            // A component in a file of its own.
            if let Value::Function(closure) = &*mixin {
                let FnRef { file, function } = closure.target;
                let class = self.program.facts(file).function(function).class;
                let this = V::new(Value::Instance(instance.clone()));
                found.extend(class.and_then(|class| self.own_method(file, class, name, &this)));
            }
            let Value::Object(mixin) = &*mixin else {
                continue;
            };
            found.extend(mixin.fields.iter().filter_map(|part| match &*part.value {
                Value::Object(part) => part.get(name),
                _ => None,
            }));
        }
        if !found.is_empty() {
            return V::union(found);
        }
        self.member(&V::unknown(spot, NO_KNOWN_THIS), name, spot)
    }

    /// What the constructor got, in the place of its parameters; what methods get is kept by the object.
    fn constructed(&self, instance: &Instance, value: V) -> V {
        if !value.is_symbolic() {
            return value;
        }
        if !instance.constructed {
            return self.kept_by(Holder::of(instance), value, &Frames::default());
        }
        let frames = self
            .constructor(instance.file, instance.class)
            .map_or_else(Frames::default, |constructor| {
                Frames::default().with(constructor, shared(&instance.args))
            });
        let value = self.kept_by(Holder::of(instance), value, &frames);
        self.substitute(&value, &frames)
    }

    fn of_type(&self, ty: TypeUse, name: &Name, spot: Spot) -> V {
        let data = Data {
            path: eco_vec![name.clone()],
            ..Data::new(Root::Kept, spot)
        };
        self.typed(V::new(Value::Data(data)), &ty, false)
    }
}

/// What is assigned to a member of this name.
fn assigned_to(write: &facts::Write, name: &str) -> Option<ExprId> {
    match write.path.as_slice() {
        [facts::Step::Key(written)] if written == name => write.value,
        _ => None,
    }
}

/// The names of a class in its file.
fn class_names(facts: &FileFacts, class: ClassId) -> impl Iterator<Item = &Binding> {
    let is_class = move |source: &Source| source.from == From::Class(class);
    let bindings = facts.bindings.iter();
    bindings.filter(move |binding| binding.sources.iter().any(is_class))
}

/// The field into which a call puts something: `list` of `this.list.push(x)` and `Object.assign(this.list, x)`.
pub(super) fn holder_of(facts: &FileFacts, call: ExprId) -> Option<&Name> {
    let held_by = |holder: ExprId| match facts.expr(holder) {
        Expr::Member { name, .. } => Some(name),
        Expr::Ref(binding) => facts.field_of_this(*binding),
        _ => None,
    };
    if let Some((target, _)) = facts.merged_into(call) {
        return held_by(target);
    }
    let Expr::Call { callee, .. } = facts.expr(call) else {
        return None;
    };
    let Expr::Member { object, .. } = facts.expr(*callee) else {
        return None;
    };
    held_by(*object)
}
