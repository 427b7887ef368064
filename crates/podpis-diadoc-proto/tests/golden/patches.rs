//! Bytes of the bodies in which signatures are posted.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::events::{
    CorrectionRequestAttachment, CustomDataPatch, CustomDataPatchOperation, DocumentAttachment,
    DocumentSenderSignature, DocumentSignature, DraftToSend, EditDocumentPacketCommand,
    EditingPatch, MessagePatchToPost, MessagePatchToPostV2, MessageToPost, MetadataItem,
    NonformalizedAttachment, PowerOfAttorneyToPost, ReceiptAttachment, RecipientTitleAttachment,
    RequestedSignatureRejection, ResolutionAttachment, ResolutionRequestAttachment,
    ResolutionRequestCancellationAttachment, ResolutionRequestDenialAttachment,
    ResolutionRequestDenialCancellationAttachment, ResolutionRouteAssignment,
    ResolutionRouteRemoval, RevocationRequestAttachment, SignatureVerification, SignedContent,
    TtGisFixationCancellationRequestAttachment, UniversalMessageAttachment, UnsignedContent,
    XmlSignatureRejectionAttachment,
};
use podpis_diadoc_proto::{
    CustomDataItem, DocumentId, LockMode, ResolutionRequestType, ResolutionType,
};

use crate::same;

#[test]
fn document_sender_signature() {
    same(
        &DocumentSenderSignature::new("a")
            .with_signature(&b"\x30\x00"[..])
            .with_sign_with_test_signature(true)
            .with_patched_content_id("d")
            .with_power_of_attorney(PowerOfAttorneyToPost::new(true)),
        &[
            b"\x0a\x01a",        // 1 ParentEntityId
            b"\x12\x02\x30\x00", // 2 Signature
            b"\x20\x01",         // 4 SignWithTestSignature
            b"\x2a\x01d",        // 5 PatchedContentId
            b"\x32\x02\x10\x01", // 6 PowerOfAttorney
        ],
    );
}

#[test]
fn signed_content() {
    same(
        &SignedContent::new()
            .with_content(&b"\x30\x00"[..])
            .with_signature(&b"\x30\x00"[..])
            .with_name_on_shelf("c")
            .with_sign_with_test_signature(true)
            .with_signature_name_on_shelf("e")
            .with_power_of_attorney(PowerOfAttorneyToPost::new(true)),
        &[
            b"\x0a\x02\x30\x00", // 1 Content
            b"\x12\x02\x30\x00", // 2 Signature
            b"\x22\x01c",        // 4 NameOnShelf
            b"\x28\x01",         // 5 SignWithTestSignature
            b"\x32\x01e",        // 6 SignatureNameOnShelf
            b"\x3a\x02\x10\x01", // 7 PowerOfAttorney
        ],
    );
}

#[test]
fn unsigned_content() {
    same(
        &UnsignedContent::new()
            .with_content(&b"\x30\x00"[..])
            .with_name_on_shelf("b"),
        &[
            b"\x0a\x02\x30\x00", // 1 Content
            b"\x12\x01b",        // 2 NameOnShelf
        ],
    );
}

