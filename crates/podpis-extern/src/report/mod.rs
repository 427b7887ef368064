//! The common way of a report in one call: files to a docflow.
//!
//! ```text
//! contents up → record → draft → documents → check → sign (phone or SMS) → prepare → send → docflow
//! ```
//!
//! **Invariant:** one record is the whole way. The contents are at the service and the ids of the draft and its
//! documents are chosen before the record is written, so that every step can be taken again from it without a file,
//! and what is taken twice writes the same.

mod builder;
mod data_to_sign;
mod document;
mod kind;
mod record;
mod steps;

use podpis_core::wait::Record as _;
use podpis_operation::Operation;

pub use builder::ReportSending;
pub use data_to_sign::DataToSign;
pub use document::ReportDocument;
pub use kind::{SendReport, SentReport};

use record::{Record, Step};

/// How far the sending of a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ReportStep {
    /// The draft is being made.
    Draft,
    /// Its documents are being added.
    Documents,
    /// It is being checked.
    Check,
    /// It is being signed; [`progress`](crate::progress) tells how far the phone is.
    Sign,
    /// It is being prepared: encrypted for the recipient.
    Prepare,
    /// It is being sent.
    Send,
    /// It was sent.
    Sent,
}

/// How far an operation that sends a report is; none for an operation of another kind.
#[must_use]
pub fn report_step(operation: &Operation) -> Option<ReportStep> {
    let is_report = *operation.kind() == <SendReport as podpis_core::wait::OperationKind>::KIND;
    let record = Record::of(operation).ok().filter(|_| is_report)?;
    Some(match record.step {
        Step::Draft => ReportStep::Draft,
        Step::Documents => ReportStep::Documents,
        Step::Check { .. } => ReportStep::Check,
        Step::Sign { .. } => ReportStep::Sign,
        Step::Prepare { .. } => ReportStep::Prepare,
        Step::Send { .. } => ReportStep::Send,
        Step::Sent { .. } => ReportStep::Sent,
    })
}
