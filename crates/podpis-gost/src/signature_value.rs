//! A signature value by itself.
//!
//! **Invariant:** 64 or 128 bytes. Whether the numbers are in range is found out under a key.

use alloc::boxed::Box;
use alloc::vec::Vec;

use der::asn1::BitString;
use signature::SignatureEncoding;
use spki::SignatureBitStringEncoding;

/// A value: s, then r, both big-endian, 32 or 64 bytes each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Signature(Box<[u8]>);

impl Signature {
    /// The bytes of the value.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Fails for another length than 64 and 128 bytes.
impl TryFrom<&[u8]> for Signature {
    type Error = signature::Error;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        if matches!(bytes.len(), 64 | 128) {
            Ok(Self(bytes.into()))
        } else {
            Err(signature::Error::new())
        }
    }
}

impl From<Signature> for Vec<u8> {
    fn from(signature: Signature) -> Self {
        signature.0.into_vec()
    }
}

impl SignatureEncoding for Signature {
    type Repr = Vec<u8>;
}

/// The value as certificates and requests hold it: the bytes alone, without a structure.
impl SignatureBitStringEncoding for Signature {
    fn to_bitstring(&self) -> der::Result<BitString> {
        BitString::from_bytes(&self.0)
    }
}
