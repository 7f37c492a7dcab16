//! What a method does for the objects of one class below its own.
//!
//! In: a call that a method makes on `this` (`this.execute(await this.gather())`), and one of the classes that have the called
//! method of their own. Out: what is handed over there if the object is of that class: what else the method asks `this` for
//! is asked of the same class, and not of all that are below. It leaves alone which classes those are (`inheritance`).
//!
//! Only the expressions and variables of the one method are computed for the class; what they call is the same for all.

use std::cell::Cell;

use super::evaluate::Evaluator;
use super::memo::Task;
use super::value::{FnRef, Instance, V, Value};
use crate::facts::{ClassId, Expr, ExprId, FunctionId};
use crate::source::FileId;

/// What is called, and the class of the objects for which it is, where that decides.
type OfClass = (V, Option<(FileId, ClassId)>);

/// The class that the object of a method is of.
#[derive(Clone, Copy)]
struct Acting {
    method: FnRef,
    class: (FileId, ClassId),
}

/// For which class values are being computed.
#[derive(Default)]
pub(super) struct ActingAs(Cell<Option<Acting>>);

impl ActingAs {
    /// Computes what does not belong to the method, or is the same for all.
    pub(super) fn aside<T>(&self, compute: impl FnOnce() -> T) -> T {
        let acting = self.0.take();
        let value = compute();
        self.0.set(acting);
        value
    }

    /// The value of an expression or a name in a function, for the class if the function is the method.
    pub(super) fn task(&self, task: Task, file: FileId, of: impl FnOnce() -> FunctionId) -> Task {
        let of = |acting: &Acting| acting.method.file == file && acting.method.function == of();
        match self.0.get().filter(of) {
            Some(acting) => task.for_class(acting.class),
            None => task,
        }
    }

    /// The object of the method, if it is of a class that is known.
    pub(super) fn this(&self, method: FnRef) -> Option<V> {
        let acting = self.0.get().filter(|acting| acting.method == method)?;
        let (file, class) = acting.class;
        Some(V::new(Value::Instance(Instance::of_class(file, class))))
    }
}

impl Evaluator<'_> {
    /// What a call on `this` runs: each function that a class below has of its own, with that class, and all others together.
    pub(super) fn by_class(&self, file: FileId, callee: ExprId, value: &V) -> Vec<OfClass> {
        let facts = self.program.facts(file);
        let is_on_this = match facts.expr(callee) {
            Expr::Member { object, .. } => matches!(facts.expr(*object), Expr::This),
            _ => false,
        };
        let own = facts.function(facts.function_of(callee)).class;
        let Some(own) = own.filter(|_| is_on_this) else {
            return vec![(value.clone(), None)];
        };
        let class_of = |part: &V| match &**part {
            Value::Function(closure) => match closure.this.as_deref()? {
                Value::Instance(this) => Some((this.file, this.class)),
                _ => None,
            },
            _ => None,
        };
        let of_classes = value.alternatives().iter().map(|part| {
            let class = class_of(part).filter(|class| *class != (file, own));
            (part.clone(), class)
        });
        let (mut by_class, others): (Vec<OfClass>, Vec<OfClass>) =
            of_classes.partition(|(_, class)| class.is_some());
        let others = V::union(others.into_iter().map(|(part, _)| part));
        if !matches!(&*others, Value::Nothing) {
            by_class.push((others, None));
        }
        by_class
    }

    /// Computes something of a method for the objects of a class.
    pub(super) fn acting_as<T>(
        &self,
        class: (FileId, ClassId),
        method: FnRef,
        compute: impl FnOnce() -> T,
    ) -> T {
        let before = self.acting.0.replace(Some(Acting { method, class }));
        let value = compute();
        self.acting.0.set(before);
        value
    }
}
