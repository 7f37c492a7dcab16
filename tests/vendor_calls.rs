//! Makes every call of every vendor rule in every way that the rule knows, and looks for it in the report.
//!
//! One test per vendor, one scan per test. For each way to a surface (`support/ways.rs`) one file is made in a directory
//! of its own, with one call per line:
//!
//! - for each package the default import, the namespace, `require`, the functions imported by name, and every listed
//!   export by name and through the namespace: clients, commands (`f('call', …)`), factories, hooks, constructors and
//!   their static side, components as JSX, higher-order components with the prop they give; a parameter of an exported
//!   type;
//! - for each global its kind's form, as `window.name` and, where that is proof enough, bare;
//! - what a call gives back, or hands to its callback.
//!
//! Every data-bearing argument gets a telling value (`support/telling.rs`): an e-mail address in traits, properties,
//! messages, errors and values, `user.id` for an id, `account.organizationId` for a group's id, and so on; every key that
//! the rule lists gets a value of its role. The report must list the call as a sink of the vendor on that line, and for
//! every value a finding of the class that it tells, under the property that the vendor gets. The vendor's control calls
//! are made the same ways and must give no sink and no finding.
//!
//! Packages of a vendor that look the same to the rules are gone through once in full; of the others one call per way is
//! made. The same holds for builders whose methods give themselves, for exported types and for static sides. Calls that
//! start an SDK are scanned one by one, since a report names only the first, and must stand behind what it collects.

#[path = "support/telling.rs"]
mod telling;
#[path = "support/ways.rs"]
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use divulge::finding::{Origin, Report};
use divulge::ruleset::Ruleset;
use divulge::ruleset::schema::Vendor;
use divulge::settings::Settings;
use libtest_mimic::{Arguments, Failed, Trial};
use tempfile::TempDir;

use crate::telling::{Expected, TYPES, Telling, forms};
use crate::ways::{OwnNames, Scope, Way, ways};

/// Calls that no code can be generated for: vendor, call, reason.
const EXCLUDED: &[(&str, &str, &str)] = &[];

/// More problems of one vendor than this are only counted.
const SHOWN: usize = 40;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match Ruleset::embedded() {
        Ok(rules) => trials(&Arc::new(rules)),
        Err(errors) => {
            let errors = errors.to_string();
            vec![Trial::test("rules", move || Err(Failed::from(errors)))]
        }
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trials(rules: &Arc<Ruleset>) -> Vec<Trial> {
    let ids: Vec<String> = rules.vendors.keys().cloned().collect();
    let mut trials: Vec<Trial> = ids
        .into_iter()
        .map(|id| {
            let rules = Arc::clone(rules);
            Trial::test(id.clone(), move || {
                let vendor = rules.vendors.get(&id).ok_or("no such vendor")?;
                let mut problems = calls(vendor, &rules)?;
                problems.extend(starts(vendor, &rules)?);
                outcome(&problems)
            })
        })
        .collect();
    let rules = Arc::clone(rules);
    trials.push(Trial::test("nothing is excluded in vain", move || {
        outcome(&idle_exclusions(&rules))
    }));
    trials
}

fn outcome(problems: &[String]) -> Result<(), Failed> {
    if problems.is_empty() {
        return Ok(());
    }
    let shown = problems.iter().take(SHOWN).cloned().collect::<Vec<_>>();
    Err(Failed::from(format!(
        "{}\n{} problems",
        shown.join("\n"),
        problems.len()
    )))
}

/// What one line of a generated file must come to.
struct Case {
    path: String,
    code: String,
    title: String,
    wanted: Wanted,
}

enum Wanted {
    /// A sink, and these findings.
    Sent(Vec<Expected>),
    /// No sink and no finding.
    Quiet,
}

/// A generated file.
struct Made {
    text: String,
    /// By line.
    cases: BTreeMap<u32, Case>,
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
        let title = way.title.clone();
        cases.insert(
            line,
            Case {
                path,
                code,
                title,
                wanted,
            },
        );
    }
    for line in &way.close {
        let _ = writeln!(text, "{line}");
    }
    Some(Made { text, cases })
}

