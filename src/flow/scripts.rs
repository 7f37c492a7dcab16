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
use crate::facts::{Entry, Expr, FileFacts, JsxTag, Literal, TemplatePart};
use crate::source::{FileId, SourceFile, Span};
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
        let mut marks: Vec<(&str, usize)> = Vec::new();
        for (index, vendor) in self.catalog.vendors() {
            if by_calls.contains(vendor.id.as_str()) {
                continue;
            }
            let named = vendor.script_attributes.iter();
            marks.extend(named.map(|name| (name.as_str(), index)));
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
            let source = self.program.source(*file);
            for (element, vendor) in marked(facts, source, &marks) {
                let place = place(facts, *file, element, function_at(facts, element));
                let is_known =
                    |it: &Started| it.place.file == *file && element.contains(it.place.span);
                if !found.iter().any(is_known) {
                    found.push(self.started_by_script(vendor, facts, place));
                }
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
                only_if: self.tests_of_start(vendor, &place),
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

/// The elements of scripts that have one of the attributes, each with the vendor whose it is.
fn marked(facts: &FileFacts, source: &SourceFile, marks: &[(&str, usize)]) -> Vec<(Span, usize)> {
    if marks.is_empty() {
        return Vec::new();
    }
    let elements = facts.calls.iter().filter_map(|call| {
        let Expr::Jsx { tag, props, .. } = facts.expr(*call) else {
            return None;
        };
        let tag = match tag {
            JsxTag::Fragment => return None,
            JsxTag::Intrinsic(tag) => tag,
            JsxTag::Component(tag) => source.slice(facts.span(*tag)),
        };
        let is_script = tag.eq_ignore_ascii_case(SCRIPT);
        let mut named = props.iter().filter(|_| is_script).filter_map(Entry::named);
        let mark = named.find_map(|(name, _)| marks.iter().find(|(mark, _)| **name == **mark));
        Some((facts.span(*call), mark?.1))
    });
    elements.collect()
}

/// The attributes of the element in which an address stands, or of the one that stands there.
fn attributes(facts: &FileFacts, at: Span) -> Option<&[Entry]> {
    let mut elements = facts.calls.iter().filter_map(|call| {
        let Expr::Jsx { props, .. } = facts.expr(*call) else {
            return None;
        };
        let is_here = facts.span(*call) == at
            || props.iter().any(
                |entry| matches!(entry, Entry::Property { value, .. } if facts.span(*value) == at),
            );
        is_here.then_some(props.as_slice())
    });
    elements.next_back()
}
