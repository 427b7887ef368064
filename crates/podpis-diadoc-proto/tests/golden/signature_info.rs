//! Bytes of what the service says of a signature.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::certificates::CertificateSubjectType;
use podpis_diadoc_proto::{
    CertificateChainElement, CertificateVerificationResult, SignatureInfo,
    SignatureVerificationResult, Timestamp,
};

use crate::same;

#[test]
fn signature_info() {
    same(
        &SignatureInfo::new(Timestamp::new(1), "d", "e")
            .with_signature_verification_time(Timestamp::new(1))
            .with_signature_verification_result(SignatureVerificationResult::new(true))
            .with_issuer("f")
            .with_start_date("g")
            .with_end_date("h")
            .with_org_name("i")
            .with_org_inn("j")
            .with_job_title("k")
            .with_first_name("l")
            .with_surname("m")
            .with_snils("n")
            .with_email("o")
            .with_certificate_subject_type(CertificateSubjectType::PHYSICAL_PERSON),
        &[
            b"\x0a\x09\x09\x01\x00\x00\x00\x00\x00\x00\x00", // 1 SigningTime
            b"\x12\x09\x09\x01\x00\x00\x00\x00\x00\x00\x00", // 2 SignatureVerificationTime
            b"\x1a\x02\x08\x01",                             // 3 SignatureVerificationResult
            b"\x22\x01d",                                    // 4 Thumbprint
            b"\x2a\x01e",                                    // 5 SerialNumber
            b"\x32\x01f",                                    // 6 Issuer
            b"\x3a\x01g",                                    // 7 StartDate
            b"\x42\x01h",                                    // 8 EndDate
            b"\x4a\x01i",                                    // 9 OrgName
            b"\x52\x01j",                                    // 10 OrgInn
            b"\x5a\x01k",                                    // 11 JobTitle
            b"\x62\x01l",                                    // 12 FirstName
            b"\x6a\x01m",                                    // 13 Surname
            b"\x72\x01n",                                    // 14 Snils
            b"\x7a\x01o",                                    // 15 Email
            b"\x80\x01\x03",                                 // 16 CertificateSubjectType
        ],
    );
}

#[test]
fn signature_verification_result() {
    same(
        &SignatureVerificationResult::new(true)
            .with_certificate_status(CertificateVerificationResult::new(true, Timestamp::new(1)))
            .with_signature_timestamp(Timestamp::new(1)),
        &[
            b"\x08\x01",                                                     // 1 IsValid
            b"\x12\x0d\x10\x01\x22\x09\x09\x01\x00\x00\x00\x00\x00\x00\x00", // 2 CertificateStatus
            b"\x1a\x09\x09\x01\x00\x00\x00\x00\x00\x00\x00",                 // 3 SignatureTimestamp
        ],
    );
}

#[test]
fn certificate_verification_result() {
    same(
        &CertificateVerificationResult::new(true, Timestamp::new(1)).with_certificate_chain([
            CertificateChainElement::new(300, &b"\x30\x00"[..]),
            CertificateChainElement::new(300, &b"\x30\x00"[..]),
        ]),
        &[
            b"\x10\x01",                                     // 2 IsValid
            b"\x1a\x07\x08\xac\x02\x12\x02\x30\x00",         // 3 CertificateChain[0]
            b"\x1a\x07\x08\xac\x02\x12\x02\x30\x00",         // 3 CertificateChain[1]
            b"\x22\x09\x09\x01\x00\x00\x00\x00\x00\x00\x00", // 4 VerificationTime
        ],
    );
}

#[test]
fn certificate_chain_element() {
    same(
        &CertificateChainElement::new(300, &b"\x30\x00"[..]),
        &[
            b"\x08\xac\x02",     // 1 CertificateChainStatusFlags
            b"\x12\x02\x30\x00", // 2 DerCertificate
        ],
    );
}

#[test]
fn timestamp() {
    same(
        &Timestamp::new(1),
        &[
            b"\x09\x01\x00\x00\x00\x00\x00\x00\x00", // 1 Ticks
        ],
    );
}

#[test]
fn ticks_are_eight_bytes_also_when_they_are_zero() {
    same(&Timestamp::new(0), &[b"\x09", &[0; 8]]); // 1 Ticks
}
