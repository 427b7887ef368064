//! Every request of Extern, as it must be on the wire.
//!
//! **Invariant:** ids, request ids and codes are encoded into their own places, a body is sent by the start of a
//! decryption alone, and no call is sent that is not written here.

use super::extern_server::{Exact, at, of_account};

const CODE: &[(&str, &str)] = &[("requestId", "q+8 ="), ("code", "739 155")];
const CODE_UNZIP: &[(&str, &str)] = &[CODE[0], CODE[1], ("unzip", "true")];
const CODE_PACKED: &[(&str, &str)] = &[CODE[0], CODE[1], ("unzip", "false")];

pub(super) const ACCOUNTS: Exact =
    Exact::get("Accounts", "GET /v1?skip=0&take=100").query(&[("skip", "0"), ("take", "100")]);
pub(super) const MORE_ACCOUNTS: Exact =
    Exact::get("Accounts", "GET /v1?skip=1&take=100").query(&[("skip", "1"), ("take", "100")]);
pub(super) const CERTIFICATES: Exact = Exact::get(
    "Certificates",
    concat!(of_account!("GET"), "/certificates?skip=0&take=100"),
)
.query(&[("skip", "0"), ("take", "100")]);
pub(super) const MORE_CERTIFICATES: Exact = Exact::get(
    "Certificates",
    concat!(of_account!("GET"), "/certificates?skip=1&take=100"),
)
.query(&[("skip", "1"), ("take", "100")]);

/// Contents are asked for as they are, in ranges of eight mebibytes.
pub(super) const CONTENT: Exact = Exact {
    headers: &[("range", "bytes=0-8388607")],
    ..Exact::get("Content", concat!(of_account!("GET"), "/contents/c%3A9"))
};
pub(super) const REST_OF_CONTENT: Exact = Exact {
    headers: &[("range", "bytes=4-6")],
    ..CONTENT
};
const CONTENT_UPLOAD: Exact = Exact {
    headers: &[
        ("content-type", "application/octet-stream"),
        ("content-length", "4"),
    ],
    body: b"text",
    ..Exact::get("ContentUpload", concat!(of_account!("POST"), "/contents"))
};

pub(super) const DRAFT: Exact = Exact::get("Draft", concat!(of_account!("GET"), "/drafts/d%265"));
const DRAFT_DOCUMENT: Exact = Exact::get(
    "DraftDocument",
    concat!(of_account!("GET"), "/drafts/d%265/documents/e-7"),
);
const DRAFT_SIGNATURE: Exact = Exact::get(
    "DraftDocumentSignature",
    concat!(of_account!("GET"), "/drafts/d%265/documents/e-7/signature"),
);
const DRAFT_START: Exact = Exact::post(
    "DraftCloudSign",
    concat!(of_account!("POST"), "/drafts/d%265/cloud-sign"),
);
const DRAFT_CODE: Exact = Exact::post(
    "DraftCloudSignConfirm",
    concat!(
        of_account!("POST"),
        "/drafts/d%265/cloud-sign-confirm?requestId=q%2B8%20%3D&code=739%20155"
    ),
)
.query(CODE);
const DRAFT_TASKS: Exact = Exact::get(
    "DraftTasks",
    concat!(
        of_account!("GET"),
        "/drafts/d%265/tasks?skip=0&take=1000&includeReleased=true"
    ),
)
.query(&[("skip", "0"), ("take", "1000"), ("includeReleased", "true")]);
const DRAFT_TASK: Exact = Exact::get(
    "DraftTask",
    concat!(of_account!("GET"), "/drafts/d%265/tasks/t%2F7"),
);

/// What a draft has before the start is looked at, so that nobody takes it for a result.
pub(super) const BY_PHONE: &[Exact] = &[
    DRAFT,
    DRAFT_DOCUMENT,
    CONTENT,
    DRAFT_SIGNATURE,
    DRAFT_START,
    DRAFT_TASK,
    DRAFT_SIGNATURE,
];
pub(super) const BY_SMS: &[Exact] = &[
    DRAFT,
    DRAFT_DOCUMENT,
    CONTENT,
    DRAFT_SIGNATURE,
    DRAFT_START,
    DRAFT_CODE,
    DRAFT_SIGNATURE,
];
pub(super) const AFTER_A_LOST_START: &[Exact] = &[
    DRAFT,
    DRAFT_DOCUMENT,
    CONTENT,
    DRAFT_SIGNATURE,
    DRAFT_START,
    DRAFT_TASKS,
    DRAFT_TASK,
    DRAFT_SIGNATURE,
];

