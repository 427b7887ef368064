//! What a login that failed says.
//!
//! **Invariant:** of an answer's body only the error code, its description and the names of the factors are
//! ever shown, in one line and cut; of a request, nothing.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use podpis_transport::HttpResponse;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::device_answer::without_mark;
use crate::call::{Effect, encoded, encoding};
use crate::error::ServiceAnswer;
use crate::{Error, ErrorKind};

/// What was asked of the identity service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Password,
    Refresh,
    Code,
    DeviceStart,
    DevicePoll,
}

impl Step {
    pub(super) fn endpoint(self) -> &'static str {
        match self {
            Self::DeviceStart => "DeviceAuthorization",
            _ => "ConnectToken",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Password => "login by password",
            Self::Refresh => "login by refresh token",
            Self::Code => "login by browser",
            Self::DeviceStart => "start of the login on another device",
            Self::DevicePoll => "login on another device",
        }
    }

    /// The service's error code in words that say what to do.
    fn meaning(self, code: &str) -> Option<&'static str> {
        Some(match (code, self) {
            ("invalid_client" | "unauthorized_client", _) => {
                "the client id or the client secret is not accepted"
            }
            ("invalid_scope", _) => "a scope is not allowed to this client",
            ("unsupported_grant_type", _) => "the service does not offer this way to log in",
            ("invalid_grant", Self::Password) => "the login or the password is not accepted",
            ("invalid_grant", Self::Refresh) => "the refresh token is not accepted any more",
            ("invalid_grant", Self::Code) => "the code of the browser is not accepted",
            ("invalid_grant", _) => "the device code is not accepted",
            ("access_denied", _) => "the person declined",
            ("expired_token", _) => "the code was not confirmed in time: start again",
            _ => return None,
        })
    }
}

/// A complete answer, without what must not be kept.
#[derive(Debug)]
pub(super) struct Heard {
    status: StatusCode,
    html: bool,
    /// What it is packed in, though nobody asked for that.
    encoding: Option<String>,
    said: Said,
    trace_id: Option<String>,
    retry_after: Option<Duration>,
}

/// The part of an error answer that may be shown.
#[derive(Debug, Default, Deserialize)]
struct Said {
    #[serde(default)]
    error: Value,
    #[serde(default)]
    error_description: Value,
    #[serde(default)]
    required_factors: Value,
    /// Whether it is there; what it is, is not kept.
    #[serde(default)]
    partial_factor_token: Option<IgnoredAny>,
}

impl Heard {
    pub(super) fn of(response: &HttpResponse) -> Self {
        // JSON never begins so, whatever the header calls it.
        let html = without_mark(response.body())
            .trim_ascii_start()
            .starts_with(b"<");
        Self {
            status: response.status(),
            html,
            said: serde_json::from_slice(without_mark(response.body())).unwrap_or_default(),
            encoding: encoding(response.headers(), response.body()),
            trace_id: trace_id(response.headers()),
            retry_after: header(response.headers(), "retry-after")
                .and_then(|text| text.trim().parse().ok())
                .map(Duration::from_secs),
        }
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether it asks to be asked less often.
    pub(super) fn is_slow_down(&self) -> bool {
        self.said.error == "slow_down"
    }

    /// Whether the same may work a little later.
    pub(super) fn passes(&self) -> bool {
        matches!(self.status.as_u16(), 429 | 500 | 502 | 503 | 504)
    }

    fn factors(&self) -> Vec<String> {
        let factors = self.said.required_factors.as_array();
        factors
            .into_iter()
            .flatten()
            .filter_map(|factor| tidy(&factor["grant_type"]))
            .take(10)
            .collect()
    }

    /// The error for this answer.
    pub(super) fn error(&self, step: Step) -> Error {
        let code = tidy(&self.said.error);
        if self.status.is_success() && code.is_none() {
            let why = match &self.encoding {
                Some(encoding) => encoded(encoding),
                None if self.html => {
                    "it is an HTML page; is the address of the identity service right?".to_owned()
                }
                None => "it is not what the protocol says".to_owned(),
            };
            return self.unreadable(step, &why);
        }
        let factors = self.factors();
        let description = tidy(&self.said.error_description);
        let mut text = format!("{}: ", step.name());
        if self.said.partial_factor_token.is_some() || !factors.is_empty() {
            text.push_str("a second factor is wanted");
            if !factors.is_empty() {
                text.push_str(&format!(" ({})", factors.join(", ")));
            }
            text.push_str(", and this program does not offer one");
        } else if self.html {
            text.push_str("an HTML page instead of an answer; is the address right?");
        } else {
            let meaning = code.as_deref().and_then(|code| step.meaning(code));
            text.push_str(meaning.unwrap_or("the identity service refused"));
        }
        text.push_str(&format!(" ({}", self.status.as_u16()));
        for part in [&code, &description].into_iter().flatten() {
            text.push_str(": ");
            text.push_str(part);
        }
        text.push(')');
        let mut answer = self.answer(step);
        answer.code = code;
        answer.message = description;
        if !factors.is_empty() {
            answer.details = json!({ "required_factors": factors });
        }
        self.finish(ErrorKind::Login, text, answer)
    }

    /// The error for a success that cannot be used. `why` never quotes the body.
    pub(super) fn unreadable(&self, step: Step, why: &str) -> Error {
        let text = format!("{}: the answer cannot be read: {why}", step.name());
        self.finish(ErrorKind::UnreadableAnswer, text, self.answer(step))
    }

    fn answer(&self, step: Step) -> ServiceAnswer {
        let mut answer = ServiceAnswer::new(step.endpoint(), self.status);
        answer.trace_id.clone_from(&self.trace_id);
        answer.retry_after = self.retry_after;
        answer
    }

    fn finish(&self, kind: ErrorKind, mut text: String, answer: ServiceAnswer) -> Error {
        if let Some(trace_id) = &self.trace_id {
            text.push_str(&format!(" [trace id {trace_id}]"));
        }
        failed(kind, text).with_service(answer)
    }
}

/// No answer came.
pub(super) fn no_answer(step: Step) -> Error {
    failed(ErrorKind::NoAnswer, format!("{}: no answer", step.name()))
}

/// A login that failed changed nothing that anybody has to look for.
pub(super) fn failed(kind: ErrorKind, text: impl Into<String>) -> Error {
    Error::new(kind, text).with_effect(Effect::NotApplied)
}

/// The service's trace id, to be quoted to support.
pub(super) fn trace_id(headers: &HeaderMap) -> Option<String> {
    header(headers, "x-kontur-trace-id")
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?;
    Some(text.chars().take(200).collect())
}

/// One line of at most 200 characters, without control characters; none when it is not a text.
pub(super) fn tidy(value: &Value) -> Option<String> {
    let words: Vec<&str> = value
        .as_str()?
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let text: String = words.join(" ").chars().take(200).collect();
    (!text.is_empty()).then_some(text)
}
