//! What the service says of one signature.
//!
//! **Invariant:** "not verified yet" and "not valid" are never mixed up: the first has no result.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use podpis_cms::Thumbprint;
use podpis_core::{Error, ErrorKind};
use podpis_diadoc_proto::certificates::CertificateSubjectType;
use podpis_diadoc_proto::{self as proto, SignatureVerificationResult, Timestamp, decode_checked};

use crate::certificates::moment;

/// What the service says of a signature.
///
/// The person in it is personal data: `Debug` prints no name, address or number of theirs.
#[derive(Clone)]
#[non_exhaustive]
pub struct SignatureInfo {
    /// When it was signed, as the signer says.
    pub signed_at: Option<SystemTime>,
    /// When the service verified it; none while it has not.
    pub verified_at: Option<SystemTime>,
    /// What came of the verification; none while there was none.
    pub verification: Option<SignatureVerification>,
    /// The certificate; none where what the service gave is not a thumbprint.
    pub thumbprint: Option<Thumbprint>,
    /// The serial number of the certificate, as the service writes it.
    pub serial_number: String,
    /// Who issued the certificate.
    pub issuer: Option<String>,
    /// From when the certificate is valid, as the service writes it.
    pub valid_from: Option<String>,
    /// Until when the certificate is valid, as the service writes it.
    pub valid_to: Option<String>,
    /// The organization in the certificate.
    pub organization: Option<String>,
    /// The INN of the organization.
    pub organization_inn: Option<String>,
    /// What the signer is there.
    pub job_title: Option<String>,
    /// First name and patronymic of the signer.
    pub first_name: Option<String>,
    /// Family name of the signer.
    pub surname: Option<String>,
    /// Insurance number (SNILS) of the signer.
    pub snils: Option<String>,
    /// Mail address of the signer.
    pub email: Option<String>,
    /// For whom the certificate was issued, where the service tells; an open set.
    pub subject_type: Option<CertificateSubjectType>,
}

impl fmt::Debug for SignatureInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignatureInfo")
            .field("signed_at", &self.signed_at)
            .field("verified_at", &self.verified_at)
            .field("verification", &self.verification)
            .field("thumbprint", &self.thumbprint)
            .finish_non_exhaustive()
    }
}

impl From<proto::SignatureInfo> for SignatureInfo {
    fn from(wire: proto::SignatureInfo) -> Self {
        let told = |value: Option<String>| value.filter(|text| !text.is_empty());
        Self {
            signed_at: moment(wire.signing_time.ticks),
            verified_at: time(wire.signature_verification_time.as_ref()),
            verification: wire
                .signature_verification_result
                .map(SignatureVerification::from),
            thumbprint: wire.thumbprint.parse().ok(),
            serial_number: wire.serial_number,
            issuer: told(wire.issuer),
            valid_from: told(wire.start_date),
            valid_to: told(wire.end_date),
            organization: told(wire.org_name),
            organization_inn: told(wire.org_inn),
            job_title: told(wire.job_title),
            first_name: told(wire.first_name),
            surname: told(wire.surname),
            snils: told(wire.snils),
            email: told(wire.email),
            subject_type: wire.certificate_subject_type.map(CertificateSubjectType),
        }
    }
}

/// What came of a verification.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignatureVerification {
    /// Whether the service says that the signature is valid.
    pub is_valid: bool,
    /// Whether the service says that the certificate is valid; none where it says nothing of it.
    pub certificate_is_valid: Option<bool>,
    /// The time of the time stamp, where there is one.
    pub stamped_at: Option<SystemTime>,
}

impl SignatureVerification {
    /// Reads the content of a [`VerificationReport`](super::VerificationReport).
    ///
    /// # Errors
    /// When the bytes are not such a result.
    pub fn read(content: Bytes) -> Result<Self, Error> {
        let result: Result<SignatureVerificationResult, _> = decode_checked(content);
        result.map(Self::from).map_err(|error| {
            let text = format!("the report of a signature's verification cannot be read: {error}");
            Error::new(ErrorKind::UnreadableAnswer, text).with_source(error)
        })
    }
}

impl From<SignatureVerificationResult> for SignatureVerification {
    fn from(wire: SignatureVerificationResult) -> Self {
        Self {
            is_valid: wire.is_valid,
            certificate_is_valid: wire.certificate_status.map(|status| status.is_valid),
            stamped_at: time(wire.signature_timestamp.as_ref()),
        }
    }
}

fn time(timestamp: Option<&Timestamp>) -> Option<SystemTime> {
    moment(timestamp?.ticks)
}
