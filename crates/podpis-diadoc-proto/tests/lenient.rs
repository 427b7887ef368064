//! Answers of servers that are older or newer than our schema: absent fields nobody depends on, numbers that no
//! enum has.
//!
//! *Invariant:* only what is acted upon is insisted on; an unknown number survives and is never taken for a member.

use podpis_diadoc_proto::certificates::{CertificateList, CertificateType, CertificateUsage};
use podpis_diadoc_proto::documents::{MessageType, RecipientResponseStatus};
use podpis_diadoc_proto::dss::{
    DssConfirmType, DssFileSigningStatus, DssOperationStatus, DssOperator, DssSignRequestV2,
    DssSignResult,
};
use podpis_diadoc_proto::events::{
    AttachmentType, EntityType, MessagePatch, MessagePatchToPostV2, MessageToPost,
    PrepareDocumentsToSignResponse,
};
use podpis_diadoc_proto::prost::Message;
use podpis_diadoc_proto::{
    Checked, LockMode, OrganizationList, OrganizationType, ReadyForEpdStatus, SignatureInfo,
    SignatureVerificationResult, decode_checked, events,
};

#[track_caller]
fn missing<M: Checked>(bytes: &[u8]) -> String {
    let error = decode_checked::<M>(bytes).expect_err("these bytes must be refused");
    error.missing().expect("a field is absent").to_owned()
}

#[test]
fn an_empty_dss_answer_is_read_by_its_defaults() {
    let read: DssSignResult = decode_checked(&b""[..]).unwrap();
    assert_eq!(read.typed_operation_status(), DssOperationStatus::UNKNOWN);
    assert_eq!(
        read.typed_confirm_type(),
        DssConfirmType::CONFIRM_TYPE_UNKNOWN
    );
    assert_eq!(read.typed_operator(), DssOperator::OPERATOR_UNKNOWN);
    assert!(read.operation_status.is_none() && read.file_signing_results.is_empty());
}

#[test]
fn unknown_numbers_of_enums_survive() {
    let bytes = b"\x08\x63\x12\x02\x08\x09\x18\x06\x20\x07";
    let read: DssSignResult = decode_checked(&bytes[..]).unwrap();
    assert_eq!(read.typed_operation_status(), DssOperationStatus::from(99));
    assert_eq!(read.typed_operation_status().name(), None);
    assert_eq!(
        read.file_signing_results[0].typed_file_signing_status(),
        DssFileSigningStatus::from(9)
    );
    assert_eq!(read.typed_confirm_type(), DssConfirmType::from(6));
    assert_eq!(read.typed_operator(), DssOperator::from(7));
    assert_eq!(read.encode_to_vec(), bytes);

    // Also in a required field, where Google's decoders would report the field as absent.
    let list: CertificateList = decode_checked(&b"\x0a\x05\x0a\x01A\x10\x05"[..]).unwrap();
    assert_eq!(list.certificates[0].typed_type(), CertificateType::from(5));
}

#[test]
fn a_negative_member_is_read_in_ten_bytes() {
    let bytes = b"\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    let read: DssSignResult = decode_checked(&bytes[..]).unwrap();
    assert_eq!(read.confirm_type, Some(-1));
    assert_eq!(
        read.typed_confirm_type(),
        DssConfirmType::CONFIRM_TYPE_UNKNOWN
    );
}

#[test]
fn usages_are_read_packed_too() {
    let packed = b"\x0a\x09\x0a\x01A\x10\x02\x7a\x02\x02\x03";
    let single = b"\x0a\x09\x0a\x01A\x10\x02\x78\x02\x78\x03";
    for bytes in [&packed[..], single] {
        let list: CertificateList = decode_checked(bytes).unwrap();
        assert_eq!(
            list.certificates[0].typed_usages().collect::<Vec<_>>(),
            [CertificateUsage::TOKEN_USAGE, CertificateUsage::DSS_USAGE]
        );
    }
}

#[test]
fn what_is_acted_upon_must_be_there() {
    assert_eq!(
        missing::<CertificateList>(b"\x0a\x02\x10\x02"),
        "Certificates[0].Thumbprint"
    );
    assert_eq!(
        missing::<CertificateList>(b"\x0a\x03\x0a\x01A"),
        "Certificates[0].Type"
    );
    // The first organization is whole, the second has a box without its GUID.
    let answer = b"\x0a\x09\x0a\x01o\x12\x017\x22\x01f\x0a\x11\x0a\x01o\x12\x017\x22\x01f\x3a\x06\x0a\x01b\x12\x01t";
    assert_eq!(
        missing::<OrganizationList>(answer),
        "Organizations[1].Boxes[0].BoxIdGuid"
    );
    // Files[0] is a file without content.
    assert_eq!(
        missing::<DssSignRequestV2>(b"\x0a\x03\x12\x01a\x10\x00"),
        "Files[0].Content"
    );
    assert_eq!(missing::<DssSignRequestV2>(b""), "SignDataSource");
}

