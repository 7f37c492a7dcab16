//! What was typed.
//!
//! In: argv. Out: [`Cli`], one field per flag, nothing decided yet. It leaves alone what the flags mean together with the
//! environment and divulge.toml (`settings`).

use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::finding::{Confidence, Severity};
use crate::policy::FailOn;

/// Reports which personal data a frontend hands to which third-party vendor.
#[derive(Debug, Parser)]
#[command(name = "divulge", version, arg_required_else_help = true)]
#[command(
    after_help = "Exit status: 0 nothing at or above --fail-on, 1 something is, 2 the scan could not be done."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to colour.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// Print the report and errors only.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show each finding in its source, and name every file that was left aside.
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find what is handed over, and rate it.
    Scan(Box<Scan>),
    /// Show which vendor holds what.
    Inventory(Box<Inventory>),
    /// Say what a breached vendor holds, what it does not, and what to do.
    Incident(Box<Incident>),
    /// Say what a vendor, data class, combination, scenario or incident is, and why it is rated so.
    Explain(Explain),
    /// Look at the rules.
    #[command(subcommand)]
    Rules(Rules),
}

/// `divulge scan`.
#[derive(Debug, Clone, Default, Args)]
pub struct Scan {
    /// Directories or files to scan.
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to report; `FORMAT=FILE` writes to a file. May be given more than once.
    #[arg(long = "format", value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub formats: Vec<FormatWish>,
    /// Write the report to a file instead of stdout.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Show each finding in its source, with the way the value took.
    #[arg(long, help_heading = "Output")]
    pub explain: bool,
    /// Note also what is no exposure: SDKs started under a condition or always, hooks that leave nothing out.
    #[arg(long, help_heading = "Output")]
    pub notes: bool,
    /// Leave the code out of pages.
    #[arg(long, help_heading = "Output")]
    pub no_excerpts: bool,
    /// In which language pages are [default: that of the environment, or English].
    #[arg(long, value_name = "LANGUAGE", help_heading = "Output")]
    pub lang: Option<String>,
    /// Exit with 1 from this severity on [default: high].
    #[arg(
        long,
        value_enum,
        value_name = "SEVERITY",
        help_heading = "What counts"
    )]
    pub fail_on: Option<FailOn>,
    /// Leave findings below out of the report.
    #[arg(
        long,
        value_enum,
        value_name = "SEVERITY",
        help_heading = "What counts"
    )]
    pub min_severity: Option<Severity>,
    /// Findings below are uncertain: shown apart, never failing [default: medium].
    #[arg(
        long,
        value_enum,
        value_name = "CONFIDENCE",
        help_heading = "What counts"
    )]
    pub confidence: Option<Confidence>,
    /// Exit with 1 if more payloads than this could not be known.
    #[arg(long, value_name = "N", help_heading = "What counts")]
    pub max_unresolved: Option<u64>,
    /// Report this vendor only. May be given more than once.
    #[arg(
        long = "vendor",
        value_name = "ID",
        value_delimiter = ',',
        help_heading = "What counts"
    )]
    pub vendors: Vec<String>,
    /// Report this data class only. May be given more than once.
    #[arg(
        long = "class",
        value_name = "ID",
        value_delimiter = ',',
        help_heading = "What counts"
    )]
    pub classes: Vec<String>,
    /// Scan tests, stories and mocks as well.
    #[arg(long, help_heading = "What is scanned")]
    pub include_tests: bool,
    /// Use this configuration [default: the nearest divulge.toml, upward to the repository root].
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "no_config",
        help_heading = "What is scanned"
    )]
    pub config: Option<PathBuf>,
    /// Use no configuration file.
    #[arg(long, help_heading = "What is scanned")]
    pub no_config: bool,
    /// Read more rules from a directory. May be given more than once.
    #[arg(long, value_name = "DIR", help_heading = "What is scanned")]
    pub rules: Vec<PathBuf>,
    /// How many threads work [default: one per processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "What is scanned")]
    pub threads: Option<u16>,
}

