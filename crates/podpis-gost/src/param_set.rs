//! The parameter sets: fourteen identifiers, which name nine curves.
//!
//! **Invariant:** a set is kept as it was named; that two sets are one curve shows in [`ParamSet::curve`] alone.

use core::fmt;

use der::asn1::ObjectIdentifier;

use crate::curve::Curve;

/// A parameter set (RFC 4357, 8.4; RFC 7836, A; RFC 9215, 4.2).
///
/// The letters of CryptoPro and of TC 26 differ: sets B, C and D of TC 26 are the curves A, B and C of CryptoPro, and
/// set A of TC 26 is a curve of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParamSet {
    /// 1.2.643.2.2.35.0, the example of the standard; for tests only
    Test256,
    /// 1.2.643.2.2.35.1
    CryptoProA,
    /// 1.2.643.2.2.35.2
    CryptoProB,
    /// 1.2.643.2.2.35.3
    CryptoProC,
    /// 1.2.643.2.2.36.0, the curve of [`CryptoProA`](Self::CryptoProA)
    CryptoProXchA,
    /// 1.2.643.2.2.36.1, the curve of [`CryptoProC`](Self::CryptoProC)
    CryptoProXchB,
    /// 1.2.643.7.1.2.1.1.1
    Tc26A256,
    /// 1.2.643.7.1.2.1.1.2, the curve of [`CryptoProA`](Self::CryptoProA)
    Tc26B256,
    /// 1.2.643.7.1.2.1.1.3, the curve of [`CryptoProB`](Self::CryptoProB)
    Tc26C256,
    /// 1.2.643.7.1.2.1.1.4, the curve of [`CryptoProC`](Self::CryptoProC)
    Tc26D256,
    /// 1.2.643.7.1.2.1.2.0, the example of the standard; for tests only
    Test512,
    /// 1.2.643.7.1.2.1.2.1
    Tc26A512,
    /// 1.2.643.7.1.2.1.2.2
    Tc26B512,
    /// 1.2.643.7.1.2.1.2.3
    Tc26C512,
}

impl ParamSet {
    /// Every parameter set.
    pub const ALL: [Self; 14] = [
        Self::Test256,
        Self::CryptoProA,
        Self::CryptoProB,
        Self::CryptoProC,
        Self::CryptoProXchA,
        Self::CryptoProXchB,
        Self::Tc26A256,
        Self::Tc26B256,
        Self::Tc26C256,
        Self::Tc26D256,
        Self::Test512,
        Self::Tc26A512,
        Self::Tc26B512,
        Self::Tc26C512,
    ];

    /// The set with that identifier.
    #[must_use]
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.oid() == oid)
    }

    /// Its identifier.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::Test256 => "1.2.643.2.2.35.0",
            Self::CryptoProA => "1.2.643.2.2.35.1",
            Self::CryptoProB => "1.2.643.2.2.35.2",
            Self::CryptoProC => "1.2.643.2.2.35.3",
            Self::CryptoProXchA => "1.2.643.2.2.36.0",
            Self::CryptoProXchB => "1.2.643.2.2.36.1",
            Self::Tc26A256 => "1.2.643.7.1.2.1.1.1",
            Self::Tc26B256 => "1.2.643.7.1.2.1.1.2",
            Self::Tc26C256 => "1.2.643.7.1.2.1.1.3",
            Self::Tc26D256 => "1.2.643.7.1.2.1.1.4",
            Self::Test512 => "1.2.643.7.1.2.1.2.0",
            Self::Tc26A512 => "1.2.643.7.1.2.1.2.1",
            Self::Tc26B512 => "1.2.643.7.1.2.1.2.2",
            Self::Tc26C512 => "1.2.643.7.1.2.1.2.3",
        })
    }

    /// The curve that it names.
    #[must_use]
    pub const fn curve(self) -> Curve {
        match self {
            Self::Test256 => Curve::Test256,
            Self::CryptoProA | Self::CryptoProXchA | Self::Tc26B256 => Curve::CryptoProA,
            Self::CryptoProB | Self::Tc26C256 => Curve::CryptoProB,
            Self::CryptoProC | Self::CryptoProXchB | Self::Tc26D256 => Curve::CryptoProC,
            Self::Tc26A256 => Curve::Tc26A256,
            Self::Test512 => Curve::Test512,
            Self::Tc26A512 => Curve::Tc26A512,
            Self::Tc26B512 => Curve::Tc26B512,
            Self::Tc26C512 => Curve::Tc26C512,
        }
    }

    /// Whether a key of this set names its digest in the parameters when it is written by RFC 9215, 4.2. Keys that are
    /// read may do as they like.
    pub(crate) const fn names_digest(self) -> bool {
        matches!(
            self,
            Self::Test256
                | Self::CryptoProA
                | Self::CryptoProB
                | Self::CryptoProC
                | Self::CryptoProXchA
                | Self::CryptoProXchB
        )
    }
}

impl fmt::Display for ParamSet {
    /// The name that its identifier has in its document.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Test256 => "id-GostR3410-2001-TestParamSet",
            Self::CryptoProA => "id-GostR3410-2001-CryptoPro-A-ParamSet",
            Self::CryptoProB => "id-GostR3410-2001-CryptoPro-B-ParamSet",
            Self::CryptoProC => "id-GostR3410-2001-CryptoPro-C-ParamSet",
            Self::CryptoProXchA => "id-GostR3410-2001-CryptoPro-XchA-ParamSet",
            Self::CryptoProXchB => "id-GostR3410-2001-CryptoPro-XchB-ParamSet",
            Self::Tc26A256 => "id-tc26-gost-3410-2012-256-paramSetA",
            Self::Tc26B256 => "id-tc26-gost-3410-2012-256-paramSetB",
            Self::Tc26C256 => "id-tc26-gost-3410-2012-256-paramSetC",
            Self::Tc26D256 => "id-tc26-gost-3410-2012-256-paramSetD",
            Self::Test512 => "id-tc26-gost-3410-2012-512-paramSetTest",
            Self::Tc26A512 => "id-tc26-gost-3410-2012-512-paramSetA",
            Self::Tc26B512 => "id-tc26-gost-3410-2012-512-paramSetB",
            Self::Tc26C512 => "id-tc26-gost-3410-2012-512-paramSetC",
        })
    }
}
