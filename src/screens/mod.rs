//! Which screens a place in the code is reached from.
//!
//! In: the texts of a tree, and a place. Out: the routes, layouts and endpoints whose files import it, directly or through
//! other files. They are found from the tree of files, from router files where they are literal, and from imports. It
//! leaves alone whether the code runs there.
//!
//! Imports count by their names: a file hands on what it takes by those of its exports whose declarations mention it.

mod conventions;
mod imports;
mod left_over;
mod regions;
mod routers;
mod runs;
mod tools;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::OnceLock;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::conventions::Framework;
use self::imports::Import;
use self::regions::{Declarations, Seed};
pub use self::runs::{Runs, Side};
use crate::link::Program;
use crate::link::modules::{Module, Modules};
use crate::manifests::own_conditions;
use crate::read::Texts;
use crate::source::{FileId, RepoPath, SourceFile, directories_around};

/// A tree in which more steps than this lead from a place has no screens worth listing.
const MOST_STEPS: usize = 20_000;
/// A place that more screens than this lead to, and more than one in [`SHARED_PART`] of all, is code that they share: that they
/// import it says nothing of who runs it.
const SHARED: usize = 12;
const SHARED_PART: usize = 3;
/// Directories that hold one file for each screen, by custom.
const OF_SCREENS: [&str; 3] = ["pages", "views", "screens"];

/// What kind of screen.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Around every route below its name.
    Layout,
    /// A page under an address.
    Route,
    /// A file in a directory of pages, views or screens, in an app whose routes are not known.
    Screen,
    /// Answers requests.
    Endpoint,
    /// No route leads there that could be found: the component or function itself.
    Component,
    /// Code that so many screens share that it cannot be told from which of them it runs: the file itself.
    Shared,
}

/// A screen, as people know it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Screen {
    /// What kind.
    pub kind: Kind,
    /// Its address; of a component the name.
    pub name: String,
    /// The file that it is.
    pub path: String,
}

/// Who imports what, and what is a screen.
pub struct Screens<'t> {
    texts: &'t Texts,
    /// For each file the importers, with the names that they take and hand on.
    importers: BTreeMap<FileId, Vec<(FileId, Import)>>,
    served: BTreeMap<FileId, BTreeSet<Screen>>,
    /// Files that list routes, with the files that these show.
    routers: BTreeMap<FileId, BTreeSet<FileId>>,
    /// Screens whose code a server runs, though their elements are pages.
    rendered: BTreeSet<FileId>,
    /// By directory, the framework that the package is made with.
    frameworks: BTreeMap<String, Framework>,
    /// The directories of packages that nobody else can install.
    private: BTreeSet<String>,
    /// The files that import others by a pattern of their names.
    by_pattern: OnceLock<Vec<FileId>>,
    /// The declarations of the files that were asked for them.
    declarations: Vec<OnceLock<Option<Declarations<'t>>>>,
}

/// What the text of one file says.
struct Read {
    /// The route that it gives itself.
    own: Option<String>,
    /// Routes that it lists, with the files that these show.
    routed: Vec<(String, FileId)>,
    imports: Vec<(FileId, Import)>,
}

/// Which file a specifier of a file stands for, if that is known.
type Leads<'l> = dyn Fn(FileId, &str) -> Module + Sync + 'l;

impl Read {
    fn new(file: &SourceFile, leads: impl Fn(&str) -> Module) -> Self {
        let resolve = |specifier: &str| match leads(specifier) {
            Module::File(target) => Some(target),
            Module::Outside => None,
        };
        let imports = imports::imports(&file.text);
        let routes = routers::routes(&file.text, &imports).into_iter();
        let routed = routes.flat_map(|routed| {
            let targets = routed.specifiers.iter().filter_map(|it| resolve(it));
            let targets: Vec<FileId> = targets.collect();
            let route = routed.route;
            targets.into_iter().map(move |it| (route.clone(), it))
        });
        Self {
            own: routers::own_route(&file.text),
            routed: routed.collect(),
            imports: imports
                .into_iter()
                .filter_map(|import| Some((resolve(&import.specifier)?, import)))
                .collect(),
        }
    }
}

