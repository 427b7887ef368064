//! Decides with which client a request is sent, and what its failure proves.
//!
//! **Invariant:** a request is executed once; only a failure to build it or to connect says that nothing was sent.

use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderValue;
use http::header::ACCEPT_ENCODING;
use podpis_transport::{
    Delivery, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use reqwest::Url;

use crate::build_error::BuildError;
use crate::builder::ReqwestTransportBuilder;

/// The most that is reserved for an answer before it comes, in bytes.
const RESERVED: usize = 16 * 1024 * 1024;

/// Sends requests with reqwest.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    pub(crate) clients: Clients,
    pub(crate) exchange_timeout: Duration,
    pub(crate) answer_limit: usize,
}

/// Who sends.
#[derive(Clone)]
pub(crate) enum Clients {
    Ours {
        other_hosts: reqwest::Client,
        /// Without a proxy: it must not see what is allowed in the open only because it does not leave the machine.
        this_machine: reqwest::Client,
    },
    /// The caller's.
    Own(reqwest::Client),
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A client shows its headers, and an own one can have secrets there.
        f.write_str(match self {
            Self::Ours { .. } => "Ours",
            Self::Own(_) => "Own",
        })
    }
}

impl ReqwestTransport {
    /// A transport with the defaults: 15 s to connect, 100 s for an exchange, answers up to 128 MiB, the proxy and the
    /// trusted certificates of the system.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn new() -> Result<Self, BuildError> {
        Self::builder().build()
    }

    /// Starts from the defaults.
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::new()
    }

    async fn sent(&self, mut request: reqwest::Request) -> Result<reqwest::Response, SendError> {
        *request.timeout_mut() = Some(self.exchange_timeout);
        let client = match &self.clients {
            Clients::Ours { this_machine, .. } if is_loopback(request.url()) => this_machine,
            Clients::Ours { other_hosts, .. } => other_hosts,
            Clients::Own(client) => {
                // It would ask for what it can decode, unless something is asked for already.
                request
                    .headers_mut()
                    .entry(ACCEPT_ENCODING)
                    .or_insert(HeaderValue::from_static("identity"));
                let url = request.url().clone();
                let answer = client.execute(request).await.map_err(SendError::Failed)?;
                return if *answer.url() == url {
                    Ok(answer)
                } else {
                    Err(SendError::Redirected)
                };
            }
        };
        client.execute(request).await.map_err(SendError::Failed)
    }
}

/// Why there is no answer to look at.
enum SendError {
    Failed(reqwest::Error),
    /// An own client went elsewhere.
    Redirected,
}

impl From<SendError> for TransportError {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Failed(error) => describe(error),
            SendError::Redirected => Self::new(TransportErrorKind::Interrupted, Delivery::Unknown)
                .with_source("the HTTP client followed a redirect, which it must not"),
        }
    }
}

#[async_trait::async_trait]
impl Transport for ReqwestTransport {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let request = reqwest::Request::try_from(request).map_err(describe)?;
        let mut answer = self.sent(request).await?;
        // As much as the answer says it has, so that it does not grow by copies of itself; a lie costs no memory that is
        // not written to.
        let length = usize::try_from(answer.content_length().unwrap_or_default());
        let mut body = BytesMut::with_capacity(length.unwrap_or_default().min(RESERVED));
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

fn is_loopback(url: &Url) -> bool {
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
