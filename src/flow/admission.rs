//! Which of the files that mention a name use it for what it names.
//!
//! In: the files that mention the terms of a round. Out: those to parse: a term that names an export of a file counts only
//! where that file is imported, itself or through files that hand on all that it exports. Also how many use a file. It leaves alone
//! the search (`search`) and what the terms are (`terms`). Nothing is parsed: module specifiers are read from the text.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use memchr::memmem;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::terms::{Term, WHOLE};
use crate::link::{Module, Program};
use crate::search::{may_export_all, may_export_by_name, mentions, specifiers};
use crate::source::FileId;

/// Chooses the files of each round.
pub(super) struct Admission<'p> {
    program: &'p Program<'p>,
    /// The files that hand on all exports of a file.
    barrels: OnceLock<Barrels>,
    /// Those that may hand on some of them.
    by_name: OnceLock<Barrels>,
}

/// By a file, those that hand on what it exports.
type Barrels = FxHashMap<FileId, Vec<FileId>>;

impl<'p> Admission<'p> {
    pub(super) fn new(program: &'p Program<'p>) -> Self {
        Self {
            program,
            barrels: OnceLock::new(),
            by_name: OnceLock::new(),
        }
    }

    /// The files in which a term counts.
    pub(super) fn files(&self, terms: &[Term]) -> BTreeSet<FileId> {
        let found = self.counting(terms, |file, terms| terms.next().map(|_| file));
        found.into_iter().collect()
    }

    /// For each file whose exports the terms name, in how many files one of them counts.
    pub(super) fn users(&self, terms: &[Term]) -> FxHashMap<FileId, usize> {
        let found = self.counting(terms, |_, terms| {
            let sources: BTreeSet<FileId> = terms.filter_map(|term| term.of).collect();
            Some(sources)
        });
        let mut users = FxHashMap::default();
        for source in found.into_iter().flatten() {
            *users.entry(source).or_default() += 1;
        }
        users
    }

    /// What is made of each file that mentions terms, and those of them that count there.
    fn counting<'t, R: Send>(
        &self,
        terms: &'t [Term],
        make: impl Fn(FileId, &mut dyn Iterator<Item = &'t Term>) -> Option<R> + Sync,
    ) -> Vec<R> {
        let texts: BTreeSet<&str> = terms.iter().map(|term| term.text.as_str()).collect();
        let texts: Vec<String> = texts.into_iter().map(str::to_owned).collect();
        let mut named: FxHashMap<&str, Vec<&Term>> = FxHashMap::default();
        for term in terms {
            named.entry(&term.text).or_default().push(term);
        }
        let source_of = |term: &Term| Some((term.of?, term.is_inside));
        let sources: FxHashSet<(FileId, bool)> = terms.iter().filter_map(source_of).collect();
        let providers: FxHashMap<(FileId, bool), FxHashSet<FileId>> = sources
            .into_iter()
            .map(|source| (source, self.providers(source)))
            .collect();
        mentions(self.program.texts(), &texts)
            .into_par_iter()
            .filter_map(|(file, hits)| {
                let (imports, whole) = (OnceLock::new(), OnceLock::new());
                let counts = |term: &&Term| {
                    let Some(source) = source_of(term) else {
                        return true;
                    };
                    let imports = match term.text == WHOLE {
                        true => whole.get_or_init(|| self.imported_whole(file)),
                        false => imports.get_or_init(|| self.imports(file)),
                    };
                    let mut imports = imports.iter();
                    imports.any(|import| providers[&source].contains(import))
                };
                let named = hits.iter().flat_map(|hit| &named[texts[*hit].as_str()]);
                make(file, &mut named.copied().filter(counts))
            })
            .collect()
    }

    /// The files of the tree that a file imports, or is given by a framework.
    fn imports(&self, file: FileId) -> Vec<FileId> {
        let text = &self.program.source(file).text;
        let files = specifiers(text).filter_map(|specifier| self.file_of(file, specifier));
        files.chain(self.program.auto_imported(file)).collect()
    }

    /// The files of the tree that a file imports as a whole (`import * as analytics from './analytics'`).
    fn imported_whole(&self, file: FileId) -> Vec<FileId> {
        let text = &self.program.source(file).text;
        let clauses = memmem::find_iter(text.as_bytes(), WHOLE);
        let lines = clauses.filter_map(|at| text[at..].lines().next());
        let specifiers = lines.filter_map(|line| specifiers(line).next());
        let files = specifiers.filter_map(|specifier| self.file_of(file, specifier));
        files.collect()
    }

    /// The file of the tree that a specifier stands for.
    fn file_of(&self, file: FileId, specifier: &str) -> Option<FileId> {
        match self.program.module(file, specifier) {
            Module::File(target) => Some(target),
            Module::Outside => None,
        }
    }

    /// A file, and those that hand on all that it exports; for what is inside an export, those as well that hand on some.
    fn providers(&self, (source, is_inside): (FileId, bool)) -> FxHashSet<FileId> {
        let barrels = match is_inside {
            true => (self.by_name).get_or_init(|| {
                self.find_barrels(|text| may_export_all(text) || may_export_by_name(text))
            }),
            false => (self.barrels).get_or_init(|| self.find_barrels(may_export_all)),
        };
        let mut found = FxHashSet::from_iter([source]);
        let mut left = vec![source];
        while let Some(file) = left.pop() {
            for barrel in barrels.get(&file).into_iter().flatten() {
                if found.insert(*barrel) {
                    left.push(*barrel);
                }
            }
        }
        found
    }

    fn find_barrels(&self, is_one: impl Fn(&str) -> bool + Sync) -> Barrels {
        let texts = self.program.texts();
        let handing_on: Vec<(FileId, Vec<FileId>)> = (0..texts.len())
            .into_par_iter()
            .filter(|index| is_one(&texts[*index].text))
            .filter_map(|index| {
                let file = FileId(u32::try_from(index).ok()?);
                Some((file, self.imports(file)))
            })
            .collect();
        let mut barrels = Barrels::default();
        for (barrel, imports) in handing_on {
            for import in imports {
                barrels.entry(import).or_default().push(barrel);
            }
        }
        barrels
    }
}
