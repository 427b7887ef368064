#![doc = include_str!("../README.md")]

mod answer;
mod call;
mod classes;
mod control;
mod diadoc;
mod extern_api;
mod faults;
mod identity;
mod ids;
mod journal;
mod kept;
mod milliseconds;
mod moment;
mod options;
mod phone;
mod query;
mod room;
mod sandbox;
mod scenario;
mod server;
mod settings;
mod signer;
mod transport;
mod world;

pub use diadoc::{
    CertificateInfo, DiadocCertificateInfo, DiadocInfo, DiadocOptions, DocumentInfo, DocumentState,
    DssRunning, LastBatchKey, MessageOptions, MessagesInfo, OrganizationInfo, PacketInfo,
    PostRunning, ReceiptInfo, ReceiptsLayout, ReceiptsMethod, SignatureState, StampedParent,
    UserInfo, Verification, WaitingInfo,
};
pub use extern_api::{
    ConfirmTypeSpelling, ContentAnswerSpelling, ContentRangeSpelling, DataToSign,
    DecryptionTaskIdName, DraftVerdict, ExternAnswerableInfo, ExternCertificateInfo,
    ExternDraftInfo, ExternDraftsInfo, ExternEncryptedDocumentInfo, ExternEncryptedInfo,
    ExternInfo, ExternOptions, ExternPlace, ExternRepliesInfo, ExternReplyInfo, ExternSpelling,
    OperationEnd, Profile, ProgressPlace, ProgressSpelling, StatusCodeSpelling, TaskStateSpelling,
    TokenLifetimeName, UnconfirmedOperation, UnusableCertificate,
};
pub use faults::{DigestName, Fault, FaultId, NoDigestName, SignatureFault};
pub use journal::{Counters, RequestRecord};
pub use options::{ConfirmErrors, Limits, ResultDelivery, Signatures, WorldOptions};
pub use phone::{
    Asked, AskedFile, MessageKind, MessageState, PersonError, PhoneInfo, PhoneMessage, PhoneMode,
    Purpose, Service,
};
pub use sandbox::Sandbox;
pub use scenario::Scenario;
pub use server::{Bind, RunningServer};
pub use world::{Exchange, Outcome, World, WorldInfo};
