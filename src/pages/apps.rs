//! Which files run in one app.
//!
//! In: the manifests and texts of a tree. Out: whether two files can be of one app: in one package, or in two of which some
//! package uses both. A package that is only asked for, to be built first, is not used. It leaves alone whether the code of
//! either is reached.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::read::Texts;
use crate::search::quoted;
use crate::source::directories_around;

/// The packages of a tree.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Apps {
    /// By directory, the directories of the packages that its package uses, itself included.
    used: BTreeMap<String, BTreeSet<String>>,
    /// The directories of packages that others install: what they start there is on pages of others.
    published: BTreeSet<String>,
    /// The directories of extensions of an editor.
    extensions: BTreeSet<String>,
}

/// What runs an extension, as its manifest names it.
const EDITOR: &str = "vscode";
/// What a manifest says of a package that is meant for others.
const PUBLISHED_BY: [&str; 2] = ["files", "publishConfig"];

impl Apps {
    pub(super) fn new(texts: &Texts) -> Self {
        let mut names = BTreeMap::new();
        let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut published = BTreeSet::new();
        let mut extensions = BTreeSet::new();
        for file in texts.manifests.iter().filter_map(|id| texts.get(*id)) {
            let path = file.path.as_str();
            let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
            let Ok(manifest) = serde_json::from_str::<serde_json::Value>(&file.text) else {
                continue;
            };
            if let Some(name) = manifest.get("name").and_then(serde_json::Value::as_str) {
                names.insert(name.to_owned(), directory.to_owned());
            }
            let engines = manifest.get("engines");
            if engines.is_some_and(|it| it.get(EDITOR).is_some()) {
                extensions.insert(directory.to_owned());
            }
            let is_private = manifest.get("private").and_then(serde_json::Value::as_bool);
            if is_private != Some(true) && PUBLISHED_BY.iter().any(|it| manifest.get(it).is_some())
            {
                published.insert(directory.to_owned());
            }
            let lists = ["dependencies", "devDependencies", "peerDependencies"];
            let lists = lists
                .into_iter()
                .filter_map(|it| manifest.get(it)?.as_object());
            let asked_here = lists.flat_map(|list| list.keys().cloned());
            asked.insert(directory.to_owned(), asked_here.collect());
        }
        let imported = imported(texts, &names, &asked);
        let used = asked.keys().map(|start| {
            let mut used = BTreeSet::from([start.clone()]);
            let mut open = vec![start];
            while let Some(directory) = open.pop() {
                let next = imported.get(directory.as_str()).into_iter().flatten();
                for directory in next.filter_map(|name| names.get(*name)) {
                    if used.insert(directory.clone()) {
                        open.push(directory);
                    }
                }
            }
            (start.clone(), used)
        });
        Self {
            used: used.collect(),
            published,
            extensions,
        }
    }

    /// Whether a file is of an extension of an editor.
    pub(super) fn is_extension(&self, path: &str) -> bool {
        self.extensions.contains(self.package(path))
    }

    /// Whether a file is of a package that others install.
    pub(super) fn is_published(&self, path: &str) -> bool {
        self.published.contains(self.package(path))
    }

    /// Whether what one file starts can be there in the app of another. A package that others install starts it where they
    /// say, and for them.
    pub(super) fn starts_in(&self, start: &str, path: &str) -> bool {
        self.share(start, path)
            && (!self.is_published(start) || self.package(start) == self.package(path))
    }

    /// Whether two files can be of one app.
    pub(super) fn share(&self, a: &str, b: &str) -> bool {
        let (a, b) = (self.package(a), self.package(b));
        a == b
            || self
                .used
                .values()
                .any(|used| used.contains(a) && used.contains(b))
    }

    /// The directory of the package that a file belongs to.
    pub(super) fn package<'p>(&self, path: &'p str) -> &'p str {
        directory_of(path, |directory| self.used.contains_key(directory))
    }
}

/// The innermost directory of a package around a path.
fn directory_of(path: &str, is_package: impl Fn(&str) -> bool) -> &str {
    directories_around(path)
        .find(|directory| is_package(directory))
        .unwrap_or_default()
}

/// By directory, the packages of the tree that its package asks for, and that some text of it imports.
fn imported<'n>(
    texts: &Texts,
    names: &BTreeMap<String, String>,
    asked: &'n BTreeMap<String, Vec<String>>,
) -> BTreeMap<&'n str, BTreeSet<&'n str>> {
    let mut open: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (directory, asked) in asked {
        let of_tree = asked.iter().filter(|name| names.contains_key(*name));
        open.insert(directory, of_tree.map(String::as_str).collect());
    }
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let sources = texts.files.iter();
    for file in sources.filter(|file| !file.path.as_str().ends_with(".json")) {
        let path = file.path.as_str();
        let directory = directory_of(path, |directory| open.contains_key(directory));
        let Some((directory, _)) = asked.get_key_value(directory) else {
            continue;
        };
        let Some(open) = open.get_mut(directory.as_str()) else {
            continue;
        };
        let here: Vec<&str> = open
            .iter()
            .copied()
            .filter(|name| quoted(&file.text, name, true).next().is_some())
            .collect();
        for name in here {
            open.remove(name);
            found.entry(directory).or_default().insert(name);
        }
    }
    found
}
