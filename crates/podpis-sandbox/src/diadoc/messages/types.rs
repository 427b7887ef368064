//! Decides which types of documents the box knows, and how their flows go.
//!
//! **Invariant:** what is told of a type is what the other methods do with it.

use podpis_diadoc_proto::documents::types::{
    DocumentFunctionV2, DocumentTitleV2, DocumentTypeDescriptionV2, DocumentVersionV2,
    DocumentWorkflowV2, GetDocumentTypesResponseV2, SignerInfoV2, SupportedRejectionType,
};

use super::super::boxes;
use super::store::is_formalized;
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

/// `GET /V2/GetDocumentTypes`.
pub(crate) fn list(call: &Call) -> Handled {
    boxes::own(call)?;
    let types = TYPES.map(|(name, title, function, version)| {
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
    });
    Ok(Reply::message(
        &GetDocumentTypesResponseV2::new().with_document_types(types),
    ))
}
