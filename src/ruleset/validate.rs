//! Whether rules make sense.
//!
//! In: rules that have the right shape, with their files. Out: [`RuleError`]s. It leaves alone syntax, unknown keys and
//! unknown roles, which the shapes refuse, and what two vendors both claim (`claims`).

use std::collections::{BTreeMap, BTreeSet};

use super::cases;
use super::error::{At, RuleError, Step};
use super::files::RuleFile;
use super::schema::{
    Agreement, Arg, Auto, Call, Class, Combination, ExportKind, Gives, GlobalKind, Init, Role,
    Sample, Vendor, Words,
};
use super::scripts;

/// More arguments than any call has.
const MOST_ARGUMENTS: usize = 16;

/// What an owner may be besides a word.
const OWNER_GROUPS: [&str; 4] = ["@person", "@org", "@visit", "@none"];

type Classes<'a> = BTreeMap<String, (Class, &'a RuleFile)>;

/// Two rules of one kind with one id; a user's file in place of an earlier layer's is meant.
pub(super) fn duplicate(
    what: &str,
    file: &RuleFile,
    earlier: &RuleFile,
    errors: &mut Vec<RuleError>,
) {
    if file.layer == earlier.layer {
        let message = format!("{} has a {what} with the same id", earlier.shown);
        At::new(file).report(&["id".into()], message, errors);
    }
}

/// A data class.
pub(super) fn class(
    class: &Class,
    classes: &Classes<'_>,
    at: &At<'_>,
    errors: &mut Vec<RuleError>,
) {
    let mut report = Report { at, errors };
    if let Some(other) = &class.may_be {
        report.known_class(&["may_be".into()], other, classes);
    }
    for (place, other) in class.beside.iter().enumerate() {
        report.known_class(&["beside".into(), place.into()], other, classes);
    }
    report.id(&class.id);
    report.filled(&["name".into()], "name", &class.name);
    report.filled(&["reason".into()], "reason", &class.reason);
    for (index, names) in class.matches.iter().enumerate() {
        let base: [Step; 2] = ["match".into(), index.into()];
        if let Some(other) = &names.may_be_too {
            report.known_class(&steps(&base, &["may_be_too".into()]), other, classes);
        }
        if names.names.is_empty() {
            report.add(&base, "no name: a set of names needs one".to_owned());
        }
        for (place, owner) in names.owners.iter().enumerate() {
            if owner.starts_with('@') && !OWNER_GROUPS.contains(&owner.as_str()) {
                let steps = steps(&base, &["owners".into(), place.into()]);
                report.add(&steps, format!("unknown owner group `{owner}`"));
            }
        }
    }
}

/// The lists of packages by which names of a class count or do not.
pub(super) fn package_lists(
    class: &Class,
    words: &Words,
    at: &At<'_>,
    errors: &mut Vec<RuleError>,
) {
    let mut report = Report { at, errors };
    for (index, names) in class.matches.iter().enumerate() {
        let named = [
            ("with_packages", &names.with_packages),
            ("without_packages", &names.without_packages),
        ];
        for (field, list) in named {
            if let Some(list) = list.as_ref().filter(|it| !words.packages.contains_key(*it)) {
                let message = format!("`words.toml` has no list of packages `{list}`");
                report.add(&["match".into(), index.into(), field.into()], message);
            }
        }
    }
}

/// How values of a class look.
pub(super) fn sample(
    sample: &Sample,
    index: usize,
    classes: &Classes<'_>,
    at: &At<'_>,
    errors: &mut Vec<RuleError>,
) {
    let mut report = Report { at, errors };
    let base: [Step; 2] = ["sample".into(), index.into()];
    report.known_class(&steps(&base, &["class".into()]), &sample.class, classes);
    if sample.values.is_empty() {
        report.add(
            &base,
            "no value: what a class looks like needs one".to_owned(),
        );
    }
}

/// A combination of classes.
pub(super) fn combination(
    combination: &Combination,
    index: usize,
    classes: &Classes<'_>,
    at: &At<'_>,
    errors: &mut Vec<RuleError>,
) {
    let mut report = Report { at, errors };
    let base: [Step; 2] = ["combination".into(), index.into()];
    for (place, id) in combination.classes.iter().enumerate() {
        let steps = steps(&base, &["classes".into(), place.into()]);
        report.known_class(&steps, id, classes);
    }
}

