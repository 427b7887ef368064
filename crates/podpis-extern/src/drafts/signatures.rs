//! Signatures that were made elsewhere and are given to a draft's document.
//!
//! **Invariant:** only that it is a signature is checked here, and its DER is sent: whose it is and what it is for,
//! `podpis-cms` tells.

use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use podpis_core::Error;
use podpis_core::call::{Call, Endpoint};
use podpis_extern_model::{
    AccountId, DocumentId, DraftId, Signature, SignatureId, SignatureRequest,
};

use super::documents::at_document;
use crate::InAccount;
use crate::endpoints::{
    DRAFT_DOCUMENT_SIGNATURE_PUT, DRAFT_SIGNATURE, DRAFT_SIGNATURE_ADD, DRAFT_SIGNATURE_CONTENT,
    DRAFT_SIGNATURE_DELETE, DRAFT_SIGNATURE_PUT,
};
use crate::given_signature;
use crate::json::{asking, reading, sending};

impl InAccount {
    /// Gives a draft's document its signature: a detached CMS in any form that can be read, of which the DER is sent.
    ///
    /// # Errors
    /// [`InvalidInput`](podpis_core::ErrorKind::InvalidInput) before anything is sent when the signature cannot be read;
    /// when the service does not answer or refuses.
    pub async fn put_draft_document_signature(
        &self,
        draft: &DraftId,
        document: &DocumentId,
        signature: impl Into<Bytes>,
    ) -> Result<(), Error> {
        let call = at_document(&DRAFT_DOCUMENT_SIGNATURE_PUT, &self.id, draft, document);
        let octets = HeaderValue::from_static("application/octet-stream");
        let call = asking(call)
            .header(CONTENT_TYPE, octets)
            .body(given_signature::der(&self.client, signature.into()).await?);
        self.caller().call(call).await.map(drop)
    }

    /// Adds one more signature under an id that the service chooses. Its DER is sent.
    ///
    /// # Errors
    /// [`InvalidInput`](podpis_core::ErrorKind::InvalidInput) before anything is sent when the signature cannot be read;
    /// when the service refuses, or does not answer ([`Error::may_have_been_applied`]: it may be there then).
    pub async fn add_draft_signature(
        &self,
        draft: &DraftId,
        document: &DocumentId,
        signature: &SignatureRequest,
    ) -> Result<Signature, Error> {
        let call = at_document(&DRAFT_SIGNATURE_ADD, &self.id, draft, document);
        let signature = given_signature::signature_request(&self.client, signature).await?;
        reading(&self.caller().call(sending(call, &signature)).await?)
    }

    /// One of a document's signatures, without its bytes.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn draft_signature(
        &self,
        draft: &DraftId,
        document: &DocumentId,
        id: &SignatureId,
    ) -> Result<Signature, Error> {
        let call = at_signature(&DRAFT_SIGNATURE, &self.id, draft, document, id);
        reading(&self.caller().call(asking(call)).await?)
    }

    /// Replaces one of a document's signatures. Its DER is sent.
    ///
    /// # Errors
    /// [`InvalidInput`](podpis_core::ErrorKind::InvalidInput) before anything is sent when the signature cannot be read;
    /// when the service does not answer or refuses.
    pub async fn put_draft_signature(
        &self,
        draft: &DraftId,
        document: &DocumentId,
        id: &SignatureId,
        signature: &SignatureRequest,
    ) -> Result<(), Error> {
        let call = at_signature(&DRAFT_SIGNATURE_PUT, &self.id, draft, document, id);
        let signature = given_signature::signature_request(&self.client, signature).await?;
        self.caller()
            .call(sending(call, &signature))
            .await
            .map(drop)
    }

    /// Removes one of a document's signatures. One that is not there counts as removed.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn delete_draft_signature(
        &self,
        draft: &DraftId,
        document: &DocumentId,
        id: &SignatureId,
    ) -> Result<(), Error> {
        self.remove(at_signature(
            &DRAFT_SIGNATURE_DELETE,
            &self.id,
            draft,
            document,
            id,
        ))
        .await
    }

    /// The bytes of one of a document's signatures, in DER; none where there is no such signature.
    ///
    /// # Errors
    /// When the service does not answer or refuses for another reason.
    pub async fn draft_signature_content(
        &self,
        draft: &DraftId,
        document: &DocumentId,
        id: &SignatureId,
    ) -> Result<Option<Vec<u8>>, Error> {
        let call = at_signature(&DRAFT_SIGNATURE_CONTENT, &self.id, draft, document, id);
        self.signature_bytes(asking(call)).await
    }
}

fn at_signature(
    endpoint: &'static Endpoint,
    account: &AccountId,
    draft: &DraftId,
    document: &DocumentId,
    id: &SignatureId,
) -> Call {
    at_document(endpoint, account, draft, document).segment("signature", id.as_str())
}
