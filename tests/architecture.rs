//! What the source keeps to: who may know whom, and what may stand where.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The stages, each of which may know itself and those before it.
const STAGES: [&str; 14] = [
    "source", "search", "facts", "syntax", "link", "flow", "classify", "screens", "pages",
    "consent", "assess", "breach", "commands", "cli",
];
/// Beside its own modules, what `report/` may know: the shapes of what is reported, and how it is said.
const REPORT_KNOWS: [&str; 3] = ["finding", "breach", "texts"];
/// Everything a file may be called that says nothing.
const EMPTY_NAMES: [&str; 7] = [
    "utils", "util", "helpers", "helper", "common", "manager", "misc",
];
/// Vendor ids that are shorter, or words of their own, occur in ordinary text.
const SHORTEST_ID: usize = 5;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file under `src/`, by its path there.
fn sources() -> BTreeMap<String, String> {
    let src = root().join("src");
    let files: BTreeMap<String, String> = walkdir::WalkDir::new(&src)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|end| end == "rs"))
        .map(|entry| {
            let path = entry.path().strip_prefix(&src).unwrap();
            let name = path.to_str().unwrap().replace('\\', "/");
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    assert!(files.len() > 30, "src/ was not found");
    files
}

/// A piece of Rust: code without comments and literals, and its string literals.
#[derive(Debug, Default)]
struct Read {
    code: String,
    strings: Vec<(usize, String)>,
}

/// Tells code from comments and literals.
fn read(text: &str) -> Read {
    let mut out = Read::default();
    let mut rest = text;
    let mut before = ' ';
    while let Some(char) = rest.chars().next() {
        let line = || 1 + text[..text.len() - rest.len()].matches('\n').count();
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = raw_string(rest).filter(|_| !before.is_alphanumeric()) {
            let hashes = rest.find('"').unwrap();
            out.strings
                .push((line(), rest[hashes + 1..length].to_owned()));
            length
        } else if char == '"' {
            let length = quoted(rest);
            out.strings.push((line(), rest[1..length - 1].to_owned()));
            length
        } else if char == '\'' {
            character(rest)
        } else {
            out.code.push(char);
            char.len_utf8()
        };
        before = char;
        rest = &rest[length..];
    }
    out
}

/// The length of the raw string that starts here.
fn raw_string(text: &str) -> Option<usize> {
    let after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(text.len() - body.len() + body.find(&end)? + end.len())
}

/// The length of the string that starts here.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of the character literal that starts here; of the quote alone, if a lifetime does.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[3..].find('\'').map_or(1, |end| end + 4),
        Some(_) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}

#[test]
fn literals_are_told_from_code() {
    let read = read(
        "// \"a\"\nlet x: &'static str = \"b\\\"c\"; /* \"d\" */ let y = '\"'; let z = r#\"e\"f\"#; let w = '\\u{1b}'; \"g\"",
    );
    let strings: Vec<&str> = read.strings.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(strings, ["b\\\"c", "e\"f\"#", "g"]);
    assert!(!read.code.contains('d'), "{}", read.code);
}

/// The modules of this crate that a file names, by `crate::…`, and by `super::…` from the top of a stage.
fn knows(name: &str, code: &str) -> BTreeSet<String> {
    let above = if name.contains('/') {
        // `super` of a stage's mod.rs is the crate, of a module in it the stage.
        let depth = name.split('/').count() - usize::from(name.ends_with("/mod.rs"));
        "super::".repeat(depth)
    } else {
        "super::".to_owned()
    };
    let mut found = BTreeSet::new();
    for root in ["crate::", above.as_str()] {
        for (at, _) in code.match_indices(root) {
            let longer = code[..at].ends_with("super::");
            if !longer {
                found.extend(first_names(&code[at + root.len()..]));
            }
        }
    }
    found
}

/// The names directly after a path's root: one, or those of a group.
fn first_names(after: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        let end = text.find(|char: char| !char.is_alphanumeric() && char != '_');
        text[..end.unwrap_or(text.len())].to_owned()
    };
    let Some(group) = after.strip_prefix('{') else {
        return vec![name(after)];
    };
    let mut depth = 0;
    let mut names = vec![name(group.trim_start())];
    for (at, char) in group.char_indices() {
        match char {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(group[at + 1..].trim_start())),
            _ => {}
        }
    }
    names
}

