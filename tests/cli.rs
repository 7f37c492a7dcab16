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
    command
        .env_clear()
        .env("DIVULGE_CACHE", "off")
        .current_dir(directory);
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
fn twice_verbose_tells_where_the_time_went() {
    let app = app();
    let once = run(app.path(), &["scan", "-v"]);
    assert!(!once.stderr.contains(" ms "));
    let twice = run(app.path(), &["scan", "-vv"]);
    for stage in [
        "finding files",
        "reading texts",
        "following values",
        "judging",
    ] {
        let line = twice.stderr.lines().find(|line| line.ends_with(stage));
        assert!(
            line.is_some_and(|line| line.contains(" ms ")),
            "{}",
            twice.stderr
        );
    }
    assert!(twice.stderr.contains("1 read, "), "{}", twice.stderr);
    assert_eq!(twice.stdout, once.stdout);
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
        ran.stdout.contains("In 1 file: invalid UTF-8"),
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

/// A committed fixture.
fn fixture(name: &str) -> String {
    format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// An app that hands an e-mail address to a vendor.
fn leaking() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(
        directory.path().join("good.ts"),
        "import mixpanel from 'mixpanel-browser'\n\
         export function onSignIn(user: { email: string }) {\n\
         \u{20} mixpanel.people.set({ $email: user.email })\n\
         }\n",
    )
    .unwrap();
    directory
}

fn report(ran: &Ran) -> divulge::finding::Report {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr))
}

