//! Decides what an OCSP answer says of itself: of which certificates, of when, and by whom it may be signed (RFC 6960).
//!
//! **Invariant:** what was signed is kept as it came, byte for byte, and nothing in it is believed before its value was
//! verified.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use der::Decode as _;
use podpis_cms::tlv::{self, Element};
use podpis_cms::{Certificate, DigestAlgorithm, Digests, Thumbprint, time_of};
use x509_cert::ext::Extension;
use x509_ocsp::{CertId, CertStatus, OcspResponseStatus, ResponseData, SingleResponse};

use crate::entry::Revocation;
use crate::known::Known;
use crate::oid;
use crate::signed_bytes::{Parts, SignedBytes};

/// Longer answers are refused: one is about one certificate and has its signer's certificates in it.
const MAX_BYTES: usize = 1024 * 1024;
/// Certificates of who may have signed it that are looked at.
const MAX_CERTIFICATES: usize = 10;
/// Certificates that it speaks of.
const MAX_STATUSES: usize = 100;

/// The answer of an OCSP responder (RFC 6960 4.2): a basic response. Copies share its bytes.
#[derive(Clone)]
pub struct OcspResponse(Arc<Inner>);

struct Inner {
    der: Bytes,
    /// The basic response in it, and where its parts stand.
    basic: Vec<u8>,
    signed: SignedBytes,
    statuses: Vec<SingleResponse>,
    certificates: Vec<Certificate>,
    /// Why it cannot be used at all.
    obstacle: Option<String>,
}

/// What an answer says of one certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// It was not revoked.
    Good,
    Revoked(Revocation),
    /// The responder does not know it.
    Unknown,
}

/// A status with its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dated {
    pub(crate) status: Status,
    pub(crate) this_update: SystemTime,
    pub(crate) next_update: Option<SystemTime>,
}

impl OcspResponse {
    /// Reads an answer in DER.
    ///
    /// # Errors
    ///
    /// [`OcspError`]: no answer, one without a status, or a basic response that cannot be read.
    pub fn from_der(der: impl Into<Bytes>) -> Result<Self, OcspError> {
        let der = der.into();
        if der.len() > MAX_BYTES {
            return Err(OcspError::TooLarge {
                bytes: der.len(),
                limit: MAX_BYTES,
            });
        }
        let outer = x509_ocsp::OcspResponse::from_der(&der).map_err(|_| OcspError::Malformed)?;
        let status = match outer.response_status {
            OcspResponseStatus::Successful => None,
            OcspResponseStatus::MalformedRequest => Some("malformedRequest"),
            OcspResponseStatus::InternalError => Some("internalError"),
            OcspResponseStatus::TryLater => Some("tryLater"),
            OcspResponseStatus::SigRequired => Some("sigRequired"),
            OcspResponseStatus::Unauthorized => Some("unauthorized"),
        };
        if let Some(status) = status {
            return Err(OcspError::Refused { status });
        }
        let inside = outer.response_bytes.ok_or(OcspError::Malformed)?;
        if inside.response_type.as_bytes() != oid::OCSP_BASIC.as_bytes() {
            return Err(OcspError::Malformed);
        }
        let basic = inside.response.into_bytes();
        let (signed, certificates) = outer_parts(&basic).ok_or(OcspError::Malformed)?;
        let data = ResponseData::from_der(signed.of(&basic).message);
        let data = data.map_err(|_| OcspError::Malformed)?;
        if data.responses.len() > MAX_STATUSES {
            return Err(OcspError::Malformed);
        }
        let singles = data.responses.iter();
        let of_singles = singles.flat_map(|one| one.single_extensions.iter().flatten());
        let mut all = data.response_extensions.iter().flatten().chain(of_singles);
        let obstacle = all.find(|one| one.critical && !is_known(one));
        Ok(Self(Arc::new(Inner {
            obstacle: obstacle.map(|one| one.extn_id.to_string()),
            statuses: data.responses,
            signed,
            basic,
            certificates,
            der,
        })))
    }

    /// The answer's bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The latest moment from which it speaks, if it speaks of any certificate.
    #[must_use]
    pub fn this_update(&self) -> Option<SystemTime> {
        let all = self.0.statuses.iter();
        all.map(|one| one.this_update.0.to_system_time()).max()
    }

    /// By when all that it says will be made anew; `None` if it does not say so of everything.
    #[must_use]
    pub fn next_update(&self) -> Option<SystemTime> {
        let all = self.0.statuses.iter();
        let next = all.map(|one| Some(one.next_update?.0.to_system_time()));
        next.collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    /// The certificates in it, of who may have signed it.
    pub(crate) fn certificates(&self) -> &[Certificate] {
        &self.0.certificates
    }

    pub(crate) fn parts(&self) -> Parts<'_> {
        self.0.signed.of(&self.0.basic)
    }

