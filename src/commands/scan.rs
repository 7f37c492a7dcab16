//! `divulge scan`.
//!
//! In: [`Scan`]. Out: the report in each format that was asked for, notes on stderr, and whether something fails the run.
//! It leaves alone the analysis.

use std::path::PathBuf;

use anyhow::Result;

use super::environment::environment;
use super::output::{Output, Page, outputs, render};
use super::stock::language;
use super::{Outcome, changed, note, warn};
use crate::cli::{Format, Scan};
use crate::finding::FileNote;
use crate::policy::Policy;
use crate::progress::Progress;
use crate::report::{self, Sources, View};
use crate::settings::{Settings, below, repository_root};
use crate::texts::Texts;
use crate::{Analysis, examine};

/// How many files are named on stderr; the report has all.
const FILES_NAMED: usize = 20;

/// Scans and reports.
pub(super) fn run(scan: &Scan, quiet: bool, verbosity: u8) -> Result<Outcome> {
    let verbose = verbosity > 0;
    let outputs = outputs(&scan.formats, scan.output.as_deref())?;
    let settings = Settings::resolve(scan, &environment())?;
    let ruleset = settings.ruleset()?;
    let texts = language(scan.lang.as_deref(), &ruleset)?;
    if scan.print_config {
        print_config(&settings)?;
        return Ok(Outcome::Clean);
    }
    let progress = Progress::new(!quiet);
    let mut analysis = if scan.staged {
        let (_files, staged, files) = changed::staged(&settings)?;
        if staged.paths.is_empty() {
            note("nothing of what is to be scanned is known to git");
            return Ok(Outcome::Clean);
        }
        let mut analysis = examine(&staged, &ruleset, &progress)?;
        changed::keep(&mut analysis.report, &files, &settings.root);
        analysis
    } else {
        examine(&settings, &ruleset, &progress)?
    };
    if let Some(list) = &scan.changed_files {
        changed::keep(
            &mut analysis.report,
            &changed::listed(list)?,
            &settings.root,
        );
    }
    if !quiet {
        say_notes(&analysis, verbose);
    }
    if verbosity > 1 {
        say_times(&progress, &analysis);
    }
    for output in &outputs {
        write(output, &analysis, &settings, scan, verbose, &texts)?;
    }
    Ok(outcome(&analysis, &settings.policy, quiet))
}

/// The way from the repository to a scanned root.
pub(super) fn way_from_repository(settings: &Settings) -> String {
    let root = settings.root.as_path();
    below(repository_root(root).unwrap_or(root), root)
}

fn print_config(settings: &Settings) -> Result<()> {
    use std::io::Write;
    let name = |path: Option<&PathBuf>| {
        path.map_or_else(|| "none".to_owned(), |path| path.display().to_string())
    };
    let mut stdout = anstream::stdout().lock();
    writeln!(
        stdout,
        "# configuration: {}\n# lock file: {}\n# root: {}",
        report::visible(&name(settings.config.as_ref())),
        report::visible(&name(Some(&settings.lock_path))),
        report::visible(&settings.root.display().to_string())
    )?;
    write!(stdout, "{}", toml::to_string_pretty(&settings.effective())?)?;
    stdout.flush()?;
    Ok(())
}

fn write(
    output: &Output,
    analysis: &Analysis,
    settings: &Settings,
    scan: &Scan,
    verbose: bool,
    texts: &Texts,
) -> Result<()> {
    let view = View {
        width: output.width(),
        confidence: settings.policy.confidence,
        accepted: scan.show_suppressed,
        texts,
    };
    let below = way_from_repository(settings);
    let sources = |path: &str| {
        let file = analysis.texts.find(path)?;
        Some(analysis.texts.get(file)?.text.as_str())
    };
    let page = Page {
        texts,
        sources: (!scan.no_excerpts).then_some(&sources as &Sources<'_>),
    };
    let mut text = render(output.format, &analysis.report, &view, &below, &page)?;
    if output.format == Format::Table && (scan.explain || verbose) {
        text.insert_str(0, &report::explain(&analysis.report, &view, &sources));
    }
    output.write(&text)
}

fn say_times(progress: &Progress, analysis: &Analysis) {
    let files = &analysis.report.files;
    for (stage, time) in progress.times() {
        note(&format!("{:>8.1} ms {stage}", time.as_secs_f64() * 1e3));
    }
    note(&format!(
        "{} files seen, {} read, {} parsed",
        files.seen, files.read, files.parsed
    ));
}

pub(super) fn say_notes(analysis: &Analysis, verbose: bool) {
    let files = &analysis.report.files;
    let line = |file: &FileNote| match file.line {
        Some(line) => format!("{}:{line}: {}", file.path, file.reason),
        None => format!("{}: {}", file.path, file.reason),
    };
    let most = if verbose { usize::MAX } else { FILES_NAMED };
    for file in files.errors.iter().take(most) {
        warn(&line(file));
    }
    let more = files.errors.len().saturating_sub(most);
    if more > 0 {
        warn(&format!(
            "{more} more files could not be read whole; -v names them"
        ));
    }
    // The report says so too, but not every format has a place for it.
    for notice in &analysis.report.notices {
        let line = notice
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        warn(&format!(
            "{}{line}: {}: {}",
            notice.path,
            notice.kind.as_str(),
            notice.message
        ));
    }
    if verbose {
        for file in &files.skipped {
            note(&format!("skipped {}", line(file)));
        }
        for left in &files.left_out {
            note(&format!("left out {} {}", left.count, left.reason));
        }
    }
}

fn outcome(analysis: &Analysis, policy: &Policy, quiet: bool) -> Outcome {
    let report = &analysis.report;
    if analysis.crashed {
        warn(
            "the analysis of a file crashed, so the report is not complete; it lists the file under errors",
        );
        return Outcome::Untrusted;
    }
    let failing = report
        .findings
        .iter()
        .filter(|finding| policy.fails(finding))
        .count();
    let unresolved = policy.too_many_unresolved(report);
    let notices = policy.too_many_notices(report);
    if notices && !quiet {
        note(&format!(
            "{} acceptances need a look, which --strict does not accept",
            report.notices.len()
        ));
    }
    if unresolved && !quiet {
        note(&format!(
            "{} payloads are unknown, which is more than --max-unresolved accepts",
            report.unresolved.len()
        ));
    }
    if failing > 0 && !quiet {
        note(&format!(
            "{failing} of {} findings at or above the severity that fails the run",
            report.findings.len()
        ));
    }
    if failing > 0 || unresolved || notices {
        Outcome::Found
    } else {
        Outcome::Clean
    }
}