#[test]
fn message_patch_to_post() {
    same(
        &MessagePatchToPost::new("a", "b")
            .with_receipts([
                ReceiptAttachment::new("a", SignedContent::new()),
                ReceiptAttachment::new("a", SignedContent::new()),
            ])
            .with_correction_requests([
                CorrectionRequestAttachment::new("a", SignedContent::new()),
                CorrectionRequestAttachment::new("a", SignedContent::new()),
            ])
            .with_signatures([DocumentSignature::new("a"), DocumentSignature::new("a")])
            .with_requested_signature_rejections([
                RequestedSignatureRejection::new("a", SignedContent::new()),
                RequestedSignatureRejection::new("a", SignedContent::new()),
            ])
            .with_xml_torg12_buyer_titles([
                RecipientTitleAttachment::new("a", SignedContent::new(), true),
                RecipientTitleAttachment::new("a", SignedContent::new(), true),
            ])
            .with_xml_acceptance_certificate_buyer_titles([
                RecipientTitleAttachment::new("a", SignedContent::new(), true),
                RecipientTitleAttachment::new("a", SignedContent::new(), true),
            ])
            .with_resolutions([
                ResolutionAttachment::new("a", ResolutionType::DISAPPROVE),
                ResolutionAttachment::new("a", ResolutionType::DISAPPROVE),
            ])
            .with_resolution_requests([
                ResolutionRequestAttachment::new("a", ResolutionRequestType::CUSTOM),
                ResolutionRequestAttachment::new("a", ResolutionRequestType::CUSTOM),
            ])
            .with_resolution_request_cancellations([
                ResolutionRequestCancellationAttachment::new("a"),
                ResolutionRequestCancellationAttachment::new("a"),
            ])
            .with_resolution_request_denials([
                ResolutionRequestDenialAttachment::new("a"),
                ResolutionRequestDenialAttachment::new("a"),
            ])
            .with_resolution_request_denial_cancellations([
                ResolutionRequestDenialCancellationAttachment::new("a"),
                ResolutionRequestDenialCancellationAttachment::new("a"),
            ])
            .with_revocation_requests([
                RevocationRequestAttachment::new("a", SignedContent::new()),
                RevocationRequestAttachment::new("a", SignedContent::new()),
            ])
            .with_xml_signature_rejections([
                XmlSignatureRejectionAttachment::new("a", SignedContent::new()),
                XmlSignatureRejectionAttachment::new("a", SignedContent::new()),
            ])
            .with_custom_data_patches([
                CustomDataPatch::new("a", CustomDataPatchOperation::REMOVE, "c"),
                CustomDataPatch::new("a", CustomDataPatchOperation::REMOVE, "c"),
            ])
            .with_resolution_route_assignments([
                ResolutionRouteAssignment::new("a", "b"),
                ResolutionRouteAssignment::new("a", "b"),
            ])
            .with_signature_verifications([
                SignatureVerification::new("a", true),
                SignatureVerification::new("a", true),
            ])
            .with_edit_document_packet_commands([
                EditDocumentPacketCommand::new("a"),
                EditDocumentPacketCommand::new("a"),
            ])
            .with_universal_transfer_document_buyer_titles([
                RecipientTitleAttachment::new("a", SignedContent::new(), true),
                RecipientTitleAttachment::new("a", SignedContent::new(), true),
            ])
            .with_resolution_route_removals([
                ResolutionRouteRemoval::new("a", "b"),
                ResolutionRouteRemoval::new("a", "b"),
            ])
            .with_recipient_titles([
                RecipientTitleAttachment::new("a", SignedContent::new(), true),
                RecipientTitleAttachment::new("a", SignedContent::new(), true),
            ])
            .with_editing_patches([
                EditingPatch::new("a", UnsignedContent::new()),
                EditingPatch::new("a", UnsignedContent::new()),
            ])
            .with_tt_gis_fixation_cancellation_requests([
                TtGisFixationCancellationRequestAttachment::new("a", SignedContent::new()),
                TtGisFixationCancellationRequestAttachment::new("a", SignedContent::new()),
            ]),
        &[
            b"\x0a\x01a",                                    // 1 BoxId
            b"\x12\x01b",                                    // 2 MessageId
            b"\x1a\x05\x0a\x01\x61\x12\x00",                 // 3 Receipts[0]
            b"\x1a\x05\x0a\x01\x61\x12\x00",                 // 3 Receipts[1]
            b"\x22\x05\x0a\x01\x61\x12\x00",                 // 4 CorrectionRequests[0]
            b"\x22\x05\x0a\x01\x61\x12\x00",                 // 4 CorrectionRequests[1]
            b"\x2a\x03\x0a\x01\x61",                         // 5 Signatures[0]
            b"\x2a\x03\x0a\x01\x61",                         // 5 Signatures[1]
            b"\x32\x05\x0a\x01\x61\x12\x00",                 // 6 RequestedSignatureRejections[0]
            b"\x32\x05\x0a\x01\x61\x12\x00",                 // 6 RequestedSignatureRejections[1]
            b"\x3a\x07\x0a\x01\x61\x12\x00\x28\x01",         // 7 XmlTorg12BuyerTitles[0]
            b"\x3a\x07\x0a\x01\x61\x12\x00\x28\x01",         // 7 XmlTorg12BuyerTitles[1]
            b"\x42\x07\x0a\x01\x61\x12\x00\x28\x01", // 8 XmlAcceptanceCertificateBuyerTitles[0]
            b"\x42\x07\x0a\x01\x61\x12\x00\x28\x01", // 8 XmlAcceptanceCertificateBuyerTitles[1]
            b"\x4a\x05\x0a\x01\x61\x10\x02",         // 9 Resolutions[0]
            b"\x4a\x05\x0a\x01\x61\x10\x02",         // 9 Resolutions[1]
            b"\x52\x05\x0a\x01\x61\x10\x03",         // 10 ResolutionRequests[0]
            b"\x52\x05\x0a\x01\x61\x10\x03",         // 10 ResolutionRequests[1]
            b"\x5a\x03\x0a\x01\x61",                 // 11 ResolutionRequestCancellations[0]
            b"\x5a\x03\x0a\x01\x61",                 // 11 ResolutionRequestCancellations[1]
            b"\x62\x03\x0a\x01\x61",                 // 12 ResolutionRequestDenials[0]
            b"\x62\x03\x0a\x01\x61",                 // 12 ResolutionRequestDenials[1]
            b"\x6a\x03\x0a\x01\x61",                 // 13 ResolutionRequestDenialCancellations[0]
            b"\x6a\x03\x0a\x01\x61",                 // 13 ResolutionRequestDenialCancellations[1]
            b"\x72\x05\x0a\x01\x61\x12\x00",         // 14 RevocationRequests[0]
            b"\x72\x05\x0a\x01\x61\x12\x00",         // 14 RevocationRequests[1]
            b"\x7a\x05\x0a\x01\x61\x12\x00",         // 15 XmlSignatureRejections[0]
            b"\x7a\x05\x0a\x01\x61\x12\x00",         // 15 XmlSignatureRejections[1]
            b"\x82\x01\x08\x0a\x01\x61\x10\x01\x1a\x01\x63", // 16 CustomDataPatches[0]
            b"\x82\x01\x08\x0a\x01\x61\x10\x01\x1a\x01\x63", // 16 CustomDataPatches[1]
            b"\x8a\x01\x06\x0a\x01\x61\x12\x01\x62", // 17 ResolutionRouteAssignments[0]
            b"\x8a\x01\x06\x0a\x01\x61\x12\x01\x62", // 17 ResolutionRouteAssignments[1]
            b"\x92\x01\x05\x0a\x01\x61\x10\x01",     // 18 SignatureVerifications[0]
            b"\x92\x01\x05\x0a\x01\x61\x10\x01",     // 18 SignatureVerifications[1]
            b"\x9a\x01\x03\x0a\x01\x61",             // 19 EditDocumentPacketCommands[0]
            b"\x9a\x01\x03\x0a\x01\x61",             // 19 EditDocumentPacketCommands[1]
            b"\xa2\x01\x07\x0a\x01\x61\x12\x00\x28\x01", // 20 UniversalTransferDocumentBuyerTitles[0]
            b"\xa2\x01\x07\x0a\x01\x61\x12\x00\x28\x01", // 20 UniversalTransferDocumentBuyerTitles[1]
            b"\xaa\x01\x06\x0a\x01\x61\x12\x01\x62",     // 21 ResolutionRouteRemovals[0]
            b"\xaa\x01\x06\x0a\x01\x61\x12\x01\x62",     // 21 ResolutionRouteRemovals[1]
            b"\xb2\x01\x07\x0a\x01\x61\x12\x00\x28\x01", // 22 RecipientTitles[0]
            b"\xb2\x01\x07\x0a\x01\x61\x12\x00\x28\x01", // 22 RecipientTitles[1]
            b"\xc2\x01\x05\x0a\x01\x61\x12\x00",         // 24 EditingPatches[0]
            b"\xc2\x01\x05\x0a\x01\x61\x12\x00",         // 24 EditingPatches[1]
            b"\xca\x01\x05\x0a\x01\x61\x12\x00",         // 25 TtGisFixationCancellationRequests[0]
            b"\xca\x01\x05\x0a\x01\x61\x12\x00",         // 25 TtGisFixationCancellationRequests[1]
        ],
    );
}

