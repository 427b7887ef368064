//! What came of a SignAndAttach.
//!
//! **Invariant:** a document without a signature is named with the reason, and never passes for attached.

use podpis_cms::{FileOutcome, Signatures};

use crate::posting::Posted;
use crate::{EntityId, MessageId};

/// Documents that were signed, and their signatures in their messages.
#[derive(Clone, Debug)]
pub struct Attached {
    pub(super) posted: Vec<Posted>,
    pub(super) documents: Vec<AttachedDocument>,
    pub(super) signatures: Option<Signatures>,
}

/// A document, and the signature that was attached to it.
#[derive(Clone, Debug)]
pub struct AttachedDocument {
    pub(super) message: MessageId,
    pub(super) entity: EntityId,
    pub(super) name: String,
    pub(super) signature: Option<EntityId>,
    pub(super) is_rejected: bool,
    pub(super) outcome: Option<FileOutcome>,
    pub(super) refusal: Option<String>,
}

impl Attached {
    /// Every document, in the order in which they were named.
    #[must_use]
    pub fn documents(&self) -> &[AttachedDocument] {
        &self.documents
    }

    /// What the postings came to: one for each message whose signatures the service took, in the order in which the
    /// messages were named.
    #[must_use]
    pub fn posted(&self) -> &[Posted] {
        &self.posted
    }

    /// The signatures themselves with what was checked; none for the test signature, which the service made and which
    /// was never here.
    #[must_use]
    pub fn signatures(&self) -> Option<&Signatures> {
        self.signatures.as_ref()
    }

    /// Whether every document has its signature.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.documents.iter().all(|one| one.signature.is_some())
    }
}

impl AttachedDocument {
    /// The message it is in.
    #[must_use]
    pub fn message(&self) -> &MessageId {
        &self.message
    }

    /// The document.
    #[must_use]
    pub fn entity(&self) -> &EntityId {
        &self.entity
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The signature in the message; none where there was nothing to attach, for which [`AttachedDocument::outcome`]
    /// says why, or where it was not taken, for which [`AttachedDocument::refusal`] does.
    #[must_use]
    pub fn signature(&self) -> Option<&EntityId> {
        self.signature.as_ref()
    }

    /// Why the service did not take the signatures of its message, where it took those of another one: somebody else
    /// was faster, for example. The signature itself is in the [outcome](AttachedDocument::outcome).
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// The signature with what was checked, or why there is none; none for a test signature.
    #[must_use]
    pub fn outcome(&self) -> Option<&FileOutcome> {
        self.outcome.as_ref()
    }

    /// Whether the service had said, when the signature was seen, that it is not valid. `false` also means "not yet":
    /// the service verifies after it took the signature, and
    /// [`InBox::signature_info`](crate::InBox::signature_info) tells later.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        self.is_rejected
    }
}
