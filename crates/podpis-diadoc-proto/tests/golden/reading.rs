//! Bytes of a message that is read back.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::docflow::{PowerOfAttorneyAttachmentStatus, StatusName};
use podpis_diadoc_proto::documents::{
    AmendmentRequestMetadata, ConfirmationMetadata, Document, GeneralReceiptStatus, MessageType,
    RecipientReceiptMetadata, RecipientResponseStatus, SenderReceiptMetadata,
    SenderSignatureStatus,
};
use podpis_diadoc_proto::events::{
    AttachmentType, Entity, EntityPatch, EntityType, Message, MessagePatch, PowerOfAttorneyInfo,
};
use podpis_diadoc_proto::powers_of_attorney::{
    PowerOfAttorneyFullId, PowerOfAttorneySendingType, PowerOfAttorneyValidationError,
    PowerOfAttorneyValidationStatus, PowerOfAttorneyValidationStatusNamedId,
};
use podpis_diadoc_proto::{
    Content, DocflowStatusModelV3, DocflowStatusV3, DocumentDirection, LockMode, Severity,
};

use crate::same;

/// A document with its required fields.
fn required_document() -> Document {
    let finished = GeneralReceiptStatus::FINISHED;
    Document::new(
        "a",
        "b",
        3,
        "u",
        "v",
        300,
        "x",
        RecipientReceiptMetadata::new(finished),
        ConfirmationMetadata::new(finished, 3),
        RecipientResponseStatus::INVALID_RECIPIENT_SIGNATURE,
        AmendmentRequestMetadata::new(7, finished),
        LockMode::FULL,
        SenderReceiptMetadata::new(finished),
        "a",
        DocflowStatusV3::new(DocflowStatusModelV3::new()),
    )
}

#[test]
fn message() {
    same(
        &Message::new("a", 2, 3, "d", "e", LockMode::FULL, MessageType::TEMPLATE)
            .with_to_box_id("f")
            .with_to_title("g")
            .with_entities([Entity::new("b"), Entity::new("b")])
            .with_is_draft(true)
            .with_draft_is_locked(true)
            .with_draft_is_recycled(true)
            .with_created_from_draft_id("l")
            .with_draft_is_transformed_to_message_id_list(["m", "m"])
            .with_is_deleted(true)
            .with_is_test(true)
            .with_is_internal(true)
            .with_is_proxified(true)
            .with_proxy_box_id("r")
            .with_proxy_title("s")
            .with_packet_is_locked(true)
            .with_is_reusable(true),
        &[
            b"\x0a\x01a",                            // 1 MessageId
            b"\x11\x02\x00\x00\x00\x00\x00\x00\x00", // 2 TimestampTicks
            b"\x19\x03\x00\x00\x00\x00\x00\x00\x00", // 3 LastPatchTimestampTicks
            b"\x22\x01d",                            // 4 FromBoxId
            b"\x2a\x01e",                            // 5 FromTitle
            b"\x32\x01f",                            // 6 ToBoxId
            b"\x3a\x01g",                            // 7 ToTitle
            b"\x42\x03\x12\x01\x62",                 // 8 Entities[0]
            b"\x42\x03\x12\x01\x62",                 // 8 Entities[1]
            b"\x48\x01",                             // 9 IsDraft
            b"\x50\x01",                             // 10 DraftIsLocked
            b"\x58\x01",                             // 11 DraftIsRecycled
            b"\x62\x01l",                            // 12 CreatedFromDraftId
            b"\x6a\x01m",                            // 13 DraftIsTransformedToMessageIdList[0]
            b"\x6a\x01m",                            // 13 DraftIsTransformedToMessageIdList[1]
            b"\x70\x01",                             // 14 IsDeleted
            b"\x78\x01",                             // 15 IsTest
            b"\x80\x01\x01",                         // 16 IsInternal
            b"\x88\x01\x01",                         // 17 IsProxified
            b"\x92\x01\x01r",                        // 18 ProxyBoxId
            b"\x9a\x01\x01s",                        // 19 ProxyTitle
            b"\xa0\x01\x01",                         // 20 PacketIsLocked
            b"\xa8\x01\x03",                         // 21 LockMode
            b"\xb0\x01\x03",                         // 22 MessageType
            b"\xc0\x01\x01",                         // 24 IsReusable
        ],
    );
}

