//! What other files put on a class or on an object of one (`Logger.onError = …`, `logger.onError = …`).
//!
//! In: the parsed files. Out: [`Installed`]: by the class, the members that files other than its own assign. It leaves alone
//! what the class and its file assign themselves (`classes`), and what is put into globals (`namespaces`).

use super::alike::unconditional;
use super::asked::{Asker, Table, ValueId};
use super::evaluate::Evaluator;
use super::shapes::{Shape, Shapes};
use super::value::{Root, V, Value};
use crate::facts::{BindingId, ClassId, Expr, ExprId, FileFacts, From, Name, Step};
use crate::source::FileId;

/// A member that is put on a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub name: Name,
    /// It is put on the class itself, not on an object of it.
    pub is_static: bool,
    /// The file that does so, and what it puts there.
    pub file: FileId,
    pub value: ExprId,
}

/// What files put on classes of other files.
pub(super) struct Installed(Table<(FileId, ClassId), Vec<Member>>);

impl Installed {
    /// Of no files.
    pub(super) fn new(asker: &Asker) -> Self {
        Self(Table::new(asker))
    }

    /// Reads what a file puts on what it imports.
    pub(super) fn read(&mut self, shapes: &Shapes<'_>, file: FileId) {
        let facts = shapes.program.facts(file);
        for (id, binding) in (0..).map(BindingId).zip(&facts.bindings) {
            let mut sources = binding.sources.iter();
            if !sources.any(|source| matches!(source.from, From::Import(_))) {
                continue;
            }
            let assigned: Vec<(&Name, ExprId)> = binding
                .writes
                .iter()
                .filter_map(|write| match (write.path.as_slice(), write.value) {
                    ([Step::Key(name)], Some(value)) if is_called(facts, value) => {
                        Some((name, value))
                    }
                    _ => None,
                })
                .collect();
            if assigned.is_empty() {
                continue;
            }
            let Some((class, is_static)) = class_of(shapes, file, id) else {
                continue;
            };
            let known = self.0.entry(class).or_default();
            known.extend(assigned.into_iter().map(|(name, value)| Member {
                name: name.clone(),
                is_static,
                file,
                value,
            }));
        }
    }

    /// Gives out those whom another one would have told something else.
    pub(super) fn differences(self, now: &Self, into: &mut Vec<ValueId>) {
        self.0.differences(&now.0, Vec::eq, into);
    }

    /// All of it, by class.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&(FileId, ClassId), &Vec<Member>)> {
        self.0.iter()
    }

    /// What is put on a class and on its objects.
    pub(super) fn on(&self, file: FileId, class: ClassId) -> &[Member] {
        self.0.get(&(file, class)).map_or(&[], Vec::as_slice)
    }
}

impl Evaluator<'_> {
    /// What other files put on a class, on those above it, or on objects of them under a name.
    pub(super) fn installed(
        &self,
        file: FileId,
        class: ClassId,
        name: &Name,
        is_static: bool,
    ) -> Vec<V> {
        let members = self
            .lineage((file, class))
            .flat_map(|(file, class)| self.registry.installed.on(file, class));
        members
            .filter(|member| member.name == *name && member.is_static == is_static)
            .map(|member| self.expr(member.file, member.value))
            .filter(|value| value.alternatives().iter().any(|it| self.may_be_called(it)))
            .collect()
    }

    /// Whether a value can be called, as far as anybody knows. What else is put on a class is known by its name wherever it is
    /// read.
    fn may_be_called(&self, value: &V) -> bool {
        match &**unconditional(value) {
            Value::Function(_) | Value::Client(_) | Value::Vendor(_) => true,
            Value::Data(data) => match &data.ty {
                Some(ty) => matches!(self.shapes.shape(ty), Shape::Function(_)),
                None => matches!(data.root, Root::Param(..)),
            },
            _ => false,
        }
    }
}

/// Whether a value is not written to be something else than a function.
fn is_called(facts: &FileFacts, value: ExprId) -> bool {
    !matches!(
        facts.expr(facts.uncast(value)),
        Expr::Literal(_) | Expr::Template(_) | Expr::Object(_) | Expr::Array(_)
    )
}

/// The class that a name stands for, or whose object it holds, and whether it is the class.
fn class_of(shapes: &Shapes<'_>, file: FileId, id: BindingId) -> Option<((FileId, ClassId), bool)> {
    if let Some(class) = shapes.class_of_binding(file, id) {
        return Some((class, true));
    }
    let (at, declared) = shapes.declaration(file, id);
    if at == file {
        return None;
    }
    let facts = shapes.program.facts(at);
    let [source] = facts.binding(declared).sources.as_slice() else {
        return None;
    };
    let (From::Expr(made), []) = (source.from, source.path.as_slice()) else {
        return None;
    };
    let Expr::New { callee, .. } = facts.expr(made) else {
        return None;
    };
    let Expr::Ref(class) = facts.expr(*callee) else {
        return None;
    };
    Some((shapes.class_of_binding(at, *class)?, false))
}
