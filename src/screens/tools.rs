//! Which files are run by themselves: by developers, or as the process of a server.
//!
//! In: the texts and manifests of a tree, and what the rules say of names. Out: whether a file is such a program, and whether
//! the package that it is in makes no pages. It leaves alone what such files import (`runs`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::runs::Side;
use crate::read::Texts;
use crate::ruleset::pages::PageRules;
use crate::source::{FileId, directories_around, is_named};

/// A command that runs a file.
static RUNS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:^|[\s;&|/])(?:node|nodemon|tsx|ts-node|ts-node-dev|vite-node|esno|jiti|bun|deno)(?:\s+(?:run|watch)|\s+-[^\s]+)*\s+(?:\./)?([\w./@-]+\.[cm]?[jt]sx?)\b",
    )
    .ok()
});
/// Scripts of a manifest that keep a server running.
const KEEPS_RUNNING: [&str; 4] = ["start", "serve", "dev", "preview"];
/// Directories that are built of a package's sources.
const BUILT: [&str; 4] = ["dist", "build", "lib", "out"];

/// The programs of a tree.
pub(super) struct Tools {
    run: BTreeMap<FileId, Side>,
    of_server: BTreeSet<FileId>,
    loaded: BTreeSet<FileId>,
}

impl Tools {
    pub(super) fn new(texts: &Texts, rules: &PageRules) -> Self {
        let manifests = super::manifests(texts);
        let mut found = Self {
            run: BTreeMap::new(),
            of_server: BTreeSet::new(),
            loaded: BTreeSet::new(),
        };
        for (directory, manifest) in &manifests {
            for (path, side) in programs(manifest) {
                for path in sources(&join(directory, &path)) {
                    if let Some(file) = texts.find(&path) {
                        // What keeps a server running may be run by a developer as well.
                        let known = found.run.entry(file).or_insert(side);
                        *known = side.max(*known);
                    }
                }
            }
        }
        let scripts = scripts_of_pages(texts);
        let paths = scripts.iter().map(|(page, address)| beside(page, address));
        found.loaded = paths.filter_map(|path| texts.find(&path)).collect();
        let names = scripts.iter().filter_map(|(_, it)| it.rsplit('/').next());
        let pages: BTreeSet<&str> = names.collect();
        for (file, source) in (0..).map(FileId).zip(&texts.files) {
            let path = source.path.as_str();
            if path.ends_with(".json") {
                continue;
            }
            let package = package_of(path, &manifests);
            let below = package.map_or(path, |(directory, _)| {
                path.strip_prefix(directory).unwrap_or(path)
            });
            let below = below.trim_start_matches('/');
            let is_tool = source.text.starts_with("#!")
                || rules.tools.iter().any(|it| match it.strip_suffix('/') {
                    Some(first) => below.split_once('/').is_some_and(|(it, _)| it == first),
                    None => false,
                })
                || is_named(source, &without_directories(&rules.tools));
            let name = path.rsplit('/').next().unwrap_or(path);
            if is_tool && !pages.contains(name) {
                found.run.entry(file).or_insert(Side::Tool);
            }
            if package.is_some_and(|(_, manifest)| is_of_server(manifest, rules)) {
                found.of_server.insert(file);
            }
        }
        found
    }

    /// As what a file is run by itself.
    pub(super) fn run_as(&self, file: FileId) -> Option<Side> {
        self.run.get(&file).copied()
    }

    /// Whether a page loads a file as it lies in the tree, which others may import as well.
    pub(super) fn is_loaded(&self, file: FileId) -> bool {
        self.loaded.contains(&file)
    }

    /// Whether a file is of a package that answers requests, and makes no pages.
    pub(super) fn is_of_server(&self, file: FileId) -> bool {
        self.of_server.contains(&file)
    }
}

fn without_directories(names: &[String]) -> Vec<String> {
    let names = names.iter().filter(|it| !it.ends_with('/'));
    names.cloned().collect()
}