#[test]
fn message_patch() {
    same(
        &MessagePatch::new("a", 2, "m", MessageType::TEMPLATE)
            .with_entities([Entity::new("b"), Entity::new("b")])
            .with_for_draft(true)
            .with_draft_is_recycled(true)
            .with_draft_is_transformed_to_message_id_list(["f", "f"])
            .with_draft_is_locked(true)
            .with_message_is_deleted(true)
            .with_entity_patches([EntityPatch::new("a"), EntityPatch::new("a")])
            .with_message_is_restored(true)
            .with_message_is_delivered(true)
            .with_delivered_patch_id("l")
            .with_not_delivered_event_id("n"),
        &[
            b"\x0a\x01a",                            // 1 MessageId
            b"\x11\x02\x00\x00\x00\x00\x00\x00\x00", // 2 TimestampTicks
            b"\x1a\x03\x12\x01\x62",                 // 3 Entities[0]
            b"\x1a\x03\x12\x01\x62",                 // 3 Entities[1]
            b"\x20\x01",                             // 4 ForDraft
            b"\x28\x01",                             // 5 DraftIsRecycled
            b"\x32\x01f",                            // 6 DraftIsTransformedToMessageIdList[0]
            b"\x32\x01f",                            // 6 DraftIsTransformedToMessageIdList[1]
            b"\x38\x01",                             // 7 DraftIsLocked
            b"\x40\x01",                             // 8 MessageIsDeleted
            b"\x4a\x03\x0a\x01\x61",                 // 9 EntityPatches[0]
            b"\x4a\x03\x0a\x01\x61",                 // 9 EntityPatches[1]
            b"\x50\x01",                             // 10 MessageIsRestored
            b"\x58\x01",                             // 11 MessageIsDelivered
            b"\x62\x01l",                            // 12 DeliveredPatchId
            b"\x6a\x01m",                            // 13 PatchId
            b"\x72\x01n",                            // 14 NotDeliveredEventId
            b"\x78\x03",                             // 15 MessageType
        ],
    );
}

#[test]
fn entity_patch() {
    same(
        &EntityPatch::new("a")
            .with_document_is_deleted(true)
            .with_moved_to_department("c")
            .with_document_is_restored(true)
            .with_content_is_patched(true)
            .with_forwarded_to_box_id("f"),
        &[
            b"\x0a\x01a", // 1 EntityId
            b"\x10\x01",  // 2 DocumentIsDeleted
            b"\x1a\x01c", // 3 MovedToDepartment
            b"\x20\x01",  // 4 DocumentIsRestored
            b"\x28\x01",  // 5 ContentIsPatched
            b"\x32\x01f", // 6 ForwardedToBoxId
        ],
    );
}

