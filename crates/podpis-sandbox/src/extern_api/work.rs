//! Decides what an operation with a cloud key is for, and how far it is in Extern's words.
//!
//! **Invariant:** what the phone confirmed changes nothing in a draft, reply or document until the service attaches
//! it, and that happens once.

use serde::{Deserialize, Serialize};

use super::options::UnconfirmedOperation;
use crate::moment::Moment;
use crate::phone::{self, End, MessageKind, Second, Stage};

/// How an operation can end without the person and without time passing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OperationEnd {
    /// The signing service broke down: `Crashed`.
    Crashed,
    /// Too many wrong PINs in the app: `ExceededConfirmationAttemptsCount`.
    TooManyAttempts,
}

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Draft { draft: usize },
    Reply { reply: usize },
    Decryption { document: usize, unzip: bool },
}

/// What an operation is for. The client knows it by its `task-id`, when it is a push, or by its `request-id`.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(super) certificate: usize,
    pub(super) work: Work,
    /// The service has put the outcome where it belongs.
    pub(super) attached: bool,
    pub(super) content_id: Option<String>,
}

pub(super) type Operation = phone::Operation<Task>;
pub(super) type Operations = phone::Operations<Task>;

impl phone::Work for Task {
    fn text(&self, code: &str) -> String {
        let purpose = match self.work {
            Work::Draft { .. } => "Подпись документов черновика",
            Work::Reply { .. } => "Подпись ответного документа",
            Work::Decryption { .. } => "Расшифровка документа",
        };
        if code.is_empty() {
            format!("Подтвердите операцию. {purpose}.")
        } else {
            format!("Код подтверждения: {code}. {purpose}.")
        }
    }
}

/// What becomes of a person's second push.
pub(super) fn second(option: UnconfirmedOperation) -> Second {
    match option {
        UnconfirmedOperation::Fails => Second::Fails,
        UnconfirmedOperation::Waits => Second::Waits,
    }
}

/// Whether the draft or docflow is locked by it.
pub(super) fn locks(operation: &Operation) -> bool {
    operation.kind == MessageKind::Push
        && !operation.work.attached
        && !matches!(operation.stage, Stage::Ended(_))
}

/// The name of its status, in PascalCase.
pub(super) fn status(operation: &Operation, now: Moment) -> &'static str {
    match operation.stage {
        Stage::Queued => {
            let half = operation.started.until(operation.asks_at) / 2;
            if now < operation.started.after(half) {
                "Enqueued"
            } else {
                "InProgress"
            }
        }
        Stage::Blocked | Stage::Ended(End::AnotherOperationOpen) => "UserHasUnconfirmedOperation",
        Stage::Awaiting => "AwaitingForConfirmation",
        Stage::Confirmed { .. } if operation.work.attached => "Completed",
        Stage::Confirmed { .. } => "InProgress",
        Stage::Ended(End::Declined) => "CanceledByUser",
        Stage::Ended(End::TimedOut | End::Unasked) => "Timeout",
        Stage::Ended(End::Crashed) => "Crashed",
        Stage::Ended(End::TooManyAttempts) => "ExceededConfirmationAttemptsCount",
    }
}
