//! The clone-cheap handle that clients store.
//!
//! **Invariant:** the handle does not implement [`Transport`], so that `Into<SharedTransport>` accepts both a
//! transport and a handle.

use std::sync::Arc;

use crate::{HttpRequest, HttpResponse, Transport, TransportError};

/// A transport behind a cheap clone.
#[derive(Clone, Debug)]
pub struct SharedTransport(Arc<dyn Transport>);

impl SharedTransport {
    /// Wraps a transport.
    pub fn new(transport: impl Transport) -> Self {
        Self(Arc::new(transport))
    }

    /// Sends `request` once; see [`Transport::execute`].
    ///
    /// # Errors
    /// As [`Transport::execute`].
    pub async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.0.execute(request).await
    }
}

impl<T: Transport> From<T> for SharedTransport {
    fn from(transport: T) -> Self {
        Self::new(transport)
    }
}
