//! One way by which code reaches a surface of a vendor, and how a call is spelled by it.
//!
//! In: a call's path and its arguments as code. Out: the call as code. It leaves alone which ways there are (`ways`).

use std::collections::{BTreeMap, BTreeSet};

use super::super::schema::{ExportKind, GlobalKind, Vendor};
use super::telling::{PARAMETERS, quoted};

/// One way to one surface.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) surface: String,
    /// What a reader is told about it.
    pub(super) title: String,
    /// Lines before the function in which the calls stand.
    pub(super) head: Vec<String>,
    /// Lines at the start of that function, its own first.
    pub(super) open: Vec<String>,
    /// The last lines.
    pub(super) close: Vec<String>,
    pub(super) reach: Reach,
    /// How many of the surface's calls are made this way.
    pub(super) scope: Scope,
}

/// How a call is spelled.
#[derive(Debug, Clone)]
pub(super) enum Reach {
    /// `client.path(…)`.
    Client(String),
    /// `all.path(…)`; these names are something else than members.
    Namespace(String, BTreeSet<String>),
    /// `client.push(['path', …])`.
    Push(String),
    /// `command('path', …)`.
    Command(String),
    /// `queue.push({…})`, for the call `push`.
    ObjectQueue(String),
    /// `function(…)`, for the call of this name.
    Function(String, String),
    /// `name = {…}`, for the call of this name.
    Settings(String, String),
    /// `new Class(…)`.
    New(String),
    /// `<Component … />`, for the call of this name.
    Element(String, String),
    /// `import { path } from 'package'`; these names are something else.
    Named(String, BTreeSet<String>),
}

/// How many calls a way makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Every,
    /// The first with data: the same calls were made in full by a way of the same shape.
    One,
}

/// A call as code.
pub(super) struct Spelled {
    /// An import that it needs.
    pub(super) head: Option<String>,
    pub(super) code: String,
}

impl Way {
    pub(super) fn new(
        surface: &str,
        title: impl Into<String>,
        head: &[String],
        reach: Reach,
    ) -> Self {
        Self {
            surface: surface.to_owned(),
            title: title.into(),
            head: head.to_vec(),
            open: vec![format!("export function calls({PARAMETERS}) {{")],
            close: vec!["}".to_owned()],
            reach,
            scope: Scope::Every,
        }
    }

    pub(super) fn opening(mut self, line: impl Into<String>) -> Self {
        self.open.push(line.into());
        self
    }