#[test]
fn entity() {
    same(
&Entity::new("b")
.with_entity_type(EntityType::SIGNATURE)
.with_parent_entity_id("c")
.with_content(Content::new(-1))
.with_attachment_type(AttachmentType::TEMPLATE_TRANSFORMATION_CHANGE)
.with_file_name("f")
.with_need_recipient_signature(true)
.with_signer_box_id("h")
.with_not_delivered_event_id("i")
.with_document_info(required_document())
.with_raw_creation_date(11)
.with_signer_department_id("l")
.with_need_receipt(true)
.with_packet_id("n")
.with_is_approvement_signature(true)
.with_is_encrypted_content(true)
.with_attachment_version("q")
.with_labels(["r", "r"])
.with_version("s")
.with_content_type_id("t")
.with_power_of_attorney_info(PowerOfAttorneyInfo::new(PowerOfAttorneyFullId::new("a", "b")))
.with_author_user_id("v")
.with_power_of_attorney_attachment_status(PowerOfAttorneyAttachmentStatus::new(StatusName::POWER_OF_ATTORNEY_REQUIRED)),
&[
b"\x08\x02", // 1 EntityType
b"\x12\x01b", // 2 EntityId
b"\x1a\x01c", // 3 ParentEntityId
b"\x22\x05\x0d\xff\xff\xff\xff", // 4 Content
b"\x28\x5a", // 5 AttachmentType
b"\x32\x01f", // 6 FileName
b"\x38\x01", // 7 NeedRecipientSignature
b"\x42\x01h", // 8 SignerBoxId
b"\x52\x01i", // 10 NotDeliveredEventId
b"\x5a\x4d\x12\x01\x61\x1a\x01\x62\x21\x03\x00\x00\x00\x00\x00\x00\x00\xfa\x03\x01\x75\x82\x04\x01\x76\x88\x04\xac\x02\x92\x04\x01\x78\xa2\x04\x02\x08\x04\xaa\x04\x0b\x08\x04\x11\x03\x00\x00\x00\x00\x00\x00\x00\xb0\x04\x05\xba\x04\x04\x08\x07\x10\x04\xd0\x04\x03\xda\x04\x02\x08\x04\xe2\x04\x01\x61\x82\x05\x02\x0a\x00", // 11 DocumentInfo
b"\x61\x0b\x00\x00\x00\x00\x00\x00\x00", // 12 RawCreationDate
b"\x72\x01l", // 14 SignerDepartmentId
b"\x88\x01\x01", // 17 NeedReceipt
b"\x92\x01\x01n", // 18 PacketId
b"\x98\x01\x01", // 19 IsApprovementSignature
b"\xa0\x01\x01", // 20 IsEncryptedContent
b"\xaa\x01\x01q", // 21 AttachmentVersion
b"\xca\x01\x01r", // 25 Labels[0]
b"\xca\x01\x01r", // 25 Labels[1]
b"\xd2\x01\x01s", // 26 Version
b"\xfa\x01\x01t", // 31 ContentTypeId
b"\x82\x02\x08\x0a\x06\x0a\x01\x61\x12\x01\x62", // 32 PowerOfAttorneyInfo
b"\x8a\x02\x01v", // 33 AuthorUserId
b"\x9a\x02\x02\x08\x03", // 35 PowerOfAttorneyAttachmentStatus
],
);
}

#[test]
fn content() {
    same(
        &Content::new(-1).with_data(&b"\x30\x00"[..]),
        &[
            b"\x0d\xff\xff\xff\xff", // 1 Size
            b"\x12\x02\x30\x00",     // 2 Data
        ],
    );
}

