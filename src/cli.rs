//! What was typed.
//!
//! In: argv. Out: [`Cli`], one field per flag, nothing decided yet. It leaves alone what the flags mean together with the
//! environment and divulge.toml (`settings`).

use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::PossibleValue;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::day::Day;
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
    /// Show each finding in its source, and name every file that was left aside; twice: say how long each stage took.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
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
    /// Write divulge.lock, the reviewed list of flows.
    Lock(Box<Lock>),
    /// Say what this tree hands over that another revision does not, and the reverse.
    Diff(Box<Diff>),
    /// Show a saved JSON report in another format.
    Report(Report),
    /// Write a commented divulge.toml for the vendors found here.
    Init(Init),
    /// Say what a vendor, data class, combination, scenario or incident is, and why it is rated so.
    Explain(Explain),
    /// Look at the rules.
    #[command(subcommand)]
    Rules(Rules),
    /// Print completions for a shell.
    Completions(Completions),
    /// Print the manual page.
    Man,
}

/// `divulge scan`.
#[derive(Debug, Clone, Default, Args)]
pub struct Scan {
    /// What is scanned.
    #[command(flatten)]
    pub scope: Scope,
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
    /// In which language reports for people are [default: that of the environment, or English].
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
    /// Fail on flows that are not in divulge.lock, whatever their severity, unless --fail-on says otherwise.
    #[arg(long, help_heading = "What counts")]
    pub locked: bool,
    /// Fail on acceptances that are unused, expired, without a reason or not understood.
    #[arg(long, help_heading = "What counts")]
    pub strict: bool,
    /// Let comments in the code accept nothing.
    #[arg(long, help_heading = "What counts")]
    pub no_suppressions: bool,
    /// List what comments, the configuration and the lock file accept.
    #[arg(long, help_heading = "Output")]
    pub show_suppressed: bool,
    /// Print the configuration that applies, and scan nothing.
    #[arg(long, help_heading = "Output")]
    pub print_config: bool,
    /// Scan what is staged in git instead of the working directory, and report what goes through a staged file.
    #[arg(long, conflicts_with = "changed_files", help_heading = "What counts")]
    pub staged: bool,
    /// Parse every file, not only those that may matter; the report is the same.
    #[arg(long, hide = true)]
    pub parse_everything: bool,
    /// Report only what goes through a file of this list (`-`: stdin; one per line, or ended by NUL, relative to the repository).
    #[arg(long, value_name = "FILE", help_heading = "What counts")]
    pub changed_files: Option<PathBuf>,
}

/// What is scanned, and what it is judged by.
#[derive(Debug, Clone, Default, Args)]
pub struct Scope {
    /// Directories or files to scan.
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
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
    /// Keep what was found in a directory, so that an unchanged tree is not followed again [default: DIVULGE_CACHE, else a
    /// directory of the user's cache; none where CI is set].
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with = "no_cache",
        help_heading = "What is scanned"
    )]
    pub cache: Option<PathBuf>,
    /// Keep nothing, and use nothing that was kept.
    #[arg(long, help_heading = "What is scanned")]
    pub no_cache: bool,
    /// The lock file [default: the nearest divulge.lock, upward to the repository root].
    #[arg(long, value_name = "FILE", help_heading = "What is scanned")]
    pub lock_file: Option<PathBuf>,
    /// Judge dates as of this day [default: today, by UTC].
    #[arg(long, value_name = "YYYY-MM-DD", help_heading = "What is scanned")]
    pub today: Option<Day>,
}

/// `divulge lock`.
#[derive(Debug, Args)]
pub struct Lock {
    /// What is scanned.
    #[command(flatten)]
    pub scope: Scope,
    /// Only add flows that are not in it, and say of them, and of expired ones, what the options below say.
    #[arg(long)]
    pub accept: bool,
    /// Only remove flows that are not found any more.
    #[arg(long)]
    pub prune: bool,
    /// Why the flows are accepted.
    #[arg(long, value_name = "TEXT", requires = "accept")]
    pub reason: Option<String>,
    /// Who answers for them.
    #[arg(long, value_name = "NAME", requires = "accept")]
    pub owner: Option<String>,
    /// The last day on which they are accepted.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "accept")]
    pub until: Option<Day>,
    /// Accept flows to this vendor only. May be given more than once.
    #[arg(
        long = "vendor",
        value_name = "ID",
        value_delimiter = ',',
        requires = "accept"
    )]
    pub vendors: Vec<String>,
    /// Accept flows of this data class only. May be given more than once.
    #[arg(
        long = "class",
        value_name = "ID",
        value_delimiter = ',',
        requires = "accept"
    )]
    pub classes: Vec<String>,
    /// Accept flows at this place only, as reports show it. May be given more than once.
    #[arg(long, value_name = "PATH[:LINE]", requires = "accept")]
    pub at: Vec<String>,
}

