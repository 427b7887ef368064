//! Fetches the result once nothing is left to confirm.
//!
//! **Invariant:** silence is not success: where the service asked for nothing and there is no result, that is a
//! refusal, after a few looks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::FutureExt as _;
use podpis_cms::Thumbprint;
use podpis_core::wait::Learned;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{Base64, ContentId, DecryptionResult};
use podpis_operation::{Event, Refusal};

use super::record::{Record, Step};
use super::target::Target;
use crate::Extern;
use crate::drafts::side_by_side;

/// How often the result may be missing, where nobody had to confirm, before that is taken for an answer: some ten seconds
/// by the default pauses.
const LOOKS: u32 = 5;

/// How often one of several signatures may be missing before the others are handed over without it.
const PARTIAL_LOOKS: u32 = 12;

/// What is there.
pub(super) enum Found {
    /// The signatures, in the order of the documents; none where a document has none.
    Signatures(Vec<Option<Vec<u8>>>),
    /// The decrypted content, where there is one.
    Content(Option<ContentId>),
}

impl Found {
    /// The step that has the whole result; none where something is missing.
    pub(super) fn whole(self) -> Option<Step> {
        match self {
            Self::Signatures(signatures) if signatures.iter().all(Option::is_some) => {
                Some(signed(signatures))
            }
            Self::Content(Some(content)) => Some(Step::Decrypted { content }),
            _ => None,
        }
    }
}

/// Looks once.
pub(super) async fn look(client: &Extern, record: &Record) -> Result<Found, Error> {
    let account = &record.account;
    Ok(match &record.target {
        Target::Draft { draft } => {
            let account = client.account(account);
            let documents = record.documents.iter();
            let asked =
                documents.map(|document| account.draft_document_signature(draft, document).boxed());
            Found::Signatures(side_by_side(asked.collect()).await?)
        }
        Target::Reply { place, reply, .. } => {
            let found = client.account(account).reply(place, reply).await?;
            Found::Signatures(vec![decoded(found.signature.as_ref())?])
        }
        Target::PfrReply { place, reply } => {
            let found = client.account(account).pfr_reply(place, reply).await?;
            let of = |id| {
                found
                    .documents
                    .iter()
                    .find(|document| document.id.as_ref() == Some(id))
            };
            let signature = |id| decoded(of(id).and_then(|document| document.signature.as_ref()));
            Found::Signatures(
                record
                    .documents
                    .iter()
                    .map(signature)
                    .collect::<Result<_, Error>>()?,
            )
        }
        Target::Document { place, .. } => Found::Content(
            client
                .account(account)
                .document(place)
                .await?
                .decrypted_content_id()
                .cloned(),
        ),
    })
}

/// A signature that is there and cannot be read is not one that is missing.
fn decoded(signature: Option<&Base64>) -> Result<Option<Vec<u8>>, Error> {
    let Some(text) = signature else {
        return Ok(None);
    };
    let der = text.decode().map_err(|error| {
        Error::new(
            ErrorKind::UnreadableAnswer,
            format!("the signature of a reply cannot be read: {error}"),
        )
        .with_source(error)
    })?;
    Ok(Some(der).filter(|der| !der.is_empty()))
}

fn signed(signatures: Vec<Option<Vec<u8>>>) -> Step {
    Step::Signed {
        signatures: signatures
            .into_iter()
            .map(|der| der.map(|der| STANDARD.encode(der)))
            .collect(),
    }
}

/// The result that came to be after the start, for a start or a code whose answer was lost.
pub(super) async fn look_for_new(client: &Extern, record: &Record) -> Result<Option<Step>, Error> {
    let found = look(client, record).await?;
    if let Found::Signatures(signatures) = &found {
        let is_old = |der: &Vec<u8>| record.before.signatures.contains(&fingerprint(der));
        if signatures.iter().flatten().any(is_old) {
            return Ok(None);
        }
    }
    Ok(found.whole())
}

/// What a signature is recognised by.
pub(super) fn fingerprint(der: &[u8]) -> String {
    Thumbprint::of(der).to_string()
}

/// One look, as news of the operation.
pub(super) async fn fetch(
    client: &Extern,
    record: &Record,
    looks: u32,
    confirmed: bool,
) -> Result<Learned<Record>, Error> {
    let looks = looks.saturating_add(1);
    let again = || Event::Progressed {
        data: record.at(Step::Fetching { looks, confirmed }),
    };
    Ok(match look(client, record).await? {
        Found::Signatures(signatures) if signatures.iter().any(Option::is_some) => {
            let missing = signatures.iter().filter(|one| one.is_none()).count();
            if missing == 0 || looks >= PARTIAL_LOOKS {
                Event::Finished {
                    data: record.at(signed(signatures)),
                }
                .into()
            } else {
                Learned::from(again()).noting(format!("{missing} signatures are not there yet"))
            }
        }
        Found::Content(Some(content)) => Event::Finished {
            data: record.at(Step::Decrypted { content }),
        }
        .into(),
        // Somebody confirmed, so the result will be there.
        _ if confirmed => {
            Learned::from(again()).noting("it was confirmed, and its result is not there yet")
        }
        _ if looks < LOOKS => again().into(),
        _ => Event::Refused {
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
        DecryptionResult::Bytes(bytes) => client.account(&record.account).put_content(bytes).await,
    }
}
