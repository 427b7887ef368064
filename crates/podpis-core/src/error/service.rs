//! What a service said when it did not do what it was asked.
//!
//! **Invariant:** holds the answer, never the request.

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
