//! divulge: which personal data a frontend hands to which third-party vendor.

pub mod facts;
pub mod source;
pub mod syntax;
