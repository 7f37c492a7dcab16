//! Routes below others.
//!
//! In: the entries of routers' tables. Out: for each entry the address of those around it, whether they stand in the same
//! table, name a list of the file or another file, or are named as its parent. It leaves alone what is shown there.

use super::addresses::{Found, name_of};
use super::readers::ByName;
use crate::facts::{Entry, Expr, ExprId, FileFacts, From, FunctionId, Item};
use crate::link::{Definition, Module, Program};
use crate::ruleset::pages::PageRules;
use crate::source::{FileId, Span};

/// Routes are nested no deeper, in one file or through several.
const MAX_DEPTH: usize = 12;
/// A file is named as the children of a route by no more others.
const MOST_PARENTS: usize = 40;

/// An entry of a router's table.
pub(super) struct Route<'f> {
    pub(super) function: FunctionId,
    pub(super) entries: &'f [Entry],
    span: Span,
    path: Option<String>,
    /// Where its children stand.
    children: Vec<Span>,
    /// The expression whose route it says it is below.
    parent: Option<Span>,
}

/// All entries of a file.
pub(super) fn routes<'f>(found: &Found<'f>) -> Vec<Route<'f>> {
    let of_each = found.entries().map(|(node, entries)| {
        let is_element = matches!(node.expr, Expr::Jsx { .. });
        let mut children = Vec::new();
        if is_element {
            children.push(node.span);
        }
        let mut parent = None;
        for entry in entries {
            let (Entry::Property { value, .. }, Some(name)) = (entry, name_of(entry)) else {
                continue;
            };
            if found.rules.nested_by.iter().any(|it| it == name) {
                children.extend(lists(found.facts, *value));
            }
            if found.rules.parent_by.iter().any(|it| it == name) {
                parent = given(found.facts, *value);
            }
        }
        Route {
            function: node.function,
            entries,
            span: node.span,
            path: found.literal(entries, "path").map(|(path, _)| path),
            children,
            parent,
        }
    });
    of_each.collect()
}

/// Where a list stands, and those that it holds by name.
fn lists(facts: &FileFacts, value: ExprId) -> Vec<Span> {
    let span = facts.span(value);
    let mut found = vec![span];
    let named = facts.exprs.iter().filter(|node| span.contains(node.span));
    for node in named {
        let Expr::Ref(binding) = node.expr else {
            continue;
        };
        let sources = facts.binding(binding).sources.iter();
        found.extend(sources.filter_map(|source| match source.from {
            From::Expr(list) if matches!(facts.expr(list), Expr::Array(_) | Expr::Cast { .. }) => {
                Some(facts.span(list))
            }
            _ => None,
        }));
    }
    found
}

/// What stands for the name that a function gives (`() => parentRoute`).
fn given(facts: &FileFacts, value: ExprId) -> Option<Span> {
    let Expr::Function(function) = facts.expr(value) else {
        return None;
    };
    let Expr::Ref(binding) = facts.expr(*facts.function(*function).returns.first()?) else {
        return None;
    };
    let mut sources = facts.binding(*binding).sources.iter();
    sources.find_map(|source| match source.from {
        From::Expr(value) => Some(facts.span(value)),
        _ => None,
    })
}

/// The address around a route, as far as its own file says it; empty if there is none.
pub(super) fn around(routes: &[Route<'_>], of: &Route<'_>) -> String {
    let mut at = of;
    let mut parts: Vec<&str> = Vec::new();
    for _ in 0..MAX_DEPTH {
        let Some(next) = parent(routes, at) else {
            break;
        };
        if let Some(path) = &next.path {
            parts.push(path);
            if path.starts_with('/') && path.len() > 1 {
                break;
            }
        }
        at = next;
    }
    parts
        .iter()
        .rev()
        .fold(String::new(), |around, part| join(&around, part))
}

fn parent<'r, 'f>(routes: &'r [Route<'f>], of: &Route<'_>) -> Option<&'r Route<'f>> {
    if let Some(parent) = of.parent {
        let mut inside = routes.iter().filter(|it| parent.contains(it.span));
        return inside.find(|it| it.span != of.span);
    }
    let around = routes.iter().filter(|it| {
        it.span != of.span
            && it
                .children
                .iter()
                .any(|children| children.contains(of.span))
    });
    // The innermost of those that stand around it, else one that names the list.
    around.min_by_key(|it| (!it.span.contains(of.span), it.span.end - it.span.start))
}

/// An address below another; one that starts at the root is no part of it.
pub(super) fn join(around: &str, path: &str) -> String {
    if path.starts_with('/') || around.is_empty() {
        return path.to_owned();
    }
    match path {
        "" => around.to_owned(),
        path => format!("{}/{path}", around.trim_end_matches('/')),
    }
}

/// The address of the route in another file whose children a file is.
pub(super) fn above(
    program: &Program<'_>,
    file: FileId,
    rules: &PageRules,
    depth: usize,
) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    let path = program.source(file).path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let texts = (0..).map(FileId).zip(program.texts());
    let mut others = texts.filter(|(other, source)| {
        let names = |it: &String| source.text.contains(it.as_str());
        *other != file && rules.nested_by.iter().any(names) && source.text.contains(stem)
    });
    others.by_ref().take(MOST_PARENTS).find_map(|(other, _)| {
        let facts = program.facts(other);
        let found = Found::new(facts, rules, ByName::default());
        let routes = routes(&found);
        let route = routes.iter().find(|route| {
            let mut regions = route.children.iter();
            !matches!(route.path.as_deref(), None | Some(""))
                && regions.any(|it| names(program, other, facts, *it, file))
        })?;
        let own = join(&around(&routes, route), route.path.as_deref()?);
        let is_whole = own.starts_with('/');
        let over = (!is_whole)
            .then(|| above(program, other, rules, depth + 1))
            .flatten();
        Some(over.map_or(own.clone(), |over| join(&over, &own)))
    })
}

/// Whether something of a file stands in a part of another.
fn names(program: &Program<'_>, other: FileId, facts: &FileFacts, at: Span, file: FileId) -> bool {
    let mut nodes = facts.exprs.iter().filter(|node| at.contains(node.span));
    nodes.any(|node| match node.expr {
        Expr::Import(_) => facts
            .loaded(&node.expr)
            .is_some_and(|specifier| program.module(other, specifier) == Module::File(file)),
        Expr::Ref(binding) => facts.binding(binding).sources.iter().any(|source| {
            let From::Import(import) = source.from else {
                return false;
            };
            let import = &facts.imports[import.index()];
            match program.import(other, &import.specifier, &import.imported) {
                // A list of routes; a page is named beside it.
                Some(Definition::Binding(of, binding)) if of == file => {
                    is_list(program.facts(of), binding)
                }
                Some(Definition::Expr(of, expr)) if of == file => {
                    matches!(
                        program.facts(of).expr(expr),
                        Expr::Array(_) | Expr::Cast { .. }
                    )
                }
                _ => false,
            }
        }),
        _ => false,
    })
}

fn is_list(facts: &FileFacts, binding: crate::facts::BindingId) -> bool {
    facts
        .binding(binding)
        .sources
        .iter()
        .any(|source| match source.from {
            From::Expr(value) => match facts.expr(value) {
                Expr::Array(items) => items
                    .iter()
                    .any(|it| matches!(it, Item::Value(_) | Item::Spread(_))),
                Expr::Cast { .. } => true,
                _ => false,
            },
            _ => false,
        })
}
