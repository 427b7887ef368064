//! OCSP answers.

use podpis_cms::tlv::{self, encode};
use podpis_cms::{Certificate, Thumbprint};
use podpis_trust::OcspResponse;

use super::der::{extension, general, integer, name, oid_element, sequence, utf8};
use super::key::Key;

/// An answer about one certificate, to be signed.
#[derive(Clone)]
pub(crate) struct OcspDraft {
    pub(crate) issuer: Vec<u8>,
    pub(crate) issuer_key: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) status: Vec<u8>,
    pub(crate) dates: Vec<u8>,
    pub(crate) extensions: Vec<Vec<u8>>,
    pub(crate) certificates: Vec<Certificate>,
}

/// The bits of a key.
fn bits(public: &[u8]) -> Vec<u8> {
    let key = tlv::Element::single(public).unwrap().inside().nth(1);
    key.unwrap().content()[1..].to_vec()
}

impl OcspDraft {
    /// "Good", of 14 to 21 June 2024.
    pub(crate) fn new(issuer: &str, key: &Key, serial: u64) -> Self {
        Self {
            issuer: name(&utf8(issuer)),
            issuer_key: bits(&key.public),
            serial: integer(serial),
            status: vec![0x80, 0],
            dates: Vec::new(),
            extensions: Vec::new(),
            certificates: Vec::new(),
        }
        .at("20240614000000Z", "20240621000000Z")
    }

    pub(crate) fn at(mut self, this_update: &str, next_update: &str) -> Self {
        self.dates = general(this_update);
        if !next_update.is_empty() {
            let next = encode(tlv::CONTEXT_0, &general(next_update));
            self.dates.extend(next);
        }
        self
    }

    /// "Revoked".
    pub(crate) fn revoked(mut self, date: &str, reason: u8) -> Self {
        let reason = encode(tlv::CONTEXT_0, &[10, 1, reason]);
        self.status = encode(0xA1, &[general(date), reason].concat());
        self
    }

    /// "Unknown".
    pub(crate) fn unknown(mut self) -> Self {
        self.status = vec![0x82, 0];
        self
    }

    pub(crate) fn with(mut self, kind: &str, is_critical: bool, value: &[u8]) -> Self {
        self.extensions.push(extension(kind, is_critical, value));
        self
    }

    /// With the certificate of who signs it.
    pub(crate) fn embedding(mut self, certificate: &Certificate) -> Self {
        self.certificates.push(certificate.clone());
        self
    }

    pub(crate) fn by(&self, key: &Key) -> OcspResponse {
        OcspResponse::from_der(self.der_by(key)).unwrap()
    }

    pub(crate) fn der_by(&self, key: &Key) -> Vec<u8> {
        let digest = |bytes: &[u8]| encode(tlv::OCTET_STRING, Thumbprint::of(bytes).as_bytes());
        let id = sequence(&[
            &sequence(&[&oid_element("1.3.14.3.2.26"), &[5, 0]]),
            &digest(&self.issuer),
            &digest(&self.issuer_key),
            &self.serial,
        ]);
        let single = sequence(&[&id, &self.status, &self.dates]);
        let extensions = encode(tlv::SEQUENCE, &self.extensions.concat());
        let extensions = encode(0xA1, &extensions);
        let data = sequence(&[
            &encode(0xA2, &digest(&bits(&key.public))),
            &general("20240614000000Z"),
            &sequence(&[&single]),
            if self.extensions.is_empty() {
                &[]
            } else {
                &extensions
            },
        ]);
        let value = [&[0], &key.sign(&data)[..]].concat();
        let all: Vec<u8> = self
            .certificates
            .iter()
            .flat_map(|one| one.der().to_vec())
            .collect();
        let all = encode(tlv::CONTEXT_0, &encode(tlv::SEQUENCE, &all));
        let basic = sequence(&[
            &data,
            &key.algorithm,
            &encode(tlv::BIT_STRING, &value),
            if self.certificates.is_empty() {
                &[]
            } else {
                &all
            },
        ]);
        let inside = sequence(&[
            &oid_element("1.3.6.1.5.5.7.48.1.1"),
            &encode(tlv::OCTET_STRING, &basic),
        ]);
        sequence(&[&[10, 1, 0], &encode(tlv::CONTEXT_0, &inside)])
    }
}
