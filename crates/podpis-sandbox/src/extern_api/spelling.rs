//! Decides how Extern spells names and values that no source shows from the wire.
//!
//! **Invariant:** a spelling changes letters and places, never the meaning; handlers ask here and print no such
//! name by themselves.

use crate::settings::{choices, settings};
use serde_json::{Value, json};

choices! {
    /// How the status of a cryptographic operation is spelled, for example `AwaitingForConfirmation`.
    pub enum ProgressSpelling {
        /// `AwaitingForConfirmation`. The default.
        Pascal,
        /// `awaitingForConfirmation`.
        Camel,
        /// `awaiting-for-confirmation`.
        Kebab,
        /// `SomethingNew` for every status, as if the list had grown.
        Unknown,
    }

    /// Where the status of a cryptographic operation stands in a task.
    pub enum ProgressPlace {
        /// `progress` of the task. The default.
        Task,
        /// `operation-status` in `task-result`, while running and when failed too. Not in a finished decryption,
        /// whose result is the content.
        Result,
    }

    /// How the confirmation in the app is called.
    pub enum ConfirmTypeSpelling {
        /// `my-dss`, `sms`, `none`. The default.
        Kebab,
        /// `myDSS`, `sms`, `none`.
        SeedText,
        /// `MyDSS`, `Sms`, `None`.
        Pascal,
    }

    /// What the field with the id of a decryption's task is called.
    pub enum DecryptionTaskIdName {
        /// `decryption-task-id`. The default.
        DecryptionTaskId,
        /// `task-id`.
        TaskId,
        /// `TaskId`.
        Pascal,
    }

    /// How `status-code` of an error is written.
    pub enum StatusCodeSpelling {
        /// `400`. The default: the Java SDK reads nothing else.
        Number,
        /// A number in answers with that status, kebab-case in tasks.
        PerPlace,
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
    pub enum TaskStateSpelling {
        /// `running`, `succeed`, `failed`. The default.
        Succeed,
        /// `running`, `succeeded`, `failed`.
        Succeeded,
        /// `Running`, `Succeed`, `Failed`.
        Pascal,
    }

    /// What the field with the life of an access token is called.
    pub enum TokenLifetimeName {
        /// `expires_in`. The default.
        ExpiresIn,
        /// `expires`.
        Expires,
    }

    /// How `Content-Range` of an answer with a part of a content is written.
    pub enum ContentRangeSpelling {
        /// `bytes 0-20/100`, as RFC 9110 has it. The default.
        Rfc,
        /// `bytes=0-20/100`.
        Equals,
        /// `bytes 0-21/100` for the same 21 bytes: the end is one too far.
        OffByOne,
    }

    /// How the answer to a part of a content names the content.
    pub enum ContentAnswerSpelling {
        /// Both of the other two at once. The default.
        Both,
        /// `{"id"}`.
        Id,
        /// `{"content":{"id"},"is-completed"}`.
        Nested,
    }
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
            TaskStateSpelling::Pascal => with_first(state, char::to_ascii_uppercase),
        }
    }

    pub(super) fn status(self, status: http::StatusCode, in_task: bool) -> Value {
        let pascal = status.canonical_reason().unwrap_or_default().chars();
        let pascal: String = pascal.filter(char::is_ascii_alphabetic).collect();
        match self.status_code {
            StatusCodeSpelling::Number => json!(status.as_u16()),
            StatusCodeSpelling::PerPlace if !in_task => json!(status.as_u16()),
            StatusCodeSpelling::QuotedNumber => json!(status.as_str()),
            StatusCodeSpelling::Pascal => json!(pascal),
            StatusCodeSpelling::Camel => json!(camel(&pascal)),
            StatusCodeSpelling::Kebab | StatusCodeSpelling::PerPlace => json!(kebab(&pascal)),
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

fn camel(pascal: &str) -> String {
    with_first(pascal, char::to_ascii_lowercase)
}

fn with_first(word: &str, change: fn(&char) -> char) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| change(&first));
    first.into_iter().chain(letters).collect()
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
        use ProgressSpelling::{Camel, Kebab, Pascal};
        for (style, expected) in [
            (Pascal, "CanceledByUser"),
            (Camel, "canceledByUser"),
            (Kebab, "canceled-by-user"),
        ] {
            let spelling = ExternSpelling::default().progress(style);
            assert_eq!(spelling.progress_name("CanceledByUser"), expected);
        }
        let state = ExternSpelling::default().task_state(TaskStateSpelling::Pascal);
        assert_eq!(state.state_name("succeed"), "Succeed");
    }

    #[test]
    fn status_codes_are_numbers_or_names() {
        use StatusCodeSpelling::{Camel, Pascal, PerPlace, QuotedNumber};
        for (style, in_task, expected) in [
            (PerPlace, false, json!(400)),
            (PerPlace, true, json!("bad-request")),
            (QuotedNumber, true, json!("400")),
            (Pascal, false, json!("BadRequest")),
            (Camel, false, json!("badRequest")),
        ] {
            let spelling = ExternSpelling::default().status_code(style);
            assert_eq!(spelling.status(StatusCode::BAD_REQUEST, in_task), expected);
        }
    }
}
