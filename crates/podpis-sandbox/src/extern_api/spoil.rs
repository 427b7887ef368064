//! Decides how an injected fault spoils a signature that is fetched from Extern.
//!
//! **Invariant:** only the answer is spoiled; the signature that is kept stays the true one.

use sha2::{Digest as _, Sha256};

use super::call::Call;
use super::outcome::digest;
use super::state::Part;
use crate::faults::SignatureFault;
use crate::signer::{SignError, sign_detached, with_broken_value};
use crate::world::World;

/// The signature of the part at `at`, as this answer gives it. Permuted, doubled and missing signatures are those
/// of the whole list, of which one is fetched; the other faults spoil the one that is fetched.
pub(super) fn one(
    world: &World,
    call: &Call<'_>,
    certificate: Option<usize>,
    parts: &[Part],
    at: usize,
) -> Result<Option<Vec<u8>>, SignError> {
    let mut all: Vec<Option<Vec<u8>>> = parts
        .iter()
        .map(|part| part.signature.as_ref().map(|known| known.bytes.clone()))
        .collect();
    let Some(fault) = call.signature_fault else {
        return Ok(all.into_iter().nth(at).flatten());
    };
    match fault {
        SignatureFault::Permute if !all.is_empty() => all.rotate_left(1),
        SignatureFault::Double => {
            if let Some(first) = all.first().cloned() {
                all.insert(0, first);
            }
        }
        SignatureFault::Missing => {
            all.pop();
        }
        _ => {}
    }
    let Some(bytes) = all.into_iter().nth(at).flatten() else {
        return Ok(None);
    };
    let attributes = world.options.signed_attributes;
    let content = parts.get(at).and_then(Part::to_sign);
    Ok(Some(match fault {
        SignatureFault::Corrupt => with_broken_value(&bytes)?,
        SignatureFault::OtherSigner => {
            sign_detached(&world.stranger, &digest(content), call.now, attributes)?
        }
        SignatureFault::Forge => {
            match certificate.and_then(|known| world.external.certificate(known)) {
                Some(known) => {
                    let other = Sha256::digest("bytes that nobody asked to sign").into();
                    sign_detached(&known.identity, &other, call.now, attributes)?
                }
                None => bytes,
            }
        }
        _ => bytes,
    }))
}
