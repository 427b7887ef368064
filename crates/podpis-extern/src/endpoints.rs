//! Every endpoint of Kontur.Extern that this client calls.
//!
//! `{place}` is a document of a docflow, or of an inventory: see [`DocumentPath`](crate::DocumentPath).
//!
//! **Invariant:** all that reaches a person is [`Replay::OnlyIfNotSent`]. Asking for a task may attach a
//! signature, and asking again attaches nothing more, so it is safe.

use http::Method;
use podpis_core::call::{Endpoint, Replay};

const fn get(name: &'static str, path: &'static str) -> Endpoint {
    Endpoint {
        name,
        method: Method::GET,
        path,
        replay: Replay::Safe,
    }
}

const fn once(name: &'static str, path: &'static str) -> Endpoint {
    Endpoint {
        name,
        method: Method::POST,
        path,
        replay: Replay::OnlyIfNotSent,
    }
}

/// The accounts of the user.
pub static ACCOUNTS: Endpoint = get("Accounts", "/v1");
/// The certificates of an account.
pub static CERTIFICATES: Endpoint = get("Certificates", "/v1/{account}/certificates");
/// Bytes, whole or a range of them.
pub static CONTENT: Endpoint = get("Content", "/v1/{account}/contents/{content}");
/// New bytes; a repetition leaves an unused content behind, which is removed after 90 days.
pub static CONTENT_UPLOAD: Endpoint = Endpoint {
    name: "ContentUpload",
    method: Method::POST,
    path: "/v1/{account}/contents",
    replay: Replay::Safe,
};

/// A draft.
pub static DRAFT: Endpoint = get("Draft", "/v1/{account}/drafts/{draft}");
/// A document of a draft.
pub static DRAFT_DOCUMENT: Endpoint = get(
    "DraftDocument",
    "/v1/{account}/drafts/{draft}/documents/{document}",
);
/// The signature of a document of a draft.
pub static DRAFT_DOCUMENT_SIGNATURE: Endpoint = get(
    "DraftDocumentSignature",
    "/v1/{account}/drafts/{draft}/documents/{document}/signature",
);
/// Start signing all documents of a draft; reaches the phone.
pub static DRAFT_CLOUD_SIGN: Endpoint =
    once("DraftCloudSign", "/v1/{account}/drafts/{draft}/cloud-sign");
/// Give the code for a draft.
pub static DRAFT_CLOUD_SIGN_CONFIRM: Endpoint = once(
    "DraftCloudSignConfirm",
    "/v1/{account}/drafts/{draft}/cloud-sign-confirm",
);
/// The tasks of a draft.
pub static DRAFT_TASKS: Endpoint = get("DraftTasks", "/v1/{account}/drafts/{draft}/tasks");
/// A task of a draft; attaches the signatures when it says `succeed`.
pub static DRAFT_TASK: Endpoint = get("DraftTask", "/v1/{account}/drafts/{draft}/tasks/{task}");

/// A document of a docflow or an inventory.
pub static DOCUMENT: Endpoint = get("Document", "/v1/{account}/{place}");
/// A task of a document.
pub static DOCUMENT_TASK: Endpoint = get("DocumentTask", "/v1/{account}/{place}/tasks/{task}");
/// The signatures of a document.
pub static DOCUMENT_SIGNATURES: Endpoint =
    get("DocumentSignatures", "/v1/{account}/{place}/signatures");
/// One signature of a document.
pub static DOCUMENT_SIGNATURE: Endpoint = get(
    "DocumentSignature",
    "/v1/{account}/{place}/signatures/{signature}",
);
/// The bytes of one signature of a document.
pub static DOCUMENT_SIGNATURE_CONTENT: Endpoint = get(
    "DocumentSignatureContent",
    "/v1/{account}/{place}/signatures/{signature}/content",
);
/// Start decrypting a document; reaches the phone.
pub static DECRYPT_CONTENT: Endpoint =
    once("DecryptContent", "/v1/{account}/{place}/decrypt-content");
/// Give the code for a decryption; answers with the name of the content.
pub static CONFIRM_CONTENT_DECRYPTION: Endpoint = once(
    "ConfirmContentDecryption",
    "/v1/{account}/{place}/confirm-content-decryption",
);
/// Give the code for a decryption; answers with the bytes.
pub static DECRYPT_CONTENT_CONFIRM: Endpoint = once(
    "DecryptContentConfirm",
    "/v1/{account}/{place}/decrypt-content-confirm",
);

