//! Decides what a task says, and attaches its outcome when it says that it succeeded.
//!
//! **Invariant:** a signature or a decrypted content appears only on the GET of the task that sees `succeed`; a
//! list of tasks attaches nothing and shows such a task as running.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::call::{Call, base64};
use super::error::{Answered, ApiError, error_json};
use super::operations::{Death, Method, Operation, Stage, Work};
use super::outcome;
use super::state::Part;
use crate::answer::Reply;
use crate::world::World;

/// The type of the task that does some work; the sources name none for a package.
pub(super) fn task_type(world: &World, work: Work) -> Option<&'static str> {
    match work {
        Work::Draft { .. } => Some("urn:task-type:initDraftSignOperation"),
        Work::Decryption { .. } => Some("urn:task-type:initDocumentDecryptionOperation"),
        Work::Reply { reply } => match world.external.replies.get(reply) {
            Some(reply) if reply.package => None,
            _ => Some("urn:task-type:initReplySignOperation"),
        },
    }
}

/// `GET …/tasks/{t}`.
pub(super) fn poll(
    world: &mut World,
    call: &Call<'_>,
    fits: impl Fn(&World, Work) -> bool,
) -> Answered {
    world.journal.counters.polls += 1;
    let unknown = || ApiError::not_found("Задача не найдена.");
    let index = world
        .external
        .operations
        .by_handle(call.ids.task, Method::Dss)
        .ok_or_else(unknown)?;
    let known = world.external.operations.get(index).ok_or_else(unknown)?;
    if !fits(world, known.work) {
        return Err(unknown());
    }
    if let Stage::Confirmed { at } = known.stage {
        let ready_at = at.after(world.options.processing);
        if call.now >= ready_at {
            outcome::attach(world, index, ready_at)?;
        }
    }
    let operation = world
        .external
        .operations
        .get(index)
        .ok_or_else(unknown)?
        .clone();
    Ok(Reply::json(&render(world, call, &operation)).about(&operation.id))
}

fn state(operation: &Operation) -> &'static str {
    match operation.stage {
        Stage::Dead(_) => "failed",
        Stage::Confirmed { .. } if operation.attached => "succeed",
        _ => "running",
    }
}

fn render(world: &World, call: &Call<'_>, operation: &Operation) -> Value {
    let spelling = world.options.extern_options.spelling;
    let status = spelling.progress_name(operation.status(call.now));
    let mut task = Map::new();
    let mut set = |name: &str, value: Value| {
        task.insert(name.to_owned(), value);
    };
    set("id", json!(operation.handle));
    set("task-state", json!(spelling.state_name(state(operation))));
    if let Some(kind) = task_type(world, operation.work) {
        set("task-type", json!(kind));
    }
    let succeeded = state(operation) == "succeed";
    if succeeded && matches!(operation.work, Work::Decryption { .. }) {
        set("task-result", decryption_result(world, call, operation));
    } else if succeeded || spelling.progress_in_result() {
        set(
            "task-result",
            json!({
                "operation-status": status,
                "file-statuses": if succeeded { files(world, operation) } else { json!([]) },
            }),
        );
    }
    if let Stage::Dead(death) = operation.stage {
        set(
            "error",
            error_json(
                spelling,
                match death {
                    Death::TimedOut => StatusCode::REQUEST_TIMEOUT,
                    Death::Crashed => StatusCode::INTERNAL_SERVER_ERROR,
                    _ => StatusCode::BAD_REQUEST,
                },
                "error",
                reason(death),
                &world.trace,
                true,
            ),
        );
    }
    if !spelling.progress_in_result() {
        set("progress", json!(status));
    }
    Value::Object(task)
}

fn reason(death: Death) -> &'static str {
    match death {
        Death::Declined => "Пользователь отменил операцию.",
        Death::TimedOut => "Истекло время подтверждения операции.",
        Death::Crashed => "Ошибка сервера подписи.",
        Death::TooManyAttempts => "Исчерпан лимит попыток подтверждения.",
        Death::AnotherOperationOpen => "У пользователя есть неподтверждённая операция.",
    }
}

fn decryption_result(world: &World, call: &Call<'_>, operation: &Operation) -> Value {
    let content_id = operation.content_id.clone().unwrap_or_default();
    if !world.options.extern_options.inline_decryption_result {
        return json!({ "content-id": content_id });
    }
    let content = world.external.contents.get(&content_id, call.account);
    let length = content
        .and_then(|known| known.complete())
        .unwrap_or_default();
    content.map_or(Value::Null, |known| json!(base64(&known.read(0, length))))
}

fn files(world: &World, operation: &Operation) -> Value {
    let parts: &[Part] = match operation.work {
        Work::Draft { draft } => world
            .external
            .drafts
            .get(draft)
            .map_or(&[], |draft| &draft.parts),
        Work::Reply { reply } => world
            .external
            .replies
            .get(reply)
            .map_or(&[], |reply| &reply.parts),
        Work::Decryption { .. } => &[],
    };
    parts
        .iter()
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
pub(super) fn list(world: &World, call: &Call<'_>, draft: usize, path: &str) -> Answered {
    let (skip, take) = call.page(1000)?;
    let released = call.query.flag("includeReleased")?;
    let spelling = world.options.extern_options.spelling;
    let signings = world
        .external
        .operations
        .all()
        .filter(|known| known.method == Method::Dss && known.work == (Work::Draft { draft }))
        .map(|known| {
            (
                known.handle.as_str(),
                state(known),
                task_type(world, known.work),
            )
        });
    let others = world
        .external
        .api_tasks
        .listed(|known| known.draft() == Some(draft))
        .map(|(id, state, kind)| (id, state, Some(kind)));
    let tasks: Vec<_> = signings
        .chain(others)
        .filter(|(_, state, _)| released || *state == "running")
        .collect();
    let items: Vec<Value> = tasks
        .iter()
        .skip(skip)
        .take(take)
        .map(|(id, state, kind)| {
            json!({
                "id": id,
                "task-state": spelling.state_name(state),
                "task-type": kind,
                "task-result-link": call.link("task", &format!("{path}/tasks/{id}")),
            })
        })
        .collect();
    Ok(Reply::json(&json!({
        "skip": skip,
        "take": take,
        "total-count": tasks.len(),
        "api-task-page-items": items,
    })))
}
