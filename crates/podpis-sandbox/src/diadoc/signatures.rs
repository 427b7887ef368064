//! Decides which signatures an answer of Diadoc gives: those that were made, and how an injected fault spoils them.
//!
//! **Invariant:** only the answer is spoiled; the true signatures stay stored, so a later fetch without the
//! fault gives them.

use crate::answer::Handled;
use crate::faults::SignatureFault;
use crate::moment::Moment;
use crate::room::Shared;
use crate::signer::{Digests, Identity, Making, rearrange, sign_detached};

/// One signature for each content, in their order.
pub(super) fn made(
    shared: &Shared,
    signer: &Identity,
    digests: &[Digests],
    at: Moment,
) -> Handled<Vec<Vec<u8>>> {
    let sign = |content: &Digests| Ok(sign_detached(signer, content, at, &shared.manner)?);
    digests.iter().map(sign).collect()
}

/// The signatures of an answer, spoiled by a fault if there is one.
pub(super) fn told(
    shared: &Shared,
    fault: Option<SignatureFault>,
    (signer, digests, at): (&Identity, &[Digests], Moment),
    mut signatures: Vec<Vec<u8>>,
) -> Handled<Vec<Vec<u8>>> {
    let Some(fault) = fault else {
        return Ok(signatures);
    };
    rearrange(fault, &mut signatures);
    if let Some(signature) = signatures.first_mut() {
        let making = Making {
            signer: Some(signer),
            content: digests.first(),
            at,
        };
        *signature = shared.spoil(fault, signature, &making)?;
    }
    Ok(signatures)
}
