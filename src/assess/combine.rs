//! Classes that are worse together.
//!
//! In: the findings of a scan. Out: the combinations of the rules that one vendor's holdings make up, across calls, since
//! everything joins on the identified user. It leaves alone what an attacker does with them.

use std::collections::BTreeMap;

use super::Rules;
use crate::finding::{CombinationFound, Finding, Transform};
use crate::policy::Policy;

/// Finds the combinations, worst first.
pub fn combinations(
    findings: &[Finding],
    rules: Rules<'_>,
    policy: &Policy,
) -> Vec<CombinationFound> {
    let mut holdings: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| counts(finding, policy)) {
        holdings
            .entry(&finding.vendor)
            .or_default()
            .entry(&finding.class)
            .or_default()
            .push(&finding.fingerprint);
    }
    let mut found = Vec::new();
    for (vendor, held) in &holdings {
        for rule in rules.combinations {
            let lists: Option<Vec<_>> = rule
                .classes
                .iter()
                .map(|class| held.get(class.as_str()))
                .collect();
            let Some(lists) = lists else { continue };
            let mut fingerprints: Vec<String> = lists
                .into_iter()
                .flatten()
                .map(|fingerprint| (*fingerprint).to_owned())
                .collect();
            fingerprints.sort();
            fingerprints.dedup();
            found.push(CombinationFound {
                id: rule.id.clone(),
                vendor: (*vendor).to_owned(),
                classes: rule.classes.clone(),
                severity: rule.severity,
                title: rule.title.clone(),
                findings: fingerprints,
            });
        }
    }
    found.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then_with(|| (&a.vendor, &a.id).cmp(&(&b.vendor, &b.id)))
    });
    found
}

/// A combination needs the value itself: nobody writes to a digest or to half an address. A guess makes up none. What is
/// accepted counts, since the vendor holds it all the same.
fn counts(finding: &Finding, policy: &Policy) -> bool {
    finding.confidence >= policy.confidence
        && matches!(finding.transform, Transform::None | Transform::Encode)
}
