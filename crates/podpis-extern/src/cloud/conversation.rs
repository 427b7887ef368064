//! The calls of every kind and what their answers mean.
//!
//! **Invariant:** the ids in the answer to a start decide what follows.

use http::StatusCode;
use podpis_core::call::{Answer, Call};
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::{Learned, Reconciled};
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{
    ApiError, ApiTask, Confirmation, DecryptInit, DecryptionResult, PfrSignInit, SignInit,
    TaskPage, TaskState, TaskType,
};
use podpis_operation::{Event, Operation, State};

use super::collect::{content_of, fetch, look};
use super::kinds::CloudStart;
use super::record::{Record, Step, unreadable};
use super::target::Target;
use super::task::{Says, read};
use crate::Extern;
use crate::endpoints::DRAFT_TASKS;
use crate::explain::locked;
use crate::json::{asking, content_type, reading, sending};

pub(super) async fn start(
    client: &Extern,
    operation: &Operation,
    start: CloudStart,
) -> Result<Learned, Error> {
    let record = Record::of(operation)?;
    let body = match start {
        CloudStart::Nothing => None,
        CloudStart::Certificate(body) => Some(body),
        // Somebody decrypted it before: nobody has to be asked.
        CloudStart::AlreadyDecrypted(content) => {
            return Ok(Event::Finished {
                data: record.at(Step::Decrypted { content }),
            }
            .into());
        }
    };
    let call = record.target.start(&record.account);
    let call = match &body {
        Some(body) => sending(call, body),
        None => call,
    };
    let answer = client.caller().call(call).await.map_err(locked)?;
    let needs = match &record.target {
        Target::Draft { .. } | Target::Reply { .. } => reading::<SignInit>(&answer)?.needs(),
        Target::PfrReply { .. } => reading::<PfrSignInit>(&answer)?.needs(),
        Target::Document { .. } => reading::<DecryptInit>(&answer)?.needs(),
    };
    Ok(match needs {
        Confirmation::Code(request) => Event::CodeSent {
            data: record.at(Step::Code { request }),
        },
        Confirmation::Phone(task) => Event::Accepted {
            data: record.at(Step::Task { task }),
        },
        _ => Event::Accepted {
            data: record.at(Step::Fetching { looks: 0 }),
        },
    }
    .into())
}

pub(super) async fn poll(client: &Extern, operation: &Operation) -> Result<Learned, Error> {
    let record = Record::of(operation)?;
    let task = match record.step.clone() {
        Step::Task { task } => task,
        Step::Fetching { looks } => return fetch(client, &record, looks).await,
        _ => return Err(unreadable(operation, "its step is not one that is polled")),
    };
    let (call, elsewhere) = record.target.task(&record.account, &task);
    let answer = match (client.caller().call(call).await, elsewhere) {
        (Err(error), Some(elsewhere)) if is_not_found(&error) => {
            client.caller().call(elsewhere).await?
        }
        (answer, _) => answer?,
    };
    let task: ApiTask = reading(&answer)?;
    match read(&record, &task) {
        Says::News(learned) => Ok(learned),
        Says::Succeeded if matches!(record.target, Target::Document { .. }) => {
            let result = task
                .as_decryption()
                .map_err(|error| answer.unreadable(error))?;
            let content = content_of(client, &record, result).await?;
            Ok(Event::Finished {
                data: record.at(Step::Decrypted { content }),
            }
            .into())
        }
        Says::Succeeded => fetch(client, &record, 0).await,
    }
}

pub(super) async fn confirm(
    client: &Extern,
    operation: &Operation,
    code: &ConfirmationCode,
) -> Result<Learned, Error> {
    let record = Record::of(operation)?;
    let Step::Code { request } = &record.step else {
        return Err(unreadable(operation, "it has no request to confirm"));
    };
    if code.expose().trim().is_empty() {
        return Err(Error::new(ErrorKind::InvalidInput, "the code is empty"));
    }
    let call = record.target.confirm(&record.account, request, code);
    let answer = match client.caller().call(call).await {
        Ok(answer) => answer,
        Err(error) => return rejected(error),
    };
    if matches!(record.target, Target::Document { .. })
        && let Some(content) = decrypted(client, &record, &answer).await
    {
        return Ok(Event::Finished {
            data: record.at(Step::Decrypted { content }),
        }
        .into());
    }
    Ok(Event::Accepted {
        data: record.at(Step::Fetching { looks: 0 }),
    }
    .into())
}

