//! How the client logs in.
//!
//! **Invariant:** the current scheme is an OpenID Connect bearer; everything older goes by headers that the
//! program makes.

use std::fmt;

use http::{HeaderName, HeaderValue};
use podpis_core::login::{Authorization, Credentials, HeaderCredentials, SharedCredentials};
use podpis_core::secret::{ApiClientId, Token};
use podpis_core::{Error, ErrorKind};

/// A way to log in to Kontur.Extern.
#[derive(Clone)]
pub struct ExternLogin(SharedCredentials);

impl ExternLogin {
    /// An access token. It is not renewed; for that, give
    /// [`OidcCredentials`](podpis_core::login::oidc::OidcCredentials) to [`ExternLogin::other`].
    #[must_use]
    pub fn bearer(token: &Token) -> Self {
        Self(or_invalid(HeaderCredentials::bearer(token)))
    }

    /// A Kontur session id (`auth.sid`) and the API key: the scheme before OpenID Connect.
    #[must_use]
    pub fn sid(sid: &Token, api_key: &ApiClientId) -> Self {
        let header = |text: String| {
            HeaderValue::try_from(text).map_err(|_| {
                Error::new(
                    ErrorKind::InvalidInput,
                    "the session id or the API key has characters that a header cannot hold",
                )
            })
        };
        let headers = header(format!("auth.sid {}", sid.expose().trim())).and_then(|sid| {
            let key = header(api_key.expose().trim().to_owned())?;
            Ok(HeaderCredentials::new([
                (http::header::AUTHORIZATION, sid),
                (HeaderName::from_static("x-kontur-apikey"), key),
            ]))
        });
        Self(or_invalid(headers))
    }

    /// Any other way, for example OpenID Connect with renewal.
    pub fn other(credentials: impl Into<SharedCredentials>) -> Self {
        Self(credentials.into())
    }

    pub(crate) fn into_credentials(self) -> SharedCredentials {
        self.0
    }
}

impl fmt::Debug for ExternLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExternLogin([redacted])")
    }
}

fn or_invalid(headers: Result<HeaderCredentials, Error>) -> SharedCredentials {
    match headers {
        Ok(headers) => headers.into(),
        Err(error) => Invalid(error).into(),
    }
}

/// A login that cannot be sent; the first call says why.
#[derive(Debug)]
struct Invalid(Error);

#[async_trait::async_trait]
impl Credentials for Invalid {
    async fn authorization(&self) -> Result<Authorization, Error> {
        Err(self.0.clone())
    }

    async fn renew(&self, _stale: &Authorization) -> Result<Option<Authorization>, Error> {
        Err(self.0.clone())
    }
}
