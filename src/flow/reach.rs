//! Whether an expression may lead to a vendor, told from the text of its file alone.
//!
//! In: expressions of parsed files, and the files that are known to matter. Out: no, if nothing that is named in the
//! expression can be a vendor's client or a function that reaches one; then nobody has to evaluate it, and what it imports
//! need not be parsed. It leaves alone what a value is (`evaluate`); where this stage is in doubt, the answer is yes.
//!
//! A name that is imported from a file of the tree leads only if that file is among the known ones: the rounds go from the
//! vendors outwards, so a file that leads to a vendor is known before those that import it are read for the last time.

use std::cell::RefCell;
use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::classes::holder_of;
use super::components::given_by_app;
use super::evaluate::{Evaluator, plain_specifier};
use super::extended::package;
use super::listeners::Listeners;
use super::results::CallExpr;
use super::spelling::names_of;
use super::value::{FnRef, V, Value};
use crate::facts::PLATFORM;
use crate::facts::{
    self, BindingId, BindingKind, ClassId, Entry, Expr, ExprId, From, Imported, Item, Literal,
    MemberKind, Name, Source, Step, TemplatePart, Type, TypeDeclKind, TypeId, TypeMember,
    TypeTarget,
};
use crate::link::{Definition, Module};
use crate::search::may_export_all;
use crate::source::FileId;

/// Expressions nested deeper than this are taken to lead.
const MAX_DEPTH: usize = 60;
/// An alias counts for so many levels, so that aliases of aliases end soon.
const ALIAS: usize = 8;

/// What earlier rounds have found.
#[derive(Default)]
pub(super) struct Known {
    /// Files that matter.
    pub files: BTreeSet<FileId>,
    /// Those among them of which it is not known yet which of their exports lead to a vendor.
    pub fresh: BTreeSet<FileId>,
    /// Exports of the others that do.
    pub leading: FxHashSet<Definition>,
    /// Files that were read before it was known that something they use does.
    pub again: BTreeSet<FileId>,
    /// What does not, as far as was known when a file asked.
    denied: RefCell<FxHashMap<Definition, BTreeSet<FileId>>>,
    /// Files that did not matter when others asked for them.
    unknown: RefCell<FxHashMap<FileId, BTreeSet<FileId>>>,
}

impl Known {
    /// Whether a file gets a way to a vendor by a definition.
    fn leads(&self, file: FileId, definition: &Definition) -> bool {
        match definition {
            // An object literal with functions in it may be of any type with such.
            Definition::Namespace(of) | Definition::Type(of, _) => self.knows(file, *of),
            Definition::MemberOf(of, whole, _) => self.leads(file, &Definition::Expr(*of, *whole)),
            Definition::Outside { .. } | Definition::Binding(..) | Definition::Expr(..) => {
                let is_fresh = match definition {
                    Definition::Binding(of, _) | Definition::Expr(of, _) => self.fresh.contains(of),
                    _ => false,
                };
                let leads = is_fresh || self.leading.contains(definition);
                if !leads {
                    let mut denied = self.denied.borrow_mut();
                    denied.entry(definition.clone()).or_default().insert(file);
                }
                leads
            }
        }
    }

    /// Whether a file matters to one that asks.
    fn knows(&self, file: FileId, of: FileId) -> bool {
        let is_known = self.files.contains(&of);
        if !is_known {
            let mut unknown = self.unknown.borrow_mut();
            unknown.entry(of).or_default().insert(file);
        }
        is_known
    }

    /// Whether no file was denied what leads to a vendor, as is known now.
    pub(super) fn was_right(&self, leading: &FxHashSet<Definition>) -> bool {
        let denied = self.denied.borrow();
        leading.iter().all(|found| !denied.contains_key(found))
    }

    /// Goes on with what a pass has found: files that are new, and definitions that lead to a vendor.
    pub(super) fn learn(&mut self, fresh: BTreeSet<FileId>, leading: FxHashSet<Definition>) {
        let denied = self.denied.get_mut();
        let wronged = leading.iter().filter_map(|found| denied.remove(found));
        self.again = wronged.flatten().collect();
        let unknown = self.unknown.get_mut();
        let of_files = fresh.iter().filter_map(|file| unknown.remove(file));
        self.again.extend(of_files.flatten());
        self.fresh = fresh;
        self.leading.extend(leading);
    }

    /// Forgets what was asked, before all files are read from the start.
    pub(super) fn start_over(&mut self) {
        self.fresh.clear();
        self.again.clear();
        self.denied.get_mut().clear();
        self.unknown.get_mut().clear();
    }
}

