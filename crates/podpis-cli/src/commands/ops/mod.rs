//! The commands for operations that are in the journal.
//!
//! **Invariant:** only tells the commands apart, and finds what several of them need; each has a file of its own.

mod abandon;
mod asking;
mod board;
mod known;
mod list;
mod move_to;
pub(crate) mod outcome;
mod prune;
mod resume;
mod show;
mod start_over;
mod together;
mod view;
mod watch;

use clap::{Args, Subcommand};
use podpis::operation::{Claim, MalformedId};
use podpis::{Operation, OperationId};

use crate::checks::StrictArguments;
use crate::connection::WaitingArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::profile::ProfileArguments;
use crate::ready::{LeavingArguments, Manner};
use crate::store::{JournalArguments, Store};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum OpsCommand {
    /// List the operations that are not finished, or whose signatures were not written
    List(list::ListArguments),
    /// Show what is known about an operation, and what to do about it
    Show(show::ShowArguments),
    /// Go on with operations: ask for the code, wait, write the signatures
    Resume(resume::ResumeArguments),
    /// Go on with all operations, also those that come, until Ctrl-C, and show how many there are
    Watch(watch::WatchArguments),
    /// Sign the same files again in place of an operation that cannot be finished
    StartOver(start_over::StartOverArguments),
    /// Forget an operation; the service is not told
    Abandon(abandon::AbandonArguments),
    /// Remove the records of operations that have ended long ago; they hold names and signatures
    Prune(prune::PruneArguments),
    /// Move operations into another journal, each of them once
    Move(move_to::MoveArguments),
}

// What the commands take that talk to the service of an operation.
#[derive(Debug, Args)]
pub(crate) struct AgainArguments {
    /// Address of the service, to which the login is sent; DIADOC_BASE_URL, EXTERN_BASE_URL or production unless given.
    /// An operation of another address is left alone
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,

    /// Answer for the person: take the code from the phone of the sandbox. Refused for any other service
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    waiting: WaitingArguments,

    #[command(flatten)]
    journal: JournalArguments,

    #[command(flatten)]
    strict: StrictArguments,

    #[command(flatten)]
    _profile: ProfileArguments,
}

impl AgainArguments {
    /// The journal, where nothing is begun.
    async fn store(&self, output: Output) -> Result<Store, Failure> {
        let store = Store::existing(&self.journal, output).await?;
        Ok(self.within(store))
    }

    /// The same journal, which is waited for no longer than the operations are.
    fn within(&self, store: Store) -> Store {
        store.within(self.waiting.deadline())
    }

    /// How that is done.
    fn manner<'a>(&'a self, store: &'a Store, output: Output) -> Manner<'a> {
        Manner {
            store,
            waiting: &self.waiting,
            leaving: LeavingArguments::default(),
            even_if_open: false,
            yes: self.yes,
            strict: self.strict,
            output,
        }
    }
}

/// Runs one of them.
pub(crate) async fn run(command: OpsCommand, output: Output) -> Result<Exit, Failure> {
    match command {
        OpsCommand::List(arguments) => list::run(&arguments, output).await,
        OpsCommand::Show(arguments) => show::run(&arguments, output).await,
        OpsCommand::Resume(arguments) => Box::pin(resume::run(&arguments, output)).await,
        OpsCommand::Watch(arguments) => Box::pin(watch::run(&arguments, output)).await,
        OpsCommand::StartOver(arguments) => Box::pin(start_over::run(&arguments, output)).await,
        OpsCommand::Abandon(arguments) => abandon::run(&arguments, output).await,
        OpsCommand::Prune(arguments) => prune::run(&arguments, output).await,
        OpsCommand::Move(arguments) => move_to::run(&arguments, output).await,
    }
}

/// The id that a person means, or how it begins, in whatever case it is written.
fn named(text: &str) -> Result<OperationId, MalformedId> {
    text.to_ascii_lowercase().parse()
}

/// Takes an operation for this program.
async fn claim<'s>(store: &'s Store, id: &OperationId) -> Result<(Claim<'s>, Operation), Failure> {
    let claim = store
        .journal()
        .claim(id)
        .await
        .map_err(|error| store.not_claimed(id, error))?;
    match claim.record().cloned() {
        Some(record) => Ok((claim, record)),
        None => Err(store.missing(id).await),
    }
}
