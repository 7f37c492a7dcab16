//! Constants that hold the names of events and the paths of requests.
//!
//! In: the texts by which functions are called that lead to a vendor, and the parsed files. Out: the names under which other
//! files take such a text from a constant (`Events.SIGNED_UP`, `paths.measure`). It leaves alone texts that stand where they are
//! sent (`terms`), and what a constant is worth (`evaluate`).
//!
//! A file that sends `Events.SIGNED_UP` holds neither the text nor the name of anything that leads to a vendor.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;

use super::evaluate::Evaluator;
use super::terms::Term;
use crate::facts::{
    BindingId, Expr, ExprId, FileFacts, From, Item, Literal, MemberKind, Name, TypeDeclKind,
};
use crate::link::Definition;
use crate::source::FileId;

/// Tables of constants are nested no deeper than this.
const MAX_DEPTH: usize = 3;

/// The texts that are looked for.
pub(super) struct Wanted<'w> {
    /// Names of events.
    events: &'w BTreeSet<&'w str>,
    /// Ends of paths, of which there are hundreds where an app has a server of its own.
    paths: Option<AhoCorasick>,
}

impl<'w> Wanted<'w> {
    pub(super) fn new(events: &'w BTreeSet<&'w str>, paths: &BTreeSet<String>) -> Self {
        let is_any = !paths.is_empty();
        Self {
            events,
            // More of them than an automaton can hold are none that could be told apart.
            paths: is_any.then(|| AhoCorasick::new(paths).ok()).flatten(),
        }
    }

    fn is_empty(&self) -> bool {
        self.events.is_empty() && self.paths.is_none()
    }

    fn has(&self, text: &str) -> bool {
        let holds_path = |paths: &AhoCorasick| paths.is_match(text);
        self.events.contains(text) || self.paths.as_ref().is_some_and(holds_path)
    }
}

/// The names under which these files export such a text.
pub(super) fn terms_of_constants(
    evaluator: &Evaluator<'_>,
    files: &BTreeSet<FileId>,
    wanted: &Wanted<'_>,
) -> BTreeSet<Term> {
    let mut terms = BTreeSet::new();
    if wanted.is_empty() {
        return terms;
    }
    for file in files {
        let facts = evaluator.program.facts(*file);
        for export in &facts.exports {
            let mut search = Search {
                facts,
                wanted,
                found: Vec::new(),
            };
            match evaluator.program.exported(*file, export) {
                Some(Definition::Binding(at, binding)) if at == *file => {
                    search.binding(&facts.binding(binding).name, binding, 0);
                }
                Some(Definition::Expr(at, expr)) if at == *file => {
                    search.value(&export.name, expr, 0);
                }
                _ => {}
            }
            let found = search.found.into_iter();
            terms.extend(found.map(|name| Term::inside(name, *file)));
        }
    }
    terms
}

/// A look through the constants of a file.
struct Search<'s> {
    facts: &'s FileFacts,
    wanted: &'s Wanted<'s>,
    found: Vec<Name>,
}

impl Search<'_> {
    fn binding(&mut self, name: &Name, binding: BindingId, depth: usize) {
        if let Some(value) = self.facts.constant(binding) {
            self.value(name, value, depth);
            return;
        }
        for source in &self.facts.binding(binding).sources {
            match source.from {
                From::TypeDecl(decl) => {
                    if let TypeDeclKind::Enum(members) = &self.facts.type_decl(decl).kind {
                        for (name, value) in members {
                            self.named(name, *value, 1);
                        }
                    }
                }
                From::Class(class) => {
                    let members = self.facts.class(class).members.iter();
                    for member in members.filter(|member| member.is_static) {
                        if let MemberKind::Field { value, .. } = member.kind {
                            self.named(&member.name, value, 1);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn named(&mut self, name: &Name, value: Option<ExprId>, depth: usize) {
        if let Some(value) = value {
            self.value(name, value, depth);
        }
    }

    fn value(&mut self, name: &Name, value: ExprId, depth: usize) {
        match self.facts.expr(self.facts.uncast(value)) {
            Expr::Literal(Literal::String(text)) if self.wanted.has(text) => {
                self.found.push(name.clone());
            }
            Expr::Object(entries) if depth < MAX_DEPTH => {
                for (name, value) in entries.iter().filter_map(|entry| entry.named()) {
                    self.value(name, value, depth + 1);
                }
            }
            // Names may be given to each other in a circle.
            Expr::Ref(binding) if depth < MAX_DEPTH => self.binding(name, *binding, depth + 1),
            // `Object.freeze({ … })`
            Expr::Call { args, .. } if depth < MAX_DEPTH => {
                if let [Item::Value(only)] = args.as_slice()
                    && matches!(self.facts.expr(self.facts.uncast(*only)), Expr::Object(_))
                {
                    self.value(name, *only, depth + 1);
                }
            }
            _ => {}
        }
    }
}
