//! The report: all that a format may see.
//!
//! In: nothing; this module only defines shapes. Out: [`Report`], owned data with stable order, which `assess/` makes and
//! `report/` prints, and which a saved JSON report reads back into. It leaves alone how any of it was found.
//!
//! The shapes are the JSON report of schema version 1; the committed JSON Schema is made from them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of the JSON report that this module describes.
pub const SCHEMA_VERSION: u32 = 1;

/// How bad an exposure is; the order is from harmless to worst.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Gives context.
    Low,
    /// Helps an attack along.
    Medium,
    /// Makes an attack convincing.
    High,
    /// Is what an attack needs.
    Critical,
}

impl Severity {
    /// One step lower; the lowest stays.
    pub fn lowered(self) -> Self {
        match self {
            Self::Critical => Self::High,
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }

    /// The word of the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How sure a finding is; the order is from unsure to sure.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A guess worth a look.
    Low,
    /// Likely: by type, or by a name that could mean something else.
    Medium,
    /// The name or the position leaves little doubt.
    High,
}

impl Confidence {
    /// The word of the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What happened to a value on its way.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Transform {
    /// Sent as it is.
    #[default]
    None,
    /// Base64, JSON, URL encoding: as good as nothing.
    Encode,
    /// A part of it.
    Truncate,
    /// The part of an address after `@`.
    Domain,
    /// A digest: still joinable.
    Hash,
}

impl Transform {
    /// Whether less is given away than by the value itself.
    pub fn lessens(self) -> bool {
        !matches!(self, Self::None | Self::Encode)
    }

    /// The word of the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Encode => "encode",
            Self::Truncate => "truncate",
            Self::Domain => "domain",
            Self::Hash => "hash",
        }
    }
}

/// Who sends it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The app's code.
    Sent,
    /// The SDK by itself; the location is its init call.
    Auto,
}

impl Origin {
    /// The word of the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Auto => "auto",
        }
    }
}

/// Whether a finding is known and accepted.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nobody has accepted it.
    New,
    /// It is in the lock file.
    Locked,
    /// A comment or the configuration accepts it.
    Suppressed,
}

impl Status {
    /// The word of the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Locked => "locked",
            Self::Suppressed => "suppressed",
        }
    }
}

/// A report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// Always `.`: paths are relative to the scanned root.
    pub root: String,
    /// What is handed over, worst first.
    pub findings: Vec<Finding>,
    /// What is handed over to a vendor that is there to process it (a payer's name to a payment service). It makes up no
    /// combination, and never fails a run.
    #[serde(default)]
    pub expected: Vec<Finding>,
    /// What each SDK collects by itself.
    pub auto_collected: Vec<AutoCollected>,
    /// Classes that are worse together.
    pub combinations: Vec<CombinationFound>,
    /// Every vendor call.
    pub sinks: Vec<Sink>,
    /// Every payload that could not be known.
    pub unresolved: Vec<Unresolved>,
    /// Every vendor seen.
    pub vendors: Vec<VendorSeen>,
    /// What a reviewer may want to know beside the findings; empty unless asked for.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// The data classes that the report speaks of.
    #[serde(default)]
    pub classes: Vec<ClassSeen>,
    /// What is wrong with comments, allowances and lock entries that accept findings.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// What was read, and what was not.
    pub files: Files,
}

impl Report {
    /// What people call a vendor: its id where the report does not name it.
    pub fn name_of<'r>(&'r self, vendor: &'r str) -> &'r str {
        let known = self.vendors.iter().find(|seen| seen.vendor == vendor);
        known.map_or(vendor, |seen| &seen.name)
    }
}

/// A data class, as the rules describe it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClassSeen {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its rating.
    pub severity: Severity,
    /// What an attacker gains.
    pub gain: String,
    /// Why it is rated so.
    pub reason: String,
}

/// What is wrong with something that accepts findings. `--strict` fails on each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// The file: of the scanned tree for a comment, else that of the lock or the configuration.
    pub path: String,
    /// The line, where there is one.
    pub line: Option<u32>,
    /// What it is.
    pub kind: NoticeKind,
    /// What is said of it.
    pub message: String,
}

/// What is wrong.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum NoticeKind {
    /// It accepts nothing that is still found.
    Unused,
    /// Its date has passed, and what it accepted counts again.
    Expired,
    /// It gives no reason.
    Reasonless,
    /// It is not understood, and accepts nothing.
    Invalid,
}

impl NoticeKind {
    /// The word of the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::Expired => "expired",
            Self::Reasonless => "without reason",
            Self::Invalid => "invalid",
        }
    }
}

/// What one tree hands over that another does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// What this tree is compared with, as it was named.
    pub base: String,
    /// What only this tree sends, worst first.
    pub newly_sent: Vec<Finding>,
    /// What only the base sends.
    pub no_longer_sent: Vec<Finding>,
    /// What SDKs collect by themselves in this tree only.
    pub newly_collected: Vec<Finding>,
    /// What SDKs collect by themselves in the base only.
    pub no_longer_collected: Vec<Finding>,
    /// Payloads of this tree that could not be known, where the base has no unknown payload of that call and symbol.
    pub newly_unknown: Vec<Unresolved>,
}

/// What made a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `divulge`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// A digest of all rules that were used.
    pub rules_digest: String,
}

/// A place in the scanned tree.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct Location {
    /// Relative to the root, with `/`.
    pub path: String,
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 units.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// One past the last column.
    pub end_column: u32,
    /// The enclosing function, method or component; none at the top level.
    pub symbol: Option<String>,
}

