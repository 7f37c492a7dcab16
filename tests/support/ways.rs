//! The ways by which code reaches a surface of a vendor, each as the text of a module around the calls.

use std::collections::{BTreeMap, BTreeSet};

use divulge::ruleset::schema::{ExportKind, Gives, GlobalKind, Package, PackageExport, Vendor};

use crate::telling::{PARAMETERS, quoted};

/// One way to one surface.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    pub surface: String,
    /// What a reader is told about it.
    pub title: String,
    /// Lines before the function in which the calls stand.
    pub head: Vec<String>,
    /// Lines at the start of that function, its own first.
    pub open: Vec<String>,
    /// The last lines.
    pub close: Vec<String>,
    pub reach: Reach,
    /// How many of the surface's calls are made this way.
    pub scope: Scope,
}

/// How a call is spelled.
#[derive(Debug, Clone)]
pub(crate) enum Reach {
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
pub(crate) enum Scope {
    Every,
    /// The first with data: the same calls were made in full by a way of the same shape.
    One,
}

/// A call as code.
pub(crate) struct Spelled {
    /// An import that it needs.
    pub head: Option<String>,
    pub code: String,
}

impl Way {
    fn new(surface: &str, title: impl Into<String>, head: &[String], reach: Reach) -> Self {
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

    fn opening(mut self, line: impl Into<String>) -> Self {
        self.open.push(line.into());
        self
    }

    fn scoped(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// The code of a call; nothing if this way does not lead to it. `number` keeps imported names apart.
    pub(crate) fn spell(
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
pub(crate) struct OwnNames(BTreeMap<String, BTreeSet<String>>);

impl OwnNames {
    pub(crate) fn of(vendor: &Vendor) -> Self {
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

/// Every way to every surface of a vendor.
pub(crate) fn ways(vendor: &Vendor) -> Vec<Way> {
    let mut found = Vec::new();
    let mut shapes = BTreeSet::new();
    for package in &vendor.packages {
        let shape = format!(
            "{} {:?} {:?}",
            package.namespace, package.exports, package.types
        );
        let scope = if shapes.insert(shape) {
            Scope::Every
        } else {
            Scope::One
        };
        let mut ways = of_package(package);
        // A client that is the default export has the other exports beside its own members.
        for way in &mut ways {
            if let Reach::Client(lib) = &way.reach
                && lib == "Lib"
                && way.title.starts_with("default of ")
            {
                let names = package.exports.iter().map(|it| it.name.clone());
                way.reach = Reach::Namespace(lib.clone(), names.collect());
            }
        }
        found.extend(ways.into_iter().map(|way| way.scoped(scope)));
    }
    of_globals(vendor, &mut found);
    let own = OwnNames::of(vendor);
    // What a client gives may give something again.
    let mut open: Vec<&Gives> = vendor.gives.iter().collect();
    loop {
        let before = open.len();
        open.retain(|gives| match given(gives, &found, &own) {
            Some(way) => {
                found.push(way);
                false
            }
            None => true,
        });
        if open.is_empty() || open.len() == before {
            break;
        }
    }
    found
}

fn of_package(package: &Package) -> Vec<Way> {
    let name = &package.name;
    let namespace = &package.namespace;
    let star = format!("import * as all from '{name}';");
    let mut ways = Vec::new();
    let taken: BTreeSet<String> = package.exports.iter().map(|it| it.name.clone()).collect();
    let has_default = package.exports.iter().any(|it| it.name == "default");
    if !has_default {
        let head = format!("import lib from '{name}';");
        let title = format!("the default import of {name}");
        ways.push(Way::new(
            namespace,
            title,
            &[head],
            Reach::Namespace("lib".into(), taken.clone()),
        ));
    }
    let client = || Reach::Namespace("all".into(), taken.clone());
    ways.push(Way::new(
        namespace,
        format!("all of {name}"),
        std::slice::from_ref(&star),
        client(),
    ));
    let head = format!("const all = require('{name}');");
    let title = format!("{name}, required");
    ways.push(Way::new(namespace, title, &[head], client()));
    let title = format!("names imported from {name}");
    ways.push(Way::new(
        namespace,
        title,
        &[],
        Reach::Named(name.clone(), taken.clone()),
    ));
    for export in &package.exports {
        let head = match export.name.as_str() {
            "default" => format!("import Lib from '{name}';"),
            export => format!("import {{ {export} as Lib }} from '{name}';"),
        };
        let title = format!("{} of {name}", export.name);
        ways.extend(of_export(export, &title, &head, "Lib"));
        if export.name != "default" {
            let title = format!("{} of all of {name}", export.name);
            ways.extend(of_export(
                export,
                &title,
                &star,
                &member("all", &export.name),
            ));
        }
    }
    for (ty, surface) in &package.types {
        let (first, rest) = ty
            .split_once('.')
            .map_or((ty.as_str(), ""), |(first, _)| (first, &ty[first.len()..]));
        let head = format!("import type {{ {first} as Client }} from '{name}';");
        let title = format!("a parameter of type {ty} of {name}");
        let mut way = Way::new(surface, title, &[head], Reach::Client("lib".into()));
        way.open = vec![format!(
            "export function calls(lib: Client{rest}, {PARAMETERS}) {{"
        )];
        ways.push(way.scoped(Scope::One));
    }
    ways
}

fn of_export(export: &PackageExport, title: &str, head: &str, spelled: &str) -> Vec<Way> {
    let head = [head.to_owned()];
    let surface = export.surface.as_str();
    let way = |reach| Way::new(surface, title, &head, reach);
    let lib = || Reach::Client("lib".to_owned());
    let itself = || {
        let reach = Reach::Function(spelled.to_owned(), export.name.clone());
        ["client", surface]
            .into_iter()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|surface| Way::new(surface, format!("{title} itself"), &head, reach.clone()))
            .collect::<Vec<_>>()
    };
    match export.kind {
        ExportKind::Client => vec![way(Reach::Client(spelled.to_owned()))],
        ExportKind::Command => vec![way(Reach::Command(spelled.to_owned()))],
        ExportKind::Component => vec![way(Reach::Element(spelled.to_owned(), export.name.clone()))],
        ExportKind::Factory | ExportKind::Hook => {
            let mut ways = itself();
            match export.members.first() {
                None => {
                    ways.push(way(lib()).opening(format!("const lib = {spelled}('x');")));
                    if export.kind == ExportKind::Factory {
                        let awaited = way(lib()).opening(format!("const lib = await {spelled}();"));
                        ways.push(Way {
                            open: awaited.open.iter().map(|line| asynchronous(line)).collect(),
                            ..awaited.scoped(Scope::One)
                        });
                    }
                }
                Some(member) => ways.push(
                    way(lib()).opening(format!("const {{ {member}: lib }} = {spelled}('x');")),
                ),
            }
            ways
        }
        ExportKind::Constructor => vec![
            way(Reach::New(spelled.to_owned())),
            way(lib()).opening(format!("const lib = new {spelled}('x');")),
            Way {
                title: format!("{title}, static"),
                ..way(Reach::Client(spelled.to_owned())).scoped(Scope::One)
            },
        ],
        ExportKind::Hoc => {
            let mut ways = itself();
            for applied in [
                format!("{spelled}(View)"),
                format!("{spelled}()(View)"),
                format!("{spelled}({{}})(View)"),
            ] {
                for member in &export.members {
                    let mut way = way(lib());
                    way.open = vec![format!(
                        "function View({{ {member}: lib, user, account, device, form }}) {{"
                    )];
                    way.close.push(format!("export default {applied};"));
                    ways.push(way);
                }
            }
            ways
        }
        ExportKind::Inert => Vec::new(),
    }
}

fn asynchronous(line: &str) -> String {
    line.replacen("export function", "export async function", 1)
}

fn of_globals(vendor: &Vendor, found: &mut Vec<Way>) {
    for global in &vendor.globals {
        let name = &global.name;
        let mut spellings = vec![member("window", name)];
        // A common word stands for the vendor when the project depends on the vendor's package.
        if is_path(name) && (!global.common_word || !vendor.packages.is_empty()) {
            spellings.push(name.clone());
        }
        if name.starts_with('$') && is_name(name) {
            spellings.push(format!("this.{name}"));
        }
        for spelled in spellings {
            let title = format!("the global {spelled}");
            let way = |reach| {
                let mut way = Way::new(&global.surface, &title, &[], reach);
                if spelled.starts_with("this.") {
                    way.open = vec![format!(
                        "export default {{ methods: {{ calls({PARAMETERS}) {{"
                    )];
                    way.close = vec!["} } };".to_owned()];
                }
                way
            };
            match global.kind {
                GlobalKind::Client => {
                    found.push(way(Reach::Client(spelled.clone())));
                    found.push(way(Reach::Push(spelled.clone())));
                }
                GlobalKind::Command => found.push(way(Reach::Command(spelled.clone()))),
                GlobalKind::CommandQueue => found.push(way(Reach::Push(spelled.clone()))),
                GlobalKind::ObjectQueue => found.push(way(Reach::ObjectQueue(spelled.clone()))),
                GlobalKind::Function => {
                    found.push(way(Reach::Function(spelled.clone(), name.clone())))
                }
                GlobalKind::Settings if spelled.starts_with("window.") => {
                    found.push(way(Reach::Settings(spelled.clone(), name.clone())));
                }
                GlobalKind::Settings => {}
                GlobalKind::Constructor => {
                    found.push(way(Reach::New(spelled.clone())));
                    found.push(
                        way(Reach::Client("lib".to_owned()))
                            .opening(format!("const lib = new {spelled}('x');")),
                    );
                }
            }
        }
    }
}

/// The way to what a call gives, by the first way to the call itself.
fn given(gives: &Gives, found: &[Way], own: &OwnNames) -> Option<Way> {
    let scope = if gives.from == gives.surface {
        Scope::One
    } else {
        Scope::Every
    };
    found
        .iter()
        .filter(|way| way.surface == gives.from)
        .find_map(|way| {
            // What a command or a queue gives is not handed back.
            let keeps = matches!(
                way.reach,
                Reach::Client(_)
                    | Reach::Namespace(..)
                    | Reach::Named(..)
                    | Reach::New(_)
                    | Reach::Function(..)
            );
            let mut new = Way {
                surface: gives.surface.clone(),
                title: format!("what `{}` gives on {}", gives.path, way.title),
                reach: Reach::Client("given".to_owned()),
                ..way.clone()
            }
            .scoped(scope);
            let Some(position) = gives.callback else {
                if !keeps {
                    return None;
                }
                let spelled = way.spell(own, &gives.path, &["'x'".to_owned()], 0)?;
                new.head.extend(spelled.head);
                return Some(new.opening(format!("const given = {};", spelled.code)));
            };
            let mut args = vec!["'x'".to_owned(); position];
            let function = "(given) => {@}";
            args.push(match &gives.callback_key {
                None => function.to_owned(),
                Some(key) => key.rsplit('.').fold(function.to_owned(), |inner, key| {
                    format!("{{ {key}: {inner} }}")
                }),
            });
            let spelled = way.spell(own, &gives.path, &args, 0)?;
            let (before, after) = spelled.code.split_once('@')?;
            new.head.extend(spelled.head);
            new.close.insert(0, format!("{after};"));
            Some(new.opening(before))
        })
}

/// `object.path`, with brackets where a part is no name.
fn member(object: &str, path: &str) -> String {
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

fn is_path(name: &str) -> bool {
    name.split('.').all(is_name)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name
            .chars()
            .all(|char| char.is_alphanumeric() || char == '_' || char == '$')
}
