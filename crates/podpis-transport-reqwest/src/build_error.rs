//! Decides how a transport that cannot be made is described.
//!
//! **Invariant:** a complaint names the setting and never holds its value: a proxy has its password in its URL.

use std::error::Error;
use std::fmt;

/// What can be set on a transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Setting {
    /// An own client, or the client that is made of all other settings.
    Client,
    /// The certificate and key that are shown to servers.
    ClientCertificate,
    /// How long a connection may take to open.
    ConnectTimeout,
    /// The proxy.
    Proxy,
    /// Certificates that are trusted beside those of the system.
    RootCertificates,
    /// The User-Agent header.
    UserAgent,
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Client => "the HTTP client",
            Self::ClientCertificate => "the client certificate",
            Self::ConnectTimeout => "the connect timeout",
            Self::Proxy => "the proxy",
            Self::RootCertificates => "the root certificates",
            Self::UserAgent => "the User-Agent",
        })
    }
}

/// The transport could not be made.
#[derive(Debug)]
pub struct BuildError {
    setting: Setting,
    problem: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl BuildError {
    pub(crate) fn new(setting: Setting, problem: &'static str) -> Self {
        Self {
            setting,
            problem,
            source: None,
        }
    }

    pub(crate) fn with_source(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// The setting that cannot be used.
    #[must_use]
    pub fn setting(&self) -> Setting {
        self.setting
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.problem)
    }
}

impl Error for BuildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_ref()?;
        Some(source.as_ref())
    }
}