/// A vendor by itself.
pub(super) fn vendor(
    vendor: &Vendor,
    classes: &Classes<'_>,
    at: &At<'_>,
    errors: &mut Vec<RuleError>,
) {
    let mut report = Report { at, errors };
    report.id(&vendor.id);
    report.filled(&["name".into()], "name", &vendor.name);
    report.filled(&["category".into()], "category", &vendor.category);
    if vendor.sources.iter().all(|source| source.trim().is_empty()) {
        report.add(
            &["sources".into()],
            "no source: say what was read".to_owned(),
        );
    }
    for (index, host) in vendor.hosts.iter().enumerate() {
        if !is_host(host) {
            let message = format!("`{host}` is no host name in small letters");
            report.add(&["hosts".into(), index.into()], message);
        }
        let mut others = vendor.hosts.iter().enumerate();
        let wider = others.find(|(at, other)| {
            let rest = host.strip_suffix(other.as_str());
            rest.is_some_and(|rest| rest.ends_with('.') || rest.is_empty() && *at < index)
        });
        if let Some((_, wider)) = wider {
            let message = format!("`{host}` is there already: `{wider}` stands for it too");
            report.add(&["hosts".into(), index.into()], message);
        }
    }
    for (index, address) in vendor.scripts.iter().enumerate() {
        if let Some(message) = scripts::mistake(address) {
            report.add(&["scripts".into(), index.into()], message);
        }
    }
    let is_hub = vendor.forwards.is_some();
    let named =
        |keys: &BTreeMap<String, Role>| keys.values().any(|role| *role == Role::Destinations);
    for (index, call) in vendor.calls.iter().enumerate() {
        let names_some = call.args.iter().any(|arg| match arg {
            Arg::Role(role) => *role == Role::Destinations,
            Arg::Object(object) => object.role == Role::Destinations || named(&object.keys),
        });
        if names_some && !is_hub {
            let message =
                "only a hub has destinations: `forwards` says what it passes on".to_owned();
            report.add(&["call".into(), index.into(), "args".into()], message);
        }
    }
    for (index, api) in vendor.apis.iter().enumerate() {
        if !is_host(&api.host) {
            let message = format!("`{}` is no host name in small letters", api.host);
            report.add(&["api".into(), index.into(), "host".into()], message);
        }
        for (at, path) in api.collects.iter().enumerate() {
            if !path.starts_with('/') {
                let steps = ["api".into(), index.into(), "collects".into(), at.into()];
                report.add(&steps, format!("`{path}` is no path: it starts with `/`"));
            }
        }
    }
    for (index, class) in vendor.purpose.iter().enumerate() {
        report.known_class(&["purpose".into(), index.into()], class, classes);
    }
    let surfaces = surfaces(vendor);
    packages(vendor, &mut report);
    globals(vendor, &mut report);
    calls(vendor, &surfaces, classes, &mut report);
    for (index, gives) in vendor.gives.iter().enumerate() {
        check_gives(gives, index, &surfaces, &mut report);
    }
    for (index, init) in vendor.init.iter().enumerate() {
        check_init(init, index, vendor, &surfaces, &mut report);
    }
    for (index, handler) in vendor.handlers.iter().enumerate() {
        if !vendor.calls.iter().any(|call| call.path == handler.call) {
            let base: [Step; 2] = ["handler".into(), index.into()];
            let message = format!("no `[[call]]` has the path `{}`", handler.call);
            report.add(&steps(&base, &["call".into()]), message);
        }
    }
    for (index, plugin) in vendor.plugins.iter().enumerate() {
        let base: [Step; 2] = ["plugin".into(), index.into()];
        report.filled(&steps(&base, &["name".into()]), "name", &plugin.name);
        if !plugin.presets.is_empty() && plugin.keys.is_empty() {
            let message = "a preset's plugin needs `keys`: where its options stand".to_owned();
            report.add(&steps(&base, &["presets".into()]), message);
        }
    }
    control(vendor, &surfaces, &mut report);
    stays(vendor, &surfaces, &mut report);
    // The tests of this repository make every call of the embedded rules, so that no scan needs to ask.
    if at.file().is_own() {
        unreached(vendor, &mut report);
    }
    for (index, agreement) in vendor.agreements.iter().enumerate() {
        check_agreement(agreement, index, &mut report);
    }
    for (index, auto) in vendor.auto.iter().enumerate() {
        check_auto(auto, index, classes, &mut report);
    }
    for (key, class) in &vendor.keys {
        let steps: [Step; 2] = ["keys".into(), key.as_str().into()];
        if class != "none" {
            report.known_class(&steps, class, classes);
        }
        if let Some((path, _)) = key.split_once(':')
            && !vendor.calls.iter().any(|call| call.path == path)
        {
            report.add(&steps, format!("no call has the path `{path}`"));
        }
    }
}

