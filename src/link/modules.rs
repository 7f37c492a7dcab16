//! What a module specifier stands for.
//!
//! In: a file and the text of an import. Out: a [`Module`]: a file of the scanned tree or a package outside it. It leaves
//! alone what the module exports (`mod`). Nothing outside the root is read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use oxc_resolver::{Resolution, ResolveError, ResolveOptions, ResolverGeneric, TsconfigDiscovery};
use rustc_hash::{FxHashMap, FxHashSet};

use super::nearby::{ENDINGS, Nearby, STANDING_FOR};
use super::overlay::Overlay;
use super::scopes::Scopes;
use crate::source::{FileId, RepoPath};

/// The name of a file that any configuration is for which includes the files of its directory.
const ANY_FILE: &str = "index.ts";

/// Where packages begin, below their directories.
const ENTRIES: [&str; 4] = ["./src/index", "./index", "./src/main", "./lib/index"];

/// What a specifier stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Module {
    /// A file of the scanned tree.
    File(FileId),
    /// Anything else: a package that is not part of the tree, or nothing at all.
    Outside,
}

/// Resolves specifiers, each directory and specifier once.
pub struct Modules {
    root: PathBuf,
    resolver: ResolverGeneric<Overlay>,
    /// Without tsconfig, for trees whose configuration cannot be loaded.
    plain: ResolverGeneric<Overlay>,
    /// For packages that export nothing but types.
    typed: ResolverGeneric<Overlay>,
    /// For packages whose modules are wrappers that a build writes around what is required.
    required: ResolverGeneric<Overlay>,
    /// For packages that export their sources under conditions of the tree's own, if there are any.
    own: Option<ResolverGeneric<Overlay>>,
    overlay: Overlay,
    nearby: Nearby,
    /// By directory and specifier.
    known: Mutex<FxHashMap<String, FxHashMap<String, Module>>>,
    scopes: Mutex<Scopes>,
    /// What packages' names stand for, by the number of a scope and specifier.
    packages: Mutex<FxHashMap<usize, FxHashMap<String, Module>>>,
}

impl Modules {
    /// The configuration beside the sources that was asked where imports lead, whether it is there or not: paths below the
    /// root, in order.
    pub fn consulted(&self) -> Vec<PathBuf> {
        let asked = self.overlay.asked().into_iter();
        let below = asked.filter_map(|path| Some(path.strip_prefix(&self.root).ok()?.to_owned()));
        below.collect()
    }

    /// `root` is absolute and canonical; `files` in the order of their ids; `packages` maps the names in the tree's
    /// package.json files to their directories under the root; `conditions` are those under which they export sources.
    pub fn new(
        root: PathBuf,
        files: &[RepoPath],
        packages: &[(String, RepoPath)],
        conditions: &BTreeSet<String>,
    ) -> Self {
        let packages = packages
            .iter()
            .map(|(name, directory)| (name.clone(), root.join(directory.as_str())))
            .collect();
        let known: FxHashSet<PathBuf> = files.iter().map(|path| root.join(path.as_str())).collect();
        let overlay = Overlay::new(root.clone(), packages, known);
        let named = (0..).map(FileId).zip(files);
        let nearby = Nearby::new(named.map(|(file, path)| (path.to_string(), file)));
        let options = ResolveOptions {
            extensions: ENDINGS.map(String::from).to_vec(),
            extension_alias: STANDING_FOR
                .map(|(from, to)| {
                    (
                        from.to_owned(),
                        to.iter().map(ToString::to_string).collect(),
                    )
                })
                .to_vec(),
            condition_names: [
                "source",
                "development",
                "import",
                "module",
                "browser",
                "require",
                "node",
                "default",
            ]
            .map(String::from)
            .to_vec(),
            main_fields: ["source", "module", "main", "types"]
                .map(String::from)
                .to_vec(),
            symlinks: false,
            ..ResolveOptions::default()
        };
        let plain = ResolverGeneric::new_with_file_system(overlay.clone(), options.clone());
        let resolver = plain.clone_with_options(ResolveOptions {
            tsconfig: Some(TsconfigDiscovery::Auto),
            ..options.clone()
        });
        let under = |conditions: &[&str]| {
            plain.clone_with_options(ResolveOptions {
                condition_names: conditions.iter().map(ToString::to_string).collect(),
                ..options.clone()
            })
        };
        let typed = under(&["types", "source", "import", "require", "default"]);
        let required = under(&["require", "node", "default"]);
        let conditions: Vec<&str> = conditions.iter().map(String::as_str).collect();
        let own = (!conditions.is_empty()).then(|| under(&conditions));
        Self {
            root,
            resolver,
            typed,
            required,
            own,
            plain,
            overlay,
            nearby,
            known: Mutex::default(),
            scopes: Mutex::default(),
            packages: Mutex::default(),
        }
    }