impl<'t> Screens<'t> {
    /// Reads the imports of a tree that lies at `root`, of which nothing else is known.
    pub fn of_tree(root: PathBuf, texts: &'t Texts) -> Self {
        let paths: Vec<RepoPath> = texts.files.iter().map(|file| file.path.clone()).collect();
        let manifests = manifests(texts);
        let packages: Vec<(String, RepoPath)> = manifests
            .iter()
            .filter_map(|(directory, manifest)| {
                let name = manifest.get("name")?.as_str()?.to_owned();
                Some((name, RepoPath::new(directory.as_str())))
            })
            .collect();
        let exports = manifests.values().filter_map(|it| it.get("exports"));
        let conditions = exports.flat_map(own_conditions).collect();
        let modules = Modules::new(root, &paths, &packages, &conditions);
        let leads = |from: FileId, specifier: &str| match paths.get(from.index()) {
            Some(path) => modules.resolve(path, specifier, || at_alias(specifier, path)),
            None => Module::Outside,
        };
        Self::new(texts, &leads)
    }

    /// Reads the imports of the tree of a program.
    pub fn of_program(program: &Program<'_>, texts: &'t Texts) -> Self {
        let leads = |from: FileId, specifier: &str| match program.module(from, specifier) {
            Module::Outside => {
                let paths = at_alias(specifier, &program.source(from).path);
                let mut found = paths.iter().map(|path| program.at(path));
                found
                    .find(|it| *it != Module::Outside)
                    .unwrap_or(Module::Outside)
            }
            found => found,
        };
        Self::new(texts, &leads)
    }

    fn new(texts: &'t Texts, leads: &Leads<'_>) -> Self {
        let manifests = manifests(texts);
        let mut screens = Self {
            texts,
            importers: BTreeMap::new(),
            served: BTreeMap::new(),
            routers: BTreeMap::new(),
            rendered: BTreeSet::new(),
            frameworks: BTreeMap::new(),
            private: private(&manifests),
            by_pattern: OnceLock::new(),
            declarations: texts.files.iter().map(|_| OnceLock::new()).collect(),
        };
        let frameworks = frameworks(&manifests);
        let is_code = |file: &SourceFile| !file.path.as_str().ends_with(".json");
        let read: Vec<Option<Read>> = texts
            .files
            .par_iter()
            .enumerate()
            .map(|(index, file)| {
                let id = FileId(u32::try_from(index).ok()?);
                is_code(file).then(|| Read::new(file, |specifier| leads(id, specifier)))
            })
            .collect();
        for (id, read) in (0..).map(FileId).zip(read) {
            let Some(read) = read else { continue };
            screens.place(id, read.own, &frameworks);
            for (route, target) in read.routed {
                let screen = Screen {
                    kind: Kind::Route,
                    name: route,
                    path: texts
                        .get(target)
                        .map(|file| file.path.to_string())
                        .unwrap_or_default(),
                };
                screens.served.entry(target).or_default().insert(screen);
                screens.routers.entry(id).or_default().insert(target);
            }
            for (target, import) in read.imports {
                screens
                    .importers
                    .entry(target)
                    .or_default()
                    .push((id, import));
            }
        }
        screens.frameworks = frameworks;
        screens
    }

