//! The three kinds of operation without a person.
//!
//! **Invariant:** they differ in their name and in what they give; the conversation is one.

use podpis_core::Error;
use podpis_core::wait::{Conversation, Current, Learned, LockName, OperationKind};
use podpis_extern_model::{CheckResult, Docflow, DocflowId, PrepareStatus};
use podpis_operation::{Event, Kind};

use super::conversation::{next_step, poll, reconcile, start};
use super::record::{Record, Step};
use crate::Extern;

/// A draft that was prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreparedDraft {
    /// What the check found on the way: warnings, and errors where the preparation was forced.
    pub check: CheckResult,
    /// How the service says that it ended; an open set.
    pub status: Option<PrepareStatus>,
}

/// A draft that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentDraft {
    /// The docflow that began. It may not be found for some seconds.
    pub docflow_id: DocflowId,
    /// What the service said of the docflow when it began; none where the answer was lost and the docflow was found
    /// in the draft.
    pub docflow: Option<Box<Docflow>>,
}

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident = $kind:literal gives $output:ty => $give:path) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        pub struct $name;

        impl OperationKind for $name {
            const KIND: Kind = Kind::new($kind);
            type Client = Extern;
            type Record = Record;
            type Request = ();
            type Output = $output;

            fn locks(record: &Record) -> Vec<LockName> {
                vec![LockName::draft(record.draft.as_str())]
            }

            fn is_found_out(_record: &Record) -> bool {
                true
            }

            fn output(_client: &Extern, at: Current<'_, Record>) -> Result<$output, Error> {
                $give(at.record().step.clone()).ok_or_else(|| at.unreadable("it is done and has no result"))
            }
        }

        #[async_trait::async_trait]
        impl Conversation for $name {
            async fn start(client: &Extern, at: Current<'_, Record>, (): ()) -> Result<Learned<Record>, Error> {
                start(client, at.record()).await
            }

            async fn next_step(client: &Extern, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
                next_step(client, at.record()).await
            }

            async fn poll(client: &Extern, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
                poll(client, at.record()).await
            }

            async fn reconcile(client: &Extern, at: Current<'_, Record>) -> Result<Event<Record>, Error> {
                reconcile(client, at.record()).await
            }
        }
    };
}

kind! {
    /// The kind of operation: checking a draft.
    CheckDraft = "extern.check-draft" gives CheckResult => checked
}

kind! {
    /// The kind of operation: preparing a draft for sending.
    PrepareDraft = "extern.prepare-draft" gives PreparedDraft => prepared
}

kind! {
    /// The kind of operation: sending a draft.
    SendDraft = "extern.send-draft" gives SentDraft => sent
}

fn checked(step: Step) -> Option<CheckResult> {
    match step {
        Step::Checked { result } => Some(result),
        _ => None,
    }
}

fn prepared(step: Step) -> Option<PreparedDraft> {
    match step {
        Step::Prepared { result, status } => Some(PreparedDraft {
            check: result,
            status,
        }),
        _ => None,
    }
}

pub(super) fn sent(step: Step) -> Option<SentDraft> {
    match step {
        Step::Sent { docflow, told } => Some(SentDraft {
            docflow_id: docflow,
            docflow: serde_json::from_value(told).ok(),
        }),
        _ => None,
    }
}
