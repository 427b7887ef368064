//! Remote signatures with Kontur.Extern.
//!
//! [`Extern`] is the client. Its operations, each of which goes to its end by `run`, or is started with a journal by `start`:
//!
//! | to | call |
//! |---|---|
//! | send a report: files to a docflow | [`InAccount::send_report`] |
//! | answer what a docflow asks for | [`InAccount::answer`] |
//! | sign what is there | [`InAccount::sign_draft`], [`InAccount::sign_reply`], [`InAccount::sign_pfr_reply`] |
//! | decrypt a document | [`InAccount::decrypt`] |
//! | take a draft's steps one by one | [`InAccount::check_draft`], [`InAccount::prepare_draft`], [`InAccount::send_draft`] |
//! | send a reply that is signed | [`InAccount::send_reply`], [`InAccount::send_pfr_reply`] |
//!
//! Everything else is a call that asks nobody: drafts, docflows, documents, replies, contents, certificates.
//!
//! A key that stays at the service is confirmed in the phone app (myDSS) or by a code in an SMS. Which of the two it
//! is, the service decides by the certificate; a program that drives an operation handles both. Operations that ask
//! nobody take a deadline and no prompt.
//!
//! ```no_run
//! use podpis_core::secret::Token;
//! use podpis_core::wait::{Begin, Deadline, NoPrompt};
//! use podpis_extern::{Extern, ExternLogin, PRODUCTION, model::{AccountId, DraftId}};
//!
//! # async fn example(transport: podpis_transport::SharedTransport) -> Result<(), Box<dyn std::error::Error>> {
//! let login = ExternLogin::bearer(&Token::new("…"));
//! let extern_api = Extern::builder(PRODUCTION.parse()?, login, transport).build();
//!
//! let (account, draft) = (AccountId::new("…"), DraftId::new("…"));
//! let signatures = extern_api
//!     .account(&account).sign_draft(&draft)
//!     .run(&mut NoPrompt, Deadline::minutes(15)) // the phone app needs no code
//!     .await?;
//! # let _ = signatures.all()?;
//! # Ok(())
//! # }
//! ```
//!
//! A report goes the whole way in one call, and [`InAccount::answer`] answers what comes of it:
//!
//! ```no_run
//! use podpis_core::wait::{Begin, Deadline, NoPrompt};
//! use podpis_extern::model::{AccountId, DraftMeta, Payer, Recipient, Sender};
//! use podpis_extern::{Extern, ReportDocument, LocalFile};
//!
//! # async fn example(extern_api: Extern, certificate: Vec<u8>) -> Result<(), podpis_core::Error> {
//! let account = AccountId::new("…");
//! let sender = Sender::new("6676130154", certificate, "8.8.8.8").with_kpp("667601001");
//! let payer = Payer::new("6676130154").with_kpp("667601001");
//! let meta = DraftMeta::new(sender, Recipient::ifns("0087"), payer);
//! let report = ReportDocument::new("urn:document:fns534-report", LocalFile::path("report.xml"));
//!
//! let sent = extern_api
//!     .account(&account).send_report(meta, [report])
//!     .run(&mut NoPrompt, Deadline::minutes(15))
//!     .await?;
//! extern_api
//!     .account(&account).docflow_when_indexed(&sent.docflow_id, Deadline::minutes(5))
//!     .await?;
//! for asked in extern_api.account(&account).replies_asked_for(&sent.docflow_id).await? {
//!     println!("{} asks for {}", asked.place, asked.reply_type);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | module | decides |
//! |---|---|
//! | `endpoints` | every endpoint, with its replay class (feature `kinds`) |
//! | `pages` | when a list has ended |
//! | `place` | where a document is: in a docflow or in an inventory |
//! | `certificates` | which certificate can sign remotely, and why another cannot |
//! | `contents` | how document bytes come and go |
//! | `docflows` | how docflows are listed and read |
//! | `replies` | how replies are made and filled |
//! | `test_stand` | how the codes of the test stand are got (feature `test-stand`) |
//! | `cloud` | the conversation of signing and decrypting |
//! | `drafts` | how a draft is made and changed |
//! | `answer` | answering what a docflow asks for in one call |
//! | `report` | the common way in one call: files to a docflow |
//! | `tasks` | the conversation of checking, preparing and sending a draft |
//!
//! **Invariant:** the signature is attached by the service only when the task is asked and says `succeed`: an
//! operation is not done before this client has seen that, and a record that was confirmed on the phone is
//! resumed without asking the person again.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod accounts;
mod answer;
mod certificates;
mod client;
mod cloud;
mod contents;
mod docflows;
mod drafts;
#[cfg(not(feature = "kinds"))]
mod endpoints;
#[cfg(feature = "kinds")]
pub mod endpoints;
mod explain;
mod given_signature;
mod json;
mod login;
mod pages;
mod place;
mod raw;
mod replies;
mod report;
mod tasks;
#[cfg(feature = "test-stand")]
mod test_stand;

pub use answer::{
    AnswerDocument, AnswerStep, AnsweredDocument, Answering, ReplyAsked, ReplySending, SendReply,
    SentReply,
};
pub use certificates::unusable;
pub use client::{Extern, ExternBuilder, InAccount, PRODUCTION, TEST};
pub use cloud::{
    ConfirmPath, DecryptDocument, Decrypted, Decrypting, DraftSigning, PfrReplySigning,
    ReplySigning, SignDraft, SignPfrReply, SignReply, progress,
};
pub use contents::{
    CONTENT_LIMIT, Download, DownloadProgress, Downloaded, PART_LIMIT, Upload, UploadProgress,
    UploadState, Uploaded,
};
pub use docflows::{DocflowFilter, DocflowOrder};
pub use drafts::{DraftContent, KeptDocuments};
pub use login::ExternLogin;
pub use place::DocumentPath;
pub use podpis_core::certificate::Unusable;
pub use podpis_core::local_file::LocalFile;
pub use podpis_extern_model as model;
pub use report::{DataToSign, ReportDocument, ReportSending, ReportStep, SendReport, SentReport};
pub use tasks::{
    CheckDraft, DraftChecking, DraftPreparing, DraftSending, PrepareDraft, PreparedDraft,
    SendDraft, SentDraft,
};
#[cfg(feature = "test-stand")]
pub use test_stand::{TestStandPhone, TestStandPrompt};
