//! What one vendor holds.
//!
//! In: a report. Out: for each data class whether the vendor has it, how, and on what evidence; and how many of its calls
//! could be read. It leaves alone what an attacker does with it.
//!
//! What is accepted, locked or expected counts like everything else: the vendor holds it all the same.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Seen;
use crate::finding::{
    Confidence, Finding, Location, Origin, Payload, Report, Severity, Transform, Unresolved,
    VendorSeen,
};
use crate::policy::Policy;
use crate::ruleset::Ruleset;
use crate::screens::Screen;

/// How a class reaches a vendor, the surest way first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The code sends the value itself.
    Sent,
    /// The SDK collects it.
    Collected,
    /// The code sends a digest only: it joins like the value, but nobody can write to it.
    Hashed,
    /// The code sends a part only: some characters, or the domain of an address.
    Part,
    /// There are only findings below the confidence that counts.
    Uncertain,
    /// Nothing was found, but something that is sent could not be known.
    Unresolved,
    /// Nothing was found in calls that are known whole.
    NotSeen,
}

impl State {
    /// The word of the JSON report and of the keys of texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Collected => "collected",
            Self::Hashed => "hashed",
            Self::Part => "part",
            Self::Uncertain => "uncertain",
            Self::Unresolved => "unresolved",
            Self::NotSeen => "not_seen",
        }
    }

    /// Whether the vendor has something of the class.
    pub fn is_held(self) -> bool {
        matches!(
            self,
            Self::Sent | Self::Collected | Self::Hashed | Self::Part
        )
    }
}

/// One reason to say that a vendor holds a class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Who sends it.
    pub origin: Origin,
    /// The SDK's call.
    pub call: String,
    /// The key as the vendor receives it.
    pub property: String,
    /// The value as written.
    pub expression: String,
    /// What happened to it on the way.
    pub transform: Transform,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Whether it is sure enough to count.
    pub counts: bool,
    /// The call at which the app supplies the value, or the init call.
    pub location: Location,
    /// The SDK call.
    pub sink: Location,
    /// The option that turns the SDK's own collection off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn_off: Option<String>,
    /// From where in the app it is reached; filled for a brief.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub screens: Vec<Screen>,
    /// In which revisions it was there; filled for a window of time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// The finding's.
    pub fingerprint: String,
}

impl Evidence {
    /// Whether the value itself can be used: nobody writes to a digest or to half an address.
    pub fn is_usable(&self) -> bool {
        self.counts && matches!(self.transform, Transform::None | Transform::Encode)
    }

    /// Whether the SDK takes it of a page: it stands there, and not where the SDK is started.
    pub fn is_of_page(&self) -> bool {
        self.origin == Origin::Auto && self.location != self.sink
    }
}

/// A class, and whether a vendor has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Holding {
    /// The data class.
    pub class: String,
    /// How bad: of the evidence, or the class's own rating where there is none.
    pub severity: Severity,
    /// How it reaches the vendor.
    pub state: State,
    /// Findings of values that the code sends.
    pub sent: u64,
    /// Findings of digests that the code sends.
    pub hashed: u64,
    /// Findings of parts that the code sends.
    #[serde(default)]
    pub part: u64,
    /// Things that the SDK collects.
    pub collected: u64,
    /// Findings that are too uncertain to count.
    pub uncertain: u64,
    /// Why.
    pub evidence: Vec<Evidence>,
}

impl Holding {
    /// How often it is found in each way, the surest first.
    pub fn counts(&self) -> [(&'static str, u64); 5] {
        [
            ("sent", self.sent),
            ("hashed", self.hashed),
            ("part", self.part),
            ("collected", self.collected),
            ("uncertain", self.uncertain),
        ]
    }

    /// Whether an attacker can use it as it is.
    pub fn is_usable(&self) -> bool {
        self.evidence.iter().any(Evidence::is_usable)
    }
}

/// How many calls of a vendor could be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Calls {
    /// All.
    pub total: u64,
    /// Known whole, or without a payload.
    pub resolved: u64,
    /// Known in part.
    pub partial: u64,
    /// Not known at all.
    pub opaque: u64,
}

