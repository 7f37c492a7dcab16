//! What matters to the person who runs a scan: thresholds, filters, ratings of their own.
//!
//! In: nothing; this module only defines shapes. Out: [`Policy`], which `settings` fills and `assess/` follows. It leaves
//! alone where a wish was written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::finding::{Confidence, Finding, Report, Severity, Status};
use crate::globs::Globs;
use crate::reviewed::LockFile;

/// From which severity on a finding fails the run.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Only critical findings.
    Critical,
    /// High and worse.
    #[default]
    High,
    /// Medium and worse.
    Medium,
    /// Every finding.
    Low,
    /// Nothing fails the run.
    Never,
}

impl FailOn {
    /// The lowest severity that fails, if one does.
    pub fn threshold(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::Never => None,
        }
    }
}

/// What is reported, how it is rated, and what fails the run.
#[derive(Debug, Clone)]
pub struct Policy {
    /// What fails the run.
    pub fail_on: FailOn,
    /// Findings below are left out of the report.
    pub min_severity: Severity,
    /// Findings below are shown as uncertain; they never fail the run and make up no combination.
    pub confidence: Confidence,
    /// Ratings that replace those of the class rules, by class.
    pub severities: BTreeMap<String, Severity>,
    /// Only these vendors are reported; empty: all.
    pub vendors: BTreeSet<String>,
    /// Only these classes are reported; empty: all.
    pub classes: BTreeSet<String>,
    /// Whether notes are made beside the findings.
    pub notes: bool,
    /// More unresolved payloads than this fail the run.
    pub max_unresolved: Option<u64>,
    /// What the configuration accepts.
    pub allowances: Vec<Allowance>,
    /// What is different in some files; the last that matches counts.
    pub overrides: Vec<Override>,
    /// The way from the directory that globs are relative to, to the scanned root; empty when it is the same.
    pub directory: String,
    /// All that the configuration is for is scanned, so what it allows and is not found is not there.
    pub is_whole: bool,
    /// Comments may accept findings.
    pub comments: bool,
    /// Findings that are not in here fail the run.
    pub lock: Option<Lock>,
    /// Notices fail the run.
    pub strict: bool,
    /// The day on which dates are judged.
    pub today: Day,
}

/// A vendor that may have some classes.
#[derive(Debug, Clone)]
pub struct Allowance {
    /// The vendor's id.
    pub vendor: String,
    /// The classes that it may have.
    pub classes: BTreeSet<String>,
    /// Where; everywhere if there is none.
    pub paths: Globs,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it counts.
    pub until: Option<Day>,
    /// The configuration, as seen from the scanned root.
    pub file: String,
    /// Its line there.
    pub line: u32,
}

/// What is different in some files.
#[derive(Debug, Clone)]
pub struct Override {
    /// Which.
    pub paths: Globs,
    /// What fails the run there.
    pub fail_on: Option<FailOn>,
    /// Ratings there, by class.
    pub severities: BTreeMap<String, Severity>,
}

/// The reviewed flows, and how their paths relate to those of a report.
#[derive(Debug, Clone)]
pub struct Lock {
    /// The entries.
    pub file: LockFile,
    /// The file, as seen from the scanned root.
    pub shown: String,
    /// The way from the directory of the file to the scanned root; empty when it is the same.
    pub directory: String,
    /// What was scanned, from the directory of the file; empty: everything.
    pub scanned: Vec<String>,
}

impl Lock {
    /// Whether a file of an entry belongs to what was scanned.
    pub fn covers(&self, file: &str) -> bool {
        let is_below = |directory: &String| {
            file.strip_prefix(directory.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.scanned.is_empty() || self.scanned.iter().any(is_below)
    }

    /// A file of an entry as the report would name it.
    pub fn below_root(&self, file: &str) -> String {
        file.strip_prefix(self.directory.as_str())
            .map_or(file, |rest| rest.trim_start_matches('/'))
            .to_owned()
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            fail_on: FailOn::default(),
            min_severity: Severity::Low,
            confidence: Confidence::Medium,
            severities: BTreeMap::new(),
            vendors: BTreeSet::new(),
            classes: BTreeSet::new(),
            notes: false,
            max_unresolved: None,
            allowances: Vec::new(),
            overrides: Vec::new(),
            directory: String::new(),
            is_whole: true,
            comments: true,
            lock: None,
            strict: false,
            today: Day::today(),
        }
    }
}

impl Policy {
    /// Whether one finding fails the run. What an SDK collects by itself counts like what the code sends: it leaves the
    /// browser all the same, and most of it is rated below the default threshold.
    pub fn fails(&self, finding: &Finding) -> bool {
        finding.status == Status::New
            && finding.confidence >= self.confidence
            && self
                .fail_on_at(&finding.location.path)
                .threshold()
                .is_some_and(|threshold| finding.severity >= threshold)
    }

    /// A path of the report as globs see it.
    pub fn path_of(&self, path: &str) -> PathBuf {
        PathBuf::from(&self.directory).join(path)
    }

    fn overriding(&self, path: &str) -> impl Iterator<Item = &Override> {
        let path = self.path_of(path);
        let all = self.overrides.iter().rev();
        all.filter(move |rule| rule.paths.matches(&path))
    }

    fn fail_on_at(&self, path: &str) -> FailOn {
        let mut rules = self.overriding(path);
        rules.find_map(|rule| rule.fail_on).unwrap_or(self.fail_on)
    }

    /// The rating of a class in one file, if it is another than elsewhere.
    pub fn severity_at(&self, path: &str, class: &str) -> Option<Severity> {
        if self.overrides.is_empty() {
            return None;
        }
        let mut rules = self.overriding(path);
        rules.find_map(|rule| rule.severities.get(class).copied())
    }

    /// Whether something that accepts findings needs a look, and that fails the run.
    pub fn too_many_notices(&self, report: &Report) -> bool {
        self.strict && !report.notices.is_empty()
    }

    /// Whether more payloads are unknown than is accepted.
    pub fn too_many_unresolved(&self, report: &Report) -> bool {
        self.max_unresolved
            .is_some_and(|most| report.unresolved.len() as u64 > most)
    }

    /// Whether a vendor is asked for.
    pub fn wants_vendor(&self, vendor: &str) -> bool {
        self.vendors.is_empty() || self.vendors.contains(vendor)
    }

    /// Whether a class is asked for.
    pub fn wants_class(&self, class: &str) -> bool {
        self.classes.is_empty() || self.classes.contains(class)
    }
}
