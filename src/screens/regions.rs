//! Which exports of a file have to do with a place or a name in it.
//!
//! In: a text, and a line or names that it imports. Out: the exports whose declarations hold or mention them, directly or
//! through other declarations of the file. Declarations are told by lines that begin with one, as formatters write them;
//! where that says nothing, every export counts. It leaves alone other files.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

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
    text: &'t str,
    name: &'t str,
    /// Under which name others get it.
    exported: Option<String>,
    /// A statement, which runs when the file is loaded.
    is_loose: bool,
}

/// The exports that a seed has to do with; none: any of them.
pub(super) fn exports(text: &str, seed: Seed<'_>) -> Option<BTreeSet<String>> {
    let regions = regions(text)?;
    let mut reached: Vec<bool> = match seed {
        Seed::Line(line) => {
            let at = offset(text, line);
            let holder = regions.iter().rposition(|region| region.start <= at)?;
            (0..regions.len()).map(|index| index == holder).collect()
        }
        Seed::Names(names) => regions
            .iter()
            .map(|region| names.iter().any(|name| mentions(region.text, name)))
            .collect(),
    };
    // Each round adds the declarations that mention one that was added before.
    loop {
        let names: Vec<&str> = regions
            .iter()
            .zip(&reached)
            .filter_map(|(region, reached)| reached.then_some(region.name))
            .filter(|name| !name.is_empty())
            .collect();
        let more: Vec<usize> = (0..regions.len())
            .filter(|index| !reached.get(*index).copied().unwrap_or(true))
            .filter(|index| {
                let text = regions.get(*index).map_or("", |region| region.text);
                names.iter().any(|name| mentions(text, name))
            })
            .collect();
        if more.is_empty() {
            break;
        }
        for index in more {
            if let Some(reached) = reached.get_mut(index) {
                *reached = true;
            }
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
        found.extend(listed(text, region.name));
    }
    Some(found)
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
                text: text.get(start..end)?,
                name,
                exported,
                is_loose,
            })
        })
        .collect();
    (!regions.is_empty()).then_some(regions)
}

/// `export { a, b as c }` for a name.
fn listed(text: &str, name: &str) -> Vec<String> {
    let Some(listed) = LISTED.as_ref().filter(|_| !name.is_empty()) else {
        return Vec::new();
    };
    let lists = listed
        .captures_iter(text)
        .filter(|found| found.get(2).is_none());
    let pairs = lists.flat_map(|found| {
        let list = found.get(1).map_or("", |list| list.as_str());
        super::imports::pairs(list)
    });
    pairs
        .filter(|(local, _)| local == name)
        .map(|(_, exported)| exported)
        .collect()
}

fn offset(text: &str, line: u32) -> usize {
    let before = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1) as usize);
    before.map(str::len).sum()
}

/// Whether a name stands in a text by itself.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    let is_name = |char: char| char.is_alphanumeric() || char == '_' || char == '$';
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text
            .get(at + name.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "import { track } from './a'\nconst schema = 1\nfunction send() {\n  track(1)\n}\n\
        export const Form = () => {\n  send()\n}\nexport function Other() {\n  return schema\n}\nexport { send as post }\n";

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
