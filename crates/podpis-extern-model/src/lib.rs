//! The JSON of Kontur.Extern as types, without HTTP.
//!
//! What the service sends is read by [`read`], and everything that the sources disagree on is accepted: fields
//! that are absent, null or new; words in any case and hyphenation; ids, numbers and results under every name and
//! in every form that was ever documented. What is sent to the service is made by constructors (what is
//! mandatory is an argument, what is optional a `with_…`) and written without null members.
//!
//! - **Starting**: [`SignInit`], [`PfrSignInit`], [`DecryptInit`]; their `needs` says what a person has to do.
//! - **Waiting**: [`ApiTask`], with [`ApiTask::progress`] and its result read as what it should be.
//! - **Going wrong**: [`ApiError`] is what the service says, [`ReadError`] that it cannot be understood.
//!
//! Fields are optional where a source leaves any doubt, which is nearly everywhere. What a flow cannot live
//! without is for the client to check, who knows what to do about it.
//!
//! **Invariant:** nothing here knows HTTP, a runtime or another crate of the workspace. No body from outside can
//! cause a panic, an error never holds anything of the body, and no `Debug` shows a document, a certificate, a
//! signature or a code.
//!
//! ```
//! use podpis_extern_model::{ApiTask, Confirmation, OperationStatus, SignInit, TaskState, read};
//!
//! let answer: SignInit = read(br#"{"task-id":"6f6b7b0e","confirm-type":"myDSS"}"#)?;
//! let Confirmation::Phone(task) = answer.needs() else { unreachable!() };
//! assert_eq!(task.as_str(), "6f6b7b0e");
//!
//! let task: ApiTask = read(br#"{"task-state":"running","progress":"awaiting-for-confirmation"}"#)?;
//! assert_eq!(task.state, TaskState::Running);
//! assert_eq!(task.progress(), Some(OperationStatus::AwaitingForConfirmation));
//! # Ok::<(), podpis_extern_model::ReadError>(())
//! ```

mod account;
mod api_error;
mod base64_text;
mod certificate;
mod confirmation;
mod content;
mod crypt_operation;
mod date;
mod decrypt;
mod docflow;
mod document;
mod draft;
mod id;
mod lenient;
mod link;
mod open_enum;
mod read;
mod reply;
mod reply_option;
mod sign;
mod signature;
mod status_code;
mod task;

pub use jiff;

pub use account::{Account, AccountList, Product};
pub use api_error::{ApiError, ConcurrentTask, ErrorContext, SendFailure};
pub use base64_text::Base64;
pub use certificate::{Certificate, CertificateList, CertificateType};
pub use confirmation::{ConfirmType, Confirmation};
pub use content::{ContentReference, ContentRequest, UploadAnswer};
pub use crypt_operation::{
    CryptOperationStatus, FileErrorCode, FileOperationStatus, FileStatus, OperationStatus,
};
pub use date::{ExternDate, MalformedDate};
pub use decrypt::{DecryptInit, DecryptionResult};
pub use docflow::{Docflow, DocflowPage, DocflowStatus};
pub use document::{
    CompressionType, DocflowDocumentContent, DocflowDocumentDescription, Document,
    DocumentContents, EncryptedCertificate,
};
pub use draft::{
    AdditionalInfo, CertificateText, CheckError, CheckLevel, CheckResult, DocumentContent,
    DocumentDescription, DocumentRequest, Draft, DraftDocument, DraftDocumentDescription,
    DraftMeta, DraftMetaRequest, DraftOptions, DraftPage, DraftStatus, Organization, Payer,
    PrepareResult, PrepareStatus, Recipient, RelatedDocument, Sender,
};
pub use id::{
    AccountId, ContentId, DocflowId, DocumentId, DraftId, InventoryId, ReplyId, RequestId,
    SignatureId, TaskId,
};
pub use link::{Link, find_link, find_links};
pub use read::{ReadError, ReadProblem, read, read_bytes, read_code};
pub use reply::{CertificateRequest, PfrReply, PfrReplyDocument, ReplyDocument, SendRequest};
pub use reply_option::ReplyOption;
pub use sign::{PfrSignConfirmed, PfrSignInit, SignConfirmed, SignInit};
pub use signature::{Signature, SignatureRequest, SignerType};
pub use status_code::StatusCode;
pub use task::{ApiTask, SendResult, TaskItem, TaskPage, TaskState, TaskType};
