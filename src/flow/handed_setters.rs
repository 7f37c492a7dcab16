//! Setters that a hook of the app's own hands out (`const useForm = () => { …; return { name, setName } }`).
//!
//! In: the parsed files, and a hook with the setter of one of its states. Out: [`HandedSetters`]: what those who call the hook
//! call that setter with. It leaves alone what the file of the state calls it with (`setters`).

use super::asked::{Asker, Table, ValueId};
use super::evaluate::Evaluator;
use super::setters::{Put, given_to};
use crate::facts::{
    Binding, BindingId, Entry, Expr, ExprId, FileFacts, From, FunctionId, Item, Name, Step,
    is_prefixed,
};
use crate::source::FileId;

/// A call of a setter that a hook gave.
#[derive(Debug, Clone, PartialEq)]
struct Set {
    put: Put,
    /// What the hook is called there.
    hook: BindingId,
    /// As which part of what the hook gives the setter came.
    part: Step,
}

/// The calls of what hooks give, by the name of the hook.
pub(super) struct HandedSetters(Table<Name, Vec<Set>>);

impl HandedSetters {
    /// Of no files.
    pub(super) fn new(asker: &Asker) -> Self {
        Self(Table::new(asker))
    }

    /// Reads what a file calls that came out of a hook.
    pub(super) fn read(&mut self, facts: &FileFacts, file: FileId) {
        for call in &facts.calls {
            let Expr::Call { callee, .. } = facts.expr(*call) else {
                continue;
            };
            let Expr::Ref(setter) = facts.expr(*callee) else {
                continue;
            };
            let Some((hook, part)) = handed_out(facts, facts.binding(*setter)) else {
                continue;
            };
            if let Some(given) = given_to(facts, *setter, *call) {
                let known = self.0.entry(facts.binding(hook).name.clone());
                known.or_default().push(Set {
                    put: Put {
                        file,
                        call: *call,
                        given,
                    },
                    hook,
                    part: part.clone(),
                });
            }
        }
    }

    /// The names of hooks for which values asked.
    pub(super) fn asked(&self) -> Vec<Name> {
        self.0.asked()
    }

    /// Those who would have been told something else.
    pub(super) fn differences(self, now: &Self, into: &mut Vec<ValueId>) {
        self.0.differences(&now.0, Vec::eq, into);
    }
}

impl Evaluator<'_> {
    /// The calls by which users of a hook put something into the state of it that has this setter.
    pub(super) fn set_by_users(
        &self,
        file: FileId,
        hook: FunctionId,
        setter: BindingId,
    ) -> Vec<Put> {
        let facts = self.program.facts(file);
        let Some((declared, part)) = hook_of(facts, hook).zip(part_of_result(facts, hook, setter))
        else {
            return Vec::new();
        };
        let name = &facts.binding(declared).name;
        let sets = self.registry.handed_setters.0.get(name);
        let sets = sets.into_iter().flatten().filter(|set| {
            set.part == part && self.shapes.declaration(set.put.file, set.hook) == (file, declared)
        });
        sets.map(|set| set.put).collect()
    }
}

/// The hook that gives what has a name, and as which part of what it gives.
fn handed_out<'f>(facts: &FileFacts, binding: &'f Binding) -> Option<(BindingId, &'f Step)> {
    let [source] = binding.sources.as_slice() else {
        return None;
    };
    let ([part @ (Step::Key(_) | Step::Index(_))], From::Expr(made)) =
        (source.path.as_slice(), source.from)
    else {
        return None;
    };
    let Expr::Call { callee, .. } = facts.expr(made) else {
        return None;
    };
    match facts.expr(*callee) {
        Expr::Ref(hook) if is_prefixed(&facts.binding(*hook).name, "use") => Some((*hook, part)),
        _ => None,
    }
}

/// The name under which a function is declared, if that is one of a hook.
fn hook_of(facts: &FileFacts, hook: FunctionId) -> Option<BindingId> {
    let is_it = |from: From| match from {
        From::Function(function) => function == hook,
        From::Expr(value) => {
            matches!(facts.expr(facts.uncast(value)), Expr::Function(function) if *function == hook)
        }
        _ => false,
    };
    let mut bindings = (0..).map(BindingId).zip(&facts.bindings);
    bindings.find_map(|(id, binding)| {
        let is_hook = is_prefixed(&binding.name, "use")
            && binding.sources.iter().any(|source| is_it(source.from));
        is_hook.then_some(id)
    })
}

/// As which part of what a function gives a name is handed out.
fn part_of_result(facts: &FileFacts, function: FunctionId, name: BindingId) -> Option<Step> {
    let is_it =
        |value: ExprId| matches!(facts.expr(facts.uncast(value)), Expr::Ref(it) if *it == name);
    let returns = facts.function(function).returns.iter();
    returns
        .map(|given| facts.expr(facts.uncast(*given)))
        .find_map(|given| match given {
            Expr::Object(entries) => {
                let mut named = entries.iter().filter_map(Entry::named);
                named.find_map(|(key, value)| is_it(value).then(|| Step::Key(key.clone())))
            }
            Expr::Array(items) => {
                let mut items = (0..).zip(items);
                items.find_map(|(at, item)| match item {
                    Item::Value(value) if is_it(*value) => Some(Step::Index(at)),
                    _ => None,
                })
            }
            _ => None,
        })
}
