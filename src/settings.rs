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
use serde_spanned::Spanned;

use crate::bounded;
use crate::cli::Scan;
use crate::config::{self, Allow, Config, ConfigFile, Overriding};
use crate::day::Day;
use crate::finding::stranger;
use crate::globs::Globs;
use crate::policy::{Allowance, FailOn, Lock, Override, Policy};
use crate::reviewed::{self, LockFile};
use crate::ruleset::Ruleset;
use crate::ruleset::schema::NameMatch;
use crate::suggest;

/// What is scanned, and how it is judged.
#[derive(Debug, Clone)]
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
    /// Where results are kept for the next scan; none: nowhere.
    pub cache: Option<PathBuf>,
    /// Parse every file, not only those that may matter.
    pub parse_everything: bool,
    /// How findings are judged.
    pub policy: Policy,
    /// Domains of one's own, without a dot at the start, in lower case.
    pub own_domains: BTreeSet<String>,
    /// Names of one's own code, and the class that each stands for.
    pub identifiers: BTreeMap<String, String>,
    /// The configuration that was used.
    pub config: Option<PathBuf>,
    /// The lock file, whether there is one or not.
    pub lock_path: PathBuf,
    /// Somebody named the lock file.
    lock_is_named: bool,
    /// The configuration as written.
    written: Config,
    /// Where each class of the configuration is named.
    classes_at: BTreeMap<String, String>,
    /// Where each vendor of the configuration is named.
    vendors_at: BTreeMap<String, String>,
}

/// What the environment says of every run.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// The configuration to use where none is typed.
    pub config: Option<PathBuf>,
    /// Where to keep results where nothing is typed.
    pub cache: Option<PathBuf>,
}

