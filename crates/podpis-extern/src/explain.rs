//! Reads Extern's error answers.
//!
//! **Invariant:** a body that is not an error model leaves the status to speak; a concurrent task is named.

use http::StatusCode;
use podpis_core::call::Explanation;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{ApiError, SendFailure, read};
use podpis_operation::Refusal;
use podpis_transport::HttpResponse;
use serde_json::json;

use crate::tasks::in_words;

pub(crate) fn explain(response: &HttpResponse) -> Explanation {
    let Ok(error) = read::<ApiError>(response.body()) else {
        // One odd field must not hide what the others say.
        let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap_or_default();
        let text = |field: &str| body.get(field)?.as_str().map(str::to_owned);
        return Explanation {
            code: text("id"),
            message: text("message"),
            ..Explanation::default()
        };
    };
    let details = match error.concurrent_task() {
        Some(task) => json!({
            "task": task.id.as_ref().map(ToString::to_string),
            "task-type": task.task_type.as_ref().map(ToString::to_string),
        }),
        None => findings(response),
    };
    Explanation {
        code: error.id,
        message: error.message,
        details,
    }
}

/// A refused sending says what the check found.
fn findings(response: &HttpResponse) -> serde_json::Value {
    let failure = read::<SendFailure>(response.body()).ok();
    let found = failure.and_then(|failure| in_words(&failure.check_result?));
    found.map_or(serde_json::Value::Null, |text| json!({ "findings": text }))
}

/// A lock that somebody else holds is a refusal that names the task.
pub(crate) fn locked(error: Error) -> Error {
    let Some(answer) = error.service() else {
        return error;
    };
    let is_lock = answer
        .code
        .as_deref()
        .is_some_and(|code| is_id(code, ApiError::CONCURRENT_API_TASK_ACTIVE));
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

/// Whether an error's id is this one, whatever its case and hyphens.
pub(crate) fn is_id(code: &str, id: &str) -> bool {
    let folded = |text: &str| text.replace(['-', '_'], "").to_lowercase();
    folded(code) == folded(id)
}

/// Whether the service says that there is no such thing.
pub(crate) fn is_not_found(error: &Error) -> bool {
    error
        .service()
        .is_some_and(|answer| answer.status == StatusCode::NOT_FOUND)
}
