#![doc = include_str!("../README.md")]

mod answer;
mod control;
mod diadoc;
mod digest_name;
mod extern_api;
mod faults;
mod journal;
mod kept;
mod load;
mod options;
mod phone;
mod query;
mod sandbox;
mod server;
mod settings;
mod signer;
mod transport;
mod world;

pub use diadoc::{
    DiadocCertificateInfo, DiadocOptions, DocumentState, DssRunning, LastBatchKey, MessageOptions,
    MessagesInfo, OrganizationInfo, PacketInfo, PostRunning, ReceiptInfo, ReceiptsLayout,
    ReceiptsMethod, SignatureState, StampedParent, Verification, WaitingInfo,
};
pub use digest_name::{DigestName, NoDigestName};
pub use extern_api::{
    ConfirmTypeSpelling, ContentAnswerSpelling, ContentRangeSpelling, DataToSign,
    DecryptionTaskIdName, DraftVerdict, ExternAnswerableInfo, ExternCertificateInfo,
    ExternDraftInfo, ExternDraftsInfo, ExternEncryptedDocumentInfo, ExternEncryptedInfo,
    ExternInfo, ExternOptions, ExternPlace, ExternRepliesInfo, ExternReplyInfo, ExternSpelling,
    OperationEnd, Profile, ProgressPlace, ProgressSpelling, StatusCodeSpelling, TaskStateSpelling,
    TokenLifetimeName, UnconfirmedOperation, UnusableCertificate,
};
pub use faults::{Fault, FaultId, SignatureFault};
pub use journal::{Counters, RequestRecord};
pub use options::{ConfirmErrors, ResultDelivery, WorldOptions};
pub use phone::{MessageKind, MessageState, PersonError, PhoneMessage, PhoneMode};
pub use sandbox::Sandbox;
pub use server::{Bind, RunningServer};
pub use world::{
    CertificateInfo, DiadocInfo, DocumentInfo, Exchange, Outcome, PhoneInfo, UserInfo, World,
    WorldInfo,
};
