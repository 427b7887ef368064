//! Decides which types of documents the box knows, and how their flows go.
//!
//! **Invariant:** what is told of a type is what the other methods do with it.

use podpis_diadoc_proto::DocumentType;
use podpis_diadoc_proto::documents::types::{
    DocumentFunction, DocumentFunctionV2, DocumentTitle, DocumentTitleV2, DocumentTypeDescription,
    DocumentTypeDescriptionV2, DocumentTypeDescriptionV3, DocumentVersion, DocumentVersionV2,
    DocumentWorkflow, DocumentWorkflowV2, GetDocumentTypesResponse, GetDocumentTypesResponseV2,
    GetDocumentTypesResponseV3, SignerInfoV2, SupportedRejectionType,
};
use podpis_diadoc_proto::events::AttachmentType;

use super::super::boxes;
use crate::answer::{Handled, Reply};
use crate::call::Call;

/// The flow in which the recipient signs, that of types which nobody knows.
pub(super) const SIGNATURE: i32 = 2;

/// What a document of a type is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A file of any kind; who answers, signs.
    File,
    /// The sender's title, which has a format; who answers, signs.
    Title,
    /// A title of either side: the answer is a title too.
    Titles,
}

/// A type of documents.
pub(super) struct Kind {
    name: &'static str,
    title: &'static str,
    function: &'static str,
    version: &'static str,
    /// The number of its flow.
    pub(super) workflow: i32,
    form: Form,
    pub(super) attachment: AttachmentType,
    /// Its number in the older schema.
    pub(super) number: DocumentType,
}

/// A type with one function and one version.
macro_rules! kind {
    ($name:literal, $title:literal, $workflow:literal, $form:ident, $constant:ident) => {
        Kind {
            name: $name,
            title: $title,
            function: "default",
            version: "v1",
            workflow: $workflow,
            form: Form::$form,
            attachment: AttachmentType::$constant,
            number: DocumentType::$constant,
        }
    };
}

#[rustfmt::skip]
static KINDS: [Kind; 11] = [
    kind!("Nonformalized", "Неформализованный документ", 1, File, NONFORMALIZED),
    Kind {
        function: "СЧФДОП",
        version: "utd970_05_03_01",
        ..kind!("UniversalTransferDocument", "Универсальный передаточный документ", 2, Title, UNIVERSAL_TRANSFER_DOCUMENT)
    },
    kind!("Contract", "Договор", 2, File, CONTRACT),
    kind!("ReconciliationAct", "Акт сверки", 2, File, RECONCILIATION_ACT),
    kind!("Torg12", "Товарная накладная ТОРГ-12", 1, File, TORG12),
    kind!("XmlTorg12", "Товарная накладная", 3, Titles, XML_TORG12),
    kind!("AcceptanceCertificate", "Акт о выполнении работ", 1, File, ACCEPTANCE_CERTIFICATE),
    kind!("XmlAcceptanceCertificate", "Акт", 3, Titles, XML_ACCEPTANCE_CERTIFICATE),
    kind!("Invoice", "Счёт-фактура", 10, Title, INVOICE),
    kind!("PriceListAgreement", "Протокол согласования цены", 1, File, PRICE_LIST_AGREEMENT),
    kind!("SupplementaryAgreement", "Дополнительное соглашение", 2, File, SUPPLEMENTARY_AGREEMENT),
];

/// What is known about a type.
pub(super) fn kind(type_named_id: &str) -> Option<&'static Kind> {
    (KINDS.iter()).find(|known| known.name.eq_ignore_ascii_case(type_named_id))
}

/// Whether documents of a type have a format. One that is not known may have any.
pub(super) fn is_formalized(type_named_id: &str) -> bool {
    kind(type_named_id).is_none_or(|known| known.form != Form::File)
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

fn described() -> impl Iterator<Item = DocumentTypeDescriptionV2> {
    KINDS.iter().map(|known| {
        let is_formal = known.form != Form::File;
        let title = |index| DocumentTitleV2 {
            index,
            is_formal,
            signer_info: SignerInfoV2::new(if is_formal { 3 } else { 0 }, -1),
            ..DocumentTitleV2::default()
        };
        let last = i32::from(known.form == Form::Titles);
        let version = DocumentVersionV2 {
            version: known.version.to_owned(),
            supports_content_patching: is_formal,
            is_actual: true,
            titles: (0..=last).map(title).collect(),
            workflows: vec![DocumentWorkflowV2::new(known.workflow, true)],
            rejection_type: Some(SupportedRejectionType::TYPE_SPECIFIC_REJECTION.number()),
            ..DocumentVersionV2::default()
        };
        let function = DocumentFunctionV2::new(known.function).with_versions([version]);
        DocumentTypeDescriptionV2::new(known.name, known.title, is_formal)
            .with_functions([function])
    })
}
