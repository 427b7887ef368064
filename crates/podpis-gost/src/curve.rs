//! The nine curves, and the way from the name of one to its arithmetic.
//!
//! **Invariant:** a curve is computed by its own numbers alone, whatever identifier it was named by.

use alloc::sync::Arc;
#[cfg(feature = "sign")]
use alloc::vec::Vec;

use crate::checked_point::{self, CheckedPoint};
use crate::domain::{
    CryptoProA, CryptoProB, CryptoProC, Tc26A256, Tc26A512, Tc26B512, Tc26C512, Test256, Test512,
};
use crate::key_error::KeyError;
#[cfg(feature = "sign")]
use crate::sign;

/// A curve. Five of them have names under more than one [parameter set](crate::ParamSet).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Curve {
    /// 256 bits, of the example in the standard
    Test256,
    /// 256 bits, CryptoPro A: the curve of nearly all certificates in use
    CryptoProA,
    /// 256 bits, CryptoPro B
    CryptoProB,
    /// 256 bits, CryptoPro C
    CryptoProC,
    /// 256 bits, TC 26 A: cofactor 4, with a twisted Edwards form
    Tc26A256,
    /// 512 bits, of the example in the standard
    Test512,
    /// 512 bits, TC 26 A
    Tc26A512,
    /// 512 bits, TC 26 B
    Tc26B512,
    /// 512 bits, TC 26 C: cofactor 4, with a twisted Edwards form
    Tc26C512,
}

/// Evaluates an expression with `$domain` standing for the numbers of a curve.
macro_rules! with_domain {
    ($curve:expr, $domain:ident => $expression:expr) => {
        with_domain!(@match $curve, $domain => $expression,
            Test256 CryptoProA CryptoProB CryptoProC Tc26A256 Test512 Tc26A512 Tc26B512 Tc26C512)
    };
    (@match $curve:expr, $domain:ident => $expression:expr, $($name:ident)*) => {
        with_domain!(@arms $curve, { $domain => $expression } $($name)*)
    };
    (@arms $curve:expr, $body:tt $($name:ident)*) => {
        match $curve { $(Curve::$name => with_domain!(@arm $name $body),)* }
    };
    (@arm $name:ident { $domain:ident => $expression:expr }) => {{
        type $domain = $name;
        $expression
    }};
}

impl Curve {
    /// Every curve.
    pub const ALL: [Self; 9] = [
        Self::Test256,
        Self::CryptoProA,
        Self::CryptoProB,
        Self::CryptoProC,
        Self::Tc26A256,
        Self::Test512,
        Self::Tc26A512,
        Self::Tc26B512,
        Self::Tc26C512,
    ];

    /// The length of a coordinate, of a digest and of half a signature value, in bytes: 32 or 64.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::Test256
            | Self::CryptoProA
            | Self::CryptoProB
            | Self::CryptoProC
            | Self::Tc26A256 => 32,
            Self::Test512 | Self::Tc26A512 | Self::Tc26B512 | Self::Tc26C512 => 64,
        }
    }

    /// Checks the point whose x and y, both little-endian, stand one after the other.
    pub(crate) fn check(self, coordinates: &[u8]) -> Result<Arc<dyn CheckedPoint>, KeyError> {
        with_domain!(self, D => checked_point::check::<D, _>(coordinates))
    }

    /// x and y, both little-endian, of the base point times the number in `scalar`, little-endian.
    #[cfg(feature = "sign")]
    pub(crate) fn public_coordinates(self, scalar: &[u8]) -> Result<Vec<u8>, KeyError> {
        with_domain!(self, D => sign::public_coordinates::<D, _>(scalar))
    }

    /// A value for a digest with a checked private number and random bytes for a nonce; `None` if these will not do.
    #[cfg(feature = "sign")]
    pub(crate) fn sign(self, scalar: &[u8], digest: &[u8], random: &[u8]) -> Option<Vec<u8>> {
        with_domain!(self, D => sign::sign::<D, _>(scalar, digest, random))
    }
}
