//! The names that files are searched for.
//!
//! In: the vendors of the catalog; the parsed files and the functions whose callers matter. Out: the texts that a file must
//! hold to be parsed in the next round. It leaves alone the search (`rounds`) and what leads to a vendor (`leads`).

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::catalog::Catalog;
use super::components::as_written;
use super::contexts::provisions;
use super::evaluate::Evaluator;
use super::extended::{Added, package};
use super::leads::Leads;
use super::library::Library;
use super::reach::Reach;
use super::value::{Spot, V, Value};
use super::worklist::Worklist;
use crate::facts::{ClassId, Export, TEMPLATE};
use crate::link::{Definition, Module};
use crate::source::FileId;

/// How a file takes all exports of another at once, naming none.
pub(super) const WHOLE: &str = "* as";

/// A text that a file must hold to matter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Term {
    pub text: String,
    /// It matters only in a file that imports this one, by whatever way.
    pub of: Option<FileId>,
    /// It names what is inside an export, which other files hand on without naming this.
    pub is_inside: bool,
}

impl Term {
    /// A term that matters only in a file that imports another.
    pub(super) fn of(text: impl Into<String>, file: FileId) -> Self {
        Self {
            text: text.into(),
            of: Some(file),
            is_inside: false,
        }
    }

    /// The same for the name of a member of an export, or of what is exported under another name.
    pub(super) fn inside(text: impl Into<String>, file: FileId) -> Self {
        Self {
            is_inside: true,
            ..Self::of(text, file)
        }
    }

    /// A term that matters wherever it stands.
    pub(super) fn anywhere(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            of: None,
            is_inside: false,
        }
    }
}

/// The names of the vendors themselves.
pub(super) fn first_terms(
    catalog: &Catalog<'_>,
    library: &Library<'_>,
    proven: &FxHashSet<usize>,
) -> BTreeSet<Term> {
    let mut terms = BTreeSet::new();
    for package in library.senders_by_default() {
        terms.extend(begun(package));
    }
    for fork in catalog.forks() {
        terms.extend(begun(&fork.name));
    }
    for (index, vendor) in catalog.vendors() {
        for package in &vendor.packages {
            terms.extend(begun(&package.name));
        }
        for plugin in &vendor.plugins {
            let names = std::iter::once(&plugin.name).chain(&plugin.presets);
            terms
                .extend(names.flat_map(|name| {
                    ["'", "\"", "`"].map(|quote| format!("{quote}{name}{quote}"))
                }));
        }
        terms.extend(vendor.hosts.iter().cloned());
        terms.extend(vendor.apis.iter().map(|api| api.host.clone()));
        terms.extend(vendor.scripts.iter().cloned());
        terms.extend(vendor.script_attributes.iter().cloned());
        for global in &vendor.globals {
            let name = &global.name;
            if global.common_word {
                terms.extend(
                    ["window.", "window?.", "globalThis.", ").", ")?."]
                        .map(|before| format!("{before}{name}")),
                );
                terms.insert(format!("window['{name}']"));
                terms.insert(format!("window[\"{name}\"]"));
                if proven.contains(&index) {
                    terms.extend([".", "?.", "("].map(|after| format!("{name}{after}")));
                }
            } else {
                terms.insert(name.clone());
            }
        }
    }
    terms.extend(catalog.renamed().iter().map(|name| (*name).to_owned()));
    let passages = catalog.destinations.passages();
    terms.extend(passages.map(|(path, _)| path.to_owned()));
    // A configuration that is made of it is read by the same name, and leads nowhere by that.
    let variables = catalog.destinations.variables();
    terms.extend(variables.flat_map(|name| {
        ["env.", "env?.", "env['", "env[\""].map(|before| format!("{before}{name}"))
    }));
    terms.into_iter().map(Term::anywhere).collect()
}

/// What leads to a vendor from other files.
#[derive(Default)]
pub(super) struct Next {
    /// The names by which they reach it.
    pub terms: BTreeSet<Term>,
    /// The exports that do.
    pub leading: FxHashSet<Definition>,
    /// The templates of classes that do, the files that declare interfaces of objects that do or what these are provided for,
    /// and the files of classes on which something is put that does.
    pub templates: BTreeSet<FileId>,
}