/// The content of a confirmed decryption. What cannot be read from the answer is read from the document: the
/// code was taken, and that must not be lost.
async fn decrypted(
    client: &Extern,
    record: &Record,
    answer: &Answer,
) -> Option<podpis_extern_model::ContentId> {
    let result = DecryptionResult::read(content_type(answer), answer.body()).ok()?;
    content_of(client, record, result).await.ok()
}

/// A wrong or old code has no id of its own in Extern's errors: what is refused without a known id is a wrong
/// code, and the service's words go to the person.
fn rejected(error: Error) -> Result<Learned, Error> {
    let Some(answer) = error.service() else {
        return Err(error);
    };
    let known = [
        ApiError::CONCURRENT_API_TASK_ACTIVE,
        ApiError::SIGNATURE_NOT_FOUND,
        ApiError::CHECK_PROTOCOL_HAS_ERRORS,
        ApiError::DOCUMENT_PRINT_UNSUPPORTED,
        ApiError::EMPTY_CONTENT,
    ];
    let has_known_id = answer
        .code
        .as_deref()
        .is_some_and(|code| known.iter().any(|id| id.eq_ignore_ascii_case(code)));
    match answer.status.as_u16() {
        400 | 404 | 410 | 422 if !has_known_id => {
            let message = answer.message.clone();
            Ok(Event::CodeRejected { message }.into())
        }
        _ => Err(locked(error)),
    }
}

fn is_not_found(error: &Error) -> bool {
    error
        .service()
        .is_some_and(|answer| answer.status == StatusCode::NOT_FOUND)
}

pub(super) async fn reconcile(client: &Extern, operation: &Operation) -> Result<Reconciled, Error> {
    let record = Record::of(operation)?;
    let is_start = matches!(operation.state(), State::Starting);
    if is_start && let Some(task) = running_task(client, &record).await? {
        return Ok(Reconciled::Applied(Event::Accepted {
            data: record.at(Step::Task { task }),
        }));
    }
    if let Some(step) = look(client, &record).await? {
        return Ok(Reconciled::Applied(Event::Finished {
            data: record.at(step),
        }));
    }
    if !is_start {
        // The code was not taken, or was wrong: it can be given again, and a code that was used is rejected.
        return Ok(Reconciled::Applied(Event::CodeNotTaken));
    }
    Ok(Reconciled::CannotTell(format!(
        "the start for {} was sent and its answer was lost: the person may have been asked on the phone, or have got an SMS \
         whose code cannot be used without that answer. There is no result yet; look into the phone app, decline what is \
         open there, and start over",
        record.target.describe()
    )))
}

/// Only a draft lists its tasks. One that is running, or that has succeeded and was not asked since, is the start
/// whose answer was lost.
async fn running_task(
    client: &Extern,
    record: &Record,
) -> Result<Option<podpis_extern_model::TaskId>, Error> {
    let Target::Draft { draft } = &record.target else {
        return Ok(None);
    };
    let call = Call::new(&DRAFT_TASKS)
        .segment("account", record.account.as_str())
        .segment("draft", draft.as_str())
        .query("skip", "0")
        .query("take", "1000")
        .query("includeReleased", "true");
    let page: TaskPage = reading(&client.caller().call(asking(call)).await?)?;
    let of_signing = |state: TaskState| {
        page.items
            .iter()
            .filter(|item| item.task_type == Some(TaskType::InitDraftSign))
            .rfind(|item| item.state.as_ref() == Some(&state))
            .and_then(|item| item.id.clone())
    };
    Ok(of_signing(TaskState::Running).or_else(|| of_signing(TaskState::Succeed)))
}
