//! Decides how Extern spells names and values that no source shows from the wire.
//!
//! **Invariant:** a spelling changes letters and places, never the meaning; handlers ask here and print no such
//! name by themselves.

use serde::{Deserialize, Serialize};

use crate::settings::settings;
use serde_json::{Value, json};

/// How the status of a cryptographic operation is spelled, for example `AwaitingForConfirmation`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProgressSpelling {
    /// `AwaitingForConfirmation`. The default.
    #[default]
    Pascal,
    /// `awaitingForConfirmation`.
    Camel,
    /// `awaiting-for-confirmation`.
    Kebab,
    /// `SomethingNew` for every status, as if the list had grown.
    Unknown,
}

/// Where the status of a cryptographic operation stands in a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProgressPlace {
    /// `progress` of the task. The default.
    #[default]
    Task,
    /// `operation-status` in `task-result`, while running and when failed too. Not in a finished decryption,
    /// whose result is the content.
    Result,
}

/// How the confirmation in the app is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConfirmTypeSpelling {
    /// `my-dss`, `sms`, `none`. The default.
    #[default]
    Kebab,
    /// `myDSS`, `sms`, `none`.
    SeedText,
    /// `MyDSS`, `Sms`, `None`.
    Pascal,
}

/// What the field with the id of a decryption's task is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DecryptionTaskIdName {
    /// `decryption-task-id`. The default.
    #[default]
    DecryptionTaskId,
    /// `task-id`.
    TaskId,
    /// `TaskId`.
    Pascal,
}

/// How `status-code` of an error is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StatusCodeSpelling {
    /// A number in answers with that status, kebab-case in tasks.
    PerPlace,
    /// `400`. The default: the Java SDK reads nothing else.
    #[default]
    Number,
    /// `"400"`.
    QuotedNumber,
    /// `"BadRequest"`.
    Pascal,
    /// `"badRequest"`.
    Camel,
    /// `"bad-request"`.
    Kebab,
}

/// How the state of a finished task is spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TaskStateSpelling {
    /// `running`, `succeed`, `failed`. The default.
    #[default]
    Succeed,
    /// `running`, `succeeded`, `failed`.
    Succeeded,
    /// `Running`, `Succeed`, `Failed`.
    Pascal,
}

/// What the field with the life of an access token is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TokenLifetimeName {
    /// `expires_in`. The default.
    #[default]
    ExpiresIn,
    /// `expires`.
    Expires,
}

/// How `Content-Range` of an answer with a part of a content is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContentRangeSpelling {
    /// `bytes 0-20/100`, as RFC 9110 has it. The default.
    #[default]
    Rfc,
    /// `bytes=0-20/100`.
    Equals,
    /// `bytes 0-21/100` for the same 21 bytes: the end is one too far.
    OffByOne,
}

/// How the answer to a part of a content names the content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContentAnswerSpelling {
    /// Both of the other two at once. The default.
    #[default]
    Both,
    /// `{"id"}`.
    Id,
    /// `{"content":{"id"},"is-completed"}`.
    Nested,
}

settings! {
    /// All spellings of Extern, given to [`ExternOptions::spelling`](crate::ExternOptions::spelling).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct ExternSpelling {
        /// How the status of a cryptographic operation is spelled.
        progress: ProgressSpelling = ProgressSpelling::default(),
        /// Where that status stands.
        progress_place: ProgressPlace = ProgressPlace::default(),
        /// How the confirmation is called.
        confirm_type: ConfirmTypeSpelling = ConfirmTypeSpelling::default(),
        /// What the id of a decryption's task is called.
        decryption_task_id: DecryptionTaskIdName = DecryptionTaskIdName::default(),
        /// How `status-code` is written.
        status_code: StatusCodeSpelling = StatusCodeSpelling::default(),
        /// How the state of a task is spelled.
        task_state: TaskStateSpelling = TaskStateSpelling::default(),
        /// What the life of an access token is called.
        token_lifetime: TokenLifetimeName = TokenLifetimeName::default(),
        /// How `Content-Range` of an answer is written.
        content_range: ContentRangeSpelling = ContentRangeSpelling::default(),
        /// How the answer to a part names the content.
        content_answer: ContentAnswerSpelling = ContentAnswerSpelling::default(),
    }
}

impl ExternSpelling {
    /// `from..to` of `total` bytes.
    pub(super) fn range(self, from: u64, to: u64, total: u64) -> String {
        let last = to.saturating_sub(1);
        match self.content_range {
            ContentRangeSpelling::Rfc => format!("bytes {from}-{last}/{total}"),
            ContentRangeSpelling::Equals => format!("bytes={from}-{last}/{total}"),
            ContentRangeSpelling::OffByOne => format!("bytes {from}-{to}/{total}"),
        }
    }

    pub(super) fn part_answer(self, id: &str, complete: bool) -> Value {
        match self.content_answer {
            ContentAnswerSpelling::Both => {
                json!({ "id": id, "content": { "id": id }, "is-completed": complete })
            }
            ContentAnswerSpelling::Id => json!({ "id": id }),
            ContentAnswerSpelling::Nested => {
                json!({ "content": { "id": id }, "is-completed": complete })
            }
        }
    }

