//! Decides which Diadoc method lives at which path, which messages it takes and gives, and who may call it.
//!
//! **Invariant:** paths are compared without regard to case; a method is known by one name in the journal and in
//! faults, and its messages by their names in the schema.

use std::collections::HashMap;
use std::sync::LazyLock;

use http::Method;

use super::state::Room;
use super::{
    certificates, cloud_confirm, cloud_sign, counteragents, dss_result, dss_sign, login, messages,
    organizations, people, receipts, shelf,
};
use crate::answer::Handled;
use crate::call::Call;

/// Who may call a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Whoever the client id belongs to, logged in or not.
    Client,
    /// A person who is logged in.
    Person,
    /// The same; but whether the method exists at all is asked before.
    Receipts,
}

type Handler = fn(&mut Room, usize, &Call) -> Handled;

/// A method of Diadoc.
pub(crate) struct Endpoint {
    pub(crate) name: &'static str,
    path: &'static str,
    pub(crate) method: Method,
    /// The message of the request; none when the body is something else.
    pub(super) takes: Option<&'static str>,
    /// The message of the answer.
    pub(crate) gives: Option<&'static str>,
    pub(super) access: Access,
    pub(super) handle: Handler,
}

#[rustfmt::skip]
const fn row(
    method: Method, path: &'static str, name: &'static str,
    takes: Option<&'static str>, gives: Option<&'static str>, handle: Handler,
) -> Endpoint {
    Endpoint { name, path, method, takes, gives, access: Access::Person, handle }
}

#[rustfmt::skip]
const fn get(path: &'static str, name: &'static str, gives: &'static str, handle: Handler) -> Endpoint {
    row(GET, path, name, None, Some(gives), handle)
}

/// A post with an empty body.
#[rustfmt::skip]
const fn ask(path: &'static str, name: &'static str, gives: &'static str, handle: Handler) -> Endpoint {
    row(POST, path, name, None, Some(gives), handle)
}

#[rustfmt::skip]
const fn post(
    path: &'static str, name: &'static str, takes: &'static str, gives: &'static str, handle: Handler,
) -> Endpoint {
    row(POST, path, name, Some(takes), Some(gives), handle)
}

/// A method without messages.
#[rustfmt::skip]
const fn plain(path: &'static str, name: &'static str, method: Method, handle: Handler) -> Endpoint {
    row(method, path, name, None, None, handle)
}

const fn by(access: Access, mut endpoint: Endpoint) -> Endpoint {
    endpoint.access = access;
    endpoint
}

use Access::{Client, Receipts};
const GET: Method = Method::GET;
const POST: Method = Method::POST;

