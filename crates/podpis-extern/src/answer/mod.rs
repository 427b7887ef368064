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

use podpis_core::wait::Record as _;
use podpis_operation::Operation;

pub use asked::ReplyAsked;
pub use builder::{Answering, ReplySending};
pub use kinds::{AnswerDocument, AnsweredDocument, SendReply, SentReply};

use record::{Record, Step};

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

/// How far an operation that answers a document is; none for an operation of another kind.
#[must_use]
pub fn answer_step(operation: &Operation) -> Option<AnswerStep> {
    let is_answer = *operation.kind() == <AnswerDocument as podpis_core::wait::OperationKind>::KIND;
    let record = Record::of(operation).ok().filter(|_| is_answer)?;
    Some(match record.step {
        Step::Generate => AnswerStep::Generate,
        Step::Contents => AnswerStep::Contents,
        Step::Sign { .. } => AnswerStep::Sign,
        Step::Send { .. } => AnswerStep::Send,
        Step::Sent { .. } => AnswerStep::Sent,
    })
}
