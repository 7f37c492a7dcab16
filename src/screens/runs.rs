//! Where code runs: in pages, on a server, or where a developer runs it.
//!
//! In: who imports what, which files are screens, and what the rules say of names of files. Out: a [`Side`] for a file and the
//! exports of it that something has to do with. It leaves alone whether the code is reached there.
//!
//! The importers are followed until one of them says where it runs: by a directive, by its name, by what it serves, by the
//! command that starts it. Where none does, it may run in pages.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::imports::{Import, imports};
use super::left_over;
use super::regions::Seed;
use super::tools::Tools;
use super::{Kind, MOST_STEPS, Screens};
use crate::ruleset::pages::PageRules;
use crate::source::{FileId, SourceFile, is_named};

/// What a module says that must not get into a page.
const SERVER_ONLY: [&str; 2] = ["'server-only'", "\"server-only\""];
/// What stands between the start of a file and its directives is no longer than this.
const BEFORE_DIRECTIVES: usize = 2_000;

/// Where code runs, the most public place last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Side {
    /// Where a developer runs it: no visitor has to do with it.
    Tool,
    /// On a server.
    Server,
    /// It makes pages on a server: elements are in the page, and the code around them is not.
    Rendered,
    /// In pages, or that is not known.
    Pages,
}

/// An export of a file; none: any of them.
type Export = (FileId, Option<String>);

/// Tells where code of a tree runs.
pub struct Runs<'s, 't> {
    screens: &'s Screens<'t>,
    rules: &'s PageRules,
    tools: Tools,
    known: RefCell<BTreeMap<Vec<Export>, Side>>,
    used: RefCell<BTreeMap<Export, Rc<Used>>>,
}

/// What the importers of an export do with it.
struct Used {
    /// Where those that say so run it.
    sides: BTreeSet<Side>,
    /// The exports by which the others hand it on.
    by: Vec<Export>,
}

impl<'s, 't> Runs<'s, 't> {
    /// For a tree whose screens are known.
    pub fn new(screens: &'s Screens<'t>, rules: &'s PageRules) -> Self {
        Self {
            screens,
            rules,
            tools: Tools::new(screens.texts, rules),
            known: RefCell::default(),
            used: RefCell::default(),
        }
    }

    /// Where the code on a line of a file runs.
    pub fn on_line(&self, file: FileId, line: u32) -> Side {
        self.at(file, Seed::Line(line))
    }

    /// Where any code of a file runs.
    pub fn of_file(&self, file: FileId) -> Side {
        self.at(file, Seed::Names(&[String::new()]))
    }

