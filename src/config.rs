//! divulge.toml as written.
//!
//! In: the text of a divulge.toml. Out: [`Config`], or a [`ConfigError`] that names file, line and column. It leaves alone
//! which file is read and what the keys mean together with flags (`settings`).

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_spanned::Spanned;

use crate::day::Day;
use crate::finding::{Confidence, Severity};
use crate::policy::FailOn;
use crate::source::Lines;

/// The name that is looked for.
pub const FILE_NAME: &str = "divulge.toml";

/// The keys of divulge.toml.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "divulge.toml")]
pub struct Config {
    /// Scan tests, stories and mocks as well.
    pub include_tests: Option<bool>,
    /// Files that are scanned although they would be left out.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub include: Vec<Spanned<String>>,
    /// Files that are left out.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub exclude: Vec<Spanned<String>>,
    /// From which severity on the run fails.
    pub fail_on: Option<FailOn>,
    /// Findings below are left out of the report.
    pub min_severity: Option<Severity>,
    /// Findings below are uncertain.
    pub confidence: Option<Confidence>,
    /// Make notes beside the findings.
    pub notes: Option<bool>,
    /// Directories of rules, relative to the file.
    #[serde(default)]
    #[schemars(with = "Vec<PathBuf>")]
    pub rules: Vec<Spanned<PathBuf>>,
    /// Unused, expired and reasonless acceptances fail the run.
    pub strict: Option<bool>,
    /// Domains of one's own; a host stands for its subdomains too. Requests to them leave for no vendor.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub own_domains: Vec<Spanned<String>>,
    /// Ratings of one's own, by data class.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Severity>")]
    pub severity: BTreeMap<Spanned<String>, Severity>,
    /// Names of one's own code, as written there, and the data class that each stands for.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub identifiers: BTreeMap<Spanned<String>, Spanned<String>>,
    /// What vendors may have.
    #[serde(default)]
    pub allow: Vec<Allow>,
    /// What is different in some files; of several that match, the last counts.
    #[serde(default, rename = "override")]
    pub overrides: Vec<Overriding>,
}

/// Classes that a vendor may have.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Allow {
    /// The vendor's id.
    #[schemars(with = "String")]
    pub vendor: Spanned<String>,
    /// The data classes.
    #[schemars(with = "Vec<String>")]
    pub classes: Vec<Spanned<String>>,
    /// The files in which it may; all, if there is none.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub paths: Vec<Spanned<String>>,
    /// Why.
    #[schemars(with = "String")]
    pub reason: Spanned<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it may.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub until: Option<Day>,
}

/// What is different in some files.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Overriding {
    /// The files.
    #[schemars(with = "Vec<String>")]
    pub paths: Vec<Spanned<String>>,
    /// From which severity on the run fails.
    pub fail_on: Option<FailOn>,
    /// Ratings, by data class.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Severity>")]
    pub severity: BTreeMap<Spanned<String>, Severity>,
}

/// Something is wrong in divulge.toml.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {message}")]
pub struct ConfigError {
    /// `file:line:column`.
    pub at: String,
    /// What is wrong.
    pub message: String,
}

/// A configuration, with what is needed to point into it.
#[derive(Debug)]
pub struct ConfigFile {
    /// The keys.
    pub config: Config,
    /// Where it was read.
    pub path: PathBuf,
    text: String,
}

impl ConfigFile {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// When it is no TOML, or has a key or value that divulge.toml does not know.
    pub fn parse(path: &Path, text: String) -> Result<Self, ConfigError> {
        let config = toml::from_str(&text).map_err(|error| ConfigError {
            at: at(path, &text, error.span()),
            message: error.message().trim().replace('\n', "; "),
        })?;
        Ok(Self {
            config,
            path: path.to_owned(),
            text,
        })
    }

    /// Where something stands, as `file:line:column`.
    pub fn at(&self, span: Range<usize>) -> String {
        at(&self.path, &self.text, Some(span))
    }

    /// The line of a place.
    pub fn line(&self, span: Range<usize>) -> u32 {
        let start = u32::try_from(span.start).unwrap_or(u32::MAX);
        Lines::new(&self.text).position(start).line
    }

    /// An error at a place.
    pub fn error(&self, span: Range<usize>, message: impl Into<String>) -> ConfigError {
        ConfigError {
            at: self.at(span),
            message: message.into(),
        }
    }
}

fn at(path: &Path, text: &str, span: Option<Range<usize>>) -> String {
    let start = span.map_or(0, |span| span.start);
    let position = Lines::new(text).position(u32::try_from(start).unwrap_or(u32::MAX));
    format!("{}:{}:{}", path.display(), position.line, position.column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ConfigFile, ConfigError> {
        ConfigFile::parse(Path::new("divulge.toml"), text.to_owned())
    }

    #[test]
    fn reads_every_key() {
        let file = parse(
            "include-tests = true\ninclude = [\"a/**\"]\nexclude = [\"b\"]\nfail-on = \"never\"\nmin-severity = \"low\"\n\
             confidence = \"high\"\nrules = [\"rules\"]\nown-domains = [\"acme.io\"]\n[severity]\nemail = \"low\"\n",
        )
        .unwrap();
        assert_eq!(file.config.include_tests, Some(true));
        assert_eq!(file.config.fail_on, Some(FailOn::Never));
        let (class, severity) = file.config.severity.first_key_value().unwrap();
        assert_eq!(
            (class.get_ref().as_str(), *severity),
            ("email", Severity::Low)
        );
        assert_eq!(file.config.own_domains[0].get_ref(), "acme.io");
        assert_eq!(file.at(class.span()), "divulge.toml:10:1");
    }

    #[test]
    fn points_at_what_is_wrong() {
        let unknown = parse("\nfail_on = \"high\"\n").unwrap_err();
        assert_eq!(unknown.at, "divulge.toml:2:1");
        assert!(unknown.message.contains("fail-on"), "{unknown}");
        let value = parse("[severity]\nemail = \"huge\"\n").unwrap_err();
        assert_eq!(value.at, "divulge.toml:2:9");
        assert!(value.message.contains("critical"), "{value}");
        assert_eq!(
            parse("include = [\n").unwrap_err().at.split(':').next(),
            Some("divulge.toml")
        );
    }
}
