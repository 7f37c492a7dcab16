//! The file system as module resolution may see it.
//!
//! In: the scanned root, its files and its package manifests. Out: an [`Overlay`] that answers the resolver's questions
//! for paths under the root and denies every other path. It leaves alone what a specifier means (`modules`).
//!
//! Three things are shown that are not on disk, so that a checkout resolves as it would after an install and a build:
//! `node_modules/<name>` for every package of the workspace; sources in the place of build output that was never built
//! (`dist/index.js` for `src/index.ts`); and `jsconfig.json` under the name `tsconfig.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use oxc_resolver::{FileMetadata, FileSystem, ResolveError};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::bounded;
use crate::source::RepoPath;

/// Directories into which builds write what is written elsewhere by hand.
const BUILD_OUTPUT: [&str; 7] = ["dist", "lib", "build", "out", "esm", "cjs", "types"];

/// No configuration of modules is larger.
pub(crate) const MOST_OF_CONFIGURATION: u64 = 1 << 20;
/// The resolver follows one configuration into the next, so a chain of them may not be without end.
const MAX_FILES: usize = 4_000;

/// Directories below these for what is built for a format or a target.
const BUILT_FOR: [&str; 10] = [
    "main", "module", "es", "es6", "umd", "commonjs", "modern", "node", "browser", "bundle",
];

/// Where the sources of what is built lie below the directory in which the output does. SvelteKit makes packages of what lies in
/// `src/lib`.
const SOURCES: [&str; 7] = ["", "src", "src/lib", "lib", "source", "sources", "app"];

/// The endings of what is built.
const BUILT: [&str; 11] = [
    ".d.ts",
    ".d.mts",
    ".cjs.js",
    ".esm.js",
    ".es.js",
    ".umd.js",
    ".module.js",
    ".min.js",
    ".mjs",
    ".cjs",
    ".js",
];

/// Whether builds write into directories of this name.
pub(super) fn is_build_output(name: &str) -> bool {
    BUILD_OUTPUT.contains(&name)
}

/// A view of the scanned tree.
#[derive(Clone)]
pub(super) struct Overlay(Arc<Tree>);

struct Tree {
    root: PathBuf,
    /// Package name → directory, for every manifest under the root.
    packages: FxHashMap<String, PathBuf>,
    files: FxHashSet<PathBuf>,
    directories: FxHashSet<PathBuf>,
    /// Configuration that was asked for, whether there is such a file or not.
    asked: Mutex<BTreeSet<PathBuf>>,
    /// How many configurations have been read, manifests apart.
    read: AtomicUsize,
    /// Configurations that say nothing to us, and why.
    unread: Mutex<BTreeMap<PathBuf, String>>,
}

impl Overlay {
    /// `files` are absolute paths under `root`; `packages` maps names to absolute directories.
    pub(super) fn new(
        root: PathBuf,
        packages: FxHashMap<String, PathBuf>,
        files: FxHashSet<PathBuf>,
    ) -> Self {
        let mut directories = FxHashSet::default();
        let parents = files.iter().filter_map(|file| file.parent());
        for directory in parents.chain(packages.values().map(PathBuf::as_path)) {
            for ancestor in directory.ancestors() {
                if !ancestor.starts_with(&root) || !directories.insert(ancestor.to_path_buf()) {
                    break;
                }
            }
        }
        Self(Arc::new(Tree {
            root,
            packages,
            files,
            directories,
            asked: Mutex::default(),
            read: AtomicUsize::new(0),
            unread: Mutex::default(),
        }))
    }

    /// The bytes of a file that says how modules are found.
    fn configuration(&self, path: &Path) -> io::Result<Vec<u8>> {
        let is_manifest = path.ends_with("package.json");
        if !is_manifest && self.0.read.fetch_add(1, Ordering::Relaxed) >= MAX_FILES {
            return Err(io::Error::other(format!(
                "there are more than {MAX_FILES} configurations"
            )));
        }
        let bytes = bounded::read(path, MOST_OF_CONFIGURATION)?;
        let is_json = path
            .extension()
            .is_some_and(|extension| extension == "json");
        if is_json && bounded::nests_too_deeply(&bytes) {
            return Err(io::Error::other("it nests too deeply"));
        }
        Ok(bytes)
    }

    /// Remembers why a configuration says nothing.
    pub(super) fn remember(&self, path: &Path, reason: String) {
        if let Ok(mut unread) = self.0.unread.lock() {
            unread.entry(path.to_owned()).or_insert(reason);
        }
    }

