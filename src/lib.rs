//! divulge: which personal data a frontend hands to which third-party vendor.

pub mod facts;
pub mod finding;
pub mod ruleset;
pub mod source;
