//! Decides what a DssSign is, and which number tells how far it has come.
//!
//! **Invariant:** the bytes themselves are not kept: a signature needs only their digest.

use std::time::Duration;

use crate::faults::{DssScript, Told};
use crate::moment::Moment;
use crate::phone::{End, Operation, Stage, Work};
use crate::signer::Digests;

/// The numbers of `OperationStatus`.
pub(super) mod status {
    pub(in crate::diadoc) const IN_PROGRESS: i32 = 1;
    pub(in crate::diadoc) const COMPLETED: i32 = 2;
    pub(in crate::diadoc) const CANCELED_BY_USER: i32 = 3;
    pub(in crate::diadoc) const TIMEOUT: i32 = 4;
    pub(in crate::diadoc) const CRASHED: i32 = 5;
    pub(in crate::diadoc) const USER_HAS_UNCONFIRMED_OPERATION: i32 = 6;
    pub(in crate::diadoc) const OPERATION_RETRY_REQUIRED: i32 = 7;
}

/// What a DssSign is for. The client knows it by its task.
#[derive(Clone, Debug)]
pub(crate) struct DssSign {
    pub(super) certificate: usize,
    pub(super) by_goskey: bool,
    pub(super) digests: Vec<Digests>,
    pub(super) script: DssScript,
    pub(super) signatures: Option<Vec<Vec<u8>>>,
}

impl DssSign {
    /// What the script says of the operation's status.
    fn scripted(&self) -> Option<Option<i32>> {
        self.script.status.map(Told::number)
    }
}

impl Work for DssSign {
    fn text(&self, _: &str) -> String {
        let files = self.digests.len();
        format!("Подтвердите подпись документов Диадока. Файлов: {files}.")
    }

    fn unasked(&self) -> Option<bool> {
        self.scripted()
            .map(|number| number == Some(status::COMPLETED))
    }
}

/// When the signatures of an operation that was agreed to are there.
pub(super) fn ready_at(operation: &Operation<DssSign>, processing: Duration) -> Option<Moment> {
    match operation.stage {
        Stage::Confirmed { at } if operation.work.unasked().is_some() => Some(at),
        Stage::Confirmed { at } => Some(at.after(processing)),
        _ => None,
    }
}

/// Its `OperationStatus`.
pub(super) fn number(
    operation: &Operation<DssSign>,
    processing: Duration,
    now: Moment,
) -> Option<i32> {
    Some(match operation.stage {
        _ if ready_at(operation, processing).is_some_and(|at| at <= now) => status::COMPLETED,
        Stage::Ended(End::Unasked) => return operation.work.scripted().flatten(),
        Stage::Ended(End::Declined) => status::CANCELED_BY_USER,
        Stage::Ended(End::TimedOut) => status::TIMEOUT,
        Stage::Ended(End::Crashed | End::TooManyAttempts) => status::CRASHED,
        Stage::Ended(End::AnotherOperationOpen) => status::USER_HAS_UNCONFIRMED_OPERATION,
        _ => status::IN_PROGRESS,
    })
}