    /// Why it cannot be used at all: the identifier of a critical extension that is not known.
    pub(crate) fn obstacle(&self) -> Option<&str> {
        self.0.obstacle.as_deref()
    }

    /// What it says of this certificate, under this issuer.
    pub(crate) fn says_of(&self, subject: &Known, issuer: &Known) -> Option<Dated> {
        let mut all = self.0.statuses.iter();
        let one = all.find(|one| is_of(&one.cert_id, subject, issuer))?;
        Some(Dated {
            status: match &one.cert_status {
                CertStatus::Good(_) => Status::Good,
                CertStatus::Unknown(_) => Status::Unknown,
                CertStatus::Revoked(info) => Status::Revoked(Revocation::new(
                    info.revocation_time.0.to_system_time(),
                    info.revocation_reason.map(|reason| reason as u8),
                    invalid_since(one),
                )),
            },
            this_update: one.this_update.0.to_system_time(),
            next_update: one.next_update.map(|next| next.0.to_system_time()),
        })
    }
}

impl PartialEq for OcspResponse {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for OcspResponse {}

impl fmt::Debug for OcspResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OcspResponse")
            .field("length", &self.0.der.len())
            .field("this_update", &self.this_update())
            .finish_non_exhaustive()
    }
}

/// Where the signed parts of a basic response stand, and its certificates; those that cannot be read are left out.
fn outer_parts(basic: &[u8]) -> Option<(SignedBytes, Vec<Certificate>)> {
    let (signed, mut rest) = SignedBytes::read_open(basic)?;
    let list = rest.optional(tlv::CONTEXT_0, "certs").ok()?;
    rest.end("certs").ok()?;
    let inside = list.and_then(|list| Element::single(list.content()).ok());
    let all = inside.into_iter().flat_map(|list| list.inside());
    let readable = all.filter_map(|one| Certificate::from_der(one.whole()).ok());
    Some((signed, readable.take(MAX_CERTIFICATES).collect()))
}

/// May this extension be critical? A nonce only ties the answer to its question.
fn is_known(extension: &Extension) -> bool {
    extension.extn_id.as_bytes() == oid::OCSP_NONCE.as_bytes()
        || extension.extn_id.as_bytes() == oid::INVALIDITY_DATE.as_bytes()
}

fn invalid_since(one: &SingleResponse) -> Option<SystemTime> {
    let mut all = one.single_extensions.iter().flatten();
    let found = all.find(|one| one.extn_id.as_bytes() == oid::INVALIDITY_DATE.as_bytes())?;
    time_of(&Element::single(found.extn_value.as_bytes()).ok()?)
}

/// Is the certificate the one that is named: by the digests of its issuer's name and key, and its number?
fn is_of(id: &CertId, subject: &Known, issuer: &Known) -> bool {
    let algorithm = id.hash_algorithm.oid.to_string();
    let digest = |bytes: &[u8]| digest(&algorithm, bytes);
    let is_name = |name: &[u8]| digest(name).as_deref() == Some(id.issuer_name_hash.as_bytes());
    let key = key_bits(issuer.certificate.spki_der());
    magnitude(id.serial_number.as_bytes()) == magnitude(subject.certificate.serial_bytes())
        && key.and_then(digest).as_deref() == Some(id.issuer_key_hash.as_bytes())
        && (is_name(subject.certificate.issuer_der()) || is_name(issuer.certificate.subject_der()))
}

/// A number that is not negative, without the octet that says so.
fn magnitude(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// A digest of any algorithm that is known. SHA-1 only names, and proves nothing here.
fn digest(algorithm: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    if algorithm == oid::SHA_1_DOTTED {
        return Some(Thumbprint::of(bytes).as_bytes().to_vec());
    }
    let algorithm = DigestAlgorithm::from_oid(algorithm);
    let digests = Digests::of_with(bytes, std::slice::from_ref(&algorithm));
    digests.get(&algorithm).map(<[u8]>::to_vec)
}

/// The bits of a public key, without the octet that counts the unused ones.
pub(crate) fn key_bits(spki: &[u8]) -> Option<&[u8]> {
    let key = Element::single(spki).ok()?.inside().nth(1)?;
    match key.content() {
        [0, bits @ ..] if key.tag() == tlv::BIT_STRING => Some(bits),
        _ => None,
    }
}

/// Why the bytes are not an OCSP answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OcspError {
    /// More bytes than are read.
    #[error("the OCSP answer has {bytes} bytes, over the limit of {limit}")]
    TooLarge {
        /// How many it has.
        bytes: usize,
        /// How many are read at most.
        limit: usize,
    },
    /// The responder gives no status; with its word, such as `tryLater` or `unauthorized`.
    #[error("the OCSP responder gives no status: {status}")]
    Refused {
        /// The word of RFC 6960 4.2.1.
        status: &'static str,
    },
    /// Not a basic OCSP response in DER.
    #[error("the bytes are not an OCSP answer")]
    Malformed,
}
