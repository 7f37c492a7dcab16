//! What git holds.
//!
//! In: a directory of a repository, and a revision. Out: files of that revision or of the index, as a tree of their own in a
//! temporary directory. It leaves alone the work tree, and what is in the files.
//!
//! The repository may be a stranger's, so git only reads objects for us: nothing is checked out, no hook, filter, textual
//! conversion or file system monitor of its configuration runs, and nothing is fetched.

mod history;
mod interrupt;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::discover;
use crate::settings::repository_root;

use self::interrupt::{Noted, undisturbed};

pub use self::history::{Change, Commit};

/// Larger files are not read either where they lie in the work tree.
const MOST: u64 = 1 << 20;
/// Beside sources: what says how modules are found, and what is left out.
const SETTINGS: [&str; 5] = ["json", "jsonc", "json5", "yaml", "yml"];

/// A repository.
#[derive(Debug)]
pub struct Repository {
    /// The top of its work tree.
    pub root: PathBuf,
}

/// A file as git holds it, by path.
pub type Entries = BTreeMap<String, String>;

/// Files of a repository in a directory of their own, which goes with this.
#[derive(Debug)]
pub struct Snapshot {
    directory: TempDir,
    entries: Entries,
    _noted: Noted,
}

impl Snapshot {
    /// Where the files lie, as the repository's root does.
    pub fn root(&self) -> PathBuf {
        let path = self.directory.path();
        fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
    }
}

