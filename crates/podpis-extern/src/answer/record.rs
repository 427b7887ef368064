//! What the answering of a document keeps in its record.
//!
//! **Invariant:** everything that a later step sends, and what the steps before gave. Never a byte of a document.

use podpis_extern_model::{
    AccountId, CertificateRequest, ContentId, DocumentId, PfrReply, ReplyDocument, ReplyId,
};
use podpis_operation::Fingerprint;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::sending::{SendRecord, SendStep};
use crate::DocumentPath;
use crate::cloud::{self, Target};

/// The client's part of the record.
#[derive(Clone, Serialize, Deserialize)]
#[expect(
    missing_debug_implementations,
    reason = "it holds the service's handles, which no log should show"
)]
pub struct Record {
    pub(super) account: AccountId,
    pub(super) place: DocumentPath,
    pub(super) reply_type: String,
    /// Whether it is a package for the pension fund.
    pub(super) package: bool,
    /// The certificate that the reply is made for, DER in Base64.
    pub(super) certificate: podpis_extern_model::Base64,
    /// Its thumbprint.
    pub(super) thumbprint: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) decline_codes: Vec<String>,
    #[serde(default)]
    pub(super) force_confirmation: bool,
    pub(super) sender_ip: String,
    /// What the documents of a package get as their contents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) contents: Vec<Content>,
    /// The reply, when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reply: Option<ReplyId>,
    /// Its documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<Part>,
    /// The record of the signing when it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signed: Option<cloud::Record>,
    #[serde(flatten)]
    pub(super) step: Step,
}

/// Bytes in the contents service.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) id: ContentId,
    pub(super) file: Fingerprint,
}

/// A document of the reply: what is signed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) id: DocumentId,
    pub(super) file: Fingerprint,
    /// Whether the service has no content of it.
    #[serde(default)]
    pub(super) empty: bool,
}

/// How far it is. `inner` is the record of the operation that the step is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    Generate,
    Contents,
    Sign { inner: cloud::Record },
    Send { inner: SendRecord },
    Sent { told: Value },
}

impl Record {
    pub(super) fn at(&self, step: Step) -> Self {
        Self {
            step,
            ..self.clone()
        }
    }

    pub(super) fn certificate_request(&self) -> Option<CertificateRequest> {
        self.certificate.decode().ok().map(CertificateRequest::new)
    }

    /// The record of a reply that was made, about to be signed.
    pub(super) fn made(&self, id: ReplyId, reply: &ReplyDocument) -> Self {
        let file = crate::cloud::reply_file(&id, reply);
        let part = Part {
            id: self.place.document_id().clone(),
            file,
            empty: false,
        };
        Self {
            reply: Some(id),
            parts: vec![part],
            ..self.clone()
        }
        .before_signing()
    }

    /// The record of a package that was made, about to get its contents.
    pub(super) fn package_made(&self, id: ReplyId, reply: &PfrReply) -> Self {
        let parts = reply.documents.iter().filter_map(|document| {
            let id = document.id.clone()?;
            Some(Part {
                file: Fingerprint::named(id.to_string()),
                id,
                empty: document.decrypted_content.is_none(),
            })
        });
        let mut parts: Vec<Part> = parts.collect();
        for (at, part) in parts.iter_mut().enumerate() {
            if let Some(content) = self.content_for(at) {
                part.file.size = content.file.size;
                part.file.digests.clone_from(&content.file.digests);
            }
        }
        Self {
            reply: Some(id),
            parts,
            step: Step::Contents,
            ..self.clone()
        }
    }

    /// What the document at that place of the package gets: one content for all, or one for each.
    pub(super) fn content_for(&self, at: usize) -> Option<&Content> {
        match self.contents.as_slice() {
            [one] => Some(one),
            several => several.get(at),
        }
    }

    pub(super) fn before_signing(&self) -> Self {
        let Some(reply) = &self.reply else {
            return self.at(Step::Generate);
        };
        let (place, reply) = (self.place.clone(), reply.clone());
        let target = if self.package {
            Target::PfrReply { place, reply }
        } else {
            Target::Reply {
                place,
                reply,
                force_confirmation: self.force_confirmation,
            }
        };
        let parts = self.parts.iter().map(|part| part.id.clone()).collect();
        let inner = cloud::unsent(&self.account, target, parts, &self.thumbprint);
        self.at(Step::Sign { inner })
    }

    /// The documents of the reply, which are what is signed.
    pub(super) fn signed_files(&self) -> Vec<Fingerprint> {
        self.parts.iter().map(|part| part.file.clone()).collect()
    }

    /// The record at the sending that comes next, which is not sent yet.
    pub(super) fn before_sending(&self) -> Option<Self> {
        let inner = SendRecord {
            account: self.account.clone(),
            place: self.place.clone(),
            reply: self.reply.clone()?,
            package: self.package,
            sender_ip: self.sender_ip.clone(),
            // It was looked up before the reply was made.
            asked: true,
            reply_type: Some(self.reply_type.clone()),
            step: SendStep::Starting,
        };
        Some(self.at(Step::Send { inner }))
    }
}