impl Location {
    /// The file and the line, as people name a place.
    pub fn line_of_file(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }
}

/// What the id of a vendor starts with that is known by nothing but its host.
pub const HOST_VENDOR: &str = "host:";

/// What the id of a vendor starts with that is known by nothing but the package that reaches it.
pub const PACKAGE_VENDOR: &str = "package:";

/// What identifies a vendor that no rule knows: its host or its package.
#[must_use]
pub fn stranger(vendor: &str) -> Option<&str> {
    let prefixes = [HOST_VENDOR, PACKAGE_VENDOR];
    prefixes
        .iter()
        .find_map(|prefix| vendor.strip_prefix(prefix))
}

/// A step of a trace.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct TraceStep {
    /// Relative to the root, with `/`.
    pub path: String,
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 units.
    pub column: u32,
    /// What happens there.
    pub note: String,
}

/// One class handed to one vendor at one call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Stable when lines move.
    pub fingerprint: String,
    /// The vendor's id.
    pub vendor: String,
    /// The vendor's category.
    pub vendor_category: String,
    /// The SDK's call.
    pub call: String,
    /// The data class.
    pub class: String,
    /// The key as the vendor receives it.
    pub property: String,
    /// The value as written.
    pub expression: String,
    /// Who sends it.
    pub origin: Origin,
    /// What happened to it on the way.
    pub transform: Transform,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The call at which the app supplies the value.
    pub location: Location,
    /// The value itself, where the code names it.
    #[serde(default)]
    pub value: Option<Location>,
    /// The SDK call.
    pub sink: Location,
    /// From the value's origin to the SDK call.
    pub trace: Vec<TraceStep>,
    /// Why it is of this class.
    pub reason: String,
    /// Whether it is accepted.
    pub status: Status,
    /// By what it is suppressed.
    pub suppression: Option<Suppression>,
}

/// Why a finding is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suppression {
    /// `inline`, `config` or `lock`.
    pub by: String,
    /// The reason given.
    pub reason: Option<String>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<String>,
    /// Until when, as `YYYY-MM-DD`.
    pub until: Option<String>,
}

/// One thing an SDK collects by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AutoCollected {
    /// The vendor's id.
    pub vendor: String,
    /// The data class.
    pub class: String,
    /// The properties as the vendor names them.
    pub property: String,
    /// Whether it is on.
    pub enabled: bool,
    /// The init call, if it was found.
    pub location: Option<Location>,
    /// How to turn it off; empty when nothing in the code can.
    pub turn_off: String,
    /// What decides whether it is on, as written, where the code computes that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

/// Whether what is said of turning a collection off names an option; else it begins by saying that nothing does it.
pub fn is_switch(turn_off: &str) -> bool {
    !turn_off.is_empty() && !turn_off.starts_with("cannot be turned off")
}

/// A combination that one vendor's holdings make up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CombinationFound {
    /// The rule's id.
    pub id: String,
    /// The vendor's id.
    pub vendor: String,
    /// The classes.
    pub classes: Vec<String>,
    /// How bad.
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// Fingerprints of the findings that make it up.
    pub findings: Vec<String>,
}

/// Something beside the findings: it is no exposure, and never fails a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Where.
    pub location: Location,
    /// What kind it is of.
    pub id: String,
    /// The vendor's id.
    pub vendor: String,
    /// How bad; all are low so far.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
}

/// How much of a payload is known.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Payload {
    /// There is none.
    None,
    /// All of it.
    Resolved,
    /// Some of it.
    Partial,
    /// Nothing of it.
    Opaque,
}

/// A vendor call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Sink {
    /// The vendor's id.
    pub vendor: String,
    /// The SDK's call.
    pub call: String,
    /// Where.
    pub location: Location,
    /// How much of its payload is known.
    pub payload: Payload,
}

/// A payload that could not be known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Unresolved {
    /// The vendor's id.
    pub vendor: String,
    /// The SDK's call.
    pub call: String,
    /// Where.
    pub location: Location,
    /// What was not known, as written.
    pub expression: String,
    /// Why.
    pub reason: String,
}

/// A vendor, and how it is known to be here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorSeen {
    /// The vendor's id.
    pub vendor: String,
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: String,
    /// `package`, `lockfile`, `import`, `call`, `script`, `host`, `hub`, in this
    /// order.
    pub evidence: Vec<String>,
    /// Where, at most a few.
    pub locations: Vec<Location>,
    /// Of a hub: what it passes on, and to whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passes_on: Option<PassesOn>,
}

/// What a hub passes on of what it is sent. Whom else it is set up to pass it on to is not in the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PassesOn {
    /// What, in words.
    pub what: String,
    /// To whom, as far as the code or an export of its container says so: vendors' ids, or names that no rule knows.
    pub to: Vec<String>,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Files {
    /// Files that the walk met.
    pub seen: u64,
    /// Files whose text was read and searched.
    pub read: u64,
    /// Files that were parsed.
    pub parsed: u64,
    /// Files that were left out by default, counted by reason.
    pub left_out: Vec<LeftOut>,
    /// Files of a kind that is read, but were set aside.
    pub skipped: Vec<FileNote>,
    /// Files that could not be read, or only in part.
    pub errors: Vec<FileNote>,
}

/// Files left out by default for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    /// Why (`tests`, `dependencies`, `build output`, …).
    pub reason: String,
    /// How many files, or directories where these were not entered.
    pub count: u64,
}

/// A file and why it is mentioned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct FileNote {
    /// Relative to the root.
    pub path: String,
    /// Why.
    pub reason: String,
    /// The line, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}
