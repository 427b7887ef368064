//! Documents of a docflow.
//!
//! **Invariant:** whether a document must be decrypted, and which certificates can do it, is read here; whether
//! that works is for the service to say.

use serde::Deserialize;

use crate::open_enum::open_enum;
use crate::{ContentId, DocumentId, ExternDate, Link, ReplyOption, Signature, find_links, lenient};

open_enum! {
    /// How a content is packed.
    ///
    /// Source: `DocflowDocumentContents` of the official Java SDK.
    pub enum CompressionType {
        /// Not at all.
        None = "none",
        /// A zip archive.
        Zip = "zip",
        /// A gzip stream.
        Gzip = "gzip",
    }
}

/// A document of a docflow.
///
/// Source: `Document` of the official SDKs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Document {
    /// Its id.
    #[serde(deserialize_with = "lenient::filled")]
    pub id: Option<DocumentId>,
    /// What it is.
    pub description: Option<DocflowDocumentDescription>,
    /// Where its bytes are.
    pub content: Option<DocumentContents>,
    /// When it was sent.
    #[serde(deserialize_with = "lenient::date")]
    pub send_date: Option<ExternDate>,
    /// Its signatures.
    #[serde(deserialize_with = "lenient::list")]
    pub signatures: Vec<Signature>,
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
}

impl Document {
    /// Whether the service has it decrypted already, so that nobody has to confirm anything.
    ///
    /// Source: `hasDecryptedContent` of the official Java SDK.
    #[must_use]
    pub fn has_decrypted_content(&self) -> bool {
        let linked = self
            .content
            .as_ref()
            .is_some_and(|content| content.decrypted.is_some());
        linked || self.decrypted_contents().next().is_some()
    }

    /// Where its decrypted bytes are in the contents service.
    #[must_use]
    pub fn decrypted_content_id(&self) -> Option<&ContentId> {
        self.decrypted_contents()
            .find_map(|content| content.content_id.as_ref())
    }

    /// The replies that can be made to it now: the name of a link is the type of the reply. None means that
    /// there is nothing to reply.
    ///
    /// Source: `getReplyLinks` of the official Java SDK.
    pub fn reply_links(&self) -> impl Iterator<Item = &Link> {
        find_links(&self.links, "reply")
    }

    /// The replies that can be made to it now. None means that there is nothing to reply.
    pub fn reply_options(&self) -> impl Iterator<Item = ReplyOption> {
        self.reply_links().filter_map(ReplyOption::of)
    }

    fn decrypted_contents(&self) -> impl Iterator<Item = &DocflowDocumentContent> {
        let contents = self
            .content
            .iter()
            .flat_map(|content| &content.docflow_document_contents);
        contents.filter(|content| content.encrypted == Some(false))
    }
}

/// What a document of a docflow is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct DocflowDocumentDescription {
    /// Its type, for example `urn:document:fns534-demand`.
    #[serde(rename = "type")]
    pub document_type: Option<String>,
    /// Name of its file.
    pub filename: Option<String>,
    /// Content type of its file.
    pub content_type: Option<String>,
    /// Size of its bytes.
    #[serde(deserialize_with = "lenient::count")]
    pub decrypted_content_size: Option<u64>,
    /// Size of its encrypted bytes.
    #[serde(deserialize_with = "lenient::count")]
    pub encrypted_content_size: Option<u64>,
    /// Whether its bytes are packed.
    #[serde(deserialize_with = "lenient::flag")]
    pub compressed: Option<bool>,
    /// How many docflows belong to it.
    #[serde(deserialize_with = "lenient::count")]
    pub related_docflows_count: Option<u64>,
    /// Whether the service can recognise it.
    #[serde(deserialize_with = "lenient::flag")]
    pub support_recognition: Option<bool>,
    /// Which certificates can decrypt it.
    #[serde(deserialize_with = "lenient::list")]
    pub encrypted_certificates: Vec<EncryptedCertificate>,
    /// Whether the service can print it.
    #[serde(deserialize_with = "lenient::flag")]
    pub support_print: Option<bool>,
}

/// A certificate that a document is encrypted for.
///
/// Source: `EncryptedCertificate` of the official C# SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct EncryptedCertificate {
    /// Its serial number in hexadecimal digits.
    #[serde(deserialize_with = "lenient::filled")]
    pub serial_number: Option<String>,
}

/// Where the bytes of a document are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct DocumentContents {
    /// Its bytes.
    pub decrypted: Option<Link>,
    /// Its encrypted bytes.
    pub encrypted: Option<Link>,
    /// Its bytes in the contents service.
    #[serde(deserialize_with = "lenient::list")]
    pub docflow_document_contents: Vec<DocflowDocumentContent>,
}

/// Bytes of a document in the contents service.
///
/// Source: `DocflowDocumentContents` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct DocflowDocumentContent {
    /// Where they are.
    #[serde(deserialize_with = "lenient::filled")]
    pub content_id: Option<ContentId>,
    /// Whether they are encrypted.
    #[serde(deserialize_with = "lenient::flag")]
    pub encrypted: Option<bool>,
    /// Whether they are packed.
    #[serde(deserialize_with = "lenient::flag")]
    pub compressed: Option<bool>,
    /// How they are packed.
    pub compression_type: Option<CompressionType>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    fn document(body: &str) -> Document {
        read(body.as_bytes()).unwrap()
    }

    #[test]
    fn a_document_is_decrypted_by_a_content_or_a_link() {
        let stored = document(
            r#"{"content":{"docflow-document-contents":[{"content-id":"e","encrypted":true},{"content-id":"d","encrypted":false}]}}"#,
        );
        assert!(stored.has_decrypted_content());
        assert_eq!(stored.decrypted_content_id(), Some(&ContentId::new("d")));
        let linked = document(r#"{"content":{"decrypted":{"rel":"","href":"https://..."}}}"#);
        assert!(linked.has_decrypted_content());
        assert_eq!(linked.decrypted_content_id(), None);
        for body in [
            "{}",
            r#"{"content":{"docflow-document-contents":[{"content-id":"x"}]}}"#,
        ] {
            assert!(!document(body).has_decrypted_content(), "{body}");
        }
    }

    #[test]
    fn reply_links_name_the_possible_replies() {
        let document = document(
            r#"{"links":[{"rel":"self","href":"a"},{"rel":"reply","href":"b","name":"fns534-demand-receipt"}]}"#,
        );
        let names: Vec<_> = document
            .reply_links()
            .filter_map(|link| link.name.as_deref())
            .collect();
        assert_eq!(names, ["fns534-demand-receipt"]);
    }
}
