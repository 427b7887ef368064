//! How a step leads to the next.
//!
//! **Invariant:** what signs and what posts are asked by the kinds that do it alone, and nothing of them is decided
//! here a second time; only their ends are turned into the next step.

use podpis_core::call::Effect;
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::{
    KeptBytes, Learned, LockName, OperationKind, Reconciled, RunSettings, compute,
};
use podpis_core::wait::{Record as _, unreadable};
use podpis_core::{Error, ErrorKind};
use podpis_diadoc_proto::events::MessagePatchToPostV2;
use podpis_diadoc_proto::prost::Message as _;
use podpis_operation::{Data, Event, Kind, Operation, OperationId, Refusal, State};

use super::attached::{Attached, AttachedDocument};
use super::reading::read_back;
use super::record::{By, Record, Step, signatures_of};
use super::{AttachStep, First, KIND, SignAndAttach, SignAndAttachStart};
use crate::document_signature::{Breach, DocumentSignature, SignatureSource};
use crate::message::same_id;
use crate::posting::{self, Letter, Post, Posting};
use crate::record::kept;
use crate::{CloudSign, Diadoc, DssSign, EntityId, FileOutcome, Signatures};

#[async_trait::async_trait]
impl OperationKind for SignAndAttach {
    const KIND: Kind = Kind::new(KIND);
    type Client = Diadoc;
    type Request = SignAndAttachStart;
    type Output = Attached;

    fn locks(operation: &Operation) -> Vec<LockName> {
        let Ok(record) = Record::of(operation) else {
            return Vec::new();
        };
        let mut locks = match (record.by, record.signing(operation)) {
            (By::Dss, Ok(signing)) => DssSign::locks(&signing),
            (By::Sms, Ok(signing)) => CloudSign::locks(&signing),
            _ => Vec::new(),
        };
        // A document has one ordinary signature of our side, and any number of approvals.
        if !record.approval {
            let documents = record.documents.iter();
            locks.extend(documents.map(|signee| LockName::docflow(&signee.entity)));
        }
        locks
    }

    /// What is posted is in the message, or is posted again as it was; what the person was asked for is not.
    fn is_found_out(operation: &Operation) -> bool {
        AttachStep::of(operation) == Some(AttachStep::Posting)
    }

    fn kept(operation: &Operation) -> Vec<KeptBytes> {
        let files = operation.files();
        let data = operation.data().to_value();
        let signed = data
            .get("signing")
            .map_or_else(Vec::new, |data| kept(data, files));
        if !signed.is_empty() {
            return signed;
        }
        // What was posted was among what was signed, so this is for a record that has lost a part of itself.
        let kept = Self::kept_signatures(operation).into_iter();
        kept.map(|(_, der)| KeptBytes::new(None, der)).collect()
    }

    fn settings(client: &Diadoc) -> &RunSettings {
        client.dss_runs()
    }

    async fn start(
        client: &Diadoc,
        operation: &Operation,
        request: SignAndAttachStart,
    ) -> Result<Learned, Error> {
        let record = Record::of(operation)?;
        let learned = match request.0 {
            First::Post => return post(client, operation, &record).await,
            First::Dss(start) => DssSign::start(client, &record.signing(operation)?, start).await?,
            First::Sms(start) => {
                CloudSign::start(client, &record.signing(operation)?, start).await?
            }
        };
        Ok(judged(client, operation, &record, learned).await)
    }

    async fn next_step(client: &Diadoc, operation: &Operation) -> Result<Learned, Error> {
        let record = Record::of(operation)?;
        match post(client, operation, &record).await {
            Err(error) if posting::is_final(&error) && !error.may_have_been_applied() => {
                Ok(keeping(Event::Refused {
                    refusal: Refusal::Other,
                    message: Some(error.to_string()),
                })
                .into())
            }
            other => other,
        }
    }

