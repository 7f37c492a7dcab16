//! `divulge report`.
//!
//! In: a saved JSON report. Out: the same in other formats. It leaves alone the code, which may be gone, and whether
//! anything in the report fails a run: that was said when it was made.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::Outcome;
use super::output::{Page, outputs, render};
use super::stock::language;
use crate::cli::Report as Asked;
use crate::finding::{Report, SCHEMA_VERSION};
use crate::report::View;
use crate::ruleset::Ruleset;

/// Renders.
pub(super) fn run(asked: &Asked) -> Result<Outcome> {
    let outputs = outputs(&asked.formats, asked.output.as_deref())?;
    let report = read(&asked.file)?;
    let rules = Ruleset::embedded().context("the rules cannot be used")?;
    let texts = language(asked.lang.as_deref(), &rules)?;
    let page = Page {
        texts: &texts,
        sources: None,
    };
    for output in &outputs {
        let mut view = View {
            width: output.width(),
            accepted: asked.show_suppressed,
            ..View::new(&texts)
        };
        if let Some(confidence) = asked.confidence {
            view.confidence = confidence;
        }
        let below = asked.below.trim_matches('/');
        output.write(&render(output.format, &report, &view, below, &page)?)?;
    }
    Ok(Outcome::Clean)
}

/// Reads a saved report.
pub(super) fn read(path: &Path) -> Result<Report> {
    let mut text = String::new();
    if path == Path::new("-") {
        io::stdin().read_to_string(&mut text).map(drop)
    } else {
        fs::read_to_string(path).map(|read| text = read)
    }
    .with_context(|| format!("cannot read the report {}", path.display()))?;
    parse(&text).with_context(|| format!("{} is no report of this program", path.display()))
}

fn parse(text: &str) -> Result<Report> {
    #[derive(serde::Deserialize)]
    struct Versioned {
        schema_version: u32,
    }
    let Versioned { schema_version } = serde_json::from_str(text)?;
    if schema_version != SCHEMA_VERSION {
        bail!(
            "it has version {schema_version} of the format, and only {SCHEMA_VERSION} is known here"
        );
    }
    Ok(serde_json::from_str(text)?)
}