#[test]
fn document() {
    same(
        &required_document()
            .with_counteragent_box_id("d")
            .with_content(Content::new(-1))
            .with_file_name("f")
            .with_document_date("g")
            .with_document_number("h")
            .with_is_deleted(true)
            .with_department_id("j")
            .with_is_test(true)
            .with_custom_document_id("l")
            .with_send_timestamp_ticks(13)
            .with_delivery_timestamp_ticks(14)
            .with_packet_id("o")
            .with_document_direction(DocumentDirection::INTERNAL)
            .with_is_encrypted_content(true)
            .with_sender_signature_status(
                SenderSignatureStatus::SENDER_SIGNATURE_CHECKED_AND_INVALID,
            )
            .with_is_read(true)
            .with_attachment_version("t"),
        &[
            b"\x12\x01a",                                                // 2 MessageId
            b"\x1a\x01b",                                                // 3 EntityId
            b"\x21\x03\x00\x00\x00\x00\x00\x00\x00",                     // 4 CreationTimestampTicks
            b"\x2a\x01d",                                                // 5 CounteragentBoxId
            b"\x4a\x05\x0d\xff\xff\xff\xff",                             // 9 Content
            b"\x52\x01f",                                                // 10 FileName
            b"\x5a\x01g",                                                // 11 DocumentDate
            b"\x62\x01h",                                                // 12 DocumentNumber
            b"\xc0\x01\x01",                                             // 24 IsDeleted
            b"\xca\x01\x01j",                                            // 25 DepartmentId
            b"\xd0\x01\x01",                                             // 26 IsTest
            b"\xf2\x01\x01l",                                            // 30 CustomDocumentId
            b"\x89\x02\x0d\x00\x00\x00\x00\x00\x00\x00",                 // 33 SendTimestampTicks
            b"\x91\x02\x0e\x00\x00\x00\x00\x00\x00\x00", // 34 DeliveryTimestampTicks
            b"\xea\x02\x01o",                            // 45 PacketId
            b"\xf0\x02\x03",                             // 46 DocumentDirection
            b"\x80\x03\x01",                             // 48 IsEncryptedContent
            b"\x88\x03\x04",                             // 49 SenderSignatureStatus
            b"\x98\x03\x01",                             // 51 IsRead
            b"\xea\x03\x01t",                            // 61 AttachmentVersion
            b"\xfa\x03\x01u",                            // 63 TypeNamedId
            b"\x82\x04\x01v",                            // 64 Function
            b"\x88\x04\xac\x02",                         // 65 WorkflowId
            b"\x92\x04\x01x",                            // 66 Title
            b"\xa2\x04\x02\x08\x04",                     // 68 RecipientReceiptMetadata
            b"\xaa\x04\x0b\x08\x04\x11\x03\x00\x00\x00\x00\x00\x00\x00", // 69 ConfirmationMetadata
            b"\xb0\x04\x05",                             // 70 RecipientResponseStatus
            b"\xba\x04\x04\x08\x07\x10\x04",             // 71 AmendmentRequestMetadata
            b"\xd0\x04\x03",                             // 74 LockMode
            b"\xda\x04\x02\x08\x04",                     // 75 SenderReceiptMetadata
            b"\xe2\x04\x01a",                            // 76 Version
            b"\x82\x05\x02\x0a\x00",                     // 80 DocflowStatus
        ],
    );
}

#[test]
fn power_of_attorney_attachment_status() {
    same(
        &PowerOfAttorneyAttachmentStatus::new(StatusName::POWER_OF_ATTORNEY_REQUIRED)
            .with_comment("b"),
        &[
            b"\x08\x03",  // 1 StatusName
            b"\x12\x01b", // 2 Comment
        ],
    );
}

#[test]
fn power_of_attorney_info() {
    same(
        &PowerOfAttorneyInfo::new(PowerOfAttorneyFullId::new("a", "b"))
            .with_status(PowerOfAttorneyValidationStatus::new())
            .with_sending_type(PowerOfAttorneySendingType::DOCUMENT_CONTENT),
        &[
            b"\x0a\x06\x0a\x01\x61\x12\x01\x62", // 1 FullId
            b"\x12\x00",                         // 2 Status
            b"\x20\x03",                         // 4 SendingType
        ],
    );
}

#[test]
fn power_of_attorney_validation_status() {
    same(
        &PowerOfAttorneyValidationStatus::new()
            .with_severity(Severity::ERROR)
            .with_status_named_id(PowerOfAttorneyValidationStatusNamedId::HAS_WARNINGS)
            .with_status_text("c")
            .with_errors([
                PowerOfAttorneyValidationError::new("a", "b"),
                PowerOfAttorneyValidationError::new("a", "b"),
            ]),
        &[
            b"\x08\x04",                         // 1 Severity
            b"\x10\x06",                         // 2 StatusNamedId
            b"\x1a\x01c",                        // 3 StatusText
            b"\x22\x06\x0a\x01\x61\x12\x01\x62", // 4 Errors[0]
            b"\x22\x06\x0a\x01\x61\x12\x01\x62", // 4 Errors[1]
        ],
    );
}

#[test]
fn power_of_attorney_validation_error() {
    same(
        &PowerOfAttorneyValidationError::new("a", "b"),
        &[
            b"\x0a\x01a", // 1 Code
            b"\x12\x01b", // 2 Text
        ],
    );
}

