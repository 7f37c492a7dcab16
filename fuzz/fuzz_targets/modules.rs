//! Any bytes as the tsconfig.json and package.json of a tree: no specifier leads out of it.
#![no_main]

use divulge::discover::discover;
use divulge::link::Modules;
use divulge::manifests;
use divulge::settings::Settings;
use divulge::source::RepoPath;
use libfuzzer_sys::fuzz_target;

const MARK: &str = "\n=== ";
const FILES: [&str; 4] = [
    "src/a.ts",
    "src/b/index.ts",
    "packages/c/src/index.ts",
    "src/a.d.ts",
];
const NAMES: [&str; 4] = [
    "tsconfig.json",
    "package.json",
    "packages/c/package.json",
    "src/tsconfig.json",
];
const SPECIFIERS: [&str; 12] = [
    "./a",
    "../a",
    "@/a",
    "~/b",
    "c",
    "c/src",
    "#x",
    "/etc/passwd",
    "../../../../etc/passwd",
    "src/a",
    "@acme/c",
    "b?raw",
];

fuzz_target!(|bytes: &[u8]| {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let root = std::fs::canonicalize(directory.path()).expect("a directory");
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        if let Some(parent) = path.parent() {
            let _ = std::fs::create_dir_all(parent);
        }
        let _ = std::fs::write(path, text);
    };
    for path in FILES {
        write(path, "export const x = 1;\n");
    }
    let text = String::from_utf8_lossy(bytes);
    for (name, part) in NAMES.iter().zip(text.split(MARK)) {
        write(name, part);
    }
    let settings = Settings::of(&[root.clone()]).expect("the directory exists");
    let tree = discover(&settings).expect("there is something to scan");
    let manifests = manifests::read(&tree, &|_| true);
    let paths: Vec<RepoPath> = tree.files.iter().map(|file| file.path.clone()).collect();
    let modules = Modules::new(root, &paths, &manifests.packages);
    for path in &paths {
        for specifier in SPECIFIERS {
            let _ = modules.resolve(path, specifier, Vec::new);
        }
    }
    let _ = modules.unread();
});