    /// The configurations under the root that say nothing, and why.
    pub(super) fn unread(&self) -> Vec<(String, String)> {
        let Ok(unread) = self.0.unread.lock() else {
            return Vec::new();
        };
        let below = |path: &Path| {
            let below = path.strip_prefix(&self.0.root).ok()?;
            Some(RepoPath::of(below).as_str().to_owned())
        };
        unread
            .iter()
            .filter_map(|(path, reason)| Some((below(path)?, reason.clone())))
            .collect()
    }

    /// The path on disk for a path that the resolver speaks of; none outside the root.
    pub(super) fn real(&self, path: &Path) -> Option<PathBuf> {
        let tree = &self.0;
        let path = normalize(path);
        let relative = path.strip_prefix(&tree.root).ok()?;
        let mut components = relative.components();
        let mut inside_package = None;
        while let Some(component) = components.next() {
            if component.as_os_str() == "node_modules" {
                let rest = components.as_path();
                let (name, below) = package_and_rest(rest)?;
                inside_package = Some(tree.packages.get(&name)?.join(below));
                break;
            }
        }
        Some(inside_package.unwrap_or(path))
    }

    /// The file on disk that stands for a resolved path: itself, or the source of build output.
    pub(super) fn source_of(&self, path: &Path) -> Option<PathBuf> {
        let path = self.real(path)?;
        if self.0.files.contains(&path) {
            return Some(path);
        }
        self.unbuilt(&path)
    }

    fn unbuilt(&self, path: &Path) -> Option<PathBuf> {
        let relative = path.strip_prefix(&self.0.root).ok()?;
        let parts: Vec<_> = relative
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        // A package may itself lie in a directory of such a name (`packages/types`): the innermost one comes first.
        let outputs = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| is_build_output(part));
        let mut places: Vec<usize> = outputs.map(|(at, _)| at).collect();
        places.reverse();
        places
            .into_iter()
            .find_map(|at| self.source_beside(&parts[..at], &parts[at + 1..]))
    }

    /// The source of build output; `before` leads to the directory of the output, `below` from there to the file.
    fn source_beside(&self, before: &[String], below: &[String]) -> Option<PathBuf> {
        let before: PathBuf = self.0.root.join(before.iter().collect::<PathBuf>());
        let mut rest = below;
        let is_of_build = |part: &str| is_build_output(part) || BUILT_FOR.contains(&part);
        while rest.len() > 1 && is_of_build(&rest[0]) {
            rest = &rest[1..];
        }
        let rest: PathBuf = rest.iter().collect();
        let bases = || SOURCES.iter().map(|below| before.join(below));
        // Components are built into files of the same name.
        let same = bases().map(|base| base.join(&rest));
        if let Some(same) = same.into_iter().find(|it| self.0.files.contains(it)) {
            return Some(same);
        }
        let file = rest.file_name()?.to_string_lossy().into_owned();
        let mut stems = BUILT.iter().filter_map(|end| file.strip_suffix(end)).rev();
        stems.find_map(|stem| {
            bases().find_map(|base| {
                let mut candidates = ["ts", "tsx", "mts", "js", "jsx"]
                    .iter()
                    .map(|ending| base.join(rest.with_file_name(format!("{stem}.{ending}"))));
                candidates.find(|candidate| self.0.files.contains(candidate))
            })
        })
    }

    /// What was asked for beside the sources, by absolute path.
    pub(super) fn asked(&self) -> BTreeSet<PathBuf> {
        let asked = self.0.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a package of the tree has a name.
    pub(super) fn has_package(&self, name: &str) -> bool {
        self.0.packages.contains_key(name)
    }

    /// The directory of the package of the tree that has a name.
    pub(super) fn package(&self, name: &str) -> Option<&Path> {
        self.0.packages.get(name).map(PathBuf::as_path)
    }

    /// Whether a path is one of the tree.
    pub(super) fn is_below_root(&self, path: &Path) -> bool {
        path.starts_with(&self.0.root)
    }

    /// Whether the resolver sees a file at a path.
    pub(super) fn is_file(&self, path: &Path) -> bool {
        matches!(self.look(path), Some(Seen::File(_) | Seen::Empty))
    }

    fn is_there(&self, path: &Path) -> bool {
        let mut asked = self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.insert(path.to_owned());
        path.is_file()
    }

    fn look(&self, path: &Path) -> Option<Seen> {
        let path = normalize(path);
        let modules = self.0.root.join("node_modules");
        // Any package is taken to be there, so that its configuration is asked for below.
        let depth = path
            .strip_prefix(&modules)
            .map_or(usize::MAX, |rest| rest.components().count());
        let is_package = depth <= 2 && path.extension().is_none_or(|extension| extension != "json");
        if is_package && self.real(&path).is_none() {
            return Some(Seen::Directory);
        }
        let under_modules = path
            .components()
            .any(|part| part.as_os_str() == "node_modules");
        let Some(real) = self.real(&path) else {
            // A base configuration that comes from a package that is not installed is taken to say nothing, so that the
            // `paths` of the configuration that extends it still count.
            let is_config = path.starts_with(&self.0.root)
                && under_modules
                && path
                    .extension()
                    .is_some_and(|extension| extension == "json")
                && path.file_name().is_some_and(|name| name != "package.json");
            return is_config.then_some(Seen::Empty);
        };
        if self.0.files.contains(&real) {
            return Some(Seen::File(real));
        }
        if self.0.directories.contains(&real) {
            return Some(Seen::Directory);
        }
        match real.file_name().and_then(|name| name.to_str()) {
            Some("package.json") if self.is_there(&real) => Some(Seen::File(real)),
            Some(name) if name.ends_with(".json") && self.is_there(&real) => Some(Seen::File(real)),
            Some("tsconfig.json") => {
                let javascript = real.with_file_name("jsconfig.json");
                self.is_there(&javascript).then_some(Seen::File(javascript))
            }
            _ => match self.unbuilt(&real) {
                Some(source) => Some(Seen::File(source)),
                None => self.is_built_of(&real).then_some(Seen::Directory),
            },
        }
    }

    /// Whether a directory is one of build output whose sources lie in a directory of the same name below `src`.
    fn is_built_of(&self, directory: &Path) -> bool {
        let below_root = |it: &&Path| it.starts_with(&self.0.root);
        let mut outputs = directory.ancestors().take_while(below_root);
        outputs.any(|output| {
            let name = output.file_name().and_then(|name| name.to_str());
            let is_there = |below: &Path| {
                let mut sources = SOURCES[1..].iter().map(|name| output.with_file_name(name));
                sources.any(|it| self.0.directories.contains(&it.join(below)))
            };
            name.is_some_and(is_build_output) && directory.strip_prefix(output).is_ok_and(is_there)
        })
    }
}

