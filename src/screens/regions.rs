//! Which exports of a file have to do with a place or a name in it.
//!
//! In: a text, and a line or names that it imports. Out: the exports whose declarations hold or mention them, directly or
//! through other declarations of the file. Declarations are told by lines that begin with one, as formatters write them;
//! where that says nothing, every export counts. It leaves alone other files.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::FxHashSet;

/// What is looked for in a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Seed<'s> {
    /// A line, from 1.
    Line(u32),
    /// Names of the file's own.
    Names(&'s [String]),
}

static DECLARATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?m)^(?:(export)\s+)?(?:(default)\s+)?(?:async\s+|abstract\s+)*(?:function\b\s*\*?|const\b|let\b|var\b|class\b|type\b|interface\b|enum\b|declare\b)\s*([\w$]*)",
    )
    .ok()
});
static DEFAULT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?m)^export\s+default\b|^export\s*=|^module\.exports\b|^exports\.").ok()
});
static LISTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^export\s*\{([^}]*)\}\s*(from\b)?").ok());
static LOOSE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^[A-Za-z_$][\w$]*(?:\.[\w$]+)*\s*\(").ok());

/// A declaration at the top of a file, up to the next one.
struct Region<'t> {
    start: usize,
    name: &'t str,
    /// The names that stand in it.
    words: FxHashSet<&'t str>,
    /// Under which name others get it.
    exported: Option<String>,
    /// A statement, which runs when the file is loaded.
    is_loose: bool,
}

/// The declarations at the top of a file.
pub(super) struct Declarations<'t> {
    text: &'t str,
    regions: Vec<Region<'t>>,
    /// `export { a, b as c }`: pairs of the file's name and that of the export.
    listed: Vec<(String, String)>,
}

impl<'t> Declarations<'t> {
    /// Reads a text; none if no line of it begins with a declaration.
    pub(super) fn new(text: &'t str) -> Option<Self> {
        Some(Self {
            text,
            regions: regions(text)?,
            listed: listed(text),
        })
    }

    /// The exports that a seed has to do with; none: any of them.
    pub(super) fn exports(&self, seed: Seed<'_>) -> Option<BTreeSet<String>> {
        let regions = &self.regions;
        let mut reached: Vec<bool> = match seed {
            Seed::Line(line) => {
                let at = offset(self.text, line);
                let holder = regions.iter().rposition(|region| region.start <= at)?;
                (0..regions.len()).map(|index| index == holder).collect()
            }
            Seed::Names(names) => regions
                .iter()
                .map(|region| {
                    names
                        .iter()
                        .any(|name| region.words.contains(name.as_str()))
                })
                .collect(),
        };
        let mut new: Vec<usize> = (0..regions.len()).filter(|at| reached[*at]).collect();
        // Each round adds the declarations that mention one that was added before.
        while !new.is_empty() {
            let names = new.iter().map(|at| regions[*at].name);
            let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
            let mentions = |at: &usize| names.iter().any(|it| regions[*at].words.contains(it));
            new = (0..regions.len())
                .filter(|at| !reached[*at] && mentions(at))
                .collect();
            for at in &new {
                reached[*at] = true;
            }
        }
        let mut found = BTreeSet::new();
        for (region, _) in regions
            .iter()
            .zip(&reached)
            .filter(|(_, reached)| **reached)
        {
            if region.is_loose {
                return None;
            }
            found.extend(region.exported.clone());
            let listed = self.listed.iter().filter(|(local, _)| local == region.name);
            found.extend(listed.map(|(_, exported)| exported.clone()));
        }
        Some(found)
    }
}

fn regions(text: &str) -> Option<Vec<Region<'_>>> {
    let declaration = DECLARATION.as_ref()?;
    let mut starts: Vec<(usize, &str, Option<String>, bool)> = Vec::new();
    for found in declaration.captures_iter(text) {
        let start = found.get(0)?.start();
        let name = found.get(3).map_or("", |name| name.as_str());
        let exported = match (found.get(1), found.get(2)) {
            (Some(_), Some(_)) => Some("default".to_owned()),
            (Some(_), None) => Some(name.to_owned()),
            _ => None,
        };
        starts.push((start, name, exported, false));
    }
    for found in DEFAULT.as_ref()?.find_iter(text) {
        let start = found.start();
        if starts.iter().all(|(other, ..)| *other != start) {
            let is_loose = !found.as_str().ends_with("default");
            starts.push((start, "", Some("default".to_owned()), is_loose));
        }
    }
    for found in LISTED.as_ref()?.find_iter(text) {
        starts.push((found.start(), "", None, false));
    }
    for found in LOOSE.as_ref()?.find_iter(text) {
        starts.push((found.start(), "", None, true));
    }
    starts.sort();
    let ends: Vec<usize> = starts.iter().skip(1).map(|(start, ..)| *start).collect();
    let regions: Vec<Region<'_>> = starts
        .into_iter()
        .zip(ends.into_iter().chain([text.len()]))
        .filter_map(|((start, name, exported, is_loose), end)| {
            Some(Region {
                start,
                name,
                words: text.get(start..end)?.split(|char| !is_name(char)).collect(),
                exported,
                is_loose,
            })
        })
        .collect();
    (!regions.is_empty()).then_some(regions)
}

fn listed(text: &str) -> Vec<(String, String)> {
    let lists = LISTED.as_ref().into_iter();
    let lists = lists.flat_map(|listed| listed.captures_iter(text));
    let own = lists.filter(|found| found.get(2).is_none());
    let pairs = own.flat_map(|found| {
        let list = found.get(1).map_or("", |list| list.as_str());
        super::imports::pairs(list)
    });
    pairs.filter(|(local, _)| !local.is_empty()).collect()
}

fn is_name(char: char) -> bool {
    char.is_alphanumeric() || char == '_' || char == '$'
}

fn offset(text: &str, line: u32) -> usize {
    let before = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1) as usize);
    before.map(str::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "import { track } from './a'\nconst schema = 1\nfunction send() {\n  track(1)\n}\n\
        export const Form = () => {\n  send()\n}\nexport function Other() {\n  return schema\n}\nexport { send as post }\n";

    fn exports(text: &str, seed: Seed<'_>) -> Option<BTreeSet<String>> {
        Declarations::new(text)?.exports(seed)
    }

    fn shown(seed: Seed<'_>) -> String {
        exports(TEXT, seed).map_or_else(
            || "all".to_owned(),
            |names| names.into_iter().collect::<Vec<_>>().join(" "),
        )
    }

    #[test]
    fn tells_which_exports_lead_to_a_place() {
        assert_eq!(shown(Seed::Line(4)), "Form post");
        assert_eq!(shown(Seed::Line(7)), "Form");
        assert_eq!(shown(Seed::Line(2)), "Other");
        assert_eq!(shown(Seed::Names(&["track".to_owned()])), "Form post");
        assert_eq!(exports("<template/>", Seed::Line(1)), None);
        assert_eq!(
            exports("export const a = 1\nstart(a)\n", Seed::Line(2)),
            None
        );
    }
}