    fn place(&mut self, id: FileId, own: Option<String>, frameworks: &BTreeMap<String, Framework>) {
        let Some(file) = self.texts.get(id) else {
            return;
        };
        let path = file.path.as_str();
        let own = own.map(|name| Screen {
            kind: Kind::Route,
            name,
            path: path.to_owned(),
        });
        let by_tree = || {
            let (package, framework) = directories_around(path)
                .find_map(|directory| Some((directory, *frameworks.get(directory)?)))?;
            let below = path.strip_prefix(package)?.trim_start_matches('/');
            let mut screen = conventions::screen(framework, below, path)?;
            if screen.kind == Kind::Route && conventions::is_resource(framework, &file.text) {
                screen.kind = Kind::Endpoint;
            }
            Some((screen, conventions::is_rendered(framework, below)))
        };
        let by_tree = match own {
            Some(_) => None,
            None => by_tree(),
        };
        if by_tree
            .as_ref()
            .is_some_and(|(_, is_rendered)| *is_rendered)
        {
            self.rendered.insert(id);
        }
        let by_tree = by_tree.map(|(screen, _)| screen);
        if let Some(screen) = own.or(by_tree).or_else(|| by_custom(path)) {
            self.served.entry(id).or_default().insert(screen);
        }
    }

    /// Every route that is known, with its file.
    pub fn routes(&self) -> impl Iterator<Item = (FileId, &Screen)> {
        let all = self.served.iter();
        all.flat_map(|(file, screens)| screens.iter().map(|screen| (*file, screen)))
            .filter(|(_, screen)| screen.kind == Kind::Route)
    }

    /// Every address that is known to answer requests, and shows no page.
    pub fn endpoints(&self) -> impl Iterator<Item = &Screen> {
        let all = self.served.values().flatten();
        all.filter(|screen| screen.kind == Kind::Endpoint)
    }

    /// The screens from which a place is reached, for people: code that many screens share stands for itself.
    pub fn of(&self, path: &str, line: u32, symbol: Option<&str>) -> Vec<Screen> {
        let found = self.reaching(path, line, symbol);
        let known = self.served.values().map(BTreeSet::len).sum();
        if found.len() > SHARED && found.len().saturating_mul(SHARED_PART) > known {
            return vec![Screen {
                kind: Kind::Shared,
                name: path.rsplit('/').next().unwrap_or(path).to_owned(),
                path: path.to_owned(),
            }];
        }
        found
    }

    /// All screens from which a place is reached; the place itself as a component if there is none.
    pub fn reaching(&self, path: &str, line: u32, symbol: Option<&str>) -> Vec<Screen> {
        let mut found = BTreeSet::new();
        if let Some(start) = self.texts.find(path) {
            self.reach(start, line, &mut found);
        }
        // A directory called `pages` says something where no route is known.
        if found.iter().any(|screen| screen.kind != Kind::Screen) {
            found.retain(|screen| screen.kind != Kind::Screen);
        }
        if found.is_empty() {
            let name = symbol.or_else(|| path.rsplit('/').next()).unwrap_or(path);
            found.insert(Screen {
                kind: Kind::Component,
                name: name.to_owned(),
                path: path.to_owned(),
            });
        }
        found.into_iter().collect()
    }

    fn reach(&self, start: FileId, line: u32, found: &mut BTreeSet<Screen>) {
        let mut seen: BTreeSet<(FileId, Option<String>)> = BTreeSet::new();
        let mut open: VecDeque<(FileId, Option<String>)> = VecDeque::new();
        self.served_by(start, found);
        open.extend(self.exports(start, Seed::Line(line)));
        while let Some((file, name)) = open.pop_front() {
            if !seen.insert((file, name.clone())) || seen.len() > MOST_STEPS {
                continue;
            }
            for (importer, import) in self.importers.get(&file).into_iter().flatten() {
                let lists = self.routers.get(importer);
                if lists.is_some_and(|routed| routed.contains(&file)) {
                    continue;
                }
                let locals = import.taken.iter().filter(|(taken, _)| {
                    taken == "*" || name.as_ref().is_none_or(|name| name == taken)
                });
                let locals: Vec<String> = locals.map(|(_, local)| local.clone()).collect();
                if !locals.is_empty() {
                    self.served_by(*importer, found);
                    open.extend(self.exports(*importer, Seed::Names(&locals)));
                }
                for (from, to) in &import.handed_on {
                    let handed = match &name {
                        _ if from == "*" => name.clone(),
                        Some(name) if from != name => continue,
                        _ => Some(to.clone()),
                    };
                    open.push_back((*importer, handed));
                }
            }
        }
    }

