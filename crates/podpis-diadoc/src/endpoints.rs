//! Every endpoint of Diadoc that this client calls.
//!
//! **Invariant:** all that reaches a person is [`Replay::OnlyIfNotSent`](podpis_core::call::Replay); a repeated upload leaves at most an
//! unused file behind, which the service removes after seven days.

podpis_core::endpoints! {
    /// Log in by password or sid.
    AUTHENTICATE = Safe "Authenticate" POST "/V3/Authenticate";
    /// A whole file to the shelf; a repetition makes another name.
    SHELF_UPLOAD = Safe "ShelfUpload" POST "/V2/ShelfUpload";
    /// The first part of a file to the shelf; a repetition makes another name.
    SHELF_UPLOAD_PART_INIT = Safe "ShelfUploadPartInit" POST "/ShelfUploadPartInit";
    /// Another part of a file to the shelf; a repetition replaces it.
    SHELF_UPLOAD_PART = Safe "ShelfUploadPart" POST "/ShelfUploadPart";
    /// A file from the shelf.
    SHELF_DOWNLOAD = Safe "ShelfDownload" GET "/V2/ShelfDownload";
    /// Start signing; sends an SMS.
    CLOUD_SIGN = OnlyIfNotSent "CloudSign" POST "/CloudSign";
    /// Whether the SMS was sent.
    CLOUD_SIGN_RESULT = Safe "CloudSignResult" GET "/CloudSignResult";
    /// Give the code; wrong ones are counted.
    CLOUD_SIGN_CONFIRM = OnlyIfNotSent "CloudSignConfirm" POST "/CloudSignConfirm";
    /// The signatures.
    CLOUD_SIGN_CONFIRM_RESULT = Safe "CloudSignConfirmResult" GET "/CloudSignConfirmResult";
    /// Start signing by a DSS certificate; asks its owner to confirm.
    DSS_SIGN = OnlyIfNotSent "DssSign" POST "/DssSign";
    /// By GosKey.
    DSS_SIGN_V2 = OnlyIfNotSent "DssSignV2" POST "/V2/DssSign";
    /// How far the owner and the service are, and the signatures.
    DSS_SIGN_RESULT = Safe "DssSignResult" GET "/DssSignResult";
    /// Sign and send the next batch of receipts. What a repetition does is not documented.
    AUTO_SIGN_RECEIPTS = OnlyIfNotSent "AutoSignReceipts" POST "/AutoSignReceipts";
    /// What the batch came to.
    AUTOSIGN_RECEIPTS_RESULT = Safe "AutosignReceiptsResult" GET "/AutosignReceiptsResult";
    /// The user's certificates.
    GET_MY_CERTIFICATES = Safe "GetMyCertificates" GET "/GetMyCertificates";
    /// The user's organizations and their boxes. Never without `autoRegister=false`: by default the service may register
    /// the user in one.
    GET_MY_ORGANIZATIONS = Safe "GetMyOrganizations" GET "/GetMyOrganizations";
    /// The user.
    GET_MY_USER = Safe "GetMyUser" GET "/V2/GetMyUser";
    /// The user as an employee, with their rights.
    GET_MY_EMPLOYEE = Safe "GetMyEmployee" GET "/GetMyEmployee";
    /// A box and its organization.
    GET_BOX = Safe "GetBox" GET "/GetBox";
    /// A page of the documents of a category.
    GET_DOCUMENTS = Safe "GetDocuments" GET "/V3/GetDocuments";
    /// A page of what happened in a box.
    GET_NEW_EVENTS = Safe "GetNewEvents" GET "/V8/GetNewEvents";
    /// A message or a draft, with its signatures.
    GET_MESSAGE = Safe "GetMessage" GET "/V6/GetMessage";
    /// The bytes of an entity.
    GET_ENTITY_CONTENT = Safe "GetEntityContent" GET "/V4/GetEntityContent";
    /// What the service says of a signature.
    GET_SIGNATURE_INFO = Safe "GetSignatureInfo" GET "/GetSignatureInfo";
    /// Write the signer into documents before they are signed. What is stored does not change; a repetition makes another
    /// temporary content.
    PREPARE_DOCUMENTS_TO_SIGN = Safe "PrepareDocumentsToSign" POST "/PrepareDocumentsToSign";
    /// Add to a message, such as signatures. Keyed by operationId: the service gives a repetition what came of the first.
    POST_MESSAGE_PATCH = Keyed "PostMessagePatch" POST "/V4/PostMessagePatch";
    /// Send a draft with its signatures. Keyed by operationId.
    SEND_DRAFT = Keyed "SendDraft" POST "/SendDraft";
    /// Post a new message. Keyed by operationId.
    POST_MESSAGE = Keyed "PostMessage" POST "/V3/PostMessage";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which endpoints may be sent again. A line is changed only together with its reason above.
    #[test]
    fn replay_table() {
        let table: Vec<String> = ALL
            .iter()
            .map(|e| format!("{} {} {:?}", e.method, e.path, e.replay))
            .collect();
        assert_eq!(
            table,
            [
                "POST /V3/Authenticate Safe",
                "POST /V2/ShelfUpload Safe",
                "POST /ShelfUploadPartInit Safe",
                "POST /ShelfUploadPart Safe",
                "GET /V2/ShelfDownload Safe",
                "POST /CloudSign OnlyIfNotSent",
                "GET /CloudSignResult Safe",
                "POST /CloudSignConfirm OnlyIfNotSent",
                "GET /CloudSignConfirmResult Safe",
                "POST /DssSign OnlyIfNotSent",
                "POST /V2/DssSign OnlyIfNotSent",
                "GET /DssSignResult Safe",
                "POST /AutoSignReceipts OnlyIfNotSent",
                "GET /AutosignReceiptsResult Safe",
                "GET /GetMyCertificates Safe",
                "GET /GetMyOrganizations Safe",
                "GET /V2/GetMyUser Safe",
                "GET /GetMyEmployee Safe",
                "GET /GetBox Safe",
                "GET /V3/GetDocuments Safe",
                "GET /V8/GetNewEvents Safe",
                "GET /V6/GetMessage Safe",
                "GET /V4/GetEntityContent Safe",
                "GET /GetSignatureInfo Safe",
                "POST /PrepareDocumentsToSign Safe",
                "POST /V4/PostMessagePatch Keyed",
                "POST /SendDraft Keyed",
                "POST /V3/PostMessage Keyed",
            ]
        );
    }
}
