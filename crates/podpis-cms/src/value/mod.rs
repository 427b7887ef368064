//! Decides whether a signature value is right.
//!
//! The key decides: a signature algorithm that is known for other keys makes the value wrong.
//!
//! **Invariant:** three answers. What cannot be verified is unknown with a reason, never valid; a
//! value or key that does not decode is never valid either.

#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
mod ec;
pub(crate) mod find;
#[cfg(feature = "gost")]
mod gost;
mod rsa;

use crate::algorithm::Family;
use crate::public_key::PublicKey;
use crate::scheme::Scheme;
use crate::tlv::{self, Elements};
use crate::verifier::{Verdict, VerifierError, VerifyRequest};
use crate::{DigestAlgorithm, Digests, Expectation, KeyAlgorithm, Reason, SignatureAlgorithm, oid};

/// What is known of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "right, wrong or not known: there is no fourth"
)]
pub enum Outcome {
    /// The key made it.
    Valid,
    /// The key did not make it.
    Invalid,
    /// It could not be checked.
    Unknown(Reason),
}

/// A value as it stands, with what says how it was made.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    pub(crate) scheme: &'a Scheme,
    /// Content of the algorithm's identifier.
    pub(crate) identifier: &'a [u8],
    pub(crate) bytes: &'a [u8],
}

/// What was signed, as far as it is at hand.
#[derive(Clone, Copy)]
pub(crate) struct Message<'a> {
    /// In the scheme's digest algorithm.
    pub(crate) digest: Option<&'a [u8]>,
    pub(crate) bytes: Option<&'a [u8]>,
}

/// Was this value made over the message by this key? It is how a certificate, a revocation list or
/// anything else outside a [`Signature`](crate::Signature) is verified.
///
/// `spki` is a `SubjectPublicKeyInfo`, `algorithm` an `AlgorithmIdentifier`, both in DER. Of the
/// expectation only the verifier and the say on weak keys matter.
///
/// # Errors
///
/// When a plugged-in verifier could not find out.
pub fn verify_value(
    spki: &[u8],
    algorithm: &[u8],
    message: &[u8],
    value: &[u8],
    expectation: &Expectation,
) -> Result<Outcome, VerifierError> {
    let what = "algorithm";
    let mut fields = Elements::of(algorithm)
        .next()
        .map_or(Elements::of(&[]), |algorithm| algorithm.inside());
    let Ok(identifier) = fields.expect(tlv::OBJECT_IDENTIFIER, what) else {
        return Ok(Outcome::Unknown(Reason::Algorithm(what.to_owned())));
    };
    let parameters = fields.next();
    // Where the identifier names no digest the key does: GOST keys go with one.
    let stated = PublicKey::read(spki)
        .and_then(|key| KeyAlgorithm::of(&key).digest())
        .unwrap_or(DigestAlgorithm::Sha256);
    let scheme = Scheme::of(identifier.content(), parameters.as_ref(), &stated);
    let digests = Digests::of_with(message, std::slice::from_ref(&scheme.digest));
    let value = Value {
        scheme: &scheme,
        identifier: identifier.content(),
        bytes: value,
    };
    let message = Message {
        digest: digests.get(&scheme.digest),
        bytes: Some(message),
    };
    check(&value, spki, message, expectation)
}

/// Verifies a value over a message with this key.
pub(crate) fn check(
    value: &Value<'_>,
    spki: &[u8],
    message: Message<'_>,
    expectation: &Expectation,
) -> Result<Outcome, VerifierError> {
    let Some(key) = PublicKey::read(spki) else {
        return Ok(Outcome::Unknown(Reason::UnreadableCertificate));
    };
    let scheme = value.scheme;
    if is_for_other_keys(scheme, &key) {
        return Ok(Outcome::Invalid);
    }
    if let Some(bits) = rsa::weak_key(scheme, &key)
        && !expectation.allows_weak_keys()
    {
        return Ok(Outcome::Unknown(Reason::WeakKey { bits }));
    }
    #[cfg(feature = "gost")]
    if let Some(outcome) = gost::check(scheme, spki, message.digest, value.bytes) {
        return Ok(outcome);
    }
    let algorithm = KeyAlgorithm::of(&key);
    if !is_ours(scheme, &algorithm) {
        return by_verifier(value, spki, message, expectation);
    }
    let Some(digest) = message.digest else {
        return Ok(Outcome::Unknown(Reason::NeedsFile));
    };
    Ok(match scheme.algorithm {
        SignatureAlgorithm::Ecdsa => ec::check(&algorithm, scheme, key.bits, digest, value.bytes),
        _ => rsa::check(scheme, &key, digest, value.bytes),
    })
}

/// Can no key of this kind have made a value of this algorithm and digest?
fn is_for_other_keys(scheme: &Scheme, key: &PublicKey<'_>) -> bool {
    let Some(family) = scheme.family else {
        return false;
    };
    let digest = match family {
        Family::Gost94 | Family::Gost2001 => Some(DigestAlgorithm::Gost94),
        Family::Gost2012_256 => Some(DigestAlgorithm::Streebog256),
        Family::Gost2012_512 => Some(DigestAlgorithm::Streebog512),
        Family::Rsa | Family::Ec | Family::Dsa | Family::Ed25519 | Family::Ed448 => None,
    };
    Family::of_key(key.algorithm) != Some(family)
        || digest.is_some_and(|digest| digest != scheme.digest)
}

/// Is this a combination that is verified here, given a digest?
fn is_ours(scheme: &Scheme, key: &KeyAlgorithm) -> bool {
    let sha2 = matches!(
        scheme.digest,
        DigestAlgorithm::Sha256 | DigestAlgorithm::Sha384 | DigestAlgorithm::Sha512
    );
    sha2 && match scheme.algorithm {
        SignatureAlgorithm::RsaPkcs1 => true,
        SignatureAlgorithm::RsaPss => scheme.pss_salt.is_some(),
        SignatureAlgorithm::Ecdsa => !matches!(key, KeyAlgorithm::Other(_)),
        _ => false,
    }
}

fn by_verifier(
    value: &Value<'_>,
    spki: &[u8],
    message: Message<'_>,
    expectation: &Expectation,
) -> Result<Outcome, VerifierError> {
    let scheme = value.scheme;
    let unsupported = || Ok(Outcome::Unknown(unsupported(scheme)));
    let Some(verifier) = expectation.value_verifier() else {
        return unsupported();
    };
    if message.digest.is_none() && message.bytes.is_none() {
        return if scheme.digest.is_supported() {
            Ok(Outcome::Unknown(Reason::NeedsFile))
        } else {
            unsupported()
        };
    }
    let verdict = verifier.verify(&VerifyRequest {
        signature_algorithm: &scheme.algorithm,
        signature_oid: oid::oid_text(value.identifier),
        digest_algorithm: &scheme.digest,
        digest: message.digest,
        message: message.bytes,
        spki_der: spki,
        value: value.bytes,
    })?;
    match verdict {
        Verdict::Valid => Ok(Outcome::Valid),
        Verdict::Invalid => Ok(Outcome::Invalid),
        Verdict::Unsupported => unsupported(),
    }
}

/// The algorithm to name: the digest if that is what is not supported.
fn unsupported(scheme: &Scheme) -> Reason {
    Reason::Algorithm(if scheme.digest.is_supported() {
        scheme.algorithm.to_string()
    } else {
        scheme.digest.title().to_owned()
    })
}
