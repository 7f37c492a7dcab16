//! Decides which files are parsed.
//!
//! In: a program of which nothing is parsed yet, and the rules. Out: [`Flows`] over all files that can matter. It leaves
//! alone what a call means (`propagate`).
//!
//! Round 0 parses the files that name a vendor's package or global. What they export that leads to a vendor (a client, a
//! wrapper, a class or hook that holds one) are the names of the next round, until no new file mentions one.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::catalog::Catalog;
use super::delivery::{Evidence, Flows, Seen};
use super::evaluate::Evaluator;
use super::library::Library;
use super::listeners::Listeners;
use super::places::place;
use super::propagate::Propagation;
use super::shapes::{Shape, TypeUse};
use super::subject::Subject;
use super::value::{FnRef, Spot, V, Value};
use super::worklist::Open;
use crate::facts::{ClassId, Exported, Expr, MODULE, MemberKind, Type};
use crate::link::{Definition, Program};
use crate::search::mentions;
use crate::source::{FileId, Span};

/// Wrappers of wrappers over more files than this are not followed.
const MAX_ROUNDS: usize = 10;

/// What the rounds work with.
pub struct Inputs<'p> {
    /// The files.
    pub program: &'p Program<'p>,
    /// The vendors.
    pub catalog: &'p Catalog<'p>,
    /// Known functions.
    pub library: &'p Library<'p>,
    /// Names of the packages that any package.json of the tree depends on.
    pub dependencies: &'p FxHashSet<String>,
    /// Whether a value can be told to be personal data by what is known of it.
    pub recognises: &'p (dyn Fn(&Subject) -> bool + Sync),
}

/// Follows the whole program.
pub fn follow(inputs: &Inputs<'_>) -> Flows {
    let Inputs {
        program,
        catalog,
        library,
        ..
    } = *inputs;
    let proven: FxHashSet<usize> = catalog
        .vendors()
        .filter(|(_, vendor)| {
            vendor
                .packages
                .iter()
                .any(|package| inputs.dependencies.contains(&package.name))
        })
        .map(|(index, _)| index)
        .collect();
    let mut searched: BTreeSet<String> = BTreeSet::new();
    let mut admitted: BTreeSet<FileId> = BTreeSet::new();
    let mut terms = first_terms(catalog, &proven);
    let mut handed: BTreeSet<FileId> = BTreeSet::new();
    let mut flows = Flows::default();
    for _ in 0..MAX_ROUNDS {
        let new_terms: Vec<String> = terms
            .into_iter()
            .filter(|term| searched.insert(term.clone()))
            .collect();
        let mentioned = mentions(program.texts(), &new_terms);
        let found: BTreeSet<FileId> = mentioned
            .into_iter()
            .map(|(file, _)| file)
            .chain(handed)
            .filter(|file| !admitted.contains(file))
            .collect();
        if found.is_empty() {
            break;
        }
        found.par_iter().for_each(|file| {
            program.facts(*file);
        });
        admitted.extend(found);
        let evaluator = Evaluator::new(program, catalog, library, proven.clone());
        let listeners = Listeners::new(&evaluator, &admitted);
        let mut propagation =
            Propagation::new(&evaluator, inputs.recognises, &admitted, &listeners);
        for file in &admitted {
            propagation.read(*file);
        }
        let (found, open, more) = propagation.finish();
        handed = more;
        flows = found;
        terms = next_terms(&evaluator, &admitted, &open);
        for event in listeners.events(|function| open.contains(&function)) {
            terms.extend(["'", "\"", "`"].map(|quote| format!("{quote}{event}{quote}")));
        }
    }
    flows.seen = seen(program, catalog, &admitted, &flows);
    flows
}

fn first_terms(catalog: &Catalog<'_>, proven: &FxHashSet<usize>) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for (index, vendor) in catalog.vendors() {
        for package in &vendor.packages {
            terms.extend(["'", "\"", "`"].map(|quote| format!("{quote}{}", package.name)));
        }
        terms.extend(vendor.hosts.iter().cloned());
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
    terms
}

