//! What a reviewer may want to know beside the findings.
//!
//! In: how SDKs are started, which hooks they have, and what arrives under which role. Out: [`Note`]s, each of a kind with
//! an id of its own. None of them is an exposure, and none fails a run; they are off unless asked for. It leaves alone what
//! is sent and collected.

use std::collections::BTreeSet;

use super::auto::is_made;
use super::places::Places;
use super::practices::practices;
use super::starting;
use super::unasked::unasked;
use super::{Exposure, Rules};
use crate::consent::Consent;
use crate::finding::{Note, Severity};
use crate::flow::{Flows, Started};
use crate::pages::Pages;
use crate::read::Texts;
use crate::ruleset::schema::Role;

/// The SDK starts only under a condition.
const CONDITIONAL: &str = "starts-under-condition";
/// The SDK starts in every build, for everybody, and no option of it is computed.
const ALWAYS: &str = "starts-always";
/// People are told apart by something that can be written to, such as an address.
const CONTACT: &str = "contact-as-user-id";
/// A hook that could leave something out leaves everything.
const IDLE: &str = "scrubber-drops-nothing";

/// Finds what is worth a note, in the order of places.
pub(super) fn notes(
    flows: &Flows,
    exposures: &[Exposure<'_>],
    rules: Rules<'_>,
    texts: &Texts,
    consent: &Consent,
    pages: &Pages,
    places: &Places<'_>,
) -> Vec<Note> {
    let mut practices = practices(flows, exposures, rules, texts, &pages.runs);
    practices.extend(unasked(flows, rules, texts, consent, pages, places));
    let mut found = BTreeSet::new();
    let mut add = |id: &str, vendor: &str, place, message: String| {
        found.insert(Note {
            location: places.location(place),
            id: id.to_owned(),
            vendor: vendor.to_owned(),
            severity: Severity::Low,
            message,
        });
    };
    let name = |vendor: &str| {
        let rule = rules.vendors.get(vendor);
        rule.map_or_else(|| vendor.to_owned(), |rule| rule.name.clone())
    };
    let is_told = |it: &&Started| !it.later && is_made(it, &pages.runs);
    for started in flows.started.iter().filter(is_told) {
        let vendor = name(&started.vendor);
        let of_vendor = flows.started.iter().filter(is_told);
        let of_vendor: Vec<&Started> = of_vendor.filter(|it| it.vendor == started.vendor).collect();
        if let Some(condition) = starting::condition(started, &of_vendor, places) {
            let message = format!("{vendor} is started {condition}");
            add(CONDITIONAL, &started.vendor, &started.place, message);
        } else if is_fixed(started) {
            let message =
                format!("{vendor} is started without a condition: to turn it off takes a release");
            add(ALWAYS, &started.vendor, &started.place, message);
        }
    }
    for exposure in exposures {
        let delivery = exposure.delivery;
        let is_contact = rules
            .classes
            .get(&exposure.verdict.class)
            .is_some_and(|class| {
                let mut roles = class.roles.iter();
                roles.any(|role| matches!(role, Role::Email | Role::Phone))
            });
        if is_contact && delivery.subject.role == Some(Role::UserId) {
            let message = format!(
                "{} knows people by {}: everything it holds of them is joined to that",
                name(&delivery.vendor),
                places.expression(&delivery.expression)
            );
            add(CONTACT, &delivery.vendor, &delivery.location, message);
        }
    }
    for practice in &practices {
        add(
            practice.id,
            &practice.vendor,
            &practice.place,
            practice.message.clone(),
        );
    }
    for hook in &flows.idle_hooks {
        let message = format!(
            "`{}` of {} is there, and leaves nothing out",
            hook.option,
            name(&hook.vendor)
        );
        add(IDLE, &hook.vendor, &hook.place, message);
    }
    found.into_iter().collect()
}

/// Nothing about the start is decided when the app is built or run.
fn is_fixed(started: &Started) -> bool {
    !started.open && started.computed.is_empty() && started.place.symbol.is_none()
}
