//! Decides what a method sees of a request.
//!
//! **Invariant:** links point to where the request came in, so a client can follow them to this very sandbox.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, header};
use podpis_transport::HttpRequest;

use crate::faults::{DssScript, SignatureFault};
use crate::moment::Moment;
use crate::query::Query;

/// One request on its way into a method, and what faults say about its answer.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: Query<'a>,
    pub(crate) body: &'a Bytes,
    pub(crate) now: Moment,
    pub(crate) signature_fault: Option<SignatureFault>,
    pub(crate) script: DssScript,
    /// Scheme and host of the request.
    pub(crate) base: String,
}

impl<'a> Call<'a> {
    pub(crate) fn of(
        request: &'a HttpRequest,
        now: Moment,
        signature_fault: Option<SignatureFault>,
        script: DssScript,
    ) -> Self {
        Self {
            headers: request.headers(),
            query: Query::of(request.uri()),
            body: request.body(),
            now,
            signature_fault,
            script,
            base: base(request),
        }
    }

    /// A header without the blanks around it; empty when it is not there or not text.
    pub(crate) fn header(&self, name: &HeaderName) -> &'a str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().trim()
    }

    /// The type of the body without parameters, in lower case. `application/json charset=utf-8`, a typo of the
    /// documentation, counts as JSON.
    pub(crate) fn content_type(&self) -> String {
        let kind = self.header(&header::CONTENT_TYPE).split([';', ' ']).next();
        kind.unwrap_or_default().to_ascii_lowercase()
    }
}

fn base(request: &HttpRequest) -> String {
    let uri = request.uri();
    let host = request.headers().get(header::HOST);
    match (
        uri.scheme_str(),
        uri.authority(),
        host.map(|host| host.to_str()),
    ) {
        (Some(scheme), Some(authority), _) => format!("{scheme}://{authority}"),
        (_, _, Some(Ok(host))) => format!("http://{host}"),
        _ => "http://localhost".to_owned(),
    }
}
