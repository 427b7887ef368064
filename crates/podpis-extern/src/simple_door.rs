//! The simple door of operations that ask nobody at their start.
//!
//! **Invariant:** a start whose answer was lost is found out here: nobody but the service was asked, so nothing has to
//! be decided by a person.

use podpis_core::Error;
use podpis_core::wait::{Conversation, Deadline, Prompt, Run};
use podpis_operation::{Journal as _, MemoryJournal};

use crate::Extern;

/// Drives what was started to its end.
pub(crate) async fn finish<K: Conversation<Client = Extern>>(
    client: &Extern,
    journal: &MemoryJournal,
    started: Result<Run<'_, K>, Error>,
    prompt: &mut dyn Prompt,
    deadline: Deadline,
) -> Result<K::Output, Error> {
    let error = match started {
        Ok(mut run) => return run.wait(prompt, deadline).await,
        Err(error) => error,
    };
    let Some(operation) = error.operation().filter(|_| error.may_have_been_applied()) else {
        return Err(error);
    };
    let claim = journal.claim(operation.id()).await?;
    let mut run = client.resume::<K>(claim)?;
    run.wait(prompt, deadline).await
}
