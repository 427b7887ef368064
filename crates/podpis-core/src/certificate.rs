//! What speaks against signing remotely with a certificate, in one set of reasons for both services.
//!
//! **Invariant:** a field that a service leaves out is no reason; a reason has one word that stays and one text.

use std::fmt;
use std::time::SystemTime;

/// A way to sign with a key that is at the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningMethod {
    /// Diadoc's DssSign: confirmed in an app on the owner's phone.
    DssSign,
    /// Diadoc's CloudSign: confirmed by a code in an SMS.
    CloudSign,
}

impl fmt::Display for SigningMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DssSign => "DssSign",
            Self::CloudSign => "CloudSign",
        })
    }
}

/// What speaks against a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unusable {
    /// The key is on a carrier of the person and not at the service.
    NotRemote,
    /// The method signs with certificates of another type.
    WrongType {
        /// The certificate's type in a word; its number where it is not known here.
        certificate_type: String,
        /// The method that was asked about.
        method: SigningMethod,
    },
    /// It is not valid yet.
    NotYetValid {
        /// From when it is.
        from: SystemTime,
    },
    /// It is no longer valid.
    Expired {
        /// Since when.
        since: SystemTime,
    },
    /// It is valid, and its key may not sign yet.
    KeyNotYetValid {
        /// From when it may.
        from: SystemTime,
    },
    /// It is valid, and its key may no longer sign.
    KeyExpired {
        /// Since when.
        since: SystemTime,
    },
    /// The service says that it is not valid.
    NotValid,
    /// It is not a qualified certificate.
    NotQualified,
    /// It belongs to somebody else.
    AnotherOwner {
        /// The owner's name and INN.
        owner: String,
    },
    /// Only certificates of Kontur's certification authority sign remotely.
    IssuedByAnotherCa {
        /// Who issued it.
        issuer: String,
    },
    /// It cannot be read.
    Unreadable,
    /// What the service gives as its thumbprint is none, so it cannot be named.
    NoThumbprint,
}

impl Unusable {
    /// The first of a validity's ends that speaks against a certificate at a moment.
    #[must_use]
    pub fn by_validity(
        from: Option<SystemTime>,
        to: Option<SystemTime>,
        now: SystemTime,
    ) -> Option<Self> {
        let early = from.filter(|from| *from > now);
        let late = || to.filter(|since| *since < now);
        early
            .map(|from| Self::NotYetValid { from })
            .or_else(|| late().map(|since| Self::Expired { since }))
    }

    /// The reason in a word that stays.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NotRemote => "not_remote",
            Self::WrongType { .. } => "wrong_type",
            Self::NotYetValid { .. } => "not_yet_valid",
            Self::Expired { .. } => "expired",
            Self::KeyNotYetValid { .. } => "key_not_yet_valid",
            Self::KeyExpired { .. } => "key_expired",
            Self::NotValid => "not_valid",
            Self::NotQualified => "not_qualified",
            Self::AnotherOwner { .. } => "another_owner",
            Self::IssuedByAnotherCa { .. } => "issued_by_another_ca",
            Self::Unreadable => "unreadable",
            Self::NoThumbprint => "no_thumbprint",
        }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRemote => f.write_str("its key is on a carrier, not at the service"),
            Self::WrongType {
                certificate_type,
                method,
            } => {
                match certificate_type.as_str() {
                    "token" => f.write_str("its key is on a carrier")?,
                    "dss" => f.write_str("it is a DSS certificate")?,
                    "kontur_certificate" => f.write_str("it is a Kontur.Certificate")?,
                    "goskey" => f.write_str("it is one of the GosKey app")?,
                    other => write!(f, "its type {other} is not known to this version")?,
                }
                write!(f, ", and {method} does not sign with those")
            }
            Self::NotYetValid { .. } => f.write_str("it is not valid yet"),
            Self::Expired { .. } => f.write_str("it is no longer valid"),
            Self::KeyNotYetValid { .. } => f.write_str("its key may not sign yet"),
            Self::KeyExpired { .. } => f.write_str("its key may no longer sign"),
            Self::NotValid => f.write_str("the service says that it is not valid"),
            Self::NotQualified => f.write_str("it is not qualified"),
            Self::AnotherOwner { owner } => write!(f, "it belongs to {owner}"),
            Self::IssuedByAnotherCa { issuer } => {
                write!(f, "it was not issued by Kontur's CA but by {issuer}")
            }
            Self::Unreadable => f.write_str("it cannot be read"),
            Self::NoThumbprint => f.write_str("the service gives no thumbprint for it"),
        }
    }
}
