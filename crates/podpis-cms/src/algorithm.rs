//! Decides which key and signature algorithms are known, and which digest belongs to a key.
//!
//! **Invariant:** an algorithm that is not known keeps its OID; nothing is guessed from names. A
//! signature algorithm that is known belongs to one family of keys.

use std::fmt;

use const_oid::ObjectIdentifier;

use crate::public_key::PublicKey;
use crate::tlv;
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
    /// Elliptic curve P-521.
    EcP521,
    /// Any other, by its dotted OID; for another elliptic curve it is the curve's.
    Other(String),
}

impl KeyAlgorithm {
    pub(crate) fn of(key: &PublicKey<'_>) -> Self {
        let named = |known: ObjectIdentifier| key.algorithm == known.as_bytes();
        if named(oid::EC) {
            let curve = key
                .parameters
                .filter(|parameters| parameters.tag() == tlv::OBJECT_IDENTIFIER)
                .map_or(key.algorithm, |curve| curve.content());
            return EC_KEYS
                .iter()
                .find(|(known, _)| known.as_bytes() == curve)
                .map_or_else(|| Self::Other(oid::oid_text(curve)), |(_, key)| key.clone());
        }
        KEYS.iter().find(|(known, _)| named(*known)).map_or_else(
            || Self::Other(oid::oid_text(key.algorithm)),
            |(_, key)| key.clone(),
        )
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
            Self::EcP521 => Some(DigestAlgorithm::Sha512),
            Self::Other(_) => None,
        }
    }
}

const KEYS: [(ObjectIdentifier, KeyAlgorithm); 5] = [
    (oid::GOST_2001, KeyAlgorithm::Gost2001),
    (oid::GOST_2012_256, KeyAlgorithm::Gost2012_256),
    (oid::GOST_2012_512, KeyAlgorithm::Gost2012_512),
    (oid::RSA, KeyAlgorithm::Rsa),
    (oid::RSA_PSS, KeyAlgorithm::RsaPss),
];

const EC_KEYS: [(ObjectIdentifier, KeyAlgorithm); 3] = [
    (oid::CURVE_P256, KeyAlgorithm::EcP256),
    (oid::CURVE_P384, KeyAlgorithm::EcP384),
    (oid::CURVE_P521, KeyAlgorithm::EcP521),
];

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
            Self::EcP521 => "EC P-521",
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

/// Keys that are used in one way. A value can only be right under a key of its algorithm's family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Gost94,
    Gost2001,
    Gost2012_256,
    Gost2012_512,
    Rsa,
    Ec,
    Dsa,
    Ed25519,
    Ed448,
}

impl Family {
    /// Of a key's algorithm, by the content of its identifier.
    pub(crate) fn of_key(algorithm: &[u8]) -> Option<Self> {
        FAMILIES
            .iter()
            .find(|(known, _)| known.as_bytes() == algorithm)
            .map(|(_, family)| *family)
    }
}

const FAMILIES: [(ObjectIdentifier, Family); 10] = [
    (oid::GOST_94_KEY, Family::Gost94),
    (oid::GOST_2001, Family::Gost2001),
    (oid::GOST_2012_256, Family::Gost2012_256),
    (oid::GOST_2012_512, Family::Gost2012_512),
    (oid::RSA, Family::Rsa),
    (oid::RSA_PSS, Family::Rsa),
    (oid::EC, Family::Ec),
    (oid::DSA_KEY, Family::Dsa),
    (oid::ED_25519, Family::Ed25519),
    (oid::ED_448, Family::Ed448),
];

/// Every signature algorithm that is known, its keys, and the digest that it names.
pub(crate) const SCHEMES: [(ObjectIdentifier, Family, Option<ObjectIdentifier>); 36] = [
    (oid::GOST_94_KEY, Family::Gost94, None),
    (oid::GOST_94_WITH_94, Family::Gost94, Some(oid::GOST_94)),
    (oid::GOST_2001, Family::Gost2001, None),
    (oid::GOST_2001_WITH_94, Family::Gost2001, Some(oid::GOST_94)),
    (oid::GOST_2012_256, Family::Gost2012_256, None),
    (
        oid::GOST_2012_WITH_256,
        Family::Gost2012_256,
        Some(oid::STREEBOG_256),
    ),
    (oid::GOST_2012_512, Family::Gost2012_512, None),
    (
        oid::GOST_2012_WITH_512,
        Family::Gost2012_512,
        Some(oid::STREEBOG_512),
    ),
    (oid::RSA, Family::Rsa, None),
    (oid::RSA_PSS, Family::Rsa, None),
    (oid::RSA_WITH_MD_5, Family::Rsa, Some(oid::MD_5)),
    (oid::RSA_WITH_SHA_1, Family::Rsa, Some(oid::SHA_1)),
    (oid::RSA_WITH_SHA_224, Family::Rsa, Some(oid::SHA_224)),
    (oid::RSA_WITH_SHA_256, Family::Rsa, Some(oid::SHA_256)),
    (oid::RSA_WITH_SHA_384, Family::Rsa, Some(oid::SHA_384)),
    (oid::RSA_WITH_SHA_512, Family::Rsa, Some(oid::SHA_512)),
    (oid::RSA_WITH_SHA3_224, Family::Rsa, Some(oid::SHA3_224)),
    (oid::RSA_WITH_SHA3_256, Family::Rsa, Some(oid::SHA3_256)),
    (oid::RSA_WITH_SHA3_384, Family::Rsa, Some(oid::SHA3_384)),
    (oid::RSA_WITH_SHA3_512, Family::Rsa, Some(oid::SHA3_512)),
    (oid::EC, Family::Ec, None),
    (oid::ECDSA_WITH_SHA_1, Family::Ec, Some(oid::SHA_1)),
    (oid::ECDSA_WITH_SHA_224, Family::Ec, Some(oid::SHA_224)),
    (oid::ECDSA_WITH_SHA_256, Family::Ec, Some(oid::SHA_256)),
    (oid::ECDSA_WITH_SHA_384, Family::Ec, Some(oid::SHA_384)),
    (oid::ECDSA_WITH_SHA_512, Family::Ec, Some(oid::SHA_512)),
    (oid::ECDSA_WITH_SHA3_224, Family::Ec, Some(oid::SHA3_224)),
    (oid::ECDSA_WITH_SHA3_256, Family::Ec, Some(oid::SHA3_256)),
    (oid::ECDSA_WITH_SHA3_384, Family::Ec, Some(oid::SHA3_384)),
    (oid::ECDSA_WITH_SHA3_512, Family::Ec, Some(oid::SHA3_512)),
    (oid::DSA_KEY, Family::Dsa, None),
    (oid::DSA_WITH_SHA_1, Family::Dsa, Some(oid::SHA_1)),
    (oid::DSA_WITH_SHA_224, Family::Dsa, Some(oid::SHA_224)),
    (oid::DSA_WITH_SHA_256, Family::Dsa, Some(oid::SHA_256)),
    (oid::ED_25519, Family::Ed25519, None),
    (oid::ED_448, Family::Ed448, None),
];
