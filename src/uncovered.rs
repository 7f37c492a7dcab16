//! Packages that hand data to somebody, and that no vendor file covers.
//!
//! In: the texts, the rules' list of such packages, those that are known by their names, and the tree's own packages. Out: one [`Note`] for each that is imported,
//! at the first import of it. It leaves alone what is handed over, which nothing here can know, and parses no file: an import
//! of types alone, one in a comment and one in code that is shown as text are told by their text.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Location, Note, Severity};
use crate::outsiders::Outside;
use crate::ruleset::Ruleset;
use crate::search::{mentions, quoted};
use crate::source::SourceFile;

/// What the notes are called.
const ID: &str = "no-rules";
/// A clause of imports is no longer than this.
const MAX_CLAUSE: usize = 2000;

/// What is said of a package.
struct Said {
    vendor: String,
    /// What follows its name.
    what: String,
}

/// Finds those that are imported, by place.
pub fn notes(
    texts: &[SourceFile],
    own: &BTreeSet<&str>,
    outside: &[Outside],
    ruleset: &Ruleset,
) -> Vec<Note> {
    let vendors = ruleset.vendors.values();
    let covered: BTreeSet<&str> = vendors
        .flat_map(|vendor| &vendor.packages)
        .map(|package| package.name.as_str())
        .collect();
    let mut known = BTreeMap::new();
    for entry in &ruleset.uncovered {
        for package in &entry.packages {
            if !covered.contains(package.as_str()) && !own.contains(package.as_str()) {
                let vendor = entry.vendor.clone();
                let what = format!(
                    "{}; there are no rules for it, so that is in no finding",
                    entry.hands
                );
                known.insert(package.clone(), Said { vendor, what });
            }
        }
    }
    for Outside {
        module,
        vendor,
        name,
    } in outside
    {
        let what = format!(
            "has no rules and is known by its name alone: what its functions are handed is told of {name}, what it does by \
             itself is not"
        );
        let vendor = vendor.clone();
        known.insert(module.clone(), Said { vendor, what });
    }
    let names: Vec<String> = known.keys().cloned().collect();
    let mut first: BTreeMap<usize, (Location, usize)> = BTreeMap::new();
    for (file, hits) in mentions(texts, &names) {
        let file = &texts[file.index()];
        for hit in hits {
            let Some(at) = import_of(&file.text, &names[hit]) else {
                continue;
            };
            first
                .entry(hit)
                .and_modify(|(_, files)| *files += 1)
                .or_insert_with(|| {
                    let end = at + names[hit].len();
                    let location = Location::in_text(file.path.as_str(), &file.text, at, end);
                    (location, 1)
                });
        }
    }
    let mut notes: Vec<Note> = first
        .into_iter()
        .filter_map(|(index, (location, files))| {
            let package = &names[index];
            let said = known.get(package)?;
            let files = match files {
                1 => "in 1 file".to_owned(),
                more => format!("in {more} files"),
            };
            Some(Note {
                location,
                id: ID.to_owned(),
                vendor: said.vendor.clone(),
                severity: Severity::Low,
                message: format!("`{package}` {} (imported {files})", said.what),
            })
        })
        .collect();
    notes.sort();
    notes
}

/// Where a text imports a package, or a part of it, for more than its types.
fn import_of(text: &str, package: &str) -> Option<usize> {
    quoted(text, package, true).find(|at| {
        // The quote is one byte long.
        let before = text[..*at - 1].trim_end();
        let line = before.rsplit('\n').next().unwrap_or(before).trim_start();
        !is_comment(line) && imports(before) && !is_in_template(before)
    })
}

/// Whether what follows stands inside a template, as code does that is shown to people: templates within templates come in
/// pairs as well.
fn is_in_template(before: &str) -> bool {
    let signs = memchr::memchr_iter(b'`', before.as_bytes());
    let is_escaped = |at: usize| before[..at].ends_with('\\');
    let count = signs.filter(|at| !is_escaped(*at)).count();
    count % 2 == 1
}

fn is_comment(line: &str) -> bool {
    ["//", "*", "/*", "#", "<!--"]
        .iter()
        .any(|sign| line.starts_with(sign))
}

/// Whether what stands before a specifier imports the values of it.
fn imports(before: &str) -> bool {
    if let Some(call) = before.strip_suffix('(') {
        let call = call.trim_end();
        return ends_with_word(call, "import") || ends_with_word(call, "require");
    }
    if ends_with_word(before, "import") {
        return true;
    }
    let Some(clause) = before.strip_suffix("from") else {
        return false;
    };
    let start = clause.len().saturating_sub(MAX_CLAUSE);
    let start = (start..=clause.len()).find(|at| clause.is_char_boundary(*at));
    let clause = &clause[start.unwrap_or(clause.len())..];
    let keyword = ["import", "export"]
        .iter()
        .filter_map(|word| Some(clause.rfind(word)? + word.len()))
        .max();
    keyword.is_some_and(|end| !is_of_types(clause[end..].trim()))
}

/// Whether a clause names types alone: `type …`, or braces in which each name is marked so.
fn is_of_types(clause: &str) -> bool {
    if let Some(rest) = clause.strip_prefix("type") {
        return rest.starts_with([' ', '{', '*', '\t', '\n']);
    }
    let inner = clause.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    inner.is_some_and(|inner| {
        let mut names = inner.split(',').map(str::trim).filter(|it| !it.is_empty());
        names.all(|name| name.starts_with("type "))
    })
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| {
        let before = rest.chars().next_back();
        !before.is_some_and(|it| it.is_alphanumeric() || matches!(it, '_' | '$' | '.'))
    })
}

#[cfg(test)]
mod tests {
    use super::import_of;

    #[test]
    fn tells_imports_of_values() {
        let is_import = |text: &str| import_of(text, "mailer").is_some();
        for text in [
            "import Mailer from 'mailer'",
            "import {\n  type Mail,\n  Mailer,\n} from \"mailer\"",
            "import type { A } from 'a'; import { B } from 'mailer/client'",
            "const { Mailer } = require('mailer')",
            "const it = await import( 'mailer' )",
            "import 'mailer'",
            "export { Mailer } from 'mailer'",
        ] {
            assert!(is_import(text), "{text}");
        }
        for text in [
            "import type { Mailer } from 'mailer'",
            "import { type Mailer, type Mail } from 'mailer'",
            "// import Mailer from 'mailer'",
            "const name = 'mailer'",
            "import Mailer from 'mailer-local'",
            "plan.require('mailer')",
            "const shown = `\nimport Mailer from 'mailer';\n`",
            "{ \"dependencies\": { \"mailer\": \"1\" } }",
        ] {
            assert!(!is_import(text), "{text}");
        }
    }
}
