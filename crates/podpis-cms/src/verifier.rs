//! Decides how a signature value that this crate does not verify is handed to code that does.
//!
//! **Invariant:** a verifier is asked only for what the crate does not verify itself, and its
//! `Unsupported` is reported as not checked, never as passed.

use std::error::Error;
use std::fmt;

use crate::{DigestAlgorithm, SignatureAlgorithm};

/// What a [`Verifier`] reports when it could not find out, such as a token that is not plugged in.
pub type VerifierError = Box<dyn Error + Send + Sync>;

/// Verifies signature values in algorithms that the crate does not know, above all GOST R 34.10.
///
/// ```
/// use podpis_cms::{SignatureAlgorithm, Verdict, Verifier, VerifierError, VerifyRequest};
///
/// #[derive(Debug)]
/// struct Gost;
///
/// impl Verifier for Gost {
///     fn verify(&self, request: &VerifyRequest<'_>) -> Result<Verdict, VerifierError> {
///         match request.signature_algorithm() {
///             SignatureAlgorithm::Gost2012_256 => {
///                 # fn gost_r_34_10(_: &[u8], _: &[u8], _: &[u8]) -> bool { true }
///                 let digest = request.digest().ok_or("no digest")?;
///                 Ok(match gost_r_34_10(request.spki_der(), digest, request.value()) {
///                     true => Verdict::Valid,
///                     false => Verdict::Invalid,
///                 })
///             }
///             _ => Ok(Verdict::Unsupported),
///         }
///     }
/// }
/// ```
pub trait Verifier: fmt::Debug + Send + Sync {
    /// Is the value right?
    ///
    /// # Errors
    ///
    /// When that could not be found out at all; the binding fails with
    /// [`BindError::Verifier`](crate::BindError::Verifier) and can be repeated.
    fn verify(&self, request: &VerifyRequest<'_>) -> Result<Verdict, VerifierError>;
}

/// What a [`Verifier`] answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a verifier answers one of three, and we match on all"
)]
pub enum Verdict {
    /// The value is right.
    Valid,
    /// The value is wrong: the binding fails.
    Invalid,
    /// The verifier does not know the algorithm either: the value stays not checked.
    Unsupported,
}

/// One value to verify.
pub struct VerifyRequest<'a> {
    pub(crate) signature_algorithm: &'a SignatureAlgorithm,
    pub(crate) signature_oid: String,
    pub(crate) digest_algorithm: &'a DigestAlgorithm,
    pub(crate) digest: Option<&'a [u8]>,
    pub(crate) message: Option<&'a [u8]>,
    pub(crate) spki_der: &'a [u8],
    pub(crate) value: &'a [u8],
}

impl VerifyRequest<'_> {
    /// The algorithm of the value.
    #[must_use]
    pub fn signature_algorithm(&self) -> &SignatureAlgorithm {
        self.signature_algorithm
    }

    /// Its OID as it stands in the signature, dotted: it may name the digest as well.
    #[must_use]
    pub fn signature_oid(&self) -> &str {
        &self.signature_oid
    }

    /// The algorithm of [`digest`](Self::digest).
    #[must_use]
    pub fn digest_algorithm(&self) -> &DigestAlgorithm {
        self.digest_algorithm
    }

    /// The digest of what was signed. `None` only if the crate cannot compute the algorithm; then
    /// there is a [`message`](Self::message).
    #[must_use]
    pub fn digest(&self) -> Option<&[u8]> {
        self.digest
    }

    /// What was signed: the signed attributes in DER, or the document when there are none and its
    /// bytes are at hand.
    #[must_use]
    pub fn message(&self) -> Option<&[u8]> {
        self.message
    }

    /// The signer's public key: `SubjectPublicKeyInfo` in DER.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        self.spki_der
    }

    /// The signature value, as it stands in the signature. For GOST R 34.10 it is `s` then `r`,
    /// big-endian (RFC 4490).
    #[must_use]
    pub fn value(&self) -> &[u8] {
        self.value
    }
}

impl fmt::Debug for VerifyRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyRequest")
            .field("signature_algorithm", &self.signature_algorithm)
            .field("digest_algorithm", &self.digest_algorithm)
            .finish_non_exhaustive()
    }
}
