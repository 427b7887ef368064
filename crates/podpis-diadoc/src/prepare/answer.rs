//! Which prepared content is of which document.
//!
//! **Invariant:** a document is found by its id. What is of no document that was asked for is taken for the content
//! only if exactly one was asked for and exactly one such item came.

use std::fmt;

use bytes::Bytes;
use podpis_diadoc_proto::DocumentId;
use podpis_diadoc_proto::events::{DocumentPatchedContent, PrepareDocumentsToSignResponse};

use super::patched::{DocumentRef, PatchedContent, PostedBy};
use crate::message::same_id;
use crate::{File, PatchedContentId};

/// What was prepared and what was not.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PreparedDocuments {
    /// What came of each document, in the order of the request.
    pub documents: Vec<Preparation>,
    /// The content that was not in Diadoc yet, where one was asked for and its type is prepared.
    pub content: Option<PreparedContent>,
}

/// What came of one document.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a document was prepared or it was not"
)]
pub enum Preparation {
    /// Sign the prepared bytes.
    Prepared(PreparedDocument),
    /// Documents of this type are not prepared: sign what is stored.
    NotSupported(DocumentRef),
}

impl PreparedDocuments {
    /// The documents that were prepared.
    pub fn prepared(&self) -> impl Iterator<Item = &PreparedDocument> {
        self.documents.iter().filter_map(|one| match one {
            Preparation::Prepared(prepared) => Some(prepared),
            Preparation::NotSupported(_) => None,
        })
    }
}

/// A document with its signer written in: what has to be signed.
#[derive(Clone)]
#[non_exhaustive]
pub struct PreparedDocument {
    /// The name of the prepared content, with the document it is for: what a signature is posted with.
    pub patched: PatchedContent,
    /// Exactly the bytes to sign; none where they were not asked for.
    pub content: Option<Bytes>,
}

impl PreparedDocument {
    /// The file to sign, shown to the signer under `name`. The bytes do not travel: the service has them by their
    /// name. Where they are here, the signature is checked to be of them.
    #[must_use]
    pub fn file(&self, name: impl Into<String>) -> File {
        let file = File::patched(name, &self.patched.id);
        match &self.content {
            Some(content) => file.with_content(content),
            None => file,
        }
    }
}

impl fmt::Debug for PreparedDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedDocument")
            .field("patched", &self.patched)
            .field("bytes", &self.content.as_ref().map(Bytes::len))
            .finish()
    }
}

/// An XML with its signer written in: what has to be signed and posted instead of what was sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct PreparedContent {
    /// Its name at the service.
    pub id: PatchedContentId,
    /// Exactly the bytes to sign and to post.
    pub bytes: Bytes,
}

impl PreparedContent {
    /// The file to sign, shown to the signer under `name`. The bytes do not travel again, and the signature is
    /// checked to be of them.
    #[must_use]
    pub fn file(&self, name: impl Into<String>) -> File {
        File::patched(name, &self.id).with_content(&self.bytes)
    }
}

impl fmt::Debug for PreparedContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedContent")
            .field("id", &self.id)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// Matches an answer with what was asked for; else says why it cannot be.
pub(super) fn matched(
    asked: Vec<(DocumentRef, PostedBy)>,
    has_content: bool,
    response: PrepareDocumentsToSignResponse,
) -> Result<PreparedDocuments, String> {
    let mut items = response.document_patched_contents;
    if items.iter().any(|item| item.patched_content_id.is_empty()) {
        return Err("a prepared content has no name".to_owned());
    }
    let mut documents = Vec::with_capacity(asked.len());
    for (document, posted_by) in asked {
        let mine = |item: &mut DocumentPatchedContent| is_of(&item.document_id, &document);
        let found: Vec<_> = items.extract_if(.., mine).collect();
        documents.push(match <[_; 1]>::try_from(found) {
            Ok([item]) => {
                let id = PatchedContentId::new(item.patched_content_id);
                Preparation::Prepared(PreparedDocument {
                    patched: PatchedContent::new(document, posted_by, id),
                    content: item.content.filter(|content| !content.is_empty()),
                })
            }
            Err(found) if found.is_empty() => Preparation::NotSupported(document),
            Err(found) => {
                let times = found.len();
                return Err(format!("{} was prepared {times} times", document.entity));
            }
        });
    }
    let content = match (has_content, items.len()) {
        (_, 0) => None,
        (true, 1) => items.pop().map(content).transpose()?,
        (true, count) => {
            return Err(format!("{count} contents came, and one was asked for"));
        }
        (false, _) => return Err("a document came that was not asked for".to_owned()),
    };
    Ok(PreparedDocuments { documents, content })
}

fn content(item: DocumentPatchedContent) -> Result<PreparedContent, String> {
    match item.content.filter(|bytes| !bytes.is_empty()) {
        Some(bytes) => Ok(PreparedContent {
            id: PatchedContentId::new(item.patched_content_id),
            bytes,
        }),
        None => Err("the prepared content has no bytes".to_owned()),
    }
}

fn is_of(id: &DocumentId, document: &DocumentRef) -> bool {
    same_id(&id.message_id, document.message.as_str())
        && same_id(&id.entity_id, document.entity.as_str())
}
