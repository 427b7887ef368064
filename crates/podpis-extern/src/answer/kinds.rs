//! The two kinds of operation, and what they give.
//!
//! **Invariant:** the signatures are bound to what the service showed when it made the reply.

use podpis_cms::Signatures;
use podpis_core::Error;
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::Record as _;
use podpis_core::wait::{KeptBytes, Learned, LockName, OperationKind, Reconciled};
use podpis_extern_model::{Docflow, ReplyId};
use podpis_operation::{Kind, Operation};

use super::conversation;
use super::record::{Record, Step};
use super::sending::{self, SendRecord, SendStep};
use crate::cloud::{kept_of_steps, unreadable};
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
pub struct Answer {
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

#[async_trait::async_trait]
impl OperationKind for SendReply {
    const KIND: Kind = Kind::new("extern.send-reply");
    type Client = Extern;
    type Request = ();
    type Output = SentReply;

    fn locks(operation: &Operation) -> Vec<LockName> {
        let record = SendRecord::of(operation);
        let lock = record.map(|record| LockName::docflow(record.place.docflow_id().as_str()));
        lock.into_iter().collect()
    }

    /// A document that asked for the reply tells whether it was sent.
    fn is_found_out(operation: &Operation) -> bool {
        SendRecord::of(operation).is_ok_and(|record| record.asked)
    }

    async fn start(client: &Extern, operation: &Operation, (): ()) -> Result<Learned, Error> {
        sending::start(client, &SendRecord::of(operation)?).await
    }

    async fn next_step(client: &Extern, operation: &Operation) -> Result<Learned, Error> {
        sending::next_step(client, &SendRecord::of(operation)?).await
    }

    async fn poll(client: &Extern, operation: &Operation) -> Result<Learned, Error> {
        sending::poll(client, &SendRecord::of(operation)?).await
    }

    async fn reconcile(client: &Extern, operation: &Operation) -> Result<Reconciled, Error> {
        sending::reconcile(client, &SendRecord::of(operation)?).await
    }

    fn output(_client: &Extern, operation: &Operation) -> Result<SentReply, Error> {
        let record = SendRecord::of(operation)?;
        let SendStep::Sent { told } = record.step else {
            return Err(unreadable(operation, "it is done and was not sent"));
        };
        Ok(SentReply {
            place: record.place,
            reply: record.reply,
            docflow: serde_json::from_value(told).ok(),
        })
    }
}

/// The kind of operation: answering a document, from a new reply to its docflow.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AnswerDocument;

#[async_trait::async_trait]
impl OperationKind for AnswerDocument {
    const KIND: Kind = Kind::new("extern.answer");
    type Client = Extern;
    type Request = ();
    type Output = Answer;

    fn locks(operation: &Operation) -> Vec<LockName> {
        let Ok(record) = Record::of(operation) else {
            return Vec::new();
        };
        vec![
            LockName::docflow(record.place.docflow_id().as_str()),
            // One person can confirm one operation at a time.
            LockName::person(&record.thumbprint),
        ]
    }

    /// Only the step that asks the person is as uncertain as it is alone.
    fn is_found_out(operation: &Operation) -> bool {
        Record::of(operation).is_ok_and(|record| !matches!(record.step, Step::Sign { .. }))
    }

    fn kept(operation: &Operation) -> Vec<KeptBytes> {
        kept_of_steps(operation, "parts", |one| one.get("file"))
    }

    async fn start(client: &Extern, operation: &Operation, (): ()) -> Result<Learned, Error> {
        conversation::start(client, operation).await
    }

    async fn next_step(client: &Extern, operation: &Operation) -> Result<Learned, Error> {
        conversation::next_step(client, operation).await
    }

    async fn poll(client: &Extern, operation: &Operation) -> Result<Learned, Error> {
        conversation::poll(client, operation).await
    }

    async fn confirm(
        client: &Extern,
        operation: &Operation,
        code: &ConfirmationCode,
    ) -> Result<Learned, Error> {
        conversation::confirm(client, operation, code).await
    }

    async fn reconcile(client: &Extern, operation: &Operation) -> Result<Reconciled, Error> {
        conversation::reconcile(client, operation).await
    }

    fn output(client: &Extern, operation: &Operation) -> Result<Answer, Error> {
        let record = Record::of(operation)?;
        let signatures = conversation::signatures(client, operation, &record)?;
        let (Step::Sent { told }, Some(reply)) = (record.step, record.reply) else {
            return Err(unreadable(operation, "it is done and was not sent"));
        };
        Ok(Answer {
            place: record.place,
            reply_type: record.reply_type,
            reply,
            docflow: serde_json::from_value(told).ok(),
            signatures,
        })
    }
}
