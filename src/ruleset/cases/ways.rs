//! The ways by which code reaches the surfaces of a vendor, each as the text of a module around the calls.
//!
//! In: a vendor's rule. Out: a [`Way`] for every form in which an app gets hold of a surface; for each package the default
//! import, the namespace, `require`, names imported one by one, and every listed export by name and through the namespace; for
//! each global its kind's form; what a call gives back or hands to its callback. [`twins`] are the same names without the
//! vendor. It leaves alone which calls are made.

use std::collections::BTreeSet;

use super::super::schema::{ExportKind, Gives, Global, GlobalKind, Package, PackageExport, Vendor};
use super::telling::PARAMETERS;
use super::way::{OwnNames, Reach, Scope, Way, is_name, is_path, member};

/// Every way to every surface of a vendor.
pub(super) fn ways(vendor: &Vendor) -> Vec<Way> {
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
    // What is another vendor's has calls of that one's.
    for export in package.exports.iter().filter(|it| it.vendor.is_none()) {
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
            if global.kind == GlobalKind::Settings && !spelled.starts_with("window.") {
                continue;
            }
            found.extend(reaches(global, &spelled).into_iter().map(way));
            if global.kind == GlobalKind::Constructor {
                let lib = way(Reach::Client("lib".to_owned()));
                found.push(lib.opening(format!("const lib = new {spelled}('x');")));
            }
        }
    }
}

/// How the calls of a global are spelled.
fn reaches(global: &Global, spelled: &str) -> Vec<Reach> {
    let spelled = spelled.to_owned();
    match global.kind {
        GlobalKind::Client => vec![Reach::Client(spelled.clone()), Reach::Push(spelled)],
        GlobalKind::Command => vec![Reach::Command(spelled)],
        GlobalKind::CommandQueue => vec![Reach::Push(spelled)],
        GlobalKind::ObjectQueue => vec![Reach::ObjectQueue(spelled)],
        GlobalKind::Function => vec![Reach::Function(spelled, global.name.clone())],
        GlobalKind::Settings => vec![Reach::Settings(spelled, global.name.clone())],
        GlobalKind::Constructor => vec![Reach::New(spelled)],
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
            let others: String = (0..gives.parameter)
                .map(|at| format!("other{at}, "))
                .collect();
            let function = format!("({others}given) => {{@}}");
            args.push(match &gives.callback_key {
                None => function,
                Some(key) => key
                    .rsplit('.')
                    .fold(function, |inner, key| format!("{{ {key}: {inner} }}")),
            });
            let spelled = way.spell(own, &gives.path, &args, 0)?;
            let (before, after) = spelled.code.split_once('@')?;
            new.head.extend(spelled.head);
            new.close.insert(0, format!("{after};"));
            Some(new.opening(before))
        })
}

/// The module of the app's own that twins are imported from.
pub(super) const OWN: &str = "./own";

/// The same calls on what only shares the vendor's names: a module of the app's own, and parameters called like globals.
pub(super) fn twins(vendor: &Vendor) -> Vec<Way> {
    let surfaces: BTreeSet<&str> = vendor
        .calls
        .iter()
        .flat_map(|call| call.surfaces.iter().map(String::as_str))
        .collect();
    let mut found = Vec::new();
    for surface in surfaces {
        let head = [format!("import own from '{OWN}';")];
        let title = "an object of the app's own";
        found.push(Way::new(surface, title, &head, Reach::Client("own".into())));
        let title = "functions of the app's own";
        let named = Reach::Named(OWN.into(), BTreeSet::new());
        found.push(Way::new(surface, title, &[], named));
    }
    for package in &vendor.packages {
        for export in package.exports.iter().filter(|it| is_name(&it.name)) {
            let head = format!("import {{ {} as Lib }} from '{OWN}';", export.name);
            let title = format!("{} of the app's own", export.name);
            found.extend(of_export(export, &title, &head, "Lib"));
        }
    }
    let bare = vendor.globals.iter().filter(|it| is_path(&it.name));
    for global in bare.filter(|it| it.kind != GlobalKind::Settings) {
        let name = &global.name;
        let first = name.split('.').next().unwrap_or(name);
        for reach in reaches(global, name) {
            let title = format!("a parameter called {first}");
            let mut way = Way::new(&global.surface, title, &[], reach);
            way.open = vec![format!(
                "export function calls({first}: any, {PARAMETERS}) {{"
            )];
            found.push(way);
        }
    }
    found
}