/// What is read, for the commands that take stock of a tree.
#[derive(Debug, Clone, Default, Args)]
pub struct Stock {
    /// Directories or files to read.
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write to a file instead of stdout.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// In which language [default: that of the environment, or English].
    #[arg(long, value_name = "LANGUAGE", help_heading = "Output")]
    pub lang: Option<String>,
    /// Findings below are uncertain, and not counted as held [default: medium].
    #[arg(
        long,
        value_enum,
        value_name = "CONFIDENCE",
        help_heading = "What counts"
    )]
    pub confidence: Option<Confidence>,
    /// Read tests, stories and mocks as well.
    #[arg(long, help_heading = "What is read")]
    pub include_tests: bool,
    /// Use this configuration [default: the nearest divulge.toml, upward to the repository root].
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "no_config",
        help_heading = "What is read"
    )]
    pub config: Option<PathBuf>,
    /// Use no configuration file.
    #[arg(long, help_heading = "What is read")]
    pub no_config: bool,
    /// Read more rules from a directory. May be given more than once.
    #[arg(long, value_name = "DIR", help_heading = "What is read")]
    pub rules: Vec<PathBuf>,
    /// How many threads work [default: one per processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "What is read")]
    pub threads: Option<u16>,
}

impl Stock {
    /// The scan that it rests on: nothing is left out of it.
    pub fn as_scan(&self) -> Scan {
        Scan {
            paths: self.paths.clone(),
            min_severity: Some(Severity::Low),
            confidence: self.confidence,
            include_tests: self.include_tests,
            config: self.config.clone(),
            no_config: self.no_config,
            rules: self.rules.clone(),
            threads: self.threads,
            ..Scan::default()
        }
    }
}

/// `divulge inventory`.
#[derive(Debug, Clone, Args)]
pub struct Inventory {
    /// What is read.
    #[command(flatten)]
    pub stock: Stock,
    /// How to show it.
    #[arg(long, value_enum, default_value_t = StockFormat::Table, value_name = "FORMAT", help_heading = "Output")]
    pub format: StockFormat,
    /// List every place.
    #[arg(long, help_heading = "Output")]
    pub evidence: bool,
    /// Give the rows of a record of processing instead (as CSV or JSON).
    #[arg(long, conflicts_with = "declared", help_heading = "Output")]
    pub record: bool,
    /// Compare with what is declared: subprocessor lists, privacy pages, Content-Security-Policy. Exits with 1 if a vendor is
    /// declared nowhere.
    #[arg(long, help_heading = "Output")]
    pub declared: bool,
}

/// `divulge incident`.
#[derive(Debug, Clone, Args)]
pub struct Incident {
    /// The vendor's id.
    pub vendor: String,
    /// What is read.
    #[command(flatten)]
    pub stock: Stock,
    /// How to show it.
    #[arg(long, value_enum, default_value_t = StockFormat::Table, value_name = "FORMAT", help_heading = "Output")]
    pub format: StockFormat,
}

/// The formats of an inventory and a brief.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StockFormat {
    /// For people at a terminal.
    #[value(alias = "text")]
    Table,
    /// For a ticket or a page of a wiki.
    #[value(alias = "md")]
    Markdown,
    /// A page of its own.
    Html,
    /// All there is, for programs.
    Json,
    /// Rows, for a spreadsheet.
    Csv,
}

/// `divulge explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The id of a vendor, data class, combination, scenario or incident.
    pub name: String,
    /// Read more rules from a directory. May be given more than once.
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
}

/// `divulge rules`.
#[derive(Debug, Subcommand)]
pub enum Rules {
    /// List vendors, data classes and combinations.
    List {
        /// A directory of rules to read beside the built-in ones.
        dir: Option<PathBuf>,
    },
    /// Make code of every call of the rules in every way, and look whether it is found.
    Test {
        /// The directory of rules to try; without it, the built-in ones.
        dir: Option<PathBuf>,
    },
    /// Check rule files, and report every mistake with file and line.
    Check {
        /// A directory of rules to read beside the built-in ones.
        dir: Option<PathBuf>,
    },
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless the environment says otherwise (NO_COLOR, CLICOLOR).
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    Table,
    /// All there is, for programs.
    Json,
    /// A page of its own.
    Html,
}

/// A format, and the file that it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatWish {
    /// The format.
    pub format: Format,
    /// None: stdout, or what `--output` says.
    pub file: Option<PathBuf>,
}

impl FromStr for FormatWish {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("the file name after `=` is missing".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let format = Format::from_str(name, false).map_err(|_| {
            let known: Vec<String> = Format::value_variants()
                .iter()
                .filter_map(ValueEnum::to_possible_value)
                .map(|value| value.get_name().to_owned())
                .collect();
            format!("there is no format `{name}`; use {}", known.join(" or "))
        })?;
        Ok(Self { format, file })
    }
}

impl ValueEnum for Severity {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Critical, Self::High, Self::Medium, Self::Low]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}

impl ValueEnum for Confidence {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::High, Self::Medium, Self::Low]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}
