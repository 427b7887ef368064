//! Decides how an injected fault spoils a signature that is fetched from Extern.
//!
//! **Invariant:** only the answer is spoiled; the signature that is kept stays the true one.

use super::call::Call;
use super::outcome::digests;
use super::state::Room;
use super::things::Part;
use crate::signer::{Making, SignError, rearrange};

/// The signature of the part at `at`, as this answer gives it. Permuted, doubled and missing signatures are those
/// of the whole list, of which one is fetched; the other faults spoil the one that is fetched.
pub(super) fn one(
    room: &Room<'_>,
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
    rearrange(fault, &mut all);
    let Some(bytes) = all.into_iter().nth(at).flatten() else {
        return Ok(None);
    };
    let content = digests(parts.get(at).and_then(Part::to_sign));
    let signer = certificate.and_then(|known| room.own.certificate(known));
    let making = Making {
        signer: signer.map(|known| &known.identity),
        content: Some(&content),
        at: call.now,
    };
    room.shared.spoil(fault, &bytes, &making).map(Some)
}
