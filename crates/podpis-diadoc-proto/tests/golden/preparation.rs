//! Bytes of what PrepareDocumentsToSign takes and gives.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::DocumentId;
use podpis_diadoc_proto::events::{
    ContentToPatch, DocumentPatchedContent, DocumentToPatch, DraftDocumentToPatch,
    PowerOfAttorneyToPost, PrepareDocumentsToSignRequest, PrepareDocumentsToSignResponse,
    UnsignedContent,
};
use podpis_diadoc_proto::invoicing::signers::{
    ExtendedSigner, ExtendedSignerDetails, SignerPowers, SignerStatus, SignerType,
};
use podpis_diadoc_proto::invoicing::{Signer, SignerDetails};

use crate::same;

#[test]
fn prepare_documents_to_sign_request() {
    same(
        &PrepareDocumentsToSignRequest::new("a")
            .with_draft_documents([
                DraftDocumentToPatch::new(DocumentId::new("a", "b")),
                DraftDocumentToPatch::new(DocumentId::new("a", "b")),
            ])
            .with_documents([
                DocumentToPatch::new(DocumentId::new("a", "b")),
                DocumentToPatch::new(DocumentId::new("a", "b")),
            ])
            .with_contents([
                ContentToPatch::new("a", "b", "c", UnsignedContent::new()),
                ContentToPatch::new("a", "b", "c", UnsignedContent::new()),
            ]),
        &[
            b"\x0a\x01a",                                            // 1 BoxId
            b"\x12\x08\x0a\x06\x0a\x01\x61\x12\x01\x62",             // 2 DraftDocuments[0]
            b"\x12\x08\x0a\x06\x0a\x01\x61\x12\x01\x62",             // 2 DraftDocuments[1]
            b"\x1a\x08\x0a\x06\x0a\x01\x61\x12\x01\x62",             // 3 Documents[0]
            b"\x1a\x08\x0a\x06\x0a\x01\x61\x12\x01\x62",             // 3 Documents[1]
            b"\x22\x0b\x0a\x01\x61\x12\x01\x62\x1a\x01\x63\x22\x00", // 4 Contents[0]
            b"\x22\x0b\x0a\x01\x61\x12\x01\x62\x1a\x01\x63\x22\x00", // 4 Contents[1]
        ],
    );
}

#[test]
fn draft_document_to_patch() {
    same(
        &DraftDocumentToPatch::new(DocumentId::new("a", "b"))
            .with_to_box_id("b")
            .with_signer(Signer::new())
            .with_extended_signer([ExtendedSigner::new(), ExtendedSigner::new()])
            .with_signer_content(&b"\x30\x00"[..]),
        &[
            b"\x0a\x06\x0a\x01\x61\x12\x01\x62", // 1 DocumentId
            b"\x12\x01b",                        // 2 ToBoxId
            b"\x1a\x00",                         // 3 Signer
            b"\x22\x00",                         // 4 ExtendedSigner[0]
            b"\x22\x00",                         // 4 ExtendedSigner[1]
            b"\x2a\x02\x30\x00",                 // 5 SignerContent
        ],
    );
}

#[test]
fn document_to_patch() {
    same(
        &DocumentToPatch::new(DocumentId::new("a", "b"))
            .with_signer(Signer::new())
            .with_extended_signer([ExtendedSigner::new(), ExtendedSigner::new()])
            .with_signer_content(&b"\x30\x00"[..]),
        &[
            b"\x0a\x06\x0a\x01\x61\x12\x01\x62", // 1 DocumentId
            b"\x12\x00",                         // 2 Signer
            b"\x1a\x00",                         // 3 ExtendedSigner[0]
            b"\x1a\x00",                         // 3 ExtendedSigner[1]
            b"\x22\x02\x30\x00",                 // 4 SignerContent
        ],
    );
}

