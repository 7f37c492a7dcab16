//! The names that files are searched for.
//!
//! In: the vendors of the catalog; the parsed files and the functions whose callers matter. Out: the texts that a file must
//! hold to be parsed in the next round. It leaves alone the search (`rounds`) and what leads to a vendor (`leads`).

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::catalog::Catalog;
use super::evaluate::Evaluator;
use super::leads::Leads;
use super::value::Spot;
use super::worklist::Open;
use crate::facts::{ClassId, Exported};
use crate::link::Definition;
use crate::source::FileId;

/// The names of the vendors themselves.
pub(super) fn first_terms(catalog: &Catalog<'_>, proven: &FxHashSet<usize>) -> BTreeSet<String> {
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
pub(super) fn next_terms(
    evaluator: &Evaluator<'_>,
    admitted: &BTreeSet<FileId>,
    open: &Open,
) -> BTreeSet<String> {
    let mut leads = Leads::new(evaluator, open);
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
