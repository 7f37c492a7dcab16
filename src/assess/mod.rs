//! How bad it is.
//!
//! In: what flows where ([`Flows`]), of which class each value is ([`Exposure`]), the rules and the [`Policy`]. Out: the
//! [`Report`], in its total order. It leaves alone how values were found and classified, and how a report looks.

mod accept;
mod addresses;
mod auto;
mod by_sdk;
mod combine;
mod excerpt;
mod fingerprint;
mod loaded;
mod notes;
mod on_device;
mod places;
mod practices;
mod recorded;
mod sent;
mod sides;
mod starting;
mod switches;
mod unasked;
mod unheard;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use crate::classify::Verdict;
use crate::consent::Consent;
use crate::finding::{
    ClassSeen, Files, Finding, Location, PassesOn, Payload, Report, SCHEMA_VERSION, Severity, Sink,
    Tool, Unresolved, VendorSeen, stranger,
};
use crate::flow::{Delivery, Evidence, Flows, Place};
use crate::manifests::Named;
use crate::pages::{Pages, RunsAt, Standing};
use crate::policy::Policy;
use crate::read::Texts;
use crate::ruleset::Ruleset;
use crate::ruleset::pages::PageRules;
use crate::ruleset::schema::{Class, Combination, Part, Vendor};
use on_device::OnDevice;
use places::Places;

pub use accept::pairs;
pub use combine::combinations;

/// How many places of a vendor are listed for each kind of evidence.
const PLACES_OF_EVIDENCE: usize = 3;

/// The category of a vendor that no rule knows.
const UNKNOWN_CATEGORY: &str = "unlisted-host";

/// A value that arrives, and a class that it is of.
#[derive(Debug, Clone)]
pub struct Exposure<'a> {
    /// The value.
    pub delivery: &'a Delivery,
    /// The class.
    pub verdict: Verdict,
}

/// The rules that matter here.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Vendors by id.
    pub vendors: &'a BTreeMap<String, Vendor>,
    /// Data classes by id.
    pub classes: &'a BTreeMap<String, Class>,
    /// Sets of classes that are worse together.
    pub combinations: &'a [Combination],
    /// How pages are read.
    pub pages: &'a PageRules,
    /// A digest of all rules.
    pub digest: &'a str,
}

impl<'a> Rules<'a> {
    /// The part of a rule set that matters here.
    pub fn of(ruleset: &'a Ruleset) -> Self {
        Self {
            vendors: &ruleset.vendors,
            classes: &ruleset.classes,
            combinations: &ruleset.combinations,
            pages: &ruleset.pages,
            digest: &ruleset.digest,
        }
    }

    /// Whether a vendor is there to process a class.
    fn is_purpose(self, class: &str, vendor: &str) -> bool {
        self.vendors
            .get(vendor)
            .is_some_and(|vendor| vendor.purpose.iter().any(|it| it == class))
    }

    /// A call of a vendor, the same for those that take the same.
    fn kind(self, vendor: &str, call: &str) -> String {
        let rule = self.vendors.get(vendor);
        let first = rule.and_then(|rule| Some(&rule.calls[rule.first_alike(call)?]));
        first.map_or(call, |first| &first.path).to_owned()
    }

    fn category(self, vendor: &str) -> String {
        match self.vendors.get(vendor) {
            Some(vendor) => vendor.category.clone(),
            None => UNKNOWN_CATEGORY.to_owned(),
        }
    }

    fn name(self, vendor: &str) -> String {
        let known = self.vendors.get(vendor).map(|rule| rule.name.as_str());
        let named = || stranger(vendor).unwrap_or(vendor);
        known.unwrap_or_else(named).to_owned()
    }
}

/// The rating of a class: the user's own, or that of the rules. A class without a rule can only come from a rule file
/// that names a wrong one, which the rule check refuses; it is rated in the middle all the same, never dropped.
fn rating(class: &str, rules: Rules<'_>, policy: &Policy) -> Severity {
    policy
        .severities
        .get(class)
        .copied()
        .or_else(|| rules.classes.get(class).map(|class| class.severity))
        .unwrap_or(Severity::Medium)
}

/// What SDKs take of pages, so that these must be read.
pub fn takes_of_pages(
    flows: &Flows,
    rules: Rules<'_>,
    texts: &Texts,
    runs: &RunsAt,
) -> BTreeSet<Part> {
    let loaded = loaded::loaded(flows, runs, &|_| false, &|_| Standing::App);
    let taken = auto::taken(flows, rules, texts, runs, &loaded);
    taken
        .iter()
        .flat_map(|it| it.by.auto.takes.iter().copied())
        .collect()
}