fn stage_of(name: &str) -> &str {
    let top = name.split('/').next().unwrap_or(name);
    top.strip_suffix(".rs").unwrap_or(top)
}

#[test]
fn no_stage_knows_a_later_one() {
    let place = |stage: &str| STAGES.iter().position(|other| *other == stage);
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let Some(own) = place(stage_of(&name)) else {
            continue;
        };
        if own >= place("commands").unwrap() {
            continue;
        }
        for known in knows(&name, &read(&text).code) {
            let later = place(&known).is_some_and(|other| other > own) || known == "report";
            if later {
                wrong.push(format!("src/{name} knows `{known}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn report_knows_only_what_is_reported() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        if stage_of(&name) != "report" {
            continue;
        }
        for known in knows(&name, &read(&text).code) {
            if !REPORT_KNOWS.contains(&known.as_str()) && known != "report" {
                wrong.push(format!("src/{name} knows `{known}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_syntax_knows_the_parser() {
    for (name, text) in sources() {
        if stage_of(&name) != "syntax" {
            let code = read(&text).code;
            assert!(
                !code.contains("tree_sitter"),
                "src/{name} names tree_sitter"
            );
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for (name, text) in sources() {
        assert!(
            text.starts_with("//! "),
            "src/{name} does not open with `//!`"
        );
        let stem = Path::new(&name).file_stem().unwrap().to_str().unwrap();
        assert!(
            !EMPTY_NAMES.contains(&stem),
            "src/{name} has a name that says nothing"
        );
    }
}

/// What vendors are known by, and where that stands: ids and globals that are no ordinary words, packages, hosts.
fn vendor_words() -> BTreeMap<String, String> {
    let mut words = BTreeMap::new();
    for entry in fs::read_dir(root().join("rules/vendors")).unwrap() {
        let path = entry.unwrap().path();
        let vendor: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
        let strings = |key: &str| -> Vec<String> {
            let list = vendor.get(key).and_then(toml::Value::as_array).cloned();
            list.unwrap_or_default()
                .iter()
                .filter_map(|value| value.as_str().or_else(|| value.get("name")?.as_str()))
                .map(str::to_owned)
                .collect()
        };
        let hosts_of = |key: &str| -> Vec<String> {
            let list = vendor.get(key).and_then(toml::Value::as_array).cloned();
            let hosts = list.unwrap_or_default().into_iter();
            hosts
                .map(|api| api["host"].as_str().unwrap().to_owned())
                .collect()
        };
        let id = vendor["id"].as_str().unwrap().to_owned();
        let common: BTreeSet<&str> = vendor
            .get("global")
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
            .filter(|global| global.get("common_word").is_some())
            .filter_map(|global| global.get("name")?.as_str())
            .collect();
        let of_rules = strings("package")
            .into_iter()
            .filter(|name| name.contains(['-', '@', '/']))
            .chain(strings("hosts"))
            .chain(hosts_of("api"))
            .chain(
                strings("global")
                    .into_iter()
                    .filter(|name| name.len() >= SHORTEST_ID && !common.contains(name.as_str())),
            )
            .chain((id.len() >= SHORTEST_ID).then(|| id.clone()));
        for word in of_rules {
            words.insert(word, id.clone());
        }
    }
    assert!(words.len() > 300, "the vendor rules were not read");
    words
}

/// Whether a word stands in a text with nothing of a name around it.
fn holds(text: &str, word: &str) -> bool {
    let is_name = |char: char| char.is_alphanumeric() || char == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

#[test]
fn vendor_knowledge_stands_in_the_rules_alone() {
    // These ids are words that a message may need.
    let ordinary = [
        "front",
        "plain",
        "split",
        "branch",
        "slack",
        "heap",
        "beamer",
        "fingerprint",
    ];
    let words = vendor_words();
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        // Unit tests may show what vendors' code looks like.
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for (line, string) in read(code).strings {
            for (word, id) in &words {
                if !ordinary.contains(&word.as_str()) && holds(&string, word) {
                    wrong.push(format!("src/{name}:{line}: `{word}` of {id} in {string:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
