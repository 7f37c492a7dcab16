//! Input that was made to break the program: it ends soon, takes little memory, says what it left out, and the good file
//! beside it is still reported.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use divulge::finding::Report;
use tempfile::TempDir;

const IMPORT: &str = "import mixpanel from 'mixpanel-browser';\n";
/// Whether it ends is asked, not how fast: a debug build on a machine that does other work is many times slower than a release on an
/// idle one.
const PATIENCE: Duration = Duration::from_secs(120);
/// Kilobytes of address space, most of which is stacks that are never touched.
const SPACE: u32 = 3_500_000;

/// A tree with a good file.
fn tree() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let good = format!(
        "{IMPORT}export const good = (user: {{ email: string }}) => mixpanel.people.set({{ $email: user.email }});\n"
    );
    fs::write(directory.path().join("good.ts"), good).unwrap();
    directory
}

fn divulge(directory: &Path, args: &[&str]) -> Output {
    let program = assert_cmd::cargo::cargo_bin!("divulge");
    let mut command = if cfg!(target_os = "linux") {
        let mut command = Command::new("sh");
        let limited = format!("ulimit -v {SPACE}; exec \"$0\" \"$@\"");
        command.args(["-c", &limited]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command
        .env_clear()
        .env("DIVULGE_CACHE", "off")
        .current_dir(directory)
        .args(args)
        .output()
        .unwrap()
}

/// Scans; the good file must be reported, and it must not take long.
fn scanned(directory: &Path) -> Report {
    let started = Instant::now();
    let output = divulge(directory, &["scan", "--format", "json"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
    let report: Report = serde_json::from_slice(&output.stdout).unwrap();
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.location.path == "good.ts"),
        "{stderr}"
    );
    report
}

/// Whether the report says of a file that it was not read, or not followed, as a whole.
fn is_noted(report: &Report, path: &str, why: &str) -> bool {
    let notes = report.files.errors.iter().chain(&report.files.skipped);
    notes
        .into_iter()
        .any(|note| note.path == path && note.reason.contains(why))
}

/// One file beside the good one; it must be noted for a reason.
fn noted(name: &str, text: &str, why: &str) {
    let directory = tree();
    let path = directory.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    let report = scanned(directory.path());
    assert!(
        is_noted(&report, name, why),
        "{name}: no {why} in {:?}",
        report.files
    );
}

/// Lines that are too short for the file to be taken for minified code.
fn lines(piece: &str, bytes: usize) -> String {
    let line = format!("{}\n", piece.repeat((60 / piece.len()).max(1)));
    line.repeat(bytes / line.len())
}

#[test]
fn what_the_parser_cannot_cope_with_is_refused() {
    for (name, piece, bytes, why) in [
        ("recovery.ts", "}+", 4_000, "nested too deeply"),
        ("operators.ts", "!>", 20_000, "took too"),
        ("types.ts", "(&type ", 84_000, "nested too deeply"),
        ("names.ts", "a\n", 590_000, "took too"),
        // More words and signs than any real file has.
        ("arguments.ts", "A<", 1_000_000, "too dense"),
        ("conditions.ts", "a?b:", 1_000_000, "too dense"),
        ("labels.ts", "a:", 1_000_000, "too dense"),
        ("assignments.ts", "a=", 1_000_000, "too dense"),
        ("signs.ts", "a‹", 1_000_000, "too dense"),
        ("tags.tsx", "<a", 1_000_000, ""),
    ] {
        noted(name, &(IMPORT.to_owned() + &lines(piece, bytes)), why);
    }
}

#[test]
fn what_doubles_with_every_line_is_cut() {
    let doubled = |first: &str, next: &dyn Fn(usize) -> String, last: &str| {
        let middle: String = (1..60).map(next).collect();
        format!("{IMPORT}{first}{middle}{last}")
    };
    let text = doubled(
        "const a0 = user.email;\n",
        &|at| format!("const a{at} = `${{a{0}}}${{a{0}}}`;\n", at - 1),
        "mixpanel.track('x', { v: a59 });\n",
    );
    noted("text.ts", &text, "too many pieces");
    let literal = doubled(
        "const a0 = 'abc';\n",
        &|at| format!("const a{at} = a{0} + a{0};\n", at - 1),
        "mixpanel.track('x', { v: a59 + user.email });\n",
    );
    let directory = tree();
    fs::write(directory.path().join("a.ts"), literal).unwrap();
    scanned(directory.path());
    let spread = doubled(
        "const a0 = { email: user.email };\n",
        &|at| format!("const a{at} = {{ ...a{0}, k{at}: a{0} }};\n", at - 1),
        "mixpanel.track('x', a59);\n",
    );
    noted("spread.ts", &spread, "a payload nests too deeply");
    let types = doubled(
        "type T0 = { email: string };\n",
        &|at| format!("type T{at} = {{ a: T{0}; b: T{0} }};\n", at - 1),
        "declare const v: T59; mixpanel.track('x', v);\n",
    );
    fs::write(directory.path().join("a.ts"), types).unwrap();
    scanned(directory.path());
}

#[test]
fn what_hands_itself_on_is_followed_to_its_end() {
    let directory = tree();
    let name = "default-that-is-itself.ts";
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile");
    fs::copy(fixture.join(name), directory.path().join(name)).unwrap();
    let report = scanned(directory.path());
    assert!(!is_noted(&report, name, ""), "{:?}", report.files);
}

#[test]
fn what_is_too_much_is_cut_and_said() {
    let properties: String = (0..5_000)
        .map(|at| format!("k{at}: user.email,\n"))
        .collect();
    let text = format!("{IMPORT}mixpanel.track('x', {{\n{properties}}});\n");
    noted("properties.ts", &text, "holds too many values");
    let fields: String = (0..300).map(|at| format!("k{at}: string;\n")).collect();
    let text = format!(
        "{IMPORT}interface A {{\n{fields}}}\ndeclare const a: A;\nmixpanel.track('x', a);\n"
    );
    noted("fields.ts", &text, "too many fields");
    let calls: String = (0..5_200)
        .map(|at| format!("mixpanel.track('x{at}', {{ email: user.email }});\n"))
        .collect();
    noted("calls.ts", &(IMPORT.to_owned() + &calls), "sends too many");
    let wrappers: String = (1..40)
        .map(|at| format!("const f{at} = (p: any) => f{}(p);\n", at - 1))
        .collect();
    let text = format!(
        "{IMPORT}const f0 = (p: any) => mixpanel.track('x', p);\n{wrappers}f39({{ email: user.email }});\n"
    );
    noted("wrappers.ts", &text, "wrappers are nested too deeply");
    let writes: String = (0..300)
        .map(|at| format!("o.k{at} = user.email;\n"))
        .collect();
    let text = format!("{IMPORT}const o: any = {{}};\n{writes}mixpanel.track('x', o);\n");
    noted("writes.ts", &text, "changed in too many places");
}

#[test]
fn what_functions_hand_round_without_end_is_cut_and_said() {
    let rotated = |by: usize| {
        let given = (0..3).map(|at| match (at + by) % 2 {
            0 => ["a", "b", "c"][(at + by) % 3].to_owned(),
            _ => format!(
                "{}.{}",
                ["a", "b", "c"][(at + by) % 3],
                ["x", "y", "z"][at * by % 3]
            ),
        });
        given.collect::<Vec<_>>().join(", ")
    };
    let functions: String = (0..60)
        .map(|at| {
            let calls = (1..9).map(|by| format!("f{}({}); ", (at + by) % 60, rotated(by)));
            let calls: String = calls.collect();
            format!("export function f{at}(a, b, c) {{ a.run('x'); {calls}}}\n")
        })
        .collect();
    let last = "f0({ run: (name) => mixpanel.track(name) }, {}, {});\n";
    let text = format!("{IMPORT}{functions}{last}");
    let directory = tree();
    fs::write(directory.path().join("round.js"), text).unwrap();
    let report = scanned(directory.path());
    // It is said of the whole tree.
    assert!(
        is_noted(&report, ".", "and then no further"),
        "{:?}",
        report.files
    );
}

#[test]
fn long_lines_and_tables_take_no_longer_than_many_lines() {
    let directory = tree();
    let line: String = (0..1_500)
        .map(|at| {
            format!(
                "mixpanel.track('{}{at}', {{ email: user.email }});",
                "x".repeat(300)
            )
        })
        .collect();
    let write = |name: &str, text: String| fs::write(directory.path().join(name), text).unwrap();
    write(
        "line.ts",
        format!("{IMPORT}const q = '{}';{line}\n", "é".repeat(90_000)),
    );
    let table: String = (0..40_000).map(|at| format!("k{at}: 1,\n")).collect();
    write(
        "table.ts",
        format!("{IMPORT}const t = {{\n{table}}};\nmixpanel.track('x', {{ v: t.k7 }});\n"),
    );
    write(
        "host.ts",
        format!(
            "fetch('https://{}com/x', {{ body: user.email }});\n",
            "a.".repeat(300_000)
        ),
    );
    write(
        "members.ts",
        format!(
            "{IMPORT}mixpanel.track('x', {{ v: user{} }});\n",
            ".a\n".repeat(100_000)
        ),
    );
    write(
        "string.ts",
        format!(
            "{IMPORT}mixpanel.track('x', {{ v: '{}' }});\n",
            "a".repeat(1_000_000)
        ),
    );
    let report = scanned(directory.path());
    assert!(!is_noted(&report, "line.ts", ""), "{:?}", report.files);
    let columns = report
        .findings
        .iter()
        .filter(|found| found.location.path == "line.ts");
    assert!(columns.map(|found| found.location.column).max() > Some(400_000));
}

#[test]
fn configuration_of_modules_is_bounded() {
    let deep = format!("{}{}", "[".repeat(300_000), "]".repeat(300_000));
    let user = format!("{IMPORT}import {{ x }} from '@/b';\nmixpanel.track('x', x);\n");
    let cases: [(&str, String, &str); 6] = [
        (
            "tsconfig.json",
            format!("{{ \"x\": {deep} }}"),
            "nests too deeply",
        ),
        (
            "tsconfig.json",
            format!("{{ \"x\": \"{}\" }}", "a".repeat(2 << 20)),
            "larger",
        ),
        (
            "tsconfig.json",
            "{ \"extends\": \"./tsconfig.json\" }".to_owned(),
            "extends itself",
        ),
        (
            "tsconfig.json",
            "{ \"compilerOptions\": ".to_owned(),
            "cannot be read",
        ),
        (
            "package.json",
            format!("{{ \"name\": \"a\", \"dependencies\": {deep} }}"),
            "no valid manifest",
        ),
        (
            "GTM-ABC123.json",
            format!(
                "{{\n\"containerVersion\": {{ \"tag\": [{{ \"name\": \"a\", \"type\": \"b\", \"parameter\": {deep} }}] }} }}"
            ),
            "no valid export",
        ),
    ];
    for (name, text, why) in cases {
        let directory = tree();
        fs::write(directory.path().join("user.ts"), &user).unwrap();
        fs::write(directory.path().join(name), text).unwrap();
        let report = scanned(directory.path());
        assert!(
            is_noted(&report, name, why),
            "{name}: no {why} in {:?}",
            report.files
        );
    }
    let directory = tree();
    fs::write(directory.path().join("user.ts"), &user).unwrap();
    fs::write(
        directory.path().join("tsconfig.json"),
        "{ \"extends\": \"./t0.json\" }",
    )
    .unwrap();
    for at in 0..4_200 {
        let next = format!("{{ \"extends\": \"./t{}.json\" }}", at + 1);
        fs::write(directory.path().join(format!("t{at}.json")), next).unwrap();
    }
    let report = scanned(directory.path());
    assert!(
        report
            .files
            .errors
            .iter()
            .any(|note| note.reason.contains("more than 4000 configurations")),
        "{:?}",
        report.files.errors
    );
}

#[test]
fn configuration_of_the_tree_that_is_made_to_break_is_refused() {
    let deep = "[".repeat(300_000);
    for (name, text, args) in [
        ("divulge.toml", format!("include = {deep}"), &["scan"][..]),
        (
            "divulge.toml",
            format!("a{} = 1", ".a".repeat(300_000)),
            &["scan"],
        ),
        (
            "divulge.toml",
            format!(
                "exclude = [\"{}b{}\"]",
                "{a,".repeat(30_000),
                "}".repeat(30_000)
            ),
            &["scan"],
        ),
        (
            "divulge.toml",
            format!("exclude = [\"{}\"]", "**/".repeat(1_000_000) + "*"),
            &["scan"],
        ),
        (
            "divulge.toml",
            format!("# {}", "a".repeat(5 << 20)),
            &["scan"],
        ),
        (
            "divulge.lock",
            format!("version = {deep}"),
            &["scan", "--locked"],
        ),
    ] {
        let directory = tree();
        fs::write(directory.path().join(name), text).unwrap();
        let started = Instant::now();
        let output = divulge(directory.path(), args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {stderr}");
        assert!(stderr.starts_with("error: "), "{stderr}");
        assert!(stderr.len() < 5_000, "{}", stderr.len());
        assert!(started.elapsed() < PATIENCE);
    }
    // Globs that are merely long match as any other.
    let directory = tree();
    let stars = format!(
        "exclude = [\"{}z\", \"{}\"]",
        "**/".repeat(500),
        "*a".repeat(500)
    );
    fs::write(directory.path().join("divulge.toml"), stars).unwrap();
    fs::write(
        directory.path().join(".gitignore"),
        format!("{}z\n{}\n", "**/".repeat(2_000), "*a".repeat(2_000)),
    )
    .unwrap();
    scanned(directory.path());
}

#[cfg(unix)]
#[test]
fn pipes_sockets_and_odd_names_do_not_block() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    let directory = tree();
    let root = directory.path();
    let pipes = [
        "pipe.ts",
        "GTM-ABC123.json",
        "_headers",
        "package.json",
        "yarn.lock",
        "tsconfig.json",
        ".gitignore",
    ];
    for name in pipes {
        assert!(
            Command::new("mkfifo")
                .arg(root.join(name))
                .status()
                .unwrap()
                .success()
        );
    }
    let _socket = UnixListener::bind(root.join("socket.ts")).unwrap();
    fs::create_dir(root.join("directory.ts")).unwrap();
    fs::create_dir_all(root.join("sub/.gitignore")).unwrap();
    symlink("/dev/zero", root.join("zero.ts")).unwrap();
    symlink("/dev/zero", root.join("sub/tsconfig.json")).unwrap();
    fs::write(
        root.join("sub/a.ts"),
        format!("{IMPORT}import {{ x }} from '@/x';\nmixpanel.track('x', x);\n"),
    )
    .unwrap();
    let sent = format!("{IMPORT}mixpanel.track('x', {{ email: user.email }});\n");
    for name in [
        b"a\xff.ts".as_slice(),
        b"a\xfe.ts",
        b"new\nline.ts",
        b"esc\x1b[31m.ts",
    ] {
        fs::write(root.join(OsStr::from_bytes(name)), &sent).unwrap();
    }
    let wide = |units: &mut dyn Iterator<Item = [u8; 2]>, mark: [u8; 2]| -> Vec<u8> {
        std::iter::once(mark).chain(units).flatten().collect()
    };
    let little = wide(&mut sent.encode_utf16().map(u16::to_le_bytes), [0xff, 0xfe]);
    fs::write(root.join("little.ts"), little).unwrap();
    let big = wide(&mut sent.encode_utf16().map(u16::to_be_bytes), [0xfe, 0xff]);
    fs::write(root.join("big.ts"), big).unwrap();
    let report = scanned(root);
    let found: std::collections::BTreeSet<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.class == "email")
        .map(|finding| finding.location.path.as_str())
        .collect();
    let expected = [
        "a\\xfe.ts",
        "a\\xff.ts",
        "big.ts",
        "esc\u{1b}[31m.ts",
        "good.ts",
        "little.ts",
        "new\nline.ts",
    ];
    assert_eq!(found, expected.into(), "{:?}", report.files);
    assert!(
        is_noted(&report, ".gitignore", "no ordinary file"),
        "{:?}",
        report.files
    );
    let left_out = |reason: &str| {
        let mut all = report.files.left_out.iter();
        all.find(|left| left.reason == reason)
            .map(|left| left.count)
    };
    assert_eq!(
        left_out("pipes, sockets and devices"),
        Some(8),
        "{:?}",
        report.files
    );
    assert_eq!(left_out("symbolic links"), Some(2), "{:?}", report.files);
}

#[cfg(unix)]
#[test]
fn links_of_the_tree_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("ignore"), "good.ts\n").unwrap();
    fs::write(
        outside.path().join("divulge.toml"),
        "exclude = ['good.ts']\n",
    )
    .unwrap();
    let directory = tree();
    symlink(
        outside.path().join("ignore"),
        directory.path().join(".gitignore"),
    )
    .unwrap();
    let report = scanned(directory.path());
    assert!(
        is_noted(&report, ".gitignore", "no ordinary file"),
        "{:?}",
        report.files
    );
    symlink(
        outside.path().join("divulge.toml"),
        directory.path().join("divulge.toml"),
    )
    .unwrap();
    let output = divulge(directory.path(), &["scan"]);
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(stderr.contains("leads out of the repository"), "{stderr}");
    // Whoever names it may.
    let output = divulge(directory.path(), &["scan", "--config", "divulge.toml"]);
    assert_ne!(String::from_utf8_lossy(&output.stderr), stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_and_a_closed_pipe_end_cleanly() {
    let directory = tree();
    let program = assert_cmd::cargo::cargo_bin!("divulge");
    let run = |script: &str| {
        let mut command = Command::new("sh");
        command
            .args(["-c", script, "sh"])
            .arg(program)
            .env_clear()
            .env("DIVULGE_CACHE", "off");
        command
            .env("PATH", "/usr/bin:/bin")
            .current_dir(directory.path());
        command.output().unwrap()
    };
    for script in [
        "\"$1\" scan > /dev/full",
        "\"$1\" scan --format json --output /dev/full",
        "\"$1\" scan --format table --format sarif=/dev/full",
        "\"$1\" scan --format json --output nowhere/report.json",
    ] {
        let output = run(script);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{script}: {stderr}");
        assert!(stderr.contains("cannot write"), "{script}: {stderr}");
        assert!(!stderr.contains("panicked"), "{script}: {stderr}");
    }
    let output = run(
        "\"$1\" -q scan --format json | head -c 1; \"$1\" rules list | head -n 1; \"$1\" --help | true",
    );
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stderr).replace("\n", ""),
        ""
    );
    // A file that cannot be written whole stays what it was, and nothing is left beside it.
    fs::write(directory.path().join("old.json"), "old").unwrap();
    let output = run("ulimit -f 0; trap '' XFSZ; \"$1\" scan --format json --output old.json");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(
        fs::read_to_string(directory.path().join("old.json")).unwrap(),
        "old"
    );
    let mut names: Vec<_> = fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["good.ts", "old.json"]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_ends_it() {
    use std::os::unix::process::ExitStatusExt;
    const MANY: usize = 6;
    let directory = tree();
    let calls: String = (0..20_000)
        .map(|at| format!("mixpanel.track('x{at}', q{at}());\n"))
        .collect();
    // Enough that it is not done before the interrupt, however busy the machine is.
    for file in 0..MANY {
        let path = directory.path().join(format!("many{file}.ts"));
        fs::write(path, format!("{IMPORT}{calls}")).unwrap();
    }
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("divulge"))
        .env("DIVULGE_CACHE", "off")
        .args(["scan", "--output", "report.txt"])
        .current_dir(directory.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(150));
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    let status = child.wait().unwrap();
    assert_eq!(status.signal(), Some(2), "{status:?}");
    assert!(!directory.path().join("report.txt").exists());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1 + MANY);
}

