//! Code that makes every call of a vendor in every way that its rule knows, and what must be found of it.
//!
//! In: a vendor's rule. Out: [`Made`] files, with one call per line and what it must come to; the calls that nothing leads
//! to. It leaves alone whether that is found (`exercise`).
//!
//! - Every argument that carries data gets a telling value (`telling`): an e-mail address in traits, properties, messages,
//!   errors and values, `user.id` for an id, `account.organizationId` for a group's id, and so on; every key that the rule
//!   lists gets a value of its role. The call must be a sink, and every value a finding.
//! - The vendor's control calls are made the same ways, and must be neither.
//! - So must the calls on what only shares the vendor's names (`ways::twins`).
//!
//! Packages of a vendor that look the same to the rules are gone through once in full; of the others one call per way is
//! made. The same holds for builders whose methods give themselves, for exported types and for static sides.

mod telling;
mod way;
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use self::telling::{TYPES, Telling, forms};
use self::way::{OwnNames, Scope, Way};
use super::schema::{Init, Vendor};

pub(crate) use self::telling::Expected;

/// A generated file.
pub(crate) struct Made {
    pub(crate) text: String,
    /// By line.
    pub(crate) cases: BTreeMap<u32, Case>,
}

/// What one line of a generated file must come to.
pub(crate) struct Case {
    /// The path of the call; of a call of a surface itself the surface, as a report has it.
    pub(crate) path: String,
    pub(crate) code: String,
    /// The way by which it is made.
    pub(crate) title: String,
    pub(crate) wanted: Wanted,
}

/// What must be found of a call.
pub(crate) enum Wanted {
    /// A sink, and these findings.
    Sent(Vec<Expected>),
    /// No sink and no finding.
    Quiet,
}

/// Every file of a vendor, by name.
pub(crate) fn files(vendor: &Vendor) -> BTreeMap<String, Made> {
    let own = OwnNames::of(vendor);
    let mut files = BTreeMap::new();
    let mut add = |name: String, made: Option<Made>| files.extend(made.map(|made| (name, made)));
    for (number, way) in ways::ways(vendor).iter().enumerate() {
        let sent = sent_by(vendor, &way.surface);
        add(format!("sent{number:03}.tsx"), made(way, &own, sent));
        let quiet = quiet_by(vendor, &way.surface);
        add(format!("quiet{number:03}.tsx"), made(way, &own, quiet));
    }
    for (number, way) in ways::twins(vendor).iter().enumerate() {
        let mut calls = sent_by(vendor, &way.surface);
        for (_, _, wanted) in &mut calls {
            *wanted = Wanted::Quiet;
        }
        add(format!("twin{number:03}.tsx"), made(way, &own, calls));
    }
    files
}

/// The app's own module beside the files, with nothing of the vendor in it.
pub(crate) const OWN_MODULE: (&str, &str) = (
    "own.ts",
    "const own: Record<string, any> = {};\nexport default own;\n",
);

/// A file for every call that starts the SDK, by the first way to each of its surfaces; nothing where no way leads there.
pub(crate) fn starts(vendor: &Vendor) -> Vec<(&Init, &str, Option<Made>)> {
    let own = OwnNames::of(vendor);
    let ways = ways::ways(vendor);
    let mut starts = Vec::new();
    for init in vendor.init.iter().filter(|init| !init.later) {
        let mut args = vec!["'x'".to_owned(); init.options.unwrap_or(0)];
        args.extend(init.options.map(|_| "{}".to_owned()));
        for surface in &init.surfaces {
            let mut to_surface = ways.iter().filter(|way| way.surface == *surface);
            let file = to_surface.find_map(|way| {
                let telling = Telling {
                    args: args.clone(),
                    expected: Vec::new(),
                };
                made(way, &own, vec![(init.path.clone(), telling, Wanted::Quiet)])
            });
            starts.push((init, surface.as_str(), file));
        }
    }
    starts
}

/// The calls that no way leads to, each with its place in the rule and the surface.
pub(crate) fn unreached(vendor: &Vendor) -> Vec<(usize, &str)> {
    let own = OwnNames::of(vendor);
    let mut reached = BTreeSet::new();
    for way in ways::ways(vendor) {
        for call in &vendor.calls {
            let key = (way.surface.clone(), call.path.as_str());
            if !reached.contains(&key) && way.spell(&own, &call.path, &[], 0).is_some() {
                reached.insert(key);
            }
        }
    }
    let mut unreached = Vec::new();
    for (index, call) in vendor.calls.iter().enumerate() {
        for surface in &call.surfaces {
            if !reached.contains(&(surface.clone(), call.path.as_str())) {
                unreached.push((index, surface.as_str()));
            }
        }
    }
    unreached
}

/// One file: a way, and the calls that are made by it.
fn made(way: &Way, own: &OwnNames, calls: Vec<(String, Telling, Wanted)>) -> Option<Made> {
    let mut head = way.head.clone();
    let mut lines = Vec::new();
    for (number, (path, telling, wanted)) in calls.into_iter().enumerate() {
        let Some(spelled) = way.spell(own, &path, &telling.args, number) else {
            continue;
        };
        head.extend(spelled.head);
        lines.push((path, spelled.code, wanted));
        if way.scope == Scope::One {
            break;
        }
    }
    if lines.is_empty() {
        return None;
    }
    let mut text = format!("// {}\n", way.title);
    let types = TYPES.iter().map(|line| (*line).to_owned());
    for line in head.into_iter().chain(types).chain(way.open.clone()) {
        let _ = writeln!(text, "{line}");
    }
    let mut cases = BTreeMap::new();
    for (path, code, wanted) in lines {
        let _ = writeln!(text, "{code};");
        let line = u32::try_from(text.lines().count()).unwrap_or(0);
        let case = Case {
            path: match path.is_empty() {
                true => way.surface.clone(),
                false => path,
            },
            code,
            title: way.title.clone(),
            wanted,
        };
        cases.insert(line, case);
    }
    for line in &way.close {
        let _ = writeln!(text, "{line}");
    }
    Some(Made { text, cases })
}

/// The calls of a surface that send, those with data first.
fn sent_by(vendor: &Vendor, surface: &str) -> Vec<(String, Telling, Wanted)> {
    let mut calls = Vec::new();
    for call in &vendor.calls {
        if !call.surfaces.iter().any(|it| it == surface) {
            continue;
        }
        for telling in forms(call) {
            let wanted = Wanted::Sent(telling.expected.clone());
            calls.push((call.path.clone(), telling, wanted));
        }
    }
    calls.sort_by_key(|(_, telling, _)| telling.expected.is_empty());
    calls
}

fn quiet_by(vendor: &Vendor, surface: &str) -> Vec<(String, Telling, Wanted)> {
    let paths = vendor.control.iter().filter_map(|entry| {
        let (on, path) = entry.split_once(':').unwrap_or(("client", entry));
        (on == surface).then_some(path)
    });
    paths
        .map(|path| {
            let telling = Telling {
                args: vec!["user.email".to_owned()],
                expected: Vec::new(),
            };
            (path.to_owned(), telling, Wanted::Quiet)
        })
        .collect()
}