/// A vendor, and all that it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VendorHoldings {
    /// The vendor's id.
    pub vendor: String,
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: String,
    /// Its seat, where the rule knows it.
    pub country: Option<String>,
    /// What it passes on, if it is a hub.
    pub forwards: Option<String>,
    /// To whom, as far as the code says so: names of vendors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forwards_to: Vec<String>,
    /// How it is known to be here.
    pub evidence: Vec<String>,
    /// Where, at most a few.
    pub locations: Vec<Location>,
    /// Its calls.
    pub calls: Calls,
    /// Values and payloads that could not be known.
    pub unresolved: u64,
    /// Every class of the rules: the worst that is held first.
    pub holdings: Vec<Holding>,
}

impl VendorHoldings {
    /// What it has.
    pub fn held(&self) -> impl Iterator<Item = &Holding> {
        self.holdings
            .iter()
            .filter(|holding| holding.state.is_held())
    }

    /// The entry of a class.
    pub fn of(&self, class: &str) -> Option<&Holding> {
        self.holdings.iter().find(|holding| holding.class == class)
    }

    /// Whether the code shows anything that goes there.
    pub fn has_visible_data(&self) -> bool {
        self.calls.total > 0
            || self.unresolved > 0
            || self.holdings.iter().any(|it| !it.evidence.is_empty())
    }

    /// The worst that it has.
    pub fn worst(&self) -> Option<Severity> {
        self.held().map(|holding| holding.severity).max()
    }

    /// Calls that are not known whole.
    pub fn open_calls(&self) -> u64 {
        self.calls.partial + self.calls.opaque
    }
}

/// What every vendor of a report holds: those with the worst first, then by id.
pub fn all(report: &Report, rules: &Ruleset, policy: &Policy) -> Vec<VendorHoldings> {
    let mut found: Vec<VendorHoldings> = vendors(report)
        .into_iter()
        .map(|vendor| of_vendor(vendor, report, rules, policy))
        .collect();
    found.sort_by(|a, b| {
        let rank = |it: &VendorHoldings| (it.has_visible_data(), it.worst(), it.held().count());
        rank(b).cmp(&rank(a)).then_with(|| a.vendor.cmp(&b.vendor))
    });
    found
}

