//! The kind of operation, and what it gives.
//!
//! **Invariant:** the signatures are bound to the bytes that were uploaded; where the service named other data to
//! sign, to those, and the result says so.

use podpis_cms::Signatures;
use podpis_core::Error;
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::Record as _;
use podpis_core::wait::{KeptBytes, Learned, LockName, OperationKind, Reconciled};
use podpis_extern_model::{CheckResult, Docflow, DocflowId, DraftId};
use podpis_operation::{Kind, Operation};

use super::conversation;
use super::data_to_sign::{DataToSign, listed};
use super::record::{Record, Step};
use crate::Extern;
use crate::cloud::{SignDraft, kept_of_steps, unreadable};

/// A report that was sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SentReport {
    /// The draft that it was sent as.
    pub draft: DraftId,
    /// The docflow that began. It may not be found for some seconds.
    pub docflow_id: DocflowId,
    /// What the service said of the docflow when it began; none where the answer was lost and the docflow was found
    /// in the draft.
    pub docflow: Option<Box<Docflow>>,
    /// The signatures, each bound to its file, or to the data to sign where that is another.
    pub signatures: Signatures,
    /// The documents whose signatures are not for their files: the service made other bytes of them to be signed.
    /// These are what such a signature is verified with. Empty where every signature is for its file.
    pub data_to_sign: Vec<DataToSign>,
    /// What the check found: warnings, and errors where the sending was forced.
    pub check: CheckResult,
}

/// The kind of operation: sending a report, from uploaded contents to a docflow.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SendReport;

#[async_trait::async_trait]
impl OperationKind for SendReport {
    const KIND: Kind = Kind::new("extern.send-report");
    type Client = Extern;
    type Request = ();
    type Output = SentReport;

    fn locks(operation: &Operation) -> Vec<LockName> {
        let Ok(record) = Record::of(operation) else {
            return Vec::new();
        };
        vec![
            LockName::draft(record.draft.as_str()),
            // One person can confirm one operation at a time.
            LockName::person(&record.certificate),
        ]
    }

    /// Only the step that asks the person is as uncertain as it is alone.
    fn is_found_out(operation: &Operation) -> bool {
        Record::of(operation).is_ok_and(|record| !matches!(record.step, Step::Sign { .. }))
    }

    fn kept(operation: &Operation) -> Vec<KeptBytes> {
        kept_of_steps(operation, "documents", |one| {
            one.get("data_to_sign")?.get("file")
        })
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

    fn output(client: &Extern, operation: &Operation) -> Result<SentReport, Error> {
        let record = Record::of(operation)?;
        let signed = record.signing(operation, &record.signed);
        let data_to_sign = listed(client, &record);
        let Step::Sent { docflow, told } = record.step else {
            return Err(unreadable(operation, "it is done and names no docflow"));
        };
        Ok(SentReport {
            draft: record.draft,
            docflow_id: docflow,
            docflow: serde_json::from_value(told).ok(),
            signatures: SignDraft::output(client, &signed)?,
            data_to_sign,
            check: record.check,
        })
    }
}
