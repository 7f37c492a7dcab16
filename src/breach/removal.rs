//! Where a vendor's SDK stands in the tree.
//!
//! In: the vendor's rule, the report and the texts. Out: every line to remove: dependencies, imports, scripts and hosts,
//! init calls and calls. It leaves alone removing them.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Report;
use crate::read::Texts;
use crate::ruleset::schema::Vendor;
use crate::search::quoted;

/// What stands on a line.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// A dependency of a package.json.
    Dependency,
    /// An import of the package.
    Import,
    /// The package's name elsewhere: in a configuration, or as a string.
    Name,
    /// A name of one of the vendor's hosts: a script, a request, an entry of a policy.
    Host,
    /// A call that starts the SDK.
    Init,
    /// A call that hands something over.
    Call,
}

impl What {
    /// The word of the keys of texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dependency => "dependency",
            Self::Import => "import",
            Self::Name => "name",
            Self::Host => "host",
            Self::Init => "init",
            Self::Call => "call",
        }
    }
}

/// A line to remove.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// What stands there.
    pub what: What,
    /// Relative to the root.
    pub path: String,
    /// From 1.
    pub line: u32,
}

/// How a vendor is known that only a package.json names.
pub(super) const INSTALLED: &str = "package";

/// Whether a package.json of the tree names one of the vendor's packages.
pub(super) fn is_installed(rule: &Vendor, texts: &Texts) -> bool {
    let mut manifests = texts.manifests.iter().filter_map(|id| texts.get(*id));
    manifests.any(|file| {
        let mut packages = rule.packages.iter();
        packages.any(|package| quoted(&file.text, &package.name, false).next().is_some())
    })
}

/// Every line of a vendor.
pub fn removal(rule: &Vendor, report: &Report, texts: &Texts) -> Vec<Line> {
    let mut found = BTreeSet::new();
    let packages: Vec<&str> = rule.packages.iter().map(|it| it.name.as_str()).collect();
    for (index, file) in texts.files.iter().enumerate() {
        let is_manifest = texts.manifests.iter().any(|id| id.index() == index);
        let path = file.path.as_str();
        let mut add = |what: What, at: usize| {
            let before = file.text.get(..at).unwrap_or_default();
            let line = u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX);
            found.insert(Line {
                what,
                path: path.to_owned(),
                line,
            });
        };
        for package in &packages {
            for at in quoted(&file.text, package, !is_manifest) {
                match named_as(&file.text, at) {
                    _ if is_manifest => add(What::Dependency, at),
                    Some(what) => add(what, at),
                    None => {}
                }
            }
        }
        if !is_manifest {
            for host in &rule.hosts {
                for at in hosts(&file.text, host) {
                    add(What::Host, at);
                }
            }
        }
    }
    let starts = report
        .auto_collected
        .iter()
        .filter(|auto| auto.vendor == rule.id)
        .filter_map(|auto| Some((What::Init, auto.location.as_ref()?)));
    let calls = report
        .sinks
        .iter()
        .filter(|sink| sink.vendor == rule.id)
        .map(|sink| (What::Call, &sink.location));
    for (what, location) in starts.chain(calls) {
        found.insert(Line {
            what,
            path: location.path.clone(),
            line: location.line,
        });
    }
    found.into_iter().collect()
}

/// What a quoted name of a package is, by what stands before it; nothing in a comment.
fn named_as(text: &str, at: usize) -> Option<What> {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
    let mut comments = ["//", "*", "/*", "<!--", "{/*"].iter();
    if comments.any(|sign| line.starts_with(sign)) || line.contains(" // ") {
        return None;
    }
    let said = before
        .trim_end_matches(['"', '\'', '`'])
        .trim_end_matches([' ', '(', '\t', '\n', '\r']);
    let mut imports = ["from", "import", "require"].iter();
    Some(if imports.any(|word| said.ends_with(word)) {
        What::Import
    } else {
        What::Name
    })
}

/// Where a host or a subdomain of it stands, with nothing of a longer name around it.
fn hosts<'t>(text: &'t str, host: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(host).filter_map(move |(at, _)| {
        let before = text.get(..at)?.chars().next_back();
        let after = text.get(at + host.len()..)?.chars().next();
        let is_name = |char: char| char.is_alphanumeric() || char == '-';
        let alone =
            !before.is_some_and(is_name) && !after.is_some_and(|char| is_name(char) || char == '.');
        alone.then_some(at)
    })
}

/// Whether a name or host stands in a text by itself.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    hosts(text, name).next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_and_not_longer_ones() {
        let text = "import a from 'acme'\nimport b from 'acme/x'\nimport c from 'acme-y'\nacme()";
        let count = |with| quoted(text, "acme", with).count();
        assert_eq!((count(true), count(false)), (2, 1));
        let named = |text: &str| named_as(text, text.find("acme").unwrap_or_default());
        for text in [
            "import a from 'acme'",
            "import 'acme'",
            "require( \"acme\" )",
            "x(\n  import(\n    'acme'))",
        ] {
            assert_eq!(named(text), Some(What::Import), "{text}");
        }
        assert_eq!(named("modules: ['acme']"), Some(What::Name));
        for text in ["// from 'acme'", "f() // see 'acme'", " * `acme`"] {
            assert_eq!(named(text), None, "{text}");
        }
        let text = "https://eu.in.acme.example/x in.acme.example.org notin.acme.example";
        assert_eq!(hosts(text, "in.acme.example").count(), 1);
    }
}
