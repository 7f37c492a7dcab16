//! Whether what a vendor's rule says is found in code.
//!
//! In: a vendor and the rules around it. Out: [`Exercised`]: how much was tried, and every call that was not found, or found
//! where there is none. It leaves alone which code is made (`ruleset::cases`).
//!
//! All files of a vendor are scanned at once, in a directory that says that the app depends on the vendor's packages. Calls
//! that start an SDK are scanned one by one, since a report names only the first, and must stand behind what it collects.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::finding::{Origin, Report};
use crate::ruleset::Ruleset;
use crate::ruleset::cases::{self, Case, Made, OWN_MODULE, Wanted};
use crate::ruleset::schema::{Auto, Vendor};
use crate::settings::Settings;

/// What came of a vendor's rule.
#[derive(Debug, Clone, Default)]
pub struct Exercised {
    /// Calls that must be found, each by one way.
    pub sent: usize,
    /// Calls that must not be.
    pub quiet: usize,
    /// What went wrong, each with its code.
    pub problems: Vec<String>,
}

/// Tries every call of a vendor; `keep` is a directory for the generated files, to look at.
///
/// # Errors
///
/// When the files cannot be written or scanned.
pub fn exercise(vendor: &Vendor, rules: &Ruleset, keep: Option<&Path>) -> Result<Exercised> {
    let mut out = Exercised::default();
    // Whether a call sends what it is given is not asked here, only whether it is found.
    let mut rules = rules.clone();
    if let Some(vendor) = rules.vendors.get_mut(&vendor.id) {
        vendor.stays.clear();
    }
    let rules = &rules;
    for (index, surface) in cases::unreached(vendor) {
        let path = &vendor.calls[index].path;
        out.problems
            .push(format!("nothing leads to `{path}` on `{surface}`"));
    }
    let files = cases::files(vendor);
    if !files.is_empty() {
        let report = scan(vendor, rules, &files, keep)?;
        for (path, file) in &files {
            for (line, case) in &file.cases {
                match case.wanted {
                    Wanted::Sent(_) => out.sent += 1,
                    Wanted::Quiet => out.quiet += 1,
                }
                compare(vendor, &report, path, *line, case, &mut out.problems);
            }
        }
    }
    starts(vendor, rules, &mut out.problems)?;
    Ok(out)
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
        .chain(&report.expected)
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
            for found in &findings {
                let is_wanted =
                    |wanted: &cases::Expected| (&*wanted.class, &*wanted.property) == *found;
                if !expected.iter().any(is_wanted) {
                    problem(format!(
                        "`{}`: nothing is {} under `{}`",
                        case.path, found.0, found.1
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

/// Makes every call that starts the SDK in a scan of its own.
fn starts(vendor: &Vendor, rules: &Ruleset, problems: &mut Vec<String>) -> Result<()> {
    for (init, surface, file) in cases::starts(vendor) {
        let path = &init.path;
        let Some(file) = file else {
            problems.push(format!(
                "nothing leads to the start `{path}` on `{surface}`"
            ));
            continue;
        };
        if vendor.auto.is_empty() {
            continue;
        }
        let line = file.cases.keys().next().copied();
        let code = file.text.clone();
        // A package for servers of which the rule says nothing leaves no trace of its start.
        let is_untold = vendor.packages.iter().any(|package| {
            let is_told = |auto: &Auto| auto.packages.contains(&package.name);
            package.server
                && code.contains(&format!("'{}'", package.name))
                && !vendor.auto.iter().any(is_told)
        });
        if is_untold {
            continue;
        }
        let files = BTreeMap::from([("start.tsx".to_owned(), file)]);
        let report = scan(vendor, rules, &files, None)?;
        // Where making the client starts the SDK as well, that comes first.
        let is_made = code.contains("= new ") && vendor.init.iter().any(|it| it.path == "new");
        let starts_here = report.auto_collected.iter().any(|auto| {
            let at = auto.location.as_ref().map(|location| location.line);
            auto.vendor == vendor.id && (at == line || is_made && at.is_some())
        });
        if !starts_here {
            problems.push(format!(
                "`{path}` on `{surface}` does not start the SDK:\n{code}"
            ));
        }
    }
    Ok(())
}

/// Scans the files in a directory of their own; what depends on the vendor's packages says so.
fn scan(
    vendor: &Vendor,
    rules: &Ruleset,
    files: &BTreeMap<String, Made>,
    keep: Option<&Path>,
) -> Result<Report> {
    let made = tempfile::tempdir().context("no directory for the code that is made")?;
    let dir = match keep {
        Some(keep) => keep.join(&vendor.id),
        None => made.path().to_owned(),
    };
    fs::create_dir_all(&dir)?;
    for (name, file) in files {
        fs::write(dir.join(name), &file.text)?;
    }
    let (own, text) = OWN_MODULE;
    fs::write(dir.join(own), text)?;
    let dependencies: BTreeMap<&str, &str> = vendor
        .packages
        .iter()
        .map(|package| (package.name.as_str(), "*"))
        .collect();
    let manifest = serde_json::json!({ "name": "app", "dependencies": dependencies });
    fs::write(dir.join("package.json"), manifest.to_string())?;
    let settings = Settings::of(&[dir])?;
    let report = crate::analyze(&settings, rules)?;
    if let Some(note) = report.files.errors.first() {
        let code = files.get(&note.path).map_or("", |file| file.text.as_str());
        bail!("{}: {}\n{code}", note.path, note.reason);
    }
    Ok(report)
}
