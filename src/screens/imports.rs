//! Which modules a file imports, and by which names.
//!
//! In: a text. Out: its imports and re-exports, read by pattern and not by parser: every file of the tree is asked, most of
//! which nobody parses. It leaves alone where a specifier leads.

use std::sync::LazyLock;

use regex::Regex;

/// One import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Import {
    /// As written.
    pub(super) specifier: String,
    /// What is taken: pairs of the module's name and the name here; `*` for a namespace or whatever `import()` gives.
    pub(super) taken: Vec<(String, String)>,
    /// Handed on as exports: pairs of the module's name and the name here; `*` for all of them.
    pub(super) handed_on: Vec<(String, String)>,
}

static STATIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)^[ \t]*import[ \t]+(type[ \t]+)?([^'";]*?)\s*\bfrom\s*['"]([^'"\n]+)['"]"#)
        .ok()
});
static BARE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?m)^[ \t]*import\s*['"]([^'"\n]+)['"]"#).ok());
static HANDED_ON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?m)^[ \t]*export\s+(type\s+)?(\*(?:\s+as\s+\w+)?|\{[^}]*\})\s*from\s*['"]([^'"\n]+)['"]"#,
    )
    .ok()
});
static CALLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?:\b(?:const|let|var)\s+(\w+)\s*=[^;\n]{0,80}?)?\b(?:import|require)\s*\(\s*(?:/\*[^*]*\*/\s*)?['"]([^'"\n]+)['"]"#,
    )
    .ok()
});

/// All imports of a text.
pub(super) fn imports(text: &str) -> Vec<Import> {
    let mut found = Vec::new();
    for all in each(&STATIC, text) {
        let (is_type, clause, specifier) = (all.get(1), group(&all, 2), group(&all, 3));
        if is_type.is_none() {
            found.push(Import {
                specifier: specifier.to_owned(),
                taken: clause_names(clause),
                handed_on: Vec::new(),
            });
        }
    }
    for all in each(&HANDED_ON, text) {
        if all.get(1).is_none() {
            let clause = group(&all, 2);
            let handed_on = match clause.strip_prefix('{') {
                Some(list) => pairs(list.trim_end_matches('}')),
                None => vec![("*".to_owned(), "*".to_owned())],
            };
            found.push(Import {
                specifier: group(&all, 3).to_owned(),
                taken: Vec::new(),
                handed_on,
            });
        }
    }
    let called =
        each(&CALLED, text).map(|all| (group(&all, 1).to_owned(), group(&all, 2).to_owned()));
    let bare = each(&BARE, text).map(|all| (String::new(), group(&all, 1).to_owned()));
    for (local, specifier) in called.chain(bare) {
        found.push(Import {
            specifier,
            taken: vec![("*".to_owned(), local)],
            handed_on: Vec::new(),
        });
    }
    found
}

fn each<'t>(
    pattern: &'static LazyLock<Option<Regex>>,
    text: &'t str,
) -> impl Iterator<Item = regex::Captures<'t>> {
    pattern
        .as_ref()
        .into_iter()
        .flat_map(move |pattern| pattern.captures_iter(text))
}

fn group<'t>(all: &regex::Captures<'t>, index: usize) -> &'t str {
    all.get(index).map_or("", |found| found.as_str())
}

/// `a, { b, c as d }` → `(default, a)`, `(b, b)`, `(c, d)`.
fn clause_names(clause: &str) -> Vec<(String, String)> {
    let (outer, inner) = match clause.split_once('{') {
        Some((outer, rest)) => (outer, rest.trim_end().trim_end_matches('}')),
        None => (clause, ""),
    };
    let outer = outer
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let mut taken: Vec<(String, String)> = outer
        .map(|part| match part.strip_prefix('*') {
            Some(rest) => {
                let local = rest.split_whitespace().next_back().unwrap_or_default();
                ("*".to_owned(), local.to_owned())
            }
            None => ("default".to_owned(), part.to_owned()),
        })
        .collect();
    taken.extend(pairs(inner));
    taken
}

/// `a, b as c, type D` → `(a, a)`, `(b, c)`.
pub(super) fn pairs(list: &str) -> Vec<(String, String)> {
    list.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty() && !part.starts_with("type "))
        .map(|part| match part.split_once(" as ") {
            Some((name, local)) => (name.trim().to_owned(), local.trim().to_owned()),
            None => (part.to_owned(), part.to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form() {
        let text = "import a, { b, c as d, type E } from './x'\nimport type { F } from './types'\nimport * as ns from '@/y'\n\
                    import './side.css'\nexport { g as h } from './g'\nexport * from './all'\n\
                    const Page = lazy(() => import('./page'))\nconst z = require(\"./z\")\n";
        let found = imports(text);
        let by = |specifier: &str| found.iter().find(|import| import.specifier == specifier);
        let pair = |name: &str, local: &str| (name.to_owned(), local.to_owned());
        let taken = |specifier: &str| by(specifier).map(|import| import.taken.clone()).unwrap();
        let handed_on = |specifier: &str| {
            by(specifier)
                .map(|import| import.handed_on.clone())
                .unwrap()
        };
        assert_eq!(
            taken("./x"),
            [pair("default", "a"), pair("b", "b"), pair("c", "d")]
        );
        assert!(by("./types").is_none());
        assert_eq!(taken("@/y"), [pair("*", "ns")]);
        assert_eq!(handed_on("./g"), [pair("g", "h")]);
        assert_eq!(handed_on("./all"), [pair("*", "*")]);
        assert_eq!(taken("./page"), [pair("*", "Page")]);
        assert_eq!(taken("./z"), [pair("*", "z")]);
        assert!(by("./side.css").is_some());
    }
}
