//! What the start of a CloudSign sends beyond what its record keeps.
//!
//! **Invariant:** printing it shows no byte of a document.

use std::fmt;

use bytes::Bytes;
use podpis_cms::Thumbprint;

/// What the start of a CloudSign sends.
pub struct Request {
    pub(super) body: Bytes,
    pub(super) certificate: Option<Thumbprint>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("body_bytes", &self.body.len())
            .field("certificate", &self.certificate)
            .finish()
    }
}
