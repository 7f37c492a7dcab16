//! A tree of several files, put through the whole analysis: with more threads, and with every file parsed, the report is the
//! same.
#![no_main]

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::LazyLock;

use divulge::finding::{Files, Report};
use divulge::ruleset::Ruleset;
use divulge::settings::Settings;
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<Ruleset> =
    LazyLock::new(|| Ruleset::embedded().expect("the rules are valid"));

/// What stands before each file, with its path.
const MARK: &str = "\n=== ";

/// Writes the files of a text below a directory.
fn write(root: &Path, text: &str) {
    for part in text.split(MARK).take(12) {
        let (path, text) = part.split_once('\n').unwrap_or(("a.ts", part));
        let is_plain = |part: &str| {
            !part.is_empty()
                && part.len() < 60
                && !part.starts_with("..")
                && part != "."
                && !part.contains('\0')
        };
        if path.split('/').count() > 5 || !path.split('/').all(is_plain) {
            continue;
        }
        let path = root.join(path);
        if let Some(parent) = path.parent() {
            let _ = std::fs::create_dir_all(parent);
        }
        let _ = std::fs::write(path, text);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let directory = tempfile::tempdir().expect("a temporary directory");
    write(directory.path(), &String::from_utf8_lossy(bytes));
    let scan = |threads: usize, everything: bool| -> Option<Report> {
        let mut settings = Settings::of(&[directory.path().to_owned()]).ok()?;
        settings.threads = NonZeroUsize::new(threads);
        settings.parse_everything = everything;
        let report = divulge::analyze(&settings, &RULES).ok()?;
        let crashed = report
            .files
            .errors
            .iter()
            .any(|note| note.reason.contains("crashed"));
        assert!(!crashed, "{:?}", report.files.errors);
        Some(report)
    };
    let Some(first) = scan(1, false) else {
        return;
    };
    assert!(scan(2, false).is_some_and(|second| second == first));
    let without_files = |report: Report| Report {
        files: Files::default(),
        ..report
    };
    assert!(scan(1, true).map(without_files) == Some(without_files(first)));
});
