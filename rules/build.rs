//! Rebuilds the crate when a rule file changes, for the rules are embedded in the program; and names the build, so that what
//! one build keeps is not taken up by another that may find something else.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::path::Path;

/// What decides what a build finds.
const SOURCES: [&str; 3] = ["src", "rules", "Cargo.lock"];

fn main() -> std::io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        let path = Path::new(source);
        // A packaged crate may come without the list of locked crates.
        if path.exists() {
            add(path, &mut hasher)?;
        }
    }
    println!("cargo::rustc-env=DIVULGE_BUILD={:016x}", hasher.finish());
    Ok(())
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> std::io::Result<()> {
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            hasher.write(entry.file_name().as_encoded_bytes());
            add(&entry.path(), hasher)?;
        }
    } else {
        hasher.write(&fs::read(path)?);
    }
    Ok(())
}