/// Makes every call of a vendor and compares.
fn calls(vendor: &Vendor, rules: &Ruleset) -> Result<Vec<String>, String> {
    let own = OwnNames::of(vendor);
    let mut files = BTreeMap::new();
    let mut reached = BTreeSet::new();
    for (number, way) in ways(vendor).iter().enumerate() {
        if let Some(file) = made(way, &own, sent_by(vendor, &way.surface)) {
            for case in file.cases.values() {
                reached.insert((way.surface.clone(), case.path.clone()));
            }
            files.insert(format!("sent{number:03}.tsx"), file);
        }
        if let Some(file) = made(way, &own, quiet_by(vendor, &way.surface)) {
            files.insert(format!("quiet{number:03}.tsx"), file);
        }
    }
    let mut problems = unreached(vendor, &reached);
    if files.is_empty() {
        return Ok(problems);
    }
    let report = scan(vendor, rules, &files)?;
    for (path, file) in &files {
        for (line, case) in &file.cases {
            compare(vendor, &report, path, *line, case, &mut problems);
        }
    }
    Ok(problems)
}

/// The calls of a surface that send, those with data first.
fn sent_by(vendor: &Vendor, surface: &str) -> Vec<(String, Telling, Wanted)> {
    let mut calls = Vec::new();
    for call in &vendor.calls {
        if !call.surfaces.iter().any(|it| it == surface) || is_excluded(vendor, &call.path) {
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
        .filter(|path| !is_excluded(vendor, path))
        .map(|path| {
            let telling = Telling {
                args: vec!["user.email".to_owned()],
                expected: Vec::new(),
            };
            (path.to_owned(), telling, Wanted::Quiet)
        })
        .collect()
}

/// Calls that no way of the vendor's leads to.
fn unreached(vendor: &Vendor, reached: &BTreeSet<(String, String)>) -> Vec<String> {
    let mut problems = Vec::new();
    for call in &vendor.calls {
        for surface in &call.surfaces {
            let key = (surface.clone(), call.path.clone());
            if !reached.contains(&key) && !is_excluded(vendor, &call.path) {
                problems.push(format!("nothing leads to `{}` on `{surface}`", call.path));
            }
        }
    }
    problems
}

fn compare(
    vendor: &Vendor,
    report: &Report,
    path: &str,
    line: u32,
    case: &Case,
    problems: &mut Vec<String>,
) {
    let sinks: Vec<&str> = report
        .sinks
        .iter()
        .filter(|sink| sink.location.path == path && sink.location.line == line)
        .filter(|sink| sink.vendor == vendor.id)
        .map(|sink| sink.call.as_str())
        .collect();
    let findings: Vec<(&str, &str)> = report
        .findings
        .iter()
        .filter(|found| found.location.path == path && found.location.line == line)
        .filter(|found| found.vendor == vendor.id && found.origin == Origin::Sent)
        .map(|found| (found.class.as_str(), found.property.as_str()))
        .collect();
    let mut problem = |what: String| {
        problems.push(format!(
            "{what}\n    `{}` by {} ({path}:{line})",
            case.code, case.title
        ));
    };
    match &case.wanted {
        Wanted::Sent(_) if !sinks.contains(&case.path.as_str()) => {
            problem(format!("`{}` is no sink here; found: {sinks:?}", case.path));
        }
        Wanted::Sent(expected) => {
            for wanted in expected {
                if !findings.contains(&(wanted.class.as_str(), wanted.property.as_str())) {
                    problem(format!(
                        "`{}`: no {} under `{}`; found: {findings:?}",
                        case.path, wanted.class, wanted.property
                    ));
                }
            }
        }
        Wanted::Quiet => {
            if !sinks.is_empty() || !findings.is_empty() {
                problem(format!(
                    "`{}` carries nothing; found: {sinks:?} {findings:?}",
                    case.path
                ));
            }
        }
    }
}

/// Makes every call that starts the SDK, each in a scan of its own, by the first way to each of its surfaces.
fn starts(vendor: &Vendor, rules: &Ruleset) -> Result<Vec<String>, String> {
    let own = OwnNames::of(vendor);
    let ways = ways(vendor);
    let mut problems = Vec::new();
    for init in &vendor.init {
        for surface in &init.surfaces {
            if is_excluded(vendor, &init.path) {
                continue;
            }
            let mut args = vec!["'x'".to_owned(); init.options.unwrap_or(0)];
            args.extend(init.options.map(|_| "{}".to_owned()));
            let file = ways
                .iter()
                .filter(|way| way.surface == *surface)
                .find_map(|way| {
                    let telling = Telling {
                        args: args.clone(),
                        expected: Vec::new(),
                    };
                    let call = (init.path.clone(), telling, Wanted::Quiet);
                    made(way, &own, vec![call])
                });
            let Some(file) = file else {
                problems.push(format!(
                    "nothing leads to the start `{}` on `{surface}`",
                    init.path
                ));
                continue;
            };
            if vendor.auto.is_empty() {
                continue;
            }
            let line = file.cases.keys().next().copied();
            let code = file.text.clone();
            let files = BTreeMap::from([("start.tsx".to_owned(), file)]);
            let report = scan(vendor, rules, &files)?;
            let starts_here = report.auto_collected.iter().any(|auto| {
                auto.vendor == vendor.id
                    && auto.location.as_ref().map(|location| location.line) == line
            });
            if !starts_here {
                problems.push(format!(
                    "`{}` on `{surface}` does not start the SDK:\n{code}",
                    init.path
                ));
            }
        }
    }
    Ok(problems)
}

/// Scans the files in a directory of their own; what depends on the vendor's packages says so.
fn scan(
    vendor: &Vendor,
    rules: &Ruleset,
    files: &BTreeMap<String, Made>,
) -> Result<Report, String> {
    let dir = TempDir::new().map_err(|e| e.to_string())?;
    let write =
        |name: &str, text: &str| fs::write(dir.path().join(name), text).map_err(|e| e.to_string());
    for (name, file) in files {
        write(name, &file.text)?;
    }
    let dependencies: BTreeMap<&str, &str> = vendor
        .packages
        .iter()
        .map(|package| (package.name.as_str(), "*"))
        .collect();
    let manifest = serde_json::json!({ "name": "app", "dependencies": dependencies });
    write("package.json", &manifest.to_string())?;
    keep(&vendor.id, dir.path())?;
    let settings = Settings::of(&[dir.path().to_owned()]).map_err(|e| e.to_string())?;
    let report = divulge::analyze(&settings, rules).map_err(|e| e.to_string())?;
    match report.files.errors.first() {
        Some(note) => Err(format!(
            "{}: {}\n{}",
            note.path,
            note.reason,
            files.get(&note.path).map_or("", |file| file.text.as_str())
        )),
        None => Ok(report),
    }
}

/// `KEEP_GENERATED=dir` leaves the generated files there, to look at.
fn keep(vendor: &str, from: &Path) -> Result<(), String> {
    static TO: OnceLock<Option<String>> = OnceLock::new();
    let Some(to) = TO.get_or_init(|| std::env::var("KEEP_GENERATED").ok()) else {
        return Ok(());
    };
    let to = Path::new(to).join(vendor);
    fs::create_dir_all(&to).map_err(|e| e.to_string())?;
    for entry in fs::read_dir(from).map_err(|e| e.to_string())? {
        let entry = entry.map_err(|e| e.to_string())?;
        fs::copy(entry.path(), to.join(entry.file_name())).map_err(|e| e.to_string())?;
    }
    Ok(())
}

fn is_excluded(vendor: &Vendor, path: &str) -> bool {
    EXCLUDED
        .iter()
        .any(|(id, call, _)| *id == vendor.id && *call == path)
}

/// Exclusions of calls that no rule has.
fn idle_exclusions(rules: &Ruleset) -> Vec<String> {
    let is_known = |id: &str, path: &str| {
        rules.vendors.get(id).is_some_and(|vendor| {
            vendor.calls.iter().any(|call| call.path == path)
                || vendor.init.iter().any(|init| init.path == path)
                || vendor
                    .control
                    .iter()
                    .any(|entry| entry.split_once(':').map_or(entry.as_str(), |(_, it)| it) == path)
        })
    };
    EXCLUDED
        .iter()
        .filter(|(id, path, _)| !is_known(id, path))
        .map(|(id, path, reason)| format!("{id} has no `{path}` ({reason})"))
        .collect()
}
