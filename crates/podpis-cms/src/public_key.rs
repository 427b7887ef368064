//! Decides which parts a public key has: its algorithm, the parameters, the bits.
//!
//! **Invariant:** the parts are pieces of the bytes given; whether they make a key is for the
//! algorithm to say.

use crate::tlv::{self, Element};

/// A `SubjectPublicKeyInfo`, taken apart.
pub(crate) struct PublicKey<'a> {
    /// Content of the algorithm's identifier.
    pub(crate) algorithm: &'a [u8],
    pub(crate) parameters: Option<Element<'a>>,
    /// The bits, of which there is a whole number of bytes.
    pub(crate) bits: &'a [u8],
}

impl<'a> PublicKey<'a> {
    pub(crate) fn read(spki: &'a [u8]) -> Option<Self> {
        let what = "public key";
        let mut fields = Element::single(spki).ok()?.inside();
        let mut algorithm = fields.expect(tlv::SEQUENCE, what).ok()?.inside();
        let oid = algorithm.expect(tlv::OBJECT_IDENTIFIER, what).ok()?;
        let bits = fields.expect(tlv::BIT_STRING, what).ok()?;
        match bits.content() {
            [0, bits @ ..] => Some(Self {
                algorithm: oid.content(),
                parameters: algorithm.next(),
                bits,
            }),
            _ => None,
        }
    }
}
