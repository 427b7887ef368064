//! Decides what an operation with a cloud key is for, begins it, and tells how far it is in Extern's words.
//!
//! **Invariant:** what the phone confirmed changes nothing in a draft, reply or document until the service attaches
//! it, and that happens once.

use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::options::UnconfirmedOperation;
use super::state::Room;
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

/// Begins an operation, and sends its SMS; a push goes out `processing` later.
pub(super) fn begin(
    room: &mut Room<'_>,
    user: usize,
    certificate: usize,
    kind: MessageKind,
    work: Work,
    now: Moment,
) -> Result<Operation, ApiError> {
    let (id, handle) = (room.guid(), room.guid());
    let (code, asks_at) = match kind {
        MessageKind::Push => (String::new(), now.after(room.shared.options.processing)),
        MessageKind::Sms => (room.shared.ids.code(room.shared.options.code_length), now),
    };
    let task = Task {
        certificate,
        work,
        attached: false,
        content_id: None,
    };
    let operation = Operation::new(kind, (id, vec![handle]), (user, code), (now, asks_at), task);
    room.counters().operations_started += 1;
    let own = &mut *room.own;
    let place = own.operations.begin(operation, now, room.shared.line());
    let known = match work {
        Work::Draft { draft } => own.drafts.get_mut(draft).map(|known| &mut known.operations),
        Work::Reply { reply } => own
            .replies
            .get_mut(reply)
            .map(|known| &mut known.operations),
        Work::Decryption { document, .. } => own
            .documents
            .get_mut(document)
            .map(|known| &mut known.operations),
    };
    if let Some(known) = known {
        known.retain(|place| own.operations.get(*place).is_some());
        known.push(place);
    }
    let begun = own.operations.get(place).cloned();
    begun.ok_or_else(|| ApiError::not_found("Задача не найдена."))
}

/// The operation with this task or request id, by the way it is confirmed.
pub(super) fn by_handle(room: &Room<'_>, handle: &str, kind: MessageKind) -> Option<usize> {
    room.own.operations.find(handle, |known| {
        known.kind == kind && known.handle().eq_ignore_ascii_case(handle)
    })
}

/// Takes a code for an SMS operation, and gives the operation when it is the right one.
pub(super) fn take_code(
    room: &mut Room<'_>,
    fits: impl Fn(Work) -> bool,
    request_id: &str,
    code: &str,
    now: Moment,
) -> Result<(usize, String), ApiError> {
    let unknown = || ApiError::not_found("Запрос на подтверждение не найден.");
    let index = by_handle(room, request_id, MessageKind::Sms).ok_or_else(unknown)?;
    let operation = room.own.operations.get(index);
    let operation = operation.filter(|known| fits(known.work.work));
    let id = operation.ok_or_else(unknown)?.id.clone();
    let attempts = room.shared.options.code_attempts;
    let counting = (now, &mut room.shared.journal.counters);
    let refused = |stage: Stage| {
        ApiError::bad_request(match stage {
            Stage::Awaiting => "Неверный код подтверждения.",
            Stage::Confirmed { .. } => "Код подтверждения уже использован.",
            Stage::Ended(End::TooManyAttempts) => {
                "Превышено число попыток ввода кода подтверждения."
            }
            Stage::Ended(End::Declined) => "Пользователь отказался от операции.",
            _ => "Срок действия кода подтверждения истёк.",
        })
        .about(&id)
    };
    let taken = room
        .own
        .operations
        .take_code(index, code, attempts, counting);
    taken.map_err(refused)?;
    Ok((index, id))
}

/// The code of an SMS operation, as the test stand tells it.
pub(super) fn code_of(room: &Room<'_>, request_id: &str) -> Result<(String, String), ApiError> {
    by_handle(room, request_id, MessageKind::Sms)
        .and_then(|index| room.own.operations.get(index))
        .map(|operation| (operation.code.clone(), operation.id.clone()))
        .ok_or_else(|| ApiError::not_found("Запрос на подтверждение не найден."))
}
