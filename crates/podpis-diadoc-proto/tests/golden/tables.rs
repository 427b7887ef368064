//! The tables of the messages that are only read, as the schema has to have them.
//!
//! *Invariant:* a change of a number, a label, a type or a default in a .proto file fails here.

use podpis_diadoc_proto::FILE_DESCRIPTOR_SET;
use prost_reflect::{DescriptorPool, FieldDescriptor, Kind};

/// Messages by their names below the package, and their fields by ascending number.
#[rustfmt::skip]
pub(crate) const TABLES: &[(&str, &[&str])] = &[
    (
        "AuthorizationPermission",
        &[
            "1 IsBlocked required bool",
            "2 Comment optional string",
        ],
    ),
    (
        "CertificateInfo",
        &[
            "1 Thumbprint optional string",
            "2 ValidFrom optional sfixed64",
            "3 ValidTo optional sfixed64",
            "4 OrganizationName optional string",
            "5 Inn optional string",
        ],
    ),
    (
        "DocflowStatusModelV3",
        &[
            "1 Severity optional string",
            "2 StatusText optional string",
        ],
    ),
    (
        "DocflowStatusV3",
        &[
            "1 PrimaryStatus required DocflowStatusModelV3",
            "2 SecondaryStatus optional DocflowStatusModelV3",
            "3 PowerOfAttorneyGeneralStatus optional PowersOfAttorney.PowerOfAttorneyValidationStatus",
        ],
    ),
    (
        "Documents.AmendmentRequestMetadata",
        &[
            "1 AmendmentFlags required int32",
            "2 ReceiptStatus required Documents.GeneralReceiptStatus = GeneralReceiptStatusUnknown",
        ],
    ),
    (
        "Documents.ConfirmationMetadata",
        &[
            "1 ReceiptStatus required Documents.GeneralReceiptStatus = GeneralReceiptStatusUnknown",
            "2 DateTimeTicks required sfixed64",
        ],
    ),
    (
        "Documents.DepartmentFilter",
        &[
            "1 DepartmentId required string",
            "2 ExcludeSubdepartments optional bool = false",
        ],
    ),
    (
        "Documents.Document",
        &[
            "1 IndexKey optional string",
            "2 MessageId required string",
            "3 EntityId required string",
            "4 CreationTimestampTicks required sfixed64",
            "5 CounteragentBoxId optional string",
            "6 DocumentType optional DocumentType = UnknownDocumentType",
            "9 Content optional Content",
            "10 FileName optional string",
            "11 DocumentDate optional string",
            "12 DocumentNumber optional string",
            "24 IsDeleted optional bool = false",
            "25 DepartmentId optional string",
            "26 IsTest optional bool = false",
            "27 FromDepartmentId optional string",
            "28 ToDepartmentId optional string",
            "30 CustomDocumentId optional string",
            "31 ResolutionStatus optional Documents.ResolutionStatus",
            "32 RevocationStatus optional Documents.RevocationStatus = UnknownRevocationStatus",
            "33 SendTimestampTicks optional sfixed64",
            "34 DeliveryTimestampTicks optional sfixed64",
            "45 PacketId optional string",
            "46 DocumentDirection optional DocumentDirection = UnknownDocumentDirection",
            "47 LastModificationTimestampTicks optional sfixed64",
            "48 IsEncryptedContent optional bool",
            "49 SenderSignatureStatus optional Documents.SenderSignatureStatus = UnknownSenderSignatureStatus",
            "51 IsRead optional bool = false",
            "61 AttachmentVersion optional string",
            "62 ProxySignatureStatus optional Documents.ProxySignatureStatus = UnknownProxySignatureStatus",
            "63 TypeNamedId required string",
            "64 Function required string",
            "65 WorkflowId required int32",
            "66 Title required string",
            "68 RecipientReceiptMetadata required Documents.RecipientReceiptMetadata",
            "69 ConfirmationMetadata required Documents.ConfirmationMetadata",
            "70 RecipientResponseStatus required Documents.RecipientResponseStatus = RecipientResponseStatusUnknown",
            "71 AmendmentRequestMetadata required Documents.AmendmentRequestMetadata",
            "74 LockMode required LockMode = None",
            "75 SenderReceiptMetadata required Documents.SenderReceiptMetadata",
            "76 Version required string",
            "80 DocflowStatus required DocflowStatusV3",
        ],
    ),
    (
        "Documents.DocumentList",
        &[
            "1 TotalCount required int32",
            "2 Documents repeated Documents.Document",
            "3 HasMoreResults optional bool",
        ],
    ),
    (
        "Documents.GetDocumentsV4Request",
        &[
            "1 CounteragentBoxIds repeated string",
            "2 FromDepartmentIds repeated string",
            "3 ToDepartmentIds repeated string",
            "4 Departments repeated Documents.DepartmentFilter",
            "5 DocumentTypeNamedIds repeated string",
            "6 DocumentCategory required string",
            "7 DocumentStatuses repeated string",
            "8 FileNames repeated string",
            "9 DocumentNumbers repeated string",
            "10 FromDocumentDate optional string",
            "11 ToDocumentDate optional string",
            "12 FromTimestamp optional Timestamp",
            "13 ToTimestamp optional Timestamp",
            "14 TotalSums repeated string",
            "15 ToTotalSum optional string",
            "16 FromTotalSum optional string",
            "17 CustomData repeated CustomDataItem",
            "18 SortDirection optional SortDirection = Ascending",
            "19 Count optional int32 = 100",
            "20 AfterIndexKey optional string",
        ],
    ),
    (
        "Documents.RecipientReceiptMetadata",
        &[
            "1 ReceiptStatus required Documents.GeneralReceiptStatus = GeneralReceiptStatusUnknown",
            "2 ConfirmationMetadata optional Documents.ConfirmationMetadata",
        ],
    ),
    (
        "Documents.ResolutionStatus",
        &[
            "1 Type optional Documents.ResolutionStatusType = UnknownResolutionStatus",
            "2 Target optional ResolutionTarget",
            "3 AuthorUserId required string",
            "4 AuthorFIO required string",
        ],
    ),
    (
        "Documents.SenderReceiptMetadata",
        &[
            "1 ReceiptStatus required Documents.GeneralReceiptStatus = GeneralReceiptStatusUnknown",
        ],
    ),
    (
        "Documents.Types.DocumentFunction",
        &[
            "1 Name required string",
            "2 Versions repeated Documents.Types.DocumentVersion",
        ],
    ),
    (
        "Documents.Types.DocumentFunctionV2",
        &[
            "1 Name required string",
            "2 Versions repeated Documents.Types.DocumentVersionV2",
        ],
    ),
    (
        "Documents.Types.DocumentMetadataItemV2",
        &[
            "1 Id required string",
            "2 Type required int32",
            "3 IsRequired required bool",
            "4 Source required int32",
        ],
    ),
    (
        "Documents.Types.DocumentTitle",
        &[
            "1 IsFormal required bool",
            "2 XsdUrl optional string",
        ],
    ),
    (
        "Documents.Types.DocumentTitleV2",
        &[
            "1 IsFormal required bool",
            "2 XsdUrl optional string",
            "3 MetadataItems repeated Documents.Types.DocumentMetadataItemV2",
            "4 EncryptedMetadataItems repeated Documents.Types.DocumentMetadataItemV2",
            "5 UserDataXsdUrl optional string",
            "6 SignerInfo required Documents.Types.SignerInfoV2",
            "7 Index required int32",
        ],
    ),
    (
        "Documents.Types.DocumentTypeDescription",
        &[
            "1 Name required string",
            "2 Title required string",
            "4 RequiresFnsRegistration required bool",
            "9 Functions repeated Documents.Types.DocumentFunction",
        ],
    ),
    (
        "Documents.Types.DocumentTypeDescriptionV2",
        &[
            "1 Name required string",
            "2 Title required string",
            "3 SupportedDocflows repeated int32",
            "4 RequiresFnsRegistration required bool",
            "9 Functions repeated Documents.Types.DocumentFunctionV2",
        ],
    ),
    (
        "Documents.Types.DocumentTypeDescriptionV3",
        &[
            "1 Name required string",
            "2 Title required string",
            "3 SupportedDocflows repeated int32",
            "4 RequiresFnsRegistration required bool",
            "9 Functions repeated Documents.Types.DocumentFunctionV2",
            "10 UniversalMessagesStartDate required string",
        ],
    ),
    (
        "Documents.Types.DocumentVersion",
        &[
            "1 Version required string",
            "2 SupportsContentPatching required bool",
            "3 SupportsEncrypting required bool",
            "4 Titles repeated Documents.Types.DocumentTitle",
            "5 IsActual required bool",
            "6 Workflows repeated Documents.Types.DocumentWorkflow",
        ],
    ),
    (
        "Documents.Types.DocumentVersionV2",
        &[
            "1 Version required string",
            "2 SupportsContentPatching required bool",
            "3 SupportsEncrypting required bool",
            "4 Titles repeated Documents.Types.DocumentTitleV2",
            "5 IsActual required bool",
            "6 Workflows repeated Documents.Types.DocumentWorkflowV2",
            "7 SupportsPredefinedRecipientTitle required bool",
            "8 SupportsAmendmentRequest required bool",
            "9 RejectionType optional Documents.Types.SupportedRejectionType = UnknownSupportedRejectionType",
        ],
    ),
    (
        "Documents.Types.DocumentWorkflow",
        &[
            "1 Id required int32",
            "2 IsDefault required bool",
        ],
    ),
    (
        "Documents.Types.DocumentWorkflowV2",
        &[
            "1 Id required int32",
            "2 IsDefault required bool",
        ],
    ),
    (
        "Documents.Types.GetDocumentTypesResponse",
        &[
            "1 DocumentTypes repeated Documents.Types.DocumentTypeDescription",
        ],
    ),
    (
        "Documents.Types.GetDocumentTypesResponseV2",
        &[
            "1 DocumentTypes repeated Documents.Types.DocumentTypeDescriptionV2",
        ],
    ),
    (
        "Documents.Types.GetDocumentTypesResponseV3",
        &[
            "1 DocumentTypes repeated Documents.Types.DocumentTypeDescriptionV3",
        ],
    ),
    (
        "Documents.Types.SignerInfoV2",
        &[
            "1 SignerType required int32",
            "2 ExtendedDocumentTitleType required int32 = -1",
            "3 SignerUserDataXsdUrl optional string",
        ],
    ),
    (
        "Employees.Employee",
        &[
            "1 User required UserV2",
            "2 Permissions required Employees.EmployeePermissions",
            "3 Position required string",
            "4 CanBeInvitedForChat required bool",
            "5 CreationTimestamp optional Timestamp",
        ],
    ),
    (
        "Employees.EmployeeAction",
        &[
            "1 Name required string",
            "2 IsAllowed required bool",
        ],
    ),
    (
        "Employees.EmployeePermissions",
        &[
            "1 UserDepartmentId required string",
            "2 IsAdministrator required bool",
            "3 DocumentAccessLevel required DocumentAccessLevel = UnknownDocumentAccessLevel",
            "4 SelectedDepartmentIds repeated string",
            "5 Actions repeated Employees.EmployeeAction",
            "6 AuthorizationPermission optional AuthorizationPermission",
        ],
    ),
    (
        "Events.BoxEvent",
        &[
            "1 EventId required string",
            "2 Message optional Events.Message",
            "3 Patch optional Events.MessagePatch",
            "4 IndexKey optional string",
        ],
    ),
    (
        "Events.BoxEventList",
        &[
            "1 Events repeated Events.BoxEvent",
            "2 TotalCount optional int32",
            "3 TotalCountType required TotalCountType",
        ],
    ),
    (
        "FullName",
        &[
            "1 LastName required string",
            "2 FirstName required string",
            "3 MiddleName optional string",
        ],
    ),
    (
        "OrganizationUserPermissions",
        &[
            "1 UserDepartmentId required string",
            "2 IsAdministrator required bool",
            "3 DocumentAccessLevel optional DocumentAccessLevel = UnknownDocumentAccessLevel",
            "4 CanSignDocuments required bool",
            "6 CanManageCounteragents required bool",
            "7 CanAddResolutions required bool",
            "8 CanRequestResolutions required bool",
            "9 SelectedDepartmentIds repeated string",
            "10 JobTitle optional string",
            "11 CanCreateDocuments required bool",
            "12 AuthorizationPermission required AuthorizationPermission",
            "13 CanDeleteRestoreDocuments required bool",
            "14 CanAttachUniversalMessages required bool",
        ],
    ),
    (
        "Organizations.AutoBlockStatus",
        &[
            "1 IsBlocked required bool",
        ],
    ),
    (
        "Organizations.BlockStatus",
        &[
            "1 ManualBlockStatus required Organizations.ManualBlockStatus",
            "2 AutoBlockStatus required Organizations.AutoBlockStatus",
        ],
    ),
    (
        "Organizations.ManualBlockStatus",
        &[
            "1 IsBlocked required bool",
            "2 RequestedTicks optional sfixed64",
        ],
    ),
    (
        "Organizations.OrganizationFeatures",
        &[
            "1 BlockStatus required Organizations.BlockStatus",
            "2 Features repeated string",
        ],
    ),
    (
        "ResolutionTarget",
        &[
            "1 Department optional string",
            "2 DepartmentId optional string",
            "3 User optional string",
            "4 UserId optional string",
        ],
    ),
    (
        "User",
        &[
            "1 Id optional string",
            "2 LastName optional string",
            "3 FirstName optional string",
            "4 MiddleName optional string",
            "5 CloudCertificates repeated CertificateInfo",
        ],
    ),
    (
        "UserV2",
        &[
            "1 UserId required string",
            "2 Login optional string",
            "3 FullName optional FullName",
            "4 IsRegistered required bool",
        ],
    ),
];

