//! Rows for a record of processing.
//!
//! In: an inventory. Out: one row for each vendor, with what the code knows of it and blanks for what it cannot know. It
//! leaves alone the law.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Inventory;

/// A recipient of personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recipient {
    /// The vendor's id.
    pub vendor: String,
    /// Its name.
    pub name: String,
    /// What kind of service it is.
    pub category: String,
    /// Where it has its seat, if the rule knows it.
    pub country: Option<String>,
    /// Classes that the code sends.
    pub sent: Vec<String>,
    /// Classes that its SDK collects.
    pub collected: Vec<String>,
    /// Whether something that is sent is not known.
    pub incomplete: bool,
    /// What it passes on, if it is a hub.
    pub forwards: Option<String>,
    /// To fill in.
    pub purpose: String,
    /// To fill in.
    pub legal_basis: String,
    /// To fill in.
    pub retention: String,
}

/// The rows, in the order of the inventory.
pub fn recipients(inventory: &Inventory) -> Vec<Recipient> {
    let rows = inventory.vendors.iter().map(|vendor| {
        let classes = |wanted: fn(&super::Holding) -> bool| {
            let held = vendor.held().filter(|holding| wanted(holding));
            held.map(|holding| holding.class.clone()).collect()
        };
        Recipient {
            vendor: vendor.vendor.clone(),
            name: vendor.name.clone(),
            category: vendor.category.clone(),
            country: vendor.country.clone(),
            sent: classes(|it| it.sent + it.hashed + it.part > 0),
            collected: classes(|it| it.collected > 0),
            incomplete: vendor.unresolved > 0 || vendor.open_calls() > 0,
            forwards: vendor.forwards.clone(),
            purpose: String::new(),
            legal_basis: String::new(),
            retention: String::new(),
        }
    });
    rows.collect()
}
