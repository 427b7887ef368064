//! Decides what lies in Extern: accounts, certificates, drafts, docflows, replies.
//!
//! **Invariant:** a signature is in a document only when the service put it there; what waits for a person is an
//! operation and changes nothing here.

use bytes::Bytes;
use serde_json::Value;

use super::contents_store::Pieces;
use crate::answer::{Handled, Refusal};
use crate::moment::Moment;
use crate::phone::MessageKind;
use crate::signer::Identity;

/// An organization in Extern.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) inn: &'static str,
    pub(super) kpp: &'static str,
    pub(super) name: &'static str,
    pub(super) members: &'static [usize],
}

/// A certificate that Extern knows, whether or not it can sign with it.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    pub(super) kind: &'static str,
    pub(super) identity: Identity,
    pub(super) owner: usize,
    pub(super) inn: &'static str,
    /// How its key is used; none when the key is not in the cloud.
    pub(super) method: Option<MessageKind>,
    pub(super) qualified: bool,
    /// Issued by the authority whose certificates work in the cloud.
    pub(super) own_authority: bool,
}

impl Certificate {
    /// The way to sign, when the cloud can sign with it.
    pub(super) fn usable(&self) -> Option<MessageKind> {
        self.method.filter(|_| self.own_authority)
    }

    pub(super) fn serial_number(&self) -> String {
        base16ct::upper::encode_string(
            self.identity
                .certificate
                .tbs_certificate
                .serial_number
                .as_bytes(),
        )
    }
}

/// A signature under one document.
#[derive(Clone, Debug, Default)]
pub(super) struct Signature {
    pub(super) id: String,
    pub(super) bytes: Vec<u8>,
    /// None when it came without its certificate.
    pub(super) thumbprint: Option<String>,
    pub(super) third_party: bool,
}

/// Something that is signed by itself: a document of a draft or of a reply.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) id: String,
    pub(super) kind: Option<String>,
    pub(super) filename: String,
    pub(super) content_type: String,
    pub(super) content: Option<Pieces>,
    pub(super) content_id: Option<String>,
    /// The content that is named as the one to sign, where it is not the document's own.
    pub(super) derived: Option<Derived>,
    /// The sender's.
    pub(super) signature: Option<Signature>,
    /// Those of third parties, and further ones of the sender.
    pub(super) others: Vec<Signature>,
}

/// A content that was made to be signed.
#[derive(Clone, Debug)]
pub(super) struct Derived {
    pub(super) content_id: String,
    pub(super) content: Pieces,
    /// Whether it is what is signed, or the document after all.
    pub(super) signed: bool,
}

impl Part {
    /// What a signature is made over.
    pub(super) fn to_sign(&self) -> Option<&Pieces> {
        match &self.derived {
            Some(derived) if derived.signed => Some(&derived.content),
            _ => self.content.as_ref(),
        }
    }

    /// What is named as the content to sign.
    pub(super) fn to_sign_id(&self) -> Option<&String> {
        let derived = self.derived.as_ref().map(|derived| &derived.content_id);
        derived.or(self.content_id.as_ref())
    }

    pub(super) fn signatures(&self) -> impl Iterator<Item = &Signature> {
        self.signature.iter().chain(&self.others)
    }
}

/// A set of documents before it is sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) account: usize,
    /// The sender's certificate in the meta, when the sandbox knows it.
    pub(super) certificate: Option<usize>,
    pub(super) meta: Value,
    pub(super) status: &'static str,
    pub(super) parts: Vec<Part>,
    /// What became of it when it was sent.
    pub(super) docflow: Option<usize>,
    /// Its signings, by their places.
    pub(super) operations: Vec<usize>,
    /// The tasks that need no person.
    pub(super) tasks: Vec<usize>,
}

/// To whom a docflow goes; receipts for the first two can be signed at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Agency {
    Fns,
    Rosstat,
    Pfr,
    #[default]
    Other,
}

/// A docflow.
#[derive(Clone, Debug, Default)]
pub(super) struct Docflow {
    pub(super) id: String,
    pub(super) account: usize,
    pub(super) agency: Agency,
    pub(super) kind: &'static str,
    /// Begun by the authority.
    pub(super) incoming: bool,
    /// The payer's.
    pub(super) inn: String,
    pub(super) kpp: Option<String>,
    pub(super) sent: Moment,
    pub(super) changed: Moment,
    /// Before this moment it is 404.
    pub(super) indexed: Moment,
    /// What the authority will send, the next one last.
    pub(super) arrivals: Vec<Arrival>,
    pub(super) success: &'static str,
    pub(super) documents: Vec<usize>,
}

