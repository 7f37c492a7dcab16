//! `divulge scan`.
//!
//! In: [`Scan`]. Out: the report in each format that was asked for, notes on stderr, and whether something fails the run.
//! It leaves alone the analysis.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::stock::language;
use super::{Outcome, note, warn};
use crate::cli::{Format, FormatWish, Scan};
use crate::finding::FileNote;
use crate::policy::Policy;
use crate::progress::Progress;
use crate::report::{self, Sources, View};
use crate::ruleset::Ruleset;
use crate::settings::Settings;
use crate::texts::Texts;
use crate::{Analysis, examine};

/// Names the configuration file.
pub(super) const CONFIG_VARIABLE: &str = "DIVULGE_CONFIG";
/// The width where there is no terminal.
pub(super) const WIDTH: usize = 80;
/// How many files are named on stderr; the report has all.
const FILES_NAMED: usize = 20;

/// Scans and reports.
pub(super) fn run(scan: &Scan, quiet: bool, verbose: bool) -> Result<Outcome> {
    let outputs = outputs(scan)?;
    let config = std::env::var_os(CONFIG_VARIABLE)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from);
    let settings = Settings::resolve(scan, config)?;
    let ruleset = Ruleset::load(&settings.rules).context("the rules cannot be used")?;
    settings.check(&ruleset)?;
    let texts = language(scan.lang.as_deref(), &ruleset)?;
    let analysis = examine(&settings, &ruleset, &Progress::new(!quiet))?;
    if !quiet {
        say_notes(&analysis, verbose);
    }
    for output in &outputs {
        write(output, &analysis, &settings.policy, scan, verbose, &texts)?;
    }
    Ok(outcome(&analysis, &settings.policy, quiet))
}

/// A report, and where it goes.
struct Output {
    format: Format,
    /// None: stdout.
    file: Option<PathBuf>,
}

fn outputs(scan: &Scan) -> Result<Vec<Output>> {
    let wishes = if scan.formats.is_empty() {
        vec![FormatWish {
            format: Format::Table,
            file: None,
        }]
    } else {
        scan.formats.clone()
    };
    if wishes.iter().filter(|wish| wish.file.is_none()).count() > 1 {
        bail!(
            "two formats cannot both go to {}; give one of them a file: --format json=report.json",
            scan.output
                .as_deref()
                .map_or_else(|| "stdout".to_owned(), |file| file.display().to_string())
        );
    }
    if scan.output.is_some() && wishes.iter().all(|wish| wish.file.is_some()) {
        bail!("--output is for a format without a file of its own, and every --format has one");
    }
    let mut files = BTreeSet::new();
    let mut outputs = Vec::new();
    for wish in wishes {
        let file = wish.file.or_else(|| scan.output.clone());
        if let Some(file) = &file
            && !files.insert(file.clone())
        {
            bail!("two formats cannot both go to {}", file.display());
        }
        outputs.push(Output {
            format: wish.format,
            file,
        });
    }
    Ok(outputs)
}

fn write(
    output: &Output,
    analysis: &Analysis,
    policy: &Policy,
    scan: &Scan,
    verbose: bool,
    texts: &Texts,
) -> Result<()> {
    let sources = |path: &str| {
        let file = analysis.texts.find(path)?;
        Some(analysis.texts.get(file)?.text.as_str())
    };
    let view = View {
        width: if output.file.is_none() {
            width()
        } else {
            WIDTH
        },
        confidence: policy.confidence,
    };
    let text = match output.format {
        Format::Json => report::json(&analysis.report)?,
        Format::Html => {
            let sources: Option<&Sources<'_>> = if scan.no_excerpts {
                None
            } else {
                Some(&sources)
            };
            report::html(&analysis.report, &view, texts, sources)
        }
        Format::Table => {
            let mut text = String::new();
            if scan.explain || verbose {
                text.push_str(&report::explain(&analysis.report, &view, &sources));
            }
            text.push_str(&report::table(&analysis.report, &view));
            text
        }
    };
    match &output.file {
        Some(path) => write_file(path, &text)
            .with_context(|| format!("cannot write the report to {}", path.display())),
        None => {
            let mut stdout = anstream::stdout().lock();
            stdout
                .write_all(text.as_bytes())
                .and_then(|()| stdout.flush())
                .context("cannot write the report to stdout")
        }
    }
}

/// A file has no colours, whatever the terminal has.
pub(super) fn write_file(path: &Path, text: &str) -> io::Result<()> {
    let mut file = anstream::StripStream::new(File::create(path)?);
    file.write_all(text.as_bytes())?;
    file.flush()
}

/// Columns: what the environment says, else what the terminal has.
pub(super) fn width() -> usize {
    let asked = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .filter(|columns| *columns > 0);
    let stdout = io::stdout();
    let real = || {
        stdout
            .is_terminal()
            .then(|| terminal_size::terminal_size_of(&stdout))
            .flatten()
            .map(|(width, _)| usize::from(width.0))
    };
    asked.or_else(real).unwrap_or(WIDTH)
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
    if failing > 0 || unresolved {
        Outcome::Found
    } else {
        Outcome::Clean
    }
}
