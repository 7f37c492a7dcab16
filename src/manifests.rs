//! What the tree's package.json files say.
//!
//! In: their paths. Out: [`Manifests`]: the tree's own packages with their directories, the names of all packages that any of
//! them depends on with the version that each asks for, and where those are named that were asked for. A manifest that cannot
//! be read or is no JSON gives a note. It leaves alone what the packages are, and what is installed (`lockfiles`).

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;
use serde::Deserialize;

use crate::bounded;
use crate::discover::Tree;
use crate::finding::{FileNote, Location};
use crate::source::RepoPath;

/// No manifest is larger.
const MOST: u64 = 1 << 20;

/// Conditions that tools know (Node.js, bundlers, runtimes). What is exported under these is for one of them, and the resolver
/// knows which of them count.
const KNOWN_CONDITIONS: [&str; 22] = [
    "types",
    "source",
    "development",
    "production",
    "import",
    "module",
    "module-sync",
    "browser",
    "require",
    "node",
    "default",
    "bun",
    "deno",
    "worker",
    "workerd",
    "edge-light",
    "electron",
    "react-native",
    "react-server",
    "svelte",
    "style",
    "sass",
];

/// What all manifests say.
#[derive(Debug, Default)]
pub struct Manifests {
    /// Name and directory of each package of the tree.
    pub packages: Vec<(String, RepoPath)>,
    /// Conditions of the tree's own under which its packages export their sources (`"acme-source": "./src/index.ts"`).
    pub conditions: BTreeSet<String>,
    /// Names of packages that any package depends on.
    pub dependencies: FxHashSet<String>,
    /// The newest version of each that its range allows, where the range says so.
    pub versions: BTreeMap<String, String>,
    /// Addresses of the app: its homepage and its author's.
    pub homes: Vec<String>,
    /// Addresses of its repositories.
    pub repositories: Vec<String>,
    /// Where the packages that were asked for are named.
    pub named: Vec<Named>,
    /// Manifests that could not be read.
    pub notes: Vec<FileNote>,
}

