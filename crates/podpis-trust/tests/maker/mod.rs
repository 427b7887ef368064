//! Makes certificates, revocation lists, OCSP answers, signatures and time stamps of any parts, right or wrong.
//!
//! Tests judge what it makes, and so does the example that measures the cost of a judgement. Keys are
//! derived from small numbers, so the same call always makes the same bytes.

#![allow(
    dead_code,
    unused_imports,
    reason = "not every program that includes it uses all of it"
)]

mod certificate;
mod der;
mod key;
mod list;
mod message;
mod ocsp;

pub(crate) use certificate::Draft;
pub(crate) use der::{
    extension, general, integer, name, oid_element, printable, sequence, utc, utf8,
};
pub(crate) use key::Key;
pub(crate) use list::ListDraft;
pub(crate) use message::{Message, TokenDraft, indefinite};
pub(crate) use ocsp::OcspDraft;