    fn served_by(&self, file: FileId, found: &mut BTreeSet<Screen>) {
        if let Some(screens) = self.served.get(&file) {
            found.extend(screens.iter().cloned());
        }
    }

    /// Whether nothing leads to a component or page any more.
    pub fn is_left_over(&self, file: FileId) -> bool {
        left_over::is_left_over(self, file, None)
    }

    /// The exports of a file that a seed has to do with, each to be followed; all at once where they cannot be told.
    fn exports(&self, file: FileId, seed: Seed<'_>) -> Vec<(FileId, Option<String>)> {
        let Some(source) = self.texts.get(file) else {
            return Vec::new();
        };
        // A component file is its one export; an import without a name may be used anywhere.
        let is_script = matches!(
            source.path.extension().as_str(),
            "js" | "jsx" | "ts" | "tsx" | "mjs" | "cjs" | "mts" | "cts"
        );
        let is_named = match seed {
            Seed::Line(_) => true,
            Seed::Names(names) => names.iter().all(|name| !name.is_empty()),
        };
        let known = (is_script && is_named).then(|| {
            let declarations =
                self.declarations[file.index()].get_or_init(|| Declarations::new(&source.text));
            declarations.as_ref()?.exports(seed)
        });
        match known.flatten() {
            Some(names) => names.into_iter().map(|name| (file, Some(name))).collect(),
            None => vec![(file, None)],
        }
    }
}

/// The screen that a file in a directory of screens is.
fn by_custom(path: &str) -> Option<Screen> {
    let (directory, name) = path.rsplit_once('/')?;
    let mut parts = directory.split('/');
    parts.by_ref().find(|part| OF_SCREENS.contains(part))?;
    let stem = name.split('.').next()?;
    let shown = match (stem, parts.next_back()) {
        ("index" | "page" | "Page", Some(last)) => last,
        _ => stem,
    };
    Some(Screen {
        kind: Kind::Screen,
        name: shown.to_owned(),
        path: path.to_owned(),
    })
}

/// What `@/` and `~/` stand for where no tsconfig says so: the package's source.
fn at_alias(specifier: &str, from: &RepoPath) -> Vec<String> {
    let Some(rest) = specifier
        .strip_prefix("@/")
        .or_else(|| specifier.strip_prefix("~/"))
    else {
        return Vec::new();
    };
    let path = from.as_str();
    let starts = path
        .match_indices("src/")
        .map(|(at, _)| path.get(..at + 4).unwrap_or_default())
        .chain([""]);
    starts.map(|start| format!("{start}{rest}")).collect()
}

/// The manifests of a tree, by directory.
fn manifests(texts: &Texts) -> BTreeMap<String, serde_json::Value> {
    texts
        .manifests
        .iter()
        .filter_map(|id| texts.get(*id))
        .filter_map(|file| {
            let manifest = serde_json::from_str(&file.text).ok()?;
            let path = file.path.as_str();
            let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
            Some((directory.to_owned(), manifest))
        })
        .collect()
}

/// The directories of manifests that say that nobody is to publish the package.
fn private(manifests: &BTreeMap<String, serde_json::Value>) -> BTreeSet<String> {
    let says = |manifest: &serde_json::Value| manifest.get("private")?.as_bool();
    let private = manifests.iter().filter(|(_, it)| says(it) == Some(true));
    private.map(|(directory, _)| directory.clone()).collect()
}

/// By directory of a manifest, the framework that the package is made with.
fn frameworks(manifests: &BTreeMap<String, serde_json::Value>) -> BTreeMap<String, Framework> {
    manifests
        .iter()
        .filter_map(|(directory, manifest)| {
            let depends_on = |name: &str| {
                ["dependencies", "devDependencies"].iter().any(|list| {
                    let list = manifest.get(list);
                    list.is_some_and(|list| list.get(name).is_some())
                })
            };
            Some((directory.clone(), Framework::of(depends_on)?))
        })
        .collect()
}
