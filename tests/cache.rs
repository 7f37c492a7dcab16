//! What is kept between scans saves time and changes nothing.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// A project that reaches its wrapper by a path that tsconfig.json defines.
fn project() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "tsconfig.json",
        r#"{ "extends": "./paths.json", "compilerOptions": {} }"#,
    );
    write("paths.json", &paths("sends"));
    let wrapper = "import mixpanel from 'mixpanel-browser';\nexport const send = (props: any) => mixpanel.track('Sent', props);\n";
    write("sends/tracker.ts", wrapper);
    write(
        "quiet/tracker.ts",
        "export const send = (props: any) => props;\n",
    );
    let app = "import { send } from '@tracker/tracker';\nexport const signUp = (user: { email: string }) => send({ value: user.email });\n";
    write("app.ts", app);
    dir
}

fn paths(directory: &str) -> String {
    format!(
        r#"{{ "compilerOptions": {{ "baseUrl": ".", "paths": {{ "@tracker/*": ["{directory}/*"] }} }} }}"#
    )
}

fn scan(root: &Path, args: &[&str]) -> String {
    let mut command = Command::cargo_bin("divulge").unwrap();
    command.args([
        "scan",
        "--no-config",
        "--format",
        "json",
        "--fail-on",
        "never",
    ]);
    let output = command.arg(root).args(args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Scans with the cache and without, and expects the same.
fn compared(root: &Path, cache: &Path, args: &[&str]) -> String {
    let cached = [args, &["--cache", cache.to_str().unwrap()]].concat();
    let cached = scan(root, &cached);
    assert_eq!(cached, scan(root, &[args, &["--no-cache"]].concat()));
    cached
}

fn entries(cache: &Path) -> usize {
    fs::read_dir(cache).unwrap().count()
}

fn is_sent(report: &str) -> bool {
    report.contains(r#""origin": "sent""#)
}

#[test]
fn a_second_scan_of_the_same_tree_says_the_same_and_keeps_nothing_new() {
    let project = project();
    let cache = tempfile::tempdir().unwrap();
    let first = compared(project.path(), cache.path(), &[]);
    assert!(is_sent(&first));
    assert_eq!(entries(cache.path()), 1);
    assert_eq!(compared(project.path(), cache.path(), &[]), first);
    // How a report is judged and shown is not kept.
    let other = compared(
        project.path(),
        cache.path(),
        &["--class", "phone", "--min-severity", "high"],
    );
    assert!(!is_sent(&other));
    assert_eq!(entries(cache.path()), 1);
    // Consent is only looked for where notes are wanted, which asks more of the program.
    compared(project.path(), cache.path(), &["--notes"]);
    assert_eq!(entries(cache.path()), 2);
}

#[test]
fn whatever_changes_in_the_tree_is_seen() {
    let project = project();
    let root = project.path();
    let cache = tempfile::tempdir().unwrap();
    assert!(is_sent(&compared(root, cache.path(), &[])));
    // A configuration that another one extends.
    fs::write(root.join("paths.json"), paths("quiet")).unwrap();
    assert!(!is_sent(&compared(root, cache.path(), &[])));
    fs::write(root.join("paths.json"), paths("sends")).unwrap();
    assert!(is_sent(&compared(root, cache.path(), &[])));
    fs::remove_file(root.join("paths.json")).unwrap();
    assert!(!is_sent(&compared(root, cache.path(), &[])));
    fs::write(root.join("paths.json"), paths("sends")).unwrap();
    // A source, and a file that was not there before.
    fs::write(
        root.join("sends/tracker.ts"),
        "export const send = (props: any) => props;\n",
    )
    .unwrap();
    assert!(!is_sent(&compared(root, cache.path(), &[])));
    fs::write(
        root.join("direct.ts"),
        "import mixpanel from 'mixpanel-browser';\nexport const f = (user: any) => mixpanel.identify(user.email);\n",
    )
    .unwrap();
    assert!(is_sent(&compared(root, cache.path(), &[])));
}

#[test]
fn a_damaged_entry_is_not_believed() {
    let project = project();
    let cache = tempfile::tempdir().unwrap();
    let first = compared(project.path(), cache.path(), &[]);
    for entry in fs::read_dir(cache.path()).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("email", "plans")).unwrap();
    }
    assert_eq!(compared(project.path(), cache.path(), &[]), first);
}

#[test]
fn a_machine_of_ci_keeps_nothing_unless_it_is_told_to() {
    let project = project();
    let home = tempfile::tempdir().unwrap();
    let run = |ci: Option<&str>| {
        let mut command = Command::cargo_bin("divulge").unwrap();
        command.args(["scan", "--no-config", "--fail-on", "never", "-q"]);
        command.arg(project.path()).env_remove("DIVULGE_CACHE");
        for name in ["HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE"] {
            command.env(name, home.path());
        }
        match ci {
            Some(value) => command.env("CI", value),
            None => command.env_remove("CI"),
        };
        command.assert().success();
        fs::read_dir(home.path()).unwrap().count()
    };
    assert_eq!(run(Some("true")), 0);
    assert_eq!(run(None), 1);
}
