//! What a decryption gives.
//!
//! **Invariant:** a name of the content and a way to get it: the bytes are never in a record.

use std::fmt;

use bytes::Bytes;
use podpis_core::Error;
use podpis_extern_model::{AccountId, ContentId};

use crate::Extern;

/// A decrypted document.
#[derive(Clone)]
pub struct Decrypted {
    pub(super) client: Extern,
    pub(super) account: AccountId,
    pub(super) content: ContentId,
}

impl Decrypted {
    /// Where the plain content is in the account's contents.
    #[must_use]
    pub fn content_id(&self) -> &ContentId {
        &self.content
    }

    /// The plain bytes.
    ///
    /// # Errors
    /// When the service does not answer or refuses. The document stays decrypted.
    pub async fn bytes(&self) -> Result<Bytes, Error> {
        self.client
            .account(&self.account)
            .content(&self.content)
            .await
    }
}

impl fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decrypted")
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}
