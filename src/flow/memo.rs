//! What has been computed, and which values rest on which.
//!
//! In: values as they are computed, and questions for them. Out: the values, each computed once; and, once some of them are
//! known to be wrong, those that do not rest on them. It leaves alone how a value is computed (`evaluate`).

use std::collections::hash_map::Entry;
use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::asked::{Asker, ValueId};
use super::value::{FnRef, V};
use crate::facts::{BindingId, ClassId, ExprId, FunctionId, Name, TypeDeclId};
use crate::source::FileId;

/// What is computed once.
#[derive(Clone, Copy)]
pub(super) struct Task {
    file: FileId,
    part: Part,
}

/// What is computed of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Expr(ExprId),
    Binding(BindingId),
    Result(FunctionId),
    GivenAlone(FunctionId),
    Param(FunctionId, u32),
    Thrown(FunctionId, u8),
    OfLiterals(TypeDeclId, u64),
    ExprOf(ExprId, (FileId, ClassId)),
    BindingOf(BindingId, (FileId, ClassId)),
}

impl Task {
    /// The value of an expression.
    pub(super) fn expr(file: FileId, expr: ExprId) -> Self {
        let part = Part::Expr(expr);
        Self { file, part }
    }

    /// The value of a name.
    pub(super) fn binding(file: FileId, binding: BindingId) -> Self {
        let part = Part::Binding(binding);
        Self { file, part }
    }

    /// The same for the objects of a class, of what is computed for each.
    pub(super) fn for_class(self, class: (FileId, ClassId)) -> Self {
        let part = match self.part {
            Part::Expr(expr) => Part::ExprOf(expr, class),
            Part::Binding(binding) => Part::BindingOf(binding, class),
            same => same,
        };
        Self { part, ..self }
    }

    /// Whether it is something else for the objects of another class.
    pub(super) fn is_of_class(self) -> bool {
        matches!(self.part, Part::ExprOf(..) | Part::BindingOf(..))
    }

    /// What a function gives back.
    pub(super) fn result(of: FnRef) -> Self {
        let (file, part) = (of.file, Part::Result(of.function));
        Self { file, part }
    }

    /// What a function gives back that is handed nothing.
    pub(super) fn given_alone(by: FnRef) -> Self {
        let (file, part) = (by.file, Part::GivenAlone(by.function));
        Self { file, part }
    }

    /// What a parameter is.
    pub(super) fn param(of: FnRef, index: u32) -> Self {
        let (file, part) = (of.file, Part::Param(of.function, index));
        Self { file, part }
    }

    /// What the objects that are said to be of an interface do under a name.
    pub(super) fn of_literals((file, interface): (FileId, TypeDeclId), name: &Name) -> Self {
        let part = Part::OfLiterals(interface, FxBuildHasher.hash_one(name));
        Self { file, part }
    }

    /// What a function throws, if calls that it makes are followed so many levels deeper.
    pub(super) fn thrown(by: FnRef, left: u8) -> Self {
        let (file, part) = (by.file, Part::Thrown(by.function, left));
        Self { file, part }
    }
}

/// What has been computed so far, and what it took.
#[derive(Default)]
pub(super) struct Memo {
    /// By file, since one table of all would be copied whole each time that it grows.
    done: FxHashMap<FileId, FxHashMap<Part, (ValueId, V)>>,
    /// What was left out for want of steps.
    cut: FxHashSet<(FileId, Part)>,
    /// What came to nothing because it was asked for by what it is made of.
    lost: FxHashSet<(FileId, Part)>,
    /// What is being computed.
    busy: FxHashMap<(FileId, Part), ValueId>,
    /// Pairs of a value and one that it was made of.
    made_of: Vec<(ValueId, ValueId)>,
    last: ValueId,
}