#[test]
fn message_patch_to_post_v2() {
    same(
        &MessagePatchToPostV2::new("a", "b")
            .with_receipts([
                ReceiptAttachment::new("a", SignedContent::new()),
                ReceiptAttachment::new("a", SignedContent::new()),
            ])
            .with_correction_requests([
                CorrectionRequestAttachment::new("a", SignedContent::new()),
                CorrectionRequestAttachment::new("a", SignedContent::new()),
            ])
            .with_signatures([DocumentSignature::new("a"), DocumentSignature::new("a")])
            .with_resolutions([
                ResolutionAttachment::new("a", ResolutionType::DISAPPROVE),
                ResolutionAttachment::new("a", ResolutionType::DISAPPROVE),
            ])
            .with_resolution_requests([
                ResolutionRequestAttachment::new("a", ResolutionRequestType::CUSTOM),
                ResolutionRequestAttachment::new("a", ResolutionRequestType::CUSTOM),
            ])
            .with_resolution_request_cancellations([
                ResolutionRequestCancellationAttachment::new("a"),
                ResolutionRequestCancellationAttachment::new("a"),
            ])
            .with_resolution_request_denials([
                ResolutionRequestDenialAttachment::new("a"),
                ResolutionRequestDenialAttachment::new("a"),
            ])
            .with_resolution_request_denial_cancellations([
                ResolutionRequestDenialCancellationAttachment::new("a"),
                ResolutionRequestDenialCancellationAttachment::new("a"),
            ])
            .with_revocation_requests([
                RevocationRequestAttachment::new("a", SignedContent::new()),
                RevocationRequestAttachment::new("a", SignedContent::new()),
            ])
            .with_xml_signature_rejections([
                XmlSignatureRejectionAttachment::new("a", SignedContent::new()),
                XmlSignatureRejectionAttachment::new("a", SignedContent::new()),
            ])
            .with_custom_data_patches([
                CustomDataPatch::new("a", CustomDataPatchOperation::REMOVE, "c"),
                CustomDataPatch::new("a", CustomDataPatchOperation::REMOVE, "c"),
            ])
            .with_resolution_route_assignments([
                ResolutionRouteAssignment::new("a", "b"),
                ResolutionRouteAssignment::new("a", "b"),
            ])
            .with_signature_verifications([
                SignatureVerification::new("a", true),
                SignatureVerification::new("a", true),
            ])
            .with_edit_document_packet_commands([
                EditDocumentPacketCommand::new("a"),
                EditDocumentPacketCommand::new("a"),
            ])
            .with_resolution_route_removals([
                ResolutionRouteRemoval::new("a", "b"),
                ResolutionRouteRemoval::new("a", "b"),
            ])
            .with_recipient_titles([
                RecipientTitleAttachment::new("a", SignedContent::new(), true),
                RecipientTitleAttachment::new("a", SignedContent::new(), true),
            ])
            .with_editing_patches([
                EditingPatch::new("a", UnsignedContent::new()),
                EditingPatch::new("a", UnsignedContent::new()),
            ])
            .with_universal_messages([
                UniversalMessageAttachment::new("a", UnsignedContent::new()),
                UniversalMessageAttachment::new("a", UnsignedContent::new()),
            ])
            .with_tt_gis_fixation_cancellation_requests([
                TtGisFixationCancellationRequestAttachment::new("a", SignedContent::new()),
                TtGisFixationCancellationRequestAttachment::new("a", SignedContent::new()),
            ]),
        &[
            b"\x0a\x01a",                                // 1 BoxId
            b"\x12\x01b",                                // 2 MessageId
            b"\x1a\x05\x0a\x01\x61\x12\x00",             // 3 Receipts[0]
            b"\x1a\x05\x0a\x01\x61\x12\x00",             // 3 Receipts[1]
            b"\x22\x05\x0a\x01\x61\x12\x00",             // 4 CorrectionRequests[0]
            b"\x22\x05\x0a\x01\x61\x12\x00",             // 4 CorrectionRequests[1]
            b"\x2a\x03\x0a\x01\x61",                     // 5 Signatures[0]
            b"\x2a\x03\x0a\x01\x61",                     // 5 Signatures[1]
            b"\x32\x05\x0a\x01\x61\x10\x02",             // 6 Resolutions[0]
            b"\x32\x05\x0a\x01\x61\x10\x02",             // 6 Resolutions[1]
            b"\x3a\x05\x0a\x01\x61\x10\x03",             // 7 ResolutionRequests[0]
            b"\x3a\x05\x0a\x01\x61\x10\x03",             // 7 ResolutionRequests[1]
            b"\x42\x03\x0a\x01\x61",                     // 8 ResolutionRequestCancellations[0]
            b"\x42\x03\x0a\x01\x61",                     // 8 ResolutionRequestCancellations[1]
            b"\x4a\x03\x0a\x01\x61",                     // 9 ResolutionRequestDenials[0]
            b"\x4a\x03\x0a\x01\x61",                     // 9 ResolutionRequestDenials[1]
            b"\x52\x03\x0a\x01\x61", // 10 ResolutionRequestDenialCancellations[0]
            b"\x52\x03\x0a\x01\x61", // 10 ResolutionRequestDenialCancellations[1]
            b"\x5a\x05\x0a\x01\x61\x12\x00", // 11 RevocationRequests[0]
            b"\x5a\x05\x0a\x01\x61\x12\x00", // 11 RevocationRequests[1]
            b"\x62\x05\x0a\x01\x61\x12\x00", // 12 XmlSignatureRejections[0]
            b"\x62\x05\x0a\x01\x61\x12\x00", // 12 XmlSignatureRejections[1]
            b"\x6a\x08\x0a\x01\x61\x10\x01\x1a\x01\x63", // 13 CustomDataPatches[0]
            b"\x6a\x08\x0a\x01\x61\x10\x01\x1a\x01\x63", // 13 CustomDataPatches[1]
            b"\x72\x06\x0a\x01\x61\x12\x01\x62", // 14 ResolutionRouteAssignments[0]
            b"\x72\x06\x0a\x01\x61\x12\x01\x62", // 14 ResolutionRouteAssignments[1]
            b"\x7a\x05\x0a\x01\x61\x10\x01", // 15 SignatureVerifications[0]
            b"\x7a\x05\x0a\x01\x61\x10\x01", // 15 SignatureVerifications[1]
            b"\x82\x01\x03\x0a\x01\x61", // 16 EditDocumentPacketCommands[0]
            b"\x82\x01\x03\x0a\x01\x61", // 16 EditDocumentPacketCommands[1]
            b"\x8a\x01\x06\x0a\x01\x61\x12\x01\x62", // 17 ResolutionRouteRemovals[0]
            b"\x8a\x01\x06\x0a\x01\x61\x12\x01\x62", // 17 ResolutionRouteRemovals[1]
            b"\x92\x01\x07\x0a\x01\x61\x12\x00\x28\x01", // 18 RecipientTitles[0]
            b"\x92\x01\x07\x0a\x01\x61\x12\x00\x28\x01", // 18 RecipientTitles[1]
            b"\x9a\x01\x05\x0a\x01\x61\x12\x00", // 19 EditingPatches[0]
            b"\x9a\x01\x05\x0a\x01\x61\x12\x00", // 19 EditingPatches[1]
            b"\xa2\x01\x05\x0a\x01\x61\x1a\x00", // 20 UniversalMessages[0]
            b"\xa2\x01\x05\x0a\x01\x61\x1a\x00", // 20 UniversalMessages[1]
            b"\xaa\x01\x05\x0a\x01\x61\x12\x00", // 21 TtGisFixationCancellationRequests[0]
            b"\xaa\x01\x05\x0a\x01\x61\x12\x00", // 21 TtGisFixationCancellationRequests[1]
        ],
    );
}