    /// What `specifier` stands for in the file at `from`; `aliases` gives the paths that it may stand for beside the rules of
    /// modules.
    pub fn resolve(
        &self,
        from: &RepoPath,
        specifier: &str,
        aliases: impl FnOnce() -> Vec<String>,
    ) -> Module {
        let directory = from
            .as_str()
            .rsplit_once('/')
            .map_or("", |(directory, _)| directory);
        let known = self.known.lock().ok();
        if let Some(found) = known.and_then(|known| known.get(directory)?.get(specifier).copied()) {
            return found;
        }
        let mut found = self.found(directory, specifier);
        if found == Module::Outside && is_package(specifier) {
            let mut paths = aliases().into_iter().map(|path| self.at(&path));
            found = paths
                .find(|found| *found != Module::Outside)
                .unwrap_or(Module::Outside);
        }
        if let Ok(mut known) = self.known.lock() {
            let of_directory = known.entry(directory.to_owned()).or_default();
            of_directory.insert(specifier.to_owned(), found);
        }
        found
    }

    /// Whether a package of the tree has a name.
    pub fn has_package(&self, name: &str) -> bool {
        self.overlay.has_package(name)
    }

    /// The file at a path under the root that may lack its ending.
    pub fn at(&self, path: &str) -> Module {
        match self.nearby.find("", &format!("./{path}")) {
            Some(found) => Module::File(found),
            None => self.look("", &self.root.join(path).to_string_lossy()),
        }
    }

    /// The configurations under the root that could not be read, and why.
    pub fn unread(&self) -> Vec<(String, String)> {
        self.overlay.unread()
    }

    /// A base that is not there is ordinary: frameworks write theirs when the app is built.
    fn remember(&self, error: &ResolveError) {
        match error {
            ResolveError::TsconfigLoadFailed { path, source } => {
                self.overlay
                    .remember(path, format!("cannot be read: {source}"));
            }
            ResolveError::TsconfigCircularExtend(paths) => {
                if let Some(first) = paths.paths().first() {
                    self.overlay.remember(first, "it extends itself".to_owned());
                }
            }
            _ => {}
        }
    }

    /// What a specifier stands for in the files of a directory, by the shortest way.
    fn found(&self, directory: &str, specifier: &str) -> Module {
        if let Some(found) = self.nearby.find(directory, specifier) {
            return Module::File(found);
        }
        if !is_package(specifier) {
            return self.look(directory, specifier);
        }
        let scope = self.scope(directory);
        let packages = || self.packages.lock().unwrap_or_else(PoisonError::into_inner);
        let known = packages()
            .get(&scope)
            .and_then(|it| it.get(specifier).copied());
        known.unwrap_or_else(|| {
            let found = self.look(directory, specifier);
            let mut packages = packages();
            let of_scope = packages.entry(scope).or_default();
            of_scope.insert(specifier.to_owned(), found);
            found
        })
    }

    /// The number of the scope of a directory.
    fn scope(&self, directory: &str) -> usize {
        let directory = self.root.join(directory);
        let scopes = || self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        let known = scopes().known(&directory);
        known.unwrap_or_else(|| {
            let owner = self.resolver.find_tsconfig(directory.join(ANY_FILE));
            let owner = owner
                .map(|owner| owner.map(|it| it.path().to_owned()))
                .map_err(|error| error.to_string());
            scopes().number(&directory, owner, &self.overlay)
        })
    }