enum Seen {
    File(PathBuf),
    Directory,
    /// A file that is taken to be `{}`.
    Empty,
}

/// `@scope/name/rest` or `name/rest`.
fn package_and_rest(path: &Path) -> Option<(String, PathBuf)> {
    let mut parts = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    let first = parts.next()?;
    let name = if first.starts_with('@') {
        format!("{first}/{}", parts.next()?)
    } else {
        first
    };
    Some((name, parts.collect()))
}

/// Resolves `.` and `..` in the text of a path, without asking the disk.
fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

fn not_found() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}

impl FileSystem for Overlay {
    fn new() -> Self {
        Self::new(
            PathBuf::from("/"),
            FxHashMap::default(),
            FxHashSet::default(),
        )
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.look(path) {
            Some(Seen::File(real)) => {
                // A link inside the tree may lead out of it.
                let target = std::fs::canonicalize(&real)?;
                if !target.starts_with(&self.0.root) {
                    return Err(not_found());
                }
                let read = self.configuration(&target);
                if let Err(error) = &read {
                    self.remember(&real, error.to_string());
                }
                read
            }
            Some(Seen::Empty) => Ok(b"{}".to_vec()),
            Some(Seen::Directory) | None => Err(not_found()),
        }
    }

    /// The configuration of a compiler. One that is not there although another extends it or refers to it is taken to say
    /// nothing, so that what the other says still counts: frameworks write it when the app is built, and a part of the tree
    /// may not have been checked out.
    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        match self.read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok("{}".to_owned()),
            read => Ok(String::from_utf8_lossy(&read?).into_owned()),
        }
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        match self.look(path) {
            Some(Seen::File(_) | Seen::Empty) => Ok(FileMetadata::new(true, false, false)),
            Some(Seen::Directory) => Ok(FileMetadata::new(false, true, false)),
            None => Err(not_found()),
        }
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.metadata(path)
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, ResolveError> {
        Ok(path.to_path_buf())
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(normalize(path))
    }
}
