//! Decides which digest algorithms are known, and how they are named.
//!
//! **Invariant:** an algorithm has one name, one OID and one length; what the crate cannot compute
//! is `Other` and is never mistaken for one that it can.

use std::fmt;
use std::str::FromStr;

use const_oid::ObjectIdentifier;

use crate::Certificate;
use crate::digests::DigestsError;
use crate::oid;

/// A digest (hash) algorithm.
///
/// [`name`](Self::name) is what to store; [`FromStr`] reads it back, and reads OIDs too.
///
/// ```
/// use podpis_cms::DigestAlgorithm;
/// let streebog: DigestAlgorithm = "1.2.643.7.1.1.2.2".parse()?;
/// assert_eq!(streebog, DigestAlgorithm::Streebog256);
/// assert_eq!(streebog.name(), "streebog256");
/// # Ok::<(), podpis_cms::DigestsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// GOST R 34.11-2012, 256 bit.
    Streebog256,
    /// GOST R 34.11-2012, 512 bit.
    Streebog512,
    /// GOST R 34.11-94 with the CryptoPro parameter set, the one RFC 4490 prescribes for CMS.
    Gost94,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// Any other, by its dotted OID: unknown, or broken as SHA-1 and MD5 are. It is never computed.
    Other(String),
}

impl DigestAlgorithm {
    /// What to compute while the certificate is not known yet: the two GOST R 34.11-2012 digests
    /// and SHA-256.
    pub const STANDARD: [Self; 3] = [Self::Streebog256, Self::Streebog512, Self::Sha256];

    /// The digests that a signature by this certificate may be of, and SHA-256, by which contents are told apart. A key
    /// says which digest it signs; where the certificate is not known it may be any of [`STANDARD`](Self::STANDARD).
    #[must_use]
    pub fn of_signer(certificate: Option<&Certificate>) -> Vec<Self> {
        let own = certificate.and_then(|certificate| certificate.key_algorithm().digest());
        let Some(own) = own else {
            return Self::STANDARD.to_vec();
        };
        let mut algorithms = vec![Self::Sha256, own];
        algorithms.dedup();
        algorithms
    }

    /// Every algorithm the crate computes.
    pub const SUPPORTED: [Self; 6] = [
        Self::Streebog256,
        Self::Streebog512,
        Self::Gost94,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
    ];

    /// By the content of an encoded identifier.
    pub(crate) fn of(identifier: &[u8]) -> Self {
        KNOWN
            .iter()
            .find(|(known, _)| known.as_bytes() == identifier)
            .map_or_else(
                || Self::Other(oid::oid_text(identifier)),
                |(_, algorithm)| algorithm.clone(),
            )
    }

    /// By dotted OID. An unknown OID is [`Other`](Self::Other).
    #[must_use]
    pub fn from_oid(oid: &str) -> Self {
        oid::of_text(oid).map_or_else(
            || Self::Other(oid.to_owned()),
            |oid| Self::of(oid.as_bytes()),
        )
    }

    /// The dotted OID.
    #[must_use]
    pub fn oid(&self) -> String {
        match self {
            Self::Other(oid) => oid.clone(),
            known => KNOWN
                .iter()
                .find(|(_, algorithm)| algorithm == known)
                .map_or_else(String::new, |(oid, _)| oid.to_string()),
        }
    }

    /// The name for a person to read: `SHA-1`, `GOST R 34.11-2012 (256 bit)`; the dotted OID of one
    /// that is not known.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Streebog256 => "GOST R 34.11-2012 (256 bit)",
            Self::Streebog512 => "GOST R 34.11-2012 (512 bit)",
            Self::Gost94 => "GOST R 34.11-94",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Other(oid) => RECOGNISED
                .iter()
                .find(|(known, _)| known.to_string() == *oid)
                .map_or(oid, |(_, title)| title),
        }
    }

    /// The name to store: `streebog256`, `streebog512`, `gost94`, `sha256`, `sha384`, `sha512`, or
    /// the dotted OID of any other.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Streebog256 => "streebog256",
            Self::Streebog512 => "streebog512",
            Self::Gost94 => "gost94",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            Self::Other(oid) => oid,
        }
    }

    /// Length of the digest in bytes; `None` for [`Other`](Self::Other).
    #[must_use]
    pub fn length(&self) -> Option<usize> {
        match self {
            Self::Streebog256 | Self::Gost94 | Self::Sha256 => Some(32),
            Self::Sha384 => Some(48),
            Self::Streebog512 | Self::Sha512 => Some(64),
            Self::Other(_) => None,
        }
    }

    /// Can the crate compute it?
    #[must_use]
    pub fn is_supported(&self) -> bool {
        !matches!(self, Self::Other(_))
    }
}

const KNOWN: [(ObjectIdentifier, DigestAlgorithm); 6] = [
    (oid::STREEBOG_256, DigestAlgorithm::Streebog256),
    (oid::STREEBOG_512, DigestAlgorithm::Streebog512),
    (oid::GOST_94, DigestAlgorithm::Gost94),
    (oid::SHA_256, DigestAlgorithm::Sha256),
    (oid::SHA_384, DigestAlgorithm::Sha384),
    (oid::SHA_512, DigestAlgorithm::Sha512),
];

/// What has a name for people and is never computed.
const RECOGNISED: [(ObjectIdentifier, &str); 7] = [
    (oid::MD_5, "MD5"),
    (oid::SHA_1, "SHA-1"),
    (oid::SHA_224, "SHA-224"),
    (oid::SHA3_224, "SHA3-224"),
    (oid::SHA3_256, "SHA3-256"),
    (oid::SHA3_384, "SHA3-384"),
    (oid::SHA3_512, "SHA3-512"),
];

impl fmt::Display for DigestAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for DigestAlgorithm {
    type Err = DigestsError;

    /// A name (in any letter case) or a dotted OID.
    ///
    /// # Errors
    ///
    /// [`DigestsError::UnknownAlgorithm`] for anything else.
    fn from_str(text: &str) -> Result<Self, DigestsError> {
        if let Some(known) = Self::SUPPORTED
            .into_iter()
            .find(|algorithm| algorithm.name().eq_ignore_ascii_case(text))
        {
            return Ok(known);
        }
        match oid::of_text(text) {
            Some(oid) => Ok(Self::of(oid.as_bytes())),
            None => Err(DigestsError::UnknownAlgorithm {
                name: text.to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DigestAlgorithm;
    use crate::DigestsError;

    #[test]
    fn names_and_oids_lead_back_to_the_algorithm() {
        for algorithm in DigestAlgorithm::SUPPORTED {
            assert_eq!(algorithm.name().parse(), Ok(algorithm.clone()));
            assert_eq!(algorithm.oid().parse(), Ok(algorithm.clone()));
            assert_eq!(
                algorithm.name().to_uppercase().parse(),
                Ok(algorithm.clone())
            );
            assert_eq!(DigestAlgorithm::from_oid(&algorithm.oid()), algorithm);
            assert!(algorithm.is_supported());
        }
    }

    #[test]
    fn sha1_is_recognised_but_not_computed() {
        let sha1 = DigestAlgorithm::from_oid("1.3.14.3.2.26");
        assert_eq!(sha1, DigestAlgorithm::Other("1.3.14.3.2.26".into()));
        assert!(!sha1.is_supported());
        assert_eq!(sha1.name().parse(), Ok(sha1));
    }

    #[test]
    fn an_unknown_name_is_an_error() {
        assert_eq!(
            "md6".parse::<DigestAlgorithm>(),
            Err(DigestsError::UnknownAlgorithm { name: "md6".into() })
        );
    }
}
