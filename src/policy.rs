//! What matters to the person who runs a scan: thresholds, filters, ratings of their own.
//!
//! In: nothing; this module only defines shapes. Out: [`Policy`], which `settings` fills and `assess/` follows. It leaves
//! alone where a wish was written.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::finding::{Confidence, Finding, Report, Severity, Status};

/// From which severity on a finding fails the run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
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
                .fail_on
                .threshold()
                .is_some_and(|threshold| finding.severity >= threshold)
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
