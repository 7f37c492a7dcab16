//! Binds imports to exports across the scanned tree.
//!
//! In: the texts, and the facts of each file on demand. Out: [`Program`]: facts by file, modules by specifier, and
//! [`Definition`]s by exported name. It leaves alone what any value is (`flow`). A file is parsed when it is first asked
//! for, and once.

mod ahead;
mod aliases;
mod ambient;
pub mod modules;
mod nearby;
mod overlay;
mod scopes;
mod tags;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::{BindingId, Export, Exported, ExprId, FileFacts, Imported, Name, TypeDeclId};
use crate::manifests::Manifests;
use crate::source::{FileId, RepoPath, SourceFile};

pub use ambient::Declared;
pub use modules::{Module, Modules};
pub(crate) use overlay::MOST_OF_CONFIGURATION;

use ahead::Ahead;
use aliases::{AUTO_MODULE, Aliases};
use ambient::Ambient;
use tags::Tags;

/// Names that have been looked for on the way, by file: looking again finds no more, and a cycle of re-exports ends.
#[derive(Default)]
struct Asked {
    names: FxHashSet<(FileId, Name)>,
    /// How many exports lead to the present one.
    depth: usize,
}

/// A name is looked for in no more files than this.
const MAX_ASKED: usize = 20_000;
/// A name is exported by no more files, one after the other.
const MAX_EXPORTS: usize = 500;

/// All files of a scan, parsed as needed.
pub struct Program<'a> {
    texts: &'a [SourceFile],
    facts: Vec<OnceLock<FileFacts>>,
    /// Which files somebody has asked for: only these count, however many were parsed ahead.
    asked: Vec<AtomicBool>,
    ahead: Ahead,
    extract: fn(&SourceFile) -> FileFacts,
    modules: Modules,
    /// What the rules say of the types of packages outside the tree; their ids come after those of the tree.
    declarations: &'a [SourceFile],
    ambient: Ambient,
    aliases: OnceLock<Aliases>,
    tags: OnceLock<Tags>,
    /// The file that is being looked at, so that a crash can be laid to it.
    at: AtomicU32,
    /// What files export, by name, as far as somebody has asked: the way through files that hand on what others export is gone
    /// once for each name.
    exports: Mutex<FxHashMap<FileId, FxHashMap<Name, Option<Definition>>>>,
}

/// What an exported name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Definition {
    /// A name of a file.
    Binding(FileId, BindingId),
    /// An expression of a file.
    Expr(FileId, ExprId),
    /// A member of what a CommonJS module exports as a whole.
    MemberOf(FileId, ExprId, Name),
    /// A type of a file.
    Type(FileId, TypeDeclId),
    /// All exports of a file.
    Namespace(FileId),
    /// Something of a package outside the tree.
    Outside {
        /// The specifier as written.
        specifier: Name,
        /// What of it.
        imported: Imported,
    },
}

impl Definition {
    fn is_outside(&self) -> bool {
        matches!(self, Self::Outside { .. })
    }

    /// Whether it is of a file that should be in the tree, and was not read.
    fn is_missing(&self) -> bool {
        matches!(self, Self::Outside { specifier, .. } if specifier.starts_with('.'))
    }
}

impl<'a> Program<'a> {
    /// `extract` reads one file's facts; `manifests` say where the tree's packages lie and how they export their sources;
    /// `declarations` say what packages outside the tree export.
    pub fn new(
        root: PathBuf,
        texts: &'a [SourceFile],
        manifests: &Manifests,
        declarations: &'a [SourceFile],
        extract: fn(&SourceFile) -> FileFacts,
    ) -> Self {
        let paths: Vec<RepoPath> = texts.iter().map(|file| file.path.clone()).collect();
        Self {
            texts,
            facts: texts
                .iter()
                .chain(declarations)
                .map(|_| OnceLock::new())
                .collect(),
            asked: texts
                .iter()
                .chain(declarations)
                .map(|_| AtomicBool::default())
                .collect(),
            ahead: Ahead::default(),
            extract,
            modules: Modules::new(root, &paths, &manifests.packages, &manifests.conditions),
            declarations,
            ambient: Ambient::default(),
            aliases: OnceLock::new(),
            tags: OnceLock::new(),
            at: AtomicU32::new(0),
            exports: Mutex::default(),
        }
    }

