//! Decides whether one signature is for one document.
//!
//! **Invariant:** all signers must agree on the document: one that denies it settles it, and one
//! that cannot tell leaves the digest not checked.

use crate::check::Check;
use crate::value::{self, Message, Outcome};
use crate::{Certificate, Digests, Expectation, Place, Reason, Signature, Signer, VerifierError};

/// A document with what is needed to compare it with signatures.
pub(crate) struct Candidate<'a> {
    pub(crate) place: Place,
    pub(crate) digests: Digests,
    pub(crate) bytes: Option<&'a [u8]>,
}

/// What the signers say of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fit {
    /// At least one signer proves it and none denies it.
    Yes(Check),
    /// No signer can tell.
    CannotTell(Reason),
    /// A signer denies it.
    No,
}

impl Fit {
    /// Is the signature for this document?
    pub(crate) fn of(
        signature: &Signature,
        document: &Candidate<'_>,
        expectation: &Expectation,
    ) -> Result<Self, VerifierError> {
        let mut proven = false;
        let mut check = Check::Passed;
        for signer in signature.signers() {
            match says(signer, document, expectation)? {
                Outcome::Valid => proven = true,
                Outcome::Unknown(reason) => check = check.and(Check::NotChecked(reason)),
                Outcome::Invalid => return Ok(Self::No),
            }
        }
        Ok(match check {
            Check::NotChecked(reason) if !proven => Self::CannotTell(reason),
            check => Self::Yes(check),
        })
    }
}

/// What one signer says: by `messageDigest`, or by the value itself without signed attributes.
fn says(
    signer: &Signer,
    document: &Candidate<'_>,
    expectation: &Expectation,
) -> Result<Outcome, VerifierError> {
    let Some(stated) = signer.message_digest() else {
        return value_of(signer, document, expectation);
    };
    let algorithm = signer.digest_algorithm();
    Ok(match document.digests.get(algorithm) {
        Some(digest) if digest == stated => Outcome::Valid,
        Some(_) => Outcome::Invalid,
        None if algorithm.is_supported() => Outcome::Unknown(Reason::NeedsFile),
        None => Outcome::Unknown(Reason::Algorithm(algorithm.to_string())),
    })
}

/// Is the signer's value right, over the attributes or over the document?
pub(crate) fn value_of(
    signer: &Signer,
    document: &Candidate<'_>,
    expectation: &Expectation,
) -> Result<Outcome, VerifierError> {
    let certificate: Option<&Certificate> = expectation.certificate_of(signer);
    let verifier = expectation.value_verifier();
    let algorithm = signer.value_digest();
    match signer.signed_attributes() {
        Some(attributes) => {
            let digests = Digests::of_with(attributes, std::slice::from_ref(algorithm));
            let message = Message {
                digest: digests.get(algorithm),
                bytes: Some(attributes),
            };
            value::check(signer, certificate, message, verifier)
        }
        None => {
            let message = Message {
                digest: document.digests.get(algorithm),
                bytes: document.bytes,
            };
            value::check(signer, certificate, message, verifier)
        }
    }
}
