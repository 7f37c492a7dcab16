//! The day a vendor is breached.
//!
//! In: a [`Report`], the rules and the texts of the tree. Out: [`Inventory`], which vendor holds what; and [`Brief`], all
//! that a security team must know of one of them. It leaves alone words and formats (`report`).

pub mod declared;
pub mod holdings;
pub mod inventory;
pub mod likeness;
pub mod look;
pub mod record;
pub mod removal;
pub mod window;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::declared::Declared;
pub use self::holdings::{Calls, Evidence, Holding, State, VendorHoldings};
pub use self::inventory::{ClassRow, Inventory};
pub use self::likeness::{ItemFound, Likeness, ScenarioFound};
pub use self::look::{Look, Union};
pub use self::record::{Recipient, recipients};
pub use self::removal::{Line, What};
pub use self::window::{Revision, Seen, Stretch, Window, brief_of_window};
pub use crate::ruleset::incidents::Event;
pub use crate::screens::{Kind as ScreenKind, Screen};

use crate::finding::{
    CombinationFound, Files, Origin, Report, SCHEMA_VERSION, Severity, Tool, Unresolved, is_switch,
};
use crate::policy::Policy;
use crate::ruleset::Ruleset;
use crate::ruleset::schema::Class;

/// All that must be known of a vendor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Brief {
    /// The version of the JSON reports.
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// What the vendor holds, with evidence.
    pub vendor: VendorHoldings,
    /// The classes that are not held, those that must never be sent first.
    pub never_sent: Vec<NeverSent>,
    /// The classes that must never be sent to anyone.
    pub must_never: BTreeSet<String>,
    /// The classes that must be replaced once they are out.
    pub rotate: BTreeSet<String>,
    /// What could not be known.
    pub unresolved: Vec<Unresolved>,
    /// The screens from which something reaches the vendor.
    pub screens: Vec<Screen>,
    /// The recorded incidents, those at this vendor first.
    pub likeness: Vec<Likeness>,
    /// Classes that are worse together.
    pub combinations: Vec<CombinationFound>,
    /// What an attacker can do.
    pub scenarios: Vec<ScenarioFound>,
    /// Lines to remove.
    pub removal: Vec<Line>,
    /// Options that stop the SDK's own collection.
    pub switches: Vec<Switch>,
    /// What goes out with the addresses and elements that the SDK takes of pages, by class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_pages: Vec<OnPages>,
    /// Vendors of this tree that may have passed data on to it.
    pub hubs: Vec<Hub>,
    /// Which revisions it speaks of; none: the tree as it lies there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// The draft of a notice to the people concerned, in the language that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notice: Vec<String>,
    /// What was read.
    pub files: Files,
}

/// A class that was not found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeverSent {
    /// The data class.
    pub class: String,
    /// Whether it must never be sent to anyone.
    pub must_never: bool,
    /// `uncertain`, `unresolved` or `not_seen`.
    pub state: State,
    /// In how many calls that are known whole it was looked for.
    pub resolved_calls: u64,
    /// In how many calls it could be all the same, since they are not known whole.
    pub open_calls: u64,
}

/// How to stop what an SDK collects by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Switch {
    /// The option, as the rule says it; none: nothing in the code can.
    pub turn_off: Option<String>,
    /// What that stops.
    pub classes: Vec<String>,
    /// As the vendor names it.
    pub properties: Vec<String>,
    /// The init call, or the place where the SDK is loaded.
    pub path: String,
    /// Its line.
    pub line: u32,
}

/// What pages show, or have in their addresses, while the SDK takes both: it stops with that, or with a hook or a mask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OnPages {
    /// The data class.
    pub class: String,
    /// The addresses and elements.
    pub properties: Vec<String>,
}

/// A vendor that passes on what it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hub {
    /// Its id.
    pub vendor: String,
    /// Its name.
    pub name: String,
    /// The classes that it holds.
    pub classes: Vec<String>,
}

