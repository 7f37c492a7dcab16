//! Which files a scan reads, on made-up trees.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use divulge::cli::{Scan, Scope};
use divulge::discover::{Tree, discover};
use divulge::read::read;
use divulge::settings::{Environment, Settings};
use tempfile::TempDir;

fn tree(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

fn scan(root: &Path, paths: &[&str]) -> Scan {
    Scan {
        scope: Scope {
            paths: paths.iter().map(|path| root.join(path)).collect(),
            ..Scope::default()
        },
        ..Scan::default()
    }
}

fn walk(scan: &Scan) -> Tree {
    discover(&Settings::resolve(scan, &Environment::default()).unwrap()).unwrap()
}

fn paths(tree: &Tree) -> Vec<&str> {
    tree.files.iter().map(|file| file.path.as_str()).collect()
}

fn left_out(tree: &Tree) -> Vec<(&str, u64)> {
    tree.left_out
        .iter()
        .map(|left| (left.reason.as_str(), left.count))
        .collect()
}

#[test]
fn honours_gitignore_outside_a_repository() {
    let root = tree(&[
        (".gitignore", "generated/\n*.gen.ts\n"),
        ("a.ts", ""),
        ("b.gen.ts", ""),
        ("generated/c.ts", ""),
        ("readme.md", ""),
    ]);
    let tree = walk(&scan(root.path(), &[""]));
    assert_eq!(paths(&tree), ["a.ts"]);
    assert_eq!(tree.seen, 2 + 1, "hidden files are met too");
}

#[test]
fn honours_gitignore_above_in_the_repository_only() {
    let root = tree(&[
        (".gitignore", "a.ts\n"),
        ("repository/.git/HEAD", ""),
        ("repository/.gitignore", "b.ts\n"),
        ("repository/web/a.ts", ""),
        ("repository/web/b.ts", ""),
    ]);
    let tree = walk(&scan(root.path(), &["repository/web"]));
    assert_eq!(paths(&tree), ["a.ts"]);
    fs::remove_dir_all(root.path().join("repository/.git")).unwrap();
    let tree = walk(&scan(root.path(), &["repository/web"]));
    assert_eq!(paths(&tree), ["a.ts", "b.ts"], "nothing above is read");
}

#[test]
fn leaves_out_and_counts() {
    let root = tree(&[
        ("package.json", "{}"),
        ("src/a.ts", ""),
        ("src/globals.d.ts", ""),
        ("src/a.test.ts", ""),
        ("src/__tests__/a.ts", ""),
        ("src/a.stories.tsx", ""),
        ("src/__mocks__/a.ts", ""),
        ("src/jquery.min.js", ""),
        ("src/.hidden.js", ""),
        (".github/x.js", ""),
        ("node_modules/p/package.json", "{}"),
        ("node_modules/p/index.d.ts", ""),
        ("dist/a.js", ""),
        ("src/build/step.ts", ""),
        ("src/features/vendor/list.tsx", ""),
        ("vendor/lib.js", ""),
        ("packages/web/package.json", "{}"),
        ("packages/web/build/a.js", ""),
        ("packages/site/package.json", "{}"),
        ("packages/site/build/render.ts", ""),
        ("packages/site/out/index.d.ts", ""),
        ("packages/web/node_modules/q/a.js", ""),
    ]);
    let tree = walk(&scan(root.path(), &[""]));
    assert_eq!(
        paths(&tree),
        [
            "packages/site/build/render.ts",
            "src/a.ts",
            "src/build/step.ts",
            "src/features/vendor/list.tsx",
            "src/globals.d.ts"
        ]
    );
    assert_eq!(
        left_out(&tree),
        [
            ("build output", 3),
            ("dependencies", 3),
            ("hidden", 2),
            ("minified", 1),
            ("mocks", 1),
            ("stories", 1),
            ("tests", 2),
        ]
    );
    let manifests: Vec<&str> = tree.manifests.iter().map(|path| path.as_str()).collect();
    assert_eq!(
        manifests,
        [
            "package.json",
            "packages/site/package.json",
            "packages/web/package.json"
        ]
    );
}

#[test]
fn includes_tests_when_asked() {
    let root = tree(&[
        ("a.ts", ""),
        ("a.test.ts", ""),
        ("e2e/b.ts", ""),
        ("mocks/c.ts", ""),
        ("d.stories.tsx", ""),
        ("node_modules/p/a.test.js", ""),
    ]);
    let mut scan = scan(root.path(), &[""]);
    scan.scope.include_tests = true;
    let tree = walk(&scan);
    assert_eq!(
        paths(&tree),
        [
            "a.test.ts",
            "a.ts",
            "d.stories.tsx",
            "e2e/b.ts",
            "mocks/c.ts"
        ]
    );
    assert_eq!(left_out(&tree), [("dependencies", 1)]);
}

#[test]
fn rules_start_below_the_path_that_was_asked_for() {
    let root = tree(&[
        ("x/tests/dist/a.ts", ""),
        ("x/tests/tests/b.ts", ""),
        ("x/node_modules/p/c.ts", ""),
        ("x/d.test.ts", ""),
        ("x/e.ts", ""),
    ]);
    assert_eq!(
        paths(&walk(&scan(root.path(), &["x/tests/dist"]))),
        ["a.ts"]
    );
    assert_eq!(
        paths(&walk(&scan(root.path(), &["x/node_modules"]))),
        ["p/c.ts"]
    );
    // A file that is named is read, whatever it is called; an overlap is read once.
    let tree = walk(&scan(root.path(), &["x", "x/d.test.ts", "x/tests/tests"]));
    assert_eq!(paths(&tree), ["d.test.ts", "e.ts", "tests/tests/b.ts"]);
    assert_eq!(
        (tree.seen, left_out(&tree)),
        (3, vec![("dependencies", 1), ("tests", 1)])
    );
}

#[test]
fn globs_of_the_configuration_readmit_and_leave_out() {
    let root = tree(&[
        (
            "divulge.toml",
            "include = [\"app/dist/kept/**\", \"keep.test.ts\"]\nexclude = [\"legacy\"]\n",
        ),
        ("app/package.json", "{}"),
        ("app/dist/kept/a.ts", ""),
        ("app/dist/other/b.ts", ""),
        ("app/keep.test.ts", ""),
        ("app/drop.test.ts", ""),
        ("app/legacy/c.ts", ""),
        ("app/d.ts", ""),
    ]);
    let tree = walk(&scan(root.path(), &[""]));
    assert_eq!(
        paths(&tree),
        ["app/d.ts", "app/dist/kept/a.ts", "app/keep.test.ts"]
    );
    assert_eq!(
        left_out(&tree),
        [
            ("build output", 1),
            ("excluded by divulge.toml", 1),
            ("tests", 1)
        ]
    );
    let mut scan = scan(root.path(), &[""]);
    scan.scope.no_config = true;
    assert_eq!(paths(&walk(&scan)), ["app/d.ts", "app/legacy/c.ts"]);
}

#[test]
fn sources_below_a_dot_are_read_unless_the_configuration_leaves_them_out() {
    let root = tree(&[
        ("divulge.toml", "exclude = [\"app/.client\"]\n"),
        ("app/.client/a.ts", ""),
        ("app/.server/b.ts", ""),
        ("app/.cache/c.ts", ""),
    ]);
    let read = walk(&scan(root.path(), &[""]));
    assert_eq!(paths(&read), ["app/.server/b.ts"]);
}

#[cfg(unix)]
#[test]
fn follows_no_link() {
    use std::os::unix::fs::symlink;
    let outside = tree(&[("secret.ts", "")]);
    let root = tree(&[("a.ts", ""), ("sub/b.ts", "")]);
    symlink(root.path(), root.path().join("sub/loop")).unwrap();
    symlink(outside.path(), root.path().join("out")).unwrap();
    symlink(root.path().join("a.ts"), root.path().join("c.ts")).unwrap();
    symlink("nowhere", root.path().join("d.ts")).unwrap();
    let tree = walk(&scan(root.path(), &[""]));
    assert_eq!(paths(&tree), ["a.ts", "sub/b.ts"]);
    assert_eq!(left_out(&tree), [("symbolic links", 4)]);
    // A link that is named is meant.
    symlink(root.path().join("sub"), outside.path().join("link")).unwrap();
    assert_eq!(paths(&walk(&scan(outside.path(), &["link"]))), ["b.ts"]);
}

#[test]
fn the_order_is_that_of_paths_for_any_number_of_threads() {
    let names: Vec<String> = (0..300).map(|n| format!("d{}/f{n}.ts", n % 17)).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let root = tree(&files);
    let mut all = Vec::new();
    for threads in [1, 2, 7] {
        let mut scan = scan(root.path(), &[""]);
        scan.scope.threads = Some(threads);
        all.push(walk(&scan).files);
    }
    assert!(all[0].is_sorted_by(|a, b| a.path < b.path));
    assert!(all[0] == all[1] && all[1] == all[2]);
}

#[test]
fn nothing_to_scan_says_what_was_left_out() {
    let root = tree(&[("tests/a.ts", ""), ("readme.md", "")]);
    let settings = Settings::of(&[PathBuf::from(root.path())]).unwrap();
    let message = discover(&settings).unwrap_err().to_string();
    assert!(message.contains("1 tests"), "{message}");
    assert!(message.contains("--include-tests"), "{message}");
}

#[test]
fn reading_sets_aside_what_is_no_source() {
    let root = tree(&[
        ("package.json", "{}"),
        ("a.ts", "let a = 'é';\n"),
        ("big.js", &"let x;\n".repeat(200_000)),
        ("described.ts", &"/** a type of many */\n".repeat(60_000)),
        ("endless.ts", &"// x\n".repeat(1_000_000)),
        ("bundle.js", &"function a(b){return c(d);}".repeat(2000)),
        ("nul.ts", "a\0b"),
    ]);
    fs::write(root.path().join("latin.ts"), b"let a = '\xe9';").unwrap();
    let tree = walk(&scan(root.path(), &[""]));
    let texts = read(&tree, &|| ());
    let names: Vec<&str> = texts.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(names, ["a.ts", "described.ts", "latin.ts", "package.json"]);
    let id = texts.find("package.json").unwrap();
    assert_eq!(texts.manifests, [id]);
    assert_eq!(texts.get(id).unwrap().text, "{}");
    let notes = |notes: &[divulge::finding::FileNote]| {
        notes
            .iter()
            .map(|note| format!("{} {}", note.path, note.reason))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        notes(&texts.skipped),
        [
            "big.js larger than 1 MiB",
            "bundle.js minified",
            "endless.ts larger than 1 MiB",
            "nul.ts binary"
        ]
    );
    assert_eq!(
        notes(&texts.errors),
        ["latin.ts invalid UTF-8 was replaced"]
    );
    assert_eq!(texts.files[2].text, "let a = '\u{fffd}';");
}
