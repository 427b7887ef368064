//! The promise that a journal makes.
//!
//! **Invariant:** a record is driven by one holder at a time (claim), a holder never overwrites what it has not seen
//! (compare-and-set on the revision), and nothing is stored for a holder whose operation was taken over (the key of
//! its claim).
//!
//! Saves are fenced by the key of the claim and not by the revision alone: an id that was never saved, or was forgotten,
//! has no revision that a takeover could raise, and a holder that slept in front of its first save must be kept from
//! starting what somebody else has started meanwhile. One statement can compare both.

use std::fmt;
use std::time::Duration;

use crate::{Claim, Held, Lease, Listing, Operation, OperationId, Owner, Page, Timestamp, Which};

/// How often a record was saved: 0 before the first time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(u64);

impl Revision {
    /// The revision of a record that was never saved.
    pub const NONE: Self = Self(0);

    /// A revision from its number.
    #[must_use]
    pub fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }

    /// The revision after one more save.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// A record as a journal keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The record itself.
    pub operation: Operation,
    /// How often it was saved.
    pub revision: Revision,
    /// When it wants to be looked at next: none when it is over, or waits for a person.
    pub due: Option<Timestamp>,
}

/// Keeps the records of operations until their results are handed over.
///
/// The folder journal and the memory journal ship with the library, and one on PostgreSQL with
/// `podpis-journal-postgres`; any other database plugs in by this trait.
///
/// # The rules
///
/// They are checked by the suites in `podpis_operation::conformance`, behind the feature of that name.
///
/// - A claim has a [`ClaimKey`](crate::ClaimKey) of its own, which is stored with its owner and its end. Whoever finds a
///   claim that has not ended is refused; one that has ended is replaced, and with it its key.
/// - A save looks, in one step that nobody can come between, whether the claim is still the one that is shown and the
///   revision the one that was seen, and stores record, due time and the next revision. Otherwise it is a
///   [`Conflict`](JournalError::Conflict) and changes nothing: who was overtaken stores nothing, and so sends nothing.
/// - A claim that has ended counts until somebody takes the operation: its holder may save and renew it.
/// - An id can be claimed, and fenced, before it has a record, and after its record was forgotten.
/// - A record is kept as its JSON, whole. What cannot be read ([`Operation::from_json`] refuses a newer version) is an
///   error where it is asked for by its id, is named by listings, and is left as it is.
/// - A save that has returned is safe. After one that has failed nothing is sent.
/// - A lease that lasts [until it is dropped](Lease::until_dropped) ends by the drop of its claim, or with its process
///   where a journal can see that; one that cannot gives a length of its own.
///
#[doc = include_str!("own_journal.md")]
#[async_trait::async_trait]
pub trait Journal: fmt::Debug + Send + Sync {
    /// Takes the record for one holder until the claim is dropped or its lease runs out. An id that was never saved can
    /// be claimed: that is how a new operation begins.
    ///
    /// What is held by somebody whose lease has run out, or who is known to have died, is taken over. A claim that is
    /// dropped is given back at once where that is possible, and otherwise when its lease runs out.
    ///
    /// # Errors
    /// [`JournalError::Claimed`] when somebody else holds it; [`JournalError::HolderUnknown`] when somebody may;
    /// [`JournalError::Unreadable`] when nobody does and its record cannot be read; the other kinds when the journal fails.
    async fn claim_for(&self, id: &OperationId, lease: &Lease) -> Result<Claim<'_>, JournalError>;

    /// Makes a claim run out later, or earlier, and gives the lease that it has now. One that has run out can be renewed
    /// as long as nobody else took the operation.
    ///
    /// # Errors
    /// [`JournalError::Conflict`] when the operation is not held by this claim any more; the other kinds when that cannot
    /// be found out.
    async fn renew(&self, held: &Held, lease: &Lease) -> Result<Lease, JournalError>;

    /// Stores the record and when it is due, both or neither, if it is held by this claim and the stored one has the
    /// revision that is shown; gives its new revision. When this returns, the record is as safe as the journal can make
    /// it.
    ///
    /// A claim that has run out still counts until somebody else takes the operation.
    ///
    /// # Errors
    /// [`JournalError::Conflict`] when somebody else took it over or saved it, or when the record is of another
    /// operation; the other kinds when it cannot be written. Nothing is changed then.
    async fn save(
        &self,
        held: &Held,
        operation: &Operation,
        due: Option<Timestamp>,
    ) -> Result<Revision, JournalError>;

    /// Removes the record that is held by this claim. An id without a record is fine.
    ///
    /// # Errors
    /// [`JournalError::Conflict`] when somebody else took it over; the other kinds when it cannot be removed. Nothing is
    /// changed then.
    async fn forget_held(&self, held: &Held) -> Result<(), JournalError>;

    /// Removes the record, whoever holds it and whether it can be read or not: a person gives it up. An id without a
    /// record is fine. Its holder goes on holding, and its next save is a conflict.
    ///
    /// # Errors
    /// When it cannot be removed.
    async fn forget(&self, id: &OperationId) -> Result<(), JournalError>;

    /// The record as it is stored, whether claimed or not; none when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    async fn look(&self, id: &OperationId) -> Result<Option<Stored>, JournalError>;

    /// A page of summaries.
    ///
    /// # Errors
    /// When the journal as a whole cannot be read.
    async fn list(&self, listing: &Listing) -> Result<Page, JournalError>;

