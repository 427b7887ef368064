//! What the service works on after it answered.
//!
//! **Invariant:** the result is kept unread until somebody says what it should be, so that a task whose result
//! has an unknown form still has a state. `Debug` does not show it: it may be a decrypted document.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::open_enum::open_enum;
use crate::read::read_part;
use crate::{
    ApiError, CheckResult, ContentReference, CryptOperationStatus, DecryptionResult, Docflow, Link,
    OperationStatus, PrepareResult, ReadError, ReadProblem, SendFailure, TaskId, lenient,
};

/// Path of the result in a task.
const RESULT: &str = "task-result";

open_enum! {
    /// How a task stands.
    ///
    /// Source: `TaskState` of the official Java SDK. Every source writes `succeed`; the other words are taken
    /// for it because they would mean nothing else.
    pub enum TaskState {
        /// The service works on it, or waits for the person.
        Running = "running",
        /// It ended well. The result of a send may still say that nothing was sent.
        Succeed = "succeed" | "succeeded" | "success",
        /// It ended badly.
        Failed = "failed",
    }
}

open_enum! {
    /// What a task does.
    ///
    /// Source: `TaskType` of the official Java SDK; `docflowPrint` is from the documentation. The type of the task
    /// that signs a PFR reply is in no source.
    pub enum TaskType prefix "urn:task-type:" {
        /// Sends a draft.
        Send = "send",
        /// Prepares a draft for sending.
        Prepare = "prepare",
        /// Checks a draft.
        Check = "check",
        /// Prints a document of a draft.
        Print = "print",
        /// Changes a document of a draft.
        ChangeDocument = "changeDocument",
        /// Builds drafts.
        DraftBuilderBuild = "draftBuilderBuild",
        /// Changes a builder of drafts.
        DraftBuilderChange = "draftBuilderChange",
        /// Signs a draft.
        InitDraftSign = "initDraftSignOperation",
        /// Decrypts a document.
        InitDocumentDecryption = "initDocumentDecryptionOperation",
        /// Signs a reply.
        InitReplySign = "initReplySignOperation",
        /// Prints a document of a docflow.
        DocflowPrint = "docflowPrint",
    }
}

/// A task.
///
/// Source: `TaskInfo` of the official Java SDK, `ApiTaskResult` of the C# one.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct ApiTask {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::filled")]
    pub id: Option<TaskId>,
    /// How it stands. The only field that must be there: without it an answer is no task.
    #[serde(rename = "task-state")]
    pub state: TaskState,
    /// What it does.
    #[serde(default)]
    pub task_type: Option<TaskType>,
    /// Why it failed.
    #[serde(default)]
    pub error: Option<ApiError>,
    #[serde(default)]
    progress: Option<OperationStatus>,
    #[serde(default, rename = "task-result")]
    result: Unread,
}

impl ApiTask {
    /// What a signature or a decryption is doing: `progress` of the task, else the status inside its result.
    #[must_use]
    pub fn progress(&self) -> Option<OperationStatus> {
        let inside = |name: &str| {
            let word = self.result.0.get(name).and_then(Value::as_str);
            word.map(OperationStatus::from)
        };
        let blank = |status: &OperationStatus| status.as_str().trim().is_empty();
        let said = self.progress.clone().filter(|status| !blank(status));
        said.or_else(|| inside("operation-status"))
            .or_else(|| inside("progress"))
            .filter(|status| !blank(status))
    }

    /// Whether there is a result.
    #[must_use]
    pub fn has_result(&self) -> bool {
        !self.result.0.is_null()
    }

    /// The result as `T`.
    ///
    /// # Errors
    /// [`ReadProblem::Missing`] when there is no result, and the reason when it has another form.
    pub fn result_as<T: DeserializeOwned>(&self) -> Result<T, ReadError> {
        read_part(self.result()?, RESULT)
    }

    /// The result of a signing task.
    ///
    /// # Errors
    /// As in [`Self::result_as`].
    pub fn as_crypt_operation(&self) -> Result<CryptOperationStatus, ReadError> {
        self.result_as()
    }

