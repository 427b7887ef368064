//! Decides whether an ECDSA value is right on P-256, P-384 and P-521.
//!
//! **Invariant:** a key off its curve and a value that is not DER are never right.

use std::borrow::Cow;

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
    let point = &*plain(point);
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

/// The point without what the hybrid form of X9.62 says twice: an uncompressed point, whose first
/// byte is 6 or 7 by the last bit of y.
pub(super) fn plain(point: &[u8]) -> Cow<'_, [u8]> {
    match point {
        [form @ (6 | 7), numbers @ ..] if numbers.last().is_some_and(|y| y & 1 == form & 1) => {
            Cow::Owned([&[4], numbers].concat())
        }
        _ => Cow::Borrowed(point),
    }
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

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::hazmat::PrehashSigner as _;
    use p256::ecdsa::{Signature, SigningKey};

    use super::{check, plain};
    use crate::scheme::Scheme;
    use crate::value::Outcome;
    use crate::{DigestAlgorithm, KeyAlgorithm, oid};

    /// OpenSSL makes certificates of such keys, and believes their values.
    #[test]
    fn a_key_in_hybrid_form_is_read_if_its_parity_is_right() {
        let digest = DigestAlgorithm::Sha256;
        let scheme = Scheme::of(oid::ECDSA_WITH_SHA_256.as_bytes(), None, &digest);
        for number in 1..5 {
            let key = SigningKey::from_slice(&[number; 32]).unwrap();
            let value: Signature = key.sign_prehash(&[7; 32]).unwrap();
            let value = value.to_der();
            let point = key.verifying_key().to_encoded_point(false);
            let outcome = |form: u8| {
                let point = [&[form], &point.as_bytes()[1..]].concat();
                let key = KeyAlgorithm::EcP256;
                check(&key, &scheme, &point, &[7; 32], value.as_bytes())
            };
            let parity = point.as_bytes()[64] & 1;
            assert_eq!(outcome(4), Outcome::Valid);
            assert_eq!(outcome(6 | parity), Outcome::Valid);
            assert_eq!(outcome(7 - parity), Outcome::Invalid);
        }
        assert_eq!(&*plain(&[6]), [6]);
    }
}