/// `divulge diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// A git revision, or a saved JSON report.
    pub base: String,
    /// The directory or file to scan.
    #[arg(default_value = ".", value_name = "PATH")]
    pub path: PathBuf,
    /// Compare with where this branch left the base, instead of with the base itself.
    #[arg(long)]
    pub merge_base: bool,
    /// How to report: table, markdown or json; `FORMAT=FILE` writes to a file. May be given more than once.
    #[arg(long = "format", value_name = "FORMAT[=FILE]")]
    pub formats: Vec<FormatWish>,
    /// Write to a file instead of stdout.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// In which language [default: that of the environment, or English].
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<String>,
    /// Exit with 1 from this severity of something new on [default: high].
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,
    /// What is in divulge.lock is not new.
    #[arg(long)]
    pub locked: bool,
    /// Let comments in the code accept nothing.
    #[arg(long)]
    pub no_suppressions: bool,
    /// Use this configuration for both sides [default: the nearest divulge.toml, upward to the repository root].
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Use no configuration file.
    #[arg(long)]
    pub no_config: bool,
    /// Read more rules from a directory. May be given more than once.
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
    /// Judge dates as of this day [default: today, by UTC].
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<Day>,
}

/// `divulge report`.
#[derive(Debug, Args)]
pub struct Report {
    /// A report that was saved with `--format json`; `-`: stdin.
    pub file: PathBuf,
    /// How to report; `FORMAT=FILE` writes to a file. May be given more than once.
    #[arg(long = "format", value_name = "FORMAT[=FILE]")]
    pub formats: Vec<FormatWish>,
    /// Write the report to a file instead of stdout.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Findings below are uncertain [default: medium].
    #[arg(long, value_enum, value_name = "CONFIDENCE")]
    pub confidence: Option<Confidence>,
    /// In which language reports for people are [default: that of the environment, or English].
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<String>,
    /// Show what is accepted, too.
    #[arg(long)]
    pub show_suppressed: bool,
    /// The way from the repository to the root of the scan, for formats that forges read.
    #[arg(long, value_name = "DIR", default_value = "")]
    pub below: String,
}

/// `divulge init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The directory to write divulge.toml in.
    #[arg(default_value = ".", value_name = "PATH")]
    pub path: PathBuf,
    /// Print it instead.
    #[arg(long)]
    pub print: bool,
}

/// `divulge completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// What is read, for the commands that take stock of a tree.
#[derive(Debug, Clone, Default, Args)]
pub struct Stock {
    /// What is read.
    #[command(flatten)]
    pub scope: Scope,
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
}

impl Stock {
    /// The scan that it rests on: nothing is left out of it.
    pub fn as_scan(&self) -> Scan {
        Scan {
            scope: self.scope.clone(),
            min_severity: Some(Severity::Low),
            confidence: self.confidence,
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
    /// Speak of all that was handed over from this day or revision on, read from git; what was in force then counts.
    #[arg(long, value_name = "YYYY-MM-DD|REV", help_heading = "When")]
    pub since: Option<String>,
    /// Speak of what was handed over until this day or revision [default: the present commit].
    #[arg(long, value_name = "YYYY-MM-DD|REV", help_heading = "When")]
    pub until: Option<String>,
    /// Speak of all that was ever handed over.
    #[arg(long, conflicts_with = "since", help_heading = "When")]
    pub history: bool,
    /// Leave out commits that reached this branch by a merge only.
    #[arg(long, help_heading = "When")]
    pub first_parent: bool,
    /// Read at most so many revisions; the brief says how many it left out.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(2..), help_heading = "When")]
    pub max_revisions: u16,
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
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// One screen, for a summary or a comment.
    Markdown,
    /// One line per finding, for spreadsheets.
    Csv,
    /// Annotations of GitHub.
    Github,
    /// Code Quality of GitLab.
    Gitlab,
    /// JUnit's XML.
    Junit,
    /// Reviewdog's diagnostics.
    Rdjson,
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
            format!("there is no format `{name}`; use {}", known.join(", "))
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
