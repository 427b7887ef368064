//! Remote signatures with Diadoc.
//!
//! [`Diadoc`] is the client. An operation begins with its files and ends with [`Signatures`]: each bound to its
//! file by digest, whatever order the service gave them in.
//!
//! ```no_run
//! use podpis_core::secret::{ApiClientId, Password};
//! use podpis_core::wait::{Begin, Deadline, NoPrompt};
//! use podpis_diadoc::{BoxId, Diadoc, DiadocLogin, File, PRODUCTION};
//! # async fn example(transport: podpis_transport::SharedTransport) -> Result<(), Box<dyn std::error::Error>> {
//!
//! let login = DiadocLogin::password(ApiClientId::new("…"), "me@example.org", Password::new("…"));
//! let diadoc = Diadoc::builder(PRODUCTION.parse()?, login, transport).build();
//!
//! // The owner of the certificate confirms on their phone.
//! let in_box: BoxId = "db32ce1f-5e7d-4b08-9a0c-1f1f9a8a7b11".parse()?;
//! let signing = diadoc.in_box(&in_box).dss_sign([File::path("act.xml")]);
//! let signatures = signing.run(&mut NoPrompt, Deadline::minutes(10)).await?;
//! for signed in signatures.all()? {
//!     std::fs::write(format!("{}.p7s", signed.name()), signed.der())?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The client, what it takes (files and ids) and the kinds of operation are here; what belongs to one topic is in its
//! module.
//!
//! | to | call | module |
//! |---|---|---|
//! | sign files, confirmed on the owner's phone | [`InBox::dss_sign`] | [`dss_sign`] |
//! | sign files, with a code by SMS | [`Diadoc::cloud_sign`] | [`cloud_sign`] |
//! | sign a document of a message and attach the signature | [`InBox::sign_and_attach`] | [`attach`] |
//! | have the signer written into documents before they are signed | [`InBox::prepare_documents`] | [`prepare`] |
//! | make the signature that is attached, and keep its rules | [`DocumentSignature`](document_signature::DocumentSignature) | [`document_signature`] |
//! | post signatures, send a draft, post a new message | [`InBox::patch_message`], [`InBox::send_draft`], [`InBox::post_message`] | [`posting`] |
//! | read a message, its signatures, and what the service says of them | [`InBox::message`], [`InBox::signature_info`] | [`message`] |
//! | list documents, and what waits for a signature | [`InBox::documents`] | [`documents`] |
//! | read what happened in a box since the last time | [`InBox::events`] | [`events`] |
//! | choose a certificate | [`InBox::certificates`] | [`certificates`] |
//! | see organizations and boxes | [`Diadoc::organizations`], [`InBox::details`] | [`organizations`] |
//! | see who the user is, and what they may do | [`Diadoc::user`], [`InBox::employee`] | [`people`] |
//! | sign and send receipts | [`InBox::auto_sign_receipts`] | [`receipts`] |
//! | put large files up before they are signed | [`Diadoc::put_on_shelf`] | [`shelf`] |
//! | go on with a stored operation | [`Diadoc::resume`] | |
//!
//! Every endpoint and whether it may be sent again is in `endpoints`, behind the feature `kinds`.
//!
//! **Invariant:** what reaches a person is sent again only where the service certainly did nothing with it; a posting is
//! sent again with the same bytes under the same operationId.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod attach;
pub mod certificates;
mod client;
pub mod cloud_sign;
pub mod document_signature;
pub mod documents;
pub mod dss_sign;
#[cfg(not(feature = "kinds"))]
mod endpoints;
#[cfg(feature = "kinds")]
pub mod endpoints;
pub mod events;
mod explain;
mod file;
mod given;
mod id;
mod login;
pub mod message;
pub mod organizations;
pub mod people;
pub mod posting;
pub mod prepare;
mod protobuf;
pub mod receipts;
pub mod shelf;

pub use attach::SignAndAttach;
pub use client::{Diadoc, DiadocBuilder, InBox, PRODUCTION, STAGING, TEST};
pub use cloud_sign::CloudSign;
pub use dss_sign::DssSign;
pub use file::File;
pub use id::{BoxId, EntityId, MalformedBoxId, MessageId, PatchedContentId, ShelfName};
pub use login::DiadocLogin;
pub use podpis_cms::{FileOutcome, Signatures};
pub use posting::Posting;
pub use receipts::AutoSignReceipts;
