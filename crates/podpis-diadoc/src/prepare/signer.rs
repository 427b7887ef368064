//! How the signer is named who is written into a document.
//!
//! **Invariant:** a signer is named by a certificate, a thumbprint or details of the person; one that is named by
//! nothing does not exist.

use std::fmt;

use bytes::Bytes;
use podpis_cms::Thumbprint;
use podpis_diadoc_proto::invoicing::{self, SignerDetails};

use crate::document_signature::{Breach, Rule};

/// Who signs a document. Not for universal transfer documents: those take an extended signer.
#[derive(Clone, PartialEq)]
pub struct Signer {
    certificate: Option<Bytes>,
    thumbprint: Option<Thumbprint>,
    details: Option<SignerDetails>,
}

impl Signer {
    /// The owner of this certificate, in DER.
    pub fn certificate(der: impl Into<Bytes>) -> Self {
        Self {
            certificate: Some(der.into()),
            thumbprint: None,
            details: None,
        }
    }

    /// The owner of the certificate with this thumbprint, which the service knows.
    #[must_use]
    pub fn thumbprint(thumbprint: Thumbprint) -> Self {
        Self {
            certificate: None,
            thumbprint: Some(thumbprint),
            details: None,
        }
    }

    /// This person. The service's documents call the INN required, its schema does not.
    #[must_use]
    pub fn person(details: SignerDetails) -> Self {
        Self {
            certificate: None,
            thumbprint: None,
            details: Some(details),
        }
    }

    /// Adds details of the person to a certificate.
    #[must_use]
    pub fn with_details(mut self, details: SignerDetails) -> Self {
        self.details = Some(details);
        self
    }

    pub(super) fn to_proto(&self) -> invoicing::Signer {
        let mut wire = invoicing::Signer::new();
        if let Some(certificate) = &self.certificate {
            wire = wire.with_signer_certificate(certificate.clone());
        }
        if let Some(details) = &self.details {
            wire = wire.with_signer_details(details.clone());
        }
        if let Some(thumbprint) = &self.thumbprint {
            wire = wire.with_signer_certificate_thumbprint(thumbprint.to_string());
        }
        wire
    }
}

/// Reads one that was filled by hand.
impl TryFrom<invoicing::Signer> for Signer {
    type Error = Breach;

    fn try_from(wire: invoicing::Signer) -> Result<Self, Breach> {
        let breach = |text: String| Breach::new(Rule::Prp1, text);
        let text = wire.signer_certificate_thumbprint;
        let thumbprint = text.filter(|text| !text.is_empty()).map(|text| {
            Thumbprint::parse(&text)
                .map_err(|error| breach(format!("the signer's thumbprint cannot be read: {error}")))
        });
        let signer = Self {
            certificate: wire.signer_certificate.filter(|der| !der.is_empty()),
            thumbprint: thumbprint.transpose()?,
            details: wire.signer_details,
        };
        if signer.certificate.is_none() && signer.thumbprint.is_none() && signer.details.is_none() {
            let text = "the signer has no certificate, no thumbprint and no details";
            return Err(breach(text.to_owned()));
        }
        Ok(signer)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("certificate", &self.certificate.as_ref().map(Bytes::len))
            .field("thumbprint", &self.thumbprint)
            .field("details", &self.details)
            .finish()
    }
}
