//! divulge: which personal data a frontend hands to which third-party vendor.
//!
//! The stages, in the order in which a scan goes through them (`pipeline` puts them together):
//!
//! - [`cli`], [`config`], [`settings`], [`policy`]: arguments and `divulge.toml` → what is to be done;
//! - [`ruleset`]: the rule files → vendors, data classes, known functions;
//! - [`discover`]: settings → the files of the tree, and what was left out;
//! - [`read`], [`manifests`], [`lockfiles`]: files → texts, dependencies and their versions;
//! - [`search`]: names → the files that mention one;
//! - [`syntax`]: a text → [`facts`], what the file says, as plain data;
//! - [`link`]: facts → a program whose imports are bound to exports;
//! - [`flow`]: program and rules → the values that arrive at vendor calls;
//! - [`classify`]: values → data classes;
//! - [`assess`]: exposures and policy → [`finding`], the report;
//! - [`screens`]: a place → the routes from which it is reached;
//! - [`breach`]: the report → which vendor holds what, and what to do when one is breached; [`texts`] is how that is said;
//! - [`mod@report`]: the report → text;
//! - [`exercise`]: a vendor's rule → whether the code that it describes is found;
//! - [`commands`]: what each subcommand asks of them.

pub mod assess;
pub mod breach;
pub mod classify;
pub mod cli;
pub mod commands;
pub mod config;
pub mod discover;
pub mod exercise;
pub mod facts;
pub mod finding;
pub mod flow;
pub mod link;
pub mod lockfiles;
pub mod manifests;
mod pipeline;
pub mod policy;
pub mod progress;
pub mod read;
pub mod report;
pub mod ruleset;
pub mod screens;
pub mod search;
pub mod settings;
pub mod source;
mod suggest;
pub mod syntax;
pub mod texts;

pub use pipeline::{Analysis, analyze, examine};
