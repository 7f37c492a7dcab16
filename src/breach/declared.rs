//! What is declared, beside what was found.
//!
//! In: the tree, the rules and an inventory. Out: the vendors that lists of subprocessors, privacy pages and policies for
//! content name, and those that the code has and nobody declares. It leaves alone what a declaration says of a vendor.
//!
//! A vendor is declared where its name, or one of its hosts, stands by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ignore::WalkBuilder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Inventory;
use super::removal::mentions;
use crate::bounded;
use crate::ignored::Ignored;
use crate::ruleset::Ruleset;
use crate::ruleset::schema::Vendor;

/// A larger file is no page for people.
const MOST: u64 = 1 << 20;
/// Words in the names of files, or of the directories that hold them, that are declarations.
const PAGES: [&str; 7] = [
    "subprocessor",
    "sub-processor",
    "sub_processor",
    "privacy",
    "dpa",
    "data-processing",
    "cookie-policy",
];
/// What a file holds in which a policy for content stands.
const POLICY: &str = "content-security-policy";

/// What came of the comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Declared {
    /// The declarations that were read.
    pub files: Vec<String>,
    /// Vendors in the code that nothing declares.
    pub undeclared: Vec<String>,
    /// Vendors that are declared and not in the code, with the places.
    pub unused: BTreeMap<String, Vec<String>>,
    /// Vendors that are declared and in the code.
    pub both: Vec<String>,
}

/// Compares; `root` is the tree's.
pub fn compare(root: &Path, rules: &Ruleset, inventory: &Inventory) -> Declared {
    let mut out = Declared::default();
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in declarations(root) {
        let by_host_alone = !is_page(&path);
        for vendor in rules.vendors.values() {
            for line in lines(vendor, &text, by_host_alone) {
                let place = format!("{path}:{line}");
                places.entry(vendor.id.clone()).or_default().push(place);
            }
        }
        out.files.push(path);
    }
    let found: BTreeSet<&str> = inventory
        .vendors
        .iter()
        .map(|vendor| vendor.vendor.as_str())
        .collect();
    for vendor in &found {
        let list = match places.remove(*vendor) {
            Some(_) => &mut out.both,
            None => &mut out.undeclared,
        };
        list.push((*vendor).to_owned());
    }
    out.unused = places;
    out
}

/// Every file that declares something, by path.
fn declarations(root: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let ignored = Ignored::new(root.to_owned());
    let walk = WalkBuilder::new(root)
        .standard_filters(false)
        .hidden(true)
        .follow_links(false)
        .filter_entry(move |entry| {
            let is_directory = entry.file_type().is_some_and(|kind| kind.is_dir());
            entry.file_name() != "node_modules"
                && !(entry.depth() > 0 && ignored.leaves_out(entry.path(), is_directory))
        })
        .build();
    for entry in walk.filter_map(Result::ok) {
        let is_small = entry
            .metadata()
            .is_ok_and(|it| it.is_file() && it.len() <= MOST);
        let Some(path) = entry.path().strip_prefix(root).ok().filter(|_| is_small) else {
            continue;
        };
        let path = path.to_string_lossy().replace('\\', "/");
        if !(is_page(&path) || may_hold_policy(&path)) {
            continue;
        }
        let Ok(text) = bounded::text(entry.path(), MOST) else {
            continue;
        };
        let is_policy = || text.contains("-src ") && text.to_lowercase().contains(POLICY);
        if is_page(&path) || is_policy() {
            found.push((path, text));
        }
    }
    found.sort();
    found
}

/// A page for people, by its name: code that only has the word in its name declares nothing unless it is a page.
fn is_page(path: &str) -> bool {
    let lower = path.to_lowercase();
    let (stem, end) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    let mut last = stem.rsplit('/');
    let (name, parent) = (
        last.next().unwrap_or_default(),
        last.next().unwrap_or_default(),
    );
    let says = |text: &str| {
        PAGES
            .iter()
            .any(|word| text == *word || (word.len() > 3 && text.contains(word)))
    };
    let is_text = matches!(end, "md" | "mdx" | "html" | "htm" | "txt" | "adoc" | "rst");
    let is_view = matches!(end, "tsx" | "jsx" | "vue" | "svelte" | "astro");
    let is_shown = matches!(name, "page" | "index" | "+page");
    (is_text && (says(name) || says(parent)))
        || (is_view && (says(name) || (is_shown && says(parent))))
}

/// Files in which servers and frameworks keep their headers.
fn may_hold_policy(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    name == "_headers"
        || name == "dockerfile"
        || matches!(
            end,
            "js" | "mjs"
                | "cjs"
                | "ts"
                | "mts"
                | "tsx"
                | "json"
                | "html"
                | "conf"
                | "toml"
                | "yaml"
                | "yml"
        )
}

/// The lines on which a vendor stands.
fn lines(vendor: &Vendor, text: &str, by_host_alone: bool) -> Vec<usize> {
    let name = vendor.name.split(" (").next().unwrap_or(&vendor.name);
    let mut found = BTreeSet::new();
    for (line, text) in (1..).zip(text.lines()) {
        let host = vendor.hosts.iter().any(|host| {
            // A policy names a whole domain as often as a host.
            let domain = host.split_once('.').map_or("", |(_, domain)| domain);
            let is_wide = !domain.is_empty() && text.contains(&format!("*.{domain}"));
            is_wide || mentions(text, host)
        });
        let named = !by_host_alone && name.len() > 3 && mentions(text, name);
        if host || named {
            found.insert(line);
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_pages_from_code() {
        for path in [
            "docs/subprocessors.md",
            "apps/web/app/privacy/page.tsx",
            "legal/Privacy-Policy.html",
            "privacy/index.mdx",
        ] {
            assert!(is_page(path), "{path}");
        }
        for path in ["src/privacy/toggle.ts", "src/lib/dparse.md", "README.md"] {
            assert!(!is_page(path), "{path}");
        }
    }
}
