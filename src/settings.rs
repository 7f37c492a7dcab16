//! What is to be done.
//!
//! In: what was typed ([`Scan`]), the environment and divulge.toml. Out: [`Settings`], in which every default is decided:
//! a flag wins over `DIVULGE_CONFIG`, which wins over the nearest divulge.toml from the scanned root upward to the
//! repository root; there is no configuration per user, so that a laptop and CI say the same. It leaves alone how a report
//! is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde_spanned::Spanned;

use crate::cli::Scan;
use crate::config::{self, Config, ConfigFile};
use crate::finding::HOST_VENDOR;
use crate::policy::Policy;
use crate::ruleset::Ruleset;
use crate::suggest;

/// What is scanned, and how it is judged.
#[derive(Debug)]
pub struct Settings {
    /// The directory that all paths of the report are relative to; nothing outside is read.
    pub root: PathBuf,
    /// What was asked for, under the root, sorted.
    pub paths: Vec<PathBuf>,
    /// Which files count.
    pub selection: Selection,
    /// Directories of rules beside the built-in ones, in the order in which they apply.
    pub rules: Vec<PathBuf>,
    /// How many threads work; none: one per processor.
    pub threads: Option<NonZeroUsize>,
    /// Domains that are named as the app's own.
    pub own_domains: Vec<String>,
    /// How findings are judged.
    pub policy: Policy,
    /// Where each rating of the configuration stands, by class.
    rated_at: BTreeMap<String, String>,
}

/// Which files count beyond the defaults.
#[derive(Debug, Default)]
pub struct Selection {
    /// Tests, stories and mocks count.
    pub include_tests: bool,
    /// What the globs are relative to.
    pub base: PathBuf,
    /// Files that count although they would be left out.
    pub include: Globs,
    /// Files that do not count.
    pub exclude: Globs,
}

/// Globs of the configuration. One without `/` matches at any depth; one that names a directory matches all in it.
#[derive(Debug, Default)]
pub struct Globs {
    set: GlobSet,
    /// For each glob, the directories at its start that hold no wildcard.
    starts: Vec<String>,
}

impl Globs {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Whether a path matches.
    pub fn matches(&self, path: &Path) -> bool {
        self.set.is_match(path)
    }

    /// Whether something below a directory could match.
    pub fn could_match_below(&self, directory: &Path) -> bool {
        self.starts
            .iter()
            .any(|start| directory.starts_with(start) || Path::new(start).starts_with(directory))
    }

    fn read(file: &ConfigFile, patterns: &[Spanned<String>]) -> Result<Self> {
        let mut set = GlobSetBuilder::new();
        let mut starts = Vec::new();
        for pattern in patterns {
            let bare = pattern
                .get_ref()
                .trim_start_matches("./")
                .trim_end_matches('/');
            let anywhere = if bare.contains('/') {
                bare.trim_start_matches('/').to_owned()
            } else {
                format!("**/{bare}")
            };
            for glob in [format!("{anywhere}/**"), anywhere.clone()] {
                let glob = GlobBuilder::new(&glob)
                    .literal_separator(true)
                    .build()
                    .map_err(|error| {
                        file.error(
                            pattern.span(),
                            format!("`{}` is no glob: {}", pattern.get_ref(), error.kind()),
                        )
                    })?;
                set.add(glob);
            }
            let start: Vec<&str> = anywhere
                .split('/')
                .take_while(|part| !part.contains(['*', '?', '[', '{']))
                .collect();
            starts.push(start.join("/"));
        }
        Ok(Self {
            set: set.build()?,
            starts,
        })
    }
}

impl Settings {
    /// The defaults for some paths, without any configuration.
    ///
    /// # Errors
    ///
    /// When a path does not exist.
    pub fn of(paths: &[PathBuf]) -> Result<Self> {
        let mut found = Vec::new();
        for path in paths {
            let real = std::fs::canonicalize(path)
                .with_context(|| format!("cannot scan {}", path.display()))?;
            if !real.is_dir() && !real.is_file() {
                bail!(
                    "cannot scan {}: it is neither a file nor a directory",
                    path.display()
                );
            }
            found.push(real);
        }
        found.sort();
        found.dedup();
        let root = common_directory(&found).context("there is no path to scan")?;
        Ok(Self {
            selection: Selection {
                base: root.clone(),
                ..Selection::default()
            },
            root,
            paths: found,
            rules: Vec::new(),
            threads: None,
            own_domains: Vec::new(),
            policy: Policy::default(),
            rated_at: BTreeMap::new(),
        })
    }

    /// All that was typed and configured, decided.
    ///
    /// # Errors
    ///
    /// When a path does not exist or the configuration cannot be read or understood.
    pub fn resolve(scan: &Scan, config_of_environment: Option<PathBuf>) -> Result<Self> {
        let mut settings = Self::of(&scan.paths)?;
        let named = scan.config.clone().or(config_of_environment);
        let file = match &named {
            _ if scan.no_config => None,
            Some(path) => Some(path.clone()),
            None => nearest_config(&settings.root),
        };
        if let Some(path) = file {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read the configuration {}", path.display()))?;
            let file = ConfigFile::parse(&shown(&path), text)?;
            settings.configure(&file, &path, named.is_some())?;
        }
        settings.type_over(scan);
        Ok(settings)
    }

