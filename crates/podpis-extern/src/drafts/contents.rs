//! What a draft's documents are: what will be signed, and what was.
//!
//! **Invariant:** only reads. A signature that is not there is `None`, never an error and never empty bytes.

use futures_util::FutureExt as _;
use podpis_core::call::Call;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{ContentId, DocumentId, Draft, DraftId, Link};

use super::side_by_side;
use crate::InAccount;
use crate::endpoints::DRAFT_DOCUMENT_SIGNATURE;
use crate::json::asking;

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
    /// The documents of a draft: their names, and where their bytes are. [`InAccount::draft_document`] says more of one.
    ///
    /// # Errors
    /// When the service does not answer or refuses, or when the draft's links cannot be read.
    pub async fn draft_contents(&self, draft: &DraftId) -> Result<Vec<DraftContent>, Error> {
        let found = self.draft(draft).await?;
        let contents = self.contents_of(draft, &found).await?;
        Ok(contents.into_iter().map(|(content, _)| content).collect())
    }

    /// Likewise, and whether each is signed.
    pub(crate) async fn contents_of(
        &self,
        draft: &DraftId,
        found: &Draft,
    ) -> Result<Vec<(DraftContent, bool)>, Error> {
        let links = found.documents.iter();
        let asked = links.map(|link| self.content_behind(draft, link).boxed());
        side_by_side(asked.collect()).await
    }

    async fn content_behind(
        &self,
        draft: &DraftId,
        link: &Link,
    ) -> Result<(DraftContent, bool), Error> {
        let id = part_after(&link.href, "documents")
            .map(DocumentId::from)
            .ok_or_else(|| {
                let text = format!("draft {draft} names a document by a link that cannot be read");
                Error::new(ErrorKind::UnreadableAnswer, text)
            })?;
        let document = self.draft_document(draft, &id).await?;
        let is_signed =
            document.signature_content_link.is_some() || !document.signatures.is_empty();
        let name = document
            .description
            .and_then(|description| description.filename);
        let open = document
            .contents
            .into_iter()
            .find(|content| content.encrypted == Some(false));
        let content = DraftContent {
            name: name
                .filter(|name| !name.trim().is_empty())
                .unwrap_or_else(|| id.to_string()),
            document: id,
            content: document
                .data_to_sign_content_id
                .or_else(|| open?.content_id),
        };
        Ok((content, is_signed))
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