#[test]
fn content_to_patch() {
    same(
        &ContentToPatch::new("a", "b", "c", UnsignedContent::new())
            .with_to_box_id("e")
            .with_signer(Signer::new())
            .with_extended_signer([ExtendedSigner::new(), ExtendedSigner::new()])
            .with_signer_content(&b"\x30\x00"[..]),
        &[
            b"\x0a\x01a",        // 1 TypeNamedId
            b"\x12\x01b",        // 2 Function
            b"\x1a\x01c",        // 3 Version
            b"\x22\x00",         // 4 Content
            b"\x2a\x01e",        // 5 ToBoxId
            b"\x32\x00",         // 6 Signer
            b"\x3a\x00",         // 7 ExtendedSigner[0]
            b"\x3a\x00",         // 7 ExtendedSigner[1]
            b"\x42\x02\x30\x00", // 8 SignerContent
        ],
    );
}

#[test]
fn prepare_documents_to_sign_response() {
    same(
        &PrepareDocumentsToSignResponse::new().with_document_patched_contents([
            DocumentPatchedContent::new(DocumentId::new("a", "b"), "b"),
            DocumentPatchedContent::new(DocumentId::new("a", "b"), "b"),
        ]),
        &[
            b"\x0a\x0b\x0a\x06\x0a\x01\x61\x12\x01\x62\x12\x01\x62", // 1 DocumentPatchedContents[0]
            b"\x0a\x0b\x0a\x06\x0a\x01\x61\x12\x01\x62\x12\x01\x62", // 1 DocumentPatchedContents[1]
        ],
    );
}

#[test]
fn document_patched_content() {
    same(
        &DocumentPatchedContent::new(DocumentId::new("a", "b"), "b").with_content(&b"\x30\x00"[..]),
        &[
            b"\x0a\x06\x0a\x01\x61\x12\x01\x62", // 1 DocumentId
            b"\x12\x01b",                        // 2 PatchedContentId
            b"\x1a\x02\x30\x00",                 // 3 Content
        ],
    );
}

#[test]
fn signer() {
    same(
        &Signer::new()
            .with_signer_certificate(&b"\x30\x00"[..])
            .with_signer_details(SignerDetails::new("a", "b"))
            .with_signer_certificate_thumbprint("c"),
        &[
            b"\x0a\x02\x30\x00",                 // 1 SignerCertificate
            b"\x12\x06\x0a\x01\x61\x12\x01\x62", // 2 SignerDetails
            b"\x1a\x01c",                        // 3 SignerCertificateThumbprint
        ],
    );
}

#[test]
fn signer_details() {
    same(
        &SignerDetails::new("a", "b")
            .with_patronymic("c")
            .with_job_title("d")
            .with_inn("e")
            .with_sole_proprietor_registration_certificate("f"),
        &[
            b"\x0a\x01a", // 1 Surname
            b"\x12\x01b", // 2 FirstName
            b"\x1a\x01c", // 3 Patronymic
            b"\x22\x01d", // 4 JobTitle
            b"\x2a\x01e", // 5 Inn
            b"\x32\x01f", // 6 SoleProprietorRegistrationCertificate
        ],
    );
}

#[test]
fn extended_signer() {
    same(
        &ExtendedSigner::new()
            .with_box_id("a")
            .with_signer_certificate(&b"\x30\x00"[..])
            .with_signer_certificate_thumbprint("c")
            .with_signer_details(ExtendedSignerDetails::new(
                "a",
                "b",
                SignerType::PHYSICAL_PERSON,
                SignerPowers::PERSON_OTHER_POWER,
                SignerStatus::INFORMATION_CREATOR_BUYER_EMPLOYEE,
            ))
            .with_power_of_attorney(PowerOfAttorneyToPost::new(true)),
        &[
            b"\x0a\x01a",                                                // 1 BoxId
            b"\x12\x02\x30\x00",                                         // 2 SignerCertificate
            b"\x1a\x01c", // 3 SignerCertificateThumbprint
            b"\x22\x0c\x0a\x01\x61\x12\x01\x62\x38\x03\x50\x1d\x58\x06", // 4 SignerDetails
            b"\x2a\x02\x10\x01", // 5 PowerOfAttorney
        ],
    );
}

