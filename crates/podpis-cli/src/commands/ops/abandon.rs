//! `podpis ops abandon`: forgets an operation.
//!
//! **Invariant:** says what is lost by it, sends nothing, and takes nothing from a program that is at work on it.

use clap::Args;
use podpis::OperationId;
use podpis::operation::JournalError;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Message;
use crate::output::Output;
use crate::store::{JournalArguments, Store};

#[derive(Debug, Args)]
pub(crate) struct AbandonArguments {
    /// The operation
    #[arg(value_name = "ID", value_parser = super::named)]
    id: OperationId,

    #[command(flatten)]
    journal: JournalArguments,
}

/// Forgets.
pub(super) async fn run(arguments: &AbandonArguments, output: Output) -> Result<Exit, Failure> {
    let store = Store::existing(&arguments.journal, output).await?;
    let id = &store.meant(&arguments.id).await?;
    let meaning = |state| Message::Abandoning {
        id: id.to_string(),
        state,
    };
    let state = match store.journal().claim(id).await {
        Ok(claim) => {
            let Some(record) = claim.record() else {
                return Err(store.missing(id).await);
            };
            let state = record.state().name();
            output.say(&meaning(Some(state)));
            let forgotten = claim.forget().await;
            forgotten.map_err(|error| store.failing(error))?;
            Some(state)
        }
        // A record that cannot be read can still be removed, as long as nobody holds it.
        Err(JournalError::Unreadable { .. }) => {
            output.say(&meaning(None));
            let forgotten = store.journal().forget(id).await;
            forgotten.map_err(|error| store.failing(error))?;
            None
        }
        Err(error) => return Err(store.not_claimed(id, error)),
    };
    store.drop_note(id);
    output.result(&json!({ "operation": id, "abandoned": true, "state": state }))?;
    Ok(Exit::Done)
}
