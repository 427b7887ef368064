//! A record in the hands of one holder.
//!
//! **Invariant:** everything that a holder stores or removes goes through its claim, which shows its key; so nothing
//! is stored by a holder whose operation was taken over.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::{
    ClaimKey, Held, Journal, JournalError, Lease, Operation, OperationId, Revision, Stored,
    Timestamp,
};

/// A record that this holder, and nobody else, may drive until its lease runs out.
pub struct Claim<'j> {
    journal: Handle<'j>,
    /// On the heap, so that the futures that hold a claim stay small.
    state: Box<ClaimState>,
}

struct ClaimState {
    held: Held,
    lease: Lease,
    due: Option<Timestamp>,
    record: Option<Operation>,
    _hold: Box<dyn Any + Send + Sync>,
}

/// How a claim knows its journal.
enum Handle<'j> {
    Borrowed(&'j dyn Journal),
    Shared(Arc<dyn Journal>),
}

impl Handle<'_> {
    fn journal(&self) -> &dyn Journal {
        match self {
            Self::Borrowed(journal) => *journal,
            Self::Shared(journal) => &**journal,
        }
    }
}

impl<'j> Claim<'j> {
    /// A claim of `id` in `journal`, under the key that the journal stored with the `lease` it gave; `hold` is what gives
    /// it back when it is dropped.
    pub fn new(
        journal: &'j dyn Journal,
        id: OperationId,
        key: ClaimKey,
        lease: Lease,
        record: Option<Stored>,
        hold: impl Any + Send + Sync,
    ) -> Self {
        let revision = record.as_ref().map_or(Revision::NONE, |it| it.revision);
        Self {
            journal: Handle::Borrowed(journal),
            state: Box::new(ClaimState {
                held: Held { id, key, revision },
                lease,
                due: record.as_ref().and_then(|record| record.due),
                record: record.map(|record| record.operation),
                _hold: Box::new(hold),
            }),
        }
    }

    /// The operation that is claimed.
    #[must_use]
    pub fn id(&self) -> &OperationId {
        &self.state.held.id
    }

    /// The record as it was when it was claimed; none for an id that was never saved, and none after it was
    /// [taken](Self::take_record).
    #[must_use]
    pub fn record(&self) -> Option<&Operation> {
        self.state.record.as_ref()
    }

    /// Hands the record over to whoever drives the operation: from then on it has one owner.
    pub fn take_record(&mut self) -> Option<Operation> {
        self.state.record.take()
    }

    /// The revision of the record.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.state.held.revision
    }

    /// What this holder shows to the journal.
    #[must_use]
    pub fn held(&self) -> &Held {
        &self.state.held
    }

    /// When the record wants to be looked at next, as it is stored.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.state.due
    }

    /// The lease as it was given: its length may be another one than was asked for. Who holds it counts that length from
    /// before it asked, by its own clock.
    #[must_use]
    pub fn lease(&self) -> &Lease {
        &self.state.lease
    }

    /// This claim without a borrow, for whoever keeps it in a struct. `journal` is a handle of the journal that it
    /// was claimed from; another journal would refuse every save, because it does not know the claim.
    #[must_use]
    pub fn owned(self, journal: Arc<dyn Journal>) -> Claim<'static> {
        self.with(Handle::Shared(journal))
    }

    /// This claim, but what it does goes through `journal`, which was built around the one it was claimed from.
    #[must_use]
    pub fn through(self, journal: &dyn Journal) -> Claim<'_> {
        self.with(Handle::Borrowed(journal))
    }

    fn with(self, journal: Handle<'_>) -> Claim<'_> {
        Claim {
            journal,
            state: self.state,
        }
    }

    /// Stores the record in the journal it was claimed from, due when [`Operation::due`] says.
    ///
    /// # Errors
    /// As [`Journal::save`]; nothing is changed then.
    pub async fn save(&mut self, operation: &Operation) -> Result<(), JournalError> {
        self.save_due(operation, operation.due()).await
    }

    /// Due when the holder says: none when it is over, or waits for a person.
    ///
    /// # Errors
    /// As [`Journal::save`]; nothing is changed then.
    pub async fn save_due(
        &mut self,
        operation: &Operation,
        due: Option<Timestamp>,
    ) -> Result<(), JournalError> {
        let saved = self
            .journal
            .journal()
            .save(&self.state.held, operation, due);
        self.state.held.revision = saved.await?;
        self.state.due = due;
        Ok(())
    }

    /// Makes the claim hold for `length` from `now` on. It may be renewed when it has run out, unless somebody else has
    /// taken the operation over.
    ///
    /// # Errors
    /// As [`Journal::renew`]; after a [`JournalError::Conflict`] the operation is somebody else's.
    pub async fn renew(&mut self, now: Timestamp, length: Duration) -> Result<(), JournalError> {
        let lease = Lease::new(self.state.lease.owner().clone(), now, length);
        self.state.lease = self
            .journal
            .journal()
            .renew(&self.state.held, &lease)
            .await?;
        Ok(())
    }

    /// Removes the record from the journal and gives the claim back.
    ///
    /// # Errors
    /// As [`Journal::forget_held`].
    pub async fn forget(self) -> Result<(), JournalError> {
        self.journal.journal().forget_held(&self.state.held).await
    }
}

impl fmt::Debug for Claim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("id", &self.state.held.id)
            .field("revision", &self.state.held.revision)
            .field("lease", &self.state.lease)
            .finish_non_exhaustive()
    }
}
