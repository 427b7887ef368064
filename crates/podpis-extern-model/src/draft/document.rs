//! Documents of a draft.
//!
//! **Invariant:** a document is signed when the service links to its signature; no status says it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Base64, ContentId, DocumentId, Link, Signature, lenient};

/// Body of a request that adds a document to a draft, or changes one.
///
/// Source: `DocumentRequest` of the official C# SDK; until February 2020 the bytes went in `base64-content`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct DocumentRequest {
    /// Where the bytes are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_id: Option<ContentId>,
    /// The bytes themselves, in the old form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64_content: Option<Base64>,
    /// A signature that was made elsewhere, detached CMS. The service wants DER; `podpis-extern` makes it of every form
    /// that it can read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Base64>,
    /// What the document is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<DocumentDescription>,
}

impl DocumentRequest {
    /// A document whose bytes are in the contents service.
    #[must_use]
    pub fn new(content_id: ContentId) -> Self {
        Self {
            content_id: Some(content_id),
            ..Self::default()
        }
    }

    /// A document whose bytes go with the request, as until 2020.
    pub fn inline(bytes: impl AsRef<[u8]>) -> Self {
        Self {
            base64_content: Some(Base64::encode(bytes)),
            ..Self::default()
        }
    }

    /// Adds a signature that was made elsewhere.
    #[must_use]
    pub fn with_signature(mut self, signature: impl AsRef<[u8]>) -> Self {
        self.signature = Some(Base64::encode(signature));
        self
    }

    /// Says what the document is.
    #[must_use]
    pub fn with_description(mut self, description: DocumentDescription) -> Self {
        self.description = Some(description);
        self
    }
}

/// What a document is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct DocumentDescription {
    /// Its type, for example `urn:document:fns534-report`.
    #[serde(rename = "type")]
    pub document_type: String,
    /// Name of the file.
    pub filename: String,
    /// Content type of the file.
    pub content_type: String,
    /// Code of a document of a business registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub svdreg_code: Option<String>,
    /// Name that the file had before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_filename: Option<String>,
    /// Whether the bytes are encrypted already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_document_encrypted: Option<bool>,
}

impl DocumentDescription {
    /// A document of that type in that file.
    pub fn new(
        document_type: impl Into<String>,
        filename: impl Into<String>,
        content_type: impl Into<String>,
    ) -> Self {
        Self {
            document_type: document_type.into(),
            filename: filename.into(),
            content_type: content_type.into(),
            svdreg_code: None,
            original_filename: None,
            is_document_encrypted: None,
        }
    }

    /// Gives the code of a document of a business registration.
    #[must_use]
    pub fn with_svdreg_code(mut self, code: impl Into<String>) -> Self {
        self.svdreg_code = Some(code.into());
        self
    }

    /// Gives the name that the file had before.
    #[must_use]
    pub fn with_original_filename(mut self, name: impl Into<String>) -> Self {
        self.original_filename = Some(name.into());
        self
    }

    /// Says whether the bytes are encrypted already.
    #[must_use]
    pub fn with_document_encrypted(mut self, encrypted: bool) -> Self {
        self.is_document_encrypted = Some(encrypted);
        self
    }
}

/// A document of a draft.
///
/// Source: `DraftDocument` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct DraftDocument {
    /// Its id.
    #[serde(deserialize_with = "lenient::filled")]
    pub id: Option<DocumentId>,
    /// Where its bytes are.
    pub decrypted_content_link: Option<Link>,
    /// Where its encrypted bytes are.
    pub encrypted_content_link: Option<Link>,
    /// Where its signature is; absent until it is signed.
    pub signature_content_link: Option<Link>,
    /// All its signatures.
    #[serde(deserialize_with = "lenient::list")]
    pub signatures: Vec<Signature>,
    /// What it is.
    pub description: Option<DraftDocumentDescription>,
    /// Where its bytes are in the contents service.
    #[serde(deserialize_with = "lenient::list")]
    pub contents: Vec<DocumentContent>,
    /// What has to be signed, where that is not the document itself.
    #[serde(deserialize_with = "lenient::filled")]
    pub data_to_sign_content_id: Option<ContentId>,
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
}

impl DraftDocument {
    /// Whether the service links to a signature. By whose certificate it is, and whether it is right, is another
    /// question.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.signature_content_link.is_some() || !self.signatures.is_empty()
    }
}

/// What a document of a draft is, in the service's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct DraftDocumentDescription {
    /// Its type, for example `urn:document:fns534-report`.
    #[serde(rename = "type")]
    pub document_type: Option<String>,
    /// Name of the file.
    pub filename: Option<String>,
    /// Content type of the file.
    pub content_type: Option<String>,
    /// What the service read in it.
    #[serde(deserialize_with = "lenient::texts")]
    pub properties: BTreeMap<String, Option<String>>,
}

/// Bytes of a document in the contents service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct DocumentContent {
    /// Where they are.
    #[serde(deserialize_with = "lenient::filled")]
    pub content_id: Option<ContentId>,
    /// Whether they are encrypted.
    #[serde(deserialize_with = "lenient::flag")]
    pub encrypted: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn a_request_has_what_was_given_and_no_null() {
        let description = DocumentDescription::new("urn:document:x", "a.xml", "application/xml");
        let request =
            DocumentRequest::new(ContentId::new("c")).with_description(description.clone());
        assert_eq!(
            serde_json::to_string(&request).unwrap(),
            r#"{"content-id":"c","description":{"type":"urn:document:x","filename":"a.xml","content-type":"application/xml"}}"#
        );
        let description = description
            .with_svdreg_code("1")
            .with_original_filename("b.xml");
        let description = description.with_document_encrypted(false);
        let request = DocumentRequest::inline([1, 2, 3]).with_signature([4, 5, 6]);
        let request = request.with_description(description);
        assert_eq!(
            serde_json::to_string(&request).unwrap(),
            r#"{"base64-content":"AQID","signature":"BAUG","description":{"type":"urn:document:x","filename":"a.xml","content-type":"application/xml","svdreg-code":"1","original-filename":"b.xml","is-document-encrypted":false}}"#
        );
    }

    #[test]
    fn a_document_is_signed_when_there_is_a_link_to_a_signature() {
        let signed = |body: &str| read::<DraftDocument>(body.as_bytes()).unwrap().is_signed();
        assert!(!signed(
            r#"{"id":"d","signature-content-link":null,"signatures":[]}"#
        ));
        assert!(signed(
            r#"{"signature-content-link":{"rel":"","href":"https://..."}}"#
        ));
        assert!(signed(r#"{"signatures":[{"id":"s"}]}"#));
    }
}