/// Makes the report.
#[expect(
    clippy::too_many_arguments,
    reason = "a report is made of all that was found"
)]
pub fn assess(
    flows: &Flows,
    exposures: Vec<Exposure<'_>>,
    rules: Rules<'_>,
    policy: &Policy,
    texts: &Texts,
    pages: &Pages,
    consent: &Consent,
    packages: &[Named],
    files: Files,
) -> Report {
    let places = Places::new(texts);
    let on_device = OnDevice::new(flows, rules);
    let mut exposures = exposures;
    exposures.retain(|it| !on_device.keeps(&it.delivery.vendor, &it.delivery.call));
    let notes = if policy.notes {
        notes::notes(flows, &exposures, rules, texts, consent, pages, &places)
    } else {
        Vec::new()
    };
    let mut findings = sent::findings(exposures, rules, policy, &places);
    let is_published = |place: &Place| pages.is_published(&places.location(place).path);
    let standing = |place: &Place| loaded::standing(place, rules, texts, pages);
    let loaded = loaded::loaded(flows, &pages.runs, &is_published, &standing);
    let (auto_collected, auto_findings) =
        auto::collected(flows, rules, policy, texts, pages, &places, &loaded);
    findings.extend(auto_findings);
    let taken = auto::taken(flows, rules, texts, &pages.runs, &loaded);
    findings.extend(addresses::findings(&taken, pages, rules, policy, &places));
    findings.extend(recorded::findings(&taken, pages, rules, policy, &places));
    for finding in &mut findings {
        if let Some(severity) = policy.severity_at(&finding.location.path, &finding.class) {
            finding.severity = sent::graded(severity, finding.transform);
        }
    }
    fingerprint::mark(&mut findings);
    sort(&mut findings);
    // Handing these over was decided when the vendor was chosen: it is listed, but is nothing to act on.
    let (expected, mut findings): (Vec<Finding>, Vec<Finding>) = findings
        .into_iter()
        .partition(|finding| rules.is_purpose(&finding.class, &finding.vendor));
    let combinations = combinations(&findings, rules, policy);
    let notices = accept::accept(&mut findings, &expected, rules, policy, texts);
    let mut report = Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rules_digest: rules.digest.to_owned(),
        },
        root: ".".to_owned(),
        classes: classes(&findings, &expected, rules, policy),
        findings,
        expected,
        auto_collected,
        combinations,
        sinks: sinks(flows, &places),
        unresolved: unresolved(flows, &on_device, &places),
        vendors: vendors(flows, packages, rules, &places),
        notes,
        notices,
        files,
    };
    // Whoever asks for no notes would take the silence for there being nothing.
    let unheard = unheard::notes(&report, &flows.started, rules, &pages.runs, &places);
    report.notes.extend(unheard);
    filtered(report, policy)
}

/// The classes that are found.
fn classes(
    findings: &[Finding],
    expected: &[Finding],
    rules: Rules<'_>,
    policy: &Policy,
) -> Vec<ClassSeen> {
    let ids: BTreeSet<&str> = findings
        .iter()
        .chain(expected)
        .map(|finding| finding.class.as_str())
        .collect();
    ids.into_iter()
        .filter_map(|id| rules.classes.get(id))
        .map(|class| ClassSeen {
            id: class.id.clone(),
            name: class.name.clone(),
            severity: rating(&class.id, rules, policy),
            gain: class.gain.clone(),
            reason: class.reason.clone(),
        })
        .collect()
}

/// Worst first, then by place.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            (
                std::cmp::Reverse(finding.severity),
                finding.location.clone(),
                finding.vendor.clone(),
                finding.class.clone(),
                finding.property.clone(),
                finding.call.clone(),
                finding.sink.clone(),
                finding.origin,
            )
        };
        key(a).cmp(&key(b))
    });
}

fn sinks(flows: &Flows, places: &Places<'_>) -> Vec<Sink> {
    // A call that is met by two ways is as known as its least known payload.
    let mut found: BTreeMap<_, Payload> = BTreeMap::new();
    for call in &flows.calls {
        let key = (places.location(&call.place), &call.vendor, &call.call);
        let payload = found.entry(key).or_insert(call.payload);
        *payload = (*payload).max(call.payload);
    }
    found
        .into_iter()
        .map(|((location, vendor, call), payload)| Sink {
            vendor: vendor.clone(),
            call: call.clone(),
            location,
            payload,
        })
        .collect()
}

fn unresolved(flows: &Flows, on_device: &OnDevice<'_>, places: &Places<'_>) -> Vec<Unresolved> {
    let mut found: Vec<Unresolved> = flows
        .opaque
        .iter()
        .filter(|opaque| !on_device.keeps(&opaque.vendor, &opaque.call))
        .map(|opaque| Unresolved {
            vendor: opaque.vendor.clone(),
            call: opaque.call.clone(),
            location: places.location(&opaque.place),
            expression: places.expression(&opaque.expression),
            reason: excerpt::masked(&opaque.reason),
        })
        .collect();
    found.sort_by(|a, b| (&a.location, a).cmp(&(&b.location, b)));
    found.dedup();
    found
}

