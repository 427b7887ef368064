//! Looks at every message that the sandbox answers as a strict reader of proto2 does.
//!
//! *Invariant:* an answer of 200 to a method with a message is that message, whole, with no enum outside its schema.

use podpis_diadoc_proto::json;
use podpis_transport::{HttpRequest, HttpResponse};

/// The message of a method's answer, by the last part of its path in lower case. Versions of one method give the same.
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
    ("getmyuser", "UserV2"),
    ("getmyemployee", "Employees.Employee"),
    ("getmypermissions", "OrganizationUserPermissions"),
    ("getmessage", "Events.Message"),
    ("getdocument", "Documents.Document"),
    ("getdocuments", "Documents.DocumentList"),
    ("getdocumentsbymessageid", "Documents.DocumentList"),
    (
        "getdocumenttypes",
        "Documents.Types.GetDocumentTypesResponseV2",
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
    let last = path.rsplit('/').next()?.to_ascii_lowercase();
    let known = ANSWERS.iter().find(|(name, _)| *name == last);
    known.map(|(_, message)| *message)
}

#[track_caller]
pub(crate) fn check(request: &HttpRequest, answer: &HttpResponse) {
    let path = request.uri().path();
    let Some(message) = message_of(path).filter(|_| answer.status() == 200) else {
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