    /// `pascal` is the name in PascalCase.
    pub(super) fn progress_name(self, pascal: &str) -> String {
        match self.progress {
            ProgressSpelling::Pascal => pascal.to_owned(),
            ProgressSpelling::Camel => camel(pascal),
            ProgressSpelling::Kebab => kebab(pascal),
            ProgressSpelling::Unknown => "SomethingNew".to_owned(),
        }
    }

    pub(super) fn progress_in_result(self) -> bool {
        self.progress_place == ProgressPlace::Result
    }

    pub(super) fn confirmation(self, confirmation: Confirmation) -> &'static str {
        use ConfirmTypeSpelling::{Kebab, Pascal, SeedText};
        match (confirmation, self.confirm_type) {
            (Confirmation::None, Pascal) => "None",
            (Confirmation::None, _) => "none",
            (Confirmation::Sms, Pascal) => "Sms",
            (Confirmation::Sms, _) => "sms",
            (Confirmation::MyDss, Kebab) => "my-dss",
            (Confirmation::MyDss, SeedText) => "myDSS",
            (Confirmation::MyDss, Pascal) => "MyDSS",
        }
    }

    pub(super) fn decryption_task_field(self) -> &'static str {
        match self.decryption_task_id {
            DecryptionTaskIdName::DecryptionTaskId => "decryption-task-id",
            DecryptionTaskIdName::TaskId => "task-id",
            DecryptionTaskIdName::Pascal => "TaskId",
        }
    }

    pub(crate) fn token_lifetime_field(self) -> &'static str {
        match self.token_lifetime {
            TokenLifetimeName::ExpiresIn => "expires_in",
            TokenLifetimeName::Expires => "expires",
        }
    }

    /// `state` is `running`, `succeed` or `failed`.
    pub(super) fn state_name(self, state: &str) -> String {
        match self.task_state {
            TaskStateSpelling::Succeeded if state == "succeed" => "succeeded".to_owned(),
            TaskStateSpelling::Succeed | TaskStateSpelling::Succeeded => state.to_owned(),
            TaskStateSpelling::Pascal => {
                let mut letters = state.chars();
                letters
                    .next()
                    .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
                    .unwrap_or_default()
            }
        }
    }

    pub(super) fn status(self, status: http::StatusCode, in_task: bool) -> Value {
        let pascal: String = status
            .canonical_reason()
            .unwrap_or_default()
            .chars()
            .filter(char::is_ascii_alphabetic)
            .collect();
        match self.status_code {
            StatusCodeSpelling::PerPlace if in_task => {
                json!(status_words(status))
            }
            StatusCodeSpelling::PerPlace | StatusCodeSpelling::Number => json!(status.as_u16()),
            StatusCodeSpelling::QuotedNumber => json!(status.as_str()),
            StatusCodeSpelling::Pascal => json!(pascal),
            StatusCodeSpelling::Camel => json!(camel(&pascal)),
            StatusCodeSpelling::Kebab => json!(status_words(status)),
        }
    }
}

/// How an operation is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Confirmation {
    None,
    Sms,
    MyDss,
}

fn status_words(status: http::StatusCode) -> String {
    status
        .canonical_reason()
        .unwrap_or_default()
        .to_ascii_lowercase()
        .replace(' ', "-")
}

fn camel(pascal: &str) -> String {
    let mut letters = pascal.chars();
    letters
        .next()
        .map(|first| first.to_ascii_lowercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

fn kebab(pascal: &str) -> String {
    let mut name = String::new();
    for letter in pascal.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{ExternSpelling, ProgressSpelling, StatusCodeSpelling, TaskStateSpelling};
    use http::StatusCode;
    use serde_json::json;

    #[test]
    fn names_are_folded_as_promised() {
        let spelled = |style| {
            ExternSpelling::default()
                .progress(style)
                .progress_name("CanceledByUser")
        };
        assert_eq!(spelled(ProgressSpelling::Pascal), "CanceledByUser");
        assert_eq!(spelled(ProgressSpelling::Camel), "canceledByUser");
        assert_eq!(spelled(ProgressSpelling::Kebab), "canceled-by-user");
        let state = ExternSpelling::default().task_state(TaskStateSpelling::Pascal);
        assert_eq!(state.state_name("succeed"), "Succeed");
    }

    #[test]
    fn status_codes_are_numbers_or_names() {
        let spelled = |style, in_task| {
            ExternSpelling::default()
                .status_code(style)
                .status(StatusCode::BAD_REQUEST, in_task)
        };
        assert_eq!(spelled(StatusCodeSpelling::PerPlace, false), json!(400));
        assert_eq!(
            spelled(StatusCodeSpelling::PerPlace, true),
            json!("bad-request")
        );
        assert_eq!(
            spelled(StatusCodeSpelling::QuotedNumber, true),
            json!("400")
        );
        assert_eq!(
            spelled(StatusCodeSpelling::Pascal, false),
            json!("BadRequest")
        );
        assert_eq!(
            spelled(StatusCodeSpelling::Camel, false),
            json!("badRequest")
        );
    }
}
