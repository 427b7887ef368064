//! The calls of every kind and what their answers mean.
//!
//! **Invariant:** the ids in the answer to a start decide what follows.

use std::collections::BTreeMap;

use podpis_core::call::{Answer, Effect};
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::{Current, Learned};
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{
    ApiError, ApiTask, ConfirmType, Confirmation, DecryptInit, DecryptionResult, PfrSignInit,
    SignInit, TaskId, TaskItem, TaskState, TaskType,
};
use podpis_operation::{Event, State};
use serde::de::IgnoredAny;

use super::collect::{content_of, fetch, look_for_new};
use super::kinds::CloudStart;
use super::record::{Record, Step};
use super::target::Target;
use super::task::{Says, read};
use crate::Extern;
use crate::explain::{is_id, is_not_found, locked};
use crate::json::{content_type, reading, sending};

pub(super) async fn start(
    client: &Extern,
    at: Current<'_, Record>,
    start: CloudStart,
) -> Result<Learned<Record>, Error> {
    let record = at.record();
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
    let (needs, confirm_type) = match &record.target {
        Target::Draft { .. } | Target::Reply { .. } => {
            let init: SignInit = reading(&answer)?;
            (init.needs(), init.confirm_type)
        }
        Target::PfrReply { .. } => {
            let init: PfrSignInit = reading(&answer)?;
            (init.needs(), init.confirm_type)
        }
        Target::Document { .. } => {
            let init: DecryptInit = reading(&answer)?;
            (init.needs(), init.confirm_type)
        }
    };
    Ok(match needs {
        Confirmation::Code(request) => Event::CodeSent {
            data: record.at(Step::Code { request }),
        },
        Confirmation::Phone(task) => Event::Accepted {
            data: record.at(Step::Task { task }),
        },
        _ if !matches!(confirm_type, None | Some(ConfirmType::None)) => {
            return Err(answer.unreadable("it asks for a confirmation and names no id"));
        }
        // Silence about everything is not the answer "nothing has to be confirmed".
        _ if !says_anything(&answer) => {
            return Err(answer.unreadable("it holds nothing that the answer to a start holds"));
        }
        _ => return Ok(fetching(record, false)),
    }
    .into())
}

/// Nothing is left to confirm, so the result is there already.
fn fetching(record: &Record, confirmed: bool) -> Learned<Record> {
    let step = Step::Fetching {
        looks: 0,
        confirmed,
    };
    let data = record.at(step);
    Learned::from(Event::Accepted { data }).at_once()
}

/// Whether an answer to a start has any of the names of one.
fn says_anything(answer: &Answer) -> bool {
    const NAMES: [&str; 7] = [
        "links",
        "documentstosign",
        "requestid",
        "taskid",
        "decryptiontaskid",
        "confirmtype",
        "confirmlink",
    ];
    let said: Result<BTreeMap<String, IgnoredAny>, Error> = reading(answer);
    said.is_ok_and(|said| {
        said.keys().any(|name| {
            let name = name.replace('-', "").to_ascii_lowercase();
            NAMES.contains(&name.as_str())
        })
    })
}

pub(super) async fn poll(
    client: &Extern,
    at: Current<'_, Record>,
) -> Result<Learned<Record>, Error> {
    let record = at.record();
    let task = match &record.step {
        Step::Task { task } => task,
        Step::Fetching { looks, confirmed } => {
            return fetch(client, record, *looks, *confirmed).await;
        }
        // As a step of another operation it was not taken, and is sent again.
        Step::Starting => {
            return Ok(Event::NextStep {
                data: record.clone(),
            }
            .into());
        }
        _ => return Err(at.unreadable("its step is not one that is polled")),
    };
    let (call, elsewhere) = record.target.task(&record.account, task);
    let mut asked = client.caller().call(call).await;
    if let (Err(error), Some(elsewhere)) = (&asked, elsewhere)
        && is_not_found(error)
    {
        asked = client.caller().call(elsewhere).await;
    }
    let answer = match asked {
        Ok(answer) => answer,
        // A task that is gone may have left its result before.
        Err(error) if is_not_found(&error) => {
            return match look_for_new(client, record).await? {
                Some(step) => Ok(Event::Finished {
                    data: record.at(step),
                }
                .into()),
                None => Err(error),
            };
        }
        Err(error) => return Err(error),
    };
    let task: ApiTask = reading(&answer)?;
    match read(record, &task, answer.retry_after()) {
        Says::News(learned) => Ok(*learned),
        Says::Succeeded if matches!(record.target, Target::Document { .. }) => {
            let result = task
                .as_decryption()
                .map_err(|error| answer.unreadable(error))?;
            let content = content_of(client, record, result).await?;
            Ok(Event::Finished {
                data: record.at(Step::Decrypted { content }),
            }
            .into())
        }
        Says::Succeeded => fetch(client, record, 0, true).await,
    }
}

