//! HTTP for podpis through reqwest.
//!
//! [`ReqwestTransport`] makes one attempt per call: no retries, no redirects, TLS always verified, the answer
//! read up to a limit. Everything that decides whether to ask again lives above it.
//!
//! **Invariant:** this is the only crate that names reqwest, and reqwest is not in its public API.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use podpis_transport::{
    Delivery, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};

/// How long a connection may take to open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// How long one exchange may take, upload and download included.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(100);

/// The largest answer read, in bytes.
const ANSWER_LIMIT: usize = 128 * 1024 * 1024;

/// Sends requests with reqwest.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    /// For this machine itself: a proxy from the environment must not see what is allowed in the open only
    /// because it does not leave the machine.
    loopback: reqwest::Client,
    answer_limit: usize,
}

impl ReqwestTransport {
    /// A transport with the defaults: 15 s to connect, 100 s for an exchange, answers up to 128 MiB.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn new() -> Result<Self, BuildError> {
        Self::builder().build()
    }

    /// Starts from the defaults.
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder {
            connect_timeout: CONNECT_TIMEOUT,
            exchange_timeout: EXCHANGE_TIMEOUT,
            answer_limit: ANSWER_LIMIT,
            user_agent: concat!("podpis/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// Settings of a [`ReqwestTransport`].
#[derive(Clone, Debug)]
#[must_use = "nothing is made until `build`"]
pub struct ReqwestTransportBuilder {
    connect_timeout: Duration,
    exchange_timeout: Duration,
    answer_limit: usize,
    user_agent: String,
}

impl ReqwestTransportBuilder {
    /// How long a connection may take to open.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long one exchange may take, upload and download included.
    pub fn exchange_timeout(mut self, timeout: Duration) -> Self {
        self.exchange_timeout = timeout;
        self
    }

    /// The largest answer read, in bytes. A larger one is an error.
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.answer_limit = bytes;
        self
    }

    /// The User-Agent header.
    pub fn user_agent(mut self, text: impl Into<String>) -> Self {
        self.user_agent = text.into();
        self
    }

    /// Makes the transport.
    ///
    /// # Errors
    /// When the TLS library cannot be set up or the User-Agent is not a header value.
    pub fn build(self) -> Result<ReqwestTransport, BuildError> {
        let settings = || {
            reqwest::Client::builder()
                .connect_timeout(self.connect_timeout)
                .timeout(self.exchange_timeout)
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .user_agent(self.user_agent.as_str())
        };
        let build = |builder: reqwest::ClientBuilder| {
            builder
                .build()
                .map_err(|error| BuildError(error.without_url()))
        };
        Ok(ReqwestTransport {
            client: build(settings())?,
            loopback: build(settings().no_proxy())?,
            answer_limit: self.answer_limit,
        })
    }
}

/// The transport could not be made.
#[derive(Debug)]
pub struct BuildError(reqwest::Error);

impl std::fmt::Display for BuildError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the HTTP client cannot be set up")
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[async_trait::async_trait]
impl Transport for ReqwestTransport {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let request = reqwest::Request::try_from(request).map_err(describe)?;
        let client = if is_loopback(request.url()) {
            &self.loopback
        } else {
            &self.client
        };
        let mut answer = client.execute(request).await.map_err(describe)?;
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(describe)? {
            if body.len() + chunk.len() > self.answer_limit {
                return Err(TransportError::new(
                    TransportErrorKind::TooLarge,
                    Delivery::Unknown,
                ));
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = HttpResponse::new(Bytes::from(body));
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Only a failure to build or to connect proves that nothing was sent: reqwest reports a server that read the
/// whole request and hung up with `is_request`, so that one proves nothing.
fn describe(error: reqwest::Error) -> TransportError {
    let (kind, delivery) = if error.is_builder() {
        (TransportErrorKind::InvalidRequest, Delivery::NotSent)
    } else if error.is_connect() {
        // A connect timeout is both `is_connect` and `is_timeout`.
        (TransportErrorKind::Connect, Delivery::NotSent)
    } else if error.is_timeout() {
        (TransportErrorKind::Timeout, Delivery::Unknown)
    } else {
        (TransportErrorKind::Interrupted, Delivery::Unknown)
    };
    TransportError::new(kind, delivery).with_source(error.without_url())
}

#[cfg(test)]
mod tests {
    use super::*;
    use podpis_transport::conformance::a_transport_over_sockets_obeys_the_contract;

    #[tokio::test]
    async fn obeys_the_contract() {
        a_transport_over_sockets_obeys_the_contract(ReqwestTransport::new().unwrap().into()).await;
    }

    #[tokio::test]
    async fn an_answer_over_the_limit_is_an_error_and_not_a_short_answer() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            use std::io::{Read as _, Write as _};
            let (mut socket, _) = listener.accept().unwrap();
            let _ = socket.read(&mut [0; 4096]);
            socket
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello world")
                .unwrap();
        });
        let transport = ReqwestTransport::builder()
            .answer_limit(10)
            .build()
            .unwrap();
        let request = http::Request::get(url).body(Bytes::new()).unwrap();
        let error = transport.execute(request).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::TooLarge);
        assert_eq!(error.delivery(), Delivery::Unknown);
    }
}
