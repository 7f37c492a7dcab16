//! divulge: which personal data a frontend hands to which third-party vendor.

pub mod classify;
pub mod facts;
pub mod finding;
pub mod flow;
pub mod link;
pub mod ruleset;
pub mod search;
pub mod source;
pub mod syntax;
