//! The kind of operation, and what it gives.
//!
//! **Invariant:** the signatures are bound to the bytes that were uploaded; where the service named other data to
//! sign, to those, and the result says so.

use podpis_cms::Signatures;
use podpis_core::Error;
use podpis_core::wait::{Current, KeptBytes, LockName, OperationKind};
use podpis_extern_model::{CheckResult, Docflow, DocflowId, DraftId};
use podpis_operation::{Kind, Operation};
use serde::Deserialize as _;

use super::data_to_sign::{DataToSign, listed};
use super::record::{Record, Step};
use crate::Extern;
use crate::cloud::kept_of_steps;

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

impl OperationKind for SendReport {
    const KIND: Kind = Kind::new("extern.send-report");
    type Client = Extern;
    type Record = Record;
    type Request = ();
    type Output = SentReport;

    fn locks(record: &Record) -> Vec<LockName> {
        vec![
            LockName::draft(record.draft.as_str()),
            // One person can confirm one operation at a time.
            LockName::person(&record.certificate),
        ]
    }

    /// Only the step that asks the person is as uncertain as it is alone.
    fn is_found_out(record: &Record) -> bool {
        !matches!(record.step, Step::Sign { .. })
    }

    fn kept(operation: &Operation) -> Vec<KeptBytes> {
        kept_of_steps(operation, "documents", |one| {
            one.get("data_to_sign")?.get("file")
        })
    }

    fn output(client: &Extern, at: Current<'_, Record>) -> Result<SentReport, Error> {
        let record = at.record();
        let Step::Sent { docflow, told } = &record.step else {
            return Err(at.unreadable("it is done and names no docflow"));
        };
        Ok(SentReport {
            draft: record.draft.clone(),
            docflow_id: docflow.clone(),
            docflow: Docflow::deserialize(told).ok().map(Box::new),
            // Who signed was judged before it was sent.
            signatures: record.signatures(client, at, &record.signed_files(at.files()), None)?,
            data_to_sign: listed(client, record),
            check: record.check.clone(),
        })
    }
}
