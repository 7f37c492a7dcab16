//! What a change touches.
//!
//! In: a report of a whole tree, and the files that changed. Out: the report with only the findings whose way leads through
//! one of them. It leaves alone which files are scanned: all are, or values could not be followed.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result};

use crate::finding::{Finding, Report};
use crate::git::{Repository, Snapshot};
use crate::settings::{Settings, below, repository_root};

/// The files of a list, relative to the repository.
pub(super) fn listed(file: &Path) -> Result<BTreeSet<String>> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        io::stdin().read_to_end(&mut bytes)
    } else {
        fs::File::open(file).and_then(|mut file| file.read_to_end(&mut bytes))
    }
    .with_context(|| format!("cannot read the list of files {}", file.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    // A name may hold a line break; a list with NUL has no other end.
    let end = if text.contains('\0') { '\0' } else { '\n' };
    Ok(text
        .split(end)
        .map(|path| path.trim_end_matches('\r').trim_start_matches("./"))
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect())
}

/// What is staged: the files of the index, the settings to scan them with, and which of them changed.
pub(super) fn staged(settings: &Settings) -> Result<(Snapshot, Settings, BTreeSet<String>)> {
    let repository = Repository::around(&settings.root)?;
    let entries = repository.staged()?;
    let changed = repository.changed_in(&entries)?;
    let snapshot = repository.snapshot(&entries)?;
    let moved = settings.moved(&repository.root, &snapshot.root());
    Ok((snapshot, moved, changed))
}

/// Leaves what goes through one of the files, which are named as seen from the repository of the scanned root.
pub(super) fn keep(report: &mut Report, changed: &BTreeSet<String>, root: &Path) {
    let way = below(repository_root(root).unwrap_or(root), root);
    let changed: BTreeSet<&str> = changed
        .iter()
        .filter_map(|path| {
            let rest = path.strip_prefix(&way)?;
            if way.is_empty() {
                Some(rest)
            } else {
                rest.strip_prefix('/')
            }
        })
        .collect();
    let touches = |finding: &Finding| {
        let steps = finding.trace.iter().map(|step| step.path.as_str());
        steps
            .chain([finding.location.path.as_str(), finding.sink.path.as_str()])
            .any(|path| changed.contains(path))
    };
    report.findings.retain(touches);
    report.expected.retain(touches);
    let kept: BTreeSet<String> = report
        .findings
        .iter()
        .map(|finding| finding.fingerprint.clone())
        .collect();
    for combination in &mut report.combinations {
        combination.findings.retain(|print| kept.contains(print));
    }
    report
        .combinations
        .retain(|combination| !combination.findings.is_empty());
    report
        .unresolved
        .retain(|unresolved| changed.contains(unresolved.location.path.as_str()));
    report
        .notices
        .retain(|notice| changed.contains(notice.path.as_str()));
}
