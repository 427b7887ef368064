//! All that can be known before anybody is asked.
//!
//! **Invariant:** only reads, and prepared contents, which change nothing: it can fail and be repeated at will. The
//! bytes are here to make their digests, and not a moment longer.

use bytes::Bytes;
use podpis_core::wait::{Beginning, Prepared};
use podpis_core::{Error, ErrorKind};
use podpis_operation::Fingerprint;

use super::attaching::Attaching;
use super::record::{Record, Signee, Signing, Step, ToPost, keep};
use super::{Request, SignAndAttach, SignBy};
use crate::document_signature::{Breach, Rule, SignatureSource, check_draft, check_patch};
use crate::message::same_id;
use crate::message::{Document, Formality, Message, Sending, Side};
use crate::prepare::{PreparedDocument, PreparedDocuments};
use crate::prepare::{Signer, ToPrepare};
use crate::{Diadoc, EntityId, File, MessageId};

/// Reads each message once.
pub(super) async fn read(asked: &Attaching) -> Result<Vec<Message>, Error> {
    let mut messages: Vec<Message> = Vec::new();
    for (id, _) in &asked.documents {
        if !messages.iter().any(|known| is(known, id)) {
            let in_box = asked.begin.client.in_box(&asked.in_box);
            messages.push(in_box.message(id).read().await?);
        }
    }
    Ok(messages)
}

/// Checks what is asked for against the messages; gives warnings.
pub(super) fn check(asked: &Attaching, messages: &[Message]) -> Result<Vec<Breach>, Error> {
    let is_same = |one: &(MessageId, EntityId), other: &(MessageId, EntityId)| {
        same_id(one.0.as_str(), other.0.as_str()) && same_id(one.1.as_str(), other.1.as_str())
    };
    for (index, one) in asked.documents.iter().enumerate() {
        let mut before = asked.documents[..index].iter();
        if before.any(|other| is_same(other, one)) {
            return Err(invalid(format!("{} is to be signed twice", one.1)));
        }
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
    let mut warnings = Vec::new();
    for message in messages {
        warnings.extend(check_one(asked, message)?);
    }
    Ok(warnings)
}

fn check_one(asked: &Attaching, message: &Message) -> Result<Vec<Breach>, Error> {
    let in_draft = is_sent_as_draft(asked, message);
    if in_draft {
        check_sending(asked, message)?;
    }
    let record = record(asked, Vec::new());
    let of_it = asked.documents.iter().filter(|(id, _)| is(message, id));
    let (mut of_patch, mut of_draft) = (Vec::new(), Vec::new());
    let mut warnings = Vec::new();
    for (_, entity) in of_it {
        let signee = Signee {
            message: None,
            entity: entity.to_string(),
            in_draft,
            patched: None,
        };
        // In place of the signature that does not exist yet.
        match record.signature(&signee, SignatureSource::Test)? {
            ToPost::Message(signature) => {
                warnings.extend(signature.warnings().iter().cloned());
                of_patch.push(signature);
            }
            ToPost::Draft(signature) => {
                warnings.extend(signature.warnings().iter().cloned());
                of_draft.push(signature);
            }
        }
        let document = message.attachment(entity);
        if asked.power_of_attorney.is_none()
            && document.is_some_and(|document| document.needs_power_of_attorney())
        {
            let text = format!("the service says that a signature of {entity} needs one");
            warnings.push(Breach::new(Rule::Poa4, text));
        }
    }
    warnings.extend(match in_draft {
        true => check_draft(&of_draft, None, message)?,
        false => check_patch(&of_patch, message)?,
    });
    Ok(warnings)
}

/// Whether the signatures go with a draft that is sent; approvals are posted to it as to any message.
fn is_sent_as_draft(asked: &Attaching, message: &Message) -> bool {
    message.is_draft() && !asked.approval
}

/// Checks that a draft can be sent with what is asked for: all its documents go out with it.
fn check_sending(asked: &Attaching, draft: &Message) -> Result<(), Error> {
    let id = draft.id();
    if draft.is_recycled() || !draft.sent_as().is_empty() {
        return Err(invalid(format!("draft {id} was sent or deleted")));
    }
    let recipient = draft.as_proto().to_box_id.as_deref().unwrap_or_default();
    if recipient.is_empty() && !draft.is_internal() {
        return Err(invalid(format!("draft {id} names no recipient")));
    }
    if !asked.labels.is_empty() {
        let text = format!("the documents of {id} are sent with their draft, and labels cannot be");
        return Err(invalid(text));
    }
    let named = |entity: &EntityId| {
        let mut asked = asked.documents.iter();
        asked.any(|(message, one)| is(draft, message) && same_id(one.as_str(), entity.as_str()))
    };
    match draft.documents().iter().find(|one| !named(&one.id())) {
        None => Ok(()),
        Some(other) => Err(invalid(format!(
            "draft {id} is sent with all its documents, and {} is not among those to sign",
            other.id()
        ))),
    }
}

/// Whether a message is the one of this id.
fn is(message: &Message, id: &MessageId) -> bool {
    same_id(message.id().as_str(), id.as_str())
}

fn of_id<'m>(messages: &'m [Message], id: &MessageId) -> Option<&'m Message> {
    messages.iter().find(|message| is(message, id))
}

