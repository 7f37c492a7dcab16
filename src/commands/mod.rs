//! What each subcommand does.
//!
//! In: [`Cli`]. Out: bytes on stdout and in files, messages on stderr, and the exit status: 0 nothing at or above the
//! threshold, 1 something is, 2 it could not be done. It leaves alone how any of it is found.

mod changed;
mod diff;
mod environment;
mod explain;
mod incident;
mod init;
mod inventory;
mod lock;
mod output;
mod past;
mod report;
mod rules;
mod scan;
mod shell;
mod stock;
mod window;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};

use crate::cli::{Cli, Color, Command};
use crate::report::visible;

/// How a command went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Nothing at or above the threshold.
    Clean,
    /// Something is.
    Found,
    /// The result is not to be trusted; the message has been printed.
    Untrusted,
}

/// Runs what was typed.
pub fn run(cli: &Cli) -> ExitCode {
    match cli.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    // Whatever is asked for, a crash is no answer, and its status is not that of one.
    let result = catch_unwind(AssertUnwindSafe(|| command(cli))).unwrap_or_else(|_| {
        Err(anyhow::anyhow!(
            "this is a fault of divulge: please report it"
        ))
    });
    match result {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Ok(Outcome::Untrusted) => ExitCode::from(2),
        // Whoever closed the pipe has read enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say(
                AnsiColor::Red.on_default().bold(),
                "error",
                &format!("{error:#}"),
            );
            ExitCode::from(2)
        }
    }
}

fn command(cli: &Cli) -> anyhow::Result<Outcome> {
    match &cli.command {
        Command::Scan(scan) => scan::run(scan, cli.quiet, cli.verbose),
        Command::Inventory(inventory) => inventory::run(inventory, cli.quiet, cli.verbose > 0),
        Command::Incident(incident) => incident::run(incident, cli.quiet, cli.verbose > 0),
        Command::Lock(lock) => lock::run(lock, cli.quiet),
        Command::Diff(diff) => diff::run(diff, cli.quiet),
        Command::Report(saved) => report::run(saved),
        Command::Init(init) => init::run(init, cli.quiet),
        Command::Completions(completions) => shell::completions(completions.shell),
        Command::Man => shell::man(),
        Command::Explain(explain) => explain::run(explain),
        Command::Rules(rules) => rules::run(rules),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// Prints a message to stderr, each of its lines escaped. There is nobody to tell when that fails.
fn say(style: Style, word: &str, text: &str) {
    use std::io::Write;
    let mut stderr = anstream::stderr().lock();
    let lines: Vec<_> = text.lines().map(visible).collect();
    let _ = writeln!(stderr, "{style}{word}{style:#}: {}", lines.join("\n  "));
}

fn note(text: &str) {
    say(AnsiColor::Cyan.on_default(), "note", text);
}

fn warn(text: &str) {
    say(AnsiColor::Yellow.on_default().bold(), "warning", text);
}
