//! Reads drafts and documents: what will be signed, and what was signed.
//!
//! **Invariant:** only reads. A signature that is not there is `None`, never an error and never empty bytes.

use bytes::Bytes;
use podpis_cms::Signed;
use podpis_core::call::Call;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{
    ContentId, Document, DocumentId, Draft, DraftId, PfrReply, ReplyDocument, ReplyId, Signature,
    SignatureId, read_bytes,
};

use crate::endpoints::{
    DOCUMENT, DOCUMENT_SIGNATURE, DOCUMENT_SIGNATURE_CONTENT, DOCUMENT_SIGNATURES,
    DRAFT_DOCUMENT_SIGNATURE, PFR_REPLY, REPLY,
};
use crate::explain::is_not_found;
use crate::json::{asking, content_type, reading};
use crate::{DocumentPath, InAccount};

/// A document of a draft: its name and where its bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DraftContent {
    /// The document.
    pub document: DocumentId,
    /// Its file name, or its id where it has none.
    pub name: String,
    /// The bytes that are signed, where the service names them.
    pub content: Option<ContentId>,
}

impl InAccount {
    /// The bytes of a document: in a JSON string, or as they are; a web page may be one.
    pub(crate) async fn bytes_of(&self, call: Call) -> Result<Bytes, Error> {
        let answer = self.caller().call(asking(call.any_body())).await?;
        read_bytes(content_type(&answer), answer.body())
            .map(Bytes::from)
            .map_err(|error| answer.unreadable(error))
    }

    pub(crate) async fn signature_bytes(&self, call: Call) -> Result<Option<Vec<u8>>, Error> {
        let answer = match self.caller().call(call).await {
            Ok(answer) => answer,
            Err(error) if is_not_found(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        if answer.body().is_empty() {
            return Ok(None);
        }
        let bytes = read_bytes(content_type(&answer), answer.body())
            .map_err(|error| answer.unreadable(error))?;
        Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }
}

impl InAccount {
    /// The documents of a draft: their names, and where their bytes are. [`InAccount::draft_document`] says more of one.
    ///
    /// # Errors
    /// When the service does not answer or refuses, or when the draft's links cannot be read.
    pub async fn draft_contents(&self, draft: &DraftId) -> Result<Vec<DraftContent>, Error> {
        let found = self.draft(draft).await?;
        self.contents_of(draft, &found).await
    }

    pub(crate) async fn contents_of(
        &self,
        draft: &DraftId,
        found: &Draft,
    ) -> Result<Vec<DraftContent>, Error> {
        let mut contents = Vec::with_capacity(found.documents.len());
        for link in &found.documents {
            let id = part_after(&link.href, "documents")
                .map(DocumentId::from)
                .ok_or_else(|| {
                    let text =
                        format!("draft {draft} names a document by a link that cannot be read");
                    Error::new(ErrorKind::UnreadableAnswer, text)
                })?;
            let document = self.draft_document(draft, &id).await?;
            let name = document
                .description
                .as_ref()
                .and_then(|description| description.filename.clone());
            let open = document
                .contents
                .iter()
                .find(|content| content.encrypted == Some(false));
            let content = document
                .data_to_sign_content_id
                .clone()
                .or_else(|| open?.content_id.clone());
            contents.push(DraftContent {
                name: name
                    .filter(|name| !name.trim().is_empty())
                    .unwrap_or_else(|| id.to_string()),
                document: id,
                content,
            });
        }
        Ok(contents)
    }

    /// The signature of a draft's document, in DER; none where it is not signed.
    ///
    /// # Errors
    /// When the service does not answer or refuses for another reason.
    pub async fn draft_document_signature(
        &self,
        draft: &DraftId,
        document: &DocumentId,
    ) -> Result<Option<Vec<u8>>, Error> {
        let call = Call::new(&DRAFT_DOCUMENT_SIGNATURE)
            .segment("account", self.id.as_str())
            .segment("draft", draft.as_str())
            .segment("document", document.as_str());
        self.signature_bytes(asking(call)).await
    }

    /// A document of a docflow or of an inventory.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn document(&self, place: &DocumentPath) -> Result<Document, Error> {
        let call = Call::new(&DOCUMENT)
            .segment("account", self.id.as_str())
            .segments("place", place.segments());
        reading(&self.caller().call(asking(call)).await?)
    }

    /// The signatures of a document, without their bytes.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn document_signatures(&self, place: &DocumentPath) -> Result<Vec<Signature>, Error> {
        let call = Call::new(&DOCUMENT_SIGNATURES)
            .segment("account", self.id.as_str())
            .segments("place", place.segments());
        reading(&self.caller().call(asking(call)).await?)
    }

    /// One signature of a document, without its bytes.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn document_signature(
        &self,
        place: &DocumentPath,
        signature: &SignatureId,
    ) -> Result<Signature, Error> {
        let call = Call::new(&DOCUMENT_SIGNATURE)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .segment("signature", signature.as_str());
        reading(&self.caller().call(asking(call)).await?)
    }

    /// The bytes of one signature of a document, in DER.
    ///
    /// Which of a document's signatures is one's own, the service does not say: list them, get each, and pick by
    /// digest with [`podpis_cms`].
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn document_signature_content(
        &self,
        place: &DocumentPath,
        signature: &SignatureId,
    ) -> Result<Option<Vec<u8>>, Error> {
        let call = Call::new(&DOCUMENT_SIGNATURE_CONTENT)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .segment("signature", signature.as_str());
        self.signature_bytes(asking(call)).await
    }

    /// The signature of these bytes among a document's signatures: the way to one's own after a reply was sent,
    /// because the service does not say which it is. None where no signature is for these bytes.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn signature_for(
        &self,
        place: &DocumentPath,
        bytes: &[u8],
    ) -> Result<Option<Signed>, Error> {
        let document = podpis_cms::Document::content(place.document_id().to_string(), bytes);
        let expectation = self.client.expectation(None);
        for listed in self.document_signatures(place).await? {
            let Some(id) = &listed.id else { continue };
            let Some(der) = self.document_signature_content(place, id).await? else {
                continue;
            };
            // Signatures of other people and of other bytes are there too; they are not errors.
            if let Ok(signed) = podpis_cms::verify_detached(&document, &der, &expectation)
                && signed.checks().digest().is_passed()
            {
                return Ok(Some(signed));
            }
        }
        Ok(None)
    }

    /// A reply.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn reply(
        &self,
        place: &DocumentPath,
        reply: &ReplyId,
    ) -> Result<ReplyDocument, Error> {
        let call = Call::new(&REPLY)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .segment("reply", reply.as_str());
        reading(&self.caller().call(asking(call)).await?)
    }

    /// A PFR reply with all its documents.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn pfr_reply(
        &self,
        place: &DocumentPath,
        reply: &ReplyId,
    ) -> Result<PfrReply, Error> {
        let call = Call::new(&PFR_REPLY)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .segment("reply", reply.as_str());
        reading(&self.caller().call(asking(call)).await?)
    }
}

/// The part of a link's path after `name`: links are the only place where a draft names its documents.
pub(crate) fn part_after(href: &str, name: &str) -> Option<String> {
    let path = href.split(['?', '#']).next()?;
    let mut parts = path
        .split('/')
        .skip_while(|part| !part.eq_ignore_ascii_case(name));
    parts.next()?;
    parts.next().filter(|id| !id.is_empty()).map(str::to_owned)
}