/// The record as it is before the start, and what the start sends.
pub(super) async fn ready(
    mut asked: Attaching,
) -> Result<(Beginning<Diadoc>, Prepared<SignAndAttach>), Error> {
    let diadoc = asked.begin.client.clone();
    let messages = read(&asked).await?;
    for warning in check(&asked, &messages)? {
        tracing::debug!(%warning, "a signature that is about to be made may break a rule");
    }
    if let Some(power) = asked.power_of_attorney.take() {
        asked.power_of_attorney = Some(power.by_shelf(&diadoc).await?);
    }
    let prepared = prepare(&asked, &messages).await?;
    let is_test = asked.by == SignBy::TestSignature;
    let mut documents = Vec::with_capacity(asked.documents.len());
    let mut files = Vec::with_capacity(asked.documents.len());
    let first = asked.documents.first().map(|(message, _)| message.clone());
    for (id, entity) in &asked.documents {
        let message = of_id(&messages, id);
        let prepared = prepared.as_ref().and_then(|all| of(all, id, entity));
        documents.push(Signee {
            message: (first.as_ref() != Some(id)).then(|| id.to_string()),
            entity: entity.to_string(),
            in_draft: message.is_some_and(|message| is_sent_as_draft(&asked, message)),
            patched: prepared.map(|one| one.patched.id.to_string()),
        });
        let name = name(message, entity);
        let file = |name| File::entity(name, &asked.in_box, id, entity);
        files.push(match prepared {
            Some(prepared) => prepared.file(name),
            // The service signs what it has; there is nothing to compare.
            None if is_test => file(name),
            None => file(name).with_content(&bytes(&asked, message, id, entity).await?),
        });
    }
    let mut record = record(&asked, documents);
    let (fingerprints, first) = match &asked.by {
        SignBy::TestSignature => {
            let signatures = record.documents.iter();
            let signatures = signatures
                .map(|signee| Ok((signee, record.signature(signee, SignatureSource::Test)?)))
                .collect::<Result<Vec<_>, Breach>>()?;
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
        message: asked
            .documents
            .first()
            .map(|(message, _)| message.to_string())
            .unwrap_or_default(),
        documents,
        approval: asked.approval,
        labels: asked.labels.clone(),
        power_of_attorney: asked.power_of_attorney.as_ref().map(keep),
        signing: Signing::Test,
        step: Step::Signing,
        posting: None,
        later: Vec::new(),
        ended: Vec::new(),
        seen: Vec::new(),
        untrusted: None,
    }
}

/// Has those prepared that wait unsent for our ordinary signature, and whose form is or may be prescribed.
async fn prepare(
    asked: &Attaching,
    messages: &[Message],
) -> Result<Option<PreparedDocuments>, Error> {
    if asked.as_stored || asked.approval {
        return Ok(None);
    }
    let documents = asked.documents.iter();
    let documents = documents.filter_map(|(id, entity)| {
        let document = of_id(messages, id)?.attachment(entity)?;
        Some((id, document))
    });
    let to_prepare: Vec<ToPrepare> = documents
        .filter(|(_, document)| may_be_prepared(document))
        .map(|(id, document)| to_prepare(asked, id, &document))
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
    matches!(document.sending(), Sending::Unsent | Sending::Draft)
        && document.side() != Side::Theirs
        && document.formality() != Formality::Nonformalized
}

fn to_prepare(asked: &Attaching, message: &MessageId, document: &Document<'_>) -> ToPrepare {
    let mut to_prepare = match document.sending() {
        Sending::Draft => ToPrepare::in_draft(message, &document.id()),
        _ => ToPrepare::unsent(message, &document.id()),
    };
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

fn of<'p>(
    all: &'p PreparedDocuments,
    message: &MessageId,
    entity: &EntityId,
) -> Option<&'p PreparedDocument> {
    all.prepared().find(|one| {
        let document = &one.patched.document;
        same_id(document.message.as_str(), message.as_str())
            && same_id(document.entity.as_str(), entity.as_str())
    })
}

fn name(message: Option<&Message>, entity: &EntityId) -> String {
    let document = message.and_then(|message| message.attachment(entity));
    let name = document.and_then(|document| document.file_name());
    name.unwrap_or(entity.as_str()).to_owned()
}

async fn bytes(
    asked: &Attaching,
    message: Option<&Message>,
    id: &MessageId,
    entity: &EntityId,
) -> Result<Bytes, Error> {
    let here = message
        .and_then(|message| message.attachment(entity))
        .and_then(|document| document.content().bytes().cloned());
    match here.filter(|bytes| !bytes.is_empty()) {
        Some(bytes) => Ok(bytes),
        None => {
            let in_box = asked.begin.client.in_box(&asked.in_box);
            in_box.entity_content(id, entity).await
        }
    }
}

fn invalid(text: String) -> Error {
    Error::new(ErrorKind::InvalidInput, text)
}