#[test]
fn messages_have_these_fields() {
    let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET).unwrap();
    for (name, expected) in TABLES {
        let message = pool
            .get_message_by_name(&format!("Diadoc.Api.Proto.{name}"))
            .unwrap();
        let mut fields: Vec<FieldDescriptor> = message.fields().collect();
        fields.sort_by_key(FieldDescriptor::number);
        let fields: Vec<String> = fields.iter().map(line).collect();
        assert_eq!(fields, *expected, "{name}");
    }
}

fn line(field: &FieldDescriptor) -> String {
    let label = match (field.is_list(), field.is_required()) {
        (true, _) => "repeated",
        (false, true) => "required",
        (false, false) => "optional",
    };
    let kind = match field.kind() {
        Kind::Message(inner) => short(inner.full_name()),
        Kind::Enum(known) => short(known.full_name()),
        scalar => format!("{scalar:?}").to_lowercase(),
    };
    let default = field
        .field_descriptor_proto()
        .default_value
        .as_ref()
        .map_or(String::new(), |value| format!(" = {value}"));
    let (number, name) = (field.number(), field.name());
    format!("{number} {name} {label} {kind}{default}")
}

fn short(name: &str) -> String {
    name.trim_start_matches("Diadoc.Api.Proto.").to_owned()
}