#[test]
fn members_have_the_numbers_of_the_wire() {
    let numbers = [
        (EntityType::UNKNOWN_ENTITY_TYPE.number(), 0),
        (EntityType::ATTACHMENT.number(), 1),
        (EntityType::SIGNATURE.number(), 2),
        (MessageType::UNKNOWN.number(), 0),
        (MessageType::LETTER.number(), 1),
        (MessageType::DRAFT.number(), 2),
        (MessageType::TEMPLATE.number(), 3),
        (DocumentDirection::UNKNOWN_DOCUMENT_DIRECTION.number(), 0),
        (DocumentDirection::INBOUND.number(), 1),
        (DocumentDirection::OUTBOUND.number(), 2),
        (DocumentDirection::INTERNAL.number(), 3),
        (
            SenderSignatureStatus::UNKNOWN_SENDER_SIGNATURE_STATUS.number(),
            0,
        ),
        (
            SenderSignatureStatus::WAITING_FOR_SENDER_SIGNATURE.number(),
            1,
        ),
        (
            SenderSignatureStatus::SENDER_SIGNATURE_UNCHECKED.number(),
            2,
        ),
        (
            SenderSignatureStatus::SENDER_SIGNATURE_CHECKED_AND_VALID.number(),
            3,
        ),
        (
            SenderSignatureStatus::SENDER_SIGNATURE_CHECKED_AND_INVALID.number(),
            4,
        ),
        (
            RecipientResponseStatus::RECIPIENT_RESPONSE_STATUS_UNKNOWN.number(),
            0,
        ),
        (
            RecipientResponseStatus::RECIPIENT_RESPONSE_STATUS_NOT_ACCEPTABLE.number(),
            1,
        ),
        (
            RecipientResponseStatus::WAITING_FOR_RECIPIENT_SIGNATURE.number(),
            2,
        ),
        (
            RecipientResponseStatus::WITH_RECIPIENT_SIGNATURE.number(),
            3,
        ),
        (
            RecipientResponseStatus::RECIPIENT_SIGNATURE_REQUEST_REJECTED.number(),
            4,
        ),
        (
            RecipientResponseStatus::INVALID_RECIPIENT_SIGNATURE.number(),
            5,
        ),
        (StatusName::UNKNOWN.number(), 0),
        (StatusName::POWER_OF_ATTORNEY_ATTACHED.number(), 1),
        (StatusName::POWER_OF_ATTORNEY_NOT_REQUIRED.number(), 2),
        (StatusName::POWER_OF_ATTORNEY_REQUIRED.number(), 3),
        (
            PowerOfAttorneyValidationStatusNamedId::UNKNOWN_STATUS.number(),
            0,
        ),
        (
            PowerOfAttorneyValidationStatusNamedId::CAN_NOT_BE_VALIDATED.number(),
            1,
        ),
        (PowerOfAttorneyValidationStatusNamedId::IS_VALID.number(), 2),
        (
            PowerOfAttorneyValidationStatusNamedId::IS_NOT_VALID.number(),
            3,
        ),
        (
            PowerOfAttorneyValidationStatusNamedId::VALIDATION_ERROR.number(),
            4,
        ),
        (
            PowerOfAttorneyValidationStatusNamedId::IS_NOT_ATTACHED.number(),
            5,
        ),
        (
            PowerOfAttorneyValidationStatusNamedId::HAS_WARNINGS.number(),
            6,
        ),
        (PowerOfAttorneySendingType::UNKNOWN.number(), 0),
        (PowerOfAttorneySendingType::METADATA.number(), 1),
        (PowerOfAttorneySendingType::FILE.number(), 2),
        (PowerOfAttorneySendingType::DOCUMENT_CONTENT.number(), 3),
        (Severity::UNKNOWN_SEVERITY.number(), 0),
        (Severity::INFO.number(), 1),
        (Severity::SUCCESS.number(), 2),
        (Severity::WARNING.number(), 3),
        (Severity::ERROR.number(), 4),
    ];
    for (index, (ours, wire)) in numbers.into_iter().enumerate() {
        assert_eq!(ours, wire, "row {index}");
    }
}
