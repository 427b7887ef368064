//! What is in a file that was fetched.
//!
//! **Invariant:** a file is of the kind that was sought, or a trouble; it is believed by nobody before its value was
//! verified.

use std::time::SystemTime;

use bytes::Bytes;
use podpis::cms::Certificate;
use podpis::cms::tlv::{self, Element};
use podpis::trust::{Given, OcspError, OcspResponse, RevocationList};

use crate::messages::{Sought, Trouble};

/// Certificates of one file that are taken.
const MOST: usize = 100;

/// What a file holds.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Issuers(Vec<Certificate>),
    Lists(Vec<RevocationList>),
    Answer(OcspResponse),
}

impl Found {
    pub(super) fn read(what: Sought, bytes: &Bytes) -> Result<Self, Trouble> {
        match what {
            Sought::Issuer => certificates(bytes).map(Self::Issuers),
            Sought::List => RevocationList::read_all(bytes.clone())
                .map(Self::Lists)
                .ok(),
            Sought::Ocsp => match OcspResponse::from_der(bytes.clone()) {
                Ok(answer) => Some(Self::Answer(answer)),
                Err(OcspError::Refused { status }) => return Err(Trouble::NoStatus(status)),
                Err(_) => None,
            },
        }
        .ok_or(Trouble::NotOfKind)
    }

    /// By when it will be replaced, where it says so.
    pub(super) fn next_update(&self) -> Option<SystemTime> {
        match self {
            Self::Issuers(_) => None,
            Self::Lists(lists) => {
                let next = lists.iter().map(RevocationList::next_update);
                next.collect::<Option<Vec<_>>>()?.into_iter().min()
            }
            Self::Answer(answer) => answer.next_update(),
        }
    }

    /// What was given, and this.
    pub(super) fn add_to(&self, given: Given) -> Given {
        match self {
            Self::Issuers(all) => given.certificates(all.iter().cloned()),
            Self::Lists(all) => given.lists(all.iter().cloned()),
            Self::Answer(answer) => given.ocsp([answer.clone()]),
        }
    }
}

/// Certificates as authorities publish them: one in DER, PEM, or a CMS message with nothing but certificates
/// (RFC 5280 4.2.2.1).
fn certificates(bytes: &[u8]) -> Option<Vec<Certificate>> {
    let mut all = match Certificate::read_all(bytes) {
        Ok(all) => all,
        Err(_) => in_message(bytes)?,
    };
    all.truncate(MOST);
    (!all.is_empty()).then_some(all)
}

/// The certificates of a `SignedData`.
fn in_message(bytes: &[u8]) -> Option<Vec<Certificate>> {
    /// 1.2.840.113549.1.7.2
    const SIGNED_DATA: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2];
    let mut fields = Element::single(bytes).ok()?.inside();
    let kind = fields.next()?;
    if kind.content() != SIGNED_DATA {
        return None;
    }
    let message = fields.next()?.inside().next()?;
    let set = message
        .inside()
        .find(|field| field.tag() == tlv::CONTEXT_0)?;
    let readable = set
        .inside()
        .filter_map(|one| Certificate::from_der(one.whole()).ok());
    Some(readable.take(MOST).collect())
}