    async fn poll(client: &Diadoc, operation: &Operation) -> Result<Learned, Error> {
        let record = Record::of(operation)?;
        match record.step {
            Step::Signing => {
                let signing = record.signing(operation)?;
                let learned = match record.by {
                    By::Dss => DssSign::poll(client, &signing).await?,
                    By::Sms => CloudSign::poll(client, &signing).await?,
                    By::Test => return Err(unreadable(operation, "nobody signs it")),
                };
                Ok(judged(client, operation, &record, learned).await)
            }
            Step::Posting => {
                let learned = Posting::poll(client, &record.posting(operation)?).await?;
                Ok(learned.map_event(|event| after_posting(operation, &record, event)))
            }
            Step::Reading => {
                let Some(posted) = record.posted() else {
                    return Err(unreadable(operation, "it does not say what was posted"));
                };
                match read_back(client, operation, &record, posted).await? {
                    Some(seen) => {
                        let mut record = record.at(Step::Attached);
                        record.seen = seen;
                        let data = record.to_data();
                        Ok(Event::Finished { data }.into())
                    }
                    None => Ok(Learned::still_running(None)
                        .noting("the message does not show the signature yet")),
                }
            }
            Step::Attached | Step::Unfit => {
                Err(unreadable(operation, "its step is not one that is polled"))
            }
        }
    }

    async fn confirm(
        client: &Diadoc,
        operation: &Operation,
        code: &ConfirmationCode,
    ) -> Result<Learned, Error> {
        let record = Record::of(operation)?;
        if record.by != By::Sms || record.step != Step::Signing {
            let text = "this signing takes no code";
            return Err(Error::new(ErrorKind::InvalidInput, text).with_effect(Effect::NotApplied));
        }
        let learned = CloudSign::confirm(client, &record.signing(operation)?, code).await?;
        Ok(judged(client, operation, &record, learned).await)
    }

    async fn reconcile(client: &Diadoc, operation: &Operation) -> Result<Reconciled, Error> {
        let record = Record::of(operation)?;
        if record.step == Step::Posting {
            let found = Posting::reconcile(client, &record.posting(operation)?).await?;
            return Ok(map(found, |event| after_posting(operation, &record, event)));
        }
        let signing = record.signing(operation)?;
        let found = match record.by {
            By::Sms => CloudSign::reconcile(client, &signing).await?,
            By::Dss | By::Test => DssSign::reconcile(client, &signing).await?,
        };
        Ok(match found {
            Reconciled::Applied(event) => {
                let (client, operation) = (client.clone(), operation.clone());
                let judge = move || after_signing(&client, &operation, &record, event);
                Reconciled::Applied(compute(judge).await)
            }
            other => other,
        })
    }

    fn output(client: &Diadoc, operation: &Operation) -> Result<Attached, Error> {
        let record = Record::of(operation)?;
        let signatures = match record.by {
            By::Test => None,
            _ => Some(signatures(client, operation, &record)?),
        };
        if record.step == Step::Unfit {
            // They fit the documents; what is wrong is told by the rules.
            if let Some(Err(breach)) = signatures.as_ref().map(|all| to_post(&record, all)) {
                let text =
                    format!("what came back are signatures that may not be attached: {breach}");
                return Err(Error::new(ErrorKind::Signature, text).with_source(breach));
            }
        }
        let posted = record.posted().cloned();
        let posted =
            posted.ok_or_else(|| unreadable(operation, "it does not say what was posted"))?;
        let documents = record.documents.iter().enumerate().map(|(index, signee)| {
            let mut seen = record.seen.iter();
            let seen = seen.find(|seen| same_id(&seen.entity, &signee.entity));
            let file = operation.files().get(index);
            AttachedDocument {
                entity: EntityId::new(signee.entity.as_str()),
                name: file.map_or_else(|| signee.entity.clone(), |file| file.name.clone()),
                signature: seen.map(|seen| EntityId::new(seen.signature.as_str())),
                is_rejected: seen.is_some_and(|seen| seen.rejected),
                outcome: signatures
                    .as_ref()
                    .and_then(|all| all.files().get(index).cloned()),
            }
        });
        Ok(Attached {
            documents: documents.collect(),
            posted,
            signatures,
        })
    }
}

impl SignAndAttach {
    /// Signatures that an operation of this kind has and that are not, or not yet, in the message: of one that was
    /// refused after the person had signed, for example. Each in DER, with the document that it is for.
    #[must_use]
    pub fn kept_signatures(operation: &Operation) -> Vec<(EntityId, Vec<u8>)> {
        let record = (operation.kind().as_str() == KIND)
            .then(|| Record::of(operation).ok())
            .flatten();
        let posting = record.and_then(|record| record.posting);
        let body = posting.and_then(|posting| posting.bytes(operation).ok());
        let signatures = signatures_of(&body.unwrap_or_default());
        signatures
            .into_iter()
            .filter_map(|one| {
                let der = one.signature?.to_vec();
                Some((EntityId::new(one.parent_entity_id), der))
            })
            .collect()
    }
}

