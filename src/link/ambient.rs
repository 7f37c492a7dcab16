//! Types that are declared for everybody, and what is declared of packages outside the tree.
//!
//! In: the declarations of the rules, and the declaration files of the tree. Out: [`Declared`] by package and name; global
//! types by name. It leaves alone what the types say (`flow`). A file is parsed when a name is asked for that it declares.

use std::sync::{Mutex, OnceLock};

use rustc_hash::FxHashMap;

use super::Program;
use crate::facts::{BindingId, Exported, Imported, Name, TypeDeclId, TypeDeclKind};
use crate::source::{FileId, SourceFile};

/// Re-exports are followed this far.
const MAX_HOPS: usize = 8;

/// What a module exports without a name.
const DEFAULT: &str = "default";

/// What a package outside the tree is declared to export under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declared {
    /// A type.
    Type(FileId, TypeDeclId),
    /// A value.
    Binding(FileId, BindingId),
    /// All exports of a package.
    Module(Name),
}

/// What has been found so far.
#[derive(Default)]
pub(super) struct Ambient {
    /// Files that declare something for others.
    files: OnceLock<Vec<FileId>>,
    /// Files by the package that they declare, with the place among its modules.
    modules: OnceLock<FxHashMap<Name, Vec<(FileId, usize)>>>,
    globals: Mutex<FxHashMap<Name, Vec<(FileId, TypeDeclId)>>>,
}

fn is_declaration(file: &SourceFile) -> bool {
    file.path.as_str().ends_with(".d.ts")
}

fn is_typed(file: &SourceFile) -> bool {
    let name = file.path.as_str();
    [".ts", ".tsx", ".mts", ".cts"]
        .iter()
        .any(|end| name.ends_with(end))
}