/// Which files count beyond the defaults.
#[derive(Debug, Clone, Default)]
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
            lock_path: root.join(reviewed::FILE_NAME),
            lock_is_named: false,
            root,
            paths: found,
            rules: Vec::new(),
            threads: None,
            cache: None,
            parse_everything: false,
            policy: Policy::default(),
            own_domains: BTreeSet::new(),
            identifiers: BTreeMap::new(),
            config: None,
            written: Config::default(),
            classes_at: BTreeMap::new(),
            vendors_at: BTreeMap::new(),
        })
    }

    /// All that was typed and configured, decided.
    ///
    /// # Errors
    ///
    /// When a path does not exist or the configuration cannot be read or understood.
    pub fn resolve(scan: &Scan, environment: &Environment) -> Result<Self> {
        let scope = &scan.scope;
        let mut is_chosen = scan.fail_on.is_some();
        let mut settings = Self::of(&scope.paths)?;
        let named = scope.config.clone().or_else(|| environment.config.clone());
        settings.cache = match &scope.cache {
            _ if scope.no_cache => None,
            Some(directory) => Some(directory.clone()),
            None => environment.cache.clone(),
        };
        let file = match &named {
            _ if scope.no_config => None,
            Some(path) => Some(path.clone()),
            None => nearest_config(&settings.root),
        };
        if let Some(path) = file {
            if named.is_none() {
                settings.refuse_foreign(&path)?;
            }
            // What somebody names may be a pipe.
            let text = match &named {
                Some(path) => std::fs::read_to_string(path),
                None => bounded::text(&path, bounded::CONFIGURATION),
            };
            let text =
                text.with_context(|| format!("cannot read the configuration {}", path.display()))?;
            let file = ConfigFile::parse(&shown(&path), text)?;
            settings.configure(&file, &path, named.is_some())?;
            settings.config = Some(path);
            is_chosen |= file.config.fail_on.is_some();
            settings.written = file.config;
        }
        settings.type_over(scan);
        // A flow that nobody has reviewed is what a lock file is there to find, however harmless.
        if scan.locked && !is_chosen {
            settings.policy.fail_on = FailOn::Low;
        }
        settings.lock_path = match &scope.lock_file {
            Some(path) => {
                settings.lock_is_named = true;
                path.clone()
            }
            None => settings.place_of_lock(),
        };
        if scan.locked {
            settings.policy.lock = Some(settings.lock(true)?);
        }
        Ok(settings)
    }

    /// A file that nobody named belongs to the scanned tree, which may be a stranger's: a link may not lead out of its
    /// repository.
    fn refuse_foreign(&self, path: &Path) -> Result<()> {
        let top = repository_root(&self.root).unwrap_or(&self.root);
        let real = std::fs::canonicalize(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        if path.starts_with(top) && !real.starts_with(top) {
            bail!(
                "{} leads out of the repository, to a file that is not the tree's; name it if you want it",
                path.display()
            );
        }
        Ok(())
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
            notes,
            rules,
            strict,
            own_domains,
            severity,
            identifiers,
            allow,
            overrides,
        } = &file.config;
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
        self.own_domains = own_domains
            .iter()
            .map(|domain| domain_of(file, domain))
            .collect::<Result<_>>()?;
        for (name, class) in identifiers {
            self.name_class(file, class);
            let (name, class) = (name.get_ref().clone(), class.get_ref().clone());
            self.identifiers.insert(name, class);
        }
        let mut severities = BTreeMap::new();
        for (class, severity) in severity {
            self.name_class(file, class);
            severities.insert(class.get_ref().clone(), *severity);
        }
        let directory_of_globs = self.selection.base.clone();
        let shown = from_root(&self.root, &directory, &file.path);
        let allowances = allow
            .iter()
            .map(|allow| self.allowance(file, allow, &shown))
            .collect::<Result<_>>()?;
        let overrides = overrides
            .iter()
            .map(|rule| self.overriding(file, rule))
            .collect::<Result<_>>()?;
        let policy = &mut self.policy;
        policy.fail_on = fail_on.unwrap_or(policy.fail_on);
        policy.min_severity = min_severity.unwrap_or(policy.min_severity);
        policy.confidence = confidence.unwrap_or(policy.confidence);
        policy.notes = notes.unwrap_or(policy.notes);
        policy.strict = strict.unwrap_or(policy.strict);
        policy.severities = severities;
        policy.allowances = allowances;
        policy.overrides = overrides;
        policy.directory = below(&directory_of_globs, &self.root);
        policy.is_whole = self.paths == [directory_of_globs];
        Ok(())
    }

    fn name_class(&mut self, file: &ConfigFile, class: &Spanned<String>) {
        let at = file.at(class.span());
        self.classes_at.entry(class.get_ref().clone()).or_insert(at);
    }

    fn allowance(&mut self, file: &ConfigFile, allow: &Allow, shown: &str) -> Result<Allowance> {
        if allow.reason.get_ref().trim().is_empty() {
            let message = "say why this vendor may have it";
            return Err(file.error(allow.reason.span(), message).into());
        }
        let at = file.at(allow.vendor.span());
        self.vendors_at
            .entry(allow.vendor.get_ref().clone())
            .or_insert(at);
        for class in &allow.classes {
            self.name_class(file, class);
        }
        Ok(Allowance {
            vendor: allow.vendor.get_ref().clone(),
            classes: allow
                .classes
                .iter()
                .map(|class| class.get_ref().clone())
                .collect(),
            paths: Globs::read(file, &allow.paths)?,
            reason: allow.reason.get_ref().clone(),
            owner: allow.owner.clone(),
            until: allow.until,
            file: shown.to_owned(),
            line: file.line(allow.vendor.span()),
        })
    }

    fn overriding(&mut self, file: &ConfigFile, rule: &Overriding) -> Result<Override> {
        for class in rule.severity.keys() {
            self.name_class(file, class);
        }
        Ok(Override {
            paths: Globs::read(file, &rule.paths)?,
            fail_on: rule.fail_on,
            severities: rule
                .severity
                .iter()
                .map(|(class, severity)| (class.get_ref().clone(), *severity))
                .collect(),
        })
    }

    /// Where the lock file is or would be: the nearest from the scanned root upward to the repository root, else beside the
    /// configuration, else in the working directory if the scanned root is below it.
    fn place_of_lock(&self) -> PathBuf {
        let beside = self.config.as_ref().and_then(|path| {
            let real = std::fs::canonicalize(path).ok()?;
            let directory = real.parent()?;
            self.root
                .starts_with(directory)
                .then(|| directory.to_owned())
        });
        let here = || {
            let here = std::env::current_dir()
                .and_then(std::fs::canonicalize)
                .ok()?;
            self.root.starts_with(&here).then_some(here)
        };
        nearest(&self.root, reviewed::FILE_NAME).unwrap_or_else(|| {
            let directory = beside.or_else(here).unwrap_or_else(|| self.root.clone());
            directory.join(reviewed::FILE_NAME)
        })
    }

    /// The lock file, and how its paths relate to those of the report.
    ///
    /// # Errors
    ///
    /// When it cannot be read or understood; when there is none, only if it is `needed`.
    pub fn lock(&self, needed: bool) -> Result<Lock> {
        let path = &self.lock_path;
        if path.is_file() && !self.lock_is_named {
            self.refuse_foreign(path)?;
        }
        let file = match bounded::text(path, bounded::CONFIGURATION) {
            Ok(text) => LockFile::parse(&shown(path), &text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !needed => {
                LockFile::default()
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
                "there is no {}; `divulge lock` writes one",
                shown(path).display()
            ),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        let directory = path
            .parent()
            .map(|parent| {
                if parent.as_os_str().is_empty() {
                    Path::new(".")
                } else {
                    parent
                }
            })
            .and_then(|parent| std::fs::canonicalize(parent).ok())
            .filter(|directory| self.root.starts_with(directory))
            .unwrap_or_else(|| self.root.clone());
        let scanned = self.paths.iter().map(|path| below(&directory, path));
        let scanned: Vec<String> = scanned.collect();
        Ok(Lock {
            file,
            shown: from_root(&self.root, &directory, path),
            directory: below(&directory, &self.root),
            scanned: if scanned.iter().any(String::is_empty) {
                Vec::new()
            } else {
                scanned
            },
        })
    }

    fn type_over(&mut self, scan: &Scan) {
        let scope = &scan.scope;
        self.selection.include_tests |= scope.include_tests;
        self.parse_everything = scan.parse_everything;
        self.rules.extend(scope.rules.iter().cloned());
        self.threads = scope
            .threads
            .and_then(|threads| NonZeroUsize::new(threads.into()));
        let policy = &mut self.policy;
        policy.fail_on = scan.fail_on.unwrap_or(policy.fail_on);
        policy.min_severity = scan.min_severity.unwrap_or(policy.min_severity);
        policy.confidence = scan.confidence.unwrap_or(policy.confidence);
        policy.notes |= scan.notes;
        policy.max_unresolved = scan.max_unresolved;
        policy.strict |= scan.strict;
        policy.comments = !scan.no_suppressions;
        policy.today = scope.today.unwrap_or_else(Day::today);
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
            if !ruleset.vendors.contains_key(vendor) && stranger(vendor).is_none() {
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
        for (class, at) in &self.classes_at {
            if !ruleset.classes.contains_key(class) {
                bail!(
                    "{at}: {}",
                    suggest::unknown("data class", class, classes(), list)
                );
            }
        }
        for (vendor, at) in &self.vendors_at {
            // A vendor without a rule is named by its host.
            if !ruleset.vendors.contains_key(vendor) && !vendor.contains(':') {
                bail!(
                    "{at}: {}",
                    suggest::unknown("vendor", vendor, vendors(), list)
                );
            }
        }
        Ok(())
    }

    /// The configuration that applies, as a divulge.toml.
    pub fn effective(&self) -> Config {
        let plain = |path: &PathBuf| Spanned::new(0..0, path.clone());
        Config {
            include_tests: Some(self.selection.include_tests),
            fail_on: Some(self.policy.fail_on),
            min_severity: Some(self.policy.min_severity),
            confidence: Some(self.policy.confidence),
            strict: Some(self.policy.strict),
            notes: Some(self.policy.notes),
            rules: self.rules.iter().map(plain).collect(),
            ..self.written.clone()
        }
    }

    /// The same for a copy of a directory that lies elsewhere. What is not in the copy is not scanned.
    pub fn moved(&self, from: &Path, to: &Path) -> Self {
        let moved = |path: &Path| path.strip_prefix(from).map(|way| to.join(way));
        let paths = self.paths.iter().filter_map(|path| moved(path).ok());
        Self {
            root: moved(&self.root).unwrap_or_else(|_| to.to_owned()),
            paths: paths.filter(|path| path.exists()).collect(),
            selection: Selection {
                base: moved(&self.selection.base).unwrap_or_else(|_| to.to_owned()),
                ..self.selection.clone()
            },
            ..self.clone()
        }
    }

    /// The rules, with what the configuration adds to them.
    ///
    /// # Errors
    ///
    /// When the rules cannot be used, or something that was typed or configured is not among them.
    pub fn ruleset(&self) -> Result<Ruleset> {
        let mut ruleset = Ruleset::load(&self.rules).context("the rules cannot be used")?;
        self.check(&ruleset)?;
        for (name, class) in &self.identifiers {
            if let Some(class) = ruleset.classes.get_mut(class) {
                class.matches.push(NameMatch::of(name));
            }
        }
        Ok(ruleset)
    }
}

/// A domain as written in a configuration.
fn domain_of(file: &ConfigFile, domain: &Spanned<String>) -> Result<String> {
    let bare = domain.get_ref().trim_start_matches("*.").trim_matches('.');
    let is_domain = !bare.is_empty()
        && bare
            .chars()
            .all(|char| char.is_alphanumeric() || matches!(char, '.' | '-' | '_'));
    if !is_domain {
        let message = format!(
            "`{}` is no domain; write it as example.com, without scheme or path",
            domain.get_ref()
        );
        return Err(file.error(domain.span(), message).into());
    }
    Ok(bare.to_lowercase())
}

/// The way from a directory down to a path, with `/`; empty when it is the same or does not lie below.
pub fn below(directory: &Path, path: &Path) -> String {
    let way = path.strip_prefix(directory).unwrap_or(Path::new(""));
    let parts = way
        .components()
        .map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// A file of a directory at or above the root, as seen from the root; of another one, its name alone.
fn from_root(root: &Path, directory: &Path, file: &Path) -> String {
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let up = root
        .strip_prefix(directory)
        .map_or(0, |way| way.components().count());
    "../".repeat(up) + &name.unwrap_or_default()
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
    nearest(root, config::FILE_NAME)
}

fn nearest(root: &Path, name: &str) -> Option<PathBuf> {
    let repository = repository_root(root).unwrap_or(root);
    root.ancestors()
        .take_while(|directory| directory.starts_with(repository))
        .map(|directory| directory.join(name))
        .find(|file| file.is_file())
}

/// The directory at or above `root` that holds `.git`.
pub fn repository_root(root: &Path) -> Option<&Path> {
    root.ancestors()
        .find(|directory| directory.join(".git").exists())
}

/// A path as the user would type it here.
pub fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(std::fs::canonicalize);
    match here {
        Ok(here) => path.strip_prefix(here).unwrap_or(path).to_owned(),
        Err(_) => path.to_owned(),
    }
}