/// What may lead to a vendor.
pub(super) struct Reach<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    known: &'e Known,
    /// What answers requests to the app's own server.
    listeners: &'e Listeners,
    bindings: RefCell<FxHashMap<(FileId, BindingId), bool>>,
    callbacks: RefCell<FxHashMap<FnRef, bool>>,
}

impl<'e, 'p> Reach<'e, 'p> {
    /// `known` is what earlier rounds have found.
    pub(super) fn new(
        evaluator: &'e Evaluator<'p>,
        known: &'e Known,
        listeners: &'e Listeners,
    ) -> Self {
        Self {
            evaluator,
            known,
            listeners,
            bindings: RefCell::default(),
            callbacks: RefCell::default(),
        }
    }

    /// Whether an expression may.
    pub(super) fn expr(&self, file: FileId, expr: ExprId) -> bool {
        self.expr_at(file, expr, 0)
    }

    /// Whether an argument may, or is an object or list of such.
    pub(super) fn item(&self, file: FileId, item: &Item) -> bool {
        self.item_at(file, item, 0)
    }

    /// Whether a property or spread of an object may.
    pub(super) fn entry(&self, file: FileId, entry: &Entry) -> bool {
        self.entry_at(file, entry, 0)
    }

    /// Whether a name may.
    pub(super) fn binding(&self, file: FileId, binding: BindingId) -> bool {
        self.binding_at(file, binding, 0)
    }