/// The names by which other files reach what leads to a vendor.
fn next_terms(
    evaluator: &Evaluator<'_>,
    admitted: &BTreeSet<FileId>,
    open: &Open,
) -> BTreeSet<String> {
    let mut leads = Leads {
        evaluator,
        open,
        seen: FxHashSet::default(),
        classes: FxHashMap::default(),
    };
    let mut terms = BTreeSet::new();
    for file in admitted {
        let facts = evaluator.program.facts(*file);
        for export in &facts.exports {
            let spot = Spot {
                file: *file,
                span: export.span,
            };
            let reaches = match &export.what {
                Exported::Binding(binding) => leads.value(&evaluator.binding(*file, *binding), 0),
                Exported::Expr(expr) => leads.value(&evaluator.expr(*file, *expr), 0),
                Exported::Type(decl) => leads.interface((*file, *decl)),
                Exported::From {
                    specifier,
                    imported,
                } => match evaluator.program.import(*file, specifier, imported) {
                    Some(Definition::Outside { specifier, .. }) => {
                        evaluator.catalog.package(&specifier).is_some()
                    }
                    Some(definition) => leads.value(&evaluator.definition(&definition, spot), 0),
                    None => false,
                },
            };
            if !reaches {
                continue;
            }
            match export.name.as_str() {
                "default" | "module.exports" | "*" => terms.extend(specifier_endings(
                    evaluator.program.source(*file).path.as_str(),
                )),
                name => {
                    terms.insert(name.to_owned());
                }
            }
        }
        // Who holds a value by the type of an interface or base class names that type, not the class behind it.
        for (index, class) in (0..).zip(&facts.classes) {
            if class.implements.is_empty() && class.extends.is_none() {
                continue;
            }
            if leads.class(*file, ClassId(index)) {
                terms.extend(leads.bases(*file, class));
            }
        }
        // A global of the app's own that leads to a vendor is used under its name.
        for (name, values) in &evaluator
            .registry
            .globals
            .iter()
            .filter(|(_, values)| values.iter().any(|(at, _)| at == file))
            .collect::<Vec<_>>()
        {
            if values
                .iter()
                .any(|(at, value)| leads.value(&evaluator.expr(*at, *value), 0))
            {
                terms.insert((*name).to_string());
            }
        }
    }
    terms
}

/// How an import of a file ends, whatever stands before: its stem, or its directory for an index file.
fn specifier_endings(path: &str) -> Vec<String> {
    let (directory, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.split('.').next().unwrap_or(file);
    let mut names = vec![stem];
    if stem == "index" {
        names = vec![
            directory.rsplit('/').next().unwrap_or(directory),
            "index",
            ".",
        ];
    }
    names
        .iter()
        .flat_map(|name| {
            ["'", "\"", ".js'", ".js\"", ".ts'", ".ts\"", "/'", "/\""]
                .map(|end| format!("/{name}{end}"))
        })
        .collect()
}

/// Whether a value leads to a vendor.
struct Leads<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    open: &'e Open,
    seen: FxHashSet<FnRef>,
    classes: FxHashMap<(FileId, ClassId), bool>,
}

impl Leads<'_, '_> {
    fn value(&mut self, value: &V, depth: usize) -> bool {
        if depth > 5 {
            return false;
        }
        match &**value {
            Value::Client(_) | Value::Vendor(_) => true,
            Value::Function(closure) => self.function(closure.target, depth),
            Value::Class(file, class) => self.class(*file, *class),
            Value::Instance(instance) => self.class(instance.file, instance.class),
            Value::Object(object) => {
                object
                    .fields
                    .iter()
                    .any(|field| self.value(&field.value, depth + 1))
                    || object
                        .spreads
                        .iter()
                        .any(|spread| self.value(spread, depth + 1))
            }
            Value::Array(parts) | Value::Union(parts) => {
                parts.iter().any(|part| self.value(part, depth + 1))
            }
            Value::Data(data) => data.ty.as_ref().is_some_and(|ty| self.type_use(ty, depth)),
            _ => false,
        }
    }

    fn function(&mut self, function: FnRef, depth: usize) -> bool {
        if self.open.contains(&function) {
            return true;
        }
        // A function is asked once; what it gives back is the same however it is reached.
        if !self.seen.insert(function) {
            return false;
        }
        let result = self.evaluator.result(function);
        let leads = self.value(&result, depth + 1);
        if leads {
            self.seen.remove(&function);
        }
        leads
    }

