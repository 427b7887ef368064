//! Bytes of the other members of a patch.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::events::{
    CorrectionRequestAttachment, CustomDataPatch, CustomDataPatchOperation,
    EditDocumentPacketCommand, EditingPatch, ReceiptAttachment, RecipientTitleAttachment,
    RequestedSignatureRejection, ResolutionAttachment, ResolutionRequestAttachment,
    ResolutionRequestCancellationAttachment, ResolutionRequestDenialAttachment,
    ResolutionRequestDenialCancellationAttachment, ResolutionRouteAssignment,
    ResolutionRouteRemoval, RevocationRequestAttachment, SignatureVerification, SignedContent,
    TtGisFixationCancellationRequestAttachment, UniversalMessageAttachment, UnsignedContent,
    XmlSignatureRejectionAttachment,
};
use podpis_diadoc_proto::{
    DocumentId, ResolutionRequestType, ResolutionType, UniversalMessageBehaviour,
    UniversalMessageCodeGroup,
};

use crate::same;

#[test]
fn receipt_attachment() {
    same(
        &ReceiptAttachment::new("a", SignedContent::new()).with_labels(["c", "c"]),
        &[
            b"\x0a\x01a", // 1 ParentEntityId
            b"\x12\x00",  // 2 SignedContent
            b"\x22\x01c", // 4 Labels[0]
            b"\x22\x01c", // 4 Labels[1]
        ],
    );
}

#[test]
fn correction_request_attachment() {
    same(
        &CorrectionRequestAttachment::new("a", SignedContent::new()).with_labels(["c", "c"]),
        &[
            b"\x0a\x01a", // 1 ParentEntityId
            b"\x12\x00",  // 2 SignedContent
            b"\x22\x01c", // 4 Labels[0]
            b"\x22\x01c", // 4 Labels[1]
        ],
    );
}

#[test]
fn requested_signature_rejection() {
    same(
        &RequestedSignatureRejection::new("a", SignedContent::new()).with_labels(["c", "c"]),
        &[
            b"\x0a\x01a", // 1 ParentEntityId
            b"\x12\x00",  // 2 SignedContent
            b"\x1a\x01c", // 3 Labels[0]
            b"\x1a\x01c", // 3 Labels[1]
        ],
    );
}

#[test]
fn recipient_title_attachment() {
    same(
        &RecipientTitleAttachment::new("a", SignedContent::new(), true)
            .with_labels(["c", "c"])
            .with_title_index(300),
        &[
            b"\x0a\x01a",    // 1 ParentEntityId
            b"\x12\x00",     // 2 SignedContent
            b"\x22\x01c",    // 4 Labels[0]
            b"\x22\x01c",    // 4 Labels[1]
            b"\x28\x01",     // 5 NeedReceipt
            b"\x30\xac\x02", // 6 TitleIndex
        ],
    );
}

#[test]
fn revocation_request_attachment() {
    same(
        &RevocationRequestAttachment::new("a", SignedContent::new()).with_labels(["c", "c"]),
        &[
            b"\x0a\x01a", // 1 ParentEntityId
            b"\x12\x00",  // 2 SignedContent
            b"\x1a\x01c", // 3 Labels[0]
            b"\x1a\x01c", // 3 Labels[1]
        ],
    );
}

#[test]
fn xml_signature_rejection_attachment() {
    same(
        &XmlSignatureRejectionAttachment::new("a", SignedContent::new()).with_labels(["c", "c"]),
        &[
            b"\x0a\x01a", // 1 ParentEntityId
            b"\x12\x00",  // 2 SignedContent
            b"\x1a\x01c", // 3 Labels[0]
            b"\x1a\x01c", // 3 Labels[1]
        ],
    );
}

#[test]
fn tt_gis_fixation_cancellation_request_attachment() {
    same(
        &TtGisFixationCancellationRequestAttachment::new("a", SignedContent::new()),
        &[
            b"\x0a\x01a", // 1 DocumentId
            b"\x12\x00",  // 2 SignedContent
        ],
    );
}

