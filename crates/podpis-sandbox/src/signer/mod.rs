//! Decides who can sign in a world: keys, certificates and the act of signing.
//!
//! **Invariant:** signing needs no randomness (ECDSA by RFC 6979, RSA by PKCS #1 v1.5, the nonces of GOST from key and
//! digest), so the same request at the same time gives the same bytes. The keys are published in this repository: nothing they sign has value.

mod authority;
mod built;
mod certificate;
mod detached;
mod digests;
mod envelope;
mod gost_key;
mod keys;
mod list;
mod manner;
mod person;
mod sign_error;
mod spoil;
mod stamp;
mod stream;
mod verify;

use cms::cert::IssuerAndSerialNumber;
use sha1::{Digest as _, Sha1};
use x509_cert::Certificate;

pub(crate) use authority::{Authority, Subject};
pub(crate) use built::with_broken_value;
pub(crate) use detached::sign_detached;
pub(crate) use digests::{Digests, Hash};
pub(crate) use envelope::encrypt_for;
pub(crate) use keys::{Key, KeyName};
pub(crate) use manner::Manner;
pub(crate) use person::{Person, signing_time_of};
pub(crate) use sign_error::{SignError, Signed};
pub(crate) use spoil::{Making, rearrange, spoil};
pub(crate) use stamp::stamped;
pub(crate) use verify::{Look, look, message_digest, shape, signed_data};

use crate::moment::Moment;

/// A key with its certificate.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) key: Key,
    pub(crate) certificate: Certificate,
    pub(crate) der: Vec<u8>,
    pub(crate) thumbprint: String,
    pub(crate) not_before: Moment,
    pub(crate) not_after: Moment,
}

impl Identity {
    /// How a signature or an envelope names it.
    fn number(&self) -> IssuerAndSerialNumber {
        let body = &self.certificate.tbs_certificate;
        IssuerAndSerialNumber {
            issuer: body.issuer.clone(),
            serial_number: body.serial_number.clone(),
        }
    }

    pub(crate) fn is_active(&self, now: Moment) -> bool {
        self.not_before <= now && now <= self.not_after
    }
}

/// SHA-1 in upper-case hexadecimal, as Windows and both services write it.
pub(crate) fn thumbprint(der: &[u8]) -> String {
    base16ct::upper::encode_string(&Sha1::digest(der))
}

pub(crate) fn is_certificate(der: &[u8]) -> bool {
    use der::Decode as _;
    Certificate::from_der(der).is_ok()
}
