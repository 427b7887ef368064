//! Decides whether a GOST R 34.10 value is right.
//!
//! **Invariant:** `None` only for what is of another family or of a parameter set that is not known,
//! so that a verifier may know it; a key that breaks the rules of its set made no value.

use podpis_gost::{KeyError, VerifyingKey};

use super::Outcome;
use crate::Reason;
use crate::algorithm::Family;
use crate::scheme::Scheme;

pub(super) fn check(
    scheme: &Scheme,
    spki: &[u8],
    digest: Option<&[u8]>,
    value: &[u8],
) -> Option<Outcome> {
    let (Family::Gost2001 | Family::Gost2012_256 | Family::Gost2012_512) = scheme.family? else {
        return None;
    };
    let key = match VerifyingKey::from_spki_der(spki) {
        Ok(key) => key,
        Err(error) if error.is_unsupported() => return None,
        Err(KeyError::Malformed) => return Some(Outcome::Unknown(Reason::UnreadableCertificate)),
        Err(_) => return Some(Outcome::Invalid),
    };
    Some(match digest {
        None => Outcome::Unknown(Reason::NeedsFile),
        Some(digest) if key.verify(digest, value) => Outcome::Valid,
        Some(_) => Outcome::Invalid,
    })
}
