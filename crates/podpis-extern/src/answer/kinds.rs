//! The two kinds of operation, and what they give.
//!
//! **Invariant:** the signatures are bound to what the service showed when it made the reply.

use podpis_cms::Signatures;
use podpis_core::Error;
use podpis_core::wait::{Conversation, Current, KeptBytes, Learned, LockName, OperationKind};
use podpis_extern_model::{Docflow, ReplyId};
use podpis_operation::{Event, Kind, Operation};
use serde::Deserialize as _;

use super::record::{Record, Step};
use super::sending::{self, SendRecord, SendStep};
use super::steps::signatures;
use crate::cloud::kept_of_steps;
use crate::{DocumentPath, Extern};

/// A reply that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentReply {
    /// The document that was answered.
    pub place: DocumentPath,
    /// The reply.
    pub reply: ReplyId,
    /// What the service said of the docflow then; none where the answer was lost and the reply was found sent.
    pub docflow: Option<Box<Docflow>>,
}

/// A document that was answered.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AnsweredDocument {
    /// The document that was answered.
    pub place: DocumentPath,
    /// What it was answered with, for example `fns534-report-receipt`.
    pub reply_type: String,
    /// The reply.
    pub reply: ReplyId,
    /// What the service said of the docflow then; none where the answer was lost and the reply was found sent.
    pub docflow: Option<Box<Docflow>>,
    /// The signatures, each bound to its document.
    pub signatures: Signatures,
}

/// The kind of operation: sending a reply.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SendReply;

impl OperationKind for SendReply {
    const KIND: Kind = Kind::new("extern.send-reply");
    type Client = Extern;
    type Record = SendRecord;
    type Request = ();
    type Output = SentReply;

    fn locks(record: &SendRecord) -> Vec<LockName> {
        vec![LockName::docflow(record.place.docflow_id().as_str())]
    }

    /// A document that asked for the reply tells whether it was sent.
    fn is_found_out(record: &SendRecord) -> bool {
        record.asked
    }

    fn output(_client: &Extern, at: Current<'_, SendRecord>) -> Result<SentReply, Error> {
        let record = at.record();
        let SendStep::Sent { told } = &record.step else {
            return Err(at.unreadable("it is done and was not sent"));
        };
        Ok(SentReply {
            place: record.place.clone(),
            reply: record.reply.clone(),
            docflow: Docflow::deserialize(told).ok().map(Box::new),
        })
    }
}

#[async_trait::async_trait]
impl Conversation for SendReply {
    async fn start(
        client: &Extern,
        at: Current<'_, SendRecord>,
        (): (),
    ) -> Result<Learned<SendRecord>, Error> {
        sending::start(client, at.record()).await
    }

    async fn next_step(
        client: &Extern,
        at: Current<'_, SendRecord>,
    ) -> Result<Learned<SendRecord>, Error> {
        sending::next_step(client, at.record()).await
    }

    async fn poll(
        client: &Extern,
        at: Current<'_, SendRecord>,
    ) -> Result<Learned<SendRecord>, Error> {
        sending::poll(client, at.record()).await
    }

    async fn reconcile(
        client: &Extern,
        at: Current<'_, SendRecord>,
    ) -> Result<Event<SendRecord>, Error> {
        sending::reconcile(client, at.record()).await
    }
}

/// The kind of operation: answering a document, from a new reply to its docflow.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AnswerDocument;

impl OperationKind for AnswerDocument {
    const KIND: Kind = Kind::new("extern.answer");
    type Client = Extern;
    type Record = Record;
    type Request = ();
    type Output = AnsweredDocument;

    fn locks(record: &Record) -> Vec<LockName> {
        vec![
            LockName::docflow(record.place.docflow_id().as_str()),
            // One person can confirm one operation at a time.
            LockName::person(&record.thumbprint),
        ]
    }

    /// Only the step that asks the person is as uncertain as it is alone.
    fn is_found_out(record: &Record) -> bool {
        !matches!(record.step, Step::Sign { .. })
    }

    fn kept(operation: &Operation) -> Vec<KeptBytes> {
        kept_of_steps(operation, "parts", |one| one.get("file"))
    }

    fn output(client: &Extern, at: Current<'_, Record>) -> Result<AnsweredDocument, Error> {
        let record = at.record();
        // Who signed was judged before it was sent.
        let signatures = signatures(client, at, None)?;
        let (Step::Sent { told }, Some(reply)) = (&record.step, &record.reply) else {
            return Err(at.unreadable("it is done and was not sent"));
        };
        Ok(AnsweredDocument {
            place: record.place.clone(),
            reply_type: record.reply_type.clone(),
            reply: reply.clone(),
            docflow: Docflow::deserialize(told).ok().map(Box::new),
            signatures,
        })
    }
}
