//! A document of a message signed, and the signature attached where it belongs.
//!
//! ```text
//! GetMessage → PrepareDocumentsToSign? → bytes, for their digests only
//! ─ stored ─ DssSign … | CloudSign … code … | nothing, for the test signature
//! ─ stored ─ PostMessagePatch (operationId, body) …
//!          GetMessage … until the signature is seen
//! ```
//!
//! What is above the first line may be repeated; each line below is a step of one record, which is resumed where it
//! stands. What signs and what posts are the operations that do it alone, each with its own record inside this one.
//!
//! | module | decides |
//! |---|---|
//! | `attaching` | what is asked for |
//! | `method` | by what it is signed |
//! | `getting_ready` | what can be known before anybody is asked |
//! | `record` | what is kept |
//! | `conversation` | how a step leads to the next |
//! | `reading` | when the signature counts as attached |
//! | `attached` | what came of it |
//!
//! **Invariant:** a person is asked once; a signature that was given is in the record before it is posted, posted under
//! one operationId, and never posted where it does not fit the bytes that were to be signed.

mod attached;
mod attaching;
mod conversation;
mod getting_ready;
mod method;
mod reading;
mod record;
mod request;

pub use attached::{Attached, AttachedDocument};
pub use attaching::Attaching;
pub use method::SignBy;

use podpis_core::wait::OperationKind as _;
use podpis_operation::Operation;

use record::Step;
use request::Request;

pub(crate) const KIND: &str = "diadoc.sign-and-attach";

/// The kind of operation: signing documents of a message and attaching the signatures.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SignAndAttach;

/// How far an operation is that signs documents and attaches the signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AttachStep {
    /// Somebody confirms, or the service signs.
    Signing,
    /// The signatures are posted, or are looked for in the message.
    Posting,
    /// It came to its end.
    Ended,
}

impl AttachStep {
    /// The step; none for an operation of another kind.
    #[must_use]
    pub fn of(operation: &Operation) -> Option<Self> {
        Some(match SignAndAttach::record_of(operation)?.step {
            Step::Signing => Self::Signing,
            Step::Posting | Step::Reading => Self::Posting,
            Step::Attached | Step::Unfit => Self::Ended,
        })
    }
}
