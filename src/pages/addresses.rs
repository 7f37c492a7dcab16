//! Parameters of addresses, as one file speaks of them.
//!
//! In: the facts of a file, and the rules of pages. Out: [`Mention`]s: what is read from the page's own address, what a
//! router's table lists, and what links are made with. It leaves alone what a parameter holds.

use serde::{Deserialize, Serialize};

use super::routes;
use super::ways::Ways;
use crate::facts::{
    Entry, Expr, ExprId, FileFacts, FunctionId, Item, JsxTag, Key, Literal, TemplatePart,
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
    /// It is a link by what it is handed to; any other text is one only if it leads to a route.
    pub(super) is_certain: bool,
}

/// All mentions in a file, in the order of the text.
pub(super) fn mentions(facts: &FileFacts, rules: &PageRules) -> Vec<Mention> {
    let mut found = Found {
        facts,
        rules,
        ways: Ways::new(facts, &rules.imported),
        all: Vec::new(),
    };
    found.reads();
    found.tables();
    found.links();
    found
        .all
        .sort_by_key(|it| (it.span.start, it.span.end, it.how));
    found.all
}

struct Found<'f> {
    facts: &'f FileFacts,
    rules: &'f PageRules,
    ways: Ways<'f>,
    all: Vec<Mention>,
}

impl Found<'_> {
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
        if self.rules.reads.iter().any(|it| it == way) {
            self.all.push(Mention {
                how: How::Read,
                span,
                function,
                name,
                address: String::new(),
                is_certain: true,
            });
        }
    }

    /// Entries of a router's table, and elements that are routes.
    fn tables(&mut self) {
        for node in &self.facts.exprs {
            let entries = match &node.expr {
                Expr::Object(entries) if self.is_shown(entries) => entries,
                Expr::Jsx {
                    tag: JsxTag::Component(tag),
                    props,
                    ..
                } if self.is_route(*tag) => props,
                _ => continue,
            };
            let Some((path, span)) = self.literal(entries, "path") else {
                continue;
            };
            for name in routes::parameters(&path) {
                self.all.push(Mention {
                    how: How::Route,
                    span,
                    function: node.function,
                    name: name.to_owned(),
                    address: path.clone(),
                    is_certain: true,
                });
            }
        }
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

    fn literal(&self, entries: &[Entry], key: &str) -> Option<(String, Span)> {
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

    fn links(&mut self) {
        let mut certain = Vec::new();
        for node in &self.facts.exprs {
            match &node.expr {
                Expr::Jsx { props, .. } => {
                    for entry in props {
                        if let Entry::Property { value, .. } = entry
                            && name_of(entry)
                                .is_some_and(|it| self.rules.goes_by.iter().any(|by| by == it))
                        {
                            certain.push(*value);
                        }
                    }
                }
                Expr::Call { callee, args, .. } => {
                    let way = self.ways.of(*callee).unwrap_or_default();
                    let last = way.rsplit('.').next().unwrap_or_default();
                    let goes = self.rules.goes.iter().any(|it| it == last);
                    certain.extend(args.iter().filter(|_| goes).filter_map(|arg| match arg {
                        Item::Value(value) => Some(*value),
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
        for value in &certain {
            self.link_object(*value);
        }
        for (id, node) in (0..).map(ExprId).zip(&self.facts.exprs) {
            if matches!(node.expr, Expr::Template(_) | Expr::Binary { .. }) {
                self.link_text(id, certain.contains(&id));
            }
        }
    }

    /// `{ pathname: '/verify', query: { email } }`
    fn link_object(&mut self, value: ExprId) {
        let Expr::Object(entries) = self.facts.expr(value) else {
            return;
        };
        let address = ["pathname", "path", "to", "name"]
            .into_iter()
            .find_map(|key| self.literal(entries, key));
        let address = address.map_or_else(String::new, |(text, _)| text);
        for entry in entries {
            let Entry::Property { value, .. } = entry else {
                continue;
            };
            let (Some("query" | "search" | "params" | "queryParams"), Expr::Object(query)) =
                (name_of(entry), self.facts.expr(*value))
            else {
                continue;
            };
            for entry in query {
                let (Some(name), Entry::Property { value, span, .. }) = (name_of(entry), entry)
                else {
                    continue;
                };
                if !matches!(self.facts.expr(*value), Expr::Literal(_)) {
                    self.all.push(Mention {
                        how: How::Link,
                        span: *span,
                        function: self.facts.function_of(*value),
                        name: name.to_owned(),
                        address: address.clone(),
                        is_certain: true,
                    });
                }
            }
        }
    }

    /// `` `/verify?email=${email}` ``, `'/invite/' + code`
    fn link_text(&mut self, id: ExprId, is_certain: bool) {
        let mut parts = Vec::new();
        self.parts(id, &mut parts);
        let mut address = String::new();
        let mut filled = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            match part {
                Piece::Text(text) => address.push_str(text),
                // What stands first is where the app lives.
                Piece::Value(_) if at == 0 => {}
                Piece::Value(value) => {
                    let name = self.last_name(*value);
                    let (path, query) = address
                        .split_once('?')
                        .map_or((address.as_str(), None), |(path, query)| {
                            (path, Some(query))
                        });
                    match query {
                        Some(query) => {
                            let key = query
                                .rsplit(['&', '?'])
                                .next()
                                .and_then(|it| it.strip_suffix('='));
                            filled.extend(key.map(str::to_owned));
                        }
                        None if path.ends_with('/') => filled.extend(name.clone()),
                        None => {}
                    }
                    address.push_str(&format!("{{{}}}", name.unwrap_or_default()));
                }
            }
        }
        if !address.starts_with(['/', '?']) {
            return;
        }
        let node = self.facts.span(id);
        for name in filled {
            self.all.push(Mention {
                how: How::Link,
                span: node,
                function: self.facts.function_of(id),
                name,
                address: address.clone(),
                is_certain,
            });
        }
    }

    fn parts<'s>(&'s self, id: ExprId, out: &mut Vec<Piece<'s>>) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            match self.facts.expr(id) {
                Expr::Literal(Literal::String(text)) => out.push(Piece::Text(text)),
                Expr::Template(parts) => out.extend(parts.iter().map(|part| match part {
                    TemplatePart::Text(text) => Piece::Text(text),
                    TemplatePart::Value(value) => Piece::Value(*value),
                })),
                Expr::Binary { op, left, right } if op == "+" => open.extend([*right, *left]),
                _ => out.push(Piece::Value(id)),
            }
        }
    }

    /// The name that a value is read by, through a call that writes it for an address.
    fn last_name(&self, value: ExprId) -> Option<String> {
        let mut value = value;
        loop {
            value = match self.facts.expr(value) {
                Expr::Member { name, .. } => return Some(name.to_string()),
                Expr::Ref(binding) => return Some(self.facts.binding(*binding).name.to_string()),
                Expr::Global(name) => return Some(name.to_string()),
                Expr::Await(inner) | Expr::Cast { value: inner, .. } => *inner,
                Expr::Logical { left, .. } => *left,
                Expr::Call { args, .. } => match args.as_slice() {
                    [Item::Value(only)] => *only,
                    _ => return None,
                },
                _ => return None,
            }
        }
    }
}

enum Piece<'f> {
    Text(&'f str),
    Value(ExprId),
}

fn name_of(entry: &Entry) -> Option<&str> {
    match entry {
        Entry::Property {
            key: Key::Name(name),
            ..
        } => Some(name),
        _ => None,
    }
}