struct Report<'r, 'f> {
    at: &'r At<'f>,
    errors: &'r mut Vec<RuleError>,
}

impl Report<'_, '_> {
    fn add(&mut self, steps: &[Step], message: String) {
        self.at.report(steps, message, self.errors);
    }

    fn id(&mut self, id: &str) {
        let stem = self.at.file().stem();
        if id != stem {
            let message = format!("id `{id}` is not the file's name `{stem}`");
            self.add(&["id".into()], message);
        }
    }

    fn filled(&mut self, steps: &[Step], what: &str, value: &str) {
        if value.trim().is_empty() {
            self.add(steps, format!("{what} is empty"));
        }
    }

    fn known_class(&mut self, steps: &[Step], id: &str, classes: &Classes<'_>) {
        if !classes.contains_key(id) {
            self.add(steps, format!("unknown class `{id}`"));
        }
    }

    fn known_surface(&mut self, steps: &[Step], surface: &str, surfaces: &BTreeSet<&str>) {
        if !surfaces.contains(surface) {
            let message =
                format!("unknown surface `{surface}`: no package, global or call gives it");
            self.add(steps, message);
        }
    }
}

fn steps(base: &[Step], more: &[Step]) -> Vec<Step> {
    base.iter().chain(more).cloned().collect()
}

/// The surfaces that code can get hold of.
fn surfaces(vendor: &Vendor) -> BTreeSet<&str> {
    let packages = vendor.packages.iter().flat_map(|package| {
        let exports = package.exports.iter().map(|export| &export.surface);
        exports
            .chain(package.types.values())
            .chain([&package.namespace])
    });
    let globals = vendor.globals.iter().map(|global| &global.surface);
    let given = vendor.gives.iter().map(|gives| &gives.surface);
    packages
        .chain(globals)
        .chain(given)
        .map(String::as_str)
        .collect()
}

fn packages(vendor: &Vendor, report: &mut Report<'_, '_>) {
    let mut seen = BTreeSet::new();
    for (index, package) in vendor.packages.iter().enumerate() {
        let base: [Step; 2] = ["package".into(), index.into()];
        let name = steps(&base, &["name".into()]);
        report.filled(&name, "name", &package.name);
        if !seen.insert(&package.name) {
            report.add(&name, format!("package `{}` is there twice", package.name));
        }
        for (place, export) in package.exports.iter().enumerate() {
            let at = steps(&base, &["export".into(), place.into()]);
            report.filled(&at, "name", &export.name);
            if export.kind == ExportKind::Hoc && export.members.is_empty() {
                let message = "a higher-order component needs `members`: the prop it gives";
                report.add(&at, message.to_owned());
            }
            let paid = vendor
                .calls
                .iter()
                .any(|call| call.path == export.name && call.surfaces.contains(&export.surface));
            if export.kind == ExportKind::Component && export.vendor.is_none() && !paid {
                let message = format!(
                    "no call `{}` on surface `{}` says what the component's props are",
                    export.name, export.surface
                );
                report.add(&at, message);
            }
        }
    }
}