    /// Takes over a configuration. One that nobody named belongs to the scanned tree, which may be a stranger's: it must
    /// not make anything outside of its repository be read.
    fn configure(&mut self, file: &ConfigFile, path: &Path, named: bool) -> Result<()> {
        let directory = std::fs::canonicalize(path)
            .ok()
            .and_then(|real| real.parent().map(Path::to_owned))
            .unwrap_or_else(|| self.root.clone());
        // Globs of a file that lies elsewhere can only mean the scanned tree.
        if self.root.starts_with(&directory) {
            self.selection.base.clone_from(&directory);
        }
        let Config {
            include_tests,
            include,
            exclude,
            fail_on,
            min_severity,
            confidence,
            rules,
            own_domains,
            severity,
        } = &file.config;
        self.own_domains.clone_from(own_domains);
        self.selection.include_tests = include_tests.unwrap_or_default();
        self.selection.include = Globs::read(file, include)?;
        self.selection.exclude = Globs::read(file, exclude)?;
        for rule in rules {
            let shown = rule.get_ref().display();
            let real = std::fs::canonicalize(directory.join(rule.get_ref()))
                .ok()
                .filter(|real| real.is_dir())
                .ok_or_else(|| file.error(rule.span(), format!("there is no directory {shown}")))?;
            if !named && !real.starts_with(repository_root(&directory).unwrap_or(&directory)) {
                let message =
                    format!("{shown} lies outside of the repository; name it with --rules");
                return Err(file.error(rule.span(), message).into());
            }
            self.rules.push(real);
        }
        let policy = &mut self.policy;
        policy.fail_on = fail_on.unwrap_or(policy.fail_on);
        policy.min_severity = min_severity.unwrap_or(policy.min_severity);
        policy.confidence = confidence.unwrap_or(policy.confidence);
        for (class, severity) in severity {
            policy.severities.insert(class.get_ref().clone(), *severity);
            self.rated_at
                .insert(class.get_ref().clone(), file.at(class.span()));
        }
        Ok(())
    }

    fn type_over(&mut self, scan: &Scan) {
        self.selection.include_tests |= scan.include_tests;
        self.rules.extend(scan.rules.iter().cloned());
        self.threads = scan
            .threads
            .and_then(|threads| NonZeroUsize::new(threads.into()));
        let policy = &mut self.policy;
        policy.fail_on = scan.fail_on.unwrap_or(policy.fail_on);
        policy.min_severity = scan.min_severity.unwrap_or(policy.min_severity);
        policy.confidence = scan.confidence.unwrap_or(policy.confidence);
        policy.max_unresolved = scan.max_unresolved;
        policy.vendors = BTreeSet::from_iter(scan.vendors.iter().cloned());
        policy.classes = BTreeSet::from_iter(scan.classes.iter().cloned());
    }

    /// Whether all vendors and classes that are named exist.
    ///
    /// # Errors
    ///
    /// When one does not; a filter with a slip in it would report an empty, clean scan.
    pub fn check(&self, ruleset: &Ruleset) -> Result<()> {
        let vendors = || ruleset.vendors.keys().map(String::as_str);
        let classes = || ruleset.classes.keys().map(String::as_str);
        let list = "`divulge rules list` shows all";
        for vendor in &self.policy.vendors {
            if !ruleset.vendors.contains_key(vendor) && !vendor.starts_with(HOST_VENDOR) {
                bail!(
                    "--vendor: {}",
                    suggest::unknown("vendor", vendor, vendors(), list)
                );
            }
        }
        for class in &self.policy.classes {
            if !ruleset.classes.contains_key(class) {
                bail!(
                    "--class: {}",
                    suggest::unknown("data class", class, classes(), list)
                );
            }
        }
        for (class, at) in &self.rated_at {
            if !ruleset.classes.contains_key(class) {
                bail!(
                    "{at}: {}",
                    suggest::unknown("data class", class, classes(), list)
                );
            }
        }
        Ok(())
    }
}

fn common_directory(paths: &[PathBuf]) -> Option<PathBuf> {
    let mut directories = paths.iter().map(|path| {
        if path.is_dir() {
            path.as_path()
        } else {
            path.parent().unwrap_or(path)
        }
    });
    let mut common = directories.next()?;
    for directory in directories {
        while !directory.starts_with(common) {
            common = common.parent()?;
        }
    }
    Some(common.to_owned())
}

/// The nearest divulge.toml, from the scanned root upward. The search ends at the repository root; without a repository
/// it ends at the scanned root, since whatever lies above has nothing to do with it.
fn nearest_config(root: &Path) -> Option<PathBuf> {
    let repository = repository_root(root).unwrap_or(root);
    root.ancestors()
        .take_while(|directory| directory.starts_with(repository))
        .map(|directory| directory.join(config::FILE_NAME))
        .find(|file| file.is_file())
}

/// The directory at or above `root` that holds `.git`.
pub fn repository_root(root: &Path) -> Option<&Path> {
    root.ancestors()
        .find(|directory| directory.join(".git").exists())
}

/// A path as the user would type it here.
fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(std::fs::canonicalize);
    match here {
        Ok(here) => path.strip_prefix(here).unwrap_or(path).to_owned(),
        Err(_) => path.to_owned(),
    }
}
