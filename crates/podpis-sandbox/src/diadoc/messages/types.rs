//! Decides which types of documents the box knows, and how their flows go.
//!
//! **Invariant:** what is told of a type is what the other methods do with it.

use podpis_diadoc_proto::documents::types::{
    DocumentFunction, DocumentFunctionV2, DocumentTitle, DocumentTitleV2, DocumentTypeDescription,
    DocumentTypeDescriptionV2, DocumentTypeDescriptionV3, DocumentVersion, DocumentVersionV2,
    DocumentWorkflow, DocumentWorkflowV2, GetDocumentTypesResponse, GetDocumentTypesResponseV2,
    GetDocumentTypesResponseV3, SignerInfoV2, SupportedRejectionType,
};

use super::super::boxes;
use super::message::is_formalized;
use crate::answer::{Handled, Reply};
use crate::call::Call;

/// The flow in which the recipient signs when the sender asks for it.
const OPTIONAL_SIGNATURE: i32 = 1;
/// The flow in which the recipient signs.
const SIGNATURE: i32 = 2;

/// Name, title, function and version.
const TYPES: [(&str, &str, &str, &str); 2] = [
    (
        "Nonformalized",
        "Неформализованный документ",
        "default",
        "v1",
    ),
    (
        "UniversalTransferDocument",
        "Универсальный передаточный документ",
        "СЧФДОП",
        "utd970_05_03_01",
    ),
];

/// The number of the flow of a type.
pub(super) fn workflow(type_named_id: &str) -> i32 {
    if is_formalized(type_named_id) {
        SIGNATURE
    } else {
        OPTIONAL_SIGNATURE
    }
}

/// From when on documents of any type can be refused by universal messages. *Chosen*: no source shows a value.
const UNIVERSAL_MESSAGES: &str = "01.01.2023";

/// `GET /V2/GetDocumentTypes`.
pub(crate) fn list(call: &Call) -> Handled {
    boxes::own(call)?;
    Ok(Reply::message(
        &GetDocumentTypesResponseV2::new().with_document_types(described()),
    ))
}

/// The same of version 3.
pub(crate) fn list_v3(call: &Call) -> Handled {
    boxes::own(call)?;
    let types = described().map(|it| DocumentTypeDescriptionV3 {
        name: it.name,
        title: it.title,
        supported_docflows: it.supported_docflows,
        requires_fns_registration: it.requires_fns_registration,
        functions: it.functions,
        universal_messages_start_date: UNIVERSAL_MESSAGES.to_owned(),
    });
    Ok(Reply::message(
        &GetDocumentTypesResponseV3::new().with_document_types(types),
    ))
}

/// The same of version 1, which knows less of a version and of its titles.
pub(crate) fn list_v1(call: &Call) -> Handled {
    boxes::own(call)?;
    let title = |it: DocumentTitleV2| DocumentTitle::new(it.is_formal);
    let workflow = |it: DocumentWorkflowV2| DocumentWorkflow::new(it.id, it.is_default);
    let version = |it: DocumentVersionV2| DocumentVersion {
        version: it.version,
        supports_content_patching: it.supports_content_patching,
        supports_encrypting: it.supports_encrypting,
        titles: it.titles.into_iter().map(title).collect(),
        is_actual: it.is_actual,
        workflows: it.workflows.into_iter().map(workflow).collect(),
    };
    let function = |it: DocumentFunctionV2| {
        DocumentFunction::new(it.name).with_versions(it.versions.into_iter().map(version))
    };
    let types = described().map(|it| {
        DocumentTypeDescription::new(it.name, it.title, it.requires_fns_registration)
            .with_functions(it.functions.into_iter().map(function))
    });
    Ok(Reply::message(
        &GetDocumentTypesResponse::new().with_document_types(types),
    ))
}

fn described() -> [DocumentTypeDescriptionV2; 2] {
    TYPES.map(|(name, title, function, version)| {
        let formal = is_formalized(name);
        let signer = SignerInfoV2::new(if formal { 3 } else { 0 }, -1);
        let version = DocumentVersionV2 {
            version: version.to_owned(),
            supports_content_patching: formal,
            is_actual: true,
            titles: vec![DocumentTitleV2 {
                is_formal: formal,
                signer_info: signer,
                ..DocumentTitleV2::default()
            }],
            workflows: vec![DocumentWorkflowV2::new(workflow(name), true)],
            rejection_type: Some(SupportedRejectionType::TYPE_SPECIFIC_REJECTION.number()),
            ..DocumentVersionV2::default()
        };
        DocumentTypeDescriptionV2::new(name, title, formal)
            .with_functions([DocumentFunctionV2::new(function).with_versions([version])])
    })
}
