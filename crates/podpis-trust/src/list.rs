//! Decides what a revocation list says of itself: whose it is, of when, and for which certificates.
//!
//! **Invariant:** the bytes are shared and never copied; entries are read where they stand, when a
//! serial number is looked for.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use podpis_cms::tlv::{self, Element};
use podpis_cms::{canonical_name, decode_text, oid_text, time_of};

use crate::extension::{self, Extension};
use crate::oid;
use crate::scope::Scope;
use crate::signed_bytes::{Parts, SignedBytes, place};

/// Longer lists are refused. The largest real ones have about a million entries and 50 MB.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A certificate revocation list (RFC 5280 5). Copies share its bytes.
#[derive(Clone)]
pub struct RevocationList(Arc<Inner>);

struct Inner {
    der: Bytes,
    signed: SignedBytes,
    /// The comparable form of the issuer's name.
    issuer: Vec<u8>,
    this_update: SystemTime,
    next_update: Option<SystemTime>,
    entries: Range<usize>,
    key_id: Option<Range<usize>>,
    number: Option<Range<usize>>,
    keeps_expired_since: Option<SystemTime>,
    scope: Scope,
    obstacle: Option<String>,
}

impl RevocationList {
    /// Reads one list in DER.
    ///
    /// # Errors
    ///
    /// [`ListError`].
    pub fn from_der(der: impl Into<Bytes>) -> Result<Self, ListError> {
        let der = der.into();
        if der.is_empty() {
            return Err(ListError::Empty);
        }
        if der.len() > MAX_BYTES {
            return Err(ListError::TooLarge {
                bytes: der.len(),
                limit: MAX_BYTES,
            });
        }
        read(der).map(|inner| Self(Arc::new(inner)))
    }

    /// Reads every list of a file: PEM text with any number of them (other blocks are passed over),
    /// Base64 text of one, or one in DER, whose bytes are not copied.
    ///
    /// # Errors
    ///
    /// [`ListError`], also when there is none.
    pub fn read_all(bytes: impl Into<Bytes>) -> Result<Vec<Self>, ListError> {
        let bytes = bytes.into();
        // Text is a third longer than what it stands for, and has line ends.
        let limit = MAX_BYTES / 2 * 3;
        if bytes.len() > limit {
            return Err(ListError::TooLarge {
                bytes: bytes.len(),
                limit,
            });
        }
        let blocks = decode_text(&bytes, "CRL").map_err(|_| ListError::BadText)?;
        match blocks {
            Some(blocks) if blocks.is_empty() => Err(ListError::Empty),
            Some(blocks) => blocks.into_iter().map(Self::from_der).collect(),
            None => Ok(vec![Self::from_der(bytes)?]),
        }
    }

    /// The list's bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// When it was made.
    #[must_use]
    pub fn this_update(&self) -> SystemTime {
        self.0.this_update
    }

    /// By when the next will be made, if it says so.
    #[must_use]
    pub fn next_update(&self) -> Option<SystemTime> {
        self.0.next_update
    }

    /// Its number, the highest byte first, if it has one.
    #[must_use]
    pub fn number(&self) -> Option<&[u8]> {
        let range = self.0.number.clone()?;
        self.0.der.get(range)
    }

    pub(crate) fn issuer(&self) -> &[u8] {
        &self.0.issuer
    }

    pub(crate) fn parts(&self) -> Parts<'_> {
        self.0.signed.of(&self.0.der)
    }

    /// The entries: elements that follow one another.
    pub(crate) fn entries(&self) -> &[u8] {
        self.0.der.get(self.0.entries.clone()).unwrap_or_default()
    }

    /// The identifier of the key that signed it, if it says so.
    pub(crate) fn key_id(&self) -> Option<&[u8]> {
        self.0.der.get(self.0.key_id.clone()?)
    }

    /// Since when certificates stay in it after they have expired.
    pub(crate) fn keeps_expired_since(&self) -> Option<SystemTime> {
        self.0.keeps_expired_since
    }

    pub(crate) fn scope(&self) -> &Scope {
        &self.0.scope
    }

    /// Why it cannot be used at all.
    pub(crate) fn obstacle(&self) -> Option<&str> {
        self.0.obstacle.as_deref()
    }
}

impl PartialEq for RevocationList {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for RevocationList {}

impl fmt::Debug for RevocationList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevocationList")
            .field("length", &self.0.der.len())
            .field("this_update", &self.0.this_update)
            .field("next_update", &self.0.next_update)
            .finish_non_exhaustive()
    }
}

