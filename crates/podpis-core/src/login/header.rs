//! Fixed headers, for any scheme that this library does not speak itself.
//!
//! **Invariant:** never renewed: whoever made the headers knows how to make others.

use http::{HeaderName, HeaderValue};

use super::{Authorization, Credentials};
use crate::secret::Token;
use crate::{Error, ErrorKind};

/// Logs in with headers that the program made, for example a bearer token or an older scheme.
#[derive(Clone, Debug)]
pub struct HeaderCredentials(Authorization);

impl HeaderCredentials {
    /// These headers on every call.
    pub fn new(headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>) -> Self {
        Self(Authorization::new(headers, 0))
    }

    /// `Authorization: Bearer …`.
    ///
    /// # Errors
    /// When the token is empty or has characters that a header cannot hold.
    pub fn bearer(token: &Token) -> Result<Self, Error> {
        let token = token.expose().trim();
        let value = HeaderValue::try_from(format!("Bearer {token}"));
        match value {
            Ok(value) if !token.is_empty() => Ok(Self::new([(http::header::AUTHORIZATION, value)])),
            _ => Err(Error::new(
                ErrorKind::InvalidInput,
                "the token is empty or has characters that a header cannot hold",
            )),
        }
    }
}

#[async_trait::async_trait]
impl Credentials for HeaderCredentials {
    async fn authorization(&self) -> Result<Authorization, Error> {
        Ok(self.0.clone())
    }

    async fn renew(&self, _stale: &Authorization) -> Result<Option<Authorization>, Error> {
        Ok(None)
    }
}
