//! What git knows of the past.
//!
//! In: a repository, and revisions of it. Out: the commits that led to one, and the files that each of them changed. It
//! leaves alone what is in the files, and which commits matter.
//!
//! Only plumbing is run: `git log` would run the program that a stranger's configuration names for signatures.

use std::collections::BTreeMap;
use std::io::{Seek, Write};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use super::Repository;
use crate::day::Day;

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: String,
    /// The id of its files.
    pub tree: String,
    /// When it came into this history, by UTC.
    pub day: Day,
    /// What it follows; the first is the branch that it was made on.
    pub parents: Vec<String>,
}

/// A file that a commit changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its path from the top of the repository.
    pub path: String,
    /// Its text before and after, where there is one.
    pub texts: Vec<String>,
}

impl Repository {
    /// Whether the history ends where somebody cut it off.
    ///
    /// # Errors
    ///
    /// When git cannot be run.
    pub fn is_shallow(&self) -> Result<bool> {
        let said = self.output(&["rev-parse", "--is-shallow-repository"])?;
        Ok(said.starts_with(b"true"))
    }

    /// Whether one commit led to another.
    ///
    /// # Errors
    ///
    /// When git cannot be run.
    pub fn led_to(&self, earlier: &str, later: &str) -> Result<bool> {
        let args = ["merge-base", "--is-ancestor", earlier, later];
        let status = self.command(&args).status().context("git cannot be run")?;
        Ok(status.success())
    }

    /// The commits that led to one, and itself, each after those that it follows. Those that led to `without`, and that one
    /// itself, are left out. `first_parent` leaves out what was merged.
    ///
    /// # Errors
    ///
    /// When git cannot read them.
    pub fn commits(
        &self,
        end: &str,
        without: Option<&str>,
        first_parent: bool,
    ) -> Result<Vec<Commit>> {
        let without = without.map(|commit| format!("^{commit}"));
        let mut args = vec![
            "rev-list",
            "--date-order",
            "--reverse",
            "--format=%H %T %ct %P",
        ];
        if first_parent {
            args.push("--first-parent");
        }
        args.push(end);
        args.extend(without.as_deref());
        let listed = self.output(&args)?;
        let listed = String::from_utf8_lossy(&listed);
        // Each has a line before it that begins so.
        let lines = listed.lines().filter(|line| !line.starts_with("commit "));
        lines.map(commit).collect()
    }

    /// What each commit changed against the first that it follows; all files for one that follows none.
    ///
    /// # Errors
    ///
    /// When git cannot read it.
    pub fn changes(&self, commits: &[Commit]) -> Result<BTreeMap<String, Vec<Change>>> {
        // A file, since a pipe would have to be read and written at once.
        let mut asked = tempfile::tempfile().context("cannot make a temporary file")?;
        for commit in commits {
            match commit.parents.first() {
                Some(parent) => writeln!(asked, "{} {parent}", commit.id)?,
                None => writeln!(asked, "{}", commit.id)?,
            }
        }
        asked.rewind()?;
        let args = [
            "diff-tree",
            "--stdin",
            "--root",
            "-r",
            "-z",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            "-m",
        ];
        let output = self
            .command(&args)
            .stdin(Stdio::from(asked))
            .output()
            .context("git cannot be run")?;
        if !output.status.success() {
            bail!("git: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(changes(&output.stdout))
    }
}

/// `id tree seconds parents`
fn commit(line: &str) -> Result<Commit> {
    let mut words = line.split(' ').filter(|word| !word.is_empty());
    let parts = (|| {
        let [id, tree, seconds] = [words.next()?, words.next()?, words.next()?];
        let day = Day::of_seconds(seconds.parse().ok()?)?;
        Some((id.to_owned(), tree.to_owned(), day))
    })();
    let (id, tree, day) = parts.context("git said what is not understood")?;
    Ok(Commit {
        id,
        tree,
        day,
        parents: words.map(str::to_owned).collect(),
    })
}

/// A commit's id, then `:mode mode id id status` and the path for each of its files, all ended by NUL.
fn changes(listed: &[u8]) -> BTreeMap<String, Vec<Change>> {
    let mut found: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    let mut of: Option<String> = None;
    let mut words = listed.split(|byte| *byte == 0);
    while let Some(word) = words.next() {
        let word = String::from_utf8_lossy(word);
        let Some(head) = word.strip_prefix(':') else {
            of = word.split_whitespace().next().map(str::to_owned);
            continue;
        };
        let path = words.next().unwrap_or_default();
        let ids = head.split(' ').skip(2).take(2);
        let texts = ids
            .filter(|id| id.bytes().any(|digit| digit != b'0'))
            .map(str::to_owned);
        if let Some(commit) = &of {
            found.entry(commit.clone()).or_default().push(Change {
                path: String::from_utf8_lossy(path).into_owned(),
                texts: texts.collect(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_read_as_git_writes_them() {
        let listed = b"c1\x00:000000 100644 00 aa A\x00a b.ts\x00:100644 100644 aa bb M\x00b.ts\x00c2\x00:100644 000000 bb 00 D\x00a b.ts\x00";
        let found = changes(listed);
        let change = |path: &str, texts: &[&str]| Change {
            path: path.to_owned(),
            texts: texts.iter().map(|id| (*id).to_owned()).collect(),
        };
        assert_eq!(
            found["c1"],
            [change("a b.ts", &["aa"]), change("b.ts", &["aa", "bb"])]
        );
        assert_eq!(found["c2"], [change("a b.ts", &["bb"])]);
    }

    #[test]
    fn commits_are_read_as_git_writes_them() {
        let found = commit("aa bb 1760000000 cc dd").unwrap();
        assert_eq!(found.day.to_string(), "2025-10-09");
        assert_eq!(found.parents, ["cc", "dd"]);
        assert!(commit("aa bb 1 ").unwrap().parents.is_empty());
        assert!(commit("aa").is_err());
    }
}
