//! The Extern half.

mod contents;
mod cryptography;
mod decryption;
mod drafts;
mod identity;
mod locks;
mod over_transport;
mod people;
mod purity;
mod replies;
mod spelling;
mod support;
