//! Decides whether a signature value is right.
//!
//! **Invariant:** three answers. What cannot be verified is unknown with a reason, never valid; a
//! value that does not decode or a key that does not belong to the algorithm is invalid.

use der::Decode as _;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pss::Pss;
use rsa::traits::{PublicKeyParts as _, SignatureScheme};
use rsa::{BigUint, RsaPublicKey};
use sha2::{Sha256, Sha384, Sha512};
use signature::hazmat::PrehashVerifier as _;
use spki::SubjectPublicKeyInfoRef;

use crate::verifier::{Verdict, Verifier, VerifierError, VerifyRequest};
use crate::{Certificate, DigestAlgorithm, KeyAlgorithm, Reason, SignatureAlgorithm, Signer};

/// A key over this many bits is left to a verifier: checking one takes seconds.
const MAX_RSA_BITS: usize = 8192;

/// A key under this many bits proves nothing.
const MIN_RSA_BITS: usize = 1024;

/// What is known of a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Valid,
    Invalid,
    Unknown(Reason),
}

/// What was signed, as far as it is at hand.
#[derive(Clone, Copy)]
pub(crate) struct Message<'a> {
    /// In the signer's `value_digest`.
    pub(crate) digest: Option<&'a [u8]>,
    pub(crate) bytes: Option<&'a [u8]>,
}

/// Verifies the signer's value over the message.
pub(crate) fn check(
    signer: &Signer,
    certificate: Option<&Certificate>,
    message: Message<'_>,
    verifier: Option<&dyn Verifier>,
) -> Result<Outcome, VerifierError> {
    let Some(certificate) = certificate else {
        return Ok(Outcome::Unknown(Reason::NoCertificate));
    };
    if let Some(digest) = message.digest
        && let Some(valid) = own(signer, certificate, digest)
    {
        return Ok(if valid {
            Outcome::Valid
        } else {
            Outcome::Invalid
        });
    }
    if message.digest.is_none() && message.bytes.is_none() {
        let helped_by_file = signer.value_digest().is_supported()
            && (verifier.is_some() || is_ours(signer, certificate));
        return Ok(Outcome::Unknown(if helped_by_file {
            Reason::NeedsFile
        } else {
            unsupported(signer)
        }));
    }
    let Some(verifier) = verifier else {
        return Ok(Outcome::Unknown(unsupported(signer)));
    };
    let verdict = verifier.verify(&VerifyRequest {
        signature_algorithm: signer.signature_algorithm(),
        signature_oid: signer.signature_oid(),
        digest_algorithm: signer.value_digest(),
        digest: message.digest,
        message: message.bytes,
        spki_der: certificate.spki_der(),
        value: signer.value(),
    })?;
    Ok(match verdict {
        Verdict::Valid => Outcome::Valid,
        Verdict::Invalid => Outcome::Invalid,
        Verdict::Unsupported => Outcome::Unknown(unsupported(signer)),
    })
}

/// The algorithm to name: the digest if that is what is not supported.
fn unsupported(signer: &Signer) -> Reason {
    Reason::Algorithm(if signer.value_digest().is_supported() {
        signer.signature_algorithm().to_string()
    } else {
        signer.value_digest().to_string()
    })
}

/// Is this a combination that `own` answers, given a digest?
fn is_ours(signer: &Signer, certificate: &Certificate) -> bool {
    let sha2 = matches!(
        signer.value_digest(),
        DigestAlgorithm::Sha256 | DigestAlgorithm::Sha384 | DigestAlgorithm::Sha512
    );
    sha2 && match signer.signature_algorithm() {
        SignatureAlgorithm::RsaPkcs1 => true,
        SignatureAlgorithm::RsaPss => signer.pss_salt().is_some(),
        SignatureAlgorithm::Ecdsa => !matches!(certificate.key_algorithm(), KeyAlgorithm::Other(_)),
        _ => false,
    }
}

/// RSA and ECDSA with SHA-2; `None` for what is not verified here.
fn own(signer: &Signer, certificate: &Certificate, digest: &[u8]) -> Option<bool> {
    if !is_ours(signer, certificate) {
        return None;
    }
    let key = certificate.spki_der();
    let value = signer.value();
    match (signer.signature_algorithm(), certificate.key_algorithm()) {
        (SignatureAlgorithm::RsaPkcs1, KeyAlgorithm::Rsa) => {
            let scheme = match signer.value_digest() {
                DigestAlgorithm::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                DigestAlgorithm::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                DigestAlgorithm::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
                _ => return None,
            };
            rsa(key, scheme, digest, value)
        }
        (SignatureAlgorithm::RsaPss, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss) => {
            let salt = signer.pss_salt()?;
            let scheme = match signer.value_digest() {
                DigestAlgorithm::Sha256 => Pss::new_with_salt::<Sha256>(salt),
                DigestAlgorithm::Sha384 => Pss::new_with_salt::<Sha384>(salt),
                DigestAlgorithm::Sha512 => Pss::new_with_salt::<Sha512>(salt),
                _ => return None,
            };
            rsa(key, scheme, digest, value)
        }
        (SignatureAlgorithm::Ecdsa, KeyAlgorithm::EcP256) => Some(p256(key, digest, value)),
        (SignatureAlgorithm::Ecdsa, KeyAlgorithm::EcP384) => Some(p384(key, digest, value)),
        // A known algorithm with a key of another kind.
        _ => Some(false),
    }
}

fn rsa(spki: &[u8], scheme: impl SignatureScheme, digest: &[u8], value: &[u8]) -> Option<bool> {
    let key = rsa::pkcs1::RsaPublicKey::from_der(key_bits(spki)?).ok()?;
    let key = RsaPublicKey::new_with_max_size(
        BigUint::from_bytes_be(key.modulus.as_bytes()),
        BigUint::from_bytes_be(key.public_exponent.as_bytes()),
        MAX_RSA_BITS,
    )
    .ok()?;
    if key.n().bits() < MIN_RSA_BITS {
        return None;
    }
    Some(key.verify(scheme, digest, value).is_ok())
}

fn p256(spki: &[u8], digest: &[u8], value: &[u8]) -> bool {
    let key =
        key_bits(spki).and_then(|point| p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok());
    let value = p256::ecdsa::Signature::from_der(value).ok();
    key.zip(value)
        .is_some_and(|(key, value)| key.verify_prehash(digest, &value).is_ok())
}

fn p384(spki: &[u8], digest: &[u8], value: &[u8]) -> bool {
    let key =
        key_bits(spki).and_then(|point| p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok());
    let value = p384::ecdsa::Signature::from_der(value).ok();
    key.zip(value)
        .is_some_and(|(key, value)| key.verify_prehash(digest, &value).is_ok())
}

/// The bits of a public key.
fn key_bits(spki: &[u8]) -> Option<&[u8]> {
    SubjectPublicKeyInfoRef::from_der(spki)
        .ok()?
        .subject_public_key
        .as_bytes()
}