pub(super) async fn confirm(
    client: &Extern,
    at: Current<'_, Record>,
    code: &ConfirmationCode,
) -> Result<Learned<Record>, Error> {
    let record = at.record();
    let Step::Code { request } = &record.step else {
        return Err(at.unreadable("it has no request to confirm"));
    };
    let call = record.target.confirm(&record.account, request, code);
    let answer = match client.caller().call(call).await {
        Ok(answer) => answer,
        Err(error) if is_rejection(&error) => {
            // A code that was used before is rejected too, and then the result is there.
            if let Ok(Some(step)) = look_for_new(client, record).await {
                return Ok(Event::Finished {
                    data: record.at(step),
                }
                .into());
            }
            let message = error.service().and_then(|answer| answer.message.clone());
            return Ok(Event::CodeRejected { message }.into());
        }
        Err(error) => return Err(error),
    };
    if matches!(record.target, Target::Document { .. })
        && let Ok(result) = DecryptionResult::read(content_type(&answer), answer.body())
    {
        let content = content_of(client, record, result).await.map_err(|error| {
            let text =
                format!("the document is decrypted, and its content could not be kept ({error})");
            let kind = error.kind();
            error.with_kind(kind, text).with_effect(Effect::Applied)
        })?;
        return Ok(Event::Finished {
            data: record.at(Step::Decrypted { content }),
        }
        .into());
    }
    // What cannot be read from the answer is read from the document: the code was taken, and that must not be lost.
    Ok(fetching(record, true))
}

/// A wrong or old code has no id of its own in Extern's errors: what is refused as bad without a known id is a
/// wrong code, and the service's words go to the person.
fn is_rejection(error: &Error) -> bool {
    let known = [
        ApiError::CONCURRENT_API_TASK_ACTIVE,
        ApiError::SIGNATURE_NOT_FOUND,
        ApiError::CHECK_PROTOCOL_HAS_ERRORS,
        ApiError::DOCUMENT_PRINT_UNSUPPORTED,
        ApiError::EMPTY_CONTENT,
    ];
    error.service().is_some_and(|answer| {
        let is_known = |code: &str| known.iter().any(|id| is_id(code, id));
        !answer.is_page
            && matches!(answer.status.as_u16(), 400 | 422)
            && !answer.code.as_deref().is_some_and(is_known)
    })
}

pub(super) async fn reconcile(
    client: &Extern,
    at: Current<'_, Record>,
) -> Result<Event<Record>, Error> {
    let record = at.record();
    let is_start = matches!(at.state(), State::Starting);
    if is_start && let Some(task) = lost_task(client, record).await? {
        return Ok(Event::Accepted {
            data: record.at(Step::Task { task }),
        });
    }
    if let Some(step) = look_for_new(client, record).await? {
        return Ok(Event::Finished {
            data: record.at(step),
        });
    }
    let what = record.target.describe();
    let text = if is_start {
        format!(
            "the start for {what} was sent and its answer was lost: the person may have been asked on the phone, or have \
             got an SMS whose code cannot be used without that answer. There is no result yet; look into the phone app, \
             decline what is open there, and start over"
        )
    } else {
        format!(
            "the code for {what} was sent and its answer was lost, and there is no result yet: it may still come. Resume \
             later to look again; if nothing comes, start over, which asks the person again"
        )
    };
    Err(Error::new(ErrorKind::CannotTell, text))
}

/// The task of a start whose answer was lost: only a draft lists its tasks. The service has one of a draft at work at a
/// time, so one that is at work is followed. One that has succeeded may be older than the start; it is asked for, which
/// makes the service attach its signatures, and then these tell.
async fn lost_task(client: &Extern, record: &Record) -> Result<Option<TaskId>, Error> {
    let Target::Draft { draft } = &record.target else {
        return Ok(None);
    };
    let account = client.account(&record.account);
    let tasks = account.draft_tasks(draft).await?;
    let is_ours = |item: &&TaskItem| item.task_type == Some(TaskType::InitDraftSign);
    let (mut running, mut succeeded) = (None, Vec::new());
    for item in tasks.iter().filter(is_ours) {
        match (&item.id, &item.state) {
            (Some(id), _) if record.before.tasks.contains(id) => {}
            (Some(id), Some(TaskState::Running)) => running = Some(id),
            (Some(id), Some(TaskState::Succeed)) => succeeded.push(id),
            _ => {}
        }
    }
    if running.is_none() {
        for task in succeeded {
            match account.draft_task(draft, task).await {
                Err(error) if !is_not_found(&error) => return Err(error),
                _ => {}
            }
        }
    }
    Ok(running.cloned())
}
