//! What the sending of a report keeps in its record.
//!
//! **Invariant:** everything that a later step sends: ids, names, what the report is about, and what the steps before
//! gave. Never a byte of a document.

use podpis_core::wait::Record as _;
use podpis_extern_model::{
    AccountId, CheckResult, ContentId, DocflowId, DocumentDescription, DocumentId, DocumentRequest,
    DraftId, DraftMeta,
};
use podpis_operation::{Event, Fingerprint, Operation, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cloud::draft_signing;
use crate::tasks::{self, Work, in_words};

/// The client's part of the record.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) account: AccountId,
    pub(super) draft: DraftId,
    pub(super) meta: DraftMeta,
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
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(super) signed: Value,
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
    Check { inner: Value },
    Sign { inner: Value },
    Prepare { inner: Value },
    Send { inner: Value },
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

impl podpis_core::wait::Record for Record {}

impl Record {
    /// The same record at another step.
    pub(super) fn at(&self, step: Step) -> Self {
        Self {
            step,
            ..self.clone()
        }
    }

    /// The record at the work that comes next, which is not sent yet.
    pub(super) fn before_work(&self, work: Work) -> Self {
        let inner = tasks::Record::new(self.account.clone(), self.draft.clone(), work)
            .to_data()
            .to_value();
        self.at(match work {
            Work::Check => Step::Check { inner },
            Work::Prepare { .. } => Step::Prepare { inner },
            Work::Send { .. } => Step::Send { inner },
        })
    }

    fn before_signing(&self) -> Self {
        let documents = self.documents.iter().map(|one| one.id.clone()).collect();
        let inner = draft_signing(&self.account, &self.draft, documents, &self.certificate);
        self.at(Step::Sign { inner })
    }

    /// The operation as the signing sees it: with its own record, and with what is signed as its files.
    pub(super) fn signing(&self, operation: &Operation, inner: &Value) -> Operation {
        let mut files = operation.files().to_vec();
        for (file, document) in files.iter_mut().zip(&self.documents) {
            if let Some(other) = &document.data_to_sign {
                file.clone_from(&other.file);
            }
        }
        operation.clone().with_files(files).with_data(inner.clone())
    }

    /// The record that comes after the check, where this event says that the check is behind it.
    pub(super) fn checked(&self, event: &Event) -> Option<Self> {
        match (&self.step, event) {
            (Step::Check { .. }, Event::NextStep { data }) => data
                .read()
                .ok()
                .filter(|next: &Self| matches!(next.step, Step::Sign { .. })),
            _ => None,
        }
    }

    /// What happened to the step's operation, as what happened to the whole.
    pub(super) fn after(&self, event: Event) -> Event {
        match event {
            Event::Finished { data } => self.after_the_step(data.to_value()),
            Event::Refused { refusal, message } => Event::Refused {
                refusal,
                message: message.map(|text| self.named(&text)),
            },
            event => event.map_data(|inner| {
                let inner = inner.to_value();
                self.at(match &self.step {
                    Step::Check { .. } => Step::Check { inner },
                    Step::Sign { .. } => Step::Sign { inner },
                    Step::Prepare { .. } => Step::Prepare { inner },
                    Step::Send { .. } => Step::Send { inner },
                    other => other.clone(),
                })
                .to_data()
            }),
        }
    }

    fn after_the_step(&self, data: Value) -> Event {
        let next = |record: Self| Event::NextStep {
            data: record.to_data(),
        };
        let told = || serde_json::from_value::<tasks::Record>(data.clone()).map(|inner| inner.step);
        match (&self.step, told()) {
            (Step::Check { .. }, Ok(tasks::Step::Checked { result })) => {
                if let Some(words) = in_words(&result).filter(|_| !self.force) {
                    return Event::Refused {
                        refusal: Refusal::DocumentsRefused,
                        message: Some(self.named(&words)),
                    };
                }
                let checked = Self {
                    check: result,
                    ..self.clone()
                };
                next(checked.before_signing())
            }
            (Step::Sign { .. }, _) => {
                let signed = Self {
                    signed: data,
                    ..self.clone()
                };
                next(signed.before_work(Work::Prepare { force: self.force }))
            }
            (Step::Prepare { .. }, _) => next(self.before_work(Work::Send { force: self.force })),
            (Step::Send { .. }, Ok(tasks::Step::Sent { docflow, told })) => Event::Finished {
                data: self.at(Step::Sent { docflow, told }).to_data(),
            },
            // No step ends in another way; if one did, nothing would go on under it.
            _ => Event::Refused {
                refusal: Refusal::Other,
                message: Some("what a step gave cannot be read".to_owned()),
            },
        }
    }

    /// The text with the names of the files beside the ids of the documents.
    pub(super) fn named(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for document in &self.documents {
            let id = document.id.as_str();
            text = text.replace(id, &format!("{id} ({})", document.filename));
        }
        text
    }
}