#[test]
fn draft_to_send() {
    same(
        &DraftToSend::new("a", "b")
            .with_to_box_id("c")
            .with_to_department_id("d")
            .with_document_signatures([
                DocumentSenderSignature::new("a"),
                DocumentSenderSignature::new("a"),
            ])
            .with_proxy_box_id("f")
            .with_proxy_department_id("g"),
        &[
            b"\x0a\x01a",            // 1 BoxId
            b"\x12\x01b",            // 2 DraftId
            b"\x1a\x01c",            // 3 ToBoxId
            b"\x22\x01d",            // 4 ToDepartmentId
            b"\x2a\x03\x0a\x01\x61", // 5 DocumentSignatures[0]
            b"\x2a\x03\x0a\x01\x61", // 5 DocumentSignatures[1]
            b"\x32\x01f",            // 6 ProxyBoxId
            b"\x3a\x01g",            // 7 ProxyDepartmentId
        ],
    );
}

#[test]
fn message_to_post() {
    same(
        &MessageToPost::new("a")
            .with_to_box_id("b")
            .with_nonformalized_documents([
                NonformalizedAttachment::new(SignedContent::new(), "b"),
                NonformalizedAttachment::new(SignedContent::new(), "b"),
            ])
            .with_to_department_id("d")
            .with_is_draft(true)
            .with_lock_draft(true)
            .with_strict_draft_validation(false)
            .with_is_internal(true)
            .with_from_department_id("i")
            .with_delay_send(true)
            .with_proxy_box_id("k")
            .with_proxy_department_id("l")
            .with_lock_packet(true)
            .with_document_attachments([
                DocumentAttachment::new(SignedContent::new(), "i"),
                DocumentAttachment::new(SignedContent::new(), "i"),
            ])
            .with_lock_mode(LockMode::FULL),
        &[
            b"\x0a\x01a",                        // 1 FromBoxId
            b"\x12\x01b",                        // 2 ToBoxId
            b"\x22\x05\x0a\x00\x12\x01\x62",     // 4 NonformalizedDocuments[0]
            b"\x22\x05\x0a\x00\x12\x01\x62",     // 4 NonformalizedDocuments[1]
            b"\x62\x01d",                        // 12 ToDepartmentId
            b"\x68\x01",                         // 13 IsDraft
            b"\x70\x01",                         // 14 LockDraft
            b"\x78\x00",                         // 15 StrictDraftValidation
            b"\x80\x01\x01",                     // 16 IsInternal
            b"\x8a\x01\x01i",                    // 17 FromDepartmentId
            b"\x90\x01\x01",                     // 18 DelaySend
            b"\xd2\x01\x01k",                    // 26 ProxyBoxId
            b"\xda\x01\x01l",                    // 27 ProxyDepartmentId
            b"\x80\x02\x01",                     // 32 LockPacket
            b"\x92\x02\x05\x0a\x00\x62\x01\x69", // 34 DocumentAttachments[0]
            b"\x92\x02\x05\x0a\x00\x62\x01\x69", // 34 DocumentAttachments[1]
            b"\x98\x02\x03",                     // 35 LockMode
        ],
    );
}

