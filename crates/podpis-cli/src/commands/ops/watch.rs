//! `podpis ops watch`: goes on with all operations, and with those that come, for as long as it runs.
//!
//! **Invariant:** starts nothing; Ctrl-C stores what is under way and leaves the rest to the next program.

use std::path::PathBuf;

use clap::Args;

use super::AgainArguments;
use super::board::Board;
use super::outcome::Told;
use super::resume::Round;
use super::together::Together;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::output::Output;
use crate::store::Store;

#[derive(Debug, Args)]
pub(crate) struct WatchArguments {
    /// Folder for the signatures; where they were to go from the beginning unless given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    again: AgainArguments,
}

/// Watches.
pub(super) async fn run(arguments: &WatchArguments, output: Output) -> Result<Exit, Failure> {
    let again = &arguments.again;
    let store = again.within(Store::open(&again.journal, output).await?);
    store.starting_in(None, again.base_url.as_deref());
    let output = output.naming_operations();
    let mut told = Told::without_end(output);
    output.say(&Message::WatchStop);
    let mut interrupt = Interrupt::new();
    let mut round = Round::new(again, &store, true, arguments.out.as_deref(), output);
    let mut together = Together::new(&mut round, &mut told);
    Box::pin(together.take_up(&mut interrupt)).await?;
    let board = Board::new(output);
    Box::pin(together.watch(&mut interrupt, &board)).await?;
    Ok(told.end())
}
