//! What bundlers and frameworks make of a specifier beside the rules of modules.
//!
//! In: the configuration files of a tree, as far as they are literal. Out: the path that an alias stands for in a file, and
//! the file that a framework imports by itself under a name. It leaves alone what the resolver knows (`modules`). No
//! configuration is run.

use std::cell::LazyCell;

use rustc_hash::FxHashMap;

use crate::facts::{Entry, Expr, ExprId, FileFacts, Item, Literal, TemplatePart, property};
use crate::source::{FileId, SourceFile, directories_around};

/// Variables that stand for one another are followed this far.
const MAX_HOPS: usize = 8;

/// Names of configuration files that may hold aliases, without their ending.
const CONFIGS: [&str; 9] = [
    "vite.config",
    "vitest.config",
    "electron.vite.config",
    "webpack.config",
    "vue.config",
    "svelte.config",
    "nuxt.config",
    "astro.config",
    "rsbuild.config",
];

/// Aliases that a framework has without being told: by its configuration file.
const CONVENTIONS: [(&str, &[(&str, &str)]); 2] = [
    ("svelte.config", &[("$lib", "src/lib")]),
    (
        "nuxt.config",
        &[("~~", ""), ("@@", ""), ("~", ""), ("@", "")],
    ),
];

/// Directories of which a framework imports every export by itself: by its configuration file.
const AUTO_IMPORTED: [(&str, &[&str]); 1] = [(
    "nuxt.config",
    &["composables", "utils", "app/composables", "app/utils"],
)];

/// What a configuration names that imports every export of the directories that it is given as `dirs`: by the configuration file,
/// or by whichever uses it (unplugin-auto-import, README, `dirs`; Nuxt, `imports.dirs`).
const DIRECTORIES_BY: [&str; 2] = ["unplugin-auto-import", "defineNuxtConfig"];
const DIRECTORIES: &str = "dirs";

/// The module that lists what a framework imports by itself.
pub(super) const AUTO_MODULE: &str = "#imports";

/// What the configuration of one directory says.
#[derive(Debug, Default)]
struct Scope {
    directory: String,
    /// What a specifier starts with, and the path that it stands for; longest first.
    aliases: Vec<(String, String)>,
    /// Files of which every export is known in all others.
    auto: Vec<FileId>,
}

/// All aliases of a tree.
#[derive(Debug, Default)]
pub(super) struct Aliases(Vec<Scope>);

impl Aliases {
    /// Reads the configuration files among `files`.
    pub(super) fn new(files: &[SourceFile], extract: fn(&SourceFile) -> FileFacts) -> Self {
        let mut scopes: FxHashMap<String, Scope> = FxHashMap::default();
        for file in files {
            let path = file.path.as_str();
            let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
            let Some(config) = CONFIGS.iter().find(|config| name.starts_with(**config)) else {
                continue;
            };
            let scope = scopes.entry(directory.to_owned()).or_default();
            directory.clone_into(&mut scope.directory);
            let facts = LazyCell::new(|| extract(file));
            if file.text.contains("alias") {
                for (name, path) in literal_aliases(&facts) {
                    scope.aliases.push((name, joined(directory, &path)));
                }
            }
            for (_, known) in CONVENTIONS.iter().filter(|(of, _)| of == config) {
                let known = known
                    .iter()
                    .map(|(name, path)| ((*name).to_owned(), joined(directory, path)));
                scope.aliases.extend(known);
            }
            let known = AUTO_IMPORTED.iter().filter(|(of, _)| of == config);
            let known = known.flat_map(|(_, known)| known.iter().map(|path| (*path).to_owned()));
            let mut directories: Vec<String> = known.collect();
            if DIRECTORIES_BY.iter().any(|by| file.text.contains(by))
                && file.text.contains(DIRECTORIES)
            {
                directories.extend(literal_directories(&facts));
            }
            let directories: Vec<String> = directories
                .iter()
                .map(|path| joined(directory, path))
                .filter(|path| !path.is_empty())
                .collect();
            let inside = |path: &str| {
                directories_around(path).any(|it| directories.iter().any(|at| at == it))
            };
            if !directories.is_empty() {
                let found = (0..).map(FileId).zip(files);
                let found = found.filter(|(_, file)| inside(file.path.as_str()));
                scope.auto.extend(found.map(|(id, _)| id));
            }
        }
        let mut scopes: Vec<Scope> = scopes.into_values().collect();
        for scope in &mut scopes {
            scope.aliases.sort_by(|a, b| {
                let length = b.0.len().cmp(&a.0.len());
                length.then_with(|| a.cmp(b))
            });
        }
        // The nearest configuration comes first.
        scopes.sort_by(|a, b| {
            let length = b.directory.len().cmp(&a.directory.len());
            length.then_with(|| a.directory.cmp(&b.directory))
        });
        Self(scopes)
    }

    /// The paths under the root that a specifier may stand for in a file.
    pub(super) fn paths(&self, from: &str, specifier: &str) -> Vec<String> {
        let mut found = Vec::new();
        for scope in self.scopes(from) {
            for (alias, path) in &scope.aliases {
                let (alias, exact) = match alias.strip_suffix('$') {
                    Some(alias) if !alias.is_empty() => (alias, true),
                    _ => (alias.as_str(), false),
                };
                let Some(rest) = specifier.strip_prefix(alias) else {
                    continue;
                };
                if rest.is_empty() {
                    found.push(path.clone());
                } else if !exact && (rest.starts_with('/') || alias.ends_with('/')) {
                    found.push(joined(path, rest.trim_start_matches('/')));
                }
            }
        }
        found
    }

