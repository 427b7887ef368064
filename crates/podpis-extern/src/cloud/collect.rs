//! Fetches the result once nothing is left to confirm.
//!
//! **Invariant:** silence is not success: where the service asked for nothing and there is no result, that is a
//! refusal, after a few looks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_core::Error;
use podpis_core::wait::Learned;
use podpis_extern_model::{ContentId, DecryptionResult};
use podpis_operation::{Event, Refusal};

use super::record::{Record, Step};
use super::target::Target;
use crate::Extern;

/// How often the result may be missing before that is taken for an answer.
const LOOKS: u32 = 3;

/// Looks for the result; none where there is none yet.
pub(super) async fn look(client: &Extern, record: &Record) -> Result<Option<Step>, Error> {
    let account = &record.account;
    let signatures: Vec<Option<Vec<u8>>> = match &record.target {
        Target::Draft { draft } => {
            let mut signatures = Vec::with_capacity(record.documents.len());
            for document in &record.documents {
                signatures.push(client.draft_signature(account, draft, document).await?);
            }
            signatures
        }
        Target::Reply { place, reply, .. } => {
            let reply = client.reply(account, place, reply).await?;
            vec![
                reply
                    .signature
                    .and_then(|signature| signature.decode().ok()),
            ]
        }
        Target::PfrReply { place, reply } => {
            let reply = client.pfr_reply(account, place, reply).await?;
            let of = |id| {
                reply
                    .documents
                    .iter()
                    .find(|document| document.id.as_ref() == Some(id))
            };
            let signature = |id| of(id)?.signature.as_ref()?.decode().ok();
            record.documents.iter().map(signature).collect()
        }
        Target::Document { place, .. } => {
            let document = client.document(account, place).await?;
            return Ok(document
                .decrypted_content_id()
                .map(|content| Step::Decrypted {
                    content: content.clone(),
                }));
        }
    };
    let signatures: Vec<Option<String>> = signatures
        .into_iter()
        .map(|signature| {
            signature
                .filter(|der| !der.is_empty())
                .map(|der| STANDARD.encode(der))
        })
        .collect();
    Ok(signatures
        .iter()
        .any(Option::is_some)
        .then_some(Step::Signed { signatures }))
}

/// One look, as news of the operation.
pub(super) async fn fetch(client: &Extern, record: &Record, looks: u32) -> Result<Learned, Error> {
    Ok(match look(client, record).await? {
        Some(step) => Event::Finished {
            data: record.at(step),
        }
        .into(),
        None if looks + 1 < LOOKS => Event::Progressed {
            data: record.at(Step::Fetching { looks: looks + 1 }),
        }
        .into(),
        None => Event::Refused {
            refusal: Refusal::NothingSigned,
            message: None,
        }
        .into(),
    })
}

/// A decryption's result as a content: bytes that came in an answer are put into the account's contents, because
/// a record never holds the bytes of a document.
pub(super) async fn content_of(
    client: &Extern,
    record: &Record,
    result: DecryptionResult,
) -> Result<ContentId, Error> {
    match result {
        DecryptionResult::ContentId(content) => Ok(content),
        DecryptionResult::Bytes(bytes) => client.put_content(&record.account, bytes).await,
    }
}
