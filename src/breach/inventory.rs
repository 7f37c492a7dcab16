//! Which company was given what.
//!
//! In: a report. Out: [`Inventory`], all vendors with all classes. It leaves alone how it is shown.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::holdings::{self, VendorHoldings};
use super::removal;
use crate::finding::{Files, Report, SCHEMA_VERSION, Severity, Tool};
use crate::policy::Policy;
use crate::read::Texts;
use crate::ruleset::Ruleset;

/// All vendors of a tree, with what they hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Inventory {
    /// The version of the JSON reports.
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// The classes that any vendor holds or may hold, worst first.
    pub classes: Vec<ClassRow>,
    /// The vendors: those that hold the worst first, those without visible data last.
    pub vendors: Vec<VendorHoldings>,
    /// What was read.
    pub files: Files,
}

/// A class that at least one vendor has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClassRow {
    /// The data class.
    pub class: String,
    /// The worst of its findings.
    pub severity: Severity,
    /// How many vendors hold it.
    pub vendors: u64,
}

impl Inventory {
    /// Takes stock of a report; `texts` tell which packages are installed without being used.
    pub fn new(report: &Report, rules: &Ruleset, policy: &Policy, texts: &Texts) -> Self {
        let mut vendors = holdings::all(report, rules, policy);
        for rule in rules.vendors.values() {
            let is_known = vendors.iter().any(|vendor| vendor.vendor == rule.id);
            if !is_known && removal::is_installed(rule, texts) {
                let mut vendor = holdings::of_vendor(&rule.id, report, rules, policy);
                vendor.evidence.push(removal::INSTALLED.to_owned());
                vendors.push(vendor);
            }
        }
        let mut classes: Vec<ClassRow> = rules
            .classes
            .keys()
            .filter_map(|class| {
                let cells = vendors.iter().filter_map(|vendor| vendor.of(class));
                let seen: Vec<_> = cells.filter(|cell| !cell.evidence.is_empty()).collect();
                Some(ClassRow {
                    class: class.clone(),
                    severity: seen.iter().map(|cell| cell.severity).max()?,
                    vendors: seen.iter().filter(|cell| cell.state.is_held()).count() as u64,
                })
            })
            .collect();
        classes.sort_by(|a, b| {
            b.severity
                .cmp(&a.severity)
                .then_with(|| a.class.cmp(&b.class))
        });
        Self {
            schema_version: SCHEMA_VERSION,
            tool: report.tool.clone(),
            classes,
            vendors,
            files: report.files.clone(),
        }
    }
}
