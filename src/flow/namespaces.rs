//! Globals that several files fill, one member each (`window.Shop.tracking = { … }`, `Shop.send = function () { … }`).
//!
//! In: the parsed files. Out: [`Namespaces`]: by the dotted way from the platform, the functions and objects that are put
//! there, and what is put in by a computed key (`window.shop.user[name] = value`). It leaves alone globals that are assigned as a
//! whole (`registry`), members of the platform's own objects, to which code assigns texts and numbers, and what takes the place of a
//! function that the rules know.

use ecow::eco_vec;
use rustc_hash::FxHashMap;

use super::asked::{Asker, Table, ValueId};
use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{Data, Root, Spot, V, Value};
use crate::facts::PLATFORM;
use crate::facts::{
    BindingId, BindingKind, Expr, ExprId, FileFacts, From, FunctionId, Item, Name, Step,
};
use crate::source::FileId;

/// What a module hands on is no global.
const OF_MODULES: [&str; 2] = ["module", "exports"];
/// Longer ways are not followed.
const MAX_STEPS: usize = 8;

/// What files put into globals.
pub(super) struct Namespaces {
    members: Table<String, Vec<(FileId, ExprId)>>,
    /// What is put in by a key that is computed: the key and the value.
    entries: Table<String, Vec<(FileId, ExprId, ExprId)>>,
    roots: Table<String, ()>,
}

impl Namespaces {
    /// Of no files.
    pub(super) fn new(asker: &Asker) -> Self {
        Self {
            members: Table::new(asker),
            entries: Table::new(asker),
            roots: Table::new(asker),
        }
    }

    /// Reads what a file puts into globals.
    pub(super) fn read(&mut self, file: FileId, facts: &FileFacts) {
        let given = given(facts);
        let of_params = facts.bindings.iter().flat_map(|binding| {
            let way = match binding.sources.as_slice() {
                [source] if binding.kind == BindingKind::Param && source.path.is_empty() => {
                    match source.from {
                        From::Param { function, index } => given.get(&(function, index)),
                        _ => None,
                    }
                }
                _ => None,
            };
            let writes = way.map(|way| (way, &binding.writes));
            writes
                .into_iter()
                .flat_map(|(way, writes)| writes.iter().map(move |write| (way.clone(), write)))
        });
        let of_globals = facts.writes.iter().filter_map(|write| {
            let way = way(facts, write.root?)?;
            Some((way, write))
        });
        for (mut way, write) in of_params.chain(of_globals) {
            let (names, key) = match write.path.split_last() {
                Some((Step::Computed(key), names)) => (names, Some(*key)),
                _ => (write.path.as_slice(), None),
            };
            let names = names.iter().map(|step| match step {
                Step::Key(name) => Some(name.clone()),
                _ => None,
            });
            let names: Option<Vec<Name>> = names.collect();
            let (Some(names), Some(value)) = (names, write.value) else {
                continue;
            };
            way.extend(names);
            let Some(root) = way.first().filter(|_| way.len() <= MAX_STEPS) else {
                continue;
            };
            match key {
                // What other globals hold by key are settings and what the platform keeps (`process.env[name]`).
                Some(key) if write.root.is_some_and(|root| is_platform(facts, root)) => {
                    self.roots.entry(root.to_string()).or_default();
                    let entries = self.entries.entry(way.join(".")).or_default();
                    entries.push((file, key, value));
                }
                None if way.len() > 1 && is_code(facts, value) => {
                    self.roots.entry(root.to_string()).or_default();
                    let members = self.members.entry(way.join(".")).or_default();
                    members.push((file, value));
                }
                _ => {}
            }
        }
    }

    /// Whether files put something into a global.
    pub(super) fn has_root(&self, name: &str) -> bool {
        self.roots.contains_key(&name.to_owned())
    }

    /// Gives out those whom another one would have told something else.
    pub(super) fn differences(self, now: &Self, into: &mut Vec<ValueId>) {
        self.roots.differences(&now.roots, |(), ()| true, into);
        self.members.differences(&now.members, Vec::eq, into);
        self.entries.differences(&now.entries, Vec::eq, into);
    }

    /// All that is put somewhere, with the name that it has there.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &[(FileId, ExprId)])> {
        self.members.iter().map(|(way, values)| {
            let name = way.rsplit('.').next().unwrap_or(way);
            (name, values.as_slice())
        })
    }
}

