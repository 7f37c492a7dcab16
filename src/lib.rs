//! divulge: which personal data a frontend hands to which third-party vendor.
//!
//! The stages, in the order in which a scan goes through them (`pipeline` puts them together):
//!
//! - [`cli`], [`config`], [`globs`], [`reviewed`], [`settings`], [`policy`]: arguments, `divulge.toml` and `divulge.lock` →
//!   what is to be done;
//! - [`git`]: a revision or the index → its files, as a tree of their own;
//! - [`ruleset`]: the rule files → vendors, data classes, known functions;
//! - [`bounded`], [`ignored`]: how files are opened, and what .gitignore leaves out;
//! - [`discover`]: settings → the files of the tree, and what was left out;
//! - [`read`], [`manifests`], [`lockfiles`]: files → texts (with no more code than `weight` allows), dependencies, and what of
//!   them is installed (`located`: where a text names it);
//! - [`own`], [`strangers`], [`passages`], [`variables`], [`renamed`]: texts → the app's own domains, others' hosts that no rule knows, paths
//!   that lead to others (`constants`: addresses by name), and other names of globals; [`containers`]: what a hub passes on;
//! - [`uncovered`], [`outsiders`]: texts → packages that hand data to somebody, and that no vendor file covers: those of a
//!   list, and those whose names say so; [`templates`]: those of other languages that name a vendor;
//! - [`search`]: names → the files that mention one;
//! - [`syntax`]: a text → [`facts`], what the file says, as plain data;
//! - [`link`]: facts → a program whose imports are bound to exports;
//! - [`flow`]: program and rules → the values that arrive at vendor calls;
//! - [`classify`]: values → data classes;
//! - [`screens`]: a place → the routes from which it is reached; [`pages`]: texts → what the addresses of the app hold;
//!   [`consent`]: a start or call of an SDK → whether people are asked before;
//! - [`directives`]: texts → the comments that accept findings;
//! - [`assess`]: exposures and policy → [`finding`], the report;
//! - [`breach`]: the report → which vendor holds what, and what to do when one is breached; [`texts`] is how that is said;
//! - `cache`: what following the values gave, kept for the next scan;
//! - [`identity`], [`compare`]: two reports → which flows of them are the same, and which are new;
//! - [`mod@report`]: the report → text;
//! - [`exercise`]: a vendor's rule → whether the code that it describes is found;
//! - [`commands`]: what each subcommand asks of them.

pub mod assess;
pub mod bounded;
pub mod breach;
mod cache;
pub mod classify;
pub mod cli;
pub mod commands;
pub mod compare;
pub mod config;
pub mod consent;
mod constants;
pub mod containers;
pub mod day;
pub mod directives;
pub mod discover;
pub mod exercise;
mod exposures;
pub mod facts;
pub mod finding;
pub mod flow;
mod following;
pub mod git;
pub mod globs;
pub mod identity;
pub mod ignored;
pub mod link;
mod located;
pub mod lockfiles;
pub mod manifests;
pub mod outsiders;
pub mod own;
pub mod pages;
pub mod passages;
mod pipeline;
pub mod policy;
pub mod progress;
pub mod read;
pub mod renamed;
pub mod report;
pub mod reviewed;
pub mod ruleset;
pub mod screens;
pub mod search;
pub mod settings;
pub mod source;
pub mod strangers;
mod suggest;
pub mod syntax;
pub mod templates;
pub mod texts;
pub mod uncovered;
pub mod variables;
mod weight;

pub use pipeline::{Analysis, analyze, examine};