/// Every vendor that a report speaks of.
fn vendors(report: &Report) -> Vec<&str> {
    let findings = report.findings.iter().chain(&report.expected);
    let mut all: Vec<&str> = findings
        .map(|finding| finding.vendor.as_str())
        .chain(report.vendors.iter().map(|seen| seen.vendor.as_str()))
        .chain(report.sinks.iter().map(|sink| sink.vendor.as_str()))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What one vendor holds.
pub fn of_vendor(
    vendor: &str,
    report: &Report,
    rules: &Ruleset,
    policy: &Policy,
) -> VendorHoldings {
    let rule = rules.vendors.get(vendor);
    let seen = report.vendors.iter().find(|seen| seen.vendor == vendor);
    let mut calls = Calls::default();
    for sink in report.sinks.iter().filter(|sink| sink.vendor == vendor) {
        calls.total += 1;
        match sink.payload {
            Payload::None | Payload::Resolved => calls.resolved += 1,
            Payload::Partial => calls.partial += 1,
            Payload::Opaque => calls.opaque += 1,
        }
    }
    let unresolved = unresolved(report, vendor).count() as u64;
    let mut by_class: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings.iter().chain(&report.expected) {
        if finding.vendor == vendor {
            by_class.entry(&finding.class).or_default().push(finding);
        }
    }
    let is_open = calls.resolved < calls.total || unresolved > 0;
    let mut holdings: Vec<Holding> = rules
        .classes
        .values()
        .map(|class| {
            let findings = by_class.remove(class.id.as_str()).unwrap_or_default();
            let rating = policy.severities.get(&class.id).copied();
            holding(
                &class.id,
                rating.unwrap_or(class.severity),
                &findings,
                is_open,
                report,
                policy,
            )
        })
        .collect();
    holdings.sort_by(|a, b| {
        let rank = |it: &Holding| (it.state.is_held(), it.severity);
        rank(b).cmp(&rank(a)).then_with(|| a.class.cmp(&b.class))
    });
    VendorHoldings {
        vendor: vendor.to_owned(),
        name: rule.map_or_else(|| vendor.to_owned(), |rule| rule.name.clone()),
        category: rule.map(|rule| rule.category.clone()).unwrap_or_default(),
        country: rule
            .and_then(|rule| rule.country.clone())
            .filter(|country| country.len() == 2),
        forwards: rule.and_then(|rule| rule.forwards.clone()),
        forwards_to: forwards_to(seen, report),
        evidence: seen.map(|seen| seen.evidence.clone()).unwrap_or_default(),
        locations: seen.map(|seen| seen.locations.clone()).unwrap_or_default(),
        calls,
        unresolved,
        holdings,
    }
}

/// The names of those to whom a hub passes on what it is sent, as far as the code says so.
fn forwards_to(hub: Option<&VendorSeen>, report: &Report) -> Vec<String> {
    let passes_on = hub.and_then(|hub| hub.passes_on.as_ref());
    let to = passes_on.iter().flat_map(|passes_on| &passes_on.to);
    to.map(|id| report.name_of(id).to_owned()).collect()
}

/// What could not be known of what a vendor is sent.
pub fn unresolved<'r>(report: &'r Report, vendor: &'r str) -> impl Iterator<Item = &'r Unresolved> {
    report
        .unresolved
        .iter()
        .filter(move |unresolved| unresolved.vendor == vendor)
}

fn holding(
    class: &str,
    rating: Severity,
    findings: &[&Finding],
    is_open: bool,
    report: &Report,
    policy: &Policy,
) -> Holding {
    let mut out = Holding {
        class: class.to_owned(),
        severity: rating,
        state: State::NotSeen,
        sent: 0,
        hashed: 0,
        part: 0,
        collected: 0,
        uncertain: 0,
        evidence: Vec::new(),
    };
    let mut worst = None;
    for finding in findings {
        let evidence = evidence(finding, report, policy);
        let counter = match (evidence.counts, finding.origin) {
            (false, _) => &mut out.uncertain,
            (true, Origin::Auto) => &mut out.collected,
            (true, Origin::Sent) if evidence.is_usable() => &mut out.sent,
            (true, Origin::Sent) if finding.transform == Transform::Hash => &mut out.hashed,
            (true, Origin::Sent) => &mut out.part,
        };
        *counter += 1;
        if evidence.counts {
            worst = worst.max(Some(finding.severity));
        }
        out.evidence.push(evidence);
    }
    out.severity = worst.unwrap_or(rating);
    out.state = match &out {
        Holding { sent: 1.., .. } => State::Sent,
        Holding { collected: 1.., .. } => State::Collected,
        Holding { hashed: 1.., .. } => State::Hashed,
        Holding { part: 1.., .. } => State::Part,
        Holding { uncertain: 1.., .. } => State::Uncertain,
        _ if is_open => State::Unresolved,
        _ => State::NotSeen,
    };
    out
}

fn evidence(finding: &Finding, report: &Report, policy: &Policy) -> Evidence {
    let turn_off = (finding.origin == Origin::Auto).then(|| {
        let mut all = report.auto_collected.iter();
        let found = all.find(|auto| {
            auto.vendor == finding.vendor
                && auto.class == finding.class
                && auto.property == finding.property
        });
        found.map(|auto| auto.turn_off.clone())
    });
    Evidence {
        origin: finding.origin,
        call: finding.call.clone(),
        property: finding.property.clone(),
        expression: finding.expression.clone(),
        transform: finding.transform,
        severity: finding.severity,
        confidence: finding.confidence,
        counts: finding.confidence >= policy.confidence,
        location: finding.location.clone(),
        sink: finding.sink.clone(),
        turn_off: turn_off.flatten().filter(|text| !text.is_empty()),
        screens: Vec::new(),
        seen: None,
        fingerprint: finding.fingerprint.clone(),
    }
}
