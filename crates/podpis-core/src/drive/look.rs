//! Looks through the journal: for what is due, and for all that is open.
//!
//! **Invariant:** a page at a time, so that memory is bounded whatever the journal holds; nothing is claimed and nothing is
//! changed.

use std::sync::Arc;

use podpis_operation::{
    Cursor, JournalError, Listing, Operation, Page, State, Summary, UnreadableRecord, Which,
};

use super::counts::Counts;
use super::news::{CodeWanted, News};
use super::shared::Shared;
use super::told::Of;
use crate::{Error, ErrorKind};

/// How many due records are read at once.
const PAGE: usize = 256;

/// A page of what is due, behind the cursor.
pub(super) async fn due<O: Send + 'static>(
    shared: Arc<Shared<O>>,
    after: Option<Cursor>,
) -> Result<Page, JournalError> {
    let mut listing = Listing::of(Which::Due(shared.now())).limit(PAGE);
    if let Some(after) = after {
        listing = listing.after(after);
    }
    shared.journal.list(&listing).await
}

/// Counts what is open, and tells of what cannot be driven and of codes that are wanted, each once.
pub(super) async fn count<O: Send + 'static>(shared: Arc<Shared<O>>) -> Result<(), JournalError> {
    let (now, mut counts) = (shared.now(), Counts::default());
    let mut listing = Listing::of(Which::Open).limit(PAGE);
    loop {
        let page = shared.journal.list(&listing).await?;
        for summary in &page.records {
            let due = shared.places.due(&summary.id).or(summary.due);
            counts.add(&summary.state, due, now);
            let wants_code = matches!(summary.state, State::AwaitingCode { .. });
            if shared.clients.of(&summary.kind, &summary.origin).is_none() {
                foreign(&shared, summary).await?;
            } else if wants_code
                && !shared
                    .told
                    .has(Of::Code, &summary.id, Some(summary.changed))
            {
                code_wanted(&shared, summary).await?;
            }
        }
        for record in page.unreadable {
            unreadable(&shared, record).await;
        }
        if shared.is_stopping() {
            return Ok(());
        }
        let Some(next) = page.next else { break };
        listing = listing.after(next);
    }
    shared.counting.journal(counts);
    Ok(())
}

/// Tells the ends of what was over before.
pub(super) async fn finished<O: Send + 'static>(
    shared: Arc<Shared<O>>,
) -> Result<(), JournalError> {
    let mut listing = Listing::of(Which::Finished).limit(PAGE);
    loop {
        let page = shared.journal.list(&listing).await?;
        for summary in &page.records {
            if shared.is_stopping() {
                return Ok(());
            }
            if shared.clients.of(&summary.kind, &summary.origin).is_none() {
                foreign(&shared, summary).await?;
            } else if let Some(operation) = look(&shared, summary).await? {
                shared.tell_end(operation, true).await;
            }
        }
        for record in page.unreadable {
            unreadable(&shared, record).await;
        }
        let Some(next) = page.next else { return Ok(()) };
        listing = listing.after(next);
    }
}

/// Tells that there is no client for a record, once.
async fn foreign<O: Send + 'static>(
    shared: &Shared<O>,
    summary: &Summary,
) -> Result<(), JournalError> {
    if shared.told.is_new(Of::Record, &summary.id, None)
        && let Some(operation) = look(shared, summary).await?
    {
        shared.leave_foreign(operation).await;
    }
    Ok(())
}

async fn code_wanted<O: Send + 'static>(
    shared: &Shared<O>,
    summary: &Summary,
) -> Result<(), JournalError> {
    let client = shared.clients.of(&summary.kind, &summary.origin);
    // It may have been told meanwhile, and the code may be there.
    if let (Some(client), Some(operation)) = (client, look(shared, summary).await?)
        && let State::AwaitingCode { attempt } = *operation.state()
        && shared
            .told
            .is_new(Of::Code, operation.id(), Some(operation.changed()))
    {
        let wanted = CodeWanted {
            operation,
            attempt,
            tries_left: client.tries_left(attempt),
            rejection: None,
        };
        shared.tell(News::CodeWanted(wanted)).await;
    }
    Ok(())
}

async fn unreadable<O: Send + 'static>(shared: &Shared<O>, record: UnreadableRecord) {
    let UnreadableRecord { id, place, why } = record;
    let text = format!("the record of {place} cannot be read: {why}");
    let error = Error::new(ErrorKind::Journal, text);
    shared.leave_unreadable(&id, error).await;
}

/// The record; none when it is gone, or cannot be read any more.
async fn look<O: Send + 'static>(
    shared: &Shared<O>,
    summary: &Summary,
) -> Result<Option<Operation>, JournalError> {
    match shared.journal.look(&summary.id).await {
        Ok(stored) => Ok(stored.map(|stored| stored.operation)),
        Err(JournalError::Unreadable { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
