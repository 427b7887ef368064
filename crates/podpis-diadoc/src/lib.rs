//! Remote signatures with Diadoc.
//!
//! [`Diadoc`] is the client. An operation begins with its files and ends with [`Signatures`]: each bound to its
//! file by digest, whatever order the service gave them in.
//!
//! ```no_run
//! use podpis_core::secret::{ApiClientId, ConfirmationCode, Password};
//! use podpis_core::wait::{CodeRequest, Deadline, PromptError};
//! use podpis_diadoc::{Diadoc, DiadocLogin, File, PRODUCTION};
//! # async fn example(transport: podpis_transport::SharedTransport) -> Result<(), Box<dyn std::error::Error>> {
//!
//! let login = DiadocLogin::password(ApiClientId::new("…"), "me@example.org", Password::new("…"));
//! let diadoc = Diadoc::builder(PRODUCTION.parse()?, login, transport).build();
//!
//! let mut prompt = async |_request: CodeRequest| -> Result<ConfirmationCode, PromptError> {
//!     Ok(ConfirmationCode::new("the code from the SMS"))
//! };
//! # let mut prompt = podpis_core::wait::NoPrompt;
//! let signatures = diadoc
//!     .cloud_sign([File::path("act.xml")])
//!     .run(&mut prompt, Deadline::minutes(10))
//!     .await?;
//! for signed in signatures.all()? {
//!     std::fs::write(format!("{}.p7s", signed.name()), signed.der())?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | module | decides |
//! |---|---|
//! | [`endpoints`] | every endpoint, with its replay class |
//! | `login` | how a token is got |
//! | `file` | what is signed, and where its bytes are |
//! | `shelf` | how large files travel |
//! | `cloud_sign` | the conversation by SMS |
//! | `dss_sign` | the conversation by the owner's phone |
//! | `receipts` | receipts, batch after batch |
//! | `certificates` | which certificate can sign, and why another cannot |
//! | `organizations` | the user's organizations and boxes |
//! | `message` | what is in a message, whose signatures are under which document, and what failed |
//! | `prepare` | documents into which the signer is written before they are signed |
//! | `document_signature` | the signature as it is attached, and its rules |
//! | `posting` | how signatures, drafts and new messages are posted once |
//! | `attach` | a document signed, and the signature attached to it |
//! | `record` | how records are read and written |
//! | `signatures` | what comes back, and for which file |
//!
//! **Invariant:** a start or a code is sent once; its answer, lost or not, never makes the client send another.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod attach;
mod certificates;
mod client;
mod cloud_sign;
mod document_signature;
mod dss_sign;
pub mod endpoints;
mod explain;
mod file;
mod id;
mod login;
mod message;
mod organizations;
mod posting;
mod prepare;
mod protobuf;
mod receipts;
mod record;
mod shelf;
mod signatures;

pub use attach::{
    Attached, AttachedDocument, Attaching, SignAndAttach, SignAndAttachStart, SignBy,
    kept_signatures,
};
pub use certificates::{
    Certificate, NoUsableCertificate, SigningMethod, Unusable, choose_certificate, judge,
};
pub use client::{Diadoc, DiadocBuilder, PRODUCTION, STAGING};
pub use cloud_sign::{CloudSign, CloudSignStart, CloudSigning, ResultForm};
pub use document_signature::{
    Breach, ContentSource, DocumentSenderSignature, DocumentSenderSignatureBuilder,
    DocumentSignature, DocumentSignatureBuilder, PowerOfAttorney, PowerOfAttorneyFile, Rule,
    SignatureSource, SignedBytes, SignedContent, SignedContentBuilder, When, check_draft,
    check_patch,
};
pub use dss_sign::{DssProgress, DssSign, DssSignStart, DssSigning, GosKey, dss_progress};
pub use file::File;
pub use id::{BoxId, EntityId, MalformedBoxId, MessageId, PatchedContentId, ShelfName};
pub use login::DiadocLogin;
pub use message::{
    AttachedSignature, DeliveryFailure, Document, EntityContent, Formality, Message,
    MessageReading, Sending, Side, SignatureInfo, SignatureVerification, VerificationReport,
};
pub use organizations::{Organization, OrganizationBox};
pub use podpis_cms::{FileOutcome, Signatures};
pub use podpis_diadoc_proto::OrganizationType;
pub use podpis_diadoc_proto::certificates::{
    CertificateSubjectType, CertificateType, CertificateUsage, DssCertificateType,
};
pub use podpis_diadoc_proto::dss::{DssConfirmType, DssOperator};
pub use posting::{
    DraftSending, MessagePatching, MessagePosting, OutgoingDocument, Posted, PostedEntity, Posting,
};
pub use prepare::{
    DocumentRef, PatchedContent, PostedBy, Preparation, PreparedContent, PreparedDocument,
    PreparedDocuments, Preparing, Signer, ToPrepare,
};
pub use receipts::{
    AutoSignReceipts, Receipts, ReceiptsEnd, ReceiptsProgress, ReceiptsSigning, receipts_progress,
};
pub use shelf::{FILE_LIMIT, INLINE_LIMIT, UploadProgress};
