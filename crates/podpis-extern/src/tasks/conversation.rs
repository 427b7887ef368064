//! The calls of checking, preparing and sending, and what their answers mean.
//!
//! **Invariant:** a start is sent again only after the draft was looked at and shows nothing of it.

use podpis_core::call::{Answer, Effect, RepeatPolicy};
use podpis_core::error::tidy;
use podpis_core::wait::Learned;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{
    ApiError, ApiTask, DocflowId, DraftStatus, PrepareStatus, SendResult, TaskId, TaskItem,
    TaskState,
};
use podpis_operation::{Event, Refusal};
use serde_json::Value;

use super::findings::{in_words, known, refusal_of};
use super::record::{Record, Step};
use super::work::Work;
use crate::Extern;
use crate::drafts::{at, docflow_of};
use crate::endpoints::DRAFT_TASK;
use crate::explain::{is_not_found, locked};
use crate::json::{asking, reading};

/// Sends the start.
pub(super) async fn start(client: &Extern, record: &Record) -> Result<Learned<Record>, Error> {
    let call = record.work.call(&record.account, &record.draft);
    let answer = client
        .caller()
        .call(call)
        .await
        .map_err(|error| known(locked(error)))?;
    let task: ApiTask = reading(&answer)?;
    if let Some(event) = outcome(client, record, &task, &answer).await? {
        return Ok(event.into());
    }
    let Some(task) = task.id else {
        return Err(answer.unreadable("it names no task"));
    };
    Ok(Event::Accepted {
        data: record.at(Step::Task { task }),
    }
    .into())
}

/// Sends the start of a record that was there before: it may have arrived by now, and a refusal that will stay one
/// ends the operation.
pub(super) async fn next_step(client: &Extern, record: &Record) -> Result<Learned<Record>, Error> {
    let error = match start(client, record).await {
        Err(error) if !error.may_have_been_applied() && error.service().is_some() => error,
        other => return other,
    };
    if !error.is_transient() {
        match found(client, record).await? {
            Found::Task(task) => {
                return Ok(Event::Accepted {
                    data: record.at(Step::Task { task }),
                }
                .into());
            }
            Found::Sent(docflow) => return Ok(sent(record, docflow).into()),
            // An earlier start arrived after all: that this one is refused says nothing of it.
            Found::InProgress => {
                return Ok(Learned::from(Event::StepNotTaken).noting(in_progress(record)));
            }
            Found::Nothing => {}
        }
    }
    match refused(&error) {
        Some((refusal, message)) => Ok(Event::Refused { refusal, message }.into()),
        None => Err(error),
    }
}

/// Asks the task.
pub(super) async fn poll(client: &Extern, record: &Record) -> Result<Learned<Record>, Error> {
    let Step::Task { task } = &record.step else {
        // It was not taken as far as anybody knew, and is sent when the draft still shows nothing of it.
        return Ok(match found(client, record).await? {
            Found::Sent(docflow) => sent(record, docflow),
            Found::Task(task) => Event::Progressed {
                data: record.at(Step::Task { task }),
            },
            Found::InProgress => {
                return Ok(Learned::still_running(None).noting(in_progress(record)));
            }
            Found::Nothing => Event::NextStep {
                data: record.clone(),
            },
        }
        .into());
    };
    let call = at(&DRAFT_TASK, &record.account, &record.draft).segment("task", task.as_str());
    // The next poll is the repetition.
    let call = asking(call.repeat(RepeatPolicy::never()));
    let answer = match client.caller().call(call).await {
        Ok(answer) => answer,
        // A task that is gone may have left its result before.
        Err(error) if is_not_found(&error) => {
            return match found(client, record).await? {
                Found::Sent(docflow) => Ok(sent(record, docflow).into()),
                _ => Err(error),
            };
        }
        Err(error) => return Err(error),
    };
    let task: ApiTask = reading(&answer)?;
    if let Some(event) = outcome(client, record, &task, &answer).await? {
        return Ok(event.into());
    }
    let learned = Learned::still_running(answer.retry_after());
    Ok(match &task.state {
        TaskState::Running => learned,
        other => learned.noting(format!("its task is `{other}`, which is unknown")),
    })
}

