//! Decides how an injected fault spoils signatures, whichever service gives them.
//!
//! **Invariant:** nothing of the library under test takes part. What a fault needs and nobody knows any more (the
//! signer, the content) leaves the signature as it is.

use sha2::{Digest as _, Sha256};

use super::ber::{in_ber, with_tokens_in_ber};
use super::other_digest::with_digest;
use super::{Digests, Identity, SignError, sign_detached, stamped, with_broken_value};
use crate::faults::{DigestName, SignatureFault};
use crate::moment::Moment;

/// How a signature was made, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Making<'a> {
    pub(crate) signer: Option<&'a Identity>,
    pub(crate) content: Option<&'a Digests>,
    pub(crate) at: Moment,
}

/// Spoils the order and the number of signatures.
pub(crate) fn rearrange<T: Clone>(fault: SignatureFault, signatures: &mut Vec<T>) {
    match fault {
        SignatureFault::Permute if !signatures.is_empty() => signatures.rotate_left(1),
        SignatureFault::Double => {
            if let Some(first) = signatures.first().cloned() {
                signatures.insert(0, first);
            }
        }
        SignatureFault::Missing => {
            signatures.pop();
        }
        _ => {}
    }
}

/// Spoils one signature by what concerns one; a stranger signs what the signer should not.
pub(crate) fn spoil(
    fault: SignatureFault,
    signature: &[u8],
    making: &Making<'_>,
    stranger: &Identity,
    attributes: bool,
) -> Result<Vec<u8>, SignError> {
    let sign = |identity: &Identity, digest: &[u8; 32]| {
        sign_detached(identity, digest, making.at, attributes)
    };
    let other = Sha256::digest("bytes that nobody asked to sign").into();
    match (fault, making.signer, making.content) {
        (SignatureFault::Corrupt, ..) => with_broken_value(signature),
        (SignatureFault::Forge, Some(signer), _) => sign(signer, &other),
        (SignatureFault::OtherSigner, _, Some(content)) => sign(stranger, &content.sha256),
        (SignatureFault::Ber, ..) => in_ber(signature),
        (SignatureFault::BerToken, ..) => {
            with_tokens_in_ber(&stamped(signature, stranger, 1, making.at)?)
        }
        (SignatureFault::Unreadable, ..) => Ok(signature[..signature.len() / 2].to_vec()),
        (SignatureFault::ForeignDigest(name), ..) => {
            with_digest(&sign(stranger, &other)?, stranger, name.oid(), &other)
        }
        (SignatureFault::Sha1, Some(signer), Some(content)) => {
            let signature = sign(signer, &content.sha256)?;
            with_digest(&signature, signer, DigestName::SHA_1.oid(), &content.sha1)
        }
        _ => Ok(signature.to_vec()),
    }
}
