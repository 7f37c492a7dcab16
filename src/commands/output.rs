//! Where reports go.
//!
//! In: the formats that were asked for, and a report. Out: its text in each of them, on stdout or in a file. It leaves alone
//! what stands in the report.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cli::{Format, FormatWish};
use crate::finding::Report;
use crate::report::{self, Sources, View};
use crate::texts::Texts;

/// The width where there is no terminal.
pub(super) const WIDTH: usize = 80;

/// A report, and where it goes.
pub(super) struct Output {
    pub(super) format: Format,
    /// None: stdout.
    file: Option<PathBuf>,
}

/// Decides where each format goes.
pub(super) fn outputs(formats: &[FormatWish], output: Option<&Path>) -> Result<Vec<Output>> {
    let wishes = if formats.is_empty() {
        vec![FormatWish {
            format: Format::Table,
            file: None,
        }]
    } else {
        formats.to_vec()
    };
    if wishes.iter().filter(|wish| wish.file.is_none()).count() > 1 {
        bail!(
            "two formats cannot both go to {}; give one of them a file: --format json=report.json",
            output.map_or_else(|| "stdout".to_owned(), |file| file.display().to_string())
        );
    }
    if output.is_some() && wishes.iter().all(|wish| wish.file.is_some()) {
        bail!("--output is for a format without a file of its own, and every --format has one");
    }
    let mut files = BTreeSet::new();
    let mut outputs = Vec::new();
    for wish in wishes {
        let file = wish.file.or_else(|| output.map(Path::to_owned));
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

impl Output {
    /// How wide a report may be there.
    pub(super) fn width(&self) -> usize {
        if self.file.is_none() { width() } else { WIDTH }
    }

    /// Writes a report's text.
    pub(super) fn write(&self, text: &str) -> Result<()> {
        match &self.file {
            Some(path) => write_file(path, &anstream::adapter::strip_str(text).to_string())
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
}

/// What a page needs beside the report.
pub(super) struct Page<'p> {
    /// In which language it is.
    pub(super) texts: &'p Texts,
    /// The code; none: it is left out.
    pub(super) sources: Option<&'p Sources<'p>>,
}

/// A report's text in a format. The paths of formats that forges read start at the repository, which the scanned root lies
/// in by the way `below`.
pub(super) fn render(
    format: Format,
    report: &Report,
    view: &View<'_>,
    below: &str,
    page: &Page<'_>,
) -> Result<String> {
    let placed = || report::below(report, below);
    Ok(match format {
        Format::Table => report::table(report, view),
        Format::Json => report::json(report)?,
        Format::Html => report::html(report, view, page.texts, page.sources),
        Format::Csv => report::csv(report, view)?,
        Format::Sarif => report::sarif(&placed(), view)?,
        Format::Markdown => report::markdown(&placed(), view),
        Format::Github => report::github(&placed(), view),
        Format::Gitlab => report::gitlab(&placed(), view)?,
        Format::Junit => report::junit(&placed(), view),
        Format::Rdjson => report::rdjson(&placed(), view)?,
    })
}

/// Writes a file whole or not at all: beside it first, and then in its place. What is no ordinary file is written into.
pub(super) fn write_file(path: &Path, text: &str) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if target.exists() && !target.is_file() {
        return fs::write(&target, text);
    }
    let parent = target
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".divulge-");
    // The permissions of what is replaced, else what any new file has.
    if let Ok(metadata) = fs::metadata(&target) {
        builder.permissions(metadata.permissions());
    } else {
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(parent)?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(())
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