    /// Where a file runs what it imports from a package.
    pub fn of_import(&self, file: FileId, package: &str) -> Side {
        let Some(source) = self.screens.texts.get(file) else {
            return Side::Pages;
        };
        let is_of_package = |it: &Import| {
            let rest = it.specifier.strip_prefix(package);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let all = imports(&source.text).into_iter().filter(is_of_package);
        let taken = all.flat_map(|it| it.taken.into_iter().map(|(_, local)| local));
        let locals: Vec<String> = taken.collect();
        let side = match locals.is_empty() || locals.iter().any(String::is_empty) {
            true => self.of_file(file),
            false => self.at(file, Seed::Names(&locals)),
        };
        let is_shown = |local: &String| source.text.contains(&format!("<{local}"));
        match side {
            Side::Rendered if locals.iter().any(is_shown) => Side::Pages,
            side => side,
        }
    }

    fn at(&self, file: FileId, seed: Seed<'_>) -> Side {
        let exports = self.screens.exports(file, seed);
        match self.own(file, &exports) {
            Some(Side::Rendered) => return Side::Pages,
            Some(side) => return side,
            None => {}
        }
        if let Some(known) = self.known.borrow().get(&exports) {
            return *known;
        }
        let side = self.by_importers(&exports);
        self.known.borrow_mut().insert(exports, side);
        side
    }

    /// The most public of all places to which importers lead.
    fn by_importers(&self, start: &[Export]) -> Side {
        let mut found: BTreeSet<Side> = BTreeSet::new();
        let mut seen: BTreeSet<Export> = BTreeSet::new();
        let mut open: Vec<Export> = start.to_vec();
        while let Some(export) = open.pop() {
            if found.contains(&Side::Pages) || seen.len() > MOST_STEPS {
                return Side::Pages;
            }
            if !seen.insert(export.clone()) {
                continue;
            }
            let used = self.used(export);
            found.extend(&used.sides);
            open.extend(used.by.iter().cloned());
        }
        // Where nothing else runs it, a page may be what it is for.
        match found.last() {
            Some(Side::Rendered) if !found.contains(&Side::Server) => Side::Pages,
            Some(side) => *side,
            None => Side::Pages,
        }
    }

    fn used(&self, export: Export) -> Rc<Used> {
        if let Some(known) = self.used.borrow().get(&export) {
            return Rc::clone(known);
        }
        let used = Rc::new(self.use_of(&export));
        self.used.borrow_mut().insert(export, Rc::clone(&used));
        used
    }

    fn use_of(&self, (file, name): &Export) -> Used {
        let mut used = Used {
            sides: BTreeSet::new(),
            by: Vec::new(),
        };
        let mut take = |importer: FileId, exports: Vec<Export>| match self.own(importer, &exports) {
            Some(side) => {
                used.sides.insert(side);
            }
            None => used.by.extend(exports),
        };
        let mut is_used = false;
        for (importer, import) in self.screens.importers.get(file).into_iter().flatten() {
            let locals = import.taken.iter().filter(|(taken, _)| {
                taken == "*" || name.as_ref().is_none_or(|name| name == taken)
            });
            let locals: Vec<String> = locals.map(|(_, local)| local.clone()).collect();
            if !locals.is_empty() {
                is_used = true;
                take(
                    *importer,
                    self.screens.exports(*importer, Seed::Names(&locals)),
                );
            }
            for (from, to) in &import.handed_on {
                let handed = match name {
                    _ if from == "*" => name.clone(),
                    Some(name) if from != name => continue,
                    _ => Some(to.clone()),
                };
                is_used = true;
                take(*importer, vec![(*importer, handed)]);
            }
        }
        if !is_used {
            let by_package = self.tools.is_of_server(*file).then_some(Side::Server);
            let is_left_over = left_over::is_left_over(self.screens, *file, name.as_deref());
            let left_over = is_left_over.then_some(Side::Tool);
            used.sides
                .insert(by_package.or(left_over).unwrap_or(Side::Pages));
        }
        used
    }

    /// Where a file says itself that it runs, as far as some of its exports are concerned.
    fn own(&self, file: FileId, exports: &[Export]) -> Option<Side> {
        let source = self.screens.texts.get(file)?;
        if is_directed(source, "use client") || is_named(source, &self.rules.on_client) {
            return Some(Side::Pages);
        }
        if let Some(side) = self.tools.run_as(file) {
            return Some(side);
        }
        if self.tools.is_loaded(file) {
            return Some(Side::Pages);
        }
        if is_directed(source, "use server")
            || is_named(source, &self.rules.on_server)
            || SERVER_ONLY.iter().any(|it| source.text.contains(it))
        {
            return Some(Side::Server);
        }
        let served = self.screens.served.get(&file)?;
        let mut kinds = served.iter().map(|screen| screen.kind);
        if kinds.clone().any(|kind| kind == Kind::Endpoint) {
            return Some(Side::Server);
        }
        if !kinds.any(|kind| matches!(kind, Kind::Layout | Kind::Route)) {
            return None;
        }
        let is_of_server = |(_, name): &Export| {
            let name = name.as_deref();
            name.is_some_and(|name| self.rules.server_exports.iter().any(|it| it == name))
        };
        Some(match () {
            () if !exports.is_empty() && exports.iter().all(is_of_server) => Side::Server,
            () if self.screens.rendered.contains(&file) => Side::Rendered,
            () => Side::Pages,
        })
    }
}

/// Whether a file begins with a directive; comments and other directives may stand before it.
fn is_directed(file: &SourceFile, directive: &str) -> bool {
    let mut rest = file.text.trim_start_matches('\u{feff}');
    while file.text.len() - rest.len() < BEFORE_DIRECTIVES {
        rest = rest.trim_start();
        let after = if rest.starts_with("//") || rest.starts_with("#!") {
            rest.split_once('\n').map(|(_, after)| after)
        } else if rest.starts_with("/*") {
            rest.split_once("*/").map(|(_, after)| after)
        } else if let Some(quote) = rest.chars().next().filter(|it| matches!(it, '"' | '\'')) {
            let told = rest[1..].split_once(quote);
            if told.is_some_and(|(told, _)| told == directive) {
                return true;
            }
            told.map(|(_, after)| after.trim_start_matches([' ', ';']))
        } else {
            return false;
        };
        match after {
            Some(after) => rest = after,
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RepoPath;

    #[test]
    fn a_directive_stands_first() {
        let says = |text: &str| {
            let file = SourceFile {
                path: RepoPath::new("a.ts"),
                text: text.to_owned(),
            };
            is_directed(&file, "use client")
        };
        assert!(says("'use client'\nimport a from 'a'"));
        assert!(says("// a\n/* b */\n'use strict';\n\"use client\";"));
        assert!(!says("import a from 'a'\n'use client'"));
        assert!(!says("const it = 'use client'"));
        assert!(!says("'use clients'"));
        assert!(!says("/* never closed"));
    }
}