    /// Notes that a file is being looked at.
    pub fn enter(&self, file: FileId) {
        self.at.store(file.0, Ordering::Relaxed);
    }

    /// The file that was looked at last.
    pub fn entered(&self) -> FileId {
        FileId(self.at.load(Ordering::Relaxed))
    }

    /// The configuration beside the texts that was asked where imports lead, whether it is there or not: paths below the root,
    /// in order.
    pub fn consulted(&self) -> Vec<PathBuf> {
        self.modules.consulted()
    }

    /// The facts of a file; parses it if nobody has asked before.
    pub fn facts(&self, file: FileId) -> &FileFacts {
        let asked = &self.asked[file.index()];
        if !asked.load(Ordering::Relaxed) && !asked.swap(true, Ordering::Relaxed) {
            self.ahead.push(file);
        }
        self.extracted(file)
    }

    fn extracted(&self, file: FileId) -> &FileFacts {
        self.facts[file.index()].get_or_init(|| (self.extract)(self.source(file)))
    }

    /// Parses what the files import that somebody asks for, until [`Program::end_ahead`]: for threads that have nothing else
    /// to do.
    pub fn parse_ahead(&self) {
        self.ahead.take(|file| {
            for specifier in self.extracted(file).specifiers() {
                if self.ahead.is_over() {
                    return;
                }
                if let Module::File(target) = self.module(file, specifier) {
                    self.extracted(target);
                }
            }
        });
    }

    /// Lets no more files be parsed ahead. Which configurations have been asked for does not depend on how far that came.
    pub fn end_ahead(&self) {
        self.ahead.end();
        for (file, facts) in self.parsed() {
            for specifier in facts.specifiers() {
                self.module(file, specifier);
            }
        }
    }

    /// All files that somebody has asked for, in order.
    pub fn parsed(&self) -> impl Iterator<Item = (FileId, &FileFacts)> {
        let files = (0..).map(FileId).zip(&self.facts[..self.texts.len()]);
        files
            .zip(&self.asked)
            .filter(|(_, asked)| asked.load(Ordering::Relaxed))
            .filter_map(|((id, facts), _)| Some((id, facts.get()?)))
    }

