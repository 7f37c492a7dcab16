//! The program from outside: messages, exit status, what goes to which stream.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// An app without any vendor.
fn app() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.ts"), "export const a = 1;\n").unwrap();
    directory
}

fn divulge(directory: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("divulge"));
    command.env_clear().current_dir(directory);
    command
}

struct Ran {
    status: i32,
    stdout: String,
    stderr: String,
}

fn run(directory: &Path, args: &[&str]) -> Ran {
    let output = divulge(directory).args(args).output().unwrap();
    Ran {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Fails with 2, one message on stderr, and nothing on stdout.
fn refuses(directory: &Path, args: &[&str], parts: &[&str]) {
    let ran = run(directory, args);
    assert_eq!(ran.status, 2, "{args:?}: {}", ran.stderr);
    assert_eq!(ran.stdout, "", "{args:?}");
    for part in parts {
        assert!(
            ran.stderr.contains(part),
            "{args:?}: no {part} in {}",
            ran.stderr
        );
    }
}

#[test]
fn clean_is_0_and_only_the_report_is_on_stdout() {
    let app = app();
    let ran = run(app.path(), &["scan"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    assert!(
        ran.stdout.contains("No known vendor is used"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains('\u{1b}'));
    assert_eq!(run(app.path(), &["scan", "--fail-on", "never"]).status, 0);
}

#[test]
fn refuses_what_cannot_be_done() {
    let app = app();
    let dir = app.path();
    refuses(dir, &["scan", "nowhere"], &["nowhere"]);
    refuses(dir, &["scan", "--frobnicate"], &["--frobnicate"]);
    refuses(
        dir,
        &["scan", "--format", "tabel"],
        &["tabel", "table", "json"],
    );
    refuses(dir, &["scan", "--format", "json="], &["file name"]);
    refuses(dir, &["scan", "--fail-on", "hihg"], &["hihg", "'high'"]);
    refuses(dir, &["scan", "--threads", "0"], &["--threads"]);
    refuses(
        dir,
        &["scan", "--format", "json", "--format", "table"],
        &["stdout", "json=report.json"],
    );
    refuses(
        dir,
        &["scan", "--format", "json=a", "--output", "b"],
        &["--output"],
    );
    refuses(dir, &["scan", "--config", "none.toml"], &["none.toml"]);
    refuses(
        dir,
        &["scan", "--config", "x", "--no-config"],
        &["--no-config"],
    );
    refuses(
        dir,
        &["scan", "--vendor", "nobody_at_all"],
        &["--vendor", "nobody_at_all"],
    );
    refuses(
        dir,
        &["scan", "--output", "no/such/dir/x"],
        &["no/such/dir/x"],
    );
    refuses(dir, &[], &["Usage"]);
}

#[test]
fn nothing_to_scan_is_2() {
    let empty = tempfile::tempdir().unwrap();
    refuses(empty.path(), &["scan"], &["nothing to scan"]);
    fs::write(empty.path().join("readme.md"), "x").unwrap();
    refuses(empty.path(), &["scan", "readme.md"], &["nothing to scan"]);
}

#[test]
fn a_broken_configuration_names_the_place() {
    let app = app();
    let file = app.path().join("divulge.toml");
    fs::create_dir(app.path().join("src")).unwrap();
    fs::write(app.path().join("src/b.ts"), "").unwrap();
    fs::write(&file, "\nfail-onn = \"high\"\n").unwrap();
    refuses(app.path(), &["scan"], &["divulge.toml:2:1", "fail-on"]);
    fs::write(&file, "exclude = [\"a[\"]\n").unwrap();
    refuses(app.path(), &["scan"], &["divulge.toml:1:12", "a["]);
    fs::write(&file, "rules = [\"none\"]\n").unwrap();
    refuses(app.path(), &["scan"], &["divulge.toml:1:10", "none"]);
    fs::write(&file, "rules = [\"..\"]\n").unwrap();
    refuses(
        app.path(),
        &["scan"],
        &["divulge.toml:1:10", "outside", "--rules"],
    );
    fs::write(&file, "[severity]\nno_such_class_here = \"low\"\n").unwrap();
    refuses(
        app.path(),
        &["scan"],
        &["divulge.toml:2:1", "no_such_class_here"],
    );
    // It lies above src, but outside of any repository only the scanned root counts.
    assert_eq!(run(app.path(), &["scan", "src"]).status, 0);
    fs::create_dir(app.path().join(".git")).unwrap();
    refuses(app.path(), &["scan", "src"], &["divulge.toml:2:1"]);
    assert_eq!(run(app.path(), &["scan", "--no-config"]).status, 0);
}

#[test]
fn a_flag_wins_over_the_environment_over_the_nearest_file() {
    let app = app();
    let broken = |name: &str| fs::write(app.path().join(name), format!("{name} =")).unwrap();
    for name in ["divulge.toml", "environment.toml", "flag.toml"] {
        broken(name);
    }
    let named = |args: &[&str], variable: Option<&str>| {
        let mut command = divulge(app.path());
        if let Some(value) = variable {
            command.env("DIVULGE_CONFIG", value);
        }
        let output = command.arg("scan").args(args).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    assert!(named(&[], None).1.contains("divulge.toml:1"));
    assert!(named(&[], Some("")).1.contains("divulge.toml:1"));
    let environment = Some("environment.toml");
    assert!(named(&[], environment).1.contains("environment.toml:1"));
    assert!(
        named(&["--config", "flag.toml"], environment)
            .1
            .contains("flag.toml:1")
    );
    assert_eq!(named(&["--no-config"], environment).0, Some(0));
}

#[test]
fn json_goes_to_stdout_or_to_a_file() {
    let app = app();
    let ran = run(app.path(), &["scan", "--format", "json"]);
    let report: divulge::finding::Report = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((report.files.seen, report.files.read), (1, 1));
    assert!(!ran.stdout.contains(app.path().to_str().unwrap()));
    let both = run(
        app.path(),
        &[
            "scan",
            "--format",
            "json=out.json",
            "--format",
            "table",
            "--color",
            "always",
        ],
    );
    assert!(both.stdout.contains("\u{1b}["), "{}", both.stdout);
    let file = fs::read_to_string(app.path().join("out.json")).unwrap();
    assert_eq!(file, ran.stdout);
    run(
        app.path(),
        &["scan", "--output", "out.txt", "--color", "always"],
    );
    let file = fs::read_to_string(app.path().join("out.txt")).unwrap();
    assert!(
        file.contains("No known vendor") && !file.contains('\u{1b}'),
        "{file}"
    );
}

#[test]
fn unreadable_text_is_reported_and_on_stderr() {
    let app = app();
    fs::write(app.path().join("latin.ts"), b"let a = '\xe9';").unwrap();
    let ran = run(app.path(), &["scan"]);
    assert_eq!(ran.status, 0);
    assert!(
        ran.stderr.contains("latin.ts: invalid UTF-8"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stdout.contains("with errors: 1 invalid UTF-8"),
        "{}",
        ran.stdout
    );
    assert_eq!(run(app.path(), &["scan", "-q"]).stderr, "");
}

#[test]
fn help_and_version_are_0() {
    let app = app();
    let help = run(app.path(), &["scan", "--help"]);
    assert_eq!((help.status, help.stderr.as_str()), (0, ""));
    assert!(help.stdout.contains("--fail-on"));
    assert_eq!(run(app.path(), &["--version"]).status, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_pipe_is_no_failure() {
    let app = app();
    let program = assert_cmd::cargo::cargo_bin!("divulge")
        .display()
        .to_string();
    for args in ["scan --format json", "--help", "rules list"] {
        // The reader is gone before the first byte is written.
        let script = format!("(sleep 0.2; '{program}' {args}) | true; echo ${{PIPESTATUS[0]}}");
        let output = std::process::Command::new("bash")
            .args(["-c", &script])
            .current_dir(app.path())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            text.trim(),
            "0",
            "{args}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