/// What a scan opens, runs and connects to, as the kernel sees it.
#[cfg(target_os = "linux")]
#[test]
fn nothing_outside_the_root_is_opened_and_nothing_is_run() {
    use std::os::unix::fs::symlink;
    let traced = |args: &[&str]| Command::new("strace").args(args).output();
    if !traced(&["-f", "-o", "/dev/null", "true"]).is_ok_and(|output| output.status.success()) {
        // Not everywhere is there a strace that may trace.
        return;
    }
    let around = tempfile::tempdir().unwrap();
    let around = fs::canonicalize(around.path()).unwrap();
    let outside = around.join("outside");
    let root = around.join("root");
    fs::create_dir_all(outside.join("pkg")).unwrap();
    fs::create_dir_all(root.join("src")).unwrap();
    let secret =
        format!("{IMPORT}export const x = (u: {{ email: string }}) => mixpanel.track('x', u);\n");
    for name in ["a.ts", "pkg/index.ts", "b.json", "ignore"] {
        fs::write(outside.join(name), &secret).unwrap();
    }
    fs::write(
        outside.join("pkg/package.json"),
        "{ \"name\": \"pkg\", \"main\": \"index.ts\" }",
    )
    .unwrap();
    fs::write(
        outside.join("base.json"),
        "{ \"compilerOptions\": { \"paths\": { \"@/*\": [\"./*\"] } } }",
    )
    .unwrap();
    let write = |name: &str, text: &str| fs::write(root.join(name), text).unwrap();
    write(
        "tsconfig.json",
        "{ \"extends\": [\"../outside/base.json\", \"../outside/b\"], \"references\": [{ \"path\": \"../outside\" }],\n\
         \"compilerOptions\": { \"baseUrl\": \"..\", \"rootDirs\": [\"../outside\"], \"paths\": { \"~/*\": [\"../outside/*\", \"outside/*\"] } } }",
    );
    write(
        "package.json",
        "{ \"name\": \"app\", \"workspaces\": [\"../outside/*\"], \"main\": \"../outside/a.ts\", \"dependencies\": { \"pkg\": \"file:../outside/pkg\" },\n\
         \"scripts\": { \"postinstall\": \"touch ../outside/ran\" }, \"imports\": { \"#x\": \"../outside/a.ts\" } }",
    );
    write(
        "vite.config.ts",
        "export default { resolve: { alias: { out: '../outside' } } };\n",
    );
    write(
        "src/a.ts",
        &format!(
            "{IMPORT}import {{ x as a }} from '../../outside/a';\nimport {{ x as b }} from '~/a';\nimport {{ x as c }} from 'pkg';\n\
             import {{ x as d }} from '{}/a.ts';\nimport {{ x as e }} from '#x';\nimport {{ x as f }} from './link';\nimport {{ x as g }} from 'out/a';\n\
             import {{ x as h }} from 'file://{}/a.ts';\nfor (const send of [a, b, c, d, e, f, g, h]) send(user);\nmixpanel.track('y', {{ email: user.email }});\n",
            outside.display(),
            outside.display()
        ),
    );
    for (target, name) in [
        ("a.ts", "src/link.ts"),
        ("", "src/all"),
        ("ignore", ".gitignore"),
        ("b.json", "src/tsconfig.json"),
        ("b.json", "GTM-AB12.json"),
    ] {
        symlink(outside.join(target), root.join(name)).unwrap();
    }
    let log = around.join("log");
    let log = log.to_str().unwrap();
    let output = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-e",
            "trace=%network,execve,execveat,openat,open,openat2,readlink,readlinkat",
            "-o",
            log,
        ])
        .arg(assert_cmd::cargo::cargo_bin!("divulge"))
        .args(["scan", ".", "--format", "json"])
        .env_clear()
        .env("DIVULGE_CACHE", "off")
        .current_dir(&root)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let calls = fs::read_to_string(log).unwrap();
    assert!(calls.contains("src/a.ts"), "{calls}");
    let own = |line: &str| {
        let system = [
            "/proc/",
            "/sys/",
            "/etc/ld.so",
            "/lib",
            "/usr/lib",
            "/etc/localtime",
            "/dev/null",
        ];
        system
            .iter()
            .any(|start| line.contains(&format!("\"{start}")))
    };
    // A call that another one interrupts in the log ends on a line without its path.
    let is_open = |line: &&str| {
        line.contains("open") && !line.contains("ENOENT") && !line.contains(" resumed>")
    };
    for line in calls.lines().filter(is_open) {
        assert!(
            own(line) || line.contains(&format!("\"{}", root.display())),
            "{line}"
        );
        assert!(!line.contains("outside"), "{line}");
    }
    let executed = calls.lines().filter(|line| line.contains("execve"));
    assert_eq!(executed.count(), 1, "{calls}");
    for call in ["socket(", "connect(", "bind(", "sendto(", "accept"] {
        assert!(!calls.contains(call), "{call}");
    }
    assert!(!outside.join("ran").exists());
}