fn globals(vendor: &Vendor, report: &mut Report<'_, '_>) {
    for (index, global) in vendor.globals.iter().enumerate() {
        let at: [Step; 3] = ["global".into(), index.into(), "name".into()];
        report.filled(&at, "name", &global.name);
        for (nth, pattern) in global.renamed.iter().enumerate() {
            let one_name = regex::Regex::new(pattern).is_ok_and(|it| it.captures_len() == 2);
            if !one_name {
                let steps = ["global".into(), index.into(), "renamed".into(), nth.into()];
                let message = format!("`{pattern}` is no regular expression with one group");
                report.add(&steps, message);
            }
        }
        let call = match global.kind {
            GlobalKind::Settings | GlobalKind::Function => global.name.as_str(),
            GlobalKind::ObjectQueue => "push",
            _ => continue,
        };
        let paid = vendor
            .calls
            .iter()
            .any(|it| it.path == call && it.surfaces.contains(&global.surface));
        if !paid {
            let message = format!("no call `{call}` on surface `{}`", global.surface);
            report.add(&at, message);
        }
    }
}

fn calls(
    vendor: &Vendor,
    surfaces: &BTreeSet<&str>,
    classes: &Classes<'_>,
    report: &mut Report<'_, '_>,
) {
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (index, call) in vendor.calls.iter().enumerate() {
        let base: [Step; 2] = ["call".into(), index.into()];
        if call.surfaces.is_empty() {
            report.add(&base, "no surface has this call".to_owned());
        }
        if call.path.trim() != call.path {
            let at = steps(&base, &["path".into()]);
            report.add(&at, "path has blanks around it".to_owned());
        }
        for (place, surface) in call.surfaces.iter().enumerate() {
            let at = steps(&base, &["surfaces".into(), place.into()]);
            report.known_surface(&at, surface, surfaces);
            if !seen.insert((surface, &call.path)) {
                let at = steps(&base, &["path".into()]);
                let message = format!("call `{}` on `{surface}` is there twice", call.path);
                report.add(&at, message);
            }
        }
        if let Some(class) = &call.value_class {
            report.known_class(&steps(&base, &["value_class".into()]), class, classes);
        }
    }
}

/// Calls that no code can make, so that nothing shows that they are found.
fn unreached(vendor: &Vendor, report: &mut Report<'_, '_>) {
    for (index, surface) in cases::unreached(vendor) {
        let path = &vendor.calls[index].path;
        let message = format!("nothing leads to `{path}` on `{surface}`, so no test can make it");
        report.add(&["call".into(), index.into(), "path".into()], message);
    }
}

fn check_gives(
    gives: &Gives,
    index: usize,
    surfaces: &BTreeSet<&str>,
    report: &mut Report<'_, '_>,
) {
    let base: [Step; 2] = ["gives".into(), index.into()];
    report.known_surface(&steps(&base, &["from".into()]), &gives.from, surfaces);
    if gives.callback.is_some_and(|place| place >= MOST_ARGUMENTS) {
        let at = steps(&base, &["callback".into()]);
        report.add(&at, "no call has that many arguments".to_owned());
    }
    if gives.callback_key.is_some() && gives.callback.is_none() {
        let at = steps(&base, &["callback_key".into()]);
        let message = "`callback_key` needs `callback`: the argument that has the key";
        report.add(&at, message.to_owned());
    }
}

fn check_init(
    init: &Init,
    index: usize,
    vendor: &Vendor,
    surfaces: &BTreeSet<&str>,
    report: &mut Report<'_, '_>,
) {
    let base: [Step; 2] = ["init".into(), index.into()];
    for (place, surface) in init.surfaces.iter().enumerate() {
        let at = steps(&base, &["surfaces".into(), place.into()]);
        report.known_surface(&at, surface, surfaces);
    }
    if init.options_key.is_some() && init.options.is_none() {
        let at = steps(&base, &["options_key".into()]);
        let message = "`options_key` needs `options`: the argument that has the key";
        report.add(&at, message.to_owned());
    }
    let Some(options) = init.options else {
        return;
    };
    let same = |call: &&Call| {
        call.path == init.path && call.surfaces.iter().any(|it| init.surfaces.contains(it))
    };
    let most = match vendor.calls.iter().find(same) {
        Some(call) => call.args.len(),
        None => MOST_ARGUMENTS,
    };
    if options >= most {
        let at = steps(&base, &["options".into()]);
        let message = format!(
            "argument {options} is out of range: `{}` has {most}",
            init.path
        );
        report.add(&at, message);
    }
}