/// The files that a manifest says are run, relative to it.
fn programs(manifest: &serde_json::Value) -> Vec<(String, Side)> {
    let mut found = Vec::new();
    let scripts = manifest.get("scripts").and_then(|it| it.as_object());
    for (name, command) in scripts.into_iter().flatten() {
        let first = name.split(':').next().unwrap_or(name);
        let side = match KEEPS_RUNNING.contains(&first) {
            true => Side::Server,
            false => Side::Tool,
        };
        let runs = RUNS.as_ref().zip(command.as_str());
        let runs = runs
            .into_iter()
            .flat_map(|(it, command)| it.captures_iter(command));
        found.extend(runs.filter_map(|it| Some((it.get(1)?.as_str().to_owned(), side))));
    }
    match manifest.get("bin") {
        Some(serde_json::Value::String(path)) => found.push((path.clone(), Side::Tool)),
        Some(serde_json::Value::Object(all)) => {
            let paths = all.values().filter_map(|it| it.as_str());
            found.extend(paths.map(|path| (path.to_owned(), Side::Tool)));
        }
        _ => {}
    }
    found
}

/// Where the source of a built file may be.
fn sources(path: &str) -> Vec<String> {
    let mut found = vec![path.to_owned()];
    for built in BUILT {
        let rest = match path.strip_prefix(&format!("{built}/")) {
            Some(rest) => Some(("", rest)),
            None => path.split_once(&format!("/{built}/")),
        };
        let Some((before, rest)) = rest else { continue };
        let stem = rest.rsplit_once('.').map_or(rest, |(stem, _)| stem);
        let before = match before {
            "" => String::new(),
            before => format!("{before}/"),
        };
        for extension in ["ts", "mts", "tsx", "js", "mjs"] {
            found.push(format!("{before}src/{stem}.{extension}"));
        }
    }
    found
}

/// A path below a directory; that of the root is empty.
pub(super) fn join(directory: &str, path: &str) -> String {
    let path = path.trim_start_matches("./");
    match directory {
        "" => path.to_owned(),
        directory => format!("{directory}/{path}"),
    }
}

/// The innermost package around a path.
fn package_of<'m>(
    path: &str,
    manifests: &'m BTreeMap<String, serde_json::Value>,
) -> Option<(&'m str, &'m serde_json::Value)> {
    directories_around(path).find_map(|directory| {
        let (directory, manifest) = manifests.get_key_value(directory)?;
        Some((directory.as_str(), manifest))
    })
}

/// Whether a package depends on what answers requests, and on nothing that makes pages.
fn is_of_server(manifest: &serde_json::Value, rules: &PageRules) -> bool {
    let depends_on = |name: &String| {
        ["dependencies", "devDependencies", "peerDependencies"]
            .iter()
            .any(|list| {
                manifest
                    .get(list)
                    .is_some_and(|list| list.get(name).is_some())
            })
    };
    rules.servers_by.iter().any(depends_on) && !rules.pages_by.iter().any(depends_on)
}

/// The pages of a tree with the addresses of the scripts that they load, as written.
fn scripts_of_pages(texts: &Texts) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for file in &texts.files {
        let path = file.path.as_str();
        if !path.ends_with(".html") && !path.ends_with(".htm") {
            continue;
        }
        for (at, _) in file.text.match_indices("src=") {
            let rest = &file.text[at + "src=".len()..];
            let quoted = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
            let address = quoted.split(['"', '\'', ' ', '>', '?']).next();
            found.extend(address.map(|address| (path, address)));
        }
    }
    found
}

/// Where an address of a page leads, if the page lies at the top of what is served.
fn beside(page: &str, address: &str) -> String {
    let directory = page.rsplit_once('/').map_or("", |(directory, _)| directory);
    join(directory, address.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_manifest_runs() {
        let manifest = serde_json::json!({
            "scripts": {
                "start": "NODE_ENV=production node ./server.js",
                "dev:api": "tsx watch src/index.ts",
                "seed": "dotenv -- tsx prisma/fill.ts && vite build",
                "build": "tsc -p tsconfig.json",
            },
            "bin": { "it": "./dist/cli.js" },
        });
        let found = programs(&manifest);
        let found: BTreeSet<(&str, Side)> = found
            .iter()
            .map(|(path, side)| (path.as_str(), *side))
            .collect();
        let expected = [
            ("server.js", Side::Server),
            ("src/index.ts", Side::Server),
            ("prisma/fill.ts", Side::Tool),
            ("./dist/cli.js", Side::Tool),
        ];
        assert_eq!(found, BTreeSet::from(expected));
        assert!(sources("cli/dist/cli.js").contains(&"cli/src/cli.ts".to_owned()));
    }
}
