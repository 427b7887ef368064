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
//! `podpis-transport-reqwest` is the one that ships. [`Transport`] says what one of your own has to do, with one around
//! another client and a fake for tests.

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
/// # The rules
///
/// Most are checked by the suite in `podpis_transport::conformance`, behind the feature of that name.
///
/// - One call is one attempt: nothing is sent again and no redirect is followed, because that is decided above, where
///   it is known whether a person would be asked twice.
/// - Every status is `Ok`, 302 and 500 too, and the answer is given as it came.
/// - An error says by [`TransportError::delivery`] whether the server can have seen the request.
///   [`Delivery::NotSent`] is for what certainly failed before the first byte; all else, and whatever a client does not
///   tell, is [`Delivery::Unknown`]. To be wrong in that direction costs a look at the service, in the other one it asks
///   a person twice.
/// - An error holds no URL and no header, in its causes neither: the code from an SMS travels in the query.
/// - No call lasts for ever and no answer fills the memory: both have a limit, [`TransportErrorKind::Timeout`] and
///   [`TransportErrorKind::TooLarge`].
/// - Calls are made side by side, and one may be dropped at any moment.
///
/// # Around another client
///
/// This one uses hyper, with a connection for each exchange. It obeys the rules, as its test says.
///
/// ```
/// use std::time::Duration;
///
/// use bytes::Bytes;
/// use http::uri::PathAndQuery;
/// use http::{HeaderValue, Request, Response, Uri, header};
/// use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
/// use hyper::client::conn::http1;
/// use hyper_util::rt::TokioIo;
/// use podpis_transport::{
///     Delivery, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind as Kind,
/// };
/// use tokio::net::TcpStream;
///
/// const LONGEST: Duration = Duration::from_secs(100);
/// const LARGEST: usize = 64 * 1024 * 1024;
///
/// /// Plain HTTP; for https the stream is wrapped by a library for TLS.
/// #[derive(Debug)]
/// struct HyperTransport;
///
/// #[async_trait::async_trait]
/// impl Transport for HyperTransport {
///     async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
///         let exchange = tokio::time::timeout(LONGEST, exchange(request)).await;
///         // Nobody knows how far it came by then.
///         exchange.unwrap_or_else(|_| Err(TransportError::new(Kind::Timeout, Delivery::Unknown)))
///     }
/// }
///
/// async fn exchange(request: HttpRequest) -> Result<HttpResponse, TransportError> {
///     let unusable = || TransportError::new(Kind::InvalidRequest, Delivery::NotSent);
///     let (mut head, body) = request.into_parts();
///     let (Some("http"), Some(server)) = (head.uri.scheme_str(), head.uri.authority().cloned()) else {
///         return Err(unusable());
///     };
///     // A server is sent the path, and its name in a header.
///     let host = HeaderValue::from_str(server.as_str()).map_err(|_| unusable())?;
///     head.headers.insert(header::HOST, host);
///     let path = head.uri.path_and_query().cloned();
///     head.uri = Uri::from(path.unwrap_or(PathAndQuery::from_static("/")));
///
///     // So far nothing has left this machine.
///     let stream = TcpStream::connect((server.host(), server.port_u16().unwrap_or(80)))
///         .await
///         .map_err(|error| TransportError::new(Kind::Connect, Delivery::NotSent).with_source(error))?;
///     let (mut connection, driven) = http1::handshake(TokioIo::new(stream))
///         .await
///         .map_err(|error| TransportError::new(Kind::Connect, Delivery::NotSent).with_source(error))?;
///     tokio::spawn(driven);
///
///     // From here on the server can have acted, whatever fails.
///     let answer = connection
///         .send_request(Request::from_parts(head, Full::new(body)))
///         .await
///         .map_err(|error| TransportError::new(Kind::Interrupted, Delivery::Unknown).with_source(error))?;
///     let (head, body) = answer.into_parts();
///     let body = Limited::new(body, LARGEST).collect().await.map_err(|error| {
///         let is_too_large = error.is::<LengthLimitError>();
///         let kind = if is_too_large { Kind::TooLarge } else { Kind::Interrupted };
///         TransportError::new(kind, Delivery::Unknown).with_source(error)
///     })?;
///     Ok(Response::from_parts(head, body.to_bytes()))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// // In a test; the feature `conformance` of this crate belongs into `[dev-dependencies]`.
/// use podpis_transport::conformance::a_transport_over_sockets_obeys_the_contract;
/// a_transport_over_sockets_obeys_the_contract(HyperTransport.into()).await;
/// # }
/// ```
///
/// # A fake
///
/// For the tests of a program: it gives what was prepared, in that order, and then nothing listens any more.
///
/// ```
/// use std::collections::VecDeque;
/// use std::sync::Mutex;
///
/// use podpis_transport::{
///     Delivery, HttpRequest, HttpResponse, SharedTransport, Transport, TransportError,
///     TransportErrorKind,
/// };
///
/// #[derive(Debug)]
/// struct Prepared(Mutex<VecDeque<Result<HttpResponse, TransportError>>>);
///
/// #[async_trait::async_trait]
/// impl Transport for Prepared {
///     async fn execute(&self, _request: HttpRequest) -> Result<HttpResponse, TransportError> {
///         let nothing = || Err(TransportError::new(TransportErrorKind::Connect, Delivery::NotSent));
///         let next = self.0.lock().map(|mut answers| answers.pop_front());
///         next.ok().flatten().unwrap_or_else(nothing)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// // The connection breaks after the request went out, and the next call works.
/// let broken = TransportError::new(TransportErrorKind::Interrupted, Delivery::Unknown);
/// let answer = http::Response::new(bytes::Bytes::from_static(b"pong"));
/// let fake = Prepared(Mutex::new([Err(broken), Ok(answer)].into()));
/// // Clients take it as any other: `Diadoc::builder(url, login, fake)`.
/// let transport = SharedTransport::from(fake);
///
/// let ping = || HttpRequest::new(bytes::Bytes::new());
/// let error = transport.execute(ping()).await.unwrap_err();
/// assert_eq!(error.delivery(), Delivery::Unknown);
/// assert_eq!(transport.execute(ping()).await.unwrap().body(), "pong");
/// # }
/// ```
#[async_trait::async_trait]
pub trait Transport: std::fmt::Debug + Send + Sync + 'static {
    /// Sends `request` once and reads the whole answer. Its URI is absolute.
    ///
    /// # Errors
    /// When there is no complete answer. A truncated body is an error, not a short answer.
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;
}
