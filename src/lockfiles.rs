//! What the tree's lists of installed packages say.
//!
//! In: their paths, the packages whose places are asked for, and those whose version matters. Out: [`Installed`]. The lists
//! are long and only a few lines of them matter, so each is read once and searched as text, not parsed: npm, pnpm, yarn and
//! bun all write name and version near each other. It leaves alone what a manifest asks for (`manifests`).

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use regex::Regex;

use crate::bounded;
use crate::discover::Tree;
use crate::finding::{FileNote, Location};
use crate::manifests::Named;
use crate::source::RepoPath;

/// No list of installed packages is longer.
const MOST: u64 = 64 << 20;

/// What the lists say.
#[derive(Debug, Default)]
pub struct Installed {
    /// Where the packages that were asked for are named, in each list once.
    pub named: Vec<Named>,
    /// Versions; the first list that names one counts.
    pub versions: BTreeMap<String, String>,
    /// Lists that could not be read.
    pub notes: Vec<FileNote>,
}

/// Reads the lists of a tree; `is_wanted` says of which packages the places are asked for, `versioned` are those whose
/// version matters.
pub fn read(
    tree: &Tree,
    is_wanted: &(dyn Fn(&str) -> bool + Sync),
    versioned: &BTreeSet<&str>,
) -> Installed {
    let patterns: Vec<(&str, Regex)> = versioned
        .iter()
        .filter_map(|package| Some((*package, pattern(package)?)))
        .collect();
    let lists = tree.locks.par_iter().map(|path| {
        let text = text(tree, path)?;
        Ok((named(path, &text, is_wanted), versions(&text, &patterns)))
    });
    let mut found = Installed::default();
    for list in lists.collect::<Vec<_>>() {
        match list {
            Ok((named, versions)) => {
                found.named.extend(named);
                for (package, version) in versions {
                    found.versions.entry(package.to_owned()).or_insert(version);
                }
            }
            Err(note) => found.notes.push(note),
        }
    }
    found
}

fn text(tree: &Tree, path: &RepoPath) -> Result<String, FileNote> {
    let read = bounded::text(&tree.root.join(path.as_str()), MOST);
    read.map_err(|error| FileNote {
        path: path.to_string(),
        reason: format!("cannot be read: {error}"),
        line: None,
    })
}

/// The wanted packages of a list, each where it is named first.
fn named(path: &RepoPath, text: &str, is_wanted: &(dyn Fn(&str) -> bool + Sync)) -> Vec<Named> {
    let mut found: BTreeMap<&str, Named> = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some((package, column)) = entry(line) else {
            continue;
        };
        if !found.contains_key(package) && is_wanted(package) {
            let location = Location {
                path: path.to_string(),
                line: number,
                column,
                end_line: number,
                end_column: column + u32::try_from(package.len()).unwrap_or(0),
                symbol: None,
            };
            let named = Named {
                package: package.to_owned(),
                is_direct: false,
                location,
            };
            found.insert(package, named);
        }
    }
    found.into_values().collect()
}

/// The package that a line of a list begins with, and its column: `"node_modules/a": {`, `a@^1.0.0:`, `'@a/b@1.0.0':`,
/// `/a@1.0.0:`, `"a": ["a@1.0.0"`.
fn entry(line: &str) -> Option<(&str, u32)> {
    let rest = line.trim_start().trim_start_matches(['"', '\'', '/']);
    let rest = rest
        .rsplit_once("node_modules/")
        .map_or(rest, |(_, rest)| rest);
    let scope = usize::from(rest.starts_with('@'));
    let end = rest[scope..].find(['@', '"', '\'', ':', ' ', ','])? + scope;
    let package = &rest[..end];
    // A prose line of the list has a blank behind its first word.
    let is_entry = !package.is_empty() && !rest[end..].starts_with([' ', ',']);
    let column = u32::try_from(line.len() - rest.len() + 1).ok()?;
    is_entry.then_some((package, column))
}

/// The versions that a list says of packages.
fn versions<'p>(text: &str, patterns: &[(&'p str, Regex)]) -> Vec<(&'p str, String)> {
    let versions = patterns.iter().filter_map(|(package, pattern)| {
        let found = pattern.captures(text)?;
        let version = found.iter().skip(1).flatten().next()?;
        Some((*package, version.as_str().to_owned()))
    });
    versions.collect()
}

/// How the lock files write a package with its version.
fn pattern(package: &str) -> Option<Regex> {
    let name = regex::escape(package);
    let version = r"(\d+(?:\.\d+)*)";
    Regex::new(&format!(
        r#"(?m)"node_modules/{name}": \{{\s*"version": "{version}|^  ['"]?/?{name}[@/]{version}[^:]*['"]?:|^"?{name}@[^:]*:?[^:]*:\n  version:? "?{version}|"{name}": \["{name}@{version}"#
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_lists_of_every_package_manager() {
        for line in [
            "    \"node_modules/@acme/sdk\": {",
            "    \"node_modules/other/node_modules/@acme/sdk\": {",
            "\"@acme/sdk@^1.0.0\", \"@acme/sdk@^1.1.0\":",
            "  '@acme/sdk@1.0.0':",
            "  /@acme/sdk@1.0.0:",
            "    \"@acme/sdk\": [\"@acme/sdk@1.0.0\", {",
        ] {
            let (package, column) = entry(line).unwrap();
            assert_eq!(package, "@acme/sdk", "{line}");
            assert!(line[column as usize - 1..].starts_with(package), "{line}");
        }
        assert_eq!(entry("acme@^2.0.0:"), Some(("acme", 1)));
        assert_eq!(entry("  version \"1.0.0\""), None);
        assert_eq!(entry(""), None);
    }
}
