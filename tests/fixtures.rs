//! Scans every fixture and compares what is found with the markers in it.
//!
//! A case is a directory or a single file directly below `fixtures/<group>`, or `fixtures/incident` as a whole. It is
//! copied into a directory of its own and scanned there as a root, so nothing around it decides what is found. The marker
//! format and the rule by which a finding matches one stand at the head of `support/markers.rs`. Beside its markers every
//! report is checked for what must hold of any report. Input too big or too odd to commit is made here.

#[path = "support/generated.rs"]
mod generated;
#[path = "support/invariants.rs"]
mod invariants;
#[path = "support/markers.rs"]
mod markers;
#[path = "support/selftest.rs"]
mod selftest;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use divulge::finding::{Origin, Report};
use libtest_mimic::{Arguments, Failed, Trial};
use tempfile::TempDir;

use crate::markers::{Marker, Strictness};

/// Directories whose entries are cases.
const GROUPS: [&str; 6] = [
    "classes",
    "flow",
    "hostile",
    "languages",
    "quiet",
    "vendors",
];

/// Files that may hold markers.
const MARKED: [&str; 12] = [
    "astro", "cjs", "cts", "htm", "html", "js", "jsx", "mjs", "mts", "svelte", "ts", "tsx",
];

/// No fixture is big enough to need longer.
const PATIENCE: Duration = Duration::from_secs(120);

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = selftest::trials();
    trials.extend(generated::trials());
    match cases() {
        Ok(cases) => trials.extend(cases),
        Err(reason) => trials.push(Trial::test("cases", move || Err(Failed::from(reason)))),
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// All committed cases, by name.
fn cases() -> Result<Vec<Trial>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut trials = vec![case("incident".to_owned(), root.join("incident"))];
    for group in GROUPS {
        let dir = root.join(group);
        if !dir.is_dir() {
            continue;
        }
        for entry in entries(&dir)? {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            if !name.starts_with('.') {
                trials.push(case(format!("{group}::{name}"), entry.clone()));
            }
        }
    }
    Ok(trials)
}

fn case(name: String, path: PathBuf) -> Trial {
    let strictness = Strictness {
        unresolved: name.starts_with("quiet::"),
    };
    let incident = name == "incident";
    Trial::test(name, move || {
        let dir = copied(&path)?;
        let report = checked(dir.path(), strictness)?;
        if incident {
            incident_is_whole(&report)?;
        }
        Ok(())
    })
}

/// Scans a directory, checks the report against the invariants and the markers in the directory.
fn checked(dir: &Path, strictness: Strictness) -> Result<Report, String> {
    let texts = texts(dir)?;
    let mut expected: Vec<Marker> = Vec::new();
    for (path, text) in &texts {
        let extension = Path::new(path).extension().unwrap_or_default();
        if extension == "vue" || MARKED.iter().any(|known| extension == *known) {
            expected.extend(markers::parse(path, text)?);
        }
    }
    let report = scan(dir)?;
    let mut problems = invariants::broken(&report, &texts);
    problems.extend(markers::compare(&report, &expected, strictness));
    if problems.is_empty() {
        Ok(report)
    } else {
        Err(problems.join("\n"))
    }
}