fn read(der: Bytes) -> Result<Inner, ListError> {
    let malformed = |_| ListError::Malformed;
    let what = "list";
    let (signed, mut fields) = SignedBytes::read(&der).ok_or(ListError::Malformed)?;
    fields.optional(tlv::INTEGER, what).map_err(malformed)?;
    let algorithm = fields.expect(tlv::SEQUENCE, what).map_err(malformed)?;
    if algorithm.whole() != signed.of(&der).algorithm {
        return Err(ListError::Malformed);
    }
    let issuer = fields.expect(tlv::SEQUENCE, what).map_err(malformed)?;
    let this_update = fields.any(what).map_err(malformed)?;
    let this_update = time_of(&this_update).ok_or(ListError::Malformed)?;
    let next_update = match fields.peek() {
        Some(tlv::UTC_TIME | tlv::GENERALIZED_TIME) => {
            let next = fields.any(what).map_err(malformed)?;
            Some(time_of(&next).ok_or(ListError::Malformed)?)
        }
        _ => None,
    };
    let entries = fields.optional(tlv::SEQUENCE, what).map_err(malformed)?;
    let extensions = fields.optional(tlv::CONTEXT_0, what).map_err(malformed)?;
    fields.end(what).map_err(malformed)?;

    let place = |part: &[u8]| place(&der, part).ok_or(ListError::Malformed);
    let entries = entries.map_or(Ok(0..0), |entries| place(entries.content()))?;
    let said = match &extensions {
        Some(extensions) => {
            let list = Element::single(extensions.content()).map_err(malformed)?;
            Said::read(list.content())
        }
        None => Said::default(),
    };
    let range = |part: Option<&[u8]>| part.map(place).transpose();
    Ok(Inner {
        issuer: canonical_name(issuer.whole()),
        this_update,
        next_update,
        entries,
        key_id: range(said.key_id)?,
        number: range(said.number)?,
        keeps_expired_since: said.keeps_expired_since,
        scope: said.scope,
        obstacle: said.obstacle,
        signed,
        der: der.clone(),
    })
}

/// What the extensions say.
#[derive(Default)]
struct Said<'a> {
    key_id: Option<&'a [u8]>,
    number: Option<&'a [u8]>,
    keeps_expired_since: Option<SystemTime>,
    scope: Scope,
    obstacle: Option<String>,
}

impl<'a> Said<'a> {
    fn read(list: &'a [u8]) -> Self {
        let mut said = Self::default();
        for one in extension::all(list) {
            let Ok(one) = one else {
                said.obstacle = Some("unreadable".to_owned());
                break;
            };
            if said.take(&one).is_none() {
                said.obstacle = Some(oid_text(one.kind));
                break;
            }
        }
        said
    }

    /// `None` if the list cannot be used for this extension.
    fn take(&mut self, one: &Extension<'a>) -> Option<()> {
        if one.is(oid::AUTHORITY_KEY_ID) {
            self.key_id = extension::authority_key_id(one)?.key_id;
        } else if one.is(oid::LIST_NUMBER) {
            self.number = Some(one.element()?.content());
        } else if one.is(oid::EXPIRED_ON_LIST) {
            self.keeps_expired_since = Some(time_of(&one.element()?)?);
        } else if one.is(oid::ISSUING_DISTRIBUTION_POINT) {
            self.scope = Scope::read(one)?;
        } else if one.is(oid::DELTA_LIST) {
            // It says what has changed since another list, not what holds.
            return None;
        } else if one.is(oid::ISSUER_ALT_NAME) || one.is(oid::FRESHEST_LIST) {
            // Other names, and where to get more.
        } else if one.is_critical {
            return None;
        }
        Some(())
    }
}

/// Why the bytes are not a revocation list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// No bytes at all, or no list among the blocks of a text.
    #[error("there is no revocation list")]
    Empty,
    /// More bytes than are read.
    #[error("the revocation list has {bytes} bytes, over the limit of {limit}")]
    TooLarge {
        /// How many it has.
        bytes: usize,
        /// How many are read at most.
        limit: usize,
    },
    /// PEM or Base64 text that cannot be decoded.
    #[error("the revocation list is text that cannot be decoded")]
    BadText,
    /// Not a revocation list in DER.
    #[error("the bytes are not a revocation list")]
    Malformed,
}
