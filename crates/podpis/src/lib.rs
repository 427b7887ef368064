#![doc = include_str!("../README.md")]
//!
//! # The crates behind this one
//!
//! Everything here is a re-export; the one thing of its own is [`Podpis`], which resumes an operation of
//! whatever kind a record says it is.
//!
//! **Invariant:** no logic: a program that needs less depends on the crates below directly and loses nothing.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "diadoc", feature = "extern-api"))]
mod any;

#[cfg(any(feature = "diadoc", feature = "extern-api"))]
pub use any::{AnyRun, Output, Podpis, is_found_out, kept};

pub use podpis_cms as cms;
pub use podpis_core as core;
#[cfg(feature = "diadoc")]
pub use podpis_diadoc as diadoc;
#[cfg(feature = "diadoc")]
pub use podpis_diadoc_proto as diadoc_proto;
#[cfg(feature = "extern-api")]
pub use podpis_extern as extern_api;
pub use podpis_operation as operation;
pub use podpis_transport as transport;
#[cfg(feature = "reqwest")]
pub use podpis_transport_reqwest as transport_reqwest;
#[cfg(feature = "trust")]
pub use podpis_trust as trust;

pub use podpis_cms::{FileOutcome, Signatures, Signed, Thumbprint};
#[cfg(feature = "trust")]
pub use podpis_core::client::TrustPolicy;
pub use podpis_core::drive;
pub use podpis_core::journal::FolderJournal;
pub use podpis_core::local_file::LocalFile;
pub use podpis_core::secret;
pub use podpis_core::wait::{
    Begin, CodeRequest, Deadline, KeptBytes, NoPrompt, Prompt, PromptError, Run,
};
pub use podpis_core::{BaseUrl, Error, ErrorChain, ErrorKind, error::Meaning};
#[cfg(feature = "diadoc")]
pub use podpis_diadoc::{BoxId, Diadoc, DiadocLogin, File};
#[cfg(feature = "extern-api")]
pub use podpis_extern::{DocumentPath, Extern, ExternLogin, ReportDocument};
pub use podpis_operation::{Advice, Journal, MemoryJournal, Next, Operation, OperationId, Refusal};
pub use podpis_transport::{SharedTransport, Transport};
#[cfg(feature = "reqwest")]
pub use podpis_transport_reqwest::ReqwestTransport;
