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
            ]
        );
    }
}
