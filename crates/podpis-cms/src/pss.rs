//! Decides which RSASSA-PSS parameters can be verified.
//!
//! **Invariant:** the digest of the message and of the mask are the same one; any other choice is
//! left to a verifier, not approximated.

use crate::tlv::{self, Element, Elements};
use crate::{DigestAlgorithm, oid};

/// RFC 8017 A.2.3: what an absent salt length means.
const DEFAULT_SALT: usize = 20;

/// Parameters that the crate verifies with.
pub(crate) struct PssParameters {
    pub(crate) digest: DigestAlgorithm,
    /// In bytes.
    pub(crate) salt: usize,
}

impl PssParameters {
    /// Reads the parameters of an algorithm identifier.
    pub(crate) fn read(parameters: Option<&Element<'_>>) -> Option<Self> {
        let what = "PSS parameters";
        let mut fields = parameters
            .filter(|parameters| parameters.tag() == tlv::SEQUENCE)?
            .inside();
        let digest = match fields.optional(tlv::CONTEXT_0, what).ok()? {
            Some(hash) => algorithm(hash.inside())?.0,
            None => oid::SHA_1.as_bytes(),
        };
        let mask_digest = match fields.optional(tlv::CONTEXT_1, what).ok()? {
            Some(mask) => {
                let (generator, parameters) = algorithm(mask.inside())?;
                if generator != oid::MGF_1.as_bytes() {
                    return None;
                }
                algorithm(parameters)?.0
            }
            None => oid::SHA_1.as_bytes(),
        };
        let salt = match fields.optional(tlv::CONTEXT_2, what).ok()? {
            Some(salt) => small(salt.inside())?,
            None => DEFAULT_SALT,
        };
        let trailer = match fields.optional(tlv::CONTEXT_3, what).ok()? {
            Some(trailer) => small(trailer.inside())?,
            None => 1,
        };
        let ours = fields.is_empty() && digest == mask_digest && trailer == 1;
        ours.then(|| Self {
            digest: DigestAlgorithm::of(digest),
            salt,
        })
    }
}

/// An `AlgorithmIdentifier`: the identifier, and what follows it.
fn algorithm(mut elements: Elements<'_>) -> Option<(&[u8], Elements<'_>)> {
    let mut fields = elements.expect(tlv::SEQUENCE, "algorithm").ok()?.inside();
    let oid = fields.expect(tlv::OBJECT_IDENTIFIER, "algorithm").ok()?;
    Some((oid.content(), fields))
}

/// An INTEGER from 0 to 65,535: no RSA key has room for more.
fn small(mut elements: Elements<'_>) -> Option<usize> {
    let number = elements.expect(tlv::INTEGER, "number").ok()?;
    match number.content() {
        [byte @ 0..=0x7F] => Some(usize::from(*byte)),
        [high @ 0..=0x7F, low] | [0, high, low] => {
            Some(usize::from(u16::from_be_bytes([*high, *low])))
        }
        _ => None,
    }
}
