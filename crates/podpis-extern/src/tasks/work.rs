//! What the service is asked to do with a draft, and by which call.
//!
//! **Invariant:** the only place that knows which endpoint belongs to which work; `deferred` is always asked for,
//! because the service answers nothing else since 2022.

use podpis_core::call::Call;
use podpis_extern_model::{AccountId, DraftId, TaskType};
use serde::{Deserialize, Serialize};

use crate::drafts::at;
use crate::endpoints::{DRAFT_CHECK, DRAFT_PREPARE, DRAFT_SEND};
use crate::json::asking;

/// What the service does with a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub(crate) enum Work {
    Check,
    Prepare {
        /// Go on although the check found errors.
        force: bool,
    },
    Send {
        /// Send although the check found errors; the service does so with reports for the pension fund.
        force: bool,
    },
}

impl Work {
    pub(super) fn call(self, account: &AccountId, draft: &DraftId) -> Call {
        let call = |endpoint| at(endpoint, account, draft).query("deferred", "true");
        asking(match self {
            Self::Check => call(&DRAFT_CHECK),
            Self::Prepare { .. } => call(&DRAFT_PREPARE),
            Self::Send { force } => call(&DRAFT_SEND).query("force", force.to_string()),
        })
    }

    pub(super) fn task_type(self) -> TaskType {
        match self {
            Self::Check => TaskType::Check,
            Self::Prepare { .. } => TaskType::Prepare,
            Self::Send { .. } => TaskType::Send,
        }
    }
}
