//! What an operation of Extern keeps in its record.
//!
//! **Invariant:** ids and signatures; never a code and never a byte of a document.

use podpis_core::error::tidy;
use podpis_core::wait::KeptBytes;
use podpis_extern_model::{AccountId, ContentId, DocumentId, OperationStatus, RequestId, TaskId};
use podpis_operation::{Fingerprint, Operation};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::target::Target;

/// The client's part of the record.
#[derive(Clone, Serialize, Deserialize)]
#[expect(
    missing_debug_implementations,
    reason = "it holds the service's handles, which no log should show"
)]
pub struct Record {
    pub(super) account: AccountId,
    pub(super) target: Target,
    /// The documents that are signed, in the order of the operation's files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) documents: Vec<DocumentId>,
    /// The certificate that signs, as a thumbprint, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) certificate: Option<String>,
    /// What was there before the start: a lost answer is not made up for by what is older.
    #[serde(default)]
    pub(super) before: Before,
    /// How far the service is, as the last poll told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) progress: Option<String>,
    #[serde(flatten)]
    pub(super) step: Step,
}

/// What a draft or a reply had before the start.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Before {
    /// SHA-1 of each signature, in upper-case hexadecimal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) signatures: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) tasks: Vec<TaskId>,
}

/// How far the conversation is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    /// The start is about to be sent.
    Starting,
    /// The SMS is on its way.
    Code { request: RequestId },
    /// The phone is asked, or the service works.
    Task { task: TaskId },
    /// Nothing is left to confirm; the result has to be fetched. `looks` counts how often it was not there yet.
    Fetching {
        looks: u32,
        /// Whether somebody confirmed, or the service signed without asking anybody.
        confirmed: bool,
    },
    /// The signatures, in Base64, in the order of the documents; none where a document has none.
    Signed { signatures: Vec<Option<String>> },
    /// The decrypted content.
    Decrypted { content: ContentId },
}

impl Record {
    /// This record at another step.
    pub(super) fn at(&self, step: Step) -> Self {
        Self {
            step,
            ..self.clone()
        }
    }

    /// This record with the service's progress, where that is news.
    pub(super) fn with_progress(&self, progress: &OperationStatus) -> Option<Self> {
        let progress = Some(tidy(&progress.to_string()));
        (self.progress != progress).then(|| Self {
            progress,
            ..self.clone()
        })
    }
}

/// The record of signing what nobody has signed before, for an operation that has it as a step.
pub(crate) fn unsent(
    account: &AccountId,
    target: Target,
    documents: Vec<DocumentId>,
    certificate: &str,
) -> Record {
    Record {
        account: account.clone(),
        target,
        documents,
        certificate: Some(certificate.to_owned()),
        before: Before::default(),
        progress: None,
        step: Step::Starting,
    }
}

/// The signatures in the record of a signing, whatever else is wrong with it. `files` are what was signed.
pub(crate) fn kept(data: &Value, files: &[Fingerprint]) -> Vec<KeptBytes> {
    let signatures = data.get("signatures").and_then(Value::as_array);
    let signatures = signatures.into_iter().flatten().enumerate();
    signatures
        .filter_map(|(at, one)| Some(KeptBytes::stored(files.get(at), one.as_str()?)))
        .collect()
}

/// Likewise for an operation of several steps: that of the step it is at, or of the one it has behind it. `listed` names
/// where the record says what was signed, where that is not the operation's own files.
pub(crate) fn kept_of_steps(
    operation: &Operation,
    listed: &str,
    file: impl Fn(&Value) -> Option<&Value>,
) -> Vec<KeptBytes> {
    let data = operation.data().to_value();
    let mut files = operation.files().to_vec();
    let other = data.get(listed).and_then(Value::as_array);
    for (at, one) in other.into_iter().flatten().enumerate() {
        let other = file(one).and_then(|file| serde_json::from_value(file.clone()).ok());
        match (other, files.get_mut(at)) {
            (Some(other), Some(file)) => *file = other,
            (Some(other), None) => files.push(other),
            (None, _) => {}
        }
    }
    let signings = [data.get("signed"), data.get("inner")];
    let mut signings = signings.into_iter().flatten().map(|one| kept(one, &files));
    signings.find(|kept| !kept.is_empty()).unwrap_or_default()
}
