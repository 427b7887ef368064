//! What the sending of a report keeps in its record.
//!
//! **Invariant:** everything that a later step sends: ids, names, what the report is about, and what the steps before
//! gave. Never a byte of a document.

use podpis_cms::Signatures;
use podpis_core::Error;
use podpis_core::client::TrustCheck;
use podpis_core::wait::Current;
use podpis_extern_model::{
    AccountId, CheckResult, ContentId, DocflowId, DocumentDescription, DocumentId, DocumentRequest,
    DraftId, DraftMeta,
};
use podpis_operation::Fingerprint;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Extern;
use crate::cloud::{self, Target, bound};
use crate::tasks::{self, Work};

/// The client's part of the record.
#[derive(Clone, Serialize, Deserialize)]
#[expect(
    missing_debug_implementations,
    reason = "it holds the service's handles, which no log should show"
)]
pub struct Record {
    pub(super) account: AccountId,
    pub(super) draft: DraftId,
    pub(super) meta: Box<DraftMeta>,
    /// In the order of the operation's files.
    pub(super) documents: Vec<Document>,
    /// The thumbprint of the certificate that signs.
    pub(super) certificate: String,
    #[serde(default)]
    pub(super) force: bool,
    /// What the check found.
    #[serde(default)]
    pub(super) check: CheckResult,
    /// The record of the signing when it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signed: Option<cloud::Record>,
    #[serde(flatten)]
    pub(super) step: Step,
}

/// A document whose bytes are in the contents service.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Document {
    pub(super) id: DocumentId,
    pub(super) content: ContentId,
    pub(super) document_type: String,
    pub(super) filename: String,
    pub(super) content_type: String,
    /// What is signed of it, where that is not the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) data_to_sign: Option<OtherBytes>,
}

/// Bytes that the service made of a document: where they are, and what they are recognised by.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct OtherBytes {
    pub(super) content: ContentId,
    pub(super) file: Fingerprint,
}

/// How far it is. `inner` is the record of the operation that the step is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    Draft,
    Documents,
    Check { inner: tasks::Record },
    Sign { inner: cloud::Record },
    Prepare { inner: tasks::Record },
    Send { inner: tasks::Record },
    Sent { docflow: DocflowId, told: Value },
}

impl Document {
    pub(super) fn request(&self) -> DocumentRequest {
        DocumentRequest::new(self.content.clone()).with_description(DocumentDescription::new(
            &*self.document_type,
            &*self.filename,
            &*self.content_type,
        ))
    }
}

impl Record {
    /// This record at another step.
    pub(super) fn at(&self, step: Step) -> Self {
        Self {
            step,
            ..self.clone()
        }
    }

    /// The record at the work that comes next, which is not sent yet.
    pub(super) fn before_work(&self, work: Work) -> Self {
        let inner = tasks::Record::new(self.account.clone(), self.draft.clone(), work);
        self.at(match work {
            Work::Check => Step::Check { inner },
            Work::Prepare { .. } => Step::Prepare { inner },
            Work::Send { .. } => Step::Send { inner },
        })
    }

    /// The record at the signing that comes next, which is not sent yet.
    pub(super) fn before_signing(&self) -> Self {
        let documents = self.documents.iter().map(|one| one.id.clone()).collect();
        let target = Target::Draft {
            draft: self.draft.clone(),
        };
        let inner = cloud::unsent(&self.account, target, documents, &self.certificate);
        self.at(Step::Sign { inner })
    }

    /// What is signed: the files, and other bytes where the service made such of them.
    pub(super) fn signed_files(&self, files: &[Fingerprint]) -> Vec<Fingerprint> {
        let mut files = files.to_vec();
        for (file, document) in files.iter_mut().zip(&self.documents) {
            if let Some(other) = &document.data_to_sign {
                file.clone_from(&other.file);
            }
        }
        files
    }

    /// The signatures, each bound to what was signed, which are `files`; with `trust` their signers are judged.
    pub(super) fn signatures(
        &self,
        client: &Extern,
        at: Current<'_, Self>,
        files: &[Fingerprint],
        trust: Option<&TrustCheck>,
    ) -> Result<Signatures, Error> {
        let signed = self.signed.as_ref();
        let signed = signed.ok_or_else(|| at.unreadable("it has no record of the signing"))?;
        bound(client, at.part(files, signed), trust)
    }

    /// The text with the names of the files beside the ids of the documents.
    pub(super) fn named(&self, text: &str) -> String {
        let (mut named, mut rest) = (String::with_capacity(text.len()), text);
        // In one go: what was put in is not looked through again.
        while let Some(next) = rest.chars().next() {
            let mut documents = self.documents.iter();
            let is_here = |one: &&Document| {
                let id = one.id.as_str();
                !id.is_empty() && rest.starts_with(id)
            };
            let length = match documents.find(is_here) {
                Some(document) => {
                    let id = document.id.as_str();
                    named.push_str(&format!("{id} ({})", document.filename));
                    id.len()
                }
                None => {
                    named.push(next);
                    next.len_utf8()
                }
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        named
    }
}
