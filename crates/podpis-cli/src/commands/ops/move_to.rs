//! `podpis ops move`: moves operations into another journal.
//!
//! **Invariant:** an operation that somebody drives is left alone, a record is removed here only when it is stored there,
//! and one that is there already as another one is never written over. What was interrupted is finished by the same
//! command.

use std::path::PathBuf;

use clap::Args;
use podpis::operation::JournalError;
use podpis::{Operation, OperationId};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Message;
use crate::output::Output;
use crate::store::{self, JournalArguments, Store};

#[derive(Debug, Args)]
pub(crate) struct MoveArguments {
    /// The operations; every one in the journal unless given
    #[arg(value_name = "ID", value_parser = super::named)]
    ids: Vec<OperationId>,

    /// The journal that they are moved to: a folder, or the postgres:// address of a database
    #[arg(long, value_name = "DIR|URL")]
    to: PathBuf,

    #[command(flatten)]
    journal: JournalArguments,
}

/// Moves.
pub(super) async fn run(arguments: &MoveArguments, output: Output) -> Result<Exit, Failure> {
    let from = Store::existing(&arguments.journal, output).await?;
    let to = Store::named(&arguments.to, output).await?;
    if from.shown() == to.shown() {
        return Err(Failure::usage(Message::SameJournal));
    }
    let (ids, unreadable) = if arguments.ids.is_empty() {
        let (mut contents, mut unreadable) = (from.contents(), Vec::new());
        while !contents.is_whole() {
            unreadable.extend(contents.look_on().await?);
        }
        let ids = contents.operations.into_iter().map(|(_, id)| id).collect();
        (ids, unreadable)
    } else {
        let mut ids = Vec::with_capacity(arguments.ids.len());
        for named in &arguments.ids {
            ids.push(from.meant(named).await?);
        }
        (ids, Vec::new())
    };
    let mut exit = Exit::Done;
    for failure in unreadable.into_iter().map(store::unreadable) {
        exit = exit.worst(failure.exit());
        output.failure(&failure);
    }
    for id in &ids {
        match move_one(&from, &to, id).await {
            Ok(()) => {
                output.say(&Message::Moved {
                    id: id.to_string(),
                    journal: to.shown(),
                });
                output.result(&json!({ "operation": id, "moved": true }))?;
            }
            Err(failure) => {
                exit = exit.worst(failure.exit());
                output.failure(&failure);
            }
        }
    }
    Ok(exit)
}

async fn move_one(from: &Store, to: &Store, id: &OperationId) -> Result<(), Failure> {
    let (here, record) = super::claim(from, id).await?;
    let mut there = match to.journal().claim(id).await {
        Ok(claim) => Some(claim),
        // Somebody drives it there already.
        Err(JournalError::Claimed { .. }) => None,
        Err(error) => return Err(to.not_claimed(id, error)),
    };
    let stored = if let Some(claim) = &there {
        claim.record().cloned()
    } else {
        let looked = to.journal().look(id).await;
        let stored = looked.map_err(|error| to.not_claimed(id, error))?;
        stored.map(|stored| stored.operation)
    };
    match (stored, &mut there) {
        // It was stored there, and perhaps went on, before this could be told here.
        (Some(stored), _) if is_the_same(&record, &stored) => {}
        (None, Some(claim)) => {
            let due = here.due();
            let saved = claim.save_due(&record, due).await;
            saved.map_err(|error| to.failing(error))?;
        }
        _ => {
            let message = Message::MovedElsewhere {
                id: id.to_string(),
                journal: to.shown(),
            };
            return Err(Failure::failed("journal", message).about(id));
        }
    }
    from.give_note(id, to).map_err(Failure::setup)?;
    // Held there until it is gone here: nobody drives both.
    here.forget().await.map_err(|error| from.failing(error))?;
    from.drop_note(id);
    Ok(())
}

/// Whether a record is of the same operation, as it was or later.
fn is_the_same(here: &Operation, there: &Operation) -> bool {
    there.created() == here.created()
        && there.kind() == here.kind()
        && there.origin() == here.origin()
        && there.changed() >= here.changed()
}
