//! A journal in memory that a test looks at, or breaks.

use std::fmt::Debug;

use podpis_operation::{
    Claim, Held, Journal, JournalError, Lease, Listing, MemoryJournal, Operation, OperationId,
    Page, Revision, Stored, Timestamp,
};

/// What a test does when the journal is asked for something.
#[async_trait::async_trait]
pub(super) trait Probe: Debug + Send + Sync {
    /// Before a record is stored.
    fn saves(&self) -> Result<(), JournalError> {
        Ok(())
    }

    /// Before a listing is made.
    async fn lists(&self, _: &Listing) -> Result<(), JournalError> {
        Ok(())
    }

    /// After that.
    fn has_listed(&self, _: &Listing) {}
}

/// The journal.
#[derive(Debug)]
pub(super) struct Probed<T> {
    pub(super) kept: MemoryJournal,
    pub(super) probe: T,
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
        self.probe.saves()?;
        self.kept.save(held, one, due).await
    }

    async fn forget_held(&self, held: &Held) -> Result<(), JournalError> {
        self.kept.forget_held(held).await
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
        self.probe.has_listed(listing);
        page
    }
}