#[test]
fn universal_message_attachment() {
    same(
        &UniversalMessageAttachment::new("a", UnsignedContent::new())
            .with_code_group(UniversalMessageCodeGroup::INFORMATION_MESSAGE)
            .with_labels(["d", "d"])
            .with_behaviour(UniversalMessageBehaviour::DOES_NOT_AFFECT_WORKFLOW),
        &[
            b"\x0a\x01a", // 1 ParentEntityId
            b"\x10\x04",  // 2 CodeGroup
            b"\x1a\x00",  // 3 UniversalMessageContent
            b"\x22\x01d", // 4 Labels[0]
            b"\x22\x01d", // 4 Labels[1]
            b"\x28\x02",  // 5 Behaviour
        ],
    );
}

#[test]
fn resolution_attachment() {
    same(
        &ResolutionAttachment::new("a", ResolutionType::DISAPPROVE)
            .with_comment("c")
            .with_labels(["d", "d"]),
        &[
            b"\x0a\x01a", // 1 InitialDocumentId
            b"\x10\x02",  // 2 ResolutionType
            b"\x1a\x01c", // 3 Comment
            b"\x22\x01d", // 4 Labels[0]
            b"\x22\x01d", // 4 Labels[1]
        ],
    );
}

#[test]
fn resolution_request_attachment() {
    same(
        &ResolutionRequestAttachment::new("a", ResolutionRequestType::CUSTOM)
            .with_target_user_id("c")
            .with_target_department_id("d")
            .with_comment("e")
            .with_labels(["f", "f"]),
        &[
            b"\x0a\x01a", // 1 InitialDocumentId
            b"\x10\x03",  // 2 Type
            b"\x1a\x01c", // 3 TargetUserId
            b"\x22\x01d", // 4 TargetDepartmentId
            b"\x2a\x01e", // 5 Comment
            b"\x32\x01f", // 6 Labels[0]
            b"\x32\x01f", // 6 Labels[1]
        ],
    );
}

#[test]
fn resolution_request_cancellation_attachment() {
    same(
        &ResolutionRequestCancellationAttachment::new("a")
            .with_comment("b")
            .with_labels(["c", "c"]),
        &[
            b"\x0a\x01a", // 1 InitialResolutionRequestId
            b"\x12\x01b", // 2 Comment
            b"\x1a\x01c", // 3 Labels[0]
            b"\x1a\x01c", // 3 Labels[1]
        ],
    );
}

#[test]
fn resolution_request_denial_attachment() {
    same(
        &ResolutionRequestDenialAttachment::new("a")
            .with_comment("b")
            .with_labels(["c", "c"]),
        &[
            b"\x0a\x01a", // 1 InitialResolutionRequestId
            b"\x12\x01b", // 2 Comment
            b"\x1a\x01c", // 3 Labels[0]
            b"\x1a\x01c", // 3 Labels[1]
        ],
    );
}

#[test]
fn resolution_request_denial_cancellation_attachment() {
    same(
        &ResolutionRequestDenialCancellationAttachment::new("a"),
        &[
            b"\x0a\x01a", // 1 InitialResolutionRequestDenialId
        ],
    );
}

#[test]
fn custom_data_patch() {
    same(
        &CustomDataPatch::new("a", CustomDataPatchOperation::REMOVE, "c").with_value("d"),
        &[
            b"\x0a\x01a", // 1 ParentEntityId
            b"\x10\x01",  // 2 Operation
            b"\x1a\x01c", // 3 Key
            b"\x22\x01d", // 4 Value
        ],
    );
}

#[test]
fn resolution_route_assignment() {
    same(
        &ResolutionRouteAssignment::new("a", "b")
            .with_comment("c")
            .with_labels(["d", "d"]),
        &[
            b"\x0a\x01a", // 1 InitialDocumentId
            b"\x12\x01b", // 2 RouteId
            b"\x1a\x01c", // 3 Comment
            b"\x22\x01d", // 4 Labels[0]
            b"\x22\x01d", // 4 Labels[1]
        ],
    );
}

#[test]
fn signature_verification() {
    same(
        &SignatureVerification::new("a", true)
            .with_error_message("c")
            .with_labels(["d", "d"]),
        &[
            b"\x0a\x01a", // 1 InitialDocumentId
            b"\x10\x01",  // 2 IsValid
            b"\x1a\x01c", // 3 ErrorMessage
            b"\x22\x01d", // 4 Labels[0]
            b"\x22\x01d", // 4 Labels[1]
        ],
    );
}

