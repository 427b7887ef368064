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

use podpis_core::wait::OperationKind as _;
use podpis_operation::Operation;

pub use builder::ReportSending;
pub use data_to_sign::DataToSign;
pub use document::ReportDocument;
pub use kind::{SendReport, SentReport};

use record::Step;

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

impl ReportStep {
    /// The step; none for an operation of another kind.
    #[must_use]
    pub fn of(operation: &Operation) -> Option<Self> {
        Some(match SendReport::record_of(operation)?.step {
            Step::Draft => Self::Draft,
            Step::Documents => Self::Documents,
            Step::Check { .. } => Self::Check,
            Step::Sign { .. } => Self::Sign,
            Step::Prepare { .. } => Self::Prepare,
            Step::Send { .. } => Self::Send,
            Step::Sent { .. } => Self::Sent,
        })
    }
}
