//! Decides by which certificate's key a signer's value was made.
//!
//! **Invariant:** a certificate is the signer's only if its key verified the value; where none did
//! and one could not be tried, that is unknown, and where all were tried, the value is wrong. A value
//! is verified once per certificate that the signer may mean.

use crate::value::{self, Message, Outcome};
use crate::{Certificate, Digests, Expectation, Reason, Signer, VerifierError};

/// What was found out of one signer's value.
#[derive(Clone)]
pub(crate) struct Proof {
    pub(crate) outcome: Outcome,
    /// Whose key made the value; where that is not known, the first that the signer may mean.
    pub(crate) certificate: Option<Certificate>,
}

impl Proof {
    /// Of a value over signed attributes.
    pub(crate) fn over_attributes(
        signer: &Signer,
        expectation: &Expectation,
    ) -> Result<Option<Self>, VerifierError> {
        let Some(forms) = signer.covered_attributes() else {
            return Ok(None);
        };
        let algorithm = std::slice::from_ref(signer.value_digest());
        let mut proof = None;
        for form in forms {
            let digests = Digests::of_with(&form, algorithm);
            let message = Message {
                digest: digests.get(signer.value_digest()),
                bytes: Some(&form),
            };
            let one = Self::over(signer, message, expectation)?;
            let is_right = one.outcome == Outcome::Valid;
            if is_right || proof.is_none() {
                proof = Some(one);
            }
            if is_right {
                break;
            }
        }
        Ok(proof)
    }

    /// Of a value over this message.
    pub(crate) fn over(
        signer: &Signer,
        message: Message<'_>,
        expectation: &Expectation,
    ) -> Result<Self, VerifierError> {
        let certificates = expectation.certificates_of(signer);
        let mut unknown = None;
        for certificate in &certificates {
            match value::check(
                &signer.scheme_and_value(),
                certificate.spki_der(),
                message,
                expectation,
            )? {
                Outcome::Valid => {
                    return Ok(Self {
                        outcome: Outcome::Valid,
                        certificate: Some((*certificate).clone()),
                    });
                }
                Outcome::Invalid => {}
                Outcome::Unknown(reason) => {
                    unknown.get_or_insert((reason, *certificate));
                }
            }
        }
        let first = certificates
            .first()
            .map(|certificate| (*certificate).clone());
        Ok(match (unknown, first) {
            (Some((reason, certificate)), _) => Self {
                outcome: Outcome::Unknown(reason),
                certificate: Some(certificate.clone()),
            },
            (None, Some(first)) => Self {
                outcome: Outcome::Invalid,
                certificate: Some(first),
            },
            (None, None) => Self {
                outcome: Outcome::Unknown(if signer.has_unreadable_certificate() {
                    Reason::UnreadableCertificate
                } else {
                    Reason::NoCertificate
                }),
                certificate: None,
            },
        })
    }
}
