//! The documents of a draft: added, changed, read and removed.
//!
//! **Invariant:** the bytes of a document are in the contents service; here they are only named.

use bytes::Bytes;
use podpis_core::Error;
use podpis_core::call::{Call, Endpoint};
use podpis_extern_model::{AccountId, DocumentId, DocumentRequest, DraftDocument, DraftId};

use super::at;
use crate::InAccount;
use crate::endpoints::{
    DRAFT_DOCUMENT, DRAFT_DOCUMENT_ADD, DRAFT_DOCUMENT_CONTENT, DRAFT_DOCUMENT_DELETE,
    DRAFT_DOCUMENT_ENCRYPTED_CONTENT, DRAFT_DOCUMENT_PUT,
};
use crate::given_signature;
use crate::json::{asking, reading, sending};

impl InAccount {
    /// Adds a document under an id that the service chooses. See [`InAccount::put_draft_document`] for one that can be
    /// repeated. A signature in the request is sent in DER.
    ///
    /// # Errors
    /// [`InvalidInput`](podpis_core::ErrorKind::InvalidInput) before anything is sent when the request has a signature
    /// that cannot be read; when the service refuses, or does not answer ([`Error::may_have_been_applied`]: the document may be there then).
    pub async fn add_draft_document(
        &self,
        draft: &DraftId,
        document: &DocumentRequest,
    ) -> Result<DraftDocument, Error> {
        let call = at(&DRAFT_DOCUMENT_ADD, &self.id, draft);
        let document = given_signature::document_request(&self.client, document).await?;
        reading(&self.caller().call(sending(call, &document)).await?)
    }

    /// Adds a document under this id, a UUID, or changes the one that there is. Doing it again changes nothing. A
    /// signature in the request is sent in DER.
    ///
    /// # Errors
    /// [`InvalidInput`](podpis_core::ErrorKind::InvalidInput) before anything is sent when the request has a signature
    /// that cannot be read; when the service does not answer or refuses.
    pub async fn put_draft_document(
        &self,
        draft: &DraftId,
        id: &DocumentId,
        document: &DocumentRequest,
    ) -> Result<(), Error> {
        let call = at_document(&DRAFT_DOCUMENT_PUT, &self.id, draft, id);
        let document = given_signature::document_request(&self.client, document).await?;
        self.caller().call(sending(call, &document)).await.map(drop)
    }

    /// A document of a draft.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn draft_document(
        &self,
        draft: &DraftId,
        id: &DocumentId,
    ) -> Result<DraftDocument, Error> {
        let call = at_document(&DRAFT_DOCUMENT, &self.id, draft, id);
        reading(&self.caller().call(asking(call)).await?)
    }

    /// Removes a document from a draft. One that is not there counts as removed.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn delete_draft_document(
        &self,
        draft: &DraftId,
        id: &DocumentId,
    ) -> Result<(), Error> {
        self.remove(at_document(&DRAFT_DOCUMENT_DELETE, &self.id, draft, id))
            .await
    }

    /// The bytes of a draft's document by the older way, at most 64 MB; [`InAccount::content`] has no such limit.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn draft_document_content(
        &self,
        draft: &DraftId,
        id: &DocumentId,
    ) -> Result<Bytes, Error> {
        self.bytes_of(at_document(&DRAFT_DOCUMENT_CONTENT, &self.id, draft, id))
            .await
    }

    /// The bytes of a draft's document as they were encrypted for the recipient, by the older way, at most 64 MB.
    /// They are there when the draft was prepared.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn draft_document_encrypted_content(
        &self,
        draft: &DraftId,
        id: &DocumentId,
    ) -> Result<Bytes, Error> {
        let endpoint = &DRAFT_DOCUMENT_ENCRYPTED_CONTENT;
        self.bytes_of(at_document(endpoint, &self.id, draft, id))
            .await
    }
}

pub(super) fn at_document(
    endpoint: &'static Endpoint,
    account: &AccountId,
    draft: &DraftId,
    id: &DocumentId,
) -> Call {
    at(endpoint, account, draft).segment("document", id.as_str())
}
