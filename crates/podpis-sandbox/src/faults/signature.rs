//! Decides in which ways signatures can be spoiled.
//!
//! **Invariant:** a way is named as in the JSON of a fault; how it is done is the signer's matter.

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How the signatures in one answer are spoiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SignatureFault {
    /// The right signatures in another order (turned by one place).
    Permute,
    /// The first signature comes twice: one more than there are files.
    Double,
    /// The first signature is over other bytes, by the right signer.
    Forge,
    /// The value of the first signature has one bit turned.
    Corrupt,
    /// The last signature is left out.
    Missing,
    /// The first signature is by another certificate of the same CA.
    OtherSigner,
    /// The first signature comes in BER: lengths left out, OCTET STRINGs in pieces. It is the same SignedData.
    Ber,
    /// The first signature carries a time stamp in BER as an unsigned attribute, the rest is DER.
    BerToken,
    /// The first signature breaks off in the middle, so it is none.
    Unreadable,
    /// The first signature is by another certificate, over other bytes, and names this digest algorithm.
    ForeignDigest(DigestName),
    /// The first signature is by the right signer, over the right bytes, with SHA-1.
    Sha1,
}

/// A digest algorithm, by its dotted OID.
///
/// ```
/// use podpis_sandbox::DigestName;
///
/// let sha1: DigestName = "1.3.14.3.2.26".parse()?;
/// assert_eq!(sha1, DigestName::SHA_1);
/// assert_eq!(sha1.to_string(), "1.3.14.3.2.26");
/// # Ok::<(), podpis_sandbox::NoDigestName>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DigestName(ObjectIdentifier);

impl DigestName {
    /// MD5.
    pub const MD5: Self = Self(ObjectIdentifier::new_unwrap("1.2.840.113549.2.5"));
    /// SHA-1.
    pub const SHA_1: Self = Self(ObjectIdentifier::new_unwrap("1.3.14.3.2.26"));
    /// SHA-224.
    pub const SHA_224: Self = Self(ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4"));
    /// SHA3-256.
    pub const SHA3_256: Self = Self(ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.8"));
    /// One that nobody knows.
    pub const UNKNOWN: Self = Self(ObjectIdentifier::new_unwrap("1.3.6.1.4.1.99999.1"));

    pub(crate) fn oid(self) -> ObjectIdentifier {
        self.0
    }
}

/// A text that is no dotted OID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest algorithm is named by its dotted OID")]
#[non_exhaustive]
pub struct NoDigestName;

impl FromStr for DigestName {
    type Err = NoDigestName;

    fn from_str(text: &str) -> Result<Self, NoDigestName> {
        // The crate that encodes it takes for granted that an arc has no more bits than these.
        let fits = |arc: &str| arc.parse::<u32>().is_ok_and(|arc| arc >> 28 == 0);
        if !text.split('.').all(fits) {
            return Err(NoDigestName);
        }
        ObjectIdentifier::new(text)
            .map(Self)
            .map_err(|_| NoDigestName)
    }
}

impl TryFrom<String> for DigestName {
    type Error = NoDigestName;

    fn try_from(text: String) -> Result<Self, NoDigestName> {
        text.parse()
    }
}

impl From<DigestName> for String {
    fn from(name: DigestName) -> Self {
        name.to_string()
    }
}

impl fmt::Display for DigestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
