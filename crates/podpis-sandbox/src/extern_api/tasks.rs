//! Decides what a task says, and attaches its outcome when it says that it succeeded.
//!
//! **Invariant:** a signature or a decrypted content appears only on the GET of the task that sees `succeed`; a
//! list of tasks attaches nothing and shows such a task as running.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::error_json;
use super::operations::by_handle;
use super::state::Room;
use super::work::{Operation, Work, status};
use super::{api_task, outcome};
use crate::answer::{Handled, Refusal, Reply, base64};
use crate::phone::{End, MessageKind, Stage};

/// The type of the task that does some work; the sources name none for a package.
pub(super) fn task_type(room: &Room, work: Work) -> Option<&'static str> {
    match work {
        Work::Draft { .. } => Some("urn:task-type:initDraftSignOperation"),
        Work::Decryption { .. } => Some("urn:task-type:initDocumentDecryptionOperation"),
        Work::Reply { reply } => match room.own.replies.get(reply) {
            Some(reply) if reply.package => None,
            _ => Some("urn:task-type:initReplySignOperation"),
        },
    }
}

/// `GET …/tasks/{t}`.
pub(super) fn poll(room: &mut Room, call: &Call, fits: impl Fn(&Room, Work) -> bool) -> Handled {
    room.counters().polls += 1;
    let unknown = || Refusal::not_found("Задача не найдена.");
    let index = by_handle(room, call.ids.task, MessageKind::Push).ok_or_else(unknown)?;
    let known = room.own.operations.get(index).ok_or_else(unknown)?;
    if !fits(room, known.work.work) {
        return Err(unknown());
    }
    if let Stage::Confirmed { at } = known.stage {
        let ready_at = at.after(room.shared.options.processing);
        if call.now >= ready_at {
            outcome::attach(room, index, ready_at)?;
        }
    }
    let operation = room.own.operations.get(index).ok_or_else(unknown)?;
    Ok(Reply::json(&render(room, call, operation)).about(&operation.id))
}

fn state(operation: &Operation) -> &'static str {
    match operation.stage {
        Stage::Ended(_) => "failed",
        Stage::Confirmed { .. } if operation.work.attached => "succeed",
        _ => "running",
    }
}

fn render(room: &Room, call: &Call, operation: &Operation) -> Value {
    let spelling = room.own.options.spelling;
    let status = spelling.progress_name(status(operation, call.now));
    let mut task = Map::new();
    let mut set = |name: &str, value: Value| {
        task.insert(name.to_owned(), value);
    };
    set("id", json!(operation.handle()));
    set("task-state", json!(spelling.state_name(state(operation))));
    if let Some(kind) = task_type(room, operation.work.work) {
        set("task-type", json!(kind));
    }
    let succeeded = state(operation) == "succeed";
    if succeeded && matches!(operation.work.work, Work::Decryption { .. }) {
        set("task-result", decryption_result(room, call, operation));
    } else if succeeded || spelling.progress_in_result() {
        set(
            "task-result",
            json!({
                "operation-status": status,
                "file-statuses": if succeeded { files(room, operation) } else { json!([]) },
            }),
        );
    }
    if let Stage::Ended(end) = operation.stage {
        set(
            "error",
            error_json(
                spelling,
                match end {
                    End::TimedOut => StatusCode::REQUEST_TIMEOUT,
                    End::Crashed => StatusCode::INTERNAL_SERVER_ERROR,
                    _ => StatusCode::BAD_REQUEST,
                },
                "error",
                reason(end),
                &room.shared.trace,
                true,
            ),
        );
    }
    if !spelling.progress_in_result() {
        set("progress", json!(status));
    }
    Value::Object(task)
}

fn reason(end: End) -> &'static str {
    match end {
        End::Declined => "Пользователь отменил операцию.",
        End::TimedOut => "Истекло время подтверждения операции.",
        End::Crashed => "Ошибка сервера подписи.",
        End::TooManyAttempts => "Исчерпан лимит попыток подтверждения.",
        End::AnotherOperationOpen | End::Unasked => {
            "У пользователя есть неподтверждённая операция."
        }
    }
}

fn decryption_result(room: &Room, call: &Call, operation: &Operation) -> Value {
    let content_id = operation.work.content_id.clone().unwrap_or_default();
    if !room.own.options.inline_decryption_result {
        return json!({ "content-id": content_id });
    }
    let content = room.own.contents.get(&content_id, call.account);
    let length = content.and_then(|known| known.complete());
    let length = length.unwrap_or_default();
    content.map_or(Value::Null, |known| json!(base64(&known.read(0, length))))
}

fn files(room: &Room, operation: &Operation) -> Value {
    let parts = match operation.work.work {
        Work::Draft { draft } => room.own.drafts.get(draft).map(|draft| &draft.parts),
        Work::Reply { reply } => room.own.replies.get(reply).map(|reply| &reply.parts),
        Work::Decryption { .. } => None,
    };
    parts
        .into_iter()
        .flatten()
        .map(|part| {
            json!({
                "file-id": part.id,
                "status": "Completed",
                "error-id": null,
                "error-code": "None",
                "result-size": part.signature.as_ref().map_or(0, |known| known.bytes.len()),
                "result-md5": null,
                "result-id": part.signature.as_ref().map(|known| &known.id),
            })
        })
        .collect()
}

/// `GET …/drafts/{dr}/tasks`: the running tasks, with `includeReleased` the ended ones too.
pub(super) fn list(room: &Room, call: &Call, draft: usize, path: &str) -> Handled {
    let released = call.query.flag("includeReleased")?;
    let spelling = room.own.options.spelling;
    let own = &room.own;
    let known = own.draft(draft)?;
    let operations = known.operations.iter();
    let signings = operations.filter_map(|place| own.operations.get(*place));
    let signings = signings
        .filter(|known| known.kind == MessageKind::Push)
        .map(|known| {
            (
                known.handle(),
                state(known),
                task_type(room, known.work.work),
            )
        });
    let others = known
        .tasks
        .iter()
        .filter_map(|place| own.api_tasks.get(*place));
    let others = others.map(api_task::listed);
    let tasks: Vec<_> = signings
        .chain(others)
        .filter(|(_, state, _)| released || *state == "running")
        .collect();
    let show = |(id, state, kind): &(&str, &str, Option<&str>)| {
        json!({
            "id": id,
            "task-state": spelling.state_name(state),
            "task-type": kind,
            "task-result-link": call.link("task", &format!("{path}/tasks/{id}")),
        })
    };
    let page = call.paged(1000, "api-task-page-items", &tasks, show)?;
    Ok(Reply::json(&page))
}
