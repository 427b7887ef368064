//! Decides which Diadoc method lives at which path, and who may call it.
//!
//! **Invariant:** paths are compared without regard to case, and every method that is there, but the login itself,
//! asks for a login first.

mod authorization;
mod boxes;
mod certificates;
mod cloud_confirm;
mod cloud_sign;
mod course;
mod dss_operations;
mod dss_result;
mod dss_sign;
mod info;
mod login;
mod messages;
mod options;
mod organizations;
mod receipts;
mod receipts_store;
mod script;
mod shelf;
mod source;
mod spoil;
mod state;

use bytes::Bytes;
use http::{HeaderMap, Method, header};

use crate::answer::Handled;
use crate::faults::SignatureFault;
use crate::query::Query;
use crate::world::{Moment, World};

pub(crate) use course::{confirm, crash, decline, known_as, message_state, settle};
pub use info::{DiadocCertificateInfo, OrganizationInfo};
pub use messages::{
    DocumentState, MessageOptions, MessagesInfo, PacketInfo, PostRunning, SignatureState,
    StampedParent, Verification,
};
pub(crate) use messages::{
    Messages, control as show_documents, describe as describe_messages, seeded as seeded_messages,
    states as document_states,
};
pub use options::{DiadocOptions, DssRunning, LastBatchKey, ReceiptsLayout, ReceiptsMethod};
pub use receipts_store::ReceiptInfo;
pub(crate) use script::{DssScript, FileScript};
pub(crate) use state::{Diadoc, describe, dss_certificate, seeded};

/// One request on its way into a method.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: Query<'a>,
    pub(crate) body: &'a Bytes,
    pub(crate) now: Moment,
    pub(crate) signature_fault: Option<SignatureFault>,
    pub(crate) script: DssScript,
}

impl Call<'_> {
    /// The type of the body without parameters, in lower case. `application/json charset=utf-8`, a typo of the
    /// documentation, counts as JSON.
    fn content_type(&self) -> String {
        self.headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split([';', ' ']).next())
            .unwrap_or_default()
            .to_ascii_lowercase()
    }
}

/// A method of Diadoc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Authenticate,
    ShelfUpload,
    ShelfDownload,
    ShelfUploadV2,
    ShelfUploadPartInit,
    ShelfUploadPart,
    ShelfDownloadV2,
    CloudSign,
    CloudSignResult,
    CloudSignConfirm,
    CloudSignConfirmResult,
    DssSign,
    DssSignV2,
    DssSignResult,
    AutoSignReceipts,
    AutosignReceiptsResult,
    GetMyCertificates,
    GetMyOrganizations,
    GetMessage,
    GetMessageV5,
    GetEntityContent,
    GetDocument,
    GetSignatureInfo,
    PrepareDocumentsToSign,
    PostMessagePatch,
    PostMessagePatchV3,
    SendDraft,
    PostMessage,
}

impl Endpoint {
    pub(crate) const ALL: [Self; 28] = [
        Self::Authenticate,
        Self::ShelfUpload,
        Self::ShelfDownload,
        Self::ShelfUploadV2,
        Self::ShelfUploadPartInit,
        Self::ShelfUploadPart,
        Self::ShelfDownloadV2,
        Self::CloudSign,
        Self::CloudSignResult,
        Self::CloudSignConfirm,
        Self::CloudSignConfirmResult,
        Self::DssSign,
        Self::DssSignV2,
        Self::DssSignResult,
        Self::AutoSignReceipts,
        Self::AutosignReceiptsResult,
        Self::GetMyCertificates,
        Self::GetMyOrganizations,
        Self::GetMessage,
        Self::GetMessageV5,
        Self::GetEntityContent,
        Self::GetDocument,
        Self::GetSignatureInfo,
        Self::PrepareDocumentsToSign,
        Self::PostMessagePatch,
        Self::PostMessagePatchV3,
        Self::SendDraft,
        Self::PostMessage,
    ];

