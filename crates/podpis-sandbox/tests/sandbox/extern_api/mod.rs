//! The Extern half.

mod contents;
pub(crate) mod cryptography;
mod decryption;
mod docflows;
mod draft_edit;
mod drafts;
mod identity;
mod locks;
mod over_transport;
mod people;
mod purity;
mod replies;
mod reply_edit;
mod sending;
mod spelling;
mod support;
