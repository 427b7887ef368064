//! Reads Extern's error answers.
//!
//! **Invariant:** a body that is not an error model leaves the status to speak; a concurrent task is named.

use podpis_core::call::Explanation;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{ApiError, read};
use podpis_operation::Refusal;
use podpis_transport::HttpResponse;
use serde_json::json;

pub(crate) fn explain(response: &HttpResponse) -> Explanation {
    let Ok(error) = read::<ApiError>(response.body()) else {
        return Explanation::default();
    };
    let details = error
        .concurrent_task()
        .map_or(serde_json::Value::Null, |task| {
            json!({
                "task": task.id.as_ref().map(ToString::to_string),
                "task-type": task.task_type.as_ref().map(ToString::to_string),
            })
        });
    Explanation {
        code: error.id,
        message: error.message,
        details,
    }
}

/// A lock that somebody else holds is a refusal that names the task.
pub(crate) fn locked(error: Error) -> Error {
    let Some(answer) = error.service() else {
        return error;
    };
    let is_lock = answer
        .code
        .as_deref()
        .is_some_and(|code| code.eq_ignore_ascii_case(ApiError::CONCURRENT_API_TASK_ACTIVE));
    if !is_lock {
        return error;
    }
    let text = |field: &str| answer.details.get(field)?.as_str().map(str::to_owned);
    let refusal = Refusal::AnotherOperationOpen {
        operation: text("task"),
        sort: text("task-type"),
    };
    let text = format!("{refusal} ({error})");
    error
        .with_kind(ErrorKind::Refused, text)
        .with_refusal(refusal)
}
