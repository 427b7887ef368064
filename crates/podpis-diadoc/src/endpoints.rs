//! Every endpoint of Diadoc that this client calls.
//!
//! **Invariant:** all that reaches a person is [`Replay::OnlyIfNotSent`]; a repeated upload leaves at most an
//! unused file behind, which the service removes after seven days.

use http::Method;
use podpis_core::call::{Endpoint, Replay};

const fn post(name: &'static str, path: &'static str, replay: Replay) -> Endpoint {
    Endpoint {
        name,
        method: Method::POST,
        path,
        replay,
    }
}

const fn get(name: &'static str, path: &'static str) -> Endpoint {
    Endpoint {
        name,
        method: Method::GET,
        path,
        replay: Replay::Safe,
    }
}

/// Log in by password or sid.
pub static AUTHENTICATE: Endpoint = post("Authenticate", "/V3/Authenticate", Replay::Safe);

/// A whole file to the shelf; a repetition makes another name.
pub static SHELF_UPLOAD: Endpoint = post("ShelfUpload", "/V2/ShelfUpload", Replay::Safe);

/// The first part of a file to the shelf; a repetition makes another name.
pub static SHELF_UPLOAD_PART_INIT: Endpoint =
    post("ShelfUploadPartInit", "/ShelfUploadPartInit", Replay::Safe);

/// Another part of a file to the shelf; a repetition replaces it.
pub static SHELF_UPLOAD_PART: Endpoint = post("ShelfUploadPart", "/ShelfUploadPart", Replay::Safe);

/// A file from the shelf.
pub static SHELF_DOWNLOAD: Endpoint = get("ShelfDownload", "/V2/ShelfDownload");

/// Start signing; sends an SMS.
pub static CLOUD_SIGN: Endpoint = post("CloudSign", "/CloudSign", Replay::OnlyIfNotSent);

/// Whether the SMS was sent.
pub static CLOUD_SIGN_RESULT: Endpoint = get("CloudSignResult", "/CloudSignResult");

/// Give the code; wrong ones are counted.
pub static CLOUD_SIGN_CONFIRM: Endpoint = post(
    "CloudSignConfirm",
    "/CloudSignConfirm",
    Replay::OnlyIfNotSent,
);

/// The signatures.
pub static CLOUD_SIGN_CONFIRM_RESULT: Endpoint =
    get("CloudSignConfirmResult", "/CloudSignConfirmResult");

/// Start signing by a DSS certificate; asks its owner to confirm.
pub static DSS_SIGN: Endpoint = post("DssSign", "/DssSign", Replay::OnlyIfNotSent);

/// The same, by GosKey.
pub static DSS_SIGN_V2: Endpoint = post("DssSignV2", "/V2/DssSign", Replay::OnlyIfNotSent);

/// How far the owner and the service are, and the signatures.
pub static DSS_SIGN_RESULT: Endpoint = get("DssSignResult", "/DssSignResult");

/// Sign and send the next batch of receipts. What a repetition does is not documented.
pub static AUTO_SIGN_RECEIPTS: Endpoint = post(
    "AutoSignReceipts",
    "/AutoSignReceipts",
    Replay::OnlyIfNotSent,
);

/// What the batch came to.
pub static AUTOSIGN_RECEIPTS_RESULT: Endpoint =
    get("AutosignReceiptsResult", "/AutosignReceiptsResult");

/// The user's certificates.
pub static GET_MY_CERTIFICATES: Endpoint = get("GetMyCertificates", "/GetMyCertificates");

/// The user's organizations and their boxes. Never without `autoRegister=false`: by default the service may register
/// the user in one.
pub static GET_MY_ORGANIZATIONS: Endpoint = get("GetMyOrganizations", "/GetMyOrganizations");

/// A message or a draft, with its signatures.
pub static GET_MESSAGE: Endpoint = get("GetMessage", "/V6/GetMessage");

/// The bytes of an entity.
pub static GET_ENTITY_CONTENT: Endpoint = get("GetEntityContent", "/V4/GetEntityContent");

/// What the service says of a signature.
pub static GET_SIGNATURE_INFO: Endpoint = get("GetSignatureInfo", "/GetSignatureInfo");

/// Write the signer into documents before they are signed. What is stored does not change; a repetition makes another
/// temporary content.
pub static PREPARE_DOCUMENTS_TO_SIGN: Endpoint = post(
    "PrepareDocumentsToSign",
    "/PrepareDocumentsToSign",
    Replay::Safe,
);

/// Add to a message, such as signatures. Keyed by operationId: the service gives a repetition what came of the first.
pub static POST_MESSAGE_PATCH: Endpoint =
    post("PostMessagePatch", "/V4/PostMessagePatch", Replay::Keyed);

/// Send a draft with its signatures. Keyed by operationId.
pub static SEND_DRAFT: Endpoint = post("SendDraft", "/SendDraft", Replay::Keyed);

/// Post a new message. Keyed by operationId.
pub static POST_MESSAGE: Endpoint = post("PostMessage", "/V3/PostMessage", Replay::Keyed);

/// All of them.
pub static ALL: &[&Endpoint] = &[
    &AUTHENTICATE,
    &SHELF_UPLOAD,
    &SHELF_UPLOAD_PART_INIT,
    &SHELF_UPLOAD_PART,
    &SHELF_DOWNLOAD,
    &CLOUD_SIGN,
    &CLOUD_SIGN_RESULT,
    &CLOUD_SIGN_CONFIRM,
    &CLOUD_SIGN_CONFIRM_RESULT,
    &DSS_SIGN,
    &DSS_SIGN_V2,
    &DSS_SIGN_RESULT,
    &AUTO_SIGN_RECEIPTS,
    &AUTOSIGN_RECEIPTS_RESULT,
    &GET_MY_CERTIFICATES,
    &GET_MY_ORGANIZATIONS,
    &GET_MESSAGE,
    &GET_ENTITY_CONTENT,
    &GET_SIGNATURE_INFO,
    &PREPARE_DOCUMENTS_TO_SIGN,
    &POST_MESSAGE_PATCH,
    &SEND_DRAFT,
    &POST_MESSAGE,
];

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
