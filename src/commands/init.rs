//! `divulge init`.
//!
//! In: a directory. Out: a divulge.toml with a comment for every key, and the vendors that are found there. It leaves alone
//! a divulge.toml that is there already.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write;

use anyhow::{Result, bail};

use super::output::write_file;
use super::{Outcome, note};
use crate::cli::Init;
use crate::config;
use crate::examine;
use crate::finding::{Origin, Report};
use crate::progress::Progress;
use crate::report::visible;
use crate::settings::Settings;

const HEAD: &str = "\
# What divulge reports, and what fails a run. Everything here is optional; `divulge scan --print-config` shows what applies.

# From which severity on a run fails: critical, high, medium, low, never.
fail-on = \"high\"

# Findings below this are uncertain: shown apart, never failing. high, medium, low.
# confidence = \"medium\"

# Acceptances that are unused, expired or without a reason fail the run.
# strict = true

# Files that are left out, or scanned although tests and build output are left out by default.
# exclude = [\"legacy/**\"]
# include = [\"src/**/*.test.ts\"]

# Rule files of your own, for vendors and names that are not known yet.
# rules = [\"privacy/rules\"]

# Your own domains, which are no third party.
# own-domains = [\"example.com\"]

# Ratings of your own, by data class.
# [severity]
# device_id = \"medium\"

# Names of your own code, and the data class that each stands for.
# [identifiers]
# memberRef = \"user_id\"

# What is different in some files.
# [[override]]
# paths = [\"apps/internal/**\"]
# fail-on = \"critical\"
";

/// Writes the file.
pub(super) fn run(init: &Init, quiet: bool) -> Result<Outcome> {
    let file = init.path.join(config::FILE_NAME);
    if file.exists() && !init.print {
        bail!("there is a {} already", file.display());
    }
    let settings = Settings::of(std::slice::from_ref(&init.path))?;
    let analysis = examine(&settings, &settings.ruleset()?, &Progress::new(!quiet))?;
    let text = text(&analysis.report);
    if init.print {
        let mut stdout = anstream::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()?;
    } else {
        write_file(&file, &text)?;
        if !quiet {
            note(&format!("wrote {}", file.display()));
        }
    }
    Ok(Outcome::Clean)
}

/// The file, with an allowance to fill in for each vendor that is found.
fn text(report: &Report) -> String {
    let mut out = HEAD.to_owned();
    let mut sent: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for finding in &report.findings {
        let classes = sent.entry(&finding.vendor).or_default();
        if finding.origin == Origin::Sent {
            classes.insert(&finding.class);
        }
    }
    if sent.is_empty() {
        return out;
    }
    out.push_str("\n# What vendors may have. These are found here; remove the marks of those that are meant to be.\n");
    for (vendor, classes) in sent {
        let classes: Vec<String> = classes.iter().map(|class| format!("\"{class}\"")).collect();
        let _ = write!(
            out,
            "#\n# [[allow]] # {}\n# vendor = \"{}\"\n# classes = [{}]\n# reason = \"\"\n# until = \"\"\n",
            visible(report.name_of(vendor)),
            visible(vendor),
            classes.join(", ")
        );
    }
    out
}
