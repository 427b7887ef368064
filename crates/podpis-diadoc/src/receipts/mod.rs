//! Signing and sending all receipts that wait in a box, in batches: the AutoSignReceipts conversation.
//!
//! ```text
//! AutoSignReceipts → task → AutosignReceiptsResult → count, key → AutoSignReceipts(key) → … → no key
//! ```
//!
//! The service calls this way obsolete and its SDKs dropped it in January 2026; servers that have removed it answer
//! with 404 or 410, which is told as such.
//!
//! **Invariant:** one record for all batches. Each is stored with its key before it is sent, and is sent once; what
//! was counted is stored with the key that follows, so that whoever resumes goes on at the last key.

mod conversation;
mod record;

use podpis_cms::Thumbprint;
use podpis_core::wait::{Beginning, OperationKind as _, Prepared, Run};
use podpis_core::{Error, begins};
use podpis_operation::{Journal, Operation};
use serde::{Deserialize, Serialize};

use crate::{BoxId, Diadoc};
use record::{Record, Step};

const KIND: &str = "diadoc.auto-sign-receipts";

/// The kind of operation: signing and sending all receipts of a box.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AutoSignReceipts;

/// What an [`AutoSignReceipts`] came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipts {
    /// How many receipts were signed and sent, in all batches.
    pub signed: u64,
    /// How many batches there were.
    pub batches: u32,
    /// Why there was no further batch.
    pub end: ReceiptsEnd,
}

impl Receipts {
    /// Whether the service had no more to sign, as far as it told: see [`ReceiptsEnd`].
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.end == ReceiptsEnd::NoNextKey
    }
}

/// Why there was no further batch. The service's documents do not say how the last one is told; that it is the one
/// without a key for the next is how it is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReceiptsEnd {
    /// The service gave no key for another one.
    NoNextKey,
    /// The service gave a key that it had given before: another batch would be one that was sent already.
    RepeatedKey,
    /// There were a thousand batches. Starting again goes on with what still waits.
    TooManyBatches,
}

/// How far an [`AutoSignReceipts`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceiptsProgress {
    /// How many receipts were signed in the batches that are done.
    pub signed: u64,
    /// How many batches are done.
    pub batches: u32,
}

impl ReceiptsProgress {
    /// As the record tells. None for operations of other kinds.
    #[must_use]
    pub fn of(operation: &Operation) -> Option<Self> {
        let record = AutoSignReceipts::record_of(operation)?;
        Some(Self {
            signed: record.signed,
            batches: record.batches,
        })
    }
}

/// An AutoSignReceipts that was not started yet.
#[must_use = "nothing is sent until `start` or `run`"]
pub struct ReceiptsSigning {
    begin: Beginning<Diadoc>,
    in_box: BoxId,
    certificate: Option<Thumbprint>,
}

begins!(ReceiptsSigning { in_box, certificate } => AutoSignReceipts);

impl ReceiptsSigning {
    pub(crate) fn new(diadoc: Diadoc, in_box: BoxId) -> Self {
        Self {
            begin: Beginning::new(diadoc),
            in_box,
            certificate: None,
        }
    }

    /// Signs by this certificate; without it, by the user's current one.
    pub fn certificate(mut self, thumbprint: Thumbprint) -> Self {
        self.certificate = Some(thumbprint);
        self
    }

    /// Stores the record and sends the first batch. [`Run::wait`] sends the others.
    ///
    /// # Errors
    /// A start that was refused (nothing is stored then; a service that has removed the method is told as such), or
    /// one whose effect is unknown (the record is in the journal and in the error).
    async fn started(self, journal: &dyn Journal) -> Result<Run<'_, AutoSignReceipts>, Error> {
        let record = Record {
            in_box: self.in_box.as_str().to_owned(),
            certificate: self.certificate.as_ref().map(ToString::to_string),
            signed: 0,
            batches: 0,
            keys: Vec::new(),
            step: Step::Starting { key: None },
        };
        let prepared = Prepared::new(record, ()).in_place(self.in_box.as_str());
        self.begin.start(journal, prepared).await
    }
}
