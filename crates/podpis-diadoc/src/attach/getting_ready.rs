//! All that can be known before anybody is asked.
//!
//! **Invariant:** only reads, and prepared contents, which change nothing: it can fail and be repeated at will. The
//! bytes are here to make their digests, and not a moment longer.

use bytes::Bytes;
use podpis_core::wait::{Beginning, Prepared};
use podpis_core::{Error, ErrorKind};
use podpis_operation::Fingerprint;

use super::attaching::Attaching;
use super::record::{Record, Signee, Signing, Step, keep};
use super::{Request, SignAndAttach, SignBy};
use crate::document_signature::{Breach, DocumentSignature, SignatureSource, check_patch};
use crate::message::same_id;
use crate::message::{Document, Formality, Message, Sending, Side};
use crate::prepare::{PreparedDocument, PreparedDocuments};
use crate::prepare::{Signer, ToPrepare};
use crate::{Diadoc, EntityId, File};

/// Checks what is asked for against the message; gives warnings.
pub(super) fn check(asked: &Attaching, message: &Message) -> Result<Vec<Breach>, Error> {
    for (index, entity) in asked.entities.iter().enumerate() {
        let mut before = asked.entities[..index].iter();
        if before.any(|other| same_id(other.as_str(), entity.as_str())) {
            return Err(invalid(format!("{entity} is to be signed twice")));
        }
    }
    if message.is_draft() && !asked.approval {
        let text = format!(
            "{} is a draft: its documents are signed by what sends it (SendDraft)",
            message.id()
        );
        return Err(invalid(text));
    }
    let names_signer = asked.signer.is_some() || asked.extended_signer.is_some();
    if names_signer && (asked.as_stored || asked.approval) {
        let what = if asked.approval {
            "an approval signature is of a document as it is stored"
        } else {
            "`without_preparing` signs documents as they are stored"
        };
        return Err(invalid(format!("{what}: no signer is written into it")));
    }
    let record = record(asked, Vec::new());
    let mut signatures = Vec::with_capacity(asked.entities.len());
    for entity in &asked.entities {
        let signee = Signee {
            entity: entity.to_string(),
            patched: None,
        };
        // In place of the signature that does not exist yet.
        let signature = record.signature(&signee, SignatureSource::Test)?;
        signatures.push(signature);
    }
    let mut warnings: Vec<Breach> = signatures
        .iter()
        .flat_map(DocumentSignature::warnings)
        .cloned()
        .collect();
    warnings.extend(check_patch(&signatures, message)?);
    Ok(warnings)
}

/// The record as it is before the start, and what the start sends.
pub(super) async fn ready(
    mut asked: Attaching,
) -> Result<(Beginning<Diadoc>, Prepared<SignAndAttach>), Error> {
    let diadoc = asked.begin.client.clone();
    let message = diadoc
        .in_box(&asked.in_box)
        .message(&asked.message)
        .read()
        .await?;
    for warning in check(&asked, &message)? {
        tracing::debug!(%warning, "a signature that is about to be made may break a rule");
    }
    if let Some(power) = asked.power_of_attorney.take() {
        asked.power_of_attorney = Some(power.by_shelf(&diadoc).await?);
    }
    let prepared = prepare(&asked, &message).await?;
    let is_test = asked.by == SignBy::TestSignature;
    let mut documents = Vec::with_capacity(asked.entities.len());
    let mut files = Vec::with_capacity(asked.entities.len());
    for entity in &asked.entities {
        let prepared = prepared.as_ref().and_then(|all| of(all, entity));
        documents.push(Signee {
            entity: entity.to_string(),
            patched: prepared.map(|one| one.patched().id().to_string()),
        });
        let name = name(&message, entity);
        files.push(match prepared {
            Some(prepared) => prepared.file(name),
            // The service signs what it has; there is nothing to compare.
            None if is_test => file(&asked, entity, name),
            None => {
                let bytes = bytes(&asked, &message, entity).await?;
                file(&asked, entity, name).with_content(&bytes)
            }
        });
    }
    let mut record = record(&asked, documents);
    let (fingerprints, first) = match &asked.by {
        SignBy::TestSignature => {
            let signatures = record.documents.iter();
            let signatures = signatures
                .map(|signee| record.signature(signee, SignatureSource::Test))
                .collect::<Result<Vec<_>, _>>()?;
            record = record.about_to_post(&signatures);
            let names = files.iter().map(|file| Fingerprint::named(file.name()));
            (names.collect(), Request::Post)
        }
        SignBy::Sms { certificate } => {
            let mut signing = diadoc.cloud_sign(files);
            if let Some(certificate) = certificate {
                signing = signing.certificate(*certificate);
            }
            let (signing, files, start) = signing.ready().await?;
            record.signing = Signing::Sms(signing);
            (files, Request::Sms(start))
        }
        SignBy::Dss { .. } | SignBy::GosKey(_) => {
            let mut signing = diadoc.in_box(&asked.in_box).dss_sign(files);
            match &asked.by {
                SignBy::GosKey(gos_key) => signing = signing.gos_key(gos_key.clone()),
                by => {
                    if let Some(certificate) = by.certificate() {
                        signing = signing.certificate(certificate);
                    }
                }
            }
            let (signing, files, start) = signing.ready().await?;
            record.signing = Signing::Dss(signing);
            (files, Request::Dss(start))
        }
    };
    let prepared = Prepared::new(record, first);
    let prepared = prepared.in_place(asked.in_box.as_str());
    Ok((asked.begin, prepared.about(fingerprints)))
}

