//! Which files there are.
//!
//! In: [`Settings`]. Out: [`Tree`]: the files to read in the order of their path, every package.json, and what was left
//! out, counted by reason. It leaves alone what is in the files.
//!
//! .gitignore counts, also outside a repository; links are not followed, so nothing outside the root is met. What is left
//! out by default is decided by the path below the PATH that was asked for, so that scanning `tests/x` itself works:
//!
//! - dependencies: `node_modules`, `bower_components`, `jspm_packages`; `vendor` beside a manifest or at the top,
//! - build output: `dist`, `build`, `out`, `.next`, `.nuxt`, `.svelte-kit`, `.output`, `coverage`, `storybook-static`
//!   beside a package.json or at the top (elsewhere such a name may be a feature of the app, as it is where sources lie in it
//!   that no build writes: TypeScript, components),
//! - tests, stories, mocks, minified copies by their names, and whatever is hidden.
//!
//! `--include-tests` re-admits tests, stories and mocks; `include` of divulge.toml re-admits anything.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::Result;
use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::finding::{FileNote, LeftOut};
use crate::ignored::{Ignored, Level};
use crate::own;
use crate::passages;
use crate::settings::{Selection, Settings, below, repository_root};
use crate::source::RepoPath;
use crate::templates;

/// The kinds of file that are read.
pub const EXTENSIONS: [&str; 13] = [
    "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue", "svelte", "astro", "html", "htm",
];

/// The lists of installed packages that package managers keep.
const LOCKS: [&str; 5] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
];

/// Headers that a host adds to its answers, as a policy of what a page may load.
const HEADERS: &str = "_headers";

/// Whether a file may be the export of a hub's container: `GTM-ABC123.json`, `GTM-ABC123_v4.json`.
fn is_export(name: &str) -> bool {
    let is_id = |id: &str| {
        id.chars()
            .next()
            .is_some_and(|first| first.is_ascii_uppercase() || first.is_ascii_digit())
    };
    let parts = name
        .strip_suffix(".json")
        .and_then(|stem| stem.split_once('-'));
    parts.is_some_and(|(kind, id)| {
        !kind.is_empty() && kind.chars().all(|char| char.is_ascii_uppercase()) && is_id(id)
    })
}

/// Whether a file that is no code says where the app runs or what it sends on.
fn is_beside(name: &str) -> bool {
    let is_code = EXTENSIONS.iter().any(|end| {
        name.rsplit_once('.')
            .is_some_and(|(_, extension)| extension == *end)
    });
    !is_code
        && (passages::is_configuration(name)
            || own::is_telling(name)
            || name == HEADERS
            || is_export(name))
}

/// The files of one scan.
#[derive(Debug, Default)]
pub struct Tree {
    /// The directory that all paths are relative to.
    pub root: PathBuf,
    /// Files to read, by path.
    pub files: Vec<Found>,
    /// Every package.json outside what was left out, by path.
    pub manifests: Vec<RepoPath>,
    /// Configuration that is no code and says where the app runs or what it sends on, by path.
    pub beside: Vec<RepoPath>,
    /// Lists of all packages that are installed, by path.
    pub locks: Vec<RepoPath>,
    /// Templates of other languages, which are not read, by path.
    pub templates: Vec<RepoPath>,
    /// How many files were met, of whatever kind.
    pub seen: u64,
    /// What was left out, by reason.
    pub left_out: Vec<LeftOut>,
    /// What could not be entered.
    pub notes: Vec<FileNote>,
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Below the root.
    pub path: RepoPath,
    /// Where to read it.
    pub absolute: PathBuf,
    /// Bytes.
    pub size: u64,
}

/// There is no file of a kind that is read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NothingToScan(String);

/// Walks the tree.
///
/// # Errors
///
/// When there is nothing to scan.
pub fn discover(settings: &Settings) -> Result<Tree> {
    let mut walk = WalkBuilder::empty();
    for path in &settings.paths {
        walk.add(path);
    }
    // Only what lies in the tree decides: no global or local exclude files, and no .gitignore above the repository, or
    // above the root where there is none.
    let top = repository_root(&settings.root).unwrap_or(&settings.root);
    let ignored = Ignored::new(top.to_owned());
    walk.standard_filters(false)
        .follow_links(false)
        .threads(settings.threads.map_or(0, Into::into));
    let met = Mutex::new(Met::default());
    walk.build_parallel().run(|| {
        let mut part = Part {
            settings,
            all: &met,
            met: Met::default(),
            ignored: &ignored,
            nearest: None,
        };
        Box::new(move |entry| part.meet(entry))
    });
    let mut met = met
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    for (path, error) in ignored.take_unread() {
        met.notes.push(FileNote {
            path: below(&settings.root, &path),
            reason: format!("what it leaves out is not left out: {error}"),
            line: None,
        });
    }
    let tree = met.into_tree(&settings.root);
    if tree.files.is_empty() {
        return Err(NothingToScan(nothing(&tree)).into());
    }
    Ok(tree)
}