    /// The name in the journal and in faults, and the path.
    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Authenticate => ("Authenticate", "/V3/Authenticate"),
            Self::ShelfUpload => ("ShelfUpload", "/ShelfUpload"),
            Self::ShelfDownload => ("ShelfDownload", "/ShelfDownload"),
            Self::ShelfUploadV2 => ("ShelfUploadV2", "/V2/ShelfUpload"),
            Self::ShelfUploadPartInit => ("ShelfUploadPartInit", "/ShelfUploadPartInit"),
            Self::ShelfUploadPart => ("ShelfUploadPart", "/ShelfUploadPart"),
            Self::ShelfDownloadV2 => ("ShelfDownloadV2", "/V2/ShelfDownload"),
            Self::CloudSign => ("CloudSign", "/CloudSign"),
            Self::CloudSignResult => ("CloudSignResult", "/CloudSignResult"),
            Self::CloudSignConfirm => ("CloudSignConfirm", "/CloudSignConfirm"),
            Self::CloudSignConfirmResult => ("CloudSignConfirmResult", "/CloudSignConfirmResult"),
            Self::DssSign => ("DssSign", "/DssSign"),
            Self::DssSignV2 => ("DssSignV2", "/V2/DssSign"),
            Self::DssSignResult => ("DssSignResult", "/DssSignResult"),
            Self::AutoSignReceipts => ("AutoSignReceipts", "/AutoSignReceipts"),
            Self::AutosignReceiptsResult => ("AutosignReceiptsResult", "/AutosignReceiptsResult"),
            Self::GetMyCertificates => ("GetMyCertificates", "/GetMyCertificates"),
            Self::GetMyOrganizations => ("GetMyOrganizations", "/GetMyOrganizations"),
            Self::GetMessage => ("GetMessage", "/V6/GetMessage"),
            Self::GetMessageV5 => ("GetMessageV5", "/V5/GetMessage"),
            Self::GetEntityContent => ("GetEntityContent", "/V4/GetEntityContent"),
            Self::GetDocument => ("GetDocument", "/V3/GetDocument"),
            Self::GetSignatureInfo => ("GetSignatureInfo", "/GetSignatureInfo"),
            Self::PrepareDocumentsToSign => ("PrepareDocumentsToSign", "/PrepareDocumentsToSign"),
            Self::PostMessagePatch => ("PostMessagePatch", "/V4/PostMessagePatch"),
            Self::PostMessagePatchV3 => ("PostMessagePatchV3", "/V3/PostMessagePatch"),
            Self::SendDraft => ("SendDraft", "/SendDraft"),
            Self::PostMessage => ("PostMessage", "/V3/PostMessage"),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        self.row().0
    }

    /// Whether a fault can script what a DssSign tells here.
    pub(crate) fn is_scriptable(self) -> bool {
        matches!(self, Self::DssSign | Self::DssSignV2 | Self::DssSignResult)
    }

    pub(crate) fn at(path: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|known| known.row().1.eq_ignore_ascii_case(path))
    }

    pub(crate) fn method(self) -> &'static Method {
        match self {
            Self::ShelfDownload
            | Self::ShelfDownloadV2
            | Self::CloudSignResult
            | Self::CloudSignConfirmResult
            | Self::DssSignResult
            | Self::AutosignReceiptsResult
            | Self::GetMyCertificates
            | Self::GetMyOrganizations
            | Self::GetMessage
            | Self::GetMessageV5
            | Self::GetEntityContent
            | Self::GetDocument
            | Self::GetSignatureInfo => &Method::GET,
            Self::Authenticate
            | Self::ShelfUpload
            | Self::ShelfUploadV2
            | Self::ShelfUploadPartInit
            | Self::ShelfUploadPart
            | Self::CloudSign
            | Self::CloudSignConfirm
            | Self::DssSign
            | Self::DssSignV2
            | Self::AutoSignReceipts
            | Self::PrepareDocumentsToSign
            | Self::PostMessagePatch
            | Self::PostMessagePatchV3
            | Self::SendDraft
            | Self::PostMessage => &Method::POST,
        }
    }
}

pub(crate) fn handle(world: &mut World, endpoint: Endpoint, call: &Call<'_>) -> Handled {
    match endpoint {
        Endpoint::Authenticate => return login::authenticate(world, call),
        Endpoint::AutoSignReceipts | Endpoint::AutosignReceiptsResult => {
            receipts::offered(world)?;
        }
        _ => {}
    }
    let user = authorization::user(world, call)?;
    match endpoint {
        Endpoint::Authenticate => login::authenticate(world, call),
        Endpoint::ShelfUpload => shelf::upload_v1(world, user, call),
        Endpoint::ShelfDownload => shelf::download_v1(world, user, call),
        Endpoint::ShelfUploadV2 => shelf::upload_v2(world, user, call),
        Endpoint::ShelfUploadPartInit => shelf::init(world, user, call),
        Endpoint::ShelfUploadPart => shelf::part(world, user, call),
        Endpoint::ShelfDownloadV2 => shelf::download_v2(world, user, call),
        Endpoint::CloudSign => cloud_sign::start(world, user, call),
        Endpoint::CloudSignResult => cloud_sign::result(world, user, call),
        Endpoint::CloudSignConfirm => cloud_confirm::confirm(world, user, call),
        Endpoint::CloudSignConfirmResult => cloud_confirm::result(world, user, call),
        Endpoint::DssSign => dss_sign::start(world, user, call),
        Endpoint::DssSignV2 => dss_sign::start_v2(world, user, call),
        Endpoint::DssSignResult => dss_result::result(world, user, call),
        Endpoint::AutoSignReceipts => receipts::start(world, user, call),
        Endpoint::AutosignReceiptsResult => receipts::result(world, user, call),
        Endpoint::GetMyCertificates => certificates::list(world, user, call),
        Endpoint::GetMyOrganizations => organizations::list(world, user, call),
        Endpoint::GetMessage | Endpoint::GetMessageV5 => messages::message(world, call),
        Endpoint::GetEntityContent => messages::content(world, call),
        Endpoint::GetDocument => messages::document(world, call),
        Endpoint::GetSignatureInfo => messages::signature_info(world, call),
        Endpoint::PrepareDocumentsToSign => messages::prepare_documents(world, user, call),
        Endpoint::PostMessagePatch => messages::patch_v4(world, user, call),
        Endpoint::PostMessagePatchV3 => messages::patch_v3(world, user, call),
        Endpoint::SendDraft => messages::send_draft(world, user, call),
        Endpoint::PostMessage => messages::post_message(world, user, call),
    }
}
