//! `Debug` of messages shows names and lengths, never content, signatures or secrets.

use podpis_diadoc_proto::certificates::{CertificateInfoV2, CertificateType};
use podpis_diadoc_proto::dss::{
    DssConfirmType, DssFileSigningResult, DssGosKeyData, DssOperationStatus, DssSignResult,
};
use podpis_diadoc_proto::events::{
    DocumentPatchedContent, DocumentSenderSignature, DocumentSignature, DraftToSend, Entity,
    MessagePatchToPostV2, SignedContent,
};
use podpis_diadoc_proto::invoicing::SignerDetails;
use podpis_diadoc_proto::invoicing::signers::{
    ExtendedSignerDetails, SignerPowers, SignerStatus, SignerType,
};
use podpis_diadoc_proto::powers_of_attorney::PowerOfAttorneyFullId;
use podpis_diadoc_proto::{
    CloudSignConfirmResult, CloudSignFile, CloudSignRequest, CloudSignResult, Content, ContentV2,
    ContentV3, DocumentId, LoginPassword, SignatureInfo, Timestamp,
};

#[test]
fn login_and_password_are_redacted() {
    let debug = format!("{:?}", LoginPassword::new("ivanov", "hunter2"));
    assert_eq!(
        debug,
        "LoginPassword { login: redacted, password: redacted }"
    );
}

#[test]
fn the_token_of_an_operation_is_redacted() {
    assert_eq!(
        format!("{:?}", CloudSignResult::new().with_token("K")),
        "CloudSignResult { token: Some(redacted) }"
    );
    assert_eq!(
        format!("{:?}", CloudSignResult::new()),
        "CloudSignResult { token: None }"
    );
}

#[test]
fn content_is_shown_by_its_length() {
    let content = ContentV3::new()
        .with_content(&b"secret"[..])
        .with_name_on_shelf("act");
    assert_eq!(
        format!("{content:?}"),
        "ContentV3 { content: Some(6 bytes), name_on_shelf: Some(\"act\"), entity_id: None, patched_content_id: None }"
    );
}

#[test]
fn nothing_shines_through_from_inside() {
    let content = ContentV2::new().with_content(vec![222; 3]);
    let file = CloudSignFile::new()
        .with_content(content.clone())
        .with_file_name("act.xml");
    for debug in [
        format!("{:?}", CloudSignRequest::new().with_files([file])),
        format!(
            "{:?}",
            CloudSignConfirmResult::new().with_signatures([content])
        ),
        format!(
            "{:?}",
            MessagePatchToPostV2::new("b", "m")
                .with_signatures([DocumentSignature::new("p").with_signature(vec![222; 3])])
        ),
        format!(
            "{:?}",
            DraftToSend::new("b", "d")
                .with_document_signatures([
                    DocumentSenderSignature::new("p").with_signature(vec![222; 3])
                ])
        ),
        format!(
            "{:?}",
            SignedContent::new()
                .with_content(vec![222; 3])
                .with_signature(vec![222; 3])
        ),
        format!(
            "{:?}",
            DocumentPatchedContent::new(DocumentId::new("m", "e"), "p").with_content(vec![222; 3])
        ),
        format!(
            "{:?}",
            Entity::new("e").with_content(Content::new(3).with_data(vec![222; 3]))
        ),
    ] {
        assert!(debug.contains("Some(3 bytes)"), "{debug}");
        assert!(
            !debug.contains("222") && !debug.contains("\\xde"),
            "{debug}"
        );
    }
}

#[test]
fn a_persons_taxpayer_number_is_redacted() {
    let debug = format!(
        "{:?}",
        PowerOfAttorneyFullId::new("r", "7700000000").with_representative_inn("770000000000")
    );
    assert!(
        debug.contains("7700000000\"") && !debug.contains("770000000000"),
        "{debug}"
    );
}

#[test]
fn a_dss_answer_shows_members_but_neither_signature_nor_phone() {
    let answer = DssSignResult::new()
        .with_operation_status(DssOperationStatus::from(9))
        .with_file_signing_results([DssFileSigningResult::new().with_signature(vec![222; 3])])
        .with_confirm_type(DssConfirmType::MY_DSS)
        .with_phone_last_numbers("1234");
    assert_eq!(
        format!("{answer:?}"),
        "DssSignResult { operation_status: Some(DssOperationStatus(9)), file_signing_results: \
         [DssFileSigningResult { file_signing_status: None, signature: Some(3 bytes) }], confirm_type: \
         Some(DssConfirmType(MyDss)), operator: None, phone_last_numbers: Some(redacted) }"
    );
}

#[test]
fn a_certificate_shows_no_person() {
    let certificate = CertificateInfoV2::new("AB", CertificateType::DSS)
        .with_organization_name("OOO")
        .with_inn("hidden")
        .with_user_first_name("hidden")
        .with_user_middle_name("hidden")
        .with_user_last_name("hidden")
        .with_user_short_name("hidden");
    let debug = format!("{certificate:?}");
    assert!(
        debug.contains("\"AB\"") && debug.contains("OOO") && !debug.contains("hidden"),
        "{debug}"
    );
    let person = DssGosKeyData::new().with_snils("hidden").with_oid("1.2.3");
    assert_eq!(
        format!("{person:?}"),
        "DssGosKeyData { snils: Some(redacted), oid: Some(\"1.2.3\") }"
    );
}

#[test]
fn a_signer_shows_no_person() {
    let details = SignerDetails::new("hidden", "hidden")
        .with_patronymic("hidden")
        .with_job_title("director")
        .with_inn("hidden")
        .with_sole_proprietor_registration_certificate("hidden");
    let extended = ExtendedSignerDetails::new(
        "hidden",
        "hidden",
        SignerType::LEGAL_ENTITY,
        SignerPowers::INVOICE_SIGNER,
        SignerStatus::SELLER_EMPLOYEE,
    )
    .with_patronymic("hidden")
    .with_job_title("director")
    .with_inn("hidden")
    .with_registration_certificate("hidden");
    let info = SignatureInfo::new(Timestamp::new(0), "AB", "01")
        .with_job_title("director")
        .with_first_name("hidden")
        .with_surname("hidden")
        .with_snils("hidden")
        .with_email("hidden");
    for debug in [
        format!("{details:?}"),
        format!("{extended:?}"),
        format!("{info:?}"),
    ] {
        assert!(
            debug.contains("director") && !debug.contains("hidden"),
            "{debug}"
        );
    }
}
