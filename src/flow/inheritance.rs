//! Which class a member is of.
//!
//! In: a class, with those that it extends and those that extend it. Out: the member or method that is meant by a name, whether
//! one class is another, and the vendor's class that it extends. It leaves alone what a member holds (`classes`).

use super::evaluate::Evaluator;
use super::pending::Pending;
use super::value::{Closure, Data, FnRef, Frames, Instance, V, Value, VendorThing};
use crate::facts::{ClassId, Expr, FunctionId, Member, MemberKind, Name};
use crate::ruleset::schema::ExportKind;
use crate::source::FileId;

/// Longer inheritance chains than this are not followed.
const MAX_BASES: usize = 12;
/// The same for the chain from an error class of the program to a built-in one.
const MAX_ERROR_BASES: usize = 8;

impl Evaluator<'_> {
    /// A member of a class or of the nearest class above it.
    pub(super) fn find_member(
        &self,
        file: FileId,
        class: ClassId,
        name: &str,
        is_static: bool,
    ) -> Option<(FileId, &Member)> {
        self.lineage((file, class)).find_map(|(file, class)| {
            let members = self.program.facts(file).class(class).members.iter();
            let own = members.filter(|member| member.name == name && member.is_static == is_static);
            let member = own.max_by_key(|member| {
                !matches!(
                    member.kind,
                    MemberKind::Signature(_) | MemberKind::Setter(_)
                )
            })?;
            Some((file, member))
        })
    }

    /// Whether a value is a class below the global class of a name, which is what it is put in the place of
    /// (`window.Promise = TracedPromise`).
    pub(super) fn is_below_global(&self, value: &V, name: &Name) -> bool {
        let Value::Class(file, class) = **value else {
            return false;
        };
        self.lineage((file, class)).any(|(file, class)| {
            let facts = self.program.facts(file);
            let above = facts.class(class).extends.map(|above| facts.expr(above));
            matches!(above, Some(Expr::Global(above)) if above == name)
        })
    }

    /// The class that a class extends.
    pub(super) fn base(&self, file: FileId, class: ClassId) -> Option<(FileId, ClassId)> {
        let facts = self.program.facts(file);
        match facts.expr(facts.class(class).extends?) {
            Expr::Ref(binding) => self.shapes.class_of_binding(file, *binding),
            _ => None,
        }
    }

    /// The class of a vendor's SDK that a class of the program extends, or one above it does (`class Tracker extends Acme`).
    pub(super) fn vendor_above(&self, file: FileId, class: ClassId) -> Option<V> {
        let (file, top) = self.lineage((file, class)).last()?;
        let facts = self.program.facts(file);
        let above = facts.class(top).extends?;
        if !matches!(facts.expr(above), Expr::Ref(_) | Expr::Member { .. }) {
            return None;
        }
        let above = self.expr(file, above);
        let is_class = matches!(&*above, Value::Vendor(VendorThing::Export { kind, .. }) if kind.0 == ExportKind::Constructor);
        is_class.then_some(above)
    }

    /// What an object of such a class is: a client of the vendor's.
    pub(super) fn client_above(&self, file: FileId, class: ClassId) -> Option<V> {
        let above = self.vendor_above(file, class)?;
        Some(self.apply(&above, &[], None))
    }

    /// A class and those that it extends, the nearest first; each is looked for only once somebody asks for it.
    pub(super) fn lineage(
        &self,
        class: (FileId, ClassId),
    ) -> impl Iterator<Item = (FileId, ClassId)> + '_ {
        let mut below = None;
        let next = move || {
            below = match below {
                None => Some(class),
                Some((file, class)) => self.base(file, class),
            };
            below
        };
        std::iter::from_fn(next).fuse().take(MAX_BASES)
    }

    /// A method as a class has it, on an object of a class below.
    pub(super) fn method_above(
        &self,
        class: (FileId, ClassId),
        name: &Name,
        is_static: bool,
        this: V,
    ) -> V {
        match self.find_member(class.0, class.1, name, is_static) {
            Some((file, member)) => match member.kind {
                MemberKind::Method(function) => method(FnRef { file, function }, this),
                _ => V::nothing(),
            },
            None => V::nothing(),
        }
    }

    /// Whether a class is another one or extends it.
    pub(super) fn is_below(&self, class: (FileId, ClassId), base: (FileId, ClassId)) -> bool {
        self.lineage(class).any(|class| class == base)
    }

    /// A method that a class itself has, not one that it inherits.
    pub(super) fn own_method(
        &self,
        file: FileId,
        class: ClassId,
        name: &Name,
        this: &V,
    ) -> Option<V> {
        let members = &self.program.facts(file).class(class).members;
        let mut named = members.iter().filter(|member| member.name == *name);
        let function = named.find_map(|member| self.function_of_member(file, member))?;
        Some(method(FnRef { file, function }, this.clone()))
    }

    /// The function of a method, or of a field that is one (`add = item => this.items.push(item)`).
    pub(super) fn function_of_member(&self, file: FileId, member: &Member) -> Option<FunctionId> {
        match member.kind {
            MemberKind::Method(function) => Some(function),
            MemberKind::Field {
                value: Some(value), ..
            } => match self.program.facts(file).expr(value) {
                Expr::Function(function) => Some(*function),
                _ => None,
            },
            _ => None,
        }
    }

    /// A method of a class or of the classes below it, as a closure over a value of that class.
    pub(super) fn method_by_type(
        &self,
        file: FileId,
        class: ClassId,
        name: &Name,
        this: &Data,
    ) -> Option<V> {
        let this = V::new(Value::Data(this.clone()));
        let own = self
            .find_member(file, class, name, false)
            .and_then(|(file, member)| {
                let function = self.function_of_member(file, member)?;
                Some(method(FnRef { file, function }, this.clone()))
            });
        let below = self
            .registry
            .subclasses
            .get(&(file, class))
            .into_iter()
            .flatten()
            .filter_map(|(file, class)| self.own_method(*file, *class, name, &this));
        let found = V::union(own.into_iter().chain(below));
        (!matches!(&*found, Value::Nothing)).then_some(found)
    }

    /// A class that extends a built-in error.
    pub(super) fn is_error_class(&self, file: FileId, class: ClassId) -> bool {
        let outermost = self.lineage((file, class)).take(MAX_ERROR_BASES).last();
        outermost.is_some_and(|(file, class)| {
            let facts = self.program.facts(file);
            let above = facts.class(class).extends.map(|above| facts.expr(above));
            matches!(above, Some(Expr::Global(name)) if name.ends_with("Error"))
        })
    }

    /// The constructor of a class or of the nearest class above it.
    pub(super) fn constructor(&self, file: FileId, class: ClassId) -> Option<FnRef> {
        let (file, member) = self.find_member(file, class, "constructor", false)?;
        match member.kind {
            MemberKind::Method(function) => Some(FnRef { file, function }),
            _ => None,
        }
    }

    pub(super) fn overrides(&self, instance: &Instance, name: &Name) -> Vec<V> {
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
                let this = V::new(Value::Instance(Instance::of_class(*file, *class)));
                self.own_method(*file, *class, name, &this)
            })
            .collect()
    }
}

/// A method of an object.
pub(super) fn method(target: FnRef, this: V) -> V {
    V::new(Value::Function(Closure {
        target,
        this: Some(this),
        bound: Vec::new(),
        frames: Frames::default(),
        within: Pending::default(),
        curried: false,
        is_trap: false,
        under: None,
    }))
}
