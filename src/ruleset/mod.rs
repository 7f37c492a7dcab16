//! Rules: what the tool knows of vendors, data classes and functions, all of it data.

pub mod schema;
