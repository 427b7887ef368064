//! Decides what an error of Extern looks like.
//!
//! **Invariant:** every error is JSON with a status, and an id is one that the sources name; whatever they give no
//! id for is `urn:error:externapi:error`.

use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::spelling::ExternSpelling;
use crate::answer::{Refusal, Reply};
use crate::signer::SignError;

const NAMESPACE: &str = "urn:error:externapi:";

/// Why a request is not done. Boxed, because every method can give one back.
#[derive(Debug)]
pub(super) struct ApiError(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    id: &'static str,
    message: String,
    context: Option<Value>,
    operation: Option<String>,
    allow: Option<String>,
}

/// What every endpoint gives back.
pub(super) type Answered = Result<Reply, ApiError>;

impl ApiError {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            status,
            id: "error",
            message: message.into(),
            context: None,
            operation: None,
            allow: None,
        }))
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// Another task holds the lock.
    pub(super) fn concurrent(task: &str, task_type: Option<&str>) -> Self {
        let mut error = Self::new(
            StatusCode::CONFLICT,
            "There is an active concurrent operation",
        )
        .named("concurrentApiTaskActive");
        error.0.context =
            Some(json!({ "concurrent-task": { "id": task, "task-type": task_type } }));
        error
    }

    pub(super) fn method_not_allowed(allow: String) -> Self {
        let mut error = Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "The sandbox does not offer this method here.",
        );
        error.0.allow = Some(allow);
        error
    }

    pub(super) fn named(mut self, id: &'static str) -> Self {
        self.0.id = id;
        self
    }

    pub(super) fn about(mut self, operation: &str) -> Self {
        self.0.operation = Some(operation.to_owned());
        self
    }

    pub(super) fn into_reply(self, spelling: ExternSpelling, trace: &str) -> Reply {
        let parts = *self.0;
        let mut body = error_json(
            spelling,
            parts.status,
            parts.id,
            &parts.message,
            trace,
            false,
        );
        if let (Some(object), Some(context)) = (body.as_object_mut(), parts.context) {
            object.insert("context".to_owned(), context);
        }
        let mut reply = Reply::json(&body).status(parts.status);
        if let Some(Ok(allow)) = parts.allow.map(HeaderValue::try_from) {
            reply.response.headers_mut().insert(header::ALLOW, allow);
        }
        if parts.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            let headers = reply.response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        reply.operation = parts.operation;
        reply
    }
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

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let (status, text) = refusal.into_parts();
        Self::new(status, text)
    }
}

impl From<SignError> for ApiError {
    fn from(error: SignError) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}
