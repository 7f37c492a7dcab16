//! Functions of the app that give what holds the parameters of the page's own address.
//!
//! In: the program, and the rules of pages. Out: [`Readers`]: each such function with the way to what it gives (`useQuery` with
//! `new URLSearchParams(useLocation().search)`), and for a file the names that stand for one. It leaves alone what is read from
//! it (`addresses`).

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use rustc_hash::FxHashMap;

use super::signs::names;
use super::ways::{Ways, function_of_binding};
use crate::facts::{BindingId, Exported, FileFacts, Name};
use crate::link::{Definition, Program};
use crate::read::Texts;
use crate::ruleset::pages::PageRules;
use crate::search::holds_word;
use crate::source::FileId;

/// Ways by the names that a file has for them.
pub(super) type ByName = FxHashMap<BindingId, String>;

/// The functions of a tree that give what holds parameters.
#[derive(Debug, Default)]
pub(super) struct Readers {
    ways: BTreeMap<(FileId, BindingId), String>,
    names: BTreeSet<Name>,
}

impl Readers {
    pub(super) fn new(program: &Program<'_>, texts: &Texts, rules: &PageRules) -> Self {
        // A hook, or a function that gives the parameters at once.
        let Ok(sign) = Regex::new(
            r"(?:function|const|let|var)\s+use[A-Z]\w*|(?:=>|return)\s*\(?\s*new\s+URL(?:SearchParams)?\s*\(",
        ) else {
            return Self::default();
        };
        // `useRouter` of `useRouter().query.*`
        let holder = |way: &str| names(way.rsplit_once('.').map_or(way, |(holder, _)| holder));
        let holders: Vec<Vec<String>> = rules.all_reads().map(holder).collect();
        let found = super::of_each(texts, |file, source| {
            let text = &source.text;
            let is_named = |names: &Vec<String>| names.iter().all(|name| holds_word(text, name));
            if source.path.as_str().ends_with(".json")
                || !text.contains("export")
                || !sign.is_match(text)
                || !holders.iter().any(is_named)
            {
                return Vec::new();
            }
            let facts = program.facts(file);
            let ways = Ways::new(facts, rules, ByName::default());
            let bindings = (0..).map(BindingId).zip(&facts.bindings);
            let readers = bindings.filter_map(|(binding, declared)| {
                let way = ways.given_by(function_of_binding(facts, binding)?)?;
                let holds = |rule: &str| {
                    let rest = rule.strip_prefix(way.as_str());
                    rest.is_some_and(|rest| rest.starts_with('.'))
                };
                let is_reader = rules.all_reads().any(holds);
                // Only what is exported has a name elsewhere.
                let mut exports = facts.exports.iter();
                let is_exported =
                    exports.any(|it| matches!(it.what, Exported::Binding(it) if it == binding));
                let name = is_exported.then(|| declared.name.clone());
                is_reader.then_some(((file, binding), way, name))
            });
            readers.collect()
        });
        let mut readers = Self::default();
        for (at, way, name) in found {
            readers.ways.insert(at, way);
            readers.names.extend(name);
        }
        readers
    }

    /// Whether a text has the name of one.
    pub(super) fn are_named(&self, text: &str) -> bool {
        self.names.iter().any(|name| holds_word(text, name))
    }

    /// The names that a file has for them: its own, and what it imports.
    pub(super) fn of(&self, program: &Program<'_>, file: FileId, facts: &FileFacts) -> ByName {
        let mut found = ByName::default();
        if self.ways.is_empty() {
            return found;
        }
        for import in &facts.imports {
            let Some(binding) = import.binding else {
                continue;
            };
            let defined = program.import(file, &import.specifier, &import.imported);
            let way = match defined {
                Some(Definition::Binding(file, binding)) => self.ways.get(&(file, binding)),
                _ => None,
            };
            if let Some(way) = way {
                found.insert(binding, way.clone());
            }
        }
        let own = self
            .ways
            .range((file, BindingId(0))..=(file, BindingId(u32::MAX)));
        found.extend(own.map(|((_, binding), way)| (*binding, way.clone())));
        found
    }
}
