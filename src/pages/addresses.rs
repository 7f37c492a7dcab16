//! Parameters of addresses, as one file speaks of them.
//!
//! In: the facts of a file, and the rules of pages. Out: [`Mention`]s: what is read from the page's own address, what a
//! router's table lists, and (`links`) what links are made with. It leaves alone what a parameter holds.

use serde::{Deserialize, Serialize};

use super::readers::ByName;
use super::ways::Ways;
use super::{nested, routes};
use crate::facts::{
    Entry, Expr, ExprId, ExprNode, FileFacts, From, FunctionId, Item, JsxTag, Literal, Type, TypeId,
};
use crate::ruleset::pages::PageRules;
use crate::source::Span;

/// How an address is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum How {
    /// A router shows a page under it, or the place of the page's file says so.
    Route,
    /// Code reads it from the page's own address.
    Read,
    /// A link leads there.
    Link,
}

/// A parameter, where the code speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) how: How,
    pub(super) span: Span,
    pub(super) function: FunctionId,
    pub(super) name: String,
    /// The address as far as it is known, with `{name}` for what is filled in; empty for a read.
    pub(super) address: String,
    /// It is read from the path; else from the query, or by an address that says so.
    pub(super) in_path: bool,
    /// It is a link by what it is handed to; any other text is one only if it leads to a route.
    pub(super) is_certain: bool,
}

/// All mentions in a file, in the order of the text.
pub(super) fn mentions(facts: &FileFacts, rules: &PageRules, readers: ByName) -> Vec<Mention> {
    let mut found = Found::new(facts, rules, readers);
    found.reads();
    found.tables();
    found.links();
    found
        .all
        .sort_by_key(|it| (it.span.start, it.span.end, it.how));
    found.all
}

/// What stands in place of paths that are not written out in tables, in the order of the text.
pub(super) fn paths(facts: &FileFacts, rules: &PageRules) -> Vec<ExprId> {
    let found = Found::new(facts, rules, ByName::default());
    let paths = found.entries().filter_map(|(_, entries)| {
        entries.iter().find_map(|entry| match entry {
            Entry::Property { value, .. } if name_of(entry) == Some("path") => Some(*value),
            _ => None,
        })
    });
    paths.collect()
}

pub(super) struct Found<'f> {
    pub(super) facts: &'f FileFacts,
    pub(super) rules: &'f PageRules,
    pub(super) ways: Ways<'f>,
    pub(super) all: Vec<Mention>,
}

impl<'f> Found<'f> {
    pub(super) fn new(facts: &'f FileFacts, rules: &'f PageRules, readers: ByName) -> Self {
        Self {
            facts,
            rules,
            ways: Ways::new(facts, rules, readers),
            all: Vec::new(),
        }
    }

