//! Decides how a world answers in process, without a socket.
//!
//! **Invariant:** a broken exchange looks to the client exactly as over HTTP: the same kind of error, with the
//! same word on whether the server can have seen the request.

use std::time::Duration;

use podpis_transport::{
    Delivery, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};

use crate::sandbox::Sandbox;
use crate::world::{Outcome, is_service_path};

/// How long nothing is answered: longer than anybody waits.
const NEVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

#[async_trait::async_trait]
impl Transport for Sandbox {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let _open = is_service_path(request.uri().path()).then(|| self.enter(request.uri().path()));
        // Other requests get their turn here, or two of them could never be open at the same time.
        tokio::task::yield_now().await;
        let exchange = self.exchange(&request);
        if !exchange.delay.is_zero() && self.can_sleep() {
            self.sleep(exchange.delay).await;
        }
        match exchange.outcome {
            Outcome::Answer(response) => Ok(response),
            Outcome::Refused => Err(TransportError::new(
                TransportErrorKind::Connect,
                Delivery::NotSent,
            )),
            Outcome::Trickling { response, every } => {
                let bytes = u32::try_from(response.body().len().max(1)).unwrap_or(u32::MAX);
                self.sleep(every.saturating_mul(bytes).min(NEVER)).await;
                Ok(response)
            }
            Outcome::Hanging { .. } => {
                self.sleep(NEVER).await;
                Err(interrupted())
            }
            Outcome::Truncated { .. } | Outcome::Dropped { .. } => Err(interrupted()),
        }
    }
}

fn interrupted() -> TransportError {
    TransportError::new(TransportErrorKind::Interrupted, Delivery::Unknown)
}