    pub(super) fn scoped(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// The code of a call; nothing if this way does not lead to it. `number` keeps imported names apart.
    pub(super) fn spell(
        &self,
        own: &OwnNames,
        path: &str,
        args: &[String],
        number: usize,
    ) -> Option<Spelled> {
        let list = args.join(", ");
        let plain = |code: String| Some(Spelled { head: None, code });
        let only = own.only_by_itself(&self.surface, path);
        match &self.reach {
            Reach::Client(client) if !only && path.is_empty() => plain(format!("{client}({list})")),
            Reach::Client(client) if !only => {
                let new = if is_class(path) { "new " } else { "" };
                plain(format!("{new}{}({list})", member(client, path)))
            }
            Reach::Namespace(all, _) if !only && path.is_empty() => plain(format!("{all}({list})")),
            Reach::Namespace(all, taken) if !only => {
                let first = path.split('.').next().unwrap_or(path);
                let new = if is_class(path) { "new " } else { "" };
                (!taken.contains(first)).then(|| Spelled {
                    head: None,
                    code: format!("{new}{}({list})", member(all, path)),
                })
            }
            Reach::Push(client) if !only && !path.is_empty() => plain(format!(
                "{client}.push([{}])",
                with_first(&quoted(path), &list)
            )),
            Reach::Command(command) if !only && !path.is_empty() => {
                plain(format!("{command}({})", with_first(&quoted(path), &list)))
            }
            Reach::ObjectQueue(queue) if path == "push" => plain(format!("{queue}.push({list})")),
            Reach::Function(function, name) if path == name => plain(format!("{function}({list})")),
            Reach::Settings(target, name) if path == name => {
                let value = args.first().map_or("{}", String::as_str);
                plain(format!("{target} = {value}"))
            }
            Reach::New(class) if path == "new" => plain(format!("new {class}({list})")),
            Reach::Element(tag, name) if path == name => {
                let props = args
                    .first()
                    .map_or(String::new(), |props| attributes(props));
                plain(format!("<{tag} {props}/>"))
            }
            Reach::Named(package, taken) if !only && !path.is_empty() => {
                let (first, rest) = path
                    .split_once('.')
                    .map_or((path, None), |(a, b)| (a, Some(b)));
                if taken.contains(first) || !is_name(first) {
                    return None;
                }
                let local = format!("imported{number}");
                let new = if is_class(path) { "new " } else { "" };
                let callee = rest.map_or(local.clone(), |rest| member(&local, rest));
                Some(Spelled {
                    head: Some(format!("import {{ {first} as {local} }} from '{package}';")),
                    code: format!("{new}{callee}({list})"),
                })
            }
            _ => None,
        }
    }
}

/// Calls that are no members of their surface, but reached by a name of their own.
pub(super) struct OwnNames(BTreeMap<String, BTreeSet<String>>);

impl OwnNames {
    pub(super) fn of(vendor: &Vendor) -> Self {
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut add = |surface: &str, name: &str| {
            names
                .entry(surface.to_owned())
                .or_default()
                .insert(name.to_owned());
        };
        for package in &vendor.packages {
            for export in &package.exports {
                match export.kind {
                    ExportKind::Component => add(&export.surface, &export.name),
                    ExportKind::Constructor => add(&export.surface, "new"),
                    _ if export.name == "default" => add(&export.surface, &export.name),
                    _ => {}
                }
            }
        }
        for global in &vendor.globals {
            match global.kind {
                GlobalKind::Settings | GlobalKind::Function => add(&global.surface, &global.name),
                GlobalKind::ObjectQueue => add(&global.surface, "push"),
                GlobalKind::Constructor => add(&global.surface, "new"),
                _ => {}
            }
        }
        Self(names)
    }

    fn only_by_itself(&self, surface: &str, path: &str) -> bool {
        self.0
            .get(surface)
            .is_some_and(|names| names.contains(path))
    }
}

/// `object.path`, with brackets where a part is no name.
pub(super) fn member(object: &str, path: &str) -> String {
    path.split('.').fold(object.to_owned(), |object, part| {
        if is_name(part) {
            format!("{object}.{part}")
        } else {
            format!("{object}[{}]", quoted(part))
        }
    })
}

/// An object literal as attributes of an element.
fn attributes(object: &str) -> String {
    let inner = object.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    let mut fields = vec![String::new()];
    let mut depth = 0_i32;
    for char in inner.unwrap_or_default().chars() {
        depth += match char {
            '{' | '(' | '[' => 1,
            '}' | ')' | ']' => -1,
            _ => 0,
        };
        if char == ',' && depth == 0 {
            fields.push(String::new());
        } else if let Some(field) = fields.last_mut() {
            field.push(char);
        }
    }
    let mut written = String::new();
    for field in fields {
        if let Some((name, value)) = field.trim().split_once(": ") {
            written.push_str(&format!("{}={{{value}}} ", name.trim_matches('\'')));
        }
    }
    written
}

fn with_first(first: &str, rest: &str) -> String {
    if rest.is_empty() {
        first.to_owned()
    } else {
        format!("{first}, {rest}")
    }
}

fn is_class(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    last.starts_with(|first: char| first.is_ascii_uppercase())
        && last.contains(|char: char| char.is_ascii_lowercase())
}

pub(super) fn is_path(name: &str) -> bool {
    name.split('.').all(is_name)
}

pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name
            .chars()
            .all(|char| char.is_alphanumeric() || char == '_' || char == '$')
}
