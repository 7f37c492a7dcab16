//! What an SDK is told of consent.
//!
//! In: a vendor call with the values of its arguments. Out: [`Agreed`], if the call is one of those by which consent is given,
//! refused or waited for. It leaves alone whether anybody was asked, and what is sent before (`consent/`).

use super::delivery::{Agreed, Place};
use super::evaluate::Evaluator;
use super::sinks::SinkCall;
use super::started::literal;
use crate::ruleset::schema::Agreement;

impl Evaluator<'_> {
    /// What a vendor call says of consent, for each vendor that it tells.
    pub(super) fn agreed(&self, sink: &SinkCall<'_>, place: &Place) -> Vec<Agreed> {
        let mut rules = self.catalog.agreements(sink.vendor, &sink.path);
        let Some(rule) = rules.find(|rule| begins(sink, rule)) else {
            return Vec::new();
        };
        let own = &self.catalog.vendor(sink.vendor).id;
        let told = std::iter::once(own).chain(&rule.also);
        told.map(|vendor| Agreed {
            vendor: vendor.clone(),
            by: own.clone(),
            call: sink.path.to_string(),
            place: place.clone(),
            refuses: rule.refuses,
        })
        .collect()
    }
}

/// Whether the arguments begin as the rule says; what the code computes may be anything.
fn begins(sink: &SinkCall<'_>, rule: &Agreement) -> bool {
    rule.first.iter().enumerate().all(|(at, wanted)| {
        let Some(given) = sink.args.get(at) else {
            return false;
        };
        let mut known = given.alternatives().iter().map(literal);
        known.any(|given| given.is_none_or(|given| given == *wanted))
    })
}
