//! What a key is for: one of the three generations of the standard.
//!
//! **Invariant:** the size of keys, and so of digests and values, follows from the algorithm.

use core::fmt;

use der::asn1::ObjectIdentifier;

/// The algorithm of a key. The digest that goes with it follows: RFC 9215, 2 and RFC 4491, 2.2.2 allow no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// GOST R 34.10-2001, with digests by GOST R 34.11-94 (CryptoPro set)
    Gost2001,
    /// GOST R 34.10-2012 with keys of 256 bits, with digests by GOST R 34.11-2012 of 256 bits
    Gost2012With256,
    /// GOST R 34.10-2012 with keys of 512 bits, with digests by GOST R 34.11-2012 of 512 bits
    Gost2012With512,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 3] = [Self::Gost2001, Self::Gost2012With256, Self::Gost2012With512];

    /// The algorithm whose keys have that identifier.
    #[must_use]
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.oid() == oid)
    }

    /// The identifier of keys, which messages use for values as well.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::Gost2001 => "1.2.643.2.2.19",
            Self::Gost2012With256 => "1.2.643.7.1.1.1.1",
            Self::Gost2012With512 => "1.2.643.7.1.1.1.2",
        })
    }

    /// The `digestParamSet` of its keys: the identifier of a digest, or for 2001 of a parameter set of one.
    #[must_use]
    pub const fn digest_param_set(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::Gost2001 => "1.2.643.2.2.30.1",
            Self::Gost2012With256 => "1.2.643.7.1.1.2.2",
            Self::Gost2012With512 => "1.2.643.7.1.1.2.3",
        })
    }

    /// The length of a coordinate, of a digest and of half a signature value, in bytes: 32 or 64.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::Gost2001 | Self::Gost2012With256 => 32,
            Self::Gost2012With512 => 64,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Gost2001 => "GOST R 34.10-2001",
            Self::Gost2012With256 => "GOST R 34.10-2012 (256 bit)",
            Self::Gost2012With512 => "GOST R 34.10-2012 (512 bit)",
        })
    }
}
