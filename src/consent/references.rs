//! Where a function of the program is used.
//!
//! In: a function. Out: the places that name it, or in which it stands, and whether a framework runs it. It leaves alone what
//! is done with it there (`reach`), and objects that are handed around.

use crate::facts::{
    BindingId, Entry, Exported, Expr, ExprId, ExprNode, FileFacts, From, FunctionId, FunctionKind,
    Imported, JsxTag, MODULE, Name,
};
use crate::link::{Definition, Module, Program};
use crate::search::holds_word;
use crate::source::{FileId, Span};

/// No more files are asked whether they use a function.
const MOST_FILES: usize = 200;
/// Directories whose files a framework runs.
const RUN: [&str; 3] = ["pages", "app", "routes"];

/// A place, with the innermost function around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Use {
    pub(super) file: FileId,
    pub(super) span: Span,
    pub(super) function: FunctionId,
}

impl Use {
    fn of(file: FileId, node: &ExprNode) -> Self {
        Self {
            file,
            span: node.span,
            function: node.function,
        }
    }
}

/// Where a function is used.
#[derive(Debug, Default)]
pub(super) struct Uses {
    pub(super) all: Vec<Use>,
    /// Nothing of the tree calls it, and a framework does.
    pub(super) is_entry: bool,
}

/// The uses of a function.
pub(super) fn uses(program: &Program<'_>, file: FileId, function: FunctionId) -> Uses {
    let facts = program.facts(file);
    let declared = facts.function(function);
    let own = (0..)
        .map(ExprId)
        .zip(&facts.exprs)
        .find(|(_, node)| matches!(node.expr, Expr::Function(of) if of == function));
    let at = |node: &ExprNode| Use::of(file, node);
    let mut found = Uses::default();
    let is_member = matches!(declared.kind, FunctionKind::Method) && declared.class.is_some();
    if is_member || declared.this_object.is_some() {
        if let Some(name) = &declared.name {
            found.all = of_member(program, file, name, declared.span);
        }
        let handed = own.filter(|(_, node)| is_handed_on(facts, node));
        if found.all.is_empty() {
            found.all.extend(handed.map(|(_, node)| at(node)));
        }
    } else if let Some(binding) = binding_of(facts, function) {
        found.all = of_binding(program, file, binding, declared.span);
        let is_exported = exported_as(facts, binding).next().is_some();
        found.is_entry = found.all.is_empty() && is_exported && is_run(program, file);
    } else if let Some((id, node)) = own {
        let key = key_of(facts, id);
        if let Some(name) = &key {
            found.all = of_member(program, file, name, declared.span);
        }
        // Where an object goes that nobody takes a function from is not known, unless it is handed to something.
        if found.all.is_empty() && (key.is_none() || is_handed_on(facts, node)) {
            found.all.push(at(node));
        }
        let is_default = facts
            .exports
            .iter()
            .any(|it| matches!(it.what, Exported::Expr(expr) if facts.span(expr) == node.span));
        if is_default {
            found.all = of_default(program, file);
            found.is_entry = found.all.is_empty();
        }
    } else if declared.parent == Some(MODULE) || declared.parent.is_none() {
        // The component that a template file is.
        found.all = of_default(program, file);
        found.is_entry = found.all.is_empty();
    }
    found.all.sort();
    found.all.dedup();
    found
}

/// Whether a function stands in what is handed to a call, or in what the file exports.
fn is_handed_on(facts: &FileFacts, function: &ExprNode) -> bool {
    let is_in = |expr: ExprId| facts.span(expr).contains(function.span);
    let mut nodes = facts.exprs.iter();
    let mut exports = facts.exports.iter();
    nodes.any(|node| match &node.expr {
        Expr::Call { args, .. } | Expr::New { args, .. } => {
            node.function == function.function && args.iter().any(|it| it.expr().is_some_and(is_in))
        }
        _ => false,
    }) || exports.any(|it| matches!(it.what, Exported::Expr(expr) if is_in(expr)))
}