#[test]
fn findings_are_1_unless_nothing_fails() {
    let app = app();
    let incident = fixture("incident");
    let scan = |args: &[&str]| run(app.path(), &[&["scan", &incident], args].concat());
    let ran = scan(&[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("findings at or above"),
        "{}",
        ran.stderr
    );
    assert_eq!(scan(&["--fail-on", "critical"]).status, 1);
    assert_eq!(scan(&["--fail-on", "never"]).status, 0);
    assert_eq!(scan(&["--class", "referrer"]).status, 0);
    assert_eq!(scan(&["--class", "referrer", "--fail-on", "low"]).status, 1);
    assert_eq!(scan(&["--vendor", "sentry"]).status, 0);
    for format in ["table", "json"] {
        assert_eq!(scan(&["--format", format]).status, 1, "{format}");
    }
}

#[test]
fn a_slip_in_a_name_gets_a_suggestion() {
    let app = app();
    let dir = app.path();
    refuses(dir, &["scan", "--vendor", "mixpanle"], &["`mixpanel`"]);
    refuses(dir, &["scan", "--class", "emial"], &["`email`"]);
    refuses(dir, &["explain", "mixpanle"], &["`mixpanel`"]);
    refuses(dir, &["scn"], &["'scan'"]);
}

#[test]
fn a_broken_rule_file_names_the_place() {
    let app = app();
    let vendors = app.path().join("own/vendors");
    fs::create_dir_all(&vendors).unwrap();
    let file = vendors.join("acme.toml");
    let start = "id = \"acme\"\nname = \"Acme\"\ncategory = \"ads\"\nsources = [\"x\"]\n";
    for (rest, place, parts) in [
        ("frobnicate = 1\n", "acme.toml:5", "frobnicate"),
        (
            "[[call]]\npath = \"track\"\nargs = [\"emial\"]\n",
            "acme.toml:7",
            "known role",
        ),
        (
            "[[auto]]\nclass = \"emial\"\nproperty = \"x\"\ndefault = true\n",
            "acme.toml:6",
            "emial",
        ),
        ("hosts = [\n", "acme.toml:", ""),
    ] {
        fs::write(&file, format!("{start}{rest}")).unwrap();
        for args in [&["scan", "--rules", "own"][..], &["rules", "check", "own"]] {
            refuses(app.path(), args, &[place, parts]);
        }
    }
    fs::write(&file, start).unwrap();
    assert_eq!(run(app.path(), &["scan", "--rules", "own"]).status, 0);
    assert_eq!(run(app.path(), &["rules", "check", "own"]).status, 0);
}

#[test]
fn rules_are_tried_on_code_that_is_made_of_them() {
    let app = app();
    fs::create_dir_all(app.path().join("own/vendors")).unwrap();
    let file = app.path().join("own/vendors/acme.toml");
    let rule = "id = \"acme\"\nname = \"Acme\"\ncategory = \"ads\"\nsources = [\"its manual\"]\n\
                control = [\"reset\"]\n[[package]]\nname = \"@acme/sdk\"\n\
                [[call]]\npath = \"identify\"\nargs = [\"user_id\", \"traits\"]\n";
    fs::write(&file, rule).unwrap();
    let ran = run(app.path(), &["rules", "test", "own"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let [line] = lines.as_slice() else {
        panic!("only the vendors of the directory are tried: {lines:?}");
    };
    let counts: Vec<usize> = line.split(' ').filter_map(|it| it.parse().ok()).collect();
    assert!(
        line.starts_with("acme: ") && counts.iter().all(|it| *it > 0),
        "{line}"
    );
    assert_eq!(counts.len(), 2, "{line}");
    // What is collected belongs to a package that the vendor does not have, so no call can start it.
    let never = "[[init]]\npath = \"identify\"\n[[auto]]\nclass = \"ip\"\nproperty = \"address\"\n\
                 packages = [\"@acme/none\"]\ndefault = true\nturn_off = \"cannot be turned off\"\n";
    fs::write(&file, format!("{rule}{never}")).unwrap();
    let ran = run(app.path(), &["rules", "test", "own"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stdout.starts_with("acme: 1 wrong\n"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("does not start the SDK"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("1 of 1 vendors"), "{}", ran.stderr);
}

#[test]
fn a_vendor_of_ones_own_is_one_file() {
    let app = app();
    fs::create_dir_all(app.path().join("own/vendors")).unwrap();
    fs::write(
        app.path().join("own/vendors/acme.toml"),
        "id = \"acme\"\nname = \"Acme\"\ncategory = \"ads\"\nsources = [\"its manual\"]\n\
         [[package]]\nname = \"@acme/sdk\"\n\
         [[call]]\npath = \"identify\"\nargs = [\"user_id\", \"traits\"]\n",
    )
    .unwrap();
    fs::write(
        app.path().join("a.ts"),
        "import { identify } from '@acme/sdk';\n\
         export const signedIn = (user: { id: string; email: string }) => identify(user.id, { mail: user.email });\n",
    )
    .unwrap();
    let ran = run(app.path(), &["scan", "--format", "json", "--rules", "own"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let found: Vec<(String, String)> = report(&ran)
        .findings
        .into_iter()
        .map(|finding| (finding.vendor, finding.class))
        .collect();
    let acme = |class: &str| ("acme".to_owned(), class.to_owned());
    assert_eq!(found, [acme("email"), acme("user_id")]);
}

#[test]
fn json_of_a_real_scan_keeps_to_the_schema() {
    let app = app();
    let schema = include_str!("../docs/report.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for name in ["incident", "hostile", "languages"] {
        let ran = run(app.path(), &["scan", &fixture(name), "--format", "json"]);
        let report = serde_json::from_str(&ran.stdout).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn threads_and_repetition_change_no_byte() {
    let app = app();
    for name in ["incident", "flow", "vendors"] {
        let path = fixture(name);
        let scan = |threads: &str| {
            let args = ["scan", &path, "--format", "json", "--threads", threads];
            run(app.path(), &args).stdout
        };
        let first = scan("1");
        assert!(first.contains("\"fingerprint\""), "{name}: {first}");
        for threads in ["1", "4", "4"] {
            assert!(
                scan(threads) == first,
                "{name}: differs with {threads} threads"
            );
        }
    }
}

#[test]
fn hostile_files_take_nothing_from_a_good_one() {
    let app = leaking();
    let dir = app.path();
    let import = "import mixpanel from 'mixpanel-browser'\n";
    let write = |name: &str, text: Vec<u8>| fs::write(dir.join(name), text).unwrap();
    write(
        "syntax.ts",
        format!("{import}function ( {{ mixpanel.track('a', {{").into_bytes(),
    );
    write(
        "latin.ts",
        [import.as_bytes(), b"mixpanel.track('\xff\xfe');"].concat(),
    );
    write(
        "bundle.js",
        format!("{import}{}", "var a='b';\n".repeat(200_000)).into_bytes(),
    );
    write(
        "brackets.js",
        format!("{import}{}", "[".repeat(100_000)).into_bytes(),
    );
    write(
        "recovery.js",
        format!("{import}{}", "}+".repeat(2_000)).into_bytes(),
    );
    write("nul.js", vec![0; 4096]);
    write("empty.ts", Vec::new());
    #[cfg(unix)]
    {
        fs::create_dir(dir.join("loop")).unwrap();
        std::os::unix::fs::symlink("..", dir.join("loop/up")).unwrap();
        std::os::unix::fs::symlink("self.ts", dir.join("self.ts")).unwrap();
    }
    let started = std::time::Instant::now();
    let ran = run(dir, &["scan", "--format", "json"]);
    // In a debug build on a loaded machine; the point is that it ends.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let report = report(&ran);
    let sent: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| finding.origin == divulge::finding::Origin::Sent)
        .map(|finding| format!("{} {}", finding.class, finding.location.path))
        .collect();
    assert_eq!(sent, ["email good.ts"]);
    let noted: Vec<&str> = report
        .files
        .errors
        .iter()
        .chain(&report.files.skipped)
        .map(|note| note.path.as_str())
        .collect();
    for name in [
        "syntax.ts",
        "latin.ts",
        "bundle.js",
        "brackets.js",
        "recovery.js",
        "nul.js",
    ] {
        assert!(noted.contains(&name), "{name} is not among {noted:?}");
    }
    for note in &report.files.errors {
        assert!(
            ran.stderr.contains(&note.path),
            "{}: {}",
            note.path,
            ran.stderr
        );
    }
}

#[test]
fn nothing_outside_the_root_is_read() {
    let around = tempfile::tempdir().unwrap();
    let outside = around.path().join("outside");
    let root = around.path().join("root");
    fs::create_dir_all(&outside).unwrap();
    fs::create_dir_all(root.join("src")).unwrap();
    let client = "import mixpanel from 'mixpanel-browser';\n\
                  export const send = (secret: { email: string }) => mixpanel.people.set({ $email: secret.email });\n\
                  export interface Person { email: string }\n";
    for name in ["wrapper.ts", "shared.ts"] {
        fs::write(outside.join(name), client).unwrap();
    }
    fs::write(
        outside.join("base.json"),
        "{ \"compilerOptions\": { \"baseUrl\": \".\", \"paths\": { \"@/*\": [\"./*\"] } } }",
    )
    .unwrap();
    fs::write(
        root.join("tsconfig.json"),
        "{ \"extends\": \"../outside/base.json\" }",
    )
    .unwrap();
    fs::write(
        root.join("src/a.ts"),
        "import mixpanel from 'mixpanel-browser';\n\
         import { send } from '../../outside/wrapper';\n\
         import { send as other, type Person } from '@/shared';\n\
         import { send as linked } from './linked';\n\
         export function go(user: { email: string }, person: Person) {\n\
         \u{20} send(user); other(user); linked(user);\n\
         \u{20} mixpanel.track('a', person);\n\
         }\n",
    )
    .unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outside.join("wrapper.ts"), root.join("src/linked.ts")).unwrap();
        std::os::unix::fs::symlink(&outside, root.join("link")).unwrap();
    }
    let ran = run(&root, &["scan", "--format", "json"]);
    let report = report(&ran);
    let sent = report
        .findings
        .iter()
        .filter(|finding| finding.origin == divulge::finding::Origin::Sent);
    assert_eq!(sent.count(), 0, "{}", ran.stdout);
    assert_eq!(report.files.read, 1, "{}", ran.stdout);
    assert!(!ran.stdout.contains("outside/wrapper"), "{}", ran.stdout);
    // What lies inside is read in the same way, so the wrapper itself is no riddle.
    fs::remove_file(root.join("src/linked.ts")).unwrap_or_default();
    fs::write(root.join("src/linked.ts"), client).unwrap();
    assert_eq!(run(&root, &["scan"]).status, 1);
}

#[test]
fn an_incident_is_reported_as_it_was() {
    use divulge::finding::{Origin, Severity};
    let app = app();
    let ran = run(
        app.path(),
        &["scan", &fixture("incident"), "--format", "json"],
    );
    let report = report(&ran);
    let held = |origin: Origin| -> std::collections::BTreeMap<&str, Severity> {
        let of_origin = report
            .findings
            .iter()
            .filter(|finding| finding.origin == origin);
        of_origin
            .map(|finding| (finding.class.as_str(), finding.severity))
            .collect()
    };
    let sent = held(Origin::Sent);
    let expected = [
        ("email", Severity::Critical),
        ("org_id", Severity::Critical),
        ("person_name", Severity::High),
        ("user_id", Severity::High),
    ];
    assert_eq!(sent, expected.into(), "{:?}", report.findings);
    let auto = held(Origin::Auto);
    for (class, severity) in [
        ("location", Severity::Medium),
        ("user_agent", Severity::Medium),
        ("referrer", Severity::Low),
    ] {
        assert_eq!(auto.get(class), Some(&severity), "{class}: {auto:?}");
    }
    for class in ["credential", "payment", "gov_id", "content"] {
        assert!(!auto.contains_key(class), "{class} was never handed over");
    }
    assert!(
        report.combinations.iter().any(|found| {
            found.vendor == "mixpanel"
                && found.severity == Severity::Critical
                && std::collections::BTreeSet::from_iter(found.classes.iter().map(String::as_str))
                    == ["email", "org_id"].into()
        }),
        "{:?}",
        report.combinations
    );
    assert!(
        report
            .findings
            .iter()
            .all(|finding| finding.vendor == "mixpanel")
    );
    assert!(report.unresolved.is_empty(), "{:?}", report.unresolved);
}

#[test]
fn commands_of_the_documents_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut commands = Vec::new();
    for name in ["README.md", "docs/rules.md", "docs/architecture.md"] {
        let text = fs::read_to_string(root.join(name)).unwrap();
        let mut in_block = false;
        for line in text.lines() {
            if let Some(language) = line.strip_prefix("```") {
                in_block = !in_block && matches!(language, "sh" | "console");
                continue;
            }
            let line = line.trim_start_matches("$ ");
            let line = line.split(" #").next().unwrap_or(line).trim();
            let divulge = line
                .strip_prefix("divulge ")
                .or_else(|| line.strip_prefix("cargo run --release -- "));
            if let Some(args) = divulge.filter(|_| in_block) {
                commands.push(args.to_owned());
            }
        }
    }
    assert!(commands.len() > 3, "{commands:?}");
    assert!(
        commands.contains(&"scan fixtures/incident".to_owned()),
        "{commands:?}"
    );
    let app = app();
    for command in commands {
        // With --help, arguments are read and nothing is done.
        let args: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let ran = run(app.path(), &args);
        assert_eq!(ran.status, 0, "{command}: {}", ran.stderr);
    }
}

/// The ids, vendors and files of the notes on an app of these files.
fn notes_of(files: &[(&str, &str)]) -> Vec<String> {
    let app = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(app.path().join(name), text).unwrap();
    }
    let args = ["scan", "--fail-on", "never", "--notes", "--format", "json"];
    let report: serde_json::Value = serde_json::from_str(&run(app.path(), &args).stdout).unwrap();
    let notes = report["notes"].as_array().unwrap().iter();
    notes
        .map(|note| {
            format!(
                "{} {} {}:{}",
                note["id"].as_str().unwrap(),
                note["vendor"].as_str().unwrap(),
                note["location"]["path"].as_str().unwrap(),
                note["location"]["line"]
            )
        })
        .filter(|note| !note.starts_with("starts-"))
        .collect()
}

#[test]
fn notes_say_what_is_left_undone_at_sign_out() {
    const IDENTIFY: &str = "import posthog from 'posthog-js';
import * as Sentry from '@sentry/browser';
export function onSignIn(user: { id: string }) {
  posthog.identify(user.id);
  Sentry.setUser({ id: user.id });
}
";
    let sign_out = "import { signOut } from './auth';\nexport const leave = () => signOut();\n";
    let resets = "import posthog from 'posthog-js';
import * as Sentry from '@sentry/browser';
import { signOut } from './auth';
export const leave = () => { posthog.reset(); Sentry.setUser(null); signOut(); };
";
    let kept = notes_of(&[("in.ts", IDENTIFY), ("out.ts", sign_out)]);
    let expected = [
        "no-reset-at-sign-out posthog in.ts:4",
        "no-reset-at-sign-out sentry in.ts:5",
    ];
    assert_eq!(kept, expected);
    assert!(notes_of(&[("in.ts", IDENTIFY), ("out.ts", resets)]).is_empty());
    // An app without a sign-out keeps nobody signed in.
    assert!(notes_of(&[("in.ts", IDENTIFY)]).is_empty());
}

#[test]
fn packages_without_rules_are_named_once_and_unasked() {
    let app = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "ask.ts",
            "// import OpenAI from 'openai'\nimport OpenAI from 'openai';\nnew OpenAI();\n",
        ),
        ("more.ts", "const { OpenAI } = require(\"openai\");\n"),
        (
            "typed.ts",
            "import type { Message } from '@anthropic-ai/sdk';\n",
        ),
        ("named.ts", "export const name = 'plivo';\n"),
        ("own.ts", "import { send } from 'mailersend';\n"),
        (
            "package.json",
            r#"{ "name": "mailersend", "dependencies": { "stytch": "1" } }"#,
        ),
    ] {
        fs::write(app.path().join(name), text).unwrap();
    }
    let scanned = run(app.path(), &["scan", "--format", "json"]);
    assert_eq!(scanned.status, 0, "{}", scanned.stderr);
    let report: serde_json::Value = serde_json::from_str(&scanned.stdout).unwrap();
    let notes = report["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert_eq!(notes[0]["id"], "no-rules");
    assert_eq!(notes[0]["vendor"], "openai");
    assert_eq!(notes[0]["location"]["path"], "ask.ts");
    assert_eq!(notes[0]["location"]["line"], 2);
    assert!(
        notes[0]["message"]
            .as_str()
            .unwrap()
            .ends_with("(imported in 2 files)")
    );
    let shown = run(app.path(), &["scan"]);
    assert!(
        shown.stdout.contains("no-rules `openai` hands prompts"),
        "{}",
        shown.stdout
    );
    let other = run(
        app.path(),
        &["scan", "--vendor", "sentry", "--format", "json"],
    );
    let report: serde_json::Value = serde_json::from_str(&other.stdout).unwrap();
    assert_eq!(report["notes"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_client_of_which_no_call_is_found_is_noted() {
    let app = tempfile::tempdir().unwrap();
    let start = "import { PostHog } from 'posthog-node';\nimport { hold } from 'a-container';\n\n\
                 hold.keep('analytics', new PostHog('key', { host: 'https://eu.i.posthog.com' }));\n";
    fs::write(app.path().join("start.ts"), start).unwrap();
    let scanned = run(app.path(), &["scan", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&scanned.stdout).unwrap();
    let notes = report["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert_eq!(notes[0]["id"], "no-call-found");
    assert_eq!(notes[0]["vendor"], "posthog");
    assert_eq!(notes[0]["location"]["line"], 4);

    let called = format!("{start}new PostHog('key').capture({{ distinctId: 'a', event: 'b' }});\n");
    fs::write(app.path().join("start.ts"), called).unwrap();
    let scanned = run(app.path(), &["scan", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&scanned.stdout).unwrap();
    assert_eq!(report["notes"].as_array().map(Vec::len), Some(0));
}

#[test]
fn notes_say_what_is_called_before_consent() {
    const CALLS: &str = "import posthog from 'posthog-js';
declare const visit: { plan: string };
posthog.capture('Opened', { plan: visit.plan });
export const later = () => posthog.capture('Clicked', { plan: visit.plan });
";
    let consent = "import posthog from 'posthog-js';\nexport const agree = () => posthog.opt_in_capturing();\n";
    let early = notes_of(&[("calls.ts", CALLS), ("consent.ts", consent)]);
    assert_eq!(early, ["before-consent posthog calls.ts:3"]);
    assert!(notes_of(&[("calls.ts", CALLS)]).is_empty());
}

#[test]
fn notes_are_made_when_asked_for_and_fail_nothing() {
    let app = tempfile::tempdir().unwrap();
    let code = "import * as Sentry from '@sentry/browser';
import mixpanel from 'mixpanel-browser';
import posthog from 'posthog-js';

Sentry.init({ dsn: 'https://key@o1.ingest.sentry.io/1', beforeSend: (event) => event });
if (localStorage.getItem('consent') === 'yes') {
  posthog.init('key', { autocapture: import.meta.env.PROD });
}
export function start(allowed: boolean, user: { email: string; id: string }) {
  if (!allowed) return;
  mixpanel.init('token');
  mixpanel.identify(user.email);
  posthog.identify(user.id);
}
";
    fs::write(app.path().join("main.ts"), code).unwrap();
    let quiet = run(app.path(), &["scan", "--fail-on", "never"]);
    assert!(!quiet.stdout.contains("\nNotes"), "{}", quiet.stdout);
    let asked = run(
        app.path(),
        &["scan", "--fail-on", "never", "--notes", "--format", "json"],
    );
    assert_eq!(asked.status, 0, "{}", asked.stderr);
    let report: serde_json::Value = serde_json::from_str(&asked.stdout).unwrap();
    let notes: Vec<(String, String, u64)> = report["notes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| {
            let text = |key: &str| note[key].as_str().unwrap().to_owned();
            let line = note["location"]["line"].as_u64().unwrap();
            (text("id"), text("vendor"), line)
        })
        .collect();
    let expected = [
        ("scrubber-drops-nothing", "sentry", 5),
        ("starts-always", "sentry", 5),
        ("starts-under-condition", "posthog", 7),
        ("starts-under-condition", "mixpanel", 11),
        ("contact-as-user-id", "mixpanel", 12),
    ];
    let expected = expected.map(|(id, vendor, line)| (id.to_owned(), vendor.to_owned(), line));
    assert_eq!(notes, expected);
    let condition = |vendor: &str, property: &str| {
        let mut collected = report["auto_collected"].as_array().unwrap().iter();
        let found = collected.find(|auto| {
            auto["vendor"] == vendor && auto["property"].as_str().unwrap().starts_with(property)
        });
        found.and_then(|auto| auto["condition"].as_str())
    };
    let started = "the SDK is started only if localStorage.getItem('consent') === 'yes'";
    let autocapture = format!("import.meta.env.PROD; {started}");
    assert_eq!(condition("posthog", "$autocapture"), Some(&*autocapture));
    assert_eq!(condition("posthog", "$os"), Some(started));
    let allowed = "the SDK is started only if allowed";
    assert_eq!(condition("mixpanel", "$browser"), Some(allowed));
    assert_eq!(condition("sentry", "request.headers"), None);
}

/// Where the component or function is used in which an SDK is started decides as well, if that is one place.
#[test]
fn a_condition_around_the_only_use_counts() {
    let app = app();
    let file = |name: &str, text: &str| fs::write(app.path().join(name), text).unwrap();
    file(
        "tracker.tsx",
        "
import posthog from 'posthog-js';
import { useEffect } from 'react';
export function Tracker({ id }: { id: string }) {
  useEffect(() => {
    posthog.init('key');
    posthog.identify(id);
  }, [id]);
  return null;
}
",
    );
    file(
        "replays.ts",
        "
import mixpanel from 'mixpanel-browser';
export function startReplays() {
  mixpanel.init('token');
}
",
    );
    file(
        "layout.tsx",
        "
import { startReplays } from './replays';
import { Tracker } from './tracker';
export function Layout({ user, isOn }: { user?: { id: string }; isOn: boolean }) {
  if (isOn) startReplays();
  return <main>{user && <Tracker id={user.id} />}</main>;
}
",
    );
    file(
        "other.ts",
        "
import { startReplays } from './replays';
startReplays();
",
    );
    let ran = run(
        app.path(),
        &["scan", "--fail-on", "never", "--format", "json"],
    );
    let report = report(&ran);
    let condition = |vendor: &str| {
        let mut collected = report.auto_collected.iter();
        let found = collected.find(|auto| auto.vendor == vendor && auto.enabled);
        found.and_then(|auto| auto.condition.clone())
    };
    let started = "the SDK is started only if user";
    assert_eq!(condition("posthog").as_deref(), Some(started));
    // This one is started in two places, in one of them always.
    assert_eq!(condition("mixpanel"), None);
}
