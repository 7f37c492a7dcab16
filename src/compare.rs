//! Two reports, compared.
//!
//! In: the report of a base and of the present tree. Out: the [`Difference`]. It leaves alone where the two come from, and
//! how a difference looks.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Difference, Finding, Origin, Report, SCHEMA_VERSION, Unresolved};
use crate::identity::{self, FilesOf, Flow};

/// What the base was.
#[derive(Debug, Clone, Copy)]
pub struct Base<'a> {
    /// As it was named.
    pub name: &'a str,
    /// Its findings.
    pub findings: &'a [Finding],
    /// What was unknown in it.
    pub unresolved: &'a [Unresolved],
}

/// Compares. Findings keep the order that they have, worst first.
pub fn compare(base: Base<'_>, present: &Report, files: &FilesOf<'_>) -> Difference {
    let before = by_flow(base.findings);
    let now = by_flow(&present.findings);
    let earlier: BTreeSet<Flow> = before.keys().cloned().collect();
    let present_flows: BTreeSet<Flow> = now.keys().cloned().collect();
    let pairs = identity::pair(&earlier, &present_flows, files);
    let known: BTreeSet<&Flow> = pairs.keys().collect();
    let still: BTreeSet<&Flow> = pairs.values().collect();
    let new = only(&present.findings, &known);
    let gone = only(base.findings, &still);
    let by_origin = |all: &[&Finding], origin: Origin| {
        let found = all.iter().filter(|finding| finding.origin == origin);
        found.map(|finding| (*finding).clone()).collect()
    };
    let unknown: BTreeSet<_> = base.unresolved.iter().map(place).collect();
    Difference {
        schema_version: SCHEMA_VERSION,
        tool: present.tool.clone(),
        base: base.name.to_owned(),
        newly_sent: by_origin(&new, Origin::Sent),
        no_longer_sent: by_origin(&gone, Origin::Sent),
        newly_collected: by_origin(&new, Origin::Auto),
        no_longer_collected: by_origin(&gone, Origin::Auto),
        newly_unknown: present
            .unresolved
            .iter()
            .filter(|unresolved| !unknown.contains(&place(unresolved)))
            .cloned()
            .collect(),
    }
}

fn by_flow(findings: &[Finding]) -> BTreeMap<Flow, &Finding> {
    let flows = findings.iter().rev();
    flows
        .map(|finding| (Flow::of(finding, ""), finding))
        .collect()
}

/// The first finding of each flow that is not among some.
fn only<'r>(findings: &'r [Finding], known: &BTreeSet<&Flow>) -> Vec<&'r Finding> {
    let mut met = BTreeSet::new();
    findings
        .iter()
        .filter(|finding| {
            let flow = Flow::of(finding, "");
            !known.contains(&flow) && met.insert(flow)
        })
        .collect()
}

/// What an unknown payload is known by when lines move.
fn place(unresolved: &Unresolved) -> (&str, &str, &str, Option<&str>, &str) {
    let Unresolved {
        vendor,
        call,
        location,
        expression,
        ..
    } = unresolved;
    let symbol = location.symbol.as_deref();
    (vendor, call, &location.path, symbol, expression)
}
