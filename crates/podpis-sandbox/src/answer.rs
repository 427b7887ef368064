//! Decides what answers look like: types of content, refusals, "not ready yet".
//!
//! **Invariant:** a 204 always carries `Retry-After` of at least one second, because clients sleep long without
//! it and spin with zero.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use podpis_diadoc_proto::AsyncMethodResult;
use podpis_transport::HttpResponse;

use crate::signer::SignError;

pub(crate) const ERROR_CODE: HeaderName = HeaderName::from_static("x-diadoc-errorcode");
pub(crate) const TRACE_ID: HeaderName = HeaderName::from_static("x-kontur-trace-id");

/// An answer, and the operation it is about.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) response: HttpResponse,
    pub(crate) operation: Option<String>,
}

/// Why a request is not done. Every refusal has a text for a person and a status.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
    /// What the service calls it: a code of Diadoc, the last part of an id of Extern.
    pub(crate) code: Option<&'static str>,
    pub(crate) operation: Option<String>,
    /// What Extern tells beside.
    pub(crate) context: Option<Box<serde_json::Value>>,
    /// The methods that there are instead.
    pub(crate) allow: Option<Box<str>>,
}

/// What every endpoint gives back.
pub(crate) type Handled<T = Reply> = Result<T, Refusal>;

impl Reply {
    fn new(status: StatusCode, content_type: Option<&'static str>, body: Bytes) -> Self {
        let mut response = HttpResponse::new(body);
        *response.status_mut() = status;
        if let Some(content_type) = content_type {
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        Self {
            response,
            operation: None,
        }
    }

    /// Bytes as they are. No source names a type for protobuf answers, so they get the one that says nothing.
    pub(crate) fn bytes(body: impl Into<Bytes>) -> Self {
        Self::new(
            StatusCode::OK,
            Some("application/octet-stream"),
            body.into(),
        )
    }

    pub(crate) fn message(message: &impl prost::Message) -> Self {
        Self::bytes(message.encode_to_vec())
    }

    /// That a task of an operation runs from now on.
    pub(crate) fn task(id: String, operation: &str) -> Self {
        let task = AsyncMethodResult { task_id: Some(id) };
        Self::message(&task).about(operation)
    }

    pub(crate) fn text(body: impl Into<String>) -> Self {
        Self::typed("text/plain; charset=utf-8", body.into())
    }

    pub(crate) fn typed(content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::new(StatusCode::OK, Some(content_type), body.into())
    }

    pub(crate) fn json(body: &impl serde::Serialize) -> Self {
        // These structures have string keys and no foreign types, so they always serialise.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self::new(
            StatusCode::OK,
            Some("application/json; charset=utf-8"),
            body.into(),
        )
    }

    pub(crate) fn empty() -> Self {
        Self::new(StatusCode::OK, None, Bytes::new())
    }

    /// 204, come back after this long, rounded up to whole seconds.
    pub(crate) fn not_ready(rest: Duration) -> Self {
        let seconds = rest.as_secs() + u64::from(rest.subsec_nanos() > 0);
        let mut reply = Self::new(StatusCode::NO_CONTENT, None, Bytes::new());
        reply
            .response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        reply
    }

    pub(crate) fn allow(&mut self, methods: Option<&str>) {
        if let Some(Ok(methods)) = methods.map(HeaderValue::try_from) {
            self.response.headers_mut().insert(header::ALLOW, methods);
        }
    }

    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        *self.response.status_mut() = status;
        self
    }

    pub(crate) fn about(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self {
            status,
            text: text.into(),
            code: None,
            operation: None,
            context: None,
            allow: None,
        }
    }

    pub(crate) fn bad_request(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    pub(crate) fn unauthorized(text: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, text)
    }

    pub(crate) fn forbidden(text: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, text)
    }

    pub(crate) fn not_found(text: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, text)
    }

    pub(crate) fn method_not_allowed(text: &str, allow: &str) -> Self {
        Self {
            allow: Some(allow.into()),
            ..Self::new(StatusCode::METHOD_NOT_ALLOWED, text)
        }
    }

    pub(crate) fn conflict(text: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, text)
    }

    pub(crate) fn about(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    pub(crate) fn coded(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// As Diadoc answers it: 400, 401 and 409 have a general code where none is known, and 401 says how to log in.
    pub(crate) fn into_diadoc_reply(mut self) -> Reply {
        self.code = self.code.or(match self.status {
            StatusCode::BAD_REQUEST => Some("Http.BadRequest"),
            StatusCode::UNAUTHORIZED => Some("Http.Auth"),
            StatusCode::CONFLICT => Some("Http.Conflict"),
            _ => None,
        });
        let is_unknown = self.status == StatusCode::UNAUTHORIZED;
        let mut reply = self.into_reply();
        if is_unknown {
            reply.response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("DiadocAuth"),
            );
        }
        reply
    }

    pub(crate) fn into_reply(self) -> Reply {
        let mut reply = Reply::text(self.text).status(self.status);
        if let Some(code) = self.code {
            reply
                .response
                .headers_mut()
                .insert(ERROR_CODE, HeaderValue::from_static(code));
        }
        reply.allow(self.allow.as_deref());
        reply.operation = self.operation;
        reply
    }
}

/// Refuses with 400.
pub(crate) fn bad_request<T>(text: impl Into<String>) -> Handled<T> {
    Err(Refusal::bad_request(text))
}

/// What is needed, or a refusal.
pub(crate) trait Needed<T> {
    fn or_not_found(self, text: impl Into<String>) -> Handled<T>;

    fn or_bad_request(self, text: impl Into<String>) -> Handled<T>;
}

impl<T> Needed<T> for Option<T> {
    fn or_not_found(self, text: impl Into<String>) -> Handled<T> {
        self.ok_or_else(|| Refusal::not_found(text))
    }

    fn or_bad_request(self, text: impl Into<String>) -> Handled<T> {
        self.ok_or_else(|| Refusal::bad_request(text))
    }
}

impl<T, E> Needed<T> for Result<T, E> {
    fn or_not_found(self, text: impl Into<String>) -> Handled<T> {
        self.ok().or_not_found(text)
    }

    fn or_bad_request(self, text: impl Into<String>) -> Handled<T> {
        self.ok().or_bad_request(text)
    }
}

/// A signature that the sandbox could not make is a bug of its own.
impl From<SignError> for Refusal {
    fn from(error: SignError) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