fn nothing(tree: &Tree) -> String {
    let mut text = format!("there is nothing to scan: no {} file", EXTENSIONS.join("/"));
    if !tree.left_out.is_empty() {
        let reasons: Vec<String> = tree
            .left_out
            .iter()
            .map(|left| format!("{} {}", left.count, left.reason))
            .collect();
        text.push_str(&format!(
            " is left (left out: {}); name a directory below, or use --include-tests or `include` in divulge.toml",
            reasons.join(", ")
        ));
    }
    text
}

/// What was met by one thread, or by all.
#[derive(Default)]
struct Met {
    files: Vec<Found>,
    manifests: Vec<RepoPath>,
    beside: Vec<RepoPath>,
    locks: Vec<RepoPath>,
    templates: Vec<RepoPath>,
    seen: u64,
    left_out: BTreeMap<&'static str, u64>,
    notes: Vec<FileNote>,
}

impl Met {
    fn take(&mut self, other: &mut Self) {
        self.files.append(&mut other.files);
        self.manifests.append(&mut other.manifests);
        self.beside.append(&mut other.beside);
        self.locks.append(&mut other.locks);
        self.templates.append(&mut other.templates);
        self.notes.append(&mut other.notes);
        self.seen += std::mem::take(&mut other.seen);
        for (reason, count) in std::mem::take(&mut other.left_out) {
            *self.left_out.entry(reason).or_default() += count;
        }
    }

    fn into_tree(mut self, root: &Path) -> Tree {
        // Threads meet files in any order, and PATHs may overlap.
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut same = Vec::new();
        self.files.dedup_by(|later, first| {
            let is_same = later.path == first.path;
            if is_same && later.absolute != first.absolute {
                same.push(later.path.clone());
            }
            is_same
        });
        self.notes.extend(same.into_iter().map(|path| FileNote {
            path: path.as_str().to_owned(),
            reason:
                "another file has the same name in this report, and only one is read".to_owned(),
            line: None,
        }));
        for paths in [
            &mut self.manifests,
            &mut self.beside,
            &mut self.locks,
            &mut self.templates,
        ] {
            paths.sort();
            paths.dedup();
        }
        self.notes.sort();
        Tree {
            root: root.to_owned(),
            files: self.files,
            manifests: self.manifests,
            beside: self.beside,
            locks: self.locks,
            templates: self.templates,
            seen: self.seen,
            left_out: self
                .left_out
                .into_iter()
                .map(|(reason, count)| LeftOut {
                    reason: reason.to_owned(),
                    count,
                })
                .collect(),
            notes: self.notes,
        }
    }
}

/// The share of one thread; handed in when the thread is done.
struct Part<'s> {
    settings: &'s Settings,
    all: &'s Mutex<Met>,
    met: Met,
    ignored: &'s Ignored,
    /// What holds in the directory that was met last.
    nearest: Option<(PathBuf, Arc<Level>)>,
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        if let Ok(mut all) = self.all.lock() {
            all.take(&mut self.met);
        }
    }
}

