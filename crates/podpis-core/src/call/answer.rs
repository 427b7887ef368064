//! An answer with a success status.
//!
//! **Invariant:** whoever cannot read it makes the error here, so that the table of effects is asked every time.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use podpis_transport::HttpResponse;

use super::{Endpoint, Outcome, effect};
use crate::error::{ServiceAnswer, tidy};
use crate::{Error, ErrorKind};

/// A longer id is none: it could not be asked for.
pub const LONGEST_ID: usize = 4_096;

/// A success of an endpoint.
#[derive(Debug)]
pub struct Answer {
    endpoint: &'static Endpoint,
    response: HttpResponse,
}

impl Answer {
    pub(super) fn new(endpoint: &'static Endpoint, response: HttpResponse) -> Self {
        Self { endpoint, response }
    }

    /// The status, 200 to 299.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        self.response.body()
    }

    /// An id or a token that the service gave, and that goes into the address of a later call. `field` is the name it
    /// came under.
    ///
    /// # Errors
    /// When it is missing, or could not be part of an address: whatever it names could never be asked for.
    pub fn id(&self, field: &str, value: Option<String>) -> Result<String, Error> {
        match value.filter(|id| !id.trim().is_empty()) {
            None => Err(self.unreadable(format!("{field} is missing"))),
            Some(id) if matches!(id.as_str(), "." | "..") || id.len() > LONGEST_ID => {
                Err(self.unreadable(format!("{field} is not a name that can be asked for")))
            }
            Some(id) => Ok(id),
        }
    }

    /// How long the service asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(self.response.headers())
    }

    /// The error for an answer that is not what it should be. `why` never quotes the body.
    pub fn unreadable(&self, why: impl std::fmt::Display) -> Error {
        let mut answer = ServiceAnswer::new(self.endpoint.name, self.status());
        answer.trace_id = trace_id(self.headers());
        let mut text = format!("{}: the answer cannot be read: {why}", self.endpoint.name);
        if let Some(trace_id) = &answer.trace_id {
            text.push_str(&format!(" [trace id {trace_id}]"));
        }
        Error::new(ErrorKind::UnreadableAnswer, text)
            .with_effect(effect(self.endpoint.replay, Outcome::Unreadable))
            .with_service(answer)
    }
}

/// What the body is packed in, though nobody asked for it: no request names an encoding that it takes.
pub(crate) fn encoding(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    if body.is_empty() || !headers.contains_key(http::header::CONTENT_ENCODING) {
        return None;
    }
    let named = headers.get_all(http::header::CONTENT_ENCODING);
    let named = named.iter().map(|value| value.to_str().unwrap_or("?"));
    let named: String = named.collect::<Vec<_>>().join(", ");
    let named: String = tidy(&named).chars().take(40).collect();
    Some(named).filter(|named| !named.is_empty() && !named.eq_ignore_ascii_case("identity"))
}

/// Why nobody reads such a body.
pub(crate) fn encoded(encoding: &str) -> String {
    format!("it is in the encoding `{encoding}`, which was not asked for")
}

/// The services' trace id, to be quoted to support.
pub(super) fn trace_id(headers: &HeaderMap) -> Option<String> {
    Some(
        headers
            .get("x-kontur-trace-id")?
            .to_str()
            .ok()?
            .chars()
            .take(200)
            .collect(),
    )
}

/// How long an answer with these headers asks to wait: its Retry-After, in whole seconds. A date is read too, against the
/// answer's own Date, so that no clock is needed. None where there is none, or it cannot be read.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers
        .get(http::header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(value).ok()?;
    let now = httpdate::parse_http_date(headers.get(http::header::DATE)?.to_str().ok()?).ok()?;
    Some(at.duration_since(now).unwrap_or_default())
}

/// A web page, by its type or its first bytes: what proxies and wrong addresses give.
pub(super) fn is_html(headers: &HeaderMap, body: &[u8]) -> bool {
    let begins = |text: &[u8], tag: &[u8]| {
        let head = text.trim_ascii_start().get(..tag.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(tag))
    };
    let named = headers.get(http::header::CONTENT_TYPE);
    named.is_some_and(|named| begins(named.as_bytes(), b"text/html"))
        || begins(body, b"<!doctype html")
        || begins(body, b"<html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_both_forms_and_nonsense_is_ignored() {
        let read = |value: &str, date: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", value.parse().unwrap());
            if let Some(date) = date {
                headers.insert("date", date.parse().unwrap());
            }
            retry_after(&headers)
        };
        let now = Some("Sun, 06 Nov 1994 08:49:00 GMT");
        assert_eq!(read("7", None), Some(Duration::from_secs(7)));
        assert_eq!(
            read("Sun, 06 Nov 1994 08:49:37 GMT", now),
            Some(Duration::from_secs(37))
        );
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT", None), None);
        assert_eq!(read("-1", now), None);
        assert_eq!(read("soon", now), None);
    }
}
