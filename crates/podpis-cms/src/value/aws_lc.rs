//! Decides RSA and ECDSA values by AWS-LC, several times faster than the portable code.
//!
//! **Invariant:** `None` where AWS-LC does not take the key or the algorithm; then the portable code
//! decides, so that the answer is the same with and without this feature.

use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::signature::{self as lc, UnparsedPublicKey, VerificationAlgorithm};

use crate::scheme::Scheme;
use crate::{DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm};

/// The first byte of an uncompressed point (SEC 1).
const UNCOMPRESSED: u8 = 4;

pub(super) fn ecdsa(
    key: &KeyAlgorithm,
    algorithm: &DigestAlgorithm,
    point: &[u8],
    digest: &[u8],
    value: &[u8],
) -> Option<bool> {
    use DigestAlgorithm as D;
    use KeyAlgorithm as K;
    let scheme: &'static dyn VerificationAlgorithm = match (key, algorithm) {
        (K::EcP256, D::Sha256) => &lc::ECDSA_P256_SHA256_ASN1,
        (K::EcP256, D::Sha384) => &lc::ECDSA_P256_SHA384_ASN1,
        (K::EcP256, D::Sha512) => &lc::ECDSA_P256_SHA512_ASN1,
        (K::EcP384, D::Sha256) => &lc::ECDSA_P384_SHA256_ASN1,
        (K::EcP384, D::Sha384) => &lc::ECDSA_P384_SHA384_ASN1,
        (K::EcP384, D::Sha512) => &lc::ECDSA_P384_SHA512_ASN1,
        (K::EcP521, D::Sha256) => &lc::ECDSA_P521_SHA256_ASN1,
        (K::EcP521, D::Sha384) => &lc::ECDSA_P521_SHA384_ASN1,
        (K::EcP521, D::Sha512) => &lc::ECDSA_P521_SHA512_ASN1,
        _ => return None,
    };
    if point.first() != Some(&UNCOMPRESSED) {
        return None;
    }
    verify(scheme, algorithm, point, digest, value)
}

/// PKCS #1 v1.5 with a key of 2,048 bits or more; its salt lengths are not everybody's, so PSS is
/// left to the portable code.
pub(super) fn rsa(
    how: &Scheme,
    bits: usize,
    key: &[u8],
    digest: &[u8],
    value: &[u8],
) -> Option<bool> {
    if how.algorithm != SignatureAlgorithm::RsaPkcs1 || bits < 2_048 {
        return None;
    }
    let scheme: &'static dyn VerificationAlgorithm = match how.digest {
        DigestAlgorithm::Sha256 => &lc::RSA_PKCS1_2048_8192_SHA256,
        DigestAlgorithm::Sha384 => &lc::RSA_PKCS1_2048_8192_SHA384,
        DigestAlgorithm::Sha512 => &lc::RSA_PKCS1_2048_8192_SHA512,
        _ => return None,
    };
    // A key that only the portable code takes must not be called wrong.
    match verify(scheme, &how.digest, key, digest, value) {
        Some(true) => Some(true),
        _ => None,
    }
}

fn verify(
    scheme: &'static dyn VerificationAlgorithm,
    algorithm: &DigestAlgorithm,
    key: &[u8],
    digest: &[u8],
    value: &[u8],
) -> Option<bool> {
    let algorithm = match algorithm {
        DigestAlgorithm::Sha256 => &digest::SHA256,
        DigestAlgorithm::Sha384 => &digest::SHA384,
        DigestAlgorithm::Sha512 => &digest::SHA512,
        _ => return None,
    };
    let digest = Digest::import_less_safe(digest, algorithm).ok()?;
    let key = UnparsedPublicKey::new(scheme, key);
    Some(key.verify_digest(&digest, value).is_ok())
}