/// The one place that knows how a scan is run.
fn scan(dir: &Path) -> Result<Report, String> {
    let out = TempDir::new().map_err(|e| e.to_string())?;
    let stdout = out.path().join("stdout");
    let stderr = out.path().join("stderr");
    let file = |path: &Path| fs::File::create(path).map_err(|e| e.to_string());
    let mut child = Command::new(env!("CARGO_BIN_EXE_divulge"))
        .args([
            "scan",
            ".",
            "--format",
            "json",
            "--no-config",
            "--fail-on",
            "never",
        ])
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(file(&stdout)?)
        .stderr(file(&stderr)?)
        .spawn()
        .map_err(|e| e.to_string())?;
    let started = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|e| e.to_string())? {
            Some(status) => break status,
            None if started.elapsed() > PATIENCE => {
                child.kill().map_err(|e| e.to_string())?;
                child.wait().map_err(|e| e.to_string())?;
                return Err(format!(
                    "the scan took longer than {} s",
                    PATIENCE.as_secs()
                ));
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let read = |path: &Path| fs::read(path).map_err(|e| e.to_string());
    let complaint = String::from_utf8_lossy(&read(&stderr)?).into_owned();
    if status.code() != Some(0) {
        return Err(format!("the scan ended with {status}\n{complaint}"));
    }
    serde_json::from_slice(&read(&stdout)?)
        .map_err(|e| format!("stdout is no report: {e}\n{complaint}"))
}

/// The brief that this tool exists for: exactly these classes, and the pair that makes a forged notice work.
fn incident_is_whole(report: &Report) -> Result<(), String> {
    let held = |origin: Origin| {
        let mut classes: Vec<&str> = report
            .findings
            .iter()
            .filter(|finding| finding.vendor == "mixpanel" && finding.origin == origin)
            .map(|finding| finding.class.as_str())
            .collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    };
    let sent = held(Origin::Sent);
    if sent != ["email", "org_id", "person_name", "user_id"] {
        return Err(format!("sent to mixpanel: {sent:?}"));
    }
    let auto = held(Origin::Auto);
    for class in ["location", "referrer", "user_agent"] {
        if !auto.contains(&class) {
            return Err(format!("not seen as collected by the SDK: {class}"));
        }
    }
    for class in ["content", "credential", "gov_id", "payment"] {
        if report.findings.iter().any(|finding| finding.class == class) {
            return Err(format!("reported although it is never sent: {class}"));
        }
    }
    if !report.combinations.iter().any(|found| {
        found.vendor == "mixpanel"
            && ["email", "org_id"]
                .iter()
                .all(|class| found.classes.iter().any(|c| c == class))
    }) {
        return Err("the pair of email and org_id is not a combination".to_owned());
    }
    Ok(())
}

/// A directory of its own with the case in it.
fn copied(case: &Path) -> Result<TempDir, String> {
    let dir = tempfile::Builder::new()
        .prefix("case-")
        .tempdir()
        .map_err(|e| e.to_string())?;
    if case.is_dir() {
        copy_tree(case, dir.path())?;
    } else {
        let to = dir.path().join(case.file_name().unwrap_or_default());
        fs::copy(case, to).map_err(|e| format!("{}: {e}", case.display()))?;
    }
    Ok(dir)
}

fn copy_tree(from: &Path, to: &Path) -> Result<(), String> {
    for entry in entries(from)? {
        let target = to.join(entry.file_name().unwrap_or_default());
        if entry.is_dir() {
            fs::create_dir(&target).map_err(|e| format!("{}: {e}", target.display()))?;
            copy_tree(&entry, &target)?;
        } else {
            fs::copy(&entry, &target).map_err(|e| format!("{}: {e}", entry.display()))?;
        }
    }
    Ok(())
}

/// The entries of a directory, by name.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, String> {
    let mut paths = fs::read_dir(dir)
        .and_then(|entries| {
            entries
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<Vec<_>, std::io::Error>>()
        })
        .map_err(|e| format!("{}: {e}", dir.display()))?;
    paths.sort();
    Ok(paths)
}

/// All files below a directory by their path in a report; bytes that are no UTF-8 are replaced.
fn texts(dir: &Path) -> Result<BTreeMap<String, String>, String> {
    fn walk(dir: &Path, prefix: &str, out: &mut BTreeMap<String, String>) -> Result<(), String> {
        for entry in entries(dir)? {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            let path = format!("{prefix}{name}");
            if entry.is_dir() {
                walk(&entry, &format!("{path}/"), out)?;
            } else {
                let bytes = fs::read(&entry).map_err(|e| format!("{path}: {e}"))?;
                out.insert(path, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        Ok(())
    }
    let mut out = BTreeMap::new();
    walk(dir, "", &mut out)?;
    Ok(out)
}
