//! Decides how a world answers in process, without a socket.
//!
//! **Invariant:** a broken exchange looks to the client exactly as over HTTP: the same kind of error, with the
//! same word on whether the server can have seen the request.

use podpis_transport::{
    Delivery, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};

use crate::sandbox::Sandbox;
use crate::world::{Outcome, is_service_path};

#[async_trait::async_trait]
impl Transport for Sandbox {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let _open = is_service_path(request.uri().path()).then(|| self.enter(request.uri().path()));
        // Other requests get their turn here, or two of them could never be open at the same time.
        tokio::task::yield_now().await;
        match self.exchange(&request).outcome {
            Outcome::Answer(response) => Ok(response),
            Outcome::Refused => Err(TransportError::new(
                TransportErrorKind::Connect,
                Delivery::NotSent,
            )),
            Outcome::Truncated { .. } | Outcome::Dropped { .. } => Err(TransportError::new(
                TransportErrorKind::Interrupted,
                Delivery::Unknown,
            )),
        }
    }
}
