//! What a relative specifier stands for where nothing but the ending of a file has to be found.
//!
//! In: the files of a tree, a directory and a specifier. Out: the file that the resolver would find, or nothing where it has to
//! be asked: most imports are of this kind, and asking costs much more. It leaves alone directories, packages and build output.

use rustc_hash::FxHashMap;

use super::overlay::is_build_output;
use crate::source::FileId;

/// The endings of sources, in the order in which they are tried. Those of a platform come last: where there is a file for each,
/// one stands for all.
pub(super) const ENDINGS: [&str; 28] = [
    ".ts",
    ".tsx",
    ".mts",
    ".cts",
    ".d.ts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".vue",
    ".svelte",
    ".astro",
    ".web.ts",
    ".web.tsx",
    ".web.js",
    ".web.jsx",
    ".native.ts",
    ".native.tsx",
    ".native.js",
    ".native.jsx",
    ".ios.ts",
    ".ios.tsx",
    ".ios.js",
    ".ios.jsx",
    ".android.ts",
    ".android.tsx",
    ".android.js",
    ".android.jsx",
];
/// The endings that a source may have in the place of the one that is written, in the order in which they are tried.
pub(super) const STANDING_FOR: [(&str, &[&str]); 4] = [
    (".js", &[".ts", ".tsx", ".d.ts", ".js", ".jsx"]),
    (".jsx", &[".tsx", ".jsx"]),
    (".mjs", &[".mts", ".mjs"]),
    (".cjs", &[".cts", ".cjs"]),
];

/// The files of a tree by their paths below its root.
pub(super) struct Nearby(FxHashMap<String, FileId>);

impl Nearby {
    /// Paths have `/` between their parts.
    pub(super) fn new(files: impl Iterator<Item = (String, FileId)>) -> Self {
        Self(files.collect())
    }

    /// The file at a path.
    pub(super) fn at(&self, path: &str) -> Option<FileId> {
        self.0.get(path).copied()
    }

    /// The file that a specifier stands for in the files of a directory.
    pub(super) fn find(&self, directory: &str, specifier: &str) -> Option<FileId> {
        let path = joined(directory, specifier)?;
        let replaced = STANDING_FOR.iter().find_map(|(written, by)| {
            let stem = path.strip_suffix(written)?;
            Some((stem, *by))
        });
        let (stem, endings) = match replaced {
            Some(replaced) => replaced,
            None => match self.at(&path) {
                Some(found) => return Some(found),
                None => (path.as_str(), &ENDINGS[..]),
            },
        };
        let mut candidate = String::with_capacity(stem.len() + 8);
        for ending in endings {
            // What is built may stand for a source in another directory.
            if *ending == ".d.ts" && path.split('/').any(is_build_output) {
                return None;
            }
            candidate.clear();
            candidate.push_str(stem);
            candidate.push_str(ending);
            if let Some(found) = self.at(&candidate) {
                return Some(found);
            }
        }
        None
    }
}

/// The path that a specifier names; none if it names a directory by its form, or leads out of the tree.
fn joined(directory: &str, specifier: &str) -> Option<String> {
    let is_relative = specifier.starts_with("./") || specifier.starts_with("../");
    if !is_relative || specifier.contains(['\\', '?', '#', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = directory.split('/').filter(|it| !it.is_empty()).collect();
    let mut last = "";
    for part in specifier.split('/') {
        last = part;
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            // Two slashes in a row are left to the resolver.
            "" => return None,
            part => parts.push(part),
        }
    }
    (last != "." && last != "..").then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_files_by_their_endings_and_leaves_the_rest_to_the_resolver() {
        let files = [
            "src/a.ts",
            "src/a.js",
            "src/b/index.ts",
            "src/c.vue",
            "src/lib/d.js",
            "src/lib/e.ts",
            "src/f.test.tsx",
        ];
        let files = files.iter().map(|it| (*it).to_owned());
        let nearby = Nearby::new(files.zip((0..).map(FileId)));
        let find = |directory: &str, specifier: &str| {
            let found = nearby.find(directory, specifier);
            found.map(|file| file.0)
        };
        assert_eq!(find("src", "./a"), Some(0));
        assert_eq!(find("src", "./a.js"), Some(0), "a source comes first");
        assert_eq!(find("src/b", "../c.vue"), Some(3));
        assert_eq!(find("src/b", ".././c"), Some(3));
        assert_eq!(find("src", "./lib/e"), Some(5));
        assert_eq!(find("src", "./f.test"), Some(6));
        for left in [
            "./b",
            "./lib/d",
            "./none",
            "a",
            "../../src/a",
            "./a?raw",
            "./b/..",
        ] {
            assert_eq!(find("src", left), None, "{left}");
        }
    }
}
