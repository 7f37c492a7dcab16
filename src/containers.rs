//! What a tag manager passes on, by an export of its container.
//!
//! In: the texts, the hubs' rules and what the code hands over to them. Out: [`Passed`]: which vendors the container loads,
//! where, and which pushed keys it hands on to each. It leaves alone what the code pushes (`flow`).
//!
//! An export lists tags and variables. A variable reads a key of the data layer; a tag names variables as `{{name}}`, alone or
//! by way of other variables.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use globset::Glob;
use serde::Deserialize;

use crate::finding::FileNote;
use crate::ruleset::schema::Vendor;
use crate::source::{FileId, SourceFile, Span};

/// The type of a variable that reads a key of the data layer.
const LAYER_VARIABLE: &str = "v";
/// The type of a tag that is a piece of a page.
const HTML_TAG: &str = "html";
/// Variables that are made of others, one in the other, are not followed further.
const MAX_DEPTH: usize = 8;
/// A container in which tags name variables more often than this, by way of others, is not read to its end.
const MAX_STEPS: usize = 200_000;

/// The name of a variable is no longer.
const MAX_NAME: usize = 300;

/// What the containers of a tree say.
#[derive(Debug, Default)]
pub struct Containers {
    /// What they hand on.
    pub passed: Vec<Passed>,
    /// Exports that could not be read, or not to their end.
    pub notes: Vec<FileNote>,
}

/// What a container hands on to one vendor by one tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// The hub.
    pub hub: String,
    /// Who receives it.
    pub vendor: String,
    /// The name of the tag.
    pub tag: String,
    /// The keys of the data layer that it reads.
    pub keys: BTreeSet<String>,
    /// Where the container lists the tag.
    pub file: FileId,
    /// The same.
    pub span: Span,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Export {
    container_version: Container,
}

#[derive(Deserialize)]
struct Container {
    #[serde(default, rename = "tag")]
    tags: Vec<Part>,
    #[serde(default, rename = "variable")]
    variables: Vec<Part>,
}

/// A tag or a variable.
#[derive(Deserialize)]
struct Part {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    parameter: serde_json::Value,
    #[serde(default)]
    paused: bool,
}

/// Reads the containers among the texts. What is JSON but no export of a container says nothing.
pub fn read(texts: &[SourceFile], vendors: &BTreeMap<String, Vendor>) -> Containers {
    let mut found = Containers::default();
    for hub in vendors
        .values()
        .filter(|vendor| !vendor.containers.is_empty())
    {
        let globs = hub
            .containers
            .iter()
            .filter_map(|glob| Glob::new(glob).ok());
        let globs: Vec<_> = globs.map(|glob| glob.compile_matcher()).collect();
        for (index, file) in (0..).zip(texts) {
            let path = file.path.as_str();
            let name = path.rsplit('/').next().unwrap_or(path);
            if !globs.iter().any(|glob| glob.is_match(name)) {
                continue;
            }
            let mut note = |reason: String| {
                found.notes.push(FileNote {
                    path: path.to_owned(),
                    reason,
                    line: None,
                });
            };
            match serde_json::from_str::<Export>(file.text.trim_start_matches('\u{feff}')) {
                Ok(export) => {
                    let variables = Variables::new(&export.container_version.variables);
                    let container = export.container_version.tags.as_slice();
                    let passed = tags(
                        hub,
                        container,
                        &variables,
                        FileId(index),
                        &file.text,
                        vendors,
                    );
                    if variables.is_exhausted() {
                        note(
                            "its tags name too many variables; not all of them are followed"
                                .to_owned(),
                        );
                    }
                    found.passed.extend(passed);
                }
                Err(error) if error.is_data() => {}
                Err(error) => note(format!("no valid export of a container: {error}")),
            }
        }
    }
    found
}

fn tags(
    hub: &Vendor,
    all: &[Part],
    variables: &Variables<'_>,
    file: FileId,
    text: &str,
    vendors: &BTreeMap<String, Vendor>,
) -> Vec<Passed> {
    let mut found = Vec::new();
    for tag in all.iter().filter(|tag| !tag.paused) {
        let parameters = tag.parameter.to_string();
        let keys = variables.keys_of(&parameters);
        let receives = |vendor: &&Vendor| {
            vendor.tags.contains(&tag.kind)
                || tag.kind == HTML_TAG && vendor.hosts.iter().any(|host| parameters.contains(host))
        };
        for vendor in vendors
            .values()
            .filter(receives)
            .filter(|vendor| vendor.id != hub.id)
        {
            let quoted = serde_json::to_string(&tag.name).unwrap_or_default();
            let start = text.find(&quoted).unwrap_or(0);
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            found.push(Passed {
                hub: hub.id.clone(),
                vendor: vendor.id.clone(),
                tag: tag.name.clone(),
                keys: keys.clone(),
                file,
                span: Span::new(place(start), place(start + quoted.len())),
            });
        }
    }
    found
}

/// The variables of a container.
struct Variables<'c> {
    by_name: BTreeMap<&'c str, Vec<&'c Part>>,
    /// How often one was named so far.
    steps: Cell<usize>,
}

impl<'c> Variables<'c> {
    fn new(all: &'c [Part]) -> Self {
        let mut by_name: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for variable in all {
            by_name
                .entry(variable.name.as_str())
                .or_default()
                .push(variable);
        }
        Self {
            by_name,
            steps: Cell::new(0),
        }
    }

    fn is_exhausted(&self) -> bool {
        self.steps.get() > MAX_STEPS
    }

    /// The keys of the data layer that a text of parameters reads, by way of the variables that it names.
    fn keys_of(&self, parameters: &str) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        let mut texts = vec![parameters.to_owned()];
        let mut seen = BTreeSet::new();
        for _ in 0..MAX_DEPTH {
            let mut next = Vec::new();
            for name in texts.iter().flat_map(|text| names_in(text)) {
                self.steps.set(self.steps.get() + 1);
                if self.is_exhausted() {
                    return keys;
                }
                let Some((name, variables)) = self.by_name.get_key_value(name) else {
                    continue;
                };
                if !seen.insert(*name) {
                    continue;
                }
                for variable in variables {
                    if variable.kind == LAYER_VARIABLE {
                        keys.extend(parameter(&variable.parameter, "name"));
                    } else {
                        next.push(variable.parameter.to_string());
                    }
                }
            }
            texts = next;
        }
        keys
    }
}

/// The names of variables in a text: `{{name}}`.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("{{").filter_map(|(at, _)| {
        let rest = &text[at + 2..];
        // A name has no line break, and none is long.
        let end = rest.bytes().take(MAX_NAME).position(|byte| byte == b'}')?;
        rest[end..].starts_with("}}").then_some(&rest[..end])
    })
}

/// A parameter of a tag or variable by its key.
fn parameter(parameters: &serde_json::Value, key: &str) -> Option<String> {
    let all = parameters.as_array()?.iter();
    let mut found = all.filter(|it| it.get("key").and_then(serde_json::Value::as_str) == Some(key));
    Some(found.next()?.get("value")?.as_str()?.to_owned())
}
