//! What the service says when something went wrong.
//!
//! **Invariant:** every field may be absent. An error that cannot be read at all is still an error: whoever
//! reads it falls back on the HTTP status.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{CheckResult, PrepareStatus, StatusCode, TaskId, TaskType, lenient, open_enum};

/// An error, as the body of an HTTP error or inside a task.
///
/// Source: `ErrorInfo` of the official Java SDK, `ApiError` of the C# one, and the documentation of locks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct ApiError {
    /// A URN that names the error; see the constants.
    pub id: Option<String>,
    /// The HTTP status.
    pub status_code: Option<StatusCode>,
    /// For people.
    pub message: Option<String>,
    /// Names the request in the service's logs; the older name.
    pub track_id: Option<String>,
    /// Names the request in the service's logs; may end in a space.
    pub trace_id: Option<String>,
    /// More about the error.
    #[serde(deserialize_with = "lenient::texts")]
    pub properties: BTreeMap<String, Option<String>>,
    /// What is in the way.
    pub context: Option<ErrorContext>,
}

impl ApiError {
    /// Another task holds the draft or the docflow. With HTTP status 409.
    pub const CONCURRENT_API_TASK_ACTIVE: &'static str =
        "urn:error:externapi:concurrentApiTaskActive";
    /// A document that must be signed is not. The message names it.
    pub const SIGNATURE_NOT_FOUND: &'static str = "urn:error:externapi:signatureNotFound";
    /// The check found errors, so nothing was sent.
    pub const CHECK_PROTOCOL_HAS_ERRORS: &'static str =
        "urn:error:externapi:checkProtocolHasErrors";
    /// Documents of this type cannot be printed.
    pub const DOCUMENT_PRINT_UNSUPPORTED: &'static str =
        "urn:error:externapi:documentPrintUnsupported";
    /// A content is empty.
    pub const EMPTY_CONTENT: &'static str = "urn:error:externapi:emptyContent";

    /// Whether this is the error with that URN.
    #[must_use]
    pub fn is(&self, urn: &str) -> bool {
        let id = self.id.as_deref().unwrap_or_default();
        open_enum::same(id.trim(), urn)
    }

    /// The HTTP status as a number.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status_code.as_ref().and_then(StatusCode::number)
    }

    /// What names the request in the service's logs. The header `X-Kontur-Trace-Id` says it better, if there is
    /// one.
    #[must_use]
    pub fn trace(&self) -> Option<&str> {
        trace(self.trace_id.as_deref(), self.track_id.as_deref())
    }

    /// The task that holds what was asked for.
    #[must_use]
    pub fn concurrent_task(&self) -> Option<&ConcurrentTask> {
        self.context.as_ref()?.concurrent_task.as_ref()
    }
}

/// What is in the way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct ErrorContext {
    /// The task that holds what was asked for.
    pub concurrent_task: Option<ConcurrentTask>,
}

/// A task that holds a draft or a docflow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct ConcurrentTask {
    /// Its id.
    #[serde(deserialize_with = "lenient::filled")]
    pub id: Option<TaskId>,
    /// What it does.
    pub task_type: Option<TaskType>,
}

/// Why a draft was not sent: the result of a send task that "succeeded", or the body of an HTTP error.
///
/// Source: the tests of `SendFailure` in the official C# SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct SendFailure {
    /// A URN that names the error.
    pub id: Option<String>,
    /// The HTTP status.
    pub status_code: Option<StatusCode>,
    /// For people.
    pub message: Option<String>,
    /// Names the request in the service's logs; the older name.
    pub track_id: Option<String>,
    /// Names the request in the service's logs.
    pub trace_id: Option<String>,
    /// How the preparation ended.
    pub status: Option<PrepareStatus>,
    /// What the check found.
    pub check_result: Option<CheckResult>,
}

impl SendFailure {
    /// What names the request in the service's logs.
    #[must_use]
    pub fn trace(&self) -> Option<&str> {
        trace(self.trace_id.as_deref(), self.track_id.as_deref())
    }
}

fn trace<'a>(trace_id: Option<&'a str>, track_id: Option<&'a str>) -> Option<&'a str> {
    let ids = [trace_id, track_id];
    let mut ids = ids.into_iter().flatten().map(str::trim);
    ids.find(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn the_newer_trace_wins_when_it_says_something() {
        let error = |body: &str| read::<ApiError>(body.as_bytes()).unwrap();
        let both = error(r#"{"trace-id":"[T-1(-)] ","track-id":"k"}"#);
        assert_eq!(both.trace(), Some("[T-1(-)]"));
        let blank = error(r#"{"trace-id":" ","track-id":"k"}"#);
        assert_eq!(blank.trace(), Some("k"));
        assert_eq!(error("{}").trace(), None);
    }

    #[test]
    fn an_error_is_recognised_by_its_urn() {
        let error: ApiError =
            read(br#"{"id":"urn:error:externapi:concurrent-api-task-active"}"#).unwrap();
        assert!(error.is(ApiError::CONCURRENT_API_TASK_ACTIVE));
        assert!(!error.is(ApiError::EMPTY_CONTENT));
        assert!(!ApiError::default().is(ApiError::EMPTY_CONTENT));
    }

    #[test]
    fn properties_may_hold_anything() {
        let body = br#"{"properties":{"a":"x","b":null,"c":5,"d":{"e":[]}},"context":null}"#;
        let error: ApiError = read(body).unwrap();
        let shown: Vec<_> = error.properties.values().map(Option::as_deref).collect();
        assert_eq!(shown, [Some("x"), None, Some("5"), Some(r#"{"e":[]}"#)]);
    }
}
