//! What came of a SignAndAttach.
//!
//! **Invariant:** a document without a signature is named with the reason, and never passes for attached.

use podpis_cms::{FileOutcome, Signatures};

use crate::posting::Posted;
use crate::{EntityId, MessageId};

/// Documents that were signed, and their signatures in their messages.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attached {
    /// Every document, in the order in which they were named.
    pub documents: Vec<AttachedDocument>,
    /// What the postings came to: one for each message whose signatures the service took, in the order in which the
    /// messages were named.
    pub posted: Vec<Posted>,
    /// The signatures themselves with what was checked; none for the test signature, which the service made and which
    /// was never here.
    pub signatures: Option<Signatures>,
}

/// A document, and the signature that was attached to it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AttachedDocument {
    /// The message it is in: what its draft became, where that was sent.
    pub message: MessageId,
    /// The document.
    pub entity: EntityId,
    /// Its name.
    pub name: String,
    /// The signature in the message; none where there was nothing to attach, for which `outcome` says why, or where it
    /// was not taken, for which `refusal` does.
    pub signature: Option<EntityId>,
    /// Whether the service had said, when the signature was seen, that it is not valid. `false` also means "not yet":
    /// the service verifies after it took the signature, and
    /// [`InBox::signature_info`](crate::InBox::signature_info) tells later.
    pub is_rejected: bool,
    /// The signature with what was checked, or why there is none; none for a test signature.
    pub outcome: Option<FileOutcome>,
    /// Why the service did not take the signatures of its message, where it took those of another one: somebody else
    /// was faster, for example. The signature itself is in the `outcome`.
    pub refusal: Option<String>,
}

impl Attached {
    /// Whether every document has its signature.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.documents.iter().all(|one| one.signature.is_some())
    }
}
