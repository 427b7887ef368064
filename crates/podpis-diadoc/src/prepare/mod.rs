//! Documents into which the service writes the signer before they are signed.
//!
//! Of some documents the signed bytes are not the stored ones: the signer stands in them. PrepareDocumentsToSign makes
//! those bytes and names them; what is stored does not change. They are signed, and the name goes along when the
//! signature is posted.
//!
//! | module | decides |
//! |---|---|
//! | `request` | what is prepared, for whom |
//! | `signer` | how the signer is named |
//! | `patched` | for which document a prepared content is |
//! | `answer` | which prepared content is of which document |
//!
//! **Invariant:** the answer is matched by the documents' ids, never by position; a document that was not prepared is
//! told as such, and an answer that cannot be matched gives nothing at all.

mod answer;
mod patched;
mod request;
mod signer;

pub use answer::{Preparation, PreparedContent, PreparedDocument, PreparedDocuments};
pub use patched::{DocumentRef, PatchedContent, PostedBy};
pub use request::{Preparing, ToPrepare};
pub use signer::Signer;

#[cfg(test)]
mod tests;