impl Repository {
    /// The repository that a directory belongs to.
    ///
    /// # Errors
    ///
    /// When it belongs to none.
    pub fn around(directory: &Path) -> Result<Self> {
        let root = repository_root(directory)
            .with_context(|| format!("{} is in no git repository", directory.display()))?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.root)
            .arg("--no-pager")
            .args(["-c", "core.fsmonitor=false"])
            .args(["-c", "core.hooksPath=/dev/null"])
            .args(["-c", "core.untrackedCache=false"])
            .args(["-c", "protocol.allow=never"])
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .args(args)
            .stdin(Stdio::null());
        command
    }

    fn output(&self, args: &[&str]) -> Result<Vec<u8>> {
        let output = self.command(args).output().context("git cannot be run")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.trim();
            bail!("git {}: {said}", args.first().copied().unwrap_or_default());
        }
        Ok(output.stdout)
    }

    /// The id of an object that a name stands for; none if it stands for nothing.
    fn resolve(&self, name: &str) -> Result<Option<String>> {
        let args = ["rev-parse", "--verify", "--quiet", "--end-of-options", name];
        let output = self.command(&args).output().context("git cannot be run")?;
        let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() && !output.stderr.is_empty() {
            bail!("git: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok((output.status.success() && !id.is_empty()).then_some(id))
    }

    /// The commit that a revision stands for.
    ///
    /// # Errors
    ///
    /// When there is no such revision here; a shallow clone may lack it.
    pub fn commit(&self, revision: &str) -> Result<String> {
        self.resolve(&format!("{revision}^{{commit}}"))?
            .with_context(|| {
                format!("there is no revision `{revision}` here (a shallow clone may lack it)")
            })
    }

    /// Where the present branch left another.
    ///
    /// # Errors
    ///
    /// When they share no history.
    pub fn merge_base(&self, commit: &str) -> Result<String> {
        let found = self
            .output(&["merge-base", commit, "HEAD"])
            .with_context(|| {
                format!("no common history with {commit} (a shallow clone may lack it)")
            })?;
        Ok(String::from_utf8_lossy(&found).trim().to_owned())
    }

    /// The files of a commit. Links and other repositories are left out.
    ///
    /// # Errors
    ///
    /// When git cannot read it.
    pub fn files_of(&self, commit: &str) -> Result<Entries> {
        let listed = self.output(&["ls-tree", "-r", "-z", "--full-tree", commit])?;
        // `mode type id TAB path`
        Ok(entries(&listed, |head| match head {
            [mode, "blob", id] if is_file(mode) => Some(*id),
            _ => None,
        }))
    }

    /// The files of the index, as they would be committed.
    ///
    /// # Errors
    ///
    /// When git cannot read it.
    pub fn staged(&self) -> Result<Entries> {
        let listed = self.output(&["ls-files", "-s", "-z"])?;
        // `mode id stage TAB path`
        Ok(entries(&listed, |head| match head {
            [mode, id, "0"] if is_file(mode) => Some(*id),
            _ => None,
        }))
    }

    /// Which files of the index are not so in the present commit.
    ///
    /// # Errors
    ///
    /// When git cannot read either.
    pub fn changed_in(&self, staged: &Entries) -> Result<BTreeSet<String>> {
        let head = match self.resolve("HEAD^{commit}")? {
            Some(commit) => self.files_of(&commit)?,
            None => Entries::new(),
        };
        let changed = staged
            .iter()
            .filter(|(path, id)| head.get(*path) != Some(id));
        Ok(changed.map(|(path, _)| path.clone()).collect())
    }

    /// Writes those of some files that a scan reads into a directory of their own.
    ///
    /// # Errors
    ///
    /// When git cannot read them, or they cannot be written.
    pub fn snapshot(&self, entries: &Entries) -> Result<Snapshot> {
        let made = Noted::make(|| tempfile::Builder::new().prefix("divulge-").tempdir());
        let (noted, directory) = made.context("cannot make a temporary directory")?;
        // So that the copy counts as a repository, like what it is a copy of.
        undisturbed(|| fs::create_dir(directory.path().join(".git")))?;
        let mut snapshot = Snapshot {
            _noted: noted,
            directory,
            entries: Entries::new(),
        };
        self.turn(&mut snapshot, entries)?;
        Ok(snapshot)
    }

    /// Makes a snapshot one of other files; what is the same in both is left as it is.
    ///
    /// # Errors
    ///
    /// When git cannot read them, lacks some, or they cannot be written.
    pub fn turn(&self, snapshot: &mut Snapshot, entries: &Entries) -> Result<()> {
        let wanted: Entries = entries
            .iter()
            .filter(|(path, _)| is_read(path))
            .map(|(path, id)| (path.clone(), id.clone()))
            .collect();
        let directory = snapshot.directory.path();
        for path in snapshot.entries.keys() {
            if !wanted.contains_key(path) {
                remove(directory, path)?;
            }
        }
        let mut missing = 0_u64;
        let changed: Vec<(&str, &str)> = wanted
            .iter()
            .filter(|(path, id)| snapshot.entries.get(*path) != Some(id))
            .map(|(path, id)| (path.as_str(), id.as_str()))
            .collect();
        self.converse(&mut |objects| {
            changed.iter().try_for_each(|(path, id)| {
                match objects.read(id)? {
                    Object::Text(text) => place(directory, path, &text)?,
                    // What lay there before is of another revision.
                    Object::TooLarge => remove(directory, path)?,
                    Object::Missing => missing += 1,
                }
                Ok(())
            })
        })?;
        if missing > 0 {
            bail!(
                "{missing} files of the revision are not in this clone, which is a partial one; `git fetch --refetch --no-filter` brings them"
            );
        }
        snapshot.entries = wanted;
        Ok(())
    }

    /// Gives the texts of some objects, as far as they are there and of a size that is read.
    ///
    /// # Errors
    ///
    /// When git cannot read them.
    pub fn each_text<'i>(
        &self,
        ids: &BTreeSet<&'i str>,
        take: &mut dyn FnMut(&'i str, &[u8]),
    ) -> Result<()> {
        self.converse(&mut |objects| {
            for id in ids {
                if let Object::Text(text) = objects.read(id)? {
                    take(id, &text);
                }
            }
            Ok(())
        })
    }

    /// Talks to a git that reads objects.
    fn converse(
        &self,
        talk: &mut dyn FnMut(&mut Objects<ChildStdin, ChildStdout>) -> Result<()>,
    ) -> Result<()> {
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("git cannot be run")?;
        let result = match (child.stdin.take(), child.stdout.take()) {
            (Some(stdin), Some(stdout)) => talk(&mut Objects {
                asked: stdin,
                given: BufReader::new(stdout),
            }),
            _ => Err(anyhow::anyhow!("git cannot be talked to")),
        };
        // Its input is closed by now, so it ends.
        let _ = child.wait();
        result.context("cannot read the files of the revision")
    }
}

/// `100644` or `100755`; `120000` is a link, `160000` another repository.
fn is_file(mode: &str) -> bool {
    mode.starts_with("100")
}

fn entries<'l>(listed: &'l [u8], id: impl Fn(&[&'l str]) -> Option<&'l str>) -> Entries {
    listed
        .split(|byte| *byte == 0)
        .filter_map(|line| {
            // A name that is no UTF-8 would be another one in the report.
            let (head, path) = std::str::from_utf8(line).ok()?.split_once('\t')?;
            let head: Vec<&str> = head.split(' ').collect();
            Some((path.to_owned(), id(&head)?.to_owned()))
        })
        .collect()
}

/// Whether a scan reads a file of that name.
pub fn is_read(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let extension = extension.to_ascii_lowercase();
    name == ".gitignore"
        || discover::EXTENSIONS.contains(&extension.as_str())
        || SETTINGS.contains(&extension.as_str())
}

/// Removes what [`place`] wrote, with the directories that are empty then: a file may come to be where one was.
fn remove(directory: &Path, path: &str) -> Result<()> {
    if !is_plain(path) {
        return Ok(());
    }
    let target = directory.join(path);
    match fs::remove_file(&target) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let above = target.ancestors().skip(1);
    for parent in above.take_while(|parent| *parent != directory) {
        if fs::remove_dir(parent).is_err() {
            break;
        }
    }
    Ok(())
}

/// Whether a name leads to a place inside.
fn is_plain(path: &str) -> bool {
    Path::new(path).components().all(|part| match part {
        Component::Normal(name) => !name.eq_ignore_ascii_case(".git"),
        _ => false,
    })
}

/// Writes one file. A name that leads out of the directory, or into the repository's own, is not written: git refuses to
/// check such ones out, and so do we.
fn place(directory: &Path, path: &str, text: &[u8]) -> Result<()> {
    if !is_plain(path) {
        return Ok(());
    }
    let target = directory.join(path);
    undisturbed(|| {
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(target, text)
    })?;
    Ok(())
}

/// What git has under an id.
enum Object {
    Text(Vec<u8>),
    TooLarge,
    /// A partial clone has not fetched it.
    Missing,
}

/// A conversation with `git cat-file --batch`.
struct Objects<I, O> {
    asked: I,
    given: BufReader<O>,
}

impl<I: Write, O: Read> Objects<I, O> {
    fn read(&mut self, id: &str) -> Result<Object> {
        writeln!(self.asked, "{id}")?;
        self.asked.flush()?;
        let mut head = String::new();
        self.given.read_line(&mut head)?;
        // `id type size`, or `id missing`
        let Some(size) = head.trim_end().split(' ').nth(2) else {
            return Ok(Object::Missing);
        };
        let size: u64 = size.parse().context("git said what is not understood")?;
        let mut text = Vec::new();
        let mut rest = (&mut self.given).take(size + 1);
        if size > MOST {
            std::io::copy(&mut rest, &mut std::io::sink())?;
            return Ok(Object::TooLarge);
        }
        rest.read_to_end(&mut text)?;
        text.pop();
        Ok(Object::Text(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_outside() {
        let directory = tempfile::tempdir().unwrap();
        let inner = directory.path().join("inner");
        fs::create_dir(&inner).unwrap();
        for path in [
            "../out.ts",
            "/tmp/divulge-out.ts",
            "a/../../out.ts",
            ".git/config",
            "a/.GIT/hooks/x",
        ] {
            place(&inner, path, b"x").unwrap();
        }
        place(&inner, "a/b.ts", b"x").unwrap();
        let written: Vec<String> = walkdir::WalkDir::new(directory.path())
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        assert_eq!(written, ["b.ts"]);
    }

    #[test]
    fn lists_are_read_as_git_writes_them() {
        let listed = b"100644 blob aa\tsrc/a b.ts\x00120000 blob bb\tlink\x00160000 commit cc\tsub\x00100755 blob dd\tx\ty\x00";
        let found = entries(listed, |head| match head {
            [mode, "blob", id] if is_file(mode) => Some(*id),
            _ => None,
        });
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(path, id)| (path.as_str(), id.as_str()))
            .collect();
        assert_eq!(found, [("src/a b.ts", "aa"), ("x\ty", "dd")]);
    }
}
