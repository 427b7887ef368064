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

/// A call that writes the same again when it is repeated, or leaves behind only what is harmless.
const fn again(name: &'static str, method: Method, path: &'static str) -> Endpoint {
    Endpoint {
        name,
        method,
        path,
        replay: Replay::Safe,
    }
}

/// The accounts of the user.
pub static ACCOUNTS: Endpoint = get("Accounts", "/v1");
/// The certificates of an account.
pub static CERTIFICATES: Endpoint = get("Certificates", "/v1/{account}/certificates");
/// Bytes, whole or a range of them.
pub static CONTENT: Endpoint = get("Content", "/v1/{account}/contents/{content}");
/// New bytes, or the first part of them; a repetition leaves an unused content behind, which is removed after 90
/// days.
pub static CONTENT_UPLOAD: Endpoint =
    again("ContentUpload", Method::POST, "/v1/{account}/contents");
/// Another part; a repetition writes the same bytes to the same place.
pub static CONTENT_PART: Endpoint = again(
    "ContentPart",
    Method::PUT,
    "/v1/{account}/contents/{content}",
);

/// The drafts of an account, by pages.
pub static DRAFTS: Endpoint = get("Drafts", "/v1/{account}/drafts");
/// A new draft under an id that the service chooses; a repetition makes a second draft.
pub static DRAFT_CREATE: Endpoint = once("DraftCreate", "/v1/{account}/drafts");
/// A draft under an id that the client chose, new or not; a repetition writes the same.
pub static DRAFT_PUT: Endpoint = again("DraftPut", Method::PUT, "/v1/{account}/drafts/{draft}");
/// Remove a draft; a repetition finds nothing to remove.
pub static DRAFT_DELETE: Endpoint = again(
    "DraftDelete",
    Method::DELETE,
    "/v1/{account}/drafts/{draft}",
);
/// What a draft is about.
pub static DRAFT_META: Endpoint = get("DraftMeta", "/v1/{account}/drafts/{draft}/meta");
/// Say anew what a draft is about; a repetition writes the same.
pub static DRAFT_META_PUT: Endpoint = again(
    "DraftMetaPut",
    Method::PUT,
    "/v1/{account}/drafts/{draft}/meta",
);
/// A new document under an id that the service chooses; a repetition adds a second document.
pub static DRAFT_DOCUMENT_ADD: Endpoint =
    once("DraftDocumentAdd", "/v1/{account}/drafts/{draft}/documents");
/// A document under an id that the client chose, new or not; a repetition writes the same.
pub static DRAFT_DOCUMENT_PUT: Endpoint = again(
    "DraftDocumentPut",
    Method::PUT,
    "/v1/{account}/drafts/{draft}/documents/{document}",
);
/// Remove a document; a repetition finds nothing to remove.
pub static DRAFT_DOCUMENT_DELETE: Endpoint = again(
    "DraftDocumentDelete",
    Method::DELETE,
    "/v1/{account}/drafts/{draft}/documents/{document}",
);
/// The bytes of a draft's document. The documentation calls it deprecated: at most 64 MB.
pub static DRAFT_DOCUMENT_CONTENT: Endpoint = get(
    "DraftDocumentContent",
    "/v1/{account}/drafts/{draft}/documents/{document}/decrypted-content",
);
/// The encrypted bytes of a draft's document. The documentation calls it deprecated: at most 64 MB.
pub static DRAFT_DOCUMENT_ENCRYPTED_CONTENT: Endpoint = get(
    "DraftDocumentEncryptedContent",
    "/v1/{account}/drafts/{draft}/documents/{document}/encrypted-content",
);
/// Start printing a draft's document; the documentation makes it a GET, and a repetition prints again.
pub static DRAFT_DOCUMENT_PRINT: Endpoint = get(
    "DraftDocumentPrint",
    "/v1/{account}/drafts/{draft}/documents/{document}/print",
);
/// A task that prints a draft's document.
pub static DRAFT_DOCUMENT_TASK: Endpoint = get(
    "DraftDocumentTask",
    "/v1/{account}/drafts/{draft}/documents/{document}/tasks/{task}",
);
/// Give a draft's document a signature that was made elsewhere; a repetition writes the same one.
pub static DRAFT_DOCUMENT_SIGNATURE_PUT: Endpoint = again(
    "DraftDocumentSignaturePut",
    Method::PUT,
    "/v1/{account}/drafts/{draft}/documents/{document}/signature",
);
/// Add a signature under an id that the service chooses; a repetition adds it a second time.
pub static DRAFT_SIGNATURE_ADD: Endpoint = once(
    "DraftSignatureAdd",
    "/v1/{account}/drafts/{draft}/documents/{document}/signatures",
);
/// One of the signatures of a draft's document.
pub static DRAFT_SIGNATURE: Endpoint = get(
    "DraftSignature",
    "/v1/{account}/drafts/{draft}/documents/{document}/signatures/{signature}",
);
/// Replace a signature; a repetition writes the same one.
pub static DRAFT_SIGNATURE_PUT: Endpoint = again(
    "DraftSignaturePut",
    Method::PUT,
    "/v1/{account}/drafts/{draft}/documents/{document}/signatures/{signature}",
);
/// Remove a signature; a repetition finds nothing to remove.
pub static DRAFT_SIGNATURE_DELETE: Endpoint = again(
    "DraftSignatureDelete",
    Method::DELETE,
    "/v1/{account}/drafts/{draft}/documents/{document}/signatures/{signature}",
);
/// The bytes of one of the signatures of a draft's document.
pub static DRAFT_SIGNATURE_CONTENT: Endpoint = get(
    "DraftSignatureContent",
    "/v1/{account}/drafts/{draft}/documents/{document}/signatures/{signature}/content",
);
/// Start checking a draft. Whether a lost start arrived is looked up before it is sent again.
pub static DRAFT_CHECK: Endpoint = once("DraftCheck", "/v1/{account}/drafts/{draft}/check");
/// Start preparing a draft: it is encrypted for its recipient. Looked up as a check is.
pub static DRAFT_PREPARE: Endpoint = once("DraftPrepare", "/v1/{account}/drafts/{draft}/prepare");
/// Start sending a draft; cannot be undone, and works once for each draft.
pub static DRAFT_SEND: Endpoint = once("DraftSend", "/v1/{account}/drafts/{draft}/send");

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

