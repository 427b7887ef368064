//! What the service says of one signature.
//!
//! **Invariant:** "not verified yet" and "not valid" are never mixed up: the first has no result.

use std::time::SystemTime;

use bytes::Bytes;
use podpis_cms::Thumbprint;
use podpis_core::{Error, ErrorKind};
use podpis_diadoc_proto::certificates::CertificateSubjectType;
use podpis_diadoc_proto::{self as proto, SignatureVerificationResult, Timestamp, decode_checked};

use super::told;
use crate::certificates::moment;

/// What the service says of a signature.
///
/// The person in it is personal data: `Debug` prints no name, address or number of theirs.
#[derive(Clone, Debug)]
pub struct SignatureInfo {
    wire: proto::SignatureInfo,
}

impl SignatureInfo {
    pub(super) fn new(wire: proto::SignatureInfo) -> Self {
        Self { wire }
    }

    /// When it was signed, as the signer says.
    #[must_use]
    pub fn signed_at(&self) -> Option<SystemTime> {
        moment(self.wire.signing_time.ticks)
    }

    /// When the service verified it; none while it has not.
    #[must_use]
    pub fn verified_at(&self) -> Option<SystemTime> {
        time(self.wire.signature_verification_time.as_ref())
    }

    /// What came of the verification; none while there was none.
    #[must_use]
    pub fn verification(&self) -> Option<SignatureVerification> {
        let result = self.wire.signature_verification_result.clone();
        result.map(SignatureVerification::new)
    }

    /// The certificate; none where what the service gave is not a thumbprint.
    #[must_use]
    pub fn thumbprint(&self) -> Option<Thumbprint> {
        self.wire.thumbprint.parse().ok()
    }

    /// The serial number of the certificate, as the service writes it.
    #[must_use]
    pub fn serial_number(&self) -> &str {
        &self.wire.serial_number
    }

    /// Who issued the certificate.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        told(self.wire.issuer.as_ref())
    }

    /// From when the certificate is valid, as the service writes it.
    #[must_use]
    pub fn valid_from(&self) -> Option<&str> {
        told(self.wire.start_date.as_ref())
    }

    /// Until when the certificate is valid, as the service writes it.
    #[must_use]
    pub fn valid_to(&self) -> Option<&str> {
        told(self.wire.end_date.as_ref())
    }

    /// The organization in the certificate.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        told(self.wire.org_name.as_ref())
    }

    /// The INN of the organization.
    #[must_use]
    pub fn organization_inn(&self) -> Option<&str> {
        told(self.wire.org_inn.as_ref())
    }

    /// What the signer is there.
    #[must_use]
    pub fn job_title(&self) -> Option<&str> {
        told(self.wire.job_title.as_ref())
    }

    /// First name and patronymic of the signer.
    #[must_use]
    pub fn first_name(&self) -> Option<&str> {
        told(self.wire.first_name.as_ref())
    }

    /// Family name of the signer.
    #[must_use]
    pub fn surname(&self) -> Option<&str> {
        told(self.wire.surname.as_ref())
    }

    /// Insurance number (SNILS) of the signer.
    #[must_use]
    pub fn snils(&self) -> Option<&str> {
        told(self.wire.snils.as_ref())
    }

    /// Mail address of the signer.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        told(self.wire.email.as_ref())
    }

    /// For whom the certificate was issued, where the service tells; an open set.
    #[must_use]
    pub fn subject_type(&self) -> Option<CertificateSubjectType> {
        self.wire
            .certificate_subject_type
            .map(CertificateSubjectType)
    }
}

/// What came of a verification.
#[derive(Clone, Debug)]
pub struct SignatureVerification {
    wire: SignatureVerificationResult,
}

impl SignatureVerification {
    pub(super) fn new(wire: SignatureVerificationResult) -> Self {
        Self { wire }
    }

    /// Reads the content of a [`VerificationReport`](super::VerificationReport).
    ///
    /// # Errors
    /// When the bytes are not such a result.
    pub fn read(content: Bytes) -> Result<Self, Error> {
        decode_checked(content).map(Self::new).map_err(|error| {
            let text = format!("the report of a signature's verification cannot be read: {error}");
            Error::new(ErrorKind::UnreadableAnswer, text).with_source(error)
        })
    }

    /// Whether the service says that the signature is valid.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.wire.is_valid
    }

    /// Whether the service says that the certificate is valid; none where it says nothing of it.
    #[must_use]
    pub fn certificate_is_valid(&self) -> Option<bool> {
        let status = self.wire.certificate_status.as_ref();
        status.map(|status| status.is_valid)
    }

    /// The time of the time stamp, where there is one.
    #[must_use]
    pub fn stamped_at(&self) -> Option<SystemTime> {
        time(self.wire.signature_timestamp.as_ref())
    }
}

fn time(timestamp: Option<&Timestamp>) -> Option<SystemTime> {
    moment(timestamp?.ticks)
}
