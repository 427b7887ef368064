//! By what a document is signed.
//!
//! **Invariant:** one way per operation, with all that it needs.

use podpis_cms::Thumbprint;

use crate::dss_sign::GosKey;

/// By what documents are signed before the signatures are attached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a new way to sign changes what a run asks for"
)]
pub enum SignBy {
    /// By a DSS certificate, confirmed on its owner's phone.
    Dss {
        /// The certificate; the user's one that is valid longest unless set.
        certificate: Option<Thumbprint>,
    },
    /// By the GosKey app of a person.
    GosKey(GosKey),
    /// By Kontur.Certificate, with a code by SMS.
    Sms {
        /// The certificate; the user's current one unless set.
        certificate: Option<Thumbprint>,
    },
    /// Not at all: the service makes a test signature, and nobody is asked. For test organizations: without legal
    /// force.
    TestSignature,
}

impl SignBy {
    pub(super) fn certificate(&self) -> Option<Thumbprint> {
        match self {
            Self::Dss { certificate } | Self::Sms { certificate } => *certificate,
            Self::GosKey(_) | Self::TestSignature => None,
        }
    }
}

impl Default for SignBy {
    fn default() -> Self {
        Self::Dss { certificate: None }
    }
}
