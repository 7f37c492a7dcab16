//! Scripts that start an SDK by being loaded.
//!
//! In: the parsed files, and which addresses of scripts the rules name. Out: a [`Started`] where one stands in the code, with
//! the attributes of the element that loads it as options: the snippets that vendors tell people to paste call nothing else.
//! It leaves alone SDKs that a call starts, where there is one: its options are what counts.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::delivery::{Place, Started};
use super::evaluate::Evaluator;
use super::places::{function_at, place};
use crate::facts::{Entry, Expr, FileFacts, Literal, TemplatePart};
use crate::source::{FileId, Span};
use crate::strangers::MAX_HOST;

/// The surface that such a script starts.
pub(crate) const SCRIPT: &str = "script";

/// Addresses of scripts, by the host; those of the app's own server have none.
type Scripts<'r> = FxHashMap<&'r str, Vec<(&'r str, usize)>>;

impl Evaluator<'_> {
    /// What the scripts start that files load, of vendors that nothing else starts.
    pub(super) fn started_by_scripts(
        &self,
        files: &BTreeSet<FileId>,
        started: &[Started],
    ) -> Vec<Started> {
        let by_calls: BTreeSet<&str> = started
            .iter()
            .filter(|it| !it.later)
            .map(|it| it.vendor.as_str())
            .collect();
        let mut scripts = Scripts::default();
        for (index, vendor) in self.catalog.vendors() {
            if by_calls.contains(vendor.id.as_str()) {
                continue;
            }
            for address in &vendor.scripts {
                let (host, path) = address.split_at(address.find('/').unwrap_or(address.len()));
                scripts.entry(host).or_default().push((path, index));
            }
        }
        let mut found = Vec::new();
        for file in files {
            let facts = self.program.facts(*file);
            for node in &facts.exprs {
                let Some(vendor) = beginning(&node.expr).and_then(|text| loaded(&scripts, text))
                else {
                    continue;
                };
                let place = place(facts, *file, node.span, function_at(facts, node.span));
                found.push(self.started_by_script(vendor, facts, place));
            }
        }
        found
    }

    fn started_by_script(&self, vendor: usize, facts: &FileFacts, place: Place) -> Started {
        let options = attributes(facts, place.span).map(|props| self.object(place.file, props));
        let mut started = match options {
            Some(options) => self.started_by_plugin(vendor, &options, &place),
            None => Started {
                vendor: self.catalog.vendor(vendor).id.clone(),
                surface: String::new(),
                options: BTreeMap::new(),
                open: false,
                computed: BTreeMap::new(),
                only_if: self.tests_around(&place),
                later: false,
                hooks: Vec::new(),
                place,
            },
        };
        SCRIPT.clone_into(&mut started.surface);
        started
    }
}

/// The text that an address starts with.
fn beginning(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(Literal::String(text)) => Some(text),
        Expr::Template(parts) => match parts.first() {
            Some(TemplatePart::Text(text)) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// Whose script has an address.
fn loaded(scripts: &Scripts<'_>, address: &str) -> Option<usize> {
    let of = |host: &str, path: &str| {
        let known = scripts.get(host).into_iter().flatten();
        known
            .filter(|(start, _)| path.starts_with(start))
            .map(|(_, vendor)| *vendor)
            .next()
    };
    let address = address.trim_start();
    let rest = ["https:", "http:", ":"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme))
        .unwrap_or(address);
    let rest = match rest.strip_prefix("//") {
        Some(rest) => rest,
        None if rest.starts_with('/') => return of("", rest),
        None => rest,
    };
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    if host.is_empty() || host.len() > MAX_HOST {
        return None;
    }
    let mut below = host;
    loop {
        if let Some(vendor) = of(below, path) {
            return Some(vendor);
        }
        (_, below) = below.split_once('.')?;
    }
}

/// The attributes of the element in which an address stands.
fn attributes(facts: &FileFacts, at: Span) -> Option<&[Entry]> {
    let mut elements = facts.calls.iter().filter_map(|call| {
        let Expr::Jsx { props, .. } = facts.expr(*call) else {
            return None;
        };
        let is_here = props.iter().any(
            |entry| matches!(entry, Entry::Property { value, .. } if facts.span(*value) == at),
        );
        is_here.then_some(props.as_slice())
    });
    elements.next_back()
}