/// A reply.
pub static REPLY: Endpoint = get("Reply", "/v1/{account}/{place}/replies/{reply}");
/// Start signing a reply; reaches the phone unless the service signs at once.
pub static REPLY_CLOUD_SIGN: Endpoint = once(
    "ReplyCloudSign",
    "/v1/{account}/{place}/replies/{reply}/cloud-sign",
);
/// Give the code for a reply.
pub static REPLY_CLOUD_SIGN_CONFIRM: Endpoint = once(
    "ReplyCloudSignConfirm",
    "/v1/{account}/{place}/replies/{reply}/cloud-sign-confirm",
);
/// A task of a reply; attaches the signature when it says `succeed`.
pub static REPLY_TASK: Endpoint = get(
    "ReplyTask",
    "/v1/{account}/{place}/replies/{reply}/tasks/{task}",
);

/// A PFR reply.
pub static PFR_REPLY: Endpoint = get("PfrReply", "/v1/{account}/{place}/pfr-replies/{reply}");
/// Start signing a PFR reply, all its documents at once; reaches the phone.
pub static PFR_REPLY_CLOUD_SIGN: Endpoint = once(
    "PfrReplyCloudSign",
    "/v1/{account}/{place}/pfr-replies/{reply}/cloud-sign",
);
/// Give the code for a PFR reply.
pub static PFR_REPLY_CLOUD_SIGN_CONFIRM: Endpoint = once(
    "PfrReplyCloudSignConfirm",
    "/v1/{account}/{place}/pfr-replies/{reply}/cloud-sign-confirm",
);
/// A task of a PFR reply; attaches the signatures when it says `succeed`.
pub static PFR_REPLY_TASK: Endpoint = get(
    "PfrReplyTask",
    "/v1/{account}/{place}/pfr-replies/{reply}/tasks/{task}",
);

/// All of them.
pub static ALL: &[&Endpoint] = &[
    &ACCOUNTS,
    &CERTIFICATES,
    &CONTENT,
    &CONTENT_UPLOAD,
    &DRAFT,
    &DRAFT_DOCUMENT,
    &DRAFT_DOCUMENT_SIGNATURE,
    &DRAFT_CLOUD_SIGN,
    &DRAFT_CLOUD_SIGN_CONFIRM,
    &DRAFT_TASKS,
    &DRAFT_TASK,
    &DOCUMENT,
    &DOCUMENT_TASK,
    &DOCUMENT_SIGNATURES,
    &DOCUMENT_SIGNATURE,
    &DOCUMENT_SIGNATURE_CONTENT,
    &DECRYPT_CONTENT,
    &CONFIRM_CONTENT_DECRYPTION,
    &DECRYPT_CONTENT_CONFIRM,
    &REPLY,
    &REPLY_CLOUD_SIGN,
    &REPLY_CLOUD_SIGN_CONFIRM,
    &REPLY_TASK,
    &PFR_REPLY,
    &PFR_REPLY_CLOUD_SIGN,
    &PFR_REPLY_CLOUD_SIGN_CONFIRM,
    &PFR_REPLY_TASK,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Which endpoints may be sent again. A line is changed only together with its reason above.
    #[test]
    fn replay_table() {
        for endpoint in ALL {
            let expected = match (endpoint.method.as_str(), endpoint.name) {
                ("GET", _) | (_, "ContentUpload") => Replay::Safe,
                _ => Replay::OnlyIfNotSent,
            };
            assert_eq!(endpoint.replay, expected, "{}", endpoint.name);
        }
        let once: Vec<&str> = ALL
            .iter()
            .filter(|endpoint| endpoint.replay == Replay::OnlyIfNotSent)
            .map(|endpoint| endpoint.name)
            .collect();
        assert_eq!(
            once,
            [
                "DraftCloudSign",
                "DraftCloudSignConfirm",
                "DecryptContent",
                "ConfirmContentDecryption",
                "DecryptContentConfirm",
                "ReplyCloudSign",
                "ReplyCloudSignConfirm",
                "PfrReplyCloudSign",
                "PfrReplyCloudSignConfirm",
            ]
        );
    }
}