#[rustfmt::skip]
pub(crate) static ALL: [Endpoint; 60] = [
    by(Client, plain("/V3/Authenticate", "Authenticate", POST, |room, _, call| login::authenticate(room, call))),
    by(Client, plain("/V2/Authenticate", "AuthenticateV2", POST, |room, _, call| login::authenticate_by_query(room, call))),
    by(Client, plain("/Authenticate", "AuthenticateV1", POST, |room, _, call| login::authenticate_v1(room, call))),
    by(Client, plain("/V3/AuthenticateConfirm", "AuthenticateConfirm", POST, |room, _, call| login::confirm(room, call))),
    by(Client, plain("/V2/AuthenticateConfirm", "AuthenticateConfirmV2", POST, |room, _, call| login::confirm(room, call))),
    plain("/ShelfUpload", "ShelfUpload", POST, shelf::upload_v1),
    plain("/ShelfDownload", "ShelfDownload", GET, shelf::download_v1),
    plain("/V2/ShelfUpload", "ShelfUploadV2", POST, shelf::upload_v2),
    plain("/ShelfUploadPartInit", "ShelfUploadPartInit", POST, shelf::init),
    plain("/ShelfUploadPart", "ShelfUploadPart", POST, shelf::part),
    plain("/V2/ShelfDownload", "ShelfDownloadV2", GET, shelf::download_v2),
    post("/CloudSign", "CloudSign", "CloudSignRequest", "AsyncMethodResult", cloud_sign::start),
    get("/CloudSignResult", "CloudSignResult", "CloudSignResult", cloud_sign::result),
    ask("/CloudSignConfirm", "CloudSignConfirm", "AsyncMethodResult", cloud_confirm::confirm),
    get("/CloudSignConfirmResult", "CloudSignConfirmResult", "CloudSignConfirmResult", cloud_confirm::result),
    post("/DssSign", "DssSign", "Dss.DssSignRequest", "AsyncMethodResult", dss_sign::start),
    post("/V2/DssSign", "DssSignV2", "Dss.DssSignRequestV2", "AsyncMethodResult", dss_sign::start_v2),
    get("/DssSignResult", "DssSignResult", "Dss.DssSignResult", dss_result::result),
    by(Receipts, ask("/AutoSignReceipts", "AutoSignReceipts", "AsyncMethodResult", receipts::start)),
    by(Receipts, get("/AutosignReceiptsResult", "AutosignReceiptsResult", "AutosignReceiptsResult", receipts::result)),
    get("/GetMyCertificates", "GetMyCertificates", "Certificates.CertificateList", |room, user, call| certificates::list(room, user, call)),
    get("/GetMyOrganizations", "GetMyOrganizations", "OrganizationList", |room, _, call| organizations::list(room, call)),
    by(Client, get("/GetOrganization", "GetOrganization", "Organization", |_, _, call| organizations::one(call))),
    get("/GetOrganizationsByInnKpp", "GetOrganizationsByInnKpp", "OrganizationList", |_, _, call| organizations::by_inn(call)),
    get("/GetOrganizationFeatures", "GetOrganizationFeatures", "Organizations.OrganizationFeatures", |room, _, call| organizations::features(room, call)),
    by(Client, get("/GetBox", "GetBox", "Box", |_, _, call| organizations::get_box(call))),
    get("/GetMyUser", "GetMyUserV1", "User", |room, user, _| people::user_v1(room, user)),
    get("/V2/GetMyUser", "GetMyUser", "UserV2", |room, user, _| people::user(room, user)),
    get("/GetMyEmployee", "GetMyEmployee", "Employees.Employee", |room, user, call| people::employee(room, user, call)),
    get("/GetMyPermissions", "GetMyPermissions", "OrganizationUserPermissions", |_, _, call| people::permissions(call)),
    get("/V3/GetCounteragents", "GetCounteragents", "CounteragentList", |_, _, call| counteragents::list(call)),
    get("/V2/GetCounteragents", "GetCounteragentsV2", "CounteragentList", |_, _, call| counteragents::list_of_organization(call)),
    get("/GetCounteragents", "GetCounteragentsV1", "CounteragentList", |_, _, call| counteragents::list_of_organization(call)),
    get("/V6/GetMessage", "GetMessage", "Events.Message", |room, _, call| messages::message(room, call)),
    get("/V5/GetMessage", "GetMessageV5", "Events.Message", |room, _, call| messages::message(room, call)),
    get("/V4/GetMessage", "GetMessageV4", "Events.Message", |room, _, call| messages::message(room, call)),
    get("/V3/GetMessage", "GetMessageV3", "Events.Message", |room, _, call| messages::message(room, call)),
    plain("/V4/GetEntityContent", "GetEntityContent", GET, |room, _, call| messages::content(room, call)),
    get("/V3/GetDocument", "GetDocument", "Documents.Document", |room, _, call| messages::document(room, call)),
    get("/V3/GetDocuments", "GetDocuments", "Documents.DocumentList", |room, _, call| messages::documents(room, call)),
    post("/V4/GetDocuments", "GetDocumentsV4", "Documents.GetDocumentsV4Request", "Documents.DocumentList", |room, _, call| messages::documents_v4(room, call)),
    get("/GetDocumentsByMessageId", "GetDocumentsByMessageId", "Documents.DocumentList", |room, _, call| messages::documents_of_message(room, call)),
    get("/GetDocumentTypes", "GetDocumentTypesV1", "Documents.Types.GetDocumentTypesResponse", |_, _, call| messages::document_types_v1(call)),
    get("/V3/GetDocumentTypes", "GetDocumentTypesV3", "Documents.Types.GetDocumentTypesResponseV3", |_, _, call| messages::document_types_v3(call)),
    get("/V2/GetDocumentTypes", "GetDocumentTypes", "Documents.Types.GetDocumentTypesResponseV2", |_, _, call| messages::document_types(call)),
    get("/V8/GetNewEvents", "GetNewEvents", "Events.BoxEventList", |room, _, call| messages::events(room, call)),
    get("/V7/GetNewEvents", "GetNewEventsV7", "Events.BoxEventList", |room, _, call| messages::events(room, call)),
    get("/V6/GetNewEvents", "GetNewEventsV6", "Events.BoxEventList", |room, _, call| messages::events_v6(room, call)),
    get("/V5/GetNewEvents", "GetNewEventsV5", "Events.BoxEventList", |room, _, call| messages::events_v6(room, call)),
    get("/V4/GetNewEvents", "GetNewEventsV4", "Events.BoxEventList", |room, _, call| messages::events_v6(room, call)),
    get("/V2/GetLastEvent", "GetLastEvent", "Events.BoxEvent", |room, _, call| messages::last_event(room, call)),
    get("/GetLastEvent", "GetLastEventV1", "Events.BoxEvent", |room, _, call| messages::last_event(room, call)),
    get("/V3/GetEvent", "GetEvent", "Events.BoxEvent", |room, _, call| messages::event(room, call)),
    get("/V2/GetEvent", "GetEventV2", "Events.BoxEvent", |room, _, call| messages::event(room, call)),
    get("/GetSignatureInfo", "GetSignatureInfo", "SignatureInfo", |room, _, call| messages::signature_info(room, call)),
    post("/PrepareDocumentsToSign", "PrepareDocumentsToSign", "Events.PrepareDocumentsToSignRequest", "Events.PrepareDocumentsToSignResponse", messages::prepare_documents),
    post("/V4/PostMessagePatch", "PostMessagePatch", "Events.MessagePatchToPostV2", "Events.MessagePatch", messages::patch_v4),
    post("/V3/PostMessagePatch", "PostMessagePatchV3", "Events.MessagePatchToPost", "Events.MessagePatch", messages::patch_v3),
    post("/SendDraft", "SendDraft", "Events.DraftToSend", "Events.Message", messages::send_draft),
    post("/V3/PostMessage", "PostMessage", "Events.MessageToPost", "Events.Message", messages::post_message),
];

static BY_PATH: LazyLock<HashMap<String, &'static Endpoint>> = LazyLock::new(|| {
    ALL.iter()
        .map(|known| (known.path.to_ascii_lowercase(), known))
        .collect()
});

/// The method at a path in lower case.
pub(crate) fn at(path: &str) -> Option<&'static Endpoint> {
    BY_PATH.get(path).copied()
}

impl Endpoint {
    /// Whether a fault can script what a DssSign tells here.
    pub(crate) fn is_scriptable(&self) -> bool {
        matches!(self.name, "DssSign" | "DssSignV2" | "DssSignResult")
    }
}
