//! Reads what a task says.
//!
//! **Invariant:** the task's state decides; the nine progress values only explain. What is unknown means "still
//! at work" and is named if the wait ends without a result.

use std::time::Duration;

use podpis_core::error::tidy;
use podpis_core::wait::Learned;
use podpis_extern_model::{ApiTask, OperationStatus, TaskState};
use podpis_operation::{Event, Refusal};

use super::record::Record;

/// What a task means for its operation.
pub(super) enum Says {
    /// It goes on, or there will be no result.
    News(Box<Learned<Record>>),
    /// The service has attached the result.
    Succeeded,
}

pub(super) fn read(record: &Record, task: &ApiTask, retry_after: Option<Duration>) -> Says {
    let progress = task.progress();
    match &task.state {
        TaskState::Succeed => Says::Succeeded,
        TaskState::Failed => Says::News(Box::new(refused(task, progress.as_ref()).into())),
        TaskState::Running => {
            let news = progress
                .as_ref()
                .and_then(|progress| record.with_progress(progress));
            let learned = match news {
                Some(data) => Learned::from(Event::Progressed { data }).waiting(retry_after),
                None => Learned::still_running(retry_after),
            };
            Says::News(Box::new(match progress {
                Some(OperationStatus::Other(raw)) => learned.noting(format!(
                    "its progress is `{}`, which is unknown",
                    tidy(&raw)
                )),
                Some(OperationStatus::UserHasUnconfirmedOperation) => {
                    learned.noting("the signer has another operation that is not confirmed")
                }
                _ => learned,
            }))
        }
        other => Says::News(Box::new(
            Learned::still_running(retry_after)
                .noting(format!("its task is `{other}`, which is unknown")),
        )),
    }
}

fn refused(task: &ApiTask, progress: Option<&OperationStatus>) -> Event<Record> {
    let refusal = match progress {
        Some(OperationStatus::CanceledByUser) => Refusal::CancelledBySigner,
        Some(OperationStatus::Timeout) => Refusal::Expired,
        Some(OperationStatus::ExceededConfirmationAttemptsCount) => Refusal::TooManyAttempts,
        Some(OperationStatus::UserHasUnconfirmedOperation) => Refusal::AnotherOperationOpen {
            operation: None,
            sort: None,
        },
        Some(OperationStatus::Crashed) => Refusal::ServiceCrashed,
        _ => Refusal::Other,
    };
    let mut message = task
        .error
        .as_ref()
        .and_then(|error| error.message.clone())
        .unwrap_or_default();
    if let Some(OperationStatus::Other(raw)) = progress {
        message.push_str(&format!(" (progress `{raw}`)"));
    }
    if let Some(trace) = task.error.as_ref().and_then(|error| error.trace()) {
        message.push_str(&format!(" [trace id {trace}]"));
    }
    let message = Some(tidy(&message)).filter(|message| !message.is_empty());
    Event::Refused { refusal, message }
}
