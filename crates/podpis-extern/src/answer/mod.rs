//! Answering what a docflow asks for: a reply made, signed and sent in one call.
//!
//! ```text
//! generate → (package: contents of its documents) → sign (at once, phone or SMS) → send → docflow
//! ```
//!
//! **Invariant:** one record is the whole way, and a reply is sent again only after the document was looked at and
//! still asks for one.

mod asked;
mod builder;
mod kinds;
mod record;
mod sending;
mod steps;

use podpis_core::wait::OperationKind as _;
use podpis_operation::Operation;

pub use asked::ReplyAsked;
pub use builder::{Answering, ReplySending};
pub use kinds::{AnswerDocument, AnsweredDocument, SendReply, SentReply};

use crate::DocumentPath;
use record::Step;

/// How far the answering of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AnswerStep {
    /// The reply is being made.
    Generate,
    /// The documents of a package get their contents.
    Contents,
    /// It is being signed; [`progress`](crate::progress) tells how far the phone is.
    Sign,
    /// It is being sent.
    Send,
    /// It was sent.
    Sent,
}

impl AnswerDocument {
    /// The document that an operation of this kind answers; none for one of another kind.
    #[must_use]
    pub fn place(operation: &Operation) -> Option<DocumentPath> {
        Some(Self::record_of(operation)?.place)
    }
}

impl AnswerStep {
    /// The step; none for an operation of another kind.
    #[must_use]
    pub fn of(operation: &Operation) -> Option<Self> {
        Some(match AnswerDocument::record_of(operation)?.step {
            Step::Generate => Self::Generate,
            Step::Contents => Self::Contents,
            Step::Sign { .. } => Self::Sign,
            Step::Send { .. } => Self::Send,
            Step::Sent { .. } => Self::Sent,
        })
    }
}