#[test]
fn extended_signer_details() {
    same(
        &ExtendedSignerDetails::new(
            "a",
            "b",
            SignerType::PHYSICAL_PERSON,
            SignerPowers::PERSON_OTHER_POWER,
            SignerStatus::INFORMATION_CREATOR_BUYER_EMPLOYEE,
        )
        .with_patronymic("c")
        .with_job_title("d")
        .with_inn("e")
        .with_registration_certificate("f")
        .with_signer_organization_name("h")
        .with_signer_info("i")
        .with_signer_powers_base("l")
        .with_signer_org_powers_base("m"),
        &[
            b"\x0a\x01a", // 1 Surname
            b"\x12\x01b", // 2 FirstName
            b"\x1a\x01c", // 3 Patronymic
            b"\x22\x01d", // 4 JobTitle
            b"\x2a\x01e", // 5 Inn
            b"\x32\x01f", // 6 RegistrationCertificate
            b"\x38\x03",  // 7 SignerType
            b"\x42\x01h", // 8 SignerOrganizationName
            b"\x4a\x01i", // 9 SignerInfo
            b"\x50\x1d",  // 10 SignerPowers
            b"\x58\x06",  // 11 SignerStatus
            b"\x62\x01l", // 12 SignerPowersBase
            b"\x6a\x01m", // 13 SignerOrgPowersBase
        ],
    );
}

#[test]
fn members_have_the_numbers_of_the_wire() {
    let numbers = [
        (SignerType::SIGNER_TYPE_UNSPECIFIED.number(), -1),
        (SignerType::LEGAL_ENTITY.number(), 1),
        (SignerType::INDIVIDUAL_ENTITY.number(), 2),
        (SignerType::PHYSICAL_PERSON.number(), 3),
        (SignerPowers::SIGNER_POWERS_UNSPECIFIED.number(), -1),
        (SignerPowers::INVOICE_SIGNER.number(), 0),
        (SignerPowers::PERSON_MADE_OPERATION.number(), 1),
        (SignerPowers::MADE_AND_SIGN_OPERATION.number(), 2),
        (SignerPowers::PERSON_DOCUMENTED_OPERATION.number(), 3),
        (SignerPowers::MADE_OPERATION_AND_SIGNED_INVOICE.number(), 4),
        (
            SignerPowers::MADE_AND_RESPONSIBLE_FOR_OPERATION_AND_SIGNED_INVOICE.number(),
            5,
        ),
        (
            SignerPowers::RESPONSIBLE_FOR_OPERATION_AND_SIGNER_FOR_INVOICE.number(),
            6,
        ),
        (SignerPowers::CHAIRMAN_COMMISSION.number(), 7),
        (SignerPowers::MEMBER_COMMISSION.number(), 8),
        (SignerPowers::PERSON_APPROVED_DOCUMENT.number(), 21),
        (SignerPowers::PERSON_CONFIRMED_DOCUMENT.number(), 22),
        (SignerPowers::PERSON_AGREED_ON_DOCUMENT.number(), 23),
        (SignerPowers::PERSON_OTHER_POWER.number(), 29),
        (SignerStatus::SIGNER_STATUS_UNSPECIFIED.number(), -1),
        (SignerStatus::SELLER_EMPLOYEE.number(), 1),
        (SignerStatus::INFORMATION_CREATOR_EMPLOYEE.number(), 2),
        (SignerStatus::OTHER_ORGANIZATION_EMPLOYEE.number(), 3),
        (SignerStatus::AUTHORIZED_PERSON.number(), 4),
        (SignerStatus::BUYER_EMPLOYEE.number(), 5),
        (SignerStatus::INFORMATION_CREATOR_BUYER_EMPLOYEE.number(), 6),
    ];
    for (index, (ours, wire)) in numbers.into_iter().enumerate() {
        assert_eq!(ours, wire, "row {index}");
    }
}
