//! The promise that credentials make.
//!
//! **Invariant:** the handle does not implement [`Credentials`], so that `Into<SharedCredentials>` accepts both.

use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::Error;

/// The headers that log a call in, and which login they come from.
#[derive(Clone)]
pub struct Authorization {
    headers: Arc<HeaderMap>,
    generation: u64,
}

impl Authorization {
    /// Headers of the login number `generation`. Each is marked sensitive.
    pub fn new(
        headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
        generation: u64,
    ) -> Self {
        let sensitive = |(name, mut value): (HeaderName, HeaderValue)| {
            value.set_sensitive(true);
            (name, value)
        };
        Self {
            headers: Arc::new(headers.into_iter().map(sensitive).collect()),
            generation,
        }
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Which login they come from: a later login has a larger number.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization")
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// Logs calls in.
#[async_trait::async_trait]
pub trait Credentials: fmt::Debug + Send + Sync + 'static {
    /// The headers for the next call; logs in where there are none yet.
    ///
    /// # Errors
    /// When the login fails.
    async fn authorization(&self) -> Result<Authorization, Error>;

    /// The service did not accept `stale`: other headers, or none when there are no others to be had.
    ///
    /// # Errors
    /// When the new login fails.
    async fn renew(&self, stale: &Authorization) -> Result<Option<Authorization>, Error>;
}

/// Credentials behind a cheap clone.
#[derive(Clone, Debug)]
pub struct SharedCredentials(Arc<dyn Credentials>);

impl SharedCredentials {
    /// Wraps credentials.
    pub fn new(credentials: impl Credentials) -> Self {
        Self(Arc::new(credentials))
    }

    /// See [`Credentials::authorization`].
    ///
    /// # Errors
    /// As [`Credentials::authorization`].
    pub async fn authorization(&self) -> Result<Authorization, Error> {
        self.0.authorization().await
    }

    /// See [`Credentials::renew`].
    ///
    /// # Errors
    /// As [`Credentials::renew`].
    pub async fn renew(&self, stale: &Authorization) -> Result<Option<Authorization>, Error> {
        self.0.renew(stale).await
    }
}

impl<C: Credentials> From<C> for SharedCredentials {
    fn from(credentials: C) -> Self {
        Self::new(credentials)
    }
}