#[test]
fn document_attachment() {
    same(
        &DocumentAttachment::new(SignedContent::new(), "i")
            .with_comment("b")
            .with_need_recipient_signature(true)
            .with_initial_document_ids([DocumentId::new("a", "b"), DocumentId::new("a", "b")])
            .with_subordinate_document_ids([DocumentId::new("a", "b"), DocumentId::new("a", "b")])
            .with_custom_document_id("f")
            .with_need_receipt(true)
            .with_custom_data([CustomDataItem::new("a"), CustomDataItem::new("a")])
            .with_function("j")
            .with_version("k")
            .with_metadata([MetadataItem::new("a", "b"), MetadataItem::new("a", "b")])
            .with_workflow_id(300)
            .with_is_encrypted(true)
            .with_editing_setting_id("o"),
        &[
            b"\x0a\x00",                         // 1 SignedContent
            b"\x1a\x01b",                        // 3 Comment
            b"\x20\x01",                         // 4 NeedRecipientSignature
            b"\x2a\x06\x0a\x01\x61\x12\x01\x62", // 5 InitialDocumentIds[0]
            b"\x2a\x06\x0a\x01\x61\x12\x01\x62", // 5 InitialDocumentIds[1]
            b"\x32\x06\x0a\x01\x61\x12\x01\x62", // 6 SubordinateDocumentIds[0]
            b"\x32\x06\x0a\x01\x61\x12\x01\x62", // 6 SubordinateDocumentIds[1]
            b"\x4a\x01f",                        // 9 CustomDocumentId
            b"\x50\x01",                         // 10 NeedReceipt
            b"\x5a\x03\x0a\x01\x61",             // 11 CustomData[0]
            b"\x5a\x03\x0a\x01\x61",             // 11 CustomData[1]
            b"\x62\x01i",                        // 12 TypeNamedId
            b"\x6a\x01j",                        // 13 Function
            b"\x72\x01k",                        // 14 Version
            b"\x7a\x06\x0a\x01\x61\x12\x01\x62", // 15 Metadata[0]
            b"\x7a\x06\x0a\x01\x61\x12\x01\x62", // 15 Metadata[1]
            b"\x80\x01\xac\x02",                 // 16 WorkflowId
            b"\x88\x01\x01",                     // 17 IsEncrypted
            b"\x92\x01\x01o",                    // 18 EditingSettingId
        ],
    );
}

