//! How one file is got from its address.
//!
//! **Invariant:** every exchange is bounded in time and in bytes, and what is not the whole answer of a success is a
//! trouble, never a file.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method, StatusCode};
use podpis::transport::{HttpRequest, TransportErrorKind};
use podpis::{ReqwestTransport, Transport as _};

use super::address::{MAX_REDIRECTS, address, led_on};
use crate::failure::Failure;
use crate::messages::Trouble;

/// The largest certificate file and OCSP answer, in bytes.
const SMALL: usize = 1024 * 1024;
/// The largest revocation list, in bytes: that of the library.
const LARGE: usize = 64 * 1024 * 1024;

/// Gets files, through the proxy of the system as every other request of the program.
#[derive(Debug)]
pub(super) struct Http {
    small: ReqwestTransport,
    large: ReqwestTransport,
}

/// How large an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Small,
    Large,
}

impl Http {
    /// `timeout` is how long one exchange may take.
    pub(super) fn new(timeout: Duration) -> Result<Self, Failure> {
        let transport = |limit| {
            let builder = ReqwestTransport::builder()
                .exchange_timeout(timeout)
                .connect_timeout(timeout)
                .answer_limit(limit);
            builder.build().map_err(Failure::setup)
        };
        Ok(Self {
            small: transport(SMALL)?,
            large: transport(LARGE)?,
        })
    }

    /// The file at this address; with a question, the answer to it.
    pub(super) async fn get(
        &self,
        text: &str,
        question: Option<&[u8]>,
        size: Size,
    ) -> Result<Bytes, Trouble> {
        let named = address(text)?;
        let mut url = named.clone();
        for _ in 0..=MAX_REDIRECTS {
            let request = request(url.as_str(), question)?;
            let transport = match size {
                Size::Small => &self.small,
                Size::Large => &self.large,
            };
            let answer = transport.execute(request).await;
            let answer = answer.map_err(|error| match error.kind() {
                TransportErrorKind::Timeout => Trouble::TimedOut,
                TransportErrorKind::TooLarge => Trouble::TooLarge,
                _ => Trouble::NoAnswer,
            })?;
            if answer.status() == StatusCode::OK {
                return Ok(answer.into_body());
            }
            let status = answer.status();
            let location = answer.headers().get(LOCATION);
            let location = location.and_then(|location| location.to_str().ok());
            match location.filter(|_| status.is_redirection()) {
                Some(location) => url = led_on(&named, &url, location).await?,
                None => return Err(Trouble::Status(status.as_u16())),
            }
        }
        Err(Trouble::TooManyRedirects)
    }
}

fn request(url: &str, question: Option<&[u8]>) -> Result<HttpRequest, Trouble> {
    let request = http::Request::builder().uri(url);
    let request = match question {
        None => request.method(Method::GET).body(Bytes::new()),
        Some(question) => {
            let kind = HeaderValue::from_static("application/ocsp-request");
            let request = request.method(Method::POST).header(CONTENT_TYPE, kind);
            request.body(Bytes::copy_from_slice(question))
        }
    };
    request.map_err(|_| Trouble::NotAnAddress)
}
