//! Decides how it is said why something is not trusted: the reason, whose certificate, what would help.
//!
//! **Invariant:** what would help is copied from the certificate, for a person to read: nothing is
//! fetched, and control characters are replaced.

use std::fmt;
use std::time::SystemTime;

use podpis_cms::Certificate;

use crate::Reason;

/// Whose certificate a reason is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "these are the places of a path")]
pub enum Whose {
    /// The signer's.
    Signer,
    /// An issuer's between signer and root; 1 is the signer's own issuer.
    Issuer(usize),
    /// The root's, which the caller trusts.
    Root,
    /// That of a time stamp, from 1, or of its issuers.
    Stamp(usize),
}

impl fmt::Display for Whose {
    /// `signer`, `issuer 1`, `root`, `stamp 1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signer => f.write_str("signer"),
            Self::Issuer(number) => write!(f, "issuer {number}"),
            Self::Root => f.write_str("root"),
            Self::Stamp(number) => write!(f, "stamp {number}"),
        }
    }
}

/// Why a signature or a time stamp is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    pub(crate) reason: Reason,
    pub(crate) whose: Whose,
    pub(crate) certificate: Option<Certificate>,
    pub(crate) date: Option<SystemTime>,
    pub(crate) detail: Option<String>,
    pub(crate) needed: Option<Needed>,
}

impl Why {
    pub(crate) fn new(reason: Reason, whose: Whose, certificate: Option<&Certificate>) -> Self {
        Self {
            reason,
            whose,
            certificate: certificate.cloned(),
            date: None,
            detail: None,
            needed: None,
        }
    }

    pub(crate) fn since(mut self, date: Option<SystemTime>) -> Self {
        self.date = date;
        self
    }

    pub(crate) fn saying(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub(crate) fn needing(mut self, needed: Needed) -> Self {
        self.needed = Some(needed);
        self
    }

    /// The reason.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Whose certificate it is about.
    #[must_use]
    pub fn whose(&self) -> Whose {
        self.whose
    }

    /// The certificate: its subject, issuer and thumbprint tell a person which one. `None` where
    /// there is none at hand.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Since when: the end or the beginning of validity, the revocation, the update of a list.
    #[must_use]
    pub fn date(&self) -> Option<SystemTime> {
        self.date
    }

    /// What exactly, where the reason leaves it open: the algorithm, the extension's OID, the reason
    /// of a revocation in the words of RFC 5280 5.3.1 (`keyCompromise`, `certificateHold`).
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// What would help, where a file would.
    #[must_use]
    pub fn needed(&self) -> Option<&Needed> {
        self.needed.as_ref()
    }
}

impl fmt::Display for Why {
    /// `expired (signer)`: for logs and developers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.reason, self.whose)?;
        if let Some(detail) = &self.detail {
            write!(f, ", {detail}")?;
        }
        f.write_str(")")
    }
}

/// A file that would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    pub(crate) what: File,
    pub(crate) issuer: String,
    pub(crate) serial: Option<Vec<u8>>,
    pub(crate) key_id: Option<Vec<u8>>,
    pub(crate) addresses: Vec<String>,
}

/// What kind of file would help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum File {
    /// The certificate of the signer.
    SignerCertificate,
    /// The certificate of an issuer.
    IssuerCertificate,
    /// A revocation list of an issuer.
    RevocationList,
}

impl Needed {
    /// What kind of file.
    #[must_use]
    pub fn what(&self) -> File {
        self.what
    }

    /// Whose: the issuer's name, in the form of [`Certificate::issuer`]. Empty where a signer names
    /// its certificate by key identifier alone.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The serial number of the signer's certificate, the highest byte first.
    #[must_use]
    pub fn serial(&self) -> Option<&[u8]> {
        self.serial.as_deref()
    }

    /// The key identifier, if it is stated: that of the issuer's key, because several keys may go by
    /// one name; of a signer's certificate its own.
    #[must_use]
    pub fn key_id(&self) -> Option<&[u8]> {
        self.key_id.as_deref()
    }

    /// Where it may be got, as the certificate says.
    #[must_use]
    pub fn addresses(&self) -> &[String] {
        &self.addresses
    }
}
