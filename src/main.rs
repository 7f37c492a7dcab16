//! Parses argv, runs, and gives the exit status.

use std::process::ExitCode;

use clap::Parser;
use divulge::cli::Cli;
use divulge::commands;
use mimalloc::MiMalloc;

/// Following values makes and drops millions of small ones.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout and are no error; a closed pipe is none either.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    commands::run(&cli)
}
