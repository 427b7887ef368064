//! Decides what the entries of a revocation list say of a serial number, and of which moments.
//!
//! **Invariant:** entries are read in place, one after the other, each once, and nothing is kept of
//! those with other serial numbers. One that cannot be understood spoils the list.

use std::time::SystemTime;

use podpis_cms::time_of;
use podpis_cms::tlv::{self, Element, Elements};

use crate::extension::{self, number};
use crate::oid;

const KEY_COMPROMISE: u8 = 1;
const CA_COMPROMISE: u8 = 2;
const REMOVE: u8 = 8;

/// What an entry of a list says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revocation {
    pub(crate) date: SystemTime,
    reason: Option<u8>,
    invalid_since: Option<SystemTime>,
}

/// The list cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spoilt;

impl Revocation {
    /// One that something else than a list says.
    pub(crate) fn new(
        date: SystemTime,
        reason: Option<u8>,
        invalid_since: Option<SystemTime>,
    ) -> Self {
        Self {
            date,
            reason,
            invalid_since,
        }
    }

    /// Is a certificate with this entry not to be relied on at this moment?
    pub(crate) fn revokes_at(&self, moment: SystemTime) -> bool {
        if self.reason == Some(REMOVE) {
            return false;
        }
        // A stolen key may have been used by the thief before the theft was known.
        let is_stolen = matches!(self.reason, Some(KEY_COMPROMISE | CA_COMPROMISE));
        self.date <= moment || is_stolen && self.invalid_since.is_some_and(|since| since <= moment)
    }

    /// The reason in the words of RFC 5280 5.3.1.
    pub(crate) fn reason(&self) -> &'static str {
        match self.reason {
            None | Some(0) => "unspecified",
            Some(KEY_COMPROMISE) => "keyCompromise",
            Some(CA_COMPROMISE) => "cACompromise",
            Some(3) => "affiliationChanged",
            Some(4) => "superseded",
            Some(5) => "cessationOfOperation",
            Some(6) => "certificateHold",
            Some(9) => "privilegeWithdrawn",
            Some(10) => "aACompromise",
            Some(_) => "unknown",
        }
    }
}

/// Entries of one serial number in one list at most; more spoil it.
const MOST: usize = 16;

/// The entries with this serial number.
pub(crate) fn find(mut entries: &[u8], serial: &[u8]) -> Result<Vec<Revocation>, Spoilt> {
    let serial = number(serial);
    let mut found = Vec::new();
    // Most entries have the same extensions, so those read last are not read again.
    let (mut last, mut said) = (&[][..], Said::default());
    while !entries.is_empty() {
        let (entry, rest) = first(entries, tlv::SEQUENCE)?;
        entries = rest;
        let (theirs, fields) = first(entry, tlv::INTEGER)?;
        let kind = match fields.first() {
            Some(&tlv::UTC_TIME) => tlv::UTC_TIME,
            _ => tlv::GENERALIZED_TIME,
        };
        let (_, extensions) = first(fields, kind)?;
        if extensions != last {
            last = extensions;
            said = Said::read(Elements::of(extensions))?;
        }
        if number(theirs) == serial {
            if found.len() == MOST {
                return Err(Spoilt);
            }
            let date = Elements::of(fields).next().ok_or(Spoilt)?;
            found.push(Revocation {
                date: time_of(&date).ok_or(Spoilt)?,
                reason: said.reason,
                invalid_since: said.invalid_since,
            });
        }
    }
    Ok(found)
}

/// The content of the first element, which must have this tag, and what follows it.
#[inline]
fn first(bytes: &[u8], tag: u8) -> Result<(&[u8], &[u8]), Spoilt> {
    match bytes {
        // A list may have a million entries, and nearly all lengths in them are one byte.
        [found, length @ 0..=0x7F, rest @ ..] if *found == tag => {
            rest.split_at_checked(usize::from(*length)).ok_or(Spoilt)
        }
        [found, ..] if *found == tag => {
            let (element, rest) = Element::first(bytes).map_err(|_| Spoilt)?;
            Ok((element.content(), rest))
        }
        _ => Err(Spoilt),
    }
}

/// What the extensions of an entry say.
#[derive(Default)]
struct Said {
    reason: Option<u8>,
    invalid_since: Option<SystemTime>,
}

impl Said {
    /// Of what follows the date.
    fn read(mut fields: Elements<'_>) -> Result<Self, Spoilt> {
        let what = "entry";
        let mut said = Self::default();
        let list = fields.optional(tlv::SEQUENCE, what).map_err(|_| Spoilt)?;
        fields.end(what).map_err(|_| Spoilt)?;
        for one in extension::all(list.map_or(&[], |list| list.content())) {
            let one = one.map_err(|_| Spoilt)?;
            if one.is(oid::REASON_CODE) {
                said.reason = Some(extension::enumerated(&one).ok_or(Spoilt)?);
            } else if one.is(oid::INVALIDITY_DATE) {
                let date = one.element().ok_or(Spoilt)?;
                said.invalid_since = Some(time_of(&date).ok_or(Spoilt)?);
            } else if one.is_critical && !one.is(oid::HOLD_INSTRUCTION) {
                // Among them certificateIssuer, which makes a list speak for others.
                return Err(Spoilt);
            }
        }
        Ok(said)
    }
}
