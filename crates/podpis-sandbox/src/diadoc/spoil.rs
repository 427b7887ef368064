//! Decides how an injected fault spoils the signatures of one answer.
//!
//! **Invariant:** only the answer is spoiled; the true signatures stay stored, so a later fetch without the
//! fault gives them.

use sha2::{Digest as _, Sha256};

use crate::faults::SignatureFault;
use crate::signer::{Identity, SignError, sign_detached, with_broken_value};
use crate::world::{Moment, World};

/// Who signed what, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct By<'a> {
    pub(super) identity: &'a Identity,
    pub(super) first_digest: Option<&'a [u8; 32]>,
    pub(super) at: Moment,
}

pub(super) fn apply(
    world: &World,
    fault: SignatureFault,
    by: &By<'_>,
    mut signatures: Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, SignError> {
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
            if let Some(first) = signatures.first_mut() {
                let other = Sha256::digest("bytes that nobody asked to sign").into();
                *first = sign_detached(by.identity, &other, by.at, attributes)?;
            }
        }
        SignatureFault::OtherSigner => {
            if let (Some(first), Some(digest)) = (signatures.first_mut(), by.first_digest) {
                *first = sign_detached(&world.stranger, digest, by.at, attributes)?;
            }
        }
    }
    Ok(signatures)
}
