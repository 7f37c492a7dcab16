//! Says which data class a value is of.
//!
//! In: a [`Subject`], what the flow stage knows of a value, and the class rules. Out: [`Verdict`]s. It leaves alone how
//! the value got there and how bad that is.

use crate::finding::Confidence;

pub use crate::flow::{Subject, ValueType};

/// A class, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The class id.
    pub class: String,
    /// How sure.
    pub confidence: Confidence,
    /// One sentence for people.
    pub reason: String,
}
