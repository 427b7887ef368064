//! Decides what an error of Extern looks like.
//!
//! **Invariant:** every error is JSON with a status, and an id is one that the sources name; whatever they give no
//! id for is `urn:error:externapi:error`.

use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::spelling::ExternSpelling;
use crate::answer::{Refusal, Reply};

const NAMESPACE: &str = "urn:error:externapi:";

/// Another task holds the lock.
pub(super) fn concurrent(task: &str, task_type: Option<&str>) -> Refusal {
    let context = json!({ "concurrent-task": { "id": task, "task-type": task_type } });
    Refusal {
        context: Some(Box::new(context)),
        ..Refusal::conflict("There is an active concurrent operation")
    }
    .coded("concurrentApiTaskActive")
}

pub(super) fn wrong_method(allow: &str) -> Refusal {
    Refusal::method_not_allowed("The sandbox does not offer this method here.", allow)
}

/// How Extern answers a refusal.
pub(super) fn reply(refusal: Refusal, spelling: ExternSpelling, trace: &str) -> Reply {
    let (status, id) = (refusal.status, refusal.code.unwrap_or("error"));
    let mut body = error_json(spelling, status, id, &refusal.text, trace, false);
    if let Some(context) = refusal.context {
        body["context"] = *context;
    }
    let mut reply = Reply::json(&body).status(status);
    reply.allow(refusal.allow.as_deref());
    if status == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer");
        let headers = reply.response.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, scheme);
    }
    reply.operation = refusal.operation;
    reply
}

/// The Error model.
pub(super) fn error_json(
    spelling: ExternSpelling,
    status: StatusCode,
    id: &str,
    message: &str,
    trace: &str,
    in_task: bool,
) -> Value {
    json!({
        "id": format!("{NAMESPACE}{id}"),
        "status-code": spelling.status(status, in_task),
        "message": message,
        "track-id": trace.get(..20).unwrap_or(trace),
        "trace-id": format!("[T-{}(-)] ", trace.get(..8).unwrap_or(trace)),
        "properties": {},
    })
}
