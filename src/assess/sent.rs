//! What the code sends.
//!
//! In: exposures. Out: one finding per vendor, class, property and call. It leaves alone order, fingerprints and filters.
//!
//! Calls of a vendor that differ in their names alone count as one: what the app hands to a log of its own arrives at the
//! vendor's `info`, `warn` and `error`, and has to be read once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::places::Places;
use super::{Exposure, Rules, excerpt, rating};
use crate::finding::{Confidence, Finding, Origin, Severity, Status, Transform};
use crate::policy::Policy;

/// Makes the findings.
pub(super) fn findings(
    exposures: Vec<Exposure<'_>>,
    rules: Rules<'_>,
    policy: &Policy,
    places: &Places<'_>,
) -> Vec<Finding> {
    let mut merged: BTreeMap<_, Finding> = BTreeMap::new();
    for exposure in exposures {
        let finding = finding(&exposure, rules, policy, places);
        let key = (
            finding.vendor.clone(),
            finding.class.clone(),
            finding.property.clone(),
            rules.kind(&finding.vendor, &finding.call),
            finding.location.clone(),
        );
        match merged.get(&key) {
            Some(other) if rank(other) >= rank(&finding) => {}
            _ => {
                merged.insert(key, finding);
            }
        }
    }
    merged.into_values().collect()
}

/// Which of two findings for the same call tells more: the worse, the surer, the one with the shorter way; of calls
/// that take the same, one that does not depend on what else is found. The rest only
/// makes the choice the same in every run.
fn rank(finding: &Finding) -> impl Ord {
    (
        finding.severity,
        finding.confidence,
        Reverse(finding.call.clone()),
        Reverse(finding.trace.len()),
        Reverse((
            finding.trace.clone(),
            finding.expression.clone(),
            finding.reason.clone(),
        )),
    )
}

fn finding(
    exposure: &Exposure<'_>,
    rules: Rules<'_>,
    policy: &Policy,
    places: &Places<'_>,
) -> Finding {
    let delivery = exposure.delivery;
    let verdict = &exposure.verdict;
    // An object sent whole is known by its type alone; a field of it may be missing or empty. What a function that is not
    // known makes of an object need not be the object at all.
    let surest = if delivery.guessed {
        Confidence::Low
    } else if delivery.by_type {
        Confidence::Medium
    } else {
        Confidence::High
    };
    let transform = delivery.transform.max(verdict.transform);
    Finding {
        fingerprint: String::new(),
        vendor: delivery.vendor.clone(),
        vendor_category: rules.category(&delivery.vendor),
        call: delivery.call.clone(),
        class: verdict.class.clone(),
        property: delivery.property.clone(),
        expression: places.expression(&delivery.expression),
        origin: Origin::Sent,
        transform,
        severity: graded(rating(&verdict.class, rules, policy), transform),
        confidence: verdict.confidence.min(surest),
        location: places.location(&delivery.location),
        value: Some(places.location(&delivery.expression)),
        sink: places.location(&delivery.sink),
        trace: delivery.trace.iter().map(|hop| places.step(hop)).collect(),
        reason: excerpt::masked(&verdict.reason),
        status: Status::New,
        suppression: None,
    }
}

/// A digest is still joinable and a part still tells something: one step lower. Encoding hides nothing.
pub(super) fn graded(severity: Severity, transform: Transform) -> Severity {
    match transform {
        Transform::None | Transform::Encode => severity,
        Transform::Hash | Transform::Truncate | Transform::Domain => severity.lowered(),
    }
}