    fn type_use(&mut self, ty: &TypeUse, depth: usize) -> bool {
        match self.evaluator.shapes.shape(ty) {
            Shape::Client(_) => true,
            Shape::Class(file, class) => self.class(file, class),
            Shape::Fields {
                decl: Some(decl),
                fields,
                ..
            } => {
                self.interface(decl)
                    || (depth < 2
                        && fields.len() < 60
                        && fields.iter().any(|field| {
                            field
                                .ty
                                .as_ref()
                                .is_some_and(|ty| self.type_use(ty, depth + 2))
                        }))
            }
            _ => false,
        }
    }

    /// The names of what a class implements and extends.
    fn bases(&self, file: FileId, class: &crate::facts::Class) -> Vec<String> {
        let facts = self.evaluator.program.facts(file);
        let implemented = class
            .implements
            .iter()
            .filter_map(|ty| match facts.ty(*ty) {
                Type::Ref { path, .. } => path.last().map(ToString::to_string),
                _ => None,
            });
        let extended = class.extends.and_then(|extends| match facts.expr(extends) {
            Expr::Ref(binding) => Some(facts.binding(*binding).name.to_string()),
            _ => None,
        });
        implemented.chain(extended).collect()
    }

    fn interface(&mut self, decl: (FileId, crate::facts::TypeDeclId)) -> bool {
        let classes = self
            .evaluator
            .registry
            .implementers
            .get(&decl)
            .cloned()
            .unwrap_or_default();
        classes
            .iter()
            .any(|(file, class)| self.class(*file, *class))
    }

    /// Whether a class leads to a vendor; each is asked once, and one that is being asked does not lead by itself.
    fn class(&mut self, file: FileId, class: ClassId) -> bool {
        if let Some(known) = self.classes.get(&(file, class)) {
            return *known;
        }
        self.classes.insert((file, class), false);
        let facts = self.evaluator.program.facts(file);
        let class_facts = facts.class(class);
        let mut leads = class_facts.members.iter().any(|member| match member.kind {
            MemberKind::Method(function)
            | MemberKind::Getter(function)
            | MemberKind::Setter(function) => self.open.contains(&FnRef { file, function }),
            _ => false,
        });
        for member in &class_facts.members {
            if let (false, MemberKind::Field { value, ty }) = (leads, member.kind) {
                leads = value.is_some_and(|value| self.value(&self.evaluator.expr(file, value), 2))
                    || ty.is_some_and(|ty| self.type_use(&TypeUse::new(file, ty), 2));
            }
        }
        for write in &class_facts.writes {
            if let (false, [_], Some(value)) = (leads, &write.path[..], write.value) {
                leads = self.value(&self.evaluator.expr(file, value), 2);
            }
        }
        self.classes.insert((file, class), leads);
        leads
    }
}

fn seen(
    program: &Program<'_>,
    catalog: &Catalog<'_>,
    admitted: &BTreeSet<FileId>,
    flows: &Flows,
) -> Vec<Seen> {
    let mut seen: BTreeSet<Seen> = BTreeSet::new();
    for file in admitted {
        let facts = program.facts(*file);
        for import in &facts.imports {
            if let Some((vendor, ..)) = catalog.package(&import.specifier) {
                let place = place(facts, *file, import.span, MODULE);
                seen.insert(Seen {
                    vendor: catalog.vendor(vendor).id.clone(),
                    evidence: Evidence::Import,
                    place,
                });
            }
        }
    }
    for call in &flows.calls {
        seen.insert(Seen {
            vendor: call.vendor.clone(),
            evidence: Evidence::Call,
            place: call.place.clone(),
        });
    }
    let hosts: Vec<(usize, &str)> = catalog
        .vendors()
        .flat_map(|(index, vendor)| vendor.hosts.iter().map(move |host| (index, host.as_str())))
        .collect();
    let names: Vec<String> = hosts.iter().map(|(_, host)| (*host).to_owned()).collect();
    for (file, hits) in mentions(program.texts(), &names) {
        for hit in hits {
            let (vendor, host) = hosts[hit];
            let Some(at) = program.source(file).text.find(host) else {
                continue;
            };
            let span = Span::new(
                u32::try_from(at).unwrap_or(0),
                u32::try_from(at + host.len()).unwrap_or(0),
            );
            let place = super::delivery::Place {
                file,
                span,
                symbol: None,
            };
            seen.insert(Seen {
                vendor: catalog.vendor(vendor).id.clone(),
                evidence: Evidence::Host,
                place,
            });
        }
    }
    seen.into_iter().collect()
}
