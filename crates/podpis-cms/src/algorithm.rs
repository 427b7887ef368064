//! Decides which key and signature algorithms are known, and which digest belongs to a key.
//!
//! **Invariant:** an algorithm that is not known keeps its OID; nothing is guessed from names.

use std::fmt;

use der::Decode as _;
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use crate::{DigestAlgorithm, oid};

/// The algorithm of a certificate's public key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// GOST R 34.10-2001.
    Gost2001,
    /// GOST R 34.10-2012, 256 bit.
    Gost2012_256,
    /// GOST R 34.10-2012, 512 bit.
    Gost2012_512,
    /// RSA.
    Rsa,
    /// RSA for RSASSA-PSS only.
    RsaPss,
    /// Elliptic curve P-256.
    EcP256,
    /// Elliptic curve P-384.
    EcP384,
    /// Any other, by its dotted OID; for another elliptic curve it is the curve's.
    Other(String),
}

impl KeyAlgorithm {
    pub(crate) fn of_spki(spki_der: &[u8]) -> Option<Self> {
        let spki = SubjectPublicKeyInfoRef::from_der(spki_der).ok()?;
        let algorithm = spki.algorithm.oid.to_string();
        Some(match algorithm.as_str() {
            oid::GOST_2001 => Self::Gost2001,
            oid::GOST_2012_256 => Self::Gost2012_256,
            oid::GOST_2012_512 => Self::Gost2012_512,
            oid::RSA => Self::Rsa,
            oid::RSA_PSS => Self::RsaPss,
            oid::EC => {
                let curve = spki
                    .algorithm
                    .parameters_oid()
                    .ok()
                    .as_ref()
                    .map(ObjectIdentifier::to_string);
                match curve.as_deref() {
                    Some(oid::CURVE_P256) => Self::EcP256,
                    Some(oid::CURVE_P384) => Self::EcP384,
                    Some(other) => Self::Other(other.to_owned()),
                    None => Self::Other(algorithm),
                }
            }
            _ => Self::Other(algorithm),
        })
    }

    /// The digest that signatures by such a key use: prescribed for GOST (RFC 4490, RFC 9215), the
    /// usual one for RSA (SHA-256) and for elliptic curves (that of the curve's size). `None` for
    /// keys not known here.
    ///
    /// ```
    /// use podpis_cms::{DigestAlgorithm, KeyAlgorithm};
    /// assert_eq!(KeyAlgorithm::Gost2012_512.digest(), Some(DigestAlgorithm::Streebog512));
    /// ```
    #[must_use]
    pub fn digest(&self) -> Option<DigestAlgorithm> {
        match self {
            Self::Gost2001 => Some(DigestAlgorithm::Gost94),
            Self::Gost2012_256 => Some(DigestAlgorithm::Streebog256),
            Self::Gost2012_512 => Some(DigestAlgorithm::Streebog512),
            Self::Rsa | Self::RsaPss | Self::EcP256 => Some(DigestAlgorithm::Sha256),
            Self::EcP384 => Some(DigestAlgorithm::Sha384),
            Self::Other(_) => None,
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gost2001 => "GOST R 34.10-2001",
            Self::Gost2012_256 => "GOST R 34.10-2012 (256 bit)",
            Self::Gost2012_512 => "GOST R 34.10-2012 (512 bit)",
            Self::Rsa => "RSA",
            Self::RsaPss => "RSA-PSS",
            Self::EcP256 => "EC P-256",
            Self::EcP384 => "EC P-384",
            Self::Other(oid) => oid,
        })
    }
}

/// The algorithm a signature value was made with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// GOST R 34.10-2001.
    Gost2001,
    /// GOST R 34.10-2012, 256 bit.
    Gost2012_256,
    /// GOST R 34.10-2012, 512 bit.
    Gost2012_512,
    /// RSA, PKCS #1 v1.5.
    RsaPkcs1,
    /// RSASSA-PSS.
    RsaPss,
    /// ECDSA.
    Ecdsa,
    /// Any other, by its dotted OID.
    Other(String),
}

impl SignatureAlgorithm {
    /// The algorithm, and the digest if the identifier names one.
    pub(crate) fn of_oid(oid: &str) -> (Self, Option<DigestAlgorithm>) {
        use DigestAlgorithm as Digest;
        match oid {
            oid::GOST_2001 => (Self::Gost2001, None),
            oid::GOST_2001_WITH_94 => (Self::Gost2001, Some(Digest::Gost94)),
            oid::GOST_2012_256 => (Self::Gost2012_256, None),
            oid::GOST_2012_WITH_256 => (Self::Gost2012_256, Some(Digest::Streebog256)),
            oid::GOST_2012_512 => (Self::Gost2012_512, None),
            oid::GOST_2012_WITH_512 => (Self::Gost2012_512, Some(Digest::Streebog512)),
            oid::RSA => (Self::RsaPkcs1, None),
            oid::RSA_WITH_SHA_256 => (Self::RsaPkcs1, Some(Digest::Sha256)),
            oid::RSA_WITH_SHA_384 => (Self::RsaPkcs1, Some(Digest::Sha384)),
            oid::RSA_WITH_SHA_512 => (Self::RsaPkcs1, Some(Digest::Sha512)),
            oid::RSA_PSS => (Self::RsaPss, None),
            oid::EC => (Self::Ecdsa, None),
            oid::ECDSA_WITH_SHA_256 => (Self::Ecdsa, Some(Digest::Sha256)),
            oid::ECDSA_WITH_SHA_384 => (Self::Ecdsa, Some(Digest::Sha384)),
            oid::ECDSA_WITH_SHA_512 => (Self::Ecdsa, Some(Digest::Sha512)),
            other => (Self::Other(other.to_owned()), None),
        }
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gost2001 => "GOST R 34.10-2001",
            Self::Gost2012_256 => "GOST R 34.10-2012 (256 bit)",
            Self::Gost2012_512 => "GOST R 34.10-2012 (512 bit)",
            Self::RsaPkcs1 => "RSA PKCS #1 v1.5",
            Self::RsaPss => "RSASSA-PSS",
            Self::Ecdsa => "ECDSA",
            Self::Other(oid) => oid,
        })
    }
}