    /// The text of a file.
    pub fn source(&self, file: FileId) -> &'a SourceFile {
        match file.index().checked_sub(self.texts.len()) {
            Some(at) => &self.declarations[at],
            None => &self.texts[file.index()],
        }
    }

    /// Whether a file is one of the tree, and not of what packages declare.
    pub fn is_in_tree(&self, file: FileId) -> bool {
        file.index() < self.texts.len()
    }

    /// All texts.
    pub fn texts(&self) -> &'a [SourceFile] {
        self.texts
    }

    /// Whether a file of the tree stands in the place of a package of that name, or of a part of one (`src/analytics.ts` for
    /// `analytics`, `src/analytics/seen.ts` for `analytics/seen`, where all paths begin at `src`).
    pub fn is_own(&self, file: FileId, specifier: &str) -> bool {
        let is_source = |target: FileId| !self.source(target).path.as_str().ends_with(".d.ts");
        let package = specifier
            .split_once('/')
            .map_or(specifier, |(package, _)| package);
        !package.is_empty()
            && !package.contains(['@', '.', ':'])
            && !self.modules.has_package(package)
            && matches!(self.module(file, specifier), Module::File(target) if is_source(target))
    }

    /// What a specifier stands for in a file.
    pub fn module(&self, from: FileId, specifier: &str) -> Module {
        // A declaration of the rules knows only packages.
        if from.index() >= self.texts.len() {
            return Module::Outside;
        }
        let path = &self.texts[from.index()].path;
        self.modules.resolve(path, specifier, || {
            self.aliases().paths(path.as_str(), specifier)
        })
    }

    /// The file at a path under the root that may lack its ending.
    pub fn at(&self, path: &str) -> Module {
        self.modules.at(path)
    }

    /// The configurations of modules that could not be read, and why.
    pub fn unread(&self) -> Vec<(String, String)> {
        self.modules.unread()
    }

    fn aliases(&self) -> &Aliases {
        self.aliases
            .get_or_init(|| Aliases::new(self.texts, self.extract))
    }

    /// The files whose exports a framework gives to a file without an import.
    pub fn auto_imported(&self, file: FileId) -> impl Iterator<Item = FileId> + '_ {
        let path = self.texts.get(file.index()).map(|text| text.path.as_str());
        path.into_iter().flat_map(|path| self.aliases().auto(path))
    }

    /// What a name stands for in a file that a framework gives it to without an import.
    pub fn auto_import(&self, file: FileId, name: &str) -> Option<Definition> {
        let path = self.texts.get(file.index())?.path.as_str();
        self.aliases().auto(path).find_map(|target| {
            let is_mentioned = self.texts[target.index()].text.contains(name);
            let exported = is_mentioned.then(|| self.export(target, name));
            exported
                .flatten()
                .or_else(|| self.auto_default(target, name))
        })
    }

    /// The component that a tag in the template of a file means which nothing in the file names.
    pub fn component(&self, file: FileId, tag: &str) -> Option<Definition> {
        let path = self.texts.get(file.index())?.path.as_str();
        let tags = self.tags.get_or_init(|| Tags::new(self.texts));
        self.export(tags.file(self.texts, path, tag)?, "default")
    }

    /// The tags by which templates can mean the component of a file without an import.
    pub fn tags_of(&self, file: FileId) -> Vec<String> {
        tags::names(self.source(file).path.as_str())
    }

    /// The default export of a file that is named like what is asked for.
    fn auto_default(&self, target: FileId, name: &str) -> Option<Definition> {
        let path = self.texts[target.index()].path.as_str();
        let stem = path.rsplit('/').next()?.split('.').next()?;
        let plain = |text: &str| text.replace(['-', '_'], "").to_lowercase();
        (plain(stem) == plain(name))
            .then(|| self.export(target, "default"))
            .flatten()
    }

    /// What an import of a file stands for.
    pub fn import(
        &self,
        file: FileId,
        specifier: &Name,
        imported: &Imported,
    ) -> Option<Definition> {
        self.follow(file, specifier, imported, |target, name| {
            self.export(target, name)
        })
    }

    /// What a file exports under a name.
    pub fn export(&self, file: FileId, name: &str) -> Option<Definition> {
        let known = self.exports.lock().ok();
        if let Some(found) = known.and_then(|known| known.get(&file)?.get(name).cloned()) {
            return found;
        }
        let found = self.named(file, name, &mut Asked::default());
        if let Ok(mut known) = self.exports.lock() {
            known
                .entry(file)
                .or_default()
                .insert(name.into(), found.clone());
        }
        found
    }

    fn follow(
        &self,
        file: FileId,
        specifier: &Name,
        imported: &Imported,
        named: impl FnOnce(FileId, &str) -> Option<Definition>,
    ) -> Option<Definition> {
        let Module::File(target) = self.module(file, specifier) else {
            if let (AUTO_MODULE, Imported::Named(name)) = (specifier.as_str(), imported)
                && let Some(found) = self.auto_import(file, name)
            {
                return Some(found);
            }
            return Some(Definition::Outside {
                specifier: specifier.clone(),
                imported: imported.clone(),
            });
        };
        match imported {
            Imported::Default => named(target, "default"),
            Imported::Named(name) => named(target, name),
            Imported::Equals | Imported::Namespace => Some(self.whole(target, imported)),
            Imported::Nothing => None,
        }
    }

    /// The namespace of a file, or what it assigns to `module.exports`.
    fn whole(&self, file: FileId, imported: &Imported) -> Definition {
        let common = self
            .facts(file)
            .exports
            .iter()
            .find(|export| export.name == "module.exports");
        match common.map(|export| &export.what) {
            Some(Exported::Expr(expr)) => Definition::Expr(file, *expr),
            Some(Exported::Binding(binding)) if *imported == Imported::Equals => {
                Definition::Binding(file, *binding)
            }
            _ => Definition::Namespace(file),
        }
    }

    fn named(&self, file: FileId, name: &str, asked: &mut Asked) -> Option<Definition> {
        asked.depth += 1;
        let found = self.named_here(file, name, asked);
        asked.depth -= 1;
        found
    }

    fn named_here(&self, file: FileId, name: &str, asked: &mut Asked) -> Option<Definition> {
        if asked.depth >= MAX_EXPORTS
            || asked.names.len() > MAX_ASKED
            || !asked.names.insert((file, name.into()))
        {
            return None;
        }
        let facts = self.facts(file);
        // A value and a type may share a name; the value comes first, and whoever wants the type asks `export_type`.
        let direct = facts.exports.iter().filter(|export| export.name == name);
        let mut type_only = None;
        for export in direct {
            let defined =
                self.definition(file, export, |target, name| self.named(target, name, asked));
            match defined {
                Some(Definition::Type(file, decl)) => {
                    type_only = Some(Definition::Type(file, decl))
                }
                Some(found) => return Some(found),
                None => {}
            }
        }
        if type_only.is_some() {
            return type_only;
        }
        if let Some(Export {
            what: Exported::Expr(expr),
            ..
        }) = facts
            .exports
            .iter()
            .find(|export| export.name == "module.exports")
        {
            return Some(if name == "default" {
                Definition::Expr(file, *expr)
            } else {
                Definition::MemberOf(file, *expr, name.into())
            });
        }
        if name == "default" {
            return None;
        }
        // Whatever is not in the tree may export anything; what is in it, and has the name, is what is meant.
        let mut outside: Option<Definition> = None;
        for export in facts.exports.iter().filter(|export| export.name == "*") {
            let Exported::From {
                specifier,
                imported: Imported::Nothing,
            } = &export.what
            else {
                continue;
            };
            let found = match self.module(file, specifier) {
                Module::File(target) => self.named(target, name, asked),
                Module::Outside => Some(Definition::Outside {
                    specifier: specifier.clone(),
                    imported: Imported::Named(name.into()),
                }),
            };
            match found {
                Some(found) if found.is_outside() => {
                    let is_better = outside.as_ref().is_none_or(Definition::is_missing);
                    outside = Some(found).filter(|_| is_better).or(outside);
                }
                Some(found) => return Some(found),
                None => {}
            }
        }
        outside
    }

    /// What an export of a file stands for; none for all that another file exports.
    pub fn exported(&self, file: FileId, export: &Export) -> Option<Definition> {
        self.definition(file, export, |target, name| self.export(target, name))
    }

    /// What an export stands for; `named` looks in the file from which it is handed on.
    fn definition(
        &self,
        file: FileId,
        export: &Export,
        named: impl FnOnce(FileId, &str) -> Option<Definition>,
    ) -> Option<Definition> {
        match &export.what {
            Exported::Binding(binding) => Some(Definition::Binding(file, *binding)),
            Exported::Expr(expr) => Some(Definition::Expr(file, *expr)),
            Exported::Type(decl) => Some(Definition::Type(file, *decl)),
            Exported::From {
                specifier,
                imported,
            } => self.follow(file, specifier, imported, named),
        }
    }

    /// The type that a file exports under a name.
    pub fn export_type(&self, file: FileId, name: &str) -> Option<Definition> {
        self.own_type(file, name).or_else(|| {
            let found = self.export(file, name)?;
            Some(self.type_beside(&found).unwrap_or(found))
        })
    }

    fn own_type(&self, file: FileId, name: &str) -> Option<Definition> {
        let mut exports = self.facts(file).exports.iter();
        exports.find_map(|export| match export.what {
            Exported::Type(decl) if export.name == name => Some(Definition::Type(file, decl)),
            _ => None,
        })
    }

    /// The type that a file exports under the name of a value.
    fn type_beside(&self, value: &Definition) -> Option<Definition> {
        let Definition::Binding(file, binding) = *value else {
            return None;
        };
        let mut exports = self.facts(file).exports.iter();
        let is_value =
            |export: &&Export| matches!(export.what, Exported::Binding(it) if it == binding);
        let name = &exports.find(is_value)?.name;
        self.own_type(file, name)
    }
}
