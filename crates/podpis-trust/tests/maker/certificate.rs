//! Certificates.

use podpis_cms::Certificate;
use podpis_cms::tlv::{self, encode};

use super::der::{extension, integer, name, oid_element, sequence, utc, utf8};
use super::key::Key;

/// A certificate to be signed. It begins as a usual one and can be made unusual in any part.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) version: u8,
    pub(crate) serial: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) validity: [Vec<u8>; 2],
    pub(crate) public: Vec<u8>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Draft {
    fn new(subject: &str, key: &Key, issuer: &str, serial: u64) -> Self {
        Self {
            version: 2,
            serial: integer(serial),
            subject: name(&utf8(subject)),
            issuer: name(&utf8(issuer)),
            validity: [utc("20200101000000Z"), utc("20300101000000Z")],
            public: key.public.clone(),
            extensions: Vec::new(),
        }
        .with("2.5.29.14", false, &encode(tlv::OCTET_STRING, &key.id))
    }

    /// One that may issue.
    pub(crate) fn authority(subject: &str, key: &Key, issuer: &str, serial: u64) -> Self {
        Self::new(subject, key, issuer, serial)
            .with("2.5.29.19", true, &sequence(&[&[1, 1, 0xFF]]))
            .with("2.5.29.15", true, &[3, 2, 1, 0x06])
    }

    /// One that signs documents.
    pub(crate) fn person(subject: &str, key: &Key, issuer: &str, serial: u64) -> Self {
        Self::new(subject, key, issuer, serial).with("2.5.29.15", true, &[3, 2, 6, 0xC0])
    }

    /// One that signs time stamps.
    pub(crate) fn stamper(subject: &str, key: &Key, issuer: &str, serial: u64) -> Self {
        let purposes = sequence(&[&oid_element("1.3.6.1.5.5.7.3.8")]);
        Self::person(subject, key, issuer, serial).with("2.5.29.37", true, &purposes)
    }

    pub(crate) fn with(mut self, kind: &str, is_critical: bool, value: &[u8]) -> Self {
        self.extensions.push(extension(kind, is_critical, value));
        self
    }

    /// Without extensions of this type.
    pub(crate) fn without(mut self, kind: &str) -> Self {
        let kind = oid_element(kind);
        self.extensions
            .retain(|one| !one.windows(kind.len()).any(|window| window == kind));
        self
    }

    pub(crate) fn valid(mut self, from: &str, to: &str) -> Self {
        self.validity = [utc(from), utc(to)];
        self
    }

    /// Signed, and naming the issuer's key.
    pub(crate) fn by(self, key: &Key) -> Certificate {
        let id = sequence(&[&encode(tlv::CONTEXT_0_PRIMITIVE, &key.id)]);
        self.with("2.5.29.35", false, &id).plainly_by(key)
    }

    /// Signed, and not naming the issuer's key.
    pub(crate) fn plainly_by(self, key: &Key) -> Certificate {
        Certificate::from_der(&self.der_by(key)).unwrap()
    }

    pub(crate) fn der_by(self, key: &Key) -> Vec<u8> {
        let version = encode(tlv::CONTEXT_0, &[2, 1, self.version]);
        let extensions = encode(tlv::SEQUENCE, &self.extensions.concat());
        let extensions = encode(tlv::CONTEXT_3, &extensions);
        let message = sequence(&[
            if self.version > 0 { &version } else { &[] },
            &self.serial,
            &key.algorithm,
            &self.issuer,
            &sequence(&[&self.validity[0], &self.validity[1]]),
            &self.subject,
            &self.public,
            if self.version > 1 { &extensions } else { &[] },
        ]);
        key.signed(&message)
    }
}