/// What leads to a vendor from other files than those that matter so far.
pub(super) fn next_terms(
    evaluator: &Evaluator<'_>,
    admitted: &BTreeSet<FileId>,
    reach: &Reach<'_, '_>,
    worklist: &Worklist<'_>,
    events: &BTreeSet<&str>,
) -> Next {
    let mut leads = Leads::new(evaluator, &worklist.open, events);
    let mut next = Next::default();
    for file in admitted {
        let facts = evaluator.program.facts(*file);
        for export in &facts.exports {
            let Some(definition) = evaluator.program.exported(*file, export) else {
                continue;
            };
            let spot = Spot {
                file: *file,
                span: export.span,
            };
            if let Some(template) = export.name.strip_prefix(TEMPLATE) {
                if let Value::Class(at, class) = &*evaluator.definition(&definition, spot)
                    && leads.template(*at, *class)
                    && let Module::File(template) =
                        evaluator.program.module(*file, &format!("./{template}"))
                {
                    next.templates.insert(template);
                    next.leading.insert(definition);
                }
                continue;
            }
            // Who hands a way to a vendor to a function is found by that, but has to know that the function takes it.
            let mut is_handed = false;
            let mut leads_by = |value: &V| {
                is_handed = is_awaited(value, worklist);
                leads.value(value, 0)
            };
            let reaches = match &definition {
                Definition::Binding(at, binding) if at == file => {
                    reach.binding(*file, *binding)
                        && (leads_by(&evaluator.binding(*file, *binding))
                            || leads.context((*at, *binding)))
                        || leads.made_for(*file, *binding)
                }
                Definition::Expr(at, expr) if at == file => {
                    reach.expr(*file, *expr) && leads_by(&evaluator.expr(*file, *expr))
                }
                Definition::Type(at, decl) => {
                    leads.interface((*at, *decl))
                        || leads.alias((*at, *decl), |expr| reach.expr(*at, expr))
                }
                Definition::Outside { specifier, .. } => {
                    evaluator.catalog.package(specifier).is_some()
                }
                definition => leads.value(&evaluator.definition(definition, spot), 0),
            };
            if reaches || is_handed {
                next.leading.insert(definition);
            }
            if !reaches {
                continue;
            }
            next.terms.extend(terms_of_export(evaluator, *file, export));
            next.terms.insert(Term::of(WHOLE, *file));
            if export.name == "default" {
                next.terms.extend(terms_of_component(evaluator, *file));
            }
        }
        // Who holds a value by the type of an interface or base class names that type, not the class behind it.
        for (index, class) in (0..).zip(&facts.classes) {
            if class.implements.is_empty() && class.extends.is_none() {
                continue;
            }
            if leads.class(*file, ClassId(index)) {
                let bases = leads.bases(*file, class);
                next.terms.extend(bases.into_iter().map(Term::anywhere));
            }
        }
        // A global that is only declared, by a type that leads to a vendor, is used under its name.
        for (name, ty) in evaluator.registry.declared.iter() {
            if ty.file == *file && leads.type_use(ty, 0) {
                next.terms.insert(Term::anywhere(name.to_string()));
            }
        }
    }
    for file in admitted {
        let added = Added::by(evaluator, &mut leads, *file);
        next.terms.extend(added.terms());
        let packages = added.packages(evaluator.program);
        next.leading.extend(packages.into_iter().map(package));
    }
    // A class calls what another file puts on it, and nothing in its own file says where that leads.
    for ((file, _), members) in evaluator.registry.installed.iter() {
        let mut members = members.iter();
        if members.any(|member| {
            admitted.contains(&member.file)
                && leads.value(&evaluator.expr(member.file, member.value), 0)
        }) {
            next.templates.insert(*file);
        }
    }
    // The same holds of object literals that are said to be of an interface.
    for (decl, literals) in evaluator.registry.literals.iter() {
        // What a package declares is named by files that have nothing else to do with each other.
        if !evaluator.program.is_in_tree(decl.0) {
            continue;
        }
        let mut files = literals.iter().map(|(at, _)| at);
        if files.any(|at| admitted.contains(at)) && leads.literals(*decl) {
            let facts = evaluator.program.facts(decl.0);
            let name = facts.type_decl(decl.1).name.as_str();
            next.terms.insert(Term::of(name, decl.0));
            // Who names the type asks the file that declares it.
            next.templates.insert(decl.0);
        }
    }
    // Who asks for what is provided under a name imports nothing.
    for (name, values) in evaluator.registry.injected.iter() {
        if leads.any_of(admitted, values) {
            next.terms.extend(quoted(name));
        }
    }
    // Who asks for what is provided under a declared name imports that, and it says nothing of what is provided.
    for ((file, declared), values) in provisions(evaluator) {
        if !leads.any_of(admitted, &values) {
            continue;
        }
        let definition = Definition::Binding(file, declared);
        let exports = evaluator.program.facts(file).exports.iter();
        let exports = exports.filter(|export| {
            evaluator.program.exported(file, export).as_ref() == Some(&definition)
        });
        next.terms
            .extend(exports.flat_map(|export| terms_of_export(evaluator, file, export)));
        // The file that declares it may ask for it as well, in a function that it hands out.
        next.templates.insert(file);
        next.leading.insert(definition);
    }
    // A global of the app's own that leads to a vendor is used under its name.
    for (name, values) in evaluator.registry.globals.iter() {
        if leads.any_of(admitted, values) {
            next.terms.insert(Term::anywhere(name.as_str()));
        }
    }
    for (name, values) in evaluator.registry.namespaces.members() {
        if leads.any_of(admitted, values) {
            next.terms.insert(Term::anywhere(name));
        }
    }
    for (name, values) in evaluator.registry.of_components.iter() {
        if leads.any_of(admitted, values) {
            next.terms.insert(Term::anywhere(as_written(name)));
            next.terms.insert(Term::anywhere(name.as_str()));
        }
    }
    next
}

