//! What is said in which language.
//!
//! In: the text files, and the rules, which are written in English. Out: a catalogue of texts for each language. It leaves
//! alone filling in (`texts`).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Ruleset;
use super::error::RuleError;
use super::files::RuleFile;
use crate::texts::{BASE, Catalogue, Texts};

/// By language.
pub(super) type Catalogues = BTreeMap<String, Arc<Catalogue>>;

/// Adds the texts of a file; those of a later file win.
pub(super) fn add(
    read: &mut BTreeMap<String, Catalogue>,
    file: &RuleFile,
    errors: &mut Vec<RuleError>,
) {
    if let Some(table) = super::error::parse::<toml::Table>(file, errors) {
        let language = file.stem().to_owned();
        flatten("", table, read.entry(language).or_default(), file, errors);
    }
}

/// `[a.b] c = "…"` is the text `a.b.c`.
fn flatten(
    prefix: &str,
    table: toml::Table,
    into: &mut Catalogue,
    file: &RuleFile,
    errors: &mut Vec<RuleError>,
) {
    let mut open = vec![(prefix.to_owned(), table)];
    while let Some((prefix, table)) = open.pop() {
        for (key, value) in table {
            let name = if prefix.is_empty() {
                key
            } else {
                format!("{prefix}.{key}")
            };
            match value {
                toml::Value::Table(inner) => open.push((name, inner)),
                toml::Value::String(text) => {
                    into.insert(name, text);
                }
                _ => errors.push(RuleError::of_file(
                    &file.shown,
                    &format!("`{name}` is no text"),
                )),
            }
        }
    }
}

/// The English of the rules themselves, under the texts of the files.
pub(super) fn of_rules(rules: &Ruleset) -> Catalogue {
    let mut out = Catalogue::new();
    let mut put = |kind: &str, id: &str, parts: &[(&str, &str)]| {
        for (part, text) in parts {
            out.insert(format!("{kind}.{id}.{part}"), (*text).to_owned());
        }
    };
    for class in rules.classes.values() {
        let parts = [
            ("name", class.name.as_str()),
            ("gain", &class.gain),
            ("reason", &class.reason),
        ];
        put("class", &class.id, &parts);
    }
    for rule in &rules.combinations {
        let parts = [("title", rule.title.as_str()), ("reason", &rule.reason)];
        put("combination", &rule.id, &parts);
    }
    for rule in &rules.scenarios {
        let parts = [
            ("title", rule.title.as_str()),
            ("how", &rule.how),
            ("phrase", &rule.phrase),
            ("defence", &rule.defence),
            ("warning", &rule.warning),
        ];
        put("scenario", &rule.id, &parts);
    }
    for incident in rules.incidents.values() {
        let parts = [
            ("title", incident.title.as_str()),
            ("summary", &incident.summary),
        ];
        put("incident", &incident.id, &parts);
        for event in &incident.timeline {
            put(
                "incident",
                &incident.id,
                &[(&format!("timeline.{}", event.id), &event.event)],
            );
        }
        for item in incident.exposed.iter().chain(&incident.not_exposed) {
            put(
                "incident",
                &incident.id,
                &[(&format!("item.{}", item.id), &item.name)],
            );
        }
    }
    for vendor in rules.vendors.values() {
        if let Some(forwards) = &vendor.forwards {
            put("vendor", &vendor.id, &[("forwards", forwards)]);
        }
    }
    out
}

/// The texts of every language that there is a file for.
pub(super) fn catalogues(mut read: BTreeMap<String, Catalogue>, rules: &Ruleset) -> Catalogues {
    let base = read.entry(BASE.to_owned()).or_default();
    for (key, text) in of_rules(rules) {
        base.entry(key).or_insert(text);
    }
    // A rule of one's own may bring its Japanese name along.
    if let Some(own) = read.get_mut("ja") {
        for class in rules.classes.values() {
            if let Some(name) = &class.name_ja {
                own.entry(format!("class.{}.name", class.id))
                    .or_insert_with(|| name.clone());
            }
        }
    }
    read.into_iter()
        .map(|(language, texts)| (language, Arc::new(texts)))
        .collect()
}

impl Ruleset {
    /// The languages that reports can be in.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.catalogues.keys().map(String::as_str)
    }

    /// What reports say in a language; none where there is no file of it.
    pub fn texts(&self, language: &str) -> Option<Texts> {
        let own = self.catalogues.get(language)?;
        let base = self.catalogues.get(BASE)?;
        Some(Texts::new(language, Arc::clone(own), Arc::clone(base)))
    }

    /// The texts of a language without those that stand in for missing ones, by key.
    pub fn catalogue(&self, language: &str) -> Option<&Catalogue> {
        self.catalogues.get(language).map(Arc::as_ref)
    }
}