/// The docflows of an account, by pages.
pub static DOCFLOWS: Endpoint = get("Docflows", "/v1/{account}/docflows");
/// A docflow with its documents.
pub static DOCFLOW: Endpoint = get("Docflow", "/v1/{account}/docflows/{docflow}");
/// The documents of a docflow.
pub static DOCUMENTS: Endpoint = get("Documents", "/v1/{account}/docflows/{docflow}/documents");

/// A document of a docflow or an inventory.
pub static DOCUMENT: Endpoint = get("Document", "/v1/{account}/{place}");
/// What a document is.
pub static DOCUMENT_DESCRIPTION: Endpoint =
    get("DocumentDescription", "/v1/{account}/{place}/description");
/// The encrypted bytes of a document. The documentation calls it deprecated: at most 64 MB.
pub static DOCUMENT_ENCRYPTED_CONTENT: Endpoint = get(
    "DocumentEncryptedContent",
    "/v1/{account}/{place}/encrypted-content",
);
/// The bytes of a document. The documentation calls it deprecated: at most 64 MB.
pub static DOCUMENT_DECRYPTED_CONTENT: Endpoint = get(
    "DocumentDecryptedContent",
    "/v1/{account}/{place}/decrypted-content",
);
/// Store the bytes of a document that were decrypted elsewhere; a repetition stores the same content.
pub static DOCUMENT_DECRYPTED_CONTENT_PUT: Endpoint = again(
    "DocumentDecryptedContentPut",
    Method::PUT,
    "/v1/{account}/{place}/decrypted-content",
);
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

/// Make a reply to a document. A repetition makes another reply: nothing is said to anybody until one of them is
/// sent, after which the service makes no more, and no source lists the others or counts them against anything.
pub static GENERATE_REPLY: Endpoint = again(
    "GenerateReply",
    Method::POST,
    "/v1/{account}/{place}/generate-reply",
);
/// A reply.
pub static REPLY: Endpoint = get("Reply", "/v1/{account}/{place}/replies/{reply}");
/// Replace the content of a reply; a repetition writes the same bytes.
pub static REPLY_CONTENT_PUT: Endpoint = again(
    "ReplyContentPut",
    Method::PUT,
    "/v1/{account}/{place}/replies/{reply}/content",
);
/// Give a reply a signature that was made elsewhere; a repetition writes the same one.
pub static REPLY_SIGNATURE_PUT: Endpoint = again(
    "ReplySignaturePut",
    Method::PUT,
    "/v1/{account}/{place}/replies/{reply}/signature",
);
/// Send a reply; cannot be undone.
pub static REPLY_SEND: Endpoint = once("ReplySend", "/v1/{account}/{place}/replies/{reply}/send");
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

/// Make a PFR reply; harmless to repeat, as [`GENERATE_REPLY`] is.
pub static PFR_GENERATE_REPLY: Endpoint = again(
    "PfrGenerateReply",
    Method::POST,
    "/v1/{account}/{place}/pfr-generate-reply",
);
/// A PFR reply.
pub static PFR_REPLY: Endpoint = get("PfrReply", "/v1/{account}/{place}/pfr-replies/{reply}");
/// Store the bytes of a document of a PFR reply; a repetition writes the same ones.
pub static PFR_REPLY_DECRYPTED_CONTENT_PUT: Endpoint = again(
    "PfrReplyDecryptedContentPut",
    Method::PUT,
    "/v1/{account}/{place}/pfr-replies/{reply}/documents/{part}/decrypted-content",
);
/// Give a document of a PFR reply a signature that was made elsewhere; a repetition writes the same one.
pub static PFR_REPLY_SIGNATURE_PUT: Endpoint = again(
    "PfrReplySignaturePut",
    Method::PUT,
    "/v1/{account}/{place}/pfr-replies/{reply}/documents/{part}/signature",
);
/// Send a PFR reply; cannot be undone.
pub static PFR_REPLY_SEND: Endpoint = once(
    "PfrReplySend",
    "/v1/{account}/{place}/pfr-replies/{reply}/send",
);
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