/// Where a file is taken in whole: by `import()`, or by an import without a name.
pub(super) fn of_module(program: &Program<'_>, file: FileId) -> (Vec<Use>, bool) {
    let mut lazily = Vec::new();
    let mut is_static = false;
    for other in mentioning(program, file, &stem(program, file)) {
        let facts = program.facts(other);
        let is_this = |specifier: &str| program.module(other, specifier) == Module::File(file);
        is_static |= facts
            .imports
            .iter()
            .any(|it| !it.type_only && is_this(&it.specifier));
        is_static |= facts
            .exports
            .iter()
            .any(|it| matches!(&it.what, Exported::From { specifier, .. } if is_this(specifier)));
        lazily.extend(
            loads(facts)
                .filter(|(specifier, _)| is_this(specifier))
                .map(|(_, node)| Use::of(other, node)),
        );
    }
    (lazily, is_static)
}

/// Each `import('…')` of a file.
fn loads(facts: &FileFacts) -> impl Iterator<Item = (&Name, &ExprNode)> {
    let nodes = facts.exprs.iter();
    nodes.filter_map(|node| Some((facts.loaded(&node.expr)?, node)))
}

/// The name that a function is bound to, by itself or through a call (`useCallback(() => …)`).
fn binding_of(facts: &FileFacts, function: FunctionId) -> Option<BindingId> {
    let span = facts.function(function).span;
    let parent = facts.function(function).parent;
    let all = (0..).map(BindingId).zip(&facts.bindings);
    all.filter(|(_, binding)| Some(binding.function) == parent)
        .find_map(|(id, binding)| {
            let mut sources = binding.sources.iter().filter(|it| it.path.is_empty());
            sources
                .any(|source| match source.from {
                    From::Function(of) => of == function,
                    From::Expr(value) => match facts.expr(value) {
                        Expr::Function(of) => *of == function,
                        Expr::Call { .. } => {
                            facts.span(value).contains(span) && is_called(facts, id)
                        }
                        _ => false,
                    },
                    _ => false,
                })
                .then_some(id)
        })
}

/// Whether a name stands for something that is called, shown or handed on.
fn is_called(facts: &FileFacts, binding: BindingId) -> bool {
    facts.exprs.iter().any(|node| match &node.expr {
        Expr::Call { callee, .. } => matches!(facts.expr(*callee), Expr::Ref(it) if *it == binding),
        Expr::Jsx { tag, props, .. } => {
            let is_it = |it: ExprId| matches!(facts.expr(it), Expr::Ref(it) if *it == binding);
            matches!(tag, JsxTag::Component(tag) if is_it(*tag))
                || props.iter().any(|prop| match prop {
                    Entry::Property { value, .. } | Entry::Spread(value) => is_it(*value),
                })
        }
        _ => false,
    })
}

/// The key of the object under which a function stands.
fn key_of(facts: &FileFacts, function: ExprId) -> Option<Name> {
    facts.exprs.iter().find_map(|node| match &node.expr {
        Expr::Object(entries) => {
            let mut named = entries.iter().filter_map(Entry::named);
            named.find_map(|(name, value)| (value == function).then(|| name.clone()))
        }
        _ => None,
    })
}

fn exported_as(facts: &FileFacts, binding: BindingId) -> impl Iterator<Item = &Name> {
    facts.exports.iter().filter_map(move |export| {
        let is_it = match export.what {
            Exported::Binding(it) => it == binding,
            Exported::Expr(expr) => matches!(facts.expr(expr), Expr::Ref(it) if *it == binding),
            _ => false,
        };
        is_it.then_some(&export.name)
    })
}

fn refs(facts: &FileFacts, file: FileId, binding: BindingId, but: Option<Span>) -> Vec<Use> {
    let nodes = facts.exprs.iter().filter(|node| {
        matches!(node.expr, Expr::Ref(it) if it == binding)
            && but.is_none_or(|but| !but.contains(node.span))
    });
    let exported = |span: Span| {
        let mut exports = facts.exports.iter();
        exports.any(|it| matches!(it.what, Exported::Expr(expr) if facts.span(expr) == span))
    };
    nodes
        .filter(|node| !exported(node.span))
        .map(|node| Use::of(file, node))
        .collect()
}

