//! What an operation without a person keeps in its record.
//!
//! **Invariant:** ids, and what the service said at the end; never a byte of a document.

use podpis_extern_model::{AccountId, CheckResult, DocflowId, DraftId, PrepareStatus, TaskId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::work::Work;

/// The client's part of the record.
#[derive(Clone, Serialize, Deserialize)]
#[expect(
    missing_debug_implementations,
    reason = "it holds the service's handles, which no log should show"
)]
pub struct Record {
    pub(crate) account: AccountId,
    pub(crate) draft: DraftId,
    pub(crate) work: Work,
    /// The tasks of this sort that were there before the start: none of them is the one whose answer was lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) before: Vec<TaskId>,
    #[serde(flatten)]
    pub(crate) step: Step,
}

/// How far the conversation is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(crate) enum Step {
    /// The start is about to be sent.
    Starting,
    /// The service works.
    Task { task: TaskId },
    /// What a check found.
    Checked { result: CheckResult },
    /// How a preparation ended.
    Prepared {
        #[serde(default)]
        result: CheckResult,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<PrepareStatus>,
    },
    /// The draft was sent.
    Sent {
        docflow: DocflowId,
        /// The docflow in the service's words; none where it was found in the draft.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        told: Value,
    },
}

impl Record {
    pub(crate) fn new(account: AccountId, draft: DraftId, work: Work) -> Self {
        Self {
            account,
            draft,
            work,
            before: Vec::new(),
            step: Step::Starting,
        }
    }

    /// This record at another step.
    pub(super) fn at(&self, step: Step) -> Self {
        Self {
            step,
            ..self.clone()
        }
    }
}