/// The code of an SMS; the test stand has it, production has not.
pub static TEST_CONFIRMATION_CODE: Endpoint = get(
    "TestConfirmationCode",
    "/test-tools/v1/get-cloud-sign-confirmation-code",
);

/// All of them.
pub static ALL: &[&Endpoint] = &[
    &ACCOUNTS,
    &CERTIFICATES,
    &CONTENT,
    &CONTENT_UPLOAD,
    &CONTENT_PART,
    &DRAFTS,
    &DRAFT_CREATE,
    &DRAFT_PUT,
    &DRAFT_DELETE,
    &DRAFT_META,
    &DRAFT_META_PUT,
    &DRAFT_DOCUMENT_ADD,
    &DRAFT_DOCUMENT_PUT,
    &DRAFT_DOCUMENT_DELETE,
    &DRAFT_DOCUMENT_CONTENT,
    &DRAFT_DOCUMENT_ENCRYPTED_CONTENT,
    &DRAFT_DOCUMENT_PRINT,
    &DRAFT_DOCUMENT_TASK,
    &DRAFT_DOCUMENT_SIGNATURE_PUT,
    &DRAFT_SIGNATURE_ADD,
    &DRAFT_SIGNATURE,
    &DRAFT_SIGNATURE_PUT,
    &DRAFT_SIGNATURE_DELETE,
    &DRAFT_SIGNATURE_CONTENT,
    &DRAFT_CHECK,
    &DRAFT_PREPARE,
    &DRAFT_SEND,
    &DRAFT,
    &DRAFT_DOCUMENT,
    &DRAFT_DOCUMENT_SIGNATURE,
    &DRAFT_CLOUD_SIGN,
    &DRAFT_CLOUD_SIGN_CONFIRM,
    &DRAFT_TASKS,
    &DRAFT_TASK,
    &DOCFLOWS,
    &DOCFLOW,
    &DOCUMENTS,
    &DOCUMENT,
    &DOCUMENT_DESCRIPTION,
    &DOCUMENT_ENCRYPTED_CONTENT,
    &DOCUMENT_DECRYPTED_CONTENT,
    &DOCUMENT_DECRYPTED_CONTENT_PUT,
    &DOCUMENT_TASK,
    &DOCUMENT_SIGNATURES,
    &DOCUMENT_SIGNATURE,
    &DOCUMENT_SIGNATURE_CONTENT,
    &DECRYPT_CONTENT,
    &CONFIRM_CONTENT_DECRYPTION,
    &DECRYPT_CONTENT_CONFIRM,
    &GENERATE_REPLY,
    &REPLY,
    &REPLY_CONTENT_PUT,
    &REPLY_SIGNATURE_PUT,
    &REPLY_SEND,
    &REPLY_CLOUD_SIGN,
    &REPLY_CLOUD_SIGN_CONFIRM,
    &REPLY_TASK,
    &PFR_GENERATE_REPLY,
    &PFR_REPLY,
    &PFR_REPLY_DECRYPTED_CONTENT_PUT,
    &PFR_REPLY_SIGNATURE_PUT,
    &PFR_REPLY_SEND,
    &PFR_REPLY_CLOUD_SIGN,
    &PFR_REPLY_CLOUD_SIGN_CONFIRM,
    &PFR_REPLY_TASK,
    &TEST_CONFIRMATION_CODE,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Which endpoints may be sent again. A line is changed only together with its reason above.
    #[test]
    fn replay_table() {
        for endpoint in ALL {
            let expected = match (endpoint.method.as_str(), endpoint.name) {
                ("GET", _)
                | (_, "ContentUpload" | "ContentPart")
                | (_, "DocumentDecryptedContentPut")
                | (_, "DraftPut" | "DraftMetaPut" | "DraftDocumentPut")
                | (_, "DraftDocumentSignaturePut" | "DraftSignaturePut")
                | ("DELETE", "DraftDelete" | "DraftDocumentDelete" | "DraftSignatureDelete")
                | (_, "GenerateReply" | "ReplyContentPut" | "ReplySignaturePut")
                | (
                    _,
                    "PfrGenerateReply" | "PfrReplyDecryptedContentPut" | "PfrReplySignaturePut",
                ) => Replay::Safe,
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
                "DraftCreate",
                "DraftDocumentAdd",
                "DraftSignatureAdd",
                "DraftCheck",
                "DraftPrepare",
                "DraftSend",
                "DraftCloudSign",
                "DraftCloudSignConfirm",
                "DecryptContent",
                "ConfirmContentDecryption",
                "DecryptContentConfirm",
                "ReplySend",
                "ReplyCloudSign",
                "ReplyCloudSignConfirm",
                "PfrReplySend",
                "PfrReplyCloudSign",
                "PfrReplyCloudSignConfirm",
            ]
        );
    }
}
