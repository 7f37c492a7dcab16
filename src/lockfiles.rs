//! Which versions of some packages are installed.
//!
//! In: the tree's manifests, beside which lock files lie, and the packages whose version matters. Out: their versions.
//! Lock files are long and only a few lines of them matter, so they are searched as text, not parsed: npm, pnpm, yarn and
//! bun all write name and version near each other. It leaves alone what a manifest asks for (`manifests`).

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::discover::Tree;

/// The lock files of package managers.
const NAMES: [&str; 4] = [
    "package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
];
/// A longer one is not looked into.
const MAX_BYTES: u64 = 64 << 20;

/// Reads the versions of packages from the lock files of a tree; the first that names one counts.
pub fn versions(tree: &Tree, packages: &BTreeSet<&str>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if packages.is_empty() {
        return found;
    }
    let patterns: Vec<(&str, Regex)> = packages
        .iter()
        .filter_map(|package| Some((*package, pattern(package)?)))
        .collect();
    for manifest in &tree.manifests {
        let beside = tree.root.join(manifest.as_str());
        for name in NAMES {
            let path = beside.with_file_name(name);
            // A link may lead out of the tree.
            let is_read = std::fs::symlink_metadata(&path)
                .is_ok_and(|meta| meta.is_file() && meta.len() <= MAX_BYTES);
            let Some(text) = is_read
                .then(|| std::fs::read_to_string(&path).ok())
                .flatten()
            else {
                continue;
            };
            for (package, pattern) in &patterns {
                let version = pattern.captures(&text).and_then(|found| {
                    let groups = found.iter().skip(1);
                    groups
                        .flatten()
                        .next()
                        .map(|group| group.as_str().to_owned())
                });
                if let Some(version) = version {
                    found.entry((*package).to_owned()).or_insert(version);
                }
            }
        }
    }
    found
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