/// Writes the brief on a vendor.
pub fn brief(vendor: &str, look: &Look, rules: &Ruleset, policy: &Policy) -> Brief {
    let report = &look.report;
    let mut holdings = holdings::of_vendor(vendor, report, rules, policy);
    if holdings.evidence.is_empty() && look.is_installed {
        holdings.evidence.push(removal::INSTALLED.to_owned());
    }
    let mut reached = BTreeSet::new();
    for holding in &mut holdings.holdings {
        for evidence in &mut holding.evidence {
            let screens = look.screens.get(&evidence.fingerprint);
            evidence.screens = screens.into_iter().flatten().cloned().collect();
            if evidence.counts {
                reached.extend(evidence.screens.iter().cloned());
            }
        }
    }
    let mut likeness: Vec<Likeness> = rules
        .incidents
        .values()
        .map(|incident| likeness::likeness(incident, &holdings))
        .collect();
    likeness.sort_by_key(|likeness| !likeness.same_vendor);
    let mut scenarios: Vec<ScenarioFound> = rules
        .scenarios
        .iter()
        .map(|scenario| likeness::scenario(scenario, &holdings))
        .collect();
    scenarios.sort_by_key(|scenario| !scenario.enabled);
    Brief {
        schema_version: SCHEMA_VERSION,
        tool: report.tool.clone(),
        never_sent: never_sent(&holdings, rules),
        must_never: marked(rules, |class| class.never_send),
        rotate: marked(rules, |class| class.rotate),
        unresolved: holdings::unresolved(report, vendor).cloned().collect(),
        screens: reached.into_iter().collect(),
        likeness,
        combinations: report
            .combinations
            .iter()
            .filter(|found| found.vendor == vendor)
            .cloned()
            .collect(),
        scenarios,
        removal: look.removal.clone(),
        switches: switches(&holdings),
        on_pages: on_pages(&holdings),
        hubs: hubs(vendor, report, rules, policy),
        window: None,
        notice: Vec::new(),
        files: report.files.clone(),
        vendor: holdings,
    }
}

fn marked(rules: &Ruleset, mark: impl Fn(&Class) -> bool) -> BTreeSet<String> {
    let classes = rules.classes.values().filter(|class| mark(class));
    classes.map(|class| class.id.clone()).collect()
}

fn never_sent(holdings: &VendorHoldings, rules: &Ruleset) -> Vec<NeverSent> {
    let mut found: Vec<NeverSent> = holdings
        .holdings
        .iter()
        .filter(|holding| !holding.state.is_held())
        .map(|holding| NeverSent {
            class: holding.class.clone(),
            must_never: rules
                .classes
                .get(&holding.class)
                .is_some_and(|class| class.never_send),
            state: holding.state,
            resolved_calls: holdings.calls.resolved,
            open_calls: holdings.open_calls(),
        })
        .collect();
    found.sort_by_key(|never| !never.must_never);
    found
}

fn switches(holdings: &VendorHoldings) -> Vec<Switch> {
    let mut found: BTreeSet<Switch> = BTreeSet::new();
    for holding in holdings.held() {
        for evidence in &holding.evidence {
            if !evidence.counts || evidence.origin != Origin::Auto || evidence.is_of_page() {
                continue;
            }
            let option = evidence.turn_off.clone();
            let mut switch = Switch {
                turn_off: option.filter(|text| is_switch(text)),
                classes: Vec::new(),
                properties: Vec::new(),
                path: evidence.location.path.clone(),
                line: evidence.location.line,
            };
            let same = found.iter().find(|other| {
                (&other.turn_off, &other.path, other.line)
                    == (&switch.turn_off, &switch.path, switch.line)
            });
            if let Some(same) = same.cloned() {
                found.remove(&same);
                switch.classes = same.classes;
                switch.properties = same.properties;
            }
            switch.properties.push(evidence.property.clone());
            switch.classes.push(holding.class.clone());
            switch.classes.sort();
            switch.classes.dedup();
            found.insert(switch);
        }
    }
    found.into_iter().collect()
}

fn on_pages(holdings: &VendorHoldings) -> Vec<OnPages> {
    let each = holdings.held().map(|holding| {
        let taken = holding.evidence.iter();
        let taken = taken.filter(|it| it.counts && it.is_of_page());
        let properties: BTreeSet<&String> = taken.map(|it| &it.property).collect();
        OnPages {
            class: holding.class.clone(),
            properties: properties.into_iter().cloned().collect(),
        }
    });
    each.filter(|it| !it.properties.is_empty()).collect()
}

fn hubs(vendor: &str, report: &Report, rules: &Ruleset, policy: &Policy) -> Vec<Hub> {
    holdings::all(report, rules, policy)
        .into_iter()
        .filter(|other| other.vendor != vendor && other.forwards.is_some())
        .map(|other| Hub {
            classes: other.held().map(|holding| holding.class.clone()).collect(),
            name: other.name,
            vendor: other.vendor,
        })
        .collect()
}

impl Brief {
    /// Classes that the code sends, worst first.
    pub fn sent(&self) -> impl Iterator<Item = &Holding> {
        self.vendor
            .held()
            .filter(|holding| holding.state != State::Collected)
    }

    /// Classes that only the SDK collects, worst first.
    pub fn collected(&self) -> impl Iterator<Item = &Holding> {
        self.vendor
            .held()
            .filter(|holding| holding.state == State::Collected)
    }

    /// Whether the tree shows the vendor at all.
    pub fn is_present(&self) -> bool {
        self.vendor.has_visible_data() || !self.vendor.evidence.is_empty()
    }

    /// The worst of all, with what is worse together.
    pub fn worst(&self) -> Option<Severity> {
        let together = self.combinations.iter().map(|found| found.severity).max();
        self.vendor.worst().max(together)
    }
}
