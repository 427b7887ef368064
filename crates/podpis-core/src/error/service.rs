//! What a service said when it did not do what it was asked.
//!
//! **Invariant:** holds the answer, never the request.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

/// An answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceAnswer {
    /// The endpoint's name, for example `CloudSign`.
    pub endpoint: &'static str,
    /// The HTTP status.
    pub status: StatusCode,
    /// The service's own error code, an open set.
    pub code: Option<String>,
    /// The service's words for a human, cut to 500 characters.
    pub message: Option<String>,
    /// Quote this to the service's support.
    pub trace_id: Option<String>,
    /// How long the service asks to wait.
    pub retry_after: Option<Duration>,
    /// Whether the answer was a web page: then it is likely of something on the way, not of the service.
    pub is_page: bool,
    /// More that the client of the service wants to look at.
    pub details: serde_json::Value,
}

impl ServiceAnswer {
    /// An answer of which only the status is known.
    #[must_use]
    pub fn new(endpoint: &'static str, status: StatusCode) -> Self {
        Self {
            endpoint,
            status,
            code: None,
            message: None,
            trace_id: None,
            retry_after: None,
            is_page: false,
            details: serde_json::Value::Null,
        }
    }
}

/// The endpoint, the status in words, the service's code and words, and the id to quote.
///
/// ```
/// use http::StatusCode;
/// use podpis_core::error::ServiceAnswer;
///
/// let mut answer = ServiceAnswer::new("GetMessage", StatusCode::NOT_FOUND);
/// answer.message = Some("Сообщение не найдено".into());
/// assert_eq!(answer.to_string(), "GetMessage: the service answered 404 (not found): Сообщение не найдено");
/// ```
impl fmt::Display for ServiceAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            endpoint, status, ..
        } = self;
        write!(f, "{endpoint}: the service answered {}", status.as_u16())?;
        if let Some(words) = meaning(*status) {
            write!(f, " ({words})")?;
        }
        for part in [&self.code, &self.message].into_iter().flatten() {
            write!(f, ": {part}")?;
        }
        match &self.trace_id {
            Some(trace_id) => write!(f, " [trace id {trace_id}]"),
            None => Ok(()),
        }
    }
}

/// A status in words that say what to do.
fn meaning(status: StatusCode) -> Option<&'static str> {
    Some(match status.as_u16() {
        400 => "bad request",
        401 => "not logged in",
        402 => "the subscription of the box has ended",
        403 => "no access",
        404 => "not found",
        409 => "conflict",
        410 => "this method was removed",
        413 => "too large",
        429 => "too many requests",
        500..=599 => "a failure of its own",
        _ => return None,
    })
}

/// A service's words as one line of at most 500 characters, without control characters: fit for a terminal, a
/// log and a record.
#[must_use]
pub fn tidy(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(500).collect()
}
