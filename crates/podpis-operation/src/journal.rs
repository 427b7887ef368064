//! The promise that a journal makes.
//!
//! **Invariant:** a record is driven by one holder at a time (claim), and a holder never overwrites what it has
//! not seen (compare-and-set on the revision).

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::{Operation, OperationId};

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

/// Keeps the records of operations until their results are handed over.
///
/// The folder journal and the memory journal ship with the library; a database plugs in by this trait. The
/// `conformance` feature has the rules as tests.
#[async_trait::async_trait]
pub trait Journal: fmt::Debug + Send + Sync {
    /// Takes the record for one holder until the claim is dropped. An id that was never saved can be claimed:
    /// that is how a new operation begins.
    ///
    /// # Errors
    /// [`JournalError::Claimed`] when somebody else holds it; the other kinds when it cannot be read.
    async fn claim(&self, id: &OperationId) -> Result<Claim<'_>, JournalError>;

    /// Stores the record if the stored one has the revision `expected`, and gives its new revision. When this
    /// returns, the record is as safe as the journal can make it.
    ///
    /// # Errors
    /// [`JournalError::Conflict`] when somebody else saved it; the other kinds when it cannot be written.
    /// Nothing is changed then.
    async fn save(
        &self,
        operation: &Operation,
        expected: Revision,
    ) -> Result<Revision, JournalError>;

    /// Every record that was not forgotten, oldest first, whether claimed or not.
    ///
    /// # Errors
    /// When the journal as a whole cannot be read.
    async fn open(&self) -> Result<Vec<Operation>, JournalError>;

    /// Removes the record. An id without a record is fine.
    ///
    /// # Errors
    /// When it cannot be removed.
    async fn forget(&self, id: &OperationId) -> Result<(), JournalError>;
}

/// A record that this holder, and nobody else, may drive.
pub struct Claim<'j> {
    journal: Handle<'j>,
    id: OperationId,
    record: Option<Operation>,
    revision: Revision,
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
    /// A claim of `id` in `journal`; `hold` is what keeps others out until it is dropped.
    pub fn new(
        journal: &'j dyn Journal,
        id: OperationId,
        record: Option<Operation>,
        revision: Revision,
        hold: impl Any + Send + Sync,
    ) -> Self {
        Self {
            journal: Handle::Borrowed(journal),
            id,
            record,
            revision,
            _hold: Box::new(hold),
        }
    }

    /// The operation that is claimed.
    #[must_use]
    pub fn id(&self) -> &OperationId {
        &self.id
    }

    /// The record as it was when it was claimed; none for an id that was never saved, and none after it was
    /// [taken](Self::take_record).
    #[must_use]
    pub fn record(&self) -> Option<&Operation> {
        self.record.as_ref()
    }

    /// Hands the record over to whoever drives the operation: from then on it has one owner.
    pub fn take_record(&mut self) -> Option<Operation> {
        self.record.take()
    }

    /// The revision of the record.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The same claim without a borrow, for whoever keeps it in a struct. `journal` is a handle of the journal that it
    /// was claimed from; another journal would refuse every save, because it has not seen the record.
    #[must_use]
    pub fn owned(self, journal: Arc<dyn Journal>) -> Claim<'static> {
        Claim {
            journal: Handle::Shared(journal),
            id: self.id,
            record: self.record,
            revision: self.revision,
            _hold: self._hold,
        }
    }

    /// Stores the record in the journal it was claimed from.
    ///
    /// # Errors
    /// As [`Journal::save`]; nothing is changed then.
    pub async fn save(&mut self, operation: &Operation) -> Result<(), JournalError> {
        let saved = self.journal.journal().save(operation, self.revision);
        self.revision = saved.await?;
        Ok(())
    }

    /// Removes the record from the journal and gives the claim back.
    ///
    /// # Errors
    /// As [`Journal::forget`].
    pub async fn forget(self) -> Result<(), JournalError> {
        self.journal.journal().forget(&self.id).await
    }
}

impl fmt::Debug for Claim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("id", &self.id)
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

/// A journal could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Somebody else drives the operation.
    #[error("operation {id} is being driven by somebody else")]
    Claimed {
        /// The operation.
        id: OperationId,
    },
    /// Somebody else saved the record in between.
    #[error("operation {id} was changed by somebody else: revision {} was expected", .expected.number())]
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
