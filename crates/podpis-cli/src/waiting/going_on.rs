//! Goes on with what an earlier call began, before anybody looks what waits.
//!
//! **Invariant:** starts nothing; what nobody can tell about stays open, and is told; what somebody else drives is left to
//! them.

use podpis::Operation;
use podpis::operation::JournalError;

use crate::connection::Service;
use crate::delivery::{FolderGoal, Goal};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::DiadocMessage;
use crate::out_folder::OutFolder;
use crate::output::Output;
use crate::ready::Ready;
use crate::store::Store;

/// Goes on with these, one after another. What has no folder noted goes into this one.
pub(crate) async fn go_on<S: Service>(
    store: &Store,
    ready: &Ready<'_, S>,
    records: Vec<Operation>,
    folder: &OutFolder,
    interrupt: &mut Interrupt,
    output: Output,
) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    if !records.is_empty() {
        let operations = records.len();
        output.say(&DiadocMessage::GoingOnFirst { operations }.into());
    }
    for record in records {
        let id = record.id();
        let claim = match store.journal().claim(id).await {
            Ok(claim) => claim,
            Err(JournalError::Claimed { .. }) => continue,
            Err(error) => return Err(store.failing(error).about(id)),
        };
        if claim.record().is_none() {
            continue;
        }
        let noted = store.own_note(id)?.and_then(|note| note.folder());
        let folder = match &noted {
            Some(noted) => match OutFolder::open(Some(noted)) {
                Ok(folder) => folder,
                Err(failure) => {
                    let advice = store.advice_on_no_place(&record);
                    let failure = failure.about(id).advising(Some(advice));
                    output.failure(&failure);
                    exit = exit.worst(failure.exit());
                    continue;
                }
            },
            None => folder.clone(),
        };
        let goal = Goal::Folder(FolderGoal::of(folder));
        let ended = match ready.go_on(claim, &goal, interrupt).await {
            Ok(delivery) => delivery.print()?,
            Err(failure) => {
                let failure = failure.about(id);
                output.failure(&failure);
                failure.exit()
            }
        };
        exit = exit.worst(ended);
        if interrupt.was_pressed() {
            break;
        }
    }
    Ok(exit)
}