impl Evaluator<'_> {
    /// What files put into a global under a name.
    pub(super) fn in_namespace(&self, data: &Data, name: &Name) -> Option<V> {
        let namespaces = &self.registry.namespaces;
        let root = data.path.first().filter(|_| data.root == Root::Global)?;
        if !namespaces.has_root(root) {
            return None;
        }
        let way = format!("{}.{name}", data.path.join("."));
        // What stands in for a known function does what that does (`JSON.stringify = withBigNumbers`).
        let known = self.library.function(&[Name::from(&way)], None);
        if known.is_some() {
            return None;
        }
        let members = namespaces.members.get(&way).into_iter().flatten();
        let code = members.filter_map(|(file, member)| {
            let value = self.expr(*file, *member);
            let is_text = is_imported(self.program.facts(*file), *member) && !is_made(&value);
            (!is_text).then_some(value)
        });
        let code: Vec<V> = code.collect();
        if !code.is_empty() {
            return Some(self.with_entries(&way, V::union(code)));
        }
        namespaces.entries.contains_key(&way).then(|| {
            let mut member = data.clone();
            member.path.push(name.clone());
            self.with_entries(&way, V::new(Value::Data(member)))
        })
    }

    /// A global, or a part of one, with what files put into it by key.
    pub(super) fn with_entries(&self, way: &str, value: V) -> V {
        let Some(entries) = self.registry.namespaces.entries.get(&way.to_owned()) else {
            return value;
        };
        let mut object = Object::of(&value);
        for (file, key, value) in entries {
            self.put_computed(*file, &mut object, *key, (*value, false));
        }
        V::new(Value::Object(object))
    }

    /// A global into which files put members, beside what it is assigned as a whole.
    pub(super) fn namespace(&self, name: &Name, assigned: &V, spot: Spot) -> Option<V> {
        let is_shared = self.registry.namespaces.has_root(name);
        let is_object = matches!(
            &**assigned,
            Value::Nothing | Value::Object(_) | Value::Data(_) | Value::Union(_)
        );
        (is_shared && is_object).then(|| {
            let shared = V::new(Value::Data(Data {
                path: eco_vec![name.clone()],
                ..Data::new(Root::Global, spot)
            }));
            let shared = match &**assigned {
                Value::Object(object) if !object.fields.is_empty() => {
                    V::union([assigned.clone(), shared])
                }
                _ => shared,
            };
            self.with_entries(name, shared)
        })
    }
}

/// The ways that are handed to functions which are called where they stand (`(function (shop) { … })(window.Shop)`).
fn given(facts: &FileFacts) -> FxHashMap<(FunctionId, u32), Vec<Name>> {
    let mut given = FxHashMap::default();
    for call in &facts.calls {
        let Expr::Call { callee, args, .. } = facts.expr(*call) else {
            continue;
        };
        let Expr::Function(function) = facts.expr(*callee) else {
            continue;
        };
        for (index, arg) in (0_u32..).zip(args) {
            if let Item::Value(arg) = arg
                && let Some(way) = way(facts, *arg)
            {
                given.insert((*function, index), way);
            }
        }
    }
    given
}

/// The way from the platform to what an expression names; none for what is no global.
fn way(facts: &FileFacts, expr: ExprId) -> Option<Vec<Name>> {
    let mut names = Vec::new();
    let mut at = expr;
    for _ in 0..MAX_STEPS {
        match facts.expr(at) {
            Expr::Member { object, name, .. } => {
                names.push(name.clone());
                at = *object;
            }
            // `window.Shop || {}`
            Expr::Logical { left, .. } if names.is_empty() => at = *left,
            Expr::Global(name) => {
                if OF_MODULES.contains(&name.as_str()) {
                    return None;
                }
                if !PLATFORM.contains(&name.as_str()) {
                    names.push(name.clone());
                }
                names.reverse();
                return Some(names);
            }
            _ => return None,
        }
    }
    None
}

/// Whether an expression names the platform itself (`window`).
fn is_platform(facts: &FileFacts, expr: ExprId) -> bool {
    matches!(facts.expr(expr), Expr::Global(name) if PLATFORM.contains(&name.as_str()))
}

/// Whether an expression names what is imported, at the start or later (`const { report } = await import('./report')`), or a
/// member of that.
fn is_imported(facts: &FileFacts, expr: ExprId) -> bool {
    let is_from = |from: From| match from {
        From::Import(_) => true,
        From::Expr(value) => is_module(facts, value),
        _ => false,
    };
    let sources = |binding: BindingId| facts.binding(binding).sources.iter();
    match facts.expr(expr) {
        Expr::Ref(binding) => sources(*binding).any(|source| is_from(source.from)),
        Expr::Member { object, .. } => match facts.expr(*object) {
            Expr::Ref(binding) => {
                sources(*binding).any(|source| source.path.is_empty() && is_from(source.from))
            }
            _ => is_module(facts, *object),
        },
        _ => false,
    }
}

/// Whether an expression gives a whole module, now or later.
fn is_module(facts: &FileFacts, expr: ExprId) -> bool {
    match facts.expr(expr) {
        Expr::Await(promise) => is_module(facts, *promise),
        Expr::Import(_) | Expr::Require(_) => true,
        _ => false,
    }
}

/// Whether a value is a function, a class or an object, and no text (`location.href = HOME`).
fn is_made(value: &V) -> bool {
    value.alternatives().iter().all(|it| {
        matches!(
            &**it,
            Value::Function(_)
                | Value::Class(..)
                | Value::Object(_)
                | Value::Instance(_)
                | Value::Client(_)
                | Value::Vendor(_)
        )
    })
}

/// Whether an expression is a function, a class or an object, by itself or by its name; what is imported may be.
fn is_code(facts: &FileFacts, expr: ExprId) -> bool {
    let is_made = |expr: ExprId| {
        matches!(
            facts.expr(expr),
            Expr::Function(_) | Expr::Object(_) | Expr::Class(_) | Expr::New { .. }
        )
    };
    match facts.expr(expr) {
        Expr::Ref(binding) => {
            let mut sources = facts.binding(*binding).sources.iter();
            sources.any(|source| match source.from {
                From::Function(_) | From::Class(_) => true,
                From::Expr(value) => is_made(value),
                _ => false,
            }) || is_imported(facts, expr)
        }
        _ => is_made(expr) || is_imported(facts, expr),
    }
}
