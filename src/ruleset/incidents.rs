//! The shapes of recorded incidents and attack scenarios, as written, and whether they make sense.
//!
//! In: TOML text under `rules/incidents/` and `rules/scenarios.toml`. Out: serde structs that refuse unknown keys, and
//! mistakes. It leaves alone what a vendor holds (`breach`).

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::{At, RuleError, Step};
use super::files::RuleFile;
use super::schema::{Class, Vendor};
use crate::finding::Severity;

/// `rules/incidents/<id>.toml`: what was published of an incident at a vendor.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// The id; equal to the file's name.
    pub id: String,
    /// The vendor that was breached.
    pub vendor: String,
    /// One line.
    pub title: String,
    /// What happened.
    pub summary: String,
    /// Where that was published.
    pub sources: Vec<String>,
    /// What happened when.
    #[serde(default)]
    pub timeline: Vec<Event>,
    /// What was in the data.
    pub exposed: Vec<Item>,
    /// What was published as not affected.
    #[serde(default)]
    pub not_exposed: Vec<Item>,
}

/// One step of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Names it within the incident, for translations.
    pub id: String,
    /// `YYYY-MM-DD`.
    pub date: String,
    /// What happened.
    pub event: String,
}

/// One entry of a published list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Names it within the incident, for translations.
    pub id: String,
    /// As it was published.
    pub name: String,
    /// The data classes that it is made of; empty for what no class stands for.
    pub classes: Vec<String>,
}

/// `rules/scenarios.toml`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenarios {
    /// What an attacker can do.
    #[serde(rename = "scenario")]
    pub scenarios: Vec<Scenario>,
}

/// What an attacker can do with a vendor's holdings.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The id.
    pub id: String,
    /// The letter that people call it by.
    pub letter: String,
    /// One line.
    pub title: String,
    /// Of each group, one class must be held.
    pub needs: Vec<Vec<String>>,
    /// Classes that make it more convincing.
    #[serde(default)]
    pub stronger: Vec<String>,
    /// How bad.
    pub severity: Severity,
    /// How it goes.
    pub how: String,
    /// What an attacker could write, with nothing but what is needed.
    pub phrase: String,
    /// What the team can do.
    pub defence: String,
    /// What to tell the people concerned.
    pub warning: String,
}

type Known<'a, T> = BTreeMap<String, (T, &'a RuleFile)>;

/// An incident.
pub(super) fn check_incident(
    incident: &Incident,
    classes: &Known<'_, Class>,
    vendors: &Known<'_, Vendor>,
    at: &At<'_>,
    errors: &mut Vec<RuleError>,
) {
    let stem = at.file().stem();
    if incident.id != stem {
        let message = format!("id `{}` is not the file's name `{stem}`", incident.id);
        at.report(&["id".into()], message, errors);
    }
    if !vendors.contains_key(&incident.vendor) {
        let message = format!("unknown vendor `{}`", incident.vendor);
        at.report(&["vendor".into()], message, errors);
    }
    if incident
        .sources
        .iter()
        .all(|source| source.trim().is_empty())
    {
        let message = "no source: say where it was published".to_owned();
        at.report(&["sources".into()], message, errors);
    }
    for (index, event) in incident.timeline.iter().enumerate() {
        if !is_date(&event.date) {
            let message = format!("`{}` is no date of the form YYYY-MM-DD", event.date);
            at.report(
                &["timeline".into(), index.into(), "date".into()],
                message,
                errors,
            );
        }
    }
    let days: Vec<&str> = incident
        .timeline
        .iter()
        .map(|it| it.date.as_str())
        .collect();
    if !days.is_sorted() {
        let message = "the timeline is not in order".to_owned();
        at.report(&["timeline".into()], message, errors);
    }
    let lists = [
        ("exposed", &incident.exposed),
        ("not_exposed", &incident.not_exposed),
    ];
    let mut seen = BTreeSet::new();
    for (list, items) in lists {
        for (index, item) in items.iter().enumerate() {
            let base: [Step; 2] = [list.into(), index.into()];
            if !seen.insert(&item.id) {
                let steps = [base[0].clone(), base[1].clone(), "id".into()];
                at.report(&steps, format!("`{}` is there twice", item.id), errors);
            }
            let key: Step = "classes".into();
            for (place, class) in item.classes.iter().enumerate() {
                let steps = [base[0].clone(), base[1].clone(), key.clone(), place.into()];
                known_class(class, &steps, classes, at, errors);
            }
        }
    }
    if incident.exposed.iter().all(|item| item.classes.is_empty()) {
        let message = "nothing was exposed: name at least one class".to_owned();
        at.report(&["exposed".into()], message, errors);
    }
}

/// A scenario.
pub(super) fn check_scenario(
    scenario: &Scenario,
    index: usize,
    classes: &Known<'_, Class>,
    at: &At<'_>,
    errors: &mut Vec<RuleError>,
) {
    let base: [Step; 2] = ["scenario".into(), index.into()];
    let step = |key: &str| -> Vec<Step> { base.iter().cloned().chain([key.into()]).collect() };
    if scenario.needs.is_empty() || scenario.needs.iter().any(Vec::is_empty) {
        let message = "no class: a scenario needs at least one, and so does each of its groups";
        at.report(&step("needs"), message.to_owned(), errors);
    }
    for (group, any) in scenario.needs.iter().enumerate() {
        for (place, class) in any.iter().enumerate() {
            let mut steps = step("needs");
            steps.extend([group.into(), place.into()]);
            known_class(class, &steps, classes, at, errors);
        }
    }
    for (place, class) in scenario.stronger.iter().enumerate() {
        let mut steps = step("stronger");
        steps.push(place.into());
        known_class(class, &steps, classes, at, errors);
    }
    for (key, text) in [
        ("how", &scenario.how),
        ("phrase", &scenario.phrase),
        ("defence", &scenario.defence),
        ("warning", &scenario.warning),
    ] {
        if text.trim().is_empty() {
            at.report(&step(key), format!("{key} is empty"), errors);
        }
    }
}

fn known_class(
    class: &str,
    steps: &[Step],
    classes: &Known<'_, Class>,
    at: &At<'_>,
    errors: &mut Vec<RuleError>,
) {
    if !classes.contains_key(class) {
        at.report(steps, format!("unknown class `{class}`"), errors);
    }
}

/// Whether a text is a day of the calendar, roughly: what a slip of the pen would not be.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |text: &str, length: usize| {
        (text.len() == length)
            .then(|| text.parse::<u32>().ok())
            .flatten()
    };
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
}