    /// The result of a decryption task: a content id, or since 2019 and until 2020 the content in base64.
    ///
    /// # Errors
    /// As in [`Self::result_as`]; a task that succeeded without a result did not decrypt anything.
    pub fn as_decryption(&self) -> Result<DecryptionResult, ReadError> {
        DecryptionResult::from_value(self.result()?, RESULT)
    }

    /// The result of a send task. A task that succeeded may hold a failure.
    ///
    /// # Errors
    /// As in [`Self::result_as`].
    pub fn as_send(&self) -> Result<SendResult, ReadError> {
        let result = self.result()?;
        if is_failure(result) {
            read_part(result, RESULT).map(|failure| SendResult::Failed(Box::new(failure)))
        } else {
            read_part(result, RESULT).map(|docflow| SendResult::Sent(Box::new(docflow)))
        }
    }

    /// The result of a check task.
    ///
    /// # Errors
    /// As in [`Self::result_as`].
    pub fn as_check(&self) -> Result<CheckResult, ReadError> {
        self.result_as()
    }

    /// The result of a prepare task.
    ///
    /// # Errors
    /// As in [`Self::result_as`].
    pub fn as_prepare(&self) -> Result<PrepareResult, ReadError> {
        self.result_as()
    }

    /// The result of a print task: where the PDF is.
    ///
    /// # Errors
    /// As in [`Self::result_as`].
    pub fn as_print(&self) -> Result<ContentReference, ReadError> {
        self.result_as()
    }

    fn result(&self) -> Result<&Value, ReadError> {
        match &self.result.0 {
            Value::Null => Err(ReadError::new(ReadProblem::Missing, RESULT)),
            Value::Bool(_) => Err(ReadError::wrong_type(RESULT, "true or false")),
            Value::Number(_) => Err(ReadError::wrong_type(RESULT, "a number")),
            result => Ok(result),
        }
    }
}

/// A docflow has no status code and no protocol of a check, and its id is not a URN of an error.
fn is_failure(result: &Value) -> bool {
    let filled = |name: &str| result.get(name).is_some_and(|value| !value.is_null());
    let id = result.get("id").and_then(Value::as_str).unwrap_or_default();
    filled("status-code") || filled("check-result") || id.starts_with("urn:error")
}

/// What a send task gives.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a draft was sent or it was not, and each asks for another action"
)]
pub enum SendResult {
    /// The draft was sent; this docflow began.
    Sent(Box<Docflow>),
    /// Nothing was sent.
    Failed(Box<SendFailure>),
}

/// A part of an answer that nobody has read yet.
#[derive(Clone, PartialEq, Default, Deserialize)]
#[serde(transparent)]
struct Unread(Value);

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Value::Null => f.write_str("none"),
            Value::Bool(_) => f.write_str("true or false"),
            Value::Number(_) => f.write_str("a number"),
            Value::String(text) => write!(f, "a text of {} bytes", text.len()),
            Value::Array(items) => write!(f, "{} items", items.len()),
            Value::Object(fields) => write!(f, "an object of {} fields", fields.len()),
        }
    }
}

/// A page of a list of tasks.
///
/// Source: `TaskPage` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct TaskPage {
    /// How many tasks stand before this page.
    #[serde(deserialize_with = "lenient::count")]
    pub skip: Option<u64>,
    /// How many tasks a page holds at most.
    #[serde(deserialize_with = "lenient::count")]
    pub take: Option<u64>,
    /// How many tasks there are.
    #[serde(deserialize_with = "lenient::count")]
    pub total_count: Option<u64>,
    /// The tasks of this page.
    #[serde(rename = "api-task-page-items", deserialize_with = "lenient::list")]
    pub items: Vec<TaskItem>,
}

