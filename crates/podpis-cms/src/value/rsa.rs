//! Decides whether an RSA value is right: PKCS #1 v1.5 and RSASSA-PSS with SHA-2.
//!
//! **Invariant:** an exponent that is even or below 3 is no key; a key under 2,048 bits proves
//! nothing unless the caller says so; a key over 8,192 bits is not tried, because it takes seconds.

use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pss::Pss;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPublicKey};
use sha2::{Sha256, Sha384, Sha512};

use super::find::DigestsToFind;
use super::{Outcome, Value};
use crate::algorithm::Family;
use crate::pss::PssParameters;
use crate::public_key::PublicKey;
use crate::scheme::Scheme;
use crate::tlv::{self, Element};
use crate::{DigestAlgorithm, Reason, SignatureAlgorithm, oid};

const MIN_BITS: usize = 2_048;
const MAX_BITS: usize = 8_192;

/// Modulus and exponent without leading zeros.
struct Numbers<'a> {
    modulus: &'a [u8],
    exponent: &'a [u8],
}

impl<'a> Numbers<'a> {
    /// `None` if the bits are no RSAPublicKey.
    fn read(key: &PublicKey<'a>) -> Option<Self> {
        let mut fields = Element::single(key.bits).ok()?.inside();
        let mut number = || {
            let number = fields.expect(tlv::INTEGER, "RSA key").ok()?.content();
            match number {
                // A negative number.
                [0x80..=0xFF, ..] | [] => None,
                number => {
                    let zeros = number.iter().take_while(|byte| **byte == 0).count();
                    number.get(zeros..)
                }
            }
        };
        Some(Self {
            modulus: number()?,
            exponent: number()?,
        })
    }

    fn bits(&self) -> usize {
        let zeros = self.modulus.first().map_or(0, |byte| byte.leading_zeros());
        self.modulus.len() * 8 - usize::try_from(zeros).unwrap_or_default()
    }

    /// Can values be made with it at all? An exponent of 1 gives the message itself.
    fn is_sound(&self) -> bool {
        let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
        is_odd(self.modulus) && is_odd(self.exponent) && self.exponent != [1]
    }

    fn key(&self) -> Option<RsaPublicKey> {
        RsaPublicKey::new_with_max_size(
            BigUint::from_bytes_be(self.modulus),
            BigUint::from_bytes_be(self.exponent),
            MAX_BITS,
        )
        .ok()
    }
}

/// The bits of an RSA key that proves nothing. One that is no key at all is judged by [`check`].
pub(super) fn weak_key(scheme: &Scheme, key: &PublicKey<'_>) -> Option<usize> {
    if scheme.family != Some(Family::Rsa) {
        return None;
    }
    let numbers = Numbers::read(key).filter(Numbers::is_sound)?;
    Some(numbers.bits()).filter(|bits| *bits < MIN_BITS)
}

pub(super) fn check(scheme: &Scheme, key: &PublicKey<'_>, digest: &[u8], value: &[u8]) -> Outcome {
    let Some(numbers) = Numbers::read(key) else {
        return Outcome::Unknown(Reason::UnreadableCertificate);
    };
    if !numbers.is_sound() || !parameters_allow(scheme, key) {
        return Outcome::Invalid;
    }
    if numbers.bits() > MAX_BITS {
        let name = format!("RSA with a key of {} bits", numbers.bits());
        return Outcome::Unknown(Reason::Algorithm(name));
    }
    #[cfg(feature = "aws-lc-rs")]
    if let Some(valid) = super::aws_lc::rsa(scheme, numbers.bits(), key.bits, digest, value) {
        return if valid {
            Outcome::Valid
        } else {
            Outcome::Invalid
        };
    }
    let Some(key) = numbers.key() else {
        let name = "RSA with an unusual exponent".to_owned();
        return Outcome::Unknown(Reason::Algorithm(name));
    };
    let valid = match (&scheme.algorithm, scheme.pss_salt) {
        (SignatureAlgorithm::RsaPkcs1, _) => {
            pkcs1(&scheme.digest).is_some_and(|padding| key.verify(padding, digest, value).is_ok())
        }
        (SignatureAlgorithm::RsaPss, Some(salt)) => pss(&scheme.digest, salt)
            .is_some_and(|padding| key.verify(padding, digest, value).is_ok()),
        _ => false,
    };
    if valid {
        Outcome::Valid
    } else {
        Outcome::Invalid
    }
}

/// A key for RSASSA-PSS alone makes no other values, and may say which digest and how long a salt
/// (RFC 4055 1.2).
fn parameters_allow(scheme: &Scheme, key: &PublicKey<'_>) -> bool {
    if key.algorithm != oid::RSA_PSS.as_bytes() {
        return true;
    }
    if scheme.algorithm != SignatureAlgorithm::RsaPss {
        return false;
    }
    let Some(element) = key.parameters else {
        return true;
    };
    PssParameters::read(Some(&element)).is_some_and(|wanted| {
        wanted.digest == scheme.digest && scheme.pss_salt.is_some_and(|salt| salt >= wanted.salt)
    })
}

fn pkcs1(digest: &DigestAlgorithm) -> Option<Pkcs1v15Sign> {
    Some(match digest {
        DigestAlgorithm::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        DigestAlgorithm::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
        DigestAlgorithm::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        _ => return None,
    })
}

fn pss(digest: &DigestAlgorithm, salt: usize) -> Option<Pss> {
    Some(match digest {
        DigestAlgorithm::Sha256 => Pss::new_with_salt::<Sha256>(salt),
        DigestAlgorithm::Sha384 => Pss::new_with_salt::<Sha384>(salt),
        DigestAlgorithm::Sha512 => Pss::new_with_salt::<Sha512>(salt),
        _ => return None,
    })
}

/// The digest at the end of the value (RFC 8017 9.2), if it is one of these. Whether the rest is
/// right is for [`check`].
pub(super) fn find_digest<'d>(
    value: &Value<'_>,
    key: &PublicKey<'_>,
    digests: &'d DigestsToFind,
) -> Option<&'d [u8]> {
    let numbers = Numbers::read(key).filter(Numbers::is_sound)?;
    let key = numbers.key()?;
    let number = BigUint::from_bytes_be(value.bytes);
    if number >= *key.n() {
        return None;
    }
    let message = number.modpow(key.e(), key.n()).to_bytes_be();
    let length = value.scheme.digest.length()?;
    let at = message.len().checked_sub(length)?;
    digests.same(message.get(at..)?)
}