/// Looks up what became of a start whose answer was lost. One that left nothing behind was not taken: it is looked
/// for once more after a pause, and then sent again.
pub(super) async fn reconcile(client: &Extern, record: &Record) -> Result<Event<Record>, Error> {
    Ok(match found(client, record).await? {
        Found::Sent(docflow) => sent(record, docflow),
        Found::Task(task) => Event::Accepted {
            data: record.at(Step::Task { task }),
        },
        Found::InProgress => {
            let text = format!("{}: resume later to look again", in_progress(record));
            return Err(Error::new(ErrorKind::CannotTell, text));
        }
        Found::Nothing => Event::StepNotTaken,
    })
}

/// The tasks of this work that are there already. Who may not list tasks may still work; only a lost start is then
/// harder to find.
pub(super) async fn tasks_before(client: &Extern, record: &Record) -> Result<Vec<TaskId>, Error> {
    match tasks(client, record).await {
        Err(error) if error.kind() == ErrorKind::Service && !error.is_transient() => Ok(Vec::new()),
        tasks => Ok(tasks?.into_iter().filter_map(|item| item.id).collect()),
    }
}

fn in_progress(record: &Record) -> String {
    format!(
        "draft {} was sent or is being sent, and names neither a task nor a docflow",
        record.draft
    )
}

/// What a draft shows of a start.
enum Found {
    /// The draft was sent.
    Sent(DocflowId),
    /// The service works on it, or has.
    Task(TaskId),
    /// The draft's status says so, and nothing else does.
    InProgress,
    Nothing,
}

async fn found(client: &Extern, record: &Record) -> Result<Found, Error> {
    let mut in_progress = false;
    if matches!(record.work, Work::Send { .. }) {
        let draft = client.account(&record.account).draft(&record.draft).await?;
        if let Some(docflow) = docflow_of(&draft) {
            return Ok(Found::Sent(docflow));
        }
        in_progress = matches!(
            draft.status,
            Some(DraftStatus::SendInProgress | DraftStatus::Sent)
        );
    }
    let new = tasks(client, record)
        .await?
        .into_iter()
        .filter_map(|item| Some((item.state, item.id?)))
        .filter(|(_, id)| !record.before.contains(id));
    // One that runs tells more than one that has ended, and one that went well more than one that failed.
    let rank = |state: &Option<TaskState>| match state {
        Some(TaskState::Failed) => 2,
        Some(TaskState::Succeed) => 1,
        _ => 0,
    };
    Ok(match new.min_by_key(|(state, _)| rank(state)) {
        Some((_, task)) => Found::Task(task),
        None if in_progress => Found::InProgress,
        None => Found::Nothing,
    })
}

async fn tasks(client: &Extern, record: &Record) -> Result<Vec<TaskItem>, Error> {
    let wanted = record.work.task_type();
    let all = client
        .account(&record.account)
        .draft_tasks(&record.draft)
        .await?;
    let is_ours = |item: &TaskItem| item.task_type.as_ref() == Some(&wanted);
    Ok(all.into_iter().filter(is_ours).collect())
}

/// What a task that has ended means. A sending that crashed may have sent before, and a report must not be sent
/// again then: the draft knows.
async fn outcome(
    client: &Extern,
    record: &Record,
    task: &ApiTask,
    answer: &Answer,
) -> Result<Option<Event<Record>>, Error> {
    let event = ended(record, task, answer)?;
    let has_crashed = |event: &Event<Record>| {
        let refusal = Refusal::ServiceCrashed;
        matches!(event, Event::Refused { refusal: found, .. } if *found == refusal)
    };
    if !matches!(record.work, Work::Send { .. }) || !event.as_ref().is_some_and(has_crashed) {
        return Ok(event);
    }
    match client.account(&record.account).draft(&record.draft).await {
        Ok(draft) => Ok(docflow_of(&draft)
            .map(|docflow| sent(record, docflow))
            .or(event)),
        Err(error) if error.is_transient() => Err(error.with_effect(Effect::Unknown)),
        Err(_) => Ok(event),
    }
}

