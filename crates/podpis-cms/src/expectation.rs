//! Decides what is asked of a signature beyond the document.
//!
//! **Invariant:** what is not asked is reported as not asked, never as passed.

use std::sync::Arc;

use crate::{Certificate, Signer, Thumbprint, Verifier};

/// Who should have signed, and who verifies what the crate does not.
///
/// ```
/// use podpis_cms::{Expectation, Thumbprint};
/// let asked: Thumbprint = "0778B8EFD8B4C49040494C15355B2556D2957774".parse()?;
/// let expectation = Expectation::new().certificate(asked);
/// # Ok::<(), podpis_cms::ThumbprintError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Expectation {
    wanted: Option<Thumbprint>,
    signer: Option<Certificate>,
    at_hand: Vec<Certificate>,
    verifier: Option<Arc<dyn Verifier>>,
    allows_weak_keys: bool,
    requires_proof: bool,
}

impl Expectation {
    /// Nothing asked: the signer check stays [`NotAsked`](crate::Reason::NotAsked).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The certificate with this thumbprint must be among the signers'.
    #[must_use]
    pub fn certificate(mut self, thumbprint: Thumbprint) -> Self {
        self.signer = self
            .signer
            .filter(|signer| signer.thumbprint() == thumbprint);
        self.wanted = Some(thumbprint);
        self
    }

    /// This certificate must be among the signers'. It also stands in where a signature names it
    /// (by issuer and serial number, or by key id) without embedding it.
    #[must_use]
    pub fn signer(mut self, certificate: Certificate) -> Self {
        self.wanted = Some(certificate.thumbprint());
        self.signer = Some(certificate);
        self
    }

    /// These certificates stand in, too, where a signature names one of them without embedding it.
    /// None of them is asked for.
    #[must_use]
    pub fn at_hand(mut self, certificates: impl IntoIterator<Item = Certificate>) -> Self {
        self.at_hand.extend(certificates);
        self
    }

    /// Verifies the values that the crate does not: GOST R 34.10 above all.
    #[must_use]
    pub fn verifier(mut self, verifier: Arc<dyn Verifier>) -> Self {
        self.verifier = Some(verifier);
        self
    }

    /// Verifies values of RSA keys under 2,048 bits too, as archives need it. Otherwise they are not
    /// checked ([`Reason::WeakKey`](crate::Reason::WeakKey)).
    #[must_use]
    pub fn allow_weak_keys(mut self) -> Self {
        self.allows_weak_keys = true;
        self
    }

    /// Makes it an error ([`BindError::NotProven`](crate::BindError::NotProven)) when something that
    /// was asked could not be checked.
    #[must_use]
    pub fn require_proof(mut self) -> Self {
        self.requires_proof = true;
        self
    }

    pub(crate) fn allows_weak_keys(&self) -> bool {
        self.allows_weak_keys
    }

    pub(crate) fn requires_proof(&self) -> bool {
        self.requires_proof
    }

    pub(crate) fn wanted(&self) -> Option<Thumbprint> {
        self.wanted
    }

    pub(crate) fn value_verifier(&self) -> Option<&dyn Verifier> {
        self.verifier.as_deref()
    }

    /// Every certificate that the signer may mean, the one asked for first: given, or embedded.
    pub(crate) fn certificates_of<'a>(&'a self, signer: &'a Signer) -> Vec<&'a Certificate> {
        let mut all: Vec<&Certificate> = Vec::new();
        for given in self.signer.iter().chain(&self.at_hand) {
            if signer.names(given) && !all.contains(&given) {
                all.push(given);
            }
        }
        let given = all.len();
        for embedded in signer.certificates() {
            if !all.iter().take(given).any(|known| *known == embedded) {
                all.push(embedded);
            }
        }
        if let Some(wanted) = self.wanted {
            let is_wanted = |certificate: &&Certificate| certificate.thumbprint() == wanted;
            let (mut first, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_wanted);
            first.extend(others);
            all = first;
        }
        all.dedup();
        all
    }
}
