//! Starting a decryption and what it gives.
//!
//! **Invariant:** the id of the task is found under every name that the sources give it, and the result in every
//! form; a result that is not there is an error, never an empty document.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::read::{self, is_json};
use crate::{
    ConfirmType, Confirmation, ContentId, ContentReference, Link, ReadError, ReadProblem,
    RequestId, TaskId, base64_text, lenient,
};

/// Answer to the start of a decryption.
///
/// Source: `DecryptInitiation` of the official Java SDK, `DssDecryptionInitResult` and
/// `CloudDecryptionInitResult` of the C# one. The task's id is `decryption-task-id` in the first, `task-id` in
/// the C# models of 2019, and `TaskId` in those of 2021.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "DecryptInitOnWire")]
#[non_exhaustive]
pub struct DecryptInit {
    /// Where a code is sent to.
    pub confirm_link: Option<Link>,
    /// Filled for an SMS certificate.
    pub request_id: Option<RequestId>,
    /// Filled for a certificate in the myDSS app.
    pub task_id: Option<TaskId>,
    /// How a person confirms.
    pub confirm_type: Option<ConfirmType>,
}

impl DecryptInit {
    /// What is needed next.
    #[must_use]
    pub fn needs(&self) -> Confirmation {
        let (request, task) = (self.request_id.as_ref(), self.task_id.as_ref());
        Confirmation::by(request, task, self.confirm_type.as_ref())
    }
}

// The names are fields of their own: as aliases of one field they would be refused as duplicates when an
// answer has one of them filled and another one null.
#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct DecryptInitOnWire {
    confirm_link: Option<Link>,
    #[serde(deserialize_with = "lenient::filled")]
    request_id: Option<RequestId>,
    #[serde(deserialize_with = "lenient::filled")]
    decryption_task_id: Option<TaskId>,
    #[serde(deserialize_with = "lenient::filled")]
    task_id: Option<TaskId>,
    #[serde(rename = "TaskId", deserialize_with = "lenient::filled")]
    pascal_task_id: Option<TaskId>,
    #[serde(rename = "taskId", deserialize_with = "lenient::filled")]
    camel_task_id: Option<TaskId>,
    confirm_type: Option<ConfirmType>,
}

impl From<DecryptInitOnWire> for DecryptInit {
    fn from(wire: DecryptInitOnWire) -> Self {
        let task_id = wire.decryption_task_id.or(wire.task_id);
        let task_id = task_id.or(wire.pascal_task_id).or(wire.camel_task_id);
        Self {
            confirm_link: wire.confirm_link,
            request_id: wire.request_id,
            task_id,
            confirm_type: wire.confirm_type,
        }
    }
}

/// What a decryption gives.
///
/// Source: `DecryptDocumentResultContent` of the official Java SDK since 2020; before, and still as the answer of
/// `decrypt-content-confirm`, the bytes themselves.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "each case asks for another action, and the service has sent nothing else since 2018"
)]
pub enum DecryptionResult {
    /// The content waits in the contents service.
    ContentId(ContentId),
    /// The content itself. Still packed, unless the service was asked to unpack it.
    Bytes(Vec<u8>),
}

impl DecryptionResult {
    /// Reads the answer to a code: `{"content-id":…}`, a JSON string of base64, or bytes as they are.
    ///
    /// # Errors
    /// When there is neither a content nor a content id in the body.
    pub fn read(content_type: Option<&str>, body: &[u8]) -> Result<Self, ReadError> {
        let octets = content_type.is_some_and(|name| {
            let name = name.trim().to_ascii_lowercase();
            !name.is_empty() && !is_json(&name) && !name.starts_with("text/")
        });
        if octets && body.is_empty() {
            return Err(ReadError::new(ReadProblem::Empty, ""));
        }
        if octets {
            return Ok(Self::Bytes(body.to_vec()));
        }
        Self::from_value(&read::read(body)?, "")
    }

    pub(crate) fn from_value(value: &Value, root: &str) -> Result<Self, ReadError> {
        match value {
            Value::Null => Err(ReadError::new(ReadProblem::Missing, root)),
            Value::String(text) if text.trim().is_empty() => {
                Err(ReadError::new(ReadProblem::Missing, root))
            }
            Value::String(text) => base64_text::decode(text, root).map(Self::Bytes),
            value => {
                let content: ContentReference = read::read_part(value, root)?;
                let missing = || {
                    let field = match root {
                        "" => "content-id".to_owned(),
                        root => format!("{root}.content-id"),
                    };
                    ReadError::new(ReadProblem::Missing, field)
                };
                content.content_id.map(Self::ContentId).ok_or_else(missing)
            }
        }
    }
}

impl fmt::Debug for DecryptionResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ContentId(id) => f.debug_tuple("ContentId").field(id).finish(),
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_task_is_found_under_every_name() {
        for body in [
            r#"{"task-id":"t"}"#,
            r#"{"decryption-task-id":"t"}"#,
            r#"{"TaskId":"t"}"#,
            r#"{"taskId":"t"}"#,
            r#"{"task-id":null,"decryption-task-id":"t"}"#,
            r#"{"task-id":"t","decryption-task-id":"t","TaskId":""}"#,
        ] {
            let init: DecryptInit = read::read(body.as_bytes()).unwrap();
            assert_eq!(
                init.needs(),
                Confirmation::Phone(TaskId::new("t")),
                "{body}"
            );
        }
    }

    #[test]
    fn the_answer_to_a_code_has_three_forms() {
        let json = Some("application/json");
        let bytes = DecryptionResult::Bytes(b"<?xml".to_vec());
        let id = DecryptionResult::ContentId(ContentId::new("c"));
        assert_eq!(
            DecryptionResult::read(json, br#"{"content-id":"c","links":null}"#),
            Ok(id.clone())
        );
        assert_eq!(
            DecryptionResult::read(None, br#"{"content-id":"c"}"#),
            Ok(id)
        );
        assert_eq!(
            DecryptionResult::read(json, br#""PD94bWw=""#),
            Ok(bytes.clone())
        );
        let octets = Some("application/octet-stream");
        assert_eq!(DecryptionResult::read(octets, b"<?xml"), Ok(bytes));
    }

    #[test]
    fn no_result_is_an_error() {
        let json = Some("application/json");
        let octets = Some("application/octet-stream");
        let cases: [(_, &[u8], _, _); 8] = [
            (json, b"null", ReadProblem::Missing, ""),
            (json, b"\"\"", ReadProblem::Missing, ""),
            (json, b"{}", ReadProblem::Missing, "content-id"),
            (
                json,
                br#"{"content-id":""}"#,
                ReadProblem::Missing,
                "content-id",
            ),
            (json, b"[]", ReadProblem::WrongType, ""),
            (json, b"\"s3cret!\"", ReadProblem::InvalidValue, ""),
            (json, b"", ReadProblem::Empty, ""),
            (octets, b"", ReadProblem::Empty, ""),
        ];
        for (content_type, body, problem, field) in cases {
            let error = DecryptionResult::read(content_type, body).unwrap_err();
            assert_eq!((error.problem(), error.field()), (problem, field));
        }
    }

    #[test]
    fn debug_does_not_show_the_content() {
        let shown = format!("{:?}", DecryptionResult::Bytes(b"s3cret".to_vec()));
        assert_eq!(shown, "Bytes(6 bytes)");
    }
}