#[test]
fn what_nobody_depends_on_may_be_absent() {
    // An organization without Sociability, OrganizationType and ReadyForEpdStatus; a box with its GUID alone; a
    // department with its identifier alone.
    let answer = b"\x0a\x13\x0a\x01o\x12\x017\x22\x01f\x3a\x03\x32\x01g\x62\x03\x0a\x01d";
    let read: OrganizationList = decode_checked(&answer[..]).unwrap();
    let organization = &read.organizations[0];
    assert_eq!(organization.boxes[0].box_id_guid, "g");
    assert_eq!(organization.boxes[0].box_id, "");
    assert_eq!(organization.departments[0].department_id, "d");
    assert_eq!(
        organization.typed_organization_type(),
        OrganizationType::UNKNOWN_ORGANIZATION_TYPE
    );
    assert_eq!(
        organization.typed_ready_for_epd_status(),
        ReadyForEpdStatus::UNKNOWN_EPD_STATUS
    );
}

#[test]
fn what_the_schema_leaves_out_is_skipped() {
    // 10 Address with a RussianAddress that lacks its required Region, 20 InvitationCount, 29 ForeignInformation
    // that is empty: none of them is ours to judge.
    let answer = b"\x0a\x13\x0a\x01o\x12\x017\x22\x01f\x52\x02\x0a\x00\xa0\x01\x05\xea\x01\x00";
    let read: OrganizationList = decode_checked(&answer[..]).unwrap();
    assert_eq!(read.organizations[0].full_name, "f");
}

/// MessageId "m", TimestampTicks 1, FromBoxId "b": all of a message that is acted upon.
const MESSAGE: &[u8] = b"\x0a\x01m\x11\x01\0\0\0\0\0\0\0\x22\x01b";

#[test]
fn a_message_is_read_without_what_is_only_shown() {
    let read: events::Message = decode_checked(MESSAGE).unwrap();
    assert_eq!(
        (
            read.message_id.as_str(),
            read.timestamp_ticks,
            read.from_box_id.as_str()
        ),
        ("m", 1, "b")
    );
    assert_eq!(read.typed_message_type(), MessageType::UNKNOWN);
    // The schema's own default, which is not zero.
    assert_eq!(read.typed_lock_mode(), LockMode::NONE);

    assert_eq!(missing::<events::Message>(b""), "MessageId");
    assert_eq!(missing::<events::Message>(&MESSAGE[..12]), "FromBoxId");
    // 8 Entities[0], a signature (EntityType 2) without its identifier.
    let bytes = [MESSAGE, b"\x42\x02\x08\x02"].concat();
    assert_eq!(missing::<events::Message>(&bytes), "Entities[0].EntityId");
    // 8 Entities[0] with 11 DocumentInfo, which lacks its EntityId.
    let bytes = [MESSAGE, b"\x42\x08\x12\x01e\x5a\x03\x12\x01m"].concat();
    assert_eq!(
        missing::<events::Message>(&bytes),
        "Entities[0].DocumentInfo.EntityId"
    );
}

#[test]
fn entities_we_do_not_expand_are_read_by_type_and_parent() {
    // 1 EntityType 1, 2 EntityId, 3 ParentEntityId, 5 AttachmentType 999, 13 ResolutionInfo with noise in it.
    let entity = b"\x08\x01\x12\x01e\x1a\x01p\x28\xe7\x07\x6a\x02\xff\xff";
    let bytes = [MESSAGE, b"\x42\x0f", entity].concat();
    let read: events::Message = decode_checked(bytes.as_slice()).unwrap();
    let entity = &read.entities[0];
    assert_eq!(entity.typed_entity_type(), EntityType::ATTACHMENT);
    assert_eq!(entity.parent_entity_id.as_deref(), Some("p"));
    assert_eq!(entity.typed_attachment_type(), AttachmentType::from(999));
    // Absent, the kind of attachment is unknown, which is −1, and not Nonformalized, which is 0.
    let bytes = [MESSAGE, b"\x42\x03\x12\x01e"].concat();
    let read: events::Message = decode_checked(bytes.as_slice()).unwrap();
    assert_eq!(
        read.entities[0].typed_attachment_type(),
        AttachmentType::UNKNOWN_ATTACHMENT_TYPE
    );
}

