//! Finding and reading rule files.
//!
//! In: the embedded directory, or a directory of the user's. Out: [`RuleFile`]s in the order of their names, and one digest
//! over them. It leaves alone what stands in them.

use std::fs;
use std::path::Path;

use include_dir::{Dir, include_dir};
use walkdir::WalkDir;
use xxhash_rust::xxh3::Xxh3;

use super::error::RuleError;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// What a rule file holds; its place says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Vendor,
    Class,
    Words,
    /// What pages give away by themselves.
    Pages,
    /// Packages that no vendor file covers.
    Uncovered,
    Combinations,
    Transforms,
    /// What was published of an incident.
    Incident,
    Scenarios,
    /// What reports say in one language.
    Texts,
    /// What packages export, in the language's own declarations.
    Declarations,
}

/// A rule file as read.
#[derive(Debug)]
pub(super) struct RuleFile {
    /// What it holds.
    pub(super) kind: Kind,
    /// The directory that it came from; empty for embedded files.
    pub(super) layer: String,
    /// The name inside its directory, with `/`.
    pub(super) name: String,
    /// The name to show.
    pub(super) shown: String,
    /// Its text.
    pub(super) text: String,
}

impl RuleFile {
    /// Whether it is the user's.
    pub(super) fn is_own(&self) -> bool {
        !self.layer.is_empty()
    }

    /// The file's name without directory and ending: the id that it must hold.
    pub(super) fn stem(&self) -> &str {
        let base = self.name.rsplit('/').next().unwrap_or(&self.name);
        base.strip_suffix(".toml").unwrap_or(base)
    }
}

/// The files that the program brings along.
pub(super) fn embedded(errors: &mut Vec<RuleError>) -> Vec<RuleFile> {
    let mut found = Vec::new();
    collect(&EMBEDDED, &mut found);
    let mut read = Vec::new();
    for (name, bytes) in found {
        take("rules", "", name, bytes, &mut read, errors);
    }
    sorted(read)
}

fn collect(dir: &Dir<'static>, found: &mut Vec<(String, Vec<u8>)>) {
    for file in dir.files() {
        found.push((slashed(file.path()), file.contents().to_vec()));
    }
    for inner in dir.dirs() {
        collect(inner, found);
    }
}

/// The rule files of a user's directory.
pub(super) fn user(dir: &Path, errors: &mut Vec<RuleError>) -> Vec<RuleFile> {
    let base = dir.display().to_string();
    let mut read = Vec::new();
    for entry in WalkDir::new(dir).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) if entry.file_type().is_file() => entry,
            Ok(_) => continue,
            Err(error) => {
                errors.push(RuleError::of_file(&base, &error.to_string()));
                continue;
            }
        };
        let name = slashed(entry.path().strip_prefix(dir).unwrap_or(entry.path()));
        if !is_rule(&name) {
            continue;
        }
        match fs::read(entry.path()) {
            Ok(bytes) => take(&base, &base, name, bytes, &mut read, errors),
            Err(error) => {
                let shown = entry.path().display().to_string();
                errors.push(RuleError::of_file(&shown, &error.to_string()));
            }
        }
    }
    sorted(read)
}

fn take(
    base: &str,
    layer: &str,
    name: String,
    bytes: Vec<u8>,
    read: &mut Vec<RuleFile>,
    errors: &mut Vec<RuleError>,
) {
    if !is_rule(&name) {
        return;
    }
    let shown = format!("{}/{name}", base.trim_end_matches('/'));
    let Some(kind) = kind_of(&name) else {
        errors.push(RuleError::of_file(
            &shown,
            "no rule file belongs here: it must be `vendors/<id>.toml`, `classes/<id>.toml`, `words.toml`, \
             `pages.toml`, `uncovered.toml`, `combinations.toml`, `scenarios.toml`, `transforms.toml`, `incidents/<id>.toml`, `texts/<language>.toml` \
             or `types/<name>.d.ts`",
        ));
        return;
    };
    match String::from_utf8(bytes) {
        Ok(text) => read.push(RuleFile {
            kind,
            layer: layer.to_owned(),
            name,
            shown,
            text,
        }),
        Err(_) => errors.push(RuleError::of_file(&shown, "it is not UTF-8")),
    }
}

/// Whether a file's name is one of a rule file.
fn is_rule(name: &str) -> bool {
    name.ends_with(".toml") || (name.starts_with("types/") && name.ends_with(".d.ts"))
}

fn kind_of(name: &str) -> Option<Kind> {
    match name {
        "words.toml" => Some(Kind::Words),
        "pages.toml" => Some(Kind::Pages),
        "uncovered.toml" => Some(Kind::Uncovered),
        "combinations.toml" => Some(Kind::Combinations),
        "transforms.toml" => Some(Kind::Transforms),
        "scenarios.toml" => Some(Kind::Scenarios),
        _ if name.starts_with("vendors/") => Some(Kind::Vendor),
        _ if name.starts_with("classes/") => Some(Kind::Class),
        _ if name.starts_with("incidents/") => Some(Kind::Incident),
        _ if name.starts_with("texts/") => Some(Kind::Texts),
        _ if name.starts_with("types/") && name.ends_with(".d.ts") => Some(Kind::Declarations),
        _ => None,
    }
}

fn sorted(mut read: Vec<RuleFile>) -> Vec<RuleFile> {
    read.sort_by(|a, b| a.name.cmp(&b.name));
    read
}

fn slashed(path: &Path) -> String {
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// A digest of names and contents, the same wherever the directories lie. How something is said changes no finding.
pub(super) fn digest(read: &[RuleFile]) -> String {
    let mut hash = Xxh3::new();
    for file in read.iter().filter(|file| file.kind != Kind::Texts) {
        for part in [&file.name, &file.text] {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
    }
    format!("{:016x}", hash.digest())
}