impl Manifests {
    /// Names of the packages of the tree.
    #[must_use]
    pub fn own_names(&self) -> BTreeSet<&str> {
        self.packages
            .iter()
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

/// A package that a manifest or a list of installed packages names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The package.
    pub package: String,
    /// A manifest depends on it; it is not only installed because another package is.
    pub is_direct: bool,
    /// Where it is named first in that file.
    pub location: Location,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    version: Version,
    #[serde(default)]
    exports: Conditions,
    #[serde(default)]
    homepage: Address,
    #[serde(default)]
    author: Address,
    #[serde(default)]
    repository: Address,
    #[serde(default)]
    dependencies: Names,
    #[serde(default)]
    dev_dependencies: Names,
    #[serde(default)]
    peer_dependencies: Names,
    #[serde(default)]
    optional_dependencies: Names,
}

/// The keys of an object with their values, where these are texts; anything that is no object has none.
#[derive(Default, Deserialize)]
#[serde(from = "serde_json::Value")]
struct Names(Vec<(String, Option<String>)>);

impl From<serde_json::Value> for Names {
    fn from(value: serde_json::Value) -> Self {
        Self(
            value
                .as_object()
                .map(|object| {
                    let entries = object.iter();
                    entries
                        .map(|(name, range)| (name.clone(), range.as_str().map(str::to_owned)))
                        .collect()
                })
                .unwrap_or_default(),
        )
    }
}

/// The conditions of [`own_conditions`].
#[derive(Default, Deserialize)]
#[serde(from = "serde_json::Value")]
struct Conditions(Vec<String>);

impl From<serde_json::Value> for Conditions {
    fn from(value: serde_json::Value) -> Self {
        Self(own_conditions(&value))
    }
}

/// The conditions under which the `exports` of a package have its sources, of those that mean nothing to anyone else.
#[must_use]
pub fn own_conditions(exports: &serde_json::Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = vec![exports];
    while let Some(part) = left.pop() {
        for (key, below) in part.as_object().into_iter().flatten() {
            let is_own = !key.starts_with('.') && !KNOWN_CONDITIONS.contains(&key.as_str());
            if is_own && below.as_str().is_some_and(is_source) {
                found.push(key.clone());
            }
            left.push(below);
        }
    }
    found
}

/// Whether a path is one that is compiled, and no result of that.
fn is_source(path: &str) -> bool {
    let is_compiled = [".ts", ".tsx", ".mts", ".vue", ".svelte"];
    !path.contains(".d.") && is_compiled.iter().any(|end| path.ends_with(end))
}

/// A version, where it is a text.
#[derive(Default, Deserialize)]
#[serde(from = "serde_json::Value")]
struct Version(Option<String>);

impl From<serde_json::Value> for Version {
    fn from(value: serde_json::Value) -> Self {
        Self(value.as_str().map(str::to_owned))
    }
}

/// An address, alone or under `url`.
#[derive(Default, Deserialize)]
#[serde(from = "serde_json::Value")]
struct Address(Option<String>);

impl From<serde_json::Value> for Address {
    fn from(value: serde_json::Value) -> Self {
        let text = value.as_str().or_else(|| value.get("url")?.as_str());
        Self(text.map(str::to_owned))
    }
}

/// Reads the manifests of a tree; `is_wanted` says of which packages the places are asked for.
pub fn read(tree: &Tree, is_wanted: &(dyn Fn(&str) -> bool + Sync)) -> Manifests {
    let mut found = Manifests::default();
    let mut asked = Asked::default();
    for path in &tree.manifests {
        let read = bounded::text(&tree.root.join(path.as_str()), MOST)
            .map_err(|error| format!("cannot be read: {error}"));
        let manifest = read.and_then(|text| {
            let bare = text.trim_start_matches('\u{feff}');
            serde_json::from_str::<Manifest>(bare)
                .map_err(|error| format!("no valid manifest: {error}"))
                .map(|manifest| (text, manifest))
        });
        match manifest {
            Ok((text, manifest)) => {
                let directory = path
                    .as_str()
                    .rsplit_once('/')
                    .map_or("", |(directory, _)| directory);
                if let Some(name) = manifest.name {
                    let version = manifest.version.0;
                    asked
                        .has
                        .extend(version.map(|version| (name.clone(), version)));
                    found.packages.push((name, RepoPath::new(directory)));
                }
                found.conditions.extend(manifest.exports.0);
                found.homes.extend(manifest.homepage.0);
                found.homes.extend(manifest.author.0);
                found.repositories.extend(manifest.repository.0);
                let own = [
                    &manifest.dependencies,
                    &manifest.dev_dependencies,
                    &manifest.optional_dependencies,
                ];
                for (name, range) in own.into_iter().flat_map(|names| &names.0) {
                    let range = range.clone().unwrap_or_default();
                    asked.ranges.entry(name.clone()).or_default().push(range);
                }
                let all = [
                    manifest.dependencies,
                    manifest.dev_dependencies,
                    manifest.peer_dependencies,
                    manifest.optional_dependencies,
                ];
                for (name, range) in all.into_iter().flat_map(|names| names.0) {
                    if let Some(version) = range.as_deref().and_then(newest) {
                        found.versions.entry(name.clone()).or_insert(version);
                    }
                    if is_wanted(&name) {
                        found.named.extend(named(path, &text, &name));
                    }
                    found.dependencies.insert(name);
                }
            }
            Err(reason) => found.notes.push(FileNote {
                path: path.to_string(),
                reason,
                line: None,
            }),
        }
    }
    let is_installed = |name: &str| asked.is_from_elsewhere(name);
    found.packages.retain(|(name, _)| !is_installed(name));
    found
}

/// Which versions of packages the tree asks for, and which it has.
#[derive(Default)]
struct Asked {
    ranges: BTreeMap<String, Vec<String>>,
    has: BTreeMap<String, String>,
}

impl Asked {
    /// Whether all who ask for a package of the tree's ask for a version that the tree's is not, or for one where the tree's
    /// has none: a stub that bears the name of an SDK is not what they get.
    fn is_from_elsewhere(&self, name: &str) -> bool {
        let Some(ranges) = self.ranges.get(name) else {
            return false;
        };
        // Within one major version anything may be meant.
        let major = |version: &str| version.split('.').next().map(str::to_owned);
        let has = self.has.get(name).and_then(|has| major(has));
        ranges
            .iter()
            .all(|range| newest(range).is_some_and(|newest| major(&newest) != has))
    }
}

/// The newest version that a range allows, which is what it installs: `x` stands for any number. None where it allows all
/// that are to come, or says nothing of numbers.
fn newest(range: &str) -> Option<String> {
    let is_alias = range.starts_with("npm:");
    if range.contains(':') && !is_alias {
        return None;
    }
    let bare = match is_alias {
        true => range.rsplit_once('@').map_or("", |(_, bare)| bare),
        false => range,
    };
    let last = bare.rsplit("||").next().unwrap_or(bare).trim();
    let version = last.trim_start_matches(['^', '~', '=', 'v', ' ']);
    let numbers = version.split(['.', '-', '+']);
    let numbers = numbers.map_while(|it| it.parse::<u64>().ok());
    let mut parts: Vec<String> = numbers.take(3).map(|it| it.to_string()).collect();
    let kept = match last.chars().next()? {
        '^' => 1 + parts.iter().take_while(|it| *it == "0").count(),
        '~' => 2,
        '>' | '<' => return None,
        _ => 3,
    };
    if parts.is_empty() {
        return None;
    }
    let is_open = parts.len() < 3 || kept < 3;
    parts.truncate(kept);
    if is_open {
        parts.push("x".to_owned());
    }
    Some(parts.join("."))
}

/// Where a manifest depends on a package.
fn named(path: &RepoPath, text: &str, package: &str) -> Option<Named> {
    let quoted = format!("\"{package}\"");
    let at = text.match_indices(&quoted).find(|(at, _)| {
        let rest = text[at + quoted.len()..].trim_start();
        rest.starts_with(':')
    });
    let start = at?.0 + 1;
    Some(Named {
        package: package.to_owned(),
        is_direct: true,
        location: Location::in_text(path.as_str(), text, start, start + package.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::newest;

    #[test]
    fn the_newest_that_a_range_allows_is_what_it_installs() {
        let all = [
            ("10.4.0", Some("10.4.0")),
            ("^10", Some("10.x")),
            ("^10.4.0", Some("10.x")),
            ("^0.4.1", Some("0.4.x")),
            ("~1.2.3", Some("1.2.x")),
            ("1.x", Some("1.x")),
            ("^8.0.0 || ^9.1.0", Some("9.x")),
            ("npm:@acme/sdk@^2.1.0", Some("2.x")),
            (">=3", None),
            ("*", None),
            ("latest", None),
            ("workspace:^1.0.0", None),
            ("", None),
        ];
        for (range, expected) in all {
            assert_eq!(newest(range).as_deref(), expected, "{range}");
        }
    }
}
