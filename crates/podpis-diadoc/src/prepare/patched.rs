//! A prepared content together with the document that it was prepared for.
//!
//! **Invariant:** the id of a prepared content does not travel alone: what it is for goes with it, so that it cannot
//! be posted with the signature of another document.

use crate::{EntityId, MessageId, PatchedContentId};

/// A document in a message or a draft.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a document is named by these two"
)]
pub struct DocumentRef {
    /// The message or the draft.
    pub message: MessageId,
    /// The document in it.
    pub entity: EntityId,
}

impl DocumentRef {
    /// The document `entity` in `message`.
    #[must_use]
    pub fn new(message: &MessageId, entity: &EntityId) -> Self {
        Self {
            message: message.clone(),
            entity: entity.clone(),
        }
    }
}

/// With what the signature of a prepared content is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a document is in a draft or in a message"
)]
pub enum PostedBy {
    /// SendDraft, as a [`DocumentSenderSignature`](crate::document_signature::DocumentSenderSignature): the document is
    /// in a draft.
    SendDraft,
    /// PostMessagePatch, as a [`DocumentSignature`](crate::document_signature::DocumentSignature): the document waits
    /// unsent in a message.
    PostMessagePatch,
}

/// The name of a prepared content, and the document it was prepared for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PatchedContent {
    /// The document.
    pub document: DocumentRef,
    /// With what its signature is posted.
    pub posted_by: PostedBy,
    /// The name of the prepared content.
    pub id: PatchedContentId,
}

impl PatchedContent {
    /// What PrepareDocumentsToSign named `id` for `document`.
    /// [`PreparedDocument::patched`](crate::prepare::PreparedDocument) gives one; this is for a program that stored the
    /// names.
    #[must_use]
    pub fn new(document: DocumentRef, posted_by: PostedBy, id: PatchedContentId) -> Self {
        Self {
            document,
            posted_by,
            id,
        }
    }
}