/// A task in a list, without its result.
///
/// Source: `TaskStatus` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct TaskItem {
    /// Its id.
    #[serde(deserialize_with = "lenient::filled")]
    pub id: Option<TaskId>,
    /// How it stands.
    #[serde(rename = "task-state")]
    pub state: Option<TaskState>,
    /// What it does.
    pub task_type: Option<TaskType>,
    /// Where to read it.
    pub task_result_link: Option<Link>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ContentId, read};

    fn task(rest: &str) -> ApiTask {
        read(format!(r#"{{"task-state":"succeed"{rest}}}"#).as_bytes()).unwrap()
    }

    #[test]
    fn every_spelling_of_a_state() {
        for word in ["succeed", "Succeed", "succeeded", "success", "SUCCEED"] {
            assert_eq!(TaskState::from(word), TaskState::Succeed, "{word}");
        }
        assert_eq!(TaskState::from("Running"), TaskState::Running);
        assert_eq!(TaskState::from("FAILED"), TaskState::Failed);
        let paused = TaskState::from("paused");
        assert_eq!(paused, TaskState::Other("paused".to_owned()));
    }

    #[test]
    fn progress_is_looked_for_in_three_places() {
        let timeout = Some(OperationStatus::Timeout);
        assert_eq!(task(r#","progress":"timeout""#).progress(), timeout);
        for rest in [
            r#","progress":null,"task-result":{"operation-status":"Timeout"}"#,
            r#","progress":"","task-result":{"operation-status":"time-out"}"#,
            r#","task-result":{"progress":"Timeout"}"#,
        ] {
            assert_eq!(task(rest).progress(), timeout, "{rest}");
        }
        for rest in [
            "",
            r#","task-result":"AQID""#,
            r#","task-result":{"operation-status":5}"#,
        ] {
            assert_eq!(task(rest).progress(), None, "{rest}");
        }
    }

    #[test]
    fn a_decryption_has_two_forms_and_nothing_is_neither() {
        let id = DecryptionResult::ContentId(ContentId::new("c"));
        assert_eq!(
            task(r#","task-result":{"content-id":"c"}"#).as_decryption(),
            Ok(id)
        );
        let bytes = DecryptionResult::Bytes(vec![1, 2, 3]);
        assert_eq!(task(r#","task-result":"AQID""#).as_decryption(), Ok(bytes));
        for (rest, field) in [
            ("", "task-result"),
            (r#","task-result":null"#, "task-result"),
            (r#","task-result":"""#, "task-result"),
            (r#","task-result":{}"#, "task-result.content-id"),
        ] {
            let error = task(rest).as_decryption().unwrap_err();
            assert_eq!(
                (error.problem(), error.field()),
                (ReadProblem::Missing, field)
            );
        }
        for rest in [r#","task-result":5"#, r#","task-result":["s3cret"]"#] {
            let error = task(rest).as_decryption().unwrap_err();
            assert_eq!(error.problem(), ReadProblem::WrongType);
        }
    }

    #[test]
    fn a_send_that_succeeded_may_have_failed() {
        let sent = task(r#","task-result":{"id":"d","status":"urn:docflow-common-status:sent"}"#);
        assert!(matches!(sent.as_send(), Ok(SendResult::Sent(docflow)) if docflow.id.is_some()));
        for failure in [
            r#"{"id":"urn:error:externapi:checkProtocolHasErrors"}"#,
            r#"{"status-code":"badRequest"}"#,
            r#"{"check-result":{"common-errors":[{}]}}"#,
        ] {
            let failed = task(&format!(r#","task-result":{failure}"#));
            assert!(
                matches!(failed.as_send(), Ok(SendResult::Failed(_))),
                "{failure}"
            );
        }
    }

    #[test]
    fn an_error_in_a_result_names_its_field() {
        let task = task(r#","task-result":{"file-statuses":[{"result-size":"s3cret"}]}"#);
        let error = task.as_crypt_operation().unwrap_err();
        assert_eq!(error.field(), "task-result.file-statuses[0].result-size");
        assert_eq!(error.line(), None);
        assert!(!format!("{error} {error:?} {task:?}").contains("s3cret"));
    }
}
