//! Decides how an operation is begun, brought to the person, and let end.
//!
//! **Invariant:** one accepted start sends exactly one push or one SMS, at most; nothing is sent for a start that
//! is refused.

use super::error::ApiError;
use super::operations::{Death, Method, Operation, OperationEnd, Stage, Step, Work};
use super::{api_tasks, sending};
use crate::moment::Moment;
use crate::phone::{MessageKind, MessageState, PersonError, PhoneMode, Sent};
use crate::world::World;

/// Does everything that happens in Extern by itself up to `now`.
pub(crate) fn settle(world: &mut World, now: Moment) {
    world.external.contents.forget_expired(now);
    world.external.identities.settle(now);
    api_tasks::settle(world, now);
    sending::settle(world, now);
    loop {
        match world.external.operations.step(now, &world.options) {
            Step::Nothing => break,
            Step::Done => {}
            Step::Confirmed => world.journal.counters.confirmations += 1,
            Step::Push { operation, at } => push(world, operation, at),
        }
    }
}

/// The person confirms in the app: a push, or a login on another device.
pub(crate) fn confirm(world: &mut World, id: &str, now: Moment) -> Result<(), PersonError> {
    match world.external.operations.confirm_on_phone(id, now) {
        Err(PersonError::UnknownOperation) => world.external.identities.act(id, true),
        Ok(()) => {
            world.journal.counters.confirmations += 1;
            settle(world, now);
            Ok(())
        }
        refused => refused,
    }
}

/// The person declines.
pub(crate) fn decline(world: &mut World, id: &str, now: Moment) -> Result<(), PersonError> {
    match world.external.operations.decline(id, now) {
        Err(PersonError::UnknownOperation) => world.external.identities.act(id, false),
        Ok(()) => {
            settle(world, now);
            Ok(())
        }
        refused => refused,
    }
}

/// The signing service ends an operation.
pub(crate) fn end(
    world: &mut World,
    id: &str,
    how: OperationEnd,
    now: Moment,
) -> Result<(), PersonError> {
    world.external.operations.end(id, how, now)?;
    settle(world, now);
    Ok(())
}

/// What became of the operation that a message is about.
pub(crate) fn message_state(world: &World, id: &str) -> Option<MessageState> {
    world
        .external
        .operations
        .message_state(id)
        .or_else(|| world.external.identities.state(id))
}

/// The `task-id` or `request-id` of the operation that a message is about.
pub(crate) fn known_as(world: &World, id: &str) -> Option<String> {
    world.external.operations.known_as(id)
}

/// Begins an operation, and sends its SMS; a push goes out `processing` later.
pub(super) fn begin(
    world: &mut World,
    user: usize,
    certificate: usize,
    method: Method,
    work: Work,
    now: Moment,
) -> Operation {
    let push_at = now.after(world.options.processing);
    let operation = Operation {
        id: world.ids.guid(),
        handle: world.ids.guid(),
        user,
        certificate,
        method,
        work,
        started: now,
        push_at,
        until: now.after(world.options.code_life),
        acts: None,
        stage: match method {
            Method::Dss => Stage::Queued,
            Method::Sms => Stage::Awaiting,
        },
        code: match method {
            Method::Dss => String::new(),
            Method::Sms => world.ids.code(world.options.code_length),
        },
        wrong_codes: 0,
        attached: false,
        content_id: None,
    };
    world.journal.counters.operations_started += 1;
    if method == Method::Sms {
        world.journal.counters.sms_sent += 1;
        let text = format!("Код подтверждения: {}. {}.", operation.code, purpose(work));
        let code = Some(operation.code.clone());
        tell(world, MessageKind::Sms, &operation, text, code, now);
    }
    world.external.operations.add(operation.clone());
    settle(world, now);
    operation
}

fn push(world: &mut World, index: usize, at: Moment) {
    world.journal.counters.pushes_sent += 1;
    let phone = world.phone;
    let Some(operation) = world.external.operations.get_mut(index) else {
        return;
    };
    operation.acts = match phone.mode {
        PhoneMode::Confirm => Some((at.after(phone.delay()), true)),
        PhoneMode::Decline => Some((at.after(phone.delay()), false)),
        PhoneMode::Manual | PhoneMode::Silent => None,
    };
    let operation = operation.clone();
    let text = format!("Подтвердите операцию. {}.", purpose(operation.work));
    tell(world, MessageKind::Push, &operation, text, None, at);
}

fn tell(
    world: &mut World,
    kind: MessageKind,
    operation: &Operation,
    text: String,
    code: Option<String>,
    at: Moment,
) {
    if world.phone.mode == PhoneMode::Silent {
        return;
    }
    let to = world.users.get(operation.user).map(|user| user.phone);
    world.outbox.push(Sent {
        kind,
        operation: operation.id.clone(),
        to: to.unwrap_or_default().to_owned(),
        text,
        code,
        visible_at: at.after(world.phone.delay()),
    });
}

fn purpose(work: Work) -> &'static str {
    match work {
        Work::Draft { .. } => "Подпись документов черновика",
        Work::Reply { .. } => "Подпись ответного документа",
        Work::Decryption { .. } => "Расшифровка документа",
    }
}

/// Takes a code for an SMS operation, and gives the operation when it is the right one.
pub(super) fn take_code(
    world: &mut World,
    fits: impl Fn(Work) -> bool,
    request_id: &str,
    code: &str,
    now: Moment,
) -> Result<(usize, Operation), ApiError> {
    let unknown = || ApiError::not_found("Запрос на подтверждение не найден.");
    let operations = &mut world.external.operations;
    let index = operations
        .by_handle(request_id, Method::Sms)
        .ok_or_else(unknown)?;
    let operation = operations.get_mut(index).ok_or_else(unknown)?;
    if !fits(operation.work) {
        return Err(unknown());
    }
    let refused =
        |text: &str, operation: &Operation| Err(ApiError::bad_request(text).about(&operation.id));
    match operation.stage {
        Stage::Awaiting => {}
        Stage::Dead(Death::TooManyAttempts) => {
            return refused(
                "Превышено число попыток ввода кода подтверждения.",
                operation,
            );
        }
        Stage::Dead(Death::Declined) => {
            return refused("Пользователь отказался от операции.", operation);
        }
        Stage::Confirmed { .. } => {
            return refused("Код подтверждения уже использован.", operation);
        }
        _ => return refused("Срок действия кода подтверждения истёк.", operation),
    }
    if operation.code != code.trim() {
        operation.wrong_codes += 1;
        if operation.wrong_codes >= world.options.code_attempts {
            operation.stage = Stage::Dead(Death::TooManyAttempts);
        }
        let answer = refused("Неверный код подтверждения.", operation);
        operations.close_if_still(index);
        return answer;
    }
    operation.stage = Stage::Confirmed { at: now };
    let operation = operation.clone();
    operations.close_if_still(index);
    world.journal.counters.confirmations += 1;
    Ok((index, operation))
}

/// The code of an SMS operation, as the test stand tells it.
pub(super) fn code_of(world: &World, request_id: &str) -> Result<(String, String), ApiError> {
    world
        .external
        .operations
        .by_handle(request_id, Method::Sms)
        .and_then(|index| world.external.operations.get(index))
        .map(|operation| (operation.code.clone(), operation.id.clone()))
        .ok_or_else(|| ApiError::not_found("Запрос на подтверждение не найден."))
}
