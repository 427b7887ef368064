//! Every message of Diadoc, in protobuf and in JSON.

use podpis_diadoc_proto::{
    AutosignReceiptsResult, Checked, RequiredFields, decode_autosign_receipts, decode_checked, json,
};

use super::bytes::changed;
use super::json::change_json;
use super::numbers::Numbers;
use super::protobuf::{change_protobuf, full, messages};
use super::run::{Bound, Linear, Tried, fuzz};

/// What lists may take is 64 KB and 32 bytes for each byte; while they grow, four times that was allocated. Printing a
/// struct takes as much again.
const PROTOBUF: Bound = Bound {
    allocations: Linear {
        least: 100,
        per_byte: 2,
    },
    bytes: Linear {
        least: 500_000,
        per_byte: 250,
    },
};
const JSON: Bound = Bound {
    allocations: Linear {
        least: 200,
        per_byte: 3,
    },
    bytes: Linear {
        least: 40_000,
        per_byte: 500,
    },
};

/// A message, and how its bytes are read.
type Reader = (&'static RequiredFields, fn(&[u8]));

fn read<M: Checked>(bytes: &[u8]) {
    match decode_checked::<M>(bytes) {
        Ok(message) => drop(format!("{message:?} {}", message.encoded_len())),
        Err(error) => drop(error.to_string()),
    }
}

macro_rules! readers {
    ($($message:path,)*) => {
        &[$((<$message as Checked>::REQUIRED, read::<$message>),)*]
    };
}

mod names {
    pub(super) use podpis_diadoc_proto::*;
}
use names::*;

/// All of them.
const READERS: &[Reader] = readers! {
    AsyncMethodResult, AuthorizationPermission, AutosignReceiptsResult, AutosignReceiptsResultBefore2017,
    Box, CertificateChainElement, CertificateInfo, CertificateVerificationResult, CloudSignConfirmResult,
    CloudSignFile, CloudSignRequest, CloudSignResult, Content, ContentV2, ContentV3, Counteragent,
    CounteragentList, CustomDataItem,
    Department, DocflowStatusModelV3, DocflowStatusV3, DocumentId, DocumentIdEx, FullName, LoginPassword,
    Organization, OrganizationList, OrganizationUserPermissions, ResolutionTarget, SignatureInfo,
    SignatureVerificationResult, Timestamp, User, UserV2, certificates::CertificateInfoV2,
    certificates::CertificateList, docflow::PowerOfAttorneyAttachmentStatus,
    documents::AmendmentRequestMetadata, documents::ConfirmationMetadata, documents::DepartmentFilter,
    documents::Document, documents::DocumentList, documents::GetDocumentsV4Request,
    documents::RecipientReceiptMetadata, documents::ResolutionStatus, documents::SenderReceiptMetadata,
    documents::types::DocumentFunction, documents::types::DocumentFunctionV2,
    documents::types::DocumentMetadataItemV2, documents::types::DocumentTitle,
    documents::types::DocumentTitleV2, documents::types::DocumentTypeDescription,
    documents::types::DocumentTypeDescriptionV2, documents::types::DocumentTypeDescriptionV3,
    documents::types::DocumentVersion, documents::types::DocumentVersionV2,
    documents::types::DocumentWorkflow, documents::types::DocumentWorkflowV2,
    documents::types::GetDocumentTypesResponse, documents::types::GetDocumentTypesResponseV2,
    documents::types::GetDocumentTypesResponseV3, documents::types::SignerInfoV2, dss::DssCertificateData,
    dss::DssFileSigningResult, dss::DssGosKeyData, dss::DssSignFile, dss::DssSignRequest,
    dss::DssSignRequestV2, dss::DssSignResult, employees::Employee, employees::EmployeeAction,
    employees::EmployeePermissions, events::BoxEvent, events::BoxEventList, events::ContentToPatch,
    events::CorrectionRequestAttachment, events::CustomDataPatch, events::DocumentAttachment,
    events::DocumentPatchedContent, events::DocumentSenderSignature, events::DocumentSignature,
    events::DocumentToPatch, events::DraftDocumentToPatch, events::DraftToSend,
    events::EditDocumentPacketCommand, events::EditingPatch, events::Entity, events::EntityPatch,
    events::Message, events::MessagePatch, events::MessagePatchToPost, events::MessagePatchToPostV2,
    events::MessageToPost, events::MetadataItem, events::NonformalizedAttachment,
    events::PowerOfAttorneyInfo, events::PowerOfAttorneyToPost, events::PrepareDocumentsToSignRequest,
    events::PrepareDocumentsToSignResponse, events::ReceiptAttachment, events::RecipientTitleAttachment,
    events::RequestedSignatureRejection, events::ResolutionAttachment, events::ResolutionRequestAttachment,
    events::ResolutionRequestCancellationAttachment, events::ResolutionRequestDenialAttachment,
    events::ResolutionRequestDenialCancellationAttachment, events::ResolutionRouteAssignment,
    events::ResolutionRouteRemoval, events::RevocationRequestAttachment, events::SignatureVerification,
    events::SignedContent, events::TtGisFixationCancellationRequestAttachment,
    events::UniversalMessageAttachment, events::UnsignedContent, events::XmlSignatureRejectionAttachment,
    invoicing::Signer, invoicing::SignerDetails, invoicing::signers::ExtendedSigner,
    invoicing::signers::ExtendedSignerDetails, organizations::AutoBlockStatus, organizations::BlockStatus,
    organizations::ManualBlockStatus, organizations::OrganizationFeatures,
    powers_of_attorney::PowerOfAttorneyFullId, powers_of_attorney::PowerOfAttorneySignedContent,
    powers_of_attorney::PowerOfAttorneyValidationError, powers_of_attorney::PowerOfAttorneyValidationStatus,
};

pub(super) fn protobuf() {
    let all = messages();
    for message in &all {
        let is_read = READERS
            .iter()
            .any(|(known, _)| known.message() == message.full_name());
        assert!(is_read, "{} is not read here", message.full_name());
    }
    fuzz("protobuf", 4_000, PROTOBUF, |numbers| {
        let (known, read) = numbers.one_of(READERS);
        let message = all
            .iter()
            .find(|message| message.full_name() == known.message())
            .unwrap();
        let seeds = [full(message, numbers), full(numbers.one_of(&all), numbers)];
        let input = changed(&seeds, change_protobuf, numbers);
        Tried::new(input, |bytes| {
            read(bytes);
            let _ = decode_autosign_receipts(bytes).is_ok();
        })
    });
}

pub(super) fn diadoc_json() {
    let all = messages();
    let text = |numbers: &mut Numbers| {
        let message = numbers.one_of(&all);
        let name = message
            .full_name()
            .strip_prefix("Diadoc.Api.Proto.")
            .unwrap();
        let written = json::write(name, &full(message, numbers)).unwrap();
        (name, written.to_string().into_bytes())
    };
    fuzz("diadoc_json", 1_000, JSON, |numbers| {
        let (name, seed) = text(numbers);
        let (_, other) = text(numbers);
        let input = changed(&[seed, other], change_json, numbers);
        Tried::new(input, |bytes| match json::read(name, bytes) {
            Ok(message) => {
                let _ = json::write(name, &message).unwrap();
                let _ = json::check(name, &message).is_ok();
            }
            Err(error) => drop(error.to_string()),
        })
    });
}