    fn reads(&mut self) {
        for (id, node) in (0..).map(ExprId).zip(&self.facts.exprs) {
            let read = match &node.expr {
                Expr::Member { object, name, .. } => self
                    .ways
                    .of(*object)
                    .map(|way| (way + ".*", name.to_string())),
                Expr::Call { callee, args, .. } => match args.first() {
                    Some(Item::Value(first)) => match self.facts.expr(*first) {
                        Expr::Literal(Literal::String(name)) => self
                            .ways
                            .of(*callee)
                            .map(|way| (way + "(*)", name.to_string())),
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            };
            if let Some((way, name)) = read {
                self.read(&way, name, node.span, self.facts.function_of(id));
            }
        }
        for binding in &self.facts.bindings {
            for source in &binding.sources {
                if let Some((way, name)) = self.ways.taken(&source.from, &source.path) {
                    self.read(&(way + ".*"), name, binding.span, binding.function);
                }
            }
        }
    }

    fn read(&mut self, way: &str, name: String, span: Span, function: FunctionId) {
        let in_path = self.rules.reads_path.iter().any(|it| it == way);
        let is_read = in_path || self.rules.reads.iter().any(|it| it == way);
        if is_read && (in_path || !self.is_status(&name)) {
            self.all.push(Mention {
                in_path,
                how: How::Read,
                span,
                function,
                name,
                address: String::new(),
                is_certain: true,
            });
        }
    }

    /// Whether the file compares what is read under a name with words that it writes out: that is one of a few things that the
    /// app says of itself (`invitation === 'accepted'`), and nobody's own.
    fn is_status(&self, name: &str) -> bool {
        let is_word = |expr: ExprId| match self.facts.expr(expr) {
            Expr::Literal(Literal::String(text)) => {
                !text.is_empty() && !matches!(text.as_str(), "undefined" | "null")
            }
            _ => false,
        };
        let reads = |expr: ExprId| match self.facts.expr(expr) {
            Expr::Member { name: member, .. } => member == name,
            Expr::Call { args, .. } => match args.first() {
                Some(Item::Value(first)) => matches!(
                    self.facts.expr(*first),
                    Expr::Literal(Literal::String(text)) if text == name
                ),
                _ => false,
            },
            _ => false,
        };
        let is_read = |expr: ExprId| match self.facts.expr(expr) {
            Expr::Ref(binding) => {
                let binding = self.facts.binding(*binding);
                let mut sources = binding.sources.iter();
                binding.name == name
                    || sources.any(|source| matches!(source.from, From::Expr(from) if reads(from)))
            }
            _ => reads(expr),
        };
        let is_word_type = |ty: TypeId| match self.facts.ty(ty) {
            Type::Union(parts) => parts
                .iter()
                .all(|part| matches!(self.facts.ty(*part), Type::Literal(Literal::String(_)))),
            ty => matches!(ty, Type::Literal(Literal::String(_))),
        };
        self.facts.exprs.iter().any(|node| match &node.expr {
            Expr::Cast {
                value,
                ty: Some(ty),
                ..
            } => is_word_type(*ty) && is_read(*value),
            Expr::Binary { op, left, right }
                if matches!(op.as_str(), "===" | "==" | "!==" | "!=") =>
            {
                is_word(*left) && is_read(*right) || is_word(*right) && is_read(*left)
            }
            _ => false,
        })
    }

    /// Entries of a router's table, and elements that are routes.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'f ExprNode, &'f [Entry])> {
        self.facts.exprs.iter().filter_map(|node| {
            let entries = match &node.expr {
                Expr::Object(entries) if self.is_shown(entries) => entries,
                Expr::Jsx {
                    tag: JsxTag::Component(tag),
                    props,
                    ..
                } if self.is_route(*tag) => props,
                _ => return None,
            };
            Some((node, entries.as_slice()))
        })
    }

    /// The parameters of their paths.
    fn tables(&mut self) {
        let mut found = Vec::new();
        let all = nested::routes(self);
        for route in &all {
            let Some((path, span)) = self.literal(route.entries, "path") else {
                continue;
            };
            let address = nested::join(&nested::around(&all, route), &path);
            for name in routes::parameters(&path) {
                found.push(Mention {
                    in_path: false,
                    how: How::Route,
                    span,
                    function: route.function,
                    name: name.to_owned(),
                    address: address.clone(),
                    is_certain: true,
                });
            }
        }
        self.all.extend(found);
    }

    fn is_shown(&self, entries: &[Entry]) -> bool {
        let mut names = entries.iter().filter_map(name_of);
        names.any(|name| self.rules.shown_by.iter().any(|it| it == name))
    }

    fn is_route(&self, tag: ExprId) -> bool {
        let way = self.ways.of(tag).unwrap_or_default();
        way.rsplit('.')
            .next()
            .is_some_and(|last| last.ends_with("Route"))
    }

    pub(super) fn literal(&self, entries: &[Entry], key: &str) -> Option<(String, Span)> {
        entries.iter().find_map(|entry| match entry {
            Entry::Property { value, span, .. } if name_of(entry) == Some(key) => {
                match self.facts.expr(*value) {
                    Expr::Literal(Literal::String(text)) => Some((text.to_string(), *span)),
                    _ => None,
                }
            }
            _ => None,
        })
    }
}

/// The name of an entry; of an attribute in Angular's or Vue's spelling, the property that it binds.
pub(super) fn name_of(entry: &Entry) -> Option<&str> {
    let (name, _) = entry.named()?;
    Some(name.trim_start_matches([':', '[']).trim_end_matches(']'))
}