    /// The files of which every export is known in a file without an import.
    pub(super) fn auto<'s>(&'s self, from: &'s str) -> impl Iterator<Item = FileId> + 's {
        self.scopes(from)
            .flat_map(|scope| scope.auto.iter().copied())
    }

    fn scopes<'s>(&'s self, from: &'s str) -> impl Iterator<Item = &'s Scope> {
        let is_around = |scope: &&Scope| directories_around(from).any(|at| at == scope.directory);
        self.0.iter().filter(is_around)
    }
}

/// Every literal directory of a list `dirs` in a configuration file, as far as it has no signs of a pattern.
fn literal_directories(facts: &FileFacts) -> Vec<String> {
    let objects = facts.exprs.iter().filter_map(|node| match &node.expr {
        Expr::Object(entries) => property(entries, DIRECTORIES),
        _ => None,
    });
    let lists = objects.filter_map(|value| match facts.expr(resolved(facts, value)) {
        Expr::Array(items) => Some(items),
        _ => None,
    });
    let items = lists.flatten().filter_map(|item| match item {
        Item::Value(value) => path_of(facts, *value),
        _ => None,
    });
    let plain = items.map(|path| path.split('*').next().unwrap_or_default().to_owned());
    plain.collect()
}

/// Every literal entry of an `alias` in a configuration file.
fn literal_aliases(facts: &FileFacts) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for node in &facts.exprs {
        let Expr::Object(entries) = &node.expr else {
            continue;
        };
        for (key, value) in entries.iter().filter_map(Entry::named) {
            if key == "alias" {
                found.extend(entries_of(facts, value));
            }
        }
    }
    found
}

/// `{ name: path }`, or `[{ find: name, replacement: path }]`.
fn entries_of(facts: &FileFacts, value: ExprId) -> Vec<(String, String)> {
    let value = resolved(facts, value);
    match facts.expr(value) {
        Expr::Object(entries) => entries
            .iter()
            .filter_map(|entry| {
                let (key, value) = entry.named()?;
                let name = key.trim_end_matches("/*").to_owned();
                Some((name, path_of(facts, value)?))
            })
            .collect(),
        Expr::Array(items) => items
            .iter()
            .filter_map(|item| {
                let Item::Value(item) = item else { return None };
                let Expr::Object(entries) = facts.expr(*item) else {
                    return None;
                };
                let name = path_of(facts, property(entries, "find")?)?;
                Some((name, path_of(facts, property(entries, "replacement")?)?))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// What a constant stands for.
fn resolved(facts: &FileFacts, value: ExprId) -> ExprId {
    let mut value = value;
    for _ in 0..MAX_HOPS {
        value = match facts.expr(value) {
            Expr::Ref(binding) => match facts.binding(*binding).initial() {
                Some(next) => next,
                None => return value,
            },
            Expr::Cast { value, .. } => *value,
            _ => return value,
        };
    }
    value
}

/// A part of a path.
enum Piece<'f> {
    Text(&'f str),
    Value(ExprId),
}

impl<'f> Piece<'f> {
    fn of(part: &'f TemplatePart) -> Self {
        match part {
            TemplatePart::Text(text) => Self::Text(text.trim_matches('/')),
            TemplatePart::Value(value) => Self::Value(*value),
        }
    }
}

/// The literal text of a path, relative to the file it stands in: `path.resolve(__dirname, 'src')` is `src`.
fn path_of(facts: &FileFacts, value: ExprId) -> Option<String> {
    let mut pieces: Vec<&str> = Vec::new();
    let mut waiting = vec![(Piece::Value(value), 0)];
    while let Some((piece, hops)) = waiting.pop() {
        if hops > MAX_HOPS {
            return None;
        }
        let value = match piece {
            Piece::Text(text) => {
                pieces.push(text);
                continue;
            }
            Piece::Value(value) => value,
        };
        // What is pushed last is looked at first.
        let parts: Vec<Piece<'_>> = match facts.expr(value) {
            Expr::Literal(Literal::String(text)) => vec![Piece::Text(text)],
            Expr::Template(parts) => parts.iter().rev().map(Piece::of).collect(),
            Expr::Call { args, .. } | Expr::New { args, .. } => {
                let values = args.iter().rev().filter_map(|arg| match arg {
                    Item::Value(value) => Some(Piece::Value(*value)),
                    _ => None,
                });
                values.collect()
            }
            Expr::Binary { left, right, .. } => vec![Piece::Value(*right), Piece::Value(*left)],
            Expr::Ref(binding) => {
                let initial = facts.binding(*binding).initial();
                initial.map(Piece::Value).into_iter().collect()
            }
            _ => Vec::new(),
        };
        waiting.extend(parts.into_iter().map(|part| (part, hops + 1)));
    }
    (!pieces.is_empty()).then(|| pieces.join("/"))
}

/// A path under the root, without `.` and `..`; one that leaves the root leads nowhere.
fn joined(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
