//! Decides what a signature bound to a document is: where it stands, who signed, what was checked.
//!
//! **Invariant:** a `Signed` comes out of [`bind`](crate::bind) only, and carries no failed check.

use crate::bind::{bind, bind_as};
use crate::{
    BindError, Certificate, Check, Checks, Digests, Document, Expectation, Place, Signature, Signer,
};

/// A signature and the document it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub(crate) place: Place,
    pub(crate) signature: Signature,
    pub(crate) certificate: Option<Certificate>,
    pub(crate) checks: Checks,
    /// Of each signer, in the signature's order.
    pub(crate) proofs: Vec<SignerProof>,
}

/// What was found out of one signer's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerProof {
    pub(crate) certificate: Option<Certificate>,
    pub(crate) value: Check,
}

impl SignerProof {
    /// The certificate whose key made the value. Where [`value`](Self::value) was not checked it is
    /// the one that the signer names, and nothing says that its key made anything. `None` if it is
    /// neither embedded nor given.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Was the value made by that certificate's key?
    #[must_use]
    pub fn value(&self) -> &Check {
        &self.value
    }
}

impl Signed {
    /// Where the document stands among those given, from 0.
    #[must_use]
    pub fn position(&self) -> usize {
        self.place.position
    }

    /// The document's name, as given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.place.name
    }

    /// Position and name.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The signature as detached CMS in DER, in whatever form it came
    /// ([`Signature::to_der`]).
    #[must_use]
    pub fn der(&self) -> &[u8] {
        self.signature.to_der()
    }

    /// The certificate whose key made the value: the one asked for; if none was, the first signer's.
    /// Where the value could not be checked it is the one that the signer names. `None` if it is
    /// neither embedded nor given.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Every signer, with what was found out of its value, in the signature's order.
    pub fn signers(&self) -> impl Iterator<Item = (&Signer, &SignerProof)> {
        self.signature.signers().iter().zip(&self.proofs)
    }

    /// What was checked and what was not.
    #[must_use]
    pub fn checks(&self) -> &Checks {
        &self.checks
    }

    /// Binds again, now that the document's bytes are at hand.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the signature is not for these bytes, or another check fails; `self` stays.
    pub fn with_file(&self, bytes: &[u8], expectation: &Expectation) -> Result<Self, BindError> {
        bind_as(
            &self.place,
            Document::content(self.name(), bytes),
            &self.signature,
            expectation,
        )
    }

    /// Binds again, now that the document's digests are at hand.
    /// [`Signature::digest_algorithms`] says which ones are needed.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the signature is not for that document, or another check fails; `self` stays.
    pub fn with_digests(
        &self,
        digests: Digests,
        expectation: &Expectation,
    ) -> Result<Self, BindError> {
        bind_as(
            &self.place,
            Document::known(self.name(), digests),
            &self.signature,
            expectation,
        )
    }
}

/// Binds a whole batch again, now that more is known of its documents. Signatures of documents that
/// had been unknown may change places: until now they stood in the order they came.
///
/// # Errors
///
/// [`BindError`]; what was given stays as it is.
pub fn with_files(
    signed: &[Signed],
    documents: &[Document<'_>],
    expectation: &Expectation,
) -> Result<Vec<Signed>, BindError> {
    let signatures: Vec<Signature> = signed
        .iter()
        .map(|signed| signed.signature.clone())
        .collect();
    bind(documents, &signatures, expectation)
}