/// What stays on the device under some options is what a call sends without them.
fn stays(vendor: &Vendor, surfaces: &BTreeSet<&str>, report: &mut Report<'_, '_>) {
    for (index, stays) in vendor.stays.iter().enumerate() {
        let base: [Step; 2] = ["stays".into(), index.into()];
        report.known_surface(&steps(&base, &["surface".into()]), &stays.surface, surfaces);
        for (at, path) in stays.calls.iter().enumerate() {
            if !vendor.calls.iter().any(|call| call.path == *path) {
                let at = steps(&base, &["calls".into(), at.into()]);
                report.add(&at, format!("no call has the path `{path}`"));
            }
        }
    }
}

fn control(vendor: &Vendor, surfaces: &BTreeSet<&str>, report: &mut Report<'_, '_>) {
    let lists = [("control", &vendor.control), ("makes", &vendor.makes)];
    let entries = lists
        .into_iter()
        .flat_map(|(name, list)| list.iter().enumerate().map(move |(at, it)| (name, at, it)));
    for (list, index, entry) in entries {
        let at: [Step; 2] = [list.into(), index.into()];
        let (surface, path) = entry.split_once(':').unwrap_or(("client", entry));
        report.filled(&at, "path", path);
        report.known_surface(&at, surface, surfaces);
        let sends = |call: &Call| call.path == path && call.surfaces.iter().any(|it| it == surface);
        if vendor.calls.iter().any(sends) {
            let message = format!("`{path}` on `{surface}` is a call that sends data too");
            report.add(&at, message);
        }
    }
}

fn check_agreement(agreement: &Agreement, index: usize, report: &mut Report<'_, '_>) {
    let base: [Step; 2] = ["agreement".into(), index.into()];
    if agreement.call.is_some() == agreement.option.is_some() {
        let message = "either a `call` or an `option` tells the SDK of consent".to_owned();
        report.add(&base, message);
    }
    if agreement.option.is_some() && agreement.waits.is_empty() {
        let message = "no value of the option says that the SDK waits".to_owned();
        report.add(&base, message);
    }
}

fn check_auto(auto: &Auto, index: usize, classes: &Classes<'_>, report: &mut Report<'_, '_>) {
    let base: [Step; 2] = ["auto".into(), index.into()];
    report.known_class(&steps(&base, &["class".into()]), &auto.class, classes);
    report.filled(
        &steps(&base, &["property".into()]),
        "property",
        &auto.property,
    );
    if auto.turn_off.as_ref().is_none_or(|it| it.trim().is_empty()) {
        let message = "no `turn_off`: say how it is turned off, or that it cannot be turned off";
        report.add(&base, message.to_owned());
    }
    let decides = [
        ("off", !auto.off.is_empty()),
        ("on", !auto.on.is_empty()),
        ("off_when_listed", auto.off_when_listed.is_some()),
    ];
    for (key, given) in decides {
        if given && auto.option.is_none() {
            let message = format!("`{key}` needs `option`: the option that has the value");
            report.add(&steps(&base, &[key.into()]), message);
        }
    }
    for key in ["since", "before"] {
        let value = if key == "since" {
            &auto.since
        } else {
            &auto.before
        };
        let is_version = |text: &String| text.split('.').all(|part| part.parse::<u64>().is_ok());
        if value.as_ref().is_some_and(|text| !is_version(text)) {
            let message = format!("`{key}` is no version: numbers with dots between them");
            report.add(&steps(&base, &[key.into()]), message);
        }
    }
    let mut versions = auto.older.iter().map(|it| &it.before);
    if versions.any(|text| !text.split('.').all(|part| part.parse::<u64>().is_ok())) {
        let message = "`before` is no version: numbers with dots between them".to_owned();
        report.add(&steps(&base, &["older".into()]), message);
    }
    let (key, idle) = if auto.default {
        ("on", !auto.on.is_empty())
    } else {
        ("off", !auto.off.is_empty())
    };
    if idle {
        let message = format!("`{key}` says nothing when the default is {}", auto.default);
        report.add(&steps(&base, &[key.into()]), message);
    }
}

/// Whether a text is the name of a host.
pub(super) fn is_host(host: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && host.chars().all(allowed)
}