fn ended(record: &Record, task: &ApiTask, answer: &Answer) -> Result<Option<Event<Record>>, Error> {
    match task.state {
        TaskState::Failed => {
            let (refusal, message) = failed(task);
            return Ok(Some(Event::Refused { refusal, message }));
        }
        TaskState::Succeed => {}
        _ => return Ok(None),
    }
    let unreadable = |error| answer.unreadable(error);
    let finished = |step| Event::Finished {
        data: record.at(step),
    };
    Ok(Some(match record.work {
        Work::Check => finished(Step::Checked {
            result: task.as_check().map_err(unreadable)?,
        }),
        Work::Prepare { force } => {
            let prepared = task.as_prepare().map_err(unreadable)?;
            let result = prepared.check_result.unwrap_or_default();
            let words = in_words(&result);
            let refusal = match &prepared.status {
                Some(PrepareStatus::CheckProtocolHasErrors) if !force => {
                    Some((Refusal::DocumentsRefused, words))
                }
                Some(PrepareStatus::EncryptionFailed) => Some((
                    Refusal::DocumentsRefused,
                    Some("the documents could not be encrypted".to_owned()),
                )),
                _ => None,
            };
            match refusal {
                Some((refusal, message)) => Event::Refused { refusal, message },
                None => finished(Step::Prepared {
                    result,
                    status: prepared.status,
                }),
            }
        }
        Work::Send { .. } => match task.as_send().map_err(unreadable)? {
            SendResult::Sent(docflow) => {
                let id = docflow
                    .id
                    .ok_or_else(|| answer.unreadable("task-result.id is missing"))?;
                finished(Step::Sent {
                    docflow: id,
                    told: task.result_as::<Value>().unwrap_or_default(),
                })
            }
            SendResult::Failed(failure) => {
                let words = failure.check_result.as_ref().and_then(in_words);
                let refusal = match refusal_of(failure.id.as_deref()) {
                    Refusal::Other if words.is_some() => Refusal::DocumentsRefused,
                    refusal => refusal,
                };
                let message = message(failure.message.as_deref(), words, failure.trace());
                Event::Refused { refusal, message }
            }
        },
    }))
}

fn failed(task: &ApiTask) -> (Refusal, Option<String>) {
    let error = task.error.clone().unwrap_or_default();
    let refusal = match (refusal_of(error.id.as_deref()), error.status()) {
        (Refusal::Other, Some(408 | 500..=599)) => Refusal::ServiceCrashed,
        (Refusal::Other, _) if error.is(ApiError::CONCURRENT_API_TASK_ACTIVE) => {
            Refusal::AnotherOperationOpen {
                operation: None,
                sort: None,
            }
        }
        (refusal, _) => refusal,
    };
    let message = message(error.message.as_deref(), None, error.trace());
    (refusal, message)
}

/// A task that failed, as the error of a call that waited for it.
pub(crate) fn failure(task: &ApiTask) -> Error {
    let (refusal, message) = failed(task);
    Error::refused(refusal, message.as_deref())
}

fn message(said: Option<&str>, words: Option<String>, trace: Option<&str>) -> Option<String> {
    let said = said.map(tidy).filter(|text| !text.is_empty());
    let mut text = [said, words]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(": ");
    if let Some(trace) = trace {
        text.push_str(&format!(" [trace id {}]", tidy(trace)));
    }
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn sent(record: &Record, docflow: DocflowId) -> Event<Record> {
    Event::Finished {
        data: record.at(Step::Sent {
            docflow,
            told: Value::Null,
        }),
    }
}

/// Whether the service will give the same answer again, whoever asks and whenever.
fn is_final(error: &Error) -> bool {
    let is_lock = matches!(error.refusal(), Some(Refusal::AnotherOperationOpen { .. }));
    error.service().is_some_and(|answer| {
        let status = answer.status.as_u16();
        !is_lock && !answer.is_page && matches!(status, 400 | 404 | 405 | 410 | 413 | 415 | 422)
    })
}

/// The refusal, where the service will give the same answer again.
pub(crate) fn refused(error: &Error) -> Option<(Refusal, Option<String>)> {
    if !is_final(error) {
        return None;
    }
    let refusal = error
        .refusal()
        .cloned()
        .unwrap_or_else(|| refusal_of(error.service().and_then(|answer| answer.code.as_deref())));
    Some((refusal, Some(error.to_string())))
}