impl Program<'_> {
    /// What a package outside the tree is declared to export under a name.
    pub fn declared(&self, specifier: &str, name: &str, wants_type: bool) -> Option<Declared> {
        self.declared_at(specifier, name, wants_type, 0)
    }

    fn declared_at(
        &self,
        specifier: &str,
        name: &str,
        wants_type: bool,
        hops: usize,
    ) -> Option<Declared> {
        if hops > MAX_HOPS {
            return None;
        }
        let modules = self.ambient.modules.get_or_init(|| self.declared_modules());
        let mut found = None;
        // What the tree only adds to is declared by the rules as a whole, if they know it.
        let mut added = None;
        for (file, at) in modules.get(specifier)? {
            let (_, exported) = &self.facts(*file).modules[*at];
            for (exported_name, what) in exported {
                let is_all = exported_name == "*";
                if exported_name != name && !is_all {
                    continue;
                }
                let next = match what {
                    Exported::Type(decl) => Declared::Type(*file, *decl),
                    Exported::Binding(binding) => Declared::Binding(*file, *binding),
                    Exported::From {
                        specifier,
                        imported: Imported::Named(name),
                    } => match self.declared_at(specifier, name, wants_type, hops + 1) {
                        Some(found) => found,
                        None => continue,
                    },
                    Exported::From {
                        specifier,
                        imported: Imported::Default,
                    } => match self.declared_at(specifier, DEFAULT, wants_type, hops + 1) {
                        Some(found) => found,
                        None => continue,
                    },
                    Exported::From {
                        specifier,
                        imported: Imported::Nothing,
                    } if is_all => match self.declared_at(specifier, name, wants_type, hops + 1) {
                        Some(found) => found,
                        None => continue,
                    },
                    Exported::From {
                        specifier,
                        imported: Imported::Namespace,
                    } => Declared::Module(specifier.clone()),
                    _ => continue,
                };
                let fits = match next {
                    Declared::Type(..) => wants_type,
                    Declared::Binding(..) => !wants_type,
                    Declared::Module(_) => true,
                };
                if fits && matches!(next, Declared::Type(..)) && self.is_added(*file) {
                    added.get_or_insert(next);
                    continue;
                }
                if fits {
                    return Some(next);
                }
                found.get_or_insert(next);
            }
        }
        added.or(found)
    }

    /// What files of the tree add to a type that the rules declare of a package (`declare module 'x' { interface Y { … } }`).
    pub fn additions(&self, file: FileId, decl: TypeDeclId) -> Vec<(FileId, TypeDeclId)> {
        if file.index() < self.texts.len() {
            return Vec::new();
        }
        let modules = self.ambient.modules.get_or_init(|| self.declared_modules());
        let name = &self.facts(file).type_decl(decl).name;
        let is_it = |what: &Exported| matches!(what, Exported::Type(known) if *known == decl);
        let own = self.facts(file).modules.iter();
        let own = own.filter(|(_, exported)| exported.iter().any(|(_, it)| is_it(it)));
        let declaring = own.filter_map(|(specifier, _)| modules.get(specifier));
        let in_tree = declaring.flatten().filter(|(file, _)| self.is_added(*file));
        let types = in_tree.flat_map(|(file, at)| {
            let exported = self.facts(*file).modules[*at].1.iter();
            exported.filter_map(move |(known, what)| match what {
                Exported::Type(decl) if known == name => Some((*file, *decl)),
                _ => None,
            })
        });
        types.collect()
    }

    fn declared_modules(&self) -> FxHashMap<Name, Vec<(FileId, usize)>> {
        let mut modules: FxHashMap<Name, Vec<(FileId, usize)>> = FxHashMap::default();
        // A file that is no declaration may add to what a package declares as well.
        let of_tree = (0..)
            .map(FileId)
            .zip(self.texts)
            .filter(|(_, file)| is_typed(file) && file.text.contains("declare module"));
        let of_tree = of_tree.map(|(id, _)| id);
        for id in of_tree.chain(self.declarations()) {
            for (at, (name, _)) in self.facts(id).modules.iter().enumerate() {
                modules.entry(name.clone()).or_default().push((id, at));
            }
        }
        modules
    }

    /// Whether the tree or the rules declare anything of a package.
    pub fn declares(&self, specifier: &str) -> bool {
        let modules = self.ambient.modules.get_or_init(|| self.declared_modules());
        modules.contains_key(specifier)
    }

    /// The declarations of the rules.
    pub fn declarations(&self) -> impl Iterator<Item = FileId> {
        let first = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        (first..)
            .map(FileId)
            .zip(self.declarations)
            .map(|(id, _)| id)
    }

    /// Whether what a file declares of a package is added to what the package says itself: the file is a module.
    pub fn is_added(&self, file: FileId) -> bool {
        let is_of_tree = file.index() < self.texts.len();
        let facts = self.facts(file);
        is_of_tree && !(facts.imports.is_empty() && facts.exports.is_empty())
    }

    /// A type that a file of the tree declares for all files.
    pub fn global_type(&self, name: &str) -> Option<(FileId, TypeDeclId)> {
        self.global_types(name).first().copied()
    }

    /// The same, of each file that declares one of the name: namespaces of one name are one.
    pub fn global_types(&self, name: &str) -> Vec<(FileId, TypeDeclId)> {
        let known = self.ambient.globals.lock().ok();
        if let Some(known) = known.and_then(|globals| globals.get(name).cloned()) {
            return known;
        }
        let found = self.find_globals(name);
        if let Ok(mut globals) = self.ambient.globals.lock() {
            globals.insert(name.into(), found.clone());
        }
        found
    }

    fn find_globals(&self, name: &str) -> Vec<(FileId, TypeDeclId)> {
        let files = self.ambient.files.get_or_init(|| {
            let all = (0..).map(FileId).zip(self.texts);
            all.filter(|(_, file)| is_declaration(file) || file.text.contains("declare global"))
                .map(|(id, _)| id)
                .collect()
        });
        let written = ["interface", "type", "namespace", "module", "enum", "class"]
            .map(|word| format!("{word} {name}"));
        let found = files.iter().filter_map(|file| {
            let text = &self.source(*file).text;
            if !written.iter().any(|written| text.contains(written)) {
                return None;
            }
            let facts = self.facts(*file);
            let is_script = facts.imports.is_empty() && facts.exports.is_empty();
            let mut decls = (0..).map(TypeDeclId).zip(&facts.type_decls);
            decls
                .find(|(_, decl)| {
                    let is_global = decl.global || is_script;
                    is_global
                        && decl.name == name
                        && !matches!(&decl.kind, TypeDeclKind::Namespace(names) if names.is_empty())
                })
                .map(|(id, _)| (*file, id))
        });
        found.collect()
    }
}