fn of_binding(program: &Program<'_>, file: FileId, binding: BindingId, own: Span) -> Vec<Use> {
    let facts = program.facts(file);
    let mut found = refs(facts, file, binding, Some(own));
    for name in exported_as(facts, binding) {
        let stem = stem(program, file);
        let word = if name == "default" || name == "module.exports" {
            stem.as_str()
        } else {
            name
        };
        for other in mentioning(program, file, word) {
            found.extend(imported(program, other, |definition| {
                *definition == Definition::Binding(file, binding)
            }));
        }
        if name == "default" {
            found.extend(of_module(program, file).0);
        }
    }
    found
}

/// The uses of what a file exports as its default.
fn of_default(program: &Program<'_>, file: FileId) -> Vec<Use> {
    let mut found = of_module(program, file).0;
    for other in mentioning(program, file, &stem(program, file)) {
        let facts = program.facts(other);
        for import in &facts.imports {
            let is_default = matches!(import.imported, Imported::Default | Imported::Equals);
            let is_it =
                is_default && program.module(other, &import.specifier) == Module::File(file);
            if let (true, Some(binding)) = (is_it, import.binding) {
                found.extend(refs(facts, other, binding, None));
            }
        }
    }
    found
}

/// Uses of names that a file imports.
fn imported(program: &Program<'_>, file: FileId, is_it: impl Fn(&Definition) -> bool) -> Vec<Use> {
    let facts = program.facts(file);
    let mut found = Vec::new();
    for import in facts.imports.iter().filter(|it| !it.type_only) {
        let definition = program.import(file, &import.specifier, &import.imported);
        if let (true, Some(binding)) = (definition.is_some_and(|it| is_it(&it)), import.binding) {
            found.extend(refs(facts, file, binding, None));
        }
    }
    found
}

/// Where a member of this name is called in the file itself, or in files that import something of it.
fn of_member(program: &Program<'_>, file: FileId, name: &Name, own: Span) -> Vec<Use> {
    let mut found = Vec::new();
    let others = mentioning(program, file, name);
    for other in std::iter::once(file).chain(others) {
        let facts = program.facts(other);
        let takes = || {
            let mut imports = facts.imports.iter();
            imports.any(
                |it| match program.import(other, &it.specifier, &it.imported) {
                    Some(Definition::Binding(of, _) | Definition::Expr(of, _)) => of == file,
                    Some(Definition::Namespace(of)) => of == file,
                    _ => false,
                },
            )
        };
        if other != file && !takes() {
            continue;
        }
        found.extend(facts.exprs.iter().filter_map(|node| {
            let Expr::Call { callee, .. } = node.expr else {
                return None;
            };
            let is_it = matches!(facts.expr(callee), Expr::Member { name: it, .. } if it == name);
            let is_inside = other == file && own.contains(node.span);
            (is_it && !is_inside).then(|| Use::of(other, node))
        }));
    }
    found
}

/// The other files that have a word, or a part of a path.
fn mentioning(program: &Program<'_>, file: FileId, word: &str) -> Vec<FileId> {
    let texts = program.texts();
    let all = (0..).map(FileId).zip(texts);
    all.filter(|(id, source)| {
        *id != file && source.path.extension() != "json" && holds_word(&source.text, word)
    })
    .map(|(id, _)| id)
    .take(MOST_FILES)
    .collect()
}

/// By which word of a path others import a file.
fn stem(program: &Program<'_>, file: FileId) -> String {
    let path = program.source(file).path.as_str();
    let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name.split('.').next().unwrap_or(name) {
        "index" => directory.rsplit('/').next().unwrap_or(name).to_owned(),
        stem => stem.to_owned(),
    }
}

/// Whether a framework runs what a file exports.
fn is_run(program: &Program<'_>, file: FileId) -> bool {
    let path = program.source(file).path.as_str();
    let mut parts = path.split('/');
    let is_default = |export: &crate::facts::Export| export.name == "default";
    program.facts(file).exports.iter().any(is_default) || parts.any(|part| RUN.contains(&part))
}
