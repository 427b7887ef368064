//! The seam between podpis and the network: one HTTP exchange.
//!
//! A [`Transport`] takes one request and gives back one answer. It does not follow redirects, does not
//! retry, does not add credentials and does not read statuses: a 500 is an answer like any other. What it
//! must say when there is no answer is whether the server **can have seen** the request, because that
//! decides whether a person may be asked a second time.
//!
//! **Invariant:** nothing here knows a service, a runtime or an HTTP library; `http` and `bytes` are the only
//! foreign types in the public API.
//!
//! ```
//! use podpis_transport::{HttpRequest, HttpResponse, SharedTransport, Transport, TransportError};
//!
//! /// Answers everything with "200 pong".
//! #[derive(Debug)]
//! struct Pong;
//!
//! #[async_trait::async_trait]
//! impl Transport for Pong {
//!     async fn execute(&self, _request: HttpRequest) -> Result<HttpResponse, TransportError> {
//!         Ok(http::Response::new(bytes::Bytes::from_static(b"pong")))
//!     }
//! }
//!
//! let shared = SharedTransport::new(Pong);
//! # let _ = shared;
//! ```

#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod shared;

use bytes::Bytes;

pub use error::{Delivery, TransportError, TransportErrorKind};
pub use shared::SharedTransport;

/// A request with its whole body in memory.
pub type HttpRequest = http::Request<Bytes>;

/// An answer with its whole body in memory.
pub type HttpResponse = http::Response<Bytes>;

/// Performs one HTTP exchange.
///
/// Rules, checked by the `conformance` feature: one attempt per call; redirects are answers; every status is
/// `Ok`; an error says by [`TransportError::delivery`] whether the server can have seen the request.
#[async_trait::async_trait]
pub trait Transport: std::fmt::Debug + Send + Sync + 'static {
    /// Sends `request` once and reads the whole answer.
    ///
    /// # Errors
    /// When there is no complete answer. A truncated body is an error, not a short answer.
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;
}