/// Sends the posting that is in the record.
async fn post(client: &Diadoc, operation: &Operation, record: &Record) -> Result<Learned, Error> {
    let learned = Posting::start(client, &record.posting(operation)?, ()).await?;
    Ok(learned.map_event(|event| after_posting(operation, record, event)))
}

/// What the signing taught, as news of the whole. Signatures that came are verified.
async fn judged(
    client: &Diadoc,
    operation: &Operation,
    record: &Record,
    learned: Learned,
) -> Learned {
    let (client, operation, record) = (client.clone(), operation.clone(), record.clone());
    compute(move || learned.map_event(|event| after_signing(&client, &operation, &record, event)))
        .await
}

/// The event of the signing, as one of the whole: its end is the next step.
fn after_signing(client: &Diadoc, operation: &Operation, record: &Record, event: Event) -> Event {
    match event {
        Event::Finished { data } => signed(client, operation, &record.with_signing(data)),
        other => other.map_data(|data| record.with_signing(data).to_data()),
    }
}

/// All that the service gave is in the record of the signing: what may be attached goes on.
fn signed(client: &Diadoc, operation: &Operation, record: &Record) -> Event {
    let unfit = || Event::Finished {
        data: record.at(Step::Unfit).to_data(),
    };
    let Ok(signatures) = signatures(client, operation, record) else {
        return unfit();
    };
    let Ok(to_post) = to_post(record, &signatures) else {
        return unfit();
    };
    if to_post.is_empty() {
        let failed = signatures.all().err().map(|failed| failed.to_string());
        return Event::Refused {
            refusal: Refusal::Other,
            message: failed,
        };
    }
    let body = MessagePatchToPostV2::new(record.in_box.as_str(), record.message.as_str())
        .with_signatures(to_post.iter().map(DocumentSignature::to_proto));
    let Ok(in_box) = record.in_box(operation) else {
        return unfit();
    };
    let letter = Letter {
        post: Post::Patch,
        in_box,
        message: Some(record.message()),
        body: body.encode_to_vec(),
    };
    let mut next = record.at(Step::Posting);
    next.posting = Some(posting::Record::new(
        &letter,
        OperationId::random().as_str(),
    ));
    Event::NextStep {
        data: next.to_data(),
    }
}

/// The signatures, each bound to its document and checked.
fn signatures(
    client: &Diadoc,
    operation: &Operation,
    record: &Record,
) -> Result<Signatures, Error> {
    let signing = record.signing(operation)?;
    match record.by {
        By::Sms => CloudSign::output(client, &signing),
        By::Dss | By::Test => DssSign::output(client, &signing),
    }
}

/// What is posted: a signature for each document that has one.
fn to_post(record: &Record, signatures: &Signatures) -> Result<Vec<DocumentSignature>, Breach> {
    let mut to_post = Vec::with_capacity(record.documents.len());
    for (signee, outcome) in record.documents.iter().zip(signatures.files()) {
        if let FileOutcome::Signed(signed) = outcome {
            to_post.push(record.signature(signee, SignatureSource::from(&**signed))?);
        }
    }
    Ok(to_post)
}

/// The event of the posting, as one of the whole: its end is that the message is read.
fn after_posting(operation: &Operation, record: &Record, event: Event) -> Event {
    let with = |data: Data| {
        let mut record = record.clone();
        if let Ok(posting) = data.read() {
            record.posting = Some(posting);
        }
        record
    };
    match event {
        Event::Finished { data } => {
            let data = with(data).at(Step::Reading).to_data();
            match operation.state() {
                State::Starting => Event::Accepted { data },
                _ => Event::Progressed { data },
            }
        }
        Event::Refused { .. } => keeping(event),
        other => other.map_data(|data| with(data).to_data()),
    }
}

/// A refusal of the posting loses no signature.
fn keeping(event: Event) -> Event {
    match event {
        Event::Refused { refusal, message } => {
            let words = message.unwrap_or_default();
            let message = format!("{words}; the signature is kept in the record");
            Event::Refused {
                refusal,
                message: Some(message),
            }
        }
        other => other,
    }
}

fn map(found: Reconciled, change: impl FnOnce(Event) -> Event) -> Reconciled {
    match found {
        Reconciled::Applied(event) => Reconciled::Applied(change(event)),
        other => other,
    }
}