impl Part<'_> {
    fn meet(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                self.note(&error);
                return WalkState::Continue;
            }
        };
        let Some(kind) = entry.file_type() else {
            return WalkState::Continue;
        };
        if entry.depth() > 0 && self.is_ignored(entry.path(), kind.is_dir()) {
            return WalkState::Skip;
        }
        if kind.is_symlink() {
            self.leave_out("symbolic links");
            WalkState::Continue
        } else if kind.is_dir() {
            self.meet_directory(&entry)
        } else {
            if kind.is_file() {
                self.meet_file(&entry);
            } else {
                self.leave_out("pipes, sockets and devices");
            }
            WalkState::Continue
        }
    }

    fn is_ignored(&mut self, path: &Path, is_directory: bool) -> bool {
        let Some(parent) = path.parent() else {
            return false;
        };
        let level = match &self.nearest {
            Some((known, level)) if known == parent => level,
            _ => {
                let level = self.ignored.level(parent);
                &self.nearest.insert((parent.to_owned(), level)).1
            }
        };
        level.leaves_out(path, is_directory)
    }

    fn meet_directory(&mut self, entry: &DirEntry) -> WalkState {
        if entry.depth() == 0 {
            return WalkState::Continue;
        }
        if entry.file_name() == ".git" || self.is_asked_for(entry.path()) {
            return WalkState::Skip;
        }
        let selection = &self.settings.selection;
        let path = entry.path();
        let Some(reason) = directory_reason(path, entry.depth(), selection) else {
            return WalkState::Continue;
        };
        if !inside_left_out(path, entry.depth(), selection) {
            self.leave_out(reason);
        }
        let below = path.strip_prefix(&selection.base).unwrap_or(path);
        if !selection.include.is_empty() && selection.include.could_match_below(below) {
            WalkState::Continue
        } else {
            WalkState::Skip
        }
    }

    fn meet_file(&mut self, entry: &DirEntry) {
        let path = entry.path();
        let asked_for = entry.depth() == 0;
        if !asked_for && self.is_asked_for(path) {
            return;
        }
        self.met.seen += 1;
        let selection = &self.settings.selection;
        let below_base = path.strip_prefix(&selection.base).unwrap_or(path);
        let included = asked_for || selection.include.matches(below_base);
        let walled = !included
            && !selection.include.is_empty()
            && inside_left_out(path, entry.depth(), selection);
        if walled {
            return;
        }
        let repo_path = self.repo_path(path);
        if entry.file_name() == "package.json" {
            self.met.manifests.push(repo_path);
            return;
        }
        if let Some(name) = entry.file_name().to_str() {
            if LOCKS.contains(&name) {
                self.met.locks.push(repo_path);
                return;
            }
            if is_beside(name) && !selection.exclude.matches(below_base) {
                self.met.beside.push(repo_path);
                return;
            }
        }
        let extension = repo_path.extension();
        let is_template = templates::EXTENSIONS.contains(&extension.as_str());
        if !EXTENSIONS.contains(&extension.as_str()) && !is_template {
            return;
        }
        if !asked_for && selection.exclude.matches(below_base) {
            self.leave_out("excluded by divulge.toml");
            return;
        }
        if !included && let Some(reason) = file_reason(entry.file_name(), selection) {
            self.leave_out(reason);
            return;
        }
        if is_template {
            self.met.templates.push(repo_path);
            return;
        }
        match entry.metadata() {
            Ok(metadata) => self.met.files.push(Found {
                path: repo_path,
                absolute: path.to_owned(),
                size: metadata.len(),
            }),
            Err(error) => self.note(&error),
        }
    }

    /// A PATH is walked by itself, under its own rules, also where the walk of another one meets it.
    fn is_asked_for(&self, path: &Path) -> bool {
        let paths = &self.settings.paths;
        paths
            .binary_search_by(|asked| asked.as_path().cmp(path))
            .is_ok()
    }

    fn leave_out(&mut self, reason: &'static str) {
        *self.met.left_out.entry(reason).or_default() += 1;
    }

    fn note(&mut self, error: &ignore::Error) {
        let path =
            failed_path(error).map_or_else(|| RepoPath::new("."), |path| self.repo_path(path));
        let reason = match error.io_error() {
            Some(io) => format!("cannot be read: {}", io.kind()),
            None => "cannot be read".to_owned(),
        };
        self.met.notes.push(FileNote {
            path: path.as_str().to_owned(),
            reason,
            line: None,
        });
    }

    fn repo_path(&self, path: &Path) -> RepoPath {
        let below = path.strip_prefix(&self.settings.root).unwrap_or(path);
        RepoPath::of(below)
    }
}

fn failed_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            failed_path(err)
        }
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

/// Whether a directory above, but below the PATH that was asked for, was left out. Only asked when a glob of the
/// configuration made the walk enter one.
fn inside_left_out(path: &Path, depth: usize, selection: &Selection) -> bool {
    path.ancestors()
        .skip(1)
        .zip(1..depth)
        .any(|(directory, up)| directory_reason(directory, depth - up, selection).is_some())
}

