//! Decides how a digest algorithm is named in a fault.
//!
//! **Invariant:** a name is a dotted OID; whether anybody computes it does not matter.

use std::fmt;
use std::str::FromStr;

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

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
