//! Decides what a method sees of a request.
//!
//! **Invariant:** the body of a method with a message is protobuf here, in whichever form it came.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, header};

use crate::faults::DssScript;
use crate::faults::SignatureFault;
use crate::moment::Moment;
use crate::query::Query;

/// One request on its way into a method.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: Query<'a>,
    pub(crate) body: &'a Bytes,
    pub(crate) now: Moment,
    pub(crate) signature_fault: Option<SignatureFault>,
    pub(crate) script: DssScript,
}

impl Call<'_> {
    pub(super) fn header(&self, name: &HeaderName) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().trim()
    }

    /// The type of the body without parameters, in lower case. `application/json charset=utf-8`, a typo of the
    /// documentation, counts as JSON.
    pub(super) fn content_type(&self) -> String {
        self.header(&header::CONTENT_TYPE)
            .split([';', ' '])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    }
}