/// Why a directory is left out; `depth` counts from the PATH that was asked for.
fn directory_reason(path: &Path, depth: usize, selection: &Selection) -> Option<&'static str> {
    let name = match path.components().next_back() {
        Some(Component::Normal(name)) => name.to_str()?,
        _ => return None,
    };
    let beside = |manifests: &[&str]| {
        depth == 1
            || path.parent().is_some_and(|parent| {
                manifests
                    .iter()
                    .any(|manifest| parent.join(manifest).is_file())
            })
    };
    let tests = !selection.include_tests;
    match name {
        "node_modules" | "bower_components" | "jspm_packages" => Some("dependencies"),
        "vendor" if beside(&["package.json", "composer.json", "go.mod", "Gemfile"]) => {
            Some("dependencies")
        }
        ".next" | ".nuxt" | ".svelte-kit" | ".output" => Some("build output"),
        "dist" | "build" | "out" | "coverage" | "storybook-static"
            if beside(&["package.json"]) && !is_written_by_hand(path) =>
        {
            Some("build output")
        }
        "__tests__" | "test" | "tests" | "e2e" | "cypress" | "playwright" | "test-utils" => {
            tests.then_some("tests")
        }
        _ if OF_TESTS.iter().any(|end| name.ends_with(end)) => tests.then_some("tests"),
        ".storybook" => tests.then_some("stories"),
        "__mocks__" | "mocks" | "__fixtures__" => tests.then_some("mocks"),
        _ if name.starts_with('.') && !SOURCES.contains(&name) => Some("hidden"),
        _ => selection
            .exclude
            .matches(path.strip_prefix(&selection.base).unwrap_or(path))
            .then_some("excluded by divulge.toml"),
    }
}

/// Whether a directory has sources in it that builds read and none writes: the name is then that of a part of the app.
fn is_written_by_hand(directory: &Path) -> bool {
    let is_source = |name: &OsStr| {
        let parts = name.to_str().and_then(|name| name.rsplit_once('.'));
        parts.is_some_and(|(stem, end)| WRITTEN.contains(&end) && !stem.ends_with(".d"))
    };
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    entries.flatten().any(|entry| is_source(&entry.file_name()))
}

/// Directories of an app's own sources whose names frameworks begin with a dot: what only the server or only the browser runs
/// (React Router), and the pages of a documentation (VitePress, VuePress).
const SOURCES: [&str; 4] = [".server", ".client", ".vitepress", ".vuepress"];

/// The kinds of file that builds make others of.
const WRITTEN: [&str; 6] = ["ts", "tsx", "mts", "jsx", "vue", "svelte"];

/// How the names of directories of tests end that say whose tests they are.
const OF_TESTS: [&str; 4] = ["e2e-tests", "e2e_tests", "integration-tests", "-e2e"];

/// What stands in the names of tests, of all kinds and of one.
const TESTS: [&str; 13] = [
    "test",
    "tests",
    "spec",
    "cy",
    "e2e",
    "unittest",
    "browsertest",
    "clienttest",
    "servertest",
    "integrationtest",
    "e2etest",
    "vitest",
    "jest",
];

/// Why a file is left out by its name.
fn file_reason(name: &OsStr, selection: &Selection) -> Option<&'static str> {
    let name = name.to_str()?.to_ascii_lowercase();
    if name.starts_with('.') {
        return Some("hidden");
    }
    let stem = name.rsplit_once('.').map_or("", |(stem, _)| stem);
    let (first, marks) = stem.split_once('.').unwrap_or((stem, ""));
    let marked = |known: &[&str]| marks.split('.').any(|mark| known.contains(&mark));
    if marked(&["min"]) {
        Some("minified")
    } else if selection.include_tests {
        None
    } else if marked(&TESTS) || first.ends_with("_test") {
        Some("tests")
    } else if marked(&["stories", "story"]) {
        Some("stories")
    } else {
        marked(&["mock", "mocks"]).then_some("mocks")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_that_are_left_out() {
        let reason = |name: &str| file_reason(OsStr::new(name), &Selection::default());
        assert_eq!(reason("a.test.ts"), Some("tests"));
        assert_eq!(reason("a.b.spec.d.ts"), Some("tests"));
        assert_eq!(reason("a_test.js"), Some("tests"));
        assert_eq!(reason("a.browsertest.ts"), Some("tests"));
        assert_eq!(reason("a.vitest.tsx"), Some("tests"));
        assert_eq!(reason("a.latest.ts"), None);
        assert_eq!(reason("Button.stories.tsx"), Some("stories"));
        assert_eq!(reason("api.mock.ts"), Some("mocks"));
        assert_eq!(reason("jquery.min.js"), Some("minified"));
        assert_eq!(reason(".eslintrc.js"), Some("hidden"));
        assert_eq!(reason("test.ts"), None);
        assert_eq!(reason("spec.tsx"), None);
        assert_eq!(reason("globals.d.ts"), None);
    }
}
