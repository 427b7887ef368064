//! Every endpoint of Kontur.Extern that this client calls.
//!
//! `{place}` is a document of a docflow, or of an inventory: see [`DocumentPath`](crate::DocumentPath).
//!
//! **Invariant:** all that reaches a person is [`Replay::OnlyIfNotSent`](podpis_core::call::Replay). Asking for a task may attach a
//! signature, and asking again attaches nothing more, so it is safe.

podpis_core::endpoints! {
    /// The accounts of the user.
    ACCOUNTS = Safe "Accounts" GET "/v1";
    /// The certificates of an account.
    CERTIFICATES = Safe "Certificates" GET "/v1/{account}/certificates";
    /// Bytes, whole or a range of them.
    CONTENT = Safe "Content" GET "/v1/{account}/contents/{content}";
    /// New bytes, or the first part of them; a repetition leaves an unused content behind, which is removed after 90
    /// days.
    CONTENT_UPLOAD = Safe "ContentUpload" POST "/v1/{account}/contents";
    /// Another part; a repetition writes the same bytes to the same place.
    CONTENT_PART = Safe "ContentPart" PUT "/v1/{account}/contents/{content}";
    /// The drafts of an account, by pages.
    DRAFTS = Safe "Drafts" GET "/v1/{account}/drafts";
    /// A new draft under an id that the service chooses; a repetition makes a second draft.
    DRAFT_CREATE = OnlyIfNotSent "DraftCreate" POST "/v1/{account}/drafts";
    /// A draft under an id that the client chose, new or not; a repetition writes the same.
    DRAFT_PUT = Safe "DraftPut" PUT "/v1/{account}/drafts/{draft}";
    /// Remove a draft; a repetition finds nothing to remove.
    DRAFT_DELETE = Safe "DraftDelete" DELETE "/v1/{account}/drafts/{draft}";
    /// What a draft is about.
    DRAFT_META = Safe "DraftMeta" GET "/v1/{account}/drafts/{draft}/meta";
    /// Say anew what a draft is about; a repetition writes the same.
    DRAFT_META_PUT = Safe "DraftMetaPut" PUT "/v1/{account}/drafts/{draft}/meta";
    /// A new document under an id that the service chooses; a repetition adds a second document.
    DRAFT_DOCUMENT_ADD = OnlyIfNotSent "DraftDocumentAdd" POST "/v1/{account}/drafts/{draft}/documents";
    /// A document under an id that the client chose, new or not; a repetition writes the same.
    DRAFT_DOCUMENT_PUT = Safe "DraftDocumentPut" PUT "/v1/{account}/drafts/{draft}/documents/{document}";
    /// Remove a document; a repetition finds nothing to remove.
    DRAFT_DOCUMENT_DELETE = Safe "DraftDocumentDelete" DELETE "/v1/{account}/drafts/{draft}/documents/{document}";
    /// The bytes of a draft's document. The documentation calls it deprecated: at most 64 MB.
    DRAFT_DOCUMENT_CONTENT = Safe "DraftDocumentContent" GET "/v1/{account}/drafts/{draft}/documents/{document}/decrypted-content";
    /// The encrypted bytes of a draft's document. The documentation calls it deprecated: at most 64 MB.
    DRAFT_DOCUMENT_ENCRYPTED_CONTENT = Safe "DraftDocumentEncryptedContent" GET "/v1/{account}/drafts/{draft}/documents/{document}/encrypted-content";
    /// Start printing a draft's document; the documentation makes it a GET, and a repetition prints again.
    DRAFT_DOCUMENT_PRINT = Safe "DraftDocumentPrint" GET "/v1/{account}/drafts/{draft}/documents/{document}/print";
    /// A task that prints a draft's document.
    DRAFT_DOCUMENT_TASK = Safe "DraftDocumentTask" GET "/v1/{account}/drafts/{draft}/documents/{document}/tasks/{task}";
    /// Give a draft's document a signature that was made elsewhere; a repetition writes the same one.
    DRAFT_DOCUMENT_SIGNATURE_PUT = Safe "DraftDocumentSignaturePut" PUT "/v1/{account}/drafts/{draft}/documents/{document}/signature";
    /// Add a signature under an id that the service chooses; a repetition adds it a second time.
    DRAFT_SIGNATURE_ADD = OnlyIfNotSent "DraftSignatureAdd" POST "/v1/{account}/drafts/{draft}/documents/{document}/signatures";
    /// One of the signatures of a draft's document.
    DRAFT_SIGNATURE = Safe "DraftSignature" GET "/v1/{account}/drafts/{draft}/documents/{document}/signatures/{signature}";
    /// Replace a signature; a repetition writes the same one.
    DRAFT_SIGNATURE_PUT = Safe "DraftSignaturePut" PUT "/v1/{account}/drafts/{draft}/documents/{document}/signatures/{signature}";
    /// Remove a signature; a repetition finds nothing to remove.
    DRAFT_SIGNATURE_DELETE = Safe "DraftSignatureDelete" DELETE "/v1/{account}/drafts/{draft}/documents/{document}/signatures/{signature}";
    /// The bytes of one of the signatures of a draft's document.
    DRAFT_SIGNATURE_CONTENT = Safe "DraftSignatureContent" GET "/v1/{account}/drafts/{draft}/documents/{document}/signatures/{signature}/content";
    /// Start checking a draft. Whether a lost start arrived is looked up before it is sent again.
    DRAFT_CHECK = OnlyIfNotSent "DraftCheck" POST "/v1/{account}/drafts/{draft}/check";
    /// Start preparing a draft: it is encrypted for its recipient. Looked up as a check is.
    DRAFT_PREPARE = OnlyIfNotSent "DraftPrepare" POST "/v1/{account}/drafts/{draft}/prepare";
    /// Start sending a draft; cannot be undone, and works once for each draft.
    DRAFT_SEND = OnlyIfNotSent "DraftSend" POST "/v1/{account}/drafts/{draft}/send";
    /// A draft.
    DRAFT = Safe "Draft" GET "/v1/{account}/drafts/{draft}";
    /// A document of a draft.
    DRAFT_DOCUMENT = Safe "DraftDocument" GET "/v1/{account}/drafts/{draft}/documents/{document}";
    /// The signature of a document of a draft.
    DRAFT_DOCUMENT_SIGNATURE = Safe "DraftDocumentSignature" GET "/v1/{account}/drafts/{draft}/documents/{document}/signature";
    /// Start signing all documents of a draft; reaches the phone.
    DRAFT_CLOUD_SIGN = OnlyIfNotSent "DraftCloudSign" POST "/v1/{account}/drafts/{draft}/cloud-sign";
    /// Give the code for a draft.
    DRAFT_CLOUD_SIGN_CONFIRM = OnlyIfNotSent "DraftCloudSignConfirm" POST "/v1/{account}/drafts/{draft}/cloud-sign-confirm";
    /// The tasks of a draft.
    DRAFT_TASKS = Safe "DraftTasks" GET "/v1/{account}/drafts/{draft}/tasks";
    /// A task of a draft; attaches the signatures when it says `succeed`.
    DRAFT_TASK = Safe "DraftTask" GET "/v1/{account}/drafts/{draft}/tasks/{task}";
    /// The docflows of an account, by pages.
    DOCFLOWS = Safe "Docflows" GET "/v1/{account}/docflows";
    /// A docflow with its documents.
    DOCFLOW = Safe "Docflow" GET "/v1/{account}/docflows/{docflow}";
    /// The documents of a docflow.
    DOCUMENTS = Safe "Documents" GET "/v1/{account}/docflows/{docflow}/documents";
    /// A document of a docflow or an inventory.
    DOCUMENT = Safe "Document" GET "/v1/{account}/{place}";
    /// What a document is.
    DOCUMENT_DESCRIPTION = Safe "DocumentDescription" GET "/v1/{account}/{place}/description";
    /// The encrypted bytes of a document. The documentation calls it deprecated: at most 64 MB.
    DOCUMENT_ENCRYPTED_CONTENT = Safe "DocumentEncryptedContent" GET "/v1/{account}/{place}/encrypted-content";
    /// The bytes of a document. The documentation calls it deprecated: at most 64 MB.
    DOCUMENT_DECRYPTED_CONTENT = Safe "DocumentDecryptedContent" GET "/v1/{account}/{place}/decrypted-content";
    /// Store the bytes of a document that were decrypted elsewhere; a repetition stores the same content.
    DOCUMENT_DECRYPTED_CONTENT_PUT = Safe "DocumentDecryptedContentPut" PUT "/v1/{account}/{place}/decrypted-content";
    /// A task of a document.
    DOCUMENT_TASK = Safe "DocumentTask" GET "/v1/{account}/{place}/tasks/{task}";
    /// The signatures of a document.
    DOCUMENT_SIGNATURES = Safe "DocumentSignatures" GET "/v1/{account}/{place}/signatures";
    /// One signature of a document.
    DOCUMENT_SIGNATURE = Safe "DocumentSignature" GET "/v1/{account}/{place}/signatures/{signature}";
    /// The bytes of one signature of a document.
    DOCUMENT_SIGNATURE_CONTENT = Safe "DocumentSignatureContent" GET "/v1/{account}/{place}/signatures/{signature}/content";
    /// Start decrypting a document; reaches the phone.
    DECRYPT_CONTENT = OnlyIfNotSent "DecryptContent" POST "/v1/{account}/{place}/decrypt-content";
    /// Give the code for a decryption; answers with the name of the content.
    CONFIRM_CONTENT_DECRYPTION = OnlyIfNotSent "ConfirmContentDecryption" POST "/v1/{account}/{place}/confirm-content-decryption";
    /// Give the code for a decryption; answers with the bytes.
    DECRYPT_CONTENT_CONFIRM = OnlyIfNotSent "DecryptContentConfirm" POST "/v1/{account}/{place}/decrypt-content-confirm";
    /// Make a reply to a document. A repetition makes another reply: nothing is said to anybody until one of them is
    /// sent, after which the service makes no more, and no source lists the others or counts them against anything.
    GENERATE_REPLY = Safe "GenerateReply" POST "/v1/{account}/{place}/generate-reply";
    /// A reply.
    REPLY = Safe "Reply" GET "/v1/{account}/{place}/replies/{reply}";
    /// Replace the content of a reply; a repetition writes the same bytes.
    REPLY_CONTENT_PUT = Safe "ReplyContentPut" PUT "/v1/{account}/{place}/replies/{reply}/content";
    /// Give a reply a signature that was made elsewhere; a repetition writes the same one.
    REPLY_SIGNATURE_PUT = Safe "ReplySignaturePut" PUT "/v1/{account}/{place}/replies/{reply}/signature";
    /// Send a reply; cannot be undone.
    REPLY_SEND = OnlyIfNotSent "ReplySend" POST "/v1/{account}/{place}/replies/{reply}/send";
    /// Start signing a reply; reaches the phone unless the service signs at once.
    REPLY_CLOUD_SIGN = OnlyIfNotSent "ReplyCloudSign" POST "/v1/{account}/{place}/replies/{reply}/cloud-sign";
    /// Give the code for a reply.
    REPLY_CLOUD_SIGN_CONFIRM = OnlyIfNotSent "ReplyCloudSignConfirm" POST "/v1/{account}/{place}/replies/{reply}/cloud-sign-confirm";
    /// A task of a reply; attaches the signature when it says `succeed`.
    REPLY_TASK = Safe "ReplyTask" GET "/v1/{account}/{place}/replies/{reply}/tasks/{task}";
    /// Make a PFR reply; harmless to repeat, as [`GENERATE_REPLY`] is.
    PFR_GENERATE_REPLY = Safe "PfrGenerateReply" POST "/v1/{account}/{place}/pfr-generate-reply";
    /// A PFR reply.
    PFR_REPLY = Safe "PfrReply" GET "/v1/{account}/{place}/pfr-replies/{reply}";
    /// Store the bytes of a document of a PFR reply; a repetition writes the same ones.
    PFR_REPLY_DECRYPTED_CONTENT_PUT = Safe "PfrReplyDecryptedContentPut" PUT "/v1/{account}/{place}/pfr-replies/{reply}/documents/{part}/decrypted-content";
    /// Give a document of a PFR reply a signature that was made elsewhere; a repetition writes the same one.
    PFR_REPLY_SIGNATURE_PUT = Safe "PfrReplySignaturePut" PUT "/v1/{account}/{place}/pfr-replies/{reply}/documents/{part}/signature";
    /// Send a PFR reply; cannot be undone.
    PFR_REPLY_SEND = OnlyIfNotSent "PfrReplySend" POST "/v1/{account}/{place}/pfr-replies/{reply}/send";
    /// Start signing a PFR reply, all its documents at once; reaches the phone.
    PFR_REPLY_CLOUD_SIGN = OnlyIfNotSent "PfrReplyCloudSign" POST "/v1/{account}/{place}/pfr-replies/{reply}/cloud-sign";
    /// Give the code for a PFR reply.
    PFR_REPLY_CLOUD_SIGN_CONFIRM = OnlyIfNotSent "PfrReplyCloudSignConfirm" POST "/v1/{account}/{place}/pfr-replies/{reply}/cloud-sign-confirm";
    /// A task of a PFR reply; attaches the signatures when it says `succeed`.
    PFR_REPLY_TASK = Safe "PfrReplyTask" GET "/v1/{account}/{place}/pfr-replies/{reply}/tasks/{task}";
    /// The code of an SMS; the test stand has it, production has not.
    TEST_CONFIRMATION_CODE = Safe "TestConfirmationCode" GET "/test-tools/v1/get-cloud-sign-confirmation-code";
}

#[cfg(test)]
mod tests {
    use podpis_core::call::Replay;

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
