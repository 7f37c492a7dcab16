//! What following the values of a tree gave, kept for the next scan of the same tree.
//!
//! In: a directory, and a [`Key`] of all that the result depends on. Out: the kept result, if there is one and it is whole;
//! the directory afterwards holds the new one and stays below a size. It leaves alone what is kept (`pipeline`), and whether
//! and where anything is kept (`settings`).
//!
//! A cache saves time and must never cost a result: whatever is wrong with it, a full disk, an entry cut short or written by
//! somebody else, the tree is followed as if there were none. Two runs may use it at once, since an entry appears as a whole
//! or not at all.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// When the entries hold more bytes than this, the oldest go.
const MOST: u64 = 512 << 20;
/// How an entry's name ends.
const ENDING: &str = ".json";
/// The program as built: another build may find something else.
const BUILD: &str = concat!(env!("CARGO_PKG_VERSION"), "-", env!("DIVULGE_BUILD"));

/// All that a result depends on, as one digest.
#[derive(Default)]
pub(crate) struct Key(Sha256);

impl Key {
    /// The key of this program.
    pub(crate) fn new() -> Self {
        let mut key = Self::default();
        key.add(BUILD.as_bytes());
        key
    }

    /// Adds something that the result depends on.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// The name under which the result is kept.
    fn name(self) -> String {
        hex(&self.0.finalize()) + ENDING
    }
}

/// The digest of a text.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The place of one result.
pub(crate) struct Entry {
    directory: PathBuf,
    name: String,
}

impl Entry {
    /// Where the result with a key is kept.
    pub(crate) fn new(directory: &Path, key: Key) -> Self {
        Self {
            directory: directory.to_owned(),
            name: key.name(),
        }
    }

    /// The kept result; none if there is none that is whole.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Option<T> {
        let bytes = fs::read(self.directory.join(&self.name)).ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (sum, body) = (&bytes[..end], &bytes[end + 1..]);
        if sum != digest(body).as_bytes() {
            return None;
        }
        serde_json::from_slice(body).ok()
    }

    /// Keeps a result, if that can be done.
    pub(crate) fn write<T: Serialize>(&self, result: &T) {
        // Whoever asked for a scan has the report, and gains nothing by an error of what only saves time.
        let _ = self.try_write(result);
    }

    fn try_write<T: Serialize>(&self, result: &T) -> std::io::Result<()> {
        let body = serde_json::to_vec(result)?;
        fs::create_dir_all(&self.directory)?;
        let file = tempfile::NamedTempFile::new_in(&self.directory)?;
        let mut writer = BufWriter::new(file.as_file());
        writeln!(writer, "{}", digest(&body))?;
        writer.write_all(&body)?;
        writer.flush()?;
        drop(writer);
        file.persist(self.directory.join(&self.name))?;
        self.make_room()
    }

    /// Removes the oldest entries until the rest is small enough. Files that are no entries are not touched.
    fn make_room(&self) -> std::io::Result<()> {
        let mut entries: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for file in fs::read_dir(&self.directory)? {
            let file = file?;
            let metadata = file.metadata()?;
            if metadata.is_file() && file.file_name().to_str().is_some_and(is_entry) {
                entries.push((metadata.modified()?, metadata.len(), file.path()));
            }
        }
        entries.sort();
        let mut size: u64 = entries.iter().map(|(_, size, _)| size).sum();
        for (_, bytes, path) in entries {
            if size <= MOST {
                break;
            }
            fs::remove_file(path)?;
            size -= bytes;
        }
        Ok(())
    }
}

fn is_entry(name: &str) -> bool {
    name.strip_suffix(ENDING)
        .is_some_and(|stem| stem.len() == 64 && stem.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(directory: &Path, text: &str) -> Entry {
        let mut key = Key::new();
        key.add(text.as_bytes());
        Entry::new(directory, key)
    }

    #[test]
    fn a_result_is_kept_under_its_key_only() {
        let directory = tempfile::tempdir().unwrap();
        entry(directory.path(), "a").write(&vec![1, 2]);
        assert_eq!(
            entry(directory.path(), "a").read::<Vec<u32>>(),
            Some(vec![1, 2])
        );
        assert_eq!(entry(directory.path(), "b").read::<Vec<u32>>(), None);
    }

    #[test]
    fn parts_of_a_key_do_not_run_together() {
        let name = |parts: &[&str]| {
            let mut key = Key::new();
            parts.iter().for_each(|part| key.add(part.as_bytes()));
            key.name()
        };
        assert_ne!(name(&["ab", "c"]), name(&["a", "bc"]));
        assert_eq!(name(&["ab", "c"]), name(&["ab", "c"]));
    }

    #[test]
    fn a_damaged_entry_counts_as_none() {
        let directory = tempfile::tempdir().unwrap();
        let kept = entry(directory.path(), "a");
        kept.write(&vec![1, 2]);
        let path = directory.path().join(&kept.name);
        let whole = fs::read_to_string(&path).unwrap();
        for damaged in [
            whole.replace("[1,2]", "[1,3]"),
            whole.trim_end_matches(']').to_owned(),
            String::new(),
            "not an entry".to_owned(),
        ] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(kept.read::<Vec<u32>>(), None);
        }
        kept.write(&vec![1, 2]);
        assert_eq!(kept.read::<Vec<u32>>(), Some(vec![1, 2]));
    }

    #[test]
    fn a_directory_that_cannot_be_written_costs_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "").unwrap();
        let kept = entry(&file, "a");
        kept.write(&vec![1]);
        assert_eq!(kept.read::<Vec<u32>>(), None);
        assert_eq!(fs::read_to_string(&file).unwrap(), "");
    }
}
