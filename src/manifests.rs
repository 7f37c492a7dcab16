//! What the tree's package.json files say.
//!
//! In: their paths. Out: [`Manifests`]: the tree's own packages with their directories, and the names of all packages that
//! any of them depends on, with the version that each asks for. A manifest that cannot be read or is no JSON gives a note. It
//! leaves alone what the packages are, and what a lock file says (`lockfiles`).

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use crate::discover::Tree;
use crate::finding::FileNote;
use crate::source::RepoPath;

/// What all manifests say.
#[derive(Debug, Default)]
pub struct Manifests {
    /// Name and directory of each package of the tree.
    pub packages: Vec<(String, RepoPath)>,
    /// Names of packages that any package depends on.
    pub dependencies: FxHashSet<String>,
    /// The lowest version of each that its range allows, where the range begins with a number.
    pub versions: BTreeMap<String, String>,
    /// Manifests that could not be read.
    pub notes: Vec<FileNote>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    #[serde(default)]
    name: Option<String>,
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

/// Reads the manifests of a tree.
pub fn read(tree: &Tree) -> Manifests {
    let mut found = Manifests::default();
    for path in &tree.manifests {
        let read = std::fs::read_to_string(tree.root.join(path.as_str()))
            .map_err(|error| error.to_string());
        let manifest = read.and_then(|text| {
            serde_json::from_str::<Manifest>(&text)
                .map_err(|error| format!("no valid manifest: {error}"))
        });
        match manifest {
            Ok(manifest) => {
                let directory = path
                    .as_str()
                    .rsplit_once('/')
                    .map_or("", |(directory, _)| directory);
                found
                    .packages
                    .extend(manifest.name.map(|name| (name, RepoPath::new(directory))));
                let all = [
                    manifest.dependencies,
                    manifest.dev_dependencies,
                    manifest.peer_dependencies,
                    manifest.optional_dependencies,
                ];
                for (name, range) in all.into_iter().flat_map(|names| names.0) {
                    if let Some(version) = range.as_deref().and_then(lowest) {
                        found.versions.entry(name.clone()).or_insert(version);
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
    found
}

/// The version that a range begins with: `^1.2.3` allows nothing older.
fn lowest(range: &str) -> Option<String> {
    let bare = range.rsplit_once('@').map_or(range, |(_, bare)| bare);
    let version: String = bare
        .trim_start_matches(['^', '~', '>', '=', 'v', ' '])
        .chars()
        .take_while(|char| char.is_ascii_digit() || *char == '.')
        .collect();
    let version = version.trim_end_matches('.');
    (!version.is_empty() && !range.contains(':') || range.starts_with("npm:"))
        .then(|| version.to_owned())
        .filter(|version| !version.is_empty())
}