#[test]
fn a_document_is_read_by_its_identifiers_alone() {
    // 11 DocumentInfo: 2 MessageId, 3 EntityId.
    let bytes = [MESSAGE, b"\x42\x0b\x12\x01e\x5a\x06\x12\x01m\x1a\x01e"].concat();
    let read: events::Message = decode_checked(bytes.as_slice()).unwrap();
    let document = read.entities[0].document_info.as_ref().unwrap();
    assert_eq!(document.send_timestamp_ticks, None);
    assert_eq!(document.typed_lock_mode(), LockMode::NONE);
    assert_eq!(
        document.typed_recipient_response_status(),
        RecipientResponseStatus::RECIPIENT_RESPONSE_STATUS_UNKNOWN
    );
}

#[test]
fn a_patch_that_was_made_is_read_by_its_message_alone() {
    let read: MessagePatch = decode_checked(&b"\x0a\x01m"[..]).unwrap();
    assert_eq!(
        (read.message_id.as_str(), read.patch_id.as_str()),
        ("m", "")
    );
    assert_eq!(missing::<MessagePatch>(b"\x6a\x01p"), "MessageId");
    assert_eq!(
        missing::<MessagePatch>(b"\x0a\x01m\x4a\x00"),
        "EntityPatches[0].EntityId"
    );
}

#[test]
fn a_prepared_document_is_read_whatever_document_it_names() {
    for (bytes, message_id) in [
        (&b"\x0a\x03\x12\x01p"[..], ""),              // no DocumentId
        (b"\x0a\x05\x0a\x00\x12\x01p", ""),           // an empty one
        (b"\x0a\x08\x0a\x03\x0a\x01m\x12\x01p", "m"), // half of one
        (b"\x0a\x0b\x0a\x06\x0a\x01m\x12\x01e\x12\x01p", "m"), // a whole one
    ] {
        let read: PrepareDocumentsToSignResponse = decode_checked(bytes).unwrap();
        let content = &read.document_patched_contents[0];
        assert_eq!(content.document_id.message_id, message_id);
        assert_eq!(content.patched_content_id, "p");
    }
    assert_eq!(
        missing::<PrepareDocumentsToSignResponse>(b"\x0a\x00"),
        "DocumentPatchedContents[0].PatchedContentId"
    );
}

#[test]
fn what_is_said_of_a_signature_must_be_whole() {
    // 1 SigningTime, 4 Thumbprint.
    let info = b"\x0a\x09\x09\x01\0\0\0\0\0\0\0\x22\x02AB";
    let read: SignatureInfo = decode_checked(&info[..]).unwrap();
    assert_eq!(
        (read.signing_time.ticks, read.serial_number.as_str()),
        (1, "")
    );
    assert!(read.signature_verification_result.is_none());
    assert_eq!(missing::<SignatureInfo>(&info[..11]), "Thumbprint");
    assert_eq!(
        missing::<SignatureInfo>(b"\x0a\x00\x22\x02AB"),
        "SigningTime.Ticks"
    );
    assert_eq!(missing::<SignatureVerificationResult>(b""), "IsValid");
    // 2 CertificateStatus without IsValid; 3 CertificateChain[0] without anything is nobody's matter.
    assert_eq!(
        missing::<SignatureVerificationResult>(b"\x08\x01\x12\x00"),
        "CertificateStatus.IsValid"
    );
    let chain = b"\x08\x01\x12\x04\x10\x01\x1a\x00";
    let read: SignatureVerificationResult = decode_checked(&chain[..]).unwrap();
    assert!(read.is_valid && read.certificate_status.unwrap().is_valid);
}

#[test]
fn what_is_posted_is_judged_by_every_label() {
    let head = &b"\x0a\x01b\x12\x01m"[..];
    for (member, path) in [
        (&b"\x2a\x00"[..], "Signatures[0].ParentEntityId"),
        (b"\x1a\x03\x0a\x01p", "Receipts[0].SignedContent"),
        (b"\x32\x03\x0a\x01d", "Resolutions[0].ResolutionType"),
        (
            b"\x82\x01\x07\x0a\x01d\x12\x02\x0a\x00",
            "EditDocumentPacketCommands[0].AddDocumentsToPacket[0].EntityId",
        ),
        (
            b"\x92\x01\x05\x0a\x01p\x12\x00",
            "RecipientTitles[0].NeedReceipt",
        ),
    ] {
        let bytes = [head, member].concat();
        assert_eq!(missing::<MessagePatchToPostV2>(&bytes), path);
    }
    assert_eq!(
        missing::<MessageToPost>(b"\x0a\x01b\x92\x02\x03\x62\x01t"),
        "DocumentAttachments[0].SignedContent"
    );
}

#[test]
fn attachments_of_a_new_message_that_are_left_out_are_skipped() {
    // 3 Invoices[0] is empty, which upstream would lack its SignedContent.
    let read: MessageToPost = decode_checked(&b"\x0a\x01b\x1a\x00"[..]).unwrap();
    assert_eq!(read, MessageToPost::new("b"));
}