#[test]
fn nonformalized_attachment() {
    same(
        &NonformalizedAttachment::new(SignedContent::new(), "b")
            .with_comment("c")
            .with_need_recipient_signature(true)
            .with_initial_document_ids([DocumentId::new("a", "b"), DocumentId::new("a", "b")])
            .with_subordinate_document_ids([DocumentId::new("a", "b"), DocumentId::new("a", "b")])
            .with_document_date("g")
            .with_document_number("h")
            .with_custom_document_id("i")
            .with_need_receipt(true)
            .with_custom_data([CustomDataItem::new("a"), CustomDataItem::new("a")]),
        &[
            b"\x0a\x00",                         // 1 SignedContent
            b"\x12\x01b",                        // 2 FileName
            b"\x1a\x01c",                        // 3 Comment
            b"\x20\x01",                         // 4 NeedRecipientSignature
            b"\x2a\x06\x0a\x01\x61\x12\x01\x62", // 5 InitialDocumentIds[0]
            b"\x2a\x06\x0a\x01\x61\x12\x01\x62", // 5 InitialDocumentIds[1]
            b"\x32\x06\x0a\x01\x61\x12\x01\x62", // 6 SubordinateDocumentIds[0]
            b"\x32\x06\x0a\x01\x61\x12\x01\x62", // 6 SubordinateDocumentIds[1]
            b"\x3a\x01g",                        // 7 DocumentDate
            b"\x42\x01h",                        // 8 DocumentNumber
            b"\x4a\x01i",                        // 9 CustomDocumentId
            b"\x50\x01",                         // 10 NeedReceipt
            b"\x5a\x03\x0a\x01\x61",             // 11 CustomData[0]
            b"\x5a\x03\x0a\x01\x61",             // 11 CustomData[1]
        ],
    );
}

