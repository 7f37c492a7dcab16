//! Completions and the manual page.
//!
//! In: a shell. Out: what it wants to know of the arguments. It leaves alone what the arguments do.

use std::io::Write;

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use super::Outcome;
use crate::cli::Cli;

/// Prints completions.
pub(super) fn completions(shell: Shell) -> Result<Outcome> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "divulge", &mut text);
    print(&text)
}

/// Prints the manual page, with one part per subcommand.
pub(super) fn man() -> Result<Outcome> {
    let mut text = Vec::new();
    let mut command = Cli::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
    {
        let name = format!("divulge-{}", sub.get_name());
        clap_mangen::Man::new(sub.clone().display_name(name)).render(&mut text)?;
    }
    print(&text)
}

fn print(text: &[u8]) -> Result<Outcome> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text)?;
    stdout.flush()?;
    Ok(Outcome::Clean)
}