fn vendors(
    flows: &Flows,
    packages: &[Named],
    rules: Rules<'_>,
    places: &Places<'_>,
) -> Vec<VendorSeen> {
    let mut seen: BTreeMap<&str, BTreeMap<Evidence, BTreeSet<Location>>> = BTreeMap::new();
    let mut add = |vendor, evidence, location| {
        let of_vendor: &mut BTreeMap<_, _> = seen.entry(vendor).or_default();
        let locations: &mut BTreeSet<_> = of_vendor.entry(evidence).or_default();
        locations.insert(location);
    };
    for it in &flows.seen {
        add(it.vendor.as_str(), it.evidence, places.location(&it.place));
    }
    for call in &flows.calls {
        add(&call.vendor, Evidence::Call, places.location(&call.place));
    }
    for started in &flows.started {
        add(
            &started.vendor,
            Evidence::Call,
            places.location(&started.place),
        );
    }
    for passed in &flows.passed_on {
        if let Some(vendor) = &passed.vendor {
            add(vendor, Evidence::Hub, places.location(&passed.place));
        }
    }
    for named in packages {
        let evidence = if named.is_direct {
            Evidence::Package
        } else {
            Evidence::Lock
        };
        let has_package = |vendor: &&Vendor| {
            let mut packages = vendor.packages.iter();
            packages.any(|package| package.name == named.package)
        };
        if let Some(vendor) = rules.vendors.values().find(has_package) {
            add(&vendor.id, evidence, named.location.clone());
        }
    }
    seen.into_iter()
        .map(|(vendor, mut evidence)| {
            // What a manifest asks for is installed.
            if evidence.contains_key(&Evidence::Package) {
                evidence.remove(&Evidence::Lock);
            }
            let locations: BTreeSet<&Location> = evidence
                .values()
                .flat_map(|found| found.iter().take(PLACES_OF_EVIDENCE))
                .collect();
            VendorSeen {
                vendor: vendor.to_owned(),
                name: rules.name(vendor),
                category: rules.category(vendor),
                evidence: evidence.keys().copied().map(word).collect(),
                locations: locations.into_iter().cloned().collect(),
                passes_on: passes_on(vendor, flows, rules),
            }
        })
        .collect()
}

/// What a vendor passes on, if it is a hub.
fn passes_on(vendor: &str, flows: &Flows, rules: Rules<'_>) -> Option<PassesOn> {
    let what = rules.vendors.get(vendor)?.forwards.clone()?;
    let passed = flows.passed_on.iter().filter(|passed| passed.hub == vendor);
    let to: BTreeSet<String> = passed
        .map(|passed| match &passed.vendor {
            Some(vendor) => vendor.clone(),
            None => excerpt::masked(&passed.name),
        })
        .collect();
    Some(PassesOn {
        what,
        to: to.into_iter().collect(),
    })
}

fn word(evidence: Evidence) -> String {
    match evidence {
        Evidence::Package => "package",
        Evidence::Lock => "lockfile",
        Evidence::Import => "import",
        Evidence::Call => "call",
        Evidence::Script => "script",
        Evidence::Host => "host",
        Evidence::Hub => "hub",
    }
    .to_owned()
}

/// Keeps what was asked for. Filters come last, so that they never change a fingerprint or what a combination is made of;
/// a combination then names those of its findings that are still in the report.
fn filtered(mut report: Report, policy: &Policy) -> Report {
    let is_wanted = |finding: &Finding| {
        finding.severity >= policy.min_severity
            && policy.wants_vendor(&finding.vendor)
            && policy.wants_class(&finding.class)
    };
    report.findings.retain(is_wanted);
    report.expected.retain(is_wanted);
    report.classes.retain(|class| policy.wants_class(&class.id));
    report
        .auto_collected
        .retain(|auto| policy.wants_vendor(&auto.vendor) && policy.wants_class(&auto.class));
    report.combinations.retain(|combination| {
        combination.severity >= policy.min_severity
            && policy.wants_vendor(&combination.vendor)
            && combination
                .classes
                .iter()
                .any(|class| policy.wants_class(class))
    });
    let kept: BTreeSet<&str> = report
        .findings
        .iter()
        .map(|finding| finding.fingerprint.as_str())
        .collect();
    for combination in &mut report.combinations {
        combination
            .findings
            .retain(|fingerprint| kept.contains(fingerprint.as_str()));
    }
    report
        .sinks
        .retain(|sink| policy.wants_vendor(&sink.vendor));
    report
        .unresolved
        .retain(|unresolved| policy.wants_vendor(&unresolved.vendor));
    report
        .notes
        .retain(|note| policy.wants_vendor(&note.vendor));
    report
        .vendors
        .retain(|vendor| policy.wants_vendor(&vendor.vendor));
    report
}