#[test]
fn metadata_item() {
    same(
        &MetadataItem::new("a", "b"),
        &[
            b"\x0a\x01a", // 1 Key
            b"\x12\x01b", // 2 Value
        ],
    );
}

#[test]
fn custom_data_item() {
    same(
        &CustomDataItem::new("a").with_value("b"),
        &[
            b"\x0a\x01a", // 1 Key
            b"\x12\x01b", // 2 Value
        ],
    );
}

#[test]
fn members_have_the_numbers_of_the_wire() {
    let numbers = [
        (LockMode::UNKNOWN.number(), 0),
        (LockMode::NONE.number(), 1),
        (LockMode::SEND.number(), 2),
        (LockMode::FULL.number(), 3),
    ];
    for (index, (ours, wire)) in numbers.into_iter().enumerate() {
        assert_eq!(ours, wire, "row {index}");
    }
}

#[test]
fn a_patch_of_signatures_is_the_same_in_both_versions() {
    let signature = || DocumentSignature::new("p");
    let bytes: &[&[u8]] = &[
        b"\x0a\x01b",         // 1 BoxId
        b"\x12\x01m",         // 2 MessageId
        b"\x2a\x03\x0a\x01p", // 5 Signatures[0], 1 ParentEntityId
    ];
    same(
        &MessagePatchToPost::new("b", "m").with_signatures([signature()]),
        bytes,
    );
    same(
        &MessagePatchToPostV2::new("b", "m").with_signatures([signature()]),
        bytes,
    );
}

#[test]
fn defaults_are_left_out() {
    same(
        &MessageToPost::new("b")
            .with_is_draft(false)
            .with_strict_draft_validation(true)
            .with_lock_mode(LockMode::NONE),
        &[b"\x0a\x01b"], // 1 FromBoxId
    );
    // Filled by hand, true is written although it is the default.
    let by_hand = MessageToPost {
        strict_draft_validation: Some(true),
        ..MessageToPost::new("b")
    };
    same(&by_hand, &[b"\x0a\x01b", b"\x78\x01"]); // 15 StrictDraftValidation
    same(
        &SignedContent::new().with_sign_with_test_signature(false),
        &[],
    );
}
