//! Decides how an injected fault spoils the signatures of one answer.
//!
//! **Invariant:** only the answer is spoiled; the true signatures stay stored, so a later fetch without the
//! fault gives them.

use sha2::{Digest as _, Sha256};

use crate::faults::SignatureFault;
use crate::signer::{SignError, sign_detached, with_broken_value};
use crate::world::{Moment, World};

pub(super) fn apply(
    world: &World,
    fault: SignatureFault,
    operation: usize,
    at: Moment,
    mut signatures: Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, SignError> {
    let Some(operation) = world.operations.get(operation) else {
        return Ok(signatures);
    };
    let attributes = world.options.signed_attributes;
    match fault {
        SignatureFault::Permute => {
            if signatures.len() > 1 {
                signatures.rotate_left(1);
            }
        }
        SignatureFault::Double => {
            if let Some(first) = signatures.first().cloned() {
                signatures.insert(0, first);
            }
        }
        SignatureFault::Missing => {
            signatures.pop();
        }
        SignatureFault::Corrupt => {
            if let Some(first) = signatures.first_mut() {
                *first = with_broken_value(first)?;
            }
        }
        SignatureFault::Forge => {
            let identity = world
                .users
                .get(operation.user)
                .and_then(|user| user.certificates.get(operation.certificate));
            if let (Some(first), Some(identity)) = (signatures.first_mut(), identity) {
                let other = Sha256::digest("bytes that nobody asked to sign").into();
                *first = sign_detached(identity, &other, at, attributes)?;
            }
        }
        SignatureFault::OtherSigner => {
            if let (Some(first), Some(digest)) = (signatures.first_mut(), operation.digests.first())
            {
                *first = sign_detached(&world.stranger, digest, at, attributes)?;
            }
        }
    }
    Ok(signatures)
}