impl Memo {
    /// The value of a task for another one that is made of it.
    pub(super) fn known(&mut self, task: Task, asker: ValueId) -> Option<V> {
        let (id, value) = self.done.get(&task.file)?.get(&task.part)?;
        let (id, value) = (*id, value.clone());
        self.rests(asker, id);
        Some(value)
    }

    /// The number under which the value of a task is to be computed; none if that is being done, and it is asked for by itself.
    pub(super) fn begin(&mut self, task: Task, asker: ValueId) -> Option<ValueId> {
        let (id, is_new) = match self.busy.entry((task.file, task.part)) {
            Entry::Occupied(busy) => (*busy.get(), false),
            Entry::Vacant(new) => {
                self.last += 1;
                (*new.insert(self.last), true)
            }
        };
        self.rests(asker, id);
        is_new.then_some(id)
    }

    /// Keeps the value of a task, if it is to be kept.
    pub(super) fn end(&mut self, task: Task, id: ValueId, value: Option<V>) {
        self.busy.remove(&(task.file, task.part));
        if let Some(value) = value {
            let done = self.done.entry(task.file).or_default();
            done.insert(task.part, (id, value));
        }
    }

    /// Remembers that a task was left out for want of steps; whether it was before.
    pub(super) fn cut(&mut self, task: Task) -> bool {
        !self.cut.insert((task.file, task.part))
    }

    /// Remembers that a task came to nothing because it was asked for by what it is made of; whether it did before.
    pub(super) fn lost(&mut self, task: Task) -> bool {
        !self.lost.insert((task.file, task.part))
    }

    fn rests(&mut self, asker: ValueId, on: ValueId) {
        if asker != Asker::PASS && self.made_of.last() != Some(&(asker, on)) {
            self.made_of.push((asker, on));
        }
    }

    /// Forgets values that are wrong by now, and all that rests on them.
    pub(super) fn forget(&mut self, wrong: &[ValueId]) {
        let mut is_wrong = vec![false; self.last as usize + 1];
        let mut open: Vec<ValueId> = wrong.to_vec();
        self.made_of
            .sort_unstable_by_key(|(value, of)| (*of, *value));
        while let Some(id) = open.pop() {
            if id == Asker::PASS || std::mem::replace(&mut is_wrong[id as usize], true) {
                continue;
            }
            let from = self.made_of.partition_point(|(_, of)| *of < id);
            let above = self.made_of[from..].iter();
            let above = above.take_while(|(_, of)| *of == id);
            open.extend(above.map(|(value, _)| *value));
        }
        let holds = |id: ValueId| !is_wrong[id as usize];
        self.done.retain(|_, done| {
            done.retain(|_, (id, _)| holds(*id));
            !done.is_empty()
        });
        self.made_of.retain(|(value, _)| holds(*value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Literal;
    use crate::flow::value::Value;

    fn task(number: u32) -> Task {
        Task::expr(FileId(0), ExprId(number))
    }

    fn value() -> V {
        V::new(Value::Literal(Literal::Bool(true)))
    }

    #[test]
    fn a_value_is_forgotten_with_all_that_is_made_of_it() {
        let mut memo = Memo::default();
        let outer = memo.begin(task(0), Asker::PASS).expect("it is new");
        let inner = memo.begin(task(1), outer).expect("it is new");
        assert_eq!(memo.begin(task(0), inner), None, "it is being computed");
        memo.end(task(1), inner, Some(value()));
        memo.end(task(0), outer, Some(value()));
        let other = memo.begin(task(2), Asker::PASS).expect("it is new");
        memo.end(task(2), other, Some(value()));
        let later = memo.begin(task(3), Asker::PASS).expect("it is new");
        assert!(memo.known(task(1), later).is_some());
        memo.end(task(3), later, Some(value()));

        memo.forget(&[inner]);

        let mut is_known = |number| memo.known(task(number), Asker::PASS).is_some();
        assert_eq!([0, 1, 2, 3].map(&mut is_known), [false, false, true, false]);
    }
}
