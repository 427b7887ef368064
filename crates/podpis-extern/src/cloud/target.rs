//! What is signed or decrypted, and by which calls.
//!
//! **Invariant:** the only place that knows which endpoint belongs to which kind of target.

use podpis_core::call::{Call, RepeatPolicy};
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::LockName;
use podpis_extern_model::{AccountId, DraftId, ReplyId, RequestId, TaskId};
use serde::{Deserialize, Serialize};

use crate::DocumentPath;
use crate::endpoints::{
    CONFIRM_CONTENT_DECRYPTION, DECRYPT_CONTENT, DECRYPT_CONTENT_CONFIRM, DOCUMENT_TASK,
    DRAFT_CLOUD_SIGN, DRAFT_CLOUD_SIGN_CONFIRM, DRAFT_TASK, PFR_REPLY_CLOUD_SIGN,
    PFR_REPLY_CLOUD_SIGN_CONFIRM, PFR_REPLY_TASK, REPLY_CLOUD_SIGN, REPLY_CLOUD_SIGN_CONFIRM,
    REPLY_TASK,
};
use crate::json::asking;

/// Which of the two calls takes the code of a decryption: both existed side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "the service has these two")]
pub enum ConfirmPath {
    /// `confirm-content-decryption`, the one that current documents name.
    #[default]
    ConfirmContentDecryption,
    /// `decrypt-content-confirm`, the older one.
    DecryptContentConfirm,
}

/// What an operation is about.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Target {
    Draft {
        draft: DraftId,
    },
    Reply {
        place: DocumentPath,
        reply: ReplyId,
        force_confirmation: bool,
    },
    PfrReply {
        place: DocumentPath,
        reply: ReplyId,
    },
    Document {
        place: DocumentPath,
        unzip: bool,
        confirm: ConfirmPath,
    },
}

impl Target {
    pub(super) fn start(&self, account: &AccountId) -> Call {
        let call = |endpoint| Call::new(endpoint).segment("account", account.as_str());
        asking(match self {
            Self::Draft { draft } => call(&DRAFT_CLOUD_SIGN).segment("draft", draft.as_str()),
            // Sources contradict each other in what the flag means, so it is always sent and never trusted.
            Self::Reply {
                place,
                reply,
                force_confirmation,
            } => call(&REPLY_CLOUD_SIGN)
                .segments("place", place.segments())
                .segment("reply", reply.as_str())
                .query("forceConfirmation", force_confirmation.to_string()),
            Self::PfrReply { place, reply } => call(&PFR_REPLY_CLOUD_SIGN)
                .segments("place", place.segments())
                .segment("reply", reply.as_str()),
            Self::Document { place, unzip, .. } => call(&DECRYPT_CONTENT)
                .segments("place", place.segments())
                .query("unzipIfCan", unzip.to_string()),
        })
    }

    pub(super) fn confirm(
        &self,
        account: &AccountId,
        request: &RequestId,
        code: &ConfirmationCode,
    ) -> Call {
        let call = |endpoint| {
            Call::new(endpoint)
                .segment("account", account.as_str())
                .query("requestId", request.as_str())
                .query("code", code.expose().trim())
        };
        asking(match self {
            Self::Draft { draft } => {
                call(&DRAFT_CLOUD_SIGN_CONFIRM).segment("draft", draft.as_str())
            }
            Self::Reply { place, reply, .. } => call(&REPLY_CLOUD_SIGN_CONFIRM)
                .segments("place", place.segments())
                .segment("reply", reply.as_str()),
            Self::PfrReply { place, reply } => call(&PFR_REPLY_CLOUD_SIGN_CONFIRM)
                .segments("place", place.segments())
                .segment("reply", reply.as_str()),
            Self::Document {
                place,
                unzip,
                confirm,
            } => {
                let endpoint = match confirm {
                    ConfirmPath::ConfirmContentDecryption => &CONFIRM_CONTENT_DECRYPTION,
                    ConfirmPath::DecryptContentConfirm => &DECRYPT_CONTENT_CONFIRM,
                };
                call(endpoint)
                    .segments("place", place.segments())
                    .query("unzip", unzip.to_string())
            }
        })
    }

    /// The call that asks for the task, and the one for services that keep it elsewhere.
    pub(super) fn task(&self, account: &AccountId, task: &TaskId) -> (Call, Option<Call>) {
        let call = |endpoint| {
            let call = Call::new(endpoint)
                .segment("account", account.as_str())
                .segment("task", task.as_str());
            // The next poll is the repetition.
            asking(call.repeat(RepeatPolicy::never()))
        };
        let at_document =
            |place: &DocumentPath| call(&DOCUMENT_TASK).segments("place", place.segments());
        match self {
            Self::Draft { draft } => (call(&DRAFT_TASK).segment("draft", draft.as_str()), None),
            Self::Reply { place, reply, .. } => {
                let at_reply = call(&REPLY_TASK)
                    .segments("place", place.segments())
                    .segment("reply", reply.as_str());
                (at_reply, Some(at_document(place)))
            }
            Self::PfrReply { place, reply } => {
                let at_reply = call(&PFR_REPLY_TASK)
                    .segments("place", place.segments())
                    .segment("reply", reply.as_str());
                (at_reply, Some(at_document(place)))
            }
            Self::Document { place, .. } => (at_document(place), None),
        }
    }

    /// The service refuses two operations on one draft, and two on one docflow.
    pub(super) fn lock(&self) -> LockName {
        match self {
            Self::Draft { draft } => LockName::draft(draft.as_str()),
            Self::Reply { place, .. }
            | Self::PfrReply { place, .. }
            | Self::Document { place, .. } => LockName::docflow(place.docflow_id().as_str()),
        }
    }

    /// For people: what the operation is about.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Draft { draft } => format!("draft {draft}"),
            Self::Reply { reply, .. } => format!("reply {reply}"),
            Self::PfrReply { reply, .. } => format!("PFR reply {reply}"),
            Self::Document { place, .. } => format!("document {}", place.document_id()),
        }
    }
}
