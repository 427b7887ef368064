//! The commands for Diadoc.
//!
//! **Invariant:** only tells the commands apart; each has a file of its own.

mod sign;

pub(crate) use sign::print;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum DiadocCommand {
    /// Sign files; FILE.p7s is written for each FILE
    Sign(Box<sign::SignArguments>),
}

/// Runs one of them.
pub(crate) async fn run(command: DiadocCommand, output: Output) -> Result<Exit, Failure> {
    match command {
        DiadocCommand::Sign(arguments) => sign::run(*arguments, output).await,
    }
}
