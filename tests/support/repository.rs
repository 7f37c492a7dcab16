//! A git repository that a test makes, and what `divulge` says in it.
//!
//! In: files and commits. Out: what the program says. It leaves alone what is expected. Neither git nor the program sees
//! anything of the machine's own configuration.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use tempfile::TempDir;

/// A repository in a directory of its own.
pub(crate) struct Repository {
    pub(crate) directory: TempDir,
}

/// What a run of the program gave.
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Repository {
    /// One without any commit.
    pub(crate) fn empty() -> Self {
        let repository = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        repository.git(&["init", "-q", "-b", "main"], None);
        repository
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs git, on a certain day or now.
    pub(crate) fn git(&self, args: &[&str], day: Option<&str>) -> String {
        let who = ["AUTHOR", "COMMITTER"];
        let day = day.map(|day| format!("{day}T12:00:00Z"));
        let output = process::Command::new("git")
            .args(args)
            .current_dir(self.directory.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .envs(who.map(|who| (format!("GIT_{who}_NAME"), "a")))
            .envs(who.map(|who| (format!("GIT_{who}_EMAIL"), "a@example.org")))
            .envs(
                day.iter()
                    .flat_map(|day| who.map(|who| (format!("GIT_{who}_DATE"), day))),
            )
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{args:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Commits all that is there.
    pub(crate) fn commit(&self, message: &str, day: Option<&str>) {
        self.git(&["add", "-A"], day);
        self.git(&["commit", "-q", "-m", message], day);
    }
}

/// Runs the program in a directory.
pub(crate) fn run_in(directory: &Path, args: &[&str]) -> Ran {
    let output = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("divulge"))
        .env_clear()
        .env("DIVULGE_CACHE", "off")
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .current_dir(directory)
        .args(args)
        .output()
        .unwrap();
    Ran {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
