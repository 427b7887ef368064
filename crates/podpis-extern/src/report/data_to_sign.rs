//! What is signed of a report where that is not the file itself.
//!
//! **Invariant:** it is looked up before anybody is asked, so that what the person confirms is what the signatures
//! are compared with. What the service does not show is taken to be the file.

use std::fmt;

use bytes::Bytes;
use podpis_cms::DigestAlgorithm;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{AccountId, ContentId, DocumentId};
use podpis_operation::Fingerprint;

use super::record::{Document, OtherBytes, Record};
use crate::Extern;
use crate::cloud::sender_certificate;

/// A document of a report whose signature is not one of its file: the service made other bytes of it, and these were
/// signed. Whoever keeps the signature keeps them beside it.
#[derive(Clone)]
pub struct DataToSign {
    client: Extern,
    account: AccountId,
    index: usize,
    document: DocumentId,
    other: OtherBytes,
}

impl DataToSign {
    /// The place of the document among the files of the operation, and of its signature among the signatures.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// The document in the draft.
    #[must_use]
    pub fn document(&self) -> &DocumentId {
        &self.document
    }

    /// Where the bytes that were signed are in the account's contents.
    #[must_use]
    pub fn content_id(&self) -> &ContentId {
        &self.other.content
    }

    /// Their size in bytes, as it was before the signing.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.other.file.size
    }

    /// The bytes that were signed.
    ///
    /// # Errors
    /// When the service does not answer or refuses. The report is sent all the same.
    pub async fn bytes(&self) -> Result<Bytes, Error> {
        self.client
            .account(&self.account)
            .content(&self.other.content)
            .await
    }
}

impl fmt::Debug for DataToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataToSign")
            .field("index", &self.index)
            .field("document", &self.document)
            .field("content", &self.other.content)
            .finish_non_exhaustive()
    }
}

/// What a record holds of it, for the caller.
pub(super) fn listed(client: &Extern, record: &Record) -> Vec<DataToSign> {
    let other = |(index, document): (usize, &Document)| {
        Some(DataToSign {
            client: client.clone(),
            account: record.account.clone(),
            index,
            document: document.id.clone(),
            other: document.data_to_sign.clone()?,
        })
    };
    record
        .documents
        .iter()
        .enumerate()
        .filter_map(other)
        .collect()
}

/// This record with what will be signed of each document, where that is not its file.
///
/// # Errors
/// When the service does not answer for now.
pub(super) async fn looked_up(
    client: &Extern,
    files: &[Fingerprint],
    mut record: Record,
) -> Result<Record, Error> {
    let certificate = sender_certificate(&record.meta);
    let algorithms = DigestAlgorithm::of_signer(certificate.as_ref());
    let (account, draft) = (&record.account, &record.draft);
    for (document, file) in record.documents.iter_mut().zip(files) {
        let shown = client
            .account(account)
            .draft_document(draft, &document.id)
            .await;
        let named = shown_of(shown)?.and_then(|shown| shown.data_to_sign_content_id);
        let own = document.content.as_str();
        let is_other = |named: &ContentId| !named.as_str().eq_ignore_ascii_case(own);
        let Some(content) = named.filter(is_other) else {
            continue;
        };
        let read = client
            .account(account)
            .digest_content(&content, &algorithms, |_| {})
            .await;
        let Some((size, digests)) = shown_of(read)? else {
            continue;
        };
        let signed = Fingerprint {
            name: file.name.clone(),
            size: Some(size),
            digests: digests.iter().collect(),
            stays_at: None,
        };
        // A copy under another id is the file.
        document.data_to_sign = (!is_same(file, &signed)).then_some(OtherBytes {
            content,
            file: signed,
        });
    }
    Ok(record)
}

/// None where the service does not give it, and will not later.
fn shown_of<T>(asked: Result<T, Error>) -> Result<Option<T>, Error> {
    match asked {
        Ok(shown) => Ok(Some(shown)),
        Err(error) => match error.kind() {
            ErrorKind::Service | ErrorKind::UnreadableAnswer if !error.is_transient() => {
                tracing::debug!(%error, "what is signed of a document is not shown");
                Ok(None)
            }
            _ => Err(error),
        },
    }
}

fn is_same(file: &Fingerprint, signed: &Fingerprint) -> bool {
    let has = |(name, digest): (&str, &str)| signed.digests.get(name) == Some(digest);
    file.size == signed.size && !file.digests.is_empty() && file.digests.iter().all(has)
}
