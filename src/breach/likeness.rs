//! What a vendor's holdings have in common with a recorded incident, and what they enable.
//!
//! In: holdings, the recorded incidents and the scenarios of the rules. Out: for each incident which published items the
//! vendor holds; for each scenario whether what it needs is there. It leaves alone the words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::holdings::{State, VendorHoldings};
use crate::finding::Severity;
use crate::ruleset::incidents::{Event, Incident, Item, Scenario};

/// A recorded incident beside a vendor's holdings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Likeness {
    /// The incident's id.
    pub incident: String,
    /// What happened when.
    pub timeline: Vec<Event>,
    /// Where that was published.
    pub sources: Vec<String>,
    /// Whether it was at this vendor.
    pub same_vendor: bool,
    /// What was exposed then.
    pub exposed: Vec<ItemFound>,
    /// What was published as not affected.
    pub not_exposed: Vec<ItemFound>,
}

/// An item of a published list, and whether the vendor has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemFound {
    /// The item's id in the incident.
    pub id: String,
    /// The data classes that it is made of.
    pub classes: Vec<String>,
    /// The surest state of its classes; none when no class stands for it, so that nothing was looked for.
    pub state: Option<State>,
}

impl Likeness {
    /// Of the exposed items, how many the vendor has.
    pub fn held(&self) -> usize {
        self.exposed.iter().filter(|item| item.is_held()).count()
    }

    /// Of these, how many the code sends.
    pub fn sent(&self) -> usize {
        let by_code = |item: &&ItemFound| {
            matches!(item.state, Some(State::Sent | State::Hashed | State::Part))
        };
        self.exposed.iter().filter(by_code).count()
    }

    /// Of these, how many only the SDK collects.
    pub fn collected(&self) -> usize {
        self.held() - self.sent()
    }
}

impl ItemFound {
    /// Whether the vendor has it.
    pub fn is_held(&self) -> bool {
        self.state.is_some_and(State::is_held)
    }
}

/// Compares holdings with an incident.
pub fn likeness(incident: &Incident, holdings: &VendorHoldings) -> Likeness {
    let found = |item: &Item| ItemFound {
        id: item.id.clone(),
        classes: item.classes.clone(),
        state: item
            .classes
            .iter()
            .filter_map(|class| holdings.of(class))
            .map(|holding| holding.state)
            .min(),
    };
    Likeness {
        incident: incident.id.clone(),
        timeline: incident.timeline.clone(),
        sources: incident.sources.clone(),
        same_vendor: incident.vendor == holdings.vendor,
        exposed: incident.exposed.iter().map(found).collect(),
        not_exposed: incident.not_exposed.iter().map(found).collect(),
    }
}

/// A scenario beside a vendor's holdings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioFound {
    /// The scenario's id.
    pub id: String,
    /// Its letter.
    pub letter: String,
    /// How bad.
    pub severity: Severity,
    /// Whether all that it needs is held.
    pub enabled: bool,
    /// Of what it needs, what is held.
    pub held: Vec<String>,
    /// Groups of which nothing is held.
    pub missing: Vec<Vec<String>>,
    /// Held, and makes it more convincing.
    pub stronger: Vec<String>,
}

/// Looks whether holdings enable a scenario; a digest enables none.
pub fn scenario(scenario: &Scenario, holdings: &VendorHoldings) -> ScenarioFound {
    let usable = |class: &&String| holdings.of(class).is_some_and(|it| it.is_usable());
    let mut held: Vec<String> = Vec::new();
    let mut missing = Vec::new();
    for group in &scenario.needs {
        match group.iter().find(usable) {
            Some(class) if held.contains(class) => {}
            Some(class) => held.push(class.clone()),
            None => missing.push(group.clone()),
        }
    }
    let stronger = scenario.stronger.iter().filter(usable);
    let stronger = stronger
        .filter(|class| !held.contains(class))
        .cloned()
        .collect();
    ScenarioFound {
        id: scenario.id.clone(),
        letter: scenario.letter.clone(),
        severity: scenario.severity,
        enabled: missing.is_empty(),
        held,
        missing,
        stronger,
    }
}
