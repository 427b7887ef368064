//! Replies to documents of a docflow, and PFR replies, which are packages of documents.
//!
//! **Invariant:** a reply is signed when it holds a signature; an empty one is none.

use serde::{Deserialize, Serialize};

use crate::{Base64, DocflowId, DocumentId, Link, ReplyId, base64_text, lenient};

/// Body of the requests that take a certificate: to generate a reply, and to decrypt.
///
/// Source: `CertificateContent` of the official Java SDK (`certificate-base64`), and for a decryption
/// `CertificateRequest` of the C# one of 2021 (`content`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct CertificateRequest {
    /// The certificate, DER, under the name that the service understands today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_base64: Option<Base64>,
    /// The certificate, DER, under the name of the C# SDK of 2021.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Base64>,
}

impl CertificateRequest {
    /// With that certificate, DER.
    pub fn new(certificate: impl AsRef<[u8]>) -> Self {
        Self {
            certificate_base64: Some(Base64::encode(certificate)),
            content: None,
        }
    }

    /// With that certificate under its other name, for a service that does not know `certificate-base64`.
    pub fn as_content(certificate: impl AsRef<[u8]>) -> Self {
        Self {
            certificate_base64: None,
            content: Some(Base64::encode(certificate)),
        }
    }
}

/// Body of the request that sends a reply.
///
/// Source: `SendReplyDocumentRequest` of the official C# SDK.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SendRequest {
    /// IP address that the reply comes from.
    pub sender_ip: String,
}

impl SendRequest {
    /// From that IP address.
    pub fn new(sender_ip: impl Into<String>) -> Self {
        Self {
            sender_ip: sender_ip.into(),
        }
    }
}

/// A reply to a document.
///
/// Source: `ReplyDocument` of the official SDKs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct ReplyDocument {
    /// Its id.
    #[serde(deserialize_with = "lenient::filled")]
    pub id: Option<ReplyId>,
    /// The reply itself. The documentation now says to take it from the contents service.
    pub content: Option<Base64>,
    /// What has to be signed, where that is not the content.
    pub data_to_sign: Option<Base64>,
    /// The reply for people, PDF.
    pub print_content: Option<Base64>,
    /// Name of its file.
    pub filename: Option<String>,
    /// Its signature, CMS; absent until it is signed.
    pub signature: Option<Base64>,
    /// Where to go on; `sign` and `sign-confirm` are absent for a certificate whose key is with the user.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
    /// The docflow that it belongs to.
    #[serde(deserialize_with = "lenient::filled")]
    pub docflow_id: Option<DocflowId>,
    /// The document that it answers.
    #[serde(deserialize_with = "lenient::filled")]
    pub document_id: Option<DocumentId>,
}

impl ReplyDocument {
    /// Whether it holds a signature. By whose certificate it is, and whether it is right, is another question.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        base64_text::is_filled(self.signature.as_ref())
    }
}

/// A PFR reply: documents that are signed and sent together.
///
/// Source: `PfrReply` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct PfrReply {
    /// Its id.
    #[serde(deserialize_with = "lenient::filled")]
    pub id: Option<ReplyId>,
    /// Its documents.
    #[serde(deserialize_with = "lenient::list")]
    pub documents: Vec<PfrReplyDocument>,
    /// The docflow that it belongs to.
    #[serde(deserialize_with = "lenient::filled")]
    pub docflow_id: Option<DocflowId>,
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
}

impl PfrReply {
    /// Whether there are documents and each holds a signature.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        !self.documents.is_empty() && self.documents.iter().all(PfrReplyDocument::is_signed)
    }
}

/// A document of a PFR reply.
///
/// Source: `PfrReplyDocument` of the official Java SDK, which also reads the whole reply as one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct PfrReplyDocument {
    /// Its id.
    #[serde(deserialize_with = "lenient::filled")]
    pub id: Option<DocumentId>,
    /// The reply that it belongs to.
    #[serde(deserialize_with = "lenient::filled")]
    pub reply_id: Option<ReplyId>,
    /// The docflow that it belongs to.
    #[serde(deserialize_with = "lenient::filled")]
    pub docflow_id: Option<DocflowId>,
    /// The document that it answers.
    #[serde(deserialize_with = "lenient::filled")]
    pub document_id: Option<DocumentId>,
    /// Its encrypted bytes.
    pub encrypted_content: Option<Base64>,
    /// Where its bytes are.
    pub decrypted_content: Option<Link>,
    /// Its signature, CMS; absent until it is signed.
    pub signature: Option<Base64>,
    /// Where to go on; `sign` and `sign-confirm` are absent for a certificate whose key is with the user.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
}

impl PfrReplyDocument {
    /// Whether it holds a signature. By whose certificate it is, and whether it is right, is another question.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        base64_text::is_filled(self.signature.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn a_certificate_goes_under_either_name() {
        let body = |request| serde_json::to_string(&request).unwrap();
        let today = CertificateRequest::new([1, 2, 3]);
        assert_eq!(body(today), r#"{"certificate-base64":"AQID"}"#);
        let other = CertificateRequest::as_content([1, 2, 3]);
        assert_eq!(body(other), r#"{"content":"AQID"}"#);
        let send = serde_json::to_string(&SendRequest::new("8.8.8.8")).unwrap();
        assert_eq!(send, r#"{"sender-ip":"8.8.8.8"}"#);
    }

    #[test]
    fn an_empty_signature_is_none() {
        let signed = |body: &str| read::<ReplyDocument>(body.as_bytes()).unwrap().is_signed();
        assert!(!signed(r#"{"signature":null}"#));
        assert!(!signed(r#"{"signature":""}"#));
        assert!(signed(r#"{"signature":"MIIB"}"#));
    }

    #[test]
    fn a_package_is_signed_when_all_of_it_is() {
        let signed = |body: &str| read::<PfrReply>(body.as_bytes()).unwrap().is_signed();
        assert!(!signed(r#"{"documents":[]}"#));
        assert!(!signed(
            r#"{"documents":[{"signature":"MIIB"},{"signature":null}]}"#
        ));
        assert!(signed(
            r#"{"documents":[{"signature":"MIIB"},{"signature":"MIIC"}]}"#
        ));
    }
}
