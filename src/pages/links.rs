//! Parameters with which links are made.
//!
//! In: the facts of a file, and the rules of pages. Out: [`Mention`]s of what is filled into addresses: in texts, in objects
//! (`{ pathname, query }`), in the attributes of links and in lists of parts. It leaves alone tables of routes and what is read
//! from addresses (`addresses`).

use super::addresses::{Found, How, Mention, name_of};
use crate::facts::{Entry, Expr, ExprId, From, Item, Literal, Source, TemplatePart};

/// A query is followed through no more names and calls than this.
const MAX_STEPS: usize = 8;

impl Found<'_> {
    pub(super) fn links(&mut self) {
        let mut certain = Vec::new();
        let mut objects = Vec::new();
        for node in &self.facts.exprs {
            match &node.expr {
                Expr::Jsx { props, .. } => {
                    let before = certain.len();
                    for entry in props {
                        if let Entry::Property { value, .. } = entry
                            && name_of(entry)
                                .is_some_and(|it| self.rules.goes_by.iter().any(|by| by == it))
                        {
                            certain.push(*value);
                        }
                    }
                    // `<Link to="/verify" search={{ email }}>`
                    if certain.len() > before {
                        objects.push(props.as_slice());
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
        let of_objects = certain.iter().filter_map(|it| match self.facts.expr(*it) {
            Expr::Object(entries) => Some(entries.as_slice()),
            _ => None,
        });
        objects.extend(of_objects);
        let mut found: Vec<Mention> = Vec::new();
        for entries in objects {
            found.extend(self.link_object(entries));
        }
        for value in &certain {
            found.extend(self.link_list(*value));
        }
        for (id, node) in (0..).map(ExprId).zip(&self.facts.exprs) {
            if matches!(node.expr, Expr::Template(_) | Expr::Binary { .. }) {
                found.extend(self.link_text(id, certain.contains(&id)));
            }
        }
        self.all.extend(found);
    }

    /// `{ pathname: '/verify', query: { email } }`
    fn link_object(&self, entries: &[Entry]) -> Vec<Mention> {
        let address = ["pathname", "path", "to", "name"]
            .into_iter()
            .find_map(|key| self.literal(entries, key));
        let address = address.map_or_else(String::new, |(text, _)| text);
        let mut found = Vec::new();
        for entry in entries {
            let (
                Some("query" | "search" | "params" | "queryParams"),
                Entry::Property { value, .. },
            ) = (name_of(entry), entry)
            else {
                continue;
            };
            let query = match self.facts.expr(*value) {
                Expr::Object(query) => Some(query.as_slice()),
                _ => self.query(*value),
            };
            found.extend(self.filled(query.unwrap_or_default(), &address));
        }
        found
    }

    /// What a query is made of, each parameter that no literal fills in.
    fn filled(&self, query: &[Entry], address: &str) -> Vec<Mention> {
        let each = query.iter().filter_map(|entry| {
            let (Some(name), Entry::Property { value, span, .. }) = (name_of(entry), entry) else {
                return None;
            };
            let is_fixed = matches!(self.facts.expr(*value), Expr::Literal(_));
            (!is_fixed).then(|| Mention {
                in_path: false,
                how: How::Link,
                span: *span,
                function: self.facts.function_of(*value),
                name: name.to_owned(),
                address: address.to_owned(),
                is_certain: true,
            })
        });
        each.collect()
    }

    /// The parameters of a query that a function writes: `new URLSearchParams({ email }).toString()`.
    fn query(&self, value: ExprId) -> Option<&[Entry]> {
        let mut value = value;
        for _ in 0..MAX_STEPS {
            let (callee, args) = match self.facts.expr(value) {
                Expr::Ref(binding) => match self.facts.binding(*binding).sources.as_slice() {
                    [
                        Source {
                            from: From::Expr(source),
                            path,
                            ..
                        },
                    ] if path.is_empty() => {
                        value = *source;
                        continue;
                    }
                    _ => return None,
                },
                Expr::Call { callee, args, .. } | Expr::New { callee, args, .. } => (*callee, args),
                _ => return None,
            };
            let name = match self.facts.expr(callee) {
                Expr::Member { object, .. } if args.is_empty() => {
                    value = *object;
                    continue;
                }
                Expr::Member { name, .. } | Expr::Global(name) => name,
                Expr::Ref(binding) => &self.facts.binding(*binding).name,
                _ => return None,
            };
            let is_query = self.rules.queries.iter().any(|it| it == name.as_str());
            return match args.first() {
                Some(Item::Value(of)) if is_query => match self.facts.expr(*of) {
                    Expr::Object(entries) => Some(entries),
                    _ => None,
                },
                _ => None,
            };
        }
        None
    }

    /// `['/reset', token]`, as Angular's router takes it.
    fn link_list(&self, id: ExprId) -> Vec<Mention> {
        let Expr::Array(items) = self.facts.expr(id) else {
            return Vec::new();
        };
        let mut address = String::new();
        let mut filled = Vec::new();
        for item in items {
            let Item::Value(value) = item else {
                return Vec::new();
            };
            match self.facts.expr(*value) {
                Expr::Literal(Literal::String(text)) => {
                    address.push_str(&format!("/{}", text.trim_matches('/')));
                }
                _ => {
                    let name = self.last_name(*value).unwrap_or_default();
                    address.push_str(&format!("/{{{name}}}"));
                    filled.extend(Some(name).filter(|name| !is_constant(name)));
                }
            }
        }
        let each = filled.into_iter().filter(|name| !name.is_empty());
        each.map(|name| Mention {
            in_path: false,
            how: How::Link,
            span: self.facts.span(id),
            function: self.facts.function_of(id),
            name,
            address: address.clone(),
            is_certain: true,
        })
        .collect()
    }

    /// `` `/verify?email=${email}` ``, `'/invite/' + code`
    fn link_text(&self, id: ExprId, is_certain: bool) -> Vec<Mention> {
        let mut parts = Vec::new();
        self.parts(id, &mut parts);
        let mut address = String::new();
        let mut filled = Vec::new();
        let mut written = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            match part {
                Piece::Text(text) => address.push_str(text),
                // What stands first is where the app lives.
                Piece::Value(_) if at == 0 => {}
                Piece::Value(value) => {
                    if address.ends_with('?') {
                        let query = self.query(*value).unwrap_or_default();
                        written.extend(self.filled(query, &address));
                    }
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
                        None if path.ends_with('/') => {
                            filled.extend(name.clone().filter(|name| !is_constant(name)));
                        }
                        None => {}
                    }
                    address.push_str(&format!("{{{}}}", name.unwrap_or_default()));
                }
            }
        }
        if !address.starts_with(['/', '?']) {
            return Vec::new();
        }
        let filled = filled.into_iter().map(|name| Mention {
            in_path: false,
            how: How::Link,
            span: self.facts.span(id),
            function: self.facts.function_of(id),
            name,
            address: address.clone(),
            is_certain,
        });
        let written = written.into_iter().map(|it| Mention { is_certain, ..it });
        filled.chain(written).collect()
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
                Expr::Call { callee, args, .. } => {
                    let (called, of) = match self.facts.expr(*callee) {
                        Expr::Member { object, name, .. } => (name, Some(*object)),
                        Expr::Ref(binding) => (&self.facts.binding(*binding).name, None),
                        Expr::Global(name) => (name, None),
                        _ => return None,
                    };
                    let is_same = self.rules.encodes.iter().any(|it| it == called.as_str());
                    match (args.as_slice(), of) {
                        ([Item::Value(only)], _) if is_same => *only,
                        ([], Some(object)) if is_same => object,
                        // What a function makes is what it is called after.
                        _ => return Some(called.to_string()),
                    }
                }
                _ => return None,
            }
        }
    }
}

enum Piece<'f> {
    Text(&'f str),
    Value(ExprId),
}

/// A name in capitals is that of a constant: the same for all users.
fn is_constant(name: &str) -> bool {
    name.len() > 1 && !name.chars().any(char::is_lowercase)
}
