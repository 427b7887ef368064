//! Looks at every message that the sandbox answers as a strict reader of proto2 does.
//!
//! *Invariant:* an answer of 200 to a method with a message is that message, whole, with no enum outside its schema.

use bytes::Bytes;
use http::{Request, Response};
use podpis_diadoc_proto::json;

/// The message of a method's answer, by the end of its path in lower case. Where a version gives a message of its own,
/// it stands before the others.
pub(crate) const ANSWERS: &[(&str, &str)] = &[
    ("cloudsign", "AsyncMethodResult"),
    ("cloudsignresult", "CloudSignResult"),
    ("cloudsignconfirm", "AsyncMethodResult"),
    ("cloudsignconfirmresult", "CloudSignConfirmResult"),
    ("dsssign", "AsyncMethodResult"),
    ("dsssignresult", "Dss.DssSignResult"),
    ("autosignreceipts", "AsyncMethodResult"),
    ("autosignreceiptsresult", "AutosignReceiptsResult"),
    ("getmycertificates", "Certificates.CertificateList"),
    ("getmyorganizations", "OrganizationList"),
    ("getorganization", "Organization"),
    ("getorganizationsbyinnkpp", "OrganizationList"),
    (
        "getorganizationfeatures",
        "Organizations.OrganizationFeatures",
    ),
    ("getbox", "Box"),
    ("v2/getmyuser", "UserV2"),
    ("getmyuser", "User"),
    ("getmyemployee", "Employees.Employee"),
    ("getmypermissions", "OrganizationUserPermissions"),
    ("getcounteragents", "CounteragentList"),
    ("getmessage", "Events.Message"),
    ("getdocument", "Documents.Document"),
    ("getdocuments", "Documents.DocumentList"),
    ("getdocumentsbymessageid", "Documents.DocumentList"),
    (
        "v3/getdocumenttypes",
        "Documents.Types.GetDocumentTypesResponseV3",
    ),
    (
        "v2/getdocumenttypes",
        "Documents.Types.GetDocumentTypesResponseV2",
    ),
    (
        "getdocumenttypes",
        "Documents.Types.GetDocumentTypesResponse",
    ),
    ("getnewevents", "Events.BoxEventList"),
    ("getlastevent", "Events.BoxEvent"),
    ("getevent", "Events.BoxEvent"),
    ("getsignatureinfo", "SignatureInfo"),
    (
        "preparedocumentstosign",
        "Events.PrepareDocumentsToSignResponse",
    ),
    ("postmessagepatch", "Events.MessagePatch"),
    ("senddraft", "Events.Message"),
    ("postmessage", "Events.Message"),
];

/// The message that a path answers with.
pub(crate) fn message_of(path: &str) -> Option<&'static str> {
    let path = path.to_ascii_lowercase();
    let known = ANSWERS.iter().find(|(name, _)| {
        path.strip_suffix(name)
            .is_some_and(|rest| rest.ends_with('/'))
    });
    known.map(|(_, message)| *message)
}

/// What answers without a message: the services' logins and bytes, Extern, and the sandbox itself.
const OTHERS: &str = "/v1 /connect/ /authentication/ /auth/ /sessions/ /test-tools/ /_sandbox /phone authenticate authenticateconfirm \
    shelfupload shelfuploadpart shelfuploadpartinit shelfdownload getentitycontent";

fn has_no_message(path: &str) -> bool {
    // The sandbox takes several slashes for one.
    let path = format!("/{}", path.trim_start_matches('/').to_ascii_lowercase());
    path == "/" || (OTHERS.split(' ')).any(|known| path.starts_with(known) || path.ends_with(known))
}

#[track_caller]
pub(crate) fn check(request: &Request<Bytes>, answer: &Response<Bytes>) {
    let path = request.uri().path();
    if answer.status() != 200 {
        return;
    }
    let Some(message) = message_of(path) else {
        assert!(
            has_no_message(path),
            "{path}: the message of this method is not told here"
        );
        return;
    };
    let is_json = answer
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.to_str().unwrap().starts_with("application/json"));
    let bytes = if is_json {
        json::read(message, answer.body()).unwrap()
    } else {
        answer.body().to_vec()
    };
    if let Err(error) = json::check(message, &bytes) {
        panic!("{path}: {error}");
    }
}