/// Everything about a document, which is the same in both places but for the path before it.
macro_rules! requests_of_a_place {
    ($place:ident, $module:ident) => {
        pub(super) mod $module {
            use super::{CODE, CODE_PACKED, CODE_UNZIP, CONTENT_UPLOAD, Exact, at};

            const DOCUMENT: Exact = Exact::get("Document", at!($place "GET", ""));
            const TASK: Exact = Exact::get("DocumentTask", at!($place "GET", "/tasks/t%2F7"));
            const REPLY: Exact = Exact::get("Reply", at!($place "GET", "/replies/r%3D6"));
            const PFR_REPLY: Exact = Exact::get("PfrReply", at!($place "GET", "/pfr-replies/r%3D6"));
            const REPLY_TASK: Exact =
                Exact::get("ReplyTask", at!($place "GET", "/replies/r%3D6/tasks/t%2F7"));
            const PFR_REPLY_TASK: Exact =
                Exact::get("PfrReplyTask", at!($place "GET", "/pfr-replies/r%3D6/tasks/t%2F7"));
            const START: Exact = Exact::post(
                "ReplyCloudSign",
                at!($place "POST", "/replies/r%3D6/cloud-sign?forceConfirmation=false"),
            )
            .query(&[("forceConfirmation", "false")]);
            const FORCED_START: Exact = Exact::post(
                "ReplyCloudSign",
                at!($place "POST", "/replies/r%3D6/cloud-sign?forceConfirmation=true"),
            )
            .query(&[("forceConfirmation", "true")]);
            const PFR_START: Exact = Exact::post(
                "PfrReplyCloudSign",
                at!($place "POST", "/pfr-replies/r%3D6/cloud-sign"),
            );

            pub(in crate::wire) const READS: &[Exact] = &[
                DOCUMENT,
                Exact::get("DocumentSignatures", at!($place "GET", "/signatures")),
                Exact::get("DocumentSignature", at!($place "GET", "/signatures/s%401")),
                Exact::get(
                    "DocumentSignatureContent",
                    at!($place "GET", "/signatures/s%401/content"),
                ),
                REPLY,
                PFR_REPLY,
            ];
            pub(in crate::wire) const REPLY_BY_PHONE: &[Exact] = &[REPLY, START, REPLY_TASK, REPLY];
            /// Some services keep the task at the document.
            pub(in crate::wire) const REPLY_ELSEWHERE: &[Exact] = &[REPLY, START, REPLY_TASK, TASK, REPLY];
            pub(in crate::wire) const REPLY_BY_SMS: &[Exact] = &[
                REPLY,
                FORCED_START,
                Exact::post(
                    "ReplyCloudSignConfirm",
                    at!($place "POST", "/replies/r%3D6/cloud-sign-confirm?requestId=q%2B8%20%3D&code=739%20155"),
                )
                .query(CODE),
                REPLY,
            ];
            pub(in crate::wire) const PFR_REPLY_BY_PHONE: &[Exact] =
                &[PFR_REPLY, PFR_START, PFR_REPLY_TASK, PFR_REPLY];
            pub(in crate::wire) const PFR_REPLY_ELSEWHERE: &[Exact] =
                &[PFR_REPLY, PFR_START, PFR_REPLY_TASK, TASK, PFR_REPLY];
            pub(in crate::wire) const PFR_REPLY_BY_SMS: &[Exact] = &[
                PFR_REPLY,
                PFR_START,
                Exact::post(
                    "PfrReplyCloudSignConfirm",
                    at!($place "POST", "/pfr-replies/r%3D6/cloud-sign-confirm?requestId=q%2B8%20%3D&code=739%20155"),
                )
                .query(CODE),
                PFR_REPLY,
            ];
            const DECRYPT: Exact = Exact {
                query: &[("unzipIfCan", "true")],
                headers: &[
                    ("accept", "application/json"),
                    ("content-type", "application/json; charset=utf-8"),
                    ("content-length", "717"),
                ],
                // The certificate in one line.
                body: concat!(
                    r#"{"certificate-base64":""#,
                    "MIICATCCAaegAwIBAgIUEBLUXMzztn5GIFf8RqE5cXKSNW0wCgYIKoZIzj0EAwIwVjELMAkGA1UEBhMCUlUxJDAiBgNVBAoM",
                    "G9Ce0J7QniAi0KLQtdGB0YIsINC+0LTQuNC9IjEhMB8GA1UEAwwY0J/QvtC00L/QuNGB0LDQvdGCIFAtMjU2MB4XDTI2MTEy",
                    "MjAyMTA1OFoXDTQ2MTExNzAyMTA1OFowVjELMAkGA1UEBhMCUlUxJDAiBgNVBAoMG9Ce0J7QniAi0KLQtdGB0YIsINC+0LTQ",
                    "uNC9IjEhMB8GA1UEAwwY0J/QvtC00L/QuNGB0LDQvdGCIFAtMjU2MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEvQzW6nQf",
                    "T8BlUAAP9bWZWDUyigyMtXLcN53CcFwXEHb8ciOSP9FevzcFw9kt0omtDFa4xqtxgR5+DeoN+mIv4qNTMFEwHwYDVR0jBBgw",
                    "FoAUxL78OElqms8FrYvnEpNoxDrD/u0wDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUxL78OElqms8FrYvnEpNoxDrD/u0w",
                    "CgYIKoZIzj0EAwIDSAAwRQIhAOD+7sBnOCdgjU0o5/scBZBxiPWvwDjWQGWruHaY3DOFAiBXbWwt+VacyCXUr724GU3+nYeb",
                    "IWHU0TkJOg2/QPJIoQ==",
                    r#""}"#,
                )
                .as_bytes(),
                ..Exact::get("DecryptContent", at!($place "POST", "/decrypt-content?unzipIfCan=true"))
            };
            const DECRYPT_PACKED: Exact = Exact {
                line: at!($place "POST", "/decrypt-content?unzipIfCan=false"),
                query: &[("unzipIfCan", "false")],
                ..DECRYPT
            };
            pub(in crate::wire) const DECRYPTED_BY_PHONE: &[Exact] = &[DOCUMENT, DECRYPT, TASK];
            pub(in crate::wire) const DECRYPTED_BY_SMS: &[Exact] = &[
                DOCUMENT,
                DECRYPT,
                Exact::post(
                    "ConfirmContentDecryption",
                    at!($place "POST", "/confirm-content-decryption?requestId=q%2B8%20%3D&code=739%20155&unzip=true"),
                )
                .query(CODE_UNZIP),
            ];
            /// Bytes in an answer are put into the contents: a record does not hold them.
            pub(in crate::wire) const DECRYPTED_AS_IN_2018: &[Exact] = &[
                DOCUMENT,
                DECRYPT_PACKED,
                Exact::post(
                    "DecryptContentConfirm",
                    at!($place "POST", "/decrypt-content-confirm?requestId=q%2B8%20%3D&code=739%20155&unzip=false"),
                )
                .query(CODE_PACKED),
                CONTENT_UPLOAD,
            ];
            pub(in crate::wire) const DECRYPTED_ALREADY: &[Exact] = &[DOCUMENT];

            pub(in crate::wire) const ALL: &[&[Exact]] = &[
                READS,
                REPLY_BY_PHONE,
                REPLY_ELSEWHERE,
                REPLY_BY_SMS,
                PFR_REPLY_BY_PHONE,
                PFR_REPLY_ELSEWHERE,
                PFR_REPLY_BY_SMS,
                DECRYPTED_BY_PHONE,
                DECRYPTED_BY_SMS,
                DECRYPTED_AS_IN_2018,
            ];
        }
    };
}

requests_of_a_place!(docflow, of_a_docflow);
requests_of_a_place!(inventory, of_an_inventory);

pub(super) fn all() -> impl Iterator<Item = &'static Exact> {
    let alone = [
        &[ACCOUNTS, MORE_ACCOUNTS, CERTIFICATES, MORE_CERTIFICATES][..],
        &[CONTENT, REST_OF_CONTENT],
        BY_PHONE,
        BY_SMS,
        AFTER_A_LOST_START,
    ];
    [&alone, of_a_docflow::ALL, of_an_inventory::ALL]
        .concat()
        .into_iter()
        .flatten()
}
