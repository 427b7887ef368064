//! What a draft is about, beside its documents.
//!
//! **Invariant:** the same shapes are sent and read. What a new draft must have is an argument of `new`; when
//! they are read, everything may be absent.

use serde::{Deserialize, Serialize};

use super::{Payer, Recipient, Sender};
use crate::{Base64, DocflowId, DocumentId, lenient};

/// Who sends a draft, for whom and to whom. A draft is created and changed with it, and holds it.
///
/// Source: `DraftMetaRequest` and `DraftMeta` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct DraftMeta {
    /// Who signs and sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<Sender>,
    /// The controlling body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Recipient>,
    /// Whose report it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer: Option<Payer>,
    /// What it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related_document: Option<RelatedDocument>,
    /// Subject, further certificates, warrants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_info: Option<AdditionalInfo>,
    /// What the service should do by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft_options: Option<DraftOptions>,
}

/// The name that the official SDKs give to [`DraftMeta`] in a request.
pub type DraftMetaRequest = DraftMeta;

impl DraftMeta {
    /// For a new draft.
    #[must_use]
    pub fn new(sender: Sender, recipient: Recipient, payer: Payer) -> Self {
        Self {
            sender: Some(sender),
            recipient: Some(recipient),
            payer: Some(payer),
            ..Self::default()
        }
    }

    /// Says what the draft answers.
    #[must_use]
    pub fn with_related_document(mut self, document: RelatedDocument) -> Self {
        self.related_document = Some(document);
        self
    }

    /// Gives a subject, further certificates or warrants.
    #[must_use]
    pub fn with_additional_info(mut self, info: AdditionalInfo) -> Self {
        self.additional_info = Some(info);
        self
    }

    /// Says what the service should do by itself.
    #[must_use]
    pub fn with_options(mut self, options: DraftOptions) -> Self {
        self.draft_options = Some(options);
        self
    }
}

/// What a draft answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct RelatedDocument {
    /// The docflow.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient::filled"
    )]
    pub related_docflow_id: Option<DocflowId>,
    /// The document in it.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient::filled"
    )]
    pub related_document_id: Option<DocumentId>,
}

impl RelatedDocument {
    /// That document of that docflow.
    #[must_use]
    pub fn new(docflow: DocflowId, document: DocumentId) -> Self {
        Self {
            related_docflow_id: Some(docflow),
            related_document_id: Some(document),
        }
    }
}

/// What only some drafts have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct AdditionalInfo {
    /// Subject of a letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Certificates that can decrypt the answers too, DER.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "lenient::list"
    )]
    pub additional_certificates: Vec<Base64>,
    /// The warrant that the sender acts by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine_readable_warrant_id: Option<String>,
    /// The warrant that this one was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_machine_readable_warrant_id: Option<String>,
}

impl AdditionalInfo {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the subject of a letter.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Adds a certificate, DER.
    #[must_use]
    pub fn with_additional_certificate(mut self, certificate: impl AsRef<[u8]>) -> Self {
        let certificate = Base64::encode(certificate);
        self.additional_certificates.push(certificate);
        self
    }

    /// Names the warrant that the sender acts by.
    #[must_use]
    pub fn with_machine_readable_warrant_id(mut self, id: impl Into<String>) -> Self {
        self.machine_readable_warrant_id = Some(id.into());
        self
    }

    /// Names the warrant that this one was made from.
    #[must_use]
    pub fn with_parent_machine_readable_warrant_id(mut self, id: impl Into<String>) -> Self {
        self.parent_machine_readable_warrant_id = Some(id.into());
        self
    }
}

/// What the service should do by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct DraftOptions {
    /// Make the message about the warrant.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient::flag"
    )]
    pub generate_warrant: Option<bool>,
}

impl DraftOptions {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says whether the service makes the message about the warrant.
    #[must_use]
    pub fn with_generate_warrant(mut self, generate: bool) -> Self {
        self.generate_warrant = Some(generate);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn a_request_has_what_was_given_and_no_null() {
        let sender = Sender::new("6676130154", [1, 2, 3], "8.8.8.8");
        let sender = sender.with_kpp("667601001").with_representative(false);
        let payer = Payer::new("6676130154").with_kpp("667601001");
        let meta = DraftMeta::new(sender, Recipient::ifns("0087"), payer);
        assert_eq!(
            serde_json::to_string(&meta).unwrap(),
            r#"{"sender":{"inn":"6676130154","kpp":"667601001","certificate":{"content":"AQID"},"is-representative":false,"ipaddress":"8.8.8.8"},"recipient":{"ifns-code":"0087"},"payer":{"inn":"6676130154","organization":{"kpp":"667601001"}}}"#
        );
    }

    #[test]
    fn everything_that_can_be_given_is_written() {
        let recipient = Recipient::sfr("1").with_registration_ifns_code("2");
        let payer = Payer::new("i")
            .with_name("n")
            .with_registration_number_fss("3");
        let payer = payer
            .with_registration_number_pfr("4")
            .with_registration_number_sfr("5");
        let payer = payer.with_okpo("6").with_ogrn("7").with_snils("8");
        let info = AdditionalInfo::new()
            .with_subject("s")
            .with_additional_certificate([1, 2, 3]);
        let info = info.with_machine_readable_warrant_id("9");
        let info = info.with_parent_machine_readable_warrant_id("10");
        let meta = DraftMeta::new(Sender::new("i", "", "ip").with_name("n"), recipient, payer)
            .with_related_document(RelatedDocument::new(
                DocflowId::new("f"),
                DocumentId::new("d"),
            ))
            .with_additional_info(info)
            .with_options(DraftOptions::new().with_generate_warrant(true));
        let body = serde_json::to_string(&meta).unwrap();
        for name in [
            "sfr-code",
            "registration-ifns-code",
            "registration-number-fss",
            "registration-number-pfr",
            "registration-number-sfr",
            "okpo",
            "ogrn",
            "snils",
            "related-docflow-id",
            "related-document-id",
            "subject",
            "additional-certificates",
            "machine-readable-warrant-id",
            "parent-machine-readable-warrant-id",
            "generate-warrant",
        ] {
            assert!(body.contains(&format!("\"{name}\":")), "{name}");
        }
        assert!(!body.contains("null"));
        assert_eq!(read::<DraftMeta>(body.as_bytes()), Ok(meta));
    }

    #[test]
    fn a_meta_from_the_service_may_have_nothing() {
        let meta: DraftMeta =
            read(br#"{"sender":{"is-representative":"true","new":1},"recipient":null}"#).unwrap();
        assert_eq!(meta.sender.unwrap().is_representative, Some(true));
    }
}