    /// Takes the record until the claim is dropped: [`Journal::claim_for`] with [`Lease::until_dropped`], in the name of
    /// this process.
    ///
    /// # Errors
    /// As [`Journal::claim_for`].
    async fn claim(&self, id: &OperationId) -> Result<Claim<'_>, JournalError> {
        let lease = Lease::until_dropped(Owner::of_this_process());
        self.claim_for(id, &lease).await
    }

    /// Takes up to `limit` operations that are due at the lease's own time and held by nobody, the longest due first. Of
    /// many who ask at once each gets others. What cannot be read is passed over.
    ///
    /// # Errors
    /// When the journal fails; nothing is held then.
    async fn claim_due(&self, lease: &Lease, limit: usize) -> Result<Vec<Claim<'_>>, JournalError> {
        let which = Which::Due(lease.now());
        let mut claims = Vec::new();
        let mut listing = Listing::of(which).limit(limit);
        while claims.len() < limit {
            let page = self.list(&listing).await?;
            for summary in page.records {
                match self.claim_for(&summary.id, lease).await {
                    // Somebody else may have looked at it since it was listed.
                    Ok(claim) if claim.due().is_some_and(|due| due <= lease.now()) => {
                        claims.push(claim);
                    }
                    Ok(_)
                    | Err(
                        JournalError::Claimed { .. }
                        | JournalError::HolderUnknown { .. }
                        | JournalError::Unreadable { .. },
                    ) => {}
                    Err(failed) => return Err(failed),
                }
                if claims.len() == limit {
                    break;
                }
            }
            let Some(next) = page.next else { break };
            listing = listing.after(next);
        }
        Ok(claims)
    }

    /// Removes the records of operations that were done or refused at least this long before the lease's own time, and that
    /// nobody holds and this program can read. Gives how many it were. An open operation is never removed.
    ///
    /// A finished record holds what the service gave, signatures among it, and names of files: keep it no longer than it
    /// is needed.
    ///
    /// # Errors
    /// When the journal fails; what was removed before stays removed.
    async fn forget_finished(
        &self,
        lease: &Lease,
        older_than: Duration,
    ) -> Result<u64, JournalError> {
        let is_old = |changed: Timestamp| changed.plus(older_than) <= lease.now();
        let mut removed = 0;
        let mut listing = Listing::of(Which::Finished).limit(Listing::LARGEST);
        loop {
            let page = self.list(&listing).await?;
            for summary in page.records {
                if !is_old(summary.changed) {
                    continue;
                }
                let claim = match self.claim_for(&summary.id, lease).await {
                    Ok(claim) => claim,
                    // Somebody is about to take the result, or it was replaced since it was listed.
                    Err(
                        JournalError::Claimed { .. }
                        | JournalError::HolderUnknown { .. }
                        | JournalError::Unreadable { .. },
                    ) => continue,
                    Err(failed) => return Err(failed),
                };
                let is_over =
                    |record: &Operation| record.state().is_final() && is_old(record.changed());
                if claim.record().is_some_and(is_over) {
                    match claim.forget().await {
                        Ok(()) => removed += 1,
                        Err(JournalError::Conflict { .. }) => {}
                        Err(failed) => return Err(failed),
                    }
                }
            }
            let Some(next) = page.next else {
                return Ok(removed);
            };
            listing = listing.after(next);
        }
    }

    /// Every record that was not forgotten and can be read, oldest first, whether claimed or not and all at once: for a
    /// journal that fits into memory.
    ///
    /// # Errors
    /// When the journal as a whole cannot be read.
    async fn open(&self) -> Result<Vec<Operation>, JournalError> {
        let mut open = Vec::new();
        let mut listing = Listing::of(Which::All).limit(Listing::LARGEST);
        loop {
            let page = self.list(&listing).await?;
            for summary in &page.records {
                match self.look(&summary.id).await {
                    Ok(record) => open.extend(record.map(|record| record.operation)),
                    // It was replaced since it was listed.
                    Err(JournalError::Unreadable { .. }) => {}
                    Err(failed) => return Err(failed),
                }
            }
            let Some(next) = page.next else { break };
            listing = listing.after(next);
        }
        open.sort_by(|a, b| (a.created(), a.id()).cmp(&(b.created(), b.id())));
        Ok(open)
    }
}

/// A journal could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Somebody else drives the operation.
    #[error("operation {id} is being driven by somebody else{}", .owner.as_ref().map(|owner| format!(" ({owner})")).unwrap_or_default())]
    Claimed {
        /// The operation.
        id: OperationId,
        /// Who drives it, where the journal knows.
        owner: Option<Owner>,
    },
    /// Somebody else took the operation over, or saved the record in between.
    #[error("operation {id} was taken over or changed by somebody else: revision {} was expected", .expected.number())]
    Conflict {
        /// The operation.
        id: OperationId,
        /// The revision that was expected.
        expected: Revision,
    },
    /// A record is there and cannot be read.
    #[error("the record of {what} cannot be read")]
    Unreadable {
        /// The operation, or the place of the record.
        what: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Who holds an operation cannot be found out, so that it is taken for held: what says so is damaged, or of a newer
    /// program.
    #[error(
        "who drives the operation cannot be read in {place}: where no program is at work on it, remove that"
    )]
    HolderUnknown {
        /// The file or row.
        place: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The place where records are kept does not work.
    #[error("the journal at {place} does not work")]
    Storage {
        /// The folder, file or database.
        place: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl JournalError {
    /// What a holder is told that was overtaken.
    #[must_use]
    pub fn conflict(held: &Held) -> Self {
        Self::Conflict {
            id: held.id.clone(),
            expected: held.revision,
        }
    }
}