    /// What a specifier stands for in the files of a directory, whichever of them asks.
    fn look(&self, directory: &str, specifier: &str) -> Module {
        let specifier = specifier
            .split_once('?')
            .map_or(specifier, |(path, _)| path);
        let file = self.root.join(directory).join(ANY_FILE);
        let resolved = self
            .resolver
            .resolve_file(&file, specifier)
            .inspect_err(|error| self.remember(error))
            .or_else(|_| self.plain.resolve_file(&file, specifier))
            .ok();
        let by_paths = || self.by_paths(&file, specifier);
        let by = |resolver: &ResolverGeneric<Overlay>| {
            self.source(resolver.resolve_file(&file, specifier).ok()?)
        };
        let of_package = || {
            by_paths()
                .or_else(|| by(self.own.as_ref()?))
                .or_else(|| by(&self.typed))
                .or_else(|| by(&self.required))
                .or_else(|| self.entry_of(specifier))
        };
        resolved
            .and_then(|resolution| self.source(resolution))
            .or_else(|| is_package(specifier).then(of_package).flatten())
            .map_or(Module::Outside, Module::File)
    }

    /// Where a package of the tree begins whose manifest names nothing but what a build writes, and not what it is built from.
    fn entry_of(&self, name: &str) -> Option<FileId> {
        let directory = self.overlay.package(name)?.strip_prefix(&self.root).ok()?;
        let directory = RepoPath::of(directory);
        let mut entries = ENTRIES.iter();
        entries.find_map(|entry| self.nearby.find(directory.as_str(), entry))
    }

    /// What a specifier stands for by `paths` and `baseUrl` of the configurations above a file, whether they include it or
    /// not: bundlers follow them in components, in JavaScript and in tests as well.
    fn by_paths(&self, file: &Path, specifier: &str) -> Option<FileId> {
        let below_root = |it: &&Path| it.starts_with(&self.root);
        let above = file.ancestors().skip(1).take_while(below_root);
        above
            .filter_map(|directory| {
                let path = directory.join("tsconfig.json");
                self.resolver.resolve_tsconfig(path).ok()
            })
            .find_map(|config| {
                let referenced = config.references_resolved.iter().map(Arc::as_ref);
                std::iter::once(config.as_ref())
                    .chain(referenced)
                    .flat_map(|config| config.resolve_path_alias_or_base_url(specifier))
                    .find_map(|path| {
                        let path = path.to_string_lossy();
                        self.source(self.plain.resolve_file(file, &path).ok()?)
                    })
            })
    }

    fn source(&self, resolution: Resolution) -> Option<FileId> {
        let path = self.overlay.source_of(resolution.path())?;
        let below = path.strip_prefix(&self.root).ok()?;
        self.nearby.at(RepoPath::of(below).as_str())
    }
}

/// Whether a specifier names a package rather than a file.
fn is_package(specifier: &str) -> bool {
    !specifier.starts_with(['.', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::specifiers;

    /// All fixtures as one tree, with packages called by their manifests.
    #[test]
    fn the_short_ways_lead_where_the_resolver_leads() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let root = root.canonicalize().expect("there are fixtures");
        let mut files = Vec::new();
        let mut packages = Vec::new();
        for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
            let entry = entry.expect("it can be read");
            let below = entry.path().strip_prefix(&root).expect("it lies below");
            if !entry.file_type().is_file() {
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            if entry.file_name() == "package.json" {
                let manifest: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
                if let (Some(name), Some(directory)) = (manifest["name"].as_str(), below.parent()) {
                    packages.push((name.to_owned(), RepoPath::of(directory)));
                }
            }
            files.push((RepoPath::of(below), text));
        }
        let paths: Vec<RepoPath> = files.iter().map(|(path, _)| path.clone()).collect();
        let modules = Modules::new(root, &paths, &packages, &BTreeSet::new());
        let mut led = 0;
        for (path, text) in &files {
            let directory = path.as_str().rsplit_once('/').map_or("", |(it, _)| it);
            for specifier in specifiers(text) {
                let found = modules.found(directory, specifier);
                assert_eq!(
                    found,
                    modules.look(directory, specifier),
                    "{path}: {specifier}"
                );
                led += usize::from(found != Module::Outside);
            }
        }
        assert!(led > 200, "only {led} specifiers lead to a file");
    }
}
