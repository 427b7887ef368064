//! A journal in memory that a test looks at, or breaks.
//!
//! **Invariant:** what the probe says nothing about is passed on as it is.

use std::fmt::Debug;
use std::io;

use podpis_operation::{
    Claim, Held, Journal, JournalError, Lease, Listing, MemoryJournal, Operation, OperationId,
    Page, Revision, Stored, Timestamp,
};

/// What a test does when the journal is asked for something; nothing, unless it says otherwise.
#[async_trait::async_trait]
pub trait Probe: Debug + Send + Sync {
    /// Before a record is stored, which it is not after an error.
    async fn saves(&self, _: &Operation) -> Result<(), JournalError> {
        Ok(())
    }

    /// After that.
    async fn has_saved(&self, _: &Operation) {}

    /// Before a record that is held is forgotten.
    async fn forgets(&self) {}

    /// After that.
    async fn has_forgotten(&self) {}

    /// Before a listing is made, which it is not after an error.
    async fn lists(&self, _: &Listing) -> Result<(), JournalError> {
        Ok(())
    }

    /// After that.
    async fn has_listed(&self, _: &Listing) {}
}

/// A journal for tests.
#[derive(Debug)]
pub struct Probed<T> {
    kept: MemoryJournal,
    probe: T,
}

impl<T: Probe> Probed<T> {
    /// One that keeps its records there.
    pub fn new(kept: MemoryJournal, probe: T) -> Self {
        Self { kept, probe }
    }

    /// What looks at it.
    pub fn probe(&self) -> &T {
        &self.probe
    }
}

/// What a journal says whose disk is full.
#[must_use]
pub fn no_room() -> JournalError {
    JournalError::Storage {
        place: "/full".to_owned(),
        source: io::Error::from(io::ErrorKind::StorageFull).into(),
    }
}

#[async_trait::async_trait]
impl<T: Probe> Journal for Probed<T> {
    async fn claim_for(&self, id: &OperationId, lease: &Lease) -> Result<Claim<'_>, JournalError> {
        Ok(self.kept.claim_for(id, lease).await?.through(self))
    }

    async fn renew(&self, held: &Held, lease: &Lease) -> Result<Lease, JournalError> {
        self.kept.renew(held, lease).await
    }

    async fn save(
        &self,
        held: &Held,
        one: &Operation,
        due: Option<Timestamp>,
    ) -> Result<Revision, JournalError> {
        self.probe.saves(one).await?;
        let saved = self.kept.save(held, one, due).await;
        self.probe.has_saved(one).await;
        saved
    }

    async fn forget_held(&self, held: &Held) -> Result<(), JournalError> {
        self.probe.forgets().await;
        let forgotten = self.kept.forget_held(held).await;
        self.probe.has_forgotten().await;
        forgotten
    }

    async fn forget(&self, id: &OperationId) -> Result<(), JournalError> {
        self.kept.forget(id).await
    }

    async fn look(&self, id: &OperationId) -> Result<Option<Stored>, JournalError> {
        self.kept.look(id).await
    }

    async fn list(&self, listing: &Listing) -> Result<Page, JournalError> {
        self.probe.lists(listing).await?;
        let page = self.kept.list(listing).await;
        self.probe.has_listed(listing).await;
        page
    }
}
