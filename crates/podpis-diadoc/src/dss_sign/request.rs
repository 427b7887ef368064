//! What the start of a DssSign sends beyond what its record keeps.
//!
//! **Invariant:** printing it shows no byte of a document.

use std::fmt;

use podpis_diadoc_proto::dss::DssSignFile;

use super::signer::Signer;

/// What the start of a DssSign sends.
#[derive(Clone)]
pub struct Request {
    pub(super) files: Vec<DssSignFile>,
    pub(super) signer: Signer,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("files", &self.files.len())
            .field("signer", &self.signer)
            .finish()
    }
}
