//! Decides how a failed exchange is described.
//!
//! **Invariant:** the text never holds a URL or a header, because the code from an SMS travels in the query.

use std::fmt;

/// Whether the server can have seen a request that got no complete answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "either it is known that nothing was sent, or it is not"
)]
pub enum Delivery {
    /// The request certainly never reached the server.
    NotSent,
    /// The server may have read the request, and may have acted on it.
    Unknown,
}

/// What went wrong in an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request could not be built or is not allowed, for example plain http to another host.
    InvalidRequest,
    /// No connection: refused, unknown host, or TLS failed.
    Connect,
    /// The time for the exchange ran out.
    Timeout,
    /// The connection broke after the request went out, or the answer was not HTTP.
    Interrupted,
    /// The answer is larger than the transport reads.
    TooLarge,
}

impl TransportErrorKind {
    fn text(self) -> &'static str {
        match self {
            Self::InvalidRequest => "the request cannot be sent",
            Self::Connect => "no connection to the server",
            Self::Timeout => "the server did not answer in time",
            Self::Interrupted => "the connection broke before the answer was complete",
            Self::TooLarge => "the answer is larger than allowed",
        }
    }
}

/// An exchange without a complete answer.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    delivery: Delivery,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportError {
    /// Describes a failure. Say [`Delivery::NotSent`] only when the server cannot have read anything.
    #[must_use]
    pub fn new(kind: TransportErrorKind, delivery: Delivery) -> Self {
        Self {
            kind,
            delivery,
            source: None,
        }
    }

    /// Adds the cause. Strip URLs from it first.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the server can have seen the request.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.text())
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_ref()
            .map(|source| source.as_ref() as &(dyn std::error::Error + 'static))
    }
}
