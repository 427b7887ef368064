//! Decides whether the value of one signer was made by the key of one certificate.
//!
//! [`bind`](crate::bind) asks it of all signers and all their certificates; this is the single
//! question, for whoever judges certificates.
//!
//! **Invariant:** over signed attributes the document does not matter; without them the value is
//! over the document's digest and nothing else.

use crate::value::{self, Message, Outcome};
use crate::{Certificate, DigestAlgorithm, Digests, Expectation, Signer, VerifierError};

impl Signer {
    /// Did the key of this certificate make the value? `document` is what the document is known by,
    /// and matters only where there are no signed attributes. Of the expectation only the verifier
    /// and the say on weak keys matter.
    ///
    /// # Errors
    ///
    /// When a plugged-in verifier could not find out.
    pub fn verify(
        &self,
        certificate: &Certificate,
        document: &Digests,
        expectation: &Expectation,
    ) -> Result<Outcome, VerifierError> {
        let check = |message: Message<'_>| {
            let value = self.scheme_and_value();
            value::check(&value, certificate.spki_der(), message, expectation)
        };
        let algorithm = self.value_digest();
        let Some(forms) = self.covered_attributes() else {
            return check(Message {
                digest: document.get(algorithm),
                bytes: None,
            });
        };
        let mut found = Outcome::Invalid;
        for form in forms {
            let digests = Digests::of_with(&form, std::slice::from_ref(algorithm));
            let outcome = check(Message {
                digest: digests.get(algorithm),
                bytes: Some(&form),
            })?;
            match outcome {
                Outcome::Valid => return Ok(Outcome::Valid),
                Outcome::Unknown(_) => found = outcome,
                Outcome::Invalid => {}
            }
        }
        Ok(found)
    }

    /// The algorithm of the digest to know the document by: the attributes state it in this one, or
    /// the value is over it.
    #[must_use]
    pub fn document_digest(&self) -> &DigestAlgorithm {
        if self.has_signed_attributes() {
            self.digest_algorithm()
        } else {
            self.value_digest()
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Certificate, Digests, Expectation, Outcome, Signature};

    const CONTENT: &[u8] = include_bytes!("../tests/fixtures/content.txt");
    const P256: &[u8] = include_bytes!("../tests/fixtures/p256.p7s");
    const NO_ATTRIBUTES: &[u8] = include_bytes!("../tests/fixtures/p256.noattr.p7s");
    const RSA: &[u8] = include_bytes!("../tests/fixtures/rsa.sha256.p7s");

    fn outcome(signature: &[u8], certificate: &Certificate, content: &[u8]) -> Outcome {
        let signature = Signature::parse(signature).unwrap();
        let document = Digests::of(content);
        signature.signers()[0]
            .verify(certificate, &document, &Expectation::new())
            .unwrap()
    }

    #[test]
    fn one_value_under_one_key() {
        let of = |signature| {
            Signature::parse(signature)
                .unwrap()
                .certificates()
                .remove(0)
        };
        let (p256, rsa) = (of(P256), of(RSA));
        assert_eq!(outcome(P256, &p256, CONTENT), Outcome::Valid);
        assert_eq!(outcome(P256, &rsa, CONTENT), Outcome::Invalid);
        // The attributes are what is signed, whatever the document.
        assert_eq!(outcome(P256, &p256, b"other"), Outcome::Valid);
        assert_eq!(outcome(NO_ATTRIBUTES, &p256, CONTENT), Outcome::Valid);
        assert_eq!(outcome(NO_ATTRIBUTES, &p256, b"other"), Outcome::Invalid);
    }

    #[test]
    fn the_fields_of_the_signer_stand_as_they_came() {
        let signature = Signature::parse(P256).unwrap();
        let signer = &signature.signers()[0];
        assert_eq!(signer.info().last().unwrap().content(), signer.value());
    }
}