    fn expr_at(&self, file: FileId, expr: ExprId, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return true;
        }
        let depth = depth + 1;
        let leads = |expr: &ExprId| self.expr_at(file, *expr, depth);
        let facts = self.evaluator.program.facts(file);
        match facts.expr(expr) {
            // An address is a way to a vendor for whoever sends a request to it, and so is the package that a logger is told to
            // hand things to.
            Expr::Literal(Literal::String(text)) => {
                self.names_host(text)
                    || self.listeners.answer_at(text)
                    || self.evaluator.catalog.package(text).is_some()
            }
            Expr::Template(parts) => parts.iter().any(|part| match part {
                TemplatePart::Text(text) => self.names_host(text),
                TemplatePart::Value(value) => leads(value),
            }),
            Expr::Binary { left, right, .. } => leads(left) || leads(right),
            // What gives a component styles is called with it.
            Expr::Tagged { tag, .. } => matches!(facts.expr(*tag), Expr::Call { .. }) && leads(tag),
            Expr::Literal(_)
            | Expr::Unary { .. }
            | Expr::ImportMeta
            | Expr::Jsx { .. }
            | Expr::Unknown => false,
            Expr::Ref(binding) => self.binding_at(file, *binding, depth),
            Expr::Global(name) => {
                self.global(name)
                    || self.is_auto_imported(file, name)
                    || self.evaluator.registry.of_components.contains_key(name)
            }
            Expr::Member { .. } | Expr::Index { .. } => self.member(file, expr, depth),
            Expr::Object(entries) => entries
                .iter()
                .any(|entry| self.entry_at(file, entry, depth)),
            Expr::Array(items) => items.iter().any(|item| self.item_at(file, item, depth)),
            Expr::Call {
                callee,
                args,
                type_args,
            }
            | Expr::New {
                callee,
                args,
                type_args,
            } => {
                leads(callee)
                    || self.keeps(file, *callee)
                    || args.iter().any(|item| self.item_at(file, item, depth))
                    || type_args
                        .iter()
                        .any(|ty| self.declares(file, *ty, &[], depth))
            }
            Expr::Conditional {
                then, otherwise, ..
            } => leads(then) || leads(otherwise),
            Expr::Logical { left, right, .. } => leads(left) || leads(right),
            Expr::Assign { value, .. } => leads(value),
            Expr::Sequence(all) => all.last().is_some_and(leads),
            Expr::Await(value) => leads(value),
            Expr::Cast { value, ty, .. } => {
                leads(value) || ty.is_some_and(|ty| self.declares(file, ty, &[], depth))
            }
            loading @ Expr::Import(_) => facts
                .loaded(loading)
                .is_none_or(|specifier| self.module(file, specifier, &Imported::Namespace)),
            Expr::Require(specifier) => self.module(file, specifier, &Imported::Equals),
            Expr::This | Expr::Super | Expr::Function(_) | Expr::Class(_) | Expr::Yield { .. } => {
                true
            }
        }
    }

    /// Whether a callee is spelt like a function that gives what was kept elsewhere: a state, a context.
    fn keeps(&self, file: FileId, callee: ExprId) -> bool {
        let facts = self.evaluator.program.facts(file);
        names_of(facts, callee).any(|name| self.evaluator.library.keeps(name))
    }

    /// What is read from a name by keys.
    fn member(&self, file: FileId, expr: ExprId, depth: usize) -> bool {
        let facts = self.evaluator.program.facts(file);
        let mut path = Vec::new();
        let mut at = expr;
        let root = loop {
            match facts.expr(at) {
                Expr::Member { object, name, .. } => {
                    path.push(Some(name));
                    at = *object;
                }
                Expr::Index { object, .. } => {
                    path.push(None);
                    at = *object;
                }
                root => break root,
            }
        };
        path.reverse();
        // Whatever it is read from may be the window, by way of a function of another file.
        if self.names_global(&path) {
            return true;
        }
        let of_components = &self.evaluator.registry.of_components;
        if given_by_app(&path).is_some_and(|name| of_components.contains_key(name)) {
            return true;
        }
        match root {
            Expr::Ref(binding) => {
                self.binding_at(file, *binding, depth) && self.narrows(file, *binding, &path, depth)
                    || self.is_param_like_client(file, *binding, &path)
            }
            // What an app gives all components is in no class.
            Expr::This
                if path.first().copied().flatten().is_some_and(|name| {
                    of_components.contains_key(name) || self.is_component(file, name)
                }) =>
            {
                true
            }
            Expr::This => match facts.function(facts.function_of(at)).class {
                Some(class) => self.member_of(file, class, &path, depth),
                None => true,
            },
            _ => self.expr_at(file, at, depth),
        }
    }

    /// What is read along a path from an object of a class.
    fn member_of(&self, file: FileId, class: ClassId, path: &[Key<'_>], depth: usize) -> bool {
        let facts = self.evaluator.program.facts(file);
        let installed = self.evaluator.registry.installed.on(file, class);
        let class = facts.class(class);
        let Some((Some(name), rest)) = path.split_first() else {
            return true;
        };
        let leads = |expr: &ExprId| self.expr_at(file, *expr, depth);
        let declared = |ty: &TypeId| self.declares(file, *ty, rest, depth);
        class.extends.as_ref().is_some_and(leads)
            || class.mixins.iter().any(leads)
            || class
                .members
                .iter()
                .filter(|member| member.name == **name)
                .any(|member| match &member.kind {
                    MemberKind::Field { value, ty } => {
                        value.as_ref().is_some_and(leads) || ty.as_ref().is_some_and(declared)
                    }
                    MemberKind::ParamProperty { ty, .. } => ty.as_ref().is_none_or(declared),
                    _ => true,
                })
            || class
                .writes
                .iter()
                .filter(|write| matches!(write.path.first(), Some(Step::Key(key)) if key == *name))
                .any(|write| write.value.as_ref().is_some_and(leads))
            || class
                .touches
                .iter()
                .any(|call| self.fills(file, *call, name, depth))
            || installed.iter().any(|member| {
                member.name == **name && self.expr_at(member.file, member.value, depth)
            })
    }

    /// Whether a call puts what may lead into what a member of this name holds.
    fn fills(&self, file: FileId, call: ExprId, name: &Name, depth: usize) -> bool {
        let facts = self.evaluator.program.facts(file);
        let Some(CallExpr { args, .. }) = self.evaluator.call_parts(file, call) else {
            return false;
        };
        let is_merged = || {
            let merged = facts.merged_into(call);
            merged.is_some_and(|(target, _)| matches!(facts.expr(target), Expr::This))
        };
        (holder_of(facts, call) == Some(name) || is_merged())
            && args.iter().any(|item| self.item_at(file, item, depth))
    }

    fn names_host(&self, text: &Name) -> bool {
        let text = V::new(Value::Literal(Literal::String(text.clone())));
        self.evaluator.destination(&text).is_some()
    }

    fn item_at(&self, file: FileId, item: &Item, depth: usize) -> bool {
        let mut value = item.expr().into_iter();
        value.any(|value| self.is_variable(file, value) || self.expr_at(file, value, depth))
    }

    /// Whether an argument is written as a variable of the environment that holds an address of a vendor's, or starts with
    /// one. An object of such is mostly a configuration, which goes everywhere and leads nowhere.
    fn is_variable(&self, file: FileId, value: ExprId) -> bool {
        let facts = self.evaluator.program.facts(file);
        let name = match facts.expr(value) {
            Expr::Member { name, .. } => name,
            Expr::Ref(binding) => &facts.binding(*binding).name,
            Expr::Cast { value, .. } => return self.is_variable(file, *value),
            Expr::Template(parts) => {
                let is_blank = |part: &&TemplatePart| matches!(part, TemplatePart::Text(text) if text.is_empty());
                return matches!(parts.iter().find(|part| !is_blank(part)),
                    Some(TemplatePart::Value(value)) if self.is_variable(file, *value));
            }
            Expr::Binary { left, .. } => return self.is_variable(file, *left),
            _ => return false,
        };
        self.evaluator.catalog.destinations.is_variable(name)
    }

    fn entry_at(&self, file: FileId, entry: &Entry, depth: usize) -> bool {
        match entry {
            Entry::Property { key, value, .. } => {
                self.expr_at(file, *value, depth)
                    || matches!(key, facts::Key::Computed(key) if self.expr_at(file, *key, depth))
            }
            Entry::Spread(value) => self.expr_at(file, *value, depth),
        }
    }

    fn global(&self, name: &Name) -> bool {
        PLATFORM.contains(&name.as_str())
            || self.evaluator.catalog.is_root(name)
            || self.evaluator.registry.globals.contains_key(name)
            || self.evaluator.registry.namespaces.has_root(name)
            || self.evaluator.library.is_request_root(name)
    }

    /// Whether something is read by the name of a vendor's global.
    fn names_global(&self, path: &[Key<'_>]) -> bool {
        let catalog = self.evaluator.catalog;
        let rules = path.iter().copied().flatten();
        let mut rules = rules.flat_map(|name| catalog.globals(name).iter());
        rules.any(|(_, global)| !global.common_word)
    }

    /// A framework gives a name to a file without an import.
    fn is_auto_imported(&self, file: FileId, name: &Name) -> bool {
        let definition = self.evaluator.program.auto_import(file, name);
        definition.is_some_and(|definition| self.known.leads(file, &definition))
    }

    /// A tag of a template means a component that leads.
    fn is_component(&self, file: FileId, name: &Name) -> bool {
        let definition = self.evaluator.meant_by_tag(file, name);
        definition.is_some_and(|definition| self.known.leads(file, &definition))
    }

    fn binding_at(&self, file: FileId, id: BindingId, depth: usize) -> bool {
        if let Some(known) = self.bindings.borrow().get(&(file, id)) {
            return *known;
        }
        // A name that is made from itself does not lead by that.
        self.bindings.borrow_mut().insert((file, id), false);
        let leads = self.made_of(file, id, depth);
        self.bindings.borrow_mut().insert((file, id), leads);
        leads
    }

    /// What gives a name its value.
    fn made_of(&self, file: FileId, id: BindingId, depth: usize) -> bool {
        let binding = self.evaluator.program.facts(file).binding(id);
        let leads = |expr: ExprId| self.expr_at(file, expr, depth);
        let is_ambient = binding
            .sources
            .iter()
            .all(|source| matches!(source.from, From::Nothing | From::Function(_)));
        is_ambient && self.global(&binding.name)
            || binding.kind == BindingKind::Class
            || binding
                .ty
                .is_some_and(|ty| self.declares(file, ty, &[], depth))
            || binding
                .sources
                .iter()
                .any(|source| self.is_from(file, source, depth))
            || binding.touches.iter().any(|touch| leads(*touch))
            || binding
                .writes
                .iter()
                .any(|write| write.value.is_some_and(leads))
    }

    fn is_from(&self, file: FileId, source: &Source, depth: usize) -> bool {
        let path = path_of(source);
        let leads = |expr: ExprId| self.expr_at(file, expr, depth);
        source
            .ty
            .is_some_and(|ty| self.declares(file, ty, &path, depth))
            || source.default.is_some_and(leads)
            || match source.from {
                From::Expr(value) | From::ElementOf(value) => {
                    self.names_global(&path) || leads(value)
                }
                From::Import(import) => {
                    let import = &self.evaluator.program.facts(file).imports[import.index()];
                    self.module(file, &import.specifier, &import.imported)
                }
                From::Param { function, index } => {
                    self.param(FnRef { file, function }, index, &path, depth)
                }
                // The functions of a namespace may do anything.
                From::TypeDecl(decl) => matches!(
                    self.evaluator.program.facts(file).type_decl(decl).kind,
                    TypeDeclKind::Namespace(_)
                ),
                From::KeyOf(_) | From::Caught | From::Nothing => false,
                From::Function(_) | From::Class(_) | From::Markup => true,
            }
    }

    /// Whether what is read along a path from a name that leads can lead as well, by the types that are declared for it.
    fn narrows(&self, file: FileId, id: BindingId, path: &[Key<'_>], depth: usize) -> bool {
        let facts = self.evaluator.program.facts(file);
        let binding = facts.binding(id);
        let declares = |ty, path: &[Key<'_>]| self.declares(file, ty, path, depth);
        if let Some(ty) = binding.ty {
            return declares(ty, path);
        }
        binding.sources.iter().any(|source| {
            let path: Vec<Key<'_>> = path_of(source).iter().chain(path).copied().collect();
            match (source.ty, source.from) {
                (Some(ty), _) => declares(ty, &path),
                (None, From::Param { function, index }) => {
                    self.param(FnRef { file, function }, index, &path, depth)
                }
                _ => true,
            }
        })
    }

    /// A parameter may be anything, unless its type is a plain one, or its function is only handed to what leads nowhere.
    fn param(&self, at: FnRef, index: u32, path: &[Key<'_>], depth: usize) -> bool {
        let facts = self.evaluator.program.facts(at.file);
        let param = facts.function(at.function).params.get(index as usize);
        if let Some(ty) = param.and_then(|param| param.ty) {
            return self.declares(at.file, ty, path, depth);
        }
        if self.evaluator.reads_own_store(at, index) {
            return true;
        }
        if let Some(known) = self.callbacks.borrow().get(&at) {
            return *known;
        }
        self.callbacks.borrow_mut().insert(at, false);
        let leads = self.is_given(at, depth);
        self.callbacks.borrow_mut().insert(at, leads);
        leads
    }

    /// Whether whoever calls a function may hand a way to a vendor to it.
    fn is_given(&self, at: FnRef, depth: usize) -> bool {
        let positions = self.evaluator.positions(at.file);
        let Some((call, _)) = positions.argument_of.get(&at.function) else {
            return true;
        };
        let Some(parts) = self.evaluator.call_parts(at.file, *call) else {
            return true;
        };
        let facts = self.evaluator.program.facts(at.file);
        let is_itself = |item: &Item| match item {
            Item::Value(value) => {
                matches!(facts.expr(*value), Expr::Function(function) if *function == at.function)
            }
            _ => false,
        };
        names_of(facts, parts.callee).any(|name| self.evaluator.library.wraps(name))
            || self.expr_at(at.file, parts.callee, depth)
            || parts
                .args
                .iter()
                .any(|item| !is_itself(item) && self.item_at(at.file, item, depth))
    }

    /// What an import of a file may lead to.
    fn module(&self, file: FileId, specifier: &Name, imported: &Imported) -> bool {
        let evaluator = self.evaluator;
        let target = match evaluator.program.module(file, specifier) {
            Module::Outside => {
                return match evaluator.program.import(file, specifier, imported) {
                    Some(Definition::Outside { .. }) | None => {
                        self.outside(file, specifier, imported)
                    }
                    Some(definition) => self.known.leads(file, &definition),
                };
            }
            Module::File(target) => target,
        };
        // What a file hands on from others is theirs; only a file that can do so is asked for the name.
        let is_known = self.known.knows(file, target);
        if !is_known && !may_export_all(&evaluator.program.source(target).text) {
            return false;
        }
        match evaluator.program.import(file, specifier, imported) {
            Some(Definition::Outside {
                specifier,
                imported,
            }) => self.outside(file, &specifier, &imported),
            Some(definition) => self.known.leads(file, &definition),
            None => false,
        }
    }

    /// Whether a name stands for a type of a file that matters, where a value has the same name.
    fn imports_type(&self, file: FileId, id: BindingId) -> bool {
        let program = self.evaluator.program;
        let import = program.facts(file).import_of(id);
        let is_known = import.is_some_and(|import| {
            matches!(program.module(file, &import.specifier),
                Module::File(target) if self.known.knows(file, target))
        });
        let ty = is_known.then(|| self.evaluator.shapes.import_of(file, id));
        matches!(ty.flatten(), Some(ty @ Definition::Type(..)) if self.known.leads(file, &ty))
    }

    /// Whether something of an imported type is read by a name that methods of clients have: callers may hand one over, where
    /// the type says what the program needs of it (`logger: Logger`), whichever file that stands in.
    fn is_like_client(&self, file: FileId, ty: BindingId, path: &[Key<'_>]) -> bool {
        let is_method = |name: &Name| self.evaluator.catalog.is_method(name);
        matches!(path, [.., Some(name)] if is_method(name))
            && self.evaluator.program.facts(file).import_of(ty).is_some()
    }

    /// The same of a parameter that is declared to be of such a type.
    fn is_param_like_client(&self, file: FileId, id: BindingId, path: &[Key<'_>]) -> bool {
        let facts = self.evaluator.program.facts(file);
        let mut types = facts.binding(id).sources.iter().filter_map(|source| {
            let From::Param { function, index } = source.from else {
                return None;
            };
            let param = facts.function(function).params.get(index as usize)?;
            match facts.ty(param.ty?) {
                Type::Ref {
                    target: TypeTarget::Binding(ty),
                    ..
                } if source.path.is_empty() => Some(*ty),
                _ => None,
            }
        });
        types.any(|ty| self.is_like_client(file, ty, path))
    }

    /// A package leads if it is a vendor's, or sends requests, or by what the tree adds to its types.
    fn outside(&self, file: FileId, specifier: &Name, imported: &Imported) -> bool {
        let Evaluator {
            catalog, library, ..
        } = self.evaluator;
        catalog.package(specifier).is_some()
            || library.is_platform(specifier)
            || library.is_request_root(plain_specifier(specifier))
            || matches!(imported, Imported::Named(name) if library.is_request_root(name))
            || self.evaluator.program.declares(specifier)
                && self.known.leads(file, &package(specifier.clone()))
    }

    /// What a type says of what is read along a path from a value of it.
    fn declares(&self, file: FileId, ty: TypeId, path: &[Key<'_>], depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return true;
        }
        let leads = |ty: &TypeId| self.declares(file, *ty, path, depth + 1);
        let facts = self.evaluator.program.facts(file);
        match facts.ty(ty) {
            Type::Keyword(name) => matches!(name.as_str(), "any" | "unknown" | "object"),
            Type::Literal(_) | Type::Template | Type::KeyOf(_) => false,
            Type::Ref { target, args, .. } => {
                let by_args = args
                    .iter()
                    .any(|ty| self.declares(file, *ty, &[], depth + 1));
                by_args
                    || match target {
                        TypeTarget::Binding(binding) => {
                            self.is_like_client(file, *binding, path)
                                || self.binding_at(file, *binding, depth + 1)
                                || self.imports_type(file, *binding)
                        }
                        TypeTarget::Decl(decl) => match &facts.type_decl(*decl).kind {
                            TypeDeclKind::Interface { extends, members } if extends.is_empty() => {
                                self.has(file, members, path, depth)
                            }
                            TypeDeclKind::Alias(ty) => {
                                self.declares(file, *ty, path, depth + ALIAS)
                            }
                            TypeDeclKind::Enum(_) => false,
                            TypeDeclKind::Interface { .. } | TypeDeclKind::Namespace(_) => true,
                        },
                        // An ambient type may be a vendor's.
                        TypeTarget::Class(_) | TypeTarget::Param | TypeTarget::Global => true,
                    }
            }
            Type::Union(types) | Type::Intersection(types) | Type::Tuple(types) => {
                types.iter().any(leads)
            }
            Type::Array(element) => {
                let rest = path.split_first().map_or(path, |(_, rest)| rest);
                self.declares(file, *element, rest, depth + 1)
            }
            Type::Object(members) => self.has(file, members, path, depth),
            _ => true,
        }
    }

    fn has(&self, file: FileId, members: &[TypeMember], path: &[Key<'_>], depth: usize) -> bool {
        let leads = |member: &TypeMember, rest: &[Key<'_>]| {
            member
                .ty
                .is_none_or(|ty| self.declares(file, ty, rest, depth + 1))
        };
        let Some((key, rest)) = path.split_first() else {
            return true;
        };
        match members.iter().find(|member| member.name.as_ref() == *key) {
            Some(member) => leads(member, rest),
            None => members.iter().any(|member| leads(member, rest)),
        }
    }
}

/// A key on the way into a value; none if it is not known which.
type Key<'a> = Option<&'a Name>;

fn path_of(source: &Source) -> Vec<Key<'_>> {
    let keys = source.path.iter().filter_map(|step| match step {
        Step::Key(name) => Some(Some(name)),
        Step::Computed(_) | Step::Index(_) => Some(None),
        Step::RestOf(_) | Step::RestFrom(_) => None,
    });
    keys.collect()
}