/// What a file holds that takes an export of another.
pub(super) fn terms_of_export(
    evaluator: &Evaluator<'_>,
    file: FileId,
    export: &Export,
) -> Vec<Term> {
    let texts = match export.name.as_str() {
        "default" | "module.exports" => {
            specifier_endings(evaluator.program.source(file).path.as_str())
        }
        name => vec![name.to_owned()],
    };
    texts.into_iter().map(|text| Term::of(text, file)).collect()
}

/// How templates name the component of a file without importing it.
fn terms_of_component(evaluator: &Evaluator<'_>, file: FileId) -> impl Iterator<Item = Term> {
    let tags = evaluator.program.tags_of(file).into_iter();
    let written = tags.flat_map(|tag| [as_written(&tag), tag]);
    written.map(|tag| Term::anywhere(format!("<{tag}")))
}

/// Whether a value is a function for whose calls something waits.
fn is_awaited(value: &V, worklist: &Worklist<'_>) -> bool {
    value.alternatives().iter().any(
        |value| matches!(&**value, Value::Function(closure) if worklist.is_awaited(closure.target)),
    )
}

/// What a file mentions that sends an event: its name, or a function that sends what has none.
pub(super) fn terms_of_event(event: &str, library: &Library<'_>) -> impl Iterator<Item = Term> {
    let announcers = library.announcers(event).iter();
    quoted(event)
        .into_iter()
        .chain(announcers.map(|name| Term::anywhere(*name)))
}

/// The start of a text of its own that begins with a name.
fn begun(name: &str) -> [String; 3] {
    ["'", "\"", "`"].map(|quote| format!("{quote}{name}"))
}

/// A name as it stands in a text of its own.
pub(super) fn quoted(name: &str) -> [Term; 3] {
    ["'", "\"", "`"].map(|quote| Term::anywhere(format!("{quote}{name}{quote}")))
}

/// How an import of a file ends, whatever stands before: its stem, or its directory for an index file.
fn specifier_endings(path: &str) -> Vec<String> {
    let (directory, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.split('.').next().unwrap_or(file);
    // Components are imported with their extension.
    let mut names = vec![stem, file];
    if stem == "index" {
        names = vec![
            directory.rsplit('/').next().unwrap_or(directory),
            "index",
            ".",
            "..",
        ];
    }
    let behind = names.iter().flat_map(|name| {
        ["'", "\"", ".js'", ".js\"", ".ts'", ".ts\"", "/'", "/\""]
            .map(|end| format!("/{name}{end}"))
    });
    // By a base of all paths, or from beside or below, nothing stands before it, or the sign of an alias.
    let alone = names.iter().flat_map(|name| {
        ["'", "'#", "'~", "'@"].into_iter().flat_map(move |before| {
            let single = format!("{before}{name}'");
            [single.replace('\'', "\""), single]
        })
    });
    behind.chain(alone).collect()
}
