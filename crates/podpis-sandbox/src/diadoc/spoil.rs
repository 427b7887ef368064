//! Decides how an injected fault spoils the signatures of one answer of Diadoc.
//!
//! **Invariant:** only the answer is spoiled; the true signatures stay stored, so a later fetch without the
//! fault gives them.

use crate::faults::SignatureFault;
use crate::signer::{Making, SignError, rearrange, spoil};
use crate::world::World;

/// The signatures of an answer, spoiled; `first` is how the first one was made.
pub(super) fn apply(
    world: &World,
    fault: SignatureFault,
    first: &Making<'_>,
    mut signatures: Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, SignError> {
    rearrange(fault, &mut signatures);
    if let Some(signature) = signatures.first_mut() {
        *signature = spoil(world, fault, signature, first)?;
    }
    Ok(signatures)
}
