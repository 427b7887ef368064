//! Decides what a world tells about what is seeded in Extern.
//!
//! **Invariant:** the JSON under `extern` of `/_sandbox/world` is exactly these structures.

use serde::{Deserialize, Serialize};

/// What is seeded in Extern. Login, sid and token belong to the first user, who is a Diadoc user too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExternInfo {
    /// The only client id that the identity service knows.
    pub client_id: String,
    /// The api key: `client_secret` of the identity service and `X-Kontur-Apikey`.
    pub api_key: String,
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
    /// The auth.sid, for `Authorization: auth.sid` together with the api key.
    pub sid: String,
    /// An access token, for `Authorization: Bearer`.
    pub token: String,
    /// The id of the account.
    pub account: String,
    /// All certificates that Extern knows.
    pub certificates: Vec<ExternCertificateInfo>,
    /// The drafts.
    pub drafts: ExternDraftsInfo,
    /// Replies that nobody has signed yet, and where others can be made.
    pub replies: ExternRepliesInfo,
    /// Encrypted documents.
    pub encrypted: ExternEncryptedInfo,
    /// A docflow that asks for replies of every sort, none of which was made yet.
    pub answerable: ExternAnswerableInfo,
}

impl ExternInfo {
    /// The certificate of a kind, for example `dss`.
    #[must_use]
    pub fn certificate(&self, kind: &str) -> Option<&ExternCertificateInfo> {
        self.certificates.iter().find(|known| known.kind == kind)
    }
}

/// One certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExternCertificateInfo {
    /// `dss`, `sms` (both sign), `dss-encryption`, `sms-encryption` (both decrypt), `expired`, `not-qualified`,
    /// `iron` (its key is not in the cloud), `foreign-ca` or `colleague` (another member of the account).
    pub kind: String,
    /// SHA-1 of the certificate in upper-case hexadecimal.
    pub thumbprint: String,
    /// The serial number in upper-case hexadecimal.
    pub serial_number: String,
    /// `ecdsa` (P-256) or `rsa` (2048 bits).
    pub algorithm: String,
    /// The login of its owner.
    pub owner: String,
    /// `my-dss` or `sms`; none when its key is not in the cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<String>,
    /// Whether the first user can sign with it at the world's time.
    pub usable: bool,
}

/// The drafts, by what is special about them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExternDraftsInfo {
    /// Unsigned, three documents, confirmed in the app.
    pub dss: ExternDraftInfo,
    /// Unsigned, three documents, confirmed by SMS.
    pub sms: ExternDraftInfo,
    /// Signed.
    pub signed: ExternDraftInfo,
    /// Signed and prepared.
    pub ready_to_send: ExternDraftInfo,
    /// Signed and sent.
    pub sent: ExternDraftInfo,
    /// Unsigned; the key of its certificate is not in the cloud.
    pub iron: ExternDraftInfo,
    /// Unsigned; its certificate is of another authority.
    pub foreign_ca: ExternDraftInfo,
    /// Without documents.
    pub empty: ExternDraftInfo,
}

/// One draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExternDraftInfo {
    /// Its id.
    pub id: String,
    /// The ids of its documents.
    pub documents: Vec<String>,
    /// The thumbprint of the sender's certificate.
    pub certificate: String,
}

/// The documents that can be replied to, by what is special about the reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExternRepliesInfo {
    /// A receipt for the tax service: can be signed at once.
    pub fns_receipt: ExternReplyInfo,
    /// Another reply to the tax service: always confirmed.
    pub fns_demand: ExternReplyInfo,
    /// A receipt for Rosstat: can be signed at once.
    pub rosstat_receipt: ExternReplyInfo,
    /// A package for the pension fund, at `pfr-replies`.
    pub pfr: ExternReplyInfo,
    /// A receipt for a document of an inventory.
    pub inventory_receipt: ExternReplyInfo,
}

/// A document to reply to, and two replies that are ready to be signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExternReplyInfo {
    /// The document.
    pub place: ExternPlace,
    /// What `generate-reply` or `pfr-generate-reply` takes as `documentType`.
    pub document_type: String,
    /// A reply that is confirmed in the app.
    pub dss: String,
    /// A reply that is confirmed by SMS.
    pub sms: String,
}

/// A docflow that is finished when every document in it was replied to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExternAnswerableInfo {
    /// The docflow.
    pub docflow: String,
    /// Its documents that ask for a reply: receipts, one package at `pfr-replies`, one document of an inventory.
    pub documents: Vec<ExternPlace>,
}

/// The encrypted documents, by how they are decrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExternEncryptedInfo {
    /// Confirmed in the app, not compressed.
    pub dss: ExternEncryptedDocumentInfo,
    /// Confirmed in the app, a zip archive inside.
    pub dss_zip: ExternEncryptedDocumentInfo,
    /// Confirmed by SMS, not compressed.
    pub sms: ExternEncryptedDocumentInfo,
    /// Confirmed by SMS, gzip inside.
    pub sms_gzip: ExternEncryptedDocumentInfo,
    /// In an inventory, confirmed in the app.
    pub inventory_dss: ExternEncryptedDocumentInfo,
    /// In an inventory, confirmed by SMS.
    pub inventory_sms: ExternEncryptedDocumentInfo,
}

/// One encrypted document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExternEncryptedDocumentInfo {
    /// The document.
    pub place: ExternPlace,
    /// The thumbprint of the certificate it is encrypted for.
    pub certificate: String,
    /// `none`, `zip` or `gzip`.
    pub compression: String,
}

/// Where a document is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExternPlace {
    /// The docflow; for an inventory, the related one.
    pub docflow: String,
    /// The document.
    pub document: String,
    /// The related document, for an inventory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_document: Option<String>,
    /// The inventory, for a document of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory: Option<String>,
    /// The path of the document, beginning with `/v1`.
    pub path: String,
}
