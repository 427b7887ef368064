//! Why a key cannot be used.
//!
//! **Invariant:** what this crate merely does not know is [`KeyError::Unsupported`] or
//! [`KeyError::InheritedParameters`]; every other case is a key that nobody should have made.

use core::fmt;

use der::asn1::ObjectIdentifier;

use crate::algorithm::Algorithm;
use crate::param_set::ParamSet;

/// A key that cannot be used. The first two cases say nothing bad of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The key is of a kind that this crate does not know.
    Unsupported(Unsupported),
    /// A public key without parameters of its own: they are the issuer's (RFC 4491, 2.3.2), which are not known here.
    InheritedParameters,
    /// Not the DER structure that it should be, or with something behind it.
    Malformed,
    /// The parameter set is of another size than the keys of the algorithm.
    SetOfOtherSize {
        /// What the key says it is for
        algorithm: Algorithm,
        /// The set that it names
        set: ParamSet,
    },
    /// The number of bytes is not the one of the parameter set.
    Length,
    /// A coordinate is not below the prime of the curve.
    CoordinateOutOfRange,
    /// The point is not on the curve.
    NotOnCurve,
    /// The point is on the curve, yet not a multiple of the base point: values could be right under a key that nobody
    /// has.
    NotInSubgroup,
    /// The number of a private key is zero, or not below the order of the base point.
    ScalarOutOfRange,
}

/// What is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsupported {
    /// An algorithm that is not GOST R 34.10-2001 or -2012, such as GOST R 34.10-94
    Algorithm(ObjectIdentifier),
    /// A parameter set that is not among [`ParamSet::ALL`]
    ParamSet(ObjectIdentifier),
    /// A private key that is masked, or written as an INTEGER
    PrivateKeyForm,
}

impl KeyError {
    /// Whether the key may be a good one that this crate cannot judge.
    #[must_use]
    pub const fn is_unsupported(&self) -> bool {
        matches!(self, Self::Unsupported(_) | Self::InheritedParameters)
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(what) => what.fmt(formatter),
            Self::InheritedParameters => {
                formatter.write_str("the key inherits its parameters, which is not supported")
            }
            Self::Malformed => formatter.write_str("the key is not in the DER that it should be"),
            Self::SetOfOtherSize { algorithm, set } => {
                write!(formatter, "{set} is not a parameter set for {algorithm}")
            }
            Self::Length => formatter.write_str("the key is not as long as its parameter set says"),
            Self::CoordinateOutOfRange => {
                formatter.write_str("a coordinate of the key is not below the prime of the curve")
            }
            Self::NotOnCurve => formatter.write_str("the key is not on its curve"),
            Self::NotInSubgroup => {
                formatter.write_str("the key is not a multiple of the base point of its curve")
            }
            Self::ScalarOutOfRange => {
                formatter.write_str("the private key is zero or not below the order of its curve")
            }
        }
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm(oid) => write!(formatter, "keys of algorithm {oid} are not supported"),
            Self::ParamSet(oid) => write!(formatter, "parameter set {oid} is not supported"),
            Self::PrivateKeyForm => {
                formatter.write_str("masked private keys and those in an INTEGER are not supported")
            }
        }
    }
}

impl core::error::Error for KeyError {}