#[test]
fn edit_document_packet_command() {
    same(
        &EditDocumentPacketCommand::new("a")
            .with_add_documents_to_packet([DocumentId::new("a", "b"), DocumentId::new("a", "b")])
            .with_remove_documents_from_packet([
                DocumentId::new("a", "b"),
                DocumentId::new("a", "b"),
            ]),
        &[
            b"\x0a\x01a",                        // 1 DocumentId
            b"\x12\x06\x0a\x01\x61\x12\x01\x62", // 2 AddDocumentsToPacket[0]
            b"\x12\x06\x0a\x01\x61\x12\x01\x62", // 2 AddDocumentsToPacket[1]
            b"\x1a\x06\x0a\x01\x61\x12\x01\x62", // 3 RemoveDocumentsFromPacket[0]
            b"\x1a\x06\x0a\x01\x61\x12\x01\x62", // 3 RemoveDocumentsFromPacket[1]
        ],
    );
}

#[test]
fn resolution_route_removal() {
    same(
        &ResolutionRouteRemoval::new("a", "b")
            .with_comment("c")
            .with_labels(["d", "d"]),
        &[
            b"\x0a\x01a", // 1 ParentEntityId
            b"\x12\x01b", // 2 RouteId
            b"\x1a\x01c", // 3 Comment
            b"\x22\x01d", // 4 Labels[0]
            b"\x22\x01d", // 4 Labels[1]
        ],
    );
}

#[test]
fn editing_patch() {
    same(
        &EditingPatch::new("a", UnsignedContent::new()).with_labels(["c", "c"]),
        &[
            b"\x0a\x01a", // 1 ParentEntityId
            b"\x12\x00",  // 2 Content
            b"\x1a\x01c", // 3 Labels[0]
            b"\x1a\x01c", // 3 Labels[1]
        ],
    );
}

#[test]
fn members_have_the_numbers_of_the_wire() {
    let numbers = [
        (ResolutionType::UNKNOWN_RESOLUTION_TYPE.number(), -1),
        (ResolutionType::UNDEFINED_RESOLUTION_TYPE.number(), 0),
        (ResolutionType::APPROVE.number(), 1),
        (ResolutionType::DISAPPROVE.number(), 2),
        (
            ResolutionRequestType::UNKNOWN_RESOLUTION_REQUEST_TYPE.number(),
            -1,
        ),
        (ResolutionRequestType::APPROVEMENT_REQUEST.number(), 0),
        (ResolutionRequestType::SIGNATURE_REQUEST.number(), 1),
        (
            ResolutionRequestType::APPROVEMENT_SIGNATURE_REQUEST.number(),
            2,
        ),
        (ResolutionRequestType::CUSTOM.number(), 3),
        (CustomDataPatchOperation::SET.number(), 0),
        (CustomDataPatchOperation::REMOVE.number(), 1),
        (
            UniversalMessageCodeGroup::UNKNOWN_UNIVERSAL_MESSAGE_CODE_GROUP.number(),
            0,
        ),
        (UniversalMessageCodeGroup::RECEIPT.number(), 1),
        (UniversalMessageCodeGroup::AMENDMENT_REQUEST.number(), 2),
        (UniversalMessageCodeGroup::REJECTION.number(), 3),
        (UniversalMessageCodeGroup::INFORMATION_MESSAGE.number(), 4),
        (UniversalMessageBehaviour::UNDEFINED.number(), 0),
        (UniversalMessageBehaviour::AFFECTS_WORKFLOW.number(), 1),
        (
            UniversalMessageBehaviour::DOES_NOT_AFFECT_WORKFLOW.number(),
            2,
        ),
    ];
    for (index, (ours, wire)) in numbers.into_iter().enumerate() {
        assert_eq!(ours, wire, "row {index}");
    }
}

#[test]
fn a_required_flag_is_written_also_when_it_is_false() {
    same(
        &RecipientTitleAttachment::new("p", SignedContent::new(), false),
        &[
            b"\x0a\x01p", // 1 ParentEntityId
            b"\x12\x00",  // 2 SignedContent, empty
            b"\x28\x00",  // 5 NeedReceipt
        ],
    );
}