/// The record before it is known what signs.
fn record(asked: &Attaching, documents: Vec<Signee>) -> Record {
    Record {
        in_box: asked.in_box.as_str().to_owned(),
        message: asked.message.to_string(),
        documents,
        approval: asked.approval,
        labels: asked.labels.clone(),
        power_of_attorney: asked.power_of_attorney.as_ref().map(keep),
        signing: Signing::Test,
        step: Step::Signing,
        posting: None,
        seen: Vec::new(),
        untrusted: None,
    }
}

/// Has those prepared that wait unsent for our ordinary signature, and whose form is or may be prescribed.
async fn prepare(asked: &Attaching, message: &Message) -> Result<Option<PreparedDocuments>, Error> {
    if asked.as_stored || asked.approval {
        return Ok(None);
    }
    let documents = asked.entities.iter();
    let documents = documents.filter_map(|entity| message.attachment(entity));
    let to_prepare: Vec<ToPrepare> = documents
        .filter(may_be_prepared)
        .map(|document| to_prepare(asked, &document))
        .collect();
    if to_prepare.is_empty() {
        return Ok(None);
    }
    let preparing = asked
        .begin
        .client
        .in_box(&asked.in_box)
        .prepare_documents(to_prepare);
    // What the service itself signs, nobody here compares.
    let preparing = if asked.by == SignBy::TestSignature {
        preparing.without_contents()
    } else {
        preparing
    };
    preparing.send().await.map(Some)
}

fn may_be_prepared(document: &Document<'_>) -> bool {
    document.sending() == Sending::Unsent
        && document.side() != Side::Theirs
        && document.formality() != Formality::Nonformalized
}

fn to_prepare(asked: &Attaching, document: &Document<'_>) -> ToPrepare {
    let mut to_prepare = ToPrepare::unsent(&asked.message, &document.id());
    let universal = document.info().is_some_and(|info| {
        let name = info.type_named_id.to_ascii_lowercase();
        name.starts_with("universal")
    });
    let owner = asked.by.certificate().filter(|_| !universal);
    if let Some(extended) = &asked.extended_signer {
        to_prepare = to_prepare.extended_signer(extended.clone());
    } else if let Some(signer) = asked.signer.clone().or(owner.map(Signer::thumbprint)) {
        to_prepare = to_prepare.signer(signer);
    }
    to_prepare
}

fn of<'p>(all: &'p PreparedDocuments, entity: &EntityId) -> Option<&'p PreparedDocument> {
    all.prepared()
        .find(|one| same_id(one.document().entity.as_str(), entity.as_str()))
}

fn name(message: &Message, entity: &EntityId) -> String {
    let document = message.attachment(entity);
    let name = document.and_then(|document| document.file_name());
    name.unwrap_or(entity.as_str()).to_owned()
}

fn file(asked: &Attaching, entity: &EntityId, name: String) -> File {
    File::entity(name, &asked.in_box, &asked.message, entity)
}

async fn bytes(asked: &Attaching, message: &Message, entity: &EntityId) -> Result<Bytes, Error> {
    let here = message
        .attachment(entity)
        .and_then(|document| document.content().bytes().cloned());
    match here.filter(|bytes| !bytes.is_empty()) {
        Some(bytes) => Ok(bytes),
        None => {
            let in_box = asked.begin.client.in_box(&asked.in_box);
            let fetched = in_box.entity_content(&asked.message, entity);
            fetched.await
        }
    }
}

fn invalid(text: String) -> Error {
    Error::new(ErrorKind::InvalidInput, text)
}
