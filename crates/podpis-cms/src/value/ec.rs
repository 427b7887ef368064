//! Decides whether an ECDSA value is right on P-256, P-384 and P-521.
//!
//! **Invariant:** a key off its curve and a value that is not DER are never right.

use p521::NistP521;
use p521::elliptic_curve::{FieldBytes, PrimeCurve};
use signature::hazmat::PrehashVerifier as _;

use super::Outcome;
use crate::KeyAlgorithm;
use crate::scheme::Scheme;

pub(super) fn check(
    key: &KeyAlgorithm,
    scheme: &Scheme,
    point: &[u8],
    digest: &[u8],
    value: &[u8],
) -> Outcome {
    #[cfg(not(feature = "aws-lc-rs"))]
    let _ = scheme;
    #[cfg(feature = "aws-lc-rs")]
    if let Some(valid) = super::aws_lc::ecdsa(key, &scheme.digest, point, digest, value) {
        return if valid {
            Outcome::Valid
        } else {
            Outcome::Invalid
        };
    }
    let valid = match key {
        KeyAlgorithm::EcP256 => p256(point, digest, value),
        KeyAlgorithm::EcP384 => p384(point, digest, value),
        KeyAlgorithm::EcP521 => p521(point, digest, value),
        _ => None,
    };
    match valid {
        Some(()) => Outcome::Valid,
        None => Outcome::Invalid,
    }
}

fn p256(point: &[u8], digest: &[u8], value: &[u8]) -> Option<()> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
    let value = p256::ecdsa::Signature::from_der(value).ok()?;
    key.verify_prehash(digest, &value).ok()
}

fn p384(point: &[u8], digest: &[u8], value: &[u8]) -> Option<()> {
    let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
    let value = p384::ecdsa::Signature::from_der(value).ok()?;
    key.verify_prehash(digest, &value).ok()
}

fn p521(point: &[u8], digest: &[u8], value: &[u8]) -> Option<()> {
    let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
    let value = p521::ecdsa::Signature::from_der(value).ok()?;
    key.verify_prehash(&number_of::<NistP521>(digest), &value)
        .ok()
}

/// The digest as long as a coordinate of the curve: its first bytes, or zeros before it.
pub(super) fn number_of<C: PrimeCurve>(digest: &[u8]) -> FieldBytes<C> {
    let mut number = FieldBytes::<C>::default();
    let length = digest.len().min(number.len());
    let start = number.len() - length;
    for (to, from) in number.iter_mut().skip(start).zip(digest) {
        *to = *from;
    }
    number
}
