//! The bytes of every message, written out by hand from the field tables and compared with what is encoded.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

mod attachment_types;
mod attachments;
mod certificates;
mod counteragents;
mod dss;
mod organizations;
mod patches;
mod preparation;
mod reading;
mod receipts;
mod signature_info;
mod signatures;
mod signing;
mod tables;

use podpis_diadoc_proto::{Checked, FILE_DESCRIPTOR_SET, REQUIRED_FIELDS, decode_checked};

/// The message encodes to these bytes, and these bytes are read as the message.
#[track_caller]
fn same<M: Checked + PartialEq>(message: &M, groups: &[&[u8]]) {
    let bytes = groups.concat();
    assert_eq!(message.encode_to_vec(), bytes);
    assert_eq!(decode_checked::<M>(bytes.as_slice()).as_ref(), Ok(message));
}

/// A message without a golden test would slip through; so would one that no descriptor describes.
#[test]
fn these_are_all_messages() {
    let names: Vec<&str> = REQUIRED_FIELDS
        .iter()
        .map(|table| table.message())
        .collect();
    assert_eq!(
        names,
        [
            "Diadoc.Api.Proto.AsyncMethodResult",
            "Diadoc.Api.Proto.AuthorizationPermission",
            "Diadoc.Api.Proto.AutosignReceiptsResult",
            "Diadoc.Api.Proto.AutosignReceiptsResultBefore2017",
            "Diadoc.Api.Proto.Box",
            "Diadoc.Api.Proto.CertificateChainElement",
            "Diadoc.Api.Proto.CertificateInfo",
            "Diadoc.Api.Proto.CertificateVerificationResult",
            "Diadoc.Api.Proto.Certificates.CertificateInfoV2",
            "Diadoc.Api.Proto.Certificates.CertificateList",
            "Diadoc.Api.Proto.CloudSignConfirmResult",
            "Diadoc.Api.Proto.CloudSignFile",
            "Diadoc.Api.Proto.CloudSignRequest",
            "Diadoc.Api.Proto.CloudSignResult",
            "Diadoc.Api.Proto.Content",
            "Diadoc.Api.Proto.Content_v2",
            "Diadoc.Api.Proto.Content_v3",
            "Diadoc.Api.Proto.Counteragent",
            "Diadoc.Api.Proto.CounteragentList",
            "Diadoc.Api.Proto.CustomDataItem",
            "Diadoc.Api.Proto.Department",
            "Diadoc.Api.Proto.Docflow.PowerOfAttorneyAttachmentStatus",
            "Diadoc.Api.Proto.DocflowStatusModelV3",
            "Diadoc.Api.Proto.DocflowStatusV3",
            "Diadoc.Api.Proto.DocumentId",
            "Diadoc.Api.Proto.DocumentIdEx",
            "Diadoc.Api.Proto.Documents.AmendmentRequestMetadata",
            "Diadoc.Api.Proto.Documents.ConfirmationMetadata",
            "Diadoc.Api.Proto.Documents.DepartmentFilter",
            "Diadoc.Api.Proto.Documents.Document",
            "Diadoc.Api.Proto.Documents.DocumentList",
            "Diadoc.Api.Proto.Documents.GetDocumentsV4Request",
            "Diadoc.Api.Proto.Documents.RecipientReceiptMetadata",
            "Diadoc.Api.Proto.Documents.ResolutionStatus",
            "Diadoc.Api.Proto.Documents.SenderReceiptMetadata",
            "Diadoc.Api.Proto.Documents.Types.DocumentFunction",
            "Diadoc.Api.Proto.Documents.Types.DocumentFunctionV2",
            "Diadoc.Api.Proto.Documents.Types.DocumentMetadataItemV2",
            "Diadoc.Api.Proto.Documents.Types.DocumentTitle",
            "Diadoc.Api.Proto.Documents.Types.DocumentTitleV2",
            "Diadoc.Api.Proto.Documents.Types.DocumentTypeDescription",
            "Diadoc.Api.Proto.Documents.Types.DocumentTypeDescriptionV2",
            "Diadoc.Api.Proto.Documents.Types.DocumentTypeDescriptionV3",
            "Diadoc.Api.Proto.Documents.Types.DocumentVersion",
            "Diadoc.Api.Proto.Documents.Types.DocumentVersionV2",
            "Diadoc.Api.Proto.Documents.Types.DocumentWorkflow",
            "Diadoc.Api.Proto.Documents.Types.DocumentWorkflowV2",
            "Diadoc.Api.Proto.Documents.Types.GetDocumentTypesResponse",
            "Diadoc.Api.Proto.Documents.Types.GetDocumentTypesResponseV2",
            "Diadoc.Api.Proto.Documents.Types.GetDocumentTypesResponseV3",
            "Diadoc.Api.Proto.Documents.Types.SignerInfoV2",
            "Diadoc.Api.Proto.Dss.DssCertificateData",
            "Diadoc.Api.Proto.Dss.DssFileSigningResult",
            "Diadoc.Api.Proto.Dss.DssGosKeyData",
            "Diadoc.Api.Proto.Dss.DssSignFile",
            "Diadoc.Api.Proto.Dss.DssSignRequest",
            "Diadoc.Api.Proto.Dss.DssSignRequestV2",
            "Diadoc.Api.Proto.Dss.DssSignResult",
            "Diadoc.Api.Proto.Employees.Employee",
            "Diadoc.Api.Proto.Employees.EmployeeAction",
            "Diadoc.Api.Proto.Employees.EmployeePermissions",
            "Diadoc.Api.Proto.Events.BoxEvent",
            "Diadoc.Api.Proto.Events.BoxEventList",
            "Diadoc.Api.Proto.Events.ContentToPatch",
            "Diadoc.Api.Proto.Events.CorrectionRequestAttachment",
            "Diadoc.Api.Proto.Events.CustomDataPatch",
            "Diadoc.Api.Proto.Events.DocumentAttachment",
            "Diadoc.Api.Proto.Events.DocumentPatchedContent",
            "Diadoc.Api.Proto.Events.DocumentSenderSignature",
            "Diadoc.Api.Proto.Events.DocumentSignature",
            "Diadoc.Api.Proto.Events.DocumentToPatch",
            "Diadoc.Api.Proto.Events.DraftDocumentToPatch",
            "Diadoc.Api.Proto.Events.DraftToSend",
            "Diadoc.Api.Proto.Events.EditDocumentPacketCommand",
            "Diadoc.Api.Proto.Events.EditingPatch",
            "Diadoc.Api.Proto.Events.Entity",
            "Diadoc.Api.Proto.Events.EntityPatch",
            "Diadoc.Api.Proto.Events.Message",
            "Diadoc.Api.Proto.Events.MessagePatch",
            "Diadoc.Api.Proto.Events.MessagePatchToPost",
            "Diadoc.Api.Proto.Events.MessagePatchToPostV2",
            "Diadoc.Api.Proto.Events.MessageToPost",
            "Diadoc.Api.Proto.Events.MetadataItem",
            "Diadoc.Api.Proto.Events.NonformalizedAttachment",
            "Diadoc.Api.Proto.Events.PowerOfAttorneyInfo",
            "Diadoc.Api.Proto.Events.PowerOfAttorneyToPost",
            "Diadoc.Api.Proto.Events.PrepareDocumentsToSignRequest",
            "Diadoc.Api.Proto.Events.PrepareDocumentsToSignResponse",
            "Diadoc.Api.Proto.Events.ReceiptAttachment",
            "Diadoc.Api.Proto.Events.RecipientTitleAttachment",
            "Diadoc.Api.Proto.Events.RequestedSignatureRejection",
            "Diadoc.Api.Proto.Events.ResolutionAttachment",
            "Diadoc.Api.Proto.Events.ResolutionRequestAttachment",
            "Diadoc.Api.Proto.Events.ResolutionRequestCancellationAttachment",
            "Diadoc.Api.Proto.Events.ResolutionRequestDenialAttachment",
            "Diadoc.Api.Proto.Events.ResolutionRequestDenialCancellationAttachment",
            "Diadoc.Api.Proto.Events.ResolutionRouteAssignment",
            "Diadoc.Api.Proto.Events.ResolutionRouteRemoval",
            "Diadoc.Api.Proto.Events.RevocationRequestAttachment",
            "Diadoc.Api.Proto.Events.SignatureVerification",
            "Diadoc.Api.Proto.Events.SignedContent",
            "Diadoc.Api.Proto.Events.TtGisFixationCancellationRequestAttachment",
            "Diadoc.Api.Proto.Events.UniversalMessageAttachment",
            "Diadoc.Api.Proto.Events.UnsignedContent",
            "Diadoc.Api.Proto.Events.XmlSignatureRejectionAttachment",
            "Diadoc.Api.Proto.FullName",
            "Diadoc.Api.Proto.Invoicing.Signer",
            "Diadoc.Api.Proto.Invoicing.SignerDetails",
            "Diadoc.Api.Proto.Invoicing.Signers.ExtendedSigner",
            "Diadoc.Api.Proto.Invoicing.Signers.ExtendedSignerDetails",
            "Diadoc.Api.Proto.LoginPassword",
            "Diadoc.Api.Proto.Organization",
            "Diadoc.Api.Proto.OrganizationList",
            "Diadoc.Api.Proto.OrganizationUserPermissions",
            "Diadoc.Api.Proto.Organizations.AutoBlockStatus",
            "Diadoc.Api.Proto.Organizations.BlockStatus",
            "Diadoc.Api.Proto.Organizations.ManualBlockStatus",
            "Diadoc.Api.Proto.Organizations.OrganizationFeatures",
            "Diadoc.Api.Proto.PowersOfAttorney.PowerOfAttorneyFullId",
            "Diadoc.Api.Proto.PowersOfAttorney.PowerOfAttorneySignedContent",
            "Diadoc.Api.Proto.PowersOfAttorney.PowerOfAttorneyValidationError",
            "Diadoc.Api.Proto.PowersOfAttorney.PowerOfAttorneyValidationStatus",
            "Diadoc.Api.Proto.ResolutionTarget",
            "Diadoc.Api.Proto.SignatureInfo",
            "Diadoc.Api.Proto.SignatureVerificationResult",
            "Diadoc.Api.Proto.Timestamp",
            "Diadoc.Api.Proto.User",
            "Diadoc.Api.Proto.UserV2",
        ]
    );
    let set = String::from_utf8_lossy(FILE_DESCRIPTOR_SET);
    for name in names {
        let (_, short) = name.rsplit_once('.').unwrap();
        assert!(set.contains(short), "{short} is not in the descriptor set");
    }
}
