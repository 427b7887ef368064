//! Decides what a record says about where it belongs.
//!
//! **Invariant:** names a service, a host and a place in it, never a login.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A service that signs remotely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Service {
    /// Kontur.Extern.
    Extern,
    /// Diadoc.
    Diadoc,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Extern => "Kontur.Extern",
            Self::Diadoc => "Diadoc",
        })
    }
}

/// Where an operation lives. It is resumed there and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// The service.
    pub service: Service,
    /// Host and, if it is not the usual one, port of the service.
    pub host: String,
    /// The Diadoc box or the Extern account, where the operation belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl Origin {
    /// An origin that belongs to no box or account.
    pub fn new(service: Service, host: impl Into<String>) -> Self {
        Self {
            service,
            host: host.into(),
            place: None,
        }
    }

    /// Whether this host is where it lives. Older records name plain http at its usual port without the port.
    #[must_use]
    pub fn is_at(&self, host: &str) -> bool {
        self.host == host || host.strip_suffix(":80") == Some(&self.host)
    }

    /// In this box or account.
    #[must_use]
    pub fn in_place(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }
}