/// A document that the authority will send.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) at: Moment,
    /// The kind of the document, without the `urn:document:` before it.
    pub(super) name: &'static str,
    pub(super) reply_kind: Option<&'static str>,
    /// What it makes of the docflow.
    pub(super) success: &'static str,
}

/// Where a document of an inventory hangs.
#[derive(Clone, Debug)]
pub(super) struct Inventory {
    pub(super) related_document: String,
    pub(super) id: String,
}

/// How a document was packed before it was encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Zip,
    Gzip,
}

impl Compression {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Zip => "zip",
            Self::Gzip => "gzip",
        }
    }
}

/// What an encrypted document is.
#[derive(Clone, Debug)]
pub(super) struct Encryption {
    pub(super) content_id: String,
    pub(super) size: usize,
    pub(super) certificate: usize,
    pub(super) compression: Compression,
    /// What is inside: packed, when the document is compressed.
    pub(super) inside: Bytes,
}

/// A readable content of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Readable {
    pub(super) content_id: String,
    pub(super) compression: Compression,
}

/// A document of a docflow.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) id: String,
    pub(super) docflow: usize,
    pub(super) inventory: Option<Inventory>,
    pub(super) kind: String,
    pub(super) filename: String,
    pub(super) content_type: String,
    pub(super) sent: Moment,
    pub(super) plain: Pieces,
    pub(super) encryption: Option<Encryption>,
    pub(super) readable: Vec<Readable>,
    pub(super) reply_kinds: Vec<&'static str>,
    /// Replies to it are packages for the pension fund.
    pub(super) package: bool,
    pub(super) signatures: Vec<Signature>,
    /// A reply was sent.
    pub(super) answered: bool,
    pub(super) replies: Vec<usize>,
    /// Its decryptions, by their places.
    pub(super) operations: Vec<usize>,
    /// Its prints.
    pub(super) tasks: Vec<usize>,
}

/// A reply to a document: one part, or a package for the pension fund.
#[derive(Clone, Debug, Default)]
pub(super) struct Reply {
    pub(super) id: String,
    pub(super) document: usize,
    pub(super) package: bool,
    pub(super) kind: String,
    pub(super) certificate: usize,
    pub(super) parts: Vec<Part>,
    pub(super) sent: bool,
    /// Its signings, by their places.
    pub(super) operations: Vec<usize>,
}

impl Document {
    /// The replies that can be made now: none after one was sent.
    pub(super) fn possible_replies(&self) -> &[&'static str] {
        if self.answered {
            &[]
        } else {
            &self.reply_kinds
        }
    }
}

/// The name of a draft among all: clients choose ids, so each account has its own.
pub(super) fn draft_name(account: usize, id: &str) -> String {
    format!("{account}/{id}")
}

/// Names the documents without a signature.
pub(super) fn unsigned(parts: &[Part]) -> Option<String> {
    let unsigned = parts.iter().filter(|part| part.signature.is_none());
    let ids: Vec<&str> = unsigned.map(|part| part.id.as_str()).collect();
    (!ids.is_empty()).then(|| format!("Нет подписи под документами: {}.", ids.join(", ")))
}

pub(super) fn refuse_unsigned(parts: &[Part]) -> Handled<()> {
    let refusal = |text| Refusal::bad_request(text).coded("signatureNotFound");
    unsigned(parts).map_or(Ok(()), |text| Err(refusal(text)))
}

/// Whether all of them are signed; no documents at all are not.
pub(super) fn all_signed(parts: &[Part]) -> bool {
    !parts.is_empty() && parts.iter().all(|part| part.signature.is_some())
}

/// The types of content that can be printed.
const PRINTABLE: [&str; 3] = ["application/octet-stream", "application/xml", "text/xml"];

pub(super) fn is_printable(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    PRINTABLE
        .iter()
        .any(|known| kind.eq_ignore_ascii_case(known))
}

pub(super) fn refuse_unprintable(content_type: &str) -> Handled<()> {
    if is_printable(content_type) {
        return Ok(());
    }
    let refusal = Refusal::bad_request("Печать документа не поддерживается.");
    Err(refusal.coded("documentPrintUnsupported"))
}
